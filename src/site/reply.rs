//! What stands under an entry: answers, comments, confirmations, support, the company's response.
//!
//! Each is somebody's own file. Those of questions that were merged into another one come with their
//! question; where names meet, an answer of the same question is meant.
//!
//! Long because each of the ways to reply has its rules and its messages.

use std::collections::{BTreeMap, BTreeSet};

use super::classify::{self, Role, reply_stem};
use super::entry::{EntryBuilder, dates};
use super::naming;
use super::url::Urls;
use super::visibility::EffectiveStatus;
use super::{Answer, Confirmation, Detail, Duplicate, Entry, PageId, Reply, duplicate, people, section};
use super::{answers, contribution};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned};
use crate::page::front_matter::{Fields, MarkOrText};
use crate::page::kind::Kind;
use crate::page::{Lead, Page, limits, slug};
use crate::source::Sources;

/// Where the answers of an entry stand, by what people call them.
#[derive(Debug, Default)]
struct Names {
    /// By question and name: two merged questions may each have an answer by `ana`.
    own: BTreeMap<(PageId, String), usize>,
    /// By name alone; the entry's own answers come first.
    any: BTreeMap<String, usize>,
}

/// Gives an entry its replies: answers first, then what refers to them.
pub(super) fn attach(
    builder: &mut EntryBuilder<'_>,
    entry: &mut Entry,
    duplicates: &[PageId],
    replies: &[PageId],
) {
    let roles = builder.roles;
    let mut names = Names::default();
    if let Detail::Question(question) = &entry.detail {
        for at in 0..question.answers.len() {
            names.add(entry.page, "self", at);
        }
    }
    let mut anchors: BTreeSet<String> = BTreeSet::from(["answer".to_string()]);
    // The entry's own replies come first, and of two with one name the older.
    let mut replies = replies.to_vec();
    replies.sort_by_key(|id| match &roles[*id] {
        Role::Reply { owner, .. } => {
            (*owner != entry.page, *owner, builder.sources.age(&builder.pages[*id].path), *id)
        }
        _ => (true, *id, 0, *id),
    });
    let replies = within_limits(builder, replies);
    let own = replies
        .partition_point(|id| matches!(&roles[*id], Role::Reply { owner, .. } if *owner == entry.page));
    let (own, others) = replies.split_at(own);
    let mut later: Vec<(PageId, Reply)> = Vec::new();
    answers_of(builder, entry, own, &mut names, &mut anchors, &mut later);
    merge(builder, entry, duplicates, &mut names, &mut anchors);
    answers_of(builder, entry, others, &mut names, &mut anchors, &mut later);
    let mut supporters: BTreeSet<String> = match &entry.detail {
        Detail::Idea(idea) => idea.supporters.iter().cloned().collect(),
        _ => BTreeSet::new(),
    };
    for (owner, reply) in later {
        other_reply(builder, entry, owner, reply, &names, &mut supporters);
    }
    let accepted_here = accepted(builder, entry, entry.page, &names);
    if let (Some(at), Detail::Question(question)) = (accepted_here, &mut entry.detail) {
        question.answers[at].accepted = true;
    }
    for duplicate in duplicates {
        // Those who asked there cannot decide for the one who asked here; but a slip is said.
        accepted(builder, entry, *duplicate, &names);
    }
    let versions = contribution::versions(&builder.sources.config, entry);
    if let Detail::Question(question) = &mut entry.detail {
        answers::sort(&mut question.answers, versions);
        for answer in &mut question.answers {
            oldest_first(&mut answer.comments);
            latest_first(&mut answer.confirmations);
        }
    }
    if let Detail::HowTo(how_to) = &mut entry.detail {
        latest_first(&mut how_to.confirmations);
    }
    oldest_first(&mut entry.comments);
    oldest_first(&mut entry.responses);
    // Of news the latest word is the one that counts.
    if entry.kind == Kind::Announcement {
        entry.responses.sort_by(|a, b| (b.date, a.sort_key()).cmp(&(a.date, b.sort_key())));
    }
    found(builder, entry);
}

