//! Pictures of other sites, brought in from a host on this machine: who is asked, what is taken, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use image::{DynamicImage, ImageFormat, RgbImage};
use longhouse::fetch::{Fetcher, Trouble, remade};
use url::Url;

use crate::fixture::folder;
use crate::repository::repository;

/// A host that answers paths with bytes, and what it was asked.
struct Host {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

fn host(answers: BTreeMap<&'static str, Vec<u8>>) -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let said = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|count| count > 0) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            said.lock().expect("a list").push(path.clone());
            let answer = match path.strip_prefix("/to/") {
                Some(to) => format!(
                    "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
                    to.replace("PORT", &port.to_string())
                )
                .into_bytes(),
                None => match answers.get(&*path) {
                    Some(bytes) => [
                        format!(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
                            bytes.len()
                        )
                        .as_bytes(),
                        bytes,
                    ]
                    .concat(),
                    None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
                },
            };
            let _ = stream.write_all(&answer);
        }
    });
    Host { port, asked }
}

fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

fn drawn() -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(40, 30, |x, y| image::Rgb([x as u8 * 6, y as u8 * 8, 90])))
}

/// A PNG that says where it was taken, with a page behind it.
fn talkative() -> Vec<u8> {
    let png = written(&drawn(), ImageFormat::Png);
    let text = b"tEXtComment\0taken at home, 60.1 N 24.9 E";
    let length = u32::try_from(text.len() - 4).expect("short").to_be_bytes();
    // Nobody looks at the sum of a part that is passed over.
    let sum = [0xd9, 0x1f, 0x5b, 0x2c];
    let at = 33;
    [&png[..at], &length[..], &text[..], &sum[..], &png[at..], &b"<script>alert(1)</script>"[..]].concat()
}

fn fetcher(named: &[&str], allowed: &[&str]) -> Fetcher {
    let named: Vec<String> = named.iter().map(ToString::to_string).collect();
    let allowed: BTreeSet<String> = allowed.iter().map(ToString::to_string).collect();
    Fetcher::new(Some("https://github.com/acme/kb"), &named, allowed, Duration::from_secs(300))
}

#[test]
fn a_picture_is_made_anew_from_what_is_seen() {
    let made = remade(&talkative()).expect("a picture");
    assert_eq!((made.ending, made.width, made.height), ("png", 40, 30));
    let holds = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|it| it == what);
    assert!(!holds(&made.bytes, b"taken at home") && !holds(&made.bytes, b"<script>"));
    let seen = image::load_from_memory(&made.bytes).expect("it is one").to_rgb8();
    assert_eq!(seen, drawn().to_rgb8(), "what is seen is the same");
    assert_eq!(made, remade(&talkative()).expect("a picture"), "the same bytes make the same picture");
    assert_eq!(remade(&written(&drawn(), ImageFormat::Jpeg)).expect("a picture").ending, "jpg");
    assert_eq!(remade(&written(&drawn(), ImageFormat::WebP)).expect("a picture").ending, "jpg");
    assert_eq!(remade(&written(&drawn(), ImageFormat::Gif)).expect("a picture").ending, "png");
    let see_through = DynamicImage::ImageRgba8(drawn().to_rgba8());
    assert_eq!(remade(&written(&see_through, ImageFormat::WebP)).expect("a picture").ending, "png");
}

#[test]
fn an_animation_stays_one() {
    let mut bytes = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
        let frames = [0_u8, 255].map(|grey| {
            let delay = image::Delay::from_numer_denom_ms(120, 1);
            image::Frame::from_parts(
                image::RgbaImage::from_pixel(20, 10, image::Rgba([grey, grey, grey, 255])),
                0,
                0,
                delay,
            )
        });
        encoder.encode_frames(frames).expect("frames");
    }
    let made = remade(&bytes).expect("a picture");
    assert_eq!((made.ending, made.width, made.height), ("gif", 20, 10));
    let decoder = image::codecs::gif::GifDecoder::new(Cursor::new(&made.bytes)).expect("a GIF");
    let frames = image::AnimationDecoder::into_frames(decoder).collect_frames().expect("frames");
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0].delay().numer_denom_ms().0, 120);
}

#[test]
fn what_is_no_picture_is_refused_in_words() {
    let png = written(&drawn(), ImageFormat::Png);
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    for (bytes, says) in [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "SVG"),
        (b"<html>login</html>".to_vec(), "not a picture"),
        (b"\0\0\0\x20ftypavif\0\0\0\0".to_vec(), "AVIF"),
        (b"GIF89a<script>".to_vec(), "damaged"),
        (png[..png.len() / 2].to_vec(), "damaged"),
        (bomb, ""),
        (Vec::new(), "not a picture"),
    ] {
        let why = remade(&bytes).expect_err("it is refused");
        assert!(why.contains(says), "{says}: {why}");
    }
    // Where a picture ends and a page begins is nobody's guess: only pixels are kept.
    let both = [&png[..], b"<!doctype html><script>"].concat();
    assert!(!remade(&both).expect("a picture").bytes.ends_with(b"<script>"));
}

