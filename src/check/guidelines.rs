//! Phrases that a moderator wants to see, each by a rule of `GUIDELINES.md`.
//!
//! The list is the community's own: what is an insult in one place is a part's name in another. There is no list
//! of ours, so nobody is reported for naming a competitor or for criticising the company. What a phrase means in
//! its place a person decides; nothing ever happens to the page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::phrase::{Finder, PhraseMatch};
use crate::diagnostic::{Diagnostic, Rule, Spanned, nearest};
use crate::page::Page;
use crate::root;
use crate::site::{PageId, Site};

/// How many phrases are told of one file.
const REPORTED: usize = 50;

/// Looks for the phrases of the configuration, and whether the rules that it names are there.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let wanted = &site.sources().config.check.phrases;
    if wanted.is_empty() {
        return;
    }
    let rules = site.rules();
    let file = Arc::from(root::CONFIG);
    let mut phrases: Vec<(&str, &str)> = Vec::new();
    for it in wanted {
        match rules.get(&it.rule.value) {
            Some(_) => {
                phrases.extend(it.phrases.iter().map(|phrase| (it.rule.value.as_str(), phrase.as_str())))
            }
            None => diagnostics.push(no_such_rule(site, &file, &it.rule, &rules)),
        }
    }
    let Some(finder) = Finder::new(phrases.iter().map(|(_, phrase)| *phrase)) else { return };
    let of_team = of_team(site);
    let of_page = |(id, page): (PageId, &Arc<Page>)| {
        let source = site.sources().text(&page.path).filter(|_| !of_team.contains(&id))?;
        if super::is_taken_down(site, page) {
            return None;
        }
        let found = finder.find(page, source);
        let said = found.iter().take(REPORTED).map(|found| {
            let rule = phrases[found.phrase].0;
            to_look_at(page, found, rule, rules.get(rule).map_or("", String::as_str))
        });
        Some(said.collect::<Vec<_>>())
    };
    let found: Vec<Vec<Diagnostic>> = site.pages().par_iter().enumerate().filter_map(of_page).collect();
    diagnostics.extend(found.into_iter().flatten());
}

/// The files that only people of the team wrote: they may have to quote what others must not say.
fn of_team(site: &Site) -> BTreeSet<PageId> {
    let is_team =
        |authors: &[String]| !authors.is_empty() && authors.iter().all(|it| site.people().is_team(it));
    let mut pages = BTreeSet::new();
    for entry in site.entries() {
        pages.extend(is_team(&entry.authors).then_some(entry.page));
        // An answer in the question's own file is the author's.
        pages.extend(
            entry.replies().filter(|it| is_team(&it.authors) && !it.stem.is_empty()).map(|it| it.page),
        );
    }
    pages
}

fn to_look_at(page: &Page, found: &PhraseMatch, rule: &str, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Guidelines,
        &page.path,
        found.span,
        format!("A moderator should look at “{}” because of rule `{rule}` in GUIDELINES.md.", found.text),
    )
    .help(format!(
        "The rule says: “{text}” It is up to a person to decide whether this breaks it. The page is published as it \
         is."
    ))
}

fn no_such_rule(
    site: &Site,
    file: &Arc<str>,
    rule: &Spanned<String>,
    rules: &BTreeMap<String, String>,
) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownReference,
        file,
        rule.span,
        format!("There is no rule `{}` in GUIDELINES.md, so its phrases are not searched for.", rule.value),
    );
    if site.guidelines().is_none() {
        return problem.help("Write the rules into GUIDELINES.md, next to longhouse.yaml.");
    }
    match nearest(&rule.value, rules.keys().map(String::as_str)) {
        Some(near) if !near.bytes().all(|b| b.is_ascii_digit()) => problem.guess(near, ""),
        _ => problem.help(
            "Refer to a rule by its number in the numbered list, or by the id of its heading, such as `be-kind`.",
        ),
    }
}
