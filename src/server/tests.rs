use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

mod browser;
mod live;

use super::*;
use crate::output::{Content, Output, OutputPath};

/// Only a test that hangs is ended by this.
const LIMIT: Duration = Duration::from_secs(300);

/// A preview on a port of its own, ended when it goes out of sight.
struct Preview {
    address: SocketAddr,
    current: Arc<Current>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// An answer taken apart.
struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        self.headers.lines().find_map(|line| line.strip_prefix(&start)).unwrap_or_default()
    }

    /// The body without the script of the preview.
    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        match (text.find("<script src="), text.find("</script>\n")) {
            (Some(from), Some(to)) => format!("{}{}", &text[..from], &text[to + 10..]),
            _ => text,
        }
    }
}

impl Preview {
    fn start(options: Options, output: Output) -> Preview {
        let bound = bind(&Options { port: Some(0), ..options }).expect("a port");
        let address = bound.address();
        let current = Arc::new(Current::from(output));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let served = Arc::clone(&current);
        let thread = std::thread::spawn(move || {
            bound.run_until(served, async { drop(stopped.await) }).expect("it serves");
        });
        Preview { address, current, stop: Some(stop), thread: Some(thread) }
    }

    fn plain() -> Preview {
        Preview::start(Options::default(), site())
    }

    /// Sends what is given as it is.
    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a timeout");
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut all = Vec::new();
        stream.read_to_end(&mut all).expect("an answer");
        let end = all.windows(4).position(|four| four == b"\r\n\r\n").expect("the end of the head");
        let headers = String::from_utf8_lossy(&all[..end]).replace("\r\n", "\n");
        let status = headers.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Answer { status, headers, body: all[end + 4..].to_vec() }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let port = self.address.port();
        let host =
            if headers.contains("Host: ") { String::new() } else { format!("Host: 127.0.0.1:{port}\r\n") };
        self.raw(&format!("{method} {path} HTTP/1.1\r\n{host}Connection: close\r\n{headers}\r\n"))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn site() -> Output {
    [
        ("index.html", "home"),
        ("404.html", "nothing here"),
        ("questions/refund/index.html", "refund"),
        ("tags/日本語/index.html", "tag"),
        ("tags/caf\u{e9}/index.html", "composed"),
        ("files/my report.txt", "0123456789"),
        ("app.js", "script"),
    ]
    .into_iter()
    .map(|(path, text)| (OutputPath::new(path).expect("a plain path"), Content::from(text.to_owned())))
    .collect()
}

#[test]
fn pages_and_files_come_with_their_types() {
    let preview = Preview::plain();
    let home = preview.get("/");
    assert_eq!((home.status, home.text().as_str()), (200, "home"));
    assert_eq!(home.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(home.header("cache-control"), "no-store");
    assert_eq!(home.header("x-content-type-options"), "nosniff");
    assert_eq!(home.header("access-control-allow-origin"), "");
    assert_eq!(preview.get("/questions/refund/").text(), "refund");
    assert_eq!(preview.get("/questions/refund/?utm=1").text(), "refund");
    assert_eq!(preview.get("/files/my%20report.txt").header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(preview.get("/app.js").header("cache-control"), "no-cache");
}

#[test]
fn an_address_without_its_slash_leads_to_the_page() {
    let preview = Preview::plain();
    let answer = preview.get("/questions/refund?a=b");
    assert_eq!((answer.status, answer.header("location")), (301, "/questions/refund/?a=b"));
    let answer = preview.get("/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E");
    assert_eq!((answer.status, answer.header("location")), (301, "/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/"));
    assert_eq!(preview.get("/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/").text(), "tag");
    // Letter and accent apart, as some systems type them.
    assert_eq!(preview.get("/tags/cafe%CC%81/").text(), "composed");
}

#[test]
fn what_is_not_there_is_the_sites_own_404() {
    let preview = Preview::plain();
    for path in ["/nothing/", "/questions/", "/index.html/", "//", "/files", "/a/../index.html"] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.text().as_str()), (404, "nothing here"), "{path}");
    }
    let bare = Preview::start(Options::default(), Output::default());
    assert_eq!(bare.get("/").status, 404);
}

#[test]
fn nothing_but_the_map_can_be_reached() {
    let preview = Preview::plain();
    for path in [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/files/..%5c..%5cboot.ini",
        "/index.html%00.txt",
        "/Cargo.toml",
    ] {
        let answer = preview.get(path);
        assert_eq!((answer.status, answer.text().as_str()), (404, "nothing here"), "{path}");
    }
    assert_eq!(preview.get("/%ff").status, 400);
    // Not an open door to other sites either.
    assert_eq!(preview.get("//evil.example/").status, 404);
}

