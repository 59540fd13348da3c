//! Ideas: who wants them, counted once; columns by state; what shipped, by the year in which it was asked; a no with its
//! reason; and a file of one line by which somebody wants it too.

use std::fmt::Write as _;

use longhouse::diagnostic::Rule;

use crate::fixture::{Folder, command, folder, site};
use crate::repository::repository;

/// Nine ideas, every state among them. Today is 30 November 2026.
const SITE: &str = "\
=== longhouse.yaml
title: Acme
team: {jun: staff}
=== data/reactions.yaml
ideas/call: {votes: 5, by: [ana, Ben Berg]}
ideas/dark: [cem, dora]
ideas/plants: 2
=== content/people/ana.md
---
name: Ana Silva
---
Hello.
=== content/people/ben.md
---
name: Ben Berg
---
Hello.
=== content/people/eve.md
---
name: Eve
listed: false
---
Hello.
=== content/announcements/four-two.md
---
date: 2026-08-31
---
# Version 4.2 is out

With what you asked for.
=== content/ideas/call.md
---
authors: dora
date: 2026-07-13
supporters: [ana, '@ana', eve]
---
# Ring me up

A message makes a sound once.
=== content/ideas/call/ben.md
---
supports: true
---
=== content/ideas/call/ben--2.md
---
supports: true
---
I want it twice.
=== content/ideas/call/fay.md
---
supports: true
status: hidden
---
=== content/ideas/dark.md
---
authors: cem
date: 2026-10-01
---
# A dark mode

At night.
=== content/ideas/dark/jun.md
---
response: true
date: 2026-11-30
---
We are thinking about it.
=== content/ideas/quiet.md
---
date: 2026-11-30
---
# Be quiet

Please.
=== content/ideas/valves.md
---
date: 2026-02-01
state: planned
horizon: later
horizon_since: 2026-03-04
response: It is on the list.
---
# Other valves

Those that latch.
=== content/ideas/pair.md
---
authors: ana
date: 2026-06-01
state: shipped
fulfilled_by: ../announcements/four-two.md
supporters: [ben]
---
# Move Remove away

A thumb is wide.
=== content/ideas/api.md
---
date: 2025-06-01
updated: 2025-12-24
state: shipped
fulfilled_by: https://example.org/api
---
# An interface

For programs.
=== content/ideas/old.md
---
date: 2025-07-01
state: shipped
fulfilled_by: '4.1'
---
# An old one

Long ago.
=== content/ideas/plants.md
---
date: 2025-09-09
state: declined
response: No. A photograph would have to leave your house.
supporters: [dora]
---
# Know my plants

By a photograph.
=== content/ideas/gone.md
---
date: 2025-09-10
state: shipped
fulfilled_by: '4.0'
status: hidden
---
# Gone

Taken down.
";

/// The part of a page between two texts.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("{from} in {page}")).1;
    rest.split_once(to).map_or(rest, |it| it.0)
}

/// Builds a site on 30 November 2026 by the program, and reads its pages.
struct Built {
    folder: Folder,
}

impl Built {
    fn new(files: &str) -> Built {
        let folder = folder(files);
        let built = command()
            .args(["build", "--root"])
            .arg(folder.root())
            .env("SOURCE_DATE_EPOCH", "1796040000")
            .output()
            .expect("the program");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Built { folder }
    }

    fn page(&self, address: &str) -> String {
        let file = self.folder.root().join("public").join(address.trim_start_matches('/'));
        std::fs::read_to_string(file.join("index.html")).expect("a page")
    }

    fn has(&self, address: &str) -> bool {
        self.folder.root().join("public").join(address.trim_start_matches('/')).exists()
    }

    /// The column of a state.
    fn column(&self, state: &str) -> String {
        between(&self.page("/ideas/"), &format!("id=\"state-{state}\""), "</section>").to_string()
    }

    /// The card of an idea in its column.
    fn card(&self, state: &str, title: &str) -> String {
        let column = self.column(state);
        let card = column.split("<li>").find(|card| card.contains(title));
        card.unwrap_or_else(|| panic!("{title} in {column}")).to_string()
    }
}

