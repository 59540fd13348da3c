//! Marks within a sentence that the parser does not know: `==marked==`, `x^2^`, `H~2~O`, `++inserted++`, keys as in
//! `++ctrl+c++`, and abbreviations that the file explains. Each becomes an element of HTML on the list of those that
//! anybody may write.
//!
//! The parser has read all of it as text by then, so code and addresses are not looked at. Two signs belong together
//! where both stand in the same element; one look goes over all events.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::escape_attribute;
use super::writer::Events;
use crate::page::cjk::is_cjk;

/// Something raised or lowered has at most this many characters.
const RAISED: usize = 20;

/// At most this many openings are remembered at a time: more stand open in no sentence.
const OPEN: usize = 32;

/// What explains abbreviations may add this many bytes for each of the text's, and as many more.
const GROWTH: usize = 2;
const SLACK: usize = 8 * 1024;

/// The keys that have a name of their own.
const KEYS: [(&str, &str); 38] = [
    ("ctrl", "Ctrl"),
    ("control", "Ctrl"),
    ("alt", "Alt"),
    ("option", "Option"),
    ("shift", "Shift"),
    ("cmd", "Cmd"),
    ("command", "Cmd"),
    ("meta", "Meta"),
    ("win", "Win"),
    ("windows", "Win"),
    ("super", "Super"),
    ("fn", "Fn"),
    ("enter", "Enter"),
    ("return", "Return"),
    ("esc", "Esc"),
    ("escape", "Esc"),
    ("tab", "Tab"),
    ("space", "Space"),
    ("spc", "Space"),
    ("backspace", "Backspace"),
    ("bksp", "Backspace"),
    ("del", "Del"),
    ("delete", "Delete"),
    ("insert", "Insert"),
    ("ins", "Insert"),
    ("home", "Home"),
    ("end", "End"),
    ("page-up", "Page Up"),
    ("page-down", "Page Down"),
    ("pgup", "Page Up"),
    ("pgdn", "Page Down"),
    ("arrow-up", "↑"),
    ("arrow-down", "↓"),
    ("arrow-left", "←"),
    ("arrow-right", "→"),
    ("caps-lock", "Caps Lock"),
    ("print-screen", "Print Screen"),
    ("plus", "+"),
];

/// Whether a text may hold anything that is to be looked for.
pub(super) fn may_find(text: &str) -> bool {
    let bytes = text.as_bytes();
    ["==", "++"].iter().any(|sign| memchr::memmem::find(bytes, sign.as_bytes()).is_some())
        || memchr::memchr2(b'^', b'~', bytes).is_some()
}

/// Two signs that belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pair {
    Mark,
    Insert,
}

/// A sign that nothing closed yet.
struct Opening {
    pair: Pair,
    /// Where it stands in what was written.
    index: usize,
    depth: usize,
}

struct Pass<'e, 'a> {
    text: &'e str,
    out: Events<'e>,
    open: Vec<Opening>,
    depth: usize,
    /// Abbreviations by their first word, the longest first.
    short: HashMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// How much abbreviations may still add.
    left: usize,
    has_raw: bool,
}

/// Turns marks into elements; says whether there were any. With `subscript` each single `~` lowers text.
pub(super) fn marks<'e>(
    events: &mut Events<'e>,
    text: &'e str,
    abbreviations: &BTreeMap<String, String>,
    subscript: bool,
) -> bool {
    let all = std::mem::take(events);
    let mut short: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for (name, meaning) in abbreviations.iter().rev() {
        let same = short.entry(first_word(name)).or_default();
        if same.len() < 8 {
            same.push((name, meaning));
        }
    }
    short.values_mut().for_each(|same| same.sort_by_key(|(name, _)| std::cmp::Reverse(name.len())));
    let out = Vec::with_capacity(all.len() + 16);
    let left = text.len() * GROWTH + SLACK;
    let mut pass = Pass { text, out, open: Vec::new(), depth: 0, short, left, has_raw: false };
    // Elements that hold no running text, and those of strikethrough that lower it.
    let mut silent = 0usize;
    let mut lowered: Vec<bool> = Vec::new();
    let mut all = all.into_iter().peekable();
    while let Some((event, mut range)) = all.next() {
        match &event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Image { .. }) => silent += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Image) => {
                silent = silent.saturating_sub(1)
            }
            Event::Start(Tag::Strikethrough) => {
                let is_low = is_lowered(text, &range, subscript);
                lowered.push(is_low);
                pass.begin();
                let event = if is_low { pass.raw("<sub>", range) } else { (event, range) };
                pass.out.push(event);
                continue;
            }
            Event::End(TagEnd::Strikethrough) => {
                let is_low = lowered.pop().unwrap_or_default();
                pass.end();
                let event = if is_low { pass.raw("</sub>", range) } else { (event, range) };
                pass.out.push(event);
                continue;
            }
            Event::Text(written) if silent == 0 && text.get(range.clone()) == Some(&**written) => {
                // The parser cuts texts at signs that might have meant something.
                let goes_on = |event: &Event<'_>, next: &Range<usize>, end: usize| {
                    next.start == end
                        && matches!(event, Event::Text(more) if text.get(next.clone()) == Some(&**more))
                };
                while let Some((_, next)) = all.next_if(|(event, next)| goes_on(event, next, range.end)) {
                    range.end = next.end;
                }
                pass.text(range);
                continue;
            }
            _ => {}
        }
        match &event {
            Event::Start(_) => pass.begin(),
            Event::End(_) => pass.end(),
            _ => {}
        }
        pass.out.push((event, range));
    }
    *events = pass.out;
    pass.has_raw
}

