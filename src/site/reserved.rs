//! The names that no page, alias or handle can have: those of the site's own files and folders, and those that web
//! hosts read or keep for themselves. One table for all who give out addresses.
//!
//! Hosts serve `search.html` at `/search` as well, and `search/index.html` at `/search/`. So a name is looked up as the
//! address that it stands for ([`served`]), whatever its case, its normalisation or its ending.

use super::order::Order;
use super::url;
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::page::slug;

/// Whose a reserved address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The site writes this file or folder itself, or may do so one day.
    Site,
    /// A web host reads a file of this name, or answers there itself.
    Host,
}

/// First parts of an address, below which only the site itself writes. The lists of all kinds are among them too.
const OF_SITE: &[&str] = &[
    "404",
    "_longhouse",
    "alerts.json",
    "assets",
    "critical",
    "decide",
    "feed",
    "files",
    "guidelines",
    "help-wanted",
    "help-wanted.xml",
    "insight",
    "links.opml",
    "llms-full.txt",
    "llms.txt",
    "moderation",
    "opensearch.xml",
    "page",
    "products",
    "robots.txt",
    "search",
    "sitemap.xml",
    "tags",
    "thanks",
    "write",
];

/// First parts that mean something to a host: Cloudflare, Netlify, Vercel, Azure, Firebase, GitHub, Apache, IIS and
/// PHP, and what browsers and crawlers ask for without a link.
const OF_HOSTS: &[&str] = &[
    ".git",
    ".htaccess",
    ".htpasswd",
    ".netlify",
    ".nojekyll",
    ".vercel",
    ".well-known",
    "_config.yml",
    "_headers",
    "_middleware.js",
    "_next",
    "_redirects",
    "_routes.json",
    "_vercel",
    "_worker.bundle",
    "_worker.js",
    "ads.txt",
    "app-ads.txt",
    "apple-app-site-association",
    "apple-touch-icon-precomposed.png",
    "apple-touch-icon.png",
    "browserconfig.xml",
    "cdn-cgi",
    "cgi-bin",
    "clientaccesspolicy.xml",
    "cname",
    "crossdomain.xml",
    "favicon.ico",
    "favicon.png",
    "favicon.svg",
    "firebase.json",
    "firebase-messaging-sw.js",
    "humans.txt",
    "manifest.json",
    "manifest.webmanifest",
    "netlify.toml",
    "routes.json",
    "security.txt",
    "service-worker.js",
    "serviceworker.js",
    "site.webmanifest",
    "staticwebapp.config.json",
    "sw.js",
    "vercel.json",
    "wrangler.json",
    "wrangler.toml",
];

/// Files that may lie in any folder of the site, or that a host reads in any, so that no folder can have their names.
const IN_FOLDERS: &[(&str, Owner)] = &[
    ("index.html", Owner::Site),
    ("feed.xml", Owner::Site),
    ("feed.json", Owner::Site),
    ("replies.xml", Owner::Site),
    ("index.htm", Owner::Host),
    ("index.php", Owner::Host),
    (".htaccess", Owner::Host),
    ("web.config", Owner::Host),
];

/// A folder in which hosts look for programs. A page below it does no harm, and many handbooks have one of this name, so
/// only redirects are kept out of it.
const FUNCTIONS: &str = "functions";

/// Endings that a host leaves out of an address.
const LEFT_OUT: &[&str] = &[".html", ".htm", ".xhtml", ".shtml"];

/// The address that a host may serve for this one, folded: `/A.html`, `/a/index.html` and `/a` stand for `/a/`.
/// Two addresses of which this is the same cannot be two pages.
#[must_use]
pub fn served(address: &str) -> String {
    let folded = slug::fold(address);
    let mut rest = folded.trim_matches('/');
    loop {
        rest = rest.trim_end_matches(['.', ' ']);
        let (folder, last) = rest.rsplit_once('/').unwrap_or(("", rest));
        let bare = without_ending(last);
        // Each turn makes the rest shorter, so this ends.
        rest = match bare {
            bare if bare.len() < last.len() && !bare.is_empty() => {
                &rest[..folder.len() + usize::from(!folder.is_empty()) + bare.len()]
            }
            // Only a file is an index: a page called so is a folder, and has an index of its own.
            _ if last == "index" && is_file(&folded) => folder.trim_end_matches('/'),
            _ => break,
        };
    }
    if rest.is_empty() { "/".to_string() } else { format!("/{rest}/") }
}

