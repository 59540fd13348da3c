//! Asking other hosts: one client for all code that does.
//!
//! Addresses are written by strangers, and anyone who asks may stand inside a company's network. So the client asks only
//! what everybody can ask: public addresses, on the ports of the web, by a resolver that refuses everything else. No
//! redirect is followed here: anyone who follows one asks anew, and is looked at anew. No proxy is used, which would
//! resolve names by itself.

pub(crate) mod address;

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::time::Instant;

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body};
use url::Url;

/// The head of an answer is no longer than this, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// An address that leads on more often than this leads nowhere.
const MAX_REDIRECTS: usize = 5;

/// Asks hosts over HTTP, with and without TLS. Can be shared by threads.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
}

/// How to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// For the head of an answer alone.
    Head,
    /// For all of it.
    Get,
}

/// What a host answered. Of the body nothing is read that nobody asks for.
#[derive(Debug)]
pub struct Response {
    url: Url,
    answer: ureq::http::Response<Body>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address lies in somebody's own network, or the port is none of the web.
    Private,
    /// Nobody knows the name.
    NoHost,
    /// There is no answer, or none in time, and how that shows: `does not respond in time`.
    Unreachable(String),
    /// There is an answer, and it is none, and how that shows.
    Broken(String),
}

impl Client {
    /// A client that says who it is. `allowed` are hosts that may have an address of the own network, and any port.
    #[must_use]
    pub fn new(user_agent: &str, allowed: BTreeSet<String>) -> Client {
        let config = Agent::config_builder()
            .user_agent(user_agent)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .max_response_header_size(MAX_HEAD)
            .max_idle_connections(0)
            .build();
        let resolver = PublicOnly { allowed, system: DefaultResolver::default() };
        Client { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Asks for an address, with nothing but the address: a name and a password in it are not sent.
    ///
    /// # Errors
    /// When there is no answer until `deadline`, or none that can be understood. An answer of any status is one.
    pub fn ask(&self, method: Method, url: &Url, deadline: Instant) -> Result<Response, Failure> {
        let mut bare = url.clone();
        // An address without a host can have neither.
        let _ = (bare.set_username(""), bare.set_password(None));
        bare.set_fragment(None);
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Failure::of_io(&io::ErrorKind::TimedOut.into()));
        }
        let request = match method {
            Method::Head => self.agent.head(bare.as_str()),
            Method::Get => self.agent.get(bare.as_str()),
        };
        let request = request.header("Connection", "close").config().timeout_global(Some(left)).build();
        let answer = request.call().map_err(|error| Failure::of(&error))?;
        Ok(Response { url: url.clone(), answer })
    }
}

/// The answer of an address, or of the one to which it leads on. `ask` asks for each, and `may_go` says whether the next
/// one may be asked.
///
/// # Errors
/// What `ask` or `may_go` refuse, and when it leads on too often or to what is no address of the web.
pub fn follow<E: From<Failure>>(
    url: &Url,
    mut ask: impl FnMut(&Url) -> Result<Response, Failure>,
    mut may_go: impl FnMut(&Url) -> Result<(), E>,
) -> Result<Response, E> {
    let mut url = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let response = ask(&url)?;
        let Some(next) = response.redirect()? else { return Ok(response) };
        may_go(&next)?;
        url = next;
    }
    Err(Failure::Broken("redirects too often".to_owned()).into())
}

impl Failure {
    /// How it shows, as the end of a sentence about the site.
    #[must_use]
    pub fn how(self) -> String {
        match self {
            Failure::Private => "is in a private network".to_owned(),
            Failure::NoHost => "cannot be reached: no site has this name".to_owned(),
            Failure::Unreachable(how) | Failure::Broken(how) => how,
        }
    }
}

