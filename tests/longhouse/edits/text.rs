//! Texts as people write them, and what they do to them.

use longhouse::page::front_matter::{Field, Form, common_fields, fields_of, fields_of_replies, synonyms_of};
use longhouse::page::kind::Kind;

use super::random::Random;

/// Words that stand for what texts are about.
const TAGS: &[&str] = &[
    "[password, account]",
    "[glaze]",
    "[critical, glaze]",
    "enamel",
    "[Firing, C++]",
    "backup",
    "[new-tag]",
    "glaze, firing",
    "[billing]",
    "[]",
    "[GLAZING, \"no\"]",
];
const PEOPLE: &[&str] = &[
    "ana",
    "ben",
    "[cem, dan]",
    "Dora Lang",
    "eve",
    "jun",
    "[\"Ana Silva\", gus]",
    "p1",
    "p3",
    "Nobody Known",
];
const DAYS: &[&str] = &[
    "2026-01-10",
    "2026-05-05",
    "2026-05-06",
    "2019-12-31",
    "2999-01-01",
    "21.11.2026",
    "soon",
    "2026-07-01",
];
const PRODUCTS: &[&str] = &["kiln", "app", "[kiln, app]", "The Kiln", "oven"];

/// Values of a field that mean something on this site. What others have follows from the table of fields.
fn own_values(field: Field) -> &'static [&'static str] {
    match field {
        Field::Tags => TAGS,
        Field::Products => PRODUCTS,
        Field::Title => &[
            "Another title",
            "How do I reset my password?",
            "C# #1: tips",
            "Zebra",
            "\"Quoted: yes\"",
            "Ümläut",
            "",
        ],
        Field::Versions => &["[4.1]", "4.2", "4.10", "[5.0, 4.1]", "[4.2, 4-2]"],
        Field::Aliases => &["[/old/reset/]", "[/old/one/, /old/two/]", "/how-tos/backup/", "[/tags/glaze/]"],
        Field::Slug => &["reset", "renamed", "more-3", "Ünusual", "a-b"],
        Field::Accepted => &["ben", "ana", "self", "ana--2", "nobody", "p2", "gus"],
        Field::DuplicateOf => &["reset", "more-2", "nothing", "more-5", "taken", "draft"],
        Field::Customer => &["Acme", "ana", "Ana Silva"],
        Field::FulfilledBy => {
            &["../how-tos/backup.md", "../how-tos/glaze.md", "4.2", "../questions/more-1.md", "nowhere.md"]
        }
        Field::Name => &["Ana Silva", "Ben", "Somebody Else", "Zoe"],
        Field::ExpertIn => &["[glaze]", "[kiln, firing]", "account", "enamel"],
        Field::On | Field::Confirms => &["ben", "ana", "true", "nobody", "p1", "gus"],
        _ => &[],
    }
}

/// A value of a field: one that means something here, the example in the table, or one of its form.
pub(super) fn value(random: &mut Random, field: Field) -> String {
    let own = own_values(field);
    if !own.is_empty() && !random.one_in(8) {
        return random.pick(own).to_string();
    }
    if random.one_in(8) {
        return field.example().to_string();
    }
    let of_form: &[&str] = match field.form() {
        Form::Text(_) | Form::Sponsor(_) | Form::Name(_) => {
            &["one", "Two words", "two-words", "A sentence.", "Another *line* with `code`.", "C++", ""]
        }
        Form::Person(_) | Form::People(..) | Form::Reply(_) => PEOPLE,
        Form::Reference(_) => &["https://c.example/", "https://d.example/x", "nowhere.md"],
        Form::Names(..) | Form::Texts(..) => &["[one]", "[Two words, one]", "three, one", "[]", "C++"],
        Form::Sentences(..) => &["[I lost it]", "[One, Two]", "[]", "One, with a comma"],
        Form::Word(words) | Form::Type(words) if !random.one_in(10) => words,
        Form::Word(_) | Form::Type(_) => &["no-such-word"],
        Form::Day => DAYS,
        Form::Flag => &["true", "false"],
        Form::Number => &["3", "-1", "12"],
        Form::Decimal => &["1", "5", "1.5"],
        Form::Period => &["30d", "1y"],
        Form::Language => &["de", "ar", "en", "pt-BR"],
        Form::Consent(_) => &["yes, Ana, 2026-01-01", "no", "withdrawn"],
        Form::Confirmations(..) => &["[ben 4.2 2026-01-01]", "[cem, dan 4.1]", "eve"],
        Form::Links(..) => &["[https://a.example/]", "https://b.example/"],
        Form::MarkOrText(_) | Form::Menu(_) => &["true", "We will.", "Maybe *later*.", "false"],
    };
    random.pick(of_form).to_string()
}

