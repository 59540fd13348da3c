//! What the components that people use most are in markdown.

use crate::page::markdown::Alert;

/// What a component becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equal {
    /// A frame that has no equal and needs none: what stands in it is shown.
    Frame,
    /// Tabs.
    Tabs,
    /// One of them, with its label.
    Tab,
    /// A frame with a title above what stands in it.
    Titled,
    /// An alert of this kind, or of the kind that its `type` says.
    Alert(&'static str),
    /// `<details>` with its title as the summary.
    Details,
    /// `<a>`
    Link,
    /// `<img>`
    Image,
    /// The text that an attribute of it holds.
    Label,
}

/// What a component becomes; nothing for one that nobody knows.
pub(super) fn equal(name: &str) -> Option<Equal> {
    Some(match name {
        "" | "Steps" | "CardGrid" | "CardGroup" | "Cards" | "Columns" | "Column" | "Grid" | "FileTree"
        | "AccordionGroup" | "Accordions" | "Frame" | "Fragment" | "React.Fragment" | "Row" | "Col"
        | "Center" | "LinkCards" => Equal::Frame,
        "Tabs" | "TabGroup" | "CodeTabs" => Equal::Tabs,
        "TabItem" | "Tab" | "Tabs.Tab" | "TabPanel" => Equal::Tab,
        "CodeGroup" | "Tabs.List" => Equal::Frame,
        "Step" | "Card" | "LinkCard" | "Cards.Card" | "DocCard" | "Section" | "Panel" | "Update"
        | "Figure" => Equal::Titled,
        "Admonition" | "Aside" | "Callout" | "Alert" | "Note" => Equal::Alert("note"),
        "Info" => Equal::Alert("info"),
        "Tip" => Equal::Alert("tip"),
        "Hint" => Equal::Alert("hint"),
        "Check" | "Success" => Equal::Alert("success"),
        "Important" => Equal::Alert("important"),
        "Warning" => Equal::Alert("warning"),
        "Caution" => Equal::Alert("caution"),
        "Danger" => Equal::Alert("danger"),
        "Error" => Equal::Alert("error"),
        "Details" | "Accordion" | "Collapse" | "Collapsible" | "Expandable" | "Spoiler" => Equal::Details,
        "Link" | "A" | "Anchor" | "LinkButton" | "NavLink" | "NextLink" | "ExternalLink" | "Button" => {
            Equal::Link
        }
        "Image" | "Img" | "Picture" | "ThemedImage" | "ThemeImage" | "Zoom" | "IdealImage" => Equal::Image,
        "Badge" | "Chip" | "Kbd" => Equal::Label,
        _ => return None,
    })
}

/// The kind of alert that the `type` of a component means.
pub(super) fn alert(kind: &str) -> Option<&str> {
    Alert::of(kind).map(|_| kind)
}

/// The elements of HTML that hold blocks of markdown, where their tags have lines of their own.
pub(super) fn holds_blocks(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "div"
            | "figure"
            | "footer"
            | "header"
            | "main"
            | "nav"
            | "section"
            | "summary"
            | "figcaption"
    )
}

/// The elements of HTML that hold nothing.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "wbr"
    )
}
