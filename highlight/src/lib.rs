//! Code with classes that a style sheet colours: a dozen of them, no nesting, no inline style.
//!
//! There are two highlighters, for a reason. The languages that fill most pages are read by a small `lexer` of our own,
//! in a microsecond or ten, and without a grammar's worst case. All others go through syntect's `grammar`s, which know two
//! hundred languages and take fifty times as long; reading them is put off until a page needs one. They cannot be walked
//! by syntect itself: strangers write the code, a single line can keep its parser busy for minutes, and it cannot be
//! stopped within a line. So the same grammars are walked here with every step counted.
//!
//! Either way the result depends on nothing but the language and the code, so a caller can keep it.

mod grammar;
mod info;
mod languages;
mod lexer;
mod names;
mod steps;
mod web;

pub use info::{Language, language};

use steps::{Patterns, Steps};

/// A block that is longer stays plain.
pub const LONGEST_BLOCK: usize = 64 * 1024;

/// A line that is longer stays plain: some grammars take their time with minified code.
pub const LONGEST_LINE: usize = 2 * 1024;

/// Appends text that may stand between tags.
pub fn escape_text(text: &str, out: &mut String) {
    let mut copied = 0;
    for at in memchr::memchr3_iter(b'<', b'>', b'&', text.as_bytes()) {
        out.push_str(&text[copied..at]);
        out.push_str(match text.as_bytes()[at] {
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&amp;",
        });
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

/// What a piece of code is. Its name in the page is `hl-` and the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Keyword,
    String,
    Comment,
    Number,
    Function,
    Type,
    Constant,
    Variable,
    Tag,
    Attribute,
    Heading,
    Inserted,
    Deleted,
}

/// What a block may cost to paint by a grammar, in steps.
const BLOCK_STEPS: u64 = 8_000_000;

/// What all blocks of a page may cost together.
const PAGE_STEPS: u64 = 60_000_000;

/// What the patterns of all grammars that a page makes use of may be long together, in bytes.
const PAGE_PATTERNS: usize = 200_000;

/// What is left for the code of a page. It counts steps of the work, not time: the same page is painted
/// the same everywhere.
#[derive(Debug, Clone)]
pub struct Budget {
    page: Steps,
    block: u64,
    patterns: Patterns,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::of(BLOCK_STEPS, PAGE_STEPS)
    }
}

impl Budget {
    /// A budget of this many steps for each block, and for the page.
    #[must_use]
    pub fn of(block: u64, page: u64) -> Budget {
        Budget { page: Steps::new(page), block, patterns: Patterns::new(PAGE_PATTERNS) }
    }

    /// How many bytes of patterns may still be compiled.
    #[must_use]
    pub const fn patterns_left(&self) -> usize {
        self.patterns.left()
    }

    /// How many steps are left.
    #[must_use]
    pub const fn left(&self) -> u64 {
        self.page.left()
    }
}

/// What became of a block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Painted {
    /// Only escaped text and `<span class="hl-…">`. Its text is the code's.
    Html(String),
    /// It stays plain because that is what its language says: `text`, `output` and their like.
    Plain,
    /// It stays plain because no language of this name is known.
    Unknown,
    /// It stays plain because to paint it would cost more than a block or a page may.
    TooCostly,
}

/// Paints a block of code. `language` is its name in lower case.
pub fn highlight(language: &str, code: &str, budget: &mut Budget) -> Painted {
    if code.len() > LONGEST_BLOCK {
        return if names::is_plain(language) { Painted::Plain } else { Painted::TooCostly };
    }
    if let Some(rules) = languages::find(language) {
        return Painted::Html(lexer::paint(rules, code));
    }
    if let Some(paint) = web::find(language) {
        return Painted::Html(paint(code));
    }
    if names::is_plain(language) {
        return Painted::Plain;
    }
    let Some(grammar) = grammar::find(names::grammar_name(language)) else { return Painted::Unknown };
    let may = budget.page.left().min(budget.block);
    let mut steps = Steps::new(may);
    let painted = grammar::paint(grammar, code, &mut steps, &mut budget.patterns);
    budget.page = Steps::new(budget.page.left() - (may - steps.left()));
    match painted {
        Ok(html) => Painted::Html(html),
        Err(steps::Spent) => Painted::TooCostly,
    }
}

