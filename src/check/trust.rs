//! What a branch claims: that somebody wrote something, that an answer helped, what became of an idea, what somebody
//! is. Anyone who merges it makes it true, so they are shown every such line that was changed, unless it is about the
//! one who changed it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::Page;
use crate::page::front_matter::{Fields, MarkOrText, Role as PersonRole, State, Status, Urgency};
use crate::page::kind::Kind;
use crate::site::classify::Role;
use crate::site::{PageId, Site};
use crate::source::git::Person;
use crate::source::git_diff::Changes;

/// A field by which something is claimed.
struct Claim {
    field: &'static str,
    /// What those who merge it should ask.
    ask: &'static str,
    /// How it reads, and where it stands.
    read: fn(&Fields) -> Option<(String, Span)>,
    /// Whether they may say so themselves.
    is_own: fn(&Scene<'_>, &Who) -> bool,
}

/// A file before and after.
struct Scene<'a> {
    site: &'a Site,
    /// The file now, unless it went.
    now: Option<&'a Arc<Page>>,
    /// The file before, unless it came.
    former: Option<&'a Arc<Page>>,
    /// Who is known by `team:` where the branch began.
    before: &'a Site,
    /// Whose file it is, if that is known: of a reply by its name, else who wrote it.
    owners: Vec<String>,
}

/// Who changed a file.
struct Who {
    handles: Vec<String>,
}

const CLAIMS: &[Claim] = &[
    Claim {
        field: "authors",
        ask: "Is that who wrote it? The person who commits a file can name someone else.",
        read: |fields| listed(fields.authors.iter().map(|it| (it.value.clone(), it.span))),
        is_own: |scene, who| {
            let names = |page: Option<&Arc<Page>>| {
                let authors = page.map_or(&[][..], |page| &page.fields.authors);
                authors.iter().map(|it| scene.site.people().handle(&it.value)).collect::<Vec<_>>()
            };
            let (now, former) = (names(scene.now), names(scene.former));
            let stays = |handle: &String| now.contains(handle) || who.is(handle);
            now.iter().all(|handle| former.contains(handle) || who.is(handle)) && former.iter().all(stays)
        },
    },
    Claim {
        field: "response",
        ask: "Only the company's own people speak for it.",
        read: |fields| {
            let response = fields.response.as_ref()?;
            match &response.value {
                MarkOrText::Mark(false) => None,
                MarkOrText::Mark(true) => Some(("true".to_string(), response.span)),
                MarkOrText::Text(text) => Some((text.clone(), response.span)),
            }
        },
        is_own: |scene, who| scene.is_of_team(who) && scene.is_owner(who),
    },
    Claim {
        field: "accepted",
        ask: "This says that the answer helped the person who asked. Did they say so?",
        read: |fields| text(fields.accepted.as_ref()),
        is_own: |scene, who| scene.is_owner(who),
    },
    Claim {
        field: "score",
        ask: "These are votes from elsewhere. Where were they counted?",
        read: |fields| {
            let score = fields.score.as_ref().filter(|it| it.value != 0)?;
            Some((score.value.to_string(), score.span))
        },
        is_own: |_, _| false,
    },
    Claim {
        field: "status",
        ask: "This determines whether and how the page is shown. Who decided it?",
        read: |fields| {
            let status = fields.status.as_ref().filter(|it| it.value != Status::Published)?;
            Some((status.value.word().to_string(), status.span))
        },
        // What was hidden or locked was so by somebody who looks after the site.
        is_own: |scene, who| {
            let is_moderated = |page: Option<&Arc<Page>>| {
                let status = page.and_then(|page| page.fields.status.as_ref());
                status.is_some_and(|it| matches!(it.value, Status::Hidden | Status::Locked))
            };
            scene.is_owner(who)
                && (!(is_moderated(scene.now) || is_moderated(scene.former)) || scene.is_of_team(who))
        },
    },
    Claim {
        field: "confirms",
        ask: "This says that an answer worked for someone. Did they say so?",
        read: |fields| text(fields.confirms.as_ref()),
        is_own: |scene, who| scene.is_owner(who),
    },
    Claim {
        field: "confirmed_by",
        ask: "This says that an answer worked for someone. Everyone can say so in a file of their own.",
        read: |fields| {
            listed(fields.confirmed_by.iter().map(|it| {
                let more = [it.value.version.clone(), it.value.date.as_ref().map(ToString::to_string)];
                let words: Vec<String> =
                    [Some(it.value.by.clone())].into_iter().chain(more).flatten().collect();
                (words.join(" "), it.span)
            }))
        },
        is_own: |_, _| false,
    },
    Claim {
        field: "supporters",
        ask: "This says that someone wants this. Everyone can say so in a file of their own.",
        read: |fields| listed(fields.supporters.iter().map(|it| (it.value.clone(), it.span))),
        is_own: |scene, who| {
            let names = |page: Option<&Arc<Page>>| {
                let names = page.map_or(&[][..], |page| &page.fields.supporters);
                names.iter().map(|it| scene.site.people().handle(&it.value)).collect::<Vec<_>>()
            };
            let (now, former) = (names(scene.now), names(scene.former));
            now.iter().filter(|it| !former.contains(it)).all(|it| who.is(it))
                && former.iter().filter(|it| !now.contains(it)).all(|it| who.is(it))
        },
    },
    Claim {
        field: "run_by",
        ask: "This says that someone runs what the link leads to. Do they?",
        read: |fields| listed(fields.run_by.iter().map(|it| (it.value.clone(), it.span))),
        is_own: |scene, who| {
            let names = scene.now.map_or(&[][..], |page| &page.fields.run_by);
            names.iter().all(|it| who.is(&scene.site.people().handle(&it.value)))
        },
    },
    Claim {
        field: "state",
        ask: "This says what the company will do. Who decided it?",
        read: |fields| {
            let state = fields.state.as_ref().filter(|it| it.value != State::Open)?;
            Some((state.value.word().to_string(), state.span))
        },
        is_own: |scene, who| scene.is_of_team(who),
    },
    Claim {
        field: "horizon",
        ask: "This says when the company will do it. Who decided it?",
        read: |fields| fields.horizon.as_ref().map(|it| (it.value.to_string(), it.span)),
        is_own: |scene, who| scene.is_of_team(who),
    },
    Claim {
        field: "horizon_since",
        ask: "This says since when the company has promised it. Is that so?",
        read: |fields| fields.horizon_since.as_ref().map(|it| (it.value.to_string(), it.span)),
        is_own: |scene, who| scene.is_of_team(who),
    },
    Claim {
        field: "severity",
        ask: "This shows it on every page to those whom it concerns. Who decided it?",
        read: |fields| {
            let severity = fields.severity.as_ref().filter(|it| it.value == Urgency::Urgent)?;
            Some((severity.value.word().to_string(), severity.span))
        },
        is_own: |scene, who| scene.is_of_team(who),
    },
    Claim {
        field: "role",
        ask: "This says what role someone has. Only `team:` in longhouse.yaml makes someone staff or a moderator.",
        read: |fields| fields.role.as_ref().map(|it| (it.value.word().to_string(), it.span)),
        is_own: |scene, who| {
            let role = scene.now.and_then(|page| page.fields.role.as_ref());
            let is_team =
                role.is_some_and(|it| matches!(it.value, PersonRole::Staff | PersonRole::Moderator));
            scene.is_owner(who) && (!is_team || scene.is_of_team(who))
        },
    },
];

