//! Which pages answer a query, and in which order.
//!
//! BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) over the combined field:
//! a word counts the more, the rarer it is, and the more often it stands on a page in proportion to the
//! page's length. Any word may match. The title stands in that field twice; on top comes how far it is the question,
//! see `title`. Small amounts come for words that are tags, and for words that stand side by side as in the query, seen
//! from their positions. What everything counts stands in `weights`.
//!
//! Scores are added up term by term in a table of all pages, rather than by tantivy's scorers: it is as
//! fast at this size, every weight stands here, and the order of additions is fixed. All arithmetic, the
//! logarithm too, is such that every machine gets the same bits.
//!
//! Long because a question is ranked in one pass, whose steps share what they count.

mod bm25;
mod compound;
mod coverage;
mod gather;
mod lookup;
mod title;
mod weights;
#[cfg(feature = "similar")]
mod worth;

use std::collections::BTreeMap;

use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings as _, SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet as _, SegmentReader, TERMINATED, Term};

use crate::index::Error;
use crate::query::{Condition, Query, Wanted};
use crate::schema::{Fields, filter, in_title, is_word};
use crate::typo::{self, Spelling};
use bm25::Bm25;
use coverage::Coverage;
pub(crate) use coverage::enough;
pub(crate) use gather::gather;
pub(crate) use lookup::Lookup;
use title::{Found, Titles};
pub use weights::Weights;
#[cfg(feature = "similar")]
pub(crate) use worth::Worths;

/// How many letters of an unfinished word say what it becomes. Fewer count less, so that a word that has just been begun
/// does not push away what fits the whole ones before it.
const TELLING: f32 = 8.0;

/// How much more a page counts that was shown for the beginning of the query.
const SHOWN: f32 = 1.4;

/// A hit is good when it has at least this share of what the words of the query are worth.
const GOOD: f32 = 0.5;

/// On a site of at most this many pages words are looked up too which tell little. On a larger one they cost more to fetch
/// than they tell.
const FEW: u32 = 2000;

/// At most this many endings of an unfinished word are looked at, and this many of these, the most frequent, count.
const ENDINGS: (usize, usize) = (512, 24);

/// Postings with more positions than this, in bytes, are not read for pairs: such words stand everywhere.
pub(crate) const MOST_POSITIONS: usize = 1 << 14;

/// The postings of tags are counted until this many bytes of them are read.
const MOST_TAGS: usize = 1 << 15;

/// At most so many values of any other facet are counted, the most frequent.
const MOST_VALUES: usize = 32;

/// The pages that answer.
#[derive(Debug, Default)]
pub(crate) struct Ranking {
    /// Number of the document and score, best first.
    pub(crate) best: Vec<(u32, f32)>,
    /// How much of the question each of them covers.
    pub(crate) coverage: Vec<f32>,
    /// The terms that were looked for and exist, those of endings and typos included, and their worth.
    pub(crate) terms: BTreeMap<Box<str>, f32>,
    /// The same for characters and pairs of them.
    pub(crate) grams: BTreeMap<Box<str>, f32>,
    /// For each exclusion of the query whether it left out a page that would have been a hit.
    pub(crate) left_out: Vec<bool>,
}

