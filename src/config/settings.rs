//! The values of single settings: each is understood, or refused with its place and what should stand there.
//!
//! Long because it reads every key of `longhouse.yaml`, one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use url::Url;

use super::colour::Colour;
use super::keys::{
    BrandKey, DecideKey, FooterKey, LEVELS, MarkdownKey, MenuKey, ProductKey, RepositoryKey, SearchKey,
    TagsKey, VersionKey, WriteKey,
};
use super::{BaseUrl, Brand, Footer, Host, Level, MenuItem, Product, Repository, Search, Tags, Token, Write};
use crate::diagnostic::{Rule, Span, Spanned, nearest};
use crate::page::front_matter::{Role, is_language};
use crate::page::kind::FolderKind;
use crate::page::markdown::Extensions;
use crate::page::slug;
use crate::yaml::key::Keys;
use crate::yaml::walk::Walk;
use crate::yaml::{Node, NodeKind, Pair};

pub(super) fn value(text: Option<Spanned<String>>) -> Option<String> {
    text.map(|text| text.value)
}

/// The texts of the one key that a map may have.
pub(super) fn only<K: Keys>(walk: &mut Walk<'_>, node: Node<'_>, holder: &str) -> Vec<Spanned<String>> {
    let mut found = Vec::new();
    for (key, node) in walk.map(node, holder) {
        match K::from_name(&key.value) {
            Some(_) => found = walk.texts(node, &key.value),
            None => walk.unknown_key(&key, holder, K::KEYS),
        }
    }
    found
}

pub(super) fn base_url(walk: &mut Walk<'_>, text: &Spanned<String>, name: &str) -> Option<BaseUrl> {
    match BaseUrl::parse(&text.value) {
        Ok(url) => Some(url),
        Err(reason) => {
            let message = format!("`{name}` cannot be `{}`: {reason}.", text.value);
            walk.problem(
                text.span,
                message,
                "Write the full address of the site, such as `https://help.example.org/`.",
            );
            None
        }
    }
}

pub(super) fn language(walk: &mut Walk<'_>, text: Spanned<String>) -> Option<String> {
    if is_language(&text.value) {
        return Some(text.value);
    }
    walk.problem(
        text.span,
        format!("`{}` is not a language code.", text.value),
        "Write a language code, such as `en`, `de` or `pt-BR`.",
    );
    None
}

pub(super) fn timezone(walk: &mut Walk<'_>, text: &Spanned<String>) -> Option<TimeZone> {
    let zone = TimeZone::get(&text.value).ok();
    if zone.is_none() {
        walk.problem(
            text.span,
            format!("There is no time zone `{}`.", text.value),
            "Write a region and a city, such as `Europe/Berlin`, or `UTC`.",
        );
    }
    zone
}

pub(super) fn file_name(walk: &mut Walk<'_>, text: Spanned<String>, name: &str) -> Option<String> {
    let simple = text.value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if simple && !text.value.starts_with('.') {
        return Some(text.value);
    }
    let message = format!("`{name}` cannot be `{}`.", text.value);
    walk.problem(text.span, message, format!("Write the name of a folder in `{name}s/`, without slashes."));
    None
}

/// A folder that lies in the site's root, whatever is written.
pub(super) fn folder(walk: &mut Walk<'_>, text: &Spanned<String>, name: &str) -> Option<String> {
    let path = text.value.trim_start_matches("./").trim_end_matches('/');
    if matches!(path, "" | ".") {
        return Some(String::new());
    }
    let leaves =
        path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains(['\\', ':', '\0']);
    if leaves {
        let message = format!("`{name}` cannot be `{}`.", text.value);
        walk.problem(
            text.span,
            message,
            "Write the path of a folder in the root of the site, such as `content` or `docs/pages`.",
        );
        return None;
    }
    Some(path.to_owned())
}

pub(super) fn kinds(walk: &mut Walk<'_>, node: Node<'_>) -> BTreeMap<String, FolderKind> {
    let mut kinds = BTreeMap::new();
    for (key, node) in walk.map(node, "kinds") {
        let place = Spanned::new(key.value.clone().into_owned(), key.span);
        let Some(folder) = folder(walk, &place, "kinds") else { continue };
        if let Some(kind) = walk.word(node, &key.value, &FolderKind::WORDS, FolderKind::from_word) {
            kinds.insert(folder, kind);
        }
    }
    kinds
}

