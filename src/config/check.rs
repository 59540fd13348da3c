//! What `check:` says: the words and phrases of a community, and from when on something counts.

use super::keys::CheckKey;
use super::settings;
use crate::diagnostic::Spanned;
use crate::yaml::Node;
use crate::yaml::key::Keys;
use crate::yaml::walk::Walk;

/// What `check` looks for beyond what holds for every site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Words with what is to be written instead, in the order written.
    pub words: Vec<Wording>,
    /// Phrases that a moderator wants to see, by the rule of the guidelines.
    pub phrases: Vec<Phrases>,
    /// Hosts that readers trust.
    pub hosts: Vec<String>,
    /// After this many days a question is unanswered.
    pub unanswered_after: i64,
    /// From this many words on a paragraph is too long.
    pub long_paragraph: usize,
}

/// A word, and what is to be written instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What people write.
    pub word: String,
    /// What they should write.
    pub instead: String,
}

/// Phrases that a rule of the guidelines is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrases {
    /// The number or the heading's id of the rule, and where it was written.
    pub rule: Spanned<String>,
    /// The phrases.
    pub phrases: Vec<String>,
}

impl Default for Check {
    fn default() -> Self {
        Check {
            words: Vec::new(),
            phrases: Vec::new(),
            hosts: Vec::new(),
            unanswered_after: 30,
            long_paragraph: 300,
        }
    }
}

pub(super) fn read(walk: &mut Walk<'_>, node: Node<'_>) -> Check {
    let mut check = Check::default();
    for (key, node) in walk.map(node, "check") {
        let name: &str = &key.value;
        match CheckKey::from_name(name) {
            Some(CheckKey::Words) => {
                for (word, node) in walk.map(node, name) {
                    let Some(instead) = walk.text(node, &word.value) else { continue };
                    if instead.value == *word.value {
                        walk.problem(
                            instead.span,
                            format!("`{}` is listed as its own replacement.", word.value),
                            "Give the word to write instead, or remove the line.",
                        );
                        continue;
                    }
                    check.words.push(Wording { word: word.value.into_owned(), instead: instead.value });
                }
            }
            Some(CheckKey::Phrases) => {
                for (rule, node) in walk.map(node, name) {
                    let phrases = settings::values(walk.texts(node, &rule.value));
                    check.phrases.push(Phrases { rule: rule.map(|it| it.into_owned()), phrases });
                }
            }
            Some(CheckKey::Hosts) => {
                let texts = walk.texts(node, name);
                check.hosts = settings::hosts(walk, texts);
            }
            Some(CheckKey::UnansweredAfter) => {
                check.unanswered_after = walk.number(node, name, 1, 3650).unwrap_or(check.unanswered_after);
            }
            Some(CheckKey::LongParagraph) => {
                let words = walk.number(node, name, 50, 5000).and_then(|it| usize::try_from(it).ok());
                check.long_paragraph = words.unwrap_or(check.long_paragraph);
            }
            None => walk.unknown_key(&key, "check", CheckKey::KEYS),
        }
    }
    check
}
