//! A finished page, read again: its words and tags in order, each with the part of the page that it stands in.
//!
//! What is derived from other files is taken out, so that two pages compare by what they show: the hashes in the names
//! of the theme's files, the site's own host, the folder that it stands in.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use serde::Serialize;

use super::element::{INLINE, SILENT, is_inline};
use super::text::{unhashed, words};
use crate::site::url;

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Region {
    /// What only this page has.
    Main,
    /// What stands above it on every page.
    Header,
    /// Menus and the way to the page.
    Navigation,
    /// What stands below on every page.
    Footer,
    /// Anything else around the page.
    Frame,
    /// What browsers, search engines and previews read of it.
    Metadata,
}

impl Region {
    /// What it is called in a report.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Region::Main => "page",
            Region::Header => "header",
            Region::Navigation => "navigation",
            Region::Footer => "footer",
            Region::Frame => "frame",
            Region::Metadata => "metadata",
        }
    }
}

/// Where the pages of a site stand, so that its own addresses are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// Scheme and host: `https://example.org`.
    pub origin: String,
    /// The folder without a slash at its end: empty, or `/help`.
    pub path: String,
}

/// A finished page.
#[derive(Debug, Default)]
pub struct Page {
    /// What stands in it, in order.
    pub items: Vec<Item>,
    /// Its title, without that of the site.
    pub title: String,
    /// Whether it says of itself that it is an article, and no list.
    pub is_article: bool,
    /// Where it leads on to, if it is there for nothing else: an address of the site, or of another one.
    pub redirect: Option<String>,
    /// Its language and its direction, as its first tag says.
    pub language: (String, String),
    /// The ids in its main part, to which links may lead.
    pub ids: BTreeSet<String>,
    /// The tags and texts of its main part, to be shown again.
    pub main: Vec<Piece>,
}

/// A piece of a page that is compared as one.
#[derive(Debug)]
pub struct Item {
    /// Where it stands.
    pub region: Region,
    /// What it is made of: one tag, or the words of one paragraph with the tags among them.
    pub atoms: Vec<Atom>,
    /// The hash of all this.
    pub hash: u64,
}

/// The smallest piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// A word: its text, whether a space follows, and its number among the words of the main part.
    Word(String, bool, usize),
    /// A tag, as it is compared.
    Tag(String),
    /// A picture: what it shows, and where it is from.
    Picture(String, String),
    /// Where a link leads.
    Link(String),
}

/// A tag or a text, as it came.
#[derive(Debug)]
pub enum Piece {
    /// An opening tag with its attributes.
    Open(String, Vec<(String, String)>),
    /// A closing tag.
    Close(String),
    /// Text; the number of its first word.
    Text(String, usize),
}

/// What a script sets, or what follows from where the page is.
const DERIVED: &[&str] = &["aria-current", "nonce", "integrity"];

impl Page {
    /// Reads a page that stands at an address of a site.
    #[must_use]
    pub fn read(html: &[u8], address: &str, base: &Base) -> Page {
        let text = String::from_utf8_lossy(html);
        let sink = Reading(RefCell::new(Reader::new(address, base)));
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(&text));
        let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
        let _ = tokenizer.feed(&queue);
        tokenizer.end();
        tokenizer.sink.0.into_inner().finish()
    }
}

/// The tokenizer hands out tokens through a shared reference.
struct Reading<'a>(RefCell<Reader<'a>>);

impl TokenSink for Reading<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut reader = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return reader.tag(&tag),
            Token::CharacterTokens(text) => reader.text(&text),
            Token::NullCharacterToken
            | Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::ParseError(_)
            | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

struct Reader<'a> {
    address: &'a str,
    base: &'a Base,
    page: Page,
    /// The item in the making.
    atoms: Vec<Atom>,
    region: Region,
    /// The landmark around this place, and how many of the same name are open.
    landmark: Option<(String, usize)>,
    /// The element whose text is no text of the page.
    silent: Option<String>,
    /// How many words the main part has.
    words: usize,
    is_in_title: bool,
}

