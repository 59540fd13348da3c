//! Telling the open pages what changed: server-sent events, one stream for all tabs of a browser.
//!
//! A listener that does not keep up is let go. It comes back by itself, and a page that comes back looks at
//! everything anew, so nothing has to be kept for anybody.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::answer::{self, Pieces};
use super::current::Saved;
use crate::output::OutputPath;

/// How often a stream that has nothing to say shows that it is still there.
pub(super) const BEAT: Duration = Duration::from_secs(15);
/// After this many milliseconds a browser looks whether the preview is back.
const RETRY_MS: u32 = 500;
/// At most this many changed files are named. Of more it is said that they are many, and every page looks for itself.
const NAMED: usize = 400;
/// A listener may be this many events after.
const BEHIND: usize = 64;
/// At most this many streams are answered at once. A browser has one for all its tabs, or one for each that is seen.
const STREAMS: usize = 100;

/// Who listens.
#[derive(Debug, Default)]
pub(super) struct Listeners {
    told: Mutex<Told>,
}

#[derive(Debug, Default)]
struct Told {
    streams: Vec<mpsc::Sender<std::io::Result<Bytes>>>,
    /// How many updates were told. A page that hears another number than the one after its last has missed some.
    number: u64,
}

/// What an update changed.
#[derive(Debug)]
pub(super) struct Changes {
    /// Files that are new, different or gone.
    pub(super) files: Vec<OutputPath>,
    pub(super) moved: Vec<(String, Option<String>)>,
    pub(super) saved: Option<Saved>,
    /// Whether other problems stand than before.
    pub(super) has_news: bool,
}

impl Listeners {
    /// The answer to one who wants to listen. `hello` is what it hears first.
    pub(super) fn answer(&self, mut hello: Value) -> Response<Body> {
        let (sender, receiver) = mpsc::channel(BEHIND);
        {
            let mut told = self.told();
            told.streams.retain(|stream| !stream.is_closed());
            if told.streams.len() >= STREAMS {
                return answer::words(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Too many pages of this preview are open.",
                );
            }
            hello["number"] = told.number.into();
            let hello = format!("retry: {RETRY_MS}\n{}", event("hello", &hello));
            // There is room for the first word.
            let _ = sender.try_send(Ok(hello.into()));
            told.streams.push(sender);
        }
        let mut response = Response::new(Body::from_stream(Pieces(receiver)));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        // Whatever stands between must not keep events back to make them smaller.
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
        response
    }

    /// Tells everybody what changed, if anything did.
    pub(super) fn tell(&self, changes: &Changes) {
        let Changes { files, moved, saved, has_news } = changes;
        if files.is_empty() && moved.is_empty() && saved.is_none() && !has_news {
            return;
        }
        let named: Option<Vec<&str>> =
            (files.len() <= NAMED).then(|| files.iter().map(OutputPath::as_str).collect());
        let mut told = self.told();
        told.number += 1;
        let news = event(
            "update",
            &json!({
                "number": told.number,
                "files": named,
                "moved": moved,
                "saved": saved.as_ref().map(|Saved { address, fragment, words }| {
                    json!({ "address": address, "fragment": fragment, "words": words })
                }),
                "problems": has_news,
            }),
        );
        told.send(&news);
    }

    /// Shows that we are still there, and finds out who is not.
    pub(super) fn beat(&self) {
        self.told().send(": still here\n\n");
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Told {
    fn send(&mut self, text: &str) {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        self.streams.retain(|stream| stream.try_send(Ok(bytes.clone())).is_ok());
    }
}

/// An event as it goes over the wire. JSON in one line holds no line end.
fn event(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}
