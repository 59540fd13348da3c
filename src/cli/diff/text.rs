//! The report for people: what matters most first, with counts where there is more.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::report::in_one_row;
use crate::diagnostic::count;
use crate::diff::change::{FileChange, FileStatus};
use crate::diff::difference::{Change, Difference};
use crate::diff::{Added, Affected, Comparison, Everywhere, Files, Gone, Moved, Side, What};

/// At most this many pages are named in each part of the report.
const NAMED: usize = 20;
/// At most this many differences of one page are shown.
const SHOWN: usize = 5;

/// The report as text; with colours if somebody sees them.
pub(super) fn text(old: &Side, new: &Side, compared: &Comparison, colour: bool) -> String {
    let mut report = Report { out: String::new(), colour };
    for line in head(old, new, compared) {
        report.line(0, &line);
    }
    if compared.is_empty() {
        report.line(0, "The site does not change.");
        return report.out;
    }
    report.part(
        &compared.gone,
        |it| heading(it.len(), "address no longer leads", "addresses no longer lead", " anywhere"),
        Report::gone,
    );
    report.part(
        &compared.moved,
        |it| heading(it.len(), "page has moved", "pages have moved", ""),
        Report::moved,
    );
    report.part(&compared.added, |it| heading(it.len(), "page is new", "pages are new", ""), Report::added);
    report.part(
        &compared.changed,
        |it| heading(it.len(), "page has changed", "pages have changed", ""),
        |report, page| {
            report.page(&page.address, &page.title);
            report.files(&page.files);
            report.differences(&page.differences, page.more);
            if !page.fragments.is_empty() {
                let names: Vec<String> =
                    page.fragments.iter().take(SHOWN).map(|it| format!("#{it}")).collect();
                let more = rest(page.fragments.len(), SHOWN);
                report.line(2, &format!("no longer there for links: {}{more}", names.join(", ")));
            }
        },
    );
    report.part(
        &compared.affected,
        |it| {
            let pages: usize = it.iter().map(|it| it.pages.len()).sum();
            heading(pages, "page changes", "pages change", " as a consequence")
        },
        Report::affected,
    );
    report.part(
        &compared.everywhere,
        |_| match compared.site_files.is_empty() {
            true => "The same on many pages".to_owned(),
            false => format!("The same on many pages, because of {}", compared.site_files.join(", ")),
        },
        Report::everywhere,
    );
    report.part(&compared.files, |_| "Other files".to_owned(), Report::other);
    if compared.unseen > 0 {
        report.line(0, "");
        report.line(
            0,
            &format!(
                "{} only in what nobody sees.",
                heading(compared.unseen, "page differs", "pages differ", "")
            ),
        );
    }
    report.out
}

/// What was compared.
pub(super) fn head(old: &Side, new: &Side, compared: &Comparison) -> [String; 2] {
    let [before, now] = compared.pages;
    [
        format!("Old: {}, {}", side(old), count(before, "page")),
        format!("New: {}, {}", side(new), count(now, "page")),
    ]
}

fn side(side: &Side) -> String {
    match side.commit() {
        Some(id) if !id.starts_with(&side.name) => format!("{} ({})", &id[..id.len().min(12)], side.name),
        Some(id) => id[..id.len().min(12)].to_owned(),
        None => side.name.clone(),
    }
}

pub(super) fn heading(n: usize, one: &str, many: &str, rest: &str) -> String {
    format!("{n} {}{rest}", if n == 1 { one } else { many })
}

/// How many there are beyond those that are shown.
pub(super) fn rest(count: usize, shown: usize) -> String {
    if count > shown { format!(", and {} more", count - shown) } else { String::new() }
}

/// What happened to a file, in words.
pub(super) fn of_file(file: &FileChange) -> String {
    let changed = file.changed.join(", ");
    match file.status {
        FileStatus::Added => "new".to_owned(),
        FileStatus::Removed => "removed".to_owned(),
        FileStatus::Renamed => {
            let before = file.before.as_deref().unwrap_or_default();
            let changed = if changed.is_empty() { changed } else { format!("; {changed}") };
            format!("was {before}{changed}")
        }
        FileStatus::Changed | FileStatus::Same => changed,
    }
}

/// A difference as git shows words: `[-old-]{+new+}`.
pub(super) fn marked(difference: &Difference) -> String {
    let mut text = String::new();
    for segment in &difference.segments {
        let words = &segment.text;
        let end = if words.ends_with(' ') { " " } else { "" };
        let words = words.trim_end();
        let _ = match segment.change {
            Change::Same => write!(text, "{words}{end}"),
            Change::Removed => write!(text, "[-{words}-]{end}"),
            Change::Added => write!(text, "{{+{words}+}}{end}"),
        };
    }
    text.trim().to_owned()
}

struct Report {
    out: String,
    colour: bool,
}

impl Report {
    /// A line, safe for a terminal.
    fn line(&mut self, depth: usize, text: &str) {
        let _ = writeln!(self.out, "{:1$}{2}", "", depth * 2, in_one_row(text));
    }

