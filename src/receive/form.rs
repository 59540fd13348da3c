//! What people can send in, in one table: the forms, their fields, what each field is called on the site and what becomes
//! of it. Both the issue forms of the git hosts and the reader of what comes back are made of it, so that they cannot
//! disagree.
//!
//! Fields of one line stand before the texts, so that no heading in somebody's text comes before a field that has it for
//! a label.

use std::collections::BTreeMap;

use crate::config::{Config, Host};
use crate::page::front_matter::Field;
use crate::page::kind::Kind;
use crate::site::url::{self, Urls};
use crate::words::{Word, Words};
use crate::yaml::write::quoted;

/// What somebody sends in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// A new page of a kind.
    Entry(Kind),
    /// An answer to a question, or a comment on what is none.
    Answer,
    /// That an answer or a how-to worked.
    Confirmation,
    /// A comment on a page or an answer.
    Comment,
    /// That somebody wants an idea too.
    Support,
}

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// The page that a reply belongs to.
    Target,
    /// A field of the front matter.
    Field(Field),
    /// The whole text.
    Text,
    /// A part of the text below a heading with this word.
    Part(Word),
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// With one line.
    Line,
    /// With one of a few words: as they are written in a file, and as people read them.
    Choice(&'static [(&'static str, Word)]),
    /// With a text.
    Text,
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub struct FormField {
    /// Its name in the forms that programs send, and in issue forms.
    pub name: &'static str,
    /// What it is called.
    pub label: Word,
    /// What helps to fill it in.
    pub hint: Option<Word>,
    /// How it is filled in.
    pub input: Input,
    /// Whether nothing can be made without it.
    pub required: bool,
    /// What becomes of it.
    pub becomes: Becomes,
}

/// A form.
#[derive(Debug)]
pub struct Form {
    /// What is sent with it.
    pub sort: Sort,
    /// Its name in files and in the forms that programs send, as in addresses of the page for writing.
    pub name: &'static str,
    /// What it is called.
    pub title: Word,
    /// What it is for, in one sentence.
    pub about: Word,
    /// Its fields, those of one line first.
    pub fields: &'static [FormField],
}

const SENTIMENTS: &[(&str, Word)] = &[
    ("happy", Word::SentimentHappy),
    ("mixed", Word::SentimentMixed),
    ("critical", Word::SentimentCritical),
];

const fn line(name: &'static str, label: Word, field: Field) -> FormField {
    let becomes = Becomes::Field(field);
    FormField { name, label, hint: None, input: Input::Line, required: false, becomes }
}

const fn text(name: &'static str, label: Word, becomes: Becomes) -> FormField {
    FormField { name, label, hint: None, input: Input::Text, required: false, becomes }
}

const fn target(label: Word) -> FormField {
    FormField {
        name: "to",
        label,
        hint: Some(Word::IssueToHint),
        input: Input::Line,
        required: true,
        becomes: Becomes::Target,
    }
}

const fn required(field: FormField) -> FormField {
    FormField { required: true, ..field }
}

const fn hinted(field: FormField, hint: Word) -> FormField {
    FormField { hint: Some(hint), ..field }
}

const TOPIC: FormField = line("topic", Word::FormTopic, Field::Tags);

