//! What the beginning of a file says of the whole: fields without their lines.

use super::{Construct, Constructs};

/// Names by which a list of fields is recognised.
const NAMES: [&str; 14] = [
    "title",
    "date",
    "author",
    "authors",
    "tags",
    "category",
    "categories",
    "layout",
    "slug",
    "status",
    "summary",
    "description",
    "permalink",
    "keywords",
];

/// Looks at the first block.
pub(super) fn find(text: &str, found: &mut Constructs) {
    let start = text.len() - text.trim_start().len();
    let block = text[start..].split("\n\n").next().unwrap_or_default();
    let is_json = block.starts_with('{')
        && block[1..].trim_start().starts_with('"')
        && NAMES.iter().any(|name| block.contains(&format!("\"{name}\":")));
    let lines = || block.lines().take(20);
    let is_field = |line: &str| {
        line.split_once(": ").or_else(|| line.strip_suffix(':').map(|name| (name, ""))).is_some_and(
            |(name, _)| {
                name.len() <= 30
                    && name.starts_with(|it: char| it.is_ascii_alphabetic())
                    && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '_' | '-'))
            },
        )
    };
    let known = lines().filter(|line| {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        NAMES.contains(&&*name)
    });
    let are_fields = known.count() >= 2 && lines().all(is_field);
    // Pandoc's title, author and date.
    let is_pandoc = block.starts_with("% ") && lines().all(|line| line.starts_with("% "));
    if is_json || are_fields || is_pandoc {
        let first = block.lines().next().unwrap_or_default();
        found.add(Construct::Metadata, start..start + first.len());
    }
}
