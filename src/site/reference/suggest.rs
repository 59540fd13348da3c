//! What somebody may have meant, and how the link reads when it is mended. Both cost time, so they are
//! worked out behind the pass over all pages, for as many problems as a build can afford.

use crate::diagnostic::{Span, nearest};

/// So many characters are compared with each other in one build, whatever the content holds: a person
/// reads a few suggestions, and ten thousand dead links on ten thousand pages must not stop the build.
const AFFORDABLE: u64 = 100_000_000;

/// Names to choose from, prepared once.
pub(super) struct Names<'a> {
    names: Vec<(&'a str, usize, u64)>,
}

/// How much comparing is left.
pub(super) struct Budget(u64);

/// A file and where its lines begin, found once.
pub(super) struct Lines<'a> {
    starts: Vec<usize>,
    text: &'a str,
}

impl Default for Budget {
    fn default() -> Self {
        Budget(AFFORDABLE)
    }
}

impl<'a> Names<'a> {
    pub(super) fn new(names: impl Iterator<Item = &'a str>) -> Names<'a> {
        Names { names: names.map(|name| (name, name.chars().count().min(64), signature(name))).collect() }
    }

    /// The name nearest to what somebody typed; nothing if none is near or the budget is used up.
    pub(super) fn nearest(&self, typed: &str, budget: &mut Budget) -> Option<&'a str> {
        let length = typed.chars().count().min(64);
        let limit = (length / 3).max(1);
        // Two short names are always near, and never meant.
        if length < 3 {
            return None;
        }
        let own = signature(typed);
        budget.spend(self.names.len() as u64)?;
        // Each edit adds or removes at most one character, so most names are told apart without comparing.
        let far = |a: u64, b: u64| (a & !b).count_ones() as usize > limit;
        let near: Vec<&str> = self
            .names
            .iter()
            .filter(|(_, len, sig)| len.abs_diff(length) <= limit && !far(own, *sig) && !far(*sig, own))
            .map(|(name, _, _)| *name)
            .collect();
        budget.spend((near.len() * length * (length + limit)) as u64)?;
        nearest(typed, near)
    }
}

impl Budget {
    fn spend(&mut self, cost: u64) -> Option<()> {
        self.0 = self.0.checked_sub(cost)?;
        Some(())
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Lines<'a> {
        let mut at = 0;
        let starts = text.split_inclusive('\n').map(|line| {
            let start = at;
            at += line.len();
            start
        });
        Lines { starts: starts.collect(), text }
    }

    /// The text of a place, which may go over several lines.
    pub(super) fn slice(&self, span: Span) -> Option<&'a str> {
        self.text.get(self.byte(span.line, span.column)?..self.byte(span.end_line, span.end_column)?)
    }

    fn byte(&self, line: u32, column: u32) -> Option<usize> {
        let start = *self.starts.get(usize::try_from(line).ok()?.checked_sub(1)?)?;
        let line = self.text[start..].lines().next().unwrap_or_default();
        let before = usize::try_from(column).ok()?.checked_sub(1)?;
        line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(before).map(|at| start + at)
    }
}

/// A link or an image as it should be written: its source with another address. Nothing where the address
/// stands elsewhere, as in `[text][label]`.
pub(super) fn rewritten(source: &str, from: &str, to: &str) -> Option<String> {
    if from.is_empty() {
        return None;
    }
    let inline = source.rmatch_indices("](").find_map(|(at, open)| {
        let rest = &source[at + open.len()..];
        let trimmed = rest.trim_start().trim_start_matches('<');
        trimmed.starts_with(from).then(|| (source.len() - trimmed.len(), true))
    });
    let quoted = || {
        let marked = [format!("=\"{from}"), format!("='{from}")];
        marked.iter().find_map(|it| source.find(it.as_str())).map(|at| (at + 2, false))
    };
    let bare = || {
        let trimmed = source.trim_start_matches('<');
        trimmed.starts_with(from).then(|| (source.len() - trimmed.len(), false))
    };
    let (at, in_brackets) = inline.or_else(quoted).or_else(bare)?;
    let to = if in_brackets {
        to.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
    } else {
        to.to_string()
    };
    Some(format!("{}{to}{}", &source[..at], &source[at + from.len()..]))
}

/// Which characters a name holds, as bits.
fn signature(name: &str) -> u64 {
    name.chars().take(64).flat_map(char::to_lowercase).fold(0, |bits, it| bits | 1 << (u32::from(it) % 61))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_link_is_rewritten() {
        for (source, expected) in [
            ("[a.md](a.md \"see a.md\")", Some("[a.md](b%20c.md \"see a.md\")")),
            ("![x](<a.md>)", Some("![x](<b%20c.md>)")),
            ("<a href=\"a.md\">a.md</a>", Some("<a href=\"b c.md\">a.md</a>")),
            ("<a.md>", Some("<b c.md>")),
            ("[a.md][label]", None),
            ("[x](other.md)", None),
        ] {
            assert_eq!(rewritten(source, "a.md", "b c.md").as_deref(), expected, "{source}");
        }
        assert_eq!(rewritten("[x]()", "", "b.md"), None);
    }

    #[test]
    fn a_name_is_found_until_the_budget_is_used_up() {
        let names = Names::new(["reset-password", "refund", "größe"].into_iter());
        let mut budget = Budget::default();
        assert_eq!(names.nearest("reset-pasword", &mut budget), Some("reset-password"));
        assert_eq!(names.nearest("grösse", &mut budget), Some("größe"));
        assert_eq!(names.nearest("invoice", &mut budget), None);
        assert_eq!(names.nearest("reset-pasword", &mut Budget(10)), None);
    }

    #[test]
    fn a_place_is_counted_in_characters() {
        let lines = Lines::new("a\nä [x](y) z\n");
        assert_eq!(lines.slice(Span::in_line(2, 3, 6)), Some("[x](y)"));
        assert_eq!(lines.slice(Span::in_line(2, 11, 1)), None);
        assert_eq!(lines.slice(Span::in_line(3, 1, 1)), None);
        let over_lines = Span { line: 1, column: 1, end_line: 2, end_column: 2 };
        assert_eq!(lines.slice(over_lines), Some("a\nä"));
    }
}
