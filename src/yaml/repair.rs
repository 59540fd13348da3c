//! What people type without meaning YAML, put into the quotes that YAML wants.
//!
//! `title: C# #1: tips` is a title, `name:value` a field, a tab an indentation. Each repair is an edit of a copy
//! that the library reads, and becomes a warning with the corrected text. What opens and never closes is not
//! repaired but reported where it opens. One pass over the lines of an entry; nothing is scanned twice.
//!
//! Long because each slip of the pen has its rule, and all share how a line is read.

use std::ops::Range;

use super::{Entry, Form, Lines, Shape, is_silent, key_of};

/// A change to the copy that the library reads, and how it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// Bytes of the source that are replaced.
    pub(super) at: Range<usize>,
    /// What the library reads instead.
    pub(super) text: String,
    /// Bytes of the source that the warning points to.
    pub(super) shown: Range<usize>,
    /// What should stand there.
    pub(super) fix: String,
    /// Why.
    pub(super) reason: Reason,
}

/// Why a text was not taken as YAML would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// A colon and a space in it.
    Colon,
    /// A space and a `#` in it.
    Hash,
    /// It begins with a sign that means something.
    Sign(char),
    /// Quotes that do not enclose it as a whole.
    Quotes,
    /// Typographic quotes around it.
    TypographicQuotes,
    /// A tab where spaces indent.
    Tab,
    /// No space after the colon of a name.
    NoSpace,
    /// No space after the dash of an item.
    NoSpaceDash,
    /// An item that is indented further than the one above it, and would go on with its text.
    Deeper,
    /// Tags written as hash tags.
    HashTags,
}

/// A bracket or a quote that never closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    /// Its place.
    pub(super) at: usize,
    /// The sign itself.
    pub(super) sign: char,
    /// The rest of its line, sign included.
    pub(super) rest: String,
    /// The rest of its line with everything closed, where that is the whole value.
    pub(super) completed: Option<String>,
}

/// The edits of an entry, in order, not overlapping.
#[derive(Debug, Default)]
pub(super) struct Repaired {
    pub(super) edits: Vec<Edit>,
    pub(super) unclosed: Option<Open>,
}