#[test]
fn everybody_counts_once_wherever_they_said_it() {
    let built = Built::new(SITE);
    // By the file: ana and eve. By votes: five, two of them ana and ben. By files: ben, twice; what is hidden is not there.
    let card = built.card("open", "Ring me up");
    assert!(card.contains("<strong>6</strong> want this"), "{card}");
    assert!(card.contains("Ana Silva</a>, Eve, <a href=\"/people/ben/\">Ben Berg</a> and 3 more"), "{card}");
    // Whoever had it counts if they voted; they are not among those who want it as well.
    assert!(built.card("open", "A dark mode").contains("<strong>2</strong> want this"));
    let page = built.page("/ideas/dark/");
    assert!(page.contains("One more person wants this"), "{page}");
    let page = built.page("/ideas/call/");
    assert!(page.contains("6 more people want this"), "{page}");
    assert!(between(&page, "6 more people want this", "</section>").contains("and 3 more"));
    assert!(built.page("/ideas/helpful/").contains("<strong>6</strong> want this"));
    assert!(built.card("declined", "Know my plants").contains("<strong>3</strong> want this"));
}

#[test]
fn columns_hold_ideas_by_state_the_most_wanted_first_with_the_company_s_word_and_its_age() {
    let built = Built::new(SITE);
    let page = built.page("/ideas/");
    let states: Vec<&str> = page.split("id=\"state-").skip(1).filter_map(|it| it.split('"').next()).collect();
    assert_eq!(states, ["open", "planned", "shipped", "declined"]);
    for state in states {
        assert!(page.contains(&format!("href=\"#state-{state}\"")), "{state}");
    }
    let open = built.column("open");
    let places = ["Ring me up", "A dark mode", "Be quiet"].map(|title| open.find(title).expect("a title"));
    assert!(places.is_sorted(), "{open}");
    assert!(built.card("open", "Ring me up").contains("No answer from the company for 4 months"));
    let dark = built.card("open", "A dark mode");
    assert!(
        dark.contains("We are thinking about it.") && dark.contains("The company answered today"),
        "{dark}"
    );
    assert!(!built.card("open", "Be quiet").contains("No answer"), "it was asked today");
    let planned = built.card("planned", "Other valves");
    assert!(planned.contains("It is on the list.") && planned.contains("set on 4 March 2026"), "{planned}");
    let declined = built.card("declined", "Know my plants");
    assert!(declined.contains("A photograph would have to leave your house."), "{declined}");
    assert!(!declined.contains("horizon"), "{declined}");
}

#[test]
fn what_shipped_stands_by_the_year_in_which_it_was_asked() {
    let built = Built::new(SITE);
    let page = built.page("/ideas/shipped/");
    // Hidden ideas are neither asked nor shipped.
    assert!(page.contains("Shipped 1 of 5 ideas asked in 2026"), "{page}");
    assert!(page.contains("Shipped 2 of 3 ideas asked in 2025"), "{page}");
    let of_2026 = between(&page, "asked in 2026", "</section>");
    assert!(of_2026.contains("fulfilled by <a href=\"/announcements/four-two/\">Version 4.2 is out</a>"));
    assert!(of_2026.contains("shipped on 31 August 2026"), "by the day of what fulfilled it: {of_2026}");
    assert!(of_2026.contains("Wanted by <a href=\"/people/ana/\">Ana Silva</a>"), "{of_2026}");
    let of_2025 = between(&page, "asked in 2025", "</section>");
    assert!(of_2025.contains("shipped on 24 December 2025"), "by `updated`: {of_2025}");
    assert!(of_2025.contains("href=\"https://example.org/api\" rel=\"ugc nofollow noopener\""), "{of_2025}");
    let old = of_2025.split("<li>").find(|it| it.contains("An old one")).expect("the old one");
    assert!(old.contains("fulfilled by 4.1") && !old.contains("shipped on"), "nothing says when: {old}");
    assert!(of_2025.find("An interface") < of_2025.find("An old one"), "what has no day comes last");
    assert!(!page.contains("Gone"));
    assert!(built.page("/ideas/").contains("href=\"/ideas/shipped/\""));
}

