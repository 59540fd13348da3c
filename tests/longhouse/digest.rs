//! `longhouse digest`: what is new, for everybody and for one person, in three forms.

use std::process::Output;
use std::sync::Arc;

use jiff::civil::{Date, date};
use longhouse::digest::{Digest, Options, digest, html, markdown, text};
use longhouse::site::Visibility;
use longhouse::source::Sources;

use crate::fixture::{Folder, command, folder};

/// Two weeks of a community: each thing that a digest tells of once, and beside it one that is too old or hidden.
const SITE: &str = "\
=== longhouse.yaml
title: Kilns
base_url: https://kilns.example/help/
team: {mia: staff}
products: [{id: kiln, name: The Kiln}, {id: glaze, name: Glazes}]
=== content/people/ana.md
---
name: Ana Silva
---
=== content/people/cem.md
---
name: Cem
listed: false
---
=== content/questions/craze.md
---
date: 2026-06-01
authors: ana
accepted: ben
products: [glaze]
---
# Why does it craze?
=== content/questions/craze/ben.md
---
date: 2026-07-06
---
Cool it *slowly*, see https://spam.example/.
=== content/questions/craze/ben--2.md
---
comment: true
on: ben
date: 2026-07-07
---
I mean it.
=== content/questions/craze/cem.md
---
confirms: ben
version: '4'
date: 2026-07-07
---
=== content/questions/cone.md
---
date: 2026-06-02
authors: ben
---
# Which cone?
=== content/questions/cone/ana.md
---
date: 2026-06-03
---
Six.
=== content/questions/cone/cem.md
---
date: 2026-07-08
---
Five, @everyone.
=== content/questions/clay.md
---
date: 2026-07-05
authors: dora
---
# Which clay (for #12)?
=== content/questions/wheel.md
---
date: 2026-07-04
authors: dora
---
# Which wheel?
=== content/questions/wheel/ben.md
---
date: 2026-07-06
---
The slow one.
=== content/questions/gone.md
---
date: 2026-07-05
status: hidden
reason: spam
---
# A secret?
=== content/questions/gone/ben.md
---
date: 2026-07-05
---
Hidden.
=== content/questions/old.md
---
date: 2026-06-20
authors: dora
---
# Is this too old?
=== content/stories/mugs.md
---
date: 2026-07-03
authors: dora
products: [kiln]
sponsored: Example Clay Ltd
---
# Six hundred mugs
=== content/ideas/timer.md
---
date: 2026-01-01
updated: 2026-07-07
authors: ben
state: shipped
fulfilled_by: 4.2
supporters: [ana, cem, dora, evan]
---
# A timer
=== content/announcements/outage.md
---
date: 2026-05-01
severity: urgent
places: [Lisbon]
products: [kiln]
expires: 2026-07-08T18:00
---
# Kilns in Lisbon are off
=== content/announcements/outage/mia.md
---
response: true
date: 2026-07-08
---
Half of them are back.
=== content/announcements/over.md
---
date: 2026-07-02
severity: urgent
expires: 2026-07-03
---
# This is over
=== content/announcements/porto.md
---
date: 2026-07-02
severity: notice
places: [Porto]
---
# A fair in Porto
";

const TODAY: Date = date(2026, 7, 8);

fn made(folder: &Folder, change: impl FnOnce(&mut Options<'_>)) -> Digest {
    let sources = Arc::new(Sources { today: Some(TODAY), ..Sources::clone(&folder.load()) });
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let mut options =
        Options { since: date(2026, 7, 1), until: Some(TODAY), person: None, place: None, product: None };
    change(&mut options);
    digest(&site, &options)
}

/// Each group with the titles of its rows.
fn titles(digest: &Digest) -> Vec<(&str, Vec<&str>)> {
    digest
        .groups
        .iter()
        .map(|group| (group.title.as_str(), group.rows.iter().map(|row| row.title.as_str()).collect()))
        .collect()
}

#[track_caller]
fn detail<'a>(digest: &'a Digest, title: &str) -> &'a str {
    let mut rows = digest.groups.iter().flat_map(|group| &group.rows);
    &rows.find(|row| row.title == title).unwrap_or_else(|| panic!("{title} in {digest:#?}")).detail
}

