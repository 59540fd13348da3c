//! What stands after the fence of a block of code beside its language, in the ways that people bring from elsewhere:
//! `{2,5-7}`, `title="app.js"`, `:app.js`, `[app.js]`, `linenums="1"`, `showLineNumbers`, `.numberLines startFrom="5"`.

use std::ops::RangeInclusive;

use longhouse_highlight::Language;

use crate::page::limits;

/// How many ranges of lines one block may name.
const RANGES: usize = 100;

/// What is said of a block of code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fence {
    /// What the code is, mostly the name of a file.
    pub title: Option<String>,
    /// Lines to look at, from 1.
    pub marked: Vec<RangeInclusive<u32>>,
    /// Lines that are new, and lines that are gone.
    pub inserted: Vec<RangeInclusive<u32>>,
    pub deleted: Vec<RangeInclusive<u32>>,
    /// The number of the first line, where lines are numbered.
    pub numbers: Option<u32>,
}

impl Fence {
    /// Reads an info string.
    pub(super) fn of(info: &str, language: Option<&Language<'_>>) -> Fence {
        let mut fence = Fence::default();
        let written = language.map_or("", |language| language.written);
        let info = info.trim();
        let after = info.find(written).map_or(info, |at| &info[at + written.len()..]);
        // A path says what is in it, and is its title too.
        if written.contains('/') || (written.contains('.') && !written.starts_with('.')) {
            fence.set_title(written.rsplit(':').next().unwrap_or(written));
        }
        let mut rest = after;
        while let Some((key, value, behind)) = next(rest) {
            // What stands in brackets is a title only after a language.
            if key != "[]" || language.is_some() {
                fence.take(key, value);
            }
            rest = behind;
        }
        fence
    }

    fn take(&mut self, key: &str, value: Option<&str>) {
        let value_or = |otherwise| value.unwrap_or(otherwise).trim();
        match (key, value) {
            ("title" | "filename" | "file" | "name" | "caption" | "label", Some(title)) => {
                self.set_title(title)
            }
            ("{}", Some(lines)) if is_lines(lines) => ranges(lines, &mut self.marked),
            ("{}", Some(inner)) => {
                let mut rest = inner;
                while let Some((key, value, behind)) = next(rest) {
                    if key != "{}" {
                        self.take(key, value);
                    }
                    rest = behind;
                }
            }
            ("[]", Some(title)) => self.set_title(title),
            (
                "hl_lines" | "hl-lines" | "mark_lines" | "mark" | "highlight" | "emphasize-lines" | "lines",
                Some(lines),
            ) => {
                ranges(lines, &mut self.marked);
            }
            ("ins" | "add", Some(lines)) => ranges(lines, &mut self.inserted),
            ("del" | "rem" | "remove", Some(lines)) => ranges(lines, &mut self.deleted),
            (
                "showLineNumbers" | "numberLines" | ".numberLines" | ".number-lines" | "line-numbers"
                | ":line-numbers" | "linenos" | "lineNumbers" | "lineno" | "number-lines",
                value,
            ) if !matches!(value_or("true"), "false" | "0" | "off") => {
                let first = value.and_then(|value| value.trim().parse().ok());
                self.numbers = first.or(self.numbers).or(Some(1));
            }
            (
                "linenums" | "startFrom" | "start-from" | "linenostart" | "startLineNumber" | "lineno-start",
                Some(first),
            ) => {
                self.numbers = first.trim().parse().ok().or(Some(1));
            }
            (key, None) => {
                // `js:app.js` and `ts:line-numbers`.
                let name = key.strip_prefix(':').filter(|name| name.contains('.'));
                if let Some(name) = name {
                    self.set_title(name);
                }
            }
            _ => {}
        }
    }

    fn set_title(&mut self, title: &str) {
        let title = title.trim();
        if !title.is_empty() && self.title.is_none() {
            self.title = Some(limits::cut(title, limits::TITLE).unwrap_or_else(|| title.to_owned()));
        }
    }
}

