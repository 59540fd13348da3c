//! What a new file begins with, recognised where its author left it: the name that means nobody, the title
//! that says nothing, the sentence that says what to write. In every language of the default theme and in
//! the site's own words, because a file outlives the language in which its site once spoke.
//!
//! A file in which nothing is anybody's own is held. A name alone is only told, with a better one.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use super::contribution::KINDS;
use super::people;
use super::{Form, PageId, Site};
use crate::page::kind::Kind;
use crate::page::template::{NOBODY_YET, Said, Templates};
use crate::page::{Lead, Page, slug};
use crate::words::{Word, Words, every_language};

/// Whose name a reply's file bears until its author gives it theirs, and all that a new file says.
#[derive(Debug)]
pub struct Placeholders(Templates);

/// What of a file is somebody's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Nothing: every line stands in a template.
    Nothing,
    /// The title, and nothing else.
    Title,
    /// More than that.
    Text,
}

/// Lines of templates that are the same in every language.
const LINES: &[&str] = &[
    "---",
    "tags: []",
    "time:",
    "customer:",
    "sentiment: happy",
    "state: open",
    "severity: info",
    "role: customer",
    "gifts: []",
    "url: https://",
    "type: blog",
    "comment: true",
    "-",
    "1.",
];

const SENTENCES: [Word; 7] = [
    Word::WriteQuestion,
    Word::WriteAnswer,
    Word::WriteComment,
    Word::WriteIdea,
    Word::WriteAnnouncement,
    Word::WritePerson,
    Word::WriteLink,
];

const HEADINGS: [Word; 5] = [Word::Problem, Word::Why, Word::Outcome, Word::WhatYouNeed, Word::Steps];

/// No file that is still what a template put there is longer, in bytes.
const LONGEST: usize = 4096;

/// The titles of the templates of earlier versions. Files that were begun by them are there still.
const FORMER_TITLES: [&str; 16] = [
    "What one gets done, in a few words",
    "What it gets done, in a few words",
    "What came of it, in one sentence",
    "What it is called",
    "Was man damit erreicht, in wenigen Worten",
    "Was dabei herauskam, in einem Satz",
    "Wie es heißt",
    "Ce que l’on obtient, en quelques mots",
    "Ce que cela a donné, en une phrase",
    "Comment cela s’appelle",
    "Lo que se consigue, en pocas palabras",
    "Qué se logró, en una frase",
    "Cómo se llama",
    "ما الذي يُنجَز، بكلمات قليلة",
    "ما الذي تحقق، في جملة واحدة",
    "ما اسمه",
];

/// The sentences of the templates of earlier versions.
const FORMER_SENTENCES: [&str; 24] = [
    "Say what happens, when, and what people should do.",
    "Say in a sentence what one finds there.",
    "Say what you did and what happened, and with which version.",
    "Say what you cannot do today, and what it would change for you.",
    "Say in a sentence who you are.",
    "Say in a sentence what people find there.",
    "Was möchtest du tun, was hast du versucht, und was geschah stattdessen?",
    "Was hast du getan, was geschah, und mit welcher Version?",
    "Was geht heute nicht, und was würde es für dich ändern?",
    "Was geschieht, wann, und was sollten die Leute tun?",
    "Sag in einem Satz, wer du bist.",
    "Sag in einem Satz, was man dort findet.",
    "Dites ce que vous avez fait, ce qui s’est passé, et avec quelle version.",
    "Dites ce que vous ne pouvez pas faire aujourd’hui, et ce que cela changerait pour vous.",
    "Dites en une phrase qui vous êtes.",
    "Dites en une phrase ce que l’on y trouve.",
    "Di qué quieres hacer, qué has probado y qué pasó en su lugar.",
    "Di qué hiciste, qué pasó y con qué versión.",
    "Di qué no puedes hacer hoy y qué cambiaría para ti.",
    "Di en una frase quién eres.",
    "Di en una frase qué se encuentra allí.",
    "اذكر ما فعلته، وما حدث، وبأي إصدار.",
    "اذكر ما لا تستطيع فعله اليوم، وما الذي سيتغيّر عندك.",
    "اذكر في جملة ما يجده المرء هناك.",
];