/// Ranks the pages of a segment.
// Long because a question is ranked in one pass.
pub(crate) fn rank(
    segment: &SegmentReader,
    fields: Fields,
    query: &Query,
    limit: usize,
    weights: &Weights,
    spelling: &mut Spelling<'_>,
) -> Result<Ranking, Error> {
    let is_empty = query.words.is_empty() && query.grams.is_empty();
    if limit == 0 || is_empty && query.required.is_empty() && query.phrases.is_empty() {
        return Ok(Ranking::default());
    }
    let reader = Reader::open(segment, fields, weights)?;
    // First everything is looked up, then everything is opened, and only then is anything added up: so a
    // browser can fetch all of each step at once.
    let exact = gather(query.words.iter().map(|word| reader.words.find(&word.term)));
    let compounds = compound::compounds(&reader, &query.words, spelling.analyzer);
    let tags = gather(query.words.iter().map(|word| reader.filters.find(&filter("tag", &word.surface))));
    let grams = gather(query.grams.iter().map(|gram| reader.grams.find(gram)));
    let titles = Found::find(&reader, query);
    let accepted = reader.filters.find("is:accepted");
    let in_phrases = query.phrases.iter().flat_map(|phrase| &phrase.conditions);
    let required =
        gather(query.required.iter().chain(in_phrases).map(|condition| reader.matching(condition)));
    let excluded = gather(query.excluded.iter().map(|excluded| reader.all(&excluded.conditions)));
    let endings = query
        .unfinished
        .map(|number| reader.endings(&query.words[number].surface, query.words.len() == 1))
        .transpose();
    let others = gather(query.words.iter().map(|word| reader.words.others(word)));
    let apart = gather(query.words.iter().map(|word| reader.words.apart(word)));
    let (exact, tags, grams, others, titles) = (exact?, tags?, grams?, others?, titles?);
    let (compounds, apart) = (compounds?, apart?);
    let (accepted, endings) = (accepted?, endings?);

    let mut groups = Vec::new();
    for (number, (word, info)) in query.words.iter().zip(&exact).enumerate() {
        let (alike, near) = &others[number];
        let own = info.iter().map(|info| (word.term.clone(), info.clone()));
        let members: Vec<Member> = own.chain(alike.iter().cloned()).collect();
        let is_known = !members.is_empty();
        let mut group = |members: Vec<Member>, share: f32, near: f32, apart: &[u32]| {
            let (weight, apart) = (word.weight * share, apart.to_vec());
            if !members.is_empty() {
                groups.push(Group { word: number, members, apart, weight, near });
            }
        };
        group(members, 1.0, 1.0, &apart[number]);
        near.iter().for_each(|(members, share)| group(members.clone(), *share, *share, &[]));
        group(compounds[number].clone(), weights.compound, weights.compound, &[]);
        if query.unfinished == Some(number)
            && let Some(mut members) = endings.clone()
        {
            members.retain(|(term, _)| groups.iter().all(|group: &Group| !group.stands_for(number, term)));
            let telling = (word.surface.chars().count() as f32 / TELLING).min(1.0);
            let weight = word.weight * if is_known { weights.prefix } else { weights.only_prefix * telling };
            if !members.is_empty() {
                let near = weights.only_prefix;
                groups.push(Group { word: number, members, apart: Vec::new(), weight, near });
            }
        }
    }
    let lists = gather(groups.iter().map(|group| reader.words.lists(group)));
    let titles = Titles::open(&reader, query, weights, titles, &grams);
    let pairs = reader.words.pairs(query, &exact);
    let counted = IndexRecordOption::WithFreqs;
    let grams = gather(query.grams.iter().zip(&grams).enumerate().filter_map(|(number, (gram, info))| {
        let info = info.as_ref()?;
        Some(reader.grams.postings(info, counted).map(|list| (number, gram, info, list)))
    }));
    let tags = gather(query.words.iter().zip(&tags).filter_map(|(word, info)| {
        let info = info.as_ref()?;
        Some(reader.filters.postings(info, counted).map(|list| (word, info, list)))
    }));
    let accepted = accepted.map(|info| reader.filters.documents(&info)).transpose();
    let (lists, pairs, grams, tags, titles) = (lists?, pairs?, grams?, tags?, titles?);
    let (accepted, required, excluded) = (accepted?, required?, excluded?);

    let mut ranking = Ranking::default();
    let asking = spelling.analyzer.asking();
    let mut scores = Scores::new(&reader, query, weights, |term| asking.contains(term));
    for (group, lists) in groups.iter().zip(lists) {
        scores.add(group, lists, &mut ranking.terms);
    }
    let typos = mend(&reader, query, &groups, &scores, weights.typo, spelling)?;
    for (group, lists) in typos.iter().zip(gather(typos.iter().map(|group| reader.words.lists(group)))?) {
        scores.add(group, lists, &mut ranking.terms);
    }
    scores.add_pairs(pairs);
    for (number, gram, info, list) in grams {
        let worth = scores.add_gram(query.words.len() + number, info, list);
        ranking.grams.insert(gram.as_str().into(), worth);
    }
    // Not to pages that have nothing but words without meaning of their own.
    let exact = titles.score(weights, |document, worth| scores.add_where_found(document, worth));
    for (word, info, list) in tags {
        scores.add_tag(list, weights.tag * word.weight * reader.bm25.idf(info.doc_freq));
    }
    if let Some(documents) = accepted {
        scores.multiply(&documents, weights.accepted);
    }
    scores.multiply(&query.shown, SHOWN);
    scores.put_first(&exact);
    if is_empty {
        scores.table.fill(1.0);
    }
    for documents in &required {
        scores.keep(documents);
    }
    for documents in &excluded {
        ranking.left_out.push(scores.has_any(documents));
        scores.multiply(documents, 0.0);
    }
    ranking.best = scores.best(limit.max(3));
    ranking.coverage = scores.coverage.of(&ranking.best, reader.bm25.idf(0));
    ranking.best.truncate(limit);
    Ok(ranking)
}

