//! A comparison as one HTML file that opens from disk: what changed in words, and both versions of each page side by side.
//!
//! It holds no script, loads nothing, and says so in its policy. Its style is that of the new version of the site, so that
//! pages look as they do there.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::change::{FileChange, FileStatus};
use super::difference::{self, Change, Difference};
use super::html::Page;
use super::rendering::{Options, escaped, main_part};
use super::side::{Side, Stored};
use super::{Comparison, What};
use crate::pipeline::BuildError;
use crate::site::url;

/// Both versions of at most this many pages are shown.
const PAGES: usize = 60;
/// At most this many bytes of one version of a page are shown.
const PAGE_BYTES: usize = 200_000;
/// When the file has this many bytes, no more versions are added.
const BYTES: usize = 8_000_000;
/// At most this many things are listed under a heading.
const LISTED: usize = 200;
/// At most this many differences of a page are listed in words.
const DIFFERENCES: usize = 10;
/// Pictures of at most this many bytes are shown.
const PICTURE: u64 = 100_000;
/// Pictures of at most this many bytes together.
const PICTURES: u64 = 4_000_000;

/// What the page has besides the style of the site.
const STYLE: &str = include_str!("page.css");

/// The file.
///
/// # Errors
/// When a page cannot be made or read.
pub fn page(old: &Side, new: &Side, compared: &Comparison) -> Result<String, BuildError> {
    let mut writer = Writer { out: String::new(), old, new, shown: 0, left_out: 0, pictures: Cell::new(0) };
    writer.head(compared)?;
    writer.summary(compared);
    writer.out.push_str("<main id=\"main\">\n");
    if compared.is_empty() {
        writer.out.push_str("<p>The site does not change.</p>\n");
    }
    writer.gone(compared);
    writer.changed(compared)?;
    writer.moved(compared)?;
    writer.added(compared)?;
    writer.consequences(compared);
    writer.everywhere(compared);
    writer.other_files(compared);
    if writer.left_out > 0 {
        let left_out = writer.left_out;
        let _ = writeln!(
            writer.out,
            "<p class=\"d-note\">This file shows {} of the pages side by side; {left_out} more are left out to keep it small.</p>",
            writer.shown
        );
    }
    writer.out.push_str("</main>\n</body>\n</html>\n");
    Ok(writer.out)
}

struct Writer<'a> {
    out: String,
    old: &'a Side,
    new: &'a Side,
    /// Of how many pages both versions are shown.
    shown: usize,
    left_out: usize,
    /// How many bytes of pictures there are.
    pictures: Cell<u64>,
}