#[test]
fn a_site_below_a_path_is_only_there() {
    let options = Options { base_path: "/docs/café".to_owned(), ..Options::default() };
    let bound = bind(&Options { port: Some(0), ..options.clone() }).expect("a port");
    assert_eq!(bound.url(), format!("http://127.0.0.1:{}/docs/caf%C3%A9/", bound.address().port()));
    let preview = Preview::start(options, site());
    let answer = preview.get("/");
    assert_eq!((answer.status, answer.header("location")), (302, "/docs/caf%C3%A9/"));
    assert_eq!(preview.get("/docs/caf%C3%A9").header("location"), "/docs/caf%C3%A9/");
    assert_eq!(preview.get("/docs/caf%C3%A9/").text(), "home");
    let answer = preview.get("/docs/caf%C3%A9/questions/refund");
    assert_eq!(answer.header("location"), "/docs/caf%C3%A9/questions/refund/");
    assert_eq!(preview.get("/questions/refund/").status, 404);
    assert_eq!(preview.get("/docs/").status, 404);
}

#[test]
fn only_reading_is_possible() {
    let preview = Preview::plain();
    let head = preview.ask("HEAD", "/files/my%20report.txt", "");
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, "10", 0));
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let answer = preview.ask(method, "/", "Content-Length: 0\r\n");
        assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method}");
    }
}

#[test]
fn a_file_that_has_not_changed_is_not_sent_again() {
    let preview = Preview::plain();
    let tag = preview.get("/app.js").header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() == 34, "{tag}");
    let again = preview.ask("GET", "/app.js", &format!("If-None-Match: \"other\", W/{tag}\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(preview.ask("GET", "/app.js", "If-None-Match: \"other\"\r\n").status, 200);
    let missing = preview.ask("GET", "/nothing", "If-None-Match: *\r\n");
    assert_eq!(missing.status, 404);
}

#[test]
fn a_part_of_a_file_can_be_asked_for() {
    let preview = Preview::plain();
    let part = |range: &str| preview.ask("GET", "/files/my%20report.txt", &format!("Range: {range}\r\n"));
    let answer = part("bytes=2-4");
    assert_eq!((answer.status, answer.text().as_str()), (206, "234"));
    assert_eq!(answer.header("content-range"), "bytes 2-4/10");
    assert_eq!(part("bytes=7-").text(), "789");
    assert_eq!(part("bytes=-2").text(), "89");
    assert_eq!(part("bytes=5-99999999999999999999").status, 200);
    assert_eq!(part("bytes=5-18446744073709551615").text(), "56789");
    assert_eq!(part("bytes=10-").status, 416);
    assert_eq!(part("bytes=-0").status, 416);
    assert_eq!(part("bytes=0-1,3-4").status, 200);
    assert_eq!(part("bytes=4-2").status, 200);
}

