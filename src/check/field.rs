//! Fields that mean nothing where they stand: an accepted answer on a story, a consent on a question.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::front_matter::{Field, kinds_with};
use crate::site::{Form, Site};

/// Looks at the fields of every file, shown or not: anyone who mends one problem of a page wants to know
/// of the others.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    for (page, form) in site.pages().iter().zip(site.forms()) {
        let kind = page.place.kind;
        let what = match form {
            Form::Entry => kind.singular(),
            Form::Reply => "reply",
            Form::Other => continue,
        };
        let is_right = |field: &Field| {
            field.is_common()
                || if *form == Form::Reply { field.is_own_of_replies() } else { field.is_own_of(kind) }
        };
        let wrong = page.fields.present.iter().filter_map(|(typed, field)| {
            let field = field.filter(|field| !is_right(field))?;
            Some(of_other_kind(page, &typed.value, typed.span, field, what))
        });
        diagnostics.extend(wrong);
    }
}

fn of_other_kind(page: &Page, typed: &str, span: Span, field: Field, kind: &str) -> Diagnostic {
    let kinds: Vec<&str> = kinds_with(field).map(crate::page::kind::Kind::singular).collect();
    let belongs = if kinds.is_empty() { "a reply".to_string() } else { kinds.join(", ") };
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    Diagnostic::new(
        Rule::UnknownField,
        &page.path,
        span,
        format!("`{typed}` has no effect on {article} {kind}: it belongs to {belongs}."),
    )
    .help("Remove the line.")
}
