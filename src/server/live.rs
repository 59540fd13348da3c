//! What the preview itself has to say, below `/_longhouse/`: its events, its scripts, the list of problems, and
//! where on the disk a page comes from.
//!
//! All of it is for the pages of the preview alone. Paths of the disk are told to this machine only: others in
//! the network get the names of the files within the site.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::LazyLock;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Response, StatusCode};
use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde_json::{Value, json};

use super::answer::{self, IN_PATH, Serving};
use super::current::{Current, Settings};
use super::page;
use crate::output::Content;

/// The folder of the preview, below the base path.
pub(super) const FOLDER: &str = "_longhouse";
/// At most this many blocks of one page are told.
const BLOCKS: usize = 5000;
/// What the preview's own pages may load: nothing but its scripts and its style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The scripts and the style of the preview, by their names.
const FILES: &[(&str, &str)] = &[
    ("live.js", include_str!("live/live.js")),
    ("blocks.js", include_str!("live/blocks.js")),
    ("events.js", include_str!("live/events.js")),
    ("follow.js", include_str!("live/follow.js")),
    ("files.js", include_str!("live/files.js")),
    ("morph.js", include_str!("live/morph.js")),
    ("panel.js", include_str!("live/panel.js")),
    ("panel-style.js", include_str!("live/panel-style.js")),
    ("place.js", include_str!("live/place.js")),
    ("source.js", include_str!("live/source.js")),
    ("idiomorph.js", include_str!("live/idiomorph.js")),
    ("page.css", include_str!("live/page.css")),
];

/// Tells one version of the scripts from another.
pub(super) fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut hasher = blake3::Hasher::new();
        for (name, text) in FILES {
            hasher.update(name.as_bytes()).update(text.as_bytes());
        }
        hasher.finalize().to_hex()[..8].to_owned()
    });
    &VERSION
}

