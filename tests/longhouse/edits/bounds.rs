//! An edit redoes what shows it and nothing else: which pages are rendered after each sort of edit, on a site of
//! three hundred entries.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use longhouse::source::again::Touched;

use super::warm::{Form, Warm};
use crate::fixture::{Folder, folder};

/// A question in the middle, which no list of the newest names.
const MIDDLE: &str = "content/questions/q100.md";

fn community() -> Folder {
    let mut files = "\
=== longhouse.yaml
title: Many
base_url: https://x.example/
theme: mine
page_size: 20
team: {p1: staff}
products: [{id: kiln, name: The Kiln}, {id: app, name: The App}]
=== GUIDELINES.md
# Rules
Be kind.
=== static/note.txt
A note.
=== themes/mine/templates/part/own.html
Own.
"
    .to_string();
    for n in 0..220 {
        let _ = write!(
            files,
            "=== content/questions/q{n}.md\n---\ntags: [t{}, u{}]\nauthors: p{}\nproduct: {}\ndate: 20{:02}-{:02}-{:02}\n---\n\
             # How does the {} thing number {n} work?\nThe first words of {n}.\n\n## More\nText of {n}. [next](q{}.md)\n",
            n % 23,
            n % 7,
            n % 29,
            ["kiln", "app"][n % 2],
            10 + n / 28,
            1 + (n / 3) % 12,
            1 + n % 28,
            ["red", "green", "blue", "grey", "black"][n % 5],
            (n + 1) % 220,
        );
        if n % 3 == 0 {
            let _ = write!(files, "=== content/questions/q{n}/p{}.md\nAn answer to {n}.\n", (n + 5) % 29);
        }
    }
    for n in 0..25 {
        let _ = write!(
            files,
            "=== content/how-tos/h{n}.md\n---\ntags: [t{}]\nauthors: p{}\ndate: 2021-01-{:02}\n---\n# Do {n}\nSo {n}.\n",
            n % 23,
            n % 29,
            n + 1
        );
        let _ = write!(
            files,
            "=== content/stories/s{n}.md\n---\nauthors: p{}\nindustry: i{}\ndate: 2022-01-{:02}\n---\n# Story {n}\nOnce {n}.\n",
            n % 29,
            n % 5,
            n + 1
        );
    }
    for n in 0..29 {
        let _ = write!(files, "=== content/people/p{n}.md\n---\nname: Person {n}\n---\nI am {n}.\n");
    }
    files.push_str("=== content/pages/about.md\n# About\nUs. ![d](drawing.svg)\n");
    let folder = folder(&files);
    folder.write("content/pages/drawing.svg", super::site::svg(10));
    folder
}

/// A site, and what was rendered after the last edit.
struct Edited {
    folder: Folder,
    warm: Warm,
}

/// What an edit did.
#[derive(Debug)]
struct Done {
    /// Addresses of the pages that were rendered.
    rendered: BTreeSet<String>,
    /// Paths of the files that became others.
    changed: BTreeSet<String>,
    /// How many pages there are.
    pages: usize,
}

impl Edited {
    fn new(form: Form) -> Edited {
        let folder = community();
        let warm = Warm::new(&folder, form);
        Edited { folder, warm }
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.root().join(path)).unwrap_or_default()
    }

    fn write(&mut self, path: &str, text: &str) -> Done {
        self.folder.write(path, text);
        self.noticed(path)
    }

    fn replace(&mut self, path: &str, from: &str, to: &str) -> Done {
        let text = self.read(path);
        assert!(text.contains(from), "{path} holds {from}");
        self.write(path, &text.replacen(from, to, 1))
    }

    fn remove(&mut self, path: &str) -> Done {
        fs::remove_file(self.folder.root().join(path)).expect("a file");
        self.noticed(path)
    }

    fn noticed(&mut self, path: &str) -> Done {
        let before = self.warm.files.clone();
        let paths = BTreeSet::from([self.folder.root().join(path)]);
        self.warm.notice(Touched { paths, everything: false }).expect("a site that can be made");
        let changed = self.warm.files.iter().filter(|(path, content)| {
            before.get(*path).map(|it| it.hash()) != Some(content.hash())
        });
        let changed = changed.map(|(path, _)| path.clone());
        Done {
            changed: changed.chain(before.keys().filter(|it| !self.warm.files.contains_key(*it)).cloned()).collect(),
            rendered: self.warm.rendered.iter().cloned().collect(),
            pages: self.warm.files.keys().filter(|path| path.ends_with(".html")).count(),
        }
    }
}

