//! Reads what was sent: the events of git hosts, a mail, a form, a file. Of an event nothing is read but what is named
//! here.

mod mail;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::delivery::{is_issue, is_login};
use super::report::Source;
use super::{Account, Content, Refusal, Sender, Submission};
pub use mail::read as mail;

/// From where something comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum From {
    /// The event file of GitHub Actions about an issue
    Github,
    /// The webhook of GitLab about an issue, or the issue as its API shows it
    Gitlab,
    /// The event file of Gitea or Forgejo Actions about an issue
    Gitea,
    /// One mail, as it is stored (RFC 5322)
    Mail,
    /// The fields of a form, as a browser sends them or as JSON
    Form,
    /// A markdown file
    File,
}

/// Why something cannot be read.
#[derive(Debug)]
pub enum Trouble {
    /// It is not what it should be, in plain words.
    Unreadable(String),
    /// It is not taken, and what could be read of it.
    Refused(Refusal),
}

impl std::convert::From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        Trouble::Refused(refusal)
    }
}

impl From {
    /// Its name, as the command line and the report say it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            From::Github => "github",
            From::Gitlab => "gitlab",
            From::Gitea => "gitea",
            From::Mail => "mail",
            From::Form => "form",
            From::File => "file",
        }
    }

    /// At most so many bytes are read.
    #[must_use]
    pub const fn limit(self) -> u64 {
        match self {
            From::Mail => 15 * 1024 * 1024,
            _ => 1024 * 1024,
        }
    }

    /// Reads what was sent. `path` is the one that a file wants to have.
    ///
    /// # Errors
    /// When it is not what it should be, or is not taken whatever stands in it.
    pub fn read(self, bytes: &[u8], path: Option<&str>) -> Result<Submission, Trouble> {
        match self {
            From::Github | From::Gitea => event(self, bytes),
            From::Gitlab => gitlab(bytes),
            From::Mail => mail(bytes),
            From::Form => form(bytes),
            From::File => Ok(Submission {
                content: Content::File(text(bytes)?, path.map(str::to_owned)),
                ..blank(self)
            }),
        }
    }
}

/// Something of which nothing is known yet but where it comes from.
#[must_use]
pub fn blank(from: From) -> Submission {
    Submission {
        source: Source { from: from.name().to_owned(), ..Source::default() },
        title: String::new(),
        content: Content::Body(String::new(), None),
        sender: Sender::default(),
        pictures: Vec::new(),
        notes: Vec::new(),
    }
}

#[derive(Deserialize)]
struct Event {
    issue: Issue,
}

#[derive(Deserialize)]
struct Issue {
    number: u64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    html_url: String,
    user: User,
}

#[derive(Deserialize)]
struct User {
    login: String,
    id: u64,
    #[serde(default, rename = "type")]
    sort: String,
}

/// The event of GitHub, Gitea or Forgejo about an issue.
fn event(from: From, bytes: &[u8]) -> Result<Submission, Trouble> {
    let Event { issue } = json(bytes, "the event of an issue")?;
    let host = host(&issue.html_url).unwrap_or("localhost");
    let User { login, id, sort } = issue.user;
    let account = match from {
        From::Gitea => Account { address: format!("{login}@noreply.{host}"), login },
        _ => Account { address: format!("{id}+{login}@users.noreply.{host}"), login },
    };
    let top = issue.html_url.split_inclusive('/').take(3).collect::<String>();
    let body = with_uploads(issue.body.unwrap_or_default(), "/attachments/", top.trim_end_matches('/'));
    Ok(Submission {
        title: issue.title,
        content: Content::Body(body, None),
        // What a program opened was written by somebody else, whom nobody knows.
        sender: sender(account, sort == "Bot"),
        source: source(from, issue.number, issue.html_url),
        ..blank(from)
    })
}

#[derive(Deserialize)]
struct GitLabEvent {
    object_attributes: GitLabIssue,
    user: GitLabUser,
}

#[derive(Deserialize)]
struct GitLabIssue {
    iid: u64,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, alias = "web_url")]
    url: String,
    /// Of an issue as the API shows it.
    author: Option<GitLabUser>,
}

