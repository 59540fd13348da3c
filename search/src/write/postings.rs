//! From the terms of documents to the documents of terms.
//!
//! The documents of an index are inverted in chunks, each by itself: [`Occurrences`] are what reading them
//! gives, in the order of the text, and [`Counts`] in a field in which only counts; [`Postings`] are the same in the
//! order in which an index has them. That is a sort by two counts: how often a term stands in the chunk, and in how many
//! documents. In between, as [`Inverted`], terms are in the order in which they were met, because their places in the
//! dictionary are known only when all chunks have been read.

/// No term, document or list has this number.
const NONE: u32 = u32::MAX;

/// Terms of documents one after the other, in one field.
#[derive(Default)]
pub(super) struct Occurrences {
    /// Number and position of each term.
    tokens: Vec<(u32, u32)>,
    /// For each document the end of its part of `tokens`.
    ends: Vec<usize>,
    /// Where the next term of this document stands.
    position: u32,
    /// How many terms of this document stand beside its text.
    beside: usize,
}

/// How often terms stand in documents one after the other, in a field without positions.
#[derive(Default)]
pub(super) struct Counts {
    places: Places,
    lists: Vec<Open>,
    /// In the order of documents: which list is meant, which document, and how often the term of the list stands in it.
    entries: Vec<(u32, u32, u32)>,
    /// The document that is being read.
    document: u32,
    /// How many terms the text of this document has.
    length: u32,
    /// How many terms there are in all.
    tokens: u64,
}

/// Documents of terms, for the documents of one chunk in one field, as the terms were met.
pub(super) struct Inverted {
    lists: Vec<Open>,
    documents: Vec<(u32, u32)>,
    positions: Vec<u32>,
    tokens: u64,
}

/// A list that is being made.
struct Open {
    list: List,
    /// The last document and its last position, or where no positions are kept, the last entry.
    last: (u32, u32),
}

/// Documents of terms, for the documents of one chunk in one field.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// In the order of a dictionary.
    pub(super) lists: Vec<List>,
    /// Number of the document in its chunk, and how often the term stands in it.
    pub(super) documents: Vec<(u32, u32)>,
    /// How far each occurrence stands after the one before it in the same document, in a field with positions.
    positions: Vec<u32>,
    /// How often terms stand in the documents.
    pub(super) tokens: u64,
}

/// The postings of one term.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    /// The number of the term.
    pub(super) term: u32,
    /// The end of its part of the documents; it begins where the list before ends.
    pub(super) documents: u32,
    /// The end of its part of the positions.
    pub(super) positions: u32,
}

/// Where the list of each term stands: a table that serves one chunk after the other.
#[derive(Default)]
pub(super) struct Places(Vec<u32>);

impl Occurrences {
    /// Adds a term: one position on from the last, or at the same position.
    pub(super) fn push(&mut self, term: u32, same_position: bool) {
        if !same_position {
            self.position += 1;
        }
        self.tokens.push((term, self.position.saturating_sub(1)));
    }

    /// Leaves out a position, which no phrase crosses.
    pub(super) fn gap(&mut self) {
        self.position += 1;
    }

    /// Adds a term that is no part of the text, at a position of its own. Those of one term are added in order.
    pub(super) fn push_beside(&mut self, term: u32, position: u32) {
        self.tokens.push((term, position));
        self.beside += 1;
    }

    /// Adds another form of the last term, which is no part of the text.
    pub(super) fn push_at_last(&mut self, term: u32) {
        self.push_beside(term, self.position.saturating_sub(1));
    }

    /// Ends a document, and says how many terms its text has.
    pub(super) fn end(&mut self) -> u32 {
        let start = self.ends.last().copied().unwrap_or(0) + std::mem::take(&mut self.beside);
        self.ends.push(self.tokens.len());
        self.position = 0;
        (self.tokens.len() - start) as u32
    }

    pub(super) fn clear(&mut self) {
        self.tokens.clear();
        self.ends.clear();
    }

