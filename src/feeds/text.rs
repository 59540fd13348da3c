//! Text of feeds: bytes made text, whatever charset they claim, and HTML made the line that a reader would see.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use std::cell::{Cell, RefCell};

/// So many bytes at the beginning of a file may say in which charset it is.
const DECLARATION: usize = 200;

/// Elements with which authors mark words in a title. What else looks like one is taken for text.
const MARKUP: [&str; 22] = [
    "a", "abbr", "b", "br", "cite", "code", "del", "div", "em", "font", "i", "img", "ins", "kbd", "p", "q",
    "s", "span", "strong", "sub", "sup", "u",
];

/// The bytes of a feed as text. A byte order mark is right whatever else is said, and so is what happens to be UTF-8:
/// nothing else looks like it by chance. Then the host decides, then the file.
pub(super) fn decoded(bytes: &[u8], charset: Option<&str>) -> String {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned();
    }
    let start = &bytes[..bytes.len().min(DECLARATION)];
    if let Some(encoding) = wide(start) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    if let (text, _, false) = UTF_8.decode(bytes) {
        return text.into_owned();
    }
    let named = |label: &str| Encoding::for_label(label.as_bytes()).filter(|it| *it != UTF_8);
    let encoding = charset.and_then(named).or_else(|| named(&declared(start)?)).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Two bytes for a letter, which shows at the first sign of a feed.
fn wide(start: &[u8]) -> Option<&'static Encoding> {
    match start {
        [b'<' | b'{', 0, ..] => Some(encoding_rs::UTF_16LE),
        [0, b'<' | b'{', ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    }
}

/// The charset that `<?xml version="1.0" encoding="…"?>` names.
fn declared(start: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(start);
    let declaration = start.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    Some(value[1..].split(quote).next()?.to_owned())
}

/// Whether a text that may be either is HTML.
pub(super) fn is_html(text: &str) -> bool {
    let is_tag = |rest: &str| {
        let name = rest.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        MARKUP.contains(&name[..end].to_ascii_lowercase().as_str()) && name[end..].contains('>')
    };
    let is_sign = |rest: &str| {
        rest.find(';').is_some_and(|end| {
            (2..=32).contains(&end) && rest[..end].bytes().all(|it| it.is_ascii_alphanumeric() || it == b'#')
        })
    };
    text.split('<').skip(1).any(is_tag) || text.split('&').skip(1).any(is_sign)
}

/// What a reader sees of HTML. It is read as browsers do, in one pass, and no element is ever made of it.
pub(super) fn of_html(html: &str) -> String {
    let sink = Sink { text: RefCell::default(), hidden: Cell::new(false) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.text.take()
}

struct Sink {
    text: RefCell<String>,
    /// Whether this is the content of a script or a style.
    hidden: Cell<bool>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) if !self.hidden.get() => self.text.borrow_mut().push_str(&text),
            Token::TagToken(tag) => {
                let raw = match &*tag.name {
                    "script" => Some(RawKind::ScriptData),
                    "style" => Some(RawKind::Rawtext),
                    _ => None,
                };
                let begins = tag.kind == TagKind::StartTag;
                self.hidden.set(raw.is_some() && begins);
                if matches!(&*tag.name, "br" | "p" | "div" | "li" | "td") {
                    self.text.borrow_mut().push(' ');
                }
                if let Some(raw) = raw.filter(|_| begins) {
                    return TokenSinkResult::RawData(raw);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_what_they_are() {
        for (bytes, charset, text) in [
            (&b"\xEF\xBB\xBF\xC3\xA4"[..], Some("iso-8859-1"), "ä"),
            (b"\xC3\xA4", Some("iso-8859-1"), "ä"),
            (b"\xE4", Some("utf-8"), "ä"),
            (b"\xE4", None, "ä"),
            (b"\xFF\xFE<\0\xE4\0", None, "<ä"),
            (b"<\0\xE4\0", None, "<ä"),
            (b"\x83A", Some("shift_jis"), "ア"),
            (b"\xE4", Some("no such charset"), "ä"),
            (
                b"<?xml version='1.0' encoding='windows-1251'?>\xE4",
                None,
                "<?xml version='1.0' encoding='windows-1251'?>д",
            ),
            (b"", None, ""),
        ] {
            assert_eq!(decoded(bytes, charset), text, "{bytes:?}");
        }
    }

    #[test]
    fn html_becomes_what_a_reader_sees() {
        for (html, text) in [
            ("<b>Leeks</b> &amp; frost", "Leeks & frost"),
            ("a<script>alert('<b>')</script>b<style>p{}</style>c", "abc"),
            ("<img src=x onerror=alert(1)>x", "x"),
            ("one<br>two &lt;three&gt;", "one two <three>"),
            ("<", "<"),
            ("<!-- a -->b", "b"),
        ] {
            assert_eq!(of_html(html), text, "{html}");
        }
        assert_eq!(of_html(&"<b>".repeat(200_000)), "");
    }

    #[test]
    fn only_what_is_marked_up_is_html() {
        for html in ["<b>x</b>", "x<br/>y", "a &amp; b", "a &#8211; b", "<A HREF='x'>y</A>"] {
            assert!(is_html(html), "{html}");
        }
        for text in
            ["Vec<String> explained", "a < b && c > d", "AT&T", "R&D; Q&A", "<main> is an element", "&;"]
        {
            assert!(!is_html(text), "{text}");
        }
    }
}
