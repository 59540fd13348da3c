//! Code and its colours: every language that people name, in every way in which they name it, and at no
//! more than a page may cost.

use longhouse::diagnostic::Rule;

use crate::fixture::{Rendered, site};

/// A page with these blocks, each with what stands behind its fence.
fn page(blocks: &[(&str, &str)]) -> String {
    let blocks: String = blocks.iter().map(|(info, code)| format!("\n````{info}\n{code}\n````\n")).collect();
    format!(
        "=== longhouse.yaml\nbase_url: https://example.org/\n=== content/how-tos/a.md\n# A title\n{blocks}"
    )
}

fn html(site: &Rendered) -> String {
    site.main("/how-tos/a/")
}

/// The blocks of code of the page, in order.
fn shown(site: &Rendered) -> Vec<String> {
    html(site).split("<pre").skip(1).map(String::from).collect()
}

fn said(site: &Rendered, rule: Rule) -> Vec<String> {
    let said = site.diagnostics.iter().filter(|it| it.rule == rule);
    said.map(|it| format!("{}:{} {} | {}", it.line, it.column, it.message, it.help)).collect()
}

#[test]
fn languages_that_people_name_have_colours() {
    for (names, code) in [
        ("powershell ps ps1 pwsh PowerShell", "Get-Item -Path \"a\" # b"),
        ("fsharp fs f# F#", "let a = \"b\" // c"),
        ("vb vbnet vbs vb.net vba", "Dim a As String ' b"),
        ("gherkin cucumber feature", "Feature: a\n  Given \"b\""),
        ("apache apacheconf htaccess httpd", "# a\nRewriteEngine On"),
        ("jinja jinja2 j2 twig django liquid njk", "{% if a %}{{ b | c }}{% endif %}"),
        ("latex tex", "\\section{a} % b"),
        ("php php8", "echo \"a\"; // b"),
        ("console shell-session sh bash zsh fish nu", "echo \"a\" # b"),
        ("bat cmd dos batch", "REM a\n@echo off"),
        ("ini conf env dotenv properties toml systemd", "a = \"b\""),
        ("hcl terraform tf nix", "a = \"b\" # c"),
        ("dockerfile docker containerfile", "FROM a # b\nRUN c"),
        ("nginx caddyfile", "server { listen 80; } # a"),
        ("vue svelte astro html xml", "<a b=\"c\">d</a>"),
        ("tsx jsx mjs cjs ts mts js", "const a = \"b\"; // c"),
        ("json jsonc json5 jsonl ndjson", "{\"a\": 1}"),
        ("graphql protobuf solidity zig", "type A { b: String } // c \"d\" # e"),
        ("dot graphviz", "digraph { a -> b [label=\"c\"] } // d"),
        ("kql promql cypher sparql", "WHERE a = \"b\" or sum(1) by 2"),
        ("dart kotlin swift scala groovy gradle java apex", "class A { } // b"),
        ("r julia matlab octave", "a = 'b'; c = 1"),
        ("elixir erlang haskell ocaml reason elm", "f x = \"a\""),
        ("clojure lisp scheme racket common-lisp", "(define a \"b\") ; c"),
        ("nim crystal perl raku lua tcl awk", "a = \"b\" # c\n-- d"),
        ("sed vim make makefile cmake meson starlark", "# a\nset(b \"c\")\n\" d"),
        ("diff patch diff-js", "+a\n-b"),
        ("http", "GET / HTTP/1.1\nHost: a"),
        ("regex regexp", "^[a-z]+(b|c)$"),
        ("asm nasm wasm wat cuda glsl hlsl wgsl", "; a\nmov eax, 1 // b\n(i32.const 1)"),
        ("verilog vhdl cobol fortran pascal delphi abap", "begin a := 'b'; end -- c\n// d\nmodule b; // c"),
        ("objective-c c++ c# c objc", "int a = 1; // b"),
    ] {
        let blocks: Vec<(&str, &str)> = names.split(' ').map(|name| (name, code)).collect();
        let site = site(&page(&blocks));
        for ((name, _), shown) in blocks.iter().zip(shown(&site)) {
            assert!(shown.contains("<span class=\"hl-"), "{name}: {shown}");
        }
        assert_eq!(said(&site, Rule::UnknownLanguage), [""; 0], "{names}");
    }
}

#[test]
fn a_language_is_found_however_it_is_written() {
    let infos = [
        "js {1,3}",
        "js title=\"x\"",
        "{.js .numberLines}",
        "language-js",
        "JS",
        "js:file.js",
        "js,ignore",
        "{python}",
        "{r, echo=FALSE}",
        "shell script",
        "src/app.js",
        "text/x-python",
        "js [app.js]",
    ];
    let site = site(&page(&infos.map(|info| (info, "for (a in b) { \"c\" } # d"))));
    for (info, shown) in infos.iter().zip(shown(&site)) {
        assert!(shown.contains("<span class=\"hl-"), "{info}: {shown}");
    }
    assert_eq!(said(&site, Rule::UnknownLanguage), [""; 0]);
}

#[test]
fn what_is_no_code_stays_plain_and_nothing_is_said_of_it() {
    let infos = [
        "",
        "text",
        "plaintext",
        "txt",
        "none",
        "output",
        "mermaid",
        "math",
        "plantuml",
        "{note}",
        "{=html}",
    ];
    let site = site(&page(&infos.map(|info| (info, "if a then \"b\" // c"))));
    assert!(!html(&site).contains("<span class=\"hl-"), "{}", html(&site));
    assert_eq!(said(&site, Rule::UnknownLanguage), [""; 0]);
}

#[test]
fn an_unknown_language_is_told_once_with_the_one_that_was_meant() {
    let site = site(&page(&[("pyhton", "a = 1"), ("pyhton", "b = 2"), ("zzzyx", "c")]));
    assert_eq!(
        said(&site, Rule::UnknownLanguage),
        [
            "3:5 `pyhton` is not a known language, so its code is not highlighted. | \
             Did you mean `python`? For text that is not code, write `text`.",
            "11:5 `zzzyx` is not a known language, so its code is not highlighted. | \
             For text that is not code, write `text`.",
        ]
    );
    assert!(html(&site).contains("a = 1") && html(&site).contains("b = 2"));
}

#[test]
fn code_that_nobody_could_wait_for_is_plain_and_told_once() {
    // Patterns that go back and forth: at 60 KB each of these took from seconds to minutes.
    let lines = [
        ("cmd-help", "--a=b,".repeat(300)),
        ("log", "1.".repeat(900)),
        ("syslog", "a.".repeat(900)),
        ("makefile", "$(a ".repeat(450)),
        ("d", "q{".repeat(900)),
    ];
    let codes: Vec<(&str, String)> =
        lines.iter().map(|(name, line)| (*name, format!("{line}\n").repeat(60_000 / line.len()))).collect();
    let blocks: Vec<(&str, &str)> = codes.iter().map(|(name, code)| (*name, code.trim_end())).collect();
    let site = site(&page(&blocks));
    let said = said(&site, Rule::HighlightLimit);
    assert_eq!(said.len(), 1, "{said:?}");
    let shown = html(&site);
    for (name, code) in &blocks {
        let line = code.lines().next().unwrap_or_default();
        let text: String = scraper::Html::parse_document(&shown).root_element().text().collect();
        assert!(text.matches(line).count() >= 2, "{name}: all of it is on the page");
    }
}
