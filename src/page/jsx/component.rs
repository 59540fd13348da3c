//! What the components that people use most are in markdown.

/// What a component becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Equal {
    /// A frame that has no equal and needs none: what stands in it is shown.
    Frame,
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
        "" | "Tabs" | "TabGroup" | "CodeGroup" | "CodeTabs" | "Steps" | "CardGrid" | "CardGroup"
        | "Cards" | "Columns" | "Column" | "Grid" | "FileTree" | "AccordionGroup" | "Accordions"
        | "Frame" | "Fragment" | "React.Fragment" | "Row" | "Col" | "Center" | "Tabs.List" | "LinkCards" => {
            Equal::Frame
        }
        "TabItem" | "Tab" | "Tabs.Tab" | "TabPanel" | "Step" | "Card" | "LinkCard" | "Cards.Card"
        | "DocCard" | "Section" | "Panel" | "Update" | "Figure" => Equal::Titled,
        "Admonition" | "Aside" | "Callout" | "Alert" | "Note" | "Info" => Equal::Alert("NOTE"),
        "Tip" | "Check" | "Success" | "Hint" => Equal::Alert("TIP"),
        "Important" => Equal::Alert("IMPORTANT"),
        "Warning" => Equal::Alert("WARNING"),
        "Caution" | "Danger" | "Error" => Equal::Alert("CAUTION"),
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
pub(super) fn alert(kind: &str) -> Option<&'static str> {
    Some(match kind.to_ascii_lowercase().as_str() {
        "note" | "info" | "default" | "secondary" => "NOTE",
        "tip" | "success" | "check" | "hint" => "TIP",
        "important" => "IMPORTANT",
        "warning" | "warn" => "WARNING",
        "caution" | "danger" | "error" => "CAUTION",
        _ => return None,
    })
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
