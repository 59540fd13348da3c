//! One pass over the code, a few dozen nanoseconds a word. It knows comments, strings, numbers and
//! words; it does not know syntax, and where it is not sure it leaves the code as it is.
//!
//! No byte is looked at more than a few times, whatever the code: a string that is never closed
//! either ends with its line or takes the rest with it.
//!
//! Long because all languages share one pass, and each of their quirks has its lines.

use super::languages::{
    AT, CALLS, CAPITALS, COLON_KEYS, DASHES, DIFF, DOLLAR, EQUALS_KEYS, FOLD, OPTIONS, PREFIXES,
    PREPROCESSOR, Quote, REGEX, RUST, Rules, SHELL, SPACED, STRING_KEYS, SYMBOLS,
};
use super::{Class, Painter};

/// The HTML of code in a language whose rules are known.
pub(super) fn paint(rules: &Rules, code: &str) -> String {
    let mut lexer = Lexer {
        rules,
        code,
        bytes: code.as_bytes(),
        at: 0,
        painted: 0,
        painter: Painter::new(code),
        state: State::START,
        unclosed: [0; QUOTES],
    };
    if rules.traits & DIFF != 0 {
        lexer.diff();
    } else {
        while lexer.at < code.len() {
            lexer.step();
        }
    }
    lexer.painter.paint(None, &code[lexer.painted..]);
    lexer.painter.finish()
}

struct Lexer<'c> {
    rules: &'c Rules,
    code: &'c str,
    bytes: &'c [u8],
    at: usize,
    /// Up to where the code is written.
    painted: usize,
    painter: Painter,
    state: State,
    /// Up to where each kind of quotation mark is known to open nothing, because nothing closes it.
    unclosed: [usize; QUOTES],
}

/// More kinds of quotation marks than any language here has.
const QUOTES: usize = 8;

/// A pattern between slashes is not longer.
const LONGEST_PATTERN: usize = 300;

/// What the pieces before say of the next one.
#[derive(Clone, Copy)]
struct State {
    /// Nothing but white space stands before it in its line.
    line_start: bool,
    /// In a shell: a command is expected.
    command: bool,
    /// A value is expected: `/` begins a pattern, not a division.
    operand: bool,
    /// The word that says what the next word is.
    introduces: Option<Class>,
}

impl State {
    const START: State = State { line_start: true, command: true, operand: true, introduces: None };
}

