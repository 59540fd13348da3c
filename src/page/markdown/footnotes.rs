//! Footnotes: gathered after everything else, numbered by their first references.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::writer::{Events, Stop, Writer};
use super::{Footnote, Segment, narrow};

impl Writer<'_> {
    /// Puts the definitions after everything else, in the order of their first references, and
    /// numbers them. A definition may refer to others.
    pub(super) fn gather_footnotes(&mut self, events: &mut Events<'_>) {
        let mut main = Vec::with_capacity(events.len());
        let mut definitions: Vec<Option<(String, Events<'_>)>> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for (event, range) in events.drain(..) {
            if let Event::Start(Tag::FootnoteDefinition(label)) = &event {
                open.push(definitions.len());
                definitions.push(Some((label.to_lowercase(), Vec::new())));
            }
            let ends = matches!(event, Event::End(TagEnd::FootnoteDefinition));
            match open.last().and_then(|index| definitions[*index].as_mut()) {
                Some((_, own)) => own.push((event, range)),
                None => main.push((event, range)),
            }
            if ends {
                open.pop();
            }
        }
        let mut first = HashMap::new();
        for (index, definition) in definitions.iter().enumerate().rev() {
            if let Some((label, _)) = definition {
                first.insert(label.clone(), index);
            }
        }
        *events = main;
        let mut seen = 0;
        let mut unused = 0;
        loop {
            while seen < events.len() {
                if let Event::FootnoteReference(label) = &events[seen].0
                    && let Some(index) = first.get(&label.to_lowercase())
                    && let Some((_, own)) = definitions[*index].take()
                {
                    self.number_footnote(&own);
                    events.extend(own);
                }
                seen += 1;
            }
            // What nobody refers to comes last; it may refer to others in turn.
            let Some(definition) = definitions.get_mut(unused) else { break };
            unused += 1;
            if let Some((_, own)) = definition.take() {
                self.number_footnote(&own);
                events.extend(own);
            }
        }
    }

    pub(super) fn number_footnote(&mut self, events: &Events<'_>) {
        if let Some((Event::Start(Tag::FootnoteDefinition(label)), _)) = events.first() {
            let number = narrow(self.body.footnotes.len());
            self.numbers.entry(label.to_lowercase()).or_insert(number);
            self.body.footnotes.push(Footnote { label: label.to_string(), references: 0, text: 0..0 });
        }
    }

    pub(super) fn footnote(
        &mut self,
        events: &Events<'_>,
        first: usize,
        limit: usize,
    ) -> Result<usize, Stop> {
        let index = self.footnotes_written;
        self.footnotes_written += 1;
        self.flush();
        if !self.in_footnotes {
            self.in_footnotes = true;
            self.body.footnote_section.start = narrow(self.body.segments.len());
            self.slot(Segment::FootnotesOpen);
        }
        self.slot(Segment::FootnoteOpen(index));
        self.break_text();
        let text = self.body.text.len();
        let mut at = first + 1;
        while at < events.len() && !matches!(events[at].0, Event::End(TagEnd::FootnoteDefinition)) {
            at = self.block(events, at, limit)?;
        }
        self.flush();
        let in_paragraph = match self.body.segments.last_mut() {
            Some(Segment::Html { from, to }) if self.body.html[*from as usize..].ends_with("</p>\n") => {
                *to -= "</p>\n".len() as u32;
                true
            }
            _ => false,
        };
        self.slot(Segment::FootnoteBack(index));
        self.body.html.push_str(if in_paragraph { "</p>\n</li>\n" } else { "</li>\n" });
        let text_end = text + self.body.text[text..].trim_end_matches('\n').len();
        if let Some(footnote) = self.body.footnotes.get_mut(index as usize) {
            footnote.text = narrow(text)..narrow(text_end);
        }
        Ok(at + 1)
    }

    pub(super) fn footnote_reference(&mut self, label: &str) {
        let number = self.numbers.get(&label.to_lowercase()).copied();
        match number.and_then(|number| Some((number, self.body.footnotes.get_mut(number as usize)?))) {
            Some((footnote, of)) => {
                of.references += 1;
                let nth = of.references;
                self.slot(Segment::FootnoteReference { footnote, nth });
            }
            None => self.plain(&format!("[^{label}]")),
        }
    }
}
