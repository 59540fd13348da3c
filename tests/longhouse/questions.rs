//! Questions with their answers, comments and confirmations, in the right order, and merged questions.

use longhouse::diagnostic::Rule;

use crate::fixture::{Rendered, site};

/// The ids of the answers on a page, in order.
fn answers(site: &Rendered, address: &str) -> Vec<String> {
    let page = site.main(address);
    let ids = page.split("<article class=\"reply answer").skip(1);
    ids.map(|rest| {
        rest.split("id=\"").nth(1).and_then(|it| it.split('"').next()).unwrap_or_default().to_string()
    })
    .collect()
}

#[test]
fn every_sort_of_reply_does_what_it_says() {
    let site = site(
        "\
=== longhouse.yaml
team: {tom: staff}
=== content/questions/a.md
# A?
=== content/questions/a/ana.md
Ana's answer.
=== content/questions/a/ben.md
Ben's answer.
=== content/questions/a/cem.md
---
comment: true
---
Cem's comment on the question.
=== content/questions/a/dan.md
---
comment: true
on: ben
---
Dan's comment on Ben.
=== content/questions/a/eve.md
---
confirms: ben
version: 4.10
date: 2026-01-02
---
=== content/questions/a/fay.md
---
confirms: ana
---
It worked for me as well.
=== content/questions/a/tom.md
---
response: true
---
The company's word.
=== content/questions/a/gil.md
---
on: ana
---
Gil meant a comment.
",
    );
    assert_eq!(answers(&site, "/questions/a/"), ["answer-ben", "answer-ana"]);
    let page = site.main("/questions/a/");
    let order: Vec<usize> = [
        "Ben's answer.",
        "on 4.10 (<time",
        "Dan's comment on Ben.",
        "Ana's answer.",
        "It worked for me as well.",
        "Gil meant a comment.",
        "The company's word.",
        "Cem's comment on the question.",
    ]
    .iter()
    .map(|text| page.find(text).unwrap_or_else(|| panic!("{text} in {page}")))
    .collect();
    assert!(order[..6].is_sorted() && order[6] > order[5] && order[7] > order[5], "{order:?}\n{page}");
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn a_second_reply_is_numbered() {
    let site = site(
        "\
=== content/people/eva-2.md
# Eva the second
=== content/questions/a.md
# A?
=== content/questions/a/ana.md
One.
=== content/questions/a/ana--2.md
Two.
=== content/questions/a/ana-2.md
Three.
=== content/questions/a/eva.md
Four.
=== content/questions/a/eva-2.md
Five.
=== content/questions/a/bob-7.md
Six.
=== content/questions/a/cem--3.md
Seven.
",
    );
    let page = site.main("/questions/a/");
    for id in ["ana", "ana--2", "ana-2", "eva", "eva-2", "bob-7", "cem--3"] {
        assert!(page.contains(&format!("id=\"answer-{id}\"")), "{id}: {page}");
    }
    assert!(site.main("/people/ana/").contains("Contributed 3 answers."), "{}", site.main("/people/ana/"));
    assert!(site.main("/people/eva/").contains("Contributed 1 answer."));
    assert!(site.main("/people/eva-2/").contains("Contributed 1 answer."));
    assert!(site.has("people/bob-7/index.html") && site.has("people/cem/index.html"));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn two_files_cannot_be_one_reply() {
    let site = site(
        "=== content/questions/a.md\n# A?\n=== content/questions/a/Ana.md\nOne.\n=== content/questions/a/ana.md\nTwo.\n=== content/questions/a/ana.txt\nThree.\n",
    );
    assert_eq!(answers(&site, "/questions/a/"), ["answer-ana"]);
    assert!(site.main("/questions/a/").contains("One."));
    assert_eq!(
        site.rules(),
        ["content/questions/a/ana.md: duplicate-address", "content/questions/a/ana.txt: duplicate-address"]
    );
}

#[test]
fn a_question_may_hold_its_first_answer() {
    let site = site(
        "\
=== longhouse.yaml
languages: [en, de]
=== content/questions/a.md
---
accepted: self
authors: [ana]
---
# A?
Text of the question.

## Answer

# Big
Text of the answer.

## More
Still the answer.
=== content/questions/b.md
# B?
## Lösung:
So geht es.
=== content/questions/c.md
# C?
## Respuesta
Not a language of this site.
=== content/questions/d.md
# D?
## Solution
=== content/questions/a/ben.md
---
score: 100
---
Ben's.
",
    );
    assert_eq!(answers(&site, "/questions/a/"), ["answer", "answer-ben"]);
    let page = site.main("/questions/a/");
    assert!(page.contains("Accepted answer") && page.contains("<h3 id=\"h-big\""), "{page}");
    assert_eq!(page.matches("Still the answer.").count(), 1);
    assert!(!page.contains(">Answer</h"), "the heading is taken by the answer: {page}");
    assert_eq!(answers(&site, "/questions/b/"), ["answer"]);
    assert!(answers(&site, "/questions/c/").is_empty() && answers(&site, "/questions/d/").is_empty());
    let unanswered = site.main("/questions/unanswered/");
    assert!(unanswered.contains(">C?<") && unanswered.contains(">D?<"), "{unanswered}");
    assert!(!unanswered.contains(">A?<") && !unanswered.contains(">B?<"));
    assert!(site.main("/people/ana/").contains("1 answer"));
}

#[test]
fn an_answer_that_was_voted_down_is_shown_with_its_votes() {
    let site =
        site("=== content/questions/q.md\n# Q?\n=== content/questions/q/ana.md\n---\nscore: -3\n---\nx\n");
    assert!(site.main("/questions/q/").contains("-3 votes"));
}

#[test]
fn answers_stand_in_the_order_of_the_contract() {
    let files = |extra: &str| {
        format!(
            "=== content/questions/q.md\n---\n{extra}---\n# Q?\n\
=== content/questions/q/young.md\n---\ndate: 2026-02-01\n---\nx\n\
=== content/questions/q/old.md\n---\ndate: 2026-01-01\n---\nx\n\
=== content/questions/q/b-undated.md\nx\n\
=== content/questions/q/a-undated.md\nx\n\
=== content/questions/q/score.md\n---\nscore: 1\ndate: 2026-03-01\n---\nx\n\
=== content/questions/q/voted.md\n---\ndate: 2026-03-01\n---\nx\n\
=== content/questions/q/many.md\n---\nconfirmed_by: [p 4.9, q 4.9, r]\n---\nx\n\
=== content/questions/q/newest.md\n---\nconfirmed_by:\n  - p 4.10 2026-01-01\n---\nx\n\
=== data/reactions.yaml\nquestions/q#answer-voted: 2\nquestions/q: 7\n"
        )
    };
    let natural = site(&files("accepted: young\n"));
    assert_eq!(
        answers(&natural, "/questions/q/"),
        ["young", "newest", "many", "voted", "score", "old", "a-undated", "b-undated"]
            .map(|it| format!("answer-{it}"))
    );
    assert!(natural.main("/questions/q/").contains("Answered by young."));
    // What the company declares decides what is newest, and names need not be numbers.
    let declared = "=== longhouse.yaml\nproducts:\n  - {id: app, name: App, versions: ['4.10', '4.9']}\n";
    for product in ["product: app\n", ""] {
        let site = site(&format!("{declared}{}", files(product)));
        assert_eq!(answers(&site, "/questions/q/")[..2], ["answer-many", "answer-newest"], "{product}");
    }
}

#[test]
fn nobody_confirms_their_own_answer_or_one_that_is_not_there() {
    let site = site(
        "\
=== content/questions/a.md
---
accepted: anna
---
# A?
=== content/questions/a/ana.md
---
confirmed_by: [ana 4.2, ben]
---
x
=== content/questions/a/ana--2.md
---
confirms: ana
---
=== content/questions/a/cem.md
---
confirms: zoe
---
=== content/questions/a/dan.md
---
comment: true
on: an
---
Dan's comment.
",
    );
    let page = site.main("/questions/a/");
    assert!(page.contains("Worked for 1.") && page.contains("Dan's comment."), "{page}");
    let found: Vec<_> = site
        .diagnostics
        .iter()
        .map(|it| (&*it.file, it.line, it.column, it.rule, it.fix.as_deref()))
        .collect();
    assert_eq!(
        found,
        [
            ("content/questions/a.md", 2, 11, Rule::UnknownAnswer, Some("ana")),
            ("content/questions/a/ana--2.md", 2, 11, Rule::Claim, None),
            ("content/questions/a/ana.md", 2, 16, Rule::Claim, None),
            ("content/questions/a/cem.md", 2, 11, Rule::UnknownAnswer, None),
            ("content/questions/a/dan.md", 3, 5, Rule::UnknownAnswer, Some("ana")),
        ]
    );
}

#[test]
fn only_the_team_speaks_for_the_company() {
    let site = site(
        "=== content/ideas/a.md\n# A\n=== content/ideas/a/eve.md\n---\nresponse: true\n---\nWe are the company.\n=== content/ideas/a/ben.md\n---\nsupports: true\n---\n=== content/ideas/a/cem.md\n---\nsupports: true\n---\nMe too, because.\n",
    );
    let page = site.main("/ideas/a/");
    assert!(!page.contains("class=\"responses\"") && page.contains("We are the company."), "{page}");
    assert!(page.contains(">2 ") && page.contains("ben, "));
    assert_eq!(site.rules(), ["content/ideas/a/eve.md: claim"]);
}

#[test]
fn what_belongs_to_another_kind_of_page_is_said() {
    let site = site(
        "=== content/how-tos/a.md\n# A\n=== content/how-tos/a/ben.md\n---\nsupports: true\n---\nNice.\n=== content/how-tos/a/cem.md\n---\nconfirms: ben\n---\nWorked.\n",
    );
    let page = site.main("/how-tos/a/");
    assert!(page.contains("Nice.") && page.contains("Worked."));
    assert_eq!(
        site.rules(),
        ["content/how-tos/a/ben.md: unknown-field", "content/how-tos/a/cem.md: unknown-field"]
    );
}

#[test]
fn an_answer_without_text_is_held() {
    let site = site(
        "=== content/questions/a.md\n# A?\n=== content/questions/a/ana.md\n---\ndate: 2026-01-01\n---\n",
    );
    assert!(answers(&site, "/questions/a/").is_empty());
    assert!(site.main("/questions/unanswered/").contains(">A?<"));
    assert_eq!(site.rules(), ["content/questions/a/ana.md: missing-field"]);
    assert_eq!(site.built.left_out.held, 1);
}

#[test]
fn a_duplicate_leads_to_its_target_which_shows_its_answers() {
    let site = site(
        "\
=== content/questions/target.md
---
accepted: ana
---
# How do I reset?
=== content/questions/target/ana.md
Ana at the target.
=== content/questions/copy.md
---
duplicate_of: target
aliases: [/copied/]
also_asked: Zxcv wording
accepted: ana
---
# Qwertz of the gadget?
Its own text.

## Answer
Inline at the copy.
=== content/questions/copy/ana.md
Ana at the copy.
=== content/questions/copy/ben.md
---
confirms: ana
---
=== content/questions/third.md
---
duplicate_of: copy
---
# Third?
=== content/questions/third/cem.md
Cem at the third.
=== content/how-tos/h.md
# H
[copy](../questions/copy.md) and [an answer](../questions/copy/ana.md)
",
    );
    let page = site.main("/questions/target/");
    for text in [
        "Ana at the target.",
        "Ana at the copy.",
        "Inline at the copy.",
        "Cem at the third.",
        "Its own text.",
    ] {
        assert_eq!(page.matches(text).count(), 1, "{text}: {page}");
    }
    for id in ["answer-ana", "answer-ana-copy", "answer-copy", "answer-cem-third"] {
        assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}: {page}");
    }
    assert!(
        page.contains("Qwertz of the gadget?") && page.contains("Zxcv wording") && page.contains("Third?")
    );
    let worked = page.find("class=\"facts worked\"").expect("Ben confirms an answer");
    let answer = page[..worked].rfind("<article").map(|at| &page[at..worked]).unwrap_or_default();
    assert!(answer.contains("answer-ana-copy"), "Ben confirms the answer of the copy: {page}");
    for address in ["/questions/copy/", "/questions/third/", "/copied/"] {
        assert!(site.page(address).contains("url=/questions/target/"), "{address}");
    }
    let page = site.main("/how-tos/h/");
    assert!(
        page.contains("/questions/target/#asked-copy") && page.contains("/questions/target/#answer-ana-copy"),
        "{page}"
    );
    assert!(!site.main("/questions/").contains("Qwertz"));
    assert_eq!(site.rules(), ["content/questions/third.md: duplicate-chain"]);
}

#[test]
fn a_duplicate_of_nothing_or_in_a_circle_is_held() {
    let site = site(
        "\
=== content/questions/a.md
---
duplicate_of: b
---
# A?
=== content/questions/b.md
---
duplicate_of: a
---
# B?
=== content/questions/c.md
---
duplicate_of: c
---
# C?
=== content/questions/d.md
---
duplicate_of: tarqet
---
# D?
=== content/questions/e.md
---
duplicate_of: a
---
# E?
=== content/questions/f.md
---
duplicate_of: d
---
# F?
=== content/questions/target.md
# Target?
",
    );
    let found: Vec<_> = site
        .diagnostics
        .iter()
        .map(|it| (&*it.file, it.line, it.column, it.rule, it.fix.as_deref()))
        .collect();
    let held = |name: &'static str, fix| (name, 2, 15, Rule::BrokenDuplicate, fix);
    assert_eq!(
        found,
        [
            held("content/questions/a.md", None),
            held("content/questions/b.md", None),
            held("content/questions/c.md", None),
            held("content/questions/d.md", Some("target")),
            held("content/questions/e.md", None),
            held("content/questions/f.md", None),
        ]
    );
    assert_eq!(
        site.paths().iter().filter(|it| it.starts_with("questions/") && it.ends_with("/index.html")).count(),
        // The list, the same in two orders, what is unanswered, what is unsolved, and the target.
        6
    );
}

#[test]
fn a_duplicate_is_found_by_its_wording() {
    let folder = crate::fixture::folder(
        "\
=== content/questions/target.md
# How do I reset?
Text.
=== content/questions/other.md
# Something else?
Text.
=== content/questions/copy.md
---
duplicate_of: target
---
# Qwertz of the gadget?
",
    );
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, longhouse::site::Visibility::default(), &|_| {});
    let index = longhouse_search::Index::open(longhouse::search::in_memory(&site).expect("an index"))
        .expect("an index");
    let request = longhouse_search::Request {
        query: "qwertz gadget".into(),
        limit: 5,
        ..longhouse_search::Request::default()
    };
    let hits = index.search(&request).expect("an answer");
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert!(hits[0].url.starts_with("/questions/target/"), "{hits:?}");
}

