//! A hash for tables of words.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A secret that makes a quick hash one whose collisions nobody can prepare.
#[derive(Clone, Copy)]
pub(super) struct Seed(u64);

/// A quick hash of short strings.
pub(super) struct Quick(u64);

impl Seed {
    pub(super) fn new() -> Seed {
        Seed(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Seed {
    type Hasher = Quick;

    fn build_hasher(&self) -> Quick {
        Quick(self.0)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
            (Some(first), Some(last)) => {
                for chunk in bytes[8..].chunks_exact(8) {
                    let word: [u8; 8] = chunk.try_into().unwrap_or_default();
                    self.0 = mix(self.0, u64::from_le_bytes(word));
                }
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            _ => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => {
                    (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
                }
                _ => (0, bytes.iter().fold(0, |all, byte| all << 8 | u64::from(*byte))),
            },
        };
        self.0 = mix(first ^ self.0, last ^ self.0.rotate_left(32) ^ (bytes.len() as u64) << 56);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(number ^ self.0, self.0.rotate_left(32));
    }

    fn write_u128(&mut self, number: u128) {
        self.0 = mix(number as u64 ^ self.0, (number >> 64) as u64 ^ self.0.rotate_left(32));
    }

    /// The end of a string, whose length is mixed in already.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Both halves of a product, folded.
fn mix(one: u64, other: u64) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let product = u128::from(one ^ ODD) * u128::from(other ^ ODD.rotate_left(17));
    product as u64 ^ (product >> 64) as u64
}
