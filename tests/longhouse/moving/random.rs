//! Sites made by chance, in which everything leads to everything in every manner: whatever moves, a reader finds
//! the same after every link, the check finds nothing new, and undo gives the same bytes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;
use scraper::{Html, Selector};

use super::{PNG, mv, tree, undone};
use crate::fixture::{Folder, Rendered, bytes, folder};

/// What a reader finds after every link and picture of a site, by its text: the title of the page and the
/// text at the fragment, or the bytes of the file.
fn found(site: &Rendered) -> BTreeMap<String, String> {
    let (links, headings) = (selector("main a"), selector("h1"));
    // A badge shows what somebody did, which a question that becomes a how-to changes.
    let pictures = selector("main img:not([src$='/badge.svg'])");
    let pages: BTreeMap<String, Html> =
        site.pages().map(|(path, text)| (format!("/{path}"), Html::parse_document(&text))).collect();
    let mut found = BTreeMap::new();
    let file = |href: &str| {
        let content = site.output.get(href.trim_start_matches('/'));
        content.map(|content| format!("{:?}", bytes(content)))
    };
    for (path, page) in &pages {
        for link in page.select(&links) {
            let name = link.text().collect::<String>();
            let Some(href) = link.attr("href").filter(|_| name.starts_with("link-")) else { continue };
            let href = href.strip_prefix("/help").unwrap_or(href);
            let decoded = percent_decode_str(href).decode_utf8_lossy();
            let (address, fragment) = decoded.split_once('#').unwrap_or((&decoded, ""));
            let target = match address {
                "" => path.clone(),
                address if address.ends_with('/') => format!("{address}index.html"),
                address => address.to_string(),
            };
            let what = match pages.get(&target) {
                Some(page) => {
                    let title = page.select(&headings).next().map(|it| it.text().collect::<String>());
                    let title = title.unwrap_or_default().trim().to_string();
                    let at = (!fragment.is_empty()).then(|| {
                        let id = Selector::parse(&format!("[id='{fragment}']")).expect("an id");
                        let there = page.select(&id).next().map(|it| it.text().collect::<String>());
                        let there = there.unwrap_or_else(|| panic!("{path}: {href} leads to no id"));
                        there.split_whitespace().find(|it| it.starts_with("mark-")).unwrap_or("?").to_string()
                    });
                    format!("{title} {}", at.unwrap_or_default())
                }
                None => file(&target).unwrap_or_else(|| panic!("{path}: {href} leads nowhere")),
            };
            found.insert(name, what);
        }
        for picture in page.select(&pictures) {
            if let (Some(name), Some(src)) = (picture.attr("alt"), picture.attr("src")) {
                let src = percent_decode_str(src).decode_utf8_lossy();
                let src = src.strip_prefix("/help").unwrap_or(&src);
                found.insert(name.to_string(), file(src).unwrap_or_else(|| panic!("{path}: no {src}")));
            }
        }
    }
    found
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

/// Numbers that look like chance, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    fn of<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> &'t T {
        all[self.below(all.len())]
    }
}