#[test]
fn names_that_are_not_ours_are_refused_with_an_explanation() {
    let options = Options { allowed_hosts: vec!["Box.Example:8080".to_owned()], ..Options::default() };
    let preview = Preview::start(options, site());
    for host in
        ["localhost", "localhost:9", "127.0.0.1", "127.0.0.1:4000", "[::1]:4000", "LOCALHOST.", "box.example"]
    {
        assert_eq!(preview.ask("GET", "/", &format!("Host: {host}\r\n")).status, 200, "{host}");
    }
    for host in [
        "",
        "@localhost",
        "user@localhost",
        "localhost@evil.example",
        "[::1].evil.example",
        "[::1]evil",
        "[::1]:80:90",
        "[::1",
        "[localhost]",
        "::1",
        "localhost:",
        "localhost:4000:80",
        "localhost:+80",
        "localhost:99999",
        "localhost..",
        ".localhost",
        "localhost evil.example",
        "localhost/evil",
        "127.0.0.1%2eevil",
    ] {
        assert_eq!(preview.ask("GET", "/", &format!("Host: {host}\r\n")).status, 400, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.5",
        "[::2]",
        "[::ffff:192.168.1.5]",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "127.1",
        "0.0.0.0",
        "xn--localhost-",
    ] {
        let answer = preview.ask("GET", "/", &format!("Host: {host}\r\n"));
        assert_eq!(answer.status, 403, "{host}");
        assert!(answer.text().contains("--allow-host") && !answer.text().contains("home"), "{host}");
    }
    assert_eq!(preview.raw("GET / HTTP/1.0\r\n\r\n").status, 400);
    let two = "Host: localhost\r\nHost: evil.example\r\n";
    assert_eq!(preview.ask("GET", "/", two).status, 400);
    let whole = preview.ask("GET", "http://evil.example/", "Host: localhost\r\n");
    assert_ne!(whole.status, 200);
}

#[test]
fn a_preview_opened_to_the_network_answers_to_addresses_and_to_no_strange_name() {
    let options = Options { host: Some("0.0.0.0".to_owned()), ..Options::default() };
    let bound = bind(&Options { port: Some(0), ..options.clone() }).expect("a port");
    assert!(bound.url().starts_with("http://127.0.0.1:"));
    // A machine without a network has no address for a phone.
    let network = bound.network_url();
    assert!(network.is_none_or(|url| url.starts_with("http://") && !url.contains("127.0.0.1")));
    drop(bound);
    let own = bind(&Options { port: Some(0), ..Options::default() }).expect("a port");
    assert_eq!(own.network_url(), None);
    let mut preview = Preview::start(options, site());
    preview.address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert_eq!(preview.ask("GET", "/", "Host: 192.168.1.5:4000\r\n").status, 200);
    assert_eq!(preview.ask("GET", "/", "Host: [fe80::1]:4000\r\n").status, 200);
    assert_eq!(preview.ask("GET", "/", "Host: evil.example\r\n").status, 403);
    let from = |origin: &str| format!("Host: 192.168.1.5:4000\r\nOrigin: http://{origin}\r\n");
    assert_eq!(preview.ask("GET", "/app.js", &from("192.168.1.5:4000")).status, 200);
    assert_eq!(preview.ask("GET", "/app.js", &from("203.0.113.9")).status, 403);
}

#[test]
fn a_connection_on_which_nothing_is_answered_ends() {
    let limits = Limits { silence: Duration::from_millis(300), connections: 4 };
    let preview = Preview::start(Options { limits, ..Options::default() }, site());
    let open = |said: &str| {
        let mut stream = TcpStream::connect(preview.address).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a timeout");
        stream.write_all(said.as_bytes()).expect("it is sent");
        stream
    };
    let silent: Vec<TcpStream> =
        ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "].map(open).into();
    // One that says a byte now and then is as slow.
    let mut slow = open("GET / HTTP/1.1\r\n");
    let ended = (0..6000).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        slow.write_all(b"a").is_err()
    });
    assert!(ended, "a byte now and then keeps no connection");
    for mut stream in silent {
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        let is_late = |kind| matches!(kind, ErrorKind::TimedOut | ErrorKind::WouldBlock);
        assert!(!ended.is_err_and(|error| is_late(error.kind())), "it stays open");
    }
}

#[test]
fn connections_on_which_nothing_is_said_make_room() {
    let limits = Limits { silence: Duration::from_secs(600), connections: 4 };
    let preview = Preview::start(Options { limits, ..Options::default() }, site());
    let mut stream = TcpStream::connect(preview.address).expect("a connection");
    stream.write_all(b"GET /_longhouse/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
    stream.set_read_timeout(Some(LIMIT)).expect("a timeout");
    let mut heard = String::new();
    let mut until = |text: &str| {
        while !heard.contains(text) {
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).expect("more of it");
            assert!(count > 0, "it ended: {heard}");
            heard += &String::from_utf8_lossy(&piece[..count]);
        }
    };
    until("hello");
    let many: Vec<TcpStream> =
        (0..40).map(|_| TcpStream::connect(preview.address).expect("a connection")).collect();
    assert_eq!(preview.get("/").status, 200);
    // Who listens to what changes is not among those who said nothing.
    let path = OutputPath::new("app.js").expect("a plain path");
    let content = Some(Content::from("another".to_owned()));
    preview.current.publish(Update { files: vec![(path, content)], ..Update::default() });
    until("app.js");
    drop(many);
}

/// Not a test of its own: the process that the next test interrupts.
#[test]
#[ignore = "is run, and interrupted, by another test"]
fn child_that_serves_until_it_is_interrupted() {
    if std::env::var_os("LONGHOUSE_TEST_SERVE").is_none() {
        return;
    }
    let bound = bind(&Options { port: Some(0), ..Options::default() }).expect("a port");
    let mut out = std::io::stdout();
    writeln!(out, "at {}", bound.address()).expect("it is said");
    bound.run(Arc::new(Current::from(Output::default())), std::future::pending()).expect("it serves");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it_at_once_and_well() {
    use std::io::{BufRead, BufReader};
    let name = "server::tests::child_that_serves_until_it_is_interrupted";
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "--ignored", "--nocapture", name])
        .env("LONGHOUSE_TEST_SERVE", "1")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("a child");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let address: SocketAddr = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| line.split_once("at 127").and_then(|(_, rest)| format!("127{rest}").parse().ok()))
        .expect("its address");
    // Once it answers, it also listens to the keyboard.
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
    let _ = stream.read(&mut [0; 16]).expect("an answer");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("a signal");
    assert!(child.wait().expect("its end").success());
}

