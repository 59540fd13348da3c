//! Bodies as stories: what somebody writes, what a reader gets, what the writer is told.
//!
//! Long because it is a list of cases.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;
use crate::page::math::mathml;

const ENTRY: RenderContext<'_> =
    RenderContext { id_prefix: "h-", footnote_prefix: "", demote: 0, above: 6, words: &Words::ENGLISH };

pub(super) fn parsed(markdown: &str) -> (Body, Vec<Diagnostic>) {
    parse(&"content/questions/a.md".into(), markdown, 0, &Options { highlight: true, ..Options::default() })
}

/// Every link leads where it says, every image is shown.
fn rendered(body: &Body, segments: Range<u32>, place: &RenderContext<'_>) -> String {
    let link = |index: u32| {
        let link = &body.links[index as usize];
        let rel = if matches!(link.target, Destination::Absolute(_)) { Rel::External } else { Rel::Internal };
        LinkTarget::To { href: link.destination.value.clone(), rel }
    };
    let image = |index: u32| ImageTarget::Show {
        src: body.images[index as usize].source.value.clone(),
        width: Some(200),
        height: Some(100),
    };
    body.render(segments, place, link, image)
}

pub(super) fn html(markdown: &str) -> String {
    let body = parsed(markdown).0;
    rendered(&body, body.all(), &ENTRY) + &rendered(&body, body.footnote_section.clone(), &ENTRY)
}

pub(super) fn problems(markdown: &str) -> Vec<String> {
    parsed(markdown).1.iter().map(|d| format!("{}:{} {}", d.line, d.column, d.rule)).collect()
}

#[test]
fn what_is_turned_off_stays_as_it_was_typed() {
    let extensions = Extensions { math: false, emoji: false, mentions: false, subscript: false };
    let options = Options { extensions, ..Options::default() };
    let (body, problems) =
        parse(&"content/questions/a.md".into(), "$x^2$ :tada: @ana\n\n```math\nx\n```", 0, &options);
    assert_eq!(
        rendered(&body, body.all(), &ENTRY),
        "<p>$x^2$ :tada: @ana</p>\n<pre tabindex=\"0\"><code class=\"language-math\">x\n</code></pre>\n"
    );
    assert!(problems.is_empty(), "{problems:?}");
}

#[test]
fn markdown_becomes_html() {
    for (markdown, expected) in [
        (
            "Hello *there*, **you** ~~not~~ `a<b`  \nend",
            "<p>Hello <em>there</em>, <strong>you</strong> <del>not</del> <code>a&lt;b</code><br>\nend</p>\n",
        ),
        ("# One\n\nTwo\n---", "<h1 id=\"h-one\">One</h1>\n<h2 id=\"h-two\">Two</h2>\n"),
        ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n"),
        ("3. a\n\n4. b", "<ol start=\"3\">\n<li><p>a</p>\n</li>\n<li><p>b</p>\n</li>\n</ol>\n"),
        (
            "- [x] done\n- [ ] open",
            "<ul>\n<li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"done\" checked> done</li>\n<li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"open\"> open</li>\n</ul>\n",
        ),
        ("> q\n\n***", "<blockquote>\n<p>q</p>\n</blockquote>\n<hr>\n"),
        (
            "> [!WARNING]\n> Hot",
            "<div class=\"alert alert-warning\" role=\"note\"><p class=\"alert-title\">Warning</p>\n<p>Hot</p>\n</div>\n",
        ),
        (
            "```Rust,ignore\nfn f() {}\n```",
            "<pre tabindex=\"0\"><code class=\"language-rust\"><span class=\"hl-keyword\">fn</span> <span class=\"hl-function\">f</span>() {}\n</code></pre>\n",
        ),
        ("    a <b>", "<pre tabindex=\"0\"><code>a &lt;b&gt;</code></pre>\n"),
        (
            "[a](b.md \"t\") [c] <https://d.example>\n\n[c]: /e",
            "<p><a href=\"b.md\" title=\"t\">a</a> <a href=\"/e\">c</a> <a href=\"https://d.example\" rel=\"ugc nofollow noopener\">https://d.example</a></p>\n",
        ),
        (
            "![a *b*](c.png \"t\")",
            "<figure><img src=\"c.png\" alt=\"a b\" width=\"200\" height=\"100\" loading=\"lazy\" decoding=\"async\"><figcaption>t</figcaption></figure>\n",
        ),
        (
            "See https://a.example/x_y_z.",
            "<p>See <a href=\"https://a.example/x_y_z\" rel=\"ugc nofollow noopener\">https://a.example/x_y_z</a>.</p>\n",
        ),
        ("{{ x }} {% y %} {#z}", "<p>{{ x }} {% y %} {#z}</p>\n"),
        ("# A {#evil .c onclick=x}", "<h1 id=\"h-a-evil-c-onclickx\">A {#evil .c onclick=x}</h1>\n"),
    ] {
        assert_eq!(
            html(markdown),
            expected.replace(
                "<div class=\"alert alert-warning\" role=\"note\"><p",
                "<div class=\"alert alert-warning\" role=\"note\">\n<p"
            ),
            "{markdown}"
        );
    }
}