impl Response {
    /// The address that was asked last.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The status, as 404.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status().as_u16()
    }

    /// The charset that the host names, as it is written there.
    #[must_use]
    pub fn charset(&self) -> Option<String> {
        let kind =
            String::from_utf8_lossy(self.answer.headers().get("content-type")?.as_bytes()).into_owned();
        let parameters = kind.split(';').skip(1).filter_map(|it| it.split_once('='));
        let mut charsets = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        charsets.next().map(|(_, value)| value.trim().trim_matches('"').to_owned())
    }

    /// Where a redirect leads; nothing if this is none.
    ///
    /// # Errors
    /// When it leads to what is no address of the web.
    pub fn redirect(&self) -> Result<Option<Url>, Failure> {
        if !matches!(self.status(), 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = self.answer.headers().get("location") else { return Ok(None) };
        let location = String::from_utf8_lossy(location.as_bytes());
        let broken = |what: &str| Failure::Broken(format!("redirects to something that is not {what}"));
        let url = self.url.join(&location).map_err(|_| broken("an address"))?;
        if matches!(url.scheme(), "http" | "https") { Ok(Some(url)) } else { Err(broken("a web page")) }
    }

    /// The bytes of the answer, if there are no more than `limit`.
    ///
    /// # Errors
    /// When there are more, or the rest does not come in time.
    pub fn bytes(mut self, limit: u64) -> Result<Vec<u8>, Failure> {
        self.answer.body_mut().with_config().limit(limit).read_to_vec().map_err(|error| match error {
            ureq::Error::BodyExceedsLimit(_) => {
                Failure::Broken(format!("answers with more than {limit} bytes"))
            }
            other => Failure::of(&other),
        })
    }
}

/// Resolves names to public addresses alone. What it resolves is what is connected to, so that a name cannot mean
/// another address meanwhile.
#[derive(Debug)]
struct PublicOnly {
    allowed: BTreeSet<String>,
    system: DefaultResolver,
}

/// That an address lies in somebody's own network.
#[derive(Debug)]
struct Private;

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let is_allowed = uri.host().is_some_and(|host| self.allowed.contains(host));
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        if !is_allowed && !address::is_port(port) {
            return Err(ureq::Error::Other(Box::new(Private)));
        }
        let found = self.system.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        // One private address among public ones is how a name is made to mean two things.
        if !is_allowed && !found.iter().all(|it| address::is_public(it.ip())) {
            return Err(ureq::Error::Other(Box::new(Private)));
        }
        Ok(found)
    }
}

impl Failure {
    fn of(error: &ureq::Error) -> Failure {
        match error {
            ureq::Error::Other(other) if other.is::<Private>() => Failure::Private,
            ureq::Error::HostNotFound => Failure::NoHost,
            ureq::Error::Timeout(_) => Failure::of_io(&io::ErrorKind::TimedOut.into()),
            ureq::Error::Io(error) => Failure::of_io(error),
            ureq::Error::Rustls(error) => Failure::of_tls(error),
            ureq::Error::Tls(_) | ureq::Error::TlsRequired => {
                Failure::Broken("cannot be requested safely".to_string())
            }
            ureq::Error::ConnectionFailed => Failure::Unreachable("cannot be reached".to_string()),
            _ => Failure::Broken("answers with something that is not a web page".to_string()),
        }
    }

    fn of_io(error: &io::Error) -> Failure {
        let unreachable = |how: &str| Failure::Unreachable(how.to_string());
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => unreachable("does not respond in time"),
            io::ErrorKind::ConnectionRefused => {
                unreachable("cannot be reached: the site refuses the connection")
            }
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => unreachable("does not respond"),
            // What goes wrong in TLS comes like this.
            io::ErrorKind::InvalidData => match error.get_ref() {
                Some(inner) => Failure::of_tls(inner),
                None => Failure::Broken("answers with something that is not a web page".to_string()),
            },
            _ => unreachable("cannot be reached"),
        }
    }

    fn of_tls(error: &(dyn std::error::Error + '_)) -> Failure {
        // The type is that of a crate below the client, which its own versions do not promise.
        let is_distrusted = error.to_string().starts_with("invalid peer certificate");
        Failure::Broken(match is_distrusted {
            true => "has a certificate that browsers do not trust".to_string(),
            false => "answers with something that is not a web page".to_string(),
        })
    }
}