/// The names of languages that somebody may have meant who typed one that nobody knows.
#[must_use]
pub fn names() -> std::collections::BTreeSet<String> {
    names::all()
}

/// Whether highlighting this language means reading grammars first, which takes some 20 ms once.
#[must_use]
pub fn needs_grammar(language: &str) -> bool {
    languages::find(language).is_none() && web::find(language).is_none()
}

/// Writes pieces of code, neighbours of one class as one element, spaces between them included.
struct Painter {
    out: String,
    open: Option<Class>,
    /// Spaces after an element that may yet go on.
    spaces: usize,
}

impl Painter {
    fn new(code: &str) -> Painter {
        Painter { out: String::with_capacity(code.len() * 3), open: None, spaces: 0 }
    }

    fn paint(&mut self, class: Option<Class>, piece: &str) {
        if self.open.is_some() && class.is_none() && piece.bytes().all(|b| b == b' ') {
            self.spaces += piece.len();
            return;
        }
        if class != self.open {
            self.close();
            if let Some(class) = class {
                self.out.push_str(opening(class));
            }
            self.open = class;
        }
        self.space();
        escape_text(piece, &mut self.out);
    }

    fn close(&mut self) {
        if self.open.take().is_some() {
            self.out.push_str("</span>");
        }
        self.space();
    }

    fn space(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.spaces)));
    }

    fn finish(mut self) -> String {
        self.close();
        self.out
    }
}

