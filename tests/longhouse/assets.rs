//! Files beside content: what is published, under which name, and what a page says of it.

use longhouse::diagnostic::Rule;

use crate::crawl::{assert_safe, assert_whole};
use crate::fixture::{Rendered, folder, meant};

const GIF: &[u8] = b"GIF89a\x03\x00\x02\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF!";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x04\x08\x02\0\0\0";

fn published(rendered: &Rendered) -> Vec<&str> {
    rendered.paths().into_iter().filter(|path| path.starts_with("files/")).collect()
}

#[test]
fn a_picture_is_shown_with_its_size_and_loads_when_it_is_seen() {
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://x.example/help/\n=== content/questions/a.md\n# A\n\n![a dot](a.gif) <img src=\"b.png\" width=\"4\" alt=\"half\">\n",
    );
    folder
        .write("content/questions/a.gif", GIF)
        .write("content/questions/b.png", PNG)
        .write("content/questions/unused.png", PNG);
    let rendered = folder.build();
    assert_safe(&rendered);
    assert_whole(&rendered, "https://x.example", "/help");
    let main = rendered.main("/questions/a/");
    assert!(main.contains("<img src=\"/help/files/questions/a.gif\" alt=\"a dot\" width=\"3\" height=\"2\" loading=\"lazy\" decoding=\"async\">"), "{main}");
    assert!(main.contains("alt=\"half\" width=\"4\" height=\"2\""), "{main}");
    assert_eq!(published(&rendered), ["files/questions/a.gif", "files/questions/b.png"]);
    assert_eq!(rendered.rules(), Vec::<String>::new());
}

