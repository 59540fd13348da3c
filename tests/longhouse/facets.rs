//! Facets: whatever field the table marks as one filters lists, search and the command line.

use std::collections::BTreeMap;

use clap::{Args as _, FromArgMatches as _};
use longhouse::cli::search::Filters;
use longhouse::page::front_matter::{Field, kinds_with};
use longhouse::page::kind::Kind;
use longhouse::page::limits::{FACET_VALUE, FACET_VALUES};
use longhouse::site::Visibility;
use longhouse::site::facet::{self, Facet};
use longhouse_search::{Index, Request};

use crate::fixture::{Folder, folder, site};

/// Two values that a field takes.
fn two(field: Field) -> [&'static str; 2] {
    match field.form().words() {
        Some(words) => [words[0], words[1]],
        None => ["Raku firing", "C++"],
    }
}

/// A site with two entries of a kind that have different values of a field, and one that says none.
fn with_field(field: Field, kind: Kind) -> Folder {
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/help/\n");
    for (name, value) in ["one", "two"].into_iter().zip(two(field)) {
        let more = if value == "shipped" { "fulfilled_by: 4.2\n" } else { "" };
        let front = format!("---\n{}: {value}\n{more}---\n", field.name());
        folder.write(
            &format!("content/{}/{name}.md", kind.plural()),
            format!("{front}# Gadget {name}\nText.\n"),
        );
    }
    folder.write(&format!("content/{}/none.md", kind.plural()), "# Gadget none\nText.\n");
    folder
}

/// The kind on which a field is tried.
fn kind_of(field: Field) -> Kind {
    kinds_with(field).next().unwrap_or(Kind::Question)
}

#[test]
fn a_list_has_a_link_and_a_page_for_each_value() {
    for (field, name) in Field::facets() {
        let kind = kind_of(field);
        let rendered = with_field(field, kind).build();
        let list = rendered.main(&format!("/{}/", kind.plural()));
        for (entry, value) in ["one", "two"].into_iter().zip(two(field)) {
            let address = format!("/{}/{}/{}/", kind.plural(), name.replace('_', "-"), facet::slug(value));
            assert!(list.contains(&format!("href=\"/help{address}\"")), "{address}: {list}");
            let page = rendered.main(&address);
            for other in ["one", "two"] {
                let link = format!("href=\"/help/{}/{other}/\"", kind.plural());
                let is_there = other == entry;
                assert_eq!(page.contains(&link), is_there, "{address}: {other}: {page}");
            }
        }
    }
}

#[test]
fn a_search_finds_what_has_a_value() {
    for (field, name) in Field::facets() {
        let kind = kind_of(field);
        let sources = with_field(field, kind).load();
        let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
        let index = Index::open(longhouse::search::in_memory(&site).expect("an index")).expect("an index");
        let found = |query: &str, facets: BTreeMap<String, Vec<String>>| {
            let request =
                Request { query: query.to_owned(), limit: 9, facets, counts: true, ..Request::default() };
            index.answer(&request).expect("an answer")
        };
        for (entry, value) in ["one", "two"].into_iter().zip(two(field)) {
            let option = format!("--{}", name.replace('_', "-"));
            let command = Filters::augment_args(clap::Command::new("search"));
            let matches = command.try_get_matches_from(["search", &option, value]).expect("an option");
            let facets = Filters::from_arg_matches(&matches).expect("filters").checked().expect("a value");
            let urls = |answer: longhouse_search::Answer| -> Vec<String> {
                answer.hits.into_iter().map(|hit| hit.url).collect()
            };
            let mut wanted = vec![format!("/help/{}/{entry}/", kind.plural())];
            if field.uses().otherwise == Some(value) {
                wanted.push(format!("/help/{}/none/", kind.plural()));
            }
            let mut hits = urls(found("", facets));
            hits.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(hits, wanted, "{option} {value}");
            let mut hits = urls(found(&format!("{name}:\"{value}\" gadget"), BTreeMap::new()));
            hits.sort_unstable();
            assert_eq!(hits, wanted, "{name}:{value}");
        }
        let counts = found("gadget", BTreeMap::new()).counts;
        assert_eq!(counts.iter().filter(|count| count.field == name).count(), 2, "{name}: {counts:?}");
    }
}

#[test]
fn a_value_that_a_facet_cannot_have_is_told() {
    let checked = |arguments: &[&str]| {
        let command = Filters::augment_args(clap::Command::new("search").no_binary_name(true));
        let matches = command.try_get_matches_from(arguments).expect("options");
        Filters::from_arg_matches(&matches).expect("filters").checked()
    };
    let facets =
        checked(&["--kind", "stories", "--use_case", "raku", "--tag", "a", "--tag", "b", "--answered"]);
    let facets = facets.expect("values");
    assert_eq!(facets["kind"], ["story"]);
    assert_eq!(facets["use_case"], ["raku"]);
    assert_eq!(facets["tag"], ["a", "b"]);
    assert_eq!(facets["is"], ["answered"]);
    for facet in Facet::all().filter(|facet| facet.words().is_some() && *facet != Facet::Is) {
        let option = format!("--{}", facet.name());
        let told = format!("{:?}", checked(&[&option, "nonsense"]).expect_err("no such value"));
        assert!(told.contains("nonsense") && told.contains(facet.words().unwrap_or_default()[0]), "{told}");
    }
}

#[test]
fn values_are_one_however_they_are_written_and_none_if_they_are_sentences() {
    let long = "x".repeat(FACET_VALUE + 1);
    let story = |name: &str, industry: &str| {
        format!(
            "=== content/stories/{name}.md\n---\nindustry: {industry}\nauthors: ana\n---\n# Story {name}\n"
        )
    };
    let rendered = site(
        &[story("a", "Raku firing"), story("b", "raku-firing"), story("c", "Raku firing"), story("d", &long)]
            .concat(),
    );
    let list = rendered.main("/stories/");
    assert!(list.contains(">Raku firing</a> <span class=\"count\">3</span>"), "{list}");
    assert!(!list.contains(&long));
    assert!(rendered.main("/stories/d/").contains(&long), "it is shown all the same");
    let many: String =
        (0..FACET_VALUES + 5).map(|n| story(&format!("s{n}"), &format!("industry {n}"))).collect();
    let pages = site(&many);
    let count = pages.paths().iter().filter(|path| path.starts_with("stories/industry/")).count();
    assert_eq!(count, FACET_VALUES);
}

#[test]
fn nobody_takes_the_address_of_a_value() {
    let rendered = site(
        "\
=== content/stories/a.md
---
industry: pottery
authors: ana
aliases: [/stories/industry/pottery/, /stories/industry/, /stories/other/pottery/]
---
# A story
=== content/stories/industry.md
---
authors: ana
---
# How the industry works
",
    );
    assert!(rendered.main("/stories/industry/pottery/").contains("A story"));
    assert!(rendered.main("/stories/industry/").contains("How the industry works"));
    assert!(rendered.has("stories/other/pottery/index.html"), "{:?}", rendered.paths());
    assert!(rendered.rules().iter().any(|rule| rule.contains("duplicate-address")), "{:?}", rendered.rules());
}
