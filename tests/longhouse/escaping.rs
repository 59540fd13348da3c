//! What people write in a field is shown as they wrote it, on every page that shows it: neither read as
//! HTML nor escaped twice, in whatever language the words around it are.

use std::collections::BTreeSet;

use scraper::{Html, Node};

use crate::fixture::{Rendered, folder};

/// What a careless template would read as an element, an entity, the end of an attribute or a template.
const AWKWARD: &str = "<b>\"&'{{ x }}&amp;";

/// The same in lines of HTML and of markdown that a page shows to be copied.
const TO_COPY: [&str; 2] = ["&lt;b&gt;&quot;&amp;'{{ x }}&amp;amp;", "\\<b>\"\\&'{{ x }}\\&amp;"];

/// The fields of each kind that its page shows, and the folder of the kind.
const FIELDS: &[(&str, &[&str])] = &[
    (
        "questions",
        &[
            "title",
            "tags",
            "versions",
            "authors",
            "affiliation",
            "sponsored",
            "license",
            "also_asked",
            "reason",
        ],
    ),
    (
        "stories",
        &[
            "title",
            "tags",
            "authors",
            "affiliation",
            "customer",
            "consent",
            "industry",
            "size",
            "use_case",
            "problem",
            "why",
            "outcome",
            "reason",
        ],
    ),
    ("how-tos", &["title", "versions", "authors", "sponsored", "time", "level", "needs", "reason"]),
    ("ideas", &["title", "authors", "fulfilled_by", "response", "reason"]),
    ("announcements", &["title", "authors", "affiliation", "places", "reason"]),
    ("links", &["title", "authors", "place", "when", "response"]),
    ("people", &["name", "company", "place", "gifts", "interests", "expert_in"]),
    ("pages", &["title", "tags", "reason"]),
];

/// A text of one field of one kind, told apart by how it begins.
fn awkward(kind: &str, field: &str) -> String {
    format!("{}{AWKWARD}", begins(kind, field))
}

/// Capitals stand in no address, so that only texts are found by them.
fn begins(kind: &str, field: &str) -> String {
    format!("Q{}-{}7", kind.to_uppercase(), field.to_uppercase())
}

/// A field in the front matter.
fn line(kind: &str, field: &str) -> String {
    let text = match field {
        "consent" => format!("yes, {}, 2026-01-02", awkward(kind, field)),
        _ => awkward(kind, field),
    };
    let quoted = serde_json::to_string(&text).expect("JSON is YAML");
    match field {
        "tags" | "authors" | "also_asked" | "places" | "needs" | "gifts" | "interests" | "versions"
        | "expert_in" => format!("{field}: [{quoted}]\n"),
        _ => format!("{field}: {quoted}\n"),
    }
}

/// A site in a language in which every field of every kind holds what is awkward.
fn site(language: &str) -> Rendered {
    let config = |what: &str| serde_json::to_string(&awkward("config", what)).expect("JSON is YAML");
    let folder = folder("");
    folder.write(
        "longhouse.yaml",
        format!(
            "base_url: https://x.example/help/\nlanguage: {language}\ntitle: {}\ntagline: {}\n\
             brand: {{promise: {}}}\nmenu: [{{label: {}, url: /}}]\n\
             footer: {{text: {}, links: [{{label: {}, url: /}}]}}\n\
             repository: https://github.com/acme/site\nteam: {{ada: staff}}\n\
             products: [{{id: kiln, name: {}, versions: [{}]}}]\n",
            config("title"),
            config("tagline"),
            config("promise"),
            config("menu"),
            config("footer"),
            config("footerlink"),
            config("product"),
            config("version"),
        ),
    );
    for (kind, fields) in FIELDS {
        let mut front: String = fields.iter().map(|field| line(kind, field)).collect();
        front.push_str(match *kind {
            "ideas" => "state: shipped\n",
            "links" => "url: https://y.example/\n",
            "people" => "role: customer\n",
            "announcements" => "severity: urgent\nstarts: 2026-01-01\nexpires: 2999-01-01\n",
            _ => "product: kiln\nverified_on: 2026-02-03\nupdated: 2026-02-04\ndate: 2026-02-01\n",
        });
        if fields.contains(&"reason") {
            front.push_str("status: obsolete\n");
        }
        let body = if *kind == "how-tos" { "## Steps\n\n1. One.\n" } else { "Text.\n" };
        folder.write(&format!("content/{kind}/all.md"), format!("---\n{front}---\n{body}"));
        folder.write(
            &format!("content/{kind}/gone.md"),
            format!(
                "---\nstatus: hidden\ntitle: Gone\nurl: https://y.example/\n{}---\n",
                line("gone", "reason")
            ),
        );
    }
    for (path, kind, more) in [
        ("questions/all/ana.md", "answer", "status: obsolete\nscore: -3\n"),
        ("questions/all/ben.md", "confirmation", "confirms: ana\n"),
        ("questions/all/cem.md", "comment", "comment: true\non: ana\n"),
        ("how-tos/all/ben.md", "worked", "confirms: self\n"),
        ("ideas/all/ada.md", "company", "response: true\n"),
        ("stories/all/cem.md", "remark", ""),
    ] {
        let fields: String = ["affiliation", "version", "reason"].iter().map(|it| line(kind, it)).collect();
        folder.write(&format!("content/{path}"), format!("---\n{fields}{more}---\nText.\n"));
    }
    folder.write(
        "content/questions/same.md",
        format!("---\nduplicate_of: all\n{}---\nText.\n", line("same", "title")),
    );
    folder.write("content/questions/open.md", format!("---\n{}---\nText.\n", line("open", "title")));
    folder.build()
}

