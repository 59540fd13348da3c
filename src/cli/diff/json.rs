//! The report for programs, as `longhouse schema diff` describes it.

use serde_json::{Value, json};

use super::report;
use crate::diff::difference::{Change, Difference};
use crate::diff::{Comparison, Side};

/// The report as one JSON object. Characters that could steer a terminal are written as escapes.
pub(super) fn json(old: &Side, new: &Side, compared: &Comparison) -> String {
    let [before, now] = compared.pages;
    let whole = json!({
        "version": 1,
        "old": side(old, before),
        "new": side(new, now),
        "differs": !compared.is_empty(),
        "gone": each(&compared.gone, |it| json!({
            "address": it.address, "what": it.what, "title": it.title, "file": it.file, "now": it.now,
        })),
        "moved": each(&compared.moved, |it| json!({
            "address": it.address, "to": it.to, "title": it.title, "files": it.files,
            "differences": each(&it.differences, difference),
        })),
        "added": each(&compared.added, |it| json!({
            "address": it.address, "what": it.what, "title": it.title, "files": it.files,
        })),
        "changed": each(&compared.changed, |it| json!({
            "address": it.address, "title": it.title, "files": it.files,
            "differences": each(&it.differences, difference), "more": it.more, "fragments_gone": it.fragments,
        })),
        "affected": each(&compared.affected, |it| json!({
            "because": it.because,
            "pages": each(&it.pages, |(address, title)| json!({"address": address, "title": title})),
            "differences": each(&it.differences, |(it, pages)| {
                let mut value = difference(it);
                value["pages"] = json!(pages);
                value
            }),
        })),
        "everywhere": each(&compared.everywhere, |it| {
            let mut value = difference(&it.difference);
            value["pages"] = json!(it.pages);
            value
        }),
        "site_files": compared.site_files,
        "files": each(&compared.files, |it| json!({
            "what": it.what, "added": it.added, "removed": it.removed, "changed": it.changed,
        })),
        "unseen": compared.unseen,
    });
    let mut text = String::new();
    report::write_json(&mut text, &whole.to_string());
    text.push('\n');
    text
}

fn each<T>(of: &[T], make: impl Fn(&T) -> Value) -> Value {
    of.iter().map(make).collect()
}

fn side(side: &Side, pages: usize) -> Value {
    json!({"name": side.name, "commit": side.commit(), "pages": pages})
}

fn difference(difference: &Difference) -> Value {
    let version = |left_out: Change| {
        let texts = difference.segments.iter().filter(|it| it.change != left_out);
        texts.map(|it| it.text.as_str()).collect::<String>().trim().to_owned()
    };
    json!({
        "where": difference.region,
        "what": difference.sort,
        "old": version(Change::Added),
        "new": version(Change::Removed),
    })
}
