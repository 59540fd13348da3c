//! Blocks of code: their colours, and what their authors say beside the language: a title, lines to look at, numbers.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use longhouse_highlight::{self as highlight, LONGEST_BLOCK, Language, Painted};
use pulldown_cmark::{CodeBlockKind, Event};

use super::fence::Fence;
use super::writer::{Events, Writer, language, spaced};
use super::{Segment, escape_text, lines};
use crate::diagnostic::{Diagnostic, Rule, Span, nearest};
use crate::page::diagram;

impl Writer<'_> {
    pub(super) fn code_block(&mut self, events: &Events<'_>, at: usize, kind: &CodeBlockKind<'_>) -> usize {
        let mut next = at + 1;
        let mut code = Cow::Borrowed("");
        while let Some((Event::Text(text), _)) = events.get(next) {
            if code.is_empty() {
                code = Cow::Borrowed(text);
            } else {
                code.to_mut().push_str(text);
            }
            next += 1;
        }
        let range = &events[at].1;
        self.note_code(range);
        self.break_text();
        let language = language(kind);
        let is_formula = |language: &Language<'_>| matches!(&*language.name, "math" | "katex");
        if self.options.extensions.math
            && language.as_ref().is_some_and(is_formula)
            && self.formula_block(&code, range)
        {
            self.body.text.push_str(&code.split_whitespace().collect::<Vec<_>>().join(" "));
            self.break_text();
            return next + 1;
        }
        let is_diagram = language.as_ref().is_some_and(|language| language.name == "mermaid");
        if is_diagram && self.diagram(&code, range) {
            return next + 1;
        }
        let fence = match kind {
            CodeBlockKind::Fenced(info) => Fence::of(info, language.as_ref()),
            CodeBlockKind::Indented => Fence::default(),
        };
        self.listing(language.as_ref(), &fence, &code, range);
        next + 1
    }

    /// Draws a diagram, with its text below; tells where it cannot.
    fn diagram(&mut self, source: &str, range: &Range<usize>) -> bool {
        let drawn = match diagram::draw(source) {
            Ok(drawn) => drawn,
            Err(reason) => {
                let span = self.source.span(range.clone());
                self.report(|file| no_diagram(file, span, &reason));
                return false;
            }
        };
        self.body.html.push_str("<figure class=\"diagram\"><div class=\"diagram-frame\"");
        // Only what may be wider than the text is a place where the keyboard stops.
        if drawn.size.0 > 320 {
            self.body.html.push_str(" tabindex=\"0\"");
        }
        self.body.html.push('>');
        self.draw(drawn.svg);
        self.body.html.push_str("</div>\n<details><summary>");
        self.slot(Segment::DiagramText);
        self.body.html.push_str("</summary>\n<pre tabindex=\"0\"><code class=\"language-mermaid\">");
        escape_text(source, &mut self.body.html);
        self.body.html.push_str("</code></pre>\n</details></figure>\n");
        self.body.text.push_str(&spaced(source.trim_end_matches('\n')));
        self.break_text();
        true
    }

    /// Writes a block of code with what is said of it.
    fn listing(&mut self, language: Option<&Language<'_>>, fence: &Fence, code: &str, range: &Range<usize>) {
        let (code, marks) = lines::read(code, fence);
        if let Some(title) = &fence.title {
            self.body.html.push_str("<figure class=\"listing\"><figcaption>");
            escape_text(title, &mut self.body.html);
            self.body.html.push_str("</figcaption>\n");
            self.body.text.push_str(&spaced(title));
            self.break_text();
        }
        self.body.html.push_str("<pre tabindex=\"0\"><code");
        let numbered = fence.numbers.is_some() && !marks.is_large;
        let name = language.map(|language| format!("language-{}", language.name));
        let classes = name.into_iter().chain(numbered.then(|| "numbered".to_owned())).collect::<Vec<_>>();
        if !classes.is_empty() {
            self.body.html.push_str(" class=\"");
            self.body.html.push_str(&classes.join(" "));
            self.body.html.push('"');
        }
        self.body.html.push('>');
        let painted = self.painted(language, &code, range);
        lines::write(&painted, &marks, fence.numbers, &mut self.body.html);
        self.body.html.push_str("</code></pre>\n");
        if fence.title.is_some() {
            self.body.html.push_str("</figure>\n");
        }
        self.body.text.push_str(&spaced(code.trim_end_matches('\n')));
        self.break_text();
    }

    /// Code with its colours, if it has any; says once of each reason why it has none.
    fn painted(&mut self, language: Option<&Language<'_>>, code: &str, range: &Range<usize>) -> String {
        let painted = match language {
            Some(language) if self.options.highlight => {
                highlight::highlight(&language.name, code, &mut self.budget)
            }
            _ => Painted::Plain,
        };
        match (painted, language) {
            (Painted::Html(html), _) => return html,
            (Painted::TooCostly, Some(language)) if !self.told_of_cost => {
                self.told_of_cost = true;
                let span = self.fence(language, range);
                self.report(|file| too_costly(file, span, code.len()));
            }
            (Painted::Unknown, Some(language))
                if !language.is_directive && self.unknown_languages.insert(language.name.clone()) =>
            {
                let span = self.fence(language, range);
                self.report(|file| unknown_language(file, span, &language.name));
            }
            _ => {}
        }
        let mut html = String::with_capacity(code.len() + code.len() / 8);
        escape_text(code, &mut html);
        html
    }

    /// Where the language of a block is written.
    fn fence(&self, language: &Language<'_>, range: &Range<usize>) -> Span {
        let block = self.source.cleaned.text.get(range.clone()).unwrap_or_default();
        let line = block.lines().next().unwrap_or_default();
        match line.find(language.written) {
            Some(at) => self.source.span(range.start + at..range.start + at + language.written.len()),
            None => self.source.span(range.start..range.start + line.len()),
        }
    }
}

fn too_costly(file: &Arc<str>, span: Span, length: usize) -> Diagnostic {
    let message = if length > LONGEST_BLOCK {
        format!("This code block is larger than {} KB, so it is not highlighted.", LONGEST_BLOCK / 1024)
    } else {
        "Highlighting this page would take too long, so this block is not highlighted.".to_string()
    };
    Diagnostic::new(Rule::HighlightLimit, file, span, message).help(
        "Show only the lines that matter, or put the code into a file beside the page and link to it. All of the \
         code is on the page.",
    )
}

fn no_diagram(file: &Arc<str>, span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(Rule::Diagram, file, span, format!("This diagram is not drawn: {reason}.")).help(
        "Its text is shown as code. Flowcharts, sequence, state, class and entity diagrams and pies are drawn. Add a \
         picture of any other: `![What it shows](diagram.svg)`.",
    )
}

fn unknown_language(file: &Arc<str>, span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` is not a known language, so its code is not highlighted.");
    let problem = Diagnostic::new(Rule::UnknownLanguage, file, span, message);
    let plain = "For text that is not code, write `text`.";
    match nearest(name, highlight::names().iter().map(String::as_str)) {
        Some(near) => problem.guess(near.to_string(), plain),
        None => problem.help(plain),
    }
}
