//! Where formulas stand in a text, and what becomes of them.
//!
//! They are found before emphasis is: `$a_1 * b_1$` is no emphasis. A sign of money stays one: a dollar opens a formula
//! only where no letter stands before it and no space after it, and the next dollar must close it, with no space before
//! and no letter or digit after it (the rules of Pandoc and GitHub, taken together). What could still be a price
//! (`$5, or 5$`) or the variable of a shell is none either.
//!
//! Long because what begins a formula, what ends one and what only looks like one belong together.

use std::mem;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::writer::{Events, Writer};
use super::{Segment, escape_text, narrow};
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::cjk;
use crate::page::math;

/// How far the end of a formula is looked for, in bytes and in lines.
const AHEAD: usize = 2_000;
const LINES: usize = 100;

/// A formula that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// With the signs that begin and end it.
    pub at: Range<usize>,
    /// Without them.
    pub inner: Range<usize>,
    /// Whether it stands by itself.
    pub is_display: bool,
}

/// Whether a text may hold a formula.
pub(super) fn may_find(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr(b'$', bytes).is_some()
        || memchr::memchr_iter(b'\\', bytes).any(|at| {
            matches!(bytes.get(at + 1), Some(b'(' | b'[' | b'\\')) || bytes[at..].starts_with(b"\\begin{")
        })
}

/// Formulas that have lines of their own, so that nothing in them can be taken for a list or a heading.
pub(super) fn blocks(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if !may_find(text) {
        return found;
    }
    let mut fence: Option<&str> = None;
    // Up to where each sign is known not to be closed.
    let mut unclosed = [0usize; 4];
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = start..start + line.len();
        start = range.end;
        if found.last().is_some_and(|it| it.at.end > range.start) {
            continue;
        }
        let content = content(line);
        if let Some(open) = fence {
            if content.starts_with(open) && content.trim_end().bytes().all(|b| b == open.as_bytes()[0]) {
                fence = None;
            }
            continue;
        }
        if content.starts_with("```") || content.starts_with("~~~") {
            let signs = content.bytes().take_while(|b| *b == content.as_bytes()[0]).count();
            fence = Some(&content[..signs]);
            continue;
        }
        let Some((kind, open, close)) = opening(content) else { continue };
        let at = range.end - content.len();
        if at < unclosed[kind] {
            continue;
        }
        match block_end(text, at + open, range.end, close, kind) {
            Ok(end) => {
                let whole = at..end;
                // An environment is read as a whole.
                let inner = if kind == 3 { whole.clone() } else { at + open..end - close.len() };
                if kind == 0 || kind == 3 || is_formula(&text[inner.clone()]) {
                    found.push(Found { at: whole, inner, is_display: true });
                }
            }
            Err(end) => unclosed[kind] = end,
        }
    }
    found
}

/// What a line says after the signs of quotations and lists that it stands in.
fn content(line: &str) -> &str {
    let content = line.trim_start_matches([' ', '\t', '>']);
    match content.as_bytes() {
        [b'-' | b'*' | b'+', b' ', ..] => content[2..].trim_start(),
        _ => content,
    }
}

const ENVIRONMENTS: [&str; 8] =
    ["align", "alignat", "eqnarray", "equation", "flalign", "gather", "multline", "displaymath"];

/// Which sign begins a formula of several lines here, how long it is, and what ends it.
fn opening(content: &str) -> Option<(usize, usize, &str)> {
    if let Some(rest) = content.strip_prefix("$$") {
        // One that ends in its line is found within the text.
        return (!rest.contains("$$")).then_some((0, 2, "$$"));
    }
    if content.starts_with("\\\\[") {
        return Some((1, 3, "\\\\]"));
    }
    if content.starts_with("\\[") {
        return Some((2, 2, "\\]"));
    }
    let rest = content.strip_prefix("\\begin{")?;
    let name = &rest[..rest.find('}')?];
    let is_known = ENVIRONMENTS.contains(&name.trim_end_matches('*'));
    is_known.then(|| (3, 7 + name.len() + 1, name))
}