    /// The postings of these documents.
    ///
    /// Afterwards the terms are gone.
    pub(super) fn invert(&mut self, places: &mut Places) -> Inverted {
        let mut lists: Vec<Open> = Vec::new();
        let mut start = 0;
        for (document, end) in (0..).zip(&self.ends) {
            for (term, _) in &mut self.tokens[start..*end] {
                // From here on the token has the number of its list.
                *term = places.of(*term, &mut lists);
                let Open { list, last } = &mut lists[*term as usize];
                list.documents += u32::from(last.0 != document);
                last.0 = document;
                list.positions += 1;
            }
            start = *end;
        }
        let (mut documents, mut positions) = (0, 0);
        for Open { list, last } in &mut lists {
            places.0[list.term as usize] = NONE;
            let counts = (list.documents, list.positions);
            (list.documents, list.positions, last.0) = (documents, positions, NONE);
            documents += counts.0;
            positions += counts.1;
        }
        let mut documents = vec![(0, 0); documents as usize];
        let mut positions = vec![0; positions as usize];
        let mut start = 0;
        for (document, end) in (0..).zip(&self.ends) {
            for (list, position) in &self.tokens[start..*end] {
                let Open { list, last } = &mut lists[*list as usize];
                if last.0 != document {
                    *last = (document, 0);
                    documents[list.documents as usize].0 = document;
                    list.documents += 1;
                }
                documents[list.documents as usize - 1].1 += 1;
                positions[list.positions as usize] = position - last.1;
                list.positions += 1;
                last.1 = *position;
            }
            start = *end;
        }
        let tokens = positions.len() as u64;
        self.clear();
        Inverted { lists, documents, positions, tokens }
    }
}

impl Counts {
    /// Adds a term of the text.
    pub(super) fn push(&mut self, term: u32) {
        self.length += 1;
        self.push_beside(term, 1);
    }

    /// Adds a term that is no part of the text, as often as is said.
    pub(super) fn push_beside(&mut self, term: u32, count: u32) {
        self.tokens += u64::from(count);
        let place = self.places.of(term, &mut self.lists);
        let Open { list, last } = &mut self.lists[place as usize];
        if last.0 == self.document {
            self.entries[last.1 as usize].2 += count;
            return;
        }
        *last = (self.document, self.entries.len() as u32);
        list.documents += 1;
        self.entries.push((place, self.document, count));
    }

    /// Ends a document, and says how many terms its text has.
    pub(super) fn end(&mut self) -> u32 {
        self.document += 1;
        std::mem::take(&mut self.length)
    }

    /// The postings of these documents.
    ///
    /// Afterwards the terms are gone.
    pub(super) fn invert(&mut self) -> Inverted {
        let mut lists = std::mem::take(&mut self.lists);
        let mut end = 0;
        for Open { list, .. } in &mut lists {
            self.places.0[list.term as usize] = NONE;
            (list.documents, end) = (end, end + list.documents);
        }
        let mut documents = vec![(0, 0); self.entries.len()];
        for (place, document, count) in &self.entries {
            let end = &mut lists[*place as usize].list.documents;
            documents[*end as usize] = (*document, *count);
            *end += 1;
        }
        self.entries.clear();
        (self.document, self.length) = (0, 0);
        Inverted { lists, documents, positions: Vec::new(), tokens: std::mem::take(&mut self.tokens) }
    }
}