/// The tokens of the default theme that are colours.
pub(crate) const COLOURS: [&str; 6] = ["accent", "accent-dark", "paper", "paper-dark", "ink", "ink-dark"];

pub(super) fn brand(walk: &mut Walk<'_>, node: Node<'_>) -> Brand {
    let mut brand = Brand::default();
    for (key, node) in walk.map(node, "brand") {
        let name = key.value.replace('_', "-");
        if COLOURS.contains(&&*name) && node.kind == NodeKind::Null {
            walk.problem(
                key.span,
                format!("`{name}` has no value."),
                format!("A `#` starts a comment. Put the colour in quotes: `{name}: \"#0f5c5c\"`."),
            );
            continue;
        }
        let Some(text) = walk.text(node, &key.value) else { continue };
        let path = match BrandKey::from_name(&key.value) {
            Some(BrandKey::Promise) => {
                brand.promise = Some(text.value);
                continue;
            }
            Some(BrandKey::Logo) => Some(("logo", &mut brand.logo)),
            Some(BrandKey::Favicon) => Some(("favicon", &mut brand.favicon)),
            Some(BrandKey::Card) => Some(("card", &mut brand.card)),
            None => None,
        };
        if let Some((key, path)) = path {
            *path = Some(text.value);
            brand.places.insert(key, text.span);
        } else if token(walk, &name, &text) {
            brand.tokens.insert(name, Token { name: key.span, value: text });
        }
    }
    brand
}

/// Whether a design token can go into a style sheet and means something there.
fn token(walk: &mut Walk<'_>, name: &str, text: &Spanned<String>) -> bool {
    // These signs would end the value.
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_name || text.value.contains(['{', '}', ';', '<', '>', '\\', '\n']) {
        walk.problem(
            text.span,
            format!("`{name}: {}` cannot be used in a style sheet.", text.value),
            "Write a simple name and a simple value, such as `accent: \"#0a7\"`.",
        );
        return false;
    }
    if !COLOURS.contains(&name) || Colour::parse(&text.value).is_some() {
        return true;
    }
    let message = format!("`{}` is not a colour, so it cannot be `{name}`.", text.value);
    let with_sign = format!("#{}", text.value);
    if Colour::parse(&with_sign).is_some() {
        let help =
            format!("Did you mean `\"{with_sign}\"`? The quotes are needed because `#` starts a comment.");
        walk.mendable(text.span, message, help, format!("\"{with_sign}\""));
        return false;
    }
    let known = csscolorparser::NAMED_COLORS.keys().map(|name| name.as_str());
    let near = Some(&text.value).filter(|it| it.chars().all(|c| c.is_ascii_alphabetic()));
    match near.and_then(|typed| nearest(typed, known)) {
        Some(near) => walk.guess(text.span, message, near, ""),
        None => walk.problem(
            text.span,
            message,
            "Write it as `\"#0f5c5c\"`, `rgb(15 92 92)`, `hsl(180 72% 21%)`, `oklch(43% 0.07 195)` or `teal`.",
        ),
    }
    false
}

/// A list of `{label, url}`, of `Label: url`, or names and addresses.
pub(super) fn menu(walk: &mut Walk<'_>, node: Node<'_>, name: &str) -> Vec<MenuItem> {
    let help = "Write each entry as `- {label: About, url: /about/}`.";
    match node.kind {
        NodeKind::Null => Vec::new(),
        NodeKind::List(items) => items
            .into_iter()
            .filter_map(|item| {
                let span = item.span;
                match item.kind {
                    NodeKind::Map(pairs) => menu_item(walk, span, pairs, name),
                    _ => {
                        walk.problem(
                            span,
                            format!("An entry of `{name}` must be a text and an address."),
                            help,
                        );
                        None
                    }
                }
            })
            .collect(),
        NodeKind::Map(pairs) => pairs
            .into_iter()
            .filter_map(|(key, node)| {
                let url = walk.text(node, &key.value)?.value;
                Some(MenuItem { label: key.value.into_owned(), url })
            })
            .collect(),
        NodeKind::Scalar { .. } => {
            walk.problem(node.span, format!("`{name}` must be a list."), help);
            Vec::new()
        }
    }
}

