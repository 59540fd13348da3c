//! The rules of `GUIDELINES.md`, and which of them a reason cites.

use std::collections::BTreeMap;

use super::Site;
use crate::page::Page;
use crate::page::markdown::BlockKind;
use crate::words::{Word, Words};

/// A rule is quoted up to this many characters.
const QUOTED: usize = 120;

impl Site {
    /// The rules of `GUIDELINES.md`, by what they are cited by.
    #[must_use]
    pub fn rules(&self) -> BTreeMap<String, String> {
        self.guidelines.as_ref().map_or_else(BTreeMap::new, |(page, _)| rules(page))
    }
}

/// The rules of a page: by number those of its numbered lists, by id those that are headings. Each in one line.
#[must_use]
pub fn rules(page: &Page) -> BTreeMap<String, String> {
    let mut rules = BTreeMap::new();
    for block in &page.body.blocks {
        let BlockKind::List { start: Some(start), items } = &block.kind else { continue };
        let items = page.body.items.get(items.start as usize..items.end as usize).unwrap_or_default();
        for (number, item) in (*start..).zip(items) {
            let text = page.body.text_at(item.text.clone());
            rules.entry(number.to_string()).or_insert_with(|| quoted(text));
        }
    }
    for heading in page.body.headings.iter().filter(|heading| heading.level > 1) {
        rules.entry(heading.id.clone()).or_insert_with(|| quoted(&heading.text));
    }
    rules
}

/// The rule that a reason cites: `against rule 6`, `§ 6`, `#6`, `#be-kind`. A number alone is none: a reason may say
/// how often or how much.
#[must_use]
pub fn cited<'r>(
    reason: &str,
    rules: &'r BTreeMap<String, String>,
    words: &Words,
) -> Option<(&'r str, &'r str)> {
    let is_rule_word = |word: &str| {
        let names = words.get(Word::RuleWords).split(',').chain(["rule", "guideline"]);
        names.map(str::trim).any(|name| !name.is_empty() && name.to_lowercase() == word)
    };
    let folded = reason.to_lowercase();
    let spaced = folded.replace(['§', '#'], " # ");
    let bare = |word: &str| word.trim_matches(|it: char| !it.is_alphanumeric() && it != '#').to_string();
    let mut is_after_word = false;
    for word in spaced.split_whitespace().map(bare).filter(|word| !word.is_empty()) {
        if is_after_word && let Some((id, text)) = rules.get_key_value(&word) {
            return Some((id, text));
        }
        is_after_word = word == "#" || is_rule_word(&word);
    }
    None
}

/// A rule in one line, cut at a word.
fn quoted(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.chars().count() + word.chars().count() >= QUOTED {
            line.push_str(" …");
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_cites_a_rule_by_number_or_id_and_never_by_a_number_alone() {
        let rules = ["6", "3", "be-kind"].map(|id| (id.to_string(), id.to_string()));
        let rules = BTreeMap::from(rules);
        let words = Words::english();
        let cited = |reason| cited(reason, &rules, &words).map(|(id, _)| id);
        assert_eq!(cited("Advertising, against rule 6."), Some("6"));
        assert_eq!(cited("Guideline 3: no."), Some("3"));
        assert_eq!(cited("See §6"), Some("6"));
        assert_eq!(cited("Against #be-kind."), Some("be-kind"));
        assert_eq!(cited("Posted 3 times"), None);
        assert_eq!(cited("Against rule 9"), None);
    }
}
