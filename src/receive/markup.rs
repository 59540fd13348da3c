//! What is said about something that was sent, as markdown for a git host. Whatever a stranger wrote stands in code, where
//! no host looks for anything: a name there tells nobody, a number leads nowhere, HTML and pictures are text.
//!
//! A backslash would not do: hosts look for names and numbers after markdown was read.

use super::report::{Report, Status};
use crate::code_fence::{fence, span};

/// At most this many characters of a text are shown; the rest is in the file.
const SHOWN: usize = 10_000;

/// A text of one line, as code.
pub(super) fn code(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return "–".to_owned();
    }
    // In a table a bar would end the cell, also in code.
    span(&text.replace('|', "¦"))
}

/// A text of several lines, as code.
fn block(text: &str) -> String {
    let fence = fence(text, 3);
    let shown: String = text.chars().take(SHOWN).collect();
    let cut = if shown.len() < text.len() { "\n\nThe rest of the text is in the file.\n" } else { "" };
    format!("{fence}markdown\n{}\n{fence}\n{cut}", shown.trim_end())
}

/// The text of a request, or the answer to who sent something that is not taken.
pub(super) fn body(report: &Report, text: &str) -> String {
    let mut made = String::new();
    if let (Status::Refused, Some(refused)) = (report.status, &report.refused) {
        made += &format!("This could not be taken. {}\n", refused.message);
        return made;
    }
    made += &format!("A new page from a reader: {}.\n\n", report.sort);
    if let Some(url) = &report.source.url {
        made += &format!("It was sent with {url}\n\n");
    } else {
        made += &format!("It came by {}.\n\n", report.source.from);
    }
    made += "| | |\n|---|---|\n";
    let mut row = |name: &str, value: String| made += &format!("| {name} | {value} |\n");
    row("Title", code(&report.title));
    let author = &report.author;
    let known = if author.known { "has written here before" } else { "writes here for the first time" };
    let proof = match author.login.is_some() {
        true => "",
        false => "; nobody has checked the name",
    };
    row("By", format!("{} ({known}{proof})", code(&author.handle)));
    if let Some(target) = &report.target {
        row("Belongs to", code(&target.title));
    }
    row("File", code(report.files.first().map_or("", String::as_str)));
    section(&mut made, "What to look at", attention(report));
    section(
        &mut made,
        "Similar pages",
        report.similar.iter().map(|it| format!("{}: {}", code(&it.title), code(&it.url))),
    );
    section(&mut made, "Links to other sites", report.links.iter().map(|link| code(link)));
    let pictures = report.pictures.iter().map(|it| match (&it.file, &it.problem) {
        (Some(file), _) => format!("{} is now {}", code(&it.from), code(file)),
        (None, problem) => {
            format!("{} stays where it is: {}", code(&it.from), code(problem.as_deref().unwrap_or_default()))
        }
    });
    section(&mut made, "Pictures of other sites", pictures);
    made += "\n<details><summary>The file</summary>\n\n";
    made += &block(text);
    made += "\n</details>\n";
    made
}

fn section(made: &mut String, title: &str, items: impl IntoIterator<Item = String>) {
    let items: Vec<String> = items.into_iter().collect();
    if !items.is_empty() {
        *made += &format!("\n**{title}**\n\n");
        made.extend(items.iter().map(|item| format!("- {item}\n")));
    }
}

/// What somebody should see before they merge.
fn attention(report: &Report) -> Vec<String> {
    let mut items: Vec<String> =
        report.problems.iter().map(|it| format!("{} ({})", code(&it.message), it.rule)).collect();
    items.extend(report.notes.iter().map(|note| code(note)));
    items.extend(
        report.dropped.iter().map(|it| format!("The field {} was left out: {}", code(&it.field), it.why)),
    );
    let removed = report.removed;
    let counts = [
        (removed.emails, "Email addresses taken out"),
        (removed.phones, "Telephone numbers taken out"),
        (removed.secrets, "Secrets masked, which the sender should revoke"),
        (removed.hidden, "Places with invisible characters cleaned"),
    ];
    items.extend(
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}")),
    );
    items
}

