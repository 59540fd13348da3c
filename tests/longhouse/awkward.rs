//! Files as people really write them, each with exactly the findings that a careful reviewer would make, or none.
//!
//! They stand in `awkward/`. A case begins with a line `%% what somebody did`. Its files begin with `=== path`, and
//! `windows` behind the path gives one the line ends of Windows. What is said of a file stands below it, as
//! `>>> line:column rule gist`, in the order in which a report says it; the gist is a part of the message. A line
//! `+++ address text` says what the page at an address must show. Braces stand for what cannot be seen, as in the
//! pages of the rules: `{U+202E}`, `{byte FF}`, `{36 letters}`, and `{png}` for a picture.
//!
//! `LONGHOUSE_RENEW=1` writes what is said now into the files, to be looked at one by one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use longhouse::check::thorough;
use longhouse::diagnostic::{Diagnostic, Fate};
use longhouse::site::Visibility;

use crate::fixing::keeps_its_word;
use crate::fixture::{Folder, folder, meant, render};
use crate::reference::rules::is_sentence;

/// The files that hold the cases.
const FILES: [&str; 3] = ["front-matter.txt", "text.txt", "links.txt"];

/// What holds for all of them: what is said of a site as it grows older is not what this is about.
const CONFIG: &str = "base_url: https://x.example/\n";

/// The beginning of a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

/// What somebody did.
#[derive(Debug, Default)]
struct Case<'a> {
    name: &'a str,
    files: Vec<File<'a>>,
    /// Address and what stands on it.
    shown: Vec<(&'a str, &'a str)>,
}

/// A file of a case, and what is to be said of it.
#[derive(Debug, Default)]
struct File<'a> {
    path: &'a str,
    windows: bool,
    text: String,
    said: Vec<&'a str>,
}

#[test]
fn a_careful_reviewer_would_say_just_this() {
    let mut count = 0;
    let mut wrong = String::new();
    for name in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/longhouse/awkward").join(name);
        let text = fs::read_to_string(&path).expect("a file of cases");
        let cases = cases(&text);
        count += cases.len();
        let mut renewed = String::new();
        for case in &cases {
            let (diagnostics, problem) = look(case);
            let _ = write!(wrong, "{problem}");
            for it in diagnostics.iter().filter(|it| !is_sentence(&it.message) || !is_sentence(&it.help)) {
                let _ = writeln!(wrong, "%% {}\n  no sentences: {} {}", case.name, it.message, it.help);
            }
            let _ = write!(renewed, "{}", written(case, &diagnostics));
        }
        if std::env::var_os("LONGHOUSE_RENEW").is_some() {
            fs::write(&path, renewed).expect("a file of cases");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count >= 120, "{count} cases");
}

#[test]
fn what_can_be_mended_of_them_is_and_no_word_is_lost() {
    for name in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/longhouse/awkward").join(name);
        let text = fs::read_to_string(&path).expect("a file of cases");
        for case in cases(&text) {
            keeps_its_word(on_disk(&case).root());
        }
    }
}

