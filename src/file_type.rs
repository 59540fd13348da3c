//! Which files beside content may be published, by the ending of their names, and what their first bytes must be.
//! One table: those that are always published, those that a company may add, and those that nobody can add, because a
//! browser or a computer would run them.

/// A test of the first bytes.
pub type Test = fn(&[u8]) -> bool;

/// So many bytes tell what a file is.
pub const HEAD: u64 = 4096;

/// Endings of files that a browser runs or draws as a page of the site, or that a host takes for its own settings.
const ACTIVE: &[&str] = &[
    "appcache",
    "ascx",
    "ashx",
    "asp",
    "aspx",
    "atom",
    "cfm",
    "cgi",
    "cjs",
    "config",
    "css",
    "eml",
    "hta",
    "htaccess",
    "htc",
    "htm",
    "html",
    "htpasswd",
    "jnlp",
    "js",
    "jsp",
    "jspx",
    "manifest",
    "mathml",
    "mht",
    "mhtml",
    "mjs",
    "mml",
    "phar",
    "php",
    "php3",
    "php4",
    "php5",
    "php7",
    "php8",
    "phps",
    "pht",
    "phtml",
    "rdf",
    "rss",
    "shtm",
    "shtml",
    "stm",
    "svgz",
    "swf",
    "vbs",
    "wasm",
    "webmanifest",
    "xbl",
    "xht",
    "xhtm",
    "xhtml",
    "xml",
    "xsd",
    "xsl",
    "xslt",
    "xul",
];

/// Endings of programs that start when somebody opens them.
const PROGRAMS: &[&str] = &[
    "bat", "chm", "cmd", "com", "cpl", "dll", "exe", "gadget", "inf", "ins", "iso", "jar", "jse", "lnk",
    "msc", "msi", "msp", "mst", "pif", "ps1xml", "reg", "scf", "scr", "sct", "url", "vbe", "vhd", "vhdx",
    "ws", "wsc", "wsf", "wsh",
];

/// Endings of packed documents: zip files of a certain content.
const ZIPPED: &[&str] = &[
    "3mf", "apk", "docx", "dotx", "epub", "fcstd", "kmz", "odg", "odp", "ods", "odt", "potx", "pptx", "usdz",
    "vsdx", "whl", "xlsx", "xltx",
];

/// Endings of other files with bytes to know them by.
const SIGNED: &[(&str, &[u8])] = &[
    ("7z", b"7z\xBC\xAF\x27\x1C"),
    ("bz2", b"BZh"),
    ("doc", b"\xD0\xCF\x11\xE0"),
    ("gz", b"\x1F\x8B"),
    ("msg", b"\xD0\xCF\x11\xE0"),
    ("ogg", b"OggS"),
    ("opus", b"OggS"),
    ("flac", b"fLaC"),
    ("parquet", b"PAR1"),
    ("ppt", b"\xD0\xCF\x11\xE0"),
    ("rar", b"Rar!"),
    ("rtf", b"{\\rtf"),
    ("sqlite", b"SQLite format 3\0"),
    ("tgz", b"\x1F\x8B"),
    ("vsd", b"\xD0\xCF\x11\xE0"),
    ("wav", b"RIFF"),
    ("xls", b"\xD0\xCF\x11\xE0"),
    ("xz", b"\xFD7zXZ\0"),
    ("zst", b"\x28\xB5\x2F\xFD"),
];

/// The test for a type that is published on every site.
#[must_use]
pub fn published(extension: &str) -> Option<Test> {
    Some(match extension {
        "png" => |head| head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => |head| head.starts_with(b"\xFF\xD8\xFF"),
        "gif" => |head| head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a"),
        "webp" => |head| head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
        "avif" => |head| {
            head.get(4..8) == Some(b"ftyp") && head.get(8..32).is_some_and(|brands| contains(brands, b"avi"))
        },
        "mp4" => |head| head.get(4..8) == Some(b"ftyp"),
        "webm" => |head| head.starts_with(b"\x1A\x45\xDF\xA3"),
        "mp3" => {
            |head| head.starts_with(b"ID3") || (head.len() > 1 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0)
        }
        "pdf" => |head| head.starts_with(b"%PDF-"),
        "zip" => |head| head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06"),
        "svg" => |head| contains(head, b"<svg"),
        "csv" | "json" | "txt" => is_plain_text,
        _ => return None,
    })
}

/// The test for a type that a company allows.
#[must_use]
pub fn attachment(extension: &str, head: &[u8]) -> bool {
    if ZIPPED.contains(&extension) {
        return head.starts_with(b"PK\x03\x04");
    }
    if let Some((_, signature)) = SIGNED.iter().find(|(ending, _)| *ending == extension) {
        return head.starts_with(signature);
    }
    // A host that does not know the type lets the browser guess, and browsers guess by such beginnings.
    let is_program =
        head.starts_with(b"MZ") || head.starts_with(b"\x7FELF") || head.starts_with(b"\xCA\xFE\xBA\xBE");
    !is_program && !is_markup(head)
}

/// Why a type is published on no site, whatever its configuration says.
#[must_use]
pub fn refused(extension: &str) -> Option<&'static str> {
    if ACTIVE.contains(&extension) {
        Some("a browser or a host could run it as part of the site")
    } else if PROGRAMS.contains(&extension) {
        Some("it would run on the computer of the person who opens it")
    } else {
        None
    }
}

/// Whether the whole of a file is text, as far as its beginning shows.
#[must_use]
pub fn is_text(head: &[u8]) -> bool {
    !head.contains(&0)
}

/// Text that no browser could take for a page.
fn is_plain_text(head: &[u8]) -> bool {
    !head.contains(&0) && !is_markup(head)
}

/// Whether a browser that guesses could take it for a page or a drawing.
fn is_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    text.iter().find(|byte| !is_blank(byte)) == Some(&b'<')
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_published_and_refused() {
        for extension in ACTIVE.iter().chain(PROGRAMS) {
            assert!(published(extension).is_none(), "{extension}");
        }
        assert!(refused("log").is_none() && refused("html").is_some() && refused("exe").is_some());
    }

    #[test]
    fn an_attachment_must_not_be_taken_for_a_page() {
        assert!(attachment("log", b"12:00 started\n"));
        assert!(attachment("docx", b"PK\x03\x04rest"));
        assert!(!attachment("docx", b"no zip"));
        for page in
            [&b"<html>"[..], b"\xEF\xBB\xBF \n<script>", b"\0<!DOCTYPE html>", b"<?xml version='1.0'?>"]
        {
            assert!(!attachment("log", page));
        }
        assert!(!attachment("log", b"MZ\x90\0"));
    }
}
