//! The little of XML that drawings use, read strictly: `quick-xml` finds the pieces, and this refuses what drawings
//! have no need of: entities but the five and numbers, an internal subset, what is not closed.

use quick_xml::Reader;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

/// Elements stand in each other no deeper than this, whether they are kept or not.
const MAX_DEPTH: usize = 1000;
/// An element has no more attributes than this.
const MAX_ATTRIBUTES: usize = 200;

const FORBIDDEN: &str = "it uses a character that is not allowed";

/// A piece of a document. Comments, instructions and the document type are passed over.
pub(crate) enum Piece<'a> {
    /// An element begins.
    Open {
        /// With its prefix, if it has one.
        name: &'a str,
        /// Values decoded.
        attributes: &'a [(&'a str, String)],
        /// Whether it ends at once.
        is_empty: bool,
    },
    /// The innermost element ends.
    Close,
    /// Text, decoded.
    Text(&'a str),
}

/// Hands over the pieces in order, until the end or the first error of either side.
pub(crate) fn read(text: &str, take: &mut dyn FnMut(Piece<'_>) -> Result<(), String>) -> Result<(), String> {
    if let Some(bad) = text.chars().find(|c| is_forbidden(*c)) {
        return Err(format!("it contains a character that is not allowed (U+{:04X})", u32::from(bad)));
    }
    let mut reader = Reader::from_str(text);
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|error| in_words(&error))? {
            Event::Start(element) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err("its elements are nested too deeply".into());
                }
                open(&element, false, take)?;
            }
            Event::Empty(element) => open(&element, true, take)?,
            Event::End(_) => {
                depth -= 1;
                take(Piece::Close)?;
            }
            Event::Text(text) => take(Piece::Text(&text))?,
            Event::CData(text) => take(Piece::Text(&text))?,
            Event::GeneralRef(reference) => take(Piece::Text(&referred(&reference)?))?,
            Event::DocType(doctype) if doctype.contains(['[', '<']) => {
                return Err("it declares entities".into());
            }
            Event::DocType(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if depth == 0 => return Ok(()),
            Event::Eof => return Err("an element is never closed".into()),
        }
    }
}

fn open(
    element: &BytesStart<'_>,
    is_empty: bool,
    take: &mut dyn FnMut(Piece<'_>) -> Result<(), String>,
) -> Result<(), String> {
    let name = element.name().into_inner();
    if !is_spaced(element.attributes_raw()) {
        return Err("a space is missing between its attributes".into());
    }
    let mut attributes: Vec<(&str, String)> = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|_| "an attribute cannot be read")?;
        let key = attribute.key.into_inner();
        if !is_name(key) || attribute.value.contains('<') || attributes.len() >= MAX_ATTRIBUTES {
            return Err("an attribute cannot be read".into());
        }
        let value = unescape(&attribute.value).map_err(|_| "an attribute uses an entity")?;
        if value.contains(is_forbidden) {
            return Err(FORBIDDEN.into());
        }
        attributes.push((key, value.into_owned()));
    }
    if !is_name(name) {
        return Err("an element has no name".into());
    }
    take(Piece::Open { name, attributes: &attributes, is_empty })
}

/// What a reference stands for.
fn referred(reference: &BytesRef<'_>) -> Result<String, String> {
    if let Some(known) = resolve_predefined_entity(reference) {
        return Ok(known.to_owned());
    }
    match reference.resolve_char_ref() {
        Ok(Some(c)) if !is_forbidden(c) => Ok(c.to_string()),
        Ok(None) => Err("it uses an entity".into()),
        _ => Err(FORBIDDEN.into()),
    }
}

/// Whether white space follows each value, which the reader does not ask for.
fn is_spaced(attributes: &str) -> bool {
    let (mut quote, mut has_ended) = (None, false);
    attributes.bytes().all(|byte| {
        let is_apart = !has_ended || byte.is_ascii_whitespace();
        has_ended = quote == Some(byte);
        quote = match quote {
            Some(_) if has_ended => None,
            None if matches!(byte, b'"' | b'\'') => Some(byte),
            quote => quote,
        };
        is_apart
    })
}

/// The reader looks for where names end alone.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// What the reader says may quote the file at any length.
fn in_words(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::IllFormed(
            IllFormedError::UnmatchedEndTag(_) | IllFormedError::MismatchedEndTag { .. },
        ) => "its opening and closing tags do not match".into(),
        _ => "it cannot be read as XML".into(),
    }
}