impl Writer<'_> {
    fn head(&mut self, compared: &Comparison) -> Result<(), BuildError> {
        let style = self.new.files.get("assets/site.css");
        let style = style.map(|stored| self.new.bytes(stored)).transpose()?.map(|(bytes, _)| bytes);
        let style = String::from_utf8_lossy(style.as_deref().unwrap_or_default()).into_owned();
        let title = format!("What changes on the site: {} → {}", self.old.name, self.new.name);
        let _ = write!(
            self.out,
            "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             img-src data:; base-uri 'none'; form-action 'none'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <title>{}</title>\n<style>\n{}\n{STYLE}</style>\n</head>\n<body class=\"d-page\">\n",
            escaped(&title),
            // Nothing in it ends the element that it stands in.
            style.replace("</", "<\\/"),
        );
        let [before, now] = compared.pages;
        let side = |side: &Side, pages: usize| {
            let commit =
                side.commit().map(|id| format!(" <code>{}</code>", escaped(&id[..id.len().min(12)])));
            format!(
                "{}{}, {}",
                escaped(&side.name),
                commit.unwrap_or_default(),
                crate::diagnostic::count(pages, "page")
            )
        };
        let _ = write!(
            self.out,
            "<header class=\"d-head\">\n<h1>What changes on the site</h1>\n<dl>\n<dt>Old</dt><dd>{}</dd>\n<dt>New</dt><dd>{}</dd>\n</dl>\n",
            side(self.old, before),
            side(self.new, now)
        );
        Ok(())
    }

    /// How much there is of what, with links to it.
    fn summary(&mut self, compared: &Comparison) {
        let affected: usize = compared.affected.iter().map(|it| it.pages.len()).sum();
        let parts = [
            ("gone", compared.gone.len(), GONE),
            ("changed", compared.changed.len(), CHANGED),
            ("moved", compared.moved.len(), MOVED),
            ("added", compared.added.len(), ADDED),
            ("affected", affected, AFFECTED),
            ("everywhere", compared.everywhere.len(), EVERYWHERE),
            ("files", compared.files.len(), FILES),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(_, count, _)| *count > 0).collect();
        if !parts.is_empty() {
            self.out.push_str("<nav aria-label=\"Contents\"><ul class=\"d-parts\">\n");
            for (id, count, words) in parts {
                let _ = writeln!(self.out, "<li><a href=\"#{id}\">{}</a></li>", counted(count, words));
            }
            self.out.push_str("</ul></nav>\n");
        }
        self.out.push_str("</header>\n");
    }

    fn begin(&mut self, id: &str, count: usize, words: [&str; 2]) {
        let _ = writeln!(self.out, "<section id=\"{id}\">\n<h2>{}</h2>", counted(count, words));
    }

    fn end(&mut self, count: usize) {
        if count > LISTED {
            let _ = writeln!(self.out, "<p>And {} more.</p>", count - LISTED);
        }
        self.out.push_str("</section>\n");
    }

    fn gone(&mut self, compared: &Comparison) {
        if compared.gone.is_empty() {
            return;
        }
        self.begin("gone", compared.gone.len(), GONE);
        self.out.push_str("<ul class=\"d-list\">\n");
        for gone in compared.gone.iter().take(LISTED) {
            let _ = write!(self.out, "<li><code>{}</code> {}", escaped(&gone.address), escaped(&gone.title));
            if gone.what != What::Page {
                let _ = write!(self.out, " ({})", gone.what.word());
            }
            match (&gone.file, &gone.now) {
                (Some(file), Some(now)) => {
                    let _ = write!(
                        self.out,
                        "<br><code>{}</code> is shown at <code>{}</code> now: add <code>aliases: [{}]</code> to it",
                        escaped(file),
                        escaped(now),
                        escaped(&gone.address)
                    );
                }
                (Some(file), None) => {
                    let _ = write!(self.out, "<br>came from <code>{}</code>", escaped(file));
                }
                _ => {}
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ul>\n");
        self.end(compared.gone.len());
    }

    fn changed(&mut self, compared: &Comparison) -> Result<(), BuildError> {
        if compared.changed.is_empty() {
            return Ok(());
        }
        self.begin("changed", compared.changed.len(), CHANGED);
        for page in compared.changed.iter().take(LISTED) {
            self.heading(&page.title, &page.address, None);
            self.files(&page.files);
            self.differences(&page.differences, page.more);
            if !page.fragments.is_empty() {
                let names: Vec<String> = page.fragments.iter().map(|it| format!("#{it}")).collect();
                let _ = writeln!(self.out, "<p>No longer there for links: {}</p>", codes(&names));
            }
            self.sides(Some(&page.address), Some(&page.address))?;
            self.out.push_str("</article>\n");
        }
        self.end(compared.changed.len());
        Ok(())
    }

    fn moved(&mut self, compared: &Comparison) -> Result<(), BuildError> {
        if compared.moved.is_empty() {
            return Ok(());
        }
        self.begin("moved", compared.moved.len(), MOVED);
        for moved in compared.moved.iter().take(LISTED) {
            self.heading(&moved.title, &moved.address, Some(&moved.to));
            self.files(&moved.files);
            self.differences(&moved.differences, 0);
            if !moved.differences.is_empty() {
                self.sides(Some(&moved.address), Some(&moved.to))?;
            }
            self.out.push_str("</article>\n");
        }
        self.end(compared.moved.len());
        Ok(())
    }

    fn added(&mut self, compared: &Comparison) -> Result<(), BuildError> {
        if compared.added.is_empty() {
            return Ok(());
        }
        self.begin("added", compared.added.len(), ADDED);
        for added in compared.added.iter().take(LISTED) {
            self.heading(&added.title, &added.address, None);
            self.files(&added.files);
            if added.what == What::Page {
                self.sides(None, Some(&added.address))?;
            }
            self.out.push_str("</article>\n");
        }
        self.end(compared.added.len());
        Ok(())
    }

    fn consequences(&mut self, compared: &Comparison) {
        let affected: usize = compared.affected.iter().map(|it| it.pages.len()).sum();
        if affected > 0 {
            self.begin("affected", affected, AFFECTED);
            for affected in compared.affected.iter().take(LISTED) {
                if !affected.because.is_empty() {
                    let _ = writeln!(self.out, "<h3>Because of {}</h3>", codes(&affected.because));
                }
                self.out.push_str("<ul class=\"d-differences\">\n");
                for (difference, pages) in affected.differences.iter().take(DIFFERENCES) {
                    let on = if *pages > 1 {
                        format!(" <span class=\"d-note\">on {pages} pages</span>")
                    } else {
                        String::new()
                    };
                    let _ = writeln!(self.out, "<li>{}{on}</li>", in_words(difference));
                }
                self.out.push_str("</ul>\n");
                let _ = writeln!(
                    self.out,
                    "<details><summary>{}</summary>\n<ul class=\"d-list\">",
                    crate::diagnostic::count(affected.pages.len(), "page")
                );
                for (address, title) in affected.pages.iter().take(LISTED) {
                    let _ =
                        writeln!(self.out, "<li><code>{}</code> {}</li>", escaped(address), escaped(title));
                }
                self.out.push_str("</ul></details>\n");
            }
            self.end(compared.affected.len());
        }
    }

    fn everywhere(&mut self, compared: &Comparison) {
        if !compared.everywhere.is_empty() {
            self.begin("everywhere", compared.everywhere.len(), EVERYWHERE);
            if !compared.site_files.is_empty() {
                let _ = writeln!(self.out, "<p>Because of {}</p>", codes(&compared.site_files));
            }
            self.out.push_str("<ul class=\"d-differences\">\n");
            for everywhere in compared.everywhere.iter().take(LISTED) {
                let _ = writeln!(
                    self.out,
                    "<li>{} <span class=\"d-note\">{} on {}</span></li>",
                    in_words(&everywhere.difference),
                    everywhere.difference.region.word(),
                    crate::diagnostic::count(everywhere.pages.len(), "page")
                );
            }
            self.out.push_str("</ul>\n");
            self.end(compared.everywhere.len());
        }
    }

    fn other_files(&mut self, compared: &Comparison) {
        if !compared.files.is_empty() {
            self.begin("files", compared.files.len(), FILES);
            self.out.push_str("<ul class=\"d-list\">\n");
            for files in &compared.files {
                for (what, paths) in
                    [("changed", &files.changed), ("new", &files.added), ("gone", &files.removed)]
                {
                    if !paths.is_empty() {
                        let kind = files.what.word();
                        let _ =
                            writeln!(self.out, "<li>{kind}: {} {what}: {}</li>", paths.len(), codes(paths));
                    }
                }
            }
            self.out.push_str("</ul>\n");
            self.end(compared.files.len());
        }
    }

    fn heading(&mut self, title: &str, address: &str, to: Option<&str>) {
        let title = if title.is_empty() { address } else { title };
        let to = to.map_or_else(String::new, |to| format!(" → <code>{}</code>", escaped(to)));
        let _ = writeln!(
            self.out,
            "<article class=\"d-change\">\n<h3>{}</h3>\n<p class=\"d-note\"><code>{}</code>{to}</p>",
            escaped(title),
            escaped(address)
        );
    }

    fn files(&mut self, files: &[FileChange]) {
        if files.is_empty() {
            return;
        }
        self.out.push_str("<ul class=\"d-list\">\n");
        for file in files.iter().take(DIFFERENCES) {
            let _ = writeln!(self.out, "<li><code>{}</code>: {}</li>", escaped(&file.path), of_file(file));
        }
        self.out.push_str("</ul>\n");
        if files.len() > DIFFERENCES {
            let _ = writeln!(
                self.out,
                "<p>And {} more.</p>",
                crate::diagnostic::count(files.len() - DIFFERENCES, "file")
            );
        }
    }

    fn differences(&mut self, differences: &[Difference], more: usize) {
        if differences.is_empty() {
            return;
        }
        self.out.push_str("<ul class=\"d-differences\">\n");
        for difference in differences.iter().take(DIFFERENCES) {
            let _ = writeln!(self.out, "<li>{}</li>", in_words(difference));
        }
        self.out.push_str("</ul>\n");
        let more = differences.len().saturating_sub(DIFFERENCES) + more;
        if more > 0 {
            let _ = writeln!(self.out, "<p>And {more} more.</p>");
        }
    }

    /// Both versions of a page, as far as there is room.
    fn sides(&mut self, before: Option<&str>, now: Option<&str>) -> Result<(), BuildError> {
        if self.shown >= PAGES || self.out.len() >= BYTES {
            self.left_out += 1;
            return Ok(());
        }
        self.shown += 1;
        let read = |side: &Side, address: Option<&str>| match address {
            Some(address) => side.page(&url::output_path(address)),
            None => Ok(None),
        };
        let (was, is) = (read(self.old, before)?, read(self.new, now)?);
        let marks = match (&was, &is) {
            (Some(was), Some(is)) => difference::compare(was, is),
            _ => difference::Compared::default(),
        };
        self.out.push_str("<div class=\"d-sides\">\n");
        if let Some(was) = &was {
            self.side(was, self.old, "Old", "del", &marks.removed);
        }
        if let Some(is) = &is {
            self.side(is, self.new, "New", "ins", &marks.added);
        }
        self.out.push_str("</div>\n");
        Ok(())
    }

    fn side(&mut self, page: &Page, side: &Side, label: &str, mark: &'static str, marked: &BTreeSet<usize>) {
        let link = |to: &str| link(side, to);
        let picture = |from: &str| self.picture(side, from);
        let options = Options { marked, mark, link: &link, picture: &picture, most: PAGE_BYTES };
        let (html, is_whole) = main_part(page, &options);
        let (lang, dir) = &page.language;
        let _ = write!(
            self.out,
            "<div class=\"d-side\"><p class=\"d-label\">{label}</p>\n<div class=\"d-shown\" lang=\"{}\" dir=\"{}\">\n{html}\n</div>",
            escaped(if lang.is_empty() { "en" } else { lang }),
            if dir == "rtl" { "rtl" } else { "ltr" },
        );
        if !is_whole {
            self.out.push_str("<p class=\"d-note\">The rest of this page is left out.</p>");
        }
        self.out.push_str("</div>\n");
    }

    /// A small picture of the site, as a part of the file.
    fn picture(&self, side: &Side, from: &str) -> Option<String> {
        let path = side.own_path(from)?;
        let stored = side.files.get(&path)?;
        let kind = match path.rsplit('.').next()?.to_ascii_lowercase().as_str() {
            "png" => "png",
            "jpg" | "jpeg" => "jpeg",
            "gif" => "gif",
            "webp" => "webp",
            "avif" => "avif",
            "svg" => "svg+xml",
            _ => return None,
        };
        let len = side.len(stored)?;
        let all = self.pictures.get() + len;
        if len > PICTURE || all > PICTURES {
            return None;
        }
        let bytes = bytes(side, stored)?;
        self.pictures.set(all);
        Some(format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)))
    }
}

