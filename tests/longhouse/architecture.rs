//! ARCHITECTURE.md is true: its floors, its absences and its map are held against the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What only some rooms may do: what it is called in ARCHITECTURE.md, and what the code of it looks like.
const ABSENCES: [(&str, &[&str]); 6] = [
    (
        "reads the disk",
        &["fs::read", "fs::metadata", "fs::symlink_metadata", "File::open", "WalkDir::", "OpenOptions::"],
    ),
    (
        "writes to the disk",
        &["fs::write", "fs::create_dir", "fs::remove_", "fs::rename", "fs::copy", "File::create"],
    ),
    ("knows the clock", &["SystemTime::now", "Timestamp::now", "Zoned::now"]),
    ("prints", &["println!", "eprintln!", "print!(", "anstream::", "stdout()", "stderr()"]),
    ("starts programs", &["Command::new"]),
    ("opens connections", &["TcpListener::", "TcpStream", "ureq::"]),
];

/// At most this many lines a file has, unless its first lines say why it has more.
const LONGEST_FILE: usize = 500;

/// At most this many lines a function has, unless a comment on it says why it has more.
const LONGEST_FUNCTION: usize = 80;

/// What a file or a function with more lines than that says, followed by the reason.
const LONG: &str = "Long because ";

#[test]
fn imports_run_down_from_floor_to_floor() {
    let floors = floors();
    let rooms: BTreeSet<String> = sources().iter().map(|(path, _)| room(path)).collect();
    let placed: BTreeSet<String> = floors.iter().flatten().cloned().collect();
    assert_eq!(rooms, placed, "each module of src/ stands on one floor of ARCHITECTURE.md");
    let level = |name: &str| floors.iter().position(|floor| floor.iter().any(|it| it == name));
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        let here = room(&path);
        for other in imports(&code, &rooms) {
            if other != here && level(&other) >= level(&here) {
                wrong.push(format!("{} imports {other}, which is not below {here}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_rooms_that_are_named_touch_the_world() {
    let allowed = absences();
    let mut wrong = Vec::new();
    let mut used: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (path, code) in sources() {
        for (what, marks) in ABSENCES {
            if marks.iter().any(|mark| code.contains(mark)) {
                let here = room(&path);
                if !allowed[what].contains(&here) {
                    wrong.push(format!("{} {what}, and ARCHITECTURE.md does not say so", path.display()));
                }
                used.entry(what).or_default().insert(here);
            }
        }
    }
    for (what, rooms) in &allowed {
        let used = used.get(what.as_str()).cloned().unwrap_or_default();
        for idle in rooms.difference(&used) {
            wrong.push(format!("ARCHITECTURE.md says that {idle} {what}, but it does not"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_search_crate_names_tantivy_and_it_names_nothing_of_ours() {
    let names = |folder: &str, what: &str| {
        let files = rust_files(&root().join(folder));
        let files = files.into_iter().map(|path| (code_of(&path), path));
        files.filter(|(code, _)| code.contains(what)).map(|(_, path)| path).collect::<Vec<_>>()
    };
    assert_eq!(names("src", "tantivy"), Vec::<PathBuf>::new());
    assert!(!names("search/src", "tantivy").is_empty());
    assert_eq!(names("search/src", "longhouse::"), Vec::<PathBuf>::new());
}

#[test]
fn the_map_names_every_folder() {
    let text = architecture();
    let mut missing = Vec::new();
    for top in ["src", "highlight", "search"] {
        for folder in folders(&root().join(top)) {
            let name = format!("{}/", folder.file_name().unwrap_or_default().to_string_lossy());
            let is_named = text.contains(&name);
            if !is_named {
                missing.push(folder.display().to_string());
            }
        }
    }
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name {missing:#?}");
}

#[test]
fn what_is_long_says_why() {
    let mut long = Vec::new();
    for folder in ["src", "highlight/src", "search/src", "search/wasm/src"] {
        for path in rust_files(&root().join(folder)) {
            let text = fs::read_to_string(&path).expect("a file of the project");
            let name = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            let count = text.lines().count();
            if count > LONGEST_FILE
                && !text.lines().take_while(|it| it.starts_with("//!")).any(|it| it.contains(LONG))
            {
                long.push(format!("{name}: {count} lines"));
            }
            for (function, count, says_why) in functions(&text) {
                if count > LONGEST_FUNCTION && !says_why {
                    long.push(format!("{name}: `{function}` has {count} lines"));
                }
            }
        }
    }
    assert!(long.is_empty(), "Cut these, or say `{LONG}…` at their top:\n{}", long.join("\n"));
}

/// The floors of ARCHITECTURE.md, from the ground: the lines of the block that begins with ```floors.
fn floors() -> Vec<Vec<String>> {
    let text = architecture();
    let block = text.split("```floors\n").nth(1).expect("a block of floors");
    let lines = block.lines().take_while(|line| *line != "```");
    lines.map(|line| line.split_whitespace().map(str::to_string).collect()).collect()
}

/// The rooms of each absence: lines such as `- **prints**: cli.`
fn absences() -> BTreeMap<String, BTreeSet<String>> {
    let text = architecture();
    let line = |what: &str| {
        let mark = format!("- **{what}**: ");
        let line = text.lines().find_map(|line| line.strip_prefix(&mark));
        let line = line.unwrap_or_else(|| panic!("ARCHITECTURE.md says who {what}"));
        let names = line.split('.').next().unwrap_or_default().split(", ");
        names.map(|name| name.trim_matches('`').to_string()).collect::<BTreeSet<String>>()
    };
    ABSENCES.iter().map(|(what, _)| ((*what).to_string(), line(what))).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn architecture() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md")
}

/// The modules' files with their code: without comments, and without tests.
fn sources() -> Vec<(PathBuf, String)> {
    let src = root().join("src");
    let files = rust_files(&src).into_iter();
    let files = files.map(|path| (path.strip_prefix(&src).unwrap_or(&path).to_path_buf(), code_of(&path)));
    let is_room = |path: &Path| !["lib.rs", "main.rs"].iter().any(|it| path == Path::new(it));
    let is_test =
        |path: &Path| path.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"));
    files.filter(|(path, _)| is_room(path) && !is_test(path)).collect()
}

/// The module of the crate that a file belongs to.
fn room(path: &Path) -> String {
    let first = path.components().next().expect("a file").as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// The modules of the crate that code names.
fn imports(code: &str, rooms: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, mark) in code.match_indices("crate::") {
        let rest = &code[at + mark.len()..];
        let names = match rest.strip_prefix('{') {
            // Of `{self, check::all, page}` each first name counts.
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let is_list = rest.starts_with('{');
        for name in names.split(',').take(if is_list { usize::MAX } else { 1 }) {
            let name: String =
                name.trim().chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
            if rooms.contains(&name) {
                found.insert(name);
            }
        }
    }
    found
}

fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a file of the project");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("tests") {
            all.extend(folders(&path));
            all.push(path);
        }
    }
    all.sort();
    all
}

/// The functions of a file that is formatted: their names, how many lines they have, and whether a comment on them
/// says why they are long.
fn functions(text: &str) -> Vec<(String, usize, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some((before, after)) = line.trim_start().split_once("fn ") else { continue };
        let is_head = before.split_whitespace().all(|word| {
            word.starts_with("pub")
                || matches!(word, "const" | "unsafe" | "async" | "in" | "crate::site)" | "super)")
        });
        // What has no body is declared in one line, or ends with a semicolon where its parameters end.
        if !is_head || line.trim_end().ends_with(['}', ';']) {
            continue;
        }
        let end = format!("{}}}", " ".repeat(indent));
        let Some(length) = lines[n..].iter().position(|it| *it == end) else { continue };
        let comment = lines[..n].iter().rev().take_while(|it| {
            let it = it.trim_start();
            it.starts_with("//") || it.starts_with("#[")
        });
        let says_why = comment.into_iter().any(|it| it.contains(LONG));
        let name = after.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect();
        found.push((name, length + 1, says_why));
    }
    found
}
