//! What is open: containers and their like, each a quotation in the markdown, or nothing but what it holds.

use std::ops::Range;

use super::{FRAMES, INDENTATION, QUOTES, Reader, Title};
use crate::page::jsx::escaped;

/// Something that holds blocks.
pub(super) struct Frame<'t> {
    pub(super) end: End<'t>,
    pub(super) holds: Holds<'t>,
    /// Whether it is a quotation.
    is_quote: bool,
    /// How many columns each line in it loses.
    pub(super) strip: usize,
    /// How long the prefix of lines was before it.
    prefix: usize,
    /// The list items that were open before it.
    lists: Vec<usize>,
}

/// Where something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End<'t> {
    /// At a line of so many colons or more.
    Fence(usize),
    /// Before the first line that begins left of this column.
    Indent(usize),
    /// Before the first line that begins left of this column, or is no part of it.
    Group(usize),
    /// Before the first line that begins left of this column and follows an empty one, or says another meaning.
    Meaning(usize),
    /// With its paragraph.
    Paragraph,
    /// At the closing tag of this name.
    Tag(&'t str),
    /// Before the next part of what it stands in.
    Part,
}

/// What it holds, as far as it matters for what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds<'t> {
    Blocks,
    /// Tabs, with the labels of those that have none of their own.
    Tabs(&'t str),
    /// Blocks of code, each a tab.
    CodeGroup,
    /// Terms and what they mean.
    Definitions,
    /// The text of a link, with its address.
    Link(&'t str),
}

impl<'t> Reader<'t> {
    /// The column at which what stands in the innermost frame begins.
    pub(super) fn strip(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.strip)
    }

    pub(super) fn holds(&self) -> Holds<'t> {
        self.frames.last().map_or(Holds::Blocks, |frame| frame.holds)
    }

    fn quotes(&self) -> usize {
        self.frames.iter().filter(|frame| frame.is_quote).count()
    }

    /// Begins something that is shown as what it holds.
    pub(super) fn open_plain(&mut self, end: End<'t>, holds: Holds<'t>, strip: usize) {
        self.end_line_at(self.at..self.at);
        if self.frames.len() < FRAMES {
            let lists = std::mem::take(&mut self.lists);
            self.frames.push(Frame { end, holds, is_quote: false, strip, prefix: self.prefix.len(), lists });
        }
    }

    /// Begins a quotation with this mark, at so many columns from where its surroundings begin.
    pub(super) fn open_quote(
        &mut self,
        mark: &str,
        title: Title<'_>,
        place: Range<usize>,
        columns: usize,
        (end, holds, strip): (End<'t>, Holds<'t>, usize),
    ) {
        self.end_line_at(place.clone());
        self.separate(place.clone());
        if self.quotes() >= QUOTES || self.frames.len() >= FRAMES {
            self.write_title(title, place.clone());
            self.separate(place);
            return self.open_plain(end, holds, strip);
        }
        let indent = " ".repeat(columns.min(INDENTATION));
        let untitled = if matches!(title, Title::Untitled) { "|no-title" } else { "" };
        let begin = match mark.rsplit_once(']') {
            Some((name, fold)) => format!("{}{indent}> [!{name}{untitled}]{fold}", self.prefix),
            None => format!("{}{indent}> [!{mark}{untitled}]", self.prefix),
        };
        self.out.put(&begin, place.clone());
        match title {
            Title::None | Title::Untitled => {}
            Title::Written(range) => {
                self.out.put(" ", range.start..range.start);
                self.out.copy(self.text, range);
            }
            Title::Said(text, range) => {
                self.out.put(&format!(" {}", escaped(&text)), range);
            }
        }
        let before = self.prefix.len();
        self.prefix.push_str(&indent);
        self.prefix.push_str("> ");
        let blank = format!("\n{}\n", self.prefix.trim_end());
        self.out.put(&blank, place.end..place.end);
        self.after_blank = true;
        let lists = std::mem::take(&mut self.lists);
        self.frames.push(Frame { end, holds, is_quote: true, strip, prefix: before, lists });
    }

    /// Writes a title as a paragraph, where nothing can hold it.
    fn write_title(&mut self, title: Title<'_>, place: Range<usize>) {
        let prefix = self.prefix.clone();
        match title {
            Title::None | Title::Untitled => return,
            Title::Written(range) => {
                self.out.put(&prefix, place);
                self.out.copy(self.text, range);
            }
            Title::Said(text, range) => self.out.put(&format!("{prefix}**{}**", escaped(&text)), range),
        }
        self.out.put("\n", self.at..self.at);
        self.after_blank = false;
    }

    /// Ends the innermost frame.
    pub(super) fn close(&mut self) {
        let place = self.at..self.at;
        let Some(frame) = self.frames.pop() else { return };
        if let Holds::Link(target) = frame.holds {
            self.begin_line();
            self.out.put(&format!("]({})", super::shortcode::destination(target)), place);
            return;
        }
        self.end_line_at(place.clone());
        self.lists = frame.lists;
        self.prefix.truncate(frame.prefix);
        if frame.is_quote {
            let blank = format!("{}\n", self.prefix.trim_end());
            self.out.put(&blank, place);
            self.after_blank = true;
        }
    }

    /// Ends all frames from this one on.
    pub(super) fn close_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            self.close();
        }
    }

    /// Writes an empty line, unless the last one is.
    pub(super) fn separate(&mut self, place: Range<usize>) {
        if !self.after_blank {
            let blank = format!("{}\n", self.prefix.trim_end());
            self.out.put(&blank, place);
            self.after_blank = true;
        }
    }

    /// Ends the line that is being written, if anything of it was.
    pub(super) fn end_line_at(&mut self, place: Range<usize>) {
        if self.is_begun {
            self.out.put("\n", place.start..place.start);
            self.is_begun = false;
            self.after_blank = false;
        }
    }
}