/// How many of these documents have which values: name and value of the filter, and how many.
///
/// Of tags and of other facets the most frequent are counted: those of rare ones would cost more to read than they
/// tell.
///
/// # Errors
/// As [`rank`].
pub(crate) fn counts(
    segment: &SegmentReader,
    fields: Fields,
    best: &[(u32, f32)],
) -> Result<Vec<(String, String, usize)>, Error> {
    let filters = Inverted { field: fields.filters, index: segment.inverted_index(fields.filters)? };
    let mut best: Vec<u32> = best.iter().map(|(document, _)| *document).collect();
    best.sort_unstable();
    let mut values: Vec<Member> = Vec::new();
    let mut stream = filters.index.terms().stream()?;
    while stream.advance() {
        if let Ok(term) = std::str::from_utf8(stream.key()) {
            values.push((term.into(), stream.value().clone()));
        }
    }
    let is_tag = |term: &str| term.starts_with("tag:");
    values.sort_by_key(|(term, info)| (is_tag(term), std::cmp::Reverse(info.doc_freq)));
    let mut read = 0;
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    values.retain(|(term, info)| {
        if is_tag(term) {
            read += info.postings_range.len();
            return read <= MOST_TAGS;
        }
        let name = term.split(':').next().unwrap_or_default();
        let count = counted.entry(name.to_owned()).or_default();
        *count += 1;
        *count <= MOST_VALUES
    });
    let lists = gather(values.iter().map(|(_, info)| filters.postings(info, IndexRecordOption::Basic)))?;
    let mut counts = Vec::new();
    for ((term, _), mut list) in values.into_iter().zip(lists) {
        let mut count = 0;
        for &document in &best {
            if list.doc() < document {
                list.seek(document);
            }
            count += usize::from(list.doc() == document);
        }
        if let Some((name, value)) = term.split_once(':').filter(|_| count > 0) {
            counts.push((name.to_owned(), value.to_owned(), count));
        }
    }
    counts.sort_by(|a, b| (&a.0, std::cmp::Reverse(a.2), &a.1).cmp(&(&b.0, std::cmp::Reverse(b.2), &b.1)));
    Ok(counts)
}

/// Reads what every query reads.
#[cfg(feature = "write")]
pub(crate) fn warm(segment: &SegmentReader, fields: Fields) -> Result<(), Error> {
    Reader::open(segment, fields, &Weights::CHOSEN)?.filters.find("is:accepted").map(|_| ())
}

