//! A single file outside of any site.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

/// Writes a file in one step, in place of one that begins alike: `mark` are bytes near its beginning by which a file of
/// ours is known. A file that somebody else wrote is never replaced, and no link is followed.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where there is such a file, or what the disk says.
pub fn write_file(path: &Path, bytes: &[u8], mark: &[u8]) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_file() && is_marked(path, mark) => {}
        Ok(_) => {
            let why = format!("{} is not a file that Longhouse has written", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, why));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".longhouse-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Made for one user alone, as temporary files are; this one is there to be handed on.
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// How many bytes at the beginning of a file are looked through.
const BEGINNING: u64 = 256;

fn is_marked(path: &Path, mark: &[u8]) -> bool {
    let mut begins = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut begins));
    read.is_ok() && begins.windows(mark.len()).any(|it| it == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_ours_is_replaced_and_nobody_elses() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("new/preview.html");
        for text in ["<!-- ours --> one", "<!-- ours --> two"] {
            write_file(&file, text.as_bytes(), b"<!-- ours -->").expect("it is written");
            assert_eq!(fs::read_to_string(&file).expect("a text"), text);
        }
        let other = folder.path().join("letter.html");
        fs::write(&other, "Dear Ana").expect("a file");
        let refused = write_file(&other, b"<!-- ours -->", b"<!-- ours -->").expect_err("it is refused");
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&other).expect("a text"), "Dear Ana");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.html");
            std::os::unix::fs::symlink(&file, &link).expect("a link");
            assert!(write_file(&link, b"x", b"<!-- ours -->").is_err());
        }
    }
}
