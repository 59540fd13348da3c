//! The long tail of languages, by syntect and the grammars of two-face. Scopes are mapped to our few
//! classes once each; what maps to nothing writes nothing.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use super::{Class, LONGEST_LINE, Painter};

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

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

/// The HTML of code in a language that some grammar knows.
pub(super) fn paint(language: &str, code: &str) -> Option<String> {
    let syntaxes = &*SYNTAXES;
    let syntax = syntaxes.find_syntax_by_token(alias(language))?;
    if syntax.name == "Plain Text" {
        return None;
    }
    let mut state = ParseState::new(syntax);
    let mut painter = Painter::new(code);
    let mut stack = ScopeStack::new();
    MEANINGS.with_borrow_mut(|meanings| {
        for line in code.split_inclusive('\n') {
            if line.len() > LONGEST_LINE {
                painter.paint(None, line);
                continue;
            }
            // A grammar that fails leaves its line plain; the code is shown all the same.
            let Ok(operations) = state.parse_line(line, syntaxes) else {
                painter.paint(None, line);
                continue;
            };
            let mut written = 0;
            for (at, operation) in &operations {
                if *at > written
                    && let Some(piece) = line.get(written..*at)
                {
                    painter.paint(class(stack.as_slice(), meanings), piece);
                    written = *at;
                }
                if stack.apply(operation).is_err() {
                    stack = ScopeStack::new();
                }
            }
            painter.paint(class(stack.as_slice(), meanings), line.get(written..).unwrap_or_default());
        }
    });
    Some(painter.finish())
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

/// Names that people write and no grammar knows.
fn alias(language: &str) -> &str {
    match language {
        "vimscript" | "vimrc" => "vim",
        "reasonml" | "reason" => "ocaml",
        "docker" => "dockerfile",
        "prettierrc" | "jsonc" | "json5" => "json",
        "elisp" | "emacs-lisp" | "emacs" => "el",
        "justfile" => "makefile",
        "plaintext" | "text" | "plain" | "none" | "output" => "txt",
        other => other,
    }
}
