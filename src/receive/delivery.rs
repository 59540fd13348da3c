//! A delivery: the folder between the job that reads a stranger's text and the job that may write. Whoever takes it
//! believes nothing of it, for the first job may have done whatever the text made it do.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::compose::DEEPEST;
use super::form::FORMS;
use super::report::{self, Report, Source, Status, VERSION};
use super::text::{Removed, without_contacts};
use super::{MAX_PICTURES, MAX_TEXT, markup};
use crate::fetch;
use crate::page::front_matter::{self, Field};
use crate::page::slug;
use crate::page::{PagePath, text};
use crate::site::Site;

/// The folder of the files of the content.
const FILES: &str = "files/";
/// What there is to say about it, for programs.
const REPORT: &str = "report.json";
/// The same for people, as markdown for a git host.
const BODY: &str = "body.md";
/// The title of a request.
const TITLE: &str = "title";
/// The text of the commit.
const MESSAGE: &str = "message";

/// A delivery may have at most this many files.
pub const MAX_FILES: usize = MAX_PICTURES + 5;
/// A delivery may hold at most this many bytes.
pub const MAX_BYTES: u64 = MAX_PICTURES as u64 * fetch::MAX_BYTES + 4 * 1024 * 1024;

/// What a delivery holds, looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    /// A page that may be committed.
    Commit(Commit),
    /// Nothing but why there is none; `body.md` may be sent to who sent it.
    Refused(String),
}

/// What may be committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The files, by their paths from the root of the site.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The text of the commit.
    pub message: String,
    /// The name of its author, where no account stands for them.
    pub author: Option<String>,
    /// The branch that the report names.
    pub branch: String,
    /// The line of the message by which what an earlier run made of the same issue is recognised; nothing for what has no
    /// number.
    pub origin: Option<String>,
}

/// The files of a delivery.
pub(super) fn pack(report: &Report, content: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let text =
        report.files.first().and_then(|path| content.get(path)).map(|bytes| String::from_utf8_lossy(bytes));
    let mut files: BTreeMap<String, Vec<u8>> =
        content.iter().map(|(path, bytes)| (format!("{FILES}{path}"), bytes.clone())).collect();
    let json = serde_json::to_string_pretty(report).unwrap_or_default();
    files.insert(REPORT.to_owned(), format!("{json}\n").into_bytes());
    files.insert(BODY.to_owned(), markup::body(report, &text.unwrap_or_default()).into_bytes());
    files.insert(TITLE.to_owned(), format!("{}\n", report.title).into_bytes());
    files.insert(MESSAGE.to_owned(), message(report).into_bytes());
    files
}

/// The trailer of a commit's text by which the same is recognised while it waits.
const DIGEST: &str = "Received-digest";

/// The text of a commit. Nothing of it is believed later but what it is made of.
fn message(report: &Report) -> String {
    let mut message =
        format!("{}\n\n{}\n\n{DIGEST}: {}\n", report.title, origin(&report.source), report.digest);
    if let (Some(login), Some(address)) = (&report.author.login, &report.author.address) {
        message += &format!("Co-authored-by: {login} <{address}>\n");
    }
    message
}

/// The line of a commit's text that says where it comes from.
fn origin(source: &Source) -> String {
    match source.number {
        Some(number) => format!("Received from an issue ({number})."),
        None => format!("Received from {}.", source.from),
    }
}

