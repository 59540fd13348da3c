//! Everything that an index holds in words: for whoever must be sure that something does not stand in it.

use tantivy::TantivyDocument;
use tantivy::schema::{OwnedValue, Value as _};

use super::{Error, Index, words_of};
use crate::schema::{forwards, is_word};
use crate::typo;

/// Where in an index something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexPart {
    /// In what is shown of a page.
    Text,
    /// In the list of words that misspelt ones are compared with, as it was written but for capitals and accents.
    Word,
    /// In a dictionary: in lower case, without accents, stemmed; or the value of a filter behind its name.
    Term,
}

impl Index {
    /// Gives every stored text, every word of the list of words and every term of the dictionaries. Texts come with the
    /// address of their page.
    ///
    /// # Errors
    /// [`Error::Pending`] and [`Error::Damaged`], as [`Index::open`].
    pub fn each_kept(&self, take: &mut dyn FnMut(IndexPart, &str, Option<&str>)) -> Result<(), Error> {
        let Some(segment) = &self.segment else { return Ok(()) };
        let store = segment.get_store_reader(4)?;
        for document in 0..segment.max_doc() {
            let stored: TantivyDocument = store.get(document)?;
            let url = stored.get_first(self.fields.url).and_then(|value| value.as_str()).map(str::to_owned);
            for (_, value) in stored.field_values() {
                if let OwnedValue::Str(text) = OwnedValue::from(value) {
                    take(IndexPart::Text, &text, url.as_deref());
                }
            }
        }
        if let Some(section) = self.sections.last() {
            let list = self.source.read(&words_of(segment), 0..section.end as usize)?;
            typo::each_listed(&list, &mut |word| take(IndexPart::Word, word, None));
        }
        for field in [self.fields.words, self.fields.grams, self.fields.filters] {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().stream()?;
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                match is_word(term) {
                    true => take(IndexPart::Term, term, None),
                    false => take(IndexPart::Term, &plain(term), None),
                }
            }
        }
        Ok(())
    }
}

/// The word of a term that is none by itself: of a title, or from back to front.
fn plain(term: &str) -> String {
    let word = term.trim_matches('\u{1}');
    if word.len() < term.len() { word.to_owned() } else { forwards(term).into() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Document, Options, Passage};

    #[test]
    fn everything_that_stands_in_an_index_is_given() {
        let document = Document {
            url: "/questions/kiln/".to_owned(),
            title: "Who repairs kilns?".to_owned(),
            kind: "question".to_owned(),
            passages: vec![Passage {
                text: "Ask Hanneke Brill about thermocouples. 请问林秋雨".to_owned(),
                by: "Ana Silva".to_owned(),
                ..Passage::default()
            }],
            tags: vec!["firing".to_owned()],
            ..Document::default()
        };
        let files = crate::write(&[document], &Options::default()).expect("an index");
        let index = Index::open(files).expect("the index");
        let mut kept: BTreeSet<(IndexPart, String)> = BTreeSet::new();
        let mut of = BTreeSet::new();
        index
            .each_kept(&mut |what, text, url| {
                kept.insert((what, text.to_owned()));
                of.extend(url.map(str::to_owned));
            })
            .expect("it can be read");
        let has = |what: IndexPart, text: &str| kept.contains(&(what, text.to_owned()));
        assert!(has(IndexPart::Text, "Ana Silva") && has(IndexPart::Text, "Who repairs kilns?"), "{kept:#?}");
        assert!(has(IndexPart::Word, "hanneke") && has(IndexPart::Word, "thermocouples"), "{kept:#?}");
        assert!(has(IndexPart::Term, "brill") && has(IndexPart::Term, "tag:firing"), "{kept:#?}");
        assert_eq!(of.into_iter().collect::<Vec<_>>(), ["/questions/kiln/"]);
    }
}
