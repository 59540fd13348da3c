//! The files of a published site, as anyone who looks at the folder finds them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

/// Every file below a folder, by its path with `/`: the hash of its bytes.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub fn hashes(folder: &Path) -> io::Result<BTreeMap<String, blake3::Hash>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_root_links(true) {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_dir() {
            files.push((super::relative(folder, entry.path()), entry.into_path()));
        }
    }
    let hash = |(name, path): (String, std::path::PathBuf)| {
        let mut hasher = blake3::Hasher::new();
        // A link is no file of a site, wherever it leads.
        match crate::state::open_source(&path) {
            Ok(file) if file.metadata()?.is_file() => hasher.update_reader(file)?,
            Err(error) if !fs::symlink_metadata(&path)?.is_symlink() => return Err(error),
            _ => hasher.update(path.as_os_str().as_encoded_bytes()),
        };
        Ok((name.replace(std::path::MAIN_SEPARATOR, "/"), hasher.finalize()))
    };
    files.into_par_iter().map(hash).collect()
}

/// The path of every file below a folder, with `/`, in order. Links are among them and cannot be read as files.
///
/// # Errors
/// When the folder cannot be read.
pub fn paths(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    for entry in WalkDir::new(folder).follow_root_links(true).sort_by_file_name() {
        let entry = entry.map_err(io::Error::from)?;
        if !entry.file_type().is_dir() {
            let name = super::relative(folder, entry.path());
            paths.push(name.replace(std::path::MAIN_SEPARATOR, "/"));
        }
    }
    paths.sort();
    Ok(paths)
}

/// The bytes of one file of a published site, by its path with `/`.
///
/// # Errors
/// When it cannot be read. A link is no file of a site, wherever it leads.
pub fn read(folder: &Path, path: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    crate::state::open_source(&folder.join(path))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How many bytes a file of a published site has, if it is one.
#[must_use]
pub fn len(folder: &Path, path: &str) -> Option<u64> {
    let found = fs::symlink_metadata(folder.join(path)).ok()?;
    found.is_file().then_some(found.len())
}

/// Whether a folder holds a site that the program has published.
#[must_use]
pub fn is_site(folder: &Path) -> bool {
    folder.join(crate::output::MARKER).is_file()
}