/// Whether a list is filtered by a facet that addresses call so.
fn is_facet(kind: Kind, name: &str) -> bool {
    kind.has_list()
        && Field::facets().any(|(field, facet)| field.is_taken_by(kind) && url::part(facet) == name)
}

/// Whether the directory of people is filtered by a field that addresses call so.
fn is_of_directory(name: &str) -> bool {
    [Field::Role, Field::Interests].iter().any(|field| field.name() == name)
}

fn without_ending(part: &str) -> &str {
    LEFT_OUT.iter().find_map(|ending| part.strip_suffix(ending)).unwrap_or(part)
}

/// Whether an address is that of a file rather than of a folder with an index.
fn is_file(address: &str) -> bool {
    !address.ends_with('/')
}

/// Whose an address is, with everything below it, if it is not free for a page.
#[must_use]
pub fn owner(address: &str) -> Option<Owner> {
    let folded = slug::fold(address);
    let parts = folded.trim_matches('/').split('/');
    if let Some((_, owner)) = parts.clone().find_map(|part| IN_FOLDERS.iter().find(|(name, _)| *name == part))
    {
        return Some(*owner);
    }
    let served = served(address);
    let mut served = served.trim_matches('/').split('/');
    let first = served.next().unwrap_or_default();
    let second = served.next();
    let third = served.next();
    let is_last = second.is_none();
    if first.is_empty() {
        return Some(Owner::Site);
    }
    // A folder called `search.html` is in the way of `search/` on some hosts, whatever lies in it.
    let first = without_ending(first);
    if let Some(kind) = Kind::ALL.iter().find(|kind| **kind != Kind::Page && kind.plural() == first) {
        // Below the lists stand the entries of contributors.
        let is_of_facet = second.zip(third).is_some_and(|(second, _)| is_facet(*kind, second));
        let is_of_people = *kind == Kind::Person
            && (third == Some(url::BADGE) || third.is_some() && second.is_some_and(is_of_directory));
        let is_own = is_last
            || is_of_facet
            || is_of_people
            || second == Some("page")
            || (*kind == Kind::Question && matches!(second, Some("unanswered" | "unsolved")))
            || (*kind == Kind::Idea && second == Some("shipped"))
            || second.is_some_and(|second| Order::is_part(*kind, second));
        return is_own.then_some(Owner::Site);
    }
    let is_part_of_sitemap = first.starts_with("sitemap-") && first.ends_with(".xml");
    if OF_SITE.contains(&first) || is_part_of_sitemap {
        return Some(Owner::Site);
    }
    OF_HOSTS.contains(&first).then_some(Owner::Host)
}

/// Whose an address is, if it is not free for a redirect. A redirect may be a file, which is in the way of more than a
/// folder is.
#[must_use]
pub fn owner_of_alias(address: &str) -> Option<Owner> {
    let own = owner(address);
    if own.is_some() {
        return own;
    }
    let served = served(address);
    let parts = served.trim_matches('/');
    // Hosts look for the nearest `404.html` when a page is not there.
    let is_error_page = is_file(address) && parts.rsplit('/').next() == Some("404");
    let is_function = parts.split('/').next() == Some(FUNCTIONS);
    (is_error_page || is_function).then_some(Owner::Host)
}