#[test]
fn a_table_scrolls_in_a_frame_that_has_a_name() {
    assert_eq!(
        html("| a | b |\n|:-:|--:|\n| 1 | *2* |"),
        "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table>\n<thead>\n<tr>\
         <th scope=\"col\" class=\"align-center\">a</th><th scope=\"col\" class=\"align-right\">b</th></tr>\n</thead>\n<tbody>\n\
         <tr><td class=\"align-center\">1</td><td class=\"align-right\"><em>2</em></td></tr>\n</tbody>\n</table></div>\n"
    );
}

#[test]
fn footnotes_come_last_in_the_order_of_their_references() {
    let (body, _) = parsed("[^b]: Bee[^c]\n\nA[^a] and [^b], [^a].\n\n[^a]: Ay\n[^c]: Sea\n[^d]: Unused");
    let labels: Vec<_> = body.footnotes.iter().map(|note| (note.label.as_str(), note.references)).collect();
    assert_eq!(labels, [("a", 2), ("b", 1), ("c", 1), ("d", 0)]);
    assert_eq!(body.text, "A and , .\nAy\nBee\nSea\nUnused");
    let place = RenderContext { footnote_prefix: "ana-", ..ENTRY };
    assert!(
        rendered(&body, body.all(), &place)
            .contains("<sup><a href=\"#fn-ana-1\" id=\"fnref-ana-1_2\" role=\"doc-noteref\">1</a></sup>")
    );
    let notes = rendered(&body, body.footnote_section.clone(), &place);
    assert!(notes.starts_with("<section class=\"footnotes\" role=\"group\" aria-label=\"Footnotes\">\n<ol>\n<li id=\"fn-ana-1\"><p>Ay <a href=\"#fnref-ana-1\""), "{notes}");
    assert!(notes.ends_with("<li id=\"fn-ana-4\"><p>Unused</p>\n</li>\n</ol>\n</section>\n"), "{notes}");
}

#[test]
fn blocks_say_what_a_page_is_made_of() {
    let (body, _) = parsed(
        "# Title\n\n**Bold**\n\nText with `code` &amp; more\nhere.\n\n## Steps\n\n1. One\n2. Two [x](y)\n\n   More\n\n## Answer\n\n```sh\nls\n```\n",
    );
    let kinds: Vec<_> =
        body.blocks.iter().map(|block| (block.kind.clone(), body.text_at(block.text.clone()))).collect();
    assert_eq!(
        kinds,
        [
            (BlockKind::Heading(0), "Title"),
            (BlockKind::Paragraph { only_strong: true, strong_line: true }, "Bold"),
            (BlockKind::Paragraph { only_strong: false, strong_line: false }, "Text with code & more here."),
            (BlockKind::Heading(1), "Steps"),
            (BlockKind::List { start: Some(1), items: 0..2 }, "One\nTwo x\nMore"),
            (BlockKind::Heading(2), "Answer"),
            (BlockKind::Code(Some("sh".into())), "ls"),
        ]
    );
    assert_eq!(body.section(3), 4..5);
    assert_eq!(body.section(0), 1..7);
    assert_eq!(body.text_of(5..7), "Answer\nls");
    let second = &body.items[1];
    assert_eq!(
        rendered(&body, second.segments.clone(), &ENTRY),
        "<p>Two <a href=\"y\">x</a></p>\n<p>More</p>\n"
    );
    assert_eq!(body.text_at(second.text.clone()), "Two x\nMore");
    assert_eq!(second.span.line, 11);
    let answer = rendered(&body, body.segments_of(6..7), &ENTRY);
    assert!(answer.starts_with("<pre") && answer.ends_with("</pre>\n"));
}

#[test]
fn a_reply_is_demoted_in_order_and_has_its_own_ids() {
    let (body, _) = parsed("# Restore\n\n###### Deep");
    let place = RenderContext { id_prefix: "h-ana-", demote: 2, ..ENTRY };
    assert_eq!(
        rendered(&body, body.all(), &place),
        // No heading stands more than one level below the one before it.
        "<h3 id=\"h-ana-restore\">Restore</h3>\n<h4 id=\"h-ana-deep\">Deep</h4>\n"
    );
    assert_eq!(body.headings[0].text, "Restore");
    assert!(body.headings[0].top_level);
}