impl fmt::Display for Private {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the address is in a private network")
    }
}

impl std::error::Error for Private {}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    /// Answers one question, and hands over what it was.
    fn answering(answer: &'static str) -> (u16, std::thread::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let answering = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a question");
            let mut asked = Vec::new();
            let mut byte = [0];
            while !asked.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count > 0) {
                asked.push(byte[0]);
            }
            stream.write_all(answer.as_bytes()).expect("it is sent");
            String::from_utf8_lossy(&asked).into_owned()
        });
        (port, answering)
    }

    fn ask(url: &str, allowed: &[&str]) -> Result<Response, Failure> {
        let client = Client::new("test/1", allowed.iter().map(ToString::to_string).collect());
        let url = Url::parse(url).expect("an address");
        client.ask(Method::Get, &url, Instant::now() + Duration::from_secs(300))
    }

    #[test]
    fn nothing_is_sent_but_the_address_and_who_asks() {
        let (port, asked) =
            answering("HTTP/1.1 302 Found\r\nLocation: ../b?c#d\r\nContent-Length: 0\r\n\r\n");
        let response =
            ask(&format!("http://ana:secret@127.0.0.1:{port}/x/y?q=1#f"), &["127.0.0.1"]).expect("asked");
        assert_eq!(response.status(), 302);
        let next = response.redirect().expect("an address").expect("a redirect");
        assert_eq!(&next[url::Position::BeforePath..], "/b?c#d", "it is not followed");
        let asked = asked.join().expect("no panic");
        let mut lines: Vec<String> =
            asked.lines().map(str::to_lowercase).filter(|line| !line.is_empty()).collect();
        lines.sort();
        assert_eq!(
            lines,
            [
                "accept: */*".to_owned(),
                "connection: close".to_owned(),
                "get /x/y?q=1 http/1.1".to_owned(),
                format!("host: 127.0.0.1:{port}"),
                "user-agent: test/1".to_owned(),
            ]
        );
    }

    #[test]
    fn no_more_is_read_than_is_asked_for() {
        for (limit, read) in [(5, true), (4, false)] {
            let (port, asked) = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            let response = ask(&format!("http://127.0.0.1:{port}/"), &["127.0.0.1"]).expect("asked");
            assert_eq!(response.bytes(limit).ok(), read.then(|| b"hello".to_vec()), "{limit}");
            asked.join().expect("no panic");
        }
    }

    #[test]
    fn nothing_in_a_private_network_is_asked_by_whatever_name() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("it is ours");
        let port = listener.local_addr().expect("an address").port();
        for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0"] {
            for port in [port, 80, 443] {
                for scheme in ["http", "https"] {
                    let failure = ask(&format!("{scheme}://{host}:{port}/"), &["example.org"]).err();
                    assert_eq!(failure, Some(Failure::Private), "{scheme}://{host}:{port}/");
                }
            }
        }
        assert!(listener.accept().is_err(), "somebody was asked");
        assert_eq!(ask("https://1.1.1.1:22/", &[]).err(), Some(Failure::Private));
    }

    #[test]
    fn what_a_certificate_lacks_is_told_from_what_is_no_page() {
        let distrusted = io::Error::other("invalid peer certificate: UnknownIssuer");
        assert!(matches!(Failure::of_tls(&distrusted), Failure::Broken(how) if how.contains("certificate")));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a question");
            stream.write_all(b"I speak no TLS.").expect("it is sent");
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let failure = ask(&format!("https://127.0.0.1:{port}/"), &["127.0.0.1"]).err();
        assert_eq!(
            failure,
            Some(Failure::Broken("answers with something that is not a web page".to_owned()))
        );
    }
}