/// Looks through a delivery, and says what of it may be committed to a site.
///
/// # Errors
/// Why nothing of it may, in plain words.
pub fn check(site: &Site, files: &BTreeMap<String, Vec<u8>>) -> Result<Checked, String> {
    let get = |name: &str| {
        let bytes = files.get(name).ok_or_else(|| format!("`{name}` is missing."))?;
        String::from_utf8(bytes.clone()).map_err(|_| format!("`{name}` is not text."))
    };
    let report: Report =
        serde_json::from_str(&get(REPORT)?).map_err(|error| format!("`{REPORT}`: {error}."))?;
    if report.version != VERSION {
        return Err(format!(
            "`{REPORT}` has version {}, and this program knows version {VERSION}.",
            report.version
        ));
    }
    let known = |name: &str| [REPORT, BODY, TITLE, MESSAGE].contains(&name) || name.starts_with(FILES);
    if let Some(other) = files.keys().find(|name| !known(name)) {
        return Err(format!("`{}` does not belong into a delivery.", one_line(other)));
    }
    if report.status == Status::Refused {
        return refused(files, &report, &get(BODY)?).map(Checked::Refused);
    }
    check_report(site, &report)?;
    if get(TITLE)?.trim_end_matches('\n') != report.title {
        return Err(format!("`{TITLE}` is not the title of the report."));
    }
    if get(MESSAGE)? != message(&report) {
        return Err(format!("`{MESSAGE}` is not what the report makes of it."));
    }
    let content: BTreeMap<String, Vec<u8>> = files
        .iter()
        .filter_map(|(name, bytes)| Some((name.strip_prefix(FILES)?.to_owned(), bytes.clone())))
        .collect();
    let named: BTreeSet<&String> = report.files.iter().collect();
    if named != content.keys().collect::<BTreeSet<_>>() || named.len() != report.files.len() {
        return Err("The files are not those that the report names.".to_owned());
    }
    let (document, pictures) = report.files.split_first().ok_or("There is no file in it.")?;
    check_path(site, document)?;
    let text =
        String::from_utf8(content[document].clone()).map_err(|_| format!("`{document}` is not text."))?;
    check_document(document, &text, &report)?;
    let body = get(BODY)?;
    if body != markup::body(&report, &text) || !markup::is_safe(&body, report.source.url.as_deref()) {
        return Err(format!("`{BODY}` is not what the report makes of it, or the git host would act on it."));
    }
    for picture in pictures {
        check_picture(site, document, picture, &content[picture], &text)?;
    }
    let author = report.author.login.is_none().then(|| report.author.name.clone());
    let origin = report.source.number.map(|_| origin(&report.source));
    let message = message(&report);
    Ok(Checked::Commit(Commit { files: content, message, author, branch: report.branch, origin }))
}

/// At most this many characters say why something was not taken.
const MAX_REFUSAL: usize = 500;

/// Why something was not taken, if that is all there is.
fn refused(files: &BTreeMap<String, Vec<u8>>, report: &Report, body: &str) -> Result<String, String> {
    let Some(refused) = &report.refused else {
        return Err(format!("`{REPORT}` does not say why it was refused."));
    };
    if files.keys().any(|name| name.starts_with(FILES)) {
        return Err("It was refused, and holds files all the same.".to_owned());
    }
    let is_ours =
        refused.message.chars().count() <= MAX_REFUSAL && !refused.message.contains(char::is_control);
    if !is_ours || body != markup::body(report, "") || !markup::is_safe(body, None) {
        return Err(format!("`{BODY}` is not what the report makes of it, or the git host would act on it."));
    }
    Ok(refused.message.clone())
}

/// What others say is told in one line without signs that a terminal would act on.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// Makes sure that the parts of a report that are used have the form that we give them.
fn check_report(site: &Site, report: &Report) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("`{REPORT}`: {what} is not what this program makes."));
    if report.title.is_empty() || report::title(&report.title) != report.title {
        return wrong("the title");
    }
    if !FORMS.iter().any(|form| form.name == report.sort) {
        return wrong("`sort`");
    }
    let is_digest =
        report.digest.len() == 16 && report.digest.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    if !is_digest || report.branch != report::branch(&report.source, &report.digest) {
        return wrong("the branch");
    }
    if !is_source(&report.source) {
        return wrong("the source");
    }
    let author = &report.author;
    let is_plain = |text: &str| {
        !text.is_empty()
            && text.chars().count() <= 100
            && !text.contains(|c: char| c.is_control() || matches!(c, '<' | '>' | '@'))
    };
    if !is_plain(&author.name) || slug::slug(&author.handle) != author.handle {
        return wrong("the author");
    }
    match (&author.login, &author.address) {
        // Nobody becomes one of the team by writing a name.
        (None, None) if site.people().is_team(&author.handle) => wrong("the author"),
        (None, None) => Ok(()),
        (Some(login), Some(address)) if is_login(login) && is_address(address, login) => {
            let handle = site.people().of_stem(&slug::handle(login));
            if handle == author.handle && author.name == *login { Ok(()) } else { wrong("the author") }
        }
        _ => wrong("the author"),
    }
}

/// Whether a login is one that a git host gives.
pub(super) fn is_login(login: &str) -> bool {
    let is_sign = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.');
    (1..=100).contains(&login.len())
        && login.bytes().all(is_sign)
        && login.bytes().any(|it| it.is_ascii_alphanumeric())
}

/// Whether an address is one that hides that of a login.
fn is_address(address: &str, login: &str) -> bool {
    let Some((local, host)) = address.split_once('@') else { return false };
    let number = local.strip_suffix(login).map(|it| it.trim_end_matches(['+', '-']));
    let is_host =
        !host.is_empty() && host.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.'));
    number.is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit())) && is_host && host.contains("noreply.")
}

fn is_source(source: &Source) -> bool {
    let is_word = !source.from.is_empty() && source.from.bytes().all(|it| it.is_ascii_lowercase());
    is_word && source.url.as_deref().is_none_or(is_issue)
}

