//! What moderators decide counts, whatever the files say, and what they take down is nowhere else.

use longhouse::diagnostic::Rule;

use crate::fixture::{bytes, folder, site};
use crate::repository::repository;

const SITE: &str = "\
=== longhouse.yaml
tags: {known: [common, spamtag]}
=== content/questions/spam.md
---
title: Xyzzy offer
tags: [common, spamtag]
product: spamproduct
authors: [eve]
status: published
aliases: [/old-spam/]
also_asked: Xyzzy wording
---
Xyzzy text with a ![picture](picture.png) and [a link](good.md).
=== content/questions/spam/ana.md
Xyzzy answer.
=== content/questions/good.md
---
title: A good question about an offer
tags: [common]
---
See [that](spam.md) and [its answer](spam/ana.md).
=== content/questions/good/eve.md
Plugh reply.
=== content/questions/good/ben.md
A fine reply.
=== content/questions/copy.md
---
duplicate_of: good
---
# Xyzzy duplicate
Xyzzy duplicate text.
";

const DECISIONS: &str = "\
=== data/moderation.yaml
questions/spam.md: {status: hidden, reason: It was advertising, by: mia}
content/questions/good/eve.md: hidden
questions/copy.md: hidden
";

#[test]
fn a_hidden_page_is_a_tombstone_and_in_no_other_output() {
    let folder = folder(&format!("{SITE}{DECISIONS}"));
    folder.write("content/questions/picture.png", PNG);
    let site = folder.build();
    let page = site.page("/questions/spam/");
    assert!(page.contains("It was advertising") && page.contains("noindex"), "{page}");
    assert!(site.page("/questions/copy/").contains("This page has been removed"));
    for (path, content) in site.output.iter() {
        let text = String::from_utf8_lossy(&bytes(content)).into_owned();
        for word in ["Xyzzy", "Plugh", "spamproduct", "spamtag"] {
            assert!(!text.contains(word), "{word} in {path}");
        }
        // The page that links to it says so wherever its whole text is: on its own page, and in feeds.
        let has_linking_text = path.as_str() == "questions/good/index.html"
            || ["feed.xml", "feed.json"].iter().any(|name| path.as_str().ends_with(name))
                && text.matches("questions/spam").count() == 2
                && text.contains("A good question about an offer");
        let names = path.as_str().starts_with("questions/spam") || has_linking_text;
        assert!(
            names || !text.contains("questions/spam") || path.as_str() == "old-spam/index.html",
            "{path}"
        );
    }
    let sources = folder.load();
    let (linked, _) = longhouse::understand(&sources, longhouse::site::Visibility::default(), &|_| {});
    let documents = format!("{:?}", longhouse::search::documents(&linked));
    assert!(
        documents.contains("A fine reply.") && !documents.contains("Xyzzy") && !documents.contains("Plugh")
    );
    assert!(!site.paths().iter().any(|path| path.contains("picture")), "{:?}", site.paths());
    let page = site.main("/questions/good/");
    assert!(page.contains("A fine reply.") && !page.contains("answer-eve"), "{page}");
    assert!(!page.contains("Pages that link here"));
    assert!(!site.has("people/eve/index.html") && !site.has("people/ana/index.html"));
    assert_eq!(site.rules(), Vec::<String>::new());
    assert_eq!((site.built.left_out.held, site.built.left_out.hidden), (0, 1));
}

#[test]
fn a_preview_shows_what_is_hidden_with_a_ribbon() {
    let folder = folder(&format!("{SITE}{DECISIONS}"));
    let page = folder.preview().page("/questions/spam/");
    assert!(page.contains("Xyzzy text") && page.contains("hidden"), "{page}");
}

#[test]
fn moderators_may_publish_lock_and_call_obsolete() {
    let site = site(
        "\
=== content/questions/a.md
---
draft: true
---
# A?
=== content/questions/b/index.md
---
status: hidden
---
# B?
=== content/questions/c.md
# C?
=== data/moderation.yaml
questions/a.md: published
questions/b/index.md: {status: obsolete, reason: Since 5.0}
questions/c.md: locked
",
    );
    site.page("/questions/a/");
    assert!(site.main("/questions/b/").contains("Since 5.0"));
    assert!(site.main("/questions/c/").contains("Locked"));
}

#[test]
fn a_decision_on_a_file_that_is_not_there_is_said() {
    let site =
        site("=== content/questions/spam.md\n# Spam?\n=== data/moderation.yaml\nquestions/spma.md: hidden\n");
    let problem = site.only(Rule::UnknownReference);
    assert_eq!(
        (&*problem.file, problem.line, problem.column, problem.fix.as_deref()),
        ("data/moderation.yaml", 1, 1, Some("questions/spam.md"))
    );
}

/// One transparent pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

#[test]
fn taking_an_answer_down_is_no_mistake_of_the_question() {
    let site = site(
        "\
=== content/questions/a.md
---
accepted: eve
---
# A?
=== content/questions/a/eve.md
Bad answer.
=== content/questions/a/ben.md
---
confirms: eve
---
=== data/moderation.yaml
questions/a/eve.md: hidden
",
    );
    assert!(!site.main("/questions/a/").contains("Bad answer."));
    assert_eq!(site.rules(), Vec::<String>::new());
}