/// Finds what is to be repaired in an entry whose top-level field takes `shape`.
// Long because each slip of the pen has its branch.
pub(super) fn entry(lines: &Lines<'_>, entry: &Entry, shape: Shape, tabs: bool) -> Repaired {
    let mut repaired = Repaired::default();
    if entry.form == Form::Whole {
        return repaired;
    }
    // Lines deeper than this belong to a text that is already dealt with.
    let mut inside: Option<usize> = None;
    let is_tags = is_tags(lines, entry);
    // How far the first item of the list is indented, and whether the last one is a plain text.
    let mut items: Option<usize> = None;
    let mut is_plain = false;
    let mut index = entry.lines.start;
    while index < entry.lines.end {
        let text = lines.text(index);
        let start = lines.lines[index].start;
        let blanks = text.len() - text.trim_start_matches([' ', '\t']).len();
        let indent = width(&text[..blanks]);
        if tabs && text[..blanks].contains('\t') && blanks < text.len() {
            repaired.edits.push(tab(start..start + blanks, indent));
        }
        let is_item = shape == Shape::Texts && text[blanks..].starts_with('-') && index > entry.lines.start;
        if is_item && inside.is_none_or(|parent| is_plain || indent <= parent) {
            let first = *items.get_or_insert(indent);
            let at = start..start + blanks;
            if indent > first
                && is_plain
                && text[blanks..].starts_with("- ")
                && !text[..blanks].contains('\t')
            {
                let text = " ".repeat(first);
                let reason = Reason::Deeper;
                repaired.edits.push(Edit { shown: at.clone(), at, fix: text.clone(), text, reason });
                inside = None;
            } else if text[blanks + 1..].starts_with(char::is_alphanumeric) && indent <= first {
                let dash = at.end..at.end + 1;
                let (text, fix, reason) = (" ".to_owned(), "- ".to_owned(), Reason::NoSpaceDash);
                repaired.edits.push(Edit { at: dash.end..dash.end, text, shown: dash, fix, reason });
                (inside, is_plain) = (Some(indent), true);
                index += 1;
                continue;
            }
        }
        if is_silent(text) || inside.is_some_and(|parent| indent > parent) {
            index += 1;
            continue;
        }
        inside = None;
        let spot = spot(lines, entry, index, shape, &mut repaired.edits);
        let Some(spot) = spot else {
            index += 1;
            continue;
        };
        let value = &lines.source[spot.start..lines.lines[index].end];
        let value = value.trim_end_matches([' ', '\t']);
        if let Some(words) = hash_tags(value).filter(|_| is_tags) {
            let at = spot.start..spot.start + value.len();
            let text = if index == entry.lines.start { format!("[{words}]") } else { words };
            let reason = Reason::HashTags;
            repaired.edits.push(Edit { shown: at.clone(), at, fix: text.clone(), text, reason });
            (inside, is_plain) = (Some(spot.indent), true);
            index += 1;
            continue;
        }
        let judged = judge(value, spot.place);
        is_plain = matches!(judged, Judged::Plain | Judged::Quote { .. });
        match judged {
            Judged::Nothing => {}
            Judged::Closed => inside = Some(spot.indent),
            Judged::Block => inside = Some(spot.indent),
            Judged::Plain => {
                inside = Some(spot.indent);
                if spot.place == Position::Text
                    && fold(lines, entry, index, &spot, value, None, &mut repaired.edits)
                {
                    return repaired;
                }
            }
            Judged::Quote { length, meant, reason } => {
                inside = Some(spot.indent);
                let folded = spot.place == Position::Text
                    && reason != Reason::TypographicQuotes
                    && fold(lines, entry, index, &spot, value, Some(reason), &mut repaired.edits);
                if folded {
                    return repaired;
                }
                repaired.edits.push(quote(spot.start..spot.start + length, &meant, reason));
            }
            Judged::Items(items) => {
                inside = Some(spot.indent);
                repaired.edits.extend(items.into_iter().map(|(at, reason)| {
                    let meant = &value[at.clone()];
                    if let Some(text) = hash_tags(meant).filter(|_| is_tags) {
                        let at = spot.start + at.start..spot.start + at.end;
                        return Edit {
                            shown: at.clone(),
                            at,
                            fix: text.clone(),
                            text,
                            reason: Reason::HashTags,
                        };
                    }
                    let inner = typographic(meant).filter(|_| reason == Reason::TypographicQuotes);
                    quote(spot.start + at.start..spot.start + at.end, inner.unwrap_or(meant), reason)
                }));
            }
            Judged::Open => {
                let end = lines.lines[entry.lines.end - 1].end;
                match close_of(&lines.source[spot.start..end]) {
                    Some(close) => {
                        let close = spot.start + close;
                        index = lines.lines.partition_point(|line| line.start <= close).max(index + 1);
                        continue;
                    }
                    None => {
                        let sign = value.chars().next().unwrap_or('"');
                        let alone = (index + 1..entry.lines.end).all(|below| is_silent(lines.text(below)));
                        let completed = if alone { completed(value) } else { None };
                        repaired.unclosed =
                            Some(Open { at: spot.start, sign, rest: value.to_owned(), completed });
                        return repaired;
                    }
                }
            }
        }
        index += 1;
    }
    repaired
}

/// Whether the bracket or quote that a text begins with is closed in it.
pub(super) fn closes(text: &str) -> bool {
    close_of(text).is_some()
}

/// Where the quote that a text begins with is closed.
pub(super) fn closing_quote(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                    at += 1;
                } else {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Puts a text into quotes, double ones where that needs no escape.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) { format!("'{}'", text.replace('\'', "''")) } else { format!("\"{text}\"") }
}

