//! The schema of what `longhouse diff` prints for programs.
//!
//! Long because it says each part of the report in a sentence.

use serde_json::{Value, json};

/// The report, without its title.
// Long because it is one table.
pub(super) fn report() -> Value {
    object(&[
        (
            "version",
            json!({"const": 1, "description": "Counts up when something is found under another name."}),
        ),
        ("old", side("The old version.")),
        ("new", side("The new version.")),
        ("differs", json!({"type": "boolean", "description": "Whether anything differs."})),
        (
            "gone",
            list(
                "Addresses that lead nowhere any more, pages first.",
                &[
                    ("address", text("The address.")),
                    ("what", kind()),
                    ("title", text("The title of the page that was there.")),
                    ("file", text_or_none("The file that the page came from.")),
                    (
                        "now",
                        text_or_none(
                            "Where the page of that file is now, if the file was renamed. An alias would lead there.",
                        ),
                    ),
                ],
            ),
        ),
        (
            "moved",
            list(
                "Pages that have another address now, to which the old one leads.",
                &[
                    ("address", text("The old address.")),
                    ("to", text("Where it leads.")),
                    ("title", text("The title of the page before.")),
                    ("files", files()),
                    ("differences", differences(&[])),
                ],
            ),
        ),
        (
            "added",
            list(
                "Pages that were not there.",
                &[
                    ("address", text("The address.")),
                    ("what", kind()),
                    ("title", text("The title.")),
                    ("files", files()),
                ],
            ),
        ),
        (
            "changed",
            list(
                "Pages that differ because of their own files, or whose files are unknown.",
                &[
                    ("address", text("The address.")),
                    ("title", text("The title now.")),
                    ("files", files()),
                    ("differences", differences(&[])),
                    ("more", number("How many more differences there are.")),
                    ("fragments_gone", texts("Ids in the page, to which links may lead, that are gone.")),
                ],
            ),
        ),
        (
            "affected",
            list(
                "Pages that differ because of others, by cause.",
                &[
                    ("because", texts("The files that are the cause; none if nobody knows.")),
                    (
                        "pages",
                        list(
                            "The pages.",
                            &[("address", text("The address.")), ("title", text("The title."))],
                        ),
                    ),
                    ("differences", differences(&[("pages", number("On how many of the pages it is."))])),
                ],
            ),
        ),
        ("everywhere", differences(&[("pages", texts("The addresses of the pages on which it is."))])),
        ("site_files", texts("What concerns every page and differs: the configuration, files of the theme.")),
        (
            "files",
            list(
                "Files that are no pages.",
                &[
                    (
                        "what",
                        json!({"enum": ["feeds", "theme", "attachments", "other", "search"], "description": "What they are for."}),
                    ),
                    ("added", texts("Paths that are new, without the hashes in them.")),
                    ("removed", texts("Paths that are gone.")),
                    ("changed", texts("Paths whose content differs.")),
                ],
            ),
        ),
        ("unseen", number("How many pages differ only in what nobody sees.")),
    ])
}

pub(super) fn object(properties: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({"type": "object", "required": required, "properties": properties, "additionalProperties": false})
}

pub(super) fn described(mut schema: Value, about: &str) -> Value {
    schema["description"] = json!(about);
    schema
}

pub(super) fn list(about: &str, properties: &[(&str, Value)]) -> Value {
    json!({"type": "array", "items": object(properties), "description": about})
}

pub(super) fn text(about: &str) -> Value {
    json!({"type": "string", "description": about})
}

pub(super) fn text_or_none(about: &str) -> Value {
    json!({"type": ["string", "null"], "description": about})
}

fn texts(about: &str) -> Value {
    json!({"type": "array", "items": {"type": "string"}, "description": about})
}

pub(super) fn number(about: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": about})
}

fn kind() -> Value {
    json!({
        "enum": ["page", "list", "redirect", "feed", "file"],
        "description": "What is at the address: a page with a file of its own, a list made of others, an address that leads on, a feed, or another file.",
    })
}

fn side(about: &str) -> Value {
    let side = object(&[
        ("name", text("What it was called on the command line.")),
        ("commit", text_or_none("The id of the commit, if it is one.")),
        ("pages", number("How many pages it has.")),
    ]);
    described(side, about)
}

fn files() -> Value {
    let mut file = object(&[
        ("path", text("The path from the site's root.")),
        ("before", text("The path before, if the file was renamed.")),
        (
            "status",
            json!({
                "enum": ["added", "removed", "renamed", "changed", "same"],
                "description": "What happened to the file; `same` if only something else is said of it.",
            }),
        ),
        (
            "changed",
            texts("What differs: `title`, `text`, names of fields, `moderation`, `author`, `dates`."),
        ),
    ]);
    file["required"] = json!(["path", "status", "changed"]);
    json!({"type": "array", "items": file, "description": "The page's own files that differ."})
}

fn differences(more: &[(&str, Value)]) -> Value {
    let mut properties = vec![
        (
            "where",
            json!({
                "enum": ["main", "header", "navigation", "footer", "frame", "metadata"],
                "description": "The part of the page.",
            }),
        ),
        (
            "what",
            json!({
                "enum": ["text", "link", "markup"],
                "description": "What differs: what one reads, where a link leads, or only tags.",
            }),
        ),
        ("old", text("The words before, with some around them.")),
        ("new", text("The words now.")),
    ];
    properties.extend(more.iter().cloned());
    list("What the pages show differently.", &properties)
}