impl Done {
    /// Pages that were rendered and turned out as they were.
    fn in_vain(&self) -> Vec<&String> {
        let is_changed = |address: &&String| self.changed.contains(&longhouse::site::url::output_path(address));
        self.rendered.iter().filter(|it| !is_changed(it)).collect()
    }
}

#[test]
fn measure() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        let tell = |name: &str, done: Done| {
            let html = done.changed.iter().filter(|it| it.ends_with(".html")).count();
            println!(
                "{form:?} {name}: rendered {} of {}, changed pages {html}, other files {:?}, in vain {} {:?}",
                done.rendered.len(),
                done.pages,
                done.changed.iter().filter(|it| !it.ends_with(".html")).take(9).collect::<Vec<_>>(),
                done.in_vain().len(),
                done.in_vain().iter().take(5).collect::<Vec<_>>(),
            );
            if done.rendered.len() < 30 {
                println!("    {:?}", done.rendered);
            }
        };
        for round in 0..2 {
            println!("round {round}");
            let d = site.replace(MIDDLE, "Text of 100.", "Text of 100, changed. Text of 100.");
            tell("body", d);
            let d = site.replace(MIDDLE, "The first words", "Quite other first words. The first words");
            tell("first paragraph", d);
            let d = site.replace(MIDDLE, "number 100", "with the new number 100");
            tell("title", d);
            let d = site.replace(MIDDLE, "tags: [t8, ", &format!("tags: [t8, extra{round}, "));
            tell("new tag", d);
            let d = site.replace(MIDDLE, "tags: [t8, ", "tags: [t8, t3, ");
            tell("known tag", d);
            let d = site.write(&format!("content/questions/q100/p{}.md", 7 + round), "A new answer.\n");
            tell("new answer", d);
            let d = site.write(&format!("content/questions/q100/p{}.md", 7 + round), "A new answer, edited.\n");
            tell("answer edited", d);
            let d = site.replace(MIDDLE, "product: kiln", &format!("product: kiln\naccepted: p{}", 7 + round));
            tell("accepted", d);
            let d = site.remove(&format!("content/questions/q100/p{}.md", 7 + round));
            tell("answer removed", d);
            let d = site.replace(MIDDLE, &format!("accepted: p{}", 7 + round), "");
            tell("accepted removed", d);
            let d = site.write(&format!("content/questions/brand-new-{round}.md"), "---\ndate: 2015-01-01\ntags: [t3]\n---\n# Brand new?\nYes.\n");
            tell("new question", d);
            let d = site.write("themes/mine/static/site.css", &format!("body {{ margin: {round}px }}"));
            tell("css", d);
            let d = site.write("themes/mine/templates/story.html", &format!("{{% extends \"base.html\" %}}{{% block main %}}{round}{{% endblock main %}}"));
            tell("template", d);
            let d = site.write("GUIDELINES.md", &format!("# Rules\nBe kind {round}.\n"));
            tell("guidelines", d);
            let d = site.write("static/note.txt", &format!("{round}"));
            tell("static", d);
            let d = site.replace("content/people/p3.md", "name: Person", "name: Dear Person");
            tell("person's name", d);
            let d = site.replace("content/people/p3.md", "I am", "Indeed I am");
            tell("person's text", d);
            let d = site.replace("longhouse.yaml", "name: The Kiln", "name: The New Kiln");
            tell("product's name", d);
            let d = site.replace("longhouse.yaml", "title: Many", "title: Very Many");
            tell("site's title", d);
            let d = site.write("content/pages/drawing.svg", &super::site::svg(40 + round));
            tell("drawing", d);
            let d = site.write("data/reactions.yaml", &format!("questions/q100: {}\n", round + 2));
            tell("reactions", d);
            let d = site.write("search-tests.yaml", &format!("- {{query: q{round}, page: /questions/q1/}}\n"));
            tell("search tests", d);
        }
    }
}