/// Where the formula ends whose text begins at `from`, in a line that ends at `line_end`; or up to where it does not.
fn block_end(text: &str, from: usize, line_end: usize, close: &str, kind: usize) -> Result<usize, usize> {
    let mut at = from;
    let mut end = line_end;
    for _ in 0..LINES {
        let line = &text[at..end];
        let ending = line.trim_end();
        let is_end = match kind {
            3 => ending
                .strip_suffix('}')
                .and_then(|it| it.strip_suffix(close))
                .is_some_and(|it| it.ends_with("\\end{")),
            _ => ending.ends_with(close),
        };
        if is_end {
            return Ok(at + ending.len());
        }
        let is_blank = at != from && line.trim_matches([' ', '\t', '>', '\n']).is_empty();
        if is_blank || (kind == 0 && line.contains("$$")) || end - from > AHEAD * 3 || end >= text.len() {
            break;
        }
        at = end;
        end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |step| at + step + 1);
    }
    Err(end)
}

/// The formula that begins with the dollar at `at`, before `end`.
pub(super) fn dollars(text: &str, at: usize, end: usize) -> Option<Found> {
    let end = floor(text, end.min(at + AHEAD));
    let rest = &text[at..end];
    let before = text[..at].chars().next_back();
    // The text may begin after the backslash that makes a dollar one.
    let is_escaped = text[..at].bytes().rev().take(AHEAD).take_while(|b| *b == b'\\').count() % 2 == 1;
    if is_escaped || before.is_some_and(|c| c == '$' || (c.is_alphanumeric() && !cjk::is_cjk(c))) {
        return None;
    }
    if let Some(inner) = rest.strip_prefix("$$") {
        let length = unescaped(inner, "$$").filter(|length| !inner[..*length].trim().is_empty())?;
        let is_open = inner[length + 2..].starts_with('$');
        return (!is_open).then(|| found(at, 2, length, true));
    }
    if let Some(inner) = rest.strip_prefix("$`") {
        let length = inner.find("`$").filter(|length| *length > 0)?;
        return Some(found(at, 2, length, false));
    }
    let inner = &rest[1..];
    let length = unescaped(inner, "$")?;
    let (inner, behind) = (&inner[..length], &inner[length + 1..]);
    let touches = !inner.is_empty()
        && !inner.starts_with(char::is_whitespace)
        && !inner.ends_with(|c: char| c.is_whitespace() || matches!(c, '(' | '/' | ',' | '[' | '{' | '"'));
    let goes_on = behind
        .starts_with(|c: char| (c.is_alphanumeric() && !cjk::is_cjk(c)) || matches!(c, '_' | '{' | '$'));
    (touches && !goes_on && !is_price(inner)).then(|| found(at, 1, length, false))
}

/// The formula between `\(` and `\)`, or `\[` and `\]`, or either with two backslashes, that begins at `at`.
pub(super) fn brackets(text: &str, at: usize, end: usize) -> Option<Found> {
    let end = floor(text, end.min(at + AHEAD));
    let rest = &text[at..end];
    let signs = rest.len() - rest.trim_start_matches('\\').len();
    let close = match (signs, rest.as_bytes().get(signs)?) {
        (1, b'(') => "\\)",
        (2, b'(') => "\\\\)",
        (1, b'[') => "\\]",
        (2, b'[') => "\\\\]",
        _ => return None,
    };
    let length = rest[signs + 1..].find(close)?;
    let is_display = close.ends_with(']');
    // In markdown these are also how one writes a bracket.
    let is_link = is_display && rest[signs + 1 + length + close.len()..].starts_with(['(', '[']);
    let is_meant = !is_link && is_formula(&rest[signs + 1..signs + 1 + length]);
    is_meant.then(|| found(at, signs + 1, length, is_display))
}

fn found(at: usize, signs: usize, length: usize, is_display: bool) -> Found {
    let inner = at + signs..at + signs + length;
    Found { at: at..inner.end + signs, inner, is_display }
}

