//! What the preview itself says, and to whom.

use super::*;

/// A stream of events that is being listened to.
struct Stream {
    tcp: TcpStream,
    heard: String,
}

impl Stream {
    fn open(preview: &Preview) -> Stream {
        let mut tcp = TcpStream::connect(preview.address).expect("a connection");
        tcp.set_read_timeout(Some(LIMIT)).expect("a timeout");
        tcp.write_all(b"GET /_longhouse/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("it is sent");
        Stream { tcp, heard: String::new() }
    }

    /// Reads until a text has come.
    fn until(&mut self, text: &str) -> &str {
        // What was read already is looked through once.
        let mut seen = 0;
        while memchr::memmem::find(&self.heard.as_bytes()[seen..], text.as_bytes()).is_none() {
            seen = self.heard.len().saturating_sub(text.len());
            let mut piece = [0; 65536];
            let read = self.tcp.read(&mut piece).expect("more of it");
            assert!(read > 0, "it ended: {}", self.heard);
            self.heard.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
        &self.heard
    }
}

fn put(preview: &Preview, path: &str, text: &str) {
    let path = OutputPath::new(path).expect("a plain path");
    preview
        .current
        .publish(Update { files: vec![(path, Some(Content::from(text.to_owned())))], ..Update::default() });
}

#[test]
fn who_listens_hears_what_changed_and_nothing_else() {
    let preview = Preview::plain();
    let mut stream = Stream::open(&preview);
    let hello = stream.until("\"number\":0").to_owned();
    assert!(hello.contains("content-type: text/event-stream") && hello.contains("retry: 500"), "{hello}");
    // The same bytes again are no news.
    put(&preview, "app.js", "script");
    put(&preview, "app.js", "another script");
    let heard = stream.until("\"number\":1").to_owned();
    assert!(heard.contains("event: update") && heard.contains("\"files\":[\"app.js\"]"), "{heard}");
    preview.current.publish(Update {
        moved: vec![("/old/".to_owned(), Some("/new/".to_owned()))],
        saved: Some(Saved { address: "/new/".to_owned(), fragment: None, words: "a\nb".to_owned() }),
        ..Update::default()
    });
    let heard = stream.until("\"number\":2").to_owned();
    assert!(heard.contains(r#""moved":[["/old/","/new/"]]"#) && heard.contains(r"a\nb"), "{heard}");
}

#[test]
fn a_page_that_moved_is_found_by_whoever_was_not_told() {
    let preview = Preview::plain();
    let page = |path: &str, text: Option<&str>| {
        let content = text.map(|text| Content::from(text.to_owned()));
        (OutputPath::new(&format!("{path}/index.html")).expect("a plain path"), content)
    };
    let go = |from: &str, to: &str| {
        let files = vec![page(from, None), page(to, Some("<h1>It</h1>"))];
        let moved = vec![(format!("/{from}/"), Some(format!("/{to}/")))];
        preview.current.publish(Update { files, moved, ..Update::default() });
    };
    let location = |path: &str| preview.get(path).header("location").to_owned();
    go("old", "newer");
    assert_eq!(location("/old/"), "/newer/");
    go("newer", "newest");
    assert_eq!(location("/old/?a=b"), "/newest/?a=b");
    assert_eq!(location("/newer/"), "/newest/");
    go("newest", "old");
    assert_eq!((&*location("/old/"), &*location("/newer/")), ("", "/old/"));
    preview.current.publish(Update { files: vec![page("newer", Some("Another"))], ..Update::default() });
    assert_eq!(location("/newer/"), "", "another page has its address");
}

#[test]
fn of_many_changes_it_is_said_that_they_are_many() {
    let preview = Preview::plain();
    let mut stream = Stream::open(&preview);
    stream.until("\"number\":0");
    let files = (0..1000)
        .map(|n| (OutputPath::new(&format!("p{n}/index.html")).expect("a path"), Some(Vec::new().into())))
        .collect();
    preview.current.publish(Update { files, ..Update::default() });
    assert!(stream.until("\"number\":1").contains("\"files\":null"));
}

#[test]
fn the_end_does_not_wait_for_those_who_listen() {
    let preview = Preview::plain();
    let mut streams: Vec<Stream> = (0..8).map(|_| Stream::open(&preview)).collect();
    for stream in &mut streams {
        stream.until("hello");
    }
    let begin = std::time::Instant::now();
    drop(preview);
    assert!(begin.elapsed() < LIMIT);
}

#[test]
fn one_who_does_not_keep_up_is_let_go_and_holds_nobody_up() {
    let preview = Preview::plain();
    let mut slow = Stream::open(&preview);
    slow.until("hello");
    // More than any buffer on the way takes.
    let long = "x".repeat(100_000);
    for n in 0..300 {
        preview.current.publish(Update { moved: vec![(format!("/{n}/{long}/"), None)], ..Update::default() });
    }
    let mut other = Stream::open(&preview);
    other.until("\"number\":300");
    // The last piece of an answer that comes in pieces.
    let heard = slow.until("\r\n0\r\n\r\n");
    assert!(!heard.contains("\"number\":300"));
}

#[test]
fn requests_wait_for_the_first_site() {
    let bound = bind(&Options { port: Some(0), ..Options::default() }).expect("a port");
    let address = bound.address();
    let current = Arc::new(Current::new());
    let served = Arc::clone(&current);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let thread = std::thread::spawn(move || bound.run_until(served, async { drop(stopped.await) }));
    let mut early = TcpStream::connect(address).expect("a connection");
    early.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("it is sent");
    early.set_read_timeout(Some(Duration::from_millis(50))).expect("a timeout");
    assert!(early.read(&mut [0; 16]).is_err(), "there is nothing to answer with");
    let path = OutputPath::new("index.html").expect("a plain path");
    let files = vec![(path, Some(Content::from("here it is".to_owned())))];
    current.publish(Update { files, ..Update::default() });
    early.set_read_timeout(Some(LIMIT)).expect("a timeout");
    let mut answer = String::new();
    early.read_to_string(&mut answer).expect("an answer");
    assert!(answer.contains("here it is"), "{answer}");
    drop(stop);
    thread.join().expect("its end").expect("a good one");
}

#[test]
fn a_page_has_the_script_and_its_length_and_tag_agree() {
    let options = Options { base_path: "/docs/".to_owned(), ..Options::default() };
    let preview = Preview::start(options, site());
    put(&preview, "index.html", "<html><head><title>x</title></head><body>home</body></html>");
    let page = preview.get("/docs/");
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let state = text
        .split("data-state=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the state of the page");
    assert!(text.contains("<script src=\"/docs/_longhouse/live.js\" type=\"module\""), "{text}");
    assert_eq!(page.header("content-length"), page.body.len().to_string());
    assert_eq!(page.header("etag"), format!("\"{state}\""));
    let again = preview.ask("GET", "/docs/", &format!("If-None-Match: \"{state}\"\r\n"));
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = preview.ask("HEAD", "/docs/", "");
    assert_eq!(head.header("content-length"), page.body.len().to_string());
    // Nothing but pages has it.
    assert_eq!(preview.get("/docs/app.js").body, b"script");
    let missing = preview.get("/docs/nowhere/");
    assert_eq!(missing.status, 404);
    assert!(String::from_utf8_lossy(&missing.body).contains("data-missing"));
    for name in ["live.js", "morph.js", "idiomorph.js", "panel.js"] {
        let script = preview.get(&format!("/docs/_longhouse/{name}"));
        assert_eq!((script.status, script.header("content-type")), (200, "text/javascript; charset=utf-8"));
        assert_eq!(preview.get(&format!("/_longhouse/{name}")).status, 404);
    }
}

#[test]
fn content_cannot_take_the_addresses_of_the_preview() {
    let preview = Preview::plain();
    for path in ["_longhouse/live.js", "_longhouse/index.html", "_longhouse/mine.txt", "_longhouse"] {
        put(&preview, path, "mine");
    }
    assert!(preview.get("/_longhouse/live.js").text().contains("import"));
    assert!(preview.get("/_longhouse/").text().contains("No problems"));
    assert_eq!(preview.get("/_longhouse").header("location"), "/_longhouse/");
    for path in ["/_longhouse/mine.txt", "/_longhouse/index.html", "/%5Flonghouse/mine.txt"] {
        assert_eq!(preview.get(path).status, 404, "{path}");
    }
}

#[test]
fn what_the_preview_says_is_for_its_own_pages_only() {
    let preview = Preview::plain();
    for path in ["events", "problems?page=/", "origins?page=/", "live.js", "page.css"] {
        let path = format!("/_longhouse/{path}");
        for headers in [
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n",
            "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n",
            // Another server on this machine is the same site to a browser.
            "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: no-cors\r\n",
            "Origin: http://localhost:9\r\n",
            "Origin: null\r\n",
            "Host: evil.example\r\n",
        ] {
            assert_eq!(preview.ask("GET", &path, headers).status, 403, "{path} {headers}");
        }
        assert_eq!(preview.ask("POST", &path, "Content-Length: 0\r\n").status, 405, "{path}");
        assert_eq!(preview.ask("HEAD", &path, "").header("access-control-allow-origin"), "", "{path}");
    }
    let own = "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n";
    assert_eq!(preview.ask("GET", "/_longhouse/origins?page=/", own).status, 200);
    let link = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\n";
    assert_eq!(preview.ask("GET", "/_longhouse/", link).status, 200);
}

fn problem(message: &str, pages: Pages) -> Problem {
    use crate::diagnostic::{Diagnostic, Rule, Span};
    let file: Arc<str> = "content/questions/refund.md".into();
    let diagnostic = Diagnostic::new(Rule::FrontMatter, &file, Span::in_line(3, 5, 4), message)
        .help("Put it between quotes.")
        .fix("\"a: b\"");
    Problem { diagnostic, excerpt: "3 | title: a: b".to_owned(), pages, stops: false }
}

#[test]
fn problems_are_listed_with_their_place_and_nothing_in_them_is_html() {
    let preview = Preview::plain();
    let list = vec![
        problem(
            "<script>alert(1)</script> \u{202e}desrever",
            Pages::These(vec!["/questions/\"><b>/".to_owned()]),
        ),
        problem("the configuration cannot be read", Pages::Every),
    ];
    let ribbons = vec![Ribbon {
        address: "/questions/späte/".to_owned(),
        fragment: None,
        title: "Late & <later>".to_owned(),
        words: "draft".to_owned(),
    }];
    preview.current.publish(Update {
        problems: Some(Problems { list }),
        ribbons: Some(ribbons),
        ..Update::default()
    });
    let page = preview.get("/_longhouse/").text();
    assert!(page.contains("<h1>2 errors</h1>") && page.contains("3 | title: a: b"), "{page}");
    assert!(page.contains("line 3, column 5") && page.contains("Put it between quotes."), "{page}");
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; \u{fffd}desrever"), "{page}");
    assert!(page.contains("href=\"/questions/%22%3E%3Cb%3E/\""), "{page}");
    assert!(page.contains("href=\"/questions/sp%C3%A4te/\">Late &amp; &lt;later&gt;</a>"), "{page}");
    assert!(!page.contains("<script>"), "{page}");
    let here = preview.get("/_longhouse/problems?page=%2Fquestions%2Frefund%2F").text();
    let here: serde_json::Value = serde_json::from_str(&here).expect("JSON");
    assert_eq!((&here["page"]["errors"], &here["site"]["errors"]), (&1.into(), &2.into()));
    assert_eq!(here["problems"][0]["line"], 3);
    assert_eq!(here["problems"][0]["edit"], serde_json::Value::Null);
}

#[test]
fn a_page_that_cannot_be_made_says_why_and_a_made_one_stays() {
    let preview = Preview::plain();
    let list = vec![
        problem("no title", Pages::These(vec!["/questions/new/".to_owned()])),
        problem("no date", Pages::These(vec!["/questions/refund/".to_owned()])),
    ];
    preview.current.publish(Update { problems: Some(Problems { list }), ..Update::default() });
    let never = preview.get("/questions/new/");
    assert_eq!(never.status, 404);
    assert!(never.text().contains("This page cannot be shown yet") && never.text().contains("no title"));
    let stays = preview.get("/questions/refund/");
    assert_eq!((stays.status, stays.text().as_str()), (200, "refund"));
    assert_eq!(preview.get("/questions/other/").text(), "nothing here");
}

struct Blocks;

impl Origins for Blocks {
    fn of(&self, address: &str) -> Vec<Origin> {
        let file: Arc<str> = "content/questions/my refund.md".into();
        let block = |line, text: &str| Origin { file: Arc::clone(&file), line, text: text.to_owned() };
        if address == "/questions/refund/" { vec![block(1, ""), block(7, "Send it.")] } else { Vec::new() }
    }
}

#[test]
fn a_block_opens_in_the_editor_of_this_machine() {
    let preview = Preview::plain();
    let settings = Settings {
        editor: Some("vscode://file/{path}:{line}:{column}".to_owned()),
        root: "/home/ana/my site".into(),
    };
    preview.current.publish(Update {
        origins: Some(Arc::new(Blocks)),
        settings: Some(settings),
        ..Update::default()
    });
    let ask = || {
        let answer = preview.get("/_longhouse/origins?page=%2Fquestions%2Frefund%2F").text();
        serde_json::from_str::<serde_json::Value>(&answer).expect("JSON")
    };
    let block = &ask()["blocks"][1];
    assert_eq!(block["path"], "/home/ana/my site/content/questions/my refund.md");
    assert_eq!(block["edit"], "vscode://file/home/ana/my%20site/content/questions/my%20refund.md:7:1");
    assert_eq!((&block["text"], &block["line"]), (&"Send it.".into(), &7.into()));
    let settings = Settings { editor: None, root: "/home/ana".into() };
    preview.current.publish(Update { settings: Some(settings), ..Update::default() });
    assert_eq!(ask()["blocks"][0]["edit"], serde_json::Value::Null);
    assert_eq!(ask()["editor"], false);
    assert!(preview.get("/_longhouse/origins?page=/nowhere/").text().contains("\"blocks\":[]"));
}
