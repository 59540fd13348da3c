//! An edit redoes what shows it and nothing else: which pages are rendered after each sort of edit, on a site of
//! three hundred entries.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use longhouse::output::Content;
use longhouse::source::reload::Touched;

use super::warm::{Form, Warm};
use crate::fixture::{Folder, bytes, folder};

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

    /// Whether the pages that became others are those that show a text.
    #[track_caller]
    fn all_show(&self, done: &Done, text: &str, pages: usize, in_vain: usize) {
        done.at_most(pages, in_vain);
        let shows = |content: &Content| String::from_utf8_lossy(&bytes(content)).contains(text);
        let is_page = |path: &&String| path.ends_with(".html");
        let showing: BTreeSet<&String> =
            self.warm.files.iter().filter(|(path, it)| is_page(path) && shows(it)).map(|it| it.0).collect();
        let changed: BTreeSet<&String> = done.changed.iter().filter(is_page).collect();
        assert_eq!(changed, showing);
    }

    fn noticed(&mut self, path: &str) -> Done {
        let before = self.warm.files.clone();
        let paths = BTreeSet::from([self.folder.root().join(path)]);
        self.warm.notice(Touched { paths, everything: false }).expect("a site that can be made");
        let changed = self
            .warm
            .files
            .iter()
            .filter(|(path, content)| before.get(*path).map(|it| it.hash()) != Some(content.hash()));
        let changed = changed.map(|(path, _)| path.clone());
        Done {
            changed: changed
                .chain(before.keys().filter(|it| !self.warm.files.contains_key(*it)).cloned())
                .collect(),
            rendered: self.warm.rendered.iter().cloned().collect(),
            pages: self.warm.files.keys().filter(|path| path.ends_with(".html")).count(),
        }
    }
}

impl Done {
    #[track_caller]
    fn is_exactly(&self, addresses: &[&str]) {
        let expected: BTreeSet<String> = addresses.iter().map(|it| (*it).to_string()).collect();
        assert_eq!(self.rendered, expected);
    }

    #[track_caller]
    fn at_most(&self, pages: usize, in_vain: usize) {
        assert!(self.rendered.len() <= pages && self.in_vain().len() <= in_vain, "{self:#?}");
    }

    /// Pages that were rendered and turned out as they were.
    fn in_vain(&self) -> Vec<&String> {
        let is_changed =
            |address: &&String| self.changed.contains(&longhouse::site::url::output_path(address));
        self.rendered.iter().filter(|it| !is_changed(it)).collect()
    }
}

#[test]
fn a_text_renders_its_own_page_and_what_shows_its_first_words() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        for round in 0..2 {
            let done = site.replace(MIDDLE, "Text of 100.", "Text of 100. And more.");
            done.is_exactly(&["/questions/q100/"]);
            assert_eq!(done.changed, BTreeSet::from(["questions/q100/index.html".to_string()]));
            let done = site.replace(MIDDLE, "The first words", &format!("Begun {round}. The first words"));
            site.all_show(&done, &format!("Begun {round}."), 11, 1);
            let done =
                site.replace("content/questions/q99/p17.md", "answer", &format!("answer, better {round},"));
            site.all_show(&done, &format!("better {round}"), 11, 1);
            let done = site.replace("content/people/p3.md", "I am", "Indeed I am");
            done.at_most(2, 1);
            assert_eq!(done.changed, BTreeSet::from(["people/p3/index.html".to_string()]));
        }
    }
}

#[test]
fn a_title_renders_what_names_it() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        for round in 0..2 {
            let done = site.replace(MIDDLE, "thing", &format!("thing with title {round},"));
            site.all_show(&done, &format!("title {round}"), 20, 6);
        }
        let done = site.replace("content/people/p3.md", "Person", "Dear Person");
        site.all_show(&done, "Dear Person 3", 110, 50);
    }
}

#[test]
fn tags_answers_and_new_pages_render_lists_that_name_them() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        // The first edits look at some pages in vain: what they were made of is known from then on.
        site.replace(MIDDLE, "tags: [t8, ", "tags: [t8, t5, ").at_most(40, 15);
        site.replace(MIDDLE, "tags: [t8, ", "tags: [t8, extra, ").at_most(10, 1);
        site.replace(MIDDLE, "tags: [t8, ", "tags: [t8, t3, ").at_most(30, 3);
        site.write("content/questions/q100/p7.md", "A new answer.\n").at_most(32, 1);
        // Now somebody knows these tags, so other questions with them would be good to begin with, were not all titles of
        // this site nearly the same.
        site.write("content/questions/q100/p8.md", "A second answer.\n").at_most(50, 25);
        site.replace(MIDDLE, "product: kiln", "product: kiln\naccepted: p8").at_most(40, 1);
        site.remove("content/questions/q100/p7.md").at_most(40, 1);
        site.remove("content/questions/q100/p8.md").at_most(75, 1);
        let new = "---\ndate: 2015-01-01\ntags: [t3]\n---\n# Brand new?\nYes.\n";
        site.write("content/questions/brand-new.md", new).at_most(75, 30);
        site.write("content/stories/unfinished.md", "---\nstatus: draft\n---\n# Soon\n").at_most(25, 1);
        site.remove("content/questions/brand-new.md").at_most(60, 1);
    }
}

