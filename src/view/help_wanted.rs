//! The page on which help is wanted: what lacks something that a reader could give in a few minutes, each with one
//! sentence why and one door. One page for all of the site, and one for each tag that lacks something.

use jiff::civil::Date;
use serde::Serialize;

use super::feed::{self, FeedPlan};
use super::generated::Counted;
use super::{Data, DoorView, LinkView, Lists, View};
use crate::site::contribution::versions_of;
use crate::site::projection::EntryNeeds;
use crate::site::reader::Reader;
use crate::site::related::is_alike;
use crate::site::wanted::Want;
use crate::site::{EntryId, url};
use crate::words::Word;

/// At most so many rows of one group are shown: nobody begins with the twenty-first.
const ROWS: usize = 20;

/// At most so many tags stand beside them.
const TAGS: usize = 30;

/// Where help is wanted.
#[derive(Debug, Serialize)]
pub struct HelpWantedView {
    /// How many rows all groups have together, shown or not.
    pub count: usize,
    /// What is lacking, by what it is; only groups that have something.
    pub groups: Vec<WantedGroup>,
    /// Pages of the same for one tag, with how much each lacks; the most first. Of one tag: none.
    pub tags: Vec<Counted>,
    /// Of one tag: the page for all of the site.
    pub whole: Option<LinkView>,
}

/// Rows that lack the same.
#[derive(Debug, Serialize)]
pub struct WantedGroup {
    /// What is lacking: `answer`, `verdict`, `version`, `expert`, `review`.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// How many there are, shown or not.
    pub count: usize,
    /// What waits longest first.
    pub rows: Vec<WantedRow>,
    /// The list of all of them, if there is one.
    pub whole: Option<LinkView>,
}

/// Something that lacks something.
#[derive(Debug, Serialize)]
pub struct WantedRow {
    /// The title of an entry, or the name of a tag.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// Its language, where it is not the site's.
    pub lang: Option<String>,
    /// The direction of that language: `ltr` or `rtl`.
    pub dir: Option<&'static str>,
    /// Why it stands here, in a sentence.
    pub why: String,
    /// Whether somebody who has never written here could well begin with it: a short question about what somebody else
    /// knows, who can look over the answer.
    pub is_good_first: bool,
    /// What the door or the link says.
    pub label: String,
    /// Where a reader begins the file that is lacking.
    pub door: Option<DoorView>,
    /// Where the page itself is edited, if that is what is lacking.
    pub edit_url: Option<String>,
}

/// The page for all of the site, or for one tag.
#[must_use]
pub fn view(site: &Reader<'_>, lists: &Lists, tag: Option<&str>) -> View {
    let words = site.words();
    let mut groups: Vec<WantedGroup> =
        Want::ALL.into_iter().filter_map(|want| group(site, lists, tag, want)).collect();
    groups.extend(unknown(site, lists, tag));
    let name = tag.map(|slug| site.tag_name(slug));
    let title = match name {
        Some(name) => words.fill(Word::HelpWantedWith, &[("name", &name)]),
        None => words.get(Word::HelpWanted).to_string(),
    };
    let address = tag.map_or_else(|| url::HELP_WANTED.to_string(), url::help_wanted);
    let mut page = super::meta(site, &address, &title, "help-wanted");
    page.description = words.fill(Word::AboutHelpWanted, &[("site", &site.config().title)]);
    page.breadcrumbs = vec![super::link(site, words.get(Word::Home), url::HOME)];
    let whole = super::link(site, words.get(Word::HelpWanted), url::HELP_WANTED);
    if tag.is_some() {
        page.breadcrumbs.push(whole.clone());
    } else {
        feed::follow(site, lists, &mut page, &title, &[FeedPlan::HelpWanted]);
    }
    page.breadcrumbs.push(super::link(site, name.unwrap_or(words.get(Word::HelpWanted)), &address));
    let view = HelpWantedView {
        count: groups.iter().map(|group| group.count).sum(),
        groups,
        tags: if tag.is_none() { tags(site, lists) } else { Vec::new() },
        whole: tag.is_some().then_some(whole),
    };
    View { address, template: "help-wanted.html", page, name: "help_wanted", data: Data::HelpWanted(view) }
}

/// Entries that lack the same.
fn group(site: &Reader<'_>, lists: &Lists, tag: Option<&str>, want: Want) -> Option<WantedGroup> {
    let ids = lists.wanted(site, tag.unwrap_or_default(), want);
    if ids.is_empty() {
        return None;
    }
    let words = site.words();
    let (title, whole) = match want {
        Want::Answer => (Word::WantedAnswer, Some((Word::UnansweredQuestions, url::UNANSWERED))),
        Want::Verdict => (Word::WantedVerdict, Some((Word::UnsolvedQuestions, url::UNSOLVED))),
        Want::Version => (Word::WantedVersion, None),
        Want::Review => (Word::WantedReview, None),
    };
    let whole = whole.filter(|_| tag.is_none() && ids.len() > ROWS);
    Some(WantedGroup {
        id: want.id(),
        title: words.get(title).to_string(),
        count: ids.len(),
        rows: ids.iter().take(ROWS).map(|id| row(site, lists, *id, want)).collect(),
        whole: whole.map(|(word, address)| super::link(site, words.get(word), address)),
    })
}

