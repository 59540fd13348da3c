//! The site speaks its reader's language.

use longhouse::config::Config;
use longhouse::site::Visibility;
use longhouse::source::{LoadError, LoadOptions, load};
use longhouse::words::{Word, Words};
use std::collections::BTreeMap;

use crate::fixture::{folder, render, site};

#[test]
fn headings_that_a_new_file_begins_with_fill_fields() {
    for language in ["en", "de", "fr", "es", "ar"] {
        let config = Config { languages: vec![language.to_string()], ..Config::default() };
        let words = Words::load(language, &BTreeMap::new(), "themes/default").expect("no mistakes");
        for (word, field) in [
            (Word::Problem, "problem"),
            (Word::Why, "why"),
            (Word::Outcome, "outcome"),
            (Word::WhatYouNeed, "needs"),
            (Word::Steps, "steps"),
        ] {
            let found = longhouse::site::headings::field_of(words.get(word), &[field], &config);
            assert_eq!(found, Some(field), "{language}: {}", words.get(word));
        }
    }
}

#[test]
fn an_arabic_site_speaks_arabic() {
    let site = site(
        "\
=== longhouse.yaml
language: ar
title: مجتمعنا
team: {tom: staff}
=== content/questions/a.md
---
date: 2026-03-07
accepted: ana
tags: [x]
---
# كيف؟
=== content/questions/a/ana.md
---
confirmed_by: [ben 4.2 2026-10-03, cem, dan]
---
هكذا.
=== content/questions/a/tom.md
هكذا أيضًا.
=== content/questions/a/eva.md
وهكذا.
=== content/questions/b.md
# متى؟
",
    );
    let question = site.main("/questions/a/");
    for words in [
        "أجاب \u{2068}ana\u{2069}. نجح مع 3 أشخاص، آخرهم على 4.2، أكتوبر 2026.",
        "7 مارس 2026",
        "(من الفريق)",
    ] {
        assert!(question.contains(words), "{words} in {question}");
    }
    let list = site.page("/questions/");
    for words in ["<title>الأسئلة · مجتمعنا</title>", "<strong>3</strong> إجابات", "لا إجابة بعد", "بلا إجابة"]
    {
        assert!(list.contains(words), "{words} in {list}");
    }
    assert!(site.page("/").contains("lang=\"ar\" dir=\"rtl\""));
}

#[test]
fn what_is_urgent_comes_first_in_every_language() {
    let notice = |slug: &str, severity: &str, day: u8| {
        format!(
            "=== content/announcements/{slug}.md\n---\nseverity: {severity}\nexpires: 2030-01-01\ndate: 2026-01-0{day}\n---\n# {slug}\n"
        )
    };
    let files = [notice("new", "notice", 3), notice("fire", "urgent", 1)].concat();
    let site = site(&format!("=== longhouse.yaml\nlanguage: de\n{files}"));
    let home = site.main("/");
    let at = |words: &str| home.find(words).unwrap_or_else(|| panic!("{words} in {home}"));
    assert!(at(">dringend<") < at(">Hinweis<") && at(">fire<") < at(">new<"), "{home}");
    assert!(home.contains("class=\"banner urgent\""), "{home}");
}

#[test]
fn a_site_has_its_own_words() {
    let folder = folder(
        "\
=== longhouse.yaml
theme: our
=== content/questions/a.md
# A?
=== themes/our/words/en.yaml
no_answer_yet: waiting for you
questions: Riddles
=== themes/our/templates/404.html
<p>{{ words.home }} {{ say(word=\"answered_by\", names=\"<b>\") }} {% set x %}<i>x</i>{% endset %}{{ say(word=\"more_answers\", count=2) }} {{ say(word=\"asked_by\", names=x) }}</p>
",
    );
    let site = folder.build();
    assert!(site.page("/questions/").contains("<h1>Riddles</h1>"), "{}", site.page("/questions/"));
    assert!(site.main("/questions/").contains("waiting for you"));
    assert_eq!(
        site.page("/404.html").trim(),
        "<p>Home Answered by &lt;b&gt;. 2 more answers Asked by <i>x</i></p>"
    );
}

#[test]
fn a_word_that_is_not_there_is_told_with_the_nearest() {
    let wrong = |template: &str| {
        let files = format!(
            "=== content/questions/a.md\n# A?\n=== themes/default/templates/404.html\n<p>{template}</p>\n"
        );
        render(&folder(&files).load(), Visibility::default()).err().expect("a mistake").to_string()
    };
    let told = wrong("{{ words.relatd }}");
    assert!(
        told.starts_with("themes/default/templates/404.html:1:13: The word `relatd` does not exist.")
            && told.contains("Did you mean `related`?"),
        "{told}"
    );
    let told = wrong("{{ say(word=\"more_answer\", count=2) }}");
    assert!(
        told.starts_with("themes/default/templates/404.html:1:")
            && told.contains("there is no word `more_answer` (did you mean `more_answers`?)"),
        "{told}"
    );
    let told = wrong("{{ say(word=\"asked_by\") }}");
    assert!(told.contains("the word `asked_by` needs `names`"), "{told}");
}

#[test]
fn a_mistake_in_a_sites_words_ends_the_build_before_it_begins() {
    let folder = folder(
        "=== content/questions/a.md\n# A?\n=== themes/default/words/en.yaml\nrelated: See also\nrelatd: See also\n",
    );
    let Err(LoadError::Config(problems)) = load(folder.root(), &LoadOptions::default()) else {
        panic!("it was read")
    };
    let problem = &problems[0];
    assert_eq!((&*problem.file, problem.line), ("themes/default/words/en.yaml", 2));
    assert_eq!(problem.fix.as_deref(), Some("related"));
}
