//! The page on which people write without an account: a form, and what its script needs to make a file of it.
//!
//! The script knows nothing of the site but what stands here. It fills in the files that `longhouse new` begins.

use serde::Serialize;

use super::{Data, LinkView, View, generated};
use crate::config::{Host, LONGEST_ADDRESS, Repository};
use crate::page::kind::Kind;
use crate::site::contribution;
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::{Word, Words};

/// What people can write here, in the order in which it is offered; answers are in the folder of a question.
const KINDS: [Kind; 4] = [Kind::Question, Kind::Story, Kind::HowTo, Kind::Idea];

/// At most this many topics are offered where the configuration names none.
const TOPICS: usize = 40;

/// The page on which people write.
#[derive(Debug, Serialize)]
pub struct WriteView {
    /// What the script needs, as JSON: where files go, how addresses are made, and the words that it says.
    pub settings: String,
    /// Where the same is written in the editor of the git host, by kind.
    pub doors: Vec<LinkView>,
    /// Topics that something can be about: the tags that the configuration knows, else the largest ones.
    pub topics: Vec<String>,
    /// The name of that host.
    pub host: Option<String>,
    /// How to contact the people who run the site.
    pub contact: Option<LinkView>,
}

/// What the script needs. Its names are the script's.
#[derive(Debug, Serialize)]
struct Settings<'a> {
    /// The link to the home page.
    home: String,
    /// The folder of the site in the repository, with a slash at its end unless it is empty.
    root: String,
    /// Where entries of a kind lie, the link to their list, and their file, with places for what is typed; no file where
    /// people only reply.
    kinds: Vec<(&'static str, String, String, String)>,
    /// The patterns of the git host's addresses.
    new: Option<String>,
    issue: Option<String>,
    upload: Option<String>,
    branch: Option<&'a str>,
    /// The longest address that a host takes, in bytes.
    longest: usize,
    /// The address for mail to the people who run the site.
    mail: Option<&'a str>,
    /// What a file is called whose author gave no name.
    nameless: String,
    words: std::collections::BTreeMap<&'a str, serde_json::Value>,
}

/// The view of the page.
#[must_use]
pub fn view(site: &Reader<'_>) -> View {
    let words = site.words();
    let config = site.config();
    let repository = config.repository.as_ref();
    let kinds = Kind::ALL.iter().filter(|kind| **kind != Kind::Page).map(|kind| {
        let list = site.urls().href(&url::list(*kind, 1));
        let file = if KINDS.contains(kind) { contribution::form(words, *kind) } else { String::new() };
        (kind.singular(), site.folder(*kind), list, file)
    });
    let contact = config.contact.as_deref().map(|contact| reached(site, contact));
    let mail = contact.as_ref().and_then(|contact| contact.url.strip_prefix("mailto:"));
    let settings = Settings {
        home: site.urls().href(url::HOME),
        root: repository.map_or_else(String::new, root),
        kinds: kinds.collect(),
        new: repository.and_then(Repository::new_pattern),
        issue: repository.filter(|_| config.write.issues).and_then(Repository::issue_pattern),
        upload: repository.and_then(Repository::upload_pattern),
        branch: repository.map(|it| &*it.branch),
        longest: LONGEST_ADDRESS,
        mail,
        nameless: contribution::file_name(words, Word::NameReply),
        words: said(words),
    };
    let doors = KINDS.iter().filter_map(|kind| {
        let url = site.new_door(*kind)?.url.clone();
        Some(LinkView { title: words.kind(*kind).to_string(), url })
    });
    // It holds texts and lists of texts, so it can be written down.
    let settings = serde_json::to_string(&settings).unwrap_or_default();
    let view = WriteView {
        settings,
        doors: doors.collect(),
        topics: topics(site),
        host: repository.map(host),
        contact,
    };
    let mut page = super::meta(site, url::WRITE_PAGE, words.get(Word::WriteHere), "write");
    page.noindex = true;
    page.description = words.fill(Word::AboutWriting, &[("site", &config.title)]);
    View {
        address: url::WRITE_PAGE.into(),
        template: "write.html",
        page,
        name: "write",
        data: Data::Write(view),
    }
}

fn topics(site: &Reader<'_>) -> Vec<String> {
    let known = &site.config().tags.known;
    let mut topics = if known.is_empty() {
        generated::topics(site, TOPICS).into_iter().map(|tag| tag.title).collect()
    } else {
        known.clone()
    };
    topics.sort_by_cached_key(|name| (name.to_lowercase(), name.clone()));
    topics
}

/// The words that the script says, and those that new files begin with.
fn said(words: &Words) -> std::collections::BTreeMap<&str, serde_json::Value> {
    let mut said = words.written("writing_");
    said.append(&mut words.written("new_"));
    said.append(&mut words.written("write_"));
    // What a preview writes above what stands out.
    let alerts = [
        ("alert_note", Word::Note),
        ("alert_tip", Word::Tip),
        ("alert_important", Word::Important),
        ("alert_warning", Word::Warning),
        ("alert_caution", Word::Caution),
    ];
    said.extend(alerts.map(|(name, word)| (name, words.get(word).into())));
    said
}

fn root(repository: &Repository) -> String {
    if repository.path.is_empty() { String::new() } else { format!("{}/", repository.path) }
}

/// How people call the program, or the place, that shows the repository.
fn host(repository: &Repository) -> String {
    let name = match repository.host {
        Host::GitHub => "GitHub",
        Host::GitLab => "GitLab",
        Host::Bitbucket => "Bitbucket",
        Host::Azure => "Azure DevOps",
        Host::Gitea | Host::Custom => {
            let address = if repository.url.is_empty() { repository.new_url.as_deref() } else { None };
            let address = ::url::Url::parse(address.unwrap_or(&repository.url)).ok();
            let name = address.as_ref().and_then(|it| it.host_str());
            return name.unwrap_or("git").to_string();
        }
    };
    name.to_string()
}

/// A link to those who run the site. An address of mail may stand there by itself.
fn reached(site: &Reader<'_>, contact: &str) -> LinkView {
    let contact = contact.trim();
    let is_mail = contact.contains('@') && !contact.contains(['/', ':', ' ']);
    let url = if is_mail { format!("mailto:{contact}") } else { site.config_url(contact) };
    let title = url.strip_prefix("mailto:").map_or(contact, |mail| mail.split('?').next().unwrap_or(mail));
    LinkView { title: title.to_string(), url: url.clone() }
}
