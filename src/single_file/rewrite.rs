//! Takes the main part out of a page, and makes its addresses those of a file that lies anywhere.
//!
//! The page is read by a tokenizer of HTML as browsers have it, and written anew, so that nothing in it can mean
//! something else than on the site.

use std::cell::RefCell;

use html5ever::Attribute;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Where a link leads.
pub(super) enum Target {
    /// To an anchor in the file.
    Here(String),
    /// To a whole address.
    Elsewhere(String),
    /// It cannot be followed from here.
    Nowhere,
}

/// What a page is put into.
pub(super) struct Frame<'a> {
    /// What stands before each id of the page.
    pub(super) prefix: String,
    /// Where a link leads.
    pub(super) link: &'a dyn Fn(&str) -> Target,
    /// A picture as an address that holds it.
    pub(super) picture: &'a mut dyn FnMut(&str) -> Option<String>,
}

/// What was taken out of a page.
pub(super) struct Taken {
    /// What stands in its main part.
    pub(super) body: String,
    /// The addresses of its style sheets.
    pub(super) sheets: Vec<String>,
}

/// Attributes that name an id, or several.
const IDS: [&str; 9] = [
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-labelledby",
    "aria-owns",
    "for",
    "headers",
    "list",
];

/// Attributes that would ask a host for something, or send something there.
const DROPPED: [&str; 7] = ["srcset", "poster", "action", "formaction", "ping", "background", "nonce"];

/// Takes the main part out of a page.
pub(super) fn main(page: &str, frame: &mut Frame<'_>) -> Taken {
    let state = State { body: String::with_capacity(page.len() / 2), ..State::default() };
    let tokenizer = Tokenizer::new(Sink { state: RefCell::new((state, frame)) }, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(page));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let (state, _) = tokenizer.sink.state.into_inner();
    Taken { body: state.body, sheets: state.sheets }
}

#[derive(Default)]
struct State {
    body: String,
    sheets: Vec<String>,
    is_in_main: bool,
    is_in_script: bool,
}

struct Sink<'a, 'b> {
    state: RefCell<(State, &'a mut Frame<'b>)>,
}