/// Where a value stands and what is expected there.
#[derive(Debug)]
struct Spot {
    start: usize,
    /// Width of the indentation of what holds the value: deeper lines continue it.
    indent: usize,
    place: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    /// The value of a field that is one text.
    Text,
    /// The value of a field that is a list of texts, or an item of it.
    Texts,
    Other,
}

/// Whether a field holds tags, in which a `#` is no part of the word.
fn is_tags(lines: &Lines<'_>, entry: &Entry) -> bool {
    let Form::Field { key_start, key_end, .. } = entry.form else { return false };
    let name = lines.source[key_start..key_end].trim_matches(['"', '\'']).to_ascii_lowercase();
    matches!(name.as_str(), "tags" | "tag" | "keywords" | "categories" | "topics")
}

/// The words of a text that is nothing but hash tags, with commas between them.
fn hash_tags(value: &str) -> Option<String> {
    let words = value.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let is_word = |word: &&str| word.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_'));
    let words: Option<Vec<&str>> =
        words.map(|word| word.strip_prefix('#').filter(|word| !word.is_empty()).filter(is_word)).collect();
    words.filter(|words| !words.is_empty()).map(|words| words.join(", "))
}

#[derive(Debug)]
enum Judged {
    /// No value in this line.
    Nothing,
    /// A plain text as it should be.
    Plain,
    /// Something in quotes or brackets, complete.
    Closed,
    /// The header of a block of text.
    Block,
    /// Something in quotes or brackets that goes on in the next line.
    Open,
    /// The first this many bytes are this text.
    Quote { length: usize, meant: String, reason: Reason },
    /// Items of a list in brackets that must be quoted.
    Items(Vec<(Range<usize>, Reason)>),
}

/// Finds the value in a line that begins something: after dashes and after a name.
fn spot(lines: &Lines<'_>, entry: &Entry, index: usize, shape: Shape, edits: &mut Vec<Edit>) -> Option<Spot> {
    let text = lines.text(index);
    let start = lines.lines[index].start;
    let end = lines.lines[index].end;
    let place = match shape {
        Shape::Text => Position::Text,
        Shape::Texts => Position::Texts,
        Shape::Other => Position::Other,
    };
    if index == entry.lines.start
        && let Form::Field { key_start, colon, .. } = entry.form
    {
        let behind = &lines.source[colon + 1..end];
        let value = behind.trim_start_matches([' ', '\t']);
        if !value.is_empty() && value.len() == behind.len() {
            edits.push(Edit {
                at: colon + 1..colon + 1,
                text: " ".to_owned(),
                shown: key_start..colon + 1,
                fix: format!("{}: ", lines.source[key_start..colon].trim_end()),
                reason: Reason::NoSpace,
            });
        }
        let indent = width(&lines.source[start..key_start]);
        return Some(Spot { start: end - value.len(), indent, place });
    }
    let mut at = text.len() - text.trim_start_matches([' ', '\t']).len();
    let mut indent = width(&text[..at]);
    let mut dashes = 0;
    while text[at..].starts_with("- ") || text[at..].starts_with("-\t") {
        let rest = text[at + 1..].trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return None;
        }
        let next = text.len() - rest.len();
        if dashes > 0 {
            indent += next - at;
        }
        at = next;
        dashes += 1;
    }
    if text[at..].trim_end() == "-" {
        return None;
    }
    if let Some((_, colon)) = key_of(&text[at..])
        && !(place == Position::Texts && dashes > 0 && !is_a_pair(&text[at..], colon))
    {
        if dashes > 0 {
            // The value of a name after a dash is continued by lines deeper than the name.
            indent = width(&text[..at]);
        }
        let value = text[at + colon + 1..].trim_start_matches([' ', '\t']);
        return Some(Spot { start: end - value.len(), indent, place: Position::Other });
    }
    let place = match (place, dashes) {
        (Position::Texts, 1) => Position::Texts,
        _ => Position::Other,
    };
    Some(Spot { start: start + at, indent, place })
}

/// Whether `name: value` in a list of texts is a pair (one short name) rather than a sentence with a colon.
fn is_a_pair(text: &str, colon: usize) -> bool {
    !text[..colon].contains(' ')
}

