//! The schema of what `longhouse insight` prints for programs.

use serde_json::{Value, json};

use super::diff::{described, list, number, object, text, text_or_none};

/// The report, without its title.
pub(super) fn report() -> Value {
    object(&[
        (
            "version",
            json!({"const": 1, "description": "Counts up when something is found under another name."}),
        ),
        ("site", text("The title of the site.")),
        ("as_of", text_or_none("The day that counts as today.")),
        ("first", text_or_none("The day of the first contribution.")),
        ("last", text_or_none("The day of the last contribution.")),
        ("options", options()),
        ("definitions", definitions()),
        (
            "figures",
            figures(
                "The figures of the whole history by id. Those of the scope `recent` are of the last days.",
            ),
        ),
        (
            "periods",
            list(
                "The same by week, month, quarter or year, the oldest first, without those of the scope `today`.",
                &[
                    ("name", text("What the period is called, such as `2026-Q1`.")),
                    ("from", text("Its first day.")),
                    ("until", text("Its last day that counts.")),
                    ("figures", figures("Its figures by id.")),
                ],
            ),
        ),
    ])
}

/// What people did, without its title.
pub(super) fn people() -> Value {
    let known = list(
        "The tags that they know by their answers, what they know best first.",
        &[
            ("tag", text("The slug of the tag.")),
            ("answers", number("How many answers to questions with the tag.")),
            ("accepted", number("How many of them were accepted.")),
            ("confirmed", number("How many of them worked for somebody.")),
            ("last", text_or_none("The day of the last one.")),
        ],
    );
    let marks = list(
        "What happened once, in the order in which pages show it.",
        &[
            ("id", text("What happened, such as `first-answer`.")),
            ("url", text("The reply that shows it, as a path on the site.")),
        ],
    );
    let role =
        json!({"enum": ["staff", "moderator", null], "description": "The role in the company's team."});
    object(&[
        (
            "version",
            json!({"const": 1, "description": "Counts up when something is found under another name."}),
        ),
        ("site", text("The title of the site.")),
        ("as_of", text_or_none("The day that counts as today.")),
        (
            "people",
            list(
                "Everyone who contributed, those who helped the most people first. Nobody with `listed: false`.",
                &[
                    ("handle", text("The handle.")),
                    ("name", text("The name.")),
                    ("role", role),
                    ("answers", number("Answers to questions that somebody else asked.")),
                    ("accepted", number("How many of these were accepted.")),
                    ("confirmed", number("Different people who wrote that an answer or a how-to worked.")),
                    (
                        "helped",
                        number("Different people who accepted an answer or wrote that something worked."),
                    ),
                    ("first", text_or_none("The day of the first contribution.")),
                    ("last", text_or_none("The day of the last answer.")),
                    ("knows", known),
                    ("marks", marks),
                ],
            ),
        ),
    ])
}

fn options() -> Value {
    let options = object(&[
        ("tag", text_or_none("Only what has this tag was counted.")),
        ("product", text_or_none("Only what is about this product was counted.")),
        ("strict_answers", flag("Whether only answers by another person count.")),
        ("include_duplicates", flag("Whether duplicates and young questions count.")),
        (
            "by",
            json!({"enum": ["week", "month", "quarter", "year", null], "description": "How long the periods are."}),
        ),
    ]);
    described(options, "What was counted.")
}

fn definitions() -> Value {
    let mut definitions = list(
        "What each figure means.",
        &[
            ("id", text("Its name.")),
            ("title", text("What it is called in tables.")),
            ("words", text("Its definition.")),
            (
                "unit",
                json!({
                    "enum": ["count", "share", "hours", "days", "people"],
                    "description": "What its value is a number of. A share is a fraction of 1.",
                }),
            ),
            (
                "direction",
                json!({"enum": ["higher", "lower", "neither"], "description": "Which direction is better."}),
            ),
            (
                "scope",
                json!({
                    "enum": ["window", "recent", "today"],
                    "description": "Of what it can be said: of any window, of a window beside the one before, or of today only.",
                }),
            ),
        ],
    );
    definitions["items"]["properties"]["days"] =
        number("Of a figure of the scope `recent`: how many days there are without periods.");
    definitions
}

fn figures(about: &str) -> Value {
    let mut row =
        object(&[("name", text("What the part is about: an age, a tag, a month, a year, an owner."))]);
    row["additionalProperties"] = json!({"type": "number"});
    row["properties"]["months"] = json!({
        "type": "array",
        "items": {"type": "integer", "minimum": 0},
        "description": "How many people of a cohort contributed in each month, from their first one on.",
    });
    let mut figure = object(&[
        (
            "value",
            json!({"type": ["number", "null"], "description": "The value, or null where there are too few cases or nothing can be said."}),
        ),
        ("count", number("Of a share: how many cases are so.")),
        ("of", number("Of a share: of how many cases. Of times: how many cases there are.")),
        (
            "approximate",
            flag("Whether some cases are known to the day only, so that hours are rounded up to days."),
        ),
        ("why", text("Why there is no value.")),
        ("rows", json!({"type": "array", "items": row, "description": "The parts of the figure."})),
    ]);
    figure["required"] = json!(["value"]);
    json!({"type": "object", "additionalProperties": figure, "description": about})
}

fn flag(about: &str) -> Value {
    json!({"type": "boolean", "description": about})
}
