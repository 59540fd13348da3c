//! What people send in without a fork: an issue, a mail, a form or a file becomes a file of the content.
//!
//! Whatever is sent is a stranger's text. Nothing of it says where it is written, who wrote it or what counts: the names
//! are made here, and of its fields only those stay that the table of fields allows ([`Field::is_sendable`]).
//!
//! It happens in two halves, so that no job that reads a stranger's text may write. [`receive`] makes a *delivery*: a
//! folder with the files and what to say about them. [`delivery::check`] believes nothing of such a folder and says what
//! of it may be committed.
//!
//! [`Field::is_sendable`]: crate::page::front_matter::Field::is_sendable

mod compose;
pub mod delivery;
pub mod form;
pub mod input;
mod markup;
pub mod report;
mod spam;
mod target;
mod text;
mod wish;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use longhouse_search::Near;

use crate::diagnostic::{Diagnostic, Severity};
use crate::fetch::Picture;
use crate::page::Document;
use crate::page::front_matter::Field;
use crate::similar::Question;
use crate::site::{Site, Visibility};
use crate::source::Sources;
use report::{Report, Source, Status};
pub use spam::digests;

/// A text may hold at most this many bytes.
pub const MAX_TEXT: usize = 200 * 1024;
/// At most this many pictures come with a text.
pub const MAX_PICTURES: usize = 10;
/// A newcomer may link to at most this many pages of other sites, unless the command says otherwise.
pub const MAX_LINKS: usize = 3;

/// What somebody sent, as it came.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Where it came from.
    pub source: Source,
    /// The title of the message.
    pub title: String,
    /// What stands in it.
    pub content: Content,
    /// Who sent it.
    pub sender: Sender,
    /// Pictures that came with it, by what they were called.
    pub pictures: Vec<(String, Picture)>,
    /// What people should know who look at it.
    pub notes: Vec<String>,
}

/// The text of a message.
#[derive(Debug, Clone)]
pub enum Content {
    /// The body of an issue or a mail, and a file that came with it.
    Body(String, Option<String>),
    /// The fields of a form by their names.
    Form(BTreeMap<String, String>),
    /// A file, and the path that it wants to have.
    File(String, Option<String>),
}

/// Who sent something.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// The name, as they wrote it. Nobody has checked it.
    pub name: String,
    /// The account with which they sent it, if the host knows who they are.
    pub account: Option<Account>,
}

/// An account on a git host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The login.
    pub login: String,
    /// The domain of the address with which commits name this account without showing its e-mail address.
    pub address: String,
}

/// Why something is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule says so.
    pub reason: Reason,
    /// What is wrong and what to do, for the one who sent it.
    pub message: String,
}

/// The rules by which something is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// There is nothing in it.
    Empty,
    /// It is longer than anything that people write.
    TooLarge,
    /// It has more links than a newcomer's text may have.
    Links,
    /// The same was sent already and waits for somebody to look at it.
    Duplicate,
    /// No person wrote it: an answer of a machine, a mailing list, a message that came back.
    Automatic,
    /// It is of a kind that only the company writes.
    Kind,
    /// It belongs to a page that does not exist.
    Target,
    /// Its page takes no more replies.
    Locked,
}

/// Something that was sent and not taken over.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropped {
    /// The name of the field, as it was typed.
    pub field: String,
    /// Why.
    pub why: String,
}

/// Brings the picture of an address here, or says why not.
pub type Fetch<'f> = dyn Fn(&str) -> Result<Picture, String> + 'f;

/// How something is received.
pub struct Options<'o> {
    /// How many links to other sites a newcomer's text may have.
    pub max_links: usize,
    /// The digests of what waits for somebody already.
    pub open: BTreeSet<String>,
    /// Brings a picture of another site here. Without it, pictures stay where they are.
    pub fetch: Option<&'o Fetch<'o>>,
    /// Finds pages that are similar to a question.
    pub similar: &'o dyn Fn(&Question) -> Vec<Near>,
}

/// What was made of something that was sent.
#[derive(Debug)]
pub struct Received {
    /// What there is to say about it.
    pub report: Report,
    /// The files of the delivery, by their paths in its folder. [`delivery::check`] takes nothing else.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What is wrong with the new page, and what it breaks elsewhere.
    pub problems: Vec<Diagnostic>,
}

impl Refusal {
    fn new(reason: Reason, message: impl Into<String>) -> Refusal {
        Refusal { reason, message: message.into() }
    }
}

impl Dropped {
    fn new(field: &str, why: &str) -> Dropped {
        let field: String = text::clean_line(field, &mut text::Removed::default()).chars().take(60).collect();
        Dropped { field, why: why.to_owned() }
    }

    fn not_sendable(typed: &str, field: Field) -> Dropped {
        Dropped::new(
            typed,
            match field {
                Field::Authors => "the author is who sent it",
                _ => "it is for the people who look after the site to say",
            },
        )
    }
}

/// Makes a delivery of what was sent. What cannot be taken makes one too, which says why and has no file of the content.
#[must_use]
pub fn receive(site: &Site, submission: &Submission, options: &Options<'_>) -> Received {
    match compose::compose(site, submission, options) {
        Ok(draft) => finished(site, submission, options, draft),
        Err(refusal) => refused(submission, &refusal),
    }
}

/// The delivery of what is not taken.
#[must_use]
pub fn refused(submission: &Submission, refusal: &Refusal) -> Received {
    let report = Report::refused(submission, refusal);
    let files = delivery::pack(&report, &BTreeMap::new());
    Received { report, files, problems: Vec::new() }
}

/// Looks at what the site is with the new page, and packs it.
fn finished(site: &Site, submission: &Submission, options: &Options<'_>, draft: compose::Draft) -> Received {
    let before = site.sources();
    let problems = problems(before, &draft);
    let has_errors = problems.iter().any(|it| it.severity == Severity::Error);
    let similar = draft.question.as_ref().map(options.similar).unwrap_or_default();
    let status = if has_errors { Status::Errors } else { Status::Written };
    let report = Report::written(submission, &draft, status, &problems, &similar);
    let mut content = draft.pictures;
    content.insert(draft.path, draft.text.into_bytes());
    let files = delivery::pack(&report, &content);
    Received { report, files, problems }
}

/// What is wrong with the site that is not wrong without the new file.
fn problems(before: &Arc<Sources>, draft: &compose::Draft) -> Vec<Diagnostic> {
    let all = |sources: &Arc<Sources>| {
        let (site, mut found) = crate::pipeline::understand(sources, Visibility::default(), &|_| {});
        found.extend(crate::check::thorough(&site));
        found.sort();
        found
    };
    let old: BTreeSet<Diagnostic> = all(before).into_iter().collect();
    let mut sources = Sources::clone(before);
    sources.documents.push(Document { path: draft.path.as_str().into(), text: draft.text.as_str().into() });
    sources.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let pictures = draft.pictures.keys().map(String::as_str).collect::<BTreeSet<_>>();
    // A picture that comes along is in no folder yet; that it was looked at stands in the report.
    let is_coming = |it: &Diagnostic| {
        it.rule == crate::diagnostic::Rule::DeadImage
            && *it.file == *draft.path
            && pictures
                .iter()
                .any(|path| path.rsplit('/').next().is_some_and(|name| it.message.contains(name)))
    };
    let mut new: Vec<Diagnostic> =
        all(&Arc::new(sources)).into_iter().filter(|it| !old.contains(it) && !is_coming(it)).collect();
    new.sort();
    new
}
