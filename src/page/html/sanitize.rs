//! The second layer: ammonia, for the few blocks that hold raw HTML.
//!
//! It parses what the first layer wrote as a browser would and writes only what is on its own list,
//! so that a mistake in the first layer is still no hole. There are no addresses, ids or styles on
//! the list at all: those come from slots, which travel through it as elements with `data-slot`.
//! Its time grows with the cube of the depth: callers cap nesting first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;

static LIST: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut list = Builder::empty();
    list.tags(HashSet::from_iter(super::KEPT.iter().copied()));
    list.add_tags(["a", "img", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "wbr", "col", "section"]);
    list.generic_attributes(HashSet::from(["class", "data-anchor", "data-slot", "dir", "lang", "title"]));
    list.tag_attributes(HashMap::from([
        ("pre", HashSet::from(["tabindex"])),
        ("div", HashSet::from(["role"])),
        ("details", HashSet::from(["open"])),
        ("ol", HashSet::from(["start"])),
        ("li", HashSet::from(["value"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
        ("col", HashSet::from(["span"])),
        ("colgroup", HashSet::from(["span"])),
        ("time", HashSet::from(["datetime"])),
        ("ins", HashSet::from(["datetime"])),
        ("del", HashSet::from(["datetime"])),
    ]));
    list.link_rel(None);
    list.strip_comments(true);
    list.attribute_filter(|_, attribute, value| match attribute {
        "class" => value.split(' ').all(is_our_class).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    });
    list
});

/// What a browser would make of this HTML, less all that is not on the list.
pub(crate) fn clean(html: &str) -> String {
    LIST.clean(html).to_string()
}

fn is_our_class(class: &str) -> bool {
    ["hl-", "language-", "align-", "alert"].iter().any(|prefix| class.starts_with(prefix))
        || matches!(class, "task" | "tabs" | "tab" | "tab-title")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_comes_through() {
        for (html, left) in [
            ("<p onclick=x id=a style=b class=mine>t</p>", "<p>t</p>"),
            ("<script>x</script><svg><script>y</script></svg>z", "z"),
            ("<a href=javascript:x data-slot=1>t</a>", "<a data-slot=\"1\">t</a>"),
            ("<img src=x data-slot=2>", "<img data-slot=\"2\">"),
            ("<b><p>x</b>y", "<b></b><p><b>x</b>y</p>"),
        ] {
            assert_eq!(clean(html), left);
        }
    }
}
