//! What is known of words that come again and again when an index is built.
//!
//! Unlike a hash map the table cannot be made slow or large by chosen text: a word takes the slot of another. It has no
//! texts of its own either. Long words hardly ever come again, and nearly every stem is a beginning of its word.

/// At most this many bytes of a word are compared at once. Longer words are not remembered.
const LONGEST: usize = size_of::<u128>();

/// Words with what is known of them.
#[derive(Clone, Default)]
pub(super) struct Memory {
    /// The bytes of words, filled up with zeros, each in the slot that its hash says.
    words: Vec<u128>,
    known: Vec<Known>,
}

/// What is known of a word.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    /// Whether it is a stop word.
    pub(super) is_stop: Option<bool>,
    /// How many bytes of it are its stem.
    pub(super) stem: Option<u8>,
}

impl Memory {
    /// A memory of `2^bits` words. One that is made by default remembers nothing.
    pub(super) fn new(bits: u32) -> Memory {
        Memory { words: vec![0; 1 << bits], known: vec![Known::default(); 1 << bits] }
    }

    /// What is known of a word, which is nothing at first, if it can be remembered.
    pub(super) fn of(&mut self, word: &str) -> Option<&mut Known> {
        /// An odd number in whose product with another all bits of that one count for the highest.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mask = self.words.len().checked_sub(1)?;
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        let word = u128::from_le_bytes(bytes);
        let half = (word as u64).wrapping_mul(SPREAD) ^ (word >> u64::BITS) as u64;
        let slot = (half.wrapping_mul(SPREAD) >> u32::BITS) as usize & mask;
        if self.words[slot] != word {
            (self.words[slot], self.known[slot]) = (word, Known::default());
        }
        Some(&mut self.known[slot])
    }

    /// Notes whether a word is a stop word.
    pub(super) fn note_stop(&mut self, word: &str, is_stop: bool) {
        if let Some(known) = self.of(word) {
            known.is_stop = Some(is_stop);
        }
    }

    /// Notes the stem of a word, if the word begins with it.
    pub(super) fn note_stem(&mut self, word: &str, stem: &str) {
        if let Some(known) = self.of(word).filter(|_| word.starts_with(stem)) {
            known.stem = Some(stem.len() as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_known_until_another_takes_its_slot() {
        let mut memory = Memory::new(0);
        for (word, other) in [("the", "then"), ("resetting", "reset"), ("ä", "a")] {
            memory.note_stop(word, true);
            assert_eq!(memory.of(word).and_then(|known| known.is_stop), Some(true));
            assert_eq!(memory.of(other).and_then(|known| known.is_stop), None);
            assert_eq!(memory.of(word).and_then(|known| known.is_stop), None);
        }
        memory.note_stem("happily", "happi");
        assert_eq!(memory.of("happily").and_then(|known| known.stem), Some(5));
        memory.note_stem("happy", "happi");
        assert_eq!(memory.of("happy").and_then(|known| known.stem), None, "it begins otherwise");
        assert!(memory.of("incomprehensibility").is_none() && Memory::default().of("the").is_none());
    }
}
