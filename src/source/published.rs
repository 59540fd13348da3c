//! The files of a published site, as anyone who looks at the folder finds them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
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
