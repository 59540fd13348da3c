//! Claims that content makes and that only trusted files can make true: a role in the company's team.

use crate::diagnostic::{Diagnostic, Rule};
use crate::page::front_matter::Role;
use crate::page::kind::Kind;
use crate::site::Site;

/// Looks at what people say of their own role.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    for entry in site.entries().iter().filter(|entry| entry.kind == Kind::Person) {
        let page = &site.pages()[entry.page];
        let Some(role) = &page.fields.role else { continue };
        if matches!(role.value, Role::Staff | Role::Moderator) && !site.people().is_team(&entry.slug) {
            diagnostics.push(
                Diagnostic::new(
                    Rule::Claim,
                    &page.path,
                    role.span,
                    format!("`{}` claims to be {}, but is not listed under `team:`.", entry.slug, role.value.word()),
                )
                .help(format!(
                    "Only longhouse.yaml can assign this role: `team: {{{}: {}}}`. Until then the role is not shown.",
                    entry.slug,
                    role.value.word()
                )),
            );
        }
    }
}
