//! One file must not exhaust the machine: whatever an author can lengthen counts up to a limit, and a site grows no
//! faster than what it is made of. Bytes are counted, never seconds.

use std::fmt::Write as _;

use longhouse::diagnostic::Rule;
use longhouse::page::front_matter::{Field, kinds_with};
use longhouse::page::kind::Kind;
use longhouse::page::limits::{Limit, MENU_PAGES, REPLIES_OF_ONE};

use crate::fixture::{Folder, Rendered, bytes, folder, site};

/// How many times as large the output may be when its source is twice as large. It is no exact two, because numbers
/// become longer.
const DOUBLE: f64 = 2.3;

/// Every list has a first page, whatever is on it.
const SLACK: usize = 30_000;

/// The bytes of all files of a site.
fn size(site: &Rendered) -> usize {
    site.output.iter().map(|(_, content)| bytes(content).len()).sum()
}

/// What a site weighs beyond one that has nothing in it.
fn weight(files: &Folder) -> usize {
    let empty = size(&site("=== content/pages/about.md\n# About\n\nText.\n"));
    size(&files.build()).saturating_sub(empty)
}

#[track_caller]
fn assert_linear(what: &str, once: usize, twice: usize) {
    let most = once as f64 * DOUBLE + SLACK as f64;
    assert!((twice as f64) < most, "{what}: {once} bytes, and of twice the source {twice}");
}