/// Every claim that was made, changed or taken back, but for those that people make about themselves.
#[must_use]
pub fn check(site: &Site, before: &Site, changes: &Changes) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (path, former) in &changes.touched {
        let Some(id) = id_of(site, path) else { continue };
        let was = former.as_deref().and_then(|former| id_of(before, former));
        let who = Who::of(site, before, changes, path);
        let mut owners = match was {
            Some(was) => owners(before, was),
            None => owners(site, id),
        };
        // What nobody has committed yet is theirs who write it.
        if owners.is_empty() && was.is_none() {
            owners.clone_from(&who.handles);
        }
        let former = was.map(|was| &before.pages()[was]);
        let scene = Scene { site, before, now: Some(&site.pages()[id]), former, owners };
        stem(&scene, id, was, &who, &mut diagnostics);
        diagnostics.extend(CLAIMS.iter().filter_map(|claim| changed(&scene, claim, &who, path)));
    }
    for path in &changes.gone {
        let Some(was) = id_of(before, path) else { continue };
        let who = Who::of(site, before, changes, path);
        let former = Some(&before.pages()[was]);
        let scene = Scene { site, before, now: None, former, owners: owners(before, was) };
        let claims = CLAIMS.iter().filter(|claim| claim.field != "authors");
        diagnostics.extend(claims.filter_map(|claim| changed(&scene, claim, &who, path)));
    }
    diagnostics
}

impl Scene<'_> {
    fn is_owner(&self, who: &Who) -> bool {
        !self.owners.is_empty() && self.owners.iter().any(|owner| who.is(owner))
    }

    fn is_of_team(&self, who: &Who) -> bool {
        !who.handles.is_empty() && who.handles.iter().all(|handle| self.before.people().is_team(handle))
    }
}

