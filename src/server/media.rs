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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_says_its_character_set_and_the_unknown_is_bytes() {
        assert_eq!(media_type("questions/a/index.html"), "text/html; charset=utf-8");
        assert_eq!(media_type("assets/photo.JPG"), "image/jpeg");
        assert_eq!(media_type("search.wasm"), "application/wasm");
        // Never with an encoding: the search worker undoes the compression itself.
        assert_eq!(media_type("assets/search-engine.wasm.0123456789ab.gz"), "application/gzip");
        assert_eq!(media_type("search/0123456789abcdef/hot.bin"), "application/octet-stream");
        assert_eq!(media_type("v1.2/CNAME"), "application/octet-stream");
        assert_eq!(media_type("index/0.seg"), "application/octet-stream");
    }
}
