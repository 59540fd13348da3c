//! The report as markdown for a comment on a git host. Whatever content says stands in code, where no host finds markup,
//! a mention or a reference.

use std::fmt::Write as _;

use super::report::in_one_row;
use super::text::{head, heading, marked, of_file};
use crate::code_fence::span;
use crate::diagnostic::count;
use crate::diff::change::FileChange;
use crate::diff::difference::Difference;
use crate::diff::{Comparison, Side, What};

/// At most this many pages are named in each part.
const NAMED: usize = 10;
/// At most this many differences of one page are shown.
const SHOWN: usize = 3;
/// GitHub takes comments of 65,536 characters.
const CHARS: usize = 60_000;

/// The report as markdown.
pub(super) fn markdown(old: &Side, new: &Side, compared: &Comparison) -> String {
    let mut report = Report { out: String::new() };
    for line in head(old, new, compared) {
        report.item(0, &code(&line));
    }
    if compared.is_empty() {
        report.out.push_str("\nThe site does not change.\n");
        return report.out;
    }
    report.part(
        compared.gone.len(),
        &heading(compared.gone.len(), "address no longer leads", "addresses no longer lead", " anywhere"),
    );
    for gone in compared.gone.iter().take(NAMED) {
        report.page(&gone.address, &gone.title, gone.what);
        if let (Some(file), Some(now)) = (&gone.file, &gone.now) {
            report.item(
                1,
                &format!(
                    "{} is shown at {} now: add {} to it",
                    code(file),
                    code(now),
                    code(&format!("aliases: [{}]", gone.address))
                ),
            );
        }
    }
    report.rest(compared.gone.len());
    report
        .part(compared.moved.len(), &heading(compared.moved.len(), "page has moved", "pages have moved", ""));
    for moved in compared.moved.iter().take(NAMED) {
        report.item(0, &format!("{} → {} {}", code(&moved.address), code(&moved.to), code(&moved.title)));
        report.differences(&moved.differences, 0);
    }
    report.rest(compared.moved.len());
    report.part(compared.added.len(), &heading(compared.added.len(), "page is new", "pages are new", ""));
    for added in compared.added.iter().take(NAMED) {
        report.page(&added.address, &added.title, added.what);
    }
    report.rest(compared.added.len());
    report.part(
        compared.changed.len(),
        &heading(compared.changed.len(), "page has changed", "pages have changed", ""),
    );
    for page in compared.changed.iter().take(NAMED) {
        report.page(&page.address, &page.title, What::Page);
        report.files(&page.files);
        report.differences(&page.differences, page.more);
    }
    report.rest(compared.changed.len());
    report.consequences(compared);
    cut(report.out)
}

struct Report {
    out: String,
}

impl Report {
    fn part(&mut self, count: usize, heading: &str) {
        if count > 0 {
            let _ = writeln!(self.out, "\n**{heading}**\n");
        }
    }

    fn item(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:1$}- {text}", "", depth * 2);
    }

    fn rest(&mut self, count: usize) {
        if count > NAMED {
            self.item(0, &format!("and {} more", count - NAMED));
        }
    }

    fn page(&mut self, address: &str, title: &str, is: What) {
        let title = if title.is_empty() { String::new() } else { format!(" {}", code(title)) };
        let is = if is == What::Page { String::new() } else { format!(" ({})", is.word()) };
        self.item(0, &format!("{}{title}{is}", code(address)));
    }

    fn files(&mut self, files: &[FileChange]) {
        for file in files.iter().take(SHOWN) {
            self.item(1, &format!("{}: {}", code(&file.path), code(&of_file(file))));
        }
        if files.len() > SHOWN {
            self.item(1, &format!("and {} more", count(files.len() - SHOWN, "file")));
        }
    }

    fn differences(&mut self, differences: &[Difference], more: usize) {
        for difference in differences.iter().take(SHOWN) {
            self.item(1, &code(&marked(difference)));
        }
        let more = differences.len().saturating_sub(SHOWN) + more;
        if more > 0 {
            self.item(1, &format!("and {more} more"));
        }
    }

    /// What follows from the changes, and what is the same on many pages.
    fn consequences(&mut self, compared: &Comparison) {
        let pages: usize = compared.affected.iter().map(|it| it.pages.len()).sum();
        self.part(pages, &heading(pages, "page changes", "pages change", " as a consequence"));
        for affected in compared.affected.iter().take(NAMED) {
            let because: Vec<String> = affected.because.iter().take(SHOWN).map(|it| code(it)).collect();
            let pages: Vec<String> =
                affected.pages.iter().take(SHOWN).map(|(address, _)| code(address)).collect();
            let more = super::text::rest(affected.pages.len(), SHOWN);
            let because = if because.is_empty() {
                String::new()
            } else {
                format!(" because of {}", because.join(", "))
            };
            self.item(0, &format!("{}{more}{because}", pages.join(", ")));
        }
        self.rest(compared.affected.len());
        self.part(compared.everywhere.len(), "The same on many pages");
        for everywhere in compared.everywhere.iter().take(NAMED) {
            let place = everywhere.difference.region.word();
            let pages = count(everywhere.pages.len(), "page");
            self.item(0, &format!("{place} on {pages}: {}", code(&marked(&everywhere.difference))));
        }
        self.rest(compared.everywhere.len());
        self.part(compared.files.len(), "Other files");
        for files in &compared.files {
            let [changed, new, gone] = [&files.changed, &files.added, &files.removed].map(Vec::len);
            self.item(0, &format!("{}: {changed} changed, {new} new, {gone} gone", files.what.word()));
        }
    }
}

/// A text as code that no part of it can end.
fn code(text: &str) -> String {
    let text = in_one_row(text.trim());
    if text.is_empty() { String::new() } else { span(&text) }
}

/// A report that a comment holds: whole lines.
fn cut(text: String) -> String {
    let Some((at, _)) = text.char_indices().nth(CHARS) else { return text };
    let end = text[..at].rfind('\n').unwrap_or(0);
    format!("{}\n\nThe rest is left out.\n", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn nothing_ends_the_code_that_it_stands_in() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code("a\n\n# b\n@ana"), "`a  # b @ana`");
    }
}
