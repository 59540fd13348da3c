//! The other end of `tests/browser/live.mjs`: serves a built site, and changes it as that script says.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::Value;

use super::*;
use crate::diagnostic::{Diagnostic, Rule, Severity, Span};

struct Known(BTreeMap<String, Vec<Origin>>);

impl Origins for Known {
    fn of(&self, address: &str) -> Vec<Origin> {
        self.0.get(address).cloned().unwrap_or_default()
    }
}

/// Not a test of its own. Takes one update as JSON on each line of its input, until that ends.
#[test]
#[ignore = "is run by a browser test"]
fn child_that_serves_what_it_is_told() {
    let Some(folder) = std::env::var_os("LONGHOUSE_TEST_SITE") else { return };
    let setting = |name: &str| std::env::var(name).unwrap_or_default();
    let bound = bind(&Options {
        port: Some(setting("LONGHOUSE_TEST_PORT").parse().unwrap_or(0)),
        base_path: setting("LONGHOUSE_TEST_BASE"),
        follow: setting("LONGHOUSE_TEST_FOLLOW") == "1",
        host: Some(setting("LONGHOUSE_TEST_HOST")).filter(|host| !host.is_empty()),
        ..Options::default()
    })
    .expect("a port");
    let url = bound.url();
    let current = Arc::new(Current::new());
    let served = Arc::clone(&current);
    std::thread::spawn(move || bound.run(served, std::future::pending()).expect("it serves"));
    let files = walkdir::WalkDir::new(&folder)
        .into_iter()
        .map(|entry| entry.expect("a site"))
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != ".longhouse")
        .map(|entry| {
            let path = entry.path().strip_prefix(&folder).expect("below it");
            let path = OutputPath::new(path.to_str().expect("text")).expect("a path of a site");
            (path, Some(Content::from(std::fs::read(entry.path()).expect("its bytes"))))
        })
        .collect();
    current.publish(Update { files, ..Update::default() });
    let mut out = std::io::stdout();
    writeln!(out, "at {url}").expect("it is said");
    for line in std::io::stdin().lock().lines() {
        let wanted: Value = serde_json::from_str(&line.expect("text")).expect("JSON");
        current.publish(update(&wanted));
        writeln!(out, "done").expect("it is said");
    }
}

fn update(wanted: &Value) -> Update {
    let mut update = Update::default();
    let path = |path: &str| OutputPath::new(path).expect("a path of a site");
    for (name, text) in wanted["put"].as_object().into_iter().flatten() {
        update.files.push((path(name), Some(text_of(text).into())));
    }
    for name in wanted["remove"].as_array().into_iter().flatten() {
        update.files.push((path(&text_of(name)), None));
    }
    for pair in wanted["moved"].as_array().into_iter().flatten() {
        update.moved.push((text_of(&pair[0]), pair[1].as_str().map(str::to_owned)));
    }
    if let Some(saved) = wanted.get("saved") {
        update.saved = Some(Saved {
            address: text_of(&saved["address"]),
            fragment: saved["fragment"].as_str().map(str::to_owned),
            words: text_of(&saved["words"]),
        });
    }
    if let Some(problems) = wanted["problems"].as_array() {
        update.problems = Some(Problems { list: problems.iter().map(problem).collect() });
    }
    if let Some(ribbons) = wanted["ribbons"].as_array() {
        let ribbon = |ribbon: &Value| Ribbon {
            address: text_of(&ribbon["address"]),
            fragment: None,
            title: text_of(&ribbon["title"]),
            words: text_of(&ribbon["words"]),
        };
        update.ribbons = Some(ribbons.iter().map(ribbon).collect());
    }
    if let Some(origins) = wanted["origins"].as_object() {
        let blocks = |blocks: &Value| blocks.as_array().into_iter().flatten().map(origin).collect();
        let known = origins.iter().map(|(address, all)| (address.clone(), blocks(all))).collect();
        update.origins = Some(Arc::new(Known(known)));
    }
    if let Some(editor) = wanted.get("editor") {
        update.settings =
            Some(Settings { editor: editor.as_str().map(str::to_owned), root: "/home/ana/site".into() });
    }
    update
}

fn problem(wanted: &Value) -> Problem {
    let at = |name: &str| u32::try_from(wanted[name].as_u64().unwrap_or(1)).expect("a small number");
    let file: Arc<str> = text_of(&wanted["file"]).into();
    let rule = wanted["rule"].as_str().and_then(Rule::from_name).unwrap_or(Rule::DeadLink);
    let span = Span::in_line(at("line"), at("column"), 1);
    let mut diagnostic =
        Diagnostic::new(rule, &file, span, text_of(&wanted["message"])).help(text_of(&wanted["help"]));
    if wanted["severity"] == "warning" {
        diagnostic = diagnostic.severity(Severity::Warning);
    }
    if let Some(fix) = wanted["fix"].as_str() {
        diagnostic = diagnostic.fix(fix);
    }
    let pages = match wanted["pages"].as_array() {
        Some(pages) => Pages::These(pages.iter().map(text_of).collect()),
        None => Pages::Every,
    };
    Problem {
        diagnostic,
        excerpt: text_of(&wanted["excerpt"]),
        pages,
        stops: wanted["stops"].as_bool().unwrap_or_default(),
    }
}

fn origin(wanted: &Value) -> Origin {
    Origin {
        file: text_of(&wanted["file"]).into(),
        line: u32::try_from(wanted["line"].as_u64().unwrap_or(1)).expect("a small number"),
        text: text_of(&wanted["text"]),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
