//! Code with classes that a style sheet colours: a dozen of them, no nesting, no inline style.
//!
//! The languages that fill most pages are read by a small `lexer` of our own, in a microsecond or
//! ten. All others go through syntect's `grammar`s, which know more and take fifty times as long:
//! reading them is put off until a page needs one. Either way the result depends on nothing but the
//! language and the code, so a caller can keep it.

mod grammar;
mod languages;
mod lexer;
mod web;

/// A block that is longer stays plain.
pub const LONGEST_BLOCK: usize = 64 * 1024;

/// A line that is longer stays plain: some grammars take their time with minified code.
pub const LONGEST_LINE: usize = 2 * 1024;

/// What a piece of code is. Its name in the page is `hl-` and the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
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

/// The HTML of a code block, or nothing where it should stay plain: an unknown language, a block
/// that is too long. `language` is the first word behind the fence, in lower case.
///
/// The HTML holds only escaped text and `<span class="hl-…">`, and its text is the code's.
#[must_use]
pub fn highlight(language: &str, code: &str) -> Option<String> {
    if code.len() > LONGEST_BLOCK || code.is_empty() {
        return None;
    }
    if let Some(rules) = languages::find(language) {
        Some(lexer::paint(rules, code))
    } else if let Some(paint) = web::find(language) {
        Some(paint(code))
    } else {
        grammar::paint(language, code)
    }
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
    /// Spaces behind an element that may yet go on.
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
        super::markdown::escape_text(piece, &mut self.out);
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

    /// The painted code with `[class text]` for elements.
    fn painted(language: &str, code: &str) -> String {
        highlight(language, code)
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
            "rust", "bash", "python", "js", "go", "ruby", "sql", "json", "diff", "elixir", "toml", "c",
            "yaml", "html", "haskell", "css", "php", "lua",
        ];
        for language in languages {
            for code in codes.iter().flat_map(|a| codes.iter().map(move |b| format!("{a}x{b}\n{b} {a}"))) {
                let html = highlight(language, &code).unwrap_or_default();
                let text: String = scraper::Html::parse_fragment(&html).root_element().text().collect();
                assert_eq!(text, code, "{language}");
            }
        }
    }

    #[test]
    fn what_is_too_long_stays_plain() {
        assert_eq!(painted("rust", &"x".repeat(LONGEST_BLOCK + 1)), "plain");
        let line = format!("{}\nmain = 1\n", "a".repeat(LONGEST_LINE));
        let html = highlight("haskell", &line).unwrap_or_default();
        assert!(html.starts_with("aaa"), "the long line is plain");
    }
}