#[test]
fn without_ideas_there_are_no_columns_and_without_shipped_ones_no_list_of_them() {
    let none = Built::new("=== longhouse.yaml\ntitle: Acme\n=== content/questions/a.md\n# Why?\n\nIt is.\n");
    assert!(!none.page("/ideas/").contains("class=\"board\""));
    assert!(!none.has("/ideas/shipped/index.html"));
    let one = Built::new("=== longhouse.yaml\ntitle: Acme\n=== content/ideas/a.md\n# A cat\n\nPlease.\n");
    let page = one.page("/ideas/");
    assert!(page.contains("id=\"state-open\"") && !page.contains("jumps"), "{page}");
    assert!(!page.contains("/ideas/shipped/") && !one.has("/ideas/shipped/index.html"));
}

#[test]
fn a_long_column_and_many_supporters_are_bounded() {
    let mut files = String::from("=== longhouse.yaml\ntitle: Acme\npage_size: 3\n");
    for number in 0..7 {
        let _ = write!(files, "=== content/ideas/n{number}.md\n# Wish {number}\n\nPlease.\n");
    }
    files.push_str("=== content/ideas/no.md\n---\nstate: declined\nresponse: No.\n---\n# Never\n\nPlease.\n");
    for number in 0..300 {
        let _ = write!(files, "=== content/ideas/n5/p{number:03}.md\n---\nsupports: true\n---\n");
    }
    let built = Built::new(&files);
    let page = built.page("/ideas/");
    assert_eq!(page.matches("class=\"wanted-by\"").count(), 1);
    let open = built.column("open");
    assert_eq!(open.matches("<li>").count(), 3);
    assert!(open.contains("href=\"/ideas/state/open/\">All 7</a>"), "{open}");
    assert!(open.contains("<strong>300</strong> want this") && open.contains("and 297 more"), "{open}");
    let idea = built.page("/ideas/n5/");
    assert!(idea.contains("300 more people want this"));
    let names = between(&idea, "300 more people want this", "</section>");
    assert!(names.contains("p099") && !names.contains("p100") && names.contains("and 200 more"), "{names}");
    // The pages after the first go on with what the columns leave out.
    assert!(built.page("/ideas/page/2/").contains("Wish 4"));
}

#[test]
fn titles_in_any_script_stand_in_columns_below_a_path() {
    let files = "=== longhouse.yaml\ntitle: Acme\nbase_url: https://example.org/help/\n=== content/ideas/dark.md\n---\n\
                 state: shipped\nfulfilled_by: '5'\ndate: 2026-01-02\n---\n# 深色模式\n\n请。\n=== content/ideas/night.md\n---\n\
                 lang: ar\n---\n# الوضع الليلي\n\nمن فضلك.\n";
    let built = Built::new(files);
    let page = built.page("/ideas/");
    assert!(page.contains("<a href=\"/help/ideas/dark/\">深色模式</a>"), "{page}");
    assert!(page.contains("lang=\"ar\" dir=\"rtl\">الوضع الليلي</a>"), "{page}");
    assert!(page.contains("href=\"/help/ideas/shipped/\""), "{page}");
}

#[test]
fn an_age_is_said_in_days_months_or_years() {
    let built = Built::new(&SITE.replace("date: 2026-07-13", "date: 2026-10-01"));
    assert!(built.card("open", "Ring me up").contains("No answer from the company for 60 days"));
    let built = Built::new(&SITE.replace("date: 2026-07-13", "date: 2026-09-30"));
    assert!(built.card("open", "Ring me up").contains("No answer from the company for 2 months"));
    let built = Built::new(&SITE.replace("date: 2026-07-13", "date: 2023-11-29"));
    assert!(built.card("open", "Ring me up").contains("No answer from the company for 3 years"));
}

