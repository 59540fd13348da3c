//! The preview server: a site in memory, on this machine, for the person who writes it.
//!
//! It is no server for the public. It answers from the map of outputs and never from a path on the
//! disk, to this machine only unless told otherwise, to the names it knows, and to GET and HEAD. How a
//! request becomes an answer is in `answer`; here are ports, threads and the end.
//!
//! What is served is a [`Current`]: each rebuild is an [`Update`] to it, and the open pages hear of it
//! (`events`). What they do then is in the scripts of `server/live/`, which are put into pages as they are
//! served (`inject`) and are no part of the site. Everything of the preview's own is below `/_longhouse/`
//! (`live`).

mod answer;
mod connection;
mod current;
mod events;
mod inject;
mod live;
mod media;
mod page;
mod problems;
#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};

pub use connection::Limits;
pub use current::{Current, Origin, Origins, Ribbon, Saved, Settings, Update};
pub use problems::{Pages, Problem, Problems};

/// The port where previews are, unless it is taken.
pub const PORT: u16 = 4000;
/// At most this many ports are tried after that one before the system may choose any.
const PORTS_TRIED: u16 = 100;

/// How a preview is to be reached.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The address or name to listen at; 127.0.0.1 if nothing is said.
    pub host: Option<String>,
    /// The port, and no other; if nothing is said, [`PORT`] or the next one that is free.
    pub port: Option<u16>,
    /// Further names, with or without a port, by which a browser may call the preview.
    pub allowed_hosts: Vec<String>,
    /// The path of the base address, as in `/docs/`; the site is served below it.
    pub base_path: String,
    /// Whether the pages follow the writer to what was saved, unless they are told not to.
    pub follow: bool,
    /// How many connections are held, and for how long.
    pub limits: Limits,
}

/// A server that holds its port and does not answer yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    limits: Limits,
    serving: answer::Serving,
}

/// Why there is no preview. All of it is trouble with the world: exit status 3.
#[derive(Debug)]
pub enum ServeError {
    /// Somebody else has the port that was asked for.
    Taken(u16),
    /// The address cannot be listened at.
    Bind {
        /// The address or name.
        host: String,
        /// What the system said.
        source: io::Error,
    },
    /// The threads or the network failed.
    World(io::Error),
}

/// Takes a port. From here on [`Bound::url`] is where the preview will be.
///
/// # Errors
/// When the port that was asked for is taken, or the address is not this machine's.
pub fn bind(options: &Options) -> Result<Bound, ServeError> {
    let host = options.host.as_deref().unwrap_or("127.0.0.1");
    let plain = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let failed = |source| ServeError::Bind { host: host.to_owned(), source };
    let listen = |port| TcpListener::bind((plain, port));
    let listener = match options.port {
        Some(port) => match listen(port) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(ServeError::Taken(port)),
            other => other.map_err(failed)?,
        },
        None => (PORT..=PORT + PORTS_TRIED)
            .map(listen)
            .find(|tried| !tried.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AddrInUse))
            .unwrap_or_else(|| listen(0))
            .map_err(failed)?,
    };
    listener.set_nonblocking(true).map_err(ServeError::World)?;
    let address = listener.local_addr().map_err(ServeError::World)?;
    let mut allowed = options.allowed_hosts.clone();
    allowed.push(host.to_owned());
    let rules = answer::Rules::new(&options.base_path, &allowed, !address.ip().is_loopback());
    let serving = answer::Serving { rules, follow: options.follow, build: live::build() };
    Ok(Bound { listener, address, limits: options.limits, serving })
}

impl Bound {
    /// The address and port that are listened at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser on this machine finds the site, base path included.
    #[must_use]
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        };
        format!("http://{}{}", SocketAddr::new(ip, self.address.port()), self.serving.rules.encoded_base())
    }

    /// Where others in the network find the site, such as a phone; nothing if only this machine does. No packet is
    /// sent to find that out.
    #[must_use]
    pub fn network_url(&self) -> Option<String> {
        let ip = match self.address.ip() {
            ip if ip.is_loopback() => return None,
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => own_ip((Ipv4Addr::UNSPECIFIED, Ipv4Addr::new(192, 0, 2, 1)))?,
            // Listening at all addresses of version 6 is listening at those of version 4 too, nearly everywhere.
            IpAddr::V6(_) => own_ip((Ipv4Addr::UNSPECIFIED, Ipv4Addr::new(192, 0, 2, 1))).or_else(|| {
                own_ip((Ipv6Addr::UNSPECIFIED, Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)))
            })?,
        };
        let base = self.serving.rules.encoded_base();
        Some(format!("http://{}{base}", SocketAddr::new(ip, self.address.port())))
    }

    /// Answers until Ctrl-C (or the system's polite request to end) or until `ended` is ready, then returns at once.
    ///
    /// # Errors
    /// When threads or the network fail.
    pub fn run(self, current: Arc<Current>, ended: impl Future<Output = ()>) -> Result<(), ServeError> {
        self.run_until(current, async {
            tokio::select! {
                () = interrupted() => {}
                () = ended => {}
            }
        })
    }

    /// Answers until `stop` is ready, then returns at once, whatever is still under way.
    ///
    /// # Errors
    /// When threads or the network fail.
    pub fn run_until(self, current: Arc<Current>, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(ServeError::World)?;
        let state = (Arc::clone(&current), Arc::new(self.serving));
        let router = Router::new().fallback(respond).with_state(state);
        let service = router.into_make_service_with_connect_info::<connection::Peer>();
        let (listener, limits) = (self.listener, self.limits);
        let ended = runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let listener = connection::Connections::new(listener, limits);
            tokio::select! {
                // The end is listened for before the first answer.
                biased;
                () = stop => Ok(()),
                ended = async { axum::serve(listener, service).await } => ended,
                () = beat(&current) => Ok(()),
            }
        });
        runtime.shutdown_background();
        ended.map_err(ServeError::World)
    }
}

/// The address from which this machine would speak to another one: what a socket is given that is told where its
/// packets would go. It sends none.
fn own_ip<T: Into<IpAddr>>((from, to): (T, T)) -> Option<IpAddr> {
    let socket = UdpSocket::bind(SocketAddr::new(from.into(), 0)).ok()?;
    socket.connect(SocketAddr::new(to.into(), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}

async fn respond(
    State((current, serving)): State<(Arc<Current>, Arc<answer::Serving>)>,
    ConnectInfo(peer): ConnectInfo<connection::Peer>,
    request: Request,
) -> axum::response::Response {
    let _answering = peer.is_answered();
    let (mut head, _) = request.into_parts();
    head.extensions.insert(peer.address);
    current.ready().await;
    answer::answer(&serving, &current, &head)
}

/// Shows the open pages for ever that the preview is still there.
async fn beat(current: &Current) {
    loop {
        tokio::time::sleep(events::BEAT).await;
        current.listeners().beat();
    }
}

async fn interrupted() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut terminate) = signal(SignalKind::terminate()) else { return ctrl_c.await };
        tokio::select! {
            () = ctrl_c => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    ctrl_c.await;
}

impl fmt::Display for ServeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Taken(port) => write!(
                out,
                "port {port} is in use; choose another with --port, or leave it out to use the next free one"
            ),
            ServeError::Bind { host, source } => write!(out, "cannot listen at {host}: {source}"),
            ServeError::World(source) => write!(out, "the preview server failed: {source}"),
        }
    }
}

impl std::error::Error for ServeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ServeError::Taken(_) => None,
            ServeError::Bind { source, .. } | ServeError::World(source) => Some(source),
        }
    }
}
