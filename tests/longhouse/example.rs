//! The example site and the default theme together: every kind and state is there, nothing is wrong
//! with it, and each of its pages is whole for somebody who listens to it, has no script or no network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::LazyLock;

use longhouse::diagnostic::Rule;
use longhouse::page::kind::Kind;
use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, Sources};
use longhouse_search::{Index, Request};
use scraper::{ElementRef, Html, Selector};

use crate::fixture::{Rendered, render};

/// The example site, built once for all tests.
static SITE: LazyLock<Rendered> = LazyLock::new(|| build(None));

fn load(base_url: Option<&str>) -> Arc<Sources> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let options = LoadOptions { base_url: base_url.map(str::to_string), ..LoadOptions::default() };
    longhouse::source::load(&root, &options).expect("the example site can be read")
}

fn build(base_url: Option<&str>) -> Rendered {
    render(&load(base_url), Visibility::default()).expect("a theme without mistakes")
}

fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the first element, or nothing.
fn first(page: &Html, css: &str) -> String {
    page.select(&select(css)).next().map(text).unwrap_or_default()
}

fn page(address: &str) -> Html {
    Html::parse_document(&SITE.page(address))
}

/// Every page that is one: an address that leads on has nothing to read.
fn pages() -> Vec<(String, String)> {
    let all = SITE.pages().map(|(path, page)| (path.to_string(), page));
    all.filter(|(_, page)| !page.contains("http-equiv=\"refresh\"")).collect()
}

#[test]
fn nothing_is_wrong_with_it() {
    // How much of the history a clone holds is no matter of the site.
    let mut problems = SITE.diagnostics.iter().filter(|it| it.rule != Rule::ShallowClone);
    assert!(problems.next().is_none(), "{:?}", SITE.rules());
    // Nor will anything be in a hundred years.
    let today = Some(jiff::civil::date(2126, 1, 1));
    let sources = Arc::new(Sources { today, ..Sources::clone(&load(None)) });
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    assert_eq!(longhouse::check::thorough(&site), []);
}

#[test]
fn places_elsewhere_say_who_runs_them_and_have_headlines() {
    let page = SITE.main("/links/");
    assert_eq!(page.matches("Run by <a").count(), 4, "{page}");
    assert_eq!(page.matches("class=\"headlines\"").count(), 2, "{page}");
    assert_eq!(page.matches("dir=\"auto\"").count(), 5, "three of the one and two of the other");
    assert_eq!(page.matches("class=\"waits\"").count(), 1, "{page}");
    assert_eq!(SITE.file("links.opml").matches("<outline type=").count(), 2);
    assert!(SITE.main("/people/ottilie/").contains("Runs elsewhere"));
}