impl Who {
    /// Who changed a file, by the handles that they had where the branch began. Only those who had none may bring one
    /// along, or a new page in `people/` could make anybody somebody else.
    fn of(site: &Site, before: &Site, changes: &Changes, path: &str) -> Who {
        let handle = |people: &crate::site::people::People, person: &Person| match person.login() {
            Some(login) => people.handle(login),
            None => people.of_name(&person.name),
        };
        let mut handles = Vec::new();
        for person in changes.authors(path) {
            let (then, now) = (handle(before.people(), person), handle(site.people(), person));
            let is_new = before.people().get(&now).is_none();
            let best = if is_new { now } else { then };
            if !best.is_empty() && !handles.contains(&best) {
                handles.push(best);
            }
        }
        Who { handles }
    }

    fn is(&self, handle: &str) -> bool {
        self.handles.iter().any(|it| it == handle)
    }

    fn named(&self) -> String {
        let names: Vec<String> = self.handles.iter().map(|it| format!("`{it}`")).collect();
        match names.as_slice() {
            [] => "An unknown person".to_string(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        }
    }
}

/// Whose file it is.
fn owners(site: &Site, id: PageId) -> Vec<String> {
    let page = &site.pages()[id];
    if let Role::Reply { handle, .. } = &site.roles()[id] {
        return vec![site.people().of_stem(handle)];
    }
    if let (Role::Entry { slug, .. }, Kind::Person) = (&site.roles()[id], page.place.kind) {
        return vec![slug.clone()];
    }
    let mut names = std::collections::BTreeMap::new();
    crate::site::people::authors(site.sources(), site.people(), page, None, &mut names, &mut Vec::new())
}

/// A reply in somebody's name.
fn stem(scene: &Scene<'_>, id: PageId, was: Option<PageId>, who: &Who, diagnostics: &mut Vec<Diagnostic>) {
    let handle = |site: &Site, id: PageId| match &site.roles()[id] {
        Role::Reply { handle, .. } => Some(site.people().of_stem(handle)),
        _ => None,
    };
    let page = &scene.site.pages()[id];
    let Some(now) = handle(scene.site, id).filter(|_| page.fields.authors.is_empty()) else { return };
    let former = was.and_then(|was| handle(scene.before, was));
    if former.as_ref() == Some(&now) || who.is(&now) {
        return;
    }
    let message = match former {
        Some(former) => format!("{} attributes what `{former}` wrote to `{now}`.", who.named()),
        None => format!("{} adds this in the name of `{now}`.", who.named()),
    };
    diagnostics.push(
        Diagnostic::new(Rule::Trust, &page.path, Span::START, message)
            .help("The file name says who wrote it. Is that true? Everyone adds files of their own."),
    );
}

fn changed(scene: &Scene<'_>, claim: &Claim, who: &Who, path: &Arc<str>) -> Option<Diagnostic> {
    let read = |page: Option<&Arc<Page>>| page.and_then(|page| (claim.read)(&page.fields));
    let (now, former) = (read(scene.now), read(scene.former));
    let (value, was) = (now.as_ref().map(|it| &it.0), former.as_ref().map(|it| &it.0));
    if value == was || (claim.is_own)(scene, who) {
        return None;
    }
    let (who, field) = (who.named(), claim.field);
    let message = match (was, value) {
        (Some(was), Some(now)) => format!("{who} changes `{field}` from `{was}` to `{now}`."),
        (None, Some(now)) => format!("{who} sets `{field}` to `{now}`."),
        (Some(was), None) if scene.now.is_none() => {
            format!("{who} deletes this file, which said `{field}: {was}`.")
        }
        (Some(was), None) => format!("{who} removes `{field}`, which was `{was}`."),
        (None, None) => return None,
    };
    let span = now.map_or(Span::START, |it| it.1);
    Some(Diagnostic::new(Rule::Trust, path, span, message).help(claim.ask))
}

fn text(field: Option<&crate::page::front_matter::Text>) -> Option<(String, Span)> {
    field.map(|it| (it.value.clone(), it.span))
}

/// A list in one line, and where it begins.
fn listed(values: impl Iterator<Item = (String, Span)>) -> Option<(String, Span)> {
    let (texts, spans): (Vec<String>, Vec<Span>) = values.unzip();
    Some((texts.join(", "), *spans.first()?))
}

fn id_of(site: &Site, path: &str) -> Option<PageId> {
    site.pages().binary_search_by(|page| (*page.path).cmp(path)).ok()
}