const LOG: &str = "\
=== longhouse.yaml
title: Kilns
team: {mia: moderator}
moderation: public
=== GUIDELINES.md
# Rules

1. Be kind.
2. No advertising.

## Be safe

Always.
=== content/people/mia.md
# Mia
=== content/people/zoe.md
---
listed: false
---
# Zoe Quiet
=== content/people/eve.md
# Eve Evil
=== content/questions/spam.md
# Xyzzy offer
Xyzzy text.
=== content/questions/good.md
---
date: 2026-01-02
authors: zoe
---
# A good question
=== content/questions/good/eve.md
Plugh reply.
=== content/questions/good/mia.md
---
date: 2026-01-03
---
Five words of an answer.
=== content/questions/own.md
---
status: hidden
reason: A duplicate of something private, rule 1
date: 2026-02-03
---
# Plugh question
=== content/stories/gone.md
---
authors: ben
customer: Ben
consent: withdrawn
---
# Plugh story
=== content/stories/gone/ben.md
A rude Plugh.
=== content/stories/withdrawn.md
---
customer: Ben
consent: withdrawn
status: hidden
reason: Plugh wanted it
---
# Plugh story
=== content/questions/old.md
# Old
=== data/moderation.yaml
questions/spam.md:
  status: hidden
  reason: Advertising, against rule 2.
  by: mia
questions/good/eve.md: {status: hidden, reason: 'Not #be-safe', by: zoe}
people/eve.md: {status: hidden, reason: Posted 2 times}
questions/old.md: locked
stories/withdrawn.md: {status: hidden, reason: Plugh asked}
stories/gone/ben.md: {status: hidden, reason: Rude}
";

#[test]
fn the_log_says_what_was_decided_by_which_rule_and_nothing_of_what_was_taken_down() {
    let site = site(LOG);
    let page = site.main("/moderation/");
    for part in [
        "<strong>Question: removed</strong>\n<p>Advertising, against rule 2.</p>\n<p><a href=\"/guidelines/\">Rule 2</a>: “No advertising.”</p>",
        "<a href=\"/people/mia/\">Mia</a><a href=\"/questions/spam/\" rel=\"nofollow\">/questions/spam/</a>",
        "<strong>Reply: removed</strong>\n<p>Not #be-safe</p>\n<p><a href=\"/guidelines/#h-be-safe\">“Be safe”</a></p>",
        "<strong>Person: removed</strong>\n<p>Posted 2 times</p>\n<p class=\"facts\"></p>",
        "<strong>Question: locked</strong>",
        "<time datetime=\"2026-02-03\">",
        "<dt>Words in answers written by the company</dt><dd>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("data-status=").count(), 6, "an end of consent is no moderation: {page}");
    for name in ["Xyzzy", "Plugh", "zoe", "Zoe", "eve", "Evil", "gone"] {
        assert!(!page.contains(name), "{name}: {page}");
    }
    for address in ["/guidelines/", "/questions/spam/"] {
        assert!(site.main(address).contains("<a href=\"/moderation/\">Moderation log</a>"), "{address}");
    }
    assert!(site.file("sitemap.xml").contains("/moderation/"));
}

#[test]
fn git_says_when_it_was_decided_and_by_whom() {
    let repository = repository(
        "=== longhouse.yaml\nmoderation: public\n\
         === content/people/greta.md\n---\nname: Greta Solheim\n---\n\
         === content/questions/a.md\n# A\n=== content/questions/b.md\n# B\n=== content/questions/c.md\n# C\n",
    );
    repository.commit("Ana", "2026-01-01", "Ask");
    repository.write("data/moderation.yaml", "questions/a.md:\n  status: locked\n  reason: Settled\n");
    repository.commit("Greta Solheim", "2026-02-01", "Lock");
    let both = "questions/a.md:\n  status: hidden\n  reason: Unsettled\n# New\nquestions/b.md: locked\n";
    repository.write("data/moderation.yaml", both);
    repository.commit("Mia", "2026-03-01", "Hide");
    let waiting = format!("{both}questions/c.md: locked\n");
    repository.write("data/moderation.yaml", &waiting);
    let page = repository.build().main("/moderation/");
    let day = "<time datetime=\"2026-03-01\">1 March 2026</time>";
    assert_eq!(page.matches(day).count(), 2, "the last change to a decision is when it was made: {page}");
    assert_eq!(page.matches("<time").count(), 2, "nobody has committed the third: {page}");
    repository.write("data/moderation.yaml", "questions/b.md: locked\n").commit(
        "Greta Solheim",
        "2026-04-01",
        "x",
    );
    repository.write("data/moderation.yaml", "questions/b.md: {status: locked}\n");
    repository.commit("Greta Solheim", "2026-04-02", "Lock");
    let page = repository.build().main("/moderation/");
    assert!(page.contains("2 April 2026</time><a href=\"/people/greta/\">Greta Solheim</a>"), "{page}");
}

#[test]
fn there_is_no_log_without_a_decision_or_where_nobody_asked_for_it() {
    let silent = site(&LOG.replace("moderation: public\n", ""));
    assert!(!silent.has("moderation/index.html"));
    let none = site(LOG.split("=== data/moderation.yaml").next().unwrap_or_default());
    assert!(!none.has("moderation/index.html"));
}
