//! What everything counts: one table, so that all of it can be chosen by one principle.
//!
//! The principle: of each weight the value that does best on judged sets, the mean over sets of the mean reciprocal
//! rank, where that is more than chance; weights are plain numbers, and where a range does equally well its middle is
//! taken. `benches/weights.rs` chooses them on all sets but one, and tells what the one that was left out says.

/// The weights of the ranking. A plain word of the question counts 1, times its rarity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// How soon further occurrences of a word stop to count: `k1` of BM25.
    pub saturation: f32,
    /// How much the length of a page counts against it: `b` of BM25.
    pub length: f32,
    /// What a word counts on top that stands in a title of average length.
    pub title: f32,
    /// Of how many words a question is long: of fewer, words in titles count more.
    pub short: f32,
    /// What a title counts that has the words of the question and no others, against all of them. Half of them, and
    /// half others, count a quarter.
    pub alike: f32,
    /// What a word without meaning of its own counts in a title, times its rarity among titles. Elsewhere it counts nothing.
    pub stop: f32,
    /// What two words side by side count, against two single words.
    pub pair: f32,
    /// What characters, pairs and triples of them count: each stands for less than a word.
    pub gram: f32,
    /// What longer words count that end in a word, or begin with it, in languages that write compounds as one word.
    pub compound: f32,
    /// What a word counts on top that is a tag of the page.
    pub tag: f32,
    /// How much more a page counts that has an accepted answer.
    pub accepted: f32,
    /// What the endings of a word count that may not be finished, where the word itself exists.
    pub prefix: f32,
    /// The same where it does not: then it surely is the beginning of another.
    pub only_prefix: f32,
    /// What a word counts that is spelt nearly as the one that was typed.
    pub typo: f32,
}

impl Weights {
    /// The weights that were chosen.
    pub const CHOSEN: Weights = Weights {
        saturation: 1.0,
        length: 0.75,
        title: 0.2,
        short: 12.0,
        alike: 0.1,
        stop: 1.0,
        pair: 0.25,
        gram: 0.4,
        compound: 0.2,
        tag: 0.1,
        accepted: 1.03,
        prefix: 0.2,
        only_prefix: 0.8,
        typo: 0.6,
    };
}
