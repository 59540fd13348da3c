//! Mail: in whatever form programs write it, from people alone, and without their addresses.

use longhouse::receive::Reason;
use longhouse::receive::input::From;
use longhouse::receive::report::Status;

use super::{reason, take, text};

fn mail(head: &str, body: &str) -> Vec<u8> {
    format!("From: Eva Holm <eva.holm@acme.io>\nSubject: Is it hot?\nDate: Mon, 23 Nov 2026 10:00:00 +0100\n{head}\n\n{body}")
        .replace('\n', "\r\n")
        .into_bytes()
}

#[test]
fn a_plain_mail_is_a_question_of_who_wrote_it() {
    let body = "Hello,\n\nmy kiln is too hot.\nCall me: +49 30 123 45 67 or eva.holm@acme.io\n\n-- \nEva Holm\nAcme GmbH\n";
    let received = take(From::Mail, &mail("Content-Type: text/plain; charset=utf-8", body));
    let (path, text) = text(&received);
    assert_eq!(path, "content/questions/is-it-hot.md");
    assert_eq!(
        text,
        "---\nauthors: [eva-holm]\n---\n# Is it hot?\n\nHello,\n\nmy kiln is too hot.\nCall me: … or …\n"
    );
    assert_eq!(received.report.status, Status::Written);
    assert_eq!(received.report.author.name, "Eva Holm");
    for (name, bytes) in &received.files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("acme.io") && !text.contains("123 45"), "{name}: {text}");
    }
}

#[test]
fn words_are_read_in_whatever_way_they_are_written() {
    for (head, body, expected) in [
        (
            "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable",
            "Gr=FC=DFe aus M=FCn=\nchen",
            "Grüße aus München",
        ),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
            "R3LDvMOfZSBhdXMgTcO8bmNoZW4=",
            "Grüße aus München",
        ),
        (
            "Content-Type: text/plain; charset=windows-1256\nContent-Transfer-Encoding: quoted-printable",
            "=E3=D1=CD=C8=C7",
            "مرحبا",
        ),
        (
            "Content-Type: text/plain; format=flowed; delsp=yes",
            "One long  \nline that  \nflows.\n\nAnd one.",
            "One long line that flows.\n\nAnd one.",
        ),
        (
            "Content-Type: text/html; charset=utf-8",
            "<p>One &amp; <b>two</b></p><p>three</p>",
            "One & two\n\nthree",
        ),
        (
            "Content-Type: multipart/mixed; boundary=a",
            "--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlain.\n--b\nContent-Type: text/html\n\n<p>Html.</p>\n--b--\n--a--",
            "Plain.",
        ),
    ] {
        let (_, text) = text(&take(From::Mail, &mail(head, body)));
        assert_eq!(text, format!("---\nauthors: [eva-holm]\n---\n# Is it hot?\n\n{expected}\n"), "{head}");
    }
}

#[test]
fn nobody_answers_machines() {
    for head in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; type=x",
        "List-Id: <x.example.org>",
        "List-Unsubscribe: <https://example.org/>",
        "Precedence: bulk",
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=a",
        "X-Failed-Recipients: a@example.org",
    ] {
        assert_eq!(reason(&take(From::Mail, &mail(head, "I am away."))), Some(Reason::Automatic), "{head}");
    }
    assert_eq!(reason(&take(From::Mail, &mail("Auto-Submitted: no", "I am here."))), None);
}

#[test]
fn a_name_is_only_a_name() {
    for (from, handle) in [
        ("\"Eva, \\\"the best\\\"\" <eva@acme.io>", "eva-the-best"),
        ("=?utf-8?q?Zo=C3=AB?= <z@acme.io>", "zoë"),
        ("eva.holm@acme.io", "guest"),
        ("\"eva.holm@acme.io\" <eva.holm@acme.io>", "guest"),
        ("=?utf-8?q?Eva=0D=0ABcc:_x@acme.io?= <eva@acme.io>", "eva-bcc"),
        ("Mia <stranger@acme.io>", "guest-mia"),
        ("../../../.github <x@acme.io>", "github"),
    ] {
        let mail = format!("From: {from}\r\nSubject: Is it hot?\r\n\r\nVery.\r\n");
        let received = take(From::Mail, mail.as_bytes());
        assert_eq!(received.report.author.handle, handle, "{from}");
        assert!(!received.report.author.name.contains(['@', '<', '\n', '\r']), "{from}");
    }
}

#[test]
fn the_letter_of_the_page_for_writing_is_the_file() {
    let body = "New file for Kiln people: content/questions/reset/somebody.md\n\nTurn it off.\n\nAnd on.\n\n-- \nEva\n";
    let (path, text) = text(&take(From::Mail, &mail("Content-Type: text/plain", body)));
    assert_eq!(path, "content/questions/reset/eva-holm.md");
    assert_eq!(text, "---\nauthors: [eva-holm]\n---\nTurn it off.\n\nAnd on.\n");
    // What did not fit into the letter came as a file.
    let body = "--a\nContent-Type: text/plain\n\nNew file for Kiln people: content/how-tos/x.md\n\n# Cle\n\n[The rest does not fit here.]\n--a\n\
                Content-Type: text/markdown; name=x.md\nContent-Disposition: attachment; filename=x.md\n\n---\ntime: 5 minutes\n---\n# Clean it\n\n## Steps\n\n1. Wipe.\n--a--";
    let (path, text) =
        self::text(&take(From::Mail, &mail("Content-Type: multipart/mixed; boundary=a", body)));
    assert_eq!(path, "content/how-tos/clean-it.md");
    assert!(text.contains("time: 5 minutes") && text.contains("1. Wipe."), "{text}");
}

/// A picture of 100 × 80 pixels, as PNG.
pub(super) fn png() -> Vec<u8> {
    let image = image::RgbImage::from_fn(100, 80, |x, y| image::Rgb([x as u8, y as u8, 7]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (number, three) in bytes.chunks(3).enumerate() {
        let of = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = of(0) << 16 | of(1) << 8 | of(2);
        let signs = (0..4).map(|at| SIGNS[(bits >> (18 - 6 * at)) as usize & 63] as char);
        text.extend(signs.take(three.len() + 1));
        text.extend(std::iter::repeat_n('=', 3 - three.len()));
        if number % 19 == 18 {
            text.push('\n');
        }
    }
    text
}

#[test]
fn pictures_come_along_and_nothing_else() {
    let part = |name: &str, sort: &str, bytes: &[u8]| {
        format!(
            "--a\nContent-Type: {sort}; name=\"{name}\"\nContent-Disposition: attachment; filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n",
            base64(bytes)
        )
    };
    let body = [
        "--a\nContent-Type: text/plain\n\nSee below.\n".to_owned(),
        part("../Kiln photo.exe.png", "application/octet-stream", &png()),
        part("x.png", "image/png", b"<svg onload=alert(1)>"),
        part("virus.exe", "image/png", b"MZ\x90\0"),
        "--a--".to_owned(),
    ];
    let received = take(From::Mail, &mail("Content-Type: multipart/mixed; boundary=a", &body.concat()));
    let (_, text) = text(&received);
    assert_eq!(received.report.files.len(), 2, "{:?}", received.report);
    let name = received.report.files[1].strip_prefix("content/questions/").expect("beside the text");
    assert!(name.starts_with("is-it-hot-") && name.ends_with(".png"), "{name}");
    assert!(text.contains(&format!("({name})")), "{text}");
    assert_eq!(received.report.notes.len(), 2, "{:?}", received.report.notes);
    assert_eq!(received.report.status, Status::Written, "{:?}", received.problems);
}