static SHIPPED: LazyLock<Said> = LazyLock::new(|| {
    let mut shipped = said(|word| every_language(word).map(str::to_string).collect());
    shipped.titles.extend(FORMER_TITLES.map(str::to_string));
    shipped.sentences.extend(FORMER_SENTENCES.map(str::to_string));
    shipped
});

/// What the templates of a site say that speaks with these words.
#[must_use]
pub fn templates(words: &Words) -> Templates {
    let own = said(|word| vec![words.get(word).to_string()]);
    Templates { shipped: Some(&SHIPPED), own: Arc::new(own) }
}

impl Deref for Placeholders {
    type Target = Templates;

    fn deref(&self) -> &Templates {
        &self.0
    }
}

impl Placeholders {
    /// For a site that speaks with these words.
    #[must_use]
    pub fn new(words: &Words) -> Placeholders {
        Placeholders(templates(words))
    }

    /// Whether the file has such a name. Plain pages may be called as they like.
    #[must_use]
    pub fn is_nameless(&self, page: &Page) -> bool {
        let place = &page.place;
        let stem = if place.is_index() { place.folders.last().unwrap_or(&place.stem) } else { &place.stem };
        !place.is_plain() && self.is_name(stem)
    }

    /// Whether a file is still what a template put there: nothing in it is anybody's own.
    #[must_use]
    pub fn is_untouched(&self, page: &Page, text: &str) -> bool {
        // Most files are told apart at first sight, and plain pages have no template.
        let own_title = match &page.lead {
            Lead::Heading(title) => !self.is_title(title),
            _ => page.fields.title.is_some(),
        };
        if own_title || page.place.is_plain() || page.body.blocks.len() > 8 || text.len() > LONGEST {
            return false;
        }
        if self.own(text) != Own::Nothing {
            return false;
        }
        let says_template = text.lines().any(|line| {
            let line = line.trim();
            self.is_sentence(line) || line.strip_prefix("# ").is_some_and(|title| self.is_title(title))
        });
        says_template || self.is_nameless(page)
    }

    /// What of a text is somebody's own.
    #[must_use]
    pub fn own(&self, text: &str) -> Own {
        let mut own = Own::Nothing;
        for line in text.lines() {
            let line = line.trim().trim_start_matches('\u{feff}');
            if line.is_empty() || self.is_line(line) {
                continue;
            }
            let is_title = line.starts_with("# ") || line.starts_with("title:");
            if !is_title || own == Own::Title {
                return Own::Text;
            }
            own = Own::Title;
        }
        own
    }

    /// Whether a line stands in a template. Who wrote a file says nothing of what it says.
    fn is_line(&self, line: &str) -> bool {
        LINES.contains(&line)
            || line.starts_with("authors:")
            || line.strip_prefix("consent:").is_some_and(|given| given.contains(NOBODY_YET))
            || self.is_sentence(line)
            || line.strip_prefix("# ").is_some_and(|title| self.is_title(title))
            || self.any(|said| said.lines.contains(line))
    }
}

/// What some languages say, by word.
fn said(said: impl Fn(Word) -> Vec<String>) -> Said {
    let mut all = Said::default();
    let names = KINDS.iter().map(|(_, name, _)| *name).chain([Word::NameReply]);
    all.names.extend(names.flat_map(&said).map(|name| slug::slug(&name)));
    all.titles.extend(KINDS.iter().flat_map(|(_, _, title)| said(*title)));
    all.sentences.extend(SENTENCES.into_iter().flat_map(&said));
    all.headings.extend(HEADINGS.into_iter().flat_map(&said));
    all.lines.extend(all.headings.iter().map(|text| format!("## {text}")));
    // Until somebody says how long it takes, older templates said this.
    all.lines.extend(said(Word::WriteTime).iter().map(|time| format!("time: {time}")));
    all
}