/// A term that exists, and where its postings are.
pub(crate) type Member = (Box<str>, TermInfo);

/// The postings of two words, and how far the second may stand after the first.
type Pair = (SegmentPostings, SegmentPostings, u32);

/// Terms that stand for one word of the query and are scored as if they were one.
struct Group {
    word: usize,
    members: Vec<Member>,
    /// Documents that have the word written apart.
    apart: Vec<u32>,
    weight: f32,
    /// How surely they are the word that was meant.
    near: f32,
}

impl Group {
    fn stands_for(&self, word: usize, term: &str) -> bool {
        self.word == word && self.members.iter().any(|(member, _)| **member == *term)
    }
}

/// The terms that count as a word, and those that count less, each with its share.
type Others = (Vec<Member>, Vec<(Vec<Member>, f32)>);

/// The open fields of a segment.
struct Reader {
    words: Inverted,
    grams: Inverted,
    filters: Inverted,
    bm25: Bm25,
    documents: u32,
}

/// One inverted field.
struct Inverted {
    field: Field,
    index: std::sync::Arc<InvertedIndexReader>,
}

/// What every page has so far.
struct Scores<'a> {
    reader: &'a Reader,
    weights: &'a Weights,
    table: Vec<f32>,
    /// Room for counts of a group, all zero between uses.
    counts: Vec<u32>,
    coverage: Coverage,
}

impl Reader {
    fn open(segment: &SegmentReader, fields: Fields, weights: &Weights) -> Result<Reader, Error> {
        let open = |field| segment.inverted_index(field).map(|index| Inverted { field, index });
        let (words, grams, filters) = (open(fields.words), open(fields.grams), open(fields.filters));
        let norms = segment.get_fieldnorms_reader(fields.words);
        let (words, grams, filters) = (words?, grams?, filters?);
        let documents = segment.max_doc();
        let bm25 = Bm25::new(norms?, documents, weights);
        Ok(Reader { words, grams, filters, bm25, documents })
    }

    /// Whether it has so few pages that words are looked up too which tell little.
    fn is_small(&self) -> bool {
        self.documents <= FEW
    }

    /// The documents that a condition holds for, in order.
    fn matching(&self, condition: &Condition) -> Result<Vec<u32>, Error> {
        match condition {
            Condition::Phrase(ways) => {
                let lists = gather(ways.iter().map(|terms| self.words.phrase(terms)))?;
                Ok(any_of(&lists))
            }
            Condition::Title(terms) => {
                let terms = terms.iter().flat_map(|term| [false, true].map(|stop| in_title(term, stop)));
                let terms: Vec<String> = terms.collect();
                self.words.any(&terms.iter().map(String::as_str).collect::<Vec<_>>())
            }
            Condition::Filter(values) => {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                self.filters.any(&values)
            }
            Condition::Grams(grams) => Ok(shared(gather(grams.iter().map(|gram| self.grams.any(&[gram])))?)),
        }
    }

    /// The documents that all conditions hold for, in order; none if there is no condition.
    fn all(&self, conditions: &[Condition]) -> Result<Vec<u32>, Error> {
        Ok(shared(gather(conditions.iter().map(|condition| self.matching(condition)))?))
    }

    /// The words that begin so, in order.
    fn words_beginning_with(&self, start: &str) -> Result<Vec<Member>, Error> {
        let mut found = self.words.beginning_with(start, ENDINGS.0)?;
        found.retain(|(term, _)| is_word(term));
        Ok(found)
    }

