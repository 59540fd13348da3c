//! What can be wrong with a YAML text, in words for somebody who never heard of YAML.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use serde_yaml::granit_parser::ErrorKind;

use super::repair::{Edit, Open, Reason, quoted};
use super::{DEPTH, Lines};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};

/// More than is read.
pub(super) fn too_large(file: &Arc<str>, span: Span, limit: usize) -> Diagnostic {
    Diagnostic::new(Rule::TooLarge, file, span, format!("The fields are larger than {} KB.", limit / 1024))
        .help("Move long texts out of the fields into the text of the page.")
}

/// Nested deeper than allowed.
pub(super) fn too_deep(file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(
        Rule::TooDeep,
        file,
        span,
        format!("Brackets and lists are nested more than {DEPTH} levels deep."),
    )
    .help("Use fewer levels.")
}

/// A character nobody can see and no text needs.
pub(super) fn control_character(rule: Rule, file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(rule, file, span, "This contains an invisible control character.")
        .help("Delete the character, or retype the line.")
        .fix("")
}

/// A name that was there before.
pub(super) fn duplicate(
    rule: Rule,
    file: &Arc<str>,
    name: &Spanned<Cow<'_, str>>,
    first: Span,
) -> Diagnostic {
    Diagnostic::new(rule, file, name.span, format!("`{}` appears twice.", shortened(&name.value))).help(
        format!(
            "The first one is on line {}, column {}. Keep one of the two, or merge them.",
            first.line, first.column
        ),
    )
}

/// A line that is neither a field nor part of one.
pub(super) fn stray_line(rule: Rule, file: &Arc<str>, span: Span, text: &str) -> Diagnostic {
    let text = shortened(text.trim());
    Diagnostic::new(rule, file, span, format!("`{text}` is not a field.")).help(
        "A field is a name, a colon, a space and a value, such as `title: How do I reset my password?`. Text \
            belongs below the closing `---`.",
    )
}

/// A bracket or a quote without its other half.
pub(super) fn unclosed(rule: Rule, file: &Arc<str>, lines: &Lines<'_>, open: &Open) -> Diagnostic {
    let what = match open.sign {
        '[' => "bracket `[`",
        '{' => "brace `{`",
        '\'' => "quote `'`",
        _ => "quote `\"`",
    };
    let span = lines.span(open.at..open.at + open.rest.len());
    let found = Diagnostic::new(rule, file, span, format!("The {what} is never closed."));
    match &open.completed {
        Some(fix) => found
            .help(format!("Close it: `{}`. Or put the whole text in quotes.", shortened(fix)))
            .fix(fix.clone()),
        None => found.help("Close it where its text ends, or put the whole text in quotes."),
    }
}

/// `&name` or `*name`.
pub(super) fn reference(rule: Rule, file: &Arc<str>, span: Span, sign: char) -> Diagnostic {
    let message = match sign {
        '&' => "`&` cannot name a value.",
        _ => "`*` cannot refer to another value.",
    };
    Diagnostic::new(rule, file, span, message)
        .help("Write the value itself, in quotes if it starts with this sign.")
}

/// A second document in one.
pub(super) fn second_document(rule: Rule, file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(rule, file, span, "The fields end above this line, but more follow here.")
        .help("Keep all fields together, with one `---` above and one below.")
}

/// A list or a map where a name must be.
pub(super) fn name_is_no_text(rule: Rule, file: &Arc<str>, span: Span) -> Diagnostic {
    Diagnostic::new(rule, file, span, "The name of a field must be a plain word.")
        .help("Write `name: value`. If this is a text, put it in quotes.")
}

/// A field that is indented differently from its neighbours.
pub(super) fn indentation(file: &Arc<str>, span: Span, base: usize) -> Diagnostic {
    let help = if base == 0 {
        "Remove the spaces at the start of the line.".to_owned()
    } else {
        format!("Start the line with {base} spaces.")
    };
    Diagnostic::new(Rule::FieldValue, file, span, "This field is indented differently from the others.")
        .help(help)
        .fix(" ".repeat(base))
}

