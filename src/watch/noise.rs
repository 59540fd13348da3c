//! Files that editors and systems make for themselves.

use std::path::Path;

/// Whether a file name is one that no person writes: locks, swap files, backups, and the files that are
/// written first and renamed into place afterwards.
pub(super) fn is_noise(path: &Path) -> bool {
    let Some(name) = path.file_name() else { return true };
    // A name that is no text is the reader's to complain of.
    let Some(name) = name.to_str() else { return false };
    let starts = |start: &str| name.starts_with(start);
    let ends = |end: &str| name.ends_with(end);
    // Emacs, LibreOffice, gedit, Finder, Windows, rsync and its like, JetBrains, Kate.
    starts(".#")
        || (starts("#") && ends("#"))
        || starts(".~lock.")
        || starts(".goutputstream-")
        || starts("~$")
        || matches!(name, ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".git")
        || ends("~")
        || [".tmp", ".temp", ".part", ".partial", ".crdownload", "___jb_tmp___", "___jb_old___", ".kate-swp"]
            .into_iter()
            .any(ends)
        || is_swap(name)
        || is_probe(name)
        || is_sed(name)
}

/// Vim's swap files: `.a.md.swp`, then `.swo`, `.swn` and so on.
fn is_swap(name: &str) -> bool {
    name.starts_with('.')
        && name.rsplit_once('.').is_some_and(|(_, end)| {
            end.len() == 3 && end.starts_with("sw") && end.ends_with(|last: char| last.is_ascii_lowercase())
        })
}

/// Vim tries whether it may write to a folder with a file named `4913`, or that and some times 123.
fn is_probe(name: &str) -> bool {
    name.len() <= 5 && name.parse::<u32>().is_ok_and(|n| n >= 4913 && (n - 4913) % 123 == 0)
}

/// `sed -i` writes to `sed` and six letters or digits.
fn is_sed(name: &str) -> bool {
    name.strip_prefix("sed")
        .is_some_and(|end| end.len() == 6 && end.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_is_told_from_what_people_write() {
        for name in [
            ".#a.md",
            "#a.md#",
            "a.md~",
            ".a.md.swp",
            ".a.md.swx",
            "4913",
            "5036",
            ".DS_Store",
            "a.md.tmp",
            "sedAb12Cd",
            ".~lock.a.txt#",
            "a.md___jb_tmp___",
            ".goutputstream-X1Y2Z3",
        ] {
            assert!(is_noise(Path::new(name)), "{name}");
        }
        for name in ["a.md", "4914", "2024", "index.html", "swap.md", "a.sw.md", "sedation", "temp.md", "tmp"]
        {
            assert!(!is_noise(Path::new(name)), "{name}");
        }
    }
}
