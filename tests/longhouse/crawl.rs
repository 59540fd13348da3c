//! A crawler over a site in memory: does every link of every page, feed and sitemap lead to a file, and
//! to an id of it where it names one? And an audit of every page: does anything on it run?

use std::collections::{BTreeMap, BTreeSet};

use longhouse::output::Output;
use percent_encoding::percent_decode_str;
use scraper::{ElementRef, Html, Selector};

use crate::fixture::{self, Rendered};

/// One page, taken apart once.
struct Page {
    /// The ids on it.
    ids: BTreeSet<String>,
    /// Everything that leads or loads, as element and address.
    links: Vec<(String, String)>,
}

/// Every link that leads nowhere, as `page: element address`. `origin` and `base_path` say where the site
/// stands, such as `https://x.example` and `/sub/dir`.
pub(crate) fn broken_links(output: &Output, origin: &str, base_path: &str) -> Vec<String> {
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    let mut others: Vec<(String, Vec<String>)> = Vec::new();
    for (path, content) in output.iter() {
        let path = path.as_str();
        if path.ends_with(".html") {
            let text = String::from_utf8(fixture::bytes(content)).expect("pages are UTF-8");
            pages.insert(path.to_string(), take_apart(&text));
        } else if path.ends_with(".xml") || path.ends_with("feed.json") || path == "robots.txt" {
            let text = String::from_utf8(fixture::bytes(content)).expect("feeds are UTF-8");
            others.push((path.to_string(), addresses_in(&text, origin)));
        }
    }
    let mut broken = Vec::new();
    let mut check = |from: &str, what: &str, address: &str| {
        if let Err(why) = resolve(output, &pages, from, address, origin, base_path) {
            broken.push(format!("{from}: {what} {address}: {why}"));
        }
    };
    for (from, page) in &pages {
        for (what, address) in &page.links {
            check(from, what, address);
        }
    }
    for (from, addresses) in &others {
        for address in addresses {
            check(from, "address", address);
        }
    }
    broken
}

/// Fails if any link of the site leads nowhere.
#[track_caller]
pub(crate) fn assert_whole(rendered: &Rendered, origin: &str, base_path: &str) {
    let mut broken = broken_links(&rendered.output, origin, base_path);
    // A file and a folder of one name cannot both be written.
    for path in rendered.paths() {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        broken.extend(
            above.filter(|folder| rendered.has(folder)).map(|it| format!("{path} lies in the file {it}")),
        );
    }
    assert!(broken.is_empty(), "{} links lead nowhere:\n{}", broken.len(), broken.join("\n"));
}