fn strings(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|it| strings(it, out)),
        serde_json::Value::Object(fields) => fields.values().for_each(|it| strings(it, out)),
        _ => {}
    }
}

/// Every text and every attribute of a page, as a browser reads them.
fn texts(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let mut texts = Vec::new();
    for node in html.tree.nodes() {
        match node.value() {
            // What search engines read is JSON.
            Node::Text(text) if text.starts_with("{\"@context\"") => {
                strings(&serde_json::from_str(text).expect("JSON"), &mut texts);
            }
            Node::Text(text) => texts.push(text.to_string()),
            Node::Comment(text) => texts.push(text.to_string()),
            Node::Element(element) => texts.extend(element.attrs().map(|(_, value)| value.to_string())),
            _ => {}
        }
    }
    texts
}

#[test]
fn every_field_of_every_kind_is_shown_as_it_was_written() {
    for language in ["en", "de", "ar", "nl"] {
        let rendered = site(language);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut wrong = Vec::new();
        for (path, page) in rendered.pages() {
            for text in texts(&page) {
                for (at, _) in text.match_indices('Q') {
                    let Some(name) = text[at..].split('7').next().filter(|name| {
                        name.len() > 3 && name[1..].bytes().all(|it| matches!(it, b'A'..=b'Z' | b'-' | b'_'))
                    }) else {
                        continue;
                    };
                    let rest = &text[at + name.len() + 1..];
                    if TO_COPY.iter().any(|it| rest.starts_with(it)) && path.starts_with("people/") {
                        continue;
                    }
                    if rest.starts_with(AWKWARD) {
                        seen.insert(format!("{path} {name}7"));
                    } else if !rest.starts_with("%3Cb%3E") {
                        // In an address it is encoded.
                        wrong.push(format!("{path}: {}", &text[at..]));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{language}:\n{}", wrong.join("\n"));
        let mut missing = Vec::new();
        let mut is_shown = |path: &str, kind: &str, field: &str| {
            let wanted = format!("{path} {}", begins(kind, field));
            missing.extend((!seen.contains(&wanted)).then_some(wanted));
        };
        for (kind, fields) in FIELDS {
            let path = match *kind {
                "pages" => "all/index.html".to_string(),
                kind => format!("{kind}/all/index.html"),
            };
            for field in *fields {
                is_shown(&path, kind, field);
            }
            let gone =
                if *kind == "pages" { "gone/index.html".into() } else { format!("{kind}/gone/index.html") };
            is_shown(&gone, "gone", "reason");
        }
        for (path, kind, field) in [
            ("questions/all/index.html", "answer", "affiliation"),
            ("questions/all/index.html", "answer", "reason"),
            ("questions/all/index.html", "confirmation", "version"),
            ("questions/all/index.html", "comment", "affiliation"),
            ("questions/all/index.html", "same", "title"),
            ("questions/all/index.html", "config", "product"),
            ("how-tos/all/index.html", "worked", "version"),
            ("ideas/all/index.html", "company", "affiliation"),
            ("stories/all/index.html", "remark", "affiliation"),
            ("questions/index.html", "questions", "title"),
            ("questions/unanswered/index.html", "open", "title"),
            ("questions/same/index.html", "questions", "title"),
            ("tags/index.html", "questions", "tags"),
            ("people/index.html", "people", "name"),
            ("people/index.html", "people", "company"),
            ("products/kiln/index.html", "config", "product"),
            ("index.html", "config", "promise"),
            ("index.html", "config", "menu"),
            ("index.html", "config", "footer"),
            ("index.html", "config", "footerlink"),
            ("index.html", "announcements", "title"),
            ("index.html", "stories", "customer"),
            ("index.html", "stories", "outcome"),
            ("404.html", "config", "title"),
            ("search/index.html", "config", "title"),
        ] {
            is_shown(path, kind, field);
        }
        assert!(missing.is_empty(), "{language}: not shown:\n{}", missing.join("\n"));
    }
}