fn menu_item(walk: &mut Walk<'_>, span: Span, mut pairs: Vec<Pair<'_>>, name: &str) -> Option<MenuItem> {
    const LABEL: [&str; 4] = ["label", "title", "name", "text"];
    const URL: [&str; 3] = ["url", "href", "link"];
    let known = |key: &str| LABEL.contains(&key) || URL.contains(&key);
    if pairs.len() == 1 && !known(&pairs[0].0.value) {
        let (key, node) = pairs.pop()?;
        let url = walk.text(node, &key.value)?.value;
        return Some(MenuItem { label: key.value.into_owned(), url });
    }
    let (mut label, mut url) = (None, None);
    for (key, node) in pairs {
        if LABEL.contains(&&*key.value) {
            label = walk.text(node, &key.value);
        } else if URL.contains(&&*key.value) {
            url = walk.text(node, &key.value);
        } else {
            walk.unknown_key(&key, name, MenuKey::KEYS);
        }
    }
    match (label, url) {
        (Some(label), Some(url)) => Some(MenuItem { label: label.value, url: url.value }),
        _ => {
            walk.problem(
                span,
                format!("An entry of `{name}` needs `label` and `url`."),
                "Write `- {label: About, url: /about/}`.",
            );
            None
        }
    }
}

pub(super) fn footer(walk: &mut Walk<'_>, node: Node<'_>) -> Footer {
    let is_text_and_links = matches!(&node.kind, NodeKind::Map(pairs)
        if !pairs.is_empty() && pairs.iter().all(|(key, _)| FooterKey::from_name(&key.value).is_some()));
    match node.kind {
        NodeKind::Scalar { .. } => Footer { text: value(walk.text(node, "footer")), links: Vec::new() },
        NodeKind::Map(pairs) if is_text_and_links => {
            let mut footer = Footer::default();
            for (key, node) in pairs {
                match FooterKey::from_name(&key.value) {
                    Some(FooterKey::Text) => footer.text = value(walk.text(node, &key.value)),
                    Some(FooterKey::Links) => footer.links = menu(walk, node, &key.value),
                    None => {}
                }
            }
            footer
        }
        _ => Footer { text: None, links: menu(walk, node, "footer") },
    }
}

pub(super) fn origins(walk: &mut Walk<'_>, texts: Vec<Spanned<String>>) -> Vec<String> {
    let mut origins = Vec::new();
    for text in texts {
        // Only an origin: a keyword such as 'unsafe-inline' would undo the policy.
        match Url::parse(&text.value) {
            Ok(url)
                if matches!(url.scheme(), "http" | "https" | "wss")
                    && url.host_str().is_some_and(is_host) =>
            {
                origins.push(url.origin().ascii_serialization());
            }
            _ => walk.problem(
                text.span,
                format!("`allow` cannot be `{}`.", text.value),
                "Write the address of a host, such as `https://videos.example.org`.",
            ),
        }
    }
    origins
}

pub(super) fn hosts(walk: &mut Walk<'_>, texts: Vec<Spanned<String>>) -> Vec<String> {
    let mut hosts = Vec::new();
    for text in texts {
        let host = text.value.to_ascii_lowercase();
        if is_host(&host) {
            hosts.push(host);
        } else if let Some(host) = Url::parse(&host).ok().and_then(|url| url.host_str().map(str::to_owned)) {
            let message = format!("`{}` is an address, but a host is needed.", text.value);
            walk.mendable(text.span, message, format!("Write `{host}`."), host);
        } else {
            walk.problem(
                text.span,
                format!("`{}` is not a host.", text.value),
                "Write a host name, such as `images.example.org`.",
            );
        }
    }
    hosts
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'[' | b']'))
        && Url::parse(&format!("https://{text}/")).is_ok()
}

