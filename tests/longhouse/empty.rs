//! What is left of a template: found, told, and held where nothing else is in the file.

use longhouse::diagnostic::{Rule, Severity};
use longhouse::site::Visibility;
use longhouse::site::placeholder::better_path;

use crate::fixture::{Rendered, folder, site};
use crate::repository::repository;

/// What was said of a file, by rule and severity.
fn said(site: &Rendered, file: &str) -> Vec<(Rule, Severity)> {
    site.of(file).into_iter().map(|it| (it.rule, it.severity)).collect()
}

const EMPTY: (Rule, Severity) = (Rule::Empty, Severity::Error);
const BARELY: (Rule, Severity) = (Rule::Empty, Severity::Warning);

#[test]
fn a_file_that_says_nothing_of_its_own_is_left_out_and_takes_nothing_with_it() {
    let site = site(
        "\
=== content/questions/a.md
# How long?
=== content/questions/a/ana.md
Say what you did, what happened, and which version you used.
=== content/questions/a/ben.md
---
comment: true
---
Your comment.
=== content/questions/a/cleo.md
---
confirms: dora
---
=== content/questions/a/dora.md
Nine hours.
=== content/questions/your-question.md
---
tags: []
authors: [ana]
---
# Your question in one sentence?

Say what you want to do, what you tried, and what happened instead.
=== content/stories/deine-erfahrung.md
---
customer:
consent: yes, WHO AGREED, DATE
sentiment: happy
---
# Was dabei herauskam, in einem Satz

## Problem


## Outcome
=== content/ideas/your-idea.md
",
    );
    for file in [
        "questions/a/ana.md",
        "questions/a/ben.md",
        "questions/your-question.md",
        "stories/deine-erfahrung.md",
    ] {
        assert_eq!(said(&site, &format!("content/{file}")), [EMPTY], "{file}");
    }
    assert_eq!(
        said(&site, "content/ideas/your-idea.md"),
        [EMPTY],
        "a file with nothing in it and nobody's name"
    );
    let page = site.main("/questions/a/");
    assert!(page.contains("Nine hours.") && page.contains("Worked for"), "{page}");
    assert!(!page.contains("Say what you did") && !page.contains("answer-ana"), "{page}");
    assert!(!site.has("questions/your-question/index.html") && !site.has("ideas/your-idea/index.html"));
    // Nobody is known only for a file in which they said nothing.
    assert!(!site.has("people/ben/index.html"));
}

#[test]
fn whatever_somebody_wrote_is_published_and_what_is_left_of_the_template_is_told() {
    let site = site(
        "\
=== content/questions/a.md
# How long does it cool?

Say what you want to do, what you tried, and what happened instead.
=== content/questions/b.md
# And a large one?

It is 80 cm wide.

Say what you want to do, what you tried, and what happened instead.
=== content/how-tos/c.md
---
tags: []
time: 10 minutes
---
# Cool down

## What you need

-

## Steps

1.
=== content/questions/only-a-title.md
# May I ask with a title alone?
=== content/questions/only-a-title/ana.md
---
on: ben
comment: true
---
This did not help me.
=== content/questions/only-a-title/ben.md
Write `Say what you did, what happened, and which version you used.` there:

```md
Say what you did, what happened, and which version you used.
```
=== content/people/ana.md
---
role: customer
---
",
    );
    assert_eq!(said(&site, "content/questions/a.md"), [BARELY]);
    assert_eq!(said(&site, "content/questions/b.md"), [BARELY]);
    assert_eq!(said(&site, "content/how-tos/c.md"), [BARELY]);
    let left = site.of("content/questions/b.md")[0];
    assert_eq!((left.line, left.column), (5, 1));
    for page in ["/questions/a/", "/questions/b/", "/how-tos/c/"] {
        assert!(site.page(page).contains("<h1>"), "{page}");
    }
    let others: Vec<_> = site.diagnostics.iter().filter(|it| it.rule == Rule::Empty).collect();
    assert_eq!(others.len(), 3, "{others:#?}");
}