/// Says of each duplicate in which reply it was found: the oldest one under it that links to this question, by somebody
/// who did not ask it. And of each answer that was written under a duplicate, who asked that.
fn found(builder: &EntryBuilder<'_>, entry: &mut Entry) {
    let Some(question) = entry.question().filter(|question| !question.duplicates.is_empty()) else { return };
    let urls = Urls::of(&builder.sources.config);
    let leads_here = |reply: &&Reply| {
        let links = &builder.pages[reply.page].body.links;
        links.iter().any(|link| duplicate::leads_to(&link.target, &urls, &entry.slug))
    };
    let under = |reply: &Reply| match &builder.roles[reply.page] {
        Role::Reply { owner, .. } => *owner,
        _ => reply.page,
    };
    let found_in = |duplicate: &Duplicate| {
        let by_others = |reply: &&Reply| !reply.authors.iter().any(|it| duplicate.authors.contains(it));
        let telling = entry.replies().filter(|reply| under(reply) == duplicate.page).filter(by_others);
        let first = telling
            .filter(leads_here)
            .min_by_key(|reply| (reply.date.is_none(), reply.date, &reply.anchor))?;
        Some(first.anchor.clone())
    };
    let found: Vec<Option<String>> = question.duplicates.iter().map(found_in).collect();
    let Detail::Question(question) = &mut entry.detail else { return };
    question.duplicates.iter_mut().zip(found).for_each(|(duplicate, found)| duplicate.found_in = found);
    let askers: BTreeMap<PageId, &Vec<String>> =
        question.duplicates.iter().map(|it| (it.page, &it.authors)).collect();
    for answer in &mut question.answers {
        if let Some(authors) = askers.get(&under(&answer.reply)) {
            answer.merged_from.clone_from(authors);
        }
    }
}

/// The replies that one page shows. Those without a text show no more than a name, so they are not counted.
fn within_limits(builder: &mut EntryBuilder<'_>, mut replies: Vec<PageId>) -> Vec<PageId> {
    let (roles, pages, sources) = (builder.roles, builder.pages, builder.sources);
    if replies.len() <= limits::REPLIES_OF_ONE {
        return replies;
    }
    let stem = |id: PageId| match &roles[id] {
        Role::Reply { stem, .. } => stem.as_str(),
        _ => "",
    };
    // Of files as old as each other `ana` comes before `ana--10`, and `ana--9` as well.
    let mut oldest_first: Vec<PageId> =
        replies.iter().copied().filter(|id| !pages[*id].body.segments.is_empty()).collect();
    oldest_first.sort_by_key(|id| (sources.age(&pages[*id].path), stem(*id).len(), *id));
    let mut shown = 0;
    let mut of_hand: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left_out: BTreeSet<PageId> = BTreeSet::new();
    for id in oldest_first {
        let Role::Reply { handle, .. } = &roles[id] else { continue };
        let of_hand = of_hand.entry(handle).or_default();
        if *of_hand >= limits::REPLIES_OF_ONE {
            builder.diagnostics.push(too_many_of_one(&pages[id], handle));
        } else if shown >= limits::REPLIES {
            builder.diagnostics.push(too_many_replies(&pages[id]));
        } else {
            *of_hand += 1;
            shown += 1;
            continue;
        }
        left_out.insert(id);
    }
    replies.retain(|id| !left_out.contains(id));
    let path = |id: &PageId| slug::fold(&classify::folder_of_replies(&pages[*id]));
    builder.left_out = left_out.iter().map(path).collect();
    builder.held.extend(left_out);
    replies
}

/// Whether a reply to a question is an answer: what says nothing else is one.
fn is_answer(kind: Kind, fields: &Fields) -> bool {
    let yes = |field: &Option<Spanned<bool>>| field.as_ref().is_some_and(|it| it.value);
    kind == Kind::Question
        && !yes(&fields.comment)
        && !yes(&fields.supports)
        && !is_response(fields)
        && fields.confirms.is_none()
        && fields.on.is_none()
}

/// Whether a reply says that it is the company's word.
fn is_response(fields: &Fields) -> bool {
    fields.response.as_ref().is_some_and(|response| response.value == MarkOrText::Mark(true))
}

impl Names {
    fn add(&mut self, owner: PageId, name: &str, at: usize) {
        let name = slug::fold(name);
        self.any.entry(name.clone()).or_insert(at);
        self.own.entry((owner, name)).or_insert(at);
    }

