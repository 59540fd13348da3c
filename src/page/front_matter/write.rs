//! Front matter that the program writes: the one place where fields become lines of a file.

use super::Field;
use crate::yaml::write::scalar;

/// The fields of a new file, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Writer {
    lines: String,
}

impl Writer {
    /// Front matter without a field.
    #[must_use]
    pub fn new() -> Writer {
        Writer::default()
    }

    /// A field that is one text.
    #[must_use]
    pub fn text(self, field: Field, text: &str) -> Writer {
        self.yaml(field, &scalar(text))
    }

    /// A field that is a list of texts.
    #[must_use]
    pub fn list(self, field: Field, texts: &[&str]) -> Writer {
        let texts: Vec<String> = texts.iter().map(|text| scalar(text)).collect();
        self.yaml(field, &format!("[{}]", texts.join(", ")))
    }

    /// A field that is set.
    #[must_use]
    pub fn flag(self, field: Field) -> Writer {
        self.yaml(field, "true")
    }

    /// A field whose value is YAML already, or nothing for somebody to fill in.
    #[must_use]
    pub fn yaml(mut self, field: Field, value: &str) -> Writer {
        let space = if value.is_empty() { "" } else { " " };
        self.lines.extend([field.name(), ":", space, value, "\n"]);
        self
    }

    /// The lines of the fields alone.
    #[must_use]
    pub fn lines(self) -> String {
        self.lines
    }

    /// A whole file: the fields between their lines, if there are any, and the body below them.
    #[must_use]
    pub fn above(self, body: &str) -> String {
        if self.lines.is_empty() { body.to_string() } else { fenced(&self.lines) + body }
    }
}

/// Lines of fields between the lines that mark them.
#[must_use]
pub fn fenced(lines: &str) -> String {
    format!("---\n{lines}---\n")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn fields_are_read_as_they_were_written() {
        let text = Writer::new()
            .list(Field::Tags, &["garden, sensors", "ana"])
            .text(Field::Customer, "Müller & Söhne: \"A\" #1")
            .flag(Field::Comment)
            .yaml(Field::Time, "")
            .above("# A\n");
        assert_eq!(
            text,
            "---\ntags: [\"garden, sensors\", ana]\ncustomer: \"Müller & Söhne: \\\"A\\\" #1\"\ncomment: true\ntime:\n---\n# A\n"
        );
        let read = super::super::parse(&Arc::from("a.md"), &text);
        assert_eq!(read.fields.customer.expect("a customer").value, "Müller & Söhne: \"A\" #1");
        assert_eq!(read.fields.tags.len(), 2);
        assert_eq!(&text[read.body_at..], "# A\n");
    }

    #[test]
    fn without_a_field_there_are_no_lines_for_them() {
        assert_eq!(Writer::new().above("# A\n"), "# A\n");
    }
}