/// Titles as people type them, one a line; `LONGHOUSE_TITLES` names a file with more.
#[test]
fn a_title_without_quotes_is_what_was_typed() {
    let more =
        std::env::var("LONGHOUSE_TITLES").map(|path| fs::read_to_string(path).expect("a file of titles"));
    let more = more.unwrap_or_default();
    let titles: Vec<&str> = include_str!("awkward/titles.txt").lines().chain(more.lines()).collect();
    assert!(titles.len() >= 200, "{} titles", titles.len());
    let folder = folder(&format!("=== longhouse.yaml\n{CONFIG}"));
    for (number, title) in titles.iter().enumerate() {
        folder
            .write(&format!("content/questions/f{number}.md"), format!("---\ntitle: {title}\n---\nText.\n"));
        folder.write(&format!("content/questions/h{number}.md"), format!("# {title}\n\nText.\n"));
    }
    let sources = folder.load();
    let (site, diagnostics) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let held = diagnostics.iter().filter(|it| it.rule.fate() == Fate::Held);
    assert_eq!(held.map(|it| format!("{}: {}", it.file, it.message)).collect::<Vec<_>>(), [""; 0]);
    let shown: BTreeMap<&str, &str> =
        site.entries().iter().map(|entry| (entry.slug.as_str(), entry.title.as_str())).collect();
    let mut differ = Vec::new();
    for (number, title) in titles.iter().enumerate() {
        let field = shown.get(format!("f{number}").as_str()).copied().unwrap_or("(no page)");
        // What nobody sees is taken out, which `zero-width` says.
        let typed = unquoted(title).replace('\u{200B}', "");
        if field != typed {
            differ.push(format!("title: {title}\n       {field}"));
        }
        // A heading is markdown: what marks code or emphasis in it is not shown, and a link is its text.
        let heading = shown.get(format!("h{number}").as_str()).copied().unwrap_or("(no page)");
        if letters(heading) != letters(&title.replace("](https://example.org)", "")) {
            differ.push(format!("#      {title}\n       {heading}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// What YAML itself puts into quotes is what stands in them.
fn unquoted(title: &str) -> &str {
    let whole = |quote: char| {
        let inner = title.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.is_empty() && !inner.contains([quote, '\\'])).then_some(inner)
    };
    let of_a_phone = || title.strip_prefix('“')?.strip_suffix('”');
    whole('"').or_else(|| whole('\'')).or_else(of_a_phone).unwrap_or(title)
}

/// The letters and digits of a text.
fn letters(text: &str) -> String {
    text.chars().filter(|char| char.is_alphanumeric()).collect()
}

/// What is said of the files of a case, and what is wrong with that.
fn look(case: &Case<'_>) -> (Vec<Diagnostic>, String) {
    let folder = on_disk(case);
    let sources = folder.load();
    let (site, mut diagnostics) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    diagnostics.extend(thorough(&site));
    diagnostics.sort();
    let mut problem = String::new();
    for file in &case.files {
        let said: Vec<String> = diagnostics.iter().filter(|it| &*it.file == file.path).map(line).collect();
        let as_expected = said.len() == file.said.len()
            && said.iter().zip(&file.said).all(|(said, expected)| is_meant(said, expected));
        if !as_expected {
            let _ = writeln!(problem, "%% {}\n{}", case.name, file.path);
            file.said.iter().for_each(|it| problem += &format!("  expected: {it}\n"));
            said.iter().for_each(|it| problem += &format!("  said:     {it}\n"));
        }
    }
    let elsewhere = diagnostics.iter().filter(|it| case.files.iter().all(|file| *it.file != *file.path));
    for it in elsewhere {
        let _ = writeln!(problem, "%% {}\n  said elsewhere: {}: {}", case.name, it.file, line(it));
    }
    if !case.shown.is_empty() {
        let rendered = render(&sources, Visibility::default()).expect("a site");
        for (address, text) in &case.shown {
            let file = format!("{}index.html", address.trim_start_matches('/'));
            let page = if rendered.has(&file) { rendered.main(address) } else { String::from("no page") };
            if !page.contains(text) {
                let _ = writeln!(problem, "%% {}\n  {address} does not show {text}\n{page}", case.name);
            }
        }
    }
    (diagnostics, problem)
}

/// A finding in one line.
fn line(diagnostic: &Diagnostic) -> String {
    let Diagnostic { line, column, rule, message, .. } = diagnostic;
    format!("{line}:{column} {rule} {}", message.replace('\n', " "))
}

/// Whether a finding has the place and the rule that are expected, and says what is expected.
fn is_meant(said: &str, expected: &str) -> bool {
    let mut said = said.splitn(3, ' ');
    let mut expected = expected.splitn(3, ' ');
    said.next() == expected.next()
        && said.next() == expected.next()
        && said.next().unwrap_or_default().contains(expected.next().unwrap_or_default())
}

fn on_disk(case: &Case<'_>) -> Folder {
    let folder = folder("");
    folder.write("longhouse.yaml", CONFIG);
    for File { path, windows, text, .. } in &case.files {
        let text = if *windows { text.replace('\n', "\r\n") } else { text.clone() };
        let bytes = if text.trim() == "{png}" { PNG.to_vec() } else { meant(&text) };
        folder.write(path, bytes);
    }
    folder
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("%% ") {
            cases.push(Case { name, ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with %%");
        if let Some(path) = line.strip_prefix("=== ") {
            // The empty line between cases, or the one that makes them easier to read, is no part of the file.
            let windows = path.strip_suffix(" windows");
            case.files.push(File {
                path: windows.unwrap_or(path),
                windows: windows.is_some(),
                ..File::default()
            });
        } else if let Some(shown) = line.strip_prefix("+++ ").filter(|it| it.starts_with('/')) {
            case.shown.push(shown.split_once(' ').expect("an address and a text"));
        } else {
            let file = case.files.last_mut().expect("a file begins with ===");
            match line.strip_prefix(">>> ") {
                Some(said) => file.said.push(said),
                None => {
                    file.text.push_str(line);
                    file.text.push('\n');
                }
            }
        }
    }
    for file in cases.iter_mut().flat_map(|case| &mut case.files) {
        file.text.truncate(file.text.trim_end_matches('\n').len());
        file.text.push('\n');
    }
    cases
}

/// The case with what is said now. A gist stays where it still fits.
fn written(case: &Case<'_>, diagnostics: &[Diagnostic]) -> String {
    let mut text = format!("%% {}\n", case.name);
    for File { path, windows, text: content, said } in &case.files {
        let _ = write!(text, "=== {path}{}\n{content}", if *windows { " windows" } else { "" });
        for diagnostic in diagnostics.iter().filter(|it| &*it.file == *path) {
            let now = line(diagnostic);
            let known = said.iter().find(|said| is_meant(&now, said));
            let _ = writeln!(text, ">>> {}", known.map_or(now.as_str(), |known| known));
        }
    }
    for (address, shown) in &case.shown {
        let _ = writeln!(text, "+++ {address} {shown}");
    }
    text.push('\n');
    text
}