    /// The answer that a file under `owner` calls so.
    fn find(&self, owner: PageId, written: &str) -> Option<usize> {
        let written = written.trim().trim_start_matches('@').trim_end_matches(".md");
        let find = |name: &str| {
            let name = slug::fold(&reply_stem(name));
            self.own.get(&(owner, name.clone())).or_else(|| self.any.get(&name)).copied()
        };
        // Some write the fragment instead of the stem.
        find(written).or_else(|| match written.trim_start_matches('#') {
            "answer" => find("self"),
            anchor => find(anchor.strip_prefix("answer-")?),
        })
    }

    fn known(&self) -> impl Iterator<Item = &str> {
        self.any.keys().map(String::as_str)
    }
}

/// Takes the answers out of replies; whatever else they are is left for later, with its owner.
fn answers_of(
    builder: &mut EntryBuilder<'_>,
    entry: &mut Entry,
    replies: &[PageId],
    names: &mut Names,
    anchors: &mut BTreeSet<String>,
    later: &mut Vec<(PageId, Reply)>,
) {
    let firsts = first_of_each_stem(builder, replies);
    for &id in replies {
        let Role::Reply { owner, stem, handle } = builder.roles[id].clone() else { continue };
        if let Some(first) = firsts.get(&(owner, slug::fold(&stem))).filter(|first| **first != id) {
            builder.diagnostics.push(same_stem(&builder.pages[id], &builder.pages[*first], &stem));
            builder.held.push(id);
            continue;
        }
        let fields = &builder.pages[id].fields;
        let is_answer = is_answer(entry.kind, fields);
        let place = match &builder.roles[owner] {
            // Replies to a merged question keep apart from those of the question that they now stand under.
            Role::Entry { slug, .. } if owner != entry.page => format!("{stem}-{slug}"),
            _ => stem.clone(),
        };
        let reply =
            reply(builder, id, &stem, &handle, if is_answer { "answer" } else { "comment" }, &place, anchors);
        if !is_answer {
            later.push((owner, reply));
            continue;
        }
        if reply.body.is_empty() {
            builder.diagnostics.push(empty_answer(&builder.pages[id]));
            builder.held.push(id);
            continue;
        }
        let votes = builder.votes(owner, entry, Some(&stem));
        let answer = answer(builder, reply, votes);
        if let Detail::Question(question) = &mut entry.detail {
            names.add(owner, &stem, question.answers.len());
            question.answers.push(answer);
        }
    }
}

/// The reply that keeps each stem: the oldest one, so that nobody takes an answer offline by adding a file.
fn first_of_each_stem(builder: &EntryBuilder<'_>, replies: &[PageId]) -> BTreeMap<(PageId, String), PageId> {
    let order = |id: PageId| naming::order(builder.sources, &builder.pages[id]);
    let mut firsts: BTreeMap<(PageId, String), PageId> = BTreeMap::new();
    for &id in replies {
        let Role::Reply { owner, stem, .. } = &builder.roles[id] else { continue };
        let first = firsts.entry((*owner, slug::fold(stem))).or_insert(id);
        if *first != id && order(id) < order(*first) {
            *first = id;
        }
    }
    firsts
}

/// Takes over what the duplicates of a question say: their wording, and an answer in their own file.
fn merge(
    builder: &mut EntryBuilder<'_>,
    entry: &mut Entry,
    duplicates: &[PageId],
    names: &mut Names,
    anchors: &mut BTreeSet<String>,
) {
    for &id in duplicates {
        let Role::Entry { slug, .. } = &builder.roles[id] else { continue };
        let duplicate = builder.entry(id, slug.clone(), &[], "");
        let Detail::Question(question) = &mut entry.detail else { continue };
        question.also_asked.push(duplicate.title.clone());
        if let Detail::Question(other) = duplicate.detail {
            question.also_asked.extend(other.also_asked);
            for mut answer in other.answers {
                answer.reply.stem = slug.clone();
                answer.reply.anchor = free(anchors, &format!("answer-{slug}"));
                answer.reply.id_prefix = format!("h-{slug}-");
                names.add(id, "self", question.answers.len());
                names.add(id, slug, question.answers.len());
                question.answers.push(answer);
            }
        }
        question.duplicates.push(Duplicate {
            page: id,
            slug: slug.clone(),
            title: duplicate.title,
            authors: duplicate.authors,
            date: duplicate.date,
            demote: section::demote(&builder.pages[id].body, &duplicate.body, 3),
            body: duplicate.body,
            found_in: None,
        });
    }
}

