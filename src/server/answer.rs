//! From the head of a request to the answer. Nothing here waits: a source file is read by a thread of
//! its own while its pieces go out.
//!
//! Two kinds of strangers must stay out. A page that is open in the writer's browser may make it call
//! this server: by a name that was made to point here (the `Host` says so), or from its own origin
//! (`Sec-Fetch-Site` and `Origin` say so). And somebody on the network, where the preview is opened to
//! it, may ask for anything: there is nothing but the map of outputs to be had.
//!
//! Long because an answer is decided in one order, from the request to its headers.

use std::io::{Read, Seek, SeekFrom};
use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
    ETAG, HOST, HeaderName, HeaderValue, IF_NONE_MATCH, IF_RANGE, LOCATION, ORIGIN, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{Method, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::current::Current;
use super::media::{is_download, media_type};
use super::{inject, live};
use crate::output::{self, Content};

/// Everything but what may stand in a path as it is.
pub(super) const IN_PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');
/// The size of the pieces in which a file goes out, in bytes.
const PIECE_BYTES: usize = 64 * 1024;
/// A larger page of the static folder goes out as it is, without the script of the preview.
const PAGE_BYTES: u64 = 16 * 1024 * 1024;

/// What is answered to whom.
#[derive(Debug)]
pub(super) struct Rules {
    /// The path that the site is below, decoded; begins and ends with `/`.
    base: String,
    /// Names that are answered to, in lower case, without port.
    names: Vec<String>,
    /// Whether the preview is open to the network. Then any bare address is answered to: a name is
    /// what an attacker can point here, an address is not.
    is_open: bool,
}

impl Rules {
    pub(super) fn new(base_path: &str, allowed_hosts: &[String], is_open: bool) -> Rules {
        let decoded = percent_decode_str(base_path).decode_utf8_lossy();
        let parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        let base = if parts.is_empty() { "/".to_owned() } else { format!("/{}/", parts.join("/")) };
        let names = allowed_hosts.iter().filter_map(|host| given_name(host)).collect();
        Rules { base, names, is_open }
    }

    /// The base path as it stands in an address.
    pub(super) fn encoded_base(&self) -> String {
        encoded(&self.base)
    }

    fn answers_to(&self, host: &str) -> bool {
        self.knows(host) || self.is_open && name_of(host).is_some_and(|name| address_of(&name).is_some())
    }

    /// Whether a host is this machine, or one that the writer named. All of 127.0.0.0/8 is this machine.
    fn knows(&self, host: &str) -> bool {
        let Some(name) = name_of(host) else { return false };
        name == "localhost"
            || self.names.contains(&name)
            || address_of(&name).is_some_and(|ip| ip.is_loopback())
    }
}

/// What requests are answered with, beside the site itself.
#[derive(Debug)]
pub(super) struct Serving {
    pub(super) rules: Rules,
    /// Whether pages follow the writer unless they are told not to.
    pub(super) follow: bool,
    /// Another one for every process, so that a page knows when the preview was started again.
    pub(super) build: String,
}

/// The answer to a request.
pub(super) fn answer(serving: &Serving, current: &Current, request: &Parts) -> Response<Body> {
    let is_head = request.method == Method::HEAD;
    let mut response = decide(serving, current, request);
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

fn decide(serving: &Serving, current: &Current, request: &Parts) -> Response<Body> {
    let rules = &serving.rules;
    if let Some(refusal) = refused(rules, request) {
        return refusal;
    }
    if request.method != Method::GET && request.method != Method::HEAD {
        let mut response = words(StatusCode::METHOD_NOT_ALLOWED, "This preview is read-only.");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let Ok(path) = percent_decode_str(request.uri.path()).decode_utf8() else {
        return words(StatusCode::BAD_REQUEST, "This address is not UTF-8.");
    };
    let query = request.uri.query();
    let base = rules.encoded_base();
    let Some(path_in_site) = path.strip_prefix(&*rules.base) else {
        // `/` and `/docs` lead to `/docs/`.
        return if path == "/" || path == rules.base.trim_end_matches('/') {
            moved(StatusCode::FOUND, &rules.base, query)
        } else {
            found(not_found(current), &base, request)
        };
    };
    // Nothing of the site can take these addresses.
    if path_in_site == live::FOLDER {
        return moved(StatusCode::MOVED_PERMANENTLY, &format!("{}{}/", rules.base, live::FOLDER), query);
    }
    if let Some(name) = path_in_site.strip_prefix(live::FOLDER).and_then(|rest| rest.strip_prefix('/')) {
        return live::answer(serving, current, name, request);
    }
    match find(current, path_in_site) {
        Route::Here(file) => found(Some(file), &base, request),
        Route::At(address) => {
            moved(StatusCode::MOVED_PERMANENTLY, &format!("{}{address}", rules.base), query)
        }
        Route::Nowhere => {
            let composed: String = path_in_site.nfc().collect();
            let address = format!("/{composed}");
            if let Some(held) = live::held(serving, current, &address, request) {
                return held;
            }
            match current.state().moved_to(&address) {
                // It may come back, so no browser must remember this.
                Some(to) => {
                    let to = to.trim_start_matches('/');
                    moved(StatusCode::FOUND, &format!("{}{to}", rules.base), query)
                }
                None => found(not_found(current), &base, request),
            }
        }
    }
}

/// A file that was found, taken out of the site so that nobody waits until it is sent.
struct FileResponse {
    status: StatusCode,
    path: String,
    content: Content,
}

/// Where the answer to an address is.
enum Route {
    Here(FileResponse),
    /// At the same address with a slash.
    At(String),
    Nowhere,
}

/// Looks for a path below the base.
fn find(current: &Current, path: &str) -> Route {
    let state = current.state();
    // Some systems type letters with their accents apart; addresses have them in one.
    let composed: String = path.nfc().collect();
    for path in [path, &composed] {
        let found = |path: String| {
            let content = state.files.get(&*path)?.clone();
            Some(Route::Here(FileResponse { status: StatusCode::OK, path, content }))
        };
        let place = if path.is_empty() || path.ends_with('/') {
            found(format!("{path}index.html"))
        } else {
            let is_page = || state.files.contains_key(&*format!("{path}/index.html"));
            found(path.to_owned()).or_else(|| is_page().then(|| Route::At(format!("{path}/"))))
        };
        if let Some(place) = place {
            return place;
        }
    }
    Route::Nowhere
}

fn not_found(current: &Current) -> Option<FileResponse> {
    let path = "404.html".to_owned();
    let content = current.state().files.get(&*path)?.clone();
    Some(FileResponse { status: StatusCode::NOT_FOUND, path, content })
}

/// The answer with a file, if there is one. Pages get the script of the preview.
fn found(found: Option<FileResponse>, base: &str, request: &Parts) -> Response<Body> {
    let Some(FileResponse { status, path, content }) = found else {
        return words(StatusCode::NOT_FOUND, "This page does not exist.");
    };
    if media_type(&path).starts_with("text/html")
        && let Some(page) = whole(&content)
    {
        return page_answer(status, &page, base, request);
    }
    file(status, &path, &content, None, request)
}

/// The answer with a page, which gets the script of the preview.
pub(super) fn page_answer(status: StatusCode, page: &[u8], base: &str, request: &Parts) -> Response<Body> {
    let state = format!("{}-{}", &blake3::hash(page).to_hex()[..32], live::version());
    let content = Content::from(inject::with_script(page, base, &state, status == StatusCode::NOT_FOUND));
    file(status, "index.html", &content, Some(&state), request)
}

/// The bytes of a page. One that lies in the sources is read whole, unless it is as large as no page is.
fn whole(content: &Content) -> Option<Arc<[u8]>> {
    match content {
        Content::Bytes(bytes) => Some(Arc::clone(bytes)),
        Content::Source { path, .. } => {
            let (file, len) = open(path)?;
            let mut bytes = Vec::new();
            let limit = PAGE_BYTES;
            (len <= limit && file.take(limit).read_to_end(&mut bytes).is_ok()).then(|| bytes.into())
        }
        // Only pictures, films and sound are put together.
        Content::Pieces { .. } => None,
    }
}

/// Keeps strangers out.
fn refused(rules: &Rules, request: &Parts) -> Option<Response<Body>> {
    let mut hosts = request.headers.get_all(HOST).iter();
    let host = match (hosts.next().map(HeaderValue::to_str), hosts.next()) {
        (Some(Ok(host)), None) => host,
        _ => return Some(words(StatusCode::BAD_REQUEST, "A request must name exactly one host.")),
    };
    let other = request.uri.authority().map(axum::http::uri::Authority::as_str);
    if let Some(stranger) = [Some(host), other].into_iter().flatten().find(|host| !rules.answers_to(host)) {
        let Some(name) = name_of(stranger) else {
            let shown: String = stranger.chars().filter(|it| !it.is_control()).take(120).collect();
            return Some(words(
                StatusCode::BAD_REQUEST,
                &format!("`{shown}` is not a host name. Open the address that `longhouse serve` printed."),
            ));
        };
        return Some(words(
            StatusCode::FORBIDDEN,
            &format!(
                "This preview does not respond to the name `{name}`, so that no other site can read it through your \
                 browser.\nIf you use that name yourself, start the preview with `--allow-host {name}`."
            ),
        ));
    }
    let header = |name: &'static str| request.headers.get(name).and_then(|value| value.to_str().ok());
    // Following a link to the preview is fine from everywhere.
    let is_navigation = header("sec-fetch-mode") == Some("navigate");
    let is_foreign = header("sec-fetch-site") == Some("cross-site")
        || request.headers.get(ORIGIN).is_some_and(|origin| {
            let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
            !origin.is_some_and(|(_, origin)| origin == host || rules.knows(origin))
        });
    (is_foreign && !is_navigation)
        .then(|| words(StatusCode::FORBIDDEN, "Other sites may not load files from this preview."))
}

/// A file, whole, in part, or only the news that it is still the same. Without a name for its state, the hash of
/// its bytes is that.
pub(super) fn file(
    status: StatusCode,
    path: &str,
    content: &Content,
    state: Option<&str>,
    request: &Parts,
) -> Response<Body> {
    let media = media_type(path);
    let Some(Opened { body, len, is_known }) = opened(content) else {
        return words(StatusCode::NOT_FOUND, "This file has been removed since the site was built.");
    };
    let tag = is_known.then(|| match state {
        Some(state) => format!("\"{state}\""),
        None => format!("\"{}\"", &content.hash().to_hex()[..32]),
    });
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    if is_download(path) {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    if !media.starts_with("text/html") {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if let Some(tag) = tag.as_deref().and_then(|tag| HeaderValue::from_str(tag).ok()) {
        headers.insert(ETAG, tag);
    }
    if status == StatusCode::OK && is_same(request, tag.as_deref()) {
        headers.remove(CONTENT_TYPE);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let mut part = 0..len;
    *response.status_mut() = status;
    if status == StatusCode::OK {
        response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        match wanted_part(request, tag.as_deref(), len) {
            Part::Whole => {}
            Part::Range(range) => {
                part = range;
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                let said = format!("bytes {}-{}/{len}", part.start, part.end - 1);
                set(&mut response, CONTENT_RANGE, &said);
            }
            Part::Outside => {
                let mut response =
                    words(StatusCode::RANGE_NOT_SATISFIABLE, "The file is shorter than the requested range.");
                set(&mut response, CONTENT_RANGE, &format!("bytes */{len}"));
                return response;
            }
        }
    }
    set(&mut response, CONTENT_LENGTH, &(part.end - part.start).to_string());
    if request.method != Method::HEAD {
        *response.body_mut() = match body {
            Readable::Bytes(bytes) => slice(&bytes, part),
            Readable::File(mut file) => match file.seek(SeekFrom::Start(part.start)) {
                Ok(_) => stream(file, part.end - part.start),
                Err(_) => Body::empty(),
            },
            Readable::Pieces(mut pieces) => {
                pieces.skip(part.start);
                stream(pieces, part.end - part.start)
            }
        };
    }
    response
}

/// What is read to answer, its length, and whether it is what the site was made of.
struct Opened {
    body: Readable,
    len: u64,
    is_known: bool,
}

enum Readable {
    Bytes(Arc<[u8]>),
    File(std::fs::File),
    Pieces(output::PieceReader<std::fs::File>),
}

/// Opens what stands at a path; nothing if its source has gone.
fn opened(content: &Content) -> Option<Opened> {
    match content {
        Content::Bytes(bytes) => {
            let len = bytes.len() as u64;
            Some(Opened { body: Readable::Bytes(Arc::clone(bytes)), len, is_known: true })
        }
        Content::Source { path, len, .. } => {
            // It may have been saved again since the site was made. It is the same file of the same type.
            let (file, now) = open(path)?;
            Some(Opened { body: Readable::File(file), len: now, is_known: now == *len })
        }
        Content::Pieces { path, pieces, source_len, len, .. } => {
            // Where the pieces of a file that was saved again begin is not known until it is looked at.
            let (file, _) = open(path).filter(|(_, now)| now == source_len)?;
            let pieces = output::PieceReader::new(file, Arc::clone(pieces));
            Some(Opened { body: Readable::Pieces(pieces), len: *len, is_known: true })
        }
    }
}

/// Opens a source file, if it is one still, with its length.
fn open(path: &Path) -> Option<(std::fs::File, u64)> {
    let file = output::open_source(path).ok()?;
    let there = file.metadata().ok()?;
    there.is_file().then_some((file, there.len()))
}

fn is_same(request: &Parts, tag: Option<&str>) -> bool {
    let Some(tag) = tag else { return false };
    request.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|tags| {
        tags.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
    })
}

enum Part {
    Whole,
    Range(Range<u64>),
    Outside,
}

/// The one part that is asked for, which is how browsers seek in films. Several at once are answered
/// with the whole.
fn wanted_part(request: &Parts, tag: Option<&str>, len: u64) -> Part {
    let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
    let Some(range) = header(RANGE).and_then(|range| range.strip_prefix("bytes=")) else {
        return Part::Whole;
    };
    if header(IF_RANGE).is_some_and(|known| Some(known) != tag) {
        return Part::Whole;
    }
    let Some((from, to)) = range.trim().split_once('-') else { return Part::Whole };
    let range = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(len),
        (Ok(from), Err(_)) if to.is_empty() => from..len,
        (Err(_), Ok(last)) if from.is_empty() => len.saturating_sub(last)..len,
        _ => return Part::Whole,
    };
    if range.start < range.end { Part::Range(range) } else { Part::Outside }
}

fn slice(bytes: &Arc<[u8]>, part: Range<u64>) -> Body {
    let whole = Bytes::from_owner(Arc::clone(bytes));
    let at = |place: u64| usize::try_from(place).map_or(whole.len(), |place| place.min(whole.len()));
    Body::from(whole.slice(at(part.start)..at(part.end)))
}

/// A body that comes from a thread.
pub(super) struct Pieces(pub(super) tokio::sync::mpsc::Receiver<std::io::Result<Bytes>>);

impl futures_core::Stream for Pieces {
    type Item = std::io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

/// The next bytes of a reader, read on a thread that may wait for the disk.
fn stream(file: impl Read + Send + 'static, len: u64) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut file = file.take(len);
        loop {
            let mut piece = vec![0; PIECE_BYTES];
            let sent = match file.read(&mut piece) {
                Ok(0) => return,
                Ok(read) => {
                    piece.truncate(read);
                    sender.blocking_send(Ok(piece.into()))
                }
                Err(error) => sender.blocking_send(Err(error)),
            };
            // Nobody listens any more.
            if sent.is_err() {
                return;
            }
        }
    });
    Body::from_stream(Pieces(receiver))
}

fn moved(status: StatusCode, path: &str, query: Option<&str>) -> Response<Body> {
    let mut response = words(status, "This page is at another address.");
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    set(&mut response, LOCATION, &format!("{}{query}", encoded(path)));
    response
}

/// An answer in plain words.
pub(super) fn words(status: StatusCode, words: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(format!("{words}\n")));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    set(&mut response, CONTENT_LENGTH, &(words.len() + 1).to_string());
    response
}

fn set(response: &mut Response<Body>, name: HeaderName, value: &str) {
    // What is set here is made of digits and encoded paths; anything else is left out.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// Whether a request comes from a page of the preview itself, or from nobody's page, such as an address that
/// somebody typed. What the preview says of the disk is for nobody else, not even for another server of this
/// machine, whose pages `Sec-Fetch-Site` calls `same-site`.
pub(super) fn is_own(request: &Parts) -> bool {
    let header = |name: &str| request.headers.get(name).and_then(|value| value.to_str().ok());
    let is_same_site = header("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    let host = header("host").unwrap_or_default();
    let is_same_origin = match request.headers.get(ORIGIN).map(HeaderValue::to_str) {
        None => true,
        Some(Ok(origin)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        Some(Err(_)) => false,
    };
    is_same_site && is_same_origin
}

/// The name in a `Host`, without its port and without the full stop that may end it, in lower case. Nothing for what
/// is no host, such as `[::1].evil.example`: anyone who reads it in part would take it for another one.
fn name_of(host: &str) -> Option<String> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']')?;
            (format!("[{}]", address.parse::<Ipv6Addr>().ok()?), port)
        }
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            let name = name.strip_suffix('.').unwrap_or(name);
            let is_label = |label: &str| {
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
                !label.is_empty() && label.bytes().all(is_plain)
            };
            let is_name = name.split('.').all(is_label);
            (is_name.then(|| name.to_ascii_lowercase())?, port)
        }
    };
    let is_port = |port: &str| {
        let digits = port.strip_prefix(':').unwrap_or_default();
        digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok()
    };
    (port.is_empty() || is_port(port)).then_some(name)
}

/// The name of a host that the writer gave, who may leave out the brackets of an address.
fn given_name(host: &str) -> Option<String> {
    let host = host.trim();
    let bare = host.parse::<Ipv6Addr>().ok().map(|address| format!("[{address}]"));
    bare.or_else(|| name_of(host))
}

fn address_of(name: &str) -> Option<IpAddr> {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    bare.parse().ok()
}