#[test]
fn slots_can_be_dead() {
    let (body, _) = parsed("[a *b*](x) ![c](y) [![d](z)](w)");
    let dead = body.render(body.all(), &ENTRY, |_| LinkTarget::Dead, |_| ImageTarget::Dead);
    assert_eq!(dead, "<p>a <em>b</em> c d</p>\n");
    let link = |_| LinkTarget::To { href: "/w\"".into(), rel: Rel::Internal };
    let remote = |_| ImageTarget::AsLink { href: "https://r.example/?a&b".into() };
    assert_eq!(
        body.render(body.all(), &ENTRY, link, remote),
        "<p><a href=\"/w&quot;\">a <em>b</em></a> <a href=\"https://r.example/?a&amp;b\" rel=\"ugc nofollow noopener\">c</a> \
         <a href=\"/w&quot;\">d</a></p>\n"
    );
}

#[test]
fn safe_html_stays_and_closes_what_it_opens() {
    for (markdown, expected) in [
        ("a <kbd>Ctrl</kbd> <b class=x id=y style=z>b", "<p>a <kbd>Ctrl</kbd> <b id=\"h-y\">b</b></p>\n"),
        (
            "<details open><summary>More</summary>\n\n- *a*\n\n</details>\n\nafter",
            "<details open=\"\"><summary>More</summary>\n<ul>\n<li><em>a</em></li>\n</ul>\n</details>\n<p>after</p>\n",
        ),
        (
            "<div>\n\nnever closed\n\n## Steps",
            "<div>\n</div><p>never closed</p>\n<h2 id=\"h-steps\">Steps</h2>\n",
        ),
        ("a </div></p></main> b", "<p>a &lt;/main&gt; b</p>\n"),
        (
            "<p align=center>\n<img src=\"a.png\" width=100 alt=\"A\">\n</p>",
            "<p class=\"align-center\">\n<img src=\"a.png\" alt=\"A\" width=\"100\" height=\"50\" loading=\"lazy\" decoding=\"async\">\n</p>",
        ),
        (
            "x <a href=\"b.md\" onclick=\"x\">b</a> <a name=\"n\">c</a>",
            "<p>x <a href=\"b.md\">b</a> <span id=\"h-n\"></span>c</p>\n",
        ),
        ("x <li>a</li> <td>b</td>", "<p>x a b</p>\n"),
        (
            "<h2 align=center>Big <em>one</em></h2>\n\n## Big one",
            "<h2 id=\"h-big-one\">Big <em>one</em></h2>\n\n<h2 id=\"h-big-one-1\">Big one</h2>\n",
        ),
        ("a <!-- b --> c\n\n<!--\nd\n-->\n", "<p>a  c</p>\n"),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn what_is_no_element_is_the_text_it_was_meant_to_be() {
    for (markdown, expected) in [
        ("open <file> as <your-name>", "<p>open &lt;file&gt; as &lt;your-name&gt;</p>\n"),
        ("Vec<String> and <std::vector>", "<p>Vec&lt;String&gt; and &lt;std::vector&gt;</p>\n"),
        ("<file>\n", "<p>&lt;file&gt;</p>\n"),
        (
            "<Router>\n  <Home/>\n</Router>",
            "<pre tabindex=\"0\"><code class=\"language-html\">&lt;Router&gt;\n  &lt;Home/&gt;\n&lt;/Router&gt;\n</code></pre>\n",
        ),
        ("a <?php x ?> <!DOCTYPE y>", "<p>a &lt;?php x ?&gt; &lt;!DOCTYPE y&gt;</p>\n"),
    ] {
        assert_eq!(html(markdown), expected);
        assert_eq!(problems(markdown), Vec::<String>::new(), "{markdown}");
    }
}

#[test]
fn what_could_run_is_shown_as_text_and_told() {
    for (markdown, told) in [
        ("a <script>alert(1)</script>", "1:3 unsafe-html"),
        ("ok\n\n<iframe src=x></iframe>", "3:1 unsafe-html"),
        ("é <img src=a.png onerror=alert(1)>", "1:3 unsafe-html"),
        ("<div style=\"x\">a</div>", "1:1 unsafe-html"),
        ("<!-- never", "1:1 unsafe-html"),
        ("é [a](javascript:alert(1))", "1:3 unsafe-link"),
        ("![a](data:text/html,x)", "1:1 unsafe-link"),
        ("<a href=\"java&#x0A;script:x\">a</a>", "1:1 unsafe-link"),
        ("<javascript:x>", "1:1 unsafe-link"),
    ] {
        assert_eq!(problems(markdown), [told], "{markdown}");
        assert_eq!(faults(&html(markdown)), Vec::<String>::new(), "{markdown}");
    }
    assert_eq!(html("[a *b*](javascript:x) ![c](data:x)"), "<p>a <em>b</em> c</p>\n");
    assert!(html("<script>x</script>").contains("&lt;script&gt;x&lt;/script&gt;"), "nothing is lost");
}

#[test]
fn places_are_those_of_the_whole_file() {
    let source =
        "---\ntitle: é\n---\n\nÜber [a](b) ![c](d)\nhttps://e.example <https://f.example>\n> [g](h)\n";
    let (body, _) =
        parse(&"a.md".into(), source, source.find("\n\n").map_or(0, |at| at + 1), &Options::default());
    let places: Vec<_> =
        body.links.iter().map(|link| (link.destination.span.line, link.destination.span.column)).collect();
    assert_eq!(places, [(5, 6), (6, 1), (6, 19), (7, 3)]);
    assert_eq!(body.images[0].source.span, Span::in_line(5, 13, 7));
    assert_eq!(body.links[1].kind, LinkKind::Bare);
    assert_eq!(body.blocks[0].span, Span { line: 5, column: 1, end_line: 6, end_column: 38 });
}

#[test]
fn secrets_and_hidden_characters_are_nowhere_in_the_page() {
    let token = format!("ghp_{}", "aB3d".repeat(9));
    let markdown = format!(
        "# {token}\n\n[{token}](/{token} \"{token}\") `{token}` <b title=\"{token}\">\u{202e}b</b>\n\n```\n{token} \u{202e}\n```\n\u{200b}"
    );
    let (body, told) = parsed(&markdown);
    let all = format!("{body:?}{told:?}{}", rendered(&body, body.all(), &ENTRY));
    assert!(!all.contains(&token[..10]) && !all.contains('\u{202e}') && !all.contains('\u{200b}'));
    let rules: Vec<_> = told.iter().map(|d| (d.rule.name(), d.severity)).collect();
    assert_eq!(rules.iter().filter(|rule| **rule == ("secret", Severity::Error)).count(), 7);
    assert!(rules.contains(&("bidi", Severity::Warning)) && rules.contains(&("bidi", Severity::Error)));
    assert!(rules.contains(&("zero-width", Severity::Warning)));
    assert_eq!(html("a&#x202e;b&zwj;c"), "<p>abc</p>\n");
}

#[test]
fn addresses_and_numbers_of_people_are_told_but_not_in_code() {
    assert_eq!(
        problems(
            "Ask ana@acme.io or +49 30 1234567.\n\n`ben@acme.io`\n\n[mail](mailto:cem@acme.io) you@example.com"
        ),
        ["1:5 email", "1:20 phone", "5:1 email"]
    );
}

#[test]
fn what_is_too_deep_or_too_large_is_held() {
    assert_eq!(problems(&("- ".repeat(200) + "x")), ["1:65 too-deep"]);
    assert_eq!(problems(&"<div>".repeat(100)), ["1:1 too-deep"]);
    assert!(parsed(&("> ".repeat(100) + "x")).0.blocks.is_empty());
    let long = format!("[a]: /{}\n\n{}", "x".repeat(20_000), "[a]".repeat(3_000));
    let (body, _) = parsed(&long);
    assert!(
        body.links.iter().map(|link| link.destination.value.len()).sum::<usize>() < 25 * long.len() + 300_000
    );
    assert_eq!(problems(&format!("[^a]: x\n\n{}", "[^a]".repeat(100_000))), ["1:1 too-large"]);
}

/// What an independent parser finds wrong with a page's HTML.
fn faults(html: &str) -> Vec<String> {
    let page = format!("<main><ul><li><div>{html}</div></li></ul><p>after</p></main>");
    let page = scraper::Html::parse_fragment(&page);
    let mut faults = Vec::new();
    let frame = scraper::Selector::parse("html > main > ul > li:only-child > div:only-child")
        .expect("it is a selector");
    let after =
        scraper::Selector::parse("html > main > ul:first-child + p:last-child").expect("it is a selector");
    if page.select(&frame).count() != 1 || page.select(&after).count() != 1 {
        faults.push("it breaks out of its place".into());
    }
    let ours = [
        "html", "main", "section", "input", "a", "img", "h1", "h2", "h3", "h4", "h5", "h6", "br", "hr",
        "wbr", "col",
    ];
    for element in page.root_element().descendent_elements() {
        let name = element.value().name();
        let kept = matches!(crate::page::html::element(name), crate::page::html::Element::Kept(same) if same == name);
        if !kept && !ours.contains(&name) && !mathml::ELEMENTS.contains(&name) {
            faults.push(format!("element {name}"));
        }
        for (attribute, value) in element.value().attrs() {
            let fine = match attribute {
                "id" => value.starts_with("h-") || value.starts_with("fn-") || value.starts_with("fnref-"),
                "href" | "src" => {
                    !matches!(crate::page::destination::classify(value), Destination::Unsafe(_))
                }
                "class" => value.split(' ').all(|class| {
                    [
                        "hl-",
                        "language-",
                        "align-",
                        "alert",
                        "task",
                        "table",
                        "footnote",
                        "math",
                        "line",
                        "numbered",
                        "listing",
                        "diagram",
                        "film",
                        "marked",
                        "inserted",
                        "deleted",
                    ]
                    .iter()
                    .any(|ours| class.starts_with(ours))
                }),
                "alt" | "title" | "lang" | "dir" | "width" | "height" | "loading" | "decoding"
                | "tabindex" | "role" | "aria-label" | "open" | "start" | "value" | "colspan" | "rowspan"
                | "alttext" | "data-line" | "scope" | "span" | "datetime" | "type" | "disabled"
                | "checked" | "rel" => true,
                _ => mathml::ELEMENTS.contains(&name) && mathml::ATTRIBUTES.contains(&attribute),
            };
            if !fine {
                faults.push(format!("{attribute}={value} on {name}"));
            }
        }
    }
    faults
}

const PIECES: &[&str] = &[
    "$x^2$",
    "$$\n",
    "\\(a_1\\)",
    ":tada:",
    "@ana",
    "https://youtu.be/abc",
    "```js title=\"x\" {1} linenums=\"1\"\n",
    "// highlight-next-line\n",
    "https://a.example/__x__",
    "www.a.example/`*",
    "<a id=\"x\"></a>",
    "<td id=x>",
    " {#x}",
    "**文。**",
    "（",
    "\n",
    "\n\n",
    " ",
    "  \n",
    "a",
    "é\u{301}",
    "👩‍💻",
    "\u{202e}",
    "\u{200b}",
    "\0",
    "\t",
    "# ",
    "- ",
    "1. ",
    "> ",
    "> [!TIP]\n> ",
    "    ",
    "```",
    "```js\n",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "](",
    ")",
    "[a](b)",
    "![",
    "![c](d)",
    "<https://e.example>",
    "https://f.example/(g)",
    "www.h.example",
    "i@j.example",
    "[^1]",
    "[^1]: ",
    "[^k]: l\n\n",
    "[m]: /n\n",
    "| o | p |\n|--|:-:|\n| q |",
    "- [x] ",
    "&lt;",
    "&#x202e;",
    "<",
    ">",
    "</",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    "<li>",
    "</li>",
    "<ul>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<details>",
    "<summary>",
    "</summary>",
    "</details>",
    "<a href=\"r\">",
    "</a>",
    "<img src=s onerror=t>",
    "<h1>",
    "</h1>",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<style>",
    "<svg>",
    "<math>",
    "<!--",
    "-->",
    "<textarea>",
    "<file>",
    "</main>",
    "</ul></li>",
    "<br/>",
    "<hr>",
    "\"",
    "'",
    "=",
    "onclick=u ",
    "javascript:v",
    "data:w",
    "<input>",
    "<form>",
    "<center>",
    "<dl>",
    "<dt>",
    "<col>",
    "<caption>",
    "<ruby>",
    "<rt>",
    "<sup>",
    "{{ x }}",
];

/// The text of each paragraph as a reader sees it.
fn seen(markdown: &str) -> String {
    parsed(markdown).0.text
}

fn addresses(markdown: &str) -> Vec<String> {
    parsed(markdown).0.links.iter().map(|link| link.destination.value.clone()).collect()
}

#[test]
fn an_address_is_found_before_emphasis_is_and_shown_as_it_was_typed() {
    for (text, found) in [
        ("https://x.example/pkg/__init__.py", &["https://x.example/pkg/__init__.py"][..]),
        (
            "https://x.example/a*b*c and https://x.example/~~d~~e",
            &["https://x.example/a*b*c", "https://x.example/~~d~~e"],
        ),
        ("https://x.example/`a`", &["https://x.example/`a`"]),
        ("https://x.example/#:~:text=a,-b", &["https://x.example/#:~:text=a,-b"]),
        ("(https://en.example/wiki/A_(b))", &["https://en.example/wiki/A_(b)"]),
        ("https://x.example/[a](b)", &["https://x.example/[a](b)"]),
        ("https://x.example/?a=1&amp;b=__2__c", &["https://x.example/?a=1&amp;b=__2__c"]),
        ("请看https://x.example/b_c_d。然后", &["https://x.example/b_c_d"]),
        ("www.x.example/__y__z", &["http://www.x.example/__y__z"]),
        ("http://[::1]:8080/__y__z", &["http://[::1]:8080/__y__z"]),
    ] {
        assert_eq!(seen(text), text);
        assert_eq!(addresses(text), found, "{text}");
    }
}

#[test]
fn what_stands_around_an_address_keeps_its_meaning() {
    let link = |address: &str| format!("<a href=\"{address}\" rel=\"ugc nofollow noopener\">{address}</a>");
    let (a, i) = (link("https://x.example/a"), link("https://x.example/__i__.py"));
    for (markdown, expected) in [
        ("**bold https://x.example/a**", format!("<p><strong>bold {a}</strong></p>\n")),
        ("*https://x.example/a*, b", format!("<p><em>{a}</em>, b</p>\n")),
        ("`https://x.example/__i__.py`", "<p><code>https://x.example/__i__.py</code></p>\n".to_owned()),
        (
            "    https://x.example/__i__.py",
            "<pre tabindex=\"0\"><code>https://x.example/__i__.py</code></pre>\n".to_owned(),
        ),
        ("# https://x.example/__i__.py", format!("<h1 id=\"h-httpsxexample__i__py\">{i}</h1>\n")),
        ("> https://x.example/__i__.py", format!("<blockquote>\n<p>{i}</p>\n</blockquote>\n")),
        (
            "[https://x.example/__i__.py](b.md)",
            "<p><a href=\"b.md\">https://x.example/__i__.py</a></p>\n".to_owned(),
        ),
        (
            "[a](https://x.example/__i__.py)",
            "<p><a href=\"https://x.example/__i__.py\" rel=\"ugc nofollow noopener\">a</a></p>\n".to_owned(),
        ),
        ("<https://x.example/__i__.py>", format!("<p>{i}</p>\n")),
        (
            "https://x.example/a[^1]\n\n[^1]: Note",
            format!(
                "<p>{a}<sup><a href=\"#fn-1\" id=\"fnref-1\" role=\"doc-noteref\">1</a></sup></p>\n<section class=\"footnotes\" role=\"doc-endnotes\" aria-label=\"Footnotes\">\n<ol>\n<li id=\"fn-1\"><p>Note <a href=\"#fnref-1\" class=\"footnote-back\" role=\"doc-backlink\" aria-label=\"Back to reference 1\">↩</a></p>\n</li>\n</ol>\n</section>\n"
            ),
        ),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
    let table = html("| a |\n|---|\n| https://x.example/a\\|b__c__d |");
    assert!(table.contains(">https://x.example/a|b__c__d</a></td>"), "{table}");
}

#[test]
fn emphasis_may_end_beside_punctuation_of_chinese_japanese_and_korean() {
    for (markdown, expected) in [
        ("**这是“重点”。**后面", "<strong>这是“重点”。</strong>后面"),
        ("**テスト。**テスト", "<strong>テスト。</strong>テスト"),
        ("**重点（说明）**后", "<strong>重点（说明）</strong>后"),
        ("**가나다(라)**는", "<strong>가나다(라)</strong>는"),
        ("前**`code`**后", "前<strong><code>code</code></strong>后"),
        ("~~删除。~~后", "<del>删除。</del>后"),
        ("**(a)**的**b**", "<strong>(a)</strong>的<strong>b</strong>"),
        ("文_不_字", "文_不_字"),
        ("10~20个，好的~", "10~20个，好的~"),
        ("a**(b)**c", "a**(b)**c"),
        ("**[重点。**后]", "<strong>[重点。</strong>后]"),
    ] {
        assert_eq!(html(markdown), format!("<p>{expected}</p>\n"), "{markdown}");
    }
    assert_eq!(seen("```\n**这是。**后\n```"), "**这是。**后\n");
    assert_eq!(html("[**重点。**后]\n\n[**重点。**后]: /x"), "<p><a href=\"/x\">**重点。**后</a></p>\n");
}

#[test]
fn a_line_break_in_chinese_is_no_space() {
    assert_eq!(
        html("这是中文，\n**下一行**\n再下\nend"),
        "<p>这是中文，<strong>下一行</strong>再下\nend</p>\n"
    );
    assert_eq!(seen("日本語\n`code`\n한국어\n문장"), "日本語 code 한국어 문장");
    assert_eq!(html("<p>中文\n  文字</p>"), "<p>中文文字</p>");
}

#[test]
fn places_that_an_author_named_are_anchors() {
    for (markdown, expected) in [
        ("a <a name=\"b c\"></a>d", "<p>a <span id=\"h-b-c\"></span>d</p>\n"),
        ("<a id=\"x\" href=\"b.md\">d</a>", "<p><span id=\"h-x\"></span><a href=\"b.md\">d</a></p>\n"),
        (
            "<details id=\"d\"><summary id=\"s\">S</summary>t</details>",
            "<details id=\"h-d\"><summary id=\"h-s\">S</summary>t</details>",
        ),
        (
            "<table><tr id=r><td id=c>a</td></tr></table>",
            "<table><tbody><tr id=\"h-r\"><td id=\"h-c\">a</td></tr></tbody></table>",
        ),
        ("# T {#own}", "<h1 id=\"h-own\">T</h1>\n"),
        ("# T {#own_id}\n\n## T", "<h1 id=\"h-own_id\">T</h1>\n<h2 id=\"h-t\">T</h2>\n"),
        ("<a id=\"x\"></a>\n\n# T", "<h1 id=\"h-t\"><span id=\"h-x\"></span>T</h1>\n"),
        // The heading has it by its text; a second of a name is none.
        (
            "<b id=\"t\">a</b><i id=\"u\">b</i><i id=\"u\">c</i>\n\n# T",
            "<p><b>a</b><i id=\"h-u\">b</i><i>c</i></p>\n<h1 id=\"h-t\">T</h1>\n",
        ),
        ("<b id='\"><script>'>a</b>", "<p><b id=\"h-script\">a</b></p>\n"),
        ("<b id=\"<>\" name=\"body\">a</b>", "<p><b>a</b></p>\n"),
    ] {
        assert_eq!(html(markdown).trim_end(), expected.trim_end(), "{markdown}");
    }
}

#[test]
fn what_a_text_says_is_told_in_sentences() {
    let (body, _) = parsed(
        "# Title\n\nFirst:\n\n- one\n- two, three\n\n| a | b |\n|---|---|\n| c | d |\n\n```sh\nrun it\n```\n\n**Label**\nValue 4\n\nDone![^1]\n\n## 步骤\n\n- 甲\n- 乙\n\n[^1]: A note",
    );
    assert_eq!(
        body.prose(&(0..narrow(body.text.len()))),
        "Title:\nFirst:\none; two, three.\na: b; c: d.\nLabel: Value 4.\nDone!\n步骤：甲；乙。\nA note.\nrun it"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_the_page_stays_whole(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let markdown = pieces.concat();
        let (body, _) = parsed(&markdown);
        let all = rendered(&body, body.all(), &ENTRY) + &rendered(&body, body.footnote_section.clone(), &ENTRY);
        prop_assert_eq!(faults(&all), Vec::<String>::new());
        for block in &body.blocks {
            prop_assert_eq!(faults(&rendered(&body, block.segments.clone(), &ENTRY)), Vec::<String>::new());
            prop_assert!(body.text.get(block.text.start as usize..block.text.end as usize).is_some());
        }
        for item in &body.items {
            prop_assert_eq!(faults(&rendered(&body, item.segments.clone(), &ENTRY)), Vec::<String>::new());
            prop_assert!(body.text.get(item.text.start as usize..item.text.end as usize).is_some());
        }
        for heading in &body.headings {
            prop_assert_eq!(body.segments[heading.segment as usize], Segment::HeadingOpen(narrow(body.headings.iter().position(|other| std::ptr::eq(other, heading)).unwrap_or_default())));
        }
        let mut ids: Vec<_> = body.headings.iter().map(|heading| &heading.id).collect();
        ids.extend(body.anchors.iter().map(|anchor| &anchor.id).filter(|id| !id.is_empty()));
        ids.sort();
        ids.dedup();
        let named: Vec<_> = body.headings.iter().map(|heading| &heading.id).collect();
        let own = body.anchors.iter().filter(|it| !it.id.is_empty() && !named.contains(&&it.id)).count();
        prop_assert_eq!(ids.len(), body.headings.len() + own);
    }

    #[test]
    fn any_text_at_all_is_taken(markdown in "\\PC{0,80}") {
        let (body, _) = parsed(&markdown);
        prop_assert_eq!(faults(&rendered(&body, body.all(), &ENTRY)), Vec::<String>::new());
    }
}

#[test]
fn what_other_programs_write_comes_out_as_here() {
    for (markdown, expected) in [
        (
            "> [!tip]- A *title*\n> Text",
            "<details class=\"alert alert-tip\">\n<summary class=\"alert-title\">A <em>title</em></summary>\n<p>Text</p>\n</details>\n",
        ),
        (
            "> [!bug]+\n> Text",
            "<details class=\"alert alert-danger\" open>\n<summary class=\"alert-title\">Bug</summary>\n<p>Text</p>\n</details>\n",
        ),
        (
            "> [!my-kind]\n> Text",
            "<div class=\"alert alert-note\" role=\"note\">\n<p class=\"alert-title\">My kind</p>\n<p>Text</p>\n</div>\n",
        ),
        ("!!! note \"\"\n    Text", "<div class=\"alert alert-note\" role=\"note\">\n<p>Text</p>\n</div>\n"),
        (
            ":::info[One]\n\n> [!warning]\n> Two\n\n:::\n",
            "<div class=\"alert alert-note\" role=\"note\">\n<p class=\"alert-title\">One</p>\n<div class=\"alert alert-warning\" role=\"note\">\n<p class=\"alert-title\">Warning</p>\n<p>Two</p>\n</div>\n</div>\n",
        ),
        (
            "=== \"A\"\n    a\n=== \"B\"\n    b",
            "<div class=\"tabs\">\n<div class=\"tab\">\n<p class=\"tab-title\">A</p>\n<p>a</p>\n</div>\n<div class=\"tab\">\n<p class=\"tab-title\">B</p>\n<p>b</p>\n</div>\n</div>\n",
        ),
        (
            "A\n: b\n: c\n\nD\n: e",
            "<dl>\n<dt>A</dt>\n<dd><p>b</p>\n</dd>\n<dd><p>c</p>\n</dd>\n<dt>D</dt>\n<dd><p>e</p>\n</dd>\n</dl>\n",
        ),
        ("H~2~O and ~gone~ and ~~gone~~", "<p>H<sub>2</sub>O and <del>gone</del> and <del>gone</del></p>\n"),
        ("x^2^ is 2^10 and 3^4", "<p>x<sup>2</sup> is 2^10 and 3^4</p>\n"),
        ("==a *b*== c==d == e", "<p><mark>a <em>b</em></mark> c==d == e</p>\n"),
        ("*a ==b* c==", "<p><em>a ==b</em> c==</p>\n"),
        (
            "Press ++ctrl+c++, ++new++ C++ i++",
            "<p>Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, <ins>new</ins> C++ i++</p>\n",
        ),
        (
            "HTML, XHTML and `HTML`\n\n*[HTML]: Hyper \"Text\"",
            "<p><abbr title=\"Hyper &quot;Text&quot;\">HTML</abbr>, XHTML and <code>HTML</code></p>\n",
        ),
        (
            "a ![x](y.png){width=20} b",
            "<p>a <img src=\"y.png\" alt=\"x\" width=\"20\" height=\"10\" loading=\"lazy\" decoding=\"async\"> b</p>\n",
        ),
        (
            "a ![x|30x40](y.png) b",
            "<p>a <img src=\"y.png\" alt=\"x\" width=\"30\" height=\"40\" loading=\"lazy\" decoding=\"async\"> b</p>\n",
        ),
        ("[a](b.md){: .button target=\"_blank\"} {x}", "<p><a href=\"b.md\">a</a> {x}</p>\n"),
        (
            "[[Page]], [[b/c#D e|the *text*]], [[#F]]",
            "<p><a href=\"Page\">Page</a>, <a href=\"b/c#D e\">the <em>text</em></a>, <a href=\"#F\">F</a></p>\n",
        ),
        (
            "`[[a]]` [[1,2],[3,4]] if [[ $a == b ]]; [[wiki]](url)",
            "<p><code>[[a]]</code> [[1,2],[3,4]] if [[ $a == b ]]; <a href=\"url\">[wiki]</a></p>\n",
        ),
        (
            "![[p.png|A view|20]] ![[Page]]",
            "<p><img src=\"p.png\" alt=\"A view\" width=\"20\" height=\"10\" loading=\"lazy\" decoding=\"async\"> <a href=\"Page\">Page</a></p>\n",
        ),
        (
            "| a |\n|---|\n| [[b\\|c]] |",
            "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table>\n<thead>\n<tr><th scope=\"col\">a</th></tr>\n</thead>\n<tbody>\n<tr><td><a href=\"b\">c</a></td></tr>\n</tbody>\n</table></div>\n",
        ),
        ("# A {.unnumbered}\n\n## B {#c .d}", "<h1 id=\"h-a\">A</h1>\n<h2 id=\"h-c\">B</h2>\n"),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn no_sign_that_stands_alone_costs_more_than_its_length() {
    for part in [
        "[[",
        "[[a]]",
        "==",
        "== ",
        "==a ",
        "~",
        "~a",
        "^",
        "a^b",
        "++",
        "++a ",
        "![[a.png|1]]",
        "{",
        "a{.b}",
        "`a`{.b}",
        "> [!a] b\n\n",
        "> ",
        "A b ",
        "*[A]: b\n",
        "=== \"a\"\n    ",
        ":::note\n",
        "!!! note\n    ",
        "a\n: b\n",
        "![a](b \"c\"){width=1}\n\n",
    ] {
        let text = part.repeat(100_000 / part.len()) + "\n\n*[A]: what it means\n*[A b]: and more\n";
        let time = std::time::Instant::now();
        let (body, _) = parsed(&text);
        assert!(body.html.len() <= text.len() * 24 + 300_000, "{part:?}: {}", body.html.len());
        assert!(time.elapsed().as_secs() < 8, "{part:?}: {:?}", time.elapsed());
    }
}
