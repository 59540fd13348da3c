//! Judged sets: folders with documents, questions, and which documents answer which question.

// Each of the programs that share this reads another part.
#![allow(dead_code)]

use std::fs;
use std::path::Path;

use longhouse_search::{Document, Passage};

/// A text on one line.
pub(crate) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the one of two files that is there.
pub(crate) fn either(folder: &Path, names: [&str; 2]) -> String {
    let paths = names.map(|name| folder.join(name));
    let path = paths.iter().find(|path| path.exists()).expect("the folder has documents and questions");
    fs::read_to_string(path).expect("it is read")
}

/// The language of a set.
pub(crate) fn language(folder: &Path) -> String {
    let config = fs::read_to_string(folder.join("longhouse.yaml")).unwrap_or_default();
    let language = config.lines().find_map(|line| line.strip_prefix("language:"));
    language.unwrap_or("en").trim().to_owned()
}

/// A page from a line of JSON.
pub(crate) fn document(line: &str) -> Document {
    let it: serde_json::Value = serde_json::from_str(line).expect("each line is an object");
    let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let list = |name: &str| -> Vec<String> {
        let all = it[name].as_array().into_iter().flatten();
        all.filter_map(|it| it.as_str().map(str::to_owned)).collect()
    };
    Document {
        url: format!("/{}/", text("id")),
        title: words(&text("title")),
        kind: "question".to_owned(),
        tags: if it["course"].is_string() { vec![text("course")] } else { list("tags") },
        alternatives: list("also"),
        passages: vec![Passage { text: text("text"), ..Passage::default() }],
        ..Document::default()
    }
}

/// The rows of a CSV file.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        let field = row.last_mut().expect("a row has a field");
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(std::mem::replace(&mut row, vec![String::new()])),
            _ => field.push(char),
        }
    }
    if row.len() > 1 {
        rows.push(row);
    }
    rows
}
