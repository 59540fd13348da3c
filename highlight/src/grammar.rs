//! The long tail of languages, by the grammars of two-face, which know more than the lexer and take
//! fifty times as long, or many thousand times where somebody makes them: so each step is counted, and
//! there are only this many. Scopes are mapped to our few classes once each; what maps to nothing writes
//! nothing.

mod machine;
mod parser;
mod pattern;
mod store;

use std::cell::RefCell;
use std::collections::HashMap;

use syntect::parsing::{Scope, ScopeStack};

use super::steps::{Patterns, Spent, Steps};
use super::{Class, LONGEST_LINE, Painter};

/// What a scope says of the text in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Nothing: the text is what it is around it.
    Nothing,
    /// Code within a string: not a string.
    Plain,
    Is(Class),
}

thread_local! {
    static MEANINGS: RefCell<HashMap<Scope, Meaning>> = RefCell::default();
}

/// The number of the grammar for a language, if one knows it.
pub(super) fn find(language: &str) -> Option<usize> {
    store::find(language)
}

/// Every name that some grammar goes by, for suggestions.
pub(super) fn names() -> impl Iterator<Item = String> {
    store::names()
}

/// The HTML of code by a grammar.
pub(super) fn paint(
    grammar: usize,
    code: &str,
    steps: &mut Steps,
    patterns: &mut Patterns,
) -> Result<String, Spent> {
    let mut painter = Painter::new(code);
    let Some(mut parser) = parser::Parser::new(grammar) else {
        painter.paint(None, code);
        return Ok(painter.finish());
    };
    let mut stack = ScopeStack::new();
    let mut changes = Vec::new();
    MEANINGS.with_borrow_mut(|meanings| {
        for line in code.split_inclusive('\n') {
            if line.len() > LONGEST_LINE {
                painter.paint(None, line);
                continue;
            }
            parser.line(line, &mut changes, steps, patterns)?;
            let mut written = 0;
            for (at, change) in &changes {
                if *at > written
                    && let Some(piece) = line.get(written..*at)
                {
                    steps.take(2 + stack.len() as u64)?;
                    painter.paint(class(stack.as_slice(), meanings), piece);
                    written = *at;
                }
                if stack.apply(change).is_err() {
                    stack = ScopeStack::new();
                }
            }
            painter.paint(class(stack.as_slice(), meanings), line.get(written..).unwrap_or_default());
        }
        Ok(painter.finish())
    })
}

/// The innermost scope that means something decides.
fn class(stack: &[Scope], meanings: &mut HashMap<Scope, Meaning>) -> Option<Class> {
    for scope in stack.iter().rev() {
        match *meanings.entry(*scope).or_insert_with(|| meaning(&scope.build_string())) {
            Meaning::Nothing => {}
            Meaning::Plain => return None,
            Meaning::Is(class) => return Some(class),
        }
    }
    None
}

fn meaning(scope: &str) -> Meaning {
    let begins = |prefixes: &[&str]| {
        prefixes.iter().any(|prefix| {
            scope.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    };
    if begins(&["comment"]) {
        Meaning::Is(Class::Comment)
    } else if begins(&["keyword.operator", "punctuation", "meta.interpolation.command"]) {
        if begins(&["keyword.operator.word", "keyword.operator.logical.python"]) {
            Meaning::Is(Class::Keyword)
        } else {
            Meaning::Nothing
        }
    } else if begins(&["meta.interpolation", "meta.embedded"]) {
        Meaning::Plain
    } else if begins(&["string"]) {
        Meaning::Is(Class::String)
    } else if begins(&["constant.numeric", "keyword.other.unit"]) {
        Meaning::Is(Class::Number)
    } else if begins(&["constant", "support.constant", "variable.language"]) {
        Meaning::Is(Class::Constant)
    } else if begins(&["keyword", "storage"]) {
        Meaning::Is(Class::Keyword)
    } else if begins(&[
        "entity.name.function",
        "support.function",
        "variable.function",
        "entity.name.macro",
        "support.macro",
        "meta.function-call.generic",
    ]) {
        Meaning::Is(Class::Function)
    } else if begins(&["entity.name.tag"]) {
        Meaning::Is(Class::Tag)
    } else if begins(&[
        "entity.other.attribute-name",
        "support.type.property-name",
        "meta.property-name",
        "variable.annotation",
        "entity.name.attribute",
    ]) {
        Meaning::Is(Class::Attribute)
    } else if begins(&["entity.name.section", "markup.heading"]) {
        Meaning::Is(Class::Heading)
    } else if begins(&["markup.inserted"]) {
        Meaning::Is(Class::Inserted)
    } else if begins(&["markup.deleted"]) {
        Meaning::Is(Class::Deleted)
    } else if begins(&["markup.raw"]) {
        Meaning::Is(Class::String)
    } else if begins(&["entity.name", "support.type", "support.class", "entity.other.inherited-class"]) {
        Meaning::Is(Class::Type)
    } else if begins(&[
        "variable.other.readwrite.shell",
        "variable.parameter",
        "variable.other.php",
        "punctuation.definition.variable",
    ]) {
        Meaning::Is(Class::Variable)
    } else {
        Meaning::Nothing
    }
}