/// A site of questions, how-tos, answers and pictures in both forms and in topics, in which everything leads
/// to everything in every manner. Beside it what may be moved.
fn random_site(chance: &mut Chance) -> (Folder, Vec<String>) {
    let site = folder(
        "=== longhouse.yaml\nbase_url: https://acme.example/help/\nrepository: {host: github, url: 'https://github.com/acme/site', path: sub}\nrules: {unknown-kind: off}\n",
    );
    let names = ["reset", "größe", "a b", "v4.2", "Grande", "x(1)", "über-uns", "50%"];
    let mut pages: Vec<String> = Vec::new();
    let mut replies: Vec<String> = Vec::new();
    let mut pictures: Vec<String> = Vec::new();
    let mut addresses: Vec<String> = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let kind = chance.of(&["questions", "how-tos", "questions/billing", "questions/big topic", "docs"]);
        let own = chance.below(2) == 0;
        let file =
            if own { format!("content/{kind}/{name}/index.md") } else { format!("content/{kind}/{name}.md") };
        pages.push(file);
        let slug = longhouse::page::slug::slug(name);
        let kind = kind.split('/').next().expect("a kind");
        addresses.push(format!("/{kind}/{slug}/"));
        let folder = format!(
            "content/{}/{name}",
            pages[n].trim_start_matches("content/").split(&format!("/{name}")).next().expect("a folder")
        );
        if kind != "docs" {
            for who in ["ana", "ben--2"].iter().take(chance.below(3)) {
                replies.push(format!("{folder}/{who}.md"));
            }
        }
        if own || kind != "docs" {
            pictures.push(format!("{folder}/p {n}.png"));
        }
    }
    for (n, picture) in pictures.iter().enumerate() {
        let mut bytes = PNG.to_vec();
        bytes.push(u8::try_from(n).expect("few"));
        site.write(picture, bytes);
    }
    let mut count = 0;
    let all: Vec<String> = pages.iter().chain(&replies).cloned().collect();
    for (n, file) in all.iter().enumerate() {
        let mut text =
            if n < pages.len() { format!("# Page {n} mark-{n}\n\n") } else { format!("mark-{n}\n\n") };
        let mut definitions = String::new();
        for _ in 0..4 {
            count += 1;
            let to = chance.below(all.len());
            let relative = longhouse::site::reference::relative_path(file, &all[to]);
            let encoded =
                relative.replace('%', "%25").replace(' ', "%20").replace('(', "%28").replace(')', "%29");
            let fragment = if to < pages.len() { chance.of(&["", "#part", "#h-part"]) } else { "" };
            let link = |address: &str| format!("[link-{count}]({address}{fragment})");
            let name =
                all[to].trim_start_matches("content/").trim_end_matches(".md").trim_end_matches("/index");
            let can_be_named = to < pages.len() && !name.contains(['[', ']', '#', '|', '^', '`']);
            let place = if fragment.is_empty() { "" } else { "#Part" };
            let written = match chance.below(11) {
                9 if can_be_named => format!("[[{name}{place}|link-{count}]]"),
                10 if can_be_named && file.matches('/').count() > 1 => {
                    let last = name.rsplit('/').next().unwrap_or(name);
                    let is_alone = all.iter().filter(|it| it.contains(last)).count() == 1;
                    format!("[[{}{place}|link-{count}]]", if is_alone { last } else { name })
                }
                0 => link(&encoded),
                1 => format!("[link-{count}](<{}{fragment}> \"{encoded}\")", relative.replace('%', "%25")),
                2 => {
                    let _ = writeln!(definitions, "[r{count}]: {encoded}{fragment}");
                    format!("[link-{count}][r{count}]")
                }
                3 => format!("<a title=\"t\" href=\"{encoded}{fragment}\">link-{count}</a>"),
                4 if to < pages.len() => link(&addresses[to]),
                5 if to < pages.len() => link(&format!("https://acme.example/help{}", addresses[to])),
                6 => {
                    let path = longhouse::site::url::encode(&all[to]);
                    format!("[link-{count}](https://github.com/acme/site/blob/main/sub/{path})")
                }
                7 => {
                    link(encoded.strip_suffix(".md").filter(|it| !it.ends_with("index")).unwrap_or(&encoded))
                }
                _ => link(&format!("./{encoded}")),
            };
            let _ = writeln!(text, "{written}\n");
            if !pictures.is_empty() && chance.below(2) == 0 {
                let picture = &pictures[chance.below(pictures.len())];
                let relative = longhouse::site::reference::relative_path(file, picture);
                let encoded = relative.replace('%', "%25").replace('(', "%28").replace(')', "%29");
                let _ = writeln!(text, "![picture-{count}](<{encoded}>)\n");
            }
        }
        text.push_str("## Part\n\n");
        site.write(file, format!("{text}{definitions}"));
    }
    let topics = ["content/questions/billing/", "content/questions/big topic/", "content/docs/"];
    let topics = topics.iter().filter(|topic| all.iter().any(|file| file.starts_with(**topic)));
    let movable = all.iter().chain(&pictures).cloned().chain(topics.map(|it| (*it).to_string())).collect();
    (site, movable)
}

#[test]
fn whatever_moves_every_link_leads_where_it_led() {
    // `LONGHOUSE_MOVES=1500` tries more of them.
    let sites = std::env::var("LONGHOUSE_MOVES").map_or(40, |it| it.parse().expect("a number"));
    let mut done = 0;
    for seed in 0..sites {
        let chance = &mut Chance(seed * 7919 + 1);
        let (site, things) = random_site(chance);
        let start = tree(site.root());
        let first = site.build();
        let links = found(&first);
        assert!(links.len() > 20, "{}", links.len());
        let thing = things[chance.below(things.len())].clone();
        let new = chance.of(&[
            "new-name",
            "content/questions/new topic/",
            "content/how-tos/",
            "content/questions/billing/",
            "/how-tos/renewed/",
            "content/docs/deep/x y/",
            "content/questions/big topic/ñ (2).md",
            "content/questions/big topic/own/index.md",
            "Ünusual name",
        ]);
        let is_text = thing.ends_with(".md");
        if !is_text && !thing.ends_with('/') && (new.ends_with(".md") || new.starts_with('/')) {
            continue;
        }
        let output = mv(&site, &[&thing, new]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(tree(site.root()) == start, "refused, and touched: {said}");
            continue;
        }
        done += 1;
        let after = site.build();
        let now = found(&after);
        for (name, what) in &links {
            assert_eq!(now.get(name), Some(what), "seed {seed}: {thing} to {new}, {name}\n{said}");
        }
        let count = |site: &Rendered| {
            let mut rules: Vec<_> = site.diagnostics.iter().map(|it| it.rule).collect();
            rules.sort_unstable();
            rules
        };
        assert_eq!(count(&after), count(&first), "seed {seed}: {thing} to {new}: {:#?}", after.diagnostics);
        undone(&site);
        assert!(tree(site.root()) == start, "seed {seed}: {thing} to {new}");
    }
    assert!(done > 15, "only {done} moves");
}