fn judge(value: &str, place: Position) -> Judged {
    let Some(first) = value.chars().next() else { return Judged::Nothing };
    if first == '#' {
        let meant =
            place != Position::Other && value.chars().nth(1).is_some_and(|next| !matches!(next, ' ' | '\t'));
        return if meant { whole(value, Reason::Sign('#')) } else { Judged::Nothing };
    }
    match first {
        '\'' if place != Position::Other && begins_with_contraction(value) => {
            return whole(value, Reason::Quotes);
        }
        '"' | '\'' => return judge_quoted(value),
        '[' | '{' => return judge_bracket(value, first, place),
        '|' | '>' if is_block_header(value) => return Judged::Block,
        _ => {}
    }
    let plain = match place {
        Position::Text => value,
        Position::Texts => &value[..remark(value, true)],
        Position::Other => &value[..remark(value, false)],
    };
    let plain = plain.trim_end_matches([' ', '\t']);
    let next_is_blank = || plain[1..].is_empty() || plain[1..].starts_with([' ', '\t']);
    let reason = match first {
        '@' | '`' | '%' | ',' | ']' | '}' | '|' | '>' => Some(Reason::Sign(first)),
        '*' | '&' if !is_reference(plain) || place == Position::Text && plain.contains([' ', '\t']) => {
            Some(Reason::Sign(first))
        }
        '!' if place != Position::Other && !is_core_tag(plain) => Some(Reason::Sign(first)),
        '-' | '?' | ':' if (plain.len() > 1 || place == Position::Text) && next_is_blank() => {
            Some(Reason::Sign(first))
        }
        '“' | '‘' => match typographic(plain) {
            Some(inner) if !inner.is_empty() => {
                return Judged::Quote {
                    length: plain.len(),
                    meant: inner.to_owned(),
                    reason: Reason::TypographicQuotes,
                };
            }
            _ => None,
        },
        _ => None,
    };
    let reason = reason.or_else(|| {
        if has_colon(plain) {
            Some(Reason::Colon)
        } else if plain.contains(" #") || plain.contains("\t#") {
            Some(Reason::Hash)
        } else {
            None
        }
    });
    match reason {
        Some(reason) => Judged::Quote { length: plain.len(), meant: plain.to_owned(), reason },
        None => Judged::Plain,
    }
}

/// Whether what looks like a quote stands for letters left out, as in `'tis`, and is never closed.
fn begins_with_contraction(value: &str) -> bool {
    let word = value[1..].split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    let decade =
        word.len() == 3 && word.ends_with('s') && word.starts_with(|char: char| char.is_ascii_digit());
    let known = ["tis", "twas", "til", "cause", "em", "n", "round", "bout"];
    closing_quote(value).is_none() && (decade || known.contains(&word.to_ascii_lowercase().as_str()))
}

fn judge_quoted(value: &str) -> Judged {
    let Some(close) = closing_quote(value) else { return Judged::Open };
    let rest = value[close + 1..].trim_start_matches([' ', '\t']);
    if rest.is_empty() || (rest.starts_with('#') && rest.len() < value.len() - close - 1) {
        return Judged::Closed;
    }
    let quote = &value[..1];
    match value[1..].strip_suffix(quote) {
        // 'It's great': the quotes at both ends are the ones that were meant.
        Some(inner) if !inner.contains(", ") || inner.matches(quote).count() % 2 == 1 => {
            Judged::Quote { length: value.len(), meant: inner.replace("\\\"", "\""), reason: Reason::Quotes }
        }
        _ => whole(value, Reason::Quotes),
    }
}