impl Lexer<'_> {
    fn has(&self, what: u32) -> bool {
        self.rules.traits & what != 0
    }

    fn starts_with(&self, text: &str) -> bool {
        self.bytes[self.at..].starts_with(text.as_bytes())
    }

    /// Paints the code from here to `end`.
    fn take(&mut self, class: Class, end: usize) {
        self.painter.paint(None, &self.code[self.painted..self.at]);
        self.painter.paint(Some(class), &self.code[self.at..end]);
        self.painted = end;
        self.at = end;
    }

    fn step(&mut self) {
        let byte = self.bytes[self.at];
        match byte {
            b'\n' => {
                self.at += 1;
                let continued = self.has(SHELL) && self.at >= 2 && self.bytes[self.at - 2] == b'\\';
                self.state = State { command: !continued, ..State::START };
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            _ if self.comment() || self.string() || self.special(byte) => {
                self.state.line_start = false;
            }
            b'0'..=b'9' => {
                let end = number_end(self.bytes, self.at);
                self.take(Class::Number, end);
                self.after_value();
            }
            _ if is_word_start(byte) => self.word(),
            _ => {
                self.at += 1;
                self.state.line_start = false;
                self.state.introduces = None;
                self.state.operand = !matches!(byte, b')' | b']' | b'}' | b'"' | b'\'');
                self.state.command = match byte {
                    b'|' | b'&' | b';' | b'(' | b'`' | b'!' | b'{' => true,
                    b'$' => self.state.command && matches!(self.bytes.get(self.at), Some(b' ' | b'(')),
                    _ => false,
                };
            }
        }
    }

    fn after_value(&mut self) {
        self.state = State { line_start: false, command: false, operand: false, introduces: None };
    }

    fn comment(&mut self) -> bool {
        if let Some((open, close)) = self.rules.block_comment
            && self.starts_with(open)
        {
            let mut depth = 1;
            let mut end = self.at + open.len();
            while depth > 0 {
                let rest = &self.bytes[end..];
                let Some(next) = memchr::memmem::find(rest, close.as_bytes()) else {
                    end = self.bytes.len();
                    break;
                };
                // Only Rust nests them.
                let opened =
                    if self.has(RUST) { memchr::memmem::find_iter(&rest[..next], open).count() } else { 0 };
                depth += opened;
                depth -= 1;
                end += next + close.len();
            }
            self.take(Class::Comment, end);
            return true;
        }
        let needs_space = self.has(SHELL | COLON_KEYS | EQUALS_KEYS | SPACED);
        let spaced = self.at == 0 || self.bytes[self.at - 1].is_ascii_whitespace();
        if (!needs_space || spaced) && self.rules.line_comments.iter().any(|open| self.starts_with(open)) {
            let end = self.line_end();
            self.take(Class::Comment, end);
            return true;
        }
        false
    }

    fn line_end(&self) -> usize {
        memchr::memchr(b'\n', &self.bytes[self.at..]).map_or(self.bytes.len(), |length| self.at + length)
    }

    fn string(&mut self) -> bool {
        let rules = self.rules;
        let Some(kind) = rules.quotes.iter().position(|quote| self.starts_with(quote.open)) else {
            return false;
        };
        let quote = &rules.quotes[kind];
        if self.at < self.unclosed[kind] {
            return false;
        }
        // In text that is no code, as in the output of a command, `don't` opens nothing.
        let after_letter = self.at > 0
            && (self.bytes[self.at - 1].is_ascii_alphanumeric() || self.bytes[self.at - 1] >= 0x80);
        if quote.open == "'" && after_letter && self.has(SHELL | COLON_KEYS | SYMBOLS) {
            return false;
        }
        let Some(end) = quoted_end(self.bytes, self.at + quote.open.len(), quote) else {
            // The next one in this line would look through the same signs, and find no more.
            self.unclosed[kind] = self.line_end();
            return false;
        };
        if self.has(STRING_KEYS) && self.next_is(end, b':') {
            self.take(Class::Attribute, end);
        } else if quote.holes {
            self.string_with_holes(end);
        } else {
            self.take(Class::String, end);
        }
        self.after_value();
        true
    }

    /// `"a $b ${c} d"`
    fn string_with_holes(&mut self, end: usize) {
        let mut from = self.at;
        while let Some(step) = memchr::memchr(b'$', &self.bytes[from..end]) {
            let hole = from + step;
            let Some(hole_end) = variable_end(self.bytes, hole).filter(|hole_end| *hole_end <= end) else {
                from = hole + 1;
                continue;
            };
            self.take(Class::String, hole);
            self.take(Class::Variable, hole_end);
            from = hole_end;
        }
        self.take(Class::String, end);
    }

    fn next_is(&self, at: usize, wanted: u8) -> bool {
        self.bytes[at..].iter().find(|b| !matches!(b, b' ' | b'\t')) == Some(&wanted)
    }

    /// What only some languages have. `true` where something was taken.
    fn special(&mut self, byte: u8) -> bool {
        let taken = match byte {
            b'$' if self.has(DOLLAR) => variable_end(self.bytes, self.at).map(|end| (Class::Variable, end)),
            b'@' if self.has(AT) => {
                let end = word_end(
                    self.bytes,
                    self.at + 1 + usize::from(self.bytes.get(self.at + 1) == Some(&b'@')),
                );
                (end > self.at + 1).then_some((Class::Attribute, end))
            }
            b'#' if self.has(RUST) => attribute_end(self.bytes, self.at).map(|end| (Class::Attribute, end)),
            b'#' if self.has(PREPROCESSOR) && self.state.line_start => {
                Some((Class::Keyword, word_end(self.bytes, self.at + 1)))
            }
            b'\'' if self.has(RUST) => match char_end(self.code, self.at) {
                Some(end) => Some((Class::String, end)),
                None => {
                    self.at = word_end(self.bytes, self.at + 1);
                    return true;
                }
            },
            b'r' | b'b' | b'c' if self.has(RUST) => {
                rust_string_end(self.bytes, self.at).map(|end| (Class::String, end))
            }
            b'/' if self.has(REGEX) && self.state.operand => {
                pattern_end(self.bytes, self.at).map(|end| (Class::String, end))
            }
            b':' if self.has(SYMBOLS) => {
                let end = word_end(self.bytes, self.at + 1);
                let alone = self.at == 0
                    || !matches!(self.bytes[self.at - 1], b':') && !is_word(self.bytes[self.at - 1]);
                (alone && end > self.at + 1).then_some((Class::Constant, end))
            }
            b'-' if self.has(SHELL | OPTIONS)
                && !self.state.line_start
                && matches!(self.bytes[self.at - 1], b' ' | b'\t') =>
            {
                let end = self.at
                    + self.bytes[self.at..].iter().take_while(|b| is_word(**b) || **b == b'-').count();
                (end > self.at + 1).then_some((Class::Attribute, end))
            }
            b'[' if self.has(EQUALS_KEYS) && self.state.line_start => Some((Class::Heading, self.line_end())),
            _ if self.has(COLON_KEYS | EQUALS_KEYS) && self.state.line_start => {
                if byte == b'-' && matches!(self.bytes.get(self.at + 1), Some(b' ')) {
                    // A key may follow the dash of a list.
                    self.at += 1;
                    self.state.line_start = true;
                    return self.key();
                }
                return self.key();
            }
            _ => None,
        };
        let Some((class, end)) = taken else { return false };
        self.take(class, end);
        self.after_value();
        true
    }

    /// `key:` or `key =` at the beginning of a line.
    fn key(&mut self) -> bool {
        let spaces = self.bytes[self.at..].iter().take_while(|b| **b == b' ').count();
        let start = self.at + spaces;
        let belongs = |b: &&u8| is_word(**b) || matches!(**b, b'-' | b'.' | b'/' | b'"' | b'*');
        let end = start + self.bytes[start..].iter().take_while(belongs).count();
        let ends_key = if self.has(COLON_KEYS) {
            self.bytes.get(end) == Some(&b':') && self.bytes.get(end + 1).is_none_or(u8::is_ascii_whitespace)
        } else {
            self.next_is(end, b'=')
        };
        if end == start || !ends_key {
            return false;
        }
        self.at = start;
        self.take(Class::Attribute, end);
        true
    }

    // Long because each thing that a word may be is tried in one order.
    fn word(&mut self) {
        let start = self.at;
        let mut end = word_end(self.bytes, start);
        if self.has(SHELL) {
            return self.shell_word(end);
        }
        if self.has(COLON_KEYS) {
            // A value is a constant only as a whole.
            let stops = |b: &u8| matches!(b, b'\n' | b',' | b']' | b'}' | b'#');
            let to =
                self.bytes[start..].iter().position(stops).map_or(self.bytes.len(), |length| start + length);
            let value = self.code[start..to].trim_end();
            if contains(self.rules.constants, value) {
                self.take(Class::Constant, start + value.len());
            }
            self.at = self.at.max(to);
            return self.after_value();
        }
        while self.has(DASHES)
            && self.bytes.get(end) == Some(&b'-')
            && self.bytes.get(end + 1).is_some_and(|b| is_word_start(*b))
        {
            end = word_end(self.bytes, end + 1);
        }
        if self.has(SYMBOLS)
            && matches!(self.bytes.get(end), Some(b'?' | b'!'))
            && self.bytes.get(end + 1) != Some(&b'=')
        {
            end += 1;
        }
        if self.has(PREFIXES) && end - start <= 2 && matches!(self.bytes.get(end), Some(b'"' | b'\'')) {
            let rules = self.rules;
            let opens = |quote: &&Quote| self.bytes[end..].starts_with(quote.open.as_bytes());
            if let Some(quote) = rules.quotes.iter().find(opens)
                && let Some(end) = quoted_end(self.bytes, end + quote.open.len(), quote)
            {
                self.take(Class::String, end);
                return self.after_value();
            }
        }
        let word = &self.code[start..end];
        let after_dot =
            start > 0 && self.bytes[start - 1] == b'.' && (start < 2 || self.bytes[start - 2] != b'.');
        let folded;
        let known = if self.has(FOLD) && word.len() < 32 {
            folded = word.to_ascii_lowercase();
            &folded
        } else {
            word
        };
        let introduced = self.state.introduces;
        self.after_value();
        let class = if !after_dot && contains(self.rules.keywords, known) {
            // `count(` is a function, `in (` is not; in SQL only a space tells them apart.
            self.state.operand = true;
            self.state.introduces = introduces(known);
            Some(Class::Keyword)
        } else if !after_dot && contains(self.rules.constants, known) {
            Some(Class::Constant)
        } else if !after_dot && contains(self.rules.types, known) {
            Some(Class::Type)
        } else if self.has(RUST)
            && self.bytes.get(end) == Some(&b'!')
            && matches!(self.bytes.get(end + 1), Some(b'(' | b'[' | b'{'))
        {
            end += 1;
            Some(Class::Function)
        } else if self.has(OPTIONS) && word.contains('-') {
            Some(Class::Function)
        } else if introduced.is_some() {
            introduced
        } else if self.has(CALLS) && self.bytes.get(end) == Some(&b'(') {
            Some(Class::Function)
        } else if self.has(CAPITALS) && word.as_bytes()[0].is_ascii_uppercase() {
            let capitals = word.len() > 1 && !word.bytes().any(|b| b.is_ascii_lowercase());
            Some(if capitals { Class::Constant } else { Class::Type })
        } else {
            None
        };
        match class {
            Some(class) => self.take(class, end),
            None => self.at = end,
        }
    }

    fn shell_word(&mut self, name_end: usize) {
        let start = self.at;
        let ends = |b: &u8| b.is_ascii_whitespace() || b"|&;()<>\"'`$#{}[]=\\".contains(b);
        let end = self.bytes[start..]
            .iter()
            .position(ends)
            .map_or(self.bytes.len(), |length| start + length)
            .max(name_end);
        let word = &self.code[start..end];
        let command = self.state.command;
        self.after_value();
        if (command || word == "in") && contains(self.rules.keywords, word) {
            self.state.command = matches!(word, "do" | "else" | "elif" | "if" | "then" | "until" | "while");
            self.take(Class::Keyword, end);
        } else if command && self.bytes.get(end) == Some(&b'=') && end == name_end {
            self.take(Class::Variable, end);
        } else if command {
            self.take(Class::Function, end);
        } else {
            self.at = end;
        }
    }

    fn diff(&mut self) {
        while self.at < self.bytes.len() {
            let end = self.line_end();
            let class = match &self.bytes[self.at..end] {
                [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'@', ..] => Some(Class::Heading),
                line if line.starts_with(b"diff ") || line.starts_with(b"index ") => Some(Class::Heading),
                [b'+' | b'>', ..] => Some(Class::Inserted),
                [b'-' | b'<', ..] => Some(Class::Deleted),
                _ => None,
            };
            match class {
                Some(class) => self.take(class, end),
                None => self.at = end,
            }
            self.at += 1;
        }
    }
}

