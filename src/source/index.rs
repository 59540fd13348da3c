//! The published search index, read from the output folder as the terminal asks for it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use longhouse_search::Source;
use serde::Deserialize;

/// The manifest that names the folder of the index; the only file of it that a host may not keep.
pub const MANIFEST: &str = "search/index.json";

/// The folder of an index.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Manifest {
    folder: String,
}

impl Folder {
    /// Finds the index of a published site.
    ///
    /// # Errors
    /// When there is none, or its manifest cannot be read.
    pub fn open(output: &Path) -> io::Result<Folder> {
        let manifest: Manifest = serde_json::from_slice(&std::fs::read(output.join(MANIFEST))?)?;
        let safe = manifest.folder.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        if !safe || manifest.folder.contains('\\') {
            return Err(io::Error::other("the manifest of the index names no folder of the site"));
        }
        Ok(Folder { path: output.join(manifest.folder) })
    }
}

impl Source for Folder {
    fn size(&self, name: &str) -> Option<usize> {
        let metadata = std::fs::metadata(self.path.join(name)).ok()?;
        metadata.is_file().then(|| usize::try_from(metadata.len()).ok()).flatten()
    }

    fn read(&self, name: &str, range: Range<usize>) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.path.join(name))?;
        file.seek(SeekFrom::Start(range.start as u64))?;
        let mut bytes = vec![0; range.len()];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