/// Something that was understood although it is not written as YAML wants it.
pub(super) fn repaired(file: &Arc<str>, lines: &Lines<'_>, edit: &Edit) -> Diagnostic {
    let message = match edit.reason {
        Reason::Colon => "This text contains a colon and should be in quotes.".to_owned(),
        Reason::Hash => "This text contains a `#` and should be in quotes.".to_owned(),
        Reason::Sign(sign) => format!("This text starts with `{sign}` and should be in quotes."),
        Reason::Quotes => "The quotes in this text do not match.".to_owned(),
        Reason::TypographicQuotes => {
            "These are typographic quotes, which become part of the text.".to_owned()
        }
        Reason::Tab => "This line starts with a tab instead of spaces.".to_owned(),
        Reason::NoSpace => "A space is missing after the colon.".to_owned(),
        Reason::NoSpaceDash => "A space is missing after the dash.".to_owned(),
        Reason::Deeper => "This item is indented further than the one above it.".to_owned(),
        Reason::HashTags => "Tags are written without `#`.".to_owned(),
    };
    let help = match edit.reason {
        Reason::Tab => "Indent with spaces.".to_owned(),
        Reason::NoSpace => format!("Write `{}` and then the value.", edit.fix),
        Reason::NoSpaceDash => "Write a dash, a space, and then the item.".to_owned(),
        Reason::Deeper => "Put all dashes of a list in the same column.".to_owned(),
        Reason::Hash => {
            format!(
                "It was understood anyway. Write {}, and put comments on a line of their own.",
                shortened(&edit.fix)
            )
        }
        _ => format!("It was understood anyway. Write {}.", shortened(&edit.fix)),
    };
    Diagnostic::new(Rule::FieldValue, file, lines.span(edit.shown.clone()), message)
        .help(help)
        .fix(edit.fix.clone())
}

/// What the library could not read, in our words.
pub(super) fn library(
    rule: Rule,
    file: &Arc<str>,
    lines: &Lines<'_>,
    at: Range<usize>,
    kind: &ErrorKind,
) -> Diagnostic {
    let span = lines.span(at.clone());
    let said = |message: &str, help: &str| Diagnostic::new(rule, file, span, message).help(help);
    match kind {
        ErrorKind::RecursionLimitExceeded => too_deep(file, span),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => {
            said("There is a tab where only spaces are allowed.", "Replace the tab with two spaces.")
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::BlockSequenceEntryNotAllowed => said(
            "The indentation of this line does not match the lines above.",
            "Lines that belong together start in the same column, with two spaces for each level.",
        ),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::MisplacedFlowCollectionEnd => said(
            "The brackets in this value do not match.",
            "Every `[` needs a `]` and every `{` a `}`, with commas between the items. Put a text that contains \
             brackets in quotes.",
        ),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => said(
            "The quotes in this value do not match.",
            "Put one quote at the start and one at the end of the value.",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => said(
            "A backslash in double quotes has another meaning here.",
            "Put the text in single quotes, or write two backslashes.",
        ),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => said(
            "A value that starts with `|` or `>` continues on the next line.",
            "Put the text on the next line, indented by two spaces, or put it in quotes.",
        ),
        ErrorKind::MappingValueNotAllowed
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::MappingKeyNotAllowed => {
            said("A colon is not allowed here.", "If the colon is part of a text, put the text in quotes.")
        }
        _ => {
            let line = lines.source[at.start..].lines().next().unwrap_or_default();
            let example = quoted(&shortened(line.trim()));
            said(
                "This value cannot be read.",
                &if line.trim().is_empty() {
                    "If it is a text, put it in quotes.".to_owned()
                } else {
                    format!("If it is a text, put it in quotes: {example}.")
                },
            )
        }
    }
}

/// At most so much of somebody's text as a message can carry.
fn shortened(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}
