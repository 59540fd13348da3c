//! What is left of a template: a file's name, its sentence that says what to write, all but its title.
//! A file that says nothing else was held when the site was linked.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::template::Leftover;
use crate::site::placeholder::{Own, better_path};
use crate::site::{Form, Site};

/// A file has at most this many blocks of which only the title is somebody's own.
const BLOCKS: usize = 8;

/// Looks at the name and the text of every entry and reply.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let placeholders = site.placeholders();
    for (id, page) in site.pages().iter().enumerate().filter(|(id, _)| site.forms()[*id] != Form::Other) {
        let text = || site.sources().text(&page.path).map_or("", |text| &**text);
        let is_nameless = placeholders.is_nameless(page);
        let left = page.leftovers.as_slice();
        if (is_nameless || !left.is_empty()) && placeholders.is_untouched(page, text()) {
            continue;
        }
        // A title alone may be all that there is to ask; with a template below it, it is not.
        let may_be_bare = page.body.blocks.len() <= BLOCKS;
        let has_template = !left.is_empty() || page.body.blocks.len() > 1;
        if may_be_bare && has_template && placeholders.own(text()) == Own::Title {
            diagnostics.push(only_title(page, left.first()));
        } else {
            diagnostics.extend(left.iter().map(|it| left_over(page, it)));
        }
        if is_nameless {
            diagnostics.push(nameless(page, better_path(site, id)));
        }
    }
}

fn only_title(page: &Page, left: Option<&Leftover>) -> Diagnostic {
    // After the title stands the first thing that is not written yet.
    let block = || page.body.blocks.get(1).map(|block| block.span);
    let span = left.map(|it| it.span).or_else(block).unwrap_or(Span::START);
    Diagnostic::new(
        Rule::Empty,
        &page.path,
        span,
        "Only the title is your own: everything below it is still the template.",
    )
    .help("Replace the template text with your own words.")
}

fn left_over(page: &Page, left: &Leftover) -> Diagnostic {
    let text = left.text.trim();
    let message = match text.is_empty() {
        true => "The list from the template is still empty, so it is left out.".to_string(),
        false => format!("“{text}” is text from the template, so it is left out."),
    };
    Diagnostic::new(Rule::Empty, &page.path, left.span, message)
        .help("Replace it with your own words, or remove the line.")
}

fn nameless(page: &Page, better: Option<String>) -> Diagnostic {
    let name = page.path.rsplit('/').next().unwrap_or(&page.path);
    let name =
        if page.place.is_index() { page.place.folders.last().map_or(name, String::as_str) } else { name };
    let problem = Diagnostic::new(
        Rule::Empty,
        &page.path,
        Span::START,
        format!("The file still has the name from its template, `{name}`."),
    );
    match better {
        Some(path) => problem.help(format!("Rename it to `{path}`.")).fix(path),
        None => problem.help("Name an answer after its author (`ana.md`) and a page after its title."),
    }
}