#[test]
fn an_answer_is_named_as_people_write_it() {
    for name in ["ana", "Ana", "'@ana'", "ana.md", "answer-ana", "'#answer-ana'"] {
        let site = site(&format!(
            "=== content/questions/a/index.md\n---\naccepted: {name}\n---\n# A?\n## Answer\nInline.\n\
=== content/questions/a/ana.md\nx\n=== content/questions/a/ben.md\n---\non: self\n---\nOn the inline one.\n\
=== content/questions/a/cem.md\n---\nconfirms: self\n---\n=== data/reactions.yaml\nquestions/a#answer: 3\n"
        ));
        assert_eq!(answers(&site, "/questions/a/"), ["answer-ana", "answer"], "{name}");
        let page = site.main("/questions/a/");
        assert!(page.contains("/people/cem/") && page.contains("3 votes"), "{page}");
        assert_eq!(site.rules(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn everything_but_a_question_takes_comments() {
    let site = site(
        "\
=== content/announcements/outage.md
# Outage
=== content/announcements/outage/ana.md
Thank you.
=== content/people/ben/index.md
---
name: Ben
---
=== content/people/ben/ana.md
Great person.
=== content/stories/acme/index.md
# Acme
=== content/stories/acme/ana.md
Well done.
",
    );
    assert!(site.main("/announcements/outage/").contains("id=\"comment-ana\""));
    assert!(site.main("/stories/acme/").contains("id=\"comment-ana\""));
    assert!(site.main("/people/ana/").contains("Contributed 2 comments."), "{}", site.main("/people/ana/"));
    assert!(site.main("/people/ben/").contains("<h1>Ben</h1>"));
}
