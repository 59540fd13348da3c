use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::page::kind::Kind;

fn read(text: &str) -> Result<Config, Vec<Diagnostic>> {
    Config::parse(&Arc::from(crate::root::CONFIG), text)
}

/// Line, column and fix of everything that is wrong.
fn told(text: &str) -> Vec<(u32, u32, Option<String>)> {
    read(text)
        .expect_err("something is wrong")
        .into_iter()
        .map(|found| {
            assert!(!found.help.is_empty(), "{found:?}");
            (found.line, found.column, found.fix)
        })
        .collect()
}

#[test]
fn without_a_word_everything_has_its_default() {
    for text in ["", "\n", "# only a remark\n", "---\n", "title:\n"] {
        let config = read(text).expect("nothing is wrong");
        let expected = Config { hash: config.hash, ..Config::default() };
        assert_eq!(config, expected, "{text:?}");
    }
}

// Long because it names every key.
#[test]
fn every_key_is_read() {
    let config = read(
        r##"---
title: Acme: the community   # a colon is no harm
tagline: Ask # remark
base_url: https://example.org/help
former_urls: [https://old.example.org]
site_id: acme
language: de
languages: [de, en]
timezone: Europe/Berlin
theme: acme
trust: git
license: CC-BY-4.0
content: docs/pages/
kinds: {_questions: faq, guides: how-tos}
brand:
  logo: static/logo.svg
  accent: "#0a7"
menu:
  - {label: Home, url: /}
  - About: /about/
footer: Made with care
csp:
  allow: [https://videos.example.org/x]
repository:
  url: https://github.com/acme/site.git
  path: community
contact: mailto:help@example.org
team:
  "@Ana": staff
  ben: moderator
products:
  - id: boiler
    name: The Boiler
    versions: [4.1, 4.10]
    use_cases: [home, office]
  - tank
tags:
  known: [backup, C++]
  synonyms:
    backup: [back-up, Saving]
    C++: [cpp]
images: {allow_hosts: [Images.example.org]}
page_size: 10
search: {language: de}
rules:
  dead-link: warning
  email: off
highlight: false
markdown: {math: no, mentions: false}
"##,
    )
    .unwrap_or_else(|found| panic!("{found:#?}"));
    assert_eq!(config.title, "Acme: the community");
    assert_eq!(config.tagline.as_deref(), Some("Ask"));
    assert_eq!(config.base_path(), "/help/");
    assert_eq!(config.base_url.as_ref().map(BaseUrl::as_str), Some("https://example.org/help/"));
    assert_eq!(config.base_url.as_ref().map(BaseUrl::origin), Some("https://example.org"));
    assert_eq!(config.former_urls[0].as_str(), "https://old.example.org/");
    assert_eq!(config.languages, ["de", "en"]);
    let noon = date(2026, 7, 1)
        .at(12, 0, 0, 0)
        .to_zoned(config.timezone.clone())
        .map(|noon| noon.offset().seconds());
    assert_eq!(noon.ok(), Some(7200));
    assert!(config.trust_git && !config.highlight);
    assert_eq!(config.markdown, Extensions { math: false, mentions: false, ..Extensions::default() });
    assert_eq!(config.content, "docs/pages");
    assert_eq!(config.kinds["_questions"], FolderKind { kind: Kind::Question, faq: true });
    assert_eq!(config.kinds["guides"], FolderKind { kind: Kind::HowTo, faq: false });
    assert_eq!(config.brand.tokens["accent"].value.value, "#0a7");
    assert_eq!(config.menu.iter().map(|item| item.url.as_str()).collect::<Vec<_>>(), ["/", "/about/"]);
    assert_eq!(config.footer.text.as_deref(), Some("Made with care"));
    assert_eq!(config.csp_allow, ["https://videos.example.org"]);
    let edit = config.repository.as_ref().and_then(|repository| repository.edit_url("content/a.md"));
    assert_eq!(edit.as_deref(), Some("https://github.com/acme/site/edit/main/community/content/a.md"));
    assert_eq!(config.team["ana"], Role::Staff);
    assert_eq!(config.products[0].versions, ["4.1", "4.10"]);
    assert_eq!((config.products[1].id.as_str(), config.products[1].name.as_str()), ("tank", "tank"));
    assert_eq!(config.tags.synonyms["cpp"], "C++");
    assert_eq!(config.tags.synonyms["saving"], "backup");
    assert_eq!(config.image_hosts, ["images.example.org"]);
    assert_eq!((config.page_size, config.search.language.as_deref()), (10, Some("de")));
    assert_eq!(config.severity(Rule::DeadLink, Severity::Error), Some(Severity::Warning));
    assert_eq!(config.severity(Rule::Email, Severity::Warning), None);
    assert_eq!(config.severity(Rule::Bidi, Severity::Error), Some(Severity::Error));
    // The colon in the title is understood, and told.
    assert_eq!(config.warnings.len(), 1);
    assert_eq!(config.warnings[0].fix.as_deref(), Some("\"Acme: the community\""));
}

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let found = told(
        "titel: A\nbase_url: example.org\nlanguage: english please\ntimezone: Mars\ncontent: ../x\nkinds: {a: qestion}\nrules:\n  secret: off\n  dead-lnik: error\n  email: loud\npage_size: many\nrepository: {host: github}\nsearch: {enabeld: true}\n",
    );
    let fix = |text: &str| Some(text.to_owned());
    assert_eq!(
        found,
        [
            (1, 1, fix("title")),
            (2, 11, None),
            (3, 11, None),
            (4, 11, None),
            (5, 10, None),
            (6, 12, fix("question")),
            (8, 11, fix("warning")),
            (9, 3, fix("dead-link")),
            (10, 10, None),
            (11, 12, None),
            (12, 13, None),
            (13, 10, fix("enabled")),
        ]
    );
    assert_eq!(told("title: A\ntitle: B\n"), [(2, 1, None)]);
    assert_eq!(told("menu: [a\ntitle: x\n"), [(1, 7, fix("[a]"))]);
    assert_eq!(told("- a\n").len(), 1);
}

#[test]
fn the_content_folder_cannot_leave_the_root() {
    for path in ["..", "../x", "/etc", "a/../..", "a//b", "C:\\x", "a\\b"] {
        assert_eq!(told(&format!("content: '{path}'\n")).len(), 1, "{path}");
    }
    for (path, folder) in [("docs", "docs"), ("./docs/", "docs"), (".", ""), ("a/b", "a/b")] {
        assert_eq!(read(&format!("content: {path}\n")).map(|config| config.content), Ok(folder.to_owned()));
    }
}

#[test]
fn a_policy_takes_no_keywords() {
    for allow in ["\"'unsafe-inline'\"", "'*'", "'https://a.org; script-src *'", "data:", "javascript:x"] {
        assert_eq!(told(&format!("csp: {{allow: [{allow}]}}\n")).len(), 1, "{allow}");
    }
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_no_harm() {
    let config = read("\u{feff}title: A\r\nlanguage: de\r\n").expect("nothing is wrong");
    assert_eq!((config.title.as_str(), config.language.as_str()), ("A", "de"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "((title|menu|kinds|tags|products|repository|footer|rules|x)?[:\\[\\]{}, \n\"'#&*!|>-]{1,4}[a-z/.]{0,5}){0,20}") {
        if let Err(found) = read(&text) {
            prop_assert!(!found.is_empty());
        }
    }
}
