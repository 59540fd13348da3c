//! Which type a file is served as.

/// The media type of a file by the ending of its path, with the character set where it is text.
pub(super) fn media_type(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((_, ending)) = name.rsplit_once('.') else { return "application/octet-stream" };
    match ending.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" | "xsl" => "application/xml; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "md" => "text/markdown; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "ico" => "image/x-icon",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "wasm" => "application/wasm",
        "gz" => "application/gzip",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        _ => "application/octet-stream",
    }
}

/// Whether a file is saved and never shown: one beside content of a type that browsers do not know.
pub(super) fn is_download(path: &str) -> bool {
    path.trim_start_matches('/').starts_with("files/")
        && path
            .rsplit_once('.')
            .is_none_or(|(_, ending)| crate::file_type::published(&ending.to_ascii_lowercase()).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_do_not_know_is_saved() {
        for (path, is_saved) in [
            ("files/questions/night.log", true),
            ("/files/a.DOCX", true),
            ("files/a.pdf", false),
            ("files/a.PNG", false),
            ("questions/a/index.html", false),
            ("assets/search-engine.wasm.gz", false),
        ] {
            assert_eq!(is_download(path), is_saved, "{path}");
        }
    }

    #[test]
    fn text_says_its_character_set_and_the_unknown_is_bytes() {
        assert_eq!(media_type("questions/a/index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("assets/photo.JPG"), "image/jpeg");
        assert_eq!(media_type("search.wasm"), "application/wasm");
        // Never with an encoding: the search worker undoes the compression itself.
        assert_eq!(media_type("assets/search-engine.wasm.0123456789ab.gz"), "application/gzip");
        assert_eq!(media_type("assets/search/0123456789abcdef/hot.bin"), "application/octet-stream");
        assert_eq!(media_type("v1.2/CNAME"), "application/octet-stream");
        assert_eq!(media_type("index/0.seg"), "application/octet-stream");
    }
}