fn opening(class: Class) -> &'static str {
    match class {
        Class::Keyword => "<span class=\"hl-keyword\">",
        Class::String => "<span class=\"hl-string\">",
        Class::Comment => "<span class=\"hl-comment\">",
        Class::Number => "<span class=\"hl-number\">",
        Class::Function => "<span class=\"hl-function\">",
        Class::Type => "<span class=\"hl-type\">",
        Class::Constant => "<span class=\"hl-constant\">",
        Class::Variable => "<span class=\"hl-variable\">",
        Class::Tag => "<span class=\"hl-tag\">",
        Class::Attribute => "<span class=\"hl-attribute\">",
        Class::Heading => "<span class=\"hl-heading\">",
        Class::Inserted => "<span class=\"hl-inserted\">",
        Class::Deleted => "<span class=\"hl-deleted\">",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(language: &str, code: &str) -> Option<String> {
        match highlight(language, code, &mut Budget::default()) {
            Painted::Html(html) => Some(html),
            _ => None,
        }
    }

    /// The painted code with `[class text]` for elements.
    fn painted(language: &str, code: &str) -> String {
        html(language, code)
            .unwrap_or_else(|| "plain".into())
            .replace("<span class=\"hl-", "[")
            .replace("</span>", "]")
            .replace("\">", " ")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    #[test]
    fn common_languages_are_read_without_a_grammar() {
        for (language, code, expected) in [
            (
                "rust",
                "/// Doc\nfn f<'a>(s: &'a str) -> Vec<u8> { g!(\"x\\\"\", 'c', 0x1f) } // end",
                "[comment /// Doc]\n[keyword fn] [function f]<'a>(s: &'a [type str]) -> [type Vec]<[type u8]> \
                 { [function g!]([string \"x\\\"\"], [string 'c'], [number 0x1f]) } [comment // end]",
            ),
            ("rust", "r#\"a\"b\"#; #[derive(Debug)]", "[string r#\"a\"b\"#]; [attribute #[derive(Debug)]]"),
            (
                "bash",
                "# a\nfor f in \"${A:-x}\"/*.log; do grep -c 'a' \"$f\" | awk '{}' # b\ndone",
                "[comment # a]\n[keyword for] f [keyword in] [string \"][variable ${A:-x}][string \"]/*.log; [keyword do] \
                 [function grep] [attribute -c] [string 'a' \"][variable $f][string \"] | [function awk] [string '{}'] [comment # b]\n[keyword done]",
            ),
            (
                "python",
                "@x\ndef f(a: int = 3) -> str:\n    \"\"\"Doc\n    b\"\"\"\n    return f\"a{b}\" if None else g(1.5e3)",
                "[attribute @x]\n[keyword def] [function f](a: [type int] = [number 3]) -> [type str]:\n    \
                 [string \"\"\"Doc\n    b\"\"\"]\n    [keyword return] [string f\"a{b}\"] [keyword if] [constant None] [keyword else] [function g]([number 1.5e3])",
            ),
            (
                "js",
                "const a = /\"[/]/g.test(`x${1}\ny`) / 2; // c\nfoo({k: null})",
                "[keyword const] a = [string /\"[/]/g].[function test]([string `x${1}\ny`]) / [number 2]; [comment // c]\n[function foo]({k: [constant null]})",
            ),
            (
                "sql",
                "select COUNT(*) from t -- c\nwhere a = 'it''s'",
                "[keyword select] [function COUNT](*) [keyword from] t [comment -- c]\n[keyword where] a = [string 'it''s']",
            ),
            (
                "json",
                "{\"a\": [1, true, \"b\"]}",
                "{[attribute \"a\"]: [[number 1], [constant true], [string \"b\"]]}",
            ),
            (
                "html",
                "<!-- a --><a href=\"b\" hidden>c &amp; d</a>",
                "[comment <!-- a -->]<[tag a] [attribute href]=[string \"b\"] [attribute hidden]>c [constant &amp;] d</[tag a]>",
            ),
            (
                "css",
                "@media x { .a > b:hover { color: #fff; --c: calc(1px + 2%); } }",
                "[keyword @media] [tag x] { [type .a] > [attribute b]:[tag hover] { [attribute color]: [constant #fff]; [variable --c]: [function calc]([number 1px] + [number 2%]); } }",
            ),
            (
                "diff",
                "--- a\n+b\n-c\n d\n@@ 1 @@",
                "[heading --- a]\n[inserted +b]\n[deleted -c]\n d\n[heading @@ 1 @@]",
            ),
        ] {
            assert_eq!(painted(language, code), expected, "{language}");
            assert!(!needs_grammar(language));
        }
    }

    #[test]
    fn other_languages_are_read_by_their_grammar() {
        assert!(painted("haskell", "main = putStrLn \"a\" -- b").contains("[comment -- b]"));
        assert_eq!(painted("nothing-known", "x"), "plain");
    }

    #[test]
    fn the_text_is_never_changed() {
        let codes = [
            "a < b && \"c",
            "'",
            "`${",
            "/* x",
            "r#\"",
            "\"\"\"",
            "#[",
            "$",
            "${",
            "é\u{301}→",
            "\\",
            "-",
            "/",
            "'\\",
            "0x",
            "<!--",
            "@",
        ];
        let languages = [
            "rust",
            "bash",
            "python",
            "js",
            "go",
            "ruby",
            "sql",
            "json",
            "diff",
            "elixir",
            "toml",
            "c",
            "yaml",
            "html",
            "haskell",
            "css",
            "php",
            "lua",
            "powershell",
            "fsharp",
            "vb",
            "gherkin",
            "liquid",
            "scheme",
        ];
        for language in languages {
            for code in codes.iter().flat_map(|a| codes.iter().map(move |b| format!("{a}x{b}\n{b} {a}"))) {
                let html = html(language, &code).unwrap_or_default();
                let text: String = scraper::Html::parse_fragment(&html).root_element().text().collect();
                assert_eq!(text, code, "{language}");
            }
        }
    }

    #[test]
    fn what_is_too_long_stays_plain() {
        assert_eq!(painted("rust", &"x".repeat(LONGEST_BLOCK + 1)), "plain");
        let line = format!("{}\nmain = 1\n", "a".repeat(LONGEST_LINE));
        let html = html("haskell", &line).unwrap_or_default();
        assert!(html.starts_with("aaa"), "the long line is plain");
    }

    #[test]
    fn languages_without_a_grammar_have_tables() {
        for (language, code, expected) in [
            (
                "powershell",
                "# a\nfunction Get-It { param($Name) Get-Item -Path \"$env:A\" | Where-Object { $_ -eq 'b' } }",
                "[comment # a]\n[keyword function] [function Get-It] { [keyword param]([variable $Name]) [function Get-Item] \
                 [attribute -Path] [string \"][variable $env][string :A\"] | [function Where-Object] { [variable $_] [attribute -eq] [string 'b'] } }",
            ),
            (
                "fs",
                "(* a *) let rec f (x: 'T) = if x then Some \"b\" else None // c",
                "[comment (* a *)] [keyword let rec] f (x: '[type T]) = [keyword if] x [keyword then] [constant Some] \
                 [string \"b\"] [keyword else] [constant None] [comment // c]",
            ),
            (
                "vbnet",
                "Dim a As String = \"b\\\" ' c\nEND IF",
                "[keyword Dim] a [keyword As] [type String] = [string \"b\\\"] [comment ' c]\n[keyword END IF]",
            ),
            (
                "feature",
                "@slow\nScenario: a\n  Given \"b\" # c",
                "[attribute @slow]\n[keyword Scenario]: a\n  [keyword Given] [string \"b\"] [comment # c]",
            ),
            (
                "liquid",
                "<b>{{ a.b | upcase }}</b>{% if a == \"c\" %}{# d #}",
                "<[tag b]>[tag {{] [variable a.b] | [function upcase] [tag }}]</[tag b]>[tag {%] [keyword if] \
                 [variable a] == [string \"c\"] [tag %}][comment {# d #}]",
            ),
            (
                "php",
                "echo \"a $b\"; // c",
                "[keyword echo] [string \"a ][variable $b][string \"]; [comment // c]",
            ),
            ("php", "<p><?= $a ?></p>", "<[tag p]>[tag <?=] [variable $a] [tag ?>]</[tag p]>"),
        ] {
            assert_eq!(painted(language, code), expected, "{language}");
        }
    }

    #[test]
    fn whatever_code_is_it_ends_within_its_budget() {
        // Each of these took from seconds to minutes, at 60 KB, by patterns that go back and forth.
        let lines = [
            ("cmd-help", "--a=b,".repeat(300)),
            ("log", "1.".repeat(900)),
            ("syslog", "a.".repeat(900)),
            ("makefile", "$(a ".repeat(450)),
            ("d", "q{".repeat(900)),
            ("bourne again shell (bash)", "((".repeat(900)),
        ];
        for (language, line) in lines {
            let code = format!("{line}\n").repeat(30);
            let mut budget = Budget::of(200_000, 300_000);
            let painted = highlight(language, &code, &mut budget);
            let again = highlight(language, &code, &mut Budget::of(200_000, 300_000));
            assert_eq!(painted, again, "{language}: what is painted depends on nothing else");
            assert_eq!(painted, Painted::TooCostly, "{language}");
            assert!(budget.left() >= 100_000, "{language}: a block takes no more than a block may");
            assert_eq!(highlight(language, &code, &mut budget), Painted::TooCostly);
            assert_eq!(highlight(language, &code, &mut budget), Painted::TooCostly);
            assert_eq!(budget.left(), 0, "{language}: and a page no more than a page may");
        }
    }

    #[test]
    fn a_page_pays_for_its_grammars_whether_they_were_read_before_or_not() {
        let mut budget = Budget::default();
        let before = budget.patterns_left();
        assert!(matches!(highlight("haskell", "main = 1\n", &mut budget), Painted::Html(_)));
        let first = before - budget.patterns_left();
        assert!(first > 0);
        assert!(matches!(highlight("haskell", "main = 1\n", &mut budget), Painted::Html(_)));
        assert_eq!(before - budget.patterns_left(), first, "once for each page");
        let mut other = Budget::default();
        assert!(matches!(highlight("haskell", "main = 1\n", &mut other), Painted::Html(_)));
        assert_eq!(before - other.patterns_left(), first, "and for the next page again");
    }
}