#[test]
fn a_file_can_be_referred_to_from_everywhere() {
    let folder = folder(
        "\
=== GUIDELINES.md
# Rules
![g](content/pics/g.gif)
=== content/questions/refund/index.md
# Refund
![in the folder](one.gif) [above](/content/pics/site.gif) [manual](../../pics/manual.pdf#page=3)
=== content/questions/refund/ana.md
![hers](two.gif) ![same](/files/pics/site.gif)
=== content/questions/_index.md
![k](../pics/k.gif)
",
    );
    for name in
        ["questions/refund/one.gif", "questions/refund/two.gif", "pics/g.gif", "pics/k.gif", "pics/site.gif"]
    {
        folder.write(&format!("content/{name}"), GIF);
    }
    folder.write("content/pics/manual.pdf", "%PDF-1.7\n");
    let rendered = folder.build();
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
    assert_eq!(rendered.rules(), Vec::<String>::new());
    assert_eq!(published(&rendered).len(), 6, "{:#?}", published(&rendered));
    assert!(rendered.main("/questions/refund/").contains("href=\"/files/pics/manual.pdf#page=3\""));
}

#[test]
fn two_names_that_some_system_takes_for_one_stay_apart() {
    let folder = folder(
        "=== content/questions/a.md\n# A\n\n![1](Shot.GIF) ![2](shot.gif) ![3](a.gif) ![4](<A.gif/b.gif>) ![5](<Bild 1.gif>) ![6](caf\u{e9}.gif)\n",
    );
    for name in ["Shot.GIF", "shot.gif", "a.gif", "A.gif/b.gif", "Bild 1.gif", "cafe\u{301}.gif"] {
        folder.write(&format!("content/questions/{name}"), GIF);
    }
    let rendered = folder.build();
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
    assert_eq!(rendered.rules(), Vec::<String>::new());
    let published = published(&rendered);
    assert_eq!(published.len(), 6, "{published:#?}");
    let mut folded: Vec<String> = published.iter().map(|path| longhouse::page::slug::fold(path)).collect();
    folded.sort();
    folded.dedup();
    assert_eq!(folded.len(), 6, "{published:#?}");
    assert!(published.contains(&"files/questions/bild-1.gif"), "{published:#?}");
}

#[test]
fn a_file_that_may_not_be_published_is_named_if_something_refers_to_it() {
    let folder =
        folder("=== content/questions/a.md\n# A\n\n[run](tool.exe) [again](tool.exe) [log](night.log)\n");
    folder.write("content/questions/tool.exe", "MZ").write("content/questions/left.html", "<p>");
    folder.write("content/questions/fine.png", "no png, but nobody asks for it");
    folder.write("content/questions/night.log", "12:00 started\n");
    let rendered = folder.build();
    assert_eq!(
        rendered.rules(),
        [
            "content/questions/a.md: dead-link",
            "content/questions/a.md: dead-link",
            "content/questions/a.md: dead-link",
            "content/questions/night.log: unsafe-file",
            "content/questions/tool.exe: unsafe-file"
        ]
    );
    let help = |file: &str| rendered.of(file)[0].help.clone();
    assert!(help("content/questions/night.log").contains("`attachments: [log]`"));
    assert!(!help("content/questions/tool.exe").contains("attachments"));
    assert!(rendered.has("questions/a/index.html"));
}

#[test]
fn a_company_allows_more_attachments_and_they_are_saved_and_not_shown() {
    let folder = folder(
        "=== longhouse.yaml\nattachments: [log, .YAML, docx, heic]\n=== content/questions/a.md\n# A\n\n[log](night.log) [config](kiln.yaml) [text](a.docx) [page](page.log) [key](key.log) [none](other.docx) [pdf](b.pdf)\n",
    );
    folder.write("content/questions/night.log", "12:00 started\n");
    folder.write("content/questions/kiln.yaml", "heat: 1200\n");
    folder.write("content/questions/a.docx", b"PK\x03\x04document");
    folder.write("content/questions/b.pdf", "%PDF-1.7\n");
    // A host that does not know `.log` lets the browser guess, and it would guess a page.
    folder.write("content/questions/page.log", "\n <html><script>alert(1)</script>");
    folder.write("content/questions/key.log", meant("token: ghp_{36 letters}\n"));
    folder.write("content/questions/other.docx", "no zip");
    let rendered = folder.build();
    let main = rendered.main("/questions/a/");
    for name in ["night.log", "kiln.yaml", "a.docx"] {
        assert!(main.contains(&format!("<a href=\"/files/questions/{name}\" download>")), "{main}");
    }
    assert!(main.contains("<a href=\"/files/questions/b.pdf\">"), "{main}");
    let refused: Vec<&str> =
        rendered.diagnostics.iter().filter(|it| it.rule == Rule::UnsafeFile).map(|it| &*it.file).collect();
    assert_eq!(
        refused,
        ["content/questions/key.log", "content/questions/other.docx", "content/questions/page.log"]
    );
    assert_eq!(published(&rendered).len(), 4);
}

#[test]
fn what_a_browser_or_a_computer_would_run_is_no_attachment() {
    for ending in [
        "html", "HTM", ".js", "mjs", "xml", "svgz", "xhtml", "wasm", "php", "css", "hta", "exe", "a/b",
        "tar.gz",
    ] {
        let folder = folder(&format!(
            "=== longhouse.yaml\nattachments: [log, \"{ending}\"]\n=== content/questions/a.md\n# A\n"
        ));
        let loaded = longhouse::source::load(folder.root(), &longhouse::source::LoadOptions::default());
        assert!(matches!(loaded, Err(longhouse::source::LoadError::Config(_))), "{ending}");
    }
}

#[test]
fn a_photograph_that_browsers_cannot_show_is_to_be_converted() {
    let folder = folder("=== content/questions/a.md\n# A\n\n![pot](pot.heic)\n");
    let rendered = folder.write("content/questions/pot.heic", b"\0\0\0\x18ftypheic").build();
    let problem = rendered.only(Rule::UnsafeFile);
    assert!(problem.help.contains("Convert it to jpg"), "{}", problem.help);
}

#[test]
fn in_a_folder_of_anything_only_what_is_referred_to_is_looked_at() {
    let folder = folder("=== README.md\n# Notes\n\n[run](tool.exe)\n=== sub/page.md\n# Page\n");
    folder
        .write("tool.exe", "MZ")
        .write("main.rs", "fn main() {}")
        .write("sub/index.html", "<p>")
        .write("requirements.txt", "x==1\n");
    let rendered = folder.build();
    let unsafe_files: Vec<&str> =
        rendered.diagnostics.iter().filter(|it| it.rule == Rule::UnsafeFile).map(|it| &*it.file).collect();
    assert_eq!(unsafe_files, ["tool.exe"]);
    assert!(!rendered.has("requirements/index.html"), "{:#?}", rendered.paths());
}

#[test]
fn a_plain_text_is_an_entry_until_something_refers_to_it() {
    let folder = folder(
        "\
=== content/questions/plain.txt
How do I write in plain text?

Like this.
=== content/questions/log.txt
12:00 started
=== content/questions/titled.txt
---
title: A page of its own
---
Whatever links to it.
=== content/questions/a.md
# A
[the log](log.txt) and [a page](titled.txt)
",
    );
    let rendered = folder.build();
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
    assert!(rendered.has("questions/plain/index.html"));
    assert!(!rendered.has("questions/log/index.html"));
    assert_eq!(rendered.file("files/questions/log.txt"), "12:00 started\n");
    let main = rendered.main("/questions/a/");
    assert!(
        main.contains("href=\"/files/questions/log.txt\"") && main.contains("href=\"/questions/titled/\""),
        "{main}"
    );
    assert_eq!(rendered.rules(), ["content/questions/plain.txt: missing-title"]);
}

#[test]
fn a_text_with_a_secret_in_it_is_not_published() {
    let folder = folder("=== content/questions/a.md\n# A\n\n[log](log.txt) [data](data.csv)\n");
    let token = format!("ghp_{}", "a1B2c3D4".repeat(5).get(..36).unwrap_or_default());
    folder
        .write("content/questions/log.txt", format!("token {token}\n"))
        .write("content/questions/data.csv", "a,b\n");
    let rendered = folder.build();
    assert_eq!(published(&rendered), ["files/questions/data.csv"]);
    assert_eq!(
        rendered.rules(),
        ["content/questions/a.md: dead-link", "content/questions/log.txt: unsafe-file"]
    );
    assert!(rendered.diagnostics.iter().all(|it| !it.message.contains(&token)));
}

#[test]
fn one_drawing_shown_a_thousand_times_is_cleaned_once() {
    let folder = folder("");
    let shapes = "<rect width=\"1\" height=\"1\"/>".repeat(20_000);
    folder.write(
        "content/questions/d.svg",
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">{shapes}</svg>"),
    );
    folder.write("content/questions/a.md", format!("# A\n\n{}", "![d](d.svg)\n".repeat(5_000)));
    let rendered = folder.build();
    assert_eq!(published(&rendered), ["files/questions/d.svg"]);
}

#[test]
fn a_logo_has_its_place_before_it_is_there() {
    let logo = |size: &str| {
        let site =
            folder("=== longhouse.yaml\nbrand: {logo: /brand/logo.svg}\n=== content/pages/a.md\n# A\n");
        site.write("static/brand/logo.svg", format!("<svg xmlns='http://www.w3.org/2000/svg' {size}></svg>"));
        let page = site.build().page("/a/");
        let start = page.find("<img src=\"/brand/logo.svg\"").expect("the logo");
        let image = &page[start..start + page[start..].find('>').expect("its end")];
        image.split_once(" width=").map(|(_, size)| format!("width={size}")).unwrap_or_default()
    };
    assert_eq!(logo("viewBox='0 0 116 32'"), "width=\"116\" height=\"32\"");
    assert_eq!(logo("viewBox='0 0 1000 300'"), "width=\"107\" height=\"32\"", "the frame makes it smaller");
    assert_eq!(logo(""), "", "nobody knows");
}
