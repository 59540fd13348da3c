//! What every template may see besides its view.

use std::collections::BTreeSet;

use serde::Serialize;

use super::csp;
use crate::page::kind::Kind;
use crate::page::limits::{self, MENU_PAGES, MENU_TEXT};
use crate::site::reader::Reader;
use crate::site::{EntryId, alert, contribution, menu as menu_pages, url};
use crate::view::{self, DoorsView, LinkView};
use crate::words::Word;

/// What every template may see besides its view: the configuration's own words, never anything of content.
#[derive(Debug, Serialize)]
pub(super) struct Global {
    /// The name of the site.
    title: String,
    /// One sentence about it; empty if there is none.
    tagline: String,
    /// The main language, as BCP 47.
    language: String,
    /// The whole address of the home page.
    url: String,
    /// The link to the home page.
    home: String,
    /// The link to the search page, unless the site has no search.
    search: Option<String>,
    /// The link to the description by which a browser searches the site.
    opensearch: String,
    /// The link to the logo.
    logo: Option<String>,
    /// Its width in pixels, if it is a picture in `static/` that can be measured.
    logo_width: Option<u32>,
    /// Its height in pixels, if its width is known.
    logo_height: Option<u32>,
    /// The link to the icon that the configuration names.
    favicon: Option<String>,
    /// The full address of the picture that represents a page without its own where its address is shared.
    card: Option<String>,
    /// The menu: the configuration's, else one of what there is.
    menu: Vec<LinkView>,
    /// The links below every page.
    footer: Vec<LinkView>,
    /// The text below every page.
    footer_text: Option<String>,
    /// The content security policy, for a `<meta>` element.
    csp: String,
    /// Where a question can be asked: the git host's editor, prefilled.
    ask_url: Option<String>,
    /// Where something new can be written.
    doors: DoorsView,
    /// What readers need to write on the git host, in words: `a GitHub account`.
    account: Option<String>,
    /// The link to the page on which people write without an account, if there is one. `?kind=` says what they
    /// write: `question`, `answer`, `story`, `how-to` or `idea`; `&to=` the slug of the question that an answer is for.
    write_url: Option<String>,
    /// The link to the figures of the community, if they are public.
    insight: Option<String>,
    /// The link to the log of moderation, if it is public and has anything in it.
    moderation: Option<String>,
    /// Whether something urgent is not over yet, for which pages load a script: `all` if it may be for everybody, `some`
    /// if it is for those who chose its place or product, else nothing.
    alerts: Option<&'static str>,
    /// How to contact the people who run the site.
    contact: Option<String>,
    /// The address of the repository.
    repository: Option<String>,
}

impl Global {
    pub(super) fn new<'f>(site: &Reader<'_>, mut files: impl Iterator<Item = &'f String>) -> Global {
        let (config, urls) = (site.config(), site.urls());
        let is_card = |address: &&String| {
            let rest = address.strip_prefix(&format!("/{}/card.", url::ASSETS));
            rest.is_some_and(|rest| rest.ends_with(".png") && !rest.contains('/'))
        };
        // Anyone who shows the picture asks for it from elsewhere, so its address is a whole one.
        let card = match &config.brand.card {
            Some(path) if path.contains("://") => Some(path.clone()),
            Some(path) => Some(urls.absolute(&format!("/{}", path.trim_start_matches('/')))),
            None => files.find(is_card).map(|address| urls.absolute(address)),
        };
        // A path from the root of the site stands below the base path like every other link.
        let link = |item: &crate::config::MenuItem| LinkView {
            title: item.label.clone(),
            url: site.config_url(&item.url),
        };
        let logo = config.brand.logo.as_deref();
        let size = logo.and_then(|logo| site.static_size(logo));
        Global {
            title: config.title.clone(),
            tagline: config.tagline.clone().unwrap_or_default(),
            language: config.language.clone(),
            url: urls.absolute(url::HOME),
            home: urls.href(url::HOME),
            search: config.search.enabled.then(|| urls.href(url::SEARCH_PAGE)),
            opensearch: urls.href(url::OPENSEARCH),
            logo: logo.map(|it| site.config_url(it)),
            logo_width: size.map(|(width, _)| width),
            logo_height: size.map(|(_, height)| height),
            favicon: config.brand.favicon.as_deref().map(|it| site.config_url(it)),
            card,
            menu: if config.menu.is_empty() { menu(site) } else { config.menu.iter().map(link).collect() },
            footer: config.footer.links.iter().map(link).collect(),
            footer_text: config.footer.text.clone(),
            csp: csp(config),
            ask_url: site.ask_url(),
            doors: DoorsView::new(site),
            account: contribution::account(config, site.words()),
            write_url: config.takes_writing().then(|| urls.href(url::WRITE_PAGE)),
            insight: config.public_insight.then(|| urls.href(url::INSIGHT_PAGE)),
            moderation: site.has_moderation().then(|| urls.href(url::MODERATION_PAGE)),
            alerts: alerts(site),
            contact: config.contact.clone(),
            repository: config.repository.as_ref().map(|it| it.url.clone()),
        }
    }
}

/// For whom something is urgent.
fn alerts(site: &Reader<'_>) -> Option<&'static str> {
    let urgent = alert::urgent(site);
    let is_for_all = |id: &EntryId| {
        let entry = site.entry(*id);
        entry.products.is_empty() && alert::places(entry.kind, site.fields(entry.page)).is_empty()
    };
    match urgent.iter().any(is_for_all) {
        true => Some("all"),
        false => (!urgent.is_empty()).then_some("some"),
    }
}

/// The menu of a site whose configuration names none: its lists, and the pages that want to be in it.
/// Which kinds there are changes seldom; how much there is of each stands nowhere in a menu.
fn menu(site: &Reader<'_>) -> Vec<LinkView> {
    let kinds: BTreeSet<Kind> = site.listed().map(|(_, entry)| entry.kind).collect();
    let lists = kinds.iter().filter(|kind| !matches!(kind, Kind::Page | Kind::Person));
    let mut menu: Vec<LinkView> =
        lists.map(|kind| view::link(site, site.words().kinds(*kind), &url::list(*kind, 1))).collect();
    if !site.tags().is_empty() {
        menu.push(view::link(site, site.words().get(Word::Tags), url::TAGS));
    }
    if site.people().values().any(|person| !person.unlisted) {
        menu.push(view::link(site, site.words().kinds(Kind::Person), url::PEOPLE));
    }
    for (id, label) in menu_pages::pages(site).into_iter().take(MENU_PAGES) {
        // A title is longer than what a menu has room for.
        let label = limits::cut(label, MENU_TEXT).unwrap_or_else(|| label.to_string());
        menu.push(view::link(site, label, site.address(id)));
    }
    menu
}
