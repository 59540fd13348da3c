//! Markup of other programs that is not rendered here: formulas, templates, AsciiDoc and its like, rows of tables with
//! more cells than columns. It comes out as it was typed, so each kind of it is told once a file,
//! at its first place, with how often it stands there and what to write instead.
//!
//! The text is walked once, line by line, beside the ranges that are code. A look ahead within a line is short, so that
//! time is linear in the text. What is told costs more where it is wrong than where it is missed: a price, a matrix or
//! a shell's brackets in a sentence are none of this.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span, count};
pub(crate) use construct::Construct;

mod block;
mod construct;
mod fence;
mod inline;
mod label;
mod table;
mod whole;

/// So far a look ahead goes for the end of something, in bytes.
const AHEAD: usize = 300;

/// What the parser knows of a text.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    /// Code, comments and tags of HTML, in order.
    pub(crate) skipped: Vec<Range<usize>>,
    /// Blocks of code, in order.
    pub(crate) code: Vec<Range<usize>>,
    /// Tables with the number of their columns, in order.
    pub(crate) tables: Vec<(Range<usize>, usize)>,
    /// Where a comment goes on that began in the line above.
    in_comment: Option<usize>,
}

/// What was found: of each kind the first place, and how often.
#[derive(Debug, Default)]
pub(crate) struct Constructs {
    kinds: BTreeMap<Construct, (Range<usize>, usize)>,
}

impl Parsed {
    pub(crate) fn code_block(&mut self, range: Range<usize>) {
        self.skipped.push(range.clone());
        self.code.push(range);
    }

    /// Notes a piece of raw HTML: of a block the comments, of a sentence the tags of elements that are known.
    pub(crate) fn html(&mut self, html: &str, range: Range<usize>) {
        let is_component =
            html.trim_start_matches(['<', '/']).starts_with(|it: char| it.is_ascii_uppercase());
        let goes_on = self.in_comment.is_some_and(|end| end == range.start);
        let trimmed = html.trim_start();
        if goes_on || trimmed.starts_with("<!--") {
            self.in_comment = (!html.contains("-->")).then_some(range.end);
            self.skipped.push(range);
        } else if trimmed.starts_with('<')
            && !is_component
            && html.trim_end().ends_with('>')
            && html.matches('<').count() == 1
        {
            self.skipped.push(range);
        }
    }
}

impl Constructs {
    fn add(&mut self, construct: Construct, range: Range<usize>) {
        let (first, times) = self.kinds.entry(construct).or_insert_with(|| (range.clone(), 0));
        if range.start < first.start {
            *first = range;
        }
        *times += 1;
    }

    /// One problem for each kind; `span` turns a range of the text into a place in the file.
    pub(crate) fn diagnostics(
        &self,
        file: &Arc<str>,
        span: impl Fn(Range<usize>) -> Span,
    ) -> impl Iterator<Item = Diagnostic> {
        self.kinds.iter().map(move |(construct, (first, times))| {
            let often = match *times {
                1 => String::new(),
                times => format!(" ({} in this file)", count(times, "time")),
            };
            let message = format!("{}{often}.", construct.message());
            Diagnostic::new(Rule::Markdown, file, span(first.clone()), message).help(construct.help())
        })
    }
}

/// Looks for what is not rendered.
pub(crate) fn find(text: &str, known: &Parsed) -> Constructs {
    let mut found = Constructs::default();
    fence::find(text, &known.code, &mut found);
    table::find(text, &known.tables, &mut found);
    whole::find(text, &mut found);
    let mut skipped = known.skipped.iter().peekable();
    let mut labels = label::Labels::new(text);
    let mut tables = known.tables.iter().peekable();
    let mut before = "";
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.trim_end_matches('\n').len();
        let line = &text[range.clone()];
        start = range.end + 1;
        while skipped.next_if(|it| it.end <= range.start).is_some() {}
        let is_within = skipped.peek().is_some_and(|it| it.start <= range.start && it.end > range.start);
        while tables.next_if(|(it, _)| it.end <= range.start).is_some() {}
        let in_table = tables.peek().is_some_and(|(it, _)| it.start <= range.start);
        if !is_within {
            block::find(line, range.start, before, in_table, &mut found);
        }
        inline::find(line, range.start, &mut skipped.clone(), &mut labels, &mut found);
        before = if is_within { "" } else { line };
    }
    found
}

#[cfg(test)]
mod tests;
