//! The MathML that a page may hold: a list of elements and attributes; what a style says becomes a class. What is not
//! on the list makes the formula one that cannot be shown, since nothing but the reader of formulas writes it.

use crate::page::markdown::{escape_attribute, escape_text};
use crate::page::xml::{self, Piece};

/// How deep elements may stand in each other.
const DEPTH: usize = 128;

/// Elements, in order.
pub(crate) const ELEMENTS: [&str; 26] = [
    "math",
    "menclose",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
];

/// Attributes, in order. Their values are words and lengths.
pub(crate) const ATTRIBUTES: [&str; 24] = [
    "accent",
    "accentunder",
    "columnspan",
    "depth",
    "display",
    "displaystyle",
    "fence",
    "form",
    "height",
    "largeop",
    "linethickness",
    "lspace",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "rowspan",
    "rspace",
    "scriptlevel",
    "separator",
    "stretchy",
    "symmetric",
    "voffset",
    "width",
];

/// What a style says, and the class that says it here.
const CLASSES: [(&str, &str, &str); 12] = [
    ("text-align", "right", "math-right"),
    ("text-align", "left", "math-left"),
    ("padding-left", "0", "math-tight-left"),
    ("padding-right", "0", "math-tight-right"),
    ("padding-left", "1em", "math-gap"),
    ("border-top", "0.05em solid currentcolor", "math-line-top"),
    ("border-top", "0.05em dashed currentcolor", "math-line-top"),
    ("border-right", "0.05em solid currentcolor", "math-line-right"),
    ("border-right", "0.05em dashed currentcolor", "math-line-right"),
    ("border-left", "0.05em solid currentcolor", "math-line-left"),
    ("border-left", "0.05em dashed currentcolor", "math-box"),
    ("margin-left", "-0.16666667em", "math-back"),
];

/// Writes a formula anew, with its source as its text.
pub(super) fn clean(mathml: &str, source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(mathml.len() + source.len() + 16);
    let mut open: Vec<&'static str> = Vec::new();
    xml::read(mathml, &mut |piece| {
        match piece {
            Piece::Open { name, attributes, is_empty } => {
                let known = ELEMENTS.iter().find(|known| **known == name);
                let Some(known) = known.filter(|known| (**known == "math") == open.is_empty()) else {
                    return Err(format!("it makes `<{name}>`, which is not allowed"));
                };
                // What is crossed out is a line over a row, which the style sheet draws.
                let name = if *known == "menclose" { "mrow" } else { *known };
                if open.len() >= DEPTH {
                    return Err("its parts stand too deep in each other".to_owned());
                }
                out.push('<');
                out.push_str(name);
                if name == "math" {
                    out.push_str(" alttext=\"");
                    escape_attribute(source, &mut out);
                    out.push('"');
                }
                write_attributes(known, attributes, &mut out);
                out.push('>');
                if is_empty {
                    out.push_str(&format!("</{name}>"));
                } else {
                    open.push(name);
                }
            }
            Piece::Close => {
                if let Some(name) = open.pop() {
                    out.push_str(&format!("</{name}>"));
                }
            }
            Piece::Text(text) => escape_text(text, &mut out),
        }
        Ok(())
    })?;
    Ok(out)
}

fn write_attributes(element: &str, attributes: &[(&str, String)], out: &mut String) {
    let mut classes: Vec<&str> = Vec::new();
    for (name, value) in attributes {
        let is_plain = !value.is_empty()
            && value.len() <= 40
            && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'%' | b'-' | b'+'));
        if *name == "style" {
            classes.extend(classes_of(value));
        } else if element == "menclose" && *name == "notation" {
            classes.push(if value.contains("diagonal") { "math-cancel" } else { "math-strike" });
        } else if element == "mtable" && *name == "scriptlevel" {
            // It says what holds anyway, where no standard knows it.
        } else if is_plain && ATTRIBUTES.binary_search(name).is_ok() {
            out.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    if !classes.is_empty() {
        out.push_str(&format!(" class=\"{}\"", classes.join(" ")));
    }
}

fn classes_of(style: &str) -> impl Iterator<Item = &'static str> + '_ {
    style.split(';').filter_map(|declaration| {
        let (name, value) = declaration.split_once(':')?;
        let (name, value) = (name.trim(), value.trim());
        if name == "color" {
            return colour(value);
        }
        CLASSES.iter().find(|known| (known.0, known.1) == (name, value)).map(|known| known.2)
    })
}

/// The colour of the theme that is nearest to one that an author chose, readable by day and by night; none for greys.
fn colour(value: &str) -> Option<&'static str> {
    let number = u32::from_str_radix(value.strip_prefix('#')?, 16).ok()?;
    let [_, r, g, b] = number.to_be_bytes().map(i32::from);
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    if most - least < 40 {
        return None;
    }
    Some(match () {
        () if most == g && r < most - 40 => "math-green",
        () if most == b => "math-blue",
        () if g - b > (r - b) / 3 => "math-orange",
        () => "math-red",
    })
}
