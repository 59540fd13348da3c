//! The same input gives the same bytes: on another path, with other threads, on another day, whatever
//! the order and the times of files are, search index included.

use std::collections::BTreeMap;
use std::path::Path;

use crate::fixture::{bytes, folder};

const COMMUNITY: &str = "\
=== longhouse.yaml
base_url: https://x.example/
tags: {synonyms: {billing: [money, cash]}}
=== content/questions/a.md
---
tags: [money, b, c]
date: 2026-01-02
authors: [ana, ben]
---
# Where is the invoice?
[x](b.md) [y](nowhere.md) [z](b.md#nohting)
=== content/questions/a/ana.md
In the drawer.
=== content/questions/a/ben.md
Not in mine.
=== content/questions/b.md
---
tags: [cash, b]
date: 2026-01-02
expires: 2026-01-03
---
# Where is the bill?
## Nothing
=== content/stories/s.md
# How we found it
=== content/announcements/n.md
---
expires: 2020-01-01
---
# Over
";

fn write_many(folder: &crate::fixture::Folder) {
    for n in 0..60 {
        let text = format!(
            "---\ntags: [t{}, b]\nauthors: p{}\n---\n# Question {n} of many?\n[next](q{}.md)\n",
            n % 7,
            n % 11,
            n + 1
        );
        folder.write(&format!("content/questions/q{n}.md"), text);
    }
}

#[test]
fn another_path_another_order_and_other_threads_give_the_same_site() {
    let build = |threads: usize, backwards: bool| {
        let folder = folder("");
        let mut parts: Vec<&str> = COMMUNITY.split("=== ").filter(|part| !part.is_empty()).collect();
        if backwards {
            write_many(&folder);
            parts.reverse();
        }
        for part in parts {
            let (path, text) = part.split_once('\n').expect("a path and a text");
            folder.write(path, text);
        }
        if !backwards {
            write_many(&folder);
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let rendered = pool.install(|| folder.build());
        let files: BTreeMap<String, Vec<u8>> =
            rendered.output.iter().map(|(path, content)| (path.to_string(), bytes(content))).collect();
        (files, rendered.diagnostics)
    };
    let first = build(1, false);
    assert!(first.0.keys().any(|path| path.starts_with("assets/search/")));
    for (threads, backwards) in [(4, false), (3, true), (1, true)] {
        let other = build(threads, backwards);
        assert_eq!(first.1, other.1);
        assert_same(&first.0, &other.0);
    }
}

#[test]
fn another_day_zone_and_language_give_the_same_site() {
    let folder = folder(COMMUNITY);
    write_many(&folder);
    let outer = tempfile::tempdir().expect("a folder");
    let build = |name: &str, settings: &[(&str, &str)]| {
        let output = outer.path().join(name);
        let done = crate::fixture::command()
            .args(["build", "--quiet", "--root"])
            .arg(folder.root())
            .arg("--output")
            .arg(&output)
            .envs(settings.iter().copied())
            .output()
            .expect("the command runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let mut files = BTreeMap::new();
        read(&output, &output, &mut files);
        files
    };
    let first = build("a", &[("RAYON_NUM_THREADS", "1"), ("TZ", "UTC"), ("LANG", "C")]);
    let other = [
        ("RAYON_NUM_THREADS", "4"),
        ("TZ", "Pacific/Kiritimati"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
    ];
    assert_same(&first, &build("b", &other));
}

fn assert_same(one: &BTreeMap<String, Vec<u8>>, two: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    let differ: Vec<&String> =
        one.iter().filter(|(path, bytes)| two[*path] != **bytes).map(|it| it.0).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("inside").to_string_lossy().into_owned();
            files.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}