fn contains(words: &[&str], word: &str) -> bool {
    words.binary_search(&word).is_ok()
}

/// What the word after this one is the name of.
fn introduces(keyword: &str) -> Option<Class> {
    match keyword {
        "fn" | "def" | "defp" | "defmacro" | "func" | "function" | "fun" => Some(Class::Function),
        "class" | "struct" | "enum" | "trait" | "interface" | "impl" | "module" | "defmodule"
        | "protocol" => Some(Class::Type),
        _ => None,
    }
}

fn is_word_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_' || b >= 0x80
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    bytes.get(start..).map_or(bytes.len(), |rest| start + rest.iter().take_while(|b| is_word(**b)).count())
}

/// Digits with `_`, a point before another digit, an exponent, letters for base and type.
pub(super) fn number_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    let is_hex = matches!(bytes.get(start + 1), Some(b'x' | b'X'));
    while let Some(b) = bytes.get(end) {
        let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match b {
            b if b.is_ascii_alphanumeric() || *b == b'_' => end += 1,
            b'.' if next_is_digit => end += 1,
            b'+' | b'-'
                if !is_hex && next_is_digit && matches!(bytes[end - 1], b'e' | b'E') && end > start =>
            {
                end += 1
            }
            _ => break,
        }
    }
    end
}

