//! Which elements stand in a line, and of which nobody reads the text.

use crate::page::math;

/// Elements that stand in a line. All others begin a new one.
pub(super) const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "label", "mark", "math", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u",
    "var", "wbr",
];

/// Elements of drawings, which are parts of the line that they stand in, and what formulas say for other programs. The
/// elements of formulas have a table of their own ([`math::is_element`]).
const PARTS: &[&str] = &[
    "semantics",
    "annotation",
    "svg",
    "g",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "marker",
    "defs",
    "title",
    "desc",
];

/// Elements whose text nobody reads.
pub(super) const SILENT: &[&str] = &["script", "style", "iframe", "noembed", "noframes", "xmp", "textarea"];

/// Whether an element stands in a line.
pub(super) fn is_inline(name: &str) -> bool {
    INLINE.contains(&name) || PARTS.contains(&name) || math::is_element(name)
}