pub(super) fn repository(walk: &mut Walk<'_>, node: Node<'_>) -> Option<Repository> {
    let span = node.span;
    let (mut host, mut url, mut branch, mut path, mut edit_url, mut new_url) =
        (None, None, None, None, None, None);
    if let NodeKind::Scalar { .. } = node.kind {
        url = walk.text(node, "repository");
    } else {
        for (key, node) in walk.map(node, "repository") {
            let name: &str = &key.value;
            match RepositoryKey::from_name(name) {
                Some(RepositoryKey::Host) => host = walk.word(node, name, &Host::WORDS, Host::from_word),
                Some(RepositoryKey::Url) => url = walk.text(node, name),
                Some(RepositoryKey::Branch) => branch = walk.text(node, name),
                Some(RepositoryKey::Path) => {
                    path = walk.text(node, name).and_then(|text| folder(walk, &text, name));
                }
                Some(RepositoryKey::EditUrl) => edit_url = pattern(walk, node, name),
                Some(RepositoryKey::NewUrl) => new_url = pattern(walk, node, name),
                None => walk.unknown_key(&key, "repository", RepositoryKey::KEYS),
            }
        }
    }
    let parsed = match &url {
        None => None,
        Some(text) => match Url::parse(&text.value) {
            Ok(parsed) if matches!(parsed.scheme(), "http" | "https") && parsed.host_str().is_some() => {
                Some(parsed)
            }
            _ => {
                let message = format!("`url` cannot be `{}`.", text.value);
                walk.problem(
                    text.span,
                    message,
                    "Write the address of the repository in a browser, such as `https://github.com/acme/community`.",
                );
                return None;
            }
        },
    };
    let patterns = edit_url.is_some() || new_url.is_some();
    let host = host.or_else(|| parsed.as_ref().and_then(Host::of)).or(patterns.then_some(Host::Custom));
    let place = url.as_ref().map_or(span, |url| url.span);
    let Some(host) = host else {
        let help = "Add the software that hosts it: `host: github`, `gitlab`, `gitea`, `bitbucket`, `azure` or \
            `custom`.";
        walk.problem(place, "The software that hosts this repository is unknown.", help);
        return None;
    };
    if parsed.is_none() && !(host == Host::Custom && patterns) {
        walk.problem(
            span,
            "`repository` needs `url`.",
            "Write its address in a browser, such as `url: https://github.com/acme/community`.",
        );
        return None;
    }
    let url = url.map(|url| url.value).unwrap_or_default();
    let url = url.trim_end_matches('/').trim_end_matches(".git").to_owned();
    let branch = branch.map_or_else(|| "main".to_owned(), |branch| branch.value);
    Some(Repository { host, url, branch, path: path.unwrap_or_default(), edit_url, new_url })
}

fn pattern(walk: &mut Walk<'_>, node: Node<'_>, name: &str) -> Option<String> {
    let text = walk.text(node, name)?;
    let usable = ["https://", "http://"].iter().any(|scheme| text.value.starts_with(scheme));
    if !usable || !["{path}", "{file}"].iter().any(|part| text.value.contains(part)) {
        let message = format!("`{name}` cannot be `{}`.", text.value);
        walk.problem(
            text.span,
            message,
            "Write an address that contains `{path}`, such as `https://git.example.org/edit/{branch}/{path}`.",
        );
        return None;
    }
    Some(text.value)
}

pub(super) fn team(walk: &mut Walk<'_>, node: Node<'_>) -> BTreeMap<String, Role> {
    let mut team = BTreeMap::new();
    if let NodeKind::List(_) = node.kind {
        for handle in walk.texts(node, "team") {
            team.insert(slug::handle(&handle.value), Role::Staff);
        }
        return team;
    }
    for (key, node) in walk.map(node, "team") {
        if let Some(role) = walk.word(node, &key.value, Role::WORDS, Role::from_word) {
            team.insert(slug::handle(&key.value), role);
        }
    }
    team
}