#[test]
fn another_site_may_link_here_and_use_nothing() {
    let preview = Preview::plain();
    let ask = |headers: &str| preview.ask("GET", "/app.js", headers).status;
    assert_eq!(ask("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403);
    assert_eq!(
        ask("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nOrigin: https://evil.example\r\n"),
        403
    );
    assert_eq!(ask("Origin: https://evil.example\r\n"), 403);
    assert_eq!(ask("Origin: null\r\n"), 403);
    assert_eq!(ask("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n"), 200);
    assert_eq!(ask("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n"), 200);
    assert_eq!(ask("Sec-Fetch-Site: none\r\n"), 200);
    assert_eq!(ask("Origin: http://localhost:4000\r\n"), 200);
    assert_eq!(preview.get("/app.js").header("cross-origin-resource-policy"), "same-origin");
}

#[test]
fn a_source_file_is_streamed_and_one_that_has_gone_is_missing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let film = folder.path().join("film.mp4");
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&film, &bytes).expect("a file");
    let path = OutputPath::new("film.mp4").expect("a plain path");
    let source = Content::Source { path: film.clone(), len: 1_000_000, hash: blake3::hash(&bytes) };
    let preview = Preview::start(Options::default(), [(path, source)].into_iter().collect());
    let answer = preview.get("/film.mp4");
    assert_eq!((answer.status, answer.header("content-type")), (200, "video/mp4"));
    assert_eq!(answer.header("content-length"), "1000000");
    assert!(answer.body == bytes);
    let part = preview.ask("GET", "/film.mp4", "Range: bytes=999990-\r\n");
    assert!(part.status == 206 && part.body == bytes[999_990..]);
    assert_eq!(preview.ask("HEAD", "/film.mp4", "").header("content-length"), "1000000");
    // Saved again: the new bytes, and no promise that they are the old ones.
    std::fs::write(&film, b"short").expect("a file");
    let answer = preview.get("/film.mp4");
    assert_eq!((answer.text().as_str(), answer.header("etag")), ("short", ""));
    std::fs::remove_file(&film).expect("removing it");
    assert_eq!(preview.get("/film.mp4").status, 404);
    std::fs::create_dir(&film).expect("a folder");
    assert_eq!(preview.get("/film.mp4").status, 404);
}

#[test]
fn another_site_can_be_served_from_one_moment_to_the_next() {
    let preview = Preview::plain();
    let path = OutputPath::new("index.html").expect("a plain path");
    let gone = OutputPath::new("app.js").expect("a plain path");
    let files = vec![(path, Some(Content::from("next".to_owned()))), (gone, None)];
    preview.current.publish(Update { files, ..Update::default() });
    assert_eq!(preview.get("/").text(), "next");
    assert_eq!(preview.get("/app.js").status, 404);
}

#[test]
fn a_port_that_is_taken_is_an_error_if_it_was_asked_for_and_passed_over_if_not() {
    let holder = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = holder.local_addr().expect("an address").port();
    let error = bind(&Options { port: Some(port), ..Options::default() }).expect_err("it is taken");
    assert!(matches!(error, ServeError::Taken(taken) if taken == port));
    let first = bind(&Options::default()).expect("a port");
    let second = bind(&Options::default()).expect("another port");
    assert_ne!(first.address().port(), second.address().port());
    let elsewhere = Options { host: Some("192.0.2.1".to_owned()), port: Some(0), ..Options::default() };
    assert!(matches!(bind(&elsewhere), Err(ServeError::Bind { .. })));
}

#[test]
fn the_end_does_not_wait_for_open_connections() {
    let preview = Preview::plain();
    let idle = TcpStream::connect(preview.address).expect("a connection");
    let mut half = TcpStream::connect(preview.address).expect("a connection");
    half.write_all(b"GET / HTTP/1.1\r\nHost: loc").expect("it is sent");
    assert_eq!(preview.get("/").status, 200);
    let begin = std::time::Instant::now();
    drop(preview);
    // An end that waited would wait for ever: both connections stay open.
    assert!(begin.elapsed() < LIMIT);
    drop((idle, half));
}