/// The slug nearest to a reserved one whose address is free for a page of this kind: `search/hello` becomes
/// `search-pages/hello`, `feed.xml` becomes `feed-xml`, the question `page` becomes `page-question`. It depends on
/// nothing but the slug, so a page stays where it is whatever else comes or goes. The page of a folder stands where the
/// pages in it do.
#[must_use]
pub fn free(kind: Kind, slug: &str, is_folder: bool) -> String {
    let is_in_folders = |part: &&str| IN_FOLDERS.iter().any(|(name, _)| *name == slug::fold(part));
    let hyphened = |part: &str| part.replace('.', "-").trim_matches('-').to_string();
    let mut parts: Vec<String> = slug
        .split('/')
        .map(|part| if is_in_folders(&part) { hyphened(part) } else { part.to_string() })
        .collect();
    // The first part of a page's slug, the only one of every other.
    let is_taken = |parts: &[String]| of_page(kind, &super::url::entry(kind, &parts.join("/"))).is_some();
    if is_taken(&parts) && parts[0].contains('.') {
        parts[0] = hyphened(&parts[0]);
    }
    let slug = parts.join("/");
    if is_taken(&parts) { beside(kind, &slug, is_folder) } else { slug }
}

/// A slug beside one that is taken: `about` becomes `about-page`, `search/hello` becomes `search-pages/hello`.
#[must_use]
pub fn beside(kind: Kind, slug: &str, is_folder: bool) -> String {
    match slug.split_once('/') {
        Some((first, rest)) => format!("{first}-{}/{rest}", kind.plural()),
        None if is_folder => format!("{slug}-{}", kind.plural()),
        None => format!("{slug}-{}", kind.singular()),
    }
}

/// Whose an address is, if an entry of this kind cannot have it: it is reserved, or it would put a plain page among the
/// entries of another kind.
#[must_use]
pub fn of_page(kind: Kind, address: &str) -> Option<Owner> {
    let first = address.trim_matches('/').split('/').next().unwrap_or_default();
    if kind == Kind::Page && is_first_of_list(first) { Some(Owner::Site) } else { owner(address) }
}

