//! The schema of `/alerts.json`.

use serde_json::{Value, json};

use super::diff::{list, object, text, text_or_none};

/// The file, without its title.
pub(super) fn file() -> Value {
    let mut schema = object(&[
        (
            "version",
            json!({"const": 1, "description": "Counts up when something is found under another name."}),
        ),
        (
            "alerts",
            list(
                "Urgent announcements that were not over on the day of the build, the newest first.",
                &[
                    ("id", text("An id that stays when the alert is edited.")),
                    ("url", text("The whole address of its page.")),
                    ("title", text("Its title as plain text, written by people.")),
                    ("summary", text("One line of its text, as plain text.")),
                    ("severity", json!({"const": "urgent", "description": "How much it matters."})),
                    ("places", named("The places that it is for.")),
                    ("products", named("The products that it is about.")),
                    ("starts", text_or_none("The moment from which it matters, in UTC.")),
                    ("expires", text_or_none("The moment at which it is over, in UTC.")),
                    ("until", text_or_none("The same in words of the site's language and time zone.")),
                    ("published", text_or_none("The moment at which it was written.")),
                    ("updated", text_or_none("The moment at which it or an update was written last.")),
                    (
                        "updates",
                        list(
                            "The company's responses, the newest first.",
                            &[
                                ("id", text("An id that stays.")),
                                ("url", text("The whole address of the response.")),
                                ("text", text("Its text as one line of plain text.")),
                                ("published", text_or_none("The moment at which it was written.")),
                            ],
                        ),
                    ),
                ],
            ),
        ),
    ]);
    // Programs must be ready for fields that a later version adds.
    allow_more(&mut schema);
    schema
}

fn named(about: &str) -> Value {
    list(about, &[("id", text("Its name in addresses.")), ("name", text("Its name for people."))])
}

fn allow_more(schema: &mut Value) {
    if let Some(map) = schema.as_object_mut() {
        map.remove("additionalProperties");
        map.values_mut().for_each(allow_more);
    }
}