fn reply(
    builder: &mut EntryBuilder<'_>,
    id: PageId,
    stem: &str,
    handle: &str,
    what: &str,
    place: &str,
    anchors: &mut BTreeSet<String>,
) -> Reply {
    let page = &builder.pages[id];
    let body = &page.body;
    if let Lead::Heading(_) = &page.lead {
        builder.diagnostics.push(heading_in_reply(page, builder.sources));
    }
    let authors = people::authors(
        builder.sources,
        builder.people,
        page,
        Some(handle).filter(|handle| !handle.is_empty()),
        &mut builder.names,
        &mut builder.diagnostics,
    );
    let (date, updated) = dates(builder.sources, page);
    let all = body.all();
    let EffectiveStatus { status, reason } = builder.statuses.of(page);
    Reply {
        page: id,
        stem: stem.to_string(),
        sort_key: page.fields.sort_key.as_ref().map(|key| key.value.clone()),
        anchor: free(anchors, &format!("{what}-{place}")),
        authors,
        date,
        updated,
        demote: section::demote(body, std::slice::from_ref(&all), 3),
        text: 0..u32::try_from(body.text.trim_end().len()).unwrap_or(u32::MAX),
        body: all,
        id_prefix: format!("h-{place}-"),
        status,
        reason,
    }
}

fn answer(builder: &mut EntryBuilder<'_>, reply: Reply, votes: i64) -> Answer {
    let page = &builder.pages[reply.page];
    let confirmations = confirmations(builder, page, &reply.authors);
    let score = page.fields.score.as_ref().map_or(0, |score| score.value).saturating_add(votes);
    Answer { reply, accepted: false, score, confirmations, comments: Vec::new(), merged_from: Vec::new() }
}

/// What `confirmed_by` in the file of an answer says, but for its own authors.
pub(super) fn confirmations(
    builder: &mut EntryBuilder<'_>,
    page: &Page,
    authors: &[String],
) -> Vec<Confirmation> {
    let mut confirmations = Vec::new();
    for confirmed in &page.fields.confirmed_by {
        let handle = builder.people.handle(&confirmed.value.by);
        if authors.contains(&handle) {
            builder.diagnostics.push(own_confirmation(page, confirmed.span));
        } else {
            let version = confirmed.value.version.clone();
            let date = confirmed.value.date.map(|date| date.day);
            confirmations.push(Confirmation { handle, version, date });
        }
    }
    confirmations
}

/// A comment, a confirmation, a word of support, or the company's response.
fn other_reply(
    builder: &mut EntryBuilder<'_>,
    entry: &mut Entry,
    owner: PageId,
    reply: Reply,
    names: &Names,
    supporters: &mut BTreeSet<String>,
) {
    let page = &builder.pages[reply.page];
    let fields = &page.fields;
    let has_text = !reply.body.is_empty();
    if is_response(fields) {
        if reply.authors.iter().any(|author| builder.people.is_team(author)) {
            if has_text {
                entry.responses.push(reply);
            }
            return;
        }
        builder.diagnostics.push(not_the_team(page, reply.authors.first().map_or("", String::as_str)));
    }
    if let Some(supports) = fields.supports.as_ref().filter(|it| it.value) {
        match &mut entry.detail {
            Detail::Idea(idea) => idea
                .supporters
                .extend(reply.authors.iter().filter(|author| supporters.insert((*author).clone())).cloned()),
            _ => builder.diagnostics.push(misplaced(page, "supports", supports.span, "an idea")),
        }
    }
    if let (Some(confirms), Detail::HowTo(_)) = (&fields.confirms, &entry.detail) {
        confirm_how_to(builder, entry, confirms, &reply);
        if has_text {
            entry.comments.push(reply);
        }
        return;
    }
    let about = fields.confirms.as_ref().or(fields.on.as_ref());
    let answer = match (about, &mut entry.detail) {
        (Some(about), Detail::Question(question)) => {
            let at = names.find(owner, &about.value);
            if at.is_none() && !is_held(builder, owner, &about.value) {
                let near = builder.suggestions.within(owner, &about.value, names.known());
                builder.diagnostics.push(unknown_answer(page, about, near));
            }
            at.and_then(|at| question.answers.get_mut(at))
        }
        (Some(about), _) => {
            let field = if fields.confirms.is_some() { "confirms" } else { "on" };
            builder.diagnostics.push(misplaced(page, field, about.span, "a question"));
            None
        }
        (None, _) => None,
    };
    let Some(answer) = answer else {
        if has_text {
            entry.comments.push(reply);
        }
        return;
    };
    if let Some(confirms) = &fields.confirms {
        let of_others = confirmed(builder, page, confirms, &reply, &answer.reply.authors);
        answer.confirmations.extend(of_others);
    }
    if has_text {
        answer.comments.push(reply);
    }
}

