//! Pages that want to stand in a menu that is full.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::front_matter::Field;
use crate::page::limits::MENU_PAGES;
use crate::site::{Site, menu};

/// Names the pages that the menu leaves out. A menu that the configuration names is the company's own affair.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    if !site.sources().config.menu.is_empty() {
        return;
    }
    let left_out = menu::pages(&site.reader()).into_iter().skip(MENU_PAGES);
    diagnostics.extend(left_out.map(|(id, _)| full(&site.pages()[site.entries()[id].page])));
}

fn full(page: &Page) -> Diagnostic {
    let span = page.fields.key_span(Field::Menu).unwrap_or(Span::START);
    let message = format!("The menu shows only {MENU_PAGES} pages, and others come before this one.");
    Diagnostic::new(Rule::Limit, &page.path, span, message).help(
        "Give the page a smaller `weight`, take others out of the menu, or list the menu in longhouse.yaml under \
         `menu:`. Until then it is published but not in the menu.",
    )
}