#[test]
fn a_name_that_nobody_chose_is_told_with_a_better_one_and_git_says_whose_the_file_is() {
    let repository = repository(
        "\
=== longhouse.yaml
title: Kiln
=== content/questions/a.md
# How long?
=== content/questions/a/ana.md
Nine hours.
=== content/questions/how-hot.md
# How hot?
",
    );
    repository.commit("Ben", "2026-01-01", "Ask");
    repository
        .write("content/questions/a/your-name.md", "Ten hours.\n")
        .write("content/questions/a/dein-name--2.md", "---\nconfirms: ana\n---\n")
        .commit("Ana <12+ana@users.noreply.github.com>", "2026-01-02", "Answer");
    repository
        .write("content/questions/your-question.md", "# How  hot?\n\nIn degrees.\n")
        .write("content/questions/billing/tu-pregunta/index.md", "# Who pays?\n\nAnd when.\n")
        .commit("Cleo", "2026-01-03", "Ask more");
    let built = repository.build();
    let better = |file: &str| built.of(file)[0].help.clone();
    assert_eq!(better("content/questions/a/your-name.md"), "Rename it to `content/questions/a/ana--2.md`.");
    assert_eq!(
        better("content/questions/a/dein-name--2.md"),
        "Rename it to `content/questions/a/ana--2.md`."
    );
    assert_eq!(
        better("content/questions/your-question.md"),
        "Rename it to `content/questions/how-hot-2.md`."
    );
    let within = "content/questions/billing/tu-pregunta/index.md";
    assert_eq!(better(within), "Rename it to `content/questions/billing/who-pays/index.md`.");
    assert!(built.rules().iter().filter(|it| it.ends_with(": empty")).count() == 4, "{:?}", built.rules());
    // Ana has her name on what she wrote.
    let page = built.main("/questions/a/");
    assert!(page.contains("Ten hours.") && !page.contains(">your-name<"), "{page}");
    assert!(!built.has("people/your-name/index.html"));
    assert!(built.main("/people/ana/").contains("2 answers"), "{}", built.main("/people/ana/"));
}

#[test]
fn without_git_a_name_that_nobody_chose_is_nobodys() {
    let folder =
        folder("=== content/questions/a.md\n# How long?\n=== content/questions/a/your-name.md\nTen hours.\n");
    let site = folder.build();
    assert_eq!(said(&site, "content/questions/a/your-name.md"), [BARELY]);
    assert!(site.main("/questions/a/").contains("Ten hours.") && !site.has("people/your-name/index.html"));
    let sources = folder.load();
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    assert_eq!(better_path(&site, 1), None);
    assert_eq!(better_path(&site, 0).as_deref(), Some("content/questions/how-long.md"));
}

#[test]
fn nobody_agreed_while_the_template_still_asks_who_did() {
    let site = site(
        "=== content/stories/a.md\n---\ncustomer: Acme\nconsent: yes, WHO AGREED, DATE\n---\n# It grew\n\nMuch.\n",
    );
    assert!(said(&site, "content/stories/a.md").iter().any(|(rule, _)| *rule == Rule::MissingField));
    assert!(!site.has("stories/a/index.html"));
}

#[test]
fn what_a_template_began_with_is_on_no_page_in_any_language() {
    use longhouse::page::kind::Kind;
    use longhouse::site::contribution::{self, KINDS};
    use longhouse::words::{Word, Words};
    for language in ["en", "de", "fr", "es", "ar"] {
        let words = Words::load(language, &std::collections::BTreeMap::new(), "").expect("words");
        for own in ["en", language] {
            let mut files = format!("=== longhouse.yaml\nlanguage: {own}\n");
            for (kind, name, title) in KINDS {
                let template = contribution::template(&words, kind, words.get(title), Some("ana"));
                let stem = words.get(name);
                files += &format!("=== content/{}/{stem}-x.md\n{template}\nOur own words.\n", kind.plural());
            }
            files += &format!(
                "=== content/questions/q.md\n# Q?\n=== content/questions/q/ana.md\n{}\nMine.\n",
                contribution::answer(&words)
            );
            files +=
                &format!("=== content/questions/q/ben.md\n{}\nMine too.\n", contribution::comment(&words));
            let site = site(&files);
            let sentences = [
                Word::WriteQuestion,
                Word::WriteAnswer,
                Word::WriteComment,
                Word::WriteIdea,
                Word::WritePerson,
                Word::WriteLink,
            ];
            let titles = KINDS.map(|(_, _, title)| title);
            for (path, text) in site.pages().filter(|(path, _)| !path.starts_with("write")) {
                let main = text.split("<main").nth(1).unwrap_or_default();
                let main = main.split("class=\"doors").next().unwrap_or_default();
                for word in sentences.into_iter().chain(titles) {
                    let said = words.get(word);
                    // A short title may be a word that the theme says itself.
                    let is_said = main.contains(&format!(">{said}<"));
                    assert!(!is_said, "{language} in {own}: {path} says {said:?}: {main}");
                }
                assert!(!text.contains("WHO AGREED") && !text.contains("https://<"), "{path}: {main}");
            }
            // A link without an address is held; everything else is there with what was written.
            assert!(site.pages().any(|(_, text)| text.contains("Our own words.")), "{language}");
            let told = |kind: Kind| {
                let of = |file: &str| file.starts_with(&format!("content/{}/", kind.plural()));
                site.diagnostics.iter().any(|it| of(&it.file) && it.rule == Rule::Empty)
            };
            for (kind, _, _) in KINDS {
                assert!(told(kind), "{language} in {own}: {kind:?} in {:#?}", site.diagnostics);
            }
        }
    }
}