#[test]
fn an_alert_renders_all_pages_once_and_then_what_names_it() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        let text = |title: &str, more: &str| {
            format!("---\ndate: 2023-01-01\nseverity: urgent\nexpires: 2099-01-01\n{more}---\n# {title}\n")
        };
        let alert = "content/announcements/off.md";
        let done = site.write(alert, &text("It is off", "places: [Lisbon]\n"));
        // Every page loads what shows alerts to those who chose some.
        assert_eq!(done.rendered.len(), done.pages);
        assert!(done.changed.contains("alerts.json") && done.changed.contains("feed/place/lisbon.xml"));
        site.write(alert, &text("It is off now", "places: [Lisbon]\n")).at_most(8, 4);
        let done = site.write("content/announcements/off/p1.md", "---\nresponse: true\n---\nWe know.\n");
        done.at_most(8, 4);
        assert!(done.changed.contains("alerts.json"));
        site.write(alert, &text("It is off again", "places: [Porto]\n")).at_most(8, 4);
        let done = site.replace(MIDDLE, "Text of 100.", "Text of 100. And more.");
        done.is_exactly(&["/questions/q100/"]);
        assert_eq!(done.changed, BTreeSet::from(["questions/q100/index.html".to_string()]));
        // One for everybody is loaded by everybody.
        let done = site.write(alert, &text("It is off again", ""));
        assert_eq!(done.rendered.len(), done.pages);
        let done = site.remove(alert);
        assert_eq!(done.rendered.len(), done.pages);
    }
}

#[test]
fn headlines_render_the_link_that_they_are_of_and_the_page_of_all_links() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        for name in ["one", "two"] {
            let text = format!(
                "---\nurl: https://{name}.example/\nfeed: https://{name}.example/f\nrun_by: p2\nauthors: p1\ndate: 2020-01-01\n---\n# {name}\n"
            );
            site.write(&format!("content/links/{name}.md"), &text);
        }
        for round in 0..2 {
            let text = format!(
                "feed: https://one.example/f\nitems: [{{title: N {round}, url: https://one.example/a}}]\n"
            );
            let done = site.write("data/feeds/one.yaml", &text);
            done.is_exactly(&["/links/", "/links/one/"]);
            // What no link shows is on no page.
            let done = site.write("data/feeds/none.yaml", &text);
            done.is_exactly(&[]);
            // Who runs it has it on their page, and nobody else.
            let (from, to) =
                if round == 0 { ("run_by: p2", "run_by: p3") } else { ("run_by: p3", "run_by: p2") };
            let done = site.replace("content/links/two.md", from, to);
            assert!(
                done.rendered.contains("/people/p2/") && done.rendered.contains("/people/p3/"),
                "{:?}",
                done.rendered
            );
            done.at_most(10, 4);
        }
    }
}

#[test]
fn what_is_not_content_redoes_what_depends_on_it() {
    for form in [Form::Published, Form::Preview] {
        let mut site = Edited::new(form);
        let stories: Vec<String> = (0..25).map(|n| format!("/stories/s{n}/")).collect();
        let stories: Vec<&str> = stories.iter().map(String::as_str).collect();
        for round in 0..2 {
            let template = format!(
                "{{% extends \"base.html\" %}}{{% block main %}}{round}{{% include \"part/own.html\" %}}{{% endblock main %}}"
            );
            site.write("themes/mine/templates/story.html", &template).is_exactly(&stories);
            site.write("themes/mine/templates/part/own.html", &format!("Own {round}.")).is_exactly(&stories);
            let done = site.write("GUIDELINES.md", &format!("# Rules\nBe kind {round}.\n"));
            done.at_most(6, if round == 0 { 5 } else { 0 });
            assert_eq!(done.changed, BTreeSet::from(["guidelines/index.html".to_string()]));
            let done = site.write("static/note.txt", &format!("Note {round}"));
            done.is_exactly(&[]);
            assert_eq!(done.changed, BTreeSet::from(["note.txt".to_string()]));
            let done = site.write("content/pages/drawing.svg", &super::site::svg(40 + round));
            done.is_exactly(&[]);
            assert_eq!(done.changed, BTreeSet::from(["files/pages/drawing.svg".to_string()]));
            site.write("data/reactions.yaml", &format!("questions/q100: {}\n", round + 2)).at_most(16, 8);
            let test = format!("- {{query: q{round}, page: /questions/q1/}}\n");
            site.write("search-tests.yaml", &test).is_exactly(&[]);
            let done = site.write("themes/mine/static/site.css", &format!("body {{ margin: {round}px }}"));
            if form == Form::Preview {
                done.is_exactly(&[]);
                assert_eq!(done.changed, BTreeSet::from(["assets/site.css".to_string()]));
            } else {
                // Its name is another one, and every page names it.
                assert_eq!(done.rendered.len(), done.pages);
            }
            // What every page says is on every page.
            let done = site.replace("longhouse.yaml", "title: ", "title: Very ");
            assert_eq!((done.rendered.len(), done.in_vain()), (done.pages, Vec::new()));
            let done = site.write("longhouse.yaml", &format!("{}\n", site.read("longhouse.yaml")));
            done.at_most(done.pages, 0);
            assert_eq!(done.changed, BTreeSet::new());
        }
    }
}