#[test]
fn every_kind_and_state_is_in_it() {
    let counts = &SITE.built.pages;
    for (kind, least) in [
        (Kind::Question, 26),
        (Kind::Story, 8),
        (Kind::HowTo, 10),
        (Kind::Idea, 6),
        (Kind::Announcement, 4),
        (Kind::Person, 12),
        (Kind::Link, 4),
        (Kind::Page, 3),
    ] {
        assert!(counts.get(&kind).is_some_and(|count| *count >= least), "{kind:?}: {counts:?}");
    }
    for (address, css, words) in [
        ("/questions/sensor-offline-after-battery/", ".accepted .mark", "Accepted answer"),
        ("/questions/sensor-offline-after-battery/", ".worked", "Ottilie Varga on 4.2 (10 September 2026)"),
        ("/how-tos/back-up-the-hub/", ".worked", "Ibrahim Soler on 4.2"),
        ("/questions/sensor-offline-after-battery/", ".answers h2", "4 more answers"),
        ("/questions/sensor-offline-after-battery/", ".accepted .comments", "Both are back"),
        ("/questions/pump-does-not-start/", "details.asked", "Also asked as"),
        ("/questions/two-beds-two-times/", "#answer", "A plan can have a condition"),
        ("/questions/winter-on-a-solar-panel/", ".answers h2", "Nobody knows yet. Do you?"),
        ("/questions/silent-on-sunny-afternoons/", ".answers", "This was wrong, see Lin's comment."),
        ("/questions/before-sunrise/", ".accepted", "It can be done from outside"),
        ("/questions/install-the-desktop-programme/", ".status", "Obsolete."),
        ("/questions/price-of-the-leaf/", ".status", "Locked."),
        ("/questions/cheap-seeds/", "main", "Advertising for a seed shop"),
        ("/stories/frost-in-april/", ".responses", "the fault was ours alone"),
        ("/stories/back-to-timers/", ".responses", "The knob: you are right"),
        ("/stories/school-garden/", ".lead", "In September all nine beds stood"),
        ("/ideas/frost-call/", ".state", "open"),
        ("/ideas/battery-forecast/", ".state", "planned"),
        ("/ideas/backup-by-hand/", ".state", "shipped"),
        ("/ideas/plant-recognition/", ".state", "declined"),
        ("/announcements/hub-4-2-0-valve-stays-open/", ".state", "urgent"),
        ("/guidelines/", "main ol", "Ask as you would at the fence."),
        ("/about/", "main", "Everything here is invented."),
    ] {
        let found = first(&page(address), css);
        assert!(found.contains(words), "{address} says in {css}: {found:?}");
    }
    assert!(SITE.page("/questions/no-water-after-moving-the-pump/").contains("pump-does-not-start"));
}

#[test]
fn it_says_on_every_page_that_it_is_invented() {
    for (path, page) in pages() {
        assert!(page.contains("Quillfern, its products and everyone who writes here are invented"), "{path}");
    }
}

#[test]
fn what_people_will_ask_is_found() {
    let sources = load(None);
    let (site, _) = longhouse::understand(&sources, Visibility::default(), &|_| {});
    let files = longhouse::search::in_memory(&site).expect("an index is made");
    let index = Index::open(files).expect("an index is read");
    assert!(sources.search_tests.len() >= 15);
    for test in sources.search_tests.iter() {
        let request = Request { query: test.query.value.clone(), limit: test.within, ..Request::default() };
        let hits = index.search(&request).expect("a search");
        let found: Vec<&str> = hits.iter().map(|hit| hit.url.as_str()).collect();
        assert!(found.iter().any(|url| url.contains(&test.page.value)), "{}: {found:?}", test.query.value);
    }
}

#[test]
fn a_question_stands_before_its_answer_and_that_before_the_others() {
    let page = SITE.main("/questions/sensor-offline-after-battery/");
    let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words} is not on the page"));
    let order =
        ["Asked by", "Answered by Jun Abara", "Accepted answer", "4 more answers", "Answer this", "Related"];
    assert!(order.map(at).is_sorted(), "{:?}", order.map(at));
}

#[test]
fn each_step_can_be_pointed_at() {
    let page = page("/how-tos/back-up-the-hub/");
    let steps: Vec<_> =
        page.select(&select(".steps li")).map(|step| step.value().id().map(str::to_string)).collect();
    assert_eq!(steps, ["step-1", "step-2", "step-3", "step-4"].map(|id| Some(id.to_string())));
    let links = select(".steps li > a.step");
    let links: Vec<&str> = page.select(&links).filter_map(|link| link.attr("href")).collect();
    assert_eq!(links, ["#step-1", "#step-2", "#step-3", "#step-4"]);
    let main = SITE.main("/how-tos/back-up-the-hub/");
    let at = |words: &str| main.find(words);
    assert!(at("Wait for the lamp") < at("If it stops in the middle"), "what was written below stays below");
}

