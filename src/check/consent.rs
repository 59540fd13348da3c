//! Whether a consent says what it must: that somebody agreed, who, and when.

use crate::diagnostic::{Diagnostic, Rule};
use crate::page::Page;
use crate::page::front_matter::{Consent, Status};
use crate::page::kind::Kind;
use crate::site::Site;
use crate::site::visibility::is_withdrawn;

/// Looks at the consents of stories. A story about somebody else without any is held for a missing field.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    for entry in site.entries().iter().filter(|entry| entry.kind == Kind::Story) {
        let page = &site.pages()[entry.page];
        let Some(consent) = &page.fields.consent else { continue };
        if is_withdrawn(page) {
            // Anyone who says hidden as well knows.
            if page.fields.status.as_ref().is_none_or(|status| status.value != Status::Hidden) {
                diagnostics.push(withdrawn(page, consent.span));
            }
            continue;
        }
        if !entry.is_listed() {
            continue;
        }
        let Consent { given, who, date, .. } = &consent.value;
        let is_later = |day| site.sources().today.is_some_and(|today| day > today);
        let lacks = match (given, who, date) {
            (false, ..) => "says no, but the story is published",
            (_, None, None) => "says neither who agreed nor when",
            (_, None, _) => "does not say who agreed",
            (_, _, None) => "does not say when they agreed",
            (_, _, Some(date)) if is_later(date.day) => "is dated in the future",
            _ => continue,
        };
        diagnostics.push(not_in_order(page, consent.span, lacks, *given));
    }
}

fn withdrawn(page: &Page, span: crate::diagnostic::Span) -> Diagnostic {
    Diagnostic::new(
        Rule::Consent,
        &page.path,
        span,
        "The customer has withdrawn their consent, so the story is hidden.",
    )
    .help(
        "Its text and pictures can still be read in the repository: delete them there. To keep the file without this \
         report, add `status: hidden`.",
    )
}

fn not_in_order(page: &Page, span: crate::diagnostic::Span, lacks: &str, given: bool) -> Diagnostic {
    let help = if given {
        "Write yes, who agreed, and when: `consent: yes, Ana López, 2026-11-21`. That way a reviewer can ask them \
         again in a year."
    } else {
        "Make it a draft (`status: draft`) until they agree, then write `consent: yes, Ana López, 2026-11-21`. If \
         the story is your own, remove the line."
    };
    Diagnostic::new(Rule::Consent, &page.path, span, format!("The consent {lacks}.")).help(help)
}