/// The path that a file should have whose name means nobody: an entry's is its title, that of a reply or
/// a person is its author. None where the file does not say, and git neither. The path is free.
#[must_use]
pub fn better_path(site: &Site, id: PageId) -> Option<String> {
    let page = &site.pages[id];
    let author = || {
        let mut ignored = std::collections::BTreeMap::new();
        let authors = people::authors(&site.sources, &site.people, page, None, &mut ignored, &mut Vec::new());
        authors.into_iter().next().filter(|handle| !site.placeholders.is_name(handle))
    };
    let by_title = || {
        let title = match (&page.fields.title, &page.lead) {
            (Some(title), _) => title.value.as_str(),
            (None, Lead::Heading(text) | Lead::Bold(text) | Lead::BoldLine(text)) => text,
            (None, Lead::None) => return None,
        };
        let name = slug::slug(title);
        // A title may say no more than the name does.
        let is_own = !site.placeholders.is_title(title) && !site.placeholders.is_name(&name);
        (is_own && !title.trim().is_empty()).then_some(name)
    };
    let is_reply = site.forms[id] == Form::Reply;
    let name = match page.place.kind {
        _ if is_reply => author()?,
        Kind::Person => author().or_else(by_title)?,
        _ => by_title()?,
    };
    let (folder, file) = page.path.rsplit_once('/')?;
    let extension = file.rsplit_once('.').map_or("md", |(_, extension)| extension);
    let is_index = page.place.is_index();
    let within = if is_index { folder.rsplit_once('/')?.0 } else { folder };
    let separator = if is_reply { "--" } else { "-" };
    let taken = |stem: &str| {
        // A slug is unique in its kind, whatever topic the file lies in.
        let by_slug = || site.entries.iter().any(|it| it.kind == page.place.kind && it.slug == stem);
        let path = format!("{within}/{stem}.{extension}");
        let by_file =
            site.sources.text(&path).is_some() || site.sources.text(&format!("{within}/{stem}.md")).is_some();
        by_file || (!is_reply && by_slug())
    };
    let stem = (1_u32..1000)
        .map(|number| if number == 1 { name.clone() } else { format!("{name}{separator}{number}") })
        .find(|stem| !taken(stem))?;
    Some(if is_index { format!("{within}/{stem}/{file}") } else { format!("{within}/{stem}.{extension}") })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::site::contribution;

    #[test]
    fn what_templates_put_there_is_nobodys_in_any_language() {
        let placeholders = Placeholders::new(&Words::english());
        for language in ["en", "de", "fr", "es", "ar"] {
            let words = Words::load(language, &BTreeMap::new(), "").expect("no mistakes");
            for (kind, name, title) in KINDS {
                let text = contribution::template(&words, kind, words.get(title), Some("ana"));
                assert_eq!(placeholders.own(&text), Own::Nothing, "{language}: {text}");
                assert!(placeholders.is_name(&contribution::file_name(&words, name)), "{language}: {kind:?}");
                let text = contribution::template(&words, kind, "A title of my own", None);
                assert_eq!(placeholders.own(&text), Own::Title, "{language}: {text}");
                assert_eq!(placeholders.own(&format!("{text}More.\n")), Own::Text, "{language}: {text}");
            }
            let text = contribution::template(&words, Kind::Announcement, "Ours", None);
            assert_eq!(placeholders.own(&text), Own::Title, "{language}: {text}");
            for text in [contribution::answer(&words), contribution::comment(&words)] {
                assert_eq!(placeholders.own(&text), Own::Nothing, "{language}: {text}");
                let windows = text.replace('\n', "\r\n");
                assert_eq!(placeholders.own(&windows), Own::Nothing, "{language}: {windows}");
            }
            let unhelped = words.get(Word::NotHelpedText);
            assert_eq!(placeholders.own(unhelped), Own::Text, "{language}: who says so has said something");
        }
    }

    #[test]
    fn what_earlier_templates_put_there_is_nobodys_either() {
        let placeholders = Placeholders::new(&Words::english());
        for text in [
            "---\ntags: []\ntime:\n---\n# What one gets done, in a few words\n\n## Steps\n\n1. \n",
            "---\nurl: https://\ntype: blog\n---\nSay in a sentence what one finds there.\n",
        ] {
            assert_eq!(placeholders.own(text), Own::Nothing, "{text}");
        }
    }

    #[test]
    fn a_number_makes_no_name_of_what_is_none() {
        let placeholders = Placeholders::new(&Words::english());
        for stem in [
            "your-name",
            "Your-Name",
            "your-name--2",
            "your-name-2",
            "your name (1)",
            "your-question3",
            "dein-name",
        ] {
            assert!(placeholders.is_name(stem), "{stem}");
        }
        for stem in ["ana", "your-names", "name", "your-name-in-lights", "2"] {
            assert!(!placeholders.is_name(stem), "{stem}");
        }
    }
}