#[test]
fn every_page_can_be_listened_to() {
    for (path, text_of_page) in pages() {
        let page = Html::parse_document(&text_of_page);
        let count = |css: &str| page.select(&select(css)).count();
        assert_eq!((count("main"), count("h1"), count("main h1")), (1, 1, 1), "{path}");
        assert_eq!(count("input[type=search]"), 1, "{path}");
        assert_eq!(count("html[lang][dir]"), 1, "{path}");
        assert!(!first(&page, "title").is_empty(), "{path}");
        assert_eq!(
            page.select(&select("body > *")).next().and_then(|skip| skip.attr("href")),
            Some("#main"),
            "{path}"
        );
        let mut above = 0;
        for heading in page.select(&select("h1, h2, h3, h4, h5, h6")) {
            let level = usize::from(heading.value().name().as_bytes()[1] - b'0');
            assert!(level <= above + 1, "{path}: {} after level {above}", heading.html());
            above = level;
        }
        let mut ids = BTreeSet::new();
        for element in page.select(&select("[id]")) {
            assert!(ids.insert(element.value().id()), "{path}: {:?} twice", element.value().id());
        }
        for input in page.select(&select("main input:not([type=checkbox]), header input")) {
            let label = select(&format!("label[for=\"{}\"]", input.value().id().unwrap_or_default()));
            assert!(page.select(&label).next().is_some(), "{path}: {}", input.html());
        }
        for image in page.select(&select("img")) {
            assert!(image.attr("alt").is_some_and(|alt| !alt.is_empty()), "{path}: {}", image.html());
        }
    }
}

#[test]
fn no_page_asks_anything_of_anybody_else() {
    for (path, text_of_page) in pages() {
        let page = Html::parse_document(&text_of_page);
        for element in
            page.select(&select("script:not([type='application/ld+json']), link[rel=stylesheet], link[rel=icon], img, source, iframe"))
        {
            let source = element.attr("src").or(element.attr("href")).unwrap_or_default();
            assert!(source.starts_with('/') && !source.starts_with("//"), "{path}: {}", element.html());
        }
        for element in page.select(&select("*")) {
            for (name, _) in element.value().attrs() {
                assert!(name != "style" && !name.starts_with("on"), "{path}: {name} in {}", element.html());
            }
        }
        assert_eq!(page.select(&select("style")).count(), 0, "{path}");
        let policy = page.select(&select("meta[http-equiv=Content-Security-Policy]")).next();
        assert!(
            policy.and_then(|it| it.attr("content")).is_some_and(|it| it.starts_with("default-src 'none'"))
        );
    }
}

#[test]
fn every_link_leads_somewhere_also_below_a_path() {
    for (site, base) in [(&*SITE, "/"), (&build(Some("https://host.example/help/")), "/help/")] {
        let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut links: BTreeSet<(String, String)> = BTreeSet::new();
        for (path, text_of_page) in site.pages() {
            let page = Html::parse_document(&text_of_page);
            let known = ids.entry(path.to_string()).or_default();
            known.extend(page.select(&select("[id]")).filter_map(|it| it.value().id().map(str::to_string)));
            for element in page.select(&select("[href], [src], form[action]")) {
                let to =
                    ["href", "src", "action"].iter().find_map(|name| element.attr(name)).unwrap_or_default();
                if to.starts_with(['/', '#']) {
                    links.insert((path.to_string(), to.to_string()));
                }
            }
        }
        assert!(links.len() > 500);
        for (path, link) in links {
            let (to, fragment) = link.split_once('#').unwrap_or((&link, ""));
            // What the page where people write is asked for is no part of its address.
            let to = to.split('?').next().unwrap_or(to);
            let target = match to {
                "" => path.clone(),
                to => to
                    .strip_prefix(base)
                    .unwrap_or_else(|| panic!("{path}: {link} leaves the site"))
                    .to_string(),
            };
            let file = if target.is_empty() || target.ends_with('/') {
                format!("{target}index.html")
            } else {
                target
            };
            assert!(site.has(&file), "{path}: {link} leads nowhere");
            assert!(fragment.is_empty() || ids[&file].contains(fragment), "{path}: {link} has no such place");
        }
    }
}