impl Inverted {
    /// The same in the order of a dictionary: `ranks` has the place of each term in it.
    pub(super) fn sorted(self, ranks: &[u32]) -> Postings {
        let key =
            |(open, number): (&Open, u64)| u64::from(ranks[open.list.term as usize]) << u32::BITS | number;
        let mut order: Vec<u64> = self.lists.iter().zip(0..).map(key).collect();
        order.sort_unstable();
        let mut sorted = Postings {
            lists: Vec::with_capacity(self.lists.len()),
            documents: Vec::with_capacity(self.documents.len()),
            positions: Vec::with_capacity(self.positions.len()),
            tokens: self.tokens,
        };
        for key in order {
            let number = key as u32 as usize;
            let list = self.lists[number].list;
            let start = number.checked_sub(1).map_or((0, 0), |before| self.lists[before].list.ends());
            sorted.documents.extend_from_slice(&self.documents[start.0..list.documents as usize]);
            sorted.positions.extend_from_slice(&self.positions[start.1..list.positions as usize]);
            let (documents, positions) = (sorted.documents.len() as u32, sorted.positions.len() as u32);
            sorted.lists.push(List { documents, positions, ..list });
        }
        sorted
    }
}

impl Postings {
    /// The documents of a list, and the positions of all of them, in a field with positions.
    pub(super) fn of(&self, list: usize) -> (&[(u32, u32)], &[u32]) {
        let before = list.checked_sub(1).map_or((0, 0), |before| self.lists[before].ends());
        let end = self.lists[list].ends();
        (&self.documents[before.0..end.0], &self.positions[before.1..end.1])
    }
}

impl List {
    fn ends(&self) -> (usize, usize) {
        (self.documents as usize, self.positions as usize)
    }
}

impl Places {
    /// The number of a term's list, which is begun if there is none.
    fn of(&mut self, term: u32, lists: &mut Vec<Open>) -> u32 {
        if self.0.len() <= term as usize {
            self.0.resize(term as usize + 1, NONE);
        }
        let place = &mut self.0[term as usize];
        if *place == NONE {
            *place = lists.len() as u32;
            lists.push(Open { list: List { term, documents: 0, positions: 0 }, last: (NONE, 0) });
        }
        *place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The postings of documents whose terms are digits; a bar leaves out a position.
    fn inverted(documents: &[&str], places: &mut Places) -> Vec<String> {
        let mut occurrences = Occurrences::default();
        for document in documents {
            for char in document.chars() {
                match char.to_digit(10) {
                    Some(term) => occurrences.push(term, false),
                    None => occurrences.gap(),
                }
            }
            occurrences.end();
        }
        // The digits are in the dictionary from 9 to 0.
        let ranks: Vec<u32> = (0..10).rev().collect();
        let postings = occurrences.invert(places).sorted(&ranks);
        let show = |list: usize| {
            let (documents, positions) = postings.of(list);
            format!("{} in {documents:?} at {positions:?}", postings.lists[list].term)
        };
        (0..postings.lists.len()).map(show).collect()
    }

    #[test]
    fn every_term_knows_its_documents_and_its_places_in_them() {
        let mut places = Places::default();
        let lists = inverted(&["171|1", "", "71"], &mut places);
        assert_eq!(lists, ["7 in [(0, 1), (2, 1)] at [1, 0]", "1 in [(0, 3), (2, 1)] at [0, 2, 2, 1]"]);
        assert_eq!(inverted(&["1"], &mut places), ["1 in [(0, 1)] at [0]"], "chunks are apart");
        assert!(inverted(&[], &mut places).is_empty());
    }

    #[test]
    fn without_positions_terms_are_only_counted() {
        let mut counts = Counts::default();
        for _ in 0..2 {
            let mut lengths = Vec::new();
            for document in ["171", "", "71"] {
                counts.push_beside(1, 5);
                document.chars().filter_map(|char| char.to_digit(10)).for_each(|term| counts.push(term));
                lengths.push(counts.end());
            }
            assert_eq!(lengths, [3, 0, 2], "what stands beside a text makes it no longer");
            let postings = counts.invert().sorted(&(0..10).rev().collect::<Vec<u32>>());
            assert_eq!(postings.tokens, 5 + 15);
            assert_eq!(postings.of(0), (&[(0, 1), (2, 1)][..], &[][..]));
            assert_eq!(postings.of(1), (&[(0, 7), (1, 5), (2, 6)][..], &[][..]));
        }
    }
}