/// The next part of an info string: a name, its value, and the rest. What stands between brackets is the value of `{}`
/// or `[]`.
fn next(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let text = text.trim_start_matches([' ', '\t', ',', ';']);
    let first = text.chars().next()?;
    if let Some((name, close)) = match first {
        '{' => Some(("{}", '}')),
        '[' => Some(("[]", ']')),
        _ => None,
    } {
        let inner = &text[1..];
        let end = closing(inner, close).unwrap_or(inner.len());
        return Some((name, Some(&inner[..end]), inner.get(end + 1..).unwrap_or_default()));
    }
    // The colon of `:line-numbers` begins a name, that of `numberLines: true` ends one.
    let length = text[first.len_utf8()..]
        .find(|c: char| c.is_whitespace() || matches!(c, '=' | ',' | '{' | '[' | '}' | ':'))
        .map_or(text.len(), |at| at + first.len_utf8());
    let (key, behind) = text.split_at(length);
    let is_setting = behind.starts_with(['=', ':']) && !matches!(key, "=" | ":");
    if !is_setting {
        let behind = if length == 0 { text.get(first.len_utf8()..).unwrap_or_default() } else { behind };
        return Some((key, None, behind));
    }
    let value = behind[1..].trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '{' | '['));
    if let Some(quote) = quote {
        let close = match quote {
            '{' => '}',
            '[' => ']',
            quote => quote,
        };
        let inner = &value[1..];
        let end = inner.find(close).unwrap_or(inner.len());
        return Some((key, Some(&inner[..end]), inner.get(end + 1..).unwrap_or_default()));
    }
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, ',' | '}' | ']')).unwrap_or(value.len());
    let (value, mut behind) = value.split_at(end);
    // `hl_lines=3-4 8-9` has no quotes in some programs.
    if matches!(key, "hl_lines") {
        let more = behind.len()
            - behind.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | ' ')).len();
        let whole = value.len() + more;
        let start = text.len() - behind.len() - value.len();
        behind = &behind[more..];
        return Some((key, Some(&text[start..start + whole]), behind));
    }
    Some((key, Some(value), behind))
}

/// Where a bracket closes that is open, past those in it.
fn closing(text: &str, close: char) -> Option<usize> {
    let open = if close == '}' { '{' } else { '[' };
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

fn is_lines(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, ',' | '-'))
}

/// Numbers of lines and ranges of them, whatever stands between.
fn ranges(text: &str, out: &mut Vec<RangeInclusive<u32>>) {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '-').filter(|part| !part.is_empty());
    for part in parts.take(RANGES) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        if let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>())
            && out.len() < RANGES
        {
            out.push(first..=last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Title, marked lines, new ones, gone ones, the first number.
    fn said(info: &str) -> String {
        let language = longhouse_highlight::language(info);
        let fence = Fence::of(info, language.as_ref());
        let lines = |ranges: &[RangeInclusive<u32>]| {
            ranges.iter().map(|it| format!("{}-{}", it.start(), it.end())).collect::<Vec<_>>().join(",")
        };
        [
            fence.title.clone().unwrap_or_default(),
            lines(&fence.marked),
            lines(&fence.inserted),
            lines(&fence.deleted),
            fence.numbers.map(|it| it.to_string()).unwrap_or_default(),
        ]
        .join("|")
    }

    #[test]
    fn each_program_has_its_way_to_say_it() {
        for (info, expected) in [
            ("js", "||||"),
            ("js title=\"app.js\"", "app.js||||"),
            ("js title='my app.js' {2,5-7}", "my app.js|2-2,5-7|||"),
            ("js {2,5-7} title=\"src/app.js\" showLineNumbers", "src/app.js|2-2,5-7|||1"),
            ("js{1,4-5}", "|1-1,4-5|||"),
            ("js:app.js", "app.js||||"),
            ("ts [nuxt.config.ts]", "nuxt.config.ts||||"),
            ("ts:line-numbers=5 {1}", "|1-1|||5"),
            ("ts:line-numbers {1}", "|1-1|||1"),
            ("{.python .numberLines startFrom=\"5\" title=\"x.py\"}", "x.py||||5"),
            ("{ .py title=\"x.py\" linenums=\"3\" hl_lines=\"2 3-4\" }", "x.py|2-2,3-4|||3"),
            ("python hl_lines=\"2 3\" linenums=\"1\"", "|2-2,3-3|||1"),
            ("go {linenos=table,hl_lines=[8,\"15-17\"],linenostart=199}", "|8-8,15-17|||199"),
            ("go {linenos=false}", "||||"),
            ("rust,linenos,hl_lines=3-4 8-9,linenostart=20,name=mod.rs", "mod.rs|3-4,8-9|||20"),
            ("js title=\"a.js\" ins={3} del={4-5} {1}", "a.js|1-1|3-3|4-5|"),
            ("js showLineNumbers=10", "||||10"),
            ("js {numberLines: true}", "||||1"),
            ("src/main.rs", "src/main.rs||||"),
            ("rust,ignore", "||||"),
            ("{r, echo=FALSE}", "||||"),
            ("js title=", "||||"),
            ("js {", "||||"),
            ("js [", "||||"),
            ("js }}}===:::", "||||"),
        ] {
            assert_eq!(said(info), expected, "{info}");
        }
    }
}