#[test]
fn a_consent_that_nobody_filled_in_is_none() {
    let story = |name: &str, consent: &str| {
        format!(
            "=== content/stories/{name}.md\n---\ncustomer: Acme\nconsent: {consent}\n---\n# It went well\n\nText.\n"
        )
    };
    let open = [
        "yes, WHO AGREED, DATE",
        "yes, who agreed, date",
        "yes,WHO AGREED,DATE",
        "\"yes, WHO AGREED, DATE\"",
        "yes, WHO, DATE",
        "yes, WHO AGREED",
        "yes, WHO AGREED, 2026-01-01",
        "yes, Ana, DATE",
        "yes, Ana, YYYY-MM-DD",
        "yes, <WHO AGREED>, <DATE>",
        "yes, [who agreed], 2026-01-01",
        "Yes, Who  agreed, Date",
        "ja, WER ZUGESTIMMT HAT, DATUM",
        "yes, quién aceptó, FECHA",
        "true, WHO AGREED, DATE",
    ];
    let given = [
        "yes, Ana Silva, 2026-01-01",
        "yes, Dr. Who, 2026-01-01",
        "yes, Yuki Date, 2026-01-01",
        "yes, Whoopi Agreed, 2026-01-01",
        "yes, Date, 2026-01-01",
        "yes",
    ];
    for (consents, holds) in [(&open[..], true), (&given[..], false)] {
        for consent in consents {
            let site = site(&story("s", consent));
            let is_held = site.of("content/stories/s.md").iter().any(|it| it.rule == Rule::MissingField);
            assert_eq!(
                (is_held, site.has("stories/s/index.html")),
                (holds, !holds),
                "{consent}: {:?}",
                site.diagnostics
            );
        }
    }
    // Without a customer the story is its author's own, and nobody is said to have agreed.
    let own =
        "---\ncustomer:\nconsent: yes, WHO AGREED, DATE\nsentiment: happy\n---\n# It went well\n\nText.\n";
    let site = site(&format!("=== content/stories/s.md\n{own}"));
    assert!(site.has("stories/s/index.html"));
    for (path, text) in site.pages() {
        assert!(!text.to_lowercase().contains("agreed"), "{path}: {text}");
    }
    assert!(site.of("content/stories/s.md").iter().any(|it| it.rule == Rule::Empty));
}

#[test]
fn words_that_are_also_a_templates_stay_where_they_are_somebodys_own() {
    let site = site(
        "\
=== content/pages/names.md
# Your name

Say what you did, what happened, and which version you used.
=== content/questions/a.md
# How do I ask?

They wrote: Say what you want to do, what you tried, and what happened instead. I did.

> Say what you want to do, what you tried, and what happened instead.

```md
Say what you want to do, what you tried, and what happened instead.
```
=== content/how-tos/b.md
---
time: 10 minutes
---
# Cool down

## What you need

- a kiln

## Steps

1. Wait.
",
    );
    let page = site.main("/names/");
    assert!(page.contains("Your name") && page.contains("Say what you did"), "{page}");
    let page = site.main("/questions/a/");
    assert_eq!(page.matches("Say what you want to do").count(), 3, "{page}");
    let page = site.main("/how-tos/b/");
    assert!(page.contains("10 minutes") && page.contains("a kiln") && page.contains("Wait."), "{page}");
    assert!(site.diagnostics.iter().all(|it| it.rule != Rule::Empty), "{:?}", site.diagnostics);
}
