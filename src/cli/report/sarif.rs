//! A SARIF 2.1.0 log, which code scanning and many editors read.

use std::collections::BTreeMap;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::in_one_row;
use super::json::write;
use super::print::Prints;
use crate::diagnostic::{Diagnostic, Rule, Severity};

/// What stands for itself in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// One log with one run: every rule, and every problem in the order of file and place. `prefix` is the path of the
/// site from the top of the repository; `sources` gives the text of a file.
#[must_use]
pub fn sarif(diagnostics: &[Diagnostic], prefix: &str, sources: impl Fn(&str) -> Option<Arc<str>>) -> String {
    let places: BTreeMap<Rule, usize> = Rule::ALL.iter().copied().zip(0..).collect();
    let rules: Vec<Value> = Rule::ALL.iter().map(|rule| described(*rule)).collect();
    let head = json!({
        "tool": {
            "driver": {
                "name": "longhouse",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            },
        },
        "columnKind": "unicodeCodePoints",
    });
    // Written by hand as far as the results, so that each is a line of its own.
    let mut text = String::from("{\n\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\n");
    text.push_str("\"version\":\"2.1.0\",\n\"runs\":[");
    let head = head.to_string();
    write(&mut text, head.strip_suffix('}').unwrap_or(&head));
    text.push_str(",\n\"results\":[");
    for (n, (diagnostic, print)) in Prints::new(diagnostics, sources).iter().enumerate() {
        text.push_str(if n == 0 { "\n" } else { ",\n" });
        let rule = places.get(&diagnostic.rule).copied().unwrap_or_default();
        write(&mut text, &result(diagnostic, rule, prefix, print).to_string());
    }
    text.push_str(if diagnostics.is_empty() { "]}]}\n" } else { "\n]}]}\n" });
    text
}

fn described(rule: Rule) -> Value {
    let meaning = rule.meaning().trim();
    json!({
        "id": rule.name(),
        "shortDescription": { "text": meaning },
        "help": { "text": format!("{meaning} Details: longhouse check --explain {rule}") },
        "defaultConfiguration": { "level": level(rule.default_severity()) },
    })
}

fn result(diagnostic: &Diagnostic, rule: usize, prefix: &str, print: &str) -> Value {
    let uri = utf8_percent_encode(&format!("{prefix}{}", diagnostic.file), PATH).to_string();
    let place = json!({ "uri": uri, "uriBaseId": "%SRCROOT%" });
    let region = json!({
        "startLine": diagnostic.line.max(1),
        "startColumn": diagnostic.column.max(1),
        "endLine": diagnostic.end_line.max(1),
        "endColumn": diagnostic.end_column.max(1),
    });
    let text = in_one_row(&format!("{} {}", diagnostic.message, diagnostic.help)).trim_end().to_owned();
    let mut result = json!({
        "ruleId": diagnostic.rule.name(),
        "ruleIndex": rule,
        "level": level(diagnostic.severity),
        "message": { "text": escaped(&text) },
        "locations": [{ "physicalLocation": { "artifactLocation": place.clone(), "region": region.clone() } }],
        "partialFingerprints": { "longhouse/v1": print },
    });
    if let Some(fix) = diagnostic.replacement() {
        let what = if diagnostic.help.is_empty() { &diagnostic.message } else { &diagnostic.help };
        result["fixes"] = json!([{
            "description": { "text": escaped(&in_one_row(what)) },
            "artifactChanges": [{
                "artifactLocation": place,
                "replacements": [{ "deletedRegion": region, "insertedContent": { "text": fix } }],
            }],
        }]);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// In a message of SARIF `[text](address)` is a link and `{0}` a placeholder: what somebody wrote is neither.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]").replace('{', "{{").replace('}', "}}")
}
