//! What changes in running text: addresses of somebody's page always, and what others call them where that is wanted.

use std::collections::BTreeSet;
use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::names::{Names, count};
use super::person::Person;
use crate::edit::Edit;
use crate::page::front_matter::write::Writer;
use crate::page::front_matter::{self, Field};
use crate::page::slug;
use crate::site::Site;

/// What stands before the handle in the address of a person, and in the path of their file.
pub(super) const PEOPLE: &str = "people/";

/// What ends a word that may be an address.
const ENDS: [char; 14] = ['(', ')', '<', '>', '[', ']', '{', '}', '"', '\'', '|', '`', ',', '\\'];

/// Addresses of somebody's page, and paths to their file, with the neutral handle.
pub(super) fn addresses(site: &Site, person: &Person, text: &str) -> BTreeSet<Edit> {
    let mut edits = BTreeSet::new();
    for (at, _) in text.match_indices(PEOPLE) {
        let begins =
            text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '-' | '_'));
        let start = at + PEOPLE.len();
        let is_end = |c: char| ENDS.contains(&c) || c.is_whitespace() || matches!(c, '/' | '#' | '?' | ':');
        let end = text[start..].find(is_end).map_or(text.len(), |end| start + end);
        let written = text[start..end].trim_end_matches(['.', '!', ';', '*', '_']);
        let stem = [".md", ".markdown", ".mdx"]
            .iter()
            .find_map(|ending| written.strip_suffix(ending))
            .unwrap_or(written);
        let meant = percent_decode_str(stem).decode_utf8_lossy();
        if begins && !stem.is_empty() && slug::slug(&meant) == person.handle && is_own(site, word(text, at)) {
            edits.insert(Edit { start, end: start + stem.len(), to: person.former.clone() });
        }
    }
    edits
}

/// Whether a word is no address of another site.
fn is_own(site: &Site, word: &str) -> bool {
    let Some(at) = word.find("://") else { return true };
    let start = word[..at].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
    let Ok(address) = ::url::Url::parse(&word[start..]) else { return false };
    let repository = site.sources().config.repository.as_ref();
    site.urls().own(&address).is_some()
        || repository.is_some_and(|it| it.strip_view_url(address.as_str()).is_some())
}

/// The word around a place.
fn word(text: &str, at: usize) -> &str {
    let is_end = |c: char| ENDS.contains(&c) || c.is_whitespace();
    let start = text[..at]
        .rfind(is_end)
        .map_or(0, |before| before + text[before..].chars().next().map_or(1, char::len_utf8));
    let end = text[at..].find(is_end).map_or(text.len(), |end| at + end);
    &text[start..end]
}

/// What people call somebody in a text: `@ana`, names of two words and more in any case, and what else was given, a
/// single word only as it was given. What stands in an address stays, for it would lead nowhere.
pub(super) fn mentions(person: &Person, also: &[String], text: &str) -> BTreeSet<Edit> {
    let mut edits = BTreeSet::new();
    for (at, _) in text.match_indices('@') {
        let begins = text[..at].chars().next_back().is_none_or(|c| {
            !(c.is_alphanumeric()
                || matches!(c, '_' | '/' | '.' | '@' | '#' | '&' | '!' | '-' | '\\' | '=' | '$'))
        });
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        let rest = &text[at + 1..];
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches(['-', '_', '.']);
        if begins && !name.is_empty() && slug::slug(name) == person.handle {
            edits.insert(Edit { start: at + 1, end: at + 1 + name.len(), to: person.former.clone() });
        }
    }
    let names = Names::new(person.full_names().chain(also.iter().map(String::as_str)));
    names.find(text, &mut |found| {
        let written = &text[found.at.clone()];
        let is_as_given = count(&found.name) > 1 || also.iter().any(|name| name.trim() == written);
        let around = word(text, found.at.start);
        let is_address = around.contains(['/', '@']);
        let is_free =
            edits.iter().all(|edit: &Edit| edit.end <= found.at.start || edit.start >= found.at.end);
        if is_as_given && !is_address && is_free {
            // Where the handle itself stands a handle is meant.
            let to = if written == person.handle { &person.former } else { &person.former_name };
            edits.insert(Edit { start: found.at.start, end: found.at.end, to: to.clone() });
        }
    });
    edits
}

