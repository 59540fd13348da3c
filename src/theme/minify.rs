//! The style sheet as it is published: without its comments and without the white space that only people read. Every
//! page waits for it, and a quarter of it is neither.

/// Leaves out comments, and white space at the ends of lines and around braces, semicolons and commas. Strings stay as
/// they are, and so does a comment that begins with `/*!`, which is how licences do.
pub(super) fn css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '"' | '\'' => {
                let len = string(rest, first);
                out.push_str(&rest[..len]);
                len
            }
            '/' if rest.starts_with("/*") => {
                let len = rest.find("*/").map_or(rest.len(), |at| at + 2);
                if rest.starts_with("/*!") {
                    out.push_str(&rest[..len]);
                } else {
                    space(&mut out);
                }
                len
            }
            _ if first.is_whitespace() => {
                space(&mut out);
                first.len_utf8()
            }
            '{' | '}' | ';' | ',' => {
                out.truncate(out.trim_end().len());
                out.push(first);
                first.len_utf8()
            }
            _ => {
                out.push(first);
                first.len_utf8()
            }
        };
        rest = &rest[len..];
    }
    out
}

/// One space, where one can mean something.
fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ',']) {
        out.push(' ');
    }
}

/// How long a string is, with its quotes.
fn string(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_people_read_is_left_out() {
        assert_eq!(css("/* Ground. */\na,\n b  {\n  color: red;\n\n  top: 0\n}\n"), "a,b{color: red;top: 0}");
        assert_eq!(css("a/**/b { width: calc(1px  +\n 2px) }"), "a b{width: calc(1px + 2px)}");
        assert_eq!(css(":is(a, b) > c { }"), ":is(a,b) > c{}");
    }

    #[test]
    fn strings_and_licences_stay() {
        let sheet = "a{content: \"/* { ; \\\" */  x\"}";
        assert_eq!(css(sheet), sheet);
        assert_eq!(css("/*! MIT */ a { }"), "/*! MIT */ a{}");
        assert_eq!(css("a { content: \"open"), "a{content: \"open");
    }

    #[test]
    fn the_sheet_of_the_default_theme_is_the_same_to_a_browser() {
        let sheet = include_str!("../../themes/default/static/site.css");
        let rules = |text: &str| text.matches('{').count();
        let published = css(sheet);
        assert_eq!(rules(&published), rules(sheet));
        assert_eq!(css(&published), published, "nothing is left to leave out");
    }
}