    /// Terms that an unfinished word may become, the most frequent first. A single letter becomes one only if nothing else
    /// was typed.
    fn endings(&self, start: &str, is_alone: bool) -> Result<Vec<Member>, Error> {
        if start.chars().nth(1).is_none() && !is_alone {
            return Ok(Vec::new());
        }
        // A stem may be shorter than what has been typed: `authenticat` is to become `authent`. Looked up with the
        // rest, as a browser fetches both at once.
        let least = (start.chars().count() / 2).max(4);
        let cuts = start.char_indices().skip(least).map(|(cut, _)| &start[..cut]);
        let shorter = gather(cuts.map(|cut| self.words.find(cut).map(|info| Some((cut.into(), info?)))));
        let mut found = most_frequent(self.words_beginning_with(start)?);
        if found.is_empty() {
            found.extend(shorter?.into_iter().flatten().next_back());
        }
        Ok(found)
    }
}

impl Inverted {
    fn find(&self, term: &str) -> Result<Option<TermInfo>, Error> {
        Ok(self.index.get_term_info(&Term::from_field_text(self.field, term))?)
    }

    /// The terms that begin so, at most this many of them, in order.
    fn beginning_with(&self, start: &str, limit: usize) -> Result<Vec<Member>, Error> {
        let terms = self.index.terms();
        // The bound above keeps the rest of the dictionary from being read. No term contains 0xff.
        let bound = [start.as_bytes(), &[u8::MAX]].concat();
        let mut stream = terms.range().ge(start).lt(&bound).limit(limit as u64).into_stream()?;
        let mut found = Vec::new();
        while found.len() < limit && stream.advance() {
            if let Ok(term) = std::str::from_utf8(stream.key()) {
                found.push((Box::from(term), stream.value().clone()));
            }
        }
        Ok(found)
    }

    fn postings(&self, info: &TermInfo, option: IndexRecordOption) -> Result<SegmentPostings, Error> {
        Ok(self.index.read_postings_from_terminfo(info, option)?)
    }

    /// The other terms of a word that exist.
    fn others(&self, word: &Wanted) -> Result<Others, Error> {
        let find = |terms: &[Box<str>]| -> Result<Vec<Member>, Error> {
            let infos = gather(terms.iter().map(|term| self.find(term)))?;
            Ok(terms.iter().cloned().zip(infos).filter_map(|(term, info)| Some((term, info?))).collect())
        };
        let near = gather(word.near.iter().map(|(terms, share)| Ok::<_, Error>((find(terms)?, *share))));
        Ok((find(&word.alike)?, near?))
    }

    /// The postings of the terms of a group.
    fn lists(&self, group: &Group) -> Result<Vec<SegmentPostings>, Error> {
        let option = IndexRecordOption::WithFreqs;
        gather(group.members.iter().map(|(_, info)| self.postings(info, option)))
    }

    /// The postings of words that may stand side by side, with their positions.
    fn pairs(&self, query: &Query, infos: &[Option<TermInfo>]) -> Result<Vec<Pair>, Error> {
        let option = IndexRecordOption::WithFreqsAndPositions;
        let readable = |number: usize| {
            infos[number].as_ref().filter(|info| info.positions_range.len() <= MOST_POSITIONS)
        };
        gather(query.pairs.iter().filter_map(|&(first, second, distance)| {
            let (first, second) = (readable(first)?, readable(second)?);
            let (first, second) = (self.postings(first, option), self.postings(second, option));
            Some(first.and_then(|first| Ok((first, second?, distance))))
        }))
    }

    fn documents(&self, info: &TermInfo) -> Result<Vec<u32>, Error> {
        let mut postings = self.postings(info, IndexRecordOption::Basic)?;
        let mut documents = Vec::with_capacity(info.doc_freq as usize);
        while postings.doc() != TERMINATED {
            documents.push(postings.doc());
            postings.advance();
        }
        Ok(documents)
    }

    /// The documents that have a word written apart, in order.
    fn apart(&self, word: &Wanted) -> Result<Vec<u32>, Error> {
        let phrases = word.apart.iter().map(|[first, second]| [(first.clone(), 0), (second.clone(), 1)]);
        Ok(any_of(&gather(phrases.map(|phrase| self.phrase(&phrase)))?))
    }