impl<'a> Reader<'a> {
    fn new(address: &'a str, base: &'a Base) -> Reader<'a> {
        Reader {
            address,
            base,
            page: Page::default(),
            atoms: Vec::new(),
            region: Region::Metadata,
            landmark: None,
            silent: None,
            words: 0,
            is_in_title: false,
        }
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if tag.kind == TagKind::EndTag {
            self.close(name);
            return TokenSinkResult::Continue;
        }
        if self.silent.is_some() {
            return TokenSinkResult::Continue;
        }
        let attributes: Vec<(String, String)> =
            tag.attrs.iter().map(|it| (it.name.local.to_string(), it.value.to_string())).collect();
        self.open(name, attributes);
        match name {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" | "xmp" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" if self.region == Region::Metadata => TokenSinkResult::RawData(RawKind::Rcdata),
            "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn open(&mut self, name: &str, attributes: Vec<(String, String)>) {
        if name == "body" {
            self.end_item();
            self.region = Region::Frame;
        } else if let Some((around, open)) = &mut self.landmark {
            *open += usize::from(around == name);
        } else if let Some(region) = landmark(name).filter(|_| self.region != Region::Metadata) {
            self.end_item();
            self.region = region;
            self.landmark = Some((name.to_owned(), 1));
        }
        if self.region == Region::Metadata {
            return self.metadata(name, &attributes);
        }
        let get = |wanted: &str| {
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        let is_main = self.region == Region::Main;
        if is_main && let Some(id) = get("id") {
            self.page.ids.insert(id.to_owned());
        }
        let is_inline = is_inline(name);
        if !is_inline {
            self.end_item();
        }
        let shown: &[&str] = match name {
            "img" => {
                let from = self.own(get("src").unwrap_or_default());
                self.atoms.push(Atom::Picture(get("alt").unwrap_or_default().to_owned(), from));
                &["src", "alt"]
            }
            "a" => {
                let to = self.own(get("href").unwrap_or_default());
                self.atoms.push(Atom::Link(to));
                &["href"]
            }
            _ => &[],
        };
        let tag = self.compared(name, &attributes, shown);
        self.atoms.push(Atom::Tag(tag));
        if !is_inline {
            self.end_item();
        }
        if is_main && !matches!(name, "main" | "script" | "style") {
            self.page.main.push(Piece::Open(name.to_owned(), attributes));
        }
        if SILENT.contains(&name) {
            self.silent = Some(name.to_owned());
        }
    }

    fn close(&mut self, name: &str) {
        if self.silent.as_deref() == Some(name) {
            self.silent = None;
            return;
        }
        if name == "title" {
            self.is_in_title = false;
        }
        if name == "head" || (self.region == Region::Metadata && name == "title") {
            self.end_item();
            return;
        }
        if self.region == Region::Main && name != "main" {
            self.page.main.push(Piece::Close(name.to_owned()));
        }
        if INLINE.contains(&name) {
            // Where an inline element ends decides what it holds.
            self.atoms.push(Atom::Tag(format!("</{name}>")));
        } else if !is_inline(name) {
            self.end_item();
        }
        if let Some((around, open)) = &mut self.landmark
            && around == name
        {
            *open -= 1;
            if *open == 0 {
                self.end_item();
                self.landmark = None;
                self.region = Region::Frame;
            }
        }
    }

    /// A tag of the head.
    fn metadata(&mut self, name: &str, attributes: &[(String, String)]) {
        let get = |wanted: &str| {
            attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
        };
        match name {
            "head" => {}
            "html" => {
                let language = get("lang").unwrap_or_default().to_owned();
                self.page.language = (language, get("dir").unwrap_or_default().to_owned());
                let tag = self.compared(name, attributes, &[]);
                self.atoms.push(Atom::Tag(tag));
                self.end_item();
            }
            "title" => {
                self.end_item();
                self.is_in_title = true;
                self.atoms.push(Atom::Tag("<title>".to_owned()));
            }
            "meta" if get("content").is_some() => {
                let called =
                    get("name").or(get("property")).or(get("http-equiv")).unwrap_or_default().to_owned();
                let content = get("content").unwrap_or_default().to_owned();
                if called.eq_ignore_ascii_case("refresh") {
                    let target = content.split_once("url=").map(|(_, target)| target.trim());
                    self.page.redirect = target.map(|target| self.own(target));
                }
                if called == "og:type" {
                    self.page.is_article = content == "article";
                }
                if called == "og:title" {
                    self.page.title.clone_from(&content);
                }
                self.atoms.push(Atom::Tag(format!("<meta {called}>")));
                let content = self.without_self(&self.own(&content));
                self.words(&content);
                self.end_item();
            }
            "script" | "style" => {
                let tag = self.compared(name, attributes, &[]);
                self.atoms.push(Atom::Tag(tag));
                self.end_item();
                self.silent = Some(name.to_owned());
            }
            _ => {
                let tag = self.compared(name, attributes, &[]);
                let tag = self.without_self(&tag);
                self.atoms.push(Atom::Tag(tag));
                self.end_item();
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.silent.is_some() {
            return;
        }
        match self.region {
            Region::Metadata if self.is_in_title => {
                if self.page.title.is_empty() {
                    self.page.title = text.trim().to_owned();
                }
                self.words(text);
            }
            Region::Metadata => {}
            Region::Main => {
                self.page.main.push(Piece::Text(text.to_owned(), self.words));
                self.words(text);
            }
            _ => self.words(text),
        }
    }

    fn words(&mut self, text: &str) {
        if text.starts_with(char::is_whitespace)
            && let Some(Atom::Word(_, space, _)) =
                self.atoms.iter_mut().rev().find(|atom| matches!(atom, Atom::Word(..)))
        {
            *space = true;
        }
        for (word, space) in words(text) {
            self.atoms.push(Atom::Word(word.to_owned(), space, self.words));
            self.words += 1;
        }
    }

    fn end_item(&mut self) {
        if self.atoms.is_empty() {
            return;
        }
        let atoms = std::mem::take(&mut self.atoms);
        let mut hasher = DefaultHasher::new();
        self.region.hash(&mut hasher);
        atoms.iter().for_each(|atom| atom.hash_into(&mut hasher));
        self.page.items.push(Item { region: self.region, atoms, hash: hasher.finish() });
    }

    /// A tag as it is compared: its attributes in the order of their names, without what is derived or known already.
    fn compared(&self, name: &str, attributes: &[(String, String)], known: &[&str]) -> String {
        let is_left_out = |name: &str| DERIVED.contains(&name) || known.contains(&name);
        let mut known: Vec<&(String, String)> =
            attributes.iter().filter(|(name, _)| !is_left_out(name)).collect();
        known.sort();
        let mut tag = format!("<{name}");
        for (name, value) in known {
            tag.push(' ');
            tag.push_str(name);
            if !value.is_empty() {
                tag.push_str(&format!("=\"{}\"", self.own(value)));
            }
        }
        tag.push('>');
        tag
    }

    /// An address of the site from its root and without the hash of a file of the theme; anything else as it is.
    fn own(&self, value: &str) -> String {
        let whole = value.strip_prefix(self.base.origin.as_str()).filter(|_| !self.base.origin.is_empty());
        let path = whole.unwrap_or(value);
        if whole.is_none() && !value.starts_with('/') {
            return value.to_owned();
        }
        let inside = path.strip_prefix(self.base.path.as_str()).filter(|rest| rest.starts_with('/'));
        unhashed(inside.unwrap_or(path))
    }

    /// What names the page itself, said without naming it, so that it is the same on every page.
    fn without_self(&self, text: &str) -> String {
        let own = url::encode(self.address);
        match own.as_str() {
            "" | "/" => text.to_owned(),
            own => text.replace(own, "/…/"),
        }
    }

    fn finish(mut self) -> Page {
        self.end_item();
        self.page
    }
}

/// The part of a page that begins with an element.
fn landmark(name: &str) -> Option<Region> {
    match name {
        "main" => Some(Region::Main),
        "header" => Some(Region::Header),
        "nav" => Some(Region::Navigation),
        "footer" => Some(Region::Footer),
        _ => None,
    }
}

impl Atom {
    /// Takes part in what two atoms are compared by: not the number of a word, nor the space after it.
    fn hash_into(&self, hasher: &mut DefaultHasher) {
        match self {
            Atom::Word(word, ..) => (0, word).hash(hasher),
            Atom::Tag(tag) => (1, tag).hash(hasher),
            Atom::Picture(alt, from) => (2, alt, from).hash(hasher),
            Atom::Link(to) => (3, to).hash(hasher),
        }
    }

    /// Its hash by itself.
    #[must_use]
    pub fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.hash_into(&mut hasher);
        hasher.finish()
    }
}