/// Every form, in the order in which they are offered.
pub const FORMS: &[Form] = &[
    Form {
        sort: Sort::Entry(Kind::Question),
        name: "question",
        title: Word::WritingQuestion,
        about: Word::IssueAboutQuestion,
        fields: &[
            TOPIC,
            line("version", Word::FormVersion, Field::Versions),
            hinted(required(text("text", Word::WritingTextQuestion, Becomes::Text)), Word::WriteQuestion),
        ],
    },
    Form {
        sort: Sort::Answer,
        name: "answer",
        title: Word::WritingAnswer,
        about: Word::IssueAboutAnswer,
        fields: &[
            target(Word::FormWhich),
            hinted(required(text("text", Word::WritingTextAnswer, Becomes::Text)), Word::WriteAnswer),
        ],
    },
    Form {
        sort: Sort::Confirmation,
        name: "confirm",
        title: Word::WritingConfirm,
        about: Word::IssueAboutConfirm,
        fields: &[
            target(Word::WritingWhich),
            line("version", Word::FormVersion, Field::Version),
            text("text", Word::WritingTextConfirm, Becomes::Text),
        ],
    },
    Form {
        sort: Sort::Comment,
        name: "comment",
        title: Word::WritingComment,
        about: Word::IssueAboutComment,
        fields: &[
            target(Word::WritingWhich),
            required(text("text", Word::WritingTextComment, Becomes::Text)),
        ],
    },
    Form {
        sort: Sort::Entry(Kind::Story),
        name: "story",
        title: Word::WritingStory,
        about: Word::IssueAboutStory,
        fields: &[
            hinted(line("customer", Word::FormCustomer, Field::Customer), Word::FormCustomerHint),
            line("industry", Word::SearchByIndustry, Field::Industry),
            FormField {
                input: Input::Choice(SENTIMENTS),
                ..line("sentiment", Word::FormSentiment, Field::Sentiment)
            },
            TOPIC,
            required(text("problem", Word::FormProblem, Becomes::Part(Word::Problem))),
            text("why", Word::FormWhy, Becomes::Part(Word::Why)),
            required(text("outcome", Word::FormOutcome, Becomes::Part(Word::Outcome))),
        ],
    },
    Form {
        sort: Sort::Entry(Kind::HowTo),
        name: "how-to",
        title: Word::WritingHowTo,
        about: Word::IssueAboutHowTo,
        fields: &[
            TOPIC,
            line("time", Word::FormTime, Field::Time),
            line("level", Word::SearchByLevel, Field::Level),
            hinted(text("needs", Word::WhatYouNeed, Becomes::Part(Word::WhatYouNeed)), Word::FormNeeds),
            hinted(required(text("steps", Word::Steps, Becomes::Part(Word::Steps))), Word::FormSteps),
        ],
    },
    Form {
        sort: Sort::Entry(Kind::Idea),
        name: "idea",
        title: Word::WritingIdea,
        about: Word::IssueAboutIdea,
        fields: &[TOPIC, hinted(required(text("text", Word::IssueIdea, Becomes::Text)), Word::WriteIdea)],
    },
    Form {
        sort: Sort::Support,
        name: "support",
        title: Word::WritingSupport,
        about: Word::IssueAboutSupport,
        fields: &[target(Word::WritingWhich), text("text", Word::WritingTextSupport, Becomes::Text)],
    },
];

/// What the comments in the description templates of GitLab begin with.
pub(super) const HINT: &str = "<!--";

impl Sort {
    /// The form with which it is sent.
    #[must_use]
    pub fn form(self) -> &'static Form {
        FORMS.iter().find(|form| form.sort == self).unwrap_or(&FORMS[0])
    }

    /// Whether it belongs to a page that is there.
    #[must_use]
    pub const fn is_reply(self) -> bool {
        !matches!(self, Sort::Entry(_))
    }
}

impl Form {
    /// The form of this name, as `longhouse receive --from form` takes it: plural and other spellings of kinds too.
    #[must_use]
    pub fn of_name(name: &str) -> Option<&'static Form> {
        let name = name.trim().to_lowercase();
        let kind = Kind::from_word(&name);
        FORMS.iter().find(|form| match form.sort {
            Sort::Entry(of) => Some(of) == kind,
            _ => form.name == name.trim_end_matches('s'),
        })
    }
}

/// The forms with which people send something in on a git host, by their paths from the top of the repository: issue
/// forms with their settings, or description templates. Labels and hints are those of the site's words. There are none
/// for hosts that have no such forms.
#[must_use]
pub fn files(host: Host, words: &Words, config: &Config) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    match host {
        Host::GitHub | Host::Gitea => {
            // Forgejo reads this folder too.
            let folder = if host == Host::GitHub { ".github" } else { ".gitea" };
            for form in FORMS {
                let path = format!("{folder}/ISSUE_TEMPLATE/{}.yml", numbered(form));
                files.insert(path, issue_form(form, words, config));
            }
            files.insert(format!("{folder}/ISSUE_TEMPLATE/config.yml"), settings(words, config));
        }
        Host::GitLab => {
            for form in FORMS {
                let path = format!(".gitlab/issue_templates/{}.md", form.name);
                files.insert(path, description(form, words, config));
            }
        }
        Host::Bitbucket | Host::Azure | Host::Custom => {}
    }
    files
}

/// The name of a form's file. These hosts list them by the names of their files, so a number says which comes first.
fn numbered(form: &Form) -> String {
    let number = FORMS.iter().position(|it| it.name == form.name).unwrap_or_default() + 1;
    format!("{number}-{}", form.name)
}

/// What stands above the fields: that everybody can read it, and what becomes of the title.
fn intro(form: &Form, words: &Words, config: &Config) -> String {
    let intro = words.fill(Word::IssueIntro, &[("site", &config.title)]);
    match form.sort.is_reply() {
        true => intro,
        false => format!("{intro}\n\n{}", words.get(Word::IssueTitle)),
    }
}