    /// The documents with at least one of these terms, in order.
    fn any(&self, terms: &[&str]) -> Result<Vec<u32>, Error> {
        let infos = gather(terms.iter().map(|term| self.find(term)))?;
        let lists = gather(infos.iter().flatten().map(|info| self.documents(info)))?;
        Ok(any_of(&lists))
    }

    /// The documents in which the terms stand at these distances.
    fn phrase(&self, terms: &[(Box<str>, u32)]) -> Result<Vec<u32>, Error> {
        let infos = gather(terms.iter().map(|(term, _)| self.find(term)))?;
        let Some(infos) = infos.into_iter().collect::<Option<Vec<TermInfo>>>() else { return Ok(Vec::new()) };
        if let [info] = infos.as_slice() {
            return self.documents(info);
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let mut postings = gather(infos.iter().map(|info| self.postings(info, option)))?;
        let mut documents = Vec::new();
        let mut starts: Vec<u32> = Vec::new();
        let mut positions = Vec::new();
        let mut document = 0;
        'documents: loop {
            // Every list in turn is moved to the first document that it could still share.
            for list in &mut postings {
                let at = if list.doc() < document { list.seek(document) } else { list.doc() };
                if at == TERMINATED {
                    return Ok(documents);
                }
                if at > document {
                    document = at;
                    continue 'documents;
                }
            }
            for (number, (list, (_, offset))) in postings.iter_mut().zip(terms).enumerate() {
                list.positions(&mut positions);
                if number == 0 {
                    std::mem::swap(&mut starts, &mut positions);
                    continue;
                }
                starts.retain(|start| positions.binary_search(&(start + offset - terms[0].1)).is_ok());
            }
            if !starts.is_empty() {
                documents.push(document);
            }
            document += 1;
        }
    }
}

