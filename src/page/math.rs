//! Formulas: TeX in, MathML out, which every browser shows without a script.
//!
//! `math-core` reads TeX and is exact about what it cannot read. It knows no definitions and is recursive, so [`tex`]
//! expands what authors define, writes what is missing in terms of what is there, and refuses what is too deep or too
//! long before it is read. What comes out goes through a list of our own ([`mathml`]): no style, no link, no script.

use std::sync::LazyLock;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

pub(crate) use mathml::{ATTRIBUTES, ELEMENTS};
pub(crate) use tex::Macros;

pub(super) mod mathml;
mod tex;

/// The longest formula that is read, in bytes; and how long it may become.
const LONGEST: usize = 5_000;

/// A formula may become this many times its source, and [`SLACK`] bytes: a row of primes or of arrows is no formula.
const GROWTH: usize = 40;
const SLACK: usize = 4_000;

static CONVERTER: LazyLock<Option<LatexToMathML>> =
    LazyLock::new(|| LatexToMathML::new(MathCoreConfig::default()).ok());

/// Makes MathML of a formula. What it defines holds for the formulas that are read after it with the same `macros`.
///
/// # Errors
/// Says in plain words, as the end of a sentence, why the formula cannot be read.
pub(crate) fn to_mathml(source: &str, is_display: bool, macros: &mut Macros) -> Result<String, String> {
    if source.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let expanded = tex::expand(source, macros)?;
    let converter = CONVERTER.as_ref().ok_or("formulas cannot be read")?;
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    let made = converter.convert_with_local_state(&expanded, display);
    let made = made.map_err(|error| in_words(&error.error_message()))?;
    if made.mathml.len() > source.len() * GROWTH + SLACK {
        return Err("it would become many times longer than it is".to_owned());
    }
    mathml::clean(&made.mathml, source.trim())
}

/// Whether formulas may hold elements of this name.
pub(crate) fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// Whether elements of formulas may have an attribute of this name.
pub(crate) fn is_attribute(name: &str) -> bool {
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// The reader's words as the end of a sentence of ours.
fn in_words(message: &str) -> String {
    let message = message.trim().trim_end_matches('.').replace('"', "`");
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