    fn part<T>(&mut self, of: &[T], heading: impl Fn(&[T]) -> String, mut each: impl FnMut(&mut Report, &T)) {
        if of.is_empty() {
            return;
        }
        let heading = in_one_row(&heading(of)).into_owned();
        let bold = if self.colour { Style::new().bold() } else { Style::new() };
        let _ = writeln!(self.out, "\n{bold}{heading}{bold:#}");
        for it in of.iter().take(NAMED) {
            each(self, it);
        }
        if of.len() > NAMED {
            self.line(1, &format!("and {} more", of.len() - NAMED));
        }
    }

    fn page(&mut self, address: &str, title: &str) {
        self.line(1, &format!("{address}  {title}"));
    }

    fn files(&mut self, files: &[FileChange]) {
        for file in files.iter().take(SHOWN) {
            self.line(2, &format!("{}: {}", file.path, of_file(file)));
        }
        if files.len() > SHOWN {
            self.line(2, &format!("and {} more", count(files.len() - SHOWN, "file")));
        }
    }

    fn difference(&mut self, depth: usize, difference: &Difference, before: &str, after: &str) {
        let mut text = before.to_owned();
        for segment in &difference.segments {
            let words = segment.text.trim_end();
            let end = if words.len() < segment.text.len() { " " } else { "" };
            let words = in_one_row(words);
            let style = |colour| if self.colour { Style::new().fg_color(Some(colour)) } else { Style::new() };
            let (red, green) = (style(AnsiColor::Red.into()), style(AnsiColor::Green.into()));
            let _ = match segment.change {
                Change::Same => write!(text, "{words}{end}"),
                Change::Removed => write!(text, "{red}[-{words}-]{red:#}{end}"),
                Change::Added => write!(text, "{green}{{+{words}+}}{green:#}{end}"),
            };
        }
        let _ = writeln!(self.out, "{:1$}{2}{after}", "", depth * 2, text.trim_end());
    }

    fn differences(&mut self, differences: &[Difference], more: usize) {
        for difference in differences.iter().take(SHOWN) {
            self.difference(2, difference, "", "");
        }
        let more = differences.len().saturating_sub(SHOWN) + more;
        if more > 0 {
            self.more_differences(more);
        }
    }

    fn more_differences(&mut self, more: usize) {
        self.line(2, &format!("and {}", heading(more, "more difference", "more differences", "")));
    }

    fn gone(&mut self, gone: &Gone) {
        match gone.what {
            What::Page if gone.title.is_empty() => self.line(1, &gone.address),
            What::Page => self.page(&gone.address, &gone.title),
            other => self.line(1, &format!("{}  ({})", gone.address, other.word())),
        }
        match (&gone.file, &gone.now) {
            (Some(file), Some(now)) => {
                self.line(
                    2,
                    &format!("{file} is shown at {now} now: add `aliases: [{}]` to it", gone.address),
                );
            }
            (Some(file), None) => self.line(2, &format!("came from {file}")),
            _ => {}
        }
    }

    fn moved(&mut self, moved: &Moved) {
        self.line(1, &format!("{} → {}  {}", moved.address, moved.to, moved.title));
        self.files(&moved.files);
        self.differences(&moved.differences, 0);
    }

    fn added(&mut self, added: &Added) {
        match added.what {
            What::Page => self.page(&added.address, &added.title),
            other => self.line(1, &format!("{}  {} ({})", added.address, added.title, other.word())),
        }
        let names: Vec<&str> = added.files.iter().take(SHOWN).map(|it| it.path.as_str()).collect();
        if !names.is_empty() {
            self.line(2, &format!("{}{}", names.join(", "), rest(added.files.len(), SHOWN)));
        }
    }

    fn affected(&mut self, affected: &Affected) {
        let names: Vec<&str> = affected.because.iter().take(3).map(String::as_str).collect();
        if !names.is_empty() {
            self.line(1, &format!("because of {}{}", names.join(", "), rest(affected.because.len(), 3)));
        }
        let pages: Vec<&str> =
            affected.pages.iter().take(SHOWN).map(|(address, _)| address.as_str()).collect();
        self.line(2, &format!("{}{}", pages.join(" "), rest(affected.pages.len(), SHOWN)));
        for (difference, n) in affected.differences.iter().take(SHOWN) {
            let on = if *n > 1 { format!("  (on {n} pages)") } else { String::new() };
            self.difference(2, difference, "", &on);
        }
        if affected.differences.len() > SHOWN {
            self.more_differences(affected.differences.len() - SHOWN);
        }
    }

    fn everywhere(&mut self, everywhere: &Everywhere) {
        let pages = count(everywhere.pages.len(), "page");
        let before = format!("{} on {pages}: ", everywhere.difference.region.word());
        self.difference(1, &everywhere.difference, &before, "");
    }

    fn other(&mut self, files: &Files) {
        let parts = [("changed", &files.changed), ("new", &files.added), ("gone", &files.removed)];
        for (what, paths) in parts.iter().filter(|(_, paths)| !paths.is_empty()) {
            let names: Vec<&str> = paths.iter().take(3).map(String::as_str).collect();
            let more = rest(paths.len(), 3);
            self.line(
                1,
                &format!("{}: {} {what}: {}{more}", files.what.word(), paths.len(), names.join(", ")),
            );
        }
    }
}
