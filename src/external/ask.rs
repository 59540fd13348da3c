//! One question to one host: HEAD, and GET where that is not understood. Only the head of the answer is read.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use url::{Host, Url};

use super::{Answer, Options, address};

/// A page that leads on more often than this leads nowhere.
const REDIRECTS: usize = 5;
/// The head of an answer is no longer than this, in bytes.
const HEAD: usize = 64 * 1024;
/// So many lines it has at most.
const LINES: usize = 128;

/// Whoever asks.
pub(super) struct Client<'o> {
    options: &'o Options,
    tls: Arc<ClientConfig>,
}

/// What a host said.
struct Said {
    status: u16,
    location: Option<String>,
}

/// Why it said nothing.
enum Silent {
    /// The address lies in somebody's own network.
    Private,
    /// Nobody knows the name.
    NoHost,
    /// There is no answer, or none in time.
    Unreachable(String),
    /// There is one, and it leads nowhere.
    Broken(String),
}

impl<'o> Client<'o> {
    pub(super) fn new(options: &'o Options) -> Client<'o> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        Client { options, tls: Arc::new(tls) }
    }

    /// Asks whether an address leads somewhere, until the time of all is over. What failed by chance is tried twice, if
    /// there is time.
    pub(super) fn ask(&self, url: &Url, end: Instant) -> Answer {
        let end = end.min(Instant::now() + self.options.chain);
        let first = self.follow(url, end);
        if !matches!(first, Err(Silent::Broken(_) | Silent::Unreachable(_))) {
            return told(first);
        }
        let pause = self.options.pause;
        if Instant::now() + pause >= end {
            return told(first);
        }
        thread::sleep(pause);
        told(self.follow(url, end))
    }

    /// Goes where it leads, and says with what that is answered.
    fn follow(&self, url: &Url, end: Instant) -> Result<u16, Silent> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let deadline = end.min(Instant::now() + self.options.timeout);
            let mut said = self.request("HEAD", &url, deadline)?;
            if said.status >= 400 {
                said = self.request("GET", &url, deadline)?;
            }
            let next = said.location.filter(|_| matches!(said.status, 301 | 302 | 303 | 307 | 308));
            let Some(next) = next else { return Ok(said.status) };
            url = url
                .join(&next)
                .map_err(|_| Silent::Broken("redirects to something that is not an address".to_string()))?;
            if !matches!(url.scheme(), "http" | "https") {
                return Err(Silent::Broken("redirects to something that is not a web page".to_string()));
            }
        }
        Err(Silent::Broken("redirects too often".to_string()))
    }

    fn request(&self, method: &str, url: &Url, deadline: Instant) -> Result<Said, Silent> {
        let stream = self.connect(url, deadline)?;
        let broken = |error: io::Error| match error.kind() {
            io::ErrorKind::InvalidData => Silent::Broken(in_words(&error)),
            _ => Silent::Unreachable(in_words(&error)),
        };
        if url.scheme() == "http" {
            return exchange(stream, method, url).map_err(broken);
        }
        let name = match url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_string()).ok(),
            Some(Host::Ipv4(address)) => Some(ServerName::from(std::net::IpAddr::V4(address))),
            Some(Host::Ipv6(address)) => Some(ServerName::from(std::net::IpAddr::V6(address))),
            None => None,
        };
        let name = name.ok_or(Silent::NoHost)?;
        let tls = ClientConnection::new(Arc::clone(&self.tls), name)
            .map_err(|error| Silent::Broken(format!("cannot be requested safely: {error}")))?;
        exchange(StreamOwned::new(tls, stream), method, url).map_err(broken)
    }

    /// Connects to one of the addresses of a host that were looked at, so that the name cannot mean another one
    /// meanwhile.
    fn connect(&self, url: &Url, deadline: Instant) -> Result<InTime, Silent> {
        let host = url.host().ok_or(Silent::NoHost)?;
        let port = url.port_or_known_default().ok_or(Silent::NoHost)?;
        let is_allowed = url.host_str().is_some_and(|host| self.options.allowed.contains(host));
        if !is_allowed && !address::is_port(port) {
            return Err(Silent::Private);
        }
        let found: Vec<SocketAddr> = match host {
            Host::Domain(name) => addresses(name, port, deadline)?,
            Host::Ipv4(address) => vec![SocketAddr::new(address.into(), port)],
            Host::Ipv6(address) => vec![SocketAddr::new(address.into(), port)],
        };
        if found.is_empty() {
            return Err(Silent::NoHost);
        }
        // One private address among public ones is how a name is made to mean two things.
        if !is_allowed && !found.iter().all(|it| address::is_public(it.ip())) {
            return Err(Silent::Private);
        }
        let mut last = Silent::NoHost;
        for address in found.iter().take(4) {
            match TcpStream::connect_timeout(
                address,
                left(deadline).map_err(|error| Silent::Unreachable(in_words(&error)))?,
            ) {
                Ok(stream) => return Ok(InTime { stream, deadline }),
                Err(error) => last = Silent::Unreachable(in_words(&error)),
            }
        }
        Err(last)
    }
}