pub(super) fn products(walk: &mut Walk<'_>, node: Node<'_>) -> Vec<Product> {
    const HELP: &str = "Write each one as `- {id: boiler, name: The Boiler, versions: [4.1, 4.2]}`.";
    let mut products: Vec<Product> = Vec::new();
    let entries: Vec<(Option<Spanned<String>>, Node<'_>)> = match node.kind {
        NodeKind::Null => Vec::new(),
        NodeKind::List(items) => items.into_iter().map(|item| (None, item)).collect(),
        NodeKind::Map(pairs) => {
            pairs.into_iter().map(|(key, node)| (Some(key.map(Cow::into_owned)), node)).collect()
        }
        NodeKind::Scalar { .. } => {
            walk.problem(node.span, "`products` must be a list.", HELP);
            Vec::new()
        }
    };
    for (id, node) in entries {
        let span = id.as_ref().map_or(node.span, |id| id.span);
        let Some((id, product)) = product(walk, id, node) else {
            walk.problem(span, "This product has no `id`.", HELP);
            continue;
        };
        if slug::slug(&product.id) != product.id {
            let right = slug::slug(&product.id);
            let message = format!("`{}` cannot be part of an address.", product.id);
            walk.mendable(
                id,
                message,
                format!("Write `{right}`, and put the display name into `name`."),
                right,
            );
        } else if products.iter().any(|known| known.id == product.id) {
            walk.problem(
                id,
                format!("There are two products `{}`.", product.id),
                "Merge them, or rename one.",
            );
        } else {
            products.push(product);
        }
    }
    products
}

fn product(walk: &mut Walk<'_>, id: Option<Spanned<String>>, node: Node<'_>) -> Option<(Span, Product)> {
    let mut id = id;
    let mut product = Product::default();
    match node.kind {
        NodeKind::Scalar { .. } => {
            let text = walk.text(node, "products")?;
            if id.is_some() {
                product.name = text.value;
            } else {
                id = Some(text);
            }
        }
        _ => {
            for (key, node) in walk.map(node, "products") {
                let name: &str = &key.value;
                match ProductKey::from_name(name) {
                    Some(ProductKey::Id) => id = walk.text(node, name).or(id),
                    Some(ProductKey::Name) => {
                        product.name = value(walk.text(node, name)).unwrap_or_default();
                    }
                    Some(ProductKey::Versions) => versions(walk, node, name, &mut product),
                    Some(ProductKey::UseCases) => product.use_cases = values(walk.texts(node, name)),
                    None => walk.unknown_key(&key, "products", ProductKey::KEYS),
                }
            }
        }
    }
    let id = id?;
    if product.name.is_empty() {
        product.name.clone_from(&id.value);
    }
    product.id = id.value;
    Some((id.span, product))
}

/// Versions are texts; one of which more is known is a map.
fn versions(walk: &mut Walk<'_>, node: Node<'_>, name: &str, product: &mut Product) {
    let items = match node.kind {
        NodeKind::List(items) if items.iter().any(|it| matches!(it.kind, NodeKind::Map(_))) => items,
        _ => {
            product.versions = values(walk.texts(node, name));
            return;
        }
    };
    for item in items {
        let NodeKind::Map(_) = item.kind else {
            product.versions.extend(value(walk.text(item, name)));
            continue;
        };
        let span = item.span;
        let (mut version, mut is_coming) = (None, false);
        for (key, node) in walk.map(item, name) {
            match VersionKey::from_name(&key.value) {
                Some(VersionKey::Name) => version = value(walk.text(node, &key.value)),
                Some(VersionKey::State) => {
                    is_coming = walk
                        .word(node, &key.value, &["coming"], |it| (it == "coming").then_some(()))
                        .is_some();
                }
                None => walk.unknown_key(&key, name, VersionKey::KEYS),
            }
        }
        match version {
            Some(version) if is_coming => product.coming.push(version),
            Some(version) => product.versions.push(version),
            None => walk.problem(
                span,
                "This version has no `name`.",
                "Write it as `{name: \"5.0\", state: coming}`.",
            ),
        }
    }
}

/// What `decide:` says.
pub(super) fn decide_floor(walk: &mut Walk<'_>, node: Node<'_>) -> Option<usize> {
    let mut floor = None;
    for (key, node) in walk.map(node, "decide") {
        match DecideKey::from_name(&key.value) {
            Some(DecideKey::Floor) => floor = walk.number(node, &key.value, 1, 1000),
            None => walk.unknown_key(&key, "decide", DecideKey::KEYS),
        }
    }
    usize::try_from(floor?).ok()
}

