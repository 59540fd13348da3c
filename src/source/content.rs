//! The content folder: its files as they lie there, and why some are not read.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use super::asset::Asset;
use super::{
    Document, MAX_DOCUMENT, decode, extension, is_document, is_hidden, is_not_written_by_people,
    is_trusted_name, path_text, relative, unsafe_name,
};
use crate::config::Files;
use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::page::slug;

/// What lies in the content folder.
#[derive(Default)]
pub(super) struct Content {
    pub(super) documents: Vec<Document>,
    pub(super) assets: BTreeMap<Arc<str>, Asset>,
    /// What the disk refused to show.
    pub(super) unread: Vec<Arc<str>>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Walks the content folder once, its subfolders in parallel, and reads every text in it. Other files
/// are looked at when something refers to them.
pub(super) fn read_content(root: &Path, prefix: &str, output: Option<&Path>, files: &Arc<Files>) -> Content {
    let start = root.join(prefix.trim_end_matches('/'));
    let walk = |start: &Path, depth: usize| walk_content(root, prefix, output, start, depth);
    // The folders of the second level are many enough to keep every processor busy.
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut parts: Vec<Content> = vec![Content::default()];
    for entry in walk(&start, 2) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {
                if entry.depth() == 2 {
                    folders.push(entry.into_path());
                }
            }
            // The content folder itself, which configuration may have made a link.
            Ok(entry) if entry.depth() == 0 => {}
            entry => take(root, prefix, entry, files, &mut parts[0]),
        }
    }
    let below = folders.into_par_iter().map(|folder| {
        let mut part = Content::default();
        for entry in walk(&folder, usize::MAX) {
            if !entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir()) {
                take(root, prefix, entry, files, &mut part);
            }
        }
        part
    });
    parts.par_extend(below);
    let mut content = Content::default();
    for part in parts {
        content.documents.extend(part.documents);
        content.assets.extend(part.assets);
        content.unread.extend(part.unread);
        content.diagnostics.extend(part.diagnostics);
    }
    content.documents.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    content.unread.sort_unstable();
    content
}

/// Everything below a folder of the content that people wrote there.
pub(super) fn walk_content<'a>(
    root: &'a Path,
    prefix: &str,
    output: Option<&'a Path>,
    start: &Path,
    depth: usize,
) -> impl Iterator<Item = walkdir::Result<DirEntry>> + use<'a> {
    let whole_root = prefix.is_empty() && start == root;
    WalkDir::new(start).max_depth(depth).follow_links(false).into_iter().filter_entry(move |entry| {
        entry.depth() == 0
            || !(is_hidden(entry)
                || (whole_root && is_trusted_name(entry))
                || (entry.file_type().is_dir() && is_not_written_by_people(entry))
                || output.is_some_and(|output| output == entry.path()))
    })
}

/// Takes a file of the content folder for what it is.
pub(super) fn take(
    root: &Path,
    prefix: &str,
    entry: walkdir::Result<DirEntry>,
    files: &Arc<Files>,
    content: &mut Content,
) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            let path = error.path().map_or_else(|| prefix.to_string(), |path| relative(root, path));
            // What went while the folder was walked is not there.
            match error.into_io_error() {
                Some(error) if error.kind() == io::ErrorKind::NotFound => {}
                error => refuse(content, Arc::from(path), "folder", error.as_ref()),
            }
            return;
        }
    };
    let Some(path) = path_text(root, entry.path()) else {
        let path = Arc::from(relative(root, entry.path()));
        content.diagnostics.push(unsafe_path(&path, "is not written in UTF-8"));
        return;
    };
    if let Some(reason) = unsafe_name(&path[prefix.len()..]) {
        content.diagnostics.push(unsafe_path(&path, &reason));
    } else if entry.file_type().is_symlink() {
        content.diagnostics.push(symlink(&path));
    } else if entry.file_type().is_file() {
        // A plain text is an entry, or a file beside one if something refers to it.
        if !is_document(&path) || extension(&path).is_some_and(|it| it == "txt") {
            let asset = Asset::new(Arc::clone(&path), entry.path().to_path_buf(), Arc::clone(files));
            content.assets.insert(Arc::clone(&path), asset);
        }
        if is_document(&path) {
            match read_bytes(entry.path()) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => refuse(content, path, "file", Some(&error)),
                Ok(bytes) => match as_document(path, &bytes) {
                    Ok(document) => content.documents.push(document),
                    Err(diagnostic) => content.diagnostics.push(diagnostic),
                },
            }
        }
    }
}

/// Notes that the disk does not show a file or a folder.
pub(super) fn refuse(content: &mut Content, path: Arc<str>, what: &str, error: Option<&io::Error>) {
    let reason = error.map_or_else(|| "it forms a loop".to_string(), io::Error::to_string);
    content.diagnostics.push(unreadable(&path, what, &reason));
    content.unread.push(path);
}

