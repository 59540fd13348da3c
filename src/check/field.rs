//! Fields that mean nothing where they stand: an accepted answer on a story, a consent on a question.

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::front_matter::{COMMON, Field, REPLY, fields_of, kinds_with};
use crate::site::Site;

/// Looks at the fields of everything that is shown.
pub fn check(site: &Site<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for entry in &site.entries {
        let page = &site.pages[entry.page];
        let wrong =
            unexpected(page, |field| COMMON.contains(&field) || fields_of(entry.kind).contains(&field));
        diagnostics.extend(
            wrong.map(|(typed, span, field)| of_other_kind(page, typed, span, field, entry.kind.singular())),
        );
        for reply in entry.replies().filter(|reply| reply.page != entry.page) {
            let page = &site.pages[reply.page];
            let wrong = unexpected(page, |field| COMMON.contains(&field) || REPLY.contains(&field));
            diagnostics
                .extend(wrong.map(|(typed, span, field)| of_other_kind(page, typed, span, field, "reply")));
        }
    }
}

/// Fields that were understood but that `fits` does not know.
fn unexpected<'a>(
    page: &'a Page,
    fits: impl Fn(Field) -> bool + 'a,
) -> impl Iterator<Item = (&'a str, Span, Field)> + 'a {
    page.fields.present.iter().filter_map(move |(typed, field)| {
        field.filter(|field| !fits(*field)).map(|field| (typed.value.as_str(), typed.span, field))
    })
}

fn of_other_kind(page: &Page, typed: &str, span: Span, field: Field, kind: &str) -> Diagnostic {
    let kinds: Vec<&str> = kinds_with(field).map(crate::page::kind::Kind::singular).collect();
    let belongs = if kinds.is_empty() { "a reply".to_string() } else { kinds.join(", ") };
    let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    Diagnostic::new(
        Rule::UnknownField,
        &page.path,
        span,
        format!("`{typed}` means nothing on {article} {kind}: it belongs to {belongs}"),
    )
    .help("Remove the line. Nobody reads it here.")
}