pub(super) fn values(texts: Vec<Spanned<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

pub(super) fn tags(walk: &mut Walk<'_>, node: Node<'_>) -> Tags {
    let mut tags = Tags::default();
    if let NodeKind::List(_) | NodeKind::Scalar { .. } = node.kind {
        tags.known = values(walk.texts(node, "tags"));
        return tags;
    }
    for (key, node) in walk.map(node, "tags") {
        match TagsKey::from_name(&key.value) {
            Some(TagsKey::Known) => tags.known = values(walk.texts(node, &key.value)),
            Some(TagsKey::Synonyms) => {
                for (canonical, others) in walk.map(node, &key.value) {
                    for other in walk.texts(others, &canonical.value) {
                        let slug = slug::tag_slug(&other.value);
                        if slug == slug::tag_slug(&canonical.value) {
                            continue;
                        }
                        if let Some(first) = tags.synonyms.insert(slug, canonical.value.clone().into_owned())
                            && first != canonical.value
                        {
                            let message = format!("`{}` is already a synonym of `{first}`.", other.value);
                            walk.problem(
                                other.span,
                                message,
                                "A word can be a synonym of only one tag. Remove one of the two.",
                            );
                        }
                    }
                }
            }
            None => walk.unknown_key(&key, "tags", TagsKey::KEYS),
        }
    }
    tags
}

pub(super) fn search(walk: &mut Walk<'_>, node: Node<'_>) -> Search {
    let mut search = Search::default();
    if let NodeKind::Scalar { .. } = node.kind {
        search.enabled = walk.flag(node, "search").unwrap_or(true);
        return search;
    }
    for (key, node) in walk.map(node, "search") {
        match SearchKey::from_name(&key.value) {
            Some(SearchKey::Enabled) => search.enabled = walk.flag(node, &key.value).unwrap_or(true),
            Some(SearchKey::Language) => {
                search.language = walk.text(node, &key.value).and_then(|text| language(walk, text));
            }
            None => walk.unknown_key(&key, "search", SearchKey::KEYS),
        }
    }
    search
}

pub(super) fn write(walk: &mut Walk<'_>, node: Node<'_>) -> Write {
    let mut write = Write::default();
    if let NodeKind::Scalar { .. } = node.kind {
        write.enabled = walk.flag(node, "write");
        return write;
    }
    for (key, node) in walk.map(node, "write") {
        match WriteKey::from_name(&key.value) {
            Some(WriteKey::Enabled) => write.enabled = walk.flag(node, &key.value),
            Some(WriteKey::Issues) => write.issues = walk.flag(node, &key.value).unwrap_or(true),
            None => walk.unknown_key(&key, "write", WriteKey::KEYS),
        }
    }
    write
}

pub(super) fn markdown(walk: &mut Walk<'_>, node: Node<'_>) -> Extensions {
    let mut extensions = Extensions::default();
    for (key, node) in walk.map(node, "markdown") {
        let flag = match MarkdownKey::from_name(&key.value) {
            Some(MarkdownKey::Math) => &mut extensions.math,
            Some(MarkdownKey::Emoji) => &mut extensions.emoji,
            Some(MarkdownKey::Mentions) => &mut extensions.mentions,
            Some(MarkdownKey::Subscript) => &mut extensions.subscript,
            None => {
                walk.unknown_key(&key, "markdown", MarkdownKey::KEYS);
                continue;
            }
        };
        *flag = walk.flag(node, &key.value).unwrap_or(*flag);
    }
    extensions
}

pub(super) fn rules(walk: &mut Walk<'_>, node: Node<'_>) -> BTreeMap<Rule, Level> {
    let mut rules = BTreeMap::new();
    for (key, node) in walk.map(node, "rules") {
        let span = node.span;
        let Some(rule) = Rule::from_name(&key.value) else {
            let message = format!("There is no rule `{}`.", key.value);
            match Rule::nearest(&key.value) {
                Some(near) => walk.guess(key.span, message, near, ""),
                None => walk.problem(key.span, message, "List all rules with `longhouse check --explain`."),
            }
            continue;
        };
        let level = |word: &str| match word {
            "error" => Some(Level::Error),
            "warning" | "warn" => Some(Level::Warning),
            "off" | "false" => Some(Level::Off),
            _ => None,
        };
        let Some(level) = walk.word(node, &key.value, LEVELS, level) else { continue };
        if level == Level::Off && !rule.can_be_off() {
            let message = format!("`{}` cannot be turned off.", key.value);
            walk.mendable(
                span,
                message,
                "It keeps readers safe. To lower its level, write `warning`.",
                "warning",
            );
            continue;
        }
        rules.insert(rule, level);
    }
    rules
}