pub(super) fn read_document(path: Arc<str>, file: &Path) -> Result<Document, Diagnostic> {
    match read_bytes(file) {
        Ok(bytes) => as_document(path, &bytes),
        Err(error) => Err(unreadable(&path, "file", &error.to_string())),
    }
}

/// The bytes of a content file, and one more than it may have if it has too many: its size is told by nobody else.
pub(super) fn read_bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open(file)?;
    let size = file.metadata().map_or(0, |metadata| metadata.len().min(MAX_DOCUMENT));
    bytes.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
    io::Read::read_to_end(&mut io::Read::take(file, MAX_DOCUMENT + 1), &mut bytes)?;
    Ok(bytes)
}

pub(super) fn as_document(path: Arc<str>, bytes: &[u8]) -> Result<Document, Diagnostic> {
    if bytes.len() as u64 > MAX_DOCUMENT {
        return Err(too_large(&path));
    }
    Ok(Document { text: decode(&path, bytes)?, path })
}

/// Opens a file. If this process or the system has no descriptor left, which passes, a file that was saved meanwhile must
/// not be lost for it: it is tried again for a while.
pub(super) fn open(file: &Path) -> io::Result<fs::File> {
    for pause in [10, 30, 100, 300, 1000] {
        match crate::state::open_source(file) {
            // EMFILE and ENFILE, in the numbers of every Unix that has them.
            Err(error) if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) => {
                std::thread::sleep(std::time::Duration::from_millis(pause));
            }
            opened => return opened,
        }
    }
    crate::state::open_source(file)
}

pub(super) fn not_utf8(path: &Arc<str>, bytes: &[u8], at: usize) -> Diagnostic {
    let before = String::from_utf8_lossy(&bytes[..at]);
    let utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    let message = if utf16 {
        "The file is UTF-16 text, not UTF-8."
    } else {
        "The file is not UTF-8 text from here on."
    };
    Diagnostic::new(Rule::Encoding, path, end_of(&before), message)
        .help("Save the file with UTF-8 encoding. Until then the page is left out.")
}

pub(super) fn nul(path: &Arc<str>, before: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::Encoding,
        path,
        end_of(before),
        "The file contains a NUL character, so it is not text.",
    )
    .help("Remove the character, or save the file again as UTF-8 text. Until then the page is left out.")
}

pub(super) fn end_of(text: &str) -> Span {
    let line = text.matches('\n').count() + 1;
    let column = text.rsplit('\n').next().unwrap_or(text).chars().count() + 1;
    Span::in_line(u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX), 1)
}

pub(super) fn too_large(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(Rule::TooLarge, path, Span::START, "The file is larger than 1 MB.")
        .help("Split it into several pages. Until then it is left out.")
}

pub(super) fn symlink(path: &Arc<str>) -> Diagnostic {
    Diagnostic::new(
        Rule::Symlink,
        path,
        Span::START,
        "This is a symbolic link, which could expose any file on the machine.",
    )
    .help("Put the file itself here instead of a link. The link is left out.")
}

pub(super) fn unsafe_path(path: &Arc<str>, reason: &str) -> Diagnostic {
    let problem = Diagnostic::new(Rule::UnsafePath, path, Span::START, format!("The file's name {reason}."));
    match safe_path(path).filter(|_| is_document(path)) {
        Some(safe) => problem.help(format!("Rename it to `{safe}`. Until then it is left out.")).fix(safe),
        None => {
            problem.help("Rename the file, using letters, digits and hyphens. Until then it is left out.")
        }
    }
}

/// The same path with names that every system can store in place of those that some cannot.
pub(super) fn safe_path(path: &str) -> Option<String> {
    let (folders, file) = path.rsplit_once('/')?;
    let (stem, extension) = file.rsplit_once('.')?;
    let safe = |name: &str| match unsafe_name(name) {
        Some(_) => slug::slug(name),
        None => name.to_string(),
    };
    let folders: Vec<String> = folders.split('/').map(safe).collect();
    let path = format!("{}/{}.{}", folders.join("/"), slug::slug(stem), extension.to_ascii_lowercase());
    unsafe_name(&path).is_none().then_some(path)
}

pub(super) fn unreadable(path: &Arc<str>, what: &str, reason: &str) -> Diagnostic {
    let message = format!("The {what} cannot be read: {reason}.");
    let help = if what == "folder" {
        "Check its permissions. Everything in it is left out of the site."
    } else {
        "Check its permissions. The page is left out of the site."
    };
    Diagnostic::new(Rule::Encoding, path, Span::START, message).help(help)
}
