//! A digest as markdown, for issues, chats and whatever renders it.

use std::fmt::Write as _;

use super::Digest;

/// What people wrote becomes nothing but text: no link, no picture, no HTML, and on a git host nobody is called and no
/// issue is named.
#[must_use]
pub fn markdown(digest: &Digest) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "# {}\n\n{}", escaped(&digest.title), escaped(&digest.days));
    for group in &digest.groups {
        let _ = writeln!(out, "\n## {}\n", escaped(&group.title));
        for row in &group.rows {
            // Parentheses in an address would end it.
            let url = row.url.replace('(', "%28").replace(')', "%29");
            let _ = write!(out, "- [{}]({url})", escaped(&row.title));
            if !row.detail.is_empty() {
                let _ = write!(out, "  \n  {}", escaped(&row.detail));
            }
            out.push('\n');
        }
        if let Some(more) = &group.more {
            let _ = writeln!(out, "\n{}", escaped(more));
        }
    }
    let _ = writeln!(out, "\n[{}]({})", escaped(&digest.site), digest.home);
    out
}

/// A text in one line that means no more than itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let characters = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    let mut characters = characters.filter(|c| !c.is_control()).skip_while(|c| *c == ' ').peekable();
    while let Some(c) = characters.next() {
        let is_sign = matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '{'
                | '}'
                | '['
                | ']'
                | '<'
                | '>'
                | '('
                | ')'
                | '#'
                | '!'
                | '|'
                | '~'
                | '&'
                | '$'
        );
        // An address that somebody wrote becomes no link, and a line begins no list.
        let is_address = c == ':' && characters.peek() == Some(&'/')
            || c == '.'
                && out.len() >= 3
                && out.is_char_boundary(out.len() - 3)
                && out[out.len() - 3..].eq_ignore_ascii_case("www");
        let is_first = out.is_empty() && matches!(c, '-' | '+' | '=')
            || c == '.' && !out.is_empty() && out.bytes().all(|byte| byte.is_ascii_digit());
        if is_sign || is_address || is_first {
            out.push('\\');
        }
        out.push(c);
        let is_call =
            c == '@' && characters.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
        // A host reads names after it has taken the signs away, so these are parted by what nobody sees.
        let is_before_number = matches!(c, '#' | '!' | '$' | '%' | '&' | '~')
            || c == '-'
                && out.get(out.len().saturating_sub(3)..).is_some_and(|it| it.eq_ignore_ascii_case("gh-"));
        let is_number = is_before_number && characters.peek().is_some_and(char::is_ascii_digit);
        if is_call || is_number {
            out.push('\u{2060}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_people_wrote_is_text() {
        assert_eq!(escaped("- [x](y) <b> *z*"), "\\- \\[x\\]\\(y\\) \\<b\\> \\*z\\*");
        assert_eq!(escaped("@ana #12 GH-1 a@b"), "@\u{2060}ana \\#\u{2060}12 GH-\u{2060}1 a@\u{2060}b");
        assert_eq!(escaped("1. a 2. b"), "1\\. a 2. b");
        assert_eq!(escaped("\u{7} 12) a\u{9b}1m\u{7}"), "12\\) a1m");
        assert_eq!(escaped("- é gh-7 x-7 50%"), "\\- é gh-\u{2060}7 x-7 50%");
        assert_eq!(
            escaped("https://x.example/a and www.x.example.\nEnd."),
            "https\\://x.example/a and www\\.x.example. End."
        );
    }
}