fn quoted_end(bytes: &[u8], from: usize, quote: &Quote) -> Option<usize> {
    string_end(bytes, from, quote.close, quote.escapes, quote.lines)
}

/// Where a string ends whose opening lies before `from`. `None`: it isn't closed in its line.
pub(super) fn string_end(
    bytes: &[u8],
    from: usize,
    close: &str,
    escapes: bool,
    lines: bool,
) -> Option<usize> {
    let close = close.as_bytes();
    let mut at = from;
    loop {
        let rest = &bytes[at..];
        let step = if escapes {
            memchr::memchr3(close[0], b'\\', b'\n', rest)
        } else {
            memchr::memchr2(close[0], b'\n', rest)
        };
        let Some(step) = step else { return lines.then_some(bytes.len()) };
        at += step;
        match bytes[at] {
            b'\n' if !lines => return None,
            b'\\' if escapes => {
                at += 2;
                // A continued line is still the same line; half a character is none.
                while at < bytes.len() && bytes[at] & 0xc0 == 0x80 {
                    at += 1;
                }
            }
            _ if bytes[at..].starts_with(close) => return Some(at + close.len()),
            _ => at += 1,
        }
        if at >= bytes.len() {
            return lines.then_some(bytes.len());
        }
    }
}

/// `$name`, `$1`, `$?`, `${…}` on one line.
fn variable_end(bytes: &[u8], dollar: usize) -> Option<usize> {
    match bytes.get(dollar + 1)? {
        b'{' => {
            let length = bytes[dollar..].iter().take(200).position(|b| matches!(b, b'}' | b'\n'))?;
            (bytes[dollar + length] == b'}').then_some(dollar + length + 1)
        }
        b'0'..=b'9' | b'?' | b'#' | b'@' | b'*' | b'!' | b'$' => Some(dollar + 2),
        b if is_word_start(*b) => Some(word_end(bytes, dollar + 1)),
        _ => None,
    }
}

