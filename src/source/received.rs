//! What somebody sent, and the folder that was made of it: read with bounds, and without following a link.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use walkdir::WalkDir;

/// Why a folder is not read.
#[derive(Debug)]
pub enum FolderError {
    /// It is not what it should be, in plain words.
    Refused(String),
    /// The disk does not show it.
    Io(io::Error),
}

/// Everything that can be read, if there are no more than `limit` bytes; else nothing.
///
/// # Errors
/// When it cannot be read.
pub fn bounded(from: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// The same of a file.
///
/// # Errors
/// When it cannot be read.
pub fn file(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    bounded(File::open(path)?, limit)
}

/// The files of a folder by their paths in it, with `/`: plain files alone, at most `most` of them and `limit` bytes
/// together. Anything else in it, such as a link, is a reason to read nothing.
///
/// # Errors
/// When there is anything else or more, and when the disk refuses.
pub fn folder(root: &Path, most: usize, limit: u64) -> Result<BTreeMap<String, Vec<u8>>, FolderError> {
    let refuse = |why: String| Err(FolderError::Refused(why));
    let mut files = BTreeMap::new();
    let mut left = limit;
    // The folder itself is the one that was named; what is in it must not lead elsewhere.
    if !fs::metadata(root).map_err(FolderError::Io)?.is_dir() {
        return refuse("it is not a folder".to_owned());
    }
    for (seen, entry) in
        WalkDir::new(root).follow_links(false).min_depth(1).max_depth(12).into_iter().enumerate()
    {
        let entry = entry.map_err(|error| FolderError::Io(error.into()))?;
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let parts: Option<Vec<&str>> = path.iter().map(std::ffi::OsStr::to_str).collect();
        let Some(name) = parts.map(|parts| parts.join("/")) else {
            return refuse("it holds a file whose name is not text".to_owned());
        };
        if seen > 20 * most {
            return refuse("it holds too many folders".to_owned());
        }
        if entry.file_type().is_dir() {
            continue;
        }
        if !entry.file_type().is_file() {
            return refuse(format!("`{}` is a link, or no plain file", name.replace(char::is_control, " ")));
        }
        if files.len() >= most {
            return refuse(format!("it holds more than {most} files"));
        }
        let Some(bytes) = file(entry.path(), left).map_err(FolderError::Io)? else {
            return refuse(format!("its files have more than {} MB together", limit >> 20));
        };
        left -= bytes.len() as u64;
        files.insert(name, bytes);
    }
    Ok(files)
}