#[test]
fn everybody_hears_what_is_new_and_nothing_else() {
    let all = made(&folder(SITE), |_| {});
    assert_eq!(
        titles(&all),
        [
            ("Announcements", vec!["Kilns in Lisbon are off", "A fair in Porto"]),
            ("New answers", vec!["Which cone?", "Which wheel?", "Why does it craze?"]),
            ("Can you help?", vec!["Which clay (for #12)?"]),
            ("Ideas that shipped", vec!["A timer"]),
            ("Stories", vec!["Six hundred mugs"]),
        ]
    );
    assert_eq!(
        detail(&all, "Kilns in Lisbon are off"),
        "urgent, Lisbon, until 8 July 2026, 18:00 UTC. Half of them are back."
    );
    assert_eq!(detail(&all, "Why does it craze?"), "Answered by ben. The answer was accepted.");
    assert_eq!(detail(&all, "A timer"), "Fulfilled by 4.2. Wanted by ben, Ana Silva, Cem and 2 more.");
    assert_eq!(detail(&all, "Six hundred mugs"), "dora (sponsored by Example Clay Ltd)");
    assert_eq!(all.title, "What is new on Kilns");
    assert_eq!(all.days, "1 July 2026 to 8 July 2026");
}

#[test]
fn a_person_hears_first_what_others_wrote_to_them() {
    let folder = folder(SITE);
    let ana = made(&folder, |options| options.person = Some("ana"));
    let [_, to, with, wanted, answers, ..] = &titles(&ana)[..] else { panic!("{ana:#?}") };
    assert_eq!(to, &("Replies to you", vec!["Answer from ben: Why does it craze?"]));
    assert_eq!(
        with,
        &(
            "Where you take part",
            vec!["Answer from Cem: Which cone?", "Comment from ben: Why does it craze?"]
        )
    );
    assert_eq!(wanted, &("What you wanted has shipped", vec!["A timer"]));
    // What was told is not told again.
    assert_eq!(answers, &("New answers", vec!["Which wheel?"]));
    assert_eq!(ana.groups[1].rows[0].url, "https://kilns.example/help/questions/craze/#answer-ben");
    assert_eq!(ana.title, "What is new for Ana Silva on Kilns");
    let ben = made(&folder, |options| options.person = Some("ben"));
    let helped = ben.groups.iter().find(|group| group.title == "What you wrote helped").expect("a group");
    assert_eq!(helped.rows[0].title, "Why does it craze?");
    assert_eq!(helped.rows[0].detail, "It worked for Cem.");
    // Nobody is sent their own words: ben answered `wheel`, and what mia announced is urgent or not told to her.
    assert!(!titles(&ben).iter().any(|(_, rows)| rows.contains(&"Which wheel?")), "{ben:#?}");
    folder.write(
        "content/announcements/fair.md",
        "---\ndate: 2026-07-03\nauthors: mia\nseverity: notice\n---\n# Mia tells of a fair\n",
    );
    let told = |person: &'static str| {
        titles(&made(&folder, |options| options.person = Some(person)))[0].1.join(", ")
    };
    assert_eq!(told("mia"), "Kilns in Lisbon are off, A fair in Porto");
    assert_eq!(told("ana"), "Kilns in Lisbon are off, Mia tells of a fair, A fair in Porto");
    // Nobody is asked what they asked themselves.
    let dora = made(&folder, |options| options.person = Some("dora"));
    assert!(
        !titles(&dora).iter().any(|(title, _)| ["Can you help?", "Stories"].contains(title)),
        "{dora:#?}"
    );
}

#[test]
fn a_place_and_a_product_leave_out_what_is_for_others() {
    let folder = folder(SITE);
    let lisbon = made(&folder, |options| options.place = Some("lisbon"));
    assert_eq!(titles(&lisbon)[0], ("Announcements", vec!["Kilns in Lisbon are off"]));
    assert_eq!(titles(&lisbon)[1].1.len(), 3);
    let glaze = made(&folder, |options| options.product = Some("glaze"));
    assert_eq!(
        titles(&glaze),
        [("Announcements", vec!["A fair in Porto"]), ("New answers", vec!["Why does it craze?"])]
    );
}

