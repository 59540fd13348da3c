//! Connections that end: this many at once, and none that nothing happens on.
//!
//! Anyone who opens connections and says nothing, says it slowly, or does not read what is answered, would keep them for
//! ever, and with them the descriptors that reading the site's files needs. Where all places are taken, the one that
//! has waited longest for a first question makes room for the next, so that nobody else has to wait.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// At most this many connections are held at most, and where descriptors are few, a quarter of them.
const CONNECTIONS: usize = 256;
/// A connection ends if nothing was answered on it for so long. A stream of events shows that it is there twice in it.
const SILENCE: Duration = Duration::from_secs(2 * super::events::BEAT.as_secs() + 5);
/// After a connection that could not be accepted the next one is tried so much later.
const PAUSE: Duration = Duration::from_millis(250);

/// How many connections are held, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// At most this many at once. For more the one ends that was silent longest.
    pub connections: usize,
    /// How long one is held on which nothing is answered.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: descriptors().map_or(CONNECTIONS, |all| (all / 4).clamp(8, CONNECTIONS)),
            silence: SILENCE,
        }
    }
}

/// How many files this process may have open.
fn descriptors() -> Option<usize> {
    #[cfg(unix)]
    {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current?;
        usize::try_from(limit).ok()
    }
    #[cfg(not(unix))]
    None
}

/// Accepts connections within their limits.
#[derive(Debug)]
pub(super) struct Connections {
    listener: TcpListener,
    free: Arc<Semaphore>,
    open: Vec<Weak<Activity>>,
    silence: Duration,
}

impl Connections {
    pub(super) fn new(listener: TcpListener, limits: Limits) -> Connections {
        let free = Arc::new(Semaphore::new(limits.connections));
        Connections { listener, free, open: Vec::new(), silence: limits.silence }
    }

    /// Ends the connection that nobody misses: before any on which something was answered the others, and of these the
    /// oldest.
    fn make_room(&mut self) {
        self.open.retain(|it| it.strong_count() > 0);
        let open = self.open.iter().filter_map(Weak::upgrade);
        let idle = open.filter(|it| it.answers.load(Ordering::Acquire) == 0 && !it.is_over());
        if let Some(longest) = idle.min_by_key(|it| (it.was_answered.load(Ordering::Acquire), *it.last())) {
            longest.end();
        }
    }
}

impl Listener for Connections {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let free = Arc::clone(&self.free);
                    if free.available_permits() == 0 {
                        self.make_room();
                    }
                    // The semaphore is never closed.
                    let Ok(permit) = free.acquire_owned().await else { continue };
                    let connection = Connection::new(stream, self.silence, permit);
                    self.open.retain(|it| it.strong_count() > 0);
                    self.open.push(Arc::downgrade(&connection.activity));
                    return (connection, peer);
                }
                Err(error) => {
                    let is_the_peers = matches!(
                        error.kind(),
                        io::ErrorKind::ConnectionRefused
                            | io::ErrorKind::ConnectionAborted
                            | io::ErrorKind::ConnectionReset
                    );
                    if !is_the_peers {
                        // No descriptor is free, here or in the whole system.
                        tokio::time::sleep(PAUSE).await;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Who asks, and what is known of their connection.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) address: SocketAddr,
    activity: Arc<Activity>,
}

impl Peer {
    /// While an answer is being made, its connection does not end.
    pub(super) fn is_answered(&self) -> Answering {
        self.activity.answers.fetch_add(1, Ordering::AcqRel);
        Answering(Arc::clone(&self.activity))
    }
}

impl Connected<IncomingStream<'_, Connections>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Peer {
        Peer { address: *stream.remote_addr(), activity: Arc::clone(&stream.io().activity) }
    }
}

/// An answer is being made.
pub(super) struct Answering(Arc<Activity>);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.touch();
        self.0.answers.fetch_sub(1, Ordering::AcqRel);
    }
}

/// When something was last answered.
#[derive(Debug)]
struct Activity {
    last: Mutex<Instant>,
    was_answered: AtomicBool,
    /// Whether it has to make room, and whom to tell.
    is_over: AtomicBool,
    waiting: Mutex<Option<Waker>>,
    /// How many answers are being made.
    answers: AtomicUsize,
}

impl Activity {
    fn new() -> Activity {
        Activity {
            last: Mutex::new(Instant::now()),
            was_answered: AtomicBool::new(false),
            is_over: AtomicBool::new(false),
            waiting: Mutex::default(),
            answers: AtomicUsize::new(0),
        }
    }

    fn last(&self) -> MutexGuard<'_, Instant> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn touch(&self) {
        *self.last() = Instant::now();
        self.was_answered.store(true, Ordering::Release);
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Says whom to wake when it is over.
    fn wakes(&self, waker: &Waker) {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }

    /// When the connection ends if nothing happens.
    fn due(&self, silence: Duration) -> Instant {
        let last = match self.answers.load(Ordering::Acquire) {
            0 => *self.last(),
            _ => Instant::now(),
        };
        last + silence
    }
}

/// A connection that ends by itself.
#[derive(Debug)]
pub(super) struct Connection {
    stream: TcpStream,
    activity: Arc<Activity>,
    silence: Duration,
    timer: Pin<Box<Sleep>>,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    fn new(stream: TcpStream, silence: Duration, permit: OwnedSemaphorePermit) -> Connection {
        let timer = Box::pin(tokio::time::sleep(silence));
        Connection { stream, activity: Arc::new(Activity::new()), silence, timer, _permit: permit }
    }

    /// Waits until something happens or nothing has for too long.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        self.activity.wakes(context.waker());
        loop {
            let end = self.activity.due(self.silence);
            if end <= Instant::now() || self.activity.is_over() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.timer.as_mut().reset(end);
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
        }
    }

    fn wrote(
        &mut self,
        context: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match wrote {
            Poll::Ready(result) => {
                self.activity.touch();
                Poll::Ready(result)
            }
            Poll::Pending => self.wait(context),
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // What comes one byte after the other is no sign of life: only an answer is.
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => self.wait(context),
            ready if self.activity.due(self.silence) > Instant::now() => ready,
            Poll::Ready(_) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.wrote(context, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.wrote(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
