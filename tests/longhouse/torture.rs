//! Sites that nobody would write and somebody will: whatever is too long, too wide, too many, too few or
//! not there at all. Here their pages are looked at as text; `tests/browser/look.mjs` looks at the same
//! sites in a browser, written by `written_for_the_browser`.

use std::fmt::Write as _;
use std::path::Path;

use longhouse::diagnostic::Rule;
use scraper::{ElementRef, Html, Selector};

use crate::fixture::{Folder, Rendered, folder};

const GERMAN: &str = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz";
const ARABIC: &str = "كيف أضبط المضخة بعد انقطاع التيار الكهربائي؟";
const CHINESE: &str = "停电之后怎样重新校准花园里的湿度传感器才能让夜间灌溉按时开始";
const EMOJI: &str = "🌱🌱🌱 👩🏽‍🌾 🏳️‍🌈 🌱🌱🌱";
const ARABIC_NAME: &str = "عبد الرحمن بن محمد بن خلدون الحضرمي";
const LONG_NAME: &str = "Wolfeschlegelsteinhausenbergerdorff Hubert Blaine the Elder, of Philadelphia Town";

/// Every site by its name.
fn sites() -> Vec<(&'static str, Folder)> {
    vec![
        ("everything", everything()),
        ("empty", folder("=== longhouse.yaml\ntitle: Empty\n=== content/.keep\n")),
        ("one", folder("=== content/pages/about.md\n# About\nThe only page.\n")),
        (
            "people",
            folder("=== content/people/ana.md\n# Ana\n=== content/people/ben.md\n---\nname: Ben\n---\n"),
        ),
        (
            "plain",
            folder(
                "=== README.md\n# A folder\nOf markdown.\n=== docs/a.md\n# A\nSee [the other](b.md).\n=== docs/b.md\n# B\nText.\n",
            ),
        ),
        (
            "bare",
            folder(
                "=== longhouse.yaml\nbase_url: https://example.org/a/b/\nmenu: [{label: Questions, url: /questions/}]\n\
                 === content/questions/a.md\n---\nstatus: hidden\nreason: Nobody may see it.\n---\n# A\n\
                 === content/questions/b.md\n# B\n=== content/stories/c.md\n---\nauthors: c\ncustomer: C\n---\n# C\n\
                 === content/how-tos/d.md\n# D\n=== content/ideas/e.md\n# E\n=== content/announcements/f.md\n# F\n\
                 === content/people/g.md\n# G\n=== content/links/h.md\n---\nurl: https://example.org/\n---\n# H\n=== content/pages/i.md\n# I\n",
            ),
        ),
    ]
}