/// The addresses of a name. The system sets no limit that it would keep to, so it is asked on a thread of its own, which
/// ends when the system does.
fn addresses(name: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Silent> {
    let in_time = |error: io::Error| Silent::Unreachable(in_words(&error));
    let (sender, found) = mpsc::channel();
    let asked = (name.to_string(), port);
    let look = move || {
        // Nobody waits for it any more if it takes too long.
        let _ = sender.send(asked.to_socket_addrs().map(Iterator::collect));
    };
    thread::Builder::new().name("name".to_string()).spawn(look).map_err(in_time)?;
    match found.recv_timeout(left(deadline).map_err(in_time)?) {
        Ok(found) => found.map_err(|_| Silent::NoHost),
        Err(_) => Err(in_time(io::ErrorKind::TimedOut.into())),
    }
}

/// A connection that ends at a certain time, however slowly the other side speaks.
struct InTime {
    stream: TcpStream,
    deadline: Instant,
}

impl Read for InTime {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.deadline)?))?;
        self.stream.read(bytes)
    }
}

impl Write for InTime {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.deadline)?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

/// Says the request, and reads the head of the answer.
fn exchange(mut stream: impl Read + Write, method: &str, url: &Url) -> io::Result<Said> {
    let host = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_string(),
    };
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    // A parsed address holds neither a space nor a line break.
    let request = format!(
        "{method} {}{query} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: longhouse/{} (link check)\r\nAccept: */*\r\n\
         Connection: close\r\n\r\n",
        url.path(),
        env!("CARGO_PKG_VERSION")
    );
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = stream.read(&mut piece)?;
        head.extend_from_slice(&piece[..count]);
        if let Some(said) = read_head(&head)? {
            return Ok(said);
        }
        if count == 0 || head.len() > HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

/// The head of an answer, if all of it is there. What comes before it, as `100 Continue`, is passed over.
fn read_head(mut bytes: &[u8]) -> io::Result<Option<Said>> {
    loop {
        let mut lines = [httparse::EMPTY_HEADER; LINES];
        let mut response = httparse::Response::new(&mut lines);
        let status = response.parse(bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let httparse::Status::Complete(end) = status else { return Ok(None) };
        let status = response.code.unwrap_or_default();
        if (100..200).contains(&status) {
            bytes = &bytes[end..];
            continue;
        }
        let location = response.headers.iter().find(|it| it.name.eq_ignore_ascii_case("location"));
        let location = location.map(|it| String::from_utf8_lossy(it.value).into_owned());
        return Ok(Some(Said { status, location }));
    }
}

/// What follows for the link. Many hosts refuse machines what they show to people, or are busy.
fn told(said: Result<u16, Silent>) -> Answer {
    match said {
        Ok(status @ (404 | 410)) => Answer::Dead(format!("answers with {status}: there is no such page")),
        Ok(status @ 500..=599) if status != 503 => {
            Answer::Odd(format!("answers with {status}: the site has a problem"))
        }
        Ok(_) => Answer::Fine,
        Err(Silent::Private) => Answer::Private,
        Err(Silent::NoHost) => Answer::Away("cannot be reached: there is no site of this name".to_string()),
        Err(Silent::Unreachable(how)) => Answer::Away(how),
        Err(Silent::Broken(how)) => Answer::Odd(how),
    }
}

fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "does not answer in time".to_string(),
        io::ErrorKind::ConnectionRefused => "cannot be reached: the site refuses the connection".to_string(),
        io::ErrorKind::InvalidData if is_distrusted(error) => {
            "shows a certificate that browsers do not trust".to_string()
        }
        io::ErrorKind::InvalidData => "answers with something that is not a web page".to_string(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => "does not answer".to_string(),
        _ => "cannot be reached".to_string(),
    }
}

fn is_distrusted(error: &io::Error) -> bool {
    let why = error.get_ref().and_then(|it| it.downcast_ref::<rustls::Error>());
    why.is_some_and(|it| matches!(it, rustls::Error::InvalidCertificate(_)))
}