fn judge_bracket(value: &str, first: char, place: Position) -> Judged {
    let Some(close) = close_of(value) else { return Judged::Open };
    if place == Position::Text {
        return whole(value, Reason::Sign(first));
    }
    if first == '{' {
        return Judged::Closed;
    }
    let mut items = Vec::new();
    let mut from = 1;
    for end in item_ends(&value[..=close]) {
        let item = value[from..end].trim_matches([' ', '\t']);
        let start = end - value[from..end].trim_start_matches([' ', '\t']).len();
        from = end + 1;
        let reason = match item.chars().next() {
            None | Some('"' | '\'' | '[' | '{') => None,
            Some(sign @ ('@' | '`' | '%' | '|' | '>')) => Some(Reason::Sign(sign)),
            Some(sign @ ('*' | '&')) if !is_reference(item) => Some(Reason::Sign(sign)),
            Some('!') if place == Position::Texts && !is_core_tag(item) => Some(Reason::Sign('!')),
            Some('#') => Some(Reason::Sign('#')),
            Some('“' | '‘' | '„') if typographic(item).is_some() => Some(Reason::TypographicQuotes),
            Some(_) if item.contains(" #") => Some(Reason::Hash),
            Some(_) if place == Position::Texts && has_colon(item) => Some(Reason::Colon),
            Some(_) => None,
        };
        if let Some(reason) = reason {
            items.push((start..start + item.len(), reason));
        }
    }
    if items.is_empty() { Judged::Closed } else { Judged::Items(items) }
}

fn whole(value: &str, reason: Reason) -> Judged {
    Judged::Quote { length: value.len(), meant: value.to_owned(), reason }
}

/// A text over several lines that YAML would misread in one of them becomes one quoted text.
///
/// Returns whether it did, and then nothing of the entry is left: a text in one line is left to the caller.
fn fold(
    lines: &Lines<'_>,
    entry: &Entry,
    index: usize,
    spot: &Spot,
    value: &str,
    reason: Option<Reason>,
    edits: &mut Vec<Edit>,
) -> bool {
    let mut meant = value.to_owned();
    let mut end = spot.start + value.len();
    let mut reason = reason;
    let mut folded = false;
    for next in index + 1..entry.lines.end {
        let line = lines.text(next).trim_matches([' ', '\t']);
        if line.is_empty() {
            continue;
        }
        if reason.is_none() && has_colon(line) {
            reason = Some(Reason::Colon);
        }
        if reason.is_none() && (line.contains(" #") || line.starts_with('#')) {
            reason = Some(Reason::Hash);
        }
        meant.push(' ');
        meant.push_str(line);
        let blanks = lines.text(next).len() - lines.text(next).trim_start_matches([' ', '\t']).len();
        end = lines.lines[next].start + blanks + line.len();
        folded = true;
    }
    match reason {
        Some(reason) if folded => {
            // Repairs of the indentation inside are part of this one.
            edits.retain(|edit| edit.at.end <= spot.start);
            edits.push(quote(spot.start..end, &meant, reason));
            true
        }
        _ => false,
    }
}

fn quote(at: Range<usize>, meant: &str, reason: Reason) -> Edit {
    let text = quoted(meant);
    Edit { shown: at.clone(), at, fix: text.clone(), text, reason }
}

fn tab(at: Range<usize>, indent: usize) -> Edit {
    let text = " ".repeat(indent);
    Edit { shown: at.clone(), at, fix: text.clone(), text, reason: Reason::Tab }
}

/// The width of an indentation; a tab counts as two spaces, as people's YAML mostly has it.
pub(super) fn width(blanks: &str) -> usize {
    blanks.len() + blanks.bytes().filter(|byte| *byte == b'\t').count()
}

/// Where a remark (` # …`) begins, or the end. With `spaced`, only where a space stands after the `#` too.
fn remark(value: &str, spaced: bool) -> usize {
    let bytes = value.as_bytes();
    (1..bytes.len())
        .find(|at| {
            bytes[*at] == b'#'
                && matches!(bytes[at - 1], b' ' | b'\t')
                && (!spaced || matches!(bytes.get(at + 1), None | Some(b' ')))
        })
        .unwrap_or(value.len())
}

fn has_colon(text: &str) -> bool {
    text.ends_with(':') || text.contains(": ") || text.contains(":\t")
}