const GONE: [&str; 2] = ["address no longer leads anywhere", "addresses no longer lead anywhere"];
const CHANGED: [&str; 2] = ["page has changed", "pages have changed"];
const MOVED: [&str; 2] = ["page has moved", "pages have moved"];
const ADDED: [&str; 2] = ["page is new", "pages are new"];
const AFFECTED: [&str; 2] = ["page changes as a consequence", "pages change as a consequence"];
const EVERYWHERE: [&str; 2] = ["change is the same on many pages", "changes are the same on many pages"];
const FILES: [&str; 2] = ["kind of other files", "kinds of other files"];

fn counted(count: usize, [one, many]: [&str; 2]) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The first of several names, as code.
fn codes(names: &[String]) -> String {
    let shown = names.iter().take(DIFFERENCES).map(|it| format!("<code>{}</code>", escaped(it)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len() {
        0..=DIFFERENCES => shown,
        count => format!("{shown}, and {} more", count - DIFFERENCES),
    }
}

fn of_file(file: &FileChange) -> String {
    let changed = escaped(&file.changed.join(", "));
    match (file.status, &file.before) {
        (FileStatus::Added, _) => "new".to_owned(),
        (FileStatus::Removed, _) => "removed".to_owned(),
        (_, Some(before)) if changed.is_empty() => format!("was <code>{}</code>", escaped(before)),
        (_, Some(before)) => format!("was <code>{}</code>; {changed}", escaped(before)),
        (_, None) => changed,
    }
}

/// A difference with what is gone and what is new marked.
fn in_words(difference: &Difference) -> String {
    let mut html = String::new();
    for segment in &difference.segments {
        let text = escaped(segment.text.trim_end());
        let end = if segment.text.ends_with(' ') { " " } else { "" };
        let _ = match segment.change {
            Change::Same => write!(html, "{text}{end}"),
            Change::Removed => write!(html, "<del>{text}</del>{end}"),
            Change::Added => write!(html, "<ins>{text}</ins>{end}"),
        };
    }
    html
}

/// Where a link may lead that opens from a file on disk: to the published site, or to another one.
fn link(side: &Side, to: &str) -> Option<String> {
    let lower = to.trim().to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return Some(to.trim().to_owned());
    }
    let is_own = to.starts_with('/') && !to.starts_with("//") && side.base.origin.starts_with("http");
    is_own.then(|| format!("{}{to}", side.base.origin))
}

fn bytes(side: &Side, stored: &Stored) -> Option<Vec<u8>> {
    side.bytes(stored).ok().map(|(bytes, _)| bytes)
}
