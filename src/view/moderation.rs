//! The public log of moderation: what was decided, when, by whom and by which rule, and how much of what is said here the
//! company says. It exists where the configuration asks for it and something was decided.

use serde::Serialize;

use super::insight::{FigureView, figure};
use super::{Data, DateView, LinkView, PersonLink, View};
use crate::insight::{Options, report};
use crate::page::front_matter::Status;
use crate::site::guideline;
use crate::site::moderation::Decision;
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::Word;

/// At most so many decisions are shown, the latest ones.
const ROWS: usize = 500;

/// The figures that stand beside the log.
const FIGURES: [(&str, Word); 2] =
    [("company_words", Word::CompanyWords), ("first_by_customer", Word::InsightByCustomers)];

/// What moderators decided.
#[derive(Debug, Serialize)]
pub struct ModerationView {
    /// How many decisions there are, shown or not.
    pub count: usize,
    /// The decisions, the latest first.
    pub rows: Vec<ModerationRow>,
    /// The page of the community's rules, if there is one.
    pub guidelines: Option<LinkView>,
    /// How much of what is said the company says.
    pub figures: Vec<FigureView>,
}

/// A decision.
#[derive(Debug, Serialize)]
pub struct ModerationRow {
    /// What it is about, in a word or two: `Question`, `Reply`. Never what it said.
    pub what: String,
    /// The page at which it is or was; its text is the address.
    pub link: Option<LinkView>,
    /// What became of it: `removed`, `locked`.
    pub status: String,
    /// The same in any language, as the front matter says it: `hidden`, `locked`.
    pub mark: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// The rule that the reason cites.
    pub rule: Option<CitedRule>,
    /// Who decided, if the record says so and they may be named.
    pub by: Option<PersonLink>,
    /// When.
    pub date: Option<DateView>,
}

/// A rule of the community.
#[derive(Debug, Serialize)]
pub struct CitedRule {
    /// What it is called: `Rule 6`. Nothing of a rule that is a heading, which its text names.
    pub title: Option<String>,
    /// What it says, in one line.
    pub text: String,
    /// Where it stands.
    pub url: String,
}

/// The page.
#[must_use]
pub fn view(site: &Reader<'_>) -> View {
    let words = site.words();
    let decisions = site.decisions();
    let rules = site.guidelines().map(|(page, _)| guideline::rules(page)).unwrap_or_default();
    let row = |decision: &Decision| {
        let cited = decision.reason.as_deref().and_then(|reason| guideline::cited(reason, &rules, words));
        let rule = cited.map(|(id, text)| {
            let is_number = id.bytes().all(|digit| digit.is_ascii_digit());
            let fragment = if is_number { String::new() } else { format!("h-{id}") };
            CitedRule {
                title: is_number.then(|| words.fill(Word::RuleNumber, &[("number", &id)])),
                text: text.to_string(),
                url: site.urls().href_to(url::GUIDELINES_PAGE, &fragment),
            }
        });
        let what = match (decision.is_reply, decision.kind) {
            (true, _) => words.get(Word::ModeratedReply).to_string(),
            (false, Some(kind)) => words.kind(kind).to_string(),
            (false, None) => words.get(Word::ModeratedFile).to_string(),
        };
        ModerationRow {
            what,
            link: decision.address.as_ref().map(|address| super::link(site, address, address)),
            status: words.get(word_of(decision.status)).to_string(),
            mark: decision.status.word(),
            reason: decision.reason.clone(),
            rule,
            by: decision.by.as_ref().map(|handle| super::person(site, handle)),
            date: decision.when.map(|when| super::date(site, when.date)),
        }
    };
    let counted = report(site.counted_with_texts(), None, &Options::default());
    let title = words.get(Word::Moderation);
    let guidelines =
        site.guidelines().map(|_| super::link(site, words.get(Word::Guidelines), url::GUIDELINES_PAGE));
    let view = ModerationView {
        count: decisions.len(),
        rows: decisions.iter().take(ROWS).map(row).collect(),
        guidelines,
        figures: FIGURES.into_iter().filter_map(|shown| figure(words, &counted, shown)).collect(),
    };
    let mut page = super::meta(site, url::MODERATION_PAGE, title, "moderation");
    page.description = words.fill(Word::AboutModeration, &[("site", &site.config().title)]);
    page.breadcrumbs = vec![
        super::link(site, words.get(Word::Home), url::HOME),
        super::link(site, title, url::MODERATION_PAGE),
    ];
    View {
        address: url::MODERATION_PAGE.into(),
        template: "moderation.html",
        page,
        name: "moderation",
        data: Data::Moderation(view),
    }
}

/// What a status is called in the log.
const fn word_of(status: Status) -> Word {
    match status {
        Status::Hidden => Word::ModeratedHidden,
        Status::Draft => Word::ModeratedDraft,
        Status::Obsolete => Word::ModeratedObsolete,
        Status::Locked => Word::ModeratedLocked,
        Status::Published => Word::ModeratedPublished,
    }
}