/// Fields that mean something in a folder of the content, in a file that is a reply or may be one.
fn fields(path: &str) -> Vec<Field> {
    let parts: Vec<&str> = path.split('/').collect();
    let kind = parts.get(1).and_then(|folder| Kind::from_word(folder)).unwrap_or(match parts.get(1) {
        Some(&"_faq") => Kind::Question,
        _ => Kind::Page,
    });
    let is_reply = parts.len() > 3;
    fields_of(kind).chain(fields_of_replies().filter(|_| is_reply)).collect()
}

/// A field that may stand in a file, as somebody calls it, and a value for it.
pub(super) fn field(random: &mut Random, path: &str) -> (String, String) {
    let own = fields(path);
    let common: Vec<Field> = common_fields().collect();
    let all = if own.is_empty() || random.one_in(2) { &common } else { &own };
    let field = *random.of(all).expect("fields");
    let value = value(random, field);
    let synonyms: Vec<&str> = synonyms_of(field).collect();
    let name = match random.below(12) {
        0 => random.of(&synonyms).copied().unwrap_or(field.name()),
        1 => "tilte",
        _ => field.name(),
    };
    (name.to_string(), value)
}

/// Front matter, line by line, and the rest.
fn apart(text: &str) -> (Vec<String>, String) {
    if let Some(rest) = text.strip_prefix("---\n")
        && let Some((front, body)) = rest.split_once("---\n")
    {
        return (front.lines().map(str::to_string).collect(), body.to_string());
    }
    (Vec::new(), text.to_string())
}

fn together(front: &[String], body: &str) -> String {
    if front.is_empty() {
        return body.to_string();
    }
    format!("---\n{}\n---\n{body}", front.join("\n"))
}

/// The text with a field set, or without it.
pub(super) fn with_field(text: &str, name: &str, value: Option<&str>) -> String {
    let (mut front, body) = apart(text);
    front.retain(|line| !line.starts_with(&format!("{name}:")));
    if let Some(value) = value {
        front.push(format!("{name}: {value}"));
    }
    together(&front, &body)
}

/// The text with another first heading, if it has one.
pub(super) fn with_title(text: &str, title: Option<&str>) -> String {
    let (front, body) = apart(text);
    let mut lines: Vec<String> = body.lines().map(str::to_string).collect();
    let at = lines.iter().position(|line| line.starts_with("# "));
    match (at, title) {
        (Some(at), Some(title)) => lines[at] = format!("# {title}"),
        (Some(at), None) => {
            lines.remove(at);
        }
        (None, Some(title)) => lines.insert(0, format!("# {title}")),
        (None, None) => {}
    }
    together(&front, &format!("{}\n", lines.join("\n")))
}