/// Everything that is too much, in one site.
fn everything() -> Folder {
    let site = folder(
        "=== longhouse.yaml
title: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft
tagline: A tagline that goes on for a good while, because somebody thought that a tagline is a place for everything that the brochure had no room for.
languages: [en, de, ar, zh]
team: {ana: staff}
products: [{id: hub, name: The Hub of a name that somebody in marketing would not let go of, versions: ['4.1', '4.2']}]
footer: A footer.
=== content/people/ana.md
# Ana
=== content/pages/about.md
# About
",
    );
    site.write("content/people/nur.md", format!("---\nname: {ARABIC_NAME}\nplace: القاهرة\n---\n{ARABIC}\n"));
    site.write(
        "content/people/wolfe.md",
        format!("---\nname: {LONG_NAME}\ncompany: {GERMAN} GmbH\n---\nText.\n"),
    );
    let sentence =
        "Why does the pump of the second greenhouse start again at night after it was stopped by hand? ";
    let titles = [
        ("long", sentence.repeat(4).chars().take(300).collect::<String>()),
        ("word", "abcdefghij".repeat(12)),
        ("german", format!("{GERMAN} und {GERMAN}")),
        ("arabic", ARABIC.to_string()),
        ("chinese", CHINESE.repeat(3)),
        ("emoji", EMOJI.to_string()),
    ];
    for (slug, title) in &titles {
        let lang = if *slug == "arabic" { "ar" } else { "en" };
        site.write(
            &format!("content/questions/{slug}.md"),
            format!("---\nlang: {lang}\nauthors: [nur, wolfe]\nproduct: hub\nversions: ['4.2']\n---\n# {title}\n{title}\n\n## {title}\n\n{title}\n"),
        );
        site.write(&format!("content/questions/{slug}/nur.md"), format!("{title}\n"));
        site.write(&format!("content/stories/{slug}.md"), format!("---\nauthors: wolfe\ncustomer: {title}\nconsent: yes, Wolfe, 2026-01-01\nsentiment: critical\noutcome: {title}\n---\n# {title}\n{title}\n"));
        site.write(
            &format!("content/how-tos/{slug}.md"),
            format!("# {title}\n\n## What you need\n\n- {title}\n\n## Steps\n\n1. {title}\n2. {title}\n"),
        );
        site.write(
            &format!("content/ideas/{slug}.md"),
            format!("---\nsupporters: [nur, wolfe]\n---\n# {title}\n"),
        );
        site.write(
            &format!("content/announcements/{slug}.md"),
            format!("---\nseverity: urgent\nexpires: 2030-01-01\nplaces: [{GERMAN}]\n---\n# {title}\n"),
        );
        site.write(
            &format!("content/links/{slug}.md"),
            format!("---\nurl: https://example.org/{}\n---\n# {title}\n", "path/".repeat(40)),
        );
    }
    let tags: Vec<String> = (0..60).map(|n| format!("a tag of some length {n}")).collect();
    site.write(
        "content/questions/tags.md",
        format!("---\ntags: [{}]\n---\n# Sixty tags\nText.\n", tags.join(", ")),
    );
    site.write("content/questions/wide.md", wide());
    site.write("content/questions/deep.md", deep());
    let mut pictures = String::from("# Pictures\n\n");
    for (name, width, height) in [("dot", 1, 1), ("wide", 4000, 30), ("high", 30, 4000)] {
        site.write(&format!("content/questions/pictures/{name}.png"), png(width, height));
        let _ = write!(pictures, "![A picture called {name}]({name}.png)\n\n");
    }
    site.write(
        "content/questions/pictures/none.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><circle cx=\"40\" cy=\"40\" r=\"40\"/></svg>",
    );
    site.write(
        "content/questions/pictures/box.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 3 2\"><path d=\"M0 0h3v2z\"/></svg>",
    );
    pictures.push_str("![Without a size](none.svg)\n\n![With a box](box.svg)\n\n| ![In a table](wide.png) | ![And](high.png) |\n|---|---|\n| a | b |\n");
    site.write("content/questions/pictures/index.md", pictures);
    site.write(
        "content/questions/many.md",
        "---\naccepted: a07\nproduct: hub\n---\n# Sixty answers\nText.\n",
    );
    for n in 0..60 {
        let text = "A line of an answer that says something. ".repeat(1 + n % 7);
        site.write(&format!("content/questions/many/a{n:02}.md"), format!("{text}\n"));
    }
    for n in 0..200 {
        site.write(
            &format!("content/questions/many/c{n:03}.md"),
            format!(
                "---\nconfirms: a{:02}\nversion: '4.{}'\n---\n",
                if n < 150 { 7 } else { n % 60 },
                1 + n % 2
            ),
        );
    }
    site
}

/// Code of 200 columns and a table of 12.
fn wide() -> String {
    let code = "let_it_be_wide(".to_string() + &"0123456789".repeat(18) + ");";
    let row = |cell: &dyn Fn(usize) -> String| {
        (1..=12).map(cell).fold("|".to_string(), |row, cell| format!("{row} {cell} |"))
    };
    format!(
        "# Wide\n```rust\n{code}\n```\n\nAnd `{code}` in a line, and https://example.org/{}.\n\n{}\n{}\n{}\n{}\n\n\
         | One | Word |\n|---|---|\n| {GERMAN} | {GERMAN} |\n",
        "a".repeat(200),
        row(&|n| format!("Column {n}")),
        row(&|_| "---".to_string()),
        row(&|n| format!("{}", n * 1000)),
        row(&|n| format!("some words in cell {n}")),
    )
}

