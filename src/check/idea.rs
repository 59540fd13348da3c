//! Whether an idea that was declined says why.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::kind::Kind;
use crate::site::Site;
use crate::site::idea;

/// Looks at declined ideas. A response in the file counts, and a reply of the team that is one.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let ideas = site.entries().iter().filter(|entry| entry.kind == Kind::Idea && entry.is_listed());
    for entry in ideas {
        let page = &site.pages()[entry.page];
        if idea::is_declined_without_reason(entry, page) {
            diagnostics.push(without_reason(page));
        }
    }
}

fn without_reason(page: &Page) -> Diagnostic {
    let span = page.fields.state.as_ref().map_or(Span::START, |state| state.span);
    Diagnostic::new(
        Rule::DeclinedWithoutResponse,
        &page.path,
        span,
        "The idea is declined, but those who wanted it are not told why.",
    )
    .help(
        "Add a line such as `response: It would need a server, and we have promised that there is none.`, or a reply by \
         the team with `response: true`.",
    )
}
