//! What there is to say about something that was sent, as `report.json`. Its form is part of what outside programs rely
//! on: `version` counts up when a part changes its meaning.

use longhouse_search::Near;
use serde::{Deserialize, Serialize};

use super::compose::Draft;
use super::form::Sort;
use super::text::Removed;
use super::{Dropped, Reason, Refusal, Submission, markup};
use crate::diagnostic::Diagnostic;

/// The version of the form of the report.
pub const VERSION: u32 = 1;

/// At most this many problems are told.
const PROBLEMS: usize = 50;

/// What there is to say about something that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// [`VERSION`].
    pub version: u32,
    /// What became of it.
    pub status: Status,
    /// Why it was not taken.
    pub refused: Option<Refused>,
    /// What it is, by the name of its form: `question`, `answer`, `confirm`.
    pub sort: String,
    /// Its title in one line; of a reply what it is and the title of its page. Safe where it stands by itself.
    pub title: String,
    /// What it belongs to, if it is a reply.
    pub target: Option<Target>,
    /// Where it came from.
    pub source: Source,
    /// Who wrote it.
    pub author: Author,
    /// The files of the content by their paths from the root, the text first.
    pub files: Vec<String>,
    /// What tells it apart from everything else that was sent: sixteen hexadecimal digits.
    pub digest: String,
    /// A name for its branch, made of the number of the issue, or of the digest where there is none.
    pub branch: String,
    /// Fields that were not taken over.
    pub dropped: Vec<Dropped>,
    /// What was taken out of the text, by how often.
    pub removed: Removed,
    /// Pictures of other sites that it shows.
    pub pictures: Vec<RemotePicture>,
    /// Links to pages of other sites.
    pub links: Vec<String>,
    /// Pages that are similar to it, the nearest first.
    pub similar: Vec<Similar>,
    /// What `check` says of the new page, and of what it breaks elsewhere.
    pub problems: Vec<Problem>,
    /// What people should know who look at it.
    pub notes: Vec<String>,
}

/// What became of something that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// There is a file, and nothing is wrong with it.
    Written,
    /// There is a file, and `check` says that something is wrong with it.
    Errors,
    /// There is none.
    Refused,
}

/// Why something was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// By which rule.
    pub reason: Reason,
    /// What to tell the one who sent it.
    pub message: String,
}

/// The page that a reply belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// Where something came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// As `--from` says it: `github`, `mail`.
    pub from: String,
    /// The number of the issue.
    pub number: Option<u64>,
    /// The address of the issue.
    pub url: Option<String>,
}

/// Who wrote it, as the site will show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Author {
    /// The handle.
    pub handle: String,
    /// The name, as it was typed; of an account the login.
    pub name: String,
    /// The login, where a host knows who it was. Without it nobody has checked the name.
    pub login: Option<String>,
    /// The address with which commits name that account.
    pub address: Option<String>,
    /// Whether somebody of this handle wrote here before.
    pub known: bool,
}

/// A picture of another site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemotePicture {
    /// Its address.
    pub from: String,
    /// Its name beside the text, if it was brought in.
    pub file: Option<String>,
    /// Why it was not.
    pub problem: Option<String>,
}

/// A page that is similar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    /// Its title.
    pub title: String,
    /// The path of a link to it.
    pub url: String,
    /// `same` or `near`.
    pub sure: String,
}

/// What `check` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The file, from the root.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The name of the rule.
    pub rule: String,
    /// `error` or `warning`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Report {
    pub(super) fn refused(sent: &Submission, refusal: &Refusal) -> Report {
        Report {
            version: VERSION,
            status: Status::Refused,
            refused: Some(Refused { reason: refusal.reason, message: refusal.message.clone() }),
            sort: String::new(),
            title: String::new(),
            target: None,
            source: sent.source.clone(),
            author: Author {
                handle: String::new(),
                name: String::new(),
                login: sent.sender.account.as_ref().map(|it| it.login.clone()),
                address: None,
                known: false,
            },
            files: Vec::new(),
            digest: String::new(),
            branch: String::new(),
            dropped: Vec::new(),
            removed: Removed::default(),
            pictures: Vec::new(),
            links: Vec::new(),
            similar: Vec::new(),
            problems: Vec::new(),
            notes: sent.notes.clone(),
        }
    }

    pub(super) fn written(
        sent: &Submission,
        draft: &Draft,
        status: Status,
        problems: &[Diagnostic],
        similar: &[Near],
    ) -> Report {
        let account = sent.sender.account.as_ref();
        // Of a reply it says what it is, too, for the page has the same title.
        let title = match draft.sort {
            Sort::Entry(_) => title(&draft.title),
            Sort::Answer => title(&format!("Answer: {}", draft.title)),
            Sort::Comment => title(&format!("Comment: {}", draft.title)),
            Sort::Confirmation => title(&format!("It worked: {}", draft.title)),
            Sort::Support => title(&format!("Support: {}", draft.title)),
        };
        Report {
            version: VERSION,
            status,
            refused: None,
            sort: draft.sort.form().name.to_owned(),
            title,
            target: draft
                .target
                .as_ref()
                .map(|(title, url)| Target { title: title.clone(), url: url.clone() }),
            source: sent.source.clone(),
            author: Author {
                handle: draft.author.handle.clone(),
                name: draft.author.name.clone(),
                login: account.map(|it| it.login.clone()),
                address: account.map(|it| it.address.clone()),
                known: draft.author.is_known,
            },
            files: std::iter::once(&draft.path).chain(draft.pictures.keys()).cloned().collect(),
            digest: draft.digest.clone(),
            branch: branch(&sent.source, &draft.digest),
            dropped: draft.dropped.iter().cloned().collect(),
            removed: draft.removed,
            pictures: draft
                .remote
                .iter()
                .map(|(from, brought)| RemotePicture {
                    from: from.clone(),
                    file: brought.as_ref().ok().cloned(),
                    problem: brought.as_ref().err().cloned(),
                })
                .collect(),
            links: draft.links.clone(),
            similar: similar
                .iter()
                .map(|it| Similar {
                    title: it.hit.title.clone(),
                    url: it.hit.url.clone(),
                    sure: if it.is_same() { "same" } else { "near" }.to_owned(),
                })
                .collect(),
            problems: problems
                .iter()
                .take(PROBLEMS)
                .map(|it| Problem {
                    file: it.file.to_string(),
                    line: it.line,
                    rule: it.rule.name().to_owned(),
                    severity: if it.severity == crate::diagnostic::Severity::Error {
                        "error"
                    } else {
                        "warning"
                    }
                    .to_owned(),
                    message: it.message.clone(),
                    help: it.help.clone(),
                })
                .collect(),
            notes: draft.notes.clone(),
        }
    }
}

/// A title as it may stand by itself: one line of at most 120 characters in which nothing means anything to a host.
pub(super) fn title(text: &str) -> String {
    let text = super::text::clean_line(text, &mut Removed::default());
    let plain: String = markup::plain(&text).chars().filter(|c| !c.is_control()).collect();
    match crate::page::limits::cut(&plain, 119) {
        Some(cut) => cut,
        None => plain,
    }
}

/// The name of a branch. What was sent with the same issue is on the same one, however often the issue is edited; what
/// has no number is told by its digest.
pub(super) fn branch(source: &Source, digest: &str) -> String {
    match source.number {
        Some(number) => issue_branch(number),
        None => format!("receive/{digest}"),
    }
}

/// The branch of what was sent with an issue.
pub(super) fn issue_branch(number: u64) -> String {
    format!("receive/issue-{number}")
}