/// Fields that come into the front matter of a file, as YAML; nothing where it cannot be read.
pub(super) fn with_fields(path: &Arc<str>, text: &str, fields: &[(Field, String)]) -> Option<Edit> {
    let front = front_matter::parse(path, text);
    let is_said = |field: Field| front.fields.present.iter().any(|(_, said)| *said == Some(field));
    if front.broken || fields.iter().any(|(field, _)| is_said(*field)) {
        return None;
    }
    let lines = fields.iter().fold(Writer::new(), |lines, (field, value)| lines.yaml(*field, value));
    if front.body_at == 0 {
        return Some(Edit { start: 0, end: 0, to: lines.above("") });
    }
    let above = &text[..front.body_at];
    let closing = above.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
    if !above[closing..].starts_with("+++") {
        return Some(Edit { start: closing, end: closing, to: lines.lines() });
    }
    // Behind the name of a table they would be part of it.
    let opening = above.find('\n')? + 1;
    let quoted =
        |value: &str| if value.starts_with(['[', '"']) { value.to_string() } else { format!("\"{value}\"") };
    let to = fields.iter().map(|(field, value)| format!("{} = {}\n", field.name(), quoted(value))).collect();
    Some(Edit { start: opening, end: opening, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person() -> Person {
        Person {
            handle: "ana".to_string(),
            names: ["Ana Silva".to_string()].into(),
            former: "former-member-1".to_string(),
            former_name: "Former member 1".to_string(),
            commits: [].into(),
        }
    }

    fn mentioned(text: &str, also: &[&str]) -> String {
        let also: Vec<String> = also.iter().map(ToString::to_string).collect();
        let edits: Vec<Edit> = mentions(&person(), &also, text).into_iter().collect();
        crate::edit::edited(text, &edits)
    }

    #[test]
    fn what_others_call_somebody_is_found_in_their_texts() {
        assert_eq!(mentioned("ask @ana, or (@Ana).", &[]), "ask @former-member-1, or (@former-member-1).");
        assert_eq!(mentioned("ANA  SILVA's kiln", &[]), "Former member 1's kiln");
        assert_eq!(mentioned("Ana said so", &[]), "Ana said so");
        assert_eq!(mentioned("Ana said so, ana did not", &["Ana"]), "Former member 1 said so, ana did not");
        for same in ["a@ana.example", "@ana-b", "@anabel", "https://ana-silva.example/", "[x](/ana-silva/)"] {
            assert_eq!(mentioned(same, &["Ana"]), same);
        }
    }

    #[test]
    fn fields_come_into_front_matter_of_every_form() {
        let with = |text: &str| {
            let fields = [(Field::Authors, "[ben]".to_string()), (Field::SortKey, "m".to_string())];
            with_fields(&Arc::from("a.md"), text, &fields).map(|edit| crate::edit::edited(text, &[edit]))
        };
        assert_eq!(with("# A\n").as_deref(), Some("---\nauthors: [ben]\nsort_key: m\n---\n# A\n"));
        assert_eq!(
            with("---\ntags: [x]\n---\n# A\n").as_deref(),
            Some("---\ntags: [x]\nauthors: [ben]\nsort_key: m\n---\n# A\n")
        );
        assert_eq!(
            with("+++\ntitle = \"A\"\n[extra]\n+++\nText").as_deref(),
            Some("+++\nauthors = [ben]\nsort_key = \"m\"\ntitle = \"A\"\n[extra]\n+++\nText")
        );
        assert_eq!(with("---\nauthors: [ana]\n---\n"), None);
    }
}