fn row(site: &Reader<'_>, lists: &Lists, id: EntryId, want: Want) -> WantedRow {
    let words = site.words();
    let need = site.need(id);
    let link = super::entry_link(site, id);
    let newest = versions_of(site.config(), need.products).last().map_or("", String::as_str);
    let (label, door) = match want {
        Want::Answer => (words.get(Word::DoAnswer).to_string(), site.answer_door(&need.doors)),
        Want::Verdict => (words.get(Word::DoVerdict).to_string(), site.confirm_door(&need.doors)),
        Want::Version => {
            (words.fill(Word::DoVersion, &[("version", &newest)]), site.confirm_door(&need.doors))
        }
        Want::Review => (words.get(Word::DoReview).to_string(), None),
    };
    let edit_url = || site.edit_url(site.path(site.page_of(id)));
    let has_expert = || need.tags.iter().any(|tag| lists.has_expert(site, tag));
    // Whether it was asked before is nothing that a newcomer can tell.
    let is_alone = || {
        let title = site.title(id).title;
        let near = &site.neighbours(id).related;
        !near.iter().any(|other| is_alike(title, site.title(*other).title))
    };
    WantedRow {
        title: link.title,
        url: link.url,
        lang: link.lang,
        dir: link.dir,
        why: why(site, &need, want, newest),
        // A first answer to what somebody knows is looked over.
        is_good_first: want == Want::Answer && need.is_short && has_expert() && is_alone(),
        label,
        door: door.as_ref().map(DoorView::from),
        edit_url: if want == Want::Review { edit_url() } else { None },
    }
}

/// Why it stands there, in a sentence.
fn why(site: &Reader<'_>, need: &EntryNeeds<'_>, want: Want, newest: &str) -> String {
    let words = site.words();
    let day = |day: Option<Date>| day.map_or_else(String::new, |day| super::date(site, day).text);
    match want {
        Want::Answer if need.date.is_none() => words.get(Word::WhyAnswerUndated).to_string(),
        Want::Answer => {
            let date = day(need.date.map(|moment| moment.date));
            words.fill(Word::WhyAnswer, &[("date", &date)])
        }
        Want::Verdict => {
            let date = day(need.lacking.unsolved_since);
            words.count_with(Word::WhyVerdict, need.answers.len(), &[("date", &date)])
        }
        Want::Version => {
            let version = need.lacking.works_on.as_deref().unwrap_or_default();
            words.fill(Word::WhyVersion, &[("version", &version), ("newest", &newest)])
        }
        Want::Review => {
            let date = day(need.lacking.review.map(|review| review.last));
            let names: Vec<&str> = need.authors.iter().map(|handle| site.person_name(handle)).collect();
            match names.as_slice() {
                [] => words.fill(Word::WhyReview, &[("date", &date)]),
                names => words.fill(Word::WhyReviewBy, &[("date", &date), ("names", &words.list(names))]),
            }
        }
    }
}

/// Tags that nobody knows; of one tag, that one if nobody does.
fn unknown(site: &Reader<'_>, lists: &Lists, tag: Option<&str>) -> Option<WantedGroup> {
    let words = site.words();
    let here: Vec<(&str, usize)> = match tag {
        Some(tag) => lists.unknown(site, tag).map(|asked| (tag, asked)).into_iter().collect(),
        None => lists.unknown_tags(site),
    };
    if here.is_empty() {
        return None;
    }
    let row = |&(slug, asked): &(&str, usize)| WantedRow {
        title: site.tag_name(slug).to_string(),
        url: site.urls().href(&url::tag(slug)),
        lang: None,
        dir: None,
        why: words.count(Word::WhyExpert, asked),
        is_good_first: false,
        label: words.get(Word::DoExpert).to_string(),
        door: site.expert_door(slug).as_ref().map(DoorView::from),
        edit_url: None,
    };
    Some(WantedGroup {
        id: "expert",
        title: words.get(Word::WantedExpert).to_string(),
        count: here.len(),
        rows: here.iter().take(ROWS).map(row).collect(),
        whole: None,
    })
}

/// The tags that lack most.
fn tags(site: &Reader<'_>, lists: &Lists) -> Vec<Counted> {
    let mut tags = lists.wanted_tags(site);
    tags.sort_by_key(|(slug, count)| (std::cmp::Reverse(*count), *slug));
    let counted = |(slug, count): (&str, usize)| Counted {
        title: site.tag_name(slug).to_string(),
        url: site.urls().href(&url::help_wanted(slug)),
        count,
    };
    tags.into_iter().take(TAGS).map(counted).collect()
}

/// What lacks something, the newest first, for the feed.
#[must_use]
pub fn of_feed(site: &Reader<'_>, lists: &Lists) -> Vec<EntryId> {
    let mut ids: Vec<EntryId> =
        Want::ALL.into_iter().flat_map(|want| lists.wanted(site, "", want).iter().copied()).collect();
    ids.sort_by_key(|id| site.summary(*id).list_order());
    ids.dedup();
    ids
}