/// Where a sign first stands without a backslash before it.
fn unescaped(text: &str, sign: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'$' if text[at..].starts_with(sign) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Whether a text between dollars speaks of money: it begins with a number, and goes on with words.
fn is_price(text: &str) -> bool {
    let has_sign = text.contains(['\\', '^', '_', '=', '+', '<', '>', '{']);
    text.starts_with(|c: char| c.is_ascii_digit()) && !has_sign && text.contains(char::is_whitespace)
}

/// Whether a text has something that only a formula has.
fn is_formula(text: &str) -> bool {
    let text = text.trim();
    let has_command =
        text.match_indices('\\').any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()));
    let is_letter = text.len() == 1 && text.starts_with(|c: char| c.is_ascii_alphabetic());
    has_command || is_letter || text.contains(['^', '_', '='])
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// Puts formulas in the place of the texts that they were read as.
pub(super) fn insert<'t>(events: Events<'t>, formulas: &[Found], text: &'t str) -> Events<'t> {
    if formulas.is_empty() {
        return events;
    }
    let mut out: Events<'t> = Vec::with_capacity(events.len() + formulas.len());
    let mut formulas = formulas.iter().peekable();
    let mut inner = String::new();
    let mut in_cell = false;
    for (event, range) in events {
        match &event {
            Event::Start(Tag::TableCell) => in_cell = true,
            Event::End(TagEnd::TableCell) => in_cell = false,
            _ => {}
        }
        // A formula that stands before everything that follows came out as something else.
        let is_within =
            formulas.peek().is_some_and(|it| it.at.start < range.start && range.start < it.at.end);
        if is_within && matches!(event, Event::SoftBreak | Event::HardBreak) {
            inner.push('\n');
            continue;
        }
        if !matches!(&event, Event::Text(it) if it.len() == range.len()) {
            out.push((event, range));
            continue;
        }
        let mut at = range.start;
        while let Some(formula) = formulas.peek().filter(|it| it.at.start < range.end) {
            if formula.at.end <= at {
                formulas.next();
                continue;
            }
            if formula.at.start > at {
                out.push((text_event(text, at..formula.at.start), at..formula.at.start));
            }
            let part = formula.inner.start.max(at)..formula.inner.end.min(range.end);
            inner.push_str(text.get(part).unwrap_or_default());
            at = formula.at.end.min(range.end);
            if formula.at.end > range.end {
                break;
            }
            let source = mem::take(&mut inner);
            let source = if in_cell { source.replace("\\|", "|") } else { source };
            let source = CowStr::from(source);
            let formula = (formula.at.clone(), formula.is_display);
            out.push(match formula {
                (at, true) => (Event::DisplayMath(source), at),
                (at, false) => (Event::InlineMath(source), at),
            });
            formulas.next();
        }
        if at == range.start {
            out.push((event, range));
        } else if at < range.end {
            out.push((text_event(text, at..range.end), at..range.end));
        }
    }
    out
}

fn text_event(text: &str, range: Range<usize>) -> Event<'_> {
    Event::Text(CowStr::Borrowed(&text[range]))
}

