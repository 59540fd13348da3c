//! Values as YAML that reads as the text that was given.

/// A text as a value that stands by itself or in a list in brackets: as it is where nobody can misunderstand it, else
/// in double quotes.
#[must_use]
pub fn scalar(text: &str) -> String {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ' ');
    let is_plain = text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && text.contains(char::is_alphabetic)
        && text.chars().all(is_name)
        && !text.ends_with(' ');
    if is_plain || text == "." { text.to_string() } else { quoted(text) }
}

/// A text in double quotes, whatever it holds.
#[must_use]
pub fn quoted(text: &str) -> String {
    // Every text of JSON is one of YAML.
    serde_json::Value::from(text).to_string()
}