/// The text after somebody worked on its body. `target` is something to link to, from where the file lies.
pub(super) fn edited(random: &mut Random, text: &str, target: &str, number: usize) -> String {
    let (front, body) = apart(text);
    let mut lines: Vec<String> = body.lines().map(str::to_string).collect();
    let first = usize::from(lines.first().is_some_and(|line| line.starts_with("# "))).min(lines.len());
    let any = first + random.below((lines.len() + 1).saturating_sub(first));
    let any = any.min(lines.len());
    match random.below(15) {
        0 | 1 => lines.push(format!("\nA further line, number {number}.")),
        2 => lines.insert(first, format!("A new first paragraph, number {number}.\n")),
        3 => {
            lines.splice(first..lines.len().min(first + 1), [format!("Another beginning, {number}.")]);
        }
        4 => lines.push(format!("\n[a link]({target})")),
        5 => lines.insert(any, format!("\n## {}\n", random.pick(HEADINGS))),
        6 => lines.push(format!("\n![picture {number}]({target})")),
        7 => lines.retain(|line| !line.starts_with("## ")),
        8 => lines.truncate(any.max(1)),
        9 => lines.push(format!(
            "\n- [ ] {number}\n- <kbd>x</kbd> <script>y</script> a@example.org[^1]\n\n[^1]: Foot."
        )),
        10 => lines.push(format!(
            "\n```rust\nlet x = {number};\n```\n| a | b |\n|---|---|\n| {number} | [x]({target}) |"
        )),
        11 => lines.push(format!(
            "\n<details><summary>More {number}</summary>\n\n[in]({target}#steps)\n\n</details>"
        )),
        13 => {
            let name = random.pick(NAMES);
            lines.push(format!(
                "\nSee [[{name}]], [[{name}#Steps|that]], ![[{name}]] and ![[button.png|20]]."
            ));
        }
        // Back to what a template put there: of what was written, the title is left, or nothing.
        12 => {
            lines.truncate(random.below(2));
            lines.push(TEMPLATE.to_string());
        }
        _ => {
            let swapped = random.pick(HEADINGS);
            for line in lines.iter_mut().filter(|line| line.starts_with("## ")).take(1) {
                *line = format!("## {swapped}");
            }
        }
    }
    together(&front, &format!("{}\n", lines.join("\n")))
}

const HEADINGS: &[&str] =
    &["Steps", "Restore", "Where", "Answer", "Solution", "Problem", "What you need", "Outcome", "Other"];

/// What links of wikis name: files, titles that come and go, and what is not there.
const NAMES: &[&str] = &[
    "Title 0",
    "Title 1",
    "Title 2",
    "reset",
    "Backup",
    "questions/reset",
    "ben",
    "Something new, number 7?",
    "nobody",
];

/// What the template of an answer says.
const TEMPLATE: &str = "Say what you did, what happened, and which version you used.";

/// Front matter that nobody can read.
pub(super) fn broken(random: &mut Random, text: &str) -> Vec<u8> {
    match random.below(5) {
        0 => format!("---\ntitle: [open\n{text}").into_bytes(),
        1 => format!("---\ntags: {{a: \n---\n{text}").into_bytes(),
        2 => b"a\0b".to_vec(),
        3 => b"# Half \xFF\xFE a file".to_vec(),
        _ => Vec::new(),
    }
}

/// A whole new file for a folder of the content.
pub(super) fn written(random: &mut Random, path: &str, target: &str, number: usize) -> String {
    let mut text = match random.below(6) {
        5 => format!("# Your question in one sentence?\n\n{TEMPLATE}\n"),
        0 => format!("No heading, number {number}. [x]({target})\n"),
        1 => format!("# Title {}\nText {number}.\n## Answer\nYes. [x]({target})\n", random.below(4)),
        _ => format!("# Something new, number {number}?\nText. [x]({target})\n"),
    };
    for _ in 0..random.below(4) {
        let (name, value) = field(random, path);
        text = with_field(&text, &name, Some(&value));
    }
    match path.split('/').nth(1) {
        Some("links") => text = with_field(&text, "url", Some("https://new.example/")),
        Some("stories") if random.one_in(2) => text = with_field(&text, "customer", Some("Acme")),
        _ => {}
    }
    text
}

/// A reply of some sort.
pub(super) fn reply(random: &mut Random, target: &str, number: usize) -> String {
    let body = format!("Reply {number}: [see]({target}).\n");
    match random.below(11) {
        9 => format!("---\nstatus: hidden\nreason: Rule {number}\n---\n{body}"),
        8 => format!("{TEMPLATE}\n"),
        0 => "---\nconfirms: ben\nversion: 4.2\n---\n".to_string(),
        1 => "---\nconfirms: true\n---\n".to_string(),
        2 => format!("---\ncomment: true\n---\n{body}"),
        3 => format!("---\ncomment: true\non: ben\n---\n{body}"),
        4 => "---\nsupports: true\n---\n".to_string(),
        5 => format!("---\nresponse: true\n---\n{body}"),
        6 => format!("---\ndate: 2026-06-0{}\nscore: {}\n---\n{body}", 1 + random.below(9), random.below(9)),
        7 => format!("{body}\n## Steps\nSo.\n"),
        _ => body,
    }
}
