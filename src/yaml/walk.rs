//! From the tree to typed values in trusted files, where whatever is not understood is an error.
//!
//! Every problem is collected with its place; a value that is wrong is missing from the result.

use std::borrow::Cow;
use std::sync::Arc;

use super::key::Key;
use super::{Node, NodeKind, Pair};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned, nearest};

/// What was found wrong so far.
#[derive(Debug)]
pub(crate) struct Walk<'w> {
    file: &'w Arc<str>,
    /// Every problem, in the order found.
    pub(crate) problems: Vec<Diagnostic>,
}

impl<'w> Walk<'w> {
    /// Nothing is wrong yet.
    pub(crate) fn new(file: &'w Arc<str>) -> Self {
        Walk { file, problems: Vec::new() }
    }

    /// Adds a problem.
    pub(crate) fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic::new(Rule::Config, self.file, span, message).help(help));
    }

    /// Adds a problem whose place should hold another text.
    pub(crate) fn mendable(
        &mut self,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.problems.push(Diagnostic::new(Rule::Config, self.file, span, message).help(help).fix(fix));
    }

    /// A name that is near one that is meant.
    pub(crate) fn guess(&mut self, span: Span, message: impl Into<String>, near: &str, until_then: &str) {
        self.problems.push(Diagnostic::new(Rule::Config, self.file, span, message).guess(near, until_then));
    }

    /// A name that nobody reads.
    pub(crate) fn unknown_key(&mut self, key: &Spanned<Cow<'_, str>>, holder: &str, known: &[Key]) {
        let known: Vec<&str> = known.iter().map(|key| key.name).collect();
        let message = match holder {
            "" => format!("There is no setting `{}`.", key.value),
            holder => format!("There is no setting `{}` in `{holder}`.", key.value),
        };
        match nearest(&key.value, known.iter().copied()) {
            Some(near) => self.guess(key.span, message, near, ""),
            None => self.problem(key.span, message, format!("There are {}.", joined(&known))),
        }
    }

    /// The names and values of a map. Nothing is an empty map.
    pub(crate) fn map<'a>(&mut self, node: Node<'a>, name: &str) -> Vec<Pair<'a>> {
        match node.kind {
            NodeKind::Map(pairs) => pairs,
            NodeKind::Null => Vec::new(),
            _ => {
                let help =
                    format!("Write one `name: value` on each line below `{name}:`, indented by two spaces.");
                self.problem(node.span, format!("`{name}` must be names and values."), help);
                Vec::new()
            }
        }
    }

    /// One text, as typed. Nothing is none.
    pub(crate) fn text(&mut self, node: Node<'_>, name: &str) -> Option<Spanned<String>> {
        match node.kind {
            NodeKind::Null => None,
            NodeKind::Scalar { text, .. } if text.trim().is_empty() => None,
            NodeKind::Scalar { text, .. } => Some(Spanned::new(text.trim().to_owned(), node.span)),
            _ => {
                self.problem(
                    node.span,
                    format!("`{name}` must be a single text."),
                    format!("Write `{name}: ` followed by the text."),
                );
                None
            }
        }
    }

    /// Several texts: a list, or one text with commas.
    pub(crate) fn texts(&mut self, node: Node<'_>, name: &str) -> Vec<Spanned<String>> {
        match node.kind {
            NodeKind::Null => Vec::new(),
            NodeKind::Scalar { text, .. } => text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Spanned::new(part.to_owned(), node.span))
                .collect(),
            NodeKind::List(items) => items.into_iter().filter_map(|item| self.text(item, name)).collect(),
            NodeKind::Map(_) => {
                self.problem(
                    node.span,
                    format!("`{name}` must be a list."),
                    format!("Write `{name}: [one, two]`."),
                );
                Vec::new()
            }
        }
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, node: Node<'_>, name: &str) -> Option<bool> {
        let text = self.text(node, name)?;
        match text.value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => {
                self.wrong_word(&text, name, &["true", "false"]);
                None
            }
        }
    }

    /// A whole number from `least` to `most`.
    pub(crate) fn number(&mut self, node: Node<'_>, name: &str, least: i64, most: i64) -> Option<i64> {
        let text = self.text(node, name)?;
        match text.value.parse::<i64>() {
            Ok(value) if (least..=most).contains(&value) => Some(value),
            _ => {
                let message = format!("`{name}` cannot be `{}`.", text.value);
                self.problem(text.span, message, format!("Write a whole number from {least} to {most}."));
                None
            }
        }
    }

    /// One of some words.
    pub(crate) fn word<T>(
        &mut self,
        node: Node<'_>,
        name: &str,
        words: &[&str],
        from_word: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(node, name)?;
        let found = from_word(&text.value).or_else(|| from_word(&text.value.to_lowercase()));
        if found.is_none() {
            self.wrong_word(&text, name, words);
        }
        found
    }

    /// A word that is none of those there are.
    pub(crate) fn wrong_word(&mut self, text: &Spanned<String>, name: &str, words: &[&str]) {
        let message = format!("`{name}` cannot be `{}`.", text.value);
        let accepted = format!("It can be {}.", joined(words));
        match nearest(&text.value, words.iter().copied()) {
            Some(near) => self.guess(text.span, message, near, &accepted),
            None => self.problem(text.span, message, accepted),
        }
    }
}

fn joined(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