/// A form as GitHub, Gitea and Forgejo read it. Every text is quoted, so that none can be taken for YAML.
fn issue_form(form: &Form, words: &Words, config: &Config) -> String {
    let word = |word: Word| quoted(words.get(word));
    let mut made = format!("name: {}\ndescription: {}\n", word(form.title), word(form.about));
    // Nobody has a title for these, and the host asks for one.
    if form.sort.is_reply() {
        made += &format!("title: {}\n", word(form.title));
    }
    made += &format!(
        "body:\n  - type: markdown\n    attributes:\n      value: {}\n",
        quoted(&intro(form, words, config))
    );
    for field in form.fields {
        let sort = match field.input {
            Input::Line => "input",
            Input::Choice(_) => "dropdown",
            Input::Text => "textarea",
        };
        made += &format!(
            "  - type: {sort}\n    id: {}\n    attributes:\n      label: {}\n",
            field.name,
            word(field.label)
        );
        if let Some(hint) = field.hint {
            made += &format!("      description: {}\n", word(hint));
        }
        if let Input::Choice(choices) = field.input {
            made += "      options:\n";
            made.extend(choices.iter().map(|(_, text)| format!("        - {}\n", word(*text))));
        }
        if field.required {
            made += "    validations:\n      required: true\n";
        }
    }
    made
}

/// What stands beside the forms: no empty issues, and the search of the site before them.
fn settings(words: &Words, config: &Config) -> String {
    let mut made = "blank_issues_enabled: false\n".to_string();
    if config.base_url.is_some() && config.search.enabled {
        made += &format!(
            "contact_links:\n  - name: {}\n    url: {}\n    about: {}\n",
            quoted(words.get(Word::IssueSearch)),
            quoted(&Urls::of(config).absolute(url::SEARCH_PAGE)),
            quoted(words.get(Word::IssueSearchHint)),
        );
    }
    made
}

/// A form as a text to fill in, as GitLab has them. What is not to be sent stands in comments, which nobody sees.
fn description(form: &Form, words: &Words, config: &Config) -> String {
    let comment = |text: &str| format!("{HINT} {} -->\n", text.replace("--", "–"));
    let mut made = comment(&intro(form, words, config));
    for field in form.fields {
        made += &format!("\n### {}\n\n", words.get(field.label));
        if let Some(hint) = field.hint {
            made += &comment(words.get(hint));
        }
        if let Input::Choice(choices) = field.input {
            let texts: Vec<&str> = choices.iter().map(|(_, text)| words.get(*text)).collect();
            made += &comment(&words.fill(Word::IssueOptions, &[("words", &texts.join(", "))]));
        }
        made += "\n";
    }
    made
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_form_can_be_told_from_the_others_by_its_labels_in_each_language() {
        for language in ["en", "de", "fr", "es", "ar"] {
            let words = Words::load(language, &BTreeMap::new(), "").expect("no mistakes");
            let labels = |form: &Form| -> BTreeSet<String> {
                let all = form.fields.iter().map(|field| words.get(field.label).to_owned());
                let labels: Vec<String> = all.collect();
                assert_eq!(
                    labels.iter().collect::<BTreeSet<_>>().len(),
                    labels.len(),
                    "{language} {}",
                    form.name
                );
                labels.into_iter().collect()
            };
            for one in FORMS {
                for other in FORMS.iter().filter(|other| other.name != one.name) {
                    assert!(
                        !labels(one).is_subset(&labels(other)),
                        "{language}: {} in {}",
                        one.name,
                        other.name
                    );
                }
            }
        }
    }

    #[test]
    fn a_field_of_a_form_is_one_that_may_be_sent() {
        for form in FORMS {
            let kind = match form.sort {
                Sort::Entry(kind) => Some(kind),
                _ => None,
            };
            for field in form.fields {
                if let Becomes::Field(field) = field.becomes {
                    assert!(field.is_sendable(kind), "{} in {}", field.name(), form.name);
                }
            }
            let is_text = |field: &FormField| field.input == Input::Text;
            assert!(form.fields.is_sorted_by_key(is_text), "{}: lines come before texts", form.name);
            assert_eq!(Form::of_name(form.name).map(|it| it.sort), Some(form.sort));
        }
    }

    #[test]
    fn forms_are_yaml_that_says_what_the_words_say() {
        let config = Config { title: "A: \"B\" #1".to_owned(), ..Config::default() };
        let words = Words::load("fr", &BTreeMap::new(), "").expect("no mistakes");
        let files = files(Host::GitHub, &words, &config);
        assert_eq!(files.len(), FORMS.len() + 1);
        for (path, text) in files {
            let read: serde_json::Value =
                serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            if !path.ends_with("config.yml") {
                assert!(
                    read["body"][0]["attributes"]["value"].as_str().expect("a text").contains("A: \"B\" #1")
                );
            }
        }
    }
}