impl<'a> Scores<'a> {
    fn new(
        reader: &'a Reader,
        query: &Query,
        weights: &'a Weights,
        asking: impl Fn(&str) -> bool,
    ) -> Scores<'a> {
        let documents = reader.documents as usize;
        let coverage = Coverage::new(query, weights.gram, reader.bm25.most, asking, documents);
        Scores { reader, weights, table: vec![0.0; documents], counts: vec![0; documents], coverage }
    }

    /// Adds what a group of terms counts, and notes what each term of it is worth.
    fn add(&mut self, group: &Group, lists: Vec<SegmentPostings>, worth: &mut BTreeMap<Box<str>, f32>) {
        let bm25 = &self.reader.bm25;
        let mut touched = Vec::new();
        let mut count = |document: u32, times: u32| {
            // A damaged index may name documents that do not exist.
            if let Some(count) = self.counts.get_mut(document as usize) {
                if *count == 0 {
                    touched.push(document);
                }
                *count = (*count).max(times);
            }
        };
        for mut list in lists {
            while list.doc() != TERMINATED {
                count(list.doc(), list.term_freq());
                list.advance();
            }
        }
        group.apart.iter().for_each(|document| count(*document, 1));
        let idf = bm25.idf(touched.len() as u32);
        let weight = group.weight * idf;
        self.coverage.rarity(group.word, idf);
        for document in touched {
            let count = std::mem::take(&mut self.counts[document as usize]);
            let saturation = bm25.saturate(count, document);
            self.table[document as usize] += weight * saturation;
            self.coverage.add(group.word, document, group.near, saturation);
        }
        for (term, _) in &group.members {
            let known = worth.entry(term.clone()).or_default();
            *known = known.max(weight);
        }
    }

    /// Adds for words that stand side by side as in the query.
    fn add_pairs(&mut self, pairs: Vec<Pair>) {
        let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
        for (mut first, mut second, distance) in pairs {
            let mut found = Vec::new();
            while first.doc() != TERMINATED && second.doc() != TERMINATED {
                if first.doc() < second.doc() {
                    first.seek(second.doc());
                } else if second.doc() < first.doc() {
                    second.seek(first.doc());
                } else {
                    first.positions(&mut firsts);
                    second.positions(&mut seconds);
                    let count = side_by_side(&firsts, &seconds, distance);
                    if count > 0 {
                        found.push((first.doc(), count));
                    }
                    first.advance();
                    second.advance();
                }
            }
            let bm25 = &self.reader.bm25;
            let weight = self.weights.pair * bm25.idf(found.len() as u32);
            for (document, count) in found {
                if let Some(score) = self.table.get_mut(document as usize) {
                    *score += weight * bm25.saturate(count, document);
                }
                self.coverage.add_pair(document);
            }
        }
    }

    /// Adds for a pair of characters, and says what it is worth.
    fn add_gram(&mut self, number: usize, info: &TermInfo, mut list: SegmentPostings) -> f32 {
        let bm25 = &self.reader.bm25;
        let idf = bm25.idf(info.doc_freq);
        self.coverage.rarity(number, idf);
        while list.doc() != TERMINATED {
            let document = list.doc();
            if let Some(score) = self.table.get_mut(document as usize) {
                let saturation = bm25.saturate(list.term_freq(), document);
                *score += self.weights.gram * idf * saturation;
                self.coverage.add(number, document, 1.0, saturation);
            }
            list.advance();
        }
        self.weights.gram * idf
    }

    /// Adds what a tag is worth.
    fn add_tag(&mut self, mut list: SegmentPostings, worth: f32) {
        while list.doc() != TERMINATED {
            self.add_to(list.doc(), worth);
            list.advance();
        }
    }

    fn add_to(&mut self, document: u32, worth: f32) {
        if let Some(score) = self.table.get_mut(document as usize) {
            *score += worth;
        }
    }

    fn add_where_found(&mut self, document: u32, worth: f32) {
        if let Some(score) = self.table.get_mut(document as usize).filter(|score| **score > 0.0) {
            *score += worth;
        }
    }

    /// Lifts pages above all others.
    fn put_first(&mut self, documents: &[u32]) {
        let most = self.table.iter().copied().fold(0.0, f32::max);
        documents.iter().for_each(|document| self.add_to(*document, most));
    }

    fn multiply(&mut self, documents: &[u32], factor: f32) {
        for &document in documents {
            if let Some(score) = self.table.get_mut(document as usize) {
                *score *= factor;
            }
        }
    }

    fn has_any(&self, documents: &[u32]) -> bool {
        documents.iter().any(|&document| self.table.get(document as usize).is_some_and(|score| *score > 0.0))
    }

    fn keep(&mut self, documents: &[u32]) {
        let mut next = documents.iter().peekable();
        for (document, score) in self.table.iter_mut().enumerate() {
            while next.next_if(|&&kept| (kept as usize) < document).is_some() {}
            if next.peek().is_none_or(|&&kept| kept as usize != document) {
                *score = 0.0;
            }
        }
    }

    /// The best documents by rounded score, equals in their order.
    fn best(&self, limit: usize) -> Vec<(u32, f32)> {
        let mut found: Vec<(u32, u32)> = (0..)
            .zip(&self.table)
            .filter(|(_, score)| **score > 0.0)
            .map(|(document, score)| ((score * 1000.0).round() as u32, document))
            .collect();
        let order = |&(score, document): &(u32, u32)| (std::cmp::Reverse(score), document);
        if found.len() > limit {
            found.select_nth_unstable_by_key(limit, order);
            found.truncate(limit);
        }
        found.sort_unstable_by_key(order);
        found.into_iter().map(|(score, document)| (document, score as f32 / 1000.0)).collect()
    }
}

/// The most frequent of these terms.
fn most_frequent(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by_key(|(_, info)| std::cmp::Reverse(info.doc_freq));
    members.truncate(ENDINGS.1);
    members
}