/// Whether the entries of a kind stand below this part.
fn is_first_of_list(first: &str) -> bool {
    let first = slug::fold(first);
    let first = without_ending(&first);
    Kind::ALL.iter().any(|kind| *kind != Kind::Page && kind.plural() == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_keeps_its_own_addresses() {
        for address in [
            "/",
            "/questions/",
            "/questions/page/",
            "/questions/unanswered/",
            "/questions/unanswered.html",
            "/questions/helpful/",
            "/ideas/active/",
            "/ideas/shipped/",
            "/tags/a/",
            "/404.html/",
            "/404/",
            "/docs/index.html/",
            "/people/ana/feed.xml/",
            "/Search/",
            "/ｓｅａｒｃｈ/",
            "/search.html",
            "/search.HTM",
            "/search.html/below/",
            "/search/index.html",
            "/index.php",
            "/write/",
            "/sitemap-12.xml",
            "/_worker.js/",
            "/_Headers/",
            "/CNAME/",
            "/.well-known/x/",
            "/docs/web.config/",
        ] {
            assert!(owner(address).is_some(), "{address}");
        }
        for address in [
            "/questions/a/",
            "/questions/404/",
            "/about/",
            "/docs/questions/",
            "/docs/search/",
            "/docs/404/",
            "/how-tos/unanswered/",
            "/stories/active/",
            "/functions/map/",
            "/2020/01/post.html",
            "/searching/",
            "/docs/index/",
        ] {
            assert_eq!(owner(address), None, "{address}");
        }
        assert_eq!(owner_of_alias("/docs/404.html"), Some(Owner::Host));
        assert_eq!(owner_of_alias("/functions/map/"), Some(Owner::Host));
        assert_eq!(owner_of_alias("/2020/01/post.html"), None);
    }

    #[test]
    fn what_the_site_writes_itself_is_reserved() {
        use super::super::url;
        let own = [
            url::HOME,
            url::UNANSWERED,
            url::UNSOLVED,
            url::SHIPPED,
            url::HELP_WANTED,
            url::HELP_WANTED_FEED,
            url::THANKS,
            url::DECIDE,
            url::CRITICAL,
            url::TAGS,
            url::PRODUCTS,
            url::GUIDELINES_PAGE,
            url::NOT_FOUND,
            url::SITEMAP,
            url::ROBOTS,
            url::OPENSEARCH,
            url::ALERTS,
            url::OPML,
            url::SEARCH_PAGE,
            url::WRITE_PAGE,
            url::INSIGHT_PAGE,
            url::MODERATION_PAGE,
        ];
        let made = [
            url::sitemap_part(1),
            url::tag("a"),
            url::help_wanted("a"),
            url::product("a"),
            url::version("a", "4.2"),
            url::product_feed("a"),
            url::place_feed("a"),
            url::replies_feed("ana"),
            url::entry_feed("/questions/a/"),
            url::numbered(url::TAGS, 2),
            url::badge("ana"),
            url::facet(Kind::Person, Field::Role.name(), "partner"),
            url::facet(Kind::Person, Field::Interests.name(), "a"),
        ];
        let lists = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page).map(|kind| url::list(kind, 1));
        let feeds = url::feeds(url::HOME).into_iter().chain(url::feeds(&url::person("ana")));
        let own = own.into_iter().map(str::to_string);
        let orders = Order::ALL.into_iter().map(|order| url::sorted(Kind::Question, order));
        for address in own.chain(made).chain(lists).chain(feeds).chain(orders) {
            assert_eq!(owner(&address), Some(Owner::Site), "{address}");
        }
    }

    #[test]
    fn an_address_is_what_a_host_serves_there() {
        for address in ["/a/", "/a", "/A.html", "/a/index.html", "/a.htm", "/a.html.html", "/ａ.html", "/a./"]
        {
            assert_eq!(served(address), "/a/", "{address}");
        }
        assert_eq!(served("/"), "/");
        assert_eq!(served("/index.html"), "/");
        assert_eq!(served("/a/index/"), "/a/index/");
        assert_eq!(served("/v4.2/"), "/v4.2/");
    }

    #[test]
    fn what_is_reserved_has_a_readable_address_nearby() {
        for (kind, slug, expected) in [
            (Kind::Page, "search/hello", "search-pages/hello"),
            (Kind::Page, "search", "search-page"),
            (Kind::Page, "questions/a", "questions-pages/a"),
            (Kind::Page, "people", "people-page"),
            (Kind::Page, "docs/index.html", "docs/index-html"),
            (Kind::Page, "index.html/hello", "index-html/hello"),
            (Kind::Page, "404.html", "404-html"),
            (Kind::Page, "404", "404-page"),
            (Kind::Page, "_worker.js", "_worker-js"),
            (Kind::Page, "_headers", "_headers-page"),
            (Kind::Page, "search.html/a", "search-html/a"),
            (Kind::Page, "robots.txt", "robots-txt"),
            (Kind::Question, "page", "page-question"),
            (Kind::Question, "unanswered", "unanswered-question"),
            (Kind::Question, "unanswered.html", "unanswered-html"),
            (Kind::HowTo, "helpful", "helpful-how-to"),
            (Kind::Idea, "feed.xml", "feed-xml"),
            (Kind::Idea, "fine", "fine"),
            (Kind::Idea, "shipped", "shipped-idea"),
        ] {
            assert_eq!(free(kind, slug, false), expected, "{slug}");
            assert_eq!(of_page(kind, &super::super::url::entry(kind, expected)), None, "{expected}");
        }
    }

    #[test]
    fn the_page_of_a_folder_stands_where_the_pages_in_it_do() {
        assert_eq!(free(Kind::Page, "search", true), "search-pages");
        assert_eq!(free(Kind::Page, "search/deep", true), "search-pages/deep");
    }

    #[test]
    fn every_reserved_name_has_one() {
        let names = OF_SITE.iter().chain(OF_HOSTS).chain(IN_FOLDERS.iter().map(|(name, _)| name));
        let kinds = Kind::ALL.iter().map(|kind| kind.plural());
        for name in names.copied().chain(kinds) {
            let name = slug::slug(name);
            for slug in [name.clone(), format!("{name}/x"), format!("{name}.html"), format!("x/{name}")] {
                let free = free(Kind::Page, &slug, false);
                assert_eq!(of_page(Kind::Page, &format!("/{free}/")), None, "{slug} is {free}");
            }
        }
    }
}