/// Fails if anything on any page could run, load from elsewhere, or shadow a name of ours.
#[track_caller]
pub(crate) fn assert_safe(rendered: &Rendered) {
    let found: Vec<String> = rendered.pages().flat_map(|(path, text)| dangers(path, &text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(rendered.pages().count() > 3, "a site has pages");
}

/// What on a page could do harm.
pub(crate) fn dangers(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{path}: {what}"));
    let html = Html::parse_document(text);
    let mut policies = 0;
    for node in html.tree.nodes() {
        let Some(element) = ElementRef::wrap(node) else { continue };
        let name = element.value().name();
        match name {
            // What search engines read does not run, and nothing in it may end it.
            "script" if element.value().attr("type") == Some("application/ld+json") => {
                let data: String = element.text().collect();
                if data.contains(['<', '>', '&']) || serde_json::from_str::<serde_json::Value>(&data).is_err()
                {
                    say(format!("data that is no plain JSON: {data}"));
                }
            }
            "script" => {
                let source = element.value().attr("src").unwrap_or_default();
                if source.is_empty()
                    || source.contains("//")
                    || element.text().any(|it| !it.trim().is_empty())
                {
                    say(format!("inline or foreign script {}", element.html()));
                }
            }
            "style" | "iframe" | "frame" | "object" | "embed" | "applet" | "base" | "portal" | "template"
            | "noscript" => say(format!("element <{name}>")),
            "svg"
                if !is_icon(element)
                    && !holds_only(element, &DIAGRAM, &DRAWN)
                    && !holds_only(element, &CHART, &PLOTTED) =>
            {
                say(format!("drawing {}", element.html()));
            }
            "math" if !holds_only(element, &FORMULA, &SAID) => say(format!("formula {}", element.html())),
            // A player plays what lies beside the page, when somebody presses a button.
            "video" | "audio" => {
                let source = element.value().attr("src").unwrap_or_default();
                let is_own = source.starts_with('/') && !source.starts_with("//");
                if !is_own || element.value().attr("autoplay").is_some() {
                    say(format!("player {}", element.html()));
                }
            }
            "meta" => {
                let equiv = element.value().attr("http-equiv").unwrap_or_default().to_ascii_lowercase();
                policies += usize::from(equiv == "content-security-policy");
                let is_redirect = text.contains("<h1>This page has moved</h1>");
                if !equiv.is_empty() && equiv != "content-security-policy" && !is_redirect {
                    say(format!("meta {}", element.html()));
                }
            }
            _ => {}
        }
        let in_main = element.ancestors().filter_map(ElementRef::wrap).any(|it| it.value().name() == "main");
        for (attribute, value) in element.value().attrs() {
            let attribute = attribute.to_ascii_lowercase();
            if attribute.starts_with("on")
                || matches!(attribute.as_str(), "style" | "srcdoc" | "formaction" | "ping")
            {
                say(format!("attribute {attribute}=\"{value}\""));
            }
            let is_address = matches!(
                attribute.as_str(),
                "href"
                    | "src"
                    | "action"
                    | "data"
                    | "poster"
                    | "background"
                    | "xlink:href"
                    | "srcset"
                    | "cite"
            );
            if is_address {
                let scheme =
                    value.split([':', '/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
                let has_scheme = value[scheme.len()..].starts_with(':');
                if has_scheme && !matches!(scheme.as_str(), "http" | "https" | "mailto") {
                    say(format!("address {attribute}=\"{value}\""));
                }
                if value.chars().any(char::is_control) {
                    say(format!("control character in {attribute}=\"{value:?}\""));
                }
                let is_remote = value.starts_with("//") || has_scheme;
                if attribute == "src" && is_remote {
                    say(format!("loads {value}"));
                }
                let rel = element.value().attr("rel").unwrap_or_default();
                if name == "a" && in_main && is_remote && scheme != "mailto" && !rel.contains("nofollow") {
                    say(format!("link elsewhere without rel: {value}"));
                }
            }
            // The form on which people write has names of its own, and nothing of content.
            if path == "write/index.html" && (attribute == "name" || value.starts_with("w-")) {
                continue;
            }
            if attribute == "id" && in_main && !is_our_id(value) && !(name == "input" && value == "q") {
                say(format!("id=\"{value}\""));
            }
            if attribute == "name" && name != "meta" && !(name == "input" && value == "q") {
                say(format!("name=\"{value}\" on <{name}>"));
            }
        }
    }
    if policies != 1 {
        say(format!("{policies} content security policies"));
    }
    if text.contains("unsafe-inline") || text.contains("'unsafe-eval'") {
        say("a policy that allows what is inline".to_string());
    }
    found
}

/// What a diagram is drawn of, and what is said of it.
const DIAGRAM: [&str; 5] = ["svg", "path", "rect", "circle", "text"];
const DRAWN: [&str; 14] = [
    "class",
    "d",
    "x",
    "y",
    "width",
    "height",
    "rx",
    "cx",
    "cy",
    "r",
    "viewbox",
    "role",
    "aria-label",
    "viewBox",
];

/// What a chart of figures is made of.
const CHART: [&str; 5] = ["svg", "rect", "circle", "line", "text"];
const PLOTTED: [&str; 16] = [
    "class",
    "x",
    "y",
    "width",
    "height",
    "cx",
    "cy",
    "r",
    "x1",
    "y1",
    "x2",
    "y2",
    "text-anchor",
    "role",
    "aria-label",
    "aria-hidden",
];

/// What a formula is made of.
const FORMULA: [&str; 21] = [
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mpadded",
    "mphantom",
];
const SAID: [&str; 20] = [
    "alttext",
    "display",
    "displaystyle",
    "scriptlevel",
    "mathvariant",
    "accent",
    "accentunder",
    "stretchy",
    "symmetric",
    "form",
    "largeop",
    "movablelimits",
    "lspace",
    "rspace",
    "minsize",
    "maxsize",
    "linethickness",
    "width",
    "class",
    "separator",
];

/// Whether an element holds nothing but these elements, with nothing but these attributes.
fn holds_only(element: ElementRef<'_>, elements: &[&str], attributes: &[&str]) -> bool {
    std::iter::once(element).chain(element.descendent_elements()).all(|it| {
        elements.contains(&it.value().name())
            && it.value().attrs().all(|(name, _)| attributes.contains(&name))
    })
}

/// The theme draws small icons of one path; nothing else in an SVG is ours.
fn is_icon(element: ElementRef<'_>) -> bool {
    let attributes = element.value().attrs().all(|(name, _)| matches!(name, "viewBox" | "aria-hidden"));
    let children = element.descendants().filter_map(ElementRef::wrap).skip(1);
    attributes
        && children
            .into_iter()
            .all(|it| matches!(it.value().name(), "path" | "circle") && it.value().attr("href").is_none())
}

/// Ids inside `<main>` begin with what we put there, so that none can stand for a name of the page's scripts.
fn is_our_id(id: &str) -> bool {
    [
        "h-",
        "fn-",
        "fnref-",
        "answer",
        "comment-",
        "response-",
        "asked-",
        "step-",
        "decide-",
        "links-",
        "state-",
        "main",
    ]
    .iter()
    .any(|prefix| id.starts_with(prefix))
}

fn take_apart(text: &str) -> Page {
    let html = Html::parse_document(text);
    let mut page = Page { ids: BTreeSet::new(), links: Vec::new() };
    for node in html.tree.nodes() {
        let Some(element) = ElementRef::wrap(node) else { continue };
        let value = element.value();
        page.ids.extend(value.id().map(str::to_string));
        for attribute in ["href", "src", "action"] {
            if let Some(address) = value.attr(attribute) {
                page.links.push((value.name().to_string(), address.to_string()));
            }
        }
        let refresh = value.attr("http-equiv").is_some_and(|it| it.eq_ignore_ascii_case("refresh"));
        if let (true, Some((_, address))) =
            (refresh, value.attr("content").and_then(|it| it.split_once("url=")))
        {
            page.links.push(("meta".to_string(), address.to_string()));
        }
        let property = value.attr("property").unwrap_or_default();
        if let ("og:url" | "og:image", Some(address)) = (property, value.attr("content")) {
            page.links.push(("meta".to_string(), address.to_string()));
        }
    }
    page
}

/// Addresses of the site itself in a feed, a sitemap or the rules for robots.
fn addresses_in(text: &str, origin: &str) -> Vec<String> {
    // HTML in a feed is escaped once more: in XML its quotation marks and brackets are entities, in JSON there is a
    // backslash before the quotation mark.
    let ends = |it: char| it.is_whitespace() || matches!(it, '<' | '>' | '"' | '\\');
    let escaped = |rest: &str| ["&quot;", "&lt;"].iter().filter_map(|it| rest.find(it)).min();
    text.match_indices(origin)
        .map(|(at, _)| &text[at..])
        .map(|rest| &rest[..rest.find(ends).unwrap_or(rest.len())])
        .map(|rest| rest[..escaped(rest).unwrap_or(rest.len())].replace("&amp;", "&"))
        .collect()
}

fn resolve(
    output: &Output,
    pages: &BTreeMap<String, Page>,
    from: &str,
    address: &str,
    origin: &str,
    base_path: &str,
) -> Result<(), &'static str> {
    let (path, fragment) = address.split_once('#').map_or((address, None), |(path, it)| (path, Some(it)));
    let path = path.split('?').next().unwrap_or(path);
    let path = match path.strip_prefix(origin) {
        Some(own) => own,
        None if path.contains("://") || path.starts_with("//") || path.starts_with("mailto:") => {
            return Ok(());
        }
        None => path,
    };
    let file = if path.is_empty() && !address.starts_with(origin) {
        from.to_string()
    } else {
        // Beside the site its host may have others.
        if address.starts_with(origin) && !path.starts_with(&format!("{base_path}/")) {
            return Ok(());
        }
        let below = path.strip_prefix(base_path).ok_or("is not below the base path")?;
        let below = below.strip_prefix('/').ok_or("is not a path from the root")?;
        let decoded = percent_decode_str(below).decode_utf8().map_err(|_| "is no UTF-8")?.into_owned();
        if decoded.is_empty() || decoded.ends_with('/') { format!("{decoded}index.html") } else { decoded }
    };
    if output.get(&file).is_none() {
        return Err("leads to no file");
    }
    match (fragment.filter(|it| !it.is_empty()), pages.get(&file)) {
        (None, _) => Ok(()),
        (Some(_), None) if !file.ends_with(".html") => Ok(()),
        (Some(_), None) => Err("names an id of what is no page"),
        (Some(fragment), Some(page)) => {
            let id = percent_decode_str(fragment).decode_utf8().map_err(|_| "is no UTF-8")?;
            if page.ids.contains(&*id) { Ok(()) } else { Err("names an id that does not exist") }
        }
    }
}

/// The text of the first element that a selector finds.
pub(crate) fn text_of(page: &str, selector: &str) -> String {
    let selector = Selector::parse(selector).expect("a selector");
    let html = Html::parse_document(page);
    html.select(&selector).next().map(|it| it.text().collect::<String>()).unwrap_or_default()
}

/// The part of a page between two words that its author wrote, whatever the theme puts around it.
pub(crate) fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or(rest, |(inside, _)| inside)
}

/// The value of an attribute of every element that a selector finds.
pub(crate) fn attributes(page: &str, selector: &str, attribute: &str) -> Vec<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let html = Html::parse_document(page);
    html.select(&selector).filter_map(|it| it.value().attr(attribute)).map(str::to_string).collect()
}