#[test]
fn what_people_wrote_stays_text_in_every_form() {
    let folder = folder(SITE);
    folder.write(
        "content/questions/evil.md",
        "---\ntitle: \"<b>x</b> [y](https://e.example) @ana\"\ndate: 2026-07-05\nauthors: Dora <script>\n---\n",
    );
    let digest = made(&folder, |options| options.person = Some("ana"));
    let markdown = markdown(&digest);
    for part in [
        "# What is new for Ana Silva on Kilns\n\n1 July 2026 to 8 July 2026\n",
        "\n## Replies to you\n\n- [Answer from ben: Why does it craze?](https://kilns.example/help/questions/craze/#answer-ben)",
        "see https\\://spam.example/.",
        "@\u{2060}everyone",
        "\\<b\\>x\\</b\\> \\[y\\]\\(https\\://e.example\\) @\u{2060}ana](https://kilns.example/help/questions/evil/)",
    ] {
        assert!(markdown.contains(part), "{part} in\n{markdown}");
    }
    let html = html(&digest);
    assert!(html.contains("&lt;b&gt;x&lt;/b&gt; [y](https://e.example) @ana</a>"), "{html}");
    assert!(html.contains("<meta name=\"color-scheme\" content=\"light dark\">"), "{html}");
    for part in ["<script", "<table", "<img", "class=", "<style", "<link", "href=\"/"] {
        assert!(!html.contains(part), "{part} in\n{html}");
    }
    let text = text(&digest);
    let is_address = |line: &&str| line.trim().starts_with("https://");
    let long = text.lines().filter(|line| !is_address(line)).find(|line| line.chars().count() > 72);
    assert_eq!(long, None, "{text}");
    assert!(text.contains("\nReplies to you\n--------------\n\n* Answer from ben:"), "{text}");
}

fn run(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = command();
    command.env("SOURCE_DATE_EPOCH", "1783512000").arg("--root").arg(folder.root()).arg("digest");
    command.args(arguments).output().expect("the program")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_prints_what_there_is_to_send_and_nothing_else() {
    let folder = folder(SITE);
    let (status, out, _) = said(&run(&folder, &["--for", "Ana Silva", "--format", "text"]));
    assert_eq!(status, Some(0));
    assert!(out.starts_with("What is new for Ana Silva on Kilns\n1 July 2026 to 8 July 2026\n"), "{out}");
    let (status, out, error) =
        said(&run(&folder, &["--since", "2026-07-08", "--product", "Glazes", "--place", "lisbn"]));
    assert_eq!((status, out.as_str()), (Some(0), ""), "{error}");
    assert!(error.contains("Did you mean `lisbon`?") && error.contains("Nothing is new"), "{error}");
    for (arguments, message) in [
        (&["--for", "anna"][..], "There is no person `anna` on this site. Did you mean `ana`?"),
        (&["--product", "kilm"], "There is no product `kilm` on this site. Did you mean `kiln`?"),
        (&["--since", "soon"], "`soon` is neither a date nor a time."),
        (&["--since", "2027-01-01"], "2027-01-01 is after today, which is 2026-07-08."),
    ] {
        let (status, out, error) = said(&run(&folder, arguments));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{error}");
        assert!(error.contains(message), "{message} in {error}");
    }
}

#[test]
fn a_digest_needs_an_address_and_a_day() {
    let folder = folder(
        "=== longhouse.yaml\ntitle: X\n=== content/questions/a.md\n---\ndate: 2026-07-07\n---\n# A?\n",
    );
    let (status, _, error) = said(&run(&folder, &[]));
    assert_eq!(status, Some(2));
    assert!(
        error.contains("base_url: https://community.example.org/") && error.contains("--base-url"),
        "{error}"
    );
    let base = ["--base-url", "https://x.example/"];
    let (status, out, _) = said(&run(&folder, &base));
    assert_eq!(status, Some(0));
    assert!(out.contains("](https://x.example/questions/a/)"), "{out}");
    // Without a day that counts as today, only a date says when.
    let without = |more: &[&str]| {
        let mut command = command();
        command.arg("--root").arg(folder.root()).arg("digest").args(base).args(more);
        said(&command.output().expect("the program"))
    };
    let (status, _, error) = without(&[]);
    assert_eq!(status, Some(2));
    assert!(error.contains("No day counts as today"), "{error}");
    let (status, out, _) = without(&["--since", "2026-07-01"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("Since 1 July 2026"), "{out}");
}
