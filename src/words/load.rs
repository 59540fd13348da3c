//! Words from files: English, the language of the site over it, and the site's own theme over both.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use icu_plurals::PluralCategory;

use super::{Plurals, Sentence, Text, Word, Words, direction};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned, nearest};
use crate::page::markdown::{self, Alert, Titles};
use crate::yaml::walk::Walk;
use crate::yaml::{self, Dialect, Node, NodeKind, Shape};

/// The languages that the default theme speaks.
pub(super) const LANGUAGES: &[(&str, &str)] = &[
    ("ar", include_str!("../../themes/default/words/ar.yaml")),
    ("de", include_str!("../../themes/default/words/de.yaml")),
    ("en", include_str!("../../themes/default/words/en.yaml")),
    ("es", include_str!("../../themes/default/words/es.yaml")),
    ("fr", include_str!("../../themes/default/words/fr.yaml")),
];

/// The names of the plural categories.
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The name under which the months stand.
const MONTHS: &str = "months";

/// A file of words may be so large, in bytes.
const LIMIT: usize = 256 * 1024;

/// English, which says what names there are and which places their texts have.
static ENGLISH: LazyLock<Draft> = LazyLock::new(|| {
    let mut draft = Draft::default();
    let dialect = Dialect { rule: Rule::Config, limit: LIMIT, shape: |_| Shape::Other, is_known: |_| true };
    draft.take(&Arc::from("words/en.yaml"), shipped("en").unwrap_or_default(), &dialect, None);
    draft
});

/// Words while they are read.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) texts: BTreeMap<String, Text>,
    pub(super) months: Option<Vec<String>>,
}

impl Words {
    /// The words of a site in its language. `own` are the files of the site's theme by their path in it,
    /// `folder` is where that theme lies, for the diagnostics.
    ///
    /// # Errors
    /// Everything that is wrong with the site's own words.
    pub fn load(
        language: &str,
        own: &BTreeMap<String, Vec<u8>>,
        folder: &str,
    ) -> Result<Words, Vec<Diagnostic>> {
        let dialect = Dialect {
            rule: Rule::Config,
            limit: LIMIT,
            shape: |_| Shape::Other,
            is_known: |name| ENGLISH.texts.contains_key(name),
        };
        let mut draft = ENGLISH.clone();
        let mut problems = Vec::new();
        let mut take_own = |draft: &mut Draft, language: &str| {
            let name = format!("words/{language}.yaml");
            if let Some(bytes) = own.get(&name) {
                let file: Arc<str> = Arc::from(format!("{folder}/{name}"));
                match std::str::from_utf8(bytes) {
                    Ok(text) => problems.extend(draft.take(&file, text, &dialect, Some(&ENGLISH))),
                    Err(_) => problems.push(not_text(&file)),
                }
            }
        };
        take_own(&mut draft, "en");
        let is_english = language.split('-').next() == Some("en");
        if !is_english {
            // English stands in for what the language lacks, and counts as English does.
            draft.months = None;
            for text in draft.texts.values_mut() {
                if let Text::Counted { english, .. } = text {
                    *english = true;
                }
            }
        }
        for language in chain(language).filter(|language| *language != "en") {
            if let Some(text) = shipped(language) {
                let file: Arc<str> = Arc::from(format!("words/{language}.yaml"));
                draft.take(&file, text, &dialect, Some(&ENGLISH));
            }
            take_own(&mut draft, language);
        }
        if problems.is_empty() { Ok(draft.words(language)) } else { Err(problems) }
    }
}

impl Words {
    /// The words in English.
    #[must_use]
    pub fn english() -> Words {
        ENGLISH.clone().words("en")
    }
}

/// What a plain word of the default theme is in each of its languages.
pub fn every_language(word: Word) -> impl Iterator<Item = &'static str> {
    TEXTS.iter().filter_map(move |texts| texts.get(word.key()).copied())
}