fn is_block_header(value: &str) -> bool {
    let rest = value[1..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    value.len() - rest.len() <= 3
        && (rest.is_empty() || rest.trim_start().starts_with('#') && rest.starts_with(' '))
}

/// Whether a text is what YAML calls an anchor (`&name …`) or an alias (`*name`), as nobody writes by accident.
fn is_reference(value: &str) -> bool {
    let name = value[1..].split([' ', '\t']).next().unwrap_or_default();
    let is_name = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    is_name && (value.starts_with('&') || name.len() + 1 == value.len())
}

fn is_core_tag(value: &str) -> bool {
    value.strip_prefix("!!").is_some_and(|rest| {
        let name = rest.split([' ', '\t']).next().unwrap_or_default();
        ["str", "int", "float", "bool", "null", "timestamp", "binary", "seq", "map"].contains(&name)
    })
}

/// The text inside typographic quotes that enclose the whole.
fn typographic(value: &str) -> Option<&str> {
    let (open, close) = if value.starts_with('“') { ('“', '”') } else { ('‘', '’') };
    let inner = value.strip_prefix(open)?.strip_suffix(close)?;
    (!inner.contains(['“', '”', '‘']) && (open == '“' || !inner.contains('’'))).then_some(inner)
}

/// Where the bracket or quote at the beginning of a text is closed.
fn close_of(text: &str) -> Option<usize> {
    if text.starts_with(['"', '\'']) {
        return closing_quote(text);
    }
    let mut depth = 0_usize;
    walk(text, |at, sign| {
        match sign {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })
}

/// Where the items of a bracket end: at commas of its own level, and at its end.
fn item_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut depth = 0_usize;
    walk(text, |at, sign| {
        match sign {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth -= 1,
            _ if depth == 1 => ends.push(at),
            _ => {}
        }
        if depth == 0 {
            ends.push(at);
        }
        (depth == 0).then_some(())
    });
    ends
}

/// The same text with what it opens closed, in the simplest way.
fn completed(text: &str) -> Option<String> {
    if text.len() > 200 {
        return None;
    }
    let text = text.trim_end_matches([' ', '\t', ',']);
    let bytes = text.as_bytes();
    let mut closers = String::new();
    let mut fresh = true;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') if fresh => match closing_quote(&text[at..]) {
                Some(close) => {
                    at += close;
                    fresh = false;
                }
                None => {
                    // Brackets at the end of an open quote were meant to stand after it.
                    let inside = text[at..].trim_end_matches([' ', ',', ']', '}']);
                    let (quote, closers) = (char::from(quote), closers.chars().rev().collect::<String>());
                    return Some(format!("{}{inside}{quote}{closers}", &text[..at]));
                }
            },
            open @ (b'[' | b'{') => {
                closers.push(if open == b'[' { ']' } else { '}' });
                fresh = true;
            }
            close @ (b']' | b'}') => {
                if closers.pop() != Some(char::from(close)) {
                    return None;
                }
                fresh = false;
            }
            b',' | b':' => fresh = true,
            b' ' => {}
            _ => fresh = false,
        }
        at += 1;
    }
    Some(format!("{text}{}", closers.chars().rev().collect::<String>()))
}

/// Calls `visit` for each bracket and comma outside quotes, until it answers.
fn walk<T>(text: &str, mut visit: impl FnMut(usize, u8) -> Option<T>) -> Option<T> {
    let bytes = text.as_bytes();
    let mut at = 0;
    // A quote opens only where an item begins: the apostrophe in `don't` is a letter.
    let mut fresh = true;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' if fresh => {
                at += closing_quote(&text[at..])?;
                fresh = false;
            }
            sign @ (b'[' | b']' | b'{' | b'}' | b',') => {
                if let Some(answer) = visit(at, sign) {
                    return Some(answer);
                }
                fresh = !matches!(sign, b']' | b'}');
            }
            b':' if matches!(bytes.get(at + 1), Some(b' ' | b'"' | b'\'')) => fresh = true,
            b' ' | b'\t' | b'\n' => {}
            _ => fresh = false,
        }
        at += 1;
    }
    None
}