impl Writer<'_> {
    /// Writes a formula, or what was typed as code where it cannot be read.
    pub(super) fn formula(&mut self, source: &str, is_display: bool, range: &Range<usize>) {
        let source = source.trim();
        if self.in_image() {
            self.alt.push_str(source);
            return;
        }
        self.body.text.push_str(&source.split_whitespace().collect::<Vec<_>>().join(" "));
        match math::to_mathml(source, is_display, &mut self.macros) {
            Ok(mathml) if is_display => {
                // Only what may be wider than a phone is a place where the keyboard stops.
                let focus = if source.len() > 30 { " tabindex=\"0\"" } else { "" };
                self.draw(format!("<span class=\"math\"{focus}>{mathml}</span>"));
            }
            Ok(mathml) => self.draw(mathml),
            Err(reason) => {
                let span = self.source.span(range.clone());
                self.report(|file| unreadable(file, span, &reason));
                let typed = self.source.cleaned.text.get(range.clone()).unwrap_or(source);
                self.body.html.push_str("<code class=\"language-latex\">");
                escape_text(typed, &mut self.body.html);
                self.body.html.push_str("</code>");
            }
        }
    }

    /// Writes the formula of a block of code that is one.
    pub(super) fn formula_block(&mut self, source: &str, range: &Range<usize>) -> bool {
        match math::to_mathml(source, true, &mut self.macros) {
            Ok(mathml) => {
                self.body.html.push_str("<p>");
                let focus = if source.len() > 30 { " tabindex=\"0\"" } else { "" };
                self.draw(format!("<span class=\"math\"{focus}>{mathml}</span>"));
                self.body.html.push_str("</p>\n");
                true
            }
            Err(reason) => {
                let span = self.source.span(range.clone());
                self.report(|file| unreadable(file, span, &reason));
                false
            }
        }
    }

    /// Writes what neither its author nor the second layer can touch: it was made here.
    pub(super) fn draw(&mut self, drawing: String) {
        let index = narrow(self.body.drawings.len());
        self.promised += drawing.len();
        self.body.drawings.push(drawing);
        self.slot(Segment::Drawing(index));
    }
}