/// A name for this process. It has to be another one each time, not a secret.
pub(super) fn build() -> String {
    format!("{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// The answer to a request for something of the preview's own.
pub(super) fn answer(serving: &Serving, current: &Current, name: &str, request: &Parts) -> Response<Body> {
    let is_page = name.is_empty();
    // Following a link to the list of problems is fine from everywhere: it can be seen, and not read.
    let is_link = is_page && request.headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate");
    if !answer::is_own(request) && !is_link {
        return answer::words(StatusCode::FORBIDDEN, "Only pages of the preview may request this.");
    }
    let base = serving.rules.encoded_base();
    match name {
        "" => {
            let state = current.state();
            let html = page::problems(&state, &base, &|file, line, column| {
                edit(&state.settings, request, file, line, column)
            });
            drop(state);
            own_page(StatusCode::OK, &html, &base, request)
        }
        "events" => current.listeners().answer(json!({
            "build": serving.build,
            "version": version(),
            "follow": serving.follow,
        })),
        "problems" => {
            let state = current.state();
            json_answer(&state.problems.json(&wanted(request), |problem| {
                edit(&state.settings, request, &problem.file, problem.line, problem.column)
            }))
        }
        "origins" => json_answer(&origins(current, request)),
        _ => match FILES.iter().find(|(file, _)| *file == name) {
            Some((file, text)) => {
                answer::file(StatusCode::OK, file, &Content::from((*text).to_owned()), None, request)
            }
            None => answer::words(StatusCode::NOT_FOUND, "The preview has no file of this name."),
        },
    }
}

/// The answer to an address at which there would be a page if nothing were wrong with it.
pub(super) fn held(
    serving: &Serving,
    current: &Current,
    address: &str,
    request: &Parts,
) -> Option<Response<Body>> {
    let base = serving.rules.encoded_base();
    let state = current.state();
    let html = page::held(&state, address, &base, &|file, line, column| {
        edit(&state.settings, request, file, line, column)
    })?;
    drop(state);
    Some(own_page(StatusCode::NOT_FOUND, &html, &base, request))
}

fn own_page(status: StatusCode, html: &str, base: &str, request: &Parts) -> Response<Body> {
    let mut response = answer::page_answer(status, html.as_bytes(), base, request);
    let policy = HeaderName::from_static("content-security-policy");
    response.headers_mut().insert(policy, HeaderValue::from_static(POLICY));
    response
}

/// The blocks of a page, and where they open in the writer's editor.
fn origins(current: &Current, request: &Parts) -> Value {
    let address = wanted(request);
    let (origins, settings) = {
        let state = current.state();
        (state.origins.clone(), state.settings.clone())
    };
    // Asked without the lock: the answer may take its time.
    let blocks = origins.map(|origins| origins.of(&address)).unwrap_or_default();
    let blocks: Vec<Value> = blocks
        .iter()
        .take(BLOCKS)
        .map(|block| {
            json!({
                "file": block.file,
                "path": path(&settings, request, &block.file),
                "line": block.line,
                "text": block.text,
                "edit": edit(&settings, request, &block.file, block.line, 1),
            })
        })
        .collect();
    json!({ "editor": settings.editor.is_some(), "blocks": blocks })
}

/// The page that is asked about, as in `?page=/questions/refund/`.
fn wanted(request: &Parts) -> String {
    let query = request.uri.query().unwrap_or_default();
    let page = query.split('&').find_map(|part| part.strip_prefix("page=")).unwrap_or_default();
    percent_decode_str(page).decode_utf8_lossy().into_owned()
}

/// Whether a request comes from this machine.
fn is_here(request: &Parts) -> bool {
    request.extensions.get::<SocketAddr>().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
}

/// Where a file is on the disk, for this machine; for others, where it is in the site.
fn path(settings: &Settings, request: &Parts, file: &str) -> String {
    if is_here(request) { settings.root.join(Path::new(file)).display().to_string() } else { file.to_owned() }
}

/// The address that opens a place in the writer's editor, which is on this machine.
fn edit(settings: &Settings, request: &Parts, file: &str, line: u32, column: u32) -> Option<String> {
    let pattern = settings.editor.as_deref()?;
    is_here(request).then(|| filled(pattern, &settings.root.join(Path::new(file)), line, column))
}

/// A pattern with its places filled.
fn filled(pattern: &str, path: &Path, line: u32, column: u32) -> String {
    let path = path.display().to_string().replace('\\', "/");
    let mut address = String::new();
    let mut parts = pattern.split("{path}").peekable();
    while let Some(part) = parts.next() {
        address.push_str(&part.replace("{line}", &line.to_string()).replace("{column}", &column.to_string()));
        if parts.peek().is_none() {
            break;
        }
        // `file://` is followed by a path that begins with a slash, `file/` by one that does not.
        let bare = path.trim_start_matches('/');
        let lead = if address.ends_with("//") { "/" } else { "" };
        let is_in_path = address.ends_with('/');
        address.push_str(&if is_in_path { format!("{lead}{}", encoded(bare)) } else { encoded(&path) });
    }
    address
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

fn json_answer(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_files_are_on_the_disk_is_for_this_machine_alone() {
        let settings =
            Settings { editor: Some("zed://file/{path}:{line}".to_owned()), root: "/home/ana".into() };
        let from = |peer: &str| {
            let mut request = axum::http::Request::new(()).into_parts().0;
            request.extensions.insert(peer.parse::<SocketAddr>().expect("an address"));
            (path(&settings, &request, "a.md"), edit(&settings, &request, "a.md", 1, 1))
        };
        let here = ("/home/ana/a.md".to_owned(), Some("zed://file/home/ana/a.md:1".to_owned()));
        for peer in ["127.0.0.1:9", "127.8.8.8:9", "[::1]:9", "[::ffff:127.0.0.1]:9"] {
            assert_eq!(from(peer), here, "{peer}");
        }
        for peer in ["192.168.1.5:9", "[fe80::1]:9", "[::ffff:192.168.1.5]:9"] {
            assert_eq!(from(peer), ("a.md".to_owned(), None), "{peer}");
        }
    }

    #[test]
    fn the_path_stands_in_the_address_as_each_editor_wants_it() {
        let unix = Path::new("/home/ana/my site/a&b#c.md");
        for (pattern, address) in [
            ("vscode://file/{path}:{line}:{column}", "vscode://file/home/ana/my%20site/a%26b%23c.md:7:3"),
            (
                "idea://open?file={path}&line={line}",
                "idea://open?file=/home/ana/my%20site/a%26b%23c.md&line=7",
            ),
            ("txmt://open?url=file://{path}", "txmt://open?url=file:///home/ana/my%20site/a%26b%23c.md"),
        ] {
            assert_eq!(filled(pattern, unix, 7, 3), address);
        }
        // A file whose name looks like a place is a file.
        assert_eq!(
            filled("zed://file/{path}:{line}", Path::new("/{line}.md"), 7, 3),
            "zed://file/%7Bline%7D.md:7"
        );
        let windows = Path::new("C:\\site\\a.md");
        assert_eq!(filled("vscode://file/{path}:{line}", windows, 7, 3), "vscode://file/C%3A/site/a.md:7");
        assert_eq!(
            filled("x://open?url=file://{path}", windows, 7, 3),
            "x://open?url=file:///C%3A/site/a.md"
        );
    }
}