#[test]
fn a_no_without_a_reason_is_told() {
    let files = |more: &str| {
        format!(
            "=== longhouse.yaml\nteam: {{jun: staff}}\n=== content/ideas/a.md\n---\nstate: declined\n---\n# A cat\n\n\
             Please.\n{more}"
        )
    };
    let built = site(&files(""));
    let problem = built.only(Rule::DeclinedWithoutResponse);
    assert_eq!((&*problem.file, problem.line, problem.column), ("content/ideas/a.md", 2, 8));
    let reply = |by: &str| format!("=== content/ideas/a/{by}.md\n---\nresponse: true\n---\nWe have a dog.\n");
    assert!(site(&files(&reply("jun"))).diagnostics.is_empty());
    let others = site(&files(&reply("ana")));
    assert!(
        others.rules().contains(&"content/ideas/a.md: declined-without-response".to_string()),
        "{:?}",
        others.rules()
    );
}

#[test]
fn an_idea_that_claims_the_address_of_what_shipped_stands_beside_it() {
    let built = site("=== content/ideas/shipped.md\n# Shipped\n\nPlease.\n");
    assert!(!built.has("ideas/shipped/index.html"), "{:?}", built.paths());
}

/// Runs the program on a site, and gives whether it worked and what it said.
fn run(folder: &Folder, arguments: &[&str]) -> (bool, String) {
    let output = command()
        .arg("--root")
        .arg(folder.root())
        .args(arguments)
        .env("SOURCE_DATE_EPOCH", "1796040000")
        .output()
        .expect("the program");
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned()).concat();
    (output.status.success(), said)
}

#[test]
fn new_supports_writes_a_file_of_one_line_and_nobody_wants_anything_twice() {
    let files = folder(SITE);
    let (done, said) = run(&files, &["new", "supports", "call", "--by", "gil"]);
    assert!(done && said == "content/ideas/call/gil.md\n", "{said}");
    let text = std::fs::read_to_string(files.root().join("content/ideas/call/gil.md")).expect("the file");
    assert_eq!(text, "---\nsupports: true\n---\n");
    // By the file, by votes from elsewhere, and by a file of one's own.
    for by in ["ana", "ben", "gil"] {
        let (done, said) = run(&files, &["new", "supports", "call", "--by", by]);
        assert!(!done && said.contains("has said already"), "{by}: {said}");
    }
    // A comment of hers is there already.
    files.write("content/ideas/valves/dora.md", "I'd need six.\n");
    let (_, said) = run(&files, &["new", "supports", "ideas/valves/", "--by", "@dora"]);
    assert_eq!(said, "content/ideas/valves/dora--2.md\n");
    let (done, said) = run(&files, &["new", "supports", "cal", "--by", "gil"]);
    assert!(!done && said.contains("Did you mean `call`?"), "{said}");
    for arguments in
        [&["new", "supports", "call"][..], &["new", "supports"], &["new", "supports", "call", "--by", "!"]]
    {
        assert!(!run(&files, arguments).0, "{arguments:?}");
    }
    files.write("content/ideas/quiet.md", "---\nstatus: locked\n---\n# Be quiet\n\nPlease.\n");
    let (done, said) = run(&files, &["new", "supports", "quiet", "--by", "gil"]);
    assert!(!done && said.contains("is locked"), "{said}");
    assert!(run(&files, &["check"]).0);
}

#[test]
fn two_who_want_it_at_once_are_never_in_conflict() {
    let repository =
        repository("=== longhouse.yaml\ntitle: Acme\n=== content/ideas/call.md\n# Ring me up\n\nPlease.\n");
    repository.commit("Dora", "2026-01-01", "an idea");
    let git = |arguments: &[&str]| repository.git("Dora", "2026-01-02", arguments);
    git(&["branch", "-M", "main"]);
    for by in ["ana", "ben"] {
        git(&["checkout", "-q", "-b", by, "main"]);
        assert!(run(repository.folder(), &["new", "supports", "call", "--by", by]).0);
        repository.commit(by, "2026-01-02", "I want this too");
    }
    git(&["checkout", "-q", "main"]);
    git(&["merge", "-q", "--no-edit", "ana"]);
    git(&["merge", "-q", "--no-edit", "ben"]);
    assert!(repository.build().main("/ideas/").contains("<strong>2</strong> want this"));
}