fn unreadable(file: &Arc<str>, span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(Rule::Math, file, span, format!("This formula cannot be read: {reason}.")).help(
        "It is shown as code. Write it in LaTeX as it is known on the web, or `\\$` for a dollar sign that begins no \
         formula.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::{html, parsed, problems};

    /// The sources of the formulas in a text, those by themselves with a `!`.
    fn formulas(markdown: &str) -> Vec<String> {
        let drawings = parsed(markdown).0.drawings;
        let source = |drawing: &String| {
            let is_display = drawing.starts_with("<span");
            let source = drawing.split("alttext=\"").nth(1)?.split('"').next()?;
            Some(format!(
                "{}{}",
                if is_display { "!" } else { "" },
                source.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
            ))
        };
        drawings.iter().filter_map(source).collect()
    }

    #[test]
    fn a_formula_is_found_in_each_of_its_forms() {
        for (markdown, expected) in [
            ("with $x^2$ and $y$", &["x^2", "y"] as &[&str]),
            ("$a_1 * b_1$ and $c * d$", &["a_1 * b_1", "c * d"]),
            ("($x$), **$y$**, *$z$*-th, $n$-th", &["x", "y", "z", "n"]),
            ("设$x$为", &["x"]),
            ("by `$x$` no, by $`y`$ yes", &["y"]),
            ("so $$a$$ is", &["!a"]),
            ("$$\na + b\n$$", &["!a + b"]),
            ("text\n$$\na\n- b\n= c\n+ d\n> e\n$$\ntext", &["!a\n- b\n= c\n+ d\n> e"]),
            ("$$ a\n+ b $$", &["!a\n+ b"]),
            ("> $$\n> a\n> > b\n> $$", &["!a\n> b"]),
            ("- one\n\n  $$\n  a\n  $$\n- two", &["!a"]),
            ("- $$\n  a\n  $$", &["!a"]),
            ("so \\(a_1\\) is, and \\\\(b_1\\\\) is", &["a_1", "b_1"]),
            ("\\[\na_1\n\\]", &["!a_1"]),
            ("\\[ a_1 \\]", &["!a_1"]),
            (
                "\\begin{align}\na &= b \\\\\n&= c\n\\end{align}",
                &["!\\begin{align}\na &= b \\\\\n&= c\n\\end{align}"],
            ),
            ("```math\n\\frac{1}{2}\n```", &["!\\frac{1}{2}"]),
            ("| a | b |\n|---|---|\n| $x^2$ | $\\|y\\|$ |", &["x^2", "|y|"]),
            ("# On $O(n)$", &["O(n)"]),
            ("[to $x^2$](a.md)", &["x^2"]),
            ("$\\newcommand{\\R}{\\mathbb{R}}$ in $\\R^n$", &["\\newcommand{\\R}{\\mathbb{R}}", "\\R^n"]),
            ("a <b>$x$</b> c", &["x"]),
            ("<div>\n\n$x$\n\n</div>", &["x"]),
            ("see https://a.example/$x$ and $y$", &["y"]),
        ] {
            assert_eq!(formulas(markdown), expected, "{markdown}");
            assert!(problems(markdown).is_empty(), "{markdown}: {:?}", problems(markdown));
        }
    }

    #[test]
    fn a_price_stays_a_price_and_a_variable_a_variable() {
        for markdown in [
            "It costs $5 and $10.",
            "US$20–$30, A$5/$6, $5-$10",
            "costs $x, or $ 5",
            "first $5, then $6, and 7$ last",
            "I paid $5, she paid 5$ too",
            "Set $HOME and $PATH, or $HOME/bin:$PATH",
            "${name} and ${other}${third}",
            "`$x$` and\n\n    $x$\n\n```\n$x$\n```",
            "```sh\n$$\nx\n$$\n```",
            "    $$\n    x\n    $$",
            "\\$x\\$ and \\$5$",
            "a \\[bracket\\](x.md) and \\(parentheses\\)",
            "<code>$x$</code> is shown",
            "$$ $$ and $$$ and $$$$",
            "<!-- $x$ -->",
            "![a $](b.png) and $",
        ] {
            let is_html = markdown.starts_with("<code>");
            assert!(is_html || formulas(markdown).is_empty(), "{markdown}: {:?}", formulas(markdown));
        }
        assert_eq!(html("It costs $5 and $10."), "<p>It costs $5 and $10.</p>\n");
    }

    #[test]
    fn a_formula_that_cannot_be_read_is_shown_as_it_was_typed() {
        assert_eq!(
            html("so $\\foo{x}$ is"),
            "<p>so <code class=\"language-latex\">$\\foo{x}$</code> is</p>\n"
        );
        assert_eq!(problems("so $\\foo{x}$ is"), ["1:4 math"]);
        assert_eq!(
            html("```math\n\\foo\n```"),
            "<pre tabindex=\"0\"><code class=\"language-math\">\\foo\n</code></pre>\n"
        );
        assert_eq!(problems("```math\n\\foo\n```"), ["1:1 math"]);
    }

    #[test]
    fn the_text_of_a_page_has_the_source_of_its_formulas() {
        let body = parsed("# On $x^2$\n\nso $$\na\nb\n$$ is\n\n```math\nc\n```").0;
        assert_eq!(body.text, "On x^2\nso a b is\nc\n");
        assert_eq!(body.headings[0].id, "on-x2");
    }

    #[test]
    fn the_worst_text_costs_what_its_length_says() {
        let units = [
            "$",
            "$$",
            "$a ",
            "$$\n",
            "$$ a\n",
            "\\[\na=\n",
            "\\(a=",
            "$\\$",
            "$`",
            "\\begin{align}\n",
            "$x$ ",
            "> $$\n> a\n",
            "$$a\nb ",
            "$a\n",
            "$\\def\\a{aaaaaaaaaaaaaa}\\a\\a$",
            "`$`",
            ":tada:",
            ":tada",
            "\\:",
            "@ana ",
            "#1 ",
            "a/b#1",
            "```js {1}\n//\n",
            "[!code ++]",
        ];
        for unit in units {
            let time = |length: usize| {
                let text = unit.repeat(length / unit.len());
                let begin = std::time::Instant::now();
                let _ = parsed(&text);
                begin.elapsed().as_millis()
            };
            let (short, long) = (time(3_000), time(24_000));
            // Eight times as long; the square would be sixty-four times the time. A second is noise.
            assert!(long < short * 24 + 1_000, "{unit:?}: {short} ms, {long} ms");
        }
    }
}