/// What of a title could mean something to a host, where it stands by itself: in the title of a request and in the first
/// line of a commit. Names and numbers are parted from their signs, and addresses lose what makes links of them.
pub(super) fn plain(title: &str) -> String {
    let mut made = String::with_capacity(title.len() + 4);
    let title = title.replace("https://", "").replace("http://", "");
    for (at, c) in title.char_indices() {
        made.push(c);
        let next = title[at + c.len_utf8()..].chars().next();
        let is_reference = match c {
            '@' => next.is_some_and(|it| it.is_alphanumeric() || it == '_'),
            '#' | '!' | '$' | '%' | '~' | '&' => next.is_some_and(char::is_alphanumeric),
            '-' => next.is_some_and(|it| it.is_ascii_digit()) && made.to_ascii_uppercase().ends_with("GH-"),
            ':' => next.is_some_and(|it| it == ':'),
            _ => false,
        };
        if is_reference {
            made.push(' ');
        }
    }
    made
}

/// Whether a text like [`body`] holds nothing outside of code that a host would act on, but the address of where it came
/// from.
pub(super) fn is_safe(body: &str, source: Option<&str>) -> bool {
    let outside = outside_of_code(body);
    let outside = outside.replace("<details><summary>The file</summary>", "").replace("</details>", "");
    let outside = source.map_or(outside.clone(), |url| outside.replacen(url, "", 1));
    let is_reference =
        outside.match_indices('#').any(|(at, _)| outside[at + 1..].starts_with(|c: char| c.is_ascii_digit()));
    !is_reference && !outside.contains(['@', '<', '>', '[', ']']) && !outside.contains("://")
}

/// What of a text stands outside of code.
fn outside_of_code(text: &str) -> String {
    let mut fences = super::text::Fences::default();
    let mut kept = String::new();
    for line in text.lines() {
        let was_open = fences.is_open();
        fences.see(line);
        if was_open || fences.is_open() {
            continue;
        }
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            let length = rest[start..].chars().take_while(|c| *c == '`').count();
            kept += &rest[..start];
            let inner = &rest[start + length..];
            match closing(inner, length) {
                Some(end) => rest = &inner[end..],
                None => {
                    rest = inner;
                    kept.push('`');
                }
            }
        }
        kept += rest;
        kept.push('\n');
    }
    kept
}

/// Where the code ends that was opened with this many signs: just after its closing.
fn closing(inner: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = inner[at..].find('`') {
        let start = at + found;
        let run = inner[start..].chars().take_while(|c| *c == '`').count();
        if run == length {
            return Some(start + run);
        }
        at = start + run;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_somebody_wrote_is_code() {
        for text in
            ["@everyone #12 <b>", "`` ` @x", "`@x`", "a\n@b", "![x](https://tracker.example.org/a.png)"]
        {
            assert!(is_safe(&code(text), None), "{text}: {}", code(text));
            assert!(is_safe(&block(text), None), "{text}");
            assert!(is_safe(&block(&format!("```\n{text}\n````\n@b")), None));
        }
        for text in
            ["@ana", "see #12", "<img src=x>", "`open @ana", "[x](y)", "https://example.org", "```\n```\n@b"]
        {
            assert!(!is_safe(text, None), "{text}");
        }
    }

    #[test]
    fn a_title_by_itself_tells_nobody_and_closes_nothing() {
        assert_eq!(
            plain("fixes #12, @ana and GH-3: https://github.com/a/b/issues/1"),
            "fixes # 12, @ ana and GH- 3: github.com/a/b/issues/1"
        );
        assert_eq!(plain("C# and a@b"), "C# and a@ b");
        assert_eq!(plain("::set-output name=x::y"), ": :set-output name=x: :y");
    }
}