/// The numbers that any of these lists has, in order.
fn any_of(lists: &[Vec<u32>]) -> Vec<u32> {
    let mut all = lists.concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// The numbers that all of these lists have, each of which is in order.
fn shared(lists: Vec<Vec<u32>>) -> Vec<u32> {
    let mut lists = lists.into_iter();
    let first = lists.next().unwrap_or_default();
    lists.fold(first, |kept, list| {
        kept.into_iter().filter(|document| list.binary_search(document).is_ok()).collect()
    })
}

/// Words nearly like those that nobody has written, if without them there is no good hit.
fn mend(
    reader: &Reader,
    query: &Query,
    groups: &[Group],
    scores: &Scores<'_>,
    typo: f32,
    spelling: &mut Spelling<'_>,
) -> Result<Vec<Group>, Error> {
    let has_group = |number| groups.iter().any(|group| group.word == number);
    let missing: Vec<usize> = (0..query.words.len())
        .filter(|&number| !has_group(number) && typo::tolerance(&query.words[number].surface) > 0)
        .collect();
    // A short word that nobody has written may be right: then the others say what is meant.
    let is_long = |&number: &usize| {
        let is_finished = query.unfinished != Some(number);
        is_finished && query.words[number].surface.chars().count() >= typo::SURELY_WRONG
    };
    if missing.is_empty() || !missing.iter().any(is_long) && is_good(reader, query, groups, scores)? {
        return Ok(Vec::new());
    }
    let is_whole = |number| query.typed.iter().any(|typed| typed.whole && typed.word == Some(number));
    let words: Vec<_> = missing.iter().map(|&number| (&query.words[number], is_whole(number))).collect();
    let near = spelling.nearest(&words)?;
    let known = gather(near.into_iter().map(|terms| {
        let infos = gather(terms.iter().map(|term| reader.words.find(term)))?;
        let found = terms.into_iter().zip(infos).filter_map(|(term, info)| Some((term, info?)));
        Ok::<Vec<Member>, Error>(found.collect())
    }))?;
    let groups = missing.into_iter().zip(known).filter(|(_, members)| !members.is_empty());
    Ok(groups
        .map(|(word, mut members)| {
            members.sort_by_key(|(_, info): &Member| std::cmp::Reverse(info.doc_freq));
            members.truncate(typo::MOST);
            let weight = typo * query.words[word].weight;
            Group { word, members, apart: Vec::new(), weight, near: typo }
        })
        .collect())
}

/// Whether the best page so far has enough of what was asked.
fn is_good(reader: &Reader, query: &Query, groups: &[Group], scores: &Scores<'_>) -> Result<bool, Error> {
    let Some(&(document, _)) = scores.best(1).first() else { return Ok(false) };
    let (mut has, mut all) = (0.0, 0.0);
    for (number, word) in query.words.iter().enumerate() {
        let mut worth = word.weight * reader.bm25.idf(0);
        let mut found = false;
        for (_, info) in groups.iter().filter(|group| group.word == number).flat_map(|group| &group.members) {
            worth = word.weight * reader.bm25.idf(info.doc_freq);
            let mut list = reader.words.postings(info, IndexRecordOption::Basic)?;
            // A list cannot be sought backwards.
            found |= (if list.doc() < document { list.seek(document) } else { list.doc() }) == document;
        }
        all += worth;
        has += if found { worth } else { 0.0 };
    }
    Ok(has >= GOOD * all)
}

/// How often a second word stands after a first, at the distance of the query or nearer.
fn side_by_side(firsts: &[u32], seconds: &[u32], distance: u32) -> u32 {
    let mut count = 0;
    let mut next = 0;
    for first in firsts {
        while seconds.get(next).is_some_and(|second| second <= first) {
            next += 1;
        }
        count += u32::from(seconds.get(next).is_some_and(|second| second - first <= distance));
    }
    count
}
