//! Which templates name which others, and where: read from the text, so that a name that is wrong has its
//! place even where the template engine says none, and so that a file that nothing uses is found.

use std::ops::Range;

/// How a template names another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// `{% extends "…" %}`
    Extends,
    /// `{% include "…" %}`
    Includes,
}

/// A template that another one names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) how: How,
    /// The name that is meant.
    pub(crate) name: String,
    /// The name with its quotes, in bytes of the text.
    pub(crate) at: Range<usize>,
}

/// Every template that this text names, in order. What stands in a comment is none.
pub(crate) fn references(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let rest = &text[open..];
        if rest.starts_with("{#") {
            at = rest.find("#}").map_or(text.len(), |end| open + end + 2);
            continue;
        }
        at = open + 1;
        if let Some(tag) = rest.strip_prefix("{%") {
            let tag = tag.strip_prefix('-').unwrap_or(tag).trim_start();
            let how = if tag.starts_with("extends") {
                How::Extends
            } else if tag.starts_with("include") {
                How::Includes
            } else {
                continue;
            };
            let name = tag.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start();
            let Some(quote) = name.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
            let Some(end) = name[1..].find(quote) else { continue };
            let start = text.len() - name.len();
            found.push(Reference { how, name: name[1..=end].to_string(), at: start..start + end + 2 });
        }
    }
    found
}

/// Whether a text holds components, which need no name of a file to be used.
pub(crate) fn has_components(text: &str) -> bool {
    text.split("{%").skip(1).any(|tag| tag.trim_start_matches('-').trim_start().starts_with("component "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_their_places_and_comments_are_left_out() {
        let text = "{# {% include \"no\" %} #}{%- extends 'base.html' -%}\n{{ a }}{% include \"part/ä.html\" %}{% if include %}";
        let found = references(text);
        let names: Vec<(How, &str, &str)> =
            found.iter().map(|it| (it.how, it.name.as_str(), &text[it.at.clone()])).collect();
        assert_eq!(
            names,
            [(How::Extends, "base.html", "'base.html'"), (How::Includes, "part/ä.html", "\"part/ä.html\"")]
        );
        assert!(has_components("{% component card(a) %}") && !has_components("{% set component = 1 %}"));
    }
}
