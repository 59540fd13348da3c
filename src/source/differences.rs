//! What differs between two versions of the inputs: the only place that compares them.

use std::sync::Arc;

use super::{Document, Sources};

/// Which sorts of inputs differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Differences {
    /// Whatever decides how a content file is read: the configuration, the words of the theme.
    pub reading: bool,
    /// What is known about files besides what they say: by git, by moderators, by votes from elsewhere, by the day.
    pub facts: bool,
    /// Which content files there are.
    pub files: bool,
    /// Texts of content files that are in both.
    pub texts: bool,
    /// All other files: those beside content, static ones, the theme, the guidelines, and what was wrong with any.
    pub others: bool,
}

impl Sources {
    /// What differs from another version of the same inputs. Values that are the same piece of memory are not looked into.
    #[must_use]
    pub fn differences(&self, other: &Sources) -> Differences {
        // Each input is named, so that one more cannot be forgotten here.
        let Sources {
            root,
            trusted,
            config,
            content_prefix,
            documents,
            assets,
            guidelines,
            statics,
            theme_files,
            words,
            reactions,
            moderation,
            decided,
            search_tests,
            feeds,
            history,
            field_histories,
            beside,
            today,
            preview_day,
            writer,
            unread,
            diagnostics,
        } = self;
        let same_history = match (history, &other.history) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let same_fields = match (field_histories, &other.field_histories) {
            (Some(a), Some(b)) => is_same(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        let same_files = documents.len() == other.documents.len()
            && documents.iter().zip(&other.documents).all(|(a, b)| is_same(&a.path, &b.path));
        let same_text = |(a, b): (&Document, &Document)| is_same(&a.text, &b.text);
        Differences {
            reading: !((root, trusted) == (&other.root, &other.trusted)
                && is_same(config, &other.config)
                && is_same(words, &other.words)
                && content_prefix == &other.content_prefix),
            facts: !(same_history
                && same_fields
                && is_same(reactions, &other.reactions)
                && is_same(moderation, &other.moderation)
                && is_same(decided, &other.decided)
                && (today, preview_day, writer) == (&other.today, &other.preview_day, &other.writer)),
            files: !same_files,
            texts: !(same_files && documents.iter().zip(&other.documents).all(same_text)),
            others: !(is_same(assets, &other.assets)
                && is_same(statics, &other.statics)
                && is_same(theme_files, &other.theme_files)
                && beside == &other.beside
                && is_same(search_tests, &other.search_tests)
                && is_same(feeds, &other.feeds)
                && guidelines == &other.guidelines
                && unread == &other.unread
                && diagnostics == &other.diagnostics),
        }
    }
}

impl Differences {
    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Differences::default()
    }

    /// Whether nothing differs but what content files say.
    #[must_use]
    pub fn is_only_texts(self) -> bool {
        Differences { texts: false, ..self }.is_empty()
    }
}

fn is_same<T: PartialEq + ?Sized>(a: &Arc<T>, b: &Arc<T>) -> bool {
    Arc::ptr_eq(a, b) || **a == **b
}