#[test]
fn only_hosts_that_are_named_are_asked() {
    let may =
        |url: &str| fetcher(&["pictures.example.org"], &[]).may_ask(&Url::parse(url).expect("an address"));
    for url in [
        "https://github.com/user-attachments/assets/0f2c",
        "https://user-images.githubusercontent.com/1/2.png",
        "https://github.com/acme/kb/assets/1/2",
        "https://pictures.example.org/a.png",
    ] {
        assert!(may(url), "{url}");
    }
    for url in [
        "http://github.com/user-attachments/assets/0f2c",
        "https://github.com/user-attachments/files/1/x.png",
        "https://github.com.evil.example/user-attachments/assets/1",
        "https://github.com:8443/user-attachments/assets/1",
        "https://github.com/other/repo/assets/1",
        "https://evil.example/github.com/user-attachments/assets/1",
        "https://pictures.example.org.evil.example/a.png",
        "https://127.0.0.1/a.png",
        "https://169.254.169.254/latest/meta-data",
    ] {
        assert!(!may(url), "{url}");
    }
    let fetch =
        |url: &str, named: &[&str]| fetcher(named, &[]).picture(&Url::parse(url).expect("an address"));
    // A name that means this machine is asked by nobody, whoever wrote it into the configuration.
    assert_eq!(fetch("https://localhost/a.png", &["localhost"]), Err(Trouble::Private));
    let signed = "https://private-user-images.githubusercontent.com/1/2.png?jwt=abc";
    assert_eq!(fetch(signed, &[]), Err(Trouble::Expiring));
    assert!(Trouble::Expiring.to_string().contains("upload"), "it says what to do");
}

#[test]
fn every_step_of_the_way_is_looked_at() {
    let host = host(BTreeMap::from([("/a.png", talkative()), ("/huge.png", vec![0; 6 * 1024 * 1024])]));
    let address =
        |path: &str| Url::parse(&format!("http://127.0.0.1:{}{path}", host.port)).expect("an address");
    let fetch = |path: &str| fetcher(&[], &["127.0.0.1"]).picture(&address(path));
    assert!(fetch("/a.png").is_ok());
    assert!(fetch("/to//a.png").is_ok(), "a redirect is followed");
    assert!(
        matches!(fetch("/to/http://localhost:PORT/a.png"), Err(Trouble::Unnamed(host)) if host == "localhost")
    );
    assert!(matches!(fetch("/to/https://evil.example/a.png"), Err(Trouble::Unnamed(_))));
    assert!(matches!(fetch("/to/file:///etc/passwd"), Err(Trouble::Broken(_))));
    assert_eq!(fetch("/none.png"), Err(Trouble::Status(404)));
    assert!(matches!(fetch("/huge.png"), Err(Trouble::Broken(_))));
    let around = "/to/".repeat(9);
    assert!(matches!(fetch(&around), Err(Trouble::Broken(_) | Trouble::Status(_))));
}

