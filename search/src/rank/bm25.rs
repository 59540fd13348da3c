//! The formula: what one word counts on one page.

use tantivy::fieldnorm::FieldNormReader;

use super::Weights;

/// No page counts as longer than this many average ones: a question with sixty answers is not wordy, it
/// holds much.
const LONGEST: f32 = 3.0;

/// BM25 with the figures of one field.
pub(super) struct Bm25 {
    norms: FieldNormReader,
    documents: u32,
    /// What [`Bm25::saturate`] comes to at most.
    pub(super) most: f32,
    /// `k1 * (1 - b + b * length / average)` for each of tantivy's 256 steps of length.
    lengths: Vec<f32>,
}

impl Bm25 {
    pub(super) fn new(norms: FieldNormReader, documents: u32, weights: &Weights) -> Bm25 {
        // A length is that of words and of characters, so the number of words alone would not do.
        let all: u64 = (0..documents).map(|document| u64::from(norms.fieldnorm(document))).sum();
        let average = (all as f32 / documents.max(1) as f32).max(1.0);
        let (k1, b) = (weights.saturation, weights.length);
        let lengths = (0..=u8::MAX)
            .map(|step| {
                let length = FieldNormReader::id_to_fieldnorm(step) as f32 / average;
                k1 * (1.0 - b + b * length.min(LONGEST))
            })
            .collect();
        Bm25 { norms, documents, most: k1 + 1.0, lengths }
    }

    /// How rare a word is that stands on this many pages. Always more than nothing.
    pub(super) fn idf(&self, found: u32) -> f32 {
        let (all, found) = (f64::from(self.documents), f64::from(found.min(self.documents)));
        natural_logarithm(1.0 + (all - found + 0.5) / (found + 0.5)) as f32
    }

    /// From 0 to `most`: the more often a word stands on a page, in proportion to its length.
    pub(super) fn saturate(&self, count: u32, document: u32) -> f32 {
        let count = count as f32;
        let length = self.lengths[usize::from(self.norms.fieldnorm_id(document))];
        self.most * count / (count + length)
    }
}

/// `ln` for numbers from 1 on, from additions, multiplications and divisions only. The one of the system
/// differs in its last bit between machines, and so would the order of equal hits.
pub(super) fn natural_logarithm(number: f64) -> f64 {
    let mut number = number;
    let mut twos = 0.0;
    while number > std::f64::consts::SQRT_2 {
        number /= 2.0;
        twos += 1.0;
    }
    // ln x = 2 artanh((x - 1) / (x + 1)), whose series is short for x near 1.
    let ratio = (number - 1.0) / (number + 1.0);
    let square = ratio * ratio;
    let series = (0..12).rev().fold(0.0, |sum, step| sum * square + 1.0 / f64::from(2 * step + 1));
    2.0 * ratio * series + twos * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::natural_logarithm;

    #[test]
    fn the_logarithm_is_the_logarithm() {
        for number in [1.0, 1.0001, 1.4, 1.5, 2.0, 3.7, 100.0, 20_001.0, 4e9] {
            assert!((natural_logarithm(number) - number.ln()).abs() < 1e-12, "{number}");
        }
    }
}