/// Takes the word of a reply that a how-to works: `confirms: self`, or the name of who wrote it.
fn confirm_how_to(
    builder: &mut EntryBuilder<'_>,
    entry: &mut Entry,
    confirms: &Spanned<String>,
    reply: &Reply,
) {
    let page = &builder.pages[reply.page];
    let named = confirms.value.trim().trim_end_matches(".md");
    let is_meant = named.eq_ignore_ascii_case("self")
        || slug::fold(named) == slug::fold(&entry.slug)
        || entry.authors.contains(&builder.people.handle(named));
    if !is_meant {
        builder.diagnostics.push(confirms_no_how_to(page, confirms));
        return;
    }
    let of_others = confirmed(builder, page, confirms, reply, &entry.authors);
    if let Detail::HowTo(how_to) = &mut entry.detail {
        how_to.confirmations.extend(of_others);
    }
}

/// What a reply with `confirms` says, but for those who would confirm what they wrote themselves.
fn confirmed(
    builder: &mut EntryBuilder<'_>,
    page: &Page,
    confirms: &Spanned<String>,
    reply: &Reply,
    authors: &[String],
) -> Vec<Confirmation> {
    let version = page.fields.version.as_ref().map(|it| it.value.clone());
    let date = reply.date.map(|it| it.date);
    let (own, others): (Vec<&String>, Vec<&String>) =
        reply.authors.iter().partition(|handle| authors.contains(handle));
    builder.diagnostics.extend(own.iter().map(|_| own_confirmation(page, confirms.span)));
    others
        .into_iter()
        .map(|handle| Confirmation { handle: handle.clone(), version: version.clone(), date })
        .collect()
}

/// The answer that a question's file calls accepted.
fn accepted(builder: &mut EntryBuilder<'_>, entry: &Entry, question: PageId, names: &Names) -> Option<usize> {
    let page = &builder.pages[question];
    let accepted = page.fields.accepted.as_ref().filter(|_| entry.kind == Kind::Question)?;
    let found = names.find(question, &accepted.value);
    if found.is_none() && !is_held(builder, question, &accepted.value) {
        let near = builder.suggestions.within(question, &accepted.value, names.known());
        builder.diagnostics.push(unknown_answer(page, accepted, near));
    }
    found
}

/// Whether there is such an answer after all, only that it is not shown.
fn is_held(builder: &EntryBuilder<'_>, owner: PageId, written: &str) -> bool {
    let stem = written.trim().trim_start_matches(['@', '#']).trim_end_matches(".md");
    let stem = stem.strip_prefix("answer-").unwrap_or(stem);
    let path = format!("{}/{stem}", classify::folder_of_replies(&builder.pages[owner]));
    let path = slug::fold(&path);
    builder.held_replies.contains(&path) || builder.left_out.contains(&path)
}

/// An anchor that nothing else on the page has.
fn free(taken: &mut BTreeSet<String>, wanted: &str) -> String {
    let mut anchor = wanted.to_string();
    while !taken.insert(anchor.clone()) {
        anchor.push('_');
    }
    anchor
}