/// Whether what stands between two single `~` is lowered: it is short, and follows a word. Otherwise it is struck out, as
/// on GitHub.
fn is_lowered(text: &str, range: &Range<usize>, always: bool) -> bool {
    let Some(inner) = text.get(range.clone()).and_then(|it| it.strip_prefix('~')?.strip_suffix('~')) else {
        return false;
    };
    if inner.starts_with('~') || inner.is_empty() {
        return false;
    }
    let is_attached = text[..range.start].ends_with(char::is_alphanumeric);
    always || (is_attached && inner.chars().count() <= RAISED && !inner.contains(char::is_whitespace))
}

impl<'e> Pass<'e, '_> {
    fn begin(&mut self) {
        self.depth += 1;
    }

    /// What was opened in an element does not end outside of it.
    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        let depth = self.depth;
        self.open.truncate(self.open.partition_point(|opening| opening.depth <= depth));
    }

    fn raw(&mut self, tag: &'static str, range: Range<usize>) -> (Event<'e>, Range<usize>) {
        self.has_raw = true;
        (Event::InlineHtml(CowStr::Borrowed(tag)), range)
    }

    fn push(&mut self, range: Range<usize>) {
        if range.start < range.end {
            self.out.push((Event::Text(CowStr::Borrowed(&self.text[range.clone()])), range));
        }
    }

    /// Looks at a text from left to right.
    fn text(&mut self, range: Range<usize>) {
        let bytes = self.text.as_bytes();
        let mut from = range.start;
        let mut at = range.start;
        while at < range.end {
            let written = match bytes[at] {
                b'=' => self.pair(at, b'=', Pair::Mark, &mut from, range.end),
                b'+' => self
                    .keys(at, &mut from, range.end)
                    .or_else(|| self.pair(at, b'+', Pair::Insert, &mut from, range.end)),
                b'^' => self.raised(at, '^', &mut from, range.end),
                b'~' => self.raised(at, '~', &mut from, range.end),
                byte if !self.short.is_empty() && (byte.is_ascii_alphanumeric() || byte >= 0x80) => {
                    Some(self.word(at, &mut from, range.end))
                }
                _ => None,
            };
            at = written.unwrap_or(at + 1);
        }
        self.push(from..range.end);
    }

    /// A sign of two characters that opens or closes something.
    fn pair(&mut self, at: usize, sign: u8, pair: Pair, from: &mut usize, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let run = bytes[at..end].iter().take_while(|it| **it == sign).count();
        if run != 2 {
            return Some(at + run.max(1));
        }
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + 2..].chars().next();
        let is_space = |it: Option<char>| it.is_none_or(char::is_whitespace);
        let is_word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() && !is_cjk(it));
        let closes = !is_space(before) && !is_word(after);
        let opens = !is_space(after) && !is_word(before) && after != Some('=') && after != Some('+');
        if closes
            && let Some(found) = self.open.iter().rposition(|it| it.pair == pair && it.depth == self.depth)
            && self.open[found].index + 1 < self.out.len() + usize::from(*from < at)
        {
            let opening = &self.open[found];
            let (open, close) = match pair {
                Pair::Mark => ("<mark>", "</mark>"),
                Pair::Insert => ("<ins>", "</ins>"),
            };
            let index = opening.index;
            self.out[index].0 = Event::InlineHtml(CowStr::Borrowed(open));
            self.open.truncate(found);
            self.push(*from..at);
            let close = self.raw(close, at..at + 2);
            self.out.push(close);
            *from = at + 2;
        } else if opens {
            self.push(*from..at);
            if self.open.len() >= OPEN {
                self.open.remove(0);
            }
            self.open.push(Opening { pair, index: self.out.len(), depth: self.depth });
            self.push(at..at + 2);
            *from = at + 2;
        }
        Some(at + 2)
    }

    /// `^2^` and `~2~`, right behind a word and short.
    fn raised(&mut self, at: usize, sign: char, from: &mut usize, end: usize) -> Option<usize> {
        let rest = &self.text[at + 1..end];
        let mut signs = rest.char_indices().take(RAISED + 1);
        let length = signs.find(|(_, it)| *it == sign).map(|(length, _)| length)?;
        let inner = &rest[..length];
        let is_part = |it: char| {
            it.is_alphanumeric() || matches!(it, '+' | '-' | '−' | '.' | ',' | '(' | ')' | '*' | '/')
        };
        let before = &self.text[..at];
        let is_attached = before.ends_with(|it: char| it.is_alphanumeric() || matches!(it, ')' | '"' | '”'));
        let close = at + 1 + length;
        let is_free = !self.text[close + 1..]
            .starts_with(|it: char| it == sign || (sign == '^' && it.is_alphanumeric()));
        if inner.is_empty() || !inner.chars().all(is_part) || !is_attached || !is_free {
            return None;
        }
        let (begin, finish) = if sign == '^' { ("<sup>", "</sup>") } else { ("<sub>", "</sub>") };
        self.push(*from..at);
        let (open, shut) = (self.raw(begin, at..at + 1), self.raw(finish, close..close + 1));
        self.out.push(open);
        self.push(at + 1..close);
        self.out.push(shut);
        *from = close + 1;
        Some(close + 1)
    }

    /// `++ctrl+c++`
    fn keys(&mut self, at: usize, from: &mut usize, end: usize) -> Option<usize> {
        let rest = self.text[at..end].strip_prefix("++")?;
        let length = rest.as_bytes()[..rest.len().min(80)].windows(2).position(|it| it == b"++")?;
        let inner = rest.get(..length)?;
        let is_word = |it: char| it.is_alphanumeric() || it == '+';
        let close = at + 2 + length;
        if self.text[..at].ends_with(is_word) || self.text[close + 2..].starts_with(is_word) {
            return None;
        }
        let names: Vec<String> = inner.split('+').map(key).collect::<Option<_>>()?;
        self.push(*from..at);
        for (index, name) in names.into_iter().enumerate() {
            if index > 0 {
                self.out.push((Event::Text(CowStr::Borrowed("+")), at..at));
            }
            let open = self.raw("<kbd>", at..at);
            self.out.push(open);
            self.out.push((Event::Text(CowStr::from(name)), at..at));
            let shut = self.raw("</kbd>", at..at);
            self.out.push(shut);
        }
        *from = close + 2;
        Some(close + 2)
    }

    /// A word, which may be an abbreviation; returns where it ends.
    fn word(&mut self, at: usize, from: &mut usize, end: usize) -> usize {
        let rest = &self.text[at..end];
        let word = first_word(rest);
        let length = if word.is_empty() { rest.chars().next().map_or(1, char::len_utf8) } else { word.len() };
        let is_begin = !self.text[..at].ends_with(|it: char| it.is_alphanumeric() || it == '_');
        let found = self.short.get(word).filter(|_| is_begin).and_then(|same| {
            same.iter().copied().find(|(name, _)| {
                let behind = rest.strip_prefix(name);
                behind.is_some_and(|behind| !behind.starts_with(|it: char| it.is_alphanumeric() || it == '_'))
            })
        });
        let Some((name, meaning)) = found else { return at + length };
        let Some(left) = self.left.checked_sub(meaning.len() + 30) else { return at + name.len() };
        self.left = left;
        self.has_raw = true;
        let mut open = String::from("<abbr title=\"");
        escape_attribute(meaning, &mut open);
        open.push_str("\">");
        let end = at + name.len();
        self.push(*from..at);
        self.out.push((Event::InlineHtml(CowStr::from(open)), at..at));
        self.push(at..end);
        let shut = self.raw("</abbr>", end..end);
        self.out.push(shut);
        *from = end;
        end
    }
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|it: char| !it.is_alphanumeric()).unwrap_or(text.len())]
}

/// How a key is shown.
fn key(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    let is_function =
        lower.strip_prefix('f').is_some_and(|it| it.parse::<u8>().is_ok_and(|it| (1..=24).contains(&it)));
    if let Some((_, shown)) = KEYS.iter().find(|(known, _)| *known == lower) {
        return Some((*shown).to_owned());
    }
    let mut chars = name.chars();
    let is_one = chars.next().is_some_and(|it| it.is_ascii_alphanumeric()) && chars.next().is_none();
    (is_one || is_function).then(|| name.to_ascii_uppercase())
}