#[test]
fn two_halves_bring_pictures_in_on_a_branch_of_their_own() {
    let host = host(BTreeMap::from([("/a", talkative()), ("/b", written(&drawn(), ImageFormat::Jpeg))]));
    let at = |path: &str| format!("http://127.0.0.1:{}{path}", host.port);
    let page = format!("\u{feff}# Hot?\r\n\r\n![a]({}) ![gone]({})\r\n", at("/a"), at("/gone"));
    let repository =
        repository(&format!("=== longhouse.yaml\ntitle: X\n=== content/questions/hot.md\n{page}"));
    repository.commit("Mia", "2026-01-01", "begin");
    let root = repository.folder().root();
    let folders = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = crate::fixture::command()
            .arg("--root")
            .arg(root)
            .arg("fix")
            .args(arguments)
            .env("LONGHOUSE_EXTERNAL_ALLOW", "127.0.0.1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .expect("the command runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), said)
    };
    let git = |arguments: &[&str]| {
        let output =
            std::process::Command::new("git").current_dir(root).args(arguments).output().expect("git");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let out = |name: &str| folders.path().join(name).to_str().expect("text").to_owned();
    let (status, listed, said) = run(&["--fetch-images", "--out", &out("one")]);
    assert_eq!(status, Some(0), "{said}");
    assert!(listed.starts_with("content/questions/hot-") && said.contains("404"), "{listed}{said}");
    assert_eq!(git(&["status", "--porcelain"]), "", "nothing is changed");

    let (status, branch, said) = run(&["--apply", &out("one")]);
    assert_eq!((status, branch.as_str()), (Some(0), "longhouse/pictures\n"), "{said}");
    assert_eq!(git(&["status", "--porcelain"]), "", "nor is it now");
    let brings = || git(&["diff", "--name-status", "HEAD...longhouse/pictures"]);
    assert_eq!(brings(), format!("A\t{listed}M\tcontent/questions/hot.md\n"));
    let name = listed.trim().rsplit('/').next().expect("a name").to_owned();
    let text = git(&["show", "longhouse/pictures:content/questions/hot.md"]);
    assert_eq!(text, page.replace(&at("/a"), &name), "the file keeps how it was saved");
    let first = git(&["rev-parse", "longhouse/pictures"]);
    let (status, _, said) = run(&["--apply", &out("one")]);
    assert!(status == Some(0) && said.contains("there already"), "{said}");
    assert_eq!(git(&["rev-parse", "longhouse/pictures"]), first, "a second run changes nothing");

    // The next merge brings another page, and somebody is in the middle of something else.
    repository.write("content/questions/cold.md", &format!("# Cold?\n\n![b]({})\n", at("/b")));
    repository.commit("Mia", "2026-01-02", "more");
    assert_eq!(run(&["--fetch-images", "--out", &out("two")]).0, Some(0));
    assert_eq!(run(&["--apply", &out("two")]).0, Some(0));
    assert_eq!(brings().lines().count(), 4, "{}", brings());
    assert_eq!(git(&["rev-list", "--count", "HEAD..longhouse/pictures"]), "1\n");
    repository.write("content/questions/cold.md", &format!("# Cold now?\n\n![b]({})\n", at("/b")));
    let (status, _, said) = run(&["--apply", &out("two")]);
    assert!(
        status == Some(2) && said.contains("not in the last commit"),
        "nothing of theirs is committed: {said}"
    );
    repository.git("Mia", "2026-01-02", &["checkout", "--quiet", "."]);

    let (status, _, said) = run(&["--apply", &out("two"), "--branch", "HEAD"]);
    assert_eq!(status, Some(2), "{said}");
    std::fs::write(folders.path().join("two/evil.md"), "x").expect("written");
    let (status, _, said) = run(&["--apply", &out("two")]);
    assert!(status == Some(2) && said.contains("does not belong"), "{said}");
}

#[test]
fn pictures_lie_beside_their_pages_and_the_change_can_be_taken_back() {
    let host = host(BTreeMap::from([
        ("/user-attachments/assets/1", talkative()),
        ("/b.jpg", written(&drawn(), ImageFormat::Jpeg)),
    ]));
    let at = |path: &str| format!("http://127.0.0.1:{}{path}", host.port);
    let one = at("/user-attachments/assets/1");
    let page = format!(
        "# Hot?\r\n\r\n![what it shows]({one} \"T\")\r\n\r\n<img width=\"10\" height=\"9\" alt=\"Image\" src=\"{one}\" />\r\n\r\n![b][b] `![x]({one})`\r\n\r\n[b]: {}\r\n\r\n![gone]({}) ![other](https://evil.example/x.png)\r\n",
        at("/b.jpg"),
        at("/gone.png"),
    );
    let site = folder(&format!(
        "=== content/questions/hot.md\n{page}=== content/questions/hot/ana.md\n![x]({one})\n"
    ));
    let run = |arguments: &[&str]| {
        let output = crate::fixture::command()
            .arg("--root")
            .arg(site.root())
            .args(arguments)
            .env("LONGHOUSE_EXTERNAL_ALLOW", "127.0.0.1")
            .output()
            .expect("the command runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let read = |path: &str| std::fs::read_to_string(site.root().join(path)).expect("a file");
    run(&["fix", "--fetch-images", "--dry-run"]);
    assert!(host.asked.lock().expect("a list").is_empty(), "nobody is asked for a look");
    let said = run(&["fix", "--fetch-images"]);
    assert!(
        said.contains("404") && said.contains("evil.example") && said.contains("3 pictures are"),
        "{said}"
    );
    let text = read("content/questions/hot.md");
    let mut names: Vec<String> = std::fs::read_dir(site.root().join("content/questions"))
        .expect("a folder")
        .map(|it| it.expect("an entry").file_name().into_string().expect("text"))
        .filter(|name| name.starts_with("hot-"))
        .collect();
    names.sort_by_key(|name| name.ends_with(".jpg"));
    let [png, jpg] = names.as_slice() else { panic!("{names:?}") };
    let expected = page.replacen(&one, png, 2).replace(&at("/b.jpg"), jpg);
    assert_eq!(text, expected, "only addresses change, and none in code");
    assert!(read("content/questions/hot/ana.md").starts_with("![x](ana-"), "each page has its own");
    let asked = host.asked.lock().expect("a list").len();
    assert_eq!(asked, 3, "each address once");
    assert!(site.build().of("content/questions/hot.md").iter().all(|it| it.rule.name() != "dead-image"));
    run(&["fix", "--undo"]);
    assert_eq!(read("content/questions/hot.md"), page);
}