/// The plain texts of each language, read without the pains that a site's own files are worth: a line is a name, a
/// colon and a text, which may stand in double quotes.
static TEXTS: LazyLock<Vec<BTreeMap<&'static str, &'static str>>> = LazyLock::new(|| {
    let text = |line: &'static str| {
        let (name, text) = line.split_once(": ")?;
        let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
        Some((name, text))
    };
    LANGUAGES.iter().map(|(_, file)| file.lines().filter_map(text).collect()).collect()
});

/// The words of the default theme in a language.
pub(super) fn shipped(language: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(known, _)| *known == language).map(|(_, text)| *text)
}

/// A language and those that it is a variety of, the widest first: `zh`, `zh-Hant`, `zh-Hant-TW`.
fn chain(language: &str) -> impl Iterator<Item = &str> {
    let ends = language.match_indices('-').map(|(at, _)| at).chain([language.len()]);
    ends.map(|end| &language[..end])
}

impl Draft {
    /// Takes what a file says, and returns what is wrong with it. Without `english` it is English itself.
    pub(super) fn take(
        &mut self,
        file: &Arc<str>,
        text: &str,
        dialect: &Dialect,
        english: Option<&Draft>,
    ) -> Vec<Diagnostic> {
        let normal = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
        let all: Range<usize> = 0..normal.len();
        let document = yaml::read(file, &normal, all, dialect);
        let mut walk = Walk::new(file);
        for (key, node) in walk.map(document.root, "the words") {
            let name: &str = &key.value;
            if name == MONTHS {
                self.months = months(&mut walk, node).or(self.months.take());
                continue;
            }
            let known = english.map(|english| english.texts.get(name));
            if known == Some(None) {
                unknown_word(&mut walk, &key, english);
                continue;
            }
            if let Some(text) = text_of(&mut walk, name, node, known.flatten()) {
                self.texts.insert(name.to_string(), text);
            }
        }
        let mut problems = document.diagnostics;
        problems.append(&mut walk.problems);
        problems.sort_by_key(|problem| (problem.line, problem.column));
        problems
    }

    fn words(self, language: &str) -> Words {
        let (names, texts): (Vec<String>, Vec<Text>) = self.texts.into_iter().unzip();
        let at = |word: &Word| names.binary_search_by(|name| name.as_str().cmp(word.key())).unwrap_or(0);
        let own = Word::ALL.iter().map(at).collect();
        let mut words = Words {
            names,
            texts,
            own,
            months: self.months,
            right_to_left: direction::is_right_to_left(language),
            plurals: [Plurals::new(language), Plurals::new("en")],
            markdown: markdown::Words::ENGLISH,
        };
        let of = |word| std::borrow::Cow::Owned(words.get(word).to_string());
        words.markdown = markdown::Words {
            alerts: Titles::new(|alert| words.get(of_alert(alert)).to_string()),
            table: of(Word::Table),
            footnotes: of(Word::Footnotes),
            back_to_reference: of(Word::BackToReference),
            done: of(Word::TaskDone),
            open: of(Word::TaskOpen),
            video: of(Word::Video),
            diagram_text: of(Word::DiagramText),
        };
        words
    }
}

/// The text under a name: one, or one for each plural category.
fn text_of(walk: &mut Walk<'_>, name: &str, node: Node<'_>, english: Option<&Text>) -> Option<Text> {
    let is_plain = matches!(english, Some(Text::Plain(_)));
    let span = node.span;
    match node.kind {
        NodeKind::Scalar { text, .. } => {
            let sentence = sentence(walk, name, &text, span, english);
            Some(match english {
                Some(Text::Counted { .. }) => {
                    Text::Counted { forms: vec![(PluralCategory::Other, sentence)], english: false }
                }
                _ => Text::Plain(sentence),
            })
        }
        NodeKind::Map(_) if is_plain => {
            walk.problem(
                span,
                format!("`{name}` must be a single text."),
                "It contains no number, so it has no plural forms.",
            );
            None
        }
        NodeKind::Map(pairs) => {
            let mut forms = Vec::new();
            for (key, node) in pairs {
                let Some(category) = PluralCategory::get_for_cldr_string(&key.value) else {
                    let written = Spanned::new(key.value.to_string(), key.span);
                    walk.wrong_word(&written, name, &CATEGORIES);
                    continue;
                };
                if let NodeKind::Scalar { text, .. } = &node.kind {
                    forms.push((category, sentence(walk, name, text, node.span, english)));
                } else {
                    walk.problem(
                        node.span,
                        format!("`{}` must be a single text.", key.value),
                        "Write the text after it.",
                    );
                }
            }
            if !forms.iter().any(|(category, _)| *category == PluralCategory::Other) {
                walk.problem(
                    span,
                    format!("`{name}` has no `other`."),
                    "Every number needs a form: add `other: …`.",
                );
                return None;
            }
            Some(Text::Counted { forms, english: false })
        }
        NodeKind::Null | NodeKind::List(_) => {
            walk.problem(
                span,
                format!("`{name}` must be a single text."),
                format!("Write `{name}: ` followed by the text."),
            );
            None
        }
    }
}