/// `#[…]` and `#![…]`, brackets paired, on at most a few lines.
fn attribute_end(bytes: &[u8], hash: usize) -> Option<usize> {
    let open = hash + 1 + usize::from(bytes.get(hash + 1) == Some(&b'!'));
    if bytes.get(open) != Some(&b'[') {
        return None;
    }
    let mut depth = 0_u32;
    for (at, b) in bytes.iter().enumerate().skip(open).take(400) {
        match b {
            b'[' => depth += 1,
            b']' if depth == 1 => return Some(at + 1),
            b']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A character between quotes, rather than a lifetime.
fn char_end(code: &str, quote: usize) -> Option<usize> {
    let rest = &code[quote + 1..];
    let first = rest.chars().next()?;
    if first == '\\' {
        let length = rest.bytes().skip(2).take(12).position(|b| b == b'\'')?;
        return Some(quote + 1 + 2 + length + 1).filter(|end| code.is_char_boundary(*end));
    }
    let end = quote + 1 + first.len_utf8();
    (code.as_bytes().get(end) == Some(&b'\'')).then_some(end + 1)
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `b'…'`.
fn rust_string_end(bytes: &[u8], start: usize) -> Option<usize> {
    if start > 0 && is_word(bytes[start - 1]) {
        return None;
    }
    let mut at = start + usize::from(matches!(bytes[start], b'b' | b'c'));
    let is_raw = bytes.get(at) == Some(&b'r');
    at += usize::from(is_raw);
    if !is_raw {
        return (bytes.get(at) == Some(&b'"')).then(|| string_end(bytes, at + 1, "\"", true, true)).flatten();
    }
    let hashes = bytes[at..].iter().take(16).take_while(|b| **b == b'#').count();
    if bytes.get(at + hashes) != Some(&b'"') {
        return None;
    }
    let from = at + hashes + 1;
    let closes =
        |step: &usize| bytes[from + step + 1..].iter().take(hashes).filter(|b| **b == b'#').count() == hashes;
    let end = memchr::memchr_iter(b'"', &bytes[from..]).find(closes);
    Some(end.map_or(bytes.len(), |step| from + step + 1 + hashes))
}

/// `/…/flags` on one line.
fn pattern_end(bytes: &[u8], slash: usize) -> Option<usize> {
    if matches!(bytes.get(slash + 1), None | Some(b' ' | b'/' | b'*' | b'\n' | b'=')) {
        return None;
    }
    let mut in_set = false;
    let mut at = slash + 1;
    while let Some(b) = bytes.get(at).filter(|_| at - slash < LONGEST_PATTERN) {
        match b {
            b'\n' => return None,
            b'\\' => at += 1,
            b'[' => in_set = true,
            b']' => in_set = false,
            b'/' if !in_set => {
                let flags = bytes[at + 1..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
                return Some(at + 1 + flags);
            }
            _ => {}
        }
        at += 1;
    }
    None
}