impl TokenSink for Sink<'_, '_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        let (state, frame) = &mut *state;
        match token {
            Token::TagToken(tag) => return state.tag(&tag, frame),
            Token::CharacterTokens(text) if state.is_in_main && !state.is_in_script => {
                escape(&mut state.body, &text, false);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn tag(&mut self, tag: &Tag, frame: &mut Frame<'_>) -> TokenSinkResult<()> {
        let is_start = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "script" | "style" => {
                self.is_in_script = is_start;
                let raw = if &*tag.name == "script" { RawKind::ScriptData } else { RawKind::Rawtext };
                return if is_start { TokenSinkResult::RawData(raw) } else { TokenSinkResult::Continue };
            }
            "title" | "textarea" if is_start && !self.is_in_main => {
                return TokenSinkResult::RawData(RawKind::Rcdata);
            }
            "main" => {
                self.is_in_main = is_start;
                return TokenSinkResult::Continue;
            }
            "link" if is_start && is_style_sheet(tag) => self.sheets.extend(value(tag, "href")),
            _ => {}
        }
        if self.is_in_main {
            self.write(tag, frame);
        }
        match &*tag.name {
            "textarea" if is_start => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn write(&mut self, tag: &Tag, frame: &mut Frame<'_>) {
        self.body.push_str(if tag.kind == TagKind::StartTag { "<" } else { "</" });
        self.body.push_str(&tag.name);
        for attribute in &tag.attrs {
            if let Some(value) = rewritten(tag, attribute, frame) {
                self.body.push(' ');
                self.body.push_str(&attribute.name.local);
                self.body.push_str("=\"");
                escape(&mut self.body, &value, true);
                self.body.push('"');
            }
        }
        self.body.push_str(if tag.self_closing { "/>" } else { ">" });
    }
}

/// What an attribute says in the file; nothing if it is left out.
fn rewritten(tag: &Tag, attribute: &Attribute, frame: &mut Frame<'_>) -> Option<String> {
    let (name, value) = (&*attribute.name.local, &*attribute.value);
    match name {
        "id" => Some(format!("{}{value}", frame.prefix)),
        "href" if value.starts_with('#') && value.len() > 1 => {
            Some(format!("#{}{}", frame.prefix, &value[1..]))
        }
        "href" => match (frame.link)(value) {
            Target::Here(anchor) => Some(format!("#{anchor}")),
            Target::Elsewhere(url) => Some(url),
            Target::Nowhere => None,
        },
        "src" if &*tag.name == "img" => (frame.picture)(value),
        "src" => None,
        name if DROPPED.contains(&name) || name.starts_with("on") => None,
        name if IDS.contains(&name) => {
            let ids: Vec<String> =
                value.split_whitespace().map(|id| format!("{}{id}", frame.prefix)).collect();
            Some(ids.join(" "))
        }
        _ => Some(value.to_string()),
    }
}

fn is_style_sheet(tag: &Tag) -> bool {
    value(tag, "rel")
        .is_some_and(|rel| rel.split_whitespace().any(|it| it.eq_ignore_ascii_case("stylesheet")))
}

fn value(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|it| &*it.name.local == name).map(|it| it.value.to_string())
}

fn escape(out: &mut String, text: &str, is_attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if is_attribute => out.push_str("&quot;"),
            '\u{A0}' => out.push_str("&nbsp;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(page: &str) -> Taken {
        let link = |href: &str| match href {
            "/a/" => Target::Here("p1".to_string()),
            "/gone/" => Target::Nowhere,
            other => Target::Elsewhere(format!("https://x.example{other}")),
        };
        let mut picture = |src: &str| (src == "/small.png").then(|| "data:image/png;base64,AA==".to_string());
        main(page, &mut Frame { prefix: "p2-".to_string(), link: &link, picture: &mut picture })
    }

    #[test]
    fn the_main_part_is_taken_with_addresses_that_work_from_disk() {
        let page = "<html><head><title>a<main></title><link rel=stylesheet href=/s.css><script>'<main>'</script></head>\
            <body><p>frame</p><main id=main><h1 id=\"h-one\">One &amp; <em>two</em></h1><a href=\"#h-one\">here</a>\
            <a href=\"/a/\">there</a><a href='/gone/'>gone</a><a href=\"/b/#c\">out</a>\
            <img src=\"/small.png\" alt=\"s\" srcset=\"x 2x\"><img src=\"/large.png\" alt=\"l\"><label for=\"h-one x\">l</label>\
            <script>alert(1)</script></main><footer>frame</footer>";
        let taken = taken(page);
        assert_eq!(taken.sheets, ["/s.css"]);
        assert_eq!(
            taken.body,
            "<h1 id=\"p2-h-one\">One &amp; <em>two</em></h1><a href=\"#p2-h-one\">here</a><a href=\"#p1\">there</a>\
             <a>gone</a><a href=\"https://x.example/b/#c\">out</a><img src=\"data:image/png;base64,AA==\" alt=\"s\">\
             <img alt=\"l\"><label for=\"p2-h-one p2-x\">l</label>"
        );
    }

    #[test]
    fn nothing_that_runs_or_asks_a_host_is_left() {
        let page = "<main><img src=x onerror=alert(1)><form action=//evil><button formaction=//evil>b</button></form>\
            <video src=/v.mp4 poster=/p.png></video><style>@import '//evil'</style><p>&lt;script&gt;</p></main>";
        let body = taken(page).body;
        for word in ["onerror", "evil", "v.mp4", "p.png", "@import", "<script"] {
            assert!(!body.contains(word), "{word}: {body}");
        }
        assert!(body.contains("&lt;script&gt;"), "{body}");
    }
}
