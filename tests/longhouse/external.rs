//! Links to other sites, asked on this machine alone: who is asked, what is said of the answers, and what content
//! must never make anybody ask.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use longhouse::diagnostic::Severity;
use longhouse::external::cache::Cache;
use longhouse::external::{self, Asked, Options};
use longhouse::site::Visibility;

use crate::fixture::{Folder, folder};

/// A host on this machine, and what it was asked.
struct Host {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
    ends: Arc<AtomicBool>,
}

/// Answers each path as its name says.
fn host() -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let ends = Arc::new(AtomicBool::new(false));
    let host = Host { port, asked: Arc::clone(&asked), ends: Arc::clone(&ends) };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if ends.load(Ordering::SeqCst) {
                return;
            }
            let asked = Arc::clone(&asked);
            std::thread::spawn(move || answer(stream, port, &asked));
        }
    });
    host
}

fn answer(mut stream: TcpStream, port: u16, asked: &Mutex<Vec<String>>) {
    let mut bytes = Vec::new();
    let mut piece = [0; 1024];
    while !bytes.windows(4).any(|it| it == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let line = text.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
    let (method, path) = line.split_once(' ').unwrap_or_default();
    let (method, path) = (method.to_owned(), path.to_owned());
    asked.lock().expect("a list").push(line);
    let leads = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\n\r\n");
    let said = match path.split('?').next().unwrap_or_default() {
        "/fine" => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nlong text".to_owned(),
        "/get-only" if method == "HEAD" => "HTTP/1.1 405 No\r\n\r\n".to_owned(),
        "/get-only" => "HTTP/1.0 200 OK\r\n\r\n".to_owned(),
        "/gone" => "HTTP/1.1 404 Not Found\r\n\r\n".to_owned(),
        "/no-machines" => "HTTP/1.1 403 Forbidden\r\n\r\n".to_owned(),
        "/moved" => leads("/fine"),
        "/round" => leads("/round"),
        "/inside" => leads(&format!("http://localhost:{port}/secret")),
        "/slow" => {
            // One that leads on to itself, a little later each time.
            std::thread::sleep(Duration::from_millis(300));
            leads("/slow")
        }
        "/metadata" => leads("http://169.254.169.254/latest"),
        "/file" => leads("file:///etc/passwd"),
        "/early" => "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".to_owned(),
        "/garbage" => "\u{1}\u{2}\u{3} hello\r\n\r\n".to_owned(),
        "/endless" => format!("HTTP/1.1 200 OK\r\n{}", "X: y\r\n".repeat(20_000)),
        "/silent" => {
            // Says nothing until the other side has had enough.
            let _ = stream.read(&mut piece);
            return;
        }
        _ => "HTTP/1.1 500 Oh\r\n\r\n".to_owned(),
    };
    let _ = stream.write_all(said.as_bytes());
}

impl Host {
    /// What it was asked since it was asked for this, in order.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("a list"))
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn options(allowed: &[&str]) -> Options {
    Options {
        allowed: allowed.iter().map(ToString::to_string).collect(),
        pause: Duration::ZERO,
        timeout: Duration::from_secs(300),
        chain: Duration::from_secs(300),
        limit: Duration::from_secs(600),
        now: 1_000_000,
    }
}

fn check(site: &Folder, allowed: &[&str], cache: &mut Cache) -> Asked {
    let (site, _) = longhouse::understand(&site.load(), Visibility::default(), &|_| {});
    external::check(&site, &|_| true, &options(allowed), cache)
}

fn linking(host: &Host, paths: &[&str]) -> Folder {
    let links = paths.iter().map(|path| format!("- [x](http://127.0.0.1:{}{path})\n", host.port));
    folder(&format!("=== content/questions/a.md\n# A?\n\n{}", links.collect::<String>()))
}

#[test]
fn a_link_that_leads_nowhere_is_said_and_one_that_somebody_keeps_from_machines_is_not() {
    let host = host();
    let paths = [
        "/fine#x",
        "/get-only",
        "/gone",
        "/no-machines",
        "/moved",
        "/round",
        "/inside",
        "/metadata",
        "/file",
        "/early",
        "/garbage",
        "/endless",
        "/trouble",
    ];
    let site = linking(&host, &paths);
    let asked = check(&site, &["127.0.0.1"], &mut Cache::default());
    let found: Vec<(u32, &str)> = asked
        .diagnostics
        .iter()
        .map(|it| (it.line, it.message.rsplit_once("` ").expect("an address").1))
        .collect();
    assert_eq!(
        found,
        [
            (5, "answers with 404: the page does not exist."),
            (8, "redirects too often."),
            (11, "redirects to something that is not a web page."),
            (13, "answers with something that is not a web page."),
            (14, "answers with something that is not a web page."),
            (15, "answers with 500: the site has a problem."),
        ]
    );
    assert!(asked.diagnostics.iter().all(|it| it.severity == Severity::Warning && it.column == 3));
    assert_eq!(asked.counts, (13, 0));
    let lines = host.asked();
    assert!(lines.contains(&"HEAD /fine".to_owned()) && !lines.contains(&"GET /fine".to_owned()));
    assert!(lines.contains(&"GET /get-only".to_owned()));
    assert!(!lines.iter().any(|line| line.contains("secret")), "nobody is led into a network: {lines:?}");
    let paths: Vec<&str> = lines.iter().filter_map(|line| line.split_once(' ')).map(|it| it.1).collect();
    assert!(paths.is_sorted_by(|a, b| a <= b || *b == "/fine"), "one question after the other: {paths:?}");
}

#[test]
fn nothing_in_ones_own_network_is_asked() {
    let host = host();
    let port = host.port;
    let site = folder(&format!(
        "=== content/questions/a.md\n# A?\n\n<http://127.0.0.1:{port}/fine> <http://localhost:{port}/fine> \
         <http://[::1]:{port}/fine> <http://[::ffff:127.0.0.1]:{port}/fine> <http://2130706433:{port}/fine> \
         <http://0x7f.1:{port}/fine> <http://0:{port}/fine> <http://127.0.0.1:22/> <http://10.0.0.1/> \
         <http://169.254.169.254/latest/meta-data>\n\
         === content/links/b.md\n---\nurl: http://127.0.0.1:{port}/fine\n---\n# B\n"
    ));
    let asked = check(&site, &[], &mut Cache::default());
    assert!(asked.diagnostics.is_empty(), "{:#?}", asked.diagnostics);
    assert_eq!(host.asked(), Vec::<String>::new());
}

#[test]
fn what_was_answered_is_remembered_and_every_place_is_told() {
    let host = host();
    let site = linking(&host, &["/gone", "/fine", "/gone"]);
    site.write("content/links/b.md", format!("---\nurl: http://127.0.0.1:{}/gone\n---\n# B\n", host.port));
    let mut cache = Cache::default();
    let first = check(&site, &["127.0.0.1"], &mut cache);
    let places: Vec<(&str, u32, u32)> =
        first.diagnostics.iter().map(|it| (&*it.file, it.line, it.column)).collect();
    assert_eq!(
        places,
        [("content/links/b.md", 2, 6), ("content/questions/a.md", 3, 3), ("content/questions/a.md", 5, 3)]
    );
    assert_eq!(host.asked(), ["HEAD /fine", "HEAD /gone", "GET /gone"]);
    let again = check(&site, &["127.0.0.1"], &mut cache);
    assert_eq!(again.diagnostics, first.diagnostics);
    assert_eq!((again.counts, host.asked()), ((0, 2), Vec::new()));
}

#[test]
fn a_machine_without_a_network_finds_fault_with_nobody() {
    let links: BTreeSet<String> = (1..5).map(|n| format!("<http://127.0.0.{n}:9/>")).collect();
    let links: Vec<String> = links.into_iter().collect();
    let site = folder(&format!("=== content/questions/a.md\n# A?\n\n{}\n", links.join(" ")));
    let allowed = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"];
    let asked = check(&site, &allowed, &mut Cache::default());
    assert!(asked.diagnostics.is_empty() && asked.note.is_some_and(|note| note.contains("No other site")));
}

#[test]
fn only_who_asks_for_it_asks_others_and_only_the_configuration_makes_it_fail() {
    let host = host();
    let site = linking(&host, &["/gone"]);
    site.write(
        "longhouse.yaml",
        "base_url: https://community.example.org/\nrules: {unanswered: off, orphan: off}\n",
    );
    let kept = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = crate::fixture::command()
            .args(["check", "--max-warnings", "0", "--root"])
            .arg(site.root())
            .args(arguments)
            .env("LONGHOUSE_EXTERNAL_ALLOW", "127.0.0.1")
            .env("LONGHOUSE_CACHE", kept.path())
            .output()
            .expect("the command runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(run(&[]).0, Some(0));
    assert_eq!(host.asked(), Vec::<String>::new());
    let (code, said) = run(&["--external"]);
    assert!(code == Some(0) && said.contains("warning[external-link]"), "{said}");
    assert!(kept.path().join("links.json").is_file());
    assert!(!host.asked().is_empty());
    site.write(
        "longhouse.yaml",
        "base_url: https://community.example.org/\nrules: {external-link: error, orphan: off}\n",
    );
    let (code, said) = run(&["--external"]);
    assert!(code == Some(1) && said.contains("1 from earlier results"), "{said}");
    site.write(
        "longhouse.yaml",
        "base_url: https://community.example.org/\nrules: {external-link: off, orphan: off}\n",
    );
    assert_eq!(run(&["--external"]).0, Some(0));
    assert_eq!(host.asked(), Vec::<String>::new());
}

#[test]
fn neither_one_address_nor_all_of_them_take_for_ever() {
    let (slow, silent) = (host(), host());
    let site = folder(&format!(
        "=== content/questions/a.md\n# A?\n[slow](http://127.0.0.1:{}/slow)\n\
         === content/questions/b.md\n# B?\n[one](http://127.0.0.1:{}/silent?1)\n[two](http://127.0.0.1:{}/silent?2)\n",
        slow.port, silent.port, silent.port
    ));
    let asked = |options: &Options| {
        let (site, _) = longhouse::understand(&site.load(), Visibility::default(), &|_| {});
        external::check(&site, &|_| true, options, &mut Cache::default())
    };
    // A chain ends although each of its redirects is answered in time.
    let options = Options {
        timeout: Duration::from_millis(500),
        chain: Duration::from_millis(700),
        ..options(&["127.0.0.1"])
    };
    let said = asked(&options).diagnostics;
    for file in ["content/questions/a.md", "content/questions/b.md"] {
        let said = said.iter().find(|it| &*it.file == file).unwrap_or_else(|| panic!("{file}: {said:?}"));
        assert!(said.message.ends_with("does not respond in time."), "{}", said.message);
    }
    // Each question takes 300 ms at least, so a busy machine asks less often.
    assert!(slow.asked().len() <= 4, "it was asked on and on");
    // What there was no time for is told, and nothing is said of it.
    let options = Options { limit: Duration::ZERO, ..options };
    let said = asked(&options);
    assert_eq!(said.counts, (0, 0));
    assert!(said.diagnostics.is_empty(), "{:?}", said.diagnostics);
    assert!(said.note.is_some_and(|note| note.starts_with("3 addresses on other sites were not checked")));
}
