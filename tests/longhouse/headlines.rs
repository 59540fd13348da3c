//! `longhouse feeds pull`, on this machine alone: what is read of feeds as strangers write them, what nobody must be able
//! to make it ask or keep, and what becomes of the files.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::date;
use jiff::tz::TimeZone;
use longhouse::data::feed::Headline;
use longhouse::feeds::{self, LinkFeed, Options, Trouble};

use crate::fixture::{Folder, command, folder};

/// What the host answers at a path: the whole answer, with its head.
type Answers = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A host on this machine.
struct Host {
    port: u16,
    answers: Answers,
    ends: Arc<AtomicBool>,
}

fn host() -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let answers: Answers = Arc::default();
    let ends = Arc::new(AtomicBool::new(false));
    let host = Host { port, answers: Arc::clone(&answers), ends: Arc::clone(&ends) };
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if ends.load(Ordering::SeqCst) {
                return;
            }
            let answers = Arc::clone(&answers);
            std::thread::spawn(move || answer(stream, &answers));
        }
    });
    host
}

fn answer(mut stream: TcpStream, answers: &Answers) {
    let mut bytes = Vec::new();
    let mut piece = [0; 1024];
    while !bytes.windows(4).any(|it| it == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    if path == "/silent" {
        // Says nothing until the other side has had enough.
        let _ = stream.read(&mut piece);
        return;
    }
    let known = answers.lock().expect("a list").iter().rev().find(|it| it.0 == path).map(|it| it.1.clone());
    let _ = stream.write_all(&known.unwrap_or_else(|| b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec()));
}

impl Host {
    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Answers a path with a head and a body from now on.
    fn say(&self, path: &str, head: &str, body: impl AsRef<[u8]>) {
        let body = body.as_ref();
        let mut whole = format!("HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
        whole.extend_from_slice(body);
        self.answers.lock().expect("a list").push((path.to_owned(), whole));
    }

    fn feed(&self, path: &str, body: impl AsRef<[u8]>) {
        self.say(path, "200 OK", body);
    }

    fn leads(&self, path: &str, to: &str) {
        self.say(path, &format!("302 Found\r\nLocation: {to}"), "");
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn options() -> Options {
    Options {
        allowed: BTreeSet::from(["127.0.0.1".to_owned()]),
        patience: Duration::from_secs(300),
        limit: Duration::from_secs(600),
        today: Some(date(2026, 11, 20)),
        timezone: TimeZone::UTC,
    }
}

fn link(feed: &str) -> LinkFeed {
    LinkFeed { slug: "a".to_owned(), file: "content/links/a.md".to_owned(), feed: feed.to_owned() }
}

fn pulled(host: &Host, path: &str) -> Result<Vec<Headline>, Trouble> {
    feeds::pull(&[link(&host.url(path))], &options()).remove(0)
}

/// What is read of a feed, each as `day title url`, with the host as `H`.
#[track_caller]
fn read(host: &Host, body: impl AsRef<[u8]>) -> Vec<String> {
    host.feed("/blog/feed", body);
    let items = pulled(host, "/blog/feed").unwrap_or_else(|trouble| panic!("{trouble}"));
    let own = host.url("");
    items
        .into_iter()
        .map(|it| {
            let day = it.date.map_or_else(|| "-".to_owned(), |day| day.to_string());
            format!("{day} {} {}", it.title, it.url.replace(&own, "H"))
        })
        .collect()
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>B</title><link>https://b.example/</link>{items}</channel></rss>"
    )
}

#[test]
fn every_format_of_feeds_is_read() {
    let host = host();
    let atom = "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'>\
        <title>Blog</title><link href='https://b.example/'/><updated>2026-11-10T00:00:00Z</updated>\
        <entry><title>Old</title><link rel='self' href='/x'/><link href='https://b.example/old'/>\
        <published>2026-01-02T10:00:00Z</published><updated>2026-11-12T00:00:00Z</updated></entry>\
        <entry><title type='html'>&lt;b&gt;New&lt;/b&gt; &amp;amp; hot</title><link rel='alternate' href='https://b.example/new'/>\
        <updated>2026-11-10T10:00:00+02:00</updated></entry>\
        <entry><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>In <em>XHTML</em></div></title>\
        <link href='https://b.example/x'/><updated>2026-05-01T10:00:00Z</updated></entry></feed>";
    assert_eq!(
        read(&host, atom),
        [
            "2026-11-10 New & hot https://b.example/new",
            "2026-05-01 In XHTML https://b.example/x",
            "2026-01-02 Old https://b.example/old",
        ]
    );
    let prefixed = "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>A &lt;b&gt;</a:title>\
        <a:link href='https://b.example/a'/></a:entry></a:feed>";
    assert_eq!(read(&host, prefixed), ["- A <b> https://b.example/a"]);
    let two = rss(
        "<item><title><![CDATA[Leeks <i>&amp;</i> frost]]></title><link>https://b.example/1</link>\
         <pubDate>Tue, 10 Nov 2026 09:00:00 EST</pubDate></item>\
         <item><title>Vec&lt;String&gt;</title><guid>https://b.example/2</guid><dc:date>2026-11-11</dc:date>\
         <media:title>No</media:title><image><title>Nor this</title></image></item>\
         <item><description>&lt;p&gt;No title, but a text.&lt;/p&gt;</description><link>https://b.example/3</link></item>\
         <item><title>Nowhere</title><guid isPermaLink='false'>https://b.example/no</guid></item>",
    );
    assert_eq!(
        read(&host, two),
        [
            "2026-11-11 Vec<String> https://b.example/2",
            "2026-11-10 Leeks & frost https://b.example/1",
            "- No title, but a text. https://b.example/3",
        ]
    );
    let one = "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='r' xmlns:dc='d'><channel><title>B</title></channel>\
        <item rdf:about='x'><title>RDF</title><link>https://b.example/r</link><dc:date>2026-11-01T00:00:00Z</dc:date></item></rdf:RDF>";
    assert_eq!(read(&host, one), ["2026-11-01 RDF https://b.example/r"]);
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "B", "items": [
        {"id": 1, "title": "J <b>", "url": "https://b.example/j", "date_published": "2026-11-02T00:00:00Z"},
        {"id": 2, "content_html": "<p>No <b>title</b></p>", "url": "/rel"}, {"id": 3, "title": "No address"}]}"#;
    assert_eq!(read(&host, json), ["2026-11-02 J <b> https://b.example/j", "- No title H/rel"]);
    assert_eq!(read(&host, rss("")), Vec::<String>::new());
}

#[test]
fn addresses_are_those_of_the_web_and_read_where_they_stand() {
    let host = host();
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='/base/'>\
        <entry><title>1</title><link href='one'/></entry>\
        <entry xml:base='https://other.example/deep/'><title>2</title><link href='../two'/></entry>\
        <entry><title>3</title><link href='?three'/></entry>\
        <entry><title>4</title><link href='javascript:alert(1)'/></entry>\
        <entry><title>5</title><link href=' JaVa\tScript:alert(1)'/></entry>\
        <entry><title>6</title><link href='data:text/html,x'/></entry>\
        <entry><title>7</title><link href='https://ana:secret@b.example/'/></entry>\
        <entry><title>8</title><link href='https://b.example/&quot;&gt;&lt;script&gt;'/></entry>\
        <entry><title>9</title><link href='file:///etc/passwd'/></entry>\
        <entry><title>10</title><link href='//b.example/ten'/></entry></feed>";
    assert_eq!(
        read(&host, atom),
        [
            "- 1 H/base/one",
            "- 2 https://other.example/two",
            "- 3 H/base/?three",
            "- 8 https://b.example/%22%3E%3Cscript%3E",
            "- 10 http://b.example/ten",
        ]
    );
    assert_eq!(read(&host, rss("<item><title>R</title><link>post</link></item>")), ["- R H/blog/post"]);
    let long = format!("https://b.example/{}", "x".repeat(3000));
    assert_eq!(
        read(&host, rss(&format!("<item><title>R</title><link>{long}</link></item>"))),
        Vec::<String>::new()
    );
}

#[test]
fn a_feed_says_at_most_ten_things_each_once_the_newest_first_and_nothing_of_tomorrow() {
    let host = host();
    let items: String = (0..10_000)
        .map(|n| {
            format!(
                "<item><title>{n}</title><link>https://b.example/{n}</link><pubDate>{:02} Jan {} 10:00:00 GMT</pubDate></item>",
                1 + n % 28,
                2000 + n % 20
            )
        })
        .collect();
    let found = read(&host, rss(&items));
    assert_eq!(found.len(), 10);
    assert!(found.iter().all(|it| it.starts_with("2019-01-28 ")), "{found:?}");
    let twice = "<item><title>A</title><link>https://b.example/1</link></item>\
        <item><title>B</title><link>https://b.example/1</link><pubDate>2026-11-01</pubDate></item>\
        <item><title>C</title><link>https://b.example/2</link><pubDate>2126-11-01</pubDate></item>\
        <item><title>D</title><link>https://b.example/3</link><pubDate>soon</pubDate></item>";
    assert_eq!(
        read(&host, rss(twice)),
        ["2026-11-01 B https://b.example/1", "- C https://b.example/2", "- D https://b.example/3"]
    );
    let long = "word ".repeat(5_000);
    let odd = format!(
        "<item><title>{long}</title><link>https://b.example/1</link></item>\
         <item><title>\u{202e}مرحبا\u{200b} 🌱\n\n  two\tlines</title><link>https://b.example/2</link></item>\
         <item><title>  </title><link>https://b.example/3</link></item>\
         <item><title>&lt;script&gt;alert(1)&lt;/script&gt;</title><link>https://b.example/4</link></item>"
    );
    let found = read(&host, rss(&odd));
    assert!(found[0].chars().count() < 230 && found[0].contains('…'), "{}", found[0]);
    assert_eq!(
        found[1..],
        ["- مرحبا 🌱 two lines https://b.example/2", "- <script>alert(1)</script> https://b.example/4"]
    );
}

#[test]
fn a_charset_is_what_the_bytes_are_whatever_is_said_of_them() {
    let host = host();
    let item = |title: &[u8]| {
        let mut bytes = b"<rss><channel><item><link>https://b.example/</link><title>".to_vec();
        bytes.extend_from_slice(title);
        bytes.extend_from_slice(b"</title></item></channel></rss>");
        bytes
    };
    let declared = |charset: &str, rest: Vec<u8>| {
        let mut bytes = format!("<?xml version=\"1.0\" encoding=\"{charset}\"?>").into_bytes();
        bytes.extend(rest);
        bytes
    };
    let bom = |rest: Vec<u8>| [b"\xEF\xBB\xBF".to_vec(), rest].concat();
    let wide: Vec<u8> =
        String::from_utf8_lossy(&item("Käse".as_bytes())).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for body in [
        item("Käse".as_bytes()),
        bom(item("Käse".as_bytes())),
        item(b"K\xE4se"),
        declared("ISO-8859-1", item(b"K\xE4se")),
        declared("utf-8", item(b"K\xE4se")),
        declared("ISO-8859-1", item("Käse".as_bytes())),
        declared("nonsense", item("Käse".as_bytes())),
        [b"\xFF\xFE".to_vec(), wide.clone()].concat(),
        wide,
        item(b"K\xC3\xA4\x00\x08se"),
    ] {
        assert_eq!(read(&host, &body), ["- Käse https://b.example/"], "{}", String::from_utf8_lossy(&body));
    }
    host.say("/x", "200 OK\r\nContent-Type: text/xml; charset=\"windows-1251\"", item(b"\xD1\xFB\xF0"));
    assert_eq!(pulled(&host, "/x").expect("a feed")[0].title, "Сыр");
}

#[test]
fn what_is_no_feed_is_told_and_takes_nothing() {
    let host = host();
    let bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><rss><channel>\
        <item><title>&b;</title><link>https://b.example/</link></item></channel></rss>";
    let external = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&x;</title></item></channel></rss>";
    let deep = format!("<rss>{}</rss>", "<a>".repeat(100_000));
    for (body, why) in [
        (bomb, "it declares entities"),
        (external, "it declares entities"),
        ("<rss><channel><item><title>&x;</title></item></channel></rss>", "it uses an entity"),
        ("<!DOCTYPE html><html><p>Hello", "it is a web page"),
        ("<html><body>", "it is a web page"),
        ("<rss><channel>", "an element is never closed"),
        ("<rss></channel>", "its opening and closing tags do not match"),
        (deep.as_str(), "its elements are nested too deeply"),
        ("", "it is empty"),
        ("hello", "it is neither XML nor JSON"),
        ("{\"items\": []}", "it is JSON of another kind"),
        ("{\"items\": [", "it cannot be read as JSON"),
        ("<svg/>", "it is XML of another kind"),
        ("<opml version='2.0'><body/></opml>", "it is a list of feeds"),
        ("<urlset/>", "it is a sitemap"),
    ] {
        host.feed("/f", body);
        assert_eq!(pulled(&host, "/f"), Err(Trouble::Feed(why.to_owned())), "{body:.80}");
    }
    let nested =
        format!("{{\"version\": \"https://jsonfeed.org/version/1\", \"items\": {}", "[".repeat(200_000));
    host.feed("/f", nested);
    assert!(matches!(pulled(&host, "/f"), Err(Trouble::Feed(_))));
    host.feed("/huge", vec![b'a'; usize::try_from(feeds::MAX_BYTES).expect("a size") + 1]);
    assert_eq!(
        pulled(&host, "/huge"),
        Err(Trouble::Broken(format!("answers with more than {} bytes", feeds::MAX_BYTES)))
    );
    assert_eq!(pulled(&host, "/nothing"), Err(Trouble::Status(404)));
}

#[test]
fn nobody_is_asked_who_is_in_a_private_network_at_any_step() {
    let host = host();
    host.feed("/fine", rss(""));
    host.leads("/moved", "/fine");
    host.leads("/round", "/round");
    let targets = [
        ("/name", "http://localhost/feed.xml"),
        ("/v6", "http://[::1]/feed.xml"),
        ("/mapped", "http://[::ffff:127.0.0.1]/feed.xml"),
        ("/metadata", "http://169.254.169.254/latest/meta-data"),
        ("/decimal", "http://2130706433/feed.xml"),
        ("/ten", "https://10.0.0.1/feed.xml"),
        ("/port", "http://1.1.1.1:22/"),
    ];
    for (path, to) in targets {
        host.leads(path, to);
    }
    host.leads("/file", "file:///etc/passwd");
    assert_eq!(pulled(&host, "/moved"), Ok(Vec::new()));
    assert_eq!(pulled(&host, "/round"), Err(Trouble::Broken("redirects too often".to_owned())));
    for (path, to) in targets.into_iter().filter(|it| it.0 != "/decimal") {
        assert_eq!(pulled(&host, path), Err(Trouble::Private), "{to}");
    }
    // Written as a number it is the address that is allowed here, and on the wrong port.
    assert_ne!(pulled(&host, "/decimal"), Ok(Vec::new()));
    assert!(matches!(pulled(&host, "/file"), Err(Trouble::Broken(_))));
    let strict = Options { allowed: BTreeSet::new(), ..options() };
    for (feed, trouble) in [
        (host.url("/fine"), Trouble::Private),
        (format!("http://localhost:{}/fine", host.port), Trouble::Reserved),
        ("http://[::1]/".to_owned(), Trouble::Private),
        ("https://blog.example/feed.xml".to_owned(), Trouble::Reserved),
        ("https://blog.example.org/feed.xml".to_owned(), Trouble::Reserved),
        ("https://ana:secret@b.net/".to_owned(), Trouble::Named),
        ("javascript:alert(1)".to_owned(), Trouble::Address),
        ("ftp://b.net/feed".to_owned(), Trouble::Address),
        ("/feed.xml".to_owned(), Trouble::Address),
        (String::new(), Trouble::Address),
    ] {
        assert_eq!(feeds::pull(&[link(&feed)], &strict), [Err(trouble)], "{feed}");
    }
}

#[test]
fn a_host_that_says_nothing_keeps_nobody_waiting_for_ever() {
    let host = host();
    host.feed("/fine", rss(""));
    let hasty = Options { patience: Duration::from_millis(200), ..options() };
    let silent = feeds::pull(&[link(&host.url("/silent"))], &hasty);
    assert_eq!(silent, [Err(Trouble::Broken("does not respond in time".to_owned()))]);
    let over = Options { limit: Duration::ZERO, ..options() };
    assert_eq!(feeds::pull(&[link(&host.url("/fine"))], &over), [Err(Trouble::NoTime)]);
    // Each comes or fails by itself, in the order in which they were asked for.
    let many: Vec<LinkFeed> =
        (0..12).map(|n| link(&host.url(if n % 3 == 0 { "/gone" } else { "/fine" }))).collect();
    let found = feeds::pull(&many, &options());
    let failed: Vec<usize> = (0..12).filter(|n| found[*n].is_err()).collect();
    assert_eq!(failed, [0, 3, 6, 9]);
}

fn links(host: &Host) -> Folder {
    let site = folder("=== longhouse.yaml\ntitle: T\n");
    for (name, path) in [("diary", "/diary"), ("notes", "/notes"), ("gone", "/gone")] {
        let feed = host.url(path);
        site.write(
            &format!("content/links/{name}.md"),
            format!("---\nurl: https://{name}.example.org/\nfeed: {feed}\ntype: blog\n---\n# {name}\n"),
        );
    }
    site.write("content/links/plain.md", "---\nurl: https://plain.example.org/\n---\n# Plain\n");
    let hidden = format!(
        "---\nurl: https://h.example.org/\nfeed: {}\nstatus: hidden\nreason: x\n---\n# H\n",
        host.url("/hidden")
    );
    site.write("content/links/hidden.md", hidden);
    site
}

/// Runs the command on the day of the 20th of November 2026.
fn run(site: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let done: Output = command()
        .args(["feeds", "pull", "--root"])
        .arg(site.root())
        .args(arguments)
        .env("LONGHOUSE_EXTERNAL_ALLOW", "127.0.0.1")
        .env("SOURCE_DATE_EPOCH", "1795132800")
        .output()
        .expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (done.status.code().unwrap_or(-1), text(&done.stdout), text(&done.stderr))
}

#[test]
fn the_command_writes_one_file_for_each_feed_and_leaves_what_is_as_it_was() {
    let host = host();
    let item = |title: &str| {
        rss(&format!(
            "<item><title>{title}</title><link>https://b.example/1</link><pubDate>2026-11-10</pubDate></item>"
        ))
    };
    host.feed("/diary", item("Leeks &amp; frost"));
    host.feed("/notes", item("Coils"));
    host.feed("/hidden", item("Hidden"));
    let site = links(&host);
    let (status, out, err) = run(&site, &[]);
    assert_eq!((status, out.as_str()), (0, "data/feeds/diary.yaml\ndata/feeds/notes.yaml\n"), "{err}");
    assert!(err.contains("content/links/gone.md") && err.contains("answers with 404"), "{err}");
    assert!(err.contains("3 feeds: 2 with new headlines, 0 unchanged, 1 failed"), "{err}");
    let file = |name: &str| std::fs::read_to_string(site.root().join(format!("data/feeds/{name}.yaml"))).ok();
    let diary = format!(
        "# Written by `longhouse feeds pull`, which replaces this file.\nfeed: \"{}\"\nchanged: 2026-11-20\nitems:\n  \
         - date: 2026-11-10\n    title: \"Leeks & frost\"\n    url: \"https://b.example/1\"\n",
        host.url("/diary")
    );
    assert_eq!(file("diary"), Some(diary.clone()));
    assert!(site.build().main("/links/").contains("Headlines of 20 November 2026"));
    // What says the same keeps its bytes, also those that somebody added; what fails keeps what it had.
    site.write("data/feeds/diary.yaml", format!("# Ours.\n{diary}"));
    host.say("/notes", "500 Oh", "");
    let (status, out, err) = run(&site, &[]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(file("diary").is_some_and(|it| it.starts_with("# Ours.")) && file("notes").is_some());
    // One alone.
    host.feed("/diary", item("Snow"));
    host.feed("/notes", item("Drowned"));
    let (status, out, _) = run(&site, &["--only", "notes"]);
    assert_eq!((status, out.as_str()), (0, "data/feeds/notes.yaml\n"));
    assert!(
        file("notes").is_some_and(|it| it.contains("Drowned"))
            && file("diary").is_some_and(|it| it.contains("frost"))
    );
    let (status, _, err) = run(&site, &["--only", "diray"]);
    assert!(status == 2 && err.contains("Did you mean `diary`?"), "{err}");
    // Another address is another feed, whatever it says.
    let moved =
        format!("---\nurl: https://diary.example.org/\nfeed: {}?2\n---\n# diary\n", host.url("/diary"));
    site.write("content/links/diary.md", moved);
    assert!(!site.build().main("/links/").contains("Leeks"));
}

#[test]
fn headlines_of_links_that_are_gone_are_told_and_pruned() {
    let host = host();
    host.feed("/diary", rss(""));
    let site = links(&host);
    for name in ["left", "hidden", "Diary"] {
        site.write(&format!("data/feeds/{name}.yaml"), "feed: https://x.example.org/\nitems: []\n");
    }
    site.write("data/feeds/readme.txt", "Ours.");
    let (status, _, err) = run(&site, &[]);
    assert_eq!(status, 0, "{err}");
    for name in ["left", "hidden", "Diary"] {
        assert!(err.contains(&format!("data/feeds/{name}.yaml: no published link")), "{err}");
    }
    let (_, _, err) = run(&site, &["--only", "diary"]);
    assert!(!err.contains("left"), "{err}");
    let (status, out, _) = run(&site, &["--prune"]);
    assert_eq!(status, 0);
    assert_eq!(out.matches("was removed").count(), 3, "{out}");
    let names: BTreeSet<String> = std::fs::read_dir(site.root().join("data/feeds"))
        .expect("a folder")
        .map(|it| it.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names, BTreeSet::from(["diary.yaml".to_owned(), "readme.txt".to_owned()]));
}

#[test]
fn where_nothing_can_be_read_nothing_changes_and_a_site_without_feeds_has_nothing_to_do() {
    let host = host();
    let site = links(&host);
    let (status, out, err) = run(&site, &[]);
    assert_eq!((status, out.as_str()), (3, ""));
    assert!(err.contains("No feed could be read") && !site.root().join("data").exists(), "{err}");
    let empty = folder("=== content/questions/a.md\n# A?\n");
    let (status, out, err) = run(&empty, &[]);
    assert!(status == 0 && out.is_empty() && err.contains("No link has a `feed`"), "{err}");
}