/// A value of a field that is `share` times as long as what counts; `of` tells it from that of another file.
fn value(field: Field, share: f64, of: usize) -> String {
    let part = |most: usize| (most as f64 * share) as usize;
    let text = |most: usize| "ab ".repeat(most / 3 + 1)[..most].trim_end().to_owned();
    let name = |most: usize| format!("/n{of}{}", "a".repeat(most.saturating_sub(8)));
    let consent = if field == Field::Consent { "yes, " } else { "" };
    let url = if matches!(field, Field::Url | Field::Feed) { "https://a.org" } else { "" };
    match field.limit() {
        Limit::Closed => String::new(),
        Limit::Text(most) => format!("{consent}{}", text(part(most) - consent.len())),
        Limit::Name(most) => format!("{url}{}", name(part(most) - url.len())),
        Limit::Texts(items, _) | Limit::Names(items, _) => {
            let address = match field {
                Field::Links => "https://a.org/",
                Field::Aliases => "/",
                _ => "",
            };
            let items: Vec<String> = (0..part(items)).map(|at| format!("{address}n{of}x{at}")).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// A site of some files that have a field, each of this share of what counts.
fn with_field(field: Field, share: f64, files: usize) -> Folder {
    let made = folder("=== content/pages/about.md\n# About\n\nText.\n=== content/questions/q.md\n# Asked?\n");
    let is_of_replies = field.is_own_of_replies();
    for of in 0..files {
        let (name, value) = (field.name(), value(field, share, of));
        let kind = kinds_with(field).next().filter(|_| !is_of_replies);
        let kind = kind.unwrap_or(Kind::Question);
        let more = match kind {
            Kind::Link if field != Field::Url => "url: https://a.org/\n",
            Kind::Story if field == Field::Customer => "consent: yes, Ana, 2026-01-01\n",
            _ => "",
        };
        let text = format!("---\n{name}: {value}\n{more}---\nAbout it.\n");
        let path = match is_of_replies {
            true => format!("content/questions/q/u{of}.md"),
            false => format!("content/{}/e{of}.md", kind.plural()),
        };
        made.write(&path, text);
    }
    made
}

/// The fields whose values have an end.
fn limited() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| field.limit() != Limit::Closed)
}

#[test]
fn every_field_that_takes_a_text_or_a_list_has_a_limit() {
    use longhouse::yaml::key::Takes;
    for field in Field::ALL {
        let is_closed = matches!(
            field.takes(),
            Takes::Day
                | Takes::Word(_)
                | Takes::Period
                | Takes::Flag
                | Takes::Number(..)
                | Takes::Decimal
                | Takes::Language
        );
        assert_eq!(field.limit() == Limit::Closed, is_closed, "{}", field.name());
    }
}

#[test]
fn what_is_beyond_the_limit_of_a_field_is_told_and_makes_the_site_no_larger() {
    for field in limited() {
        let full = with_field(field, 1.0, 1);
        let (beyond, twice) = (with_field(field, 2.0, 1), with_field(field, 4.0, 1));
        let rules = |site: &Rendered| -> Vec<Rule> {
            let all = site.diagnostics.iter().filter(|it| it.rule == Rule::Limit);
            all.map(|it| it.rule).collect()
        };
        assert_eq!(rules(&full.build()), [], "{}", field.name());
        let (beyond, twice) = (beyond.build(), twice.build());
        assert_eq!(rules(&beyond), [Rule::Limit], "{}: {:#?}", field.name(), beyond.diagnostics);
        assert_eq!(rules(&twice), [Rule::Limit], "{}", field.name());
        let (beyond, twice) = (size(&beyond), size(&twice));
        assert!(twice <= beyond + 200, "{}: {beyond} bytes, and of twice the source {twice}", field.name());
    }
}

#[test]
fn a_site_grows_as_its_fields_do() {
    for field in limited() {
        let (some, more) = (weight(&with_field(field, 0.25, 1)), weight(&with_field(field, 0.5, 1)));
        assert_linear(&format!("a long `{}`", field.name()), some, more);
        let (some, more) = (weight(&with_field(field, 0.1, 4)), weight(&with_field(field, 0.1, 8)));
        assert_linear(&format!("many files with `{}`", field.name()), some, more);
    }
}

#[test]
fn a_list_that_is_too_long_counts_as_far_as_its_limit() {
    let tags: Vec<String> = (0..150).map(|at| format!("tag{at}")).collect();
    let files = format!("=== content/questions/kiln.md\n---\ntags: [{}]\n---\n# Why?\n", tags.join(", "));
    let site = site(&files);
    let told = site.only(Rule::Limit);
    assert_eq!(told.message, "`tags` has 150 values, but only 100 are used.");
    assert_eq!(told.line, 2);
    assert!(site.has("tags/tag99/index.html") && !site.has("tags/tag100/index.html"));
    assert!(site.main("/questions/kiln/").contains("tag99"));
}

#[test]
fn a_list_has_no_second_limit_by_another_of_its_names() {
    let tags = |from: usize| (from..from + 60).map(|at| format!("tag{at}")).collect::<Vec<_>>().join(", ");
    let fields = format!("tags: [{}]\ncategories: [{}]\nkeywords: [{}]", tags(0), tags(60), tags(120));
    let site = site(&format!("=== content/questions/kiln.md\n---\n{fields}\n---\n# Why?\n"));
    assert_eq!(site.diagnostics.iter().filter(|it| it.rule == Rule::Limit).count(), 2);
    assert!(site.has("tags/tag99/index.html") && !site.has("tags/tag100/index.html"));
}

#[test]
fn a_name_that_is_too_long_is_left_out_and_the_others_stay() {
    let long = "a".repeat(101);
    let site =
        site(&format!("=== content/questions/kiln.md\n---\ntags: [clay, {long}, glaze]\n---\n# Why?\n"));
    assert_eq!(site.only(Rule::Limit).column, 14);
    assert!(site.has("tags/clay/index.html") && site.has("tags/glaze/index.html"));
    assert!(!site.main("/questions/kiln/").contains("aaaa"));
}

#[test]
fn a_title_is_repeated_as_far_as_its_limit_wherever_it_stands() {
    let long = "Long words of a title ".repeat(2_000);
    for text in [format!("# {long}\n"), format!("---\ntitle: {long}\n---\n"), format!("{long}\n===\n")] {
        let files = format!("=== content/questions/kiln.md\n---\ntags: [clay]\n---\n{text}\nWhy?\n");
        let files = if text.starts_with("---") {
            format!("=== content/questions/kiln.md\n{}", text.replacen("---\n", "---\ntags: [clay]\n", 1))
        } else {
            files
        };
        let site = site(&files);
        let told = site.only(Rule::Limit);
        assert!(told.message.ends_with("has more than 300 characters."), "{}", told.message);
        let row = site.main("/tags/clay/");
        assert!(row.contains("Long words of a title") && row.contains('…'));
        assert!(row.len() < 10_000, "{}", row.len());
    }
}

#[test]
fn a_long_bold_paragraph_is_no_title_and_stays_whole() {
    let long = "bold words ".repeat(60);
    let site = site(&format!("=== content/questions/kiln.md\n**{}**\n\nWhy?\n", long.trim()));
    assert!(site.main("/questions/kiln/").contains(long.trim()));
    assert_eq!(site.only(Rule::MissingTitle).line, 1);
}

#[test]
fn a_menu_shows_the_lightest_pages_and_says_which_it_leaves_out() {
    let made = folder("=== longhouse.yaml\ntitle: T\n");
    for at in 0..MENU_PAGES + 3 {
        made.write(&format!("content/pages/p{at:03}.md"), format!("---\nmenu: true\n---\n# Page {at}\n"));
    }
    made.write("content/pages/light.md", "---\nmenu: Light\nweight: -1\n---\n# Light\n");
    let site = made.build();
    let page = site.page("/p000/");
    let menu = page.split("<nav").nth(1).and_then(|it| it.split("</nav>").next()).unwrap_or_default();
    assert!(menu.contains("Light</a>") && menu.contains("Page 48</a>") && !menu.contains("Page 49</a>"));
    assert!(site.has("p052/index.html"));
    let told: Vec<&str> =
        site.diagnostics.iter().filter(|it| it.rule == Rule::Limit).map(|it| &*it.file).collect();
    assert_eq!(told, (49..53).map(|at| format!("content/pages/p{at:03}.md")).collect::<Vec<_>>());
    made.write("longhouse.yaml", "title: T\nmenu:\n  - Home: /\n");
    assert!(made.build().diagnostics.iter().all(|it| it.rule != Rule::Limit));
}

#[test]
fn one_person_has_so_many_replies_to_an_entry() {
    let made =
        folder("=== content/questions/kiln.md\n# Why?\n=== content/questions/kiln/ana.md\nThe first.\n");
    for at in 2..=REPLIES_OF_ONE + 2 {
        made.write(&format!("content/questions/kiln/ana--{at}.md"), format!("Answer {at}.\n"));
    }
    made.write("content/questions/kiln/ben.md", "Another.\n");
    let site = made.build();
    assert_eq!(site.diagnostics.iter().filter(|it| it.rule == Rule::Limit).count(), 2);
    let page = site.main("/questions/kiln/");
    assert!(page.contains("The first.") && page.contains("Another."));
    assert_eq!(page.matches("id=\"answer-ana").count(), REPLIES_OF_ONE);
}

#[test]
fn many_authors_are_named_on_their_own_page_and_some_of_them_in_feeds() {
    let authors: Vec<String> = (10..40).map(|at| format!("hand{at}")).collect();
    let files =
        format!("=== content/questions/kiln.md\n---\nauthors: [{}]\n---\n# Why?\n", authors.join(", "));
    let site = site(&files);
    assert!(site.main("/questions/kiln/").contains("hand39"));
    let feed = site.file("questions/feed.xml");
    assert!(feed.contains("hand19") && !feed.contains("hand20"));
    assert!(site.main("/people/hand39/").contains("Why?"));
}

/// A site of `count` files, each made by a function.
fn many(count: usize, file: impl Fn(usize) -> (String, String)) -> Folder {
    let made = folder(
        "=== content/pages/about.md\n# About\n\nText.\n=== content/questions/q.md\n# Asked?\n\nText.\n",
    );
    for at in 0..count {
        let (path, text) = file(at);
        made.write(&path, text);
    }
    made
}

#[test]
fn a_site_grows_as_the_number_of_its_files_does() {
    type File = fn(usize) -> (String, String);
    let shapes: &[(&str, usize, File)] = &[
        ("menu", 60, |at| {
            (format!("content/pages/p{at}.md"), format!("---\nmenu: {}\n---\n# P{at}\n", "m ".repeat(45)))
        }),
        ("answers", 60, |at| (format!("content/questions/q/u{at}.md"), "It works.\n".into())),
        ("comments", 60, |at| {
            (format!("content/questions/q/u{at}.md"), "---\ncomment: true\n---\nYes.\n".into())
        }),
        ("confirmations", 60, |at| {
            (format!("content/questions/q/u{at}.md"), "---\nconfirms: u0\n---\n".into())
        }),
        ("replies of one hand", 60, |at| {
            (format!("content/questions/q/ana--{}.md", at + 2), "Yes.\n".into())
        }),
        ("merged questions", 60, |at| {
            (format!("content/questions/d{at}.md"), format!("---\nduplicate_of: q\n---\n# Asked {at}\n"))
        }),
        ("a chain of merged questions", 60, |at| {
            let of = if at == 0 { "q".to_owned() } else { format!("d{}", at - 1) };
            (format!("content/questions/d{at}.md"), format!("---\nduplicate_of: {of}\n---\n# Asked {at}\n"))
        }),
        ("tags of their own", 12, |at| {
            let tags: String = (0..30).map(|tag| format!("t{at}x{tag}, ")).collect();
            (format!("content/questions/a{at}.md"), format!("---\ntags: {tags}\n---\n# Asked {at}\n"))
        }),
        ("the same tags", 12, |at| {
            let tags: String = (0..30).map(|tag| format!("t{tag}, ")).collect();
            (format!("content/questions/a{at}.md"), format!("---\ntags: {tags}\n---\n# Asked {at}\n"))
        }),
        ("people", 60, |at| {
            (format!("content/people/p{at}.md"), format!("---\nexpert_in: [clay]\n---\n# Person {at}\n"))
        }),
        ("topics", 60, |at| (format!("content/questions/a/t{at}/q{at}.md"), format!("# Asked {at}\n"))),
        ("folders in folders", 30, |at| {
            (format!("content/{}d.md", "d/".repeat(at)), format!("# {}\n", "long ".repeat(50)))
        }),
        ("links to all before", 40, |at| {
            let links: String = (0..20).map(|to| format!("[a](a{}.md) ", at.saturating_sub(to))).collect();
            (format!("content/questions/a{at}.md"), format!("# Asked {at}\n\n{links}\n"))
        }),
        ("one title", 60, |at| {
            (format!("content/questions/a{at}.md"), "# The same words for everybody\n\nText.\n".into())
        }),
        ("announcements", 60, |at| {
            let fields = "---\nseverity: urgent\nexpires: 2030-01-01\n---\n";
            (format!("content/announcements/a{at}.md"), format!("{fields}# Told {at}\n"))
        }),
    ];
    for (what, count, file) in shapes {
        assert_linear(what, weight(&many(*count, file)), weight(&many(count * 2, file)));
    }
}

#[test]
fn a_page_grows_as_its_text_does() {
    let each = |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let shapes: &[(&str, &dyn Fn(usize) -> String)] = &[
        ("headings of one name", &|n| "## a\n\n".repeat(n)),
        ("headings with numbers", &|n| each(n, &|at| format!("## a-{at}\n\n## a\n\n"))),
        ("footnotes", &|n| each(n, &|at| format!("a[^{at}]\n\n[^{at}]: b\n\n"))),
        ("footnotes that refer on", &|n| each(n, &|at| format!("[^{at}]: b[^{}]\n\n", at + 1)) + "a[^0]\n"),
        ("references to a long address", &|n| "[a] ".repeat(n) + "\n\n[a]: /" + &"x".repeat(n * 4) + "\n"),
        ("dead links of a long address", &|n| "[a] ".repeat(n) + "\n\n[a]: " + &"x".repeat(n * 4) + ".md\n"),
        ("rows", &|n| format!("|a|b|\n|-|-|\n{}", "|c|d|\n".repeat(n))),
        ("quotes", &|n| format!("{}a\n\n", "> ".repeat(40)).repeat(n / 20)),
        ("lists", &|n| format!("{}a\n\n", "- ".repeat(40)).repeat(n / 20)),
        ("open brackets", &|n| "[a](".repeat(n)),
        ("open tags", &|n| "a <b>".repeat(n)),
        ("open details", &|n| "<details><summary>a</summary>\n\n".repeat(n)),
        ("addresses", &|n| "https://a.bc/ ".repeat(n)),
        ("images", &|n| "![a](https://a.bc/d.png) ".repeat(n)),
        ("alerts", &|n| "> [!NOTE]\n> a\n\n".repeat(n)),
        ("code", &|n| "```js\na\n```\n\n".repeat(n)),
        ("sections that are fields", &|n| "## Answer\n\na\n\n## Problem\n\nb\n\n".repeat(n)),
        ("entities", &|n| "&amp;".repeat(n)),
    ];
    for (what, text) in shapes {
        let page = |n: usize| {
            let mut files =
                String::from("=== content/pages/about.md\n# About\n\nText.\n=== content/questions/q.md\n");
            let _ = write!(files, "# Asked?\n\n{}", text(n));
            weight(&folder(&files))
        };
        assert_linear(what, page(400), page(800));
    }
}