/// A text whose places are all known.
fn sentence(walk: &mut Walk<'_>, name: &str, text: &str, span: Span, english: Option<&Text>) -> Sentence {
    let sentence = Sentence::new(text);
    if let Some(english) = english {
        let known: Vec<&str> = english.plain().places().collect();
        for place in sentence.places().filter(|place| !known.contains(place)) {
            let there = match known.as_slice() {
                [] => "It has no placeholders.".to_string(),
                known => format!("It has {}.", braced(known)),
            };
            let mean = nearest(place, known.iter().copied());
            let mean = mean.map_or_else(String::new, |near| format!("Did you mean `{{{near}}}`? "));
            walk.problem(
                span,
                format!("`{name}` has no placeholder `{{{place}}}`."),
                format!("{mean}{there}"),
            );
        }
    }
    sentence
}

fn braced(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")
}

fn months(walk: &mut Walk<'_>, node: Node<'_>) -> Option<Vec<String>> {
    let span = node.span;
    let months: Vec<String> = walk.texts(node, MONTHS).into_iter().map(|month| month.value).collect();
    if months.len() != 12 {
        walk.problem(
            span,
            format!("`{MONTHS}` has {} names.", months.len()),
            "Write twelve names, January first.",
        );
        return None;
    }
    Some(months)
}

fn unknown_word(walk: &mut Walk<'_>, key: &Spanned<std::borrow::Cow<'_, str>>, english: Option<&Draft>) {
    let message = format!("The theme has no word `{}`.", key.value);
    let known = english.into_iter().flat_map(|english| english.texts.keys()).map(String::as_str);
    match nearest(&key.value, known.chain([MONTHS])) {
        Some(near) => walk.guess(key.span, message, near, ""),
        None => {
            walk.problem(key.span, message, "The words are listed in `words/en.yaml` of the default theme.")
        }
    }
}

fn not_text(file: &Arc<str>) -> Diagnostic {
    Diagnostic::new(Rule::Config, file, Span::START, "The file is not UTF-8 text.")
        .help("Save the file as UTF-8.")
}

/// The word that is the title of an alert.
fn of_alert(alert: Alert) -> Word {
    match alert {
        Alert::Note => Word::Note,
        Alert::Tip => Word::Tip,
        Alert::Important => Word::Important,
        Alert::Warning => Word::Warning,
        Alert::Caution => Word::Caution,
        Alert::Info => Word::AlertInfo,
        Alert::Summary => Word::AlertSummary,
        Alert::Todo => Word::AlertTodo,
        Alert::Example => Word::AlertExample,
        Alert::SeeAlso => Word::AlertSeeAlso,
        Alert::Hint => Word::AlertHint,
        Alert::Attention => Word::AlertAttention,
        Alert::Success => Word::AlertSuccess,
        Alert::Question => Word::AlertQuestion,
        Alert::Danger => Word::AlertDanger,
        Alert::Failure => Word::AlertFailure,
        Alert::Error => Word::AlertError,
        Alert::Bug => Word::AlertBug,
        Alert::Quote => Word::AlertQuote,
        Alert::Details => Word::AlertDetails,
    }
}
