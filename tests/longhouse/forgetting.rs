//! `longhouse forget`: afterwards nothing that is published says who it was, and nothing else has changed its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use longhouse::diagnostic::Rule;
use longhouse::forget::{self, ForgetError, Options, Plan};
use longhouse::page::kind::Kind;
use longhouse::site::{Site, Visibility};
use longhouse::{edit, rename};
use walkdir::WalkDir;

use crate::fixture::{Folder, Rendered, bytes, folder, site};
use crate::repository::repository;

/// Runs `longhouse forget` in the root of a site.
fn run(site: &Folder, arguments: &[&str]) -> Output {
    let mut command = crate::fixture::command();
    command.current_dir(site.root()).arg("forget").args(arguments).output().expect("the command runs")
}

/// What it printed; it went well.
#[track_caller]
fn done(site: &Folder, arguments: &[&str]) -> String {
    let output = run(site, arguments);
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    said
}

/// Why it does not; nothing was touched.
#[track_caller]
fn refused(site: &Folder, arguments: &[&str]) -> String {
    let before = tree(site.root());
    let output = run(site, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(tree(site.root()) == before, "something was touched");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Every file of a site, with its bytes.
fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = WalkDir::new(root).into_iter().map(|it| it.expect("a file that can be seen"));
    let files = files.filter(|it| it.file_type().is_file()).map(|it| {
        let path = it.path().strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
        (path, fs::read(it.path()).expect("a file that can be read"))
    });
    files.filter(|(path, _)| !path.starts_with(".git/")).collect()
}

#[track_caller]
fn text(site: &Folder, path: &str) -> String {
    fs::read_to_string(site.root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Works it out through the library.
fn plan(site: &Folder, options: &Options) -> Result<Plan, String> {
    forget::plan(&site.load(), options).map_err(|error| match error {
        ForgetError::Refused(why) => why,
        ForgetError::Build(error) => error.to_string(),
    })
}

fn who(who: &str) -> Options {
    Options { who: who.to_string(), mentions: true, ..Options::default() }
}

/// Whether a word stands in a text as a word, whatever its case. Nothing of the program's own is asked.
fn says(text: &str, word: &str) -> bool {
    let (text, word) = (text.to_lowercase(), word.to_lowercase());
    text.match_indices(&word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let behind = text[at + word.len()..].chars().next().is_some_and(char::is_alphanumeric);
        !before && !behind
    })
}

#[track_caller]
fn is_nowhere(site: &Rendered, words: &[&str]) {
    for (path, content) in site.output.iter() {
        let bytes = bytes(content);
        let text = String::from_utf8_lossy(&bytes);
        for word in words {
            assert!(!says(path.as_str(), word), "{word}: {path}");
            // Compressed bytes are any short word somewhere. What is in them is looked for when the change is planned.
            let is_chance = matches!(text, Cow::Owned(_)) && word.len() < 6;
            assert!(is_chance || !says(&text, word), "{word} in {path}");
        }
    }
}

const COMMUNITY: &str = "\
=== longhouse.yaml
base_url: https://acme.example/help/
repository: {host: github, url: 'https://github.com/acme/site'}
team: {ana: staff, mia: moderator}
moderation: public
menu:
  - {label: Her, url: /people/ana/}
=== GUIDELINES.md
Ask [her](/people/ana/).
=== data/moderation.yaml
questions/reset/ana--2.md: {status: obsolete, reason: Old, by: ana}
questions/why.md: {status: locked, by: mia}
=== data/reactions.yaml
questions/reset#answer-ana: 3
questions/reset#answer-ben: 3
=== content/people/ana.md
---
name: Ana Silva
company: Rauma Pottery
links: [\"https://ana.example.org/\"]
---
I fire pots. ![me](ana.png)
=== content/people/ben.md
---
name: Ben Kahn
---
Knows [Ana](ana.md).
=== content/questions/reset.md
---
authors: [Ana Silva, ben]
accepted: ana
---
# How do I reset it?
=== content/questions/reset/ana.md
Press it, says ![the lamp](ana-lamp.png). [Me](../../people/ana.md)
=== content/questions/reset/ana--2.md
---
comment: true
on: ana
---
Or not.
=== content/questions/reset/ben.md
Turn it. As @ana says, see [hers](ana.md) and https://acme.example/help/people/ana/.
=== content/questions/reset/mia.md
---
confirms: ana
---
=== content/questions/why.md
# Why does Ana Silva fire at night?
Ask her: `banana`, analysis, Ana.
=== content/how-tos/glaze.md
---
authors: ana
---
# Glaze a pot
=== content/how-tos/glaze/ben.md
---
confirms: ana
version: 4.2
---
=== content/ideas/dark.md
---
supporters: [ana, ben]
---
# Dark mode
=== content/stories/ana-silva.md
---
customer: Ana Silva
consent: yes, Ana Silva, 2026-01-02
authors: ben
confirmed_by: [x]
---
# A story
";

fn community() -> Folder {
    let site = folder(COMMUNITY);
    site.write("content/people/ana.png", PNG);
    site.write("content/questions/reset/ana-lamp.png", PNG);
    site
}

/// A picture of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

#[test]
fn nobody_is_named_afterwards_and_answers_stay_where_they_are() {
    let site = community();
    let before = tree(site.root());
    let problems = site.build().rules();
    let said = done(&site, &["ana", "--mentions", "--also", "Ana"]);
    assert!(said.contains("content/people/ana.md -> content/people/former-member-1.md"), "{said}");
    assert!(said.contains("git filter-repo") && said.contains("Nothing was changed"), "{said}");
    assert!(tree(site.root()) == before, "a plan touches nothing");

    let said = done(&site, &["ana", "--mentions", "--also", "Ana", "--apply"]);
    assert!(said.contains("the name is nowhere"), "{said}");
    let page = site.build();
    is_nowhere(&page, &["ana", "ana silva"]);
    assert_eq!(text(&site, "content/people/former-member-1.md"), "---\nlisted: false\n---\n");
    assert!(
        text(&site, "content/questions/reset.md")
            .contains("authors: [former-member-1, ben]\naccepted: former-member-1")
    );
    assert!(text(&site, "content/questions/reset/former-member-1--2.md").contains("on: former-member-1"));
    assert!(text(&site, "content/questions/reset/mia.md").contains("confirms: former-member-1"));
    assert!(text(&site, "content/how-tos/glaze/ben.md").contains("confirms: former-member-1\n"));
    assert!(text(&site, "content/ideas/dark.md").contains("[former-member-1, ben]"));
    let story = text(&site, "content/stories/former-member-1.md");
    assert!(
        story.contains("customer: former-member-1\nconsent: yes, former-member-1, 2026-01-02"),
        "{story}"
    );
    let ben = text(&site, "content/questions/reset/ben.md");
    assert_eq!(
        ben,
        "Turn it. As @former-member-1 says, see [hers](former-member-1.md) and \
         https://acme.example/help/people/former-member-1/.\n"
    );
    assert!(text(&site, "content/questions/why.md").contains("`banana`, analysis, Former member 1."));
    let config = text(&site, "longhouse.yaml");
    assert!(
        config.contains("team: {former-member-1: staff, mia")
            && config.contains("url: /people/former-member-1/")
    );
    let decisions = text(&site, "data/moderation.yaml");
    assert!(decisions.contains("reset/former-member-1--2.md") && decisions.contains("by: former-member-1}"));
    assert!(text(&site, "data/reactions.yaml").contains("#answer-former-member-1: 3"));
    // Her answer is the accepted one, and nothing leads on from her old page.
    assert!(!page.has("people/ana/index.html") && !page.has("people/former-member-1/index.html"));
    let main = page.main("/questions/reset/");
    let (hers, his) =
        (main.find("answer-former-member-1").expect("hers"), main.find("answer-ben").expect("his"));
    assert!(hers < his);
    let renamed: Vec<String> = problems
        .iter()
        .map(|it| it.replace("/ana-silva", "/former-member-1").replace("/ana", "/former-member-1"))
        .collect();
    assert_eq!(page.rules(), renamed);

    // A second run knows nobody of that name, and undo brings back every byte.
    assert!(refused(&site, &["ana"]).contains("Nobody on this site is called `ana`."));
    done(&site, &["--undo"]);
    assert!(tree(site.root()) == before, "undo gives the same bytes");
}

#[test]
fn without_mentions_others_keep_their_words_and_are_told() {
    let site = community();
    let said = done(&site, &["Ana Silva", "--apply"]);
    assert!(text(&site, "content/questions/reset/ben.md").contains("As @ana says"));
    assert!(text(&site, "content/questions/why.md").contains("# Why does Ana Silva"));
    assert!(said.contains("content/questions/why.md:1: # Why does Ana Silva fire at night?"), "{said}");
    assert!(said.contains("content/questions/reset/ben.md:1:"), "{said}");
    assert!(said.contains("would still be published"), "{said}");
    assert!(said.contains("content/people/former-member-1.png"), "{said}");
}

#[test]
fn headlines_of_feeds_are_looked_through_as_well() {
    let snapshot = "feed: https://a.example/f.xml\nitems:\n  - title: \"Ana Silva writes\"\n    url: \"https://a.example/1\"\n";
    let site = community();
    site.write("data/feeds/diary.yaml", snapshot);
    let said = done(&site, &["Ana Silva"]);
    assert!(said.contains("data/feeds/diary.yaml:3: - title: \"Ana Silva writes\""), "{said}");
    done(&site, &["Ana Silva", "--apply", "--mentions"]);
    assert!(
        !text(&site, "data/feeds/diary.yaml").contains("Ana"),
        "{}",
        text(&site, "data/feeds/diary.yaml")
    );
}

#[test]
fn a_published_folder_is_searched_with_its_index() {
    let site = community();
    let build = |site: &Folder| {
        let done = crate::fixture::command().current_dir(site.root()).arg("build").output().expect("it runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    build(&site);
    let output = run(&site, &["--check", "ana,Ana Silva"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for place in [
        "people/ana/index.html: in its path",
        "feed.xml",
        "sitemap.xml",
        "in the search index, /help/questions/reset/",
        "a word of the search index: ana",
        "questions/why/index.html:",
        "people/ana/badge.svg:",
        "thanks/index.html:",
        "moderation/index.html:",
    ] {
        assert!(said.contains(place), "{place}\n{said}");
    }
    done(&site, &["ana", "--mentions", "--also=Ana", "--apply"]);
    build(&site);
    let said = done(&site, &["--check", "ana,Ana Silva"]);
    assert!(said.contains("No name found"), "{said}");
    // The folder may be named, and one that is not there is no good news.
    let other = site.root().join("public");
    done(&site, &["--check", "ana", &other.to_string_lossy()]);
    assert_eq!(run(&site, &["--check", "ana", "nowhere"]).status.code(), Some(2));
}

#[test]
fn what_decides_by_name_alone_stays_in_order() {
    let site = folder(
        "\
=== content/questions/a.md
# A?
=== content/questions/a/amy.md
One.
=== content/questions/a/ana.md
Two.
=== content/questions/a/ana--2.md
Three.
=== content/questions/a/ben.md
Four.
=== content/questions/a/zoe.md
---
comment: true
---
A comment.
=== content/questions/b.md
# B?
=== content/questions/b/ana.md
---
date: 2026-01-02
---
Older.
=== content/questions/b/zoe.md
---
date: 2026-01-03
---
Younger.
",
    );
    let said = done(&site, &["ana", "--apply"]);
    assert!(said.contains("add `content/people/former-member-1.md` with the line `listed: false`"), "{said}");
    let page = site.build();
    let main = page.main("/questions/a/");
    let places: Vec<usize> =
        ["One.", "Two.", "Three.", "Four."].iter().map(|it| main.find(it).expect("an answer")).collect();
    assert!(places.is_sorted(), "{places:?}");
    let hers = text(&site, "content/questions/a/former-member-1.md");
    assert!(hers.starts_with("---\nsort_key: ") && !says(&hers, "ana"), "{hers}");
    // Where something else decides nothing is added.
    assert_eq!(text(&site, "content/questions/b/former-member-1.md"), "---\ndate: 2026-01-02\n---\nOlder.\n");
}

#[test]
fn git_does_not_bring_the_name_back() {
    let repository = repository(
        "\
=== content/questions/kiln.md
# Which kiln?
=== content/questions/kiln/ben.md
This one.
=== content/questions/kiln/ana-silva.md
---
on: ben
---
Short.
",
    );
    let site = repository.folder();
    repository.commit("Ana Silva <12+ana-silva@users.noreply.github.com>", "2026-01-02", "ask");
    repository.write("content/questions/glaze.md", "---\ntags: [x]\n---\n# Which glaze?\n");
    repository.write(".mailmap", "Ana Silva <ana@old.example>\nBen <ben@example.com>\n");
    repository.commit(
        "Ben <ben@example.com>",
        "2026-01-03",
        "ask\n\nCo-authored-by: Ana Silva <ana@example.com>",
    );
    assert!(site.build().page("/questions/kiln/").contains("Ana Silva"));
    let said = done(site, &["ana-silva", "--apply"]);
    assert!(said.contains(
        "Former member 1 <former-member-1@example.invalid> <12+ana-silva@users.noreply.github.com>"
    ));
    assert!(said.contains("<former-member-1@example.invalid> <ana@example.com>"), "{said}");
    assert!(said.contains("literal:ana@example.com==>former-member-1@example.invalid"), "{said}");
    assert!(
        said.contains(".mailmap:1: This line is about the person.") && !said.contains(".mailmap:2:"),
        "{said}"
    );
    assert!(said.contains(
        "--path-rename content/questions/kiln/ana-silva.md:content/questions/kiln/former-member-1.md"
    ));
    assert_eq!(
        text(site, "content/questions/kiln.md"),
        "---\nauthors: [former-member-1]\n---\n# Which kiln?\n"
    );
    assert!(text(site, "content/questions/glaze.md").contains("authors: [ben, former-member-1]"));
    repository.commit("Maintainer <m@example.com>", "2026-06-01", "forget");
    let page = site.build();
    is_nowhere(&page, &["ana", "silva"]);
    // Days that git would no longer know are written down.
    assert!(page.page("/questions/kiln/").contains("2026-01-02"));
    assert!(page.main("/questions/kiln/").contains("Short."));
}

#[test]
fn where_git_decides_git_has_to_be_told_first() {
    let repository = repository(
        "\
=== longhouse.yaml
trust: git
=== content/questions/kiln.md
# Which kiln?
=== content/questions/kiln/ana.md
This one.
",
    );
    let site = repository.folder();
    repository.commit("Ana <ana@example.com>", "2026-01-02", "ask");
    let said = refused(site, &["ana", "--apply"]);
    let line = "Former member 1 <former-member-1@example.invalid> <ana@example.com>";
    assert!(said.contains(line) && said.contains("--as former-member-1"), "{said}");
    site.write(".mailmap", format!("{line}\n"));
    done(site, &["ana", "--as", "former-member-1", "--apply"]);
    repository.commit("Maintainer <m@example.com>", "2026-06-01", "forget");
    is_nowhere(&site.build(), &["ana"]);
}

#[test]
fn a_neutral_name_is_given_once_and_is_neutral() {
    let site = folder(
        "\
=== content/people/ana.md
# Ana
=== content/people/ben.md
# Ben
=== content/people/former-member-7.md
---
listed: false
---
",
    );
    assert!(done(&site, &["ana"]).contains("content/people/former-member-8.md"));
    assert!(refused(&site, &["ana", "--as", "ben"]).contains("somebody else"));
    assert!(refused(&site, &["ana", "--as", "not-ana"]).contains("neutral"));
    assert!(refused(&site, &["ana", "--as", "Some One"]).contains("`some-one`"));
    assert!(refused(&site, &["anna"]).contains("Did you mean `ana`?"));
    assert!(refused(&site, &["former-member-7"]).contains("forgotten already"));
}

#[test]
fn a_first_name_is_told_and_changed_only_if_it_was_meant() {
    let site = folder(
        "\
=== content/people/seedling.md
---
name: Sam Okafor
---
=== content/questions/a.md
# A?
Sam knows. The sample does not, nor does sam.
=== content/questions/a/seedling.md
+++
tags = [\"x\"]
+++
Me.
=== content/questions/a/eve.md
---
confirms: seedling
---
=== content/questions/b.md
---
duplicate_of: a
---
# B?
=== content/questions/b/seedling.md
---
status: hidden
---
Gone.
",
    );
    let said = done(&site, &["seedling", "--mentions"]);
    assert!(said.contains("content/questions/a.md:2: Sam knows."), "{said}");
    assert!(said.contains("run it again with `--also`"), "{said}");
    let said = done(&site, &["seedling", "--mentions", "--also", "Sam", "--apply"]);
    assert_eq!(
        text(&site, "content/questions/a.md"),
        "# A?\nFormer member 1 knows. The sample does not, nor does sam.\n"
    );
    assert!(said.contains("would still be published"), "{said}");
    assert_eq!(text(&site, "content/questions/a/former-member-1.md"), "+++\ntags = [\"x\"]\n+++\nMe.\n");
    assert!(site.root().join("content/questions/b/former-member-1.md").is_file());
    is_nowhere(&site.build(), &["seedling", "okafor"]);
}

/// Everything but people in the order in which it stands, by what files are called, where `handle` is called `former`.
fn order(site: &Site, handle: &str, former: &str) -> Vec<String> {
    let mut order = Vec::new();
    for (_, entry) in site.listed().filter(|(_, entry)| entry.kind != Kind::Person) {
        order.push(format!("{:?} {} {:?}", entry.kind, entry.slug, entry.date));
        for reply in entry.replies() {
            // The second reply of somebody is called `ana-2` or `ana--2`, and afterwards always the latter.
            let number = reply.stem.strip_prefix(handle).map(|rest| rest.trim_start_matches('-'));
            let stem = match number.filter(|number| number.chars().all(|c| c.is_ascii_digit())) {
                Some("") => former.to_string(),
                Some(number) => format!("{former}--{number}"),
                None => reply.stem.clone(),
            };
            order.push(format!("  {stem} {:?}", reply.date));
        }
    }
    order
}

#[test]
fn nobody_of_the_example_site_is_named_afterwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let original = empty();
    let files = tree(&root);
    for (path, bytes) in &files {
        original.write(path, bytes);
    }
    let sources = original.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let people: Vec<(String, String)> = site
        .people()
        .by_handle
        .iter()
        .map(|(handle, person)| (handle.clone(), person.name.clone()))
        .collect();
    assert!(people.len() >= 20);
    for (n, (handle, name)) in people.into_iter().enumerate() {
        // What others call them: by first name, and by handle in examples of code.
        let first = name.split_whitespace().next().unwrap_or(&name);
        let also = [first.to_string(), first.to_lowercase(), capital(&handle), handle.clone()].to_vec();
        let plan = plan(&original, &Options { also: also.clone(), ..who(&handle) });
        let plan = plan.unwrap_or_else(|why| panic!("{handle}: {why}"));
        assert_eq!(plan.published.hits, [], "{handle}");
        // Some of them are really forgotten, and looked for in another way.
        if n % 5 != 0 {
            continue;
        }
        let copy = empty();
        for (path, bytes) in &files {
            copy.write(path, bytes);
        }
        let real = copy.root().canonicalize().expect("a folder");
        let journal = edit::Journal::new(&real, None).expect("no journal");
        let scope = rename::scope(&copy.load());
        edit::begin(&journal, &scope, &plan.change, edit::forgetting("x")).expect("it is done");
        let (after, _) = longhouse::understand(&copy.load(), Visibility::default(), &|_| {});
        assert!(after.people().get(&handle).is_none(), "{handle}");
        let former = &plan.person.former;
        assert_eq!(order(&site, &handle, former).len(), order(&after, &handle, former).len(), "{handle}");
        for (before, after) in order(&site, &handle, former).iter().zip(&order(&after, &handle, former)) {
            assert_eq!(before, after, "{handle}");
        }
        let words: Vec<&str> = [&handle, &name].into_iter().chain(&also).map(String::as_str).collect();
        is_nowhere(&copy.build(), &words);
    }
}

/// A folder without a file.
fn empty() -> Folder {
    let folder = folder("=== x.md\n");
    fs::remove_file(folder.root().join("x.md")).expect("a file");
    folder
}

/// A handle as it begins a sentence.
fn capital(handle: &str) -> String {
    let first = handle.split('-').next().unwrap_or(handle);
    let mut letters = first.chars();
    letters.next().map_or_else(String::new, |letter| letter.to_uppercase().chain(letters).collect())
}

#[test]
fn a_withdrawn_consent_hides_a_story_at_once() {
    let files = "\
=== content/stories/mill.md
---
customer: Mill Pottery
consent: withdrawn
tags: [xyzzytag]
authors: ben
---
# Xyzzy mugs
Xyzzy text with a ![picture](mill/picture.png).
=== content/stories/mill/eve.md
Plugh comment.
=== content/questions/a.md
# A?
See [that](../stories/mill.md).
=== data/moderation.yaml
stories/mill.md: published
";
    let folder = folder(files);
    folder.write("content/stories/mill/picture.png", PNG);
    let page = folder.build();
    assert!(page.page("/stories/mill/").contains("noindex"));
    for (path, content) in page.output.iter() {
        let text = String::from_utf8_lossy(&bytes(content)).into_owned();
        for word in ["Xyzzy", "xyzzytag", "Plugh", "Mill Pottery"] {
            assert!(!text.contains(word), "{word} in {path}");
        }
        assert!(!path.as_str().contains("picture"), "{path}");
    }
    let problem = page.only(Rule::Consent);
    assert_eq!((problem.line, problem.message.contains("withdrawn")), (3, true));
    assert!(folder.preview().page("/stories/mill/").contains("Xyzzy text"));
    // Anyone who hides it themselves is told nothing, and a consent that came back shows it again.
    let silent = files.replace("consent: withdrawn", "status: hidden\nconsent: Withdrawn, 2026-11-30");
    assert_eq!(site(&silent).rules(), Vec::<String>::new());
    let given = site(
        &files
            .replace("withdrawn", "yes, Ana Silva, 2026-11-02")
            .replace("![picture](mill/picture.png)", "x"),
    );
    assert!(given.page("/stories/mill/").contains("Xyzzy text"));
}
