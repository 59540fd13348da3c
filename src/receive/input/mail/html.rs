//! The text of a mail that is HTML alone. Nothing of its markup stays but where lines and paragraphs end; what it hides or
//! quotes goes. It walks over the text once, whatever is in it.

use pulldown_cmark::{Event, Parser};

/// Elements whose content nobody sees, or that hold what is answered.
const GONE: [&str; 6] = ["head", "script", "style", "title", "blockquote", "template"];
/// Elements that stand on lines of their own.
const LINES: [&str; 12] =
    ["div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "section", "article"];

/// The text of a page of HTML.
pub(super) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut hidden: Option<(&str, usize)> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if hidden.is_none() {
            add(&mut text, &rest[..at]);
        }
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let is_end = tag.starts_with('/');
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if let Some((of, depth)) = hidden {
            if name == of && !tag.ends_with('/') {
                let depth = if is_end { depth - 1 } else { depth + 1 };
                hidden = (depth > 0).then_some((of, depth));
            }
            continue;
        }
        if let Some(of) = GONE.iter().find(|it| **it == name).filter(|_| !is_end) {
            hidden = Some((of, 1));
            continue;
        }
        match name.as_str() {
            "br" => text.push('\n'),
            "p" | "ul" | "ol" => text.push_str("\n\n"),
            "li" if !is_end => text.push_str("\n- "),
            "td" | "th" => text.push(' '),
            name if LINES.contains(&name) && !text.ends_with('\n') => text.push('\n'),
            _ => {}
        }
    }
    if hidden.is_none() {
        add(&mut text, rest);
    }
    let mut made = String::new();
    let mut blank = 0;
    for line in text.lines().map(str::trim_end) {
        blank = if line.trim().is_empty() { blank + 1 } else { 0 };
        if blank < 2 {
            made += line.trim_start_matches(' ');
            made.push('\n');
        }
    }
    made.trim().to_owned()
}

/// Adds text between tags: its line ends are spaces, and what stands for signs becomes them.
fn add(text: &mut String, between: &str) {
    let mut rest = between;
    while let Some(at) = rest.find('&') {
        push(text, &rest[..at]);
        let end = rest[at..].char_indices().take(40).find(|(_, c)| *c == ';').map(|(end, _)| at + end + 1);
        match end {
            Some(end) => {
                push(text, &sign(&rest[at..end]));
                rest = &rest[end..];
            }
            None => {
                text.push('&');
                rest = &rest[at + 1..];
            }
        }
    }
    push(text, rest);
}

/// What an entity stands for, by the table that markdown has of them; what is none stays as it is.
fn sign(entity: &str) -> String {
    let is_plain = entity[1..entity.len() - 1].chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
    let read = || {
        Parser::new(entity).find_map(|event| match event {
            Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
    };
    if is_plain { read().unwrap_or_default() } else { entity.to_owned() }
}

fn push(text: &mut String, more: &str) {
    for c in more.chars() {
        match c {
            '\r' | '\n' | '\t' | ' ' | '\u{a0}' => {
                if !text.ends_with([' ', '\n']) && !text.is_empty() {
                    text.push(' ');
                }
            }
            c => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays_and_nothing_else() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Hello &amp; w&auml;lcome</p>\n\
                    <div>Two<br>lines</div><ul><li>one</li><li>two &lt;b&gt;</li></ul><!-- hidden <b> -->\
                    <script>alert('<p>')</script><blockquote type=cite>old <blockquote>older</blockquote></blockquote>end</body>";
        assert_eq!(text(html), "Hello & wälcome\n\nTwo\nlines\n\n- one\n- two <b>\n\nend");
    }

    #[test]
    fn nothing_takes_long_or_fails() {
        for html in ["<", "<p", "&", "&;", "&#x110000;", "</blockquote>", "<!--"] {
            let _ = text(html);
        }
        assert_eq!(text(&"<div>".repeat(200_000)), "");
        assert_eq!(text(&"&".repeat(200_000)).len(), 200_000);
    }
}