#[test]
fn git_says_since_when_a_promise_stands_and_how_old_an_answer_is() {
    let repository = repository(
        "=== longhouse.yaml\ntitle: Acme\n=== content/ideas/a.md\n---\nstate: planned\nhorizon: later\nresponse: Perhaps.\n---\n\
         # A cat\n\nPlease, for the mice that live below the floor.\n",
    );
    repository.commit("Ana", "2026-01-01", "came with the rest");
    let page = |today: &str| {
        repository.commit("Ana", today, "another day");
        repository.build().main("/ideas/")
    };
    let first = page("2026-01-02");
    assert!(first.contains("later") && !first.contains("set on") && !first.contains("ago"), "{first}");
    let text = |fields: &str| {
        format!("---\n{fields}---\n# A cat\n\nPlease, for the mice that live below the floor.\n")
    };
    repository.write("content/ideas/a.md", &text("state: planned\nhorizon: next\nresponse: Soon.\n"));
    repository.commit("Ana", "2026-02-01", "sooner");
    repository.rename("content/ideas/a.md", "content/ideas/cat.md");
    let moved = page("2026-02-21");
    assert!(moved.contains("set on 1 February 2026") && moved.contains("answered 20 days ago"), "{moved}");
    repository.write(
        "content/ideas/cat.md",
        &text("state: shipped\nhorizon: next\nresponse: Soon.\nfulfilled_by: '2'\n"),
    );
    let uncommitted = repository.build();
    assert!(!uncommitted.main("/ideas/").contains("shipped on"), "git does not know it yet");
    repository.commit("Ana", "2026-03-05", "a cat");
    let built = repository.build();
    assert!(built.main("/ideas/shipped/").contains("shipped on 5 March 2026"));
    assert!(!built.main("/ideas/").contains("set on"), "what is there needs no horizon");
    let feed = built.file("ideas/cat/feed.xml");
    assert!(feed.contains("<title>Shipped: A cat</title>") && feed.contains("2026-03-05T"), "{feed}");
}

#[test]
fn the_digest_tells_whoever_wanted_it_first() {
    let files = folder(&SITE.replacen("title: Acme", "title: Acme\nbase_url: https://acme.example/", 1));
    let (done, all) = run(&files, &["digest", "--since", "2026-08-01", "--format", "text"]);
    assert!(
        done && all.contains("Ideas that shipped") && all.contains("Wanted by Ana Silva, Ben Berg."),
        "{all}"
    );
    let (_, ben) = run(&files, &["digest", "--since", "2026-08-01", "--for", "ben", "--format", "text"]);
    let told = ben.find("What you wanted has shipped").unwrap_or_else(|| panic!("{ben}"));
    assert!(ben[told..].contains("Move Remove away") && !ben.contains("Ideas that shipped"), "{ben}");
    let (_, eve) = run(&files, &["digest", "--since", "2026-08-01", "--for", "dora", "--format", "text"]);
    assert!(!eve.contains("What you wanted") && eve.contains("Ideas that shipped"), "{eve}");
}

#[test]
fn those_who_voted_elsewhere_are_forgotten_and_renamed_there_too() {
    let files = folder(SITE);
    let (done, said) = run(&files, &["forget", "ana", "--apply"]);
    assert!(done, "{said}");
    let votes = std::fs::read_to_string(files.root().join("data/reactions.yaml")).expect("the votes");
    assert!(votes.starts_with("ideas/call: {votes: 5, by: [former-member-1, Ben Berg]}"), "{votes}");
    let (done, said) = run(&files, &["mv", "people/dora.md", "people/theodora.md"]);
    assert!(!done, "she has no file: {said}");
    files.write("content/people/dora.md", "---\nname: Dora\n---\nHello.\n");
    let (done, said) = run(&files, &["mv", "people/dora.md", "people/theodora.md"]);
    assert!(done, "{said}");
    let votes = std::fs::read_to_string(files.root().join("data/reactions.yaml")).expect("the votes");
    assert!(votes.contains("ideas/dark: [cem, theodora]"), "{votes}");
}