/// Whether an address is one of an issue, with nothing in it that would mean something in a text.
pub(super) fn is_issue(address: &str) -> bool {
    let is_sign =
        |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.' | b'/' | b':' | b'~');
    let number = address.rsplit('/').next().unwrap_or_default();
    address.len() <= 300
        && (address.starts_with("https://") || address.starts_with("http://"))
        && address.bytes().all(is_sign)
        && (address.contains("/issues/") || address.contains("/work_items/"))
        && !number.is_empty()
        && number.bytes().all(|it| it.is_ascii_digit())
}

/// Makes sure that a new file may lie at a path: below the content, in the folder of a kind that people write, under a
/// name of ours, where nothing lies yet.
fn check_path(site: &Site, path: &str) -> Result<(), String> {
    let sources = site.sources();
    let refuse = |why: &str| Err(format!("`{}` {why}.", one_line(path)));
    let Some(below) =
        path.strip_prefix(sources.content_prefix.as_str()).and_then(|it| it.strip_suffix(".md"))
    else {
        return refuse("is no content file");
    };
    let parts: Vec<&str> = below.split('/').collect();
    let (stem, folders) = parts.split_last().ok_or("There is no path.")?;
    let is_ours = |part: &&str| {
        !part.is_empty()
            && !part.starts_with(['.', '-'])
            && !part.contains(|c: char| c.is_control() || "<>:\"|?*\\`$".contains(c))
    };
    let is_deep = folders.len() > DEEPEST || folders.is_empty();
    if is_deep || !parts.iter().all(is_ours) || crate::output::OutputPath::new(path).is_err() {
        return refuse("is not a path that this program makes");
    }
    if slug::slug(&stem.replace("--", "-")) != stem.replace("--", "-")
        || ["index", "_index", "readme"].contains(stem)
    {
        return refuse("has a name that this program does not give");
    }
    let place = PagePath::of(&path[sources.content_prefix.len()..], &sources.config.kinds);
    let is_sent = FORMS.iter().any(|form| form.sort == super::form::Sort::Entry(place.kind));
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if place.unknown || place.faq || !(is_sent || super::target::of_folder(site, folder).is_some()) {
        return refuse("is in a folder in which people do not write");
    }
    let folded = slug::fold(path);
    let taken = sources.documents.iter().any(|it| slug::fold(&it.path) == folded);
    if taken { refuse("is there already") } else { Ok(()) }
}

/// Makes sure that a text holds what may be sent in, and nothing else.
fn check_document(path: &str, document: &str, report: &Report) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("`{path}` {why}."));
    if document.len() > MAX_TEXT + front_matter::LIMIT {
        return refuse("is too large");
    }
    let mut removed = Removed::default();
    let cleaned = text::clean(document);
    if !cleaned.findings.is_empty() || document.contains('\r') {
        return refuse("holds invisible characters or a secret");
    }
    let _ = without_contacts(document, &mut removed);
    if removed.is_some() {
        return refuse("holds an email address or a telephone number");
    }
    let front = front_matter::parse(&Arc::from(path), document);
    if front.broken || front.body_at == 0 {
        return refuse("has fields that cannot be read");
    }
    let is_allowed =
        |field: Option<Field>| field.is_some_and(|it| it == Field::Authors || it.uses().sendable);
    if let Some((name, _)) = front.fields.present.iter().find(|(_, field)| !is_allowed(*field)) {
        return refuse(&format!("has the field `{}`, which cannot be sent in", one_line(&name.value)));
    }
    match front.fields.authors.as_slice() {
        [author] if author.value == report.author.handle => Ok(()),
        _ => refuse("names another author than the report"),
    }
}

/// Makes sure that a picture is one of ours: named by its page and its bytes, of the sort that its name says, shown by
/// the text, and with nothing in it but what is seen.
fn check_picture(site: &Site, document: &str, path: &str, bytes: &[u8], text: &str) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("`{}` {why}.", one_line(path)));
    let stem = document.strip_suffix(".md").unwrap_or(document);
    let name = stem.rsplit('/').next().unwrap_or_default();
    let Some(ending) = fetch::ENDINGS.into_iter().find(|it| path.ends_with(&format!(".{it}"))) else {
        return refuse("is not a picture");
    };
    let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
    let named = fetch::name(name, bytes, ending);
    if path != format!("{folder}/{named}") || !text.contains(&named) {
        return refuse("is not named as this program names it");
    }
    if let Err(why) = fetch::as_made(bytes, ending) {
        return refuse(why);
    }
    let folded = slug::fold(path);
    let taken = site.sources().assets.keys().any(|it| slug::fold(it) == folded);
    if taken { refuse("is there already") } else { Ok(()) }
}