fn oldest_first(replies: &mut [Reply]) {
    replies.sort_by(|a, b| {
        (a.date.is_none(), a.date, a.sort_key()).cmp(&(b.date.is_none(), b.date, b.sort_key()))
    });
}

fn latest_first(confirmations: &mut [Confirmation]) {
    confirmations.sort_by(|a, b| (b.date, &a.handle).cmp(&(a.date, &b.handle)));
}

fn heading_in_reply(page: &Page, sources: &Sources) -> Diagnostic {
    let span = page.body.headings.first().map_or(Span::START, |heading| heading.span);
    let line = sources.line(&page.path, span.line);
    let problem = Diagnostic::new(
        Rule::Heading,
        &page.path,
        span,
        "A reply needs no title: its first-level heading is shown smaller.",
    )
    .help("Start with the answer itself, or use `##` for headings.");
    // Only a heading written with `#` can be mended in its own line.
    match line.filter(|line| line.starts_with("# ") && span.column == 1) {
        Some(line) => {
            let columns = u32::try_from(line.chars().count()).unwrap_or(u32::MAX);
            let fix = format!("#{line}");
            Diagnostic { end_line: span.line, end_column: columns + 1, ..problem }.fix(fix)
        }
        None => problem,
    }
}

fn empty_answer(page: &Page) -> Diagnostic {
    Diagnostic::new(Rule::MissingField, &page.path, Span::START, "The answer has no text.")
        .help("Write the answer below the front matter, or say what the file is: `confirms: NAME`, `comment: true`.")
}

fn same_stem(page: &Page, first: &Page, stem: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::DuplicateAddress,
        &page.path,
        Span::START,
        format!("`{}` and `{}` would both be the reply `{stem}`.", page.path, first.path),
    )
    .help(format!("Rename this file, for example to `{stem}--2.md`. Until then it is left out."))
    .fix(format!("{stem}--2"))
}

fn too_many_of_one(page: &Page, handle: &str) -> Diagnostic {
    let most = limits::REPLIES_OF_ONE;
    let message = format!("`{handle}` already has {most} replies to this entry.");
    Diagnostic::new(Rule::Limit, &page.path, Span::START, message)
        .help("Add the text to one of the older replies, or remove some. Until then this one is left out.")
}

fn too_many_replies(page: &Page) -> Diagnostic {
    let message = format!("The entry already has {} replies, the most that one page shows.", limits::REPLIES);
    Diagnostic::new(Rule::Limit, &page.path, Span::START, message)
        .help("Start another entry, or remove old replies. Until then this one is left out.")
}

fn own_confirmation(page: &Page, span: Span) -> Diagnostic {
    Diagnostic::new(Rule::Claim, &page.path, span, "People cannot confirm what they wrote themselves.")
        .help("Remove the confirmation. It is not counted.")
}

fn not_the_team(page: &Page, author: &str) -> Diagnostic {
    let span = page.fields.response.as_ref().map_or(Span::START, |it| it.span);
    Diagnostic::new(Rule::Claim, &page.path, span, format!("`{author}` cannot speak for the company."))
        .help("Only people under `team:` in longhouse.yaml can give the company's response. It is shown as a comment.")
}

fn misplaced(page: &Page, field: &str, span: Span, whose: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownField,
        &page.path,
        span,
        format!("`{field}` has no effect here: it belongs to a reply to {whose}."),
    )
    .help("Remove the line, or move the file. The rest of the file is shown as a comment.")
}

fn confirms_no_how_to(page: &Page, named: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        Rule::UnknownField,
        &page.path,
        named.span,
        format!("`{}` did not write this how-to, so their work cannot be confirmed here.", named.value),
    )
    .help("If the how-to worked, write `confirms: self`. The rest of the file is shown as a comment.")
    .fix("self")
}

fn unknown_answer(page: &Page, named: &Spanned<String>, near: Option<String>) -> Diagnostic {
    let problem = Diagnostic::new(
        Rule::UnknownAnswer,
        &page.path,
        named.span,
        format!("This question has no answer `{}`.", named.value),
    );
    match near {
        Some(near) => problem.guess(near, "The line is ignored."),
        None => problem
            .help("Give the file name of the answer without `.md`, such as `ana`. The line is ignored."),
    }
}
