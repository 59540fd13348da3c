//! What the configuration says of files beside content: `attachments:`, `max_file_bytes:` and `images:`.

use std::collections::BTreeSet;

use super::keys::ImagesKey;
use super::settings;
use crate::diagnostic::Spanned;
use crate::file_type;
use crate::yaml::Node;
use crate::yaml::key::Keys;
use crate::yaml::walk::Walk;

/// How files beside content are published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The endings of files that may be saved, besides those of every site; in small letters, without a dot.
    pub attachments: BTreeSet<String>,
    /// How large a file may be, in bytes.
    pub max_bytes: u64,
    /// From how many bytes on an image is reported.
    pub max_image_bytes: u64,
    /// From how many pixels on an image is reported.
    pub max_image_pixels: u64,
    /// Hosts from which pictures are brought in.
    pub fetch_hosts: Vec<String>,
}

impl Default for Files {
    fn default() -> Files {
        Files {
            attachments: BTreeSet::new(),
            max_bytes: 100_000_000,
            max_image_bytes: 5_000_000,
            max_image_pixels: 25_000_000,
            fetch_hosts: Vec::new(),
        }
    }
}

/// The endings below `attachments:`, with or without a dot.
pub(super) fn attachments(walk: &mut Walk<'_>, texts: Vec<Spanned<String>>) -> BTreeSet<String> {
    let mut endings = BTreeSet::new();
    for text in texts {
        let ending = text.value.trim().trim_start_matches('.').to_ascii_lowercase();
        if ending.is_empty() || ending.len() > 16 || !ending.bytes().all(|it| it.is_ascii_alphanumeric()) {
            let message = format!("`{}` is not a file extension.", text.value);
            walk.problem(
                text.span,
                message,
                "Write only the last part of the name, such as `log` or `docx`.",
            );
        } else if let Some(why) = file_type::refused(&ending) {
            let message = format!("Files of the type `{ending}` cannot be attachments: {why}.");
            walk.problem(text.span, message, "Remove it. Such files can be published inside a zip file.");
        } else if file_type::published(&ending).is_none() {
            endings.insert(ending);
        }
    }
    endings
}

/// What stands below `images:`. Gives back the hosts.
pub(super) fn images(walk: &mut Walk<'_>, node: Node<'_>, files: &mut Files) -> Vec<String> {
    let mut hosts = Vec::new();
    for (key, node) in walk.map(node, "images") {
        match ImagesKey::from_name(&key.value) {
            Some(ImagesKey::AllowHosts) => {
                let texts = walk.texts(node, &key.value);
                hosts = settings::hosts(walk, texts);
            }
            Some(ImagesKey::FetchHosts) => {
                let texts = walk.texts(node, &key.value);
                files.fetch_hosts = settings::hosts(walk, texts);
            }
            Some(ImagesKey::MaxBytes) => {
                set(&mut files.max_image_bytes, walk.number(node, &key.value, 1, 1 << 40));
            }
            Some(ImagesKey::MaxPixels) => {
                set(&mut files.max_image_pixels, walk.number(node, &key.value, 1, 1 << 40));
            }
            None => walk.unknown_key(&key, "images", ImagesKey::KEYS),
        }
    }
    hosts
}

/// Takes over a number that was understood.
pub(super) fn set(limit: &mut u64, number: Option<i64>) {
    *limit = number.and_then(|it| u64::try_from(it).ok()).unwrap_or(*limit);
}