/// Quotes and lists in one another, and headings that go down and up.
fn deep() -> String {
    let mut text = String::from(
        "# Deep\n\n#### Four levels down at once\n\nText.\n\n## And up\n\nText.\n\n###### Six\n\nText.\n\n",
    );
    for depth in 1..=12 {
        let _ = writeln!(
            text,
            "{} A quote in {depth} quotes, with words enough to break on a phone.\n",
            ">".repeat(depth)
        );
    }
    for depth in 0..12 {
        let _ = writeln!(
            text,
            "{}- An item at depth {depth}, with words enough to break on a phone",
            "  ".repeat(depth)
        );
    }
    let _ =
        write!(text, "\n- [ ] to do\n- [x] done\n\nText[^1].\n\n[^1]: A note.\n\n> [!WARNING]\n> {GERMAN}\n");
    text
}

/// Stripes of black and white as a PNG of one bit a pixel, stored without compression.
fn png(width: u32, height: u32) -> Vec<u8> {
    let row = width.div_ceil(8) as usize;
    let mut pixels = Vec::new();
    for y in 0..height {
        pixels.push(0);
        pixels.extend(std::iter::repeat_n(if y % 8 < 4 { 0xf0 } else { 0x0f }, row));
    }
    let mut data = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = pixels.chunks(0xffff).collect();
    for (n, block) in blocks.iter().enumerate() {
        let len = u16::try_from(block.len()).expect("a block");
        data.push(u8::from(n + 1 == blocks.len()));
        data.extend(len.to_le_bytes());
        data.extend((!len).to_le_bytes());
        data.extend(*block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in &pixels {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    data.extend(((b << 16) | a).to_be_bytes());
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([1, 0, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        file.extend(u32::try_from(data.len()).expect("a chunk").to_be_bytes());
        let chunk = [name.as_slice(), &data].concat();
        file.extend(&chunk);
        let mut crc = !0_u32;
        for byte in &chunk {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            }
        }
        file.extend((!crc).to_be_bytes());
    }
    file
}

fn select(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}

/// Whether somebody who listens finds anything in an element.
fn says_nothing(element: ElementRef<'_>) -> bool {
    let has_alt = |it: ElementRef<'_>| it.value().attr("alt").is_some_and(|alt| !alt.trim().is_empty());
    element.text().all(|text| text.trim().is_empty()) && !element.select(&select("img")).any(has_alt)
}

/// What is wrong with the structure of a page, whatever is on it.
fn flaws(page: &str) -> Vec<String> {
    let html = Html::parse_document(page);
    let mut flaws = Vec::new();
    let mut level = 0;
    for heading in html.select(&select("h1, h2, h3, h4, h5, h6")) {
        let name = heading.value().name();
        let own: u32 = name[1..].parse().unwrap_or(0);
        if says_nothing(heading) {
            flaws.push(format!("an empty {name}"));
        }
        if own > level + 1 {
            flaws.push(format!("{name} after h{level}: {}", heading.text().collect::<String>()));
        }
        level = own;
    }
    let count = |css: &str| html.select(&select(css)).count();
    if count("h1") != 1 {
        flaws.push(format!("{} h1", count("h1")));
    }
    for title in html.select(&select("title, a, button, summary, label, dt, caption")) {
        if says_nothing(title) && title.value().attr("aria-label").is_none() {
            flaws.push(format!("nothing in {}", title.html()));
        }
    }
    for css in [
        "[href='']",
        "[src='']",
        "[id='']",
        "[content='']",
        "img:not([alt])",
        "html:not([lang])",
        "html[lang='']",
    ] {
        if count(css) > 0 {
            flaws.push(format!("{} of {css}", count(css)));
        }
    }
    for list in
        html.select(&select("ul, ol, dl, tbody, nav, section, article, p, details, blockquote, figure"))
    {
        let holds = list.select(&select("img, input, video, audio, svg, time, template")).next().is_some();
        if says_nothing(list) && !holds {
            flaws.push(format!("empty: {}", list.html().chars().take(200).collect::<String>()));
        }
    }
    let mut ids: Vec<&str> = html.select(&select("[id]")).filter_map(|it| it.value().id()).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    if ids.len() != all {
        flaws.push("an id twice".to_string());
    }
    flaws
}

#[track_caller]
fn is_whole(name: &str, rendered: &Rendered) {
    let mut found = Vec::new();
    for (path, page) in rendered.pages() {
        found.extend(flaws(&page).into_iter().map(|flaw| format!("{name}/{path}: {flaw}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_page_is_whole_whatever_is_on_it_or_not() {
    for (name, folder) in sites() {
        is_whole(name, &folder.build());
        is_whole(name, &folder.preview());
    }
}

#[test]
fn too_much_of_anything_is_shown_and_not_left_out() {
    let rendered = everything().build();
    assert_eq!(rendered.built.left_out.held, 0, "{:#?}", rendered.diagnostics);
    for kind in ["questions", "stories", "how-tos", "ideas", "announcements", "links"] {
        for slug in ["long", "word", "german", "arabic", "chinese", "emoji"] {
            assert!(rendered.has(&format!("{kind}/{slug}/index.html")), "{kind}/{slug}");
        }
    }
    let many = rendered.main("/questions/many/");
    for n in 0..60 {
        assert!(many.contains(&format!("id=\"answer-a{n:02}\"")), "answer {n}");
    }
    assert!(rendered.main("/questions/arabic/").contains(ARABIC));
    assert!(rendered.page("/questions/arabic/").contains("dir=\"rtl\""));
    assert_eq!(rendered.main("/questions/tags/").matches("a tag of some length").count(), 60);
    let pictures = rendered.main("/questions/pictures/");
    for size in ["width=\"1\" height=\"1\"", "width=\"4000\" height=\"30\"", "width=\"30\" height=\"4000\""] {
        assert!(pictures.contains(size), "{size} in {pictures}");
    }
    let title = rendered.page("/questions/long/");
    let title = title.split("<title>").nth(1).and_then(|it| it.split("</title>").next()).unwrap_or_default();
    assert!(title.chars().count() > 300, "{title}");
}

#[test]
fn a_site_with_nothing_in_it_has_a_home_and_says_so() {
    for (name, folder) in sites().into_iter().filter(|(name, _)| matches!(*name, "empty" | "one" | "people"))
    {
        let rendered = folder.build();
        let home = rendered.main("/");
        assert!(home.contains("<h1"), "{name}: {home}");
        assert!(
            rendered.has("404.html") && rendered.has("search/index.html") && rendered.has("feed.xml"),
            "{name}"
        );
        assert!(!home.contains("<section></section>"), "{name}: {home}");
    }
}

/// Writes every site below `LONGHOUSE_TORTURE`, for the tests in a browser.
#[test]
#[ignore = "writes folders; .ci/run asks for it"]
fn written_for_the_browser() {
    let to = std::env::var_os("LONGHOUSE_TORTURE").expect("LONGHOUSE_TORTURE names a folder");
    for (name, folder) in sites() {
        copy(folder.root(), &Path::new(&to).join(name));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder is made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).expect("a file is copied");
        }
    }
}

/// The example site in a folder of its own, with lists of few lines.
fn example() -> Folder {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("example-site");
    let site = folder("");
    for file in walkdir::WalkDir::new(&root) {
        let file = file.expect("the example can be read");
        let path = file.path().strip_prefix(&root).expect("below the root").to_str().expect("UTF-8");
        if file.file_type().is_file() && !path.starts_with("public/") {
            site.write(path, std::fs::read(file.path()).expect("the example can be read"));
        }
    }
    let config = std::fs::read_to_string(root.join("longhouse.yaml")).expect("the example has one");
    site.write("longhouse.yaml", config.replace("page_size: 20", "page_size: 3"));
    site
}

#[test]
fn content_can_link_to_whatever_the_site_makes() {
    let sites = sites().into_iter().chain([("example", example())]);
    for (name, site) in sites {
        let made = site.build();
        let is_page = |path: &&str| {
            !path.starts_with(['.'])
                && !["assets/", "search/index.json"].iter().any(|own| path.starts_with(own))
        };
        let addresses = made.paths().into_iter().filter(is_page);
        let link = |path: &str| format!("- [x](</{}>)", path.strip_suffix("index.html").unwrap_or(path));
        let links: Vec<String> = addresses.map(link).collect();
        assert!(links.len() > 10, "{name}");
        let folder = if site.root().join("docs").is_dir() { "docs" } else { "content/pages" };
        site.write(&format!("{folder}/all-links.md"), format!("# All links\n\n{}\n", links.join("\n")));
        let built = site.build();
        let dead: Vec<&str> = built
            .diagnostics
            .iter()
            .filter(|it| it.file.ends_with("all-links.md") && it.rule == Rule::DeadLink)
            .map(|it| &*it.message)
            .collect();
        assert!(dead.is_empty(), "{name}: {}", dead.join("\n"));
    }
}
