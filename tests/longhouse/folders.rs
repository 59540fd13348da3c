//! What a folder means: a topic, or somebody's replies; and never one thing today and another tomorrow.

use longhouse::diagnostic::Rule;

use crate::fixture::site;

#[test]
fn a_folder_beside_a_question_of_its_name_holds_replies() {
    let site = site(
        "\
=== content/questions/reset.md
# How do I reset?
=== content/questions/reset/ana.md
Hold the button.
",
    );
    let page = site.main("/questions/reset/");
    assert!(page.contains("id=\"answer-ana\"") && page.contains("Hold the button."), "{page}");
    assert!(!site.has("tags/reset/index.html"));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn a_question_may_move_as_one_folder_with_its_answers_and_pictures() {
    let site = site(
        "\
=== content/questions/billing/refund/index.md
# How do I get a refund?
=== content/questions/billing/refund/ben.md
# Write to us
and wait.
",
    );
    let page = site.main("/questions/refund/");
    assert!(page.contains("id=\"answer-ben\"") && page.contains("<h3 id=\"h-ben-write-to-us\""), "{page}");
    assert!(page.contains("rel=\"tag\">billing<"), "the topic is a tag: {page}");
    assert!(!page.contains("rel=\"tag\">refund<"));
    let problem = site.only(Rule::Heading);
    assert_eq!((problem.line, problem.column, problem.fix.as_deref()), (1, 1, Some("## Write to us")));
}

#[test]
fn where_all_files_are_entries_the_folder_stays_the_topic_that_it_was() {
    let site = site(
        "\
=== content/questions/billing.md
# What is billing?
=== content/questions/billing/a.md
# A?
=== content/questions/billing/b.md
---
title: B?
---
text
",
    );
    assert!(site.has("questions/a/index.html") && site.has("questions/b/index.html"));
    assert!(!site.has("questions/billing/index.html"));
    let problem = site.only(Rule::AmbiguousFolder);
    assert_eq!(&*problem.file, "content/questions/billing.md");
    assert!(problem.message.contains("content/questions/billing/"), "{}", problem.message);
    assert!(problem.help.contains("rename"), "{}", problem.help);
    assert_eq!(site.built.left_out.held, 1);
}

#[test]
fn one_file_with_a_heading_is_a_reply_that_is_demoted() {
    let site = site(
        "\
=== content/questions/billing.md
# What is billing?
=== content/questions/billing/a.md
# It is paying
=== content/questions/other.md
# Other?
=== content/questions/other/a.md
# Yes
=== content/questions/other/b.md
No heading here.
",
    );
    assert!(site.main("/questions/billing/").contains("id=\"answer-a\""));
    let page = site.main("/questions/other/");
    assert!(page.contains("id=\"answer-a\"") && page.contains("id=\"answer-b\""));
    assert_eq!(
        site.rules(),
        ["content/questions/billing/a.md: heading", "content/questions/other/a.md: heading"]
    );
}

#[test]
fn subfolders_with_texts_make_a_topic_and_pictures_do_not() {
    let site = site(
        "\
=== content/questions/billing.md
# What is billing?
=== content/questions/billing/ana.md
Paying.
=== content/questions/billing/tax/vat.md
# What is VAT?
=== content/questions/deep.md
# Deep?
=== content/questions/deep/er/x.md
# X?
=== content/questions/shown.md
# Shown?
=== content/questions/shown/ana.md
Like this.
=== content/questions/shown/pictures/a.csv
a,b
",
    );
    let held: Vec<&str> =
        site.diagnostics.iter().filter(|it| it.rule == Rule::AmbiguousFolder).map(|it| &*it.file).collect();
    assert_eq!(held, ["content/questions/billing.md", "content/questions/deep.md"]);
    assert!(site.has("questions/vat/index.html") && site.has("questions/x/index.html"));
    assert!(site.main("/questions/shown/").contains("id=\"answer-ana\""));
}

#[test]
fn the_text_of_a_topic_does_not_stand_among_answers() {
    let site = site(
        "\
=== content/questions/reset.md
# Reset?
=== content/questions/reset/ana.md
Press it.
=== content/questions/reset/README.md
# Everything on resetting
=== content/questions/topic.md
# Topic?
=== content/questions/topic/_index.md
# The topic
=== content/questions/topic/one.md
# One?
",
    );
    let page = site.main("/questions/reset/");
    assert!(page.contains("id=\"answer-ana\"") && !page.contains("readme"), "{page}");
    assert!(!site.has("questions/topic/index.html") && site.has("questions/one/index.html"));
    assert_eq!(
        site.rules(),
        [
            "content/questions/reset/README.md: ambiguous-folder",
            "content/questions/topic.md: ambiguous-folder"
        ]
    );
}

#[test]
fn a_file_that_reads_like_a_reply_to_nothing_is_held() {
    let site = site(
        "\
=== longhouse.yaml
team: {tom: staff}
kinds: {_faq: faq}
=== content/people/ana.md
# Ana
=== content/questions/gone/eve.md
---
confirms: ana
---
=== content/questions/gone/ana.md
It works.
=== content/questions/gone/tom.md
---
title: Who is Tom?
---
Somebody.
=== content/questions/mine.md
---
response: true
---
Text
=== content/_faq/ana.md
Ana who?
=== content/docs/ana.md
Ana here.
=== content/pages/ana.md
Ana there.
=== content/ideas/dark.md
---
response: We like it.
---
# Dark mode
",
    );
    let held: Vec<&str> =
        site.diagnostics.iter().filter(|it| it.rule == Rule::AmbiguousFolder).map(|it| &*it.file).collect();
    assert_eq!(
        held,
        ["content/questions/gone/ana.md", "content/questions/gone/eve.md", "content/questions/mine.md"]
    );
    for page in ["questions/tom", "questions/ana", "docs/ana", "ana", "ideas/dark"] {
        assert!(site.has(&format!("{page}/index.html")), "{page}");
    }
    let problem = site.of("content/questions/gone/ana.md")[0];
    assert!(problem.message.contains("content/questions/gone/") && problem.help.contains(".md"));
}

#[test]
fn a_folder_of_no_known_kind_gives_plain_pages_at_its_path() {
    let site = site(
        "\
=== content/README.md
Welcome home.
=== content/docs/a/intro.md
# Intro
=== content/docs/a/more.md
# More
=== content/docs/index.md
# Docs
=== content/about.md
# About
=== content/pages/imprint.md
# Imprint
",
    );
    for address in ["/docs/a/intro/", "/docs/a/more/", "/docs/", "/about/", "/imprint/"] {
        site.page(address);
    }
    assert!(site.main("/").contains("Welcome home."));
    let problem = site.only(Rule::UnknownKind);
    assert_eq!(&*problem.file, "content/docs/a/intro.md");
    assert_eq!(site.diagnostics.len(), 1);
}

#[test]
fn two_texts_for_the_home_page_are_one_too_many() {
    let site = site("=== content/README.md\nFirst.\n=== content/index.md\nSecond.\n");
    assert!(site.main("/").contains("First."));
    let problem = site.only(Rule::DuplicateAddress);
    assert_eq!((&*problem.file, problem.fix.as_deref()), ("content/index.md", Some("home-2")));
}

#[test]
fn any_folder_of_markdown_is_a_site() {
    let site = site(
        "=== README.md\n# My notes\n=== git/undo.md\n# Undo a commit\n=== static/x.txt\nx\n=== data/reactions.yaml\n\n",
    );
    assert!(site.has("git/undo/index.html") && site.has("x.txt"));
    assert!(!site.has("static/x/index.html"));
}

#[test]
fn a_jekyll_faq_needs_two_lines() {
    let site = site(
        "\
=== longhouse.yaml
kinds:
  _questions: faq
=== _questions/course/section/001_ab12cd_slug.md
---
id: ab12cd
question: Can I still join?
sort_order: 1
---
Yes, you can.

## Answer

This heading is part of it.
=== _questions/course/section/ana.md
---
question: Who is Ana?
---
Nobody.
",
    );
    let page = site.main("/questions/001_ab12cd_slug/");
    assert!(page.contains("Can I still join?") && page.contains("id=\"answer\""), "{page}");
    assert!(page.contains("Yes, you can.") && page.contains("This heading is part of it."));
    assert!(page.contains(">course<") && page.contains(">section<"));
    assert!(!site.main("/questions/unanswered/").contains("Can I still join?"));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn content_may_lie_in_another_folder_and_folders_may_have_other_names() {
    let site = site(
        "\
=== longhouse.yaml
content: site/texts
kinds: {guides: how-tos}
=== site/texts/guides/backup.md
# Back up
=== content/questions/a.md
# Not content
",
    );
    site.page("/how-tos/backup/");
    assert!(!site.has("questions/a/index.html"));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn the_text_of_a_topic_names_its_tag() {
    let site = site(
        "\
=== content/questions/billing/_index.md
# Money matters
All about money.
=== content/questions/billing/vat.md
# VAT?
=== content/questions/README.md
# Ask us anything
Please do.
=== content/how-tos/x/readme.md
Text without a title.
=== content/how-tos/x/y.md
# Y
",
    );
    let page = site.main("/tags/billing/");
    assert!(page.contains("<h1>Money matters</h1>") && page.contains("All about money."), "{page}");
    assert_eq!(page.matches("Money matters").count(), 1, "{page}");
    let page = site.main("/questions/");
    assert!(page.contains("<h1>Ask us anything</h1>") && page.contains("Please do."), "{page}");
    assert!(site.main("/tags/x/").contains("Text without a title."));
    assert_eq!(site.rules(), Vec::<String>::new());
}

#[test]
fn replies_to_a_page_that_nobody_can_read_stay_replies() {
    let folder = crate::fixture::folder(
        "=== content/questions/a/ana.md\nAn answer.\n=== content/questions/b.md\n# B?\n",
    );
    folder.write("content/questions/a.md", b"# A\0?\n");
    let site = folder.build();
    assert!(!site.has("questions/ana/index.html"));
    assert_eq!(site.rules(), ["content/questions/a.md: encoding"]);
}