#[derive(Deserialize)]
struct GitLabUser {
    id: u64,
    username: String,
    #[serde(default)]
    bot: bool,
}

/// The webhook of GitLab about an issue, or the issue itself.
fn gitlab(bytes: &[u8]) -> Result<Submission, Trouble> {
    let what = "the webhook of GitLab about an issue, or an issue as its API shows it";
    let (issue, user) = match serde_json::from_slice::<GitLabEvent>(bytes) {
        Ok(event) => (event.object_attributes, event.user),
        Err(_) => {
            let mut issue: GitLabIssue = json(bytes, what)?;
            let author = issue.author.take();
            (
                issue,
                author.ok_or_else(|| {
                    Trouble::Unreadable(format!("The input is not {what}: it has no author."))
                })?,
            )
        }
    };
    let host = host(&issue.url).unwrap_or("localhost").to_owned();
    let address = format!("{}-{}@users.noreply.{host}", user.id, user.username);
    let project = issue.url.split("/-/").next().unwrap_or_default();
    let body = with_uploads(issue.description.unwrap_or_default(), "/uploads/", project);
    Ok(Submission {
        title: issue.title,
        content: Content::Body(body, None),
        sender: sender(Account { login: user.username, address }, user.bot),
        source: source(From::Gitlab, issue.iid, issue.url),
        ..blank(From::Gitlab)
    })
}

/// A text in which what was dropped into the editor of a host has its whole address: Gitea and GitLab write only the part
/// from `folder` on.
fn with_uploads(body: String, folder: &str, below: &str) -> String {
    let is_web = below.starts_with("https://") || below.starts_with("http://");
    if !is_web || !body.contains(folder) {
        return body;
    }
    body.replace(&format!("]({folder}"), &format!("]({below}{folder}"))
        .replace(&format!("src=\"{folder}"), &format!("src=\"{below}{folder}"))
}

fn sender(account: Account, is_bot: bool) -> Sender {
    match is_bot || !is_login(&account.login) {
        true => Sender::default(),
        false => Sender { name: account.login.clone(), account: Some(account) },
    }
}

fn source(from: From, number: u64, url: String) -> Source {
    Source { from: from.name().to_owned(), number: Some(number), url: Some(url).filter(|it| is_issue(it)) }
}

/// The name of a host, if it can stand in an address.
fn host(url: &str) -> Option<&str> {
    let host = url.split_once("://")?.1.split(['/', ':']).next()?;
    let is_sign = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.');
    (!host.is_empty() && host.bytes().all(is_sign)).then_some(host)
}

/// The fields of a form, as a browser sends them, or as JSON. An event of GitHub by which a form service calls has them
/// below `client_payload`.
fn form(bytes: &[u8]) -> Result<Submission, Trouble> {
    let typed = text(bytes)?;
    let fields: BTreeMap<String, String> = if typed.trim_start().starts_with('{') {
        let mut all: BTreeMap<String, serde_json::Value> = json(bytes, "a form as JSON")?;
        if let Some(serde_json::Value::Object(payload)) = all.remove("client_payload") {
            all = payload.into_iter().collect();
        }
        let value = |value: serde_json::Value| match value {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Number(number) => Some(number.to_string()),
            serde_json::Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        };
        all.into_iter().filter_map(|(name, it)| Some((name, value(it)?))).collect()
    } else {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(typed.trim().as_bytes()) {
            // The first one counts, as in an issue.
            fields.entry(name.into_owned()).or_insert(value.into_owned());
        }
        fields
    };
    if fields.is_empty() {
        return Err(Trouble::Unreadable("There are no fields in the form.".to_owned()));
    }
    Ok(Submission { content: Content::Form(fields), ..blank(From::Form) })
}

fn json<T: serde::de::DeserializeOwned>(bytes: &[u8], what: &str) -> Result<T, Trouble> {
    serde_json::from_slice(bytes)
        .map_err(|error| Trouble::Unreadable(format!("The input is not {what}: {error}.")))
}

fn text(bytes: &[u8]) -> Result<String, Trouble> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Trouble::Unreadable(format!(
            "The input is not UTF-8 text: byte {} cannot be read. Save it as UTF-8.",
            error.valid_up_to() + 1
        ))),
    }
}
