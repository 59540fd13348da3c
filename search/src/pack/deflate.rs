//! Compressing pieces, but not those that the last pack had too.

use std::collections::HashMap;
use std::sync::Arc;

use blake3::{Hash, Hasher};
use miniz_oxide::deflate::compress_to_vec;

use super::{HEAD, guard};

/// The pieces of a pack, by what is in them.
#[derive(Default)]
pub(crate) struct Pieces {
    known: HashMap<Hash, Deflated>,
}

/// A piece as it is published.
#[derive(Clone)]
pub(super) struct Deflated {
    pub(super) number: u32,
    /// Of its bytes before they were compressed, and of how hard they were.
    key: Hash,
    pub(super) file: Arc<[u8]>,
    /// Of the file.
    pub(super) hash: Hash,
}

impl Pieces {
    /// The file of a piece whose bytes are these parts one after the other.
    pub(super) fn deflate(&self, number: u32, parts: &[&[u8]], level: u8) -> Deflated {
        let mut key = Hasher::new();
        key.update(&[level]);
        parts.iter().for_each(|part| {
            key.update(part);
        });
        let key = key.finalize();
        let known = self.known.get(&key);
        if let Some(known) = known.filter(|known| known.number == number) {
            return known.clone();
        }
        let bytes = parts.concat();
        let mut file = guard(number, &bytes).to_le_bytes().to_vec();
        file.extend((bytes.len() as u32).to_le_bytes());
        match known {
            // The same under another number.
            Some(known) => file.extend_from_slice(&known.file[HEAD..]),
            None => file.extend(compress_to_vec(&bytes, level)),
        }
        Deflated { number, key, hash: blake3::hash(&file), file: file.into() }
    }

    /// Keeps these pieces, and no others.
    pub(super) fn keep(&mut self, pieces: Vec<Deflated>) {
        self.known = pieces.into_iter().map(|piece| (piece.key, piece)).collect();
    }

    /// How many pieces are kept.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }
}
