//! The syntax of other programs that stands in lines of its own or between braces, made markdown: containers (`:::`),
//! notes and tabs of MkDocs (`!!!`, `???`, `===`), shortcodes of Hugo and tags of Jekyll and GitBook, definitions,
//! tables of contents, comments and attributes.
//!
//! What holds other blocks becomes a quotation with a mark in brackets, as Obsidian writes callouts, so that one parser
//! sees one text and one place writes all of it ([`super::markdown`]). Nothing is run. The result knows from which place
//! of the file each part of it came. Time is linear in the text: a look ahead is short, or is taken from a budget that
//! belongs to the file.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::page::rewritten::Rewritten;
pub(crate) use left_out::LeftOut;

mod block;
mod container;
mod frame;
mod indented;
mod inline;
mod left_out;
mod line;
mod shortcode;
mod tag;

/// How deep containers may stand in each other. Each puts a sign before every line in it, so a container that is deeper
/// gives way to what it holds.
const QUOTES: usize = 8;

/// How deep frames may stand in each other.
const FRAMES: usize = 64;

/// At most this many columns of indentation stand before a container.
const INDENTATION: usize = 12;

/// A look ahead may cost this many steps for each byte of the file in all.
const STEPS: usize = 8;

/// What is read of a text.
pub(crate) struct Read<'t> {
    /// The markdown.
    pub(crate) rewritten: Rewritten,
    /// What has no equal.
    pub(crate) left_out: LeftOut,
    /// What abbreviations mean.
    pub(crate) abbreviations: BTreeMap<&'t str, &'t str>,
}

/// Signs without which a text holds nothing of all this.
const SIGNS: [&str; 13] =
    [":::", "\n::", "!!! ", "???", "===", "{%", "{:", "%%", "^[", "[!", "*[", "\n: ", "{{"];

/// Whether a text may hold anything that is to be rewritten.
pub(crate) fn may_find(text: &str) -> bool {
    static ANY_SIGN: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(SIGNS).expect("a few short signs are no large automaton"));
    let bytes = text.as_bytes();
    // The name of a block, or the size of a picture.
    let is_between = |at: usize| {
        at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    };
    ANY_SIGN.is_match(text)
        || memchr::memchr2_iter(b'^', b'=', bytes).any(is_between)
        || memchr::memchr_iter(b'\n', bytes).any(|at| line::is_toc_start(&text[at + 1..]))
        || line::is_toc_start(text)
        || text.starts_with("::")
}

/// Reads the body of a file.
pub(crate) fn read(text: &str) -> Read<'_> {
    let mut reader = Reader {
        text,
        at: 0,
        line: 0,
        known_line: Cell::new((1, 0)),
        out: Rewritten::default(),
        frames: Vec::new(),
        prefix: String::new(),
        lists: Vec::new(),
        is_begun: false,
        after_blank: true,
        follows_blank: true,
        in_code: false,
        verbatim_until: 0,
        raw_until: 0,
        steps: text.len() * STEPS + 4096,
        fences: None,
        closed: None,
        has_attributes: None,
        code_title: None,
        notes: Vec::new(),
        left_out: LeftOut::default(),
        abbreviations: BTreeMap::new(),
    };
    reader.all();
    Read { rewritten: reader.out, left_out: reader.left_out, abbreviations: reader.abbreviations }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Where the line that is being read begins.
    line: usize,
    /// A place, and where its line ends.
    known_line: Cell<(usize, usize)>,
    out: Rewritten,
    frames: Vec<frame::Frame<'t>>,
    /// What stands before every line: indentation, and the signs of open quotations.
    prefix: String,
    /// The columns at which the contents of open list items begin, outer ones first.
    lists: Vec<usize>,
    /// Whether anything of the line was written.
    is_begun: bool,
    /// Whether the line that was written last is empty.
    after_blank: bool,
    /// Whether the line above is empty.
    follows_blank: bool,
    /// Whether the line above is indented code.
    in_code: bool,
    /// Up to here the text is code, a comment or a formula.
    verbatim_until: usize,
    /// Up to here nothing between braces means anything.
    raw_until: usize,
    steps: usize,
    /// How many lines that end a `:::` are still to come, once somebody asked.
    fences: Option<usize>,
    /// The names of all tags that end something, once somebody asked.
    closed: Option<BTreeSet<&'t str>>,
    /// Whether lines of attributes stand in the text, once somebody asked.
    has_attributes: Option<bool>,
    /// The title of the block of code that comes next.
    code_title: Option<Cow<'t, str>>,
    /// The texts of footnotes that were written where they are referred to.
    notes: Vec<Range<usize>>,
    left_out: LeftOut,
    abbreviations: BTreeMap<&'t str, &'t str>,
}

/// A title: a part of the text, or something else in place of one.
enum Title<'t> {
    /// None was written.
    None,
    /// None is wanted.
    Untitled,
    /// Markdown, where it stands.
    Written(Range<usize>),
    /// A text that is no markdown, and the part of the original in whose place it stands.
    Said(Cow<'t, str>, Range<usize>),
}

#[cfg(test)]
mod tests;
