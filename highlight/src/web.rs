//! HTML and CSS, which are written like nothing else. One pass each, like the [`lexer`](super::lexer).

use super::lexer::{number_end, string_end};
use super::{Class, Painter, languages, lexer};

/// What people call markup, with or without code of another language in it.
const MARKUP: &[&str] = &[
    "html",
    "xml",
    "svg",
    "xhtml",
    "htm",
    "vue",
    "svelte",
    "rss",
    "atom",
    "plist",
    "xsd",
    "xsl",
    "xslt",
    "wsdl",
    "erb",
    "heex",
    "eex",
    "ejs",
    "eta",
    "astro",
    "razor",
    "cshtml",
    "mathml",
    "dtd",
    "pom",
    "maven",
    "ant",
    "ivy",
    "csproj",
    "vbproj",
    "fsproj",
    "msbuild",
    "nuspec",
    "resx",
    "xliff",
    "xlf",
    "gpx",
    "kml",
    "fxml",
    "mxml",
    "vue-html",
    "markup",
    "xquery",
    "storyboard",
    "xib",
];

/// Markup with `{{ values }}`, `{% statements %}` and `{# comments #}`.
const TEMPLATES: &[&str] = &[
    "handlebars",
    "hbs",
    "mustache",
    "jinja",
    "jinja2",
    "jinja-html",
    "j2",
    "django",
    "djangohtml",
    "htmldjango",
    "html-django",
    "liquid",
    "jekyll",
    "twig",
    "nunjucks",
    "njk",
    "tera",
    "askama",
    "blade",
    "gotmpl",
    "gohtml",
    "go-template",
    "gotemplate",
    "go-html-template",
    "tmpl",
    "helm",
    "hugo",
    "html.j2",
    "html.twig",
    "mako",
    "velocity",
    "vm",
    "freemarker",
    "ftl",
    "smarty",
    "soy",
    "dust",
    "edge",
    "pebble",
    "angular",
    "ng",
];

const PHP: &[&str] = &["php", "php3", "php4", "php5", "php7", "php8", "phps", "phpt", "phtml"];

const STYLE: &[&str] = &["css", "scss", "less", "postcss", "pcss"];

/// The HTML of code in HTML, XML or their like; nothing for other languages.
pub(super) fn find(language: &str) -> Option<fn(&str) -> String> {
    if MARKUP.contains(&language) {
        Some(markup)
    } else if TEMPLATES.contains(&language) {
        Some(template)
    } else if PHP.contains(&language) {
        Some(php)
    } else if STYLE.contains(&language) {
        Some(style)
    } else {
        None
    }
}

/// All names that are found here.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [MARKUP, TEMPLATES, PHP, STYLE].into_iter().flatten().copied()
}

/// Where the painting is.
struct Pen<'c> {
    code: &'c str,
    painter: Painter,
    painted: usize,
}

impl Pen<'_> {
    fn paint(&mut self, class: Class, from: usize, to: usize) {
        self.painter.paint(None, &self.code[self.painted..from]);
        self.painter.paint(Some(class), &self.code[from..to]);
        self.painted = to;
    }

    fn finish(mut self) -> String {
        self.painter.paint(None, &self.code[self.painted..]);
        self.painter.finish()
    }
}

/// PHP as it stands in a file, between its tags, or without them, as it stands in an answer.
fn php(code: &str) -> String {
    let Some(rules) = languages::find("php-code") else { return markup(code) };
    let mut out = String::with_capacity(code.len() * 3);
    let mut rest = code;
    if !code.contains("<?") {
        return lexer::paint(rules, code);
    }
    while let Some(open) = rest.find("<?") {
        let name =
            rest[open + 2..].bytes().take(3).take_while(|b| b.is_ascii_alphabetic() || *b == b'=').count();
        let from = open + 2 + name;
        out.push_str(&markup(&rest[..open]));
        let mut painter = Painter::new("");
        painter.paint(Some(Class::Tag), &rest[open..from]);
        out.push_str(&painter.finish());
        let to = rest[from..].find("?>").map_or(rest.len(), |length| from + length);
        out.push_str(&lexer::paint(rules, &rest[from..to]));
        let after = (to + 2).min(rest.len());
        let mut painter = Painter::new("");
        painter.paint(Some(Class::Tag), &rest[to..after]);
        out.push_str(&painter.finish());
        rest = &rest[after..];
    }
    out.push_str(&markup(rest));
    out
}

fn markup(code: &str) -> String {
    walk(code, false)
}

fn template(code: &str) -> String {
    walk(code, true)
}

fn walk(code: &str, is_template: bool) -> String {
    let bytes = code.as_bytes();
    let mut pen = Pen { code, painter: Painter::new(code), painted: 0 };
    let mut at = 0;
    let brace = if is_template { b'{' } else { b'<' };
    while let Some(step) = memchr::memchr3(b'<', b'&', brace, &bytes[at..]) {
        at += step;
        let rest = &bytes[at..];
        if rest[0] == b'{' {
            at = hole(&mut pen, at);
        } else if rest[0] == b'&' {
            let name =
                rest[1..].iter().take(32).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
            if name > 0 && rest.get(name + 1) == Some(&b';') {
                pen.paint(Class::Constant, at, at + name + 2);
            }
            at += 1;
        } else if rest.starts_with(b"<!--") {
            let end = memchr::memmem::find(rest, b"-->").map_or(bytes.len(), |end| at + end + 3);
            pen.paint(Class::Comment, at, end);
            at = end;
        } else {
            let name_at = at + 1 + usize::from(matches!(rest.get(1), Some(b'/' | b'!' | b'?')));
            let name_end = name_at + bytes[name_at..].iter().take_while(|b| is_name(**b)).count();
            if name_end > name_at {
                pen.paint(Class::Tag, name_at, name_end);
                at = attributes(&mut pen, name_end, is_template);
            } else {
                at += 1;
            }
        }
    }
    pen.finish()
}

/// Paints what stands between braces in a template, and returns where it ends.
fn hole(pen: &mut Pen<'_>, at: usize) -> usize {
    let bytes = pen.code.as_bytes();
    let (close, is_statement) = match bytes.get(at + 1) {
        Some(b'{') => ("}}", false),
        Some(b'%') => ("%}", true),
        Some(b'#') => {
            let end = memchr::memmem::find(&bytes[at..], b"#}").map_or(bytes.len(), |end| at + end + 2);
            pen.paint(Class::Comment, at, end);
            return end;
        }
        _ => return at + 1,
    };
    let Some(length) = memchr::memmem::find(&bytes[at + 2..], close.as_bytes()) else {
        // One that is never closed takes the rest, so that nobody looks for its end again and again.
        return bytes.len();
    };
    let end = at + 2 + length;
    pen.paint(Class::Tag, at, at + 2);
    let mut here = at + 2;
    let mut is_first = is_statement;
    let mut after_pipe = false;
    while here < end {
        let b = bytes[here];
        if matches!(b, b'"' | b'\'') {
            let close = if b == b'"' { "\"" } else { "'" };
            let to = string_end(&bytes[..end], here + 1, close, true, true).unwrap_or(end).min(end);
            pen.paint(Class::String, here, to);
            here = to;
        } else if b.is_ascii_digit() {
            let to = number_end(&bytes[..end], here);
            pen.paint(Class::Number, here, to);
            here = to;
        } else if is_name(b) && b != b'-' && b != b'.' {
            let to = here + bytes[here..end].iter().take_while(|b| is_name(**b)).count();
            let word = &pen.code[here..to];
            if is_first || WORDS.contains(&word) {
                pen.paint(Class::Keyword, here, to);
            } else if after_pipe {
                pen.paint(Class::Function, here, to);
            } else {
                pen.paint(Class::Variable, here, to);
            }
            (is_first, after_pipe) = (false, false);
            here = to;
        } else {
            after_pipe = b == b'|' || after_pipe && b == b' ';
            here += 1;
        }
    }
    pen.paint(Class::Tag, end, end + 2);
    end + 2
}

/// Words of statements that do not begin them.
const WORDS: &[&str] =
    &["and", "as", "contains", "else", "if", "in", "is", "not", "or", "recursive", "with", "without"];

/// Paints up to the end of the tag, or to where it is none any more.
fn attributes(pen: &mut Pen<'_>, mut at: usize, is_template: bool) -> usize {
    let bytes = pen.code.as_bytes();
    while let Some(b) = bytes.get(at) {
        match b {
            b'>' => return at + 1,
            b'<' => return at,
            b'{' if is_template => at = hole(pen, at),
            b'"' | b'\'' => {
                let Some(length) = memchr::memchr(*b, &bytes[at + 1..]) else { return bytes.len() };
                pen.paint(Class::String, at, at + length + 2);
                at += length + 2;
            }
            b if is_name(*b) || matches!(b, b'@' | b'#' | b'*') => {
                let end = at + 1 + bytes[at + 1..].iter().take_while(|b| is_name(**b)).count();
                let is_value = at > 0 && bytes[at - 1] == b'=';
                pen.paint(if is_value { Class::String } else { Class::Attribute }, at, end);
                at = end;
            }
            _ => at += 1,
        }
    }
    at
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.') || b >= 0x80
}

// Long because each sort of sign in a style sheet has its branch.
fn style(code: &str) -> String {
    let bytes = code.as_bytes();
    let mut pen = Pen { code, painter: Painter::new(code), painted: 0 };
    let mut depth = 0_u32;
    // After the colon of a property stands its value.
    let mut in_value = false;
    // Up to where a quotation mark is known to open nothing: what closes none, closes none later.
    let mut unclosed = [0; 2];
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let rest = &bytes[at..];
        let word = |from: usize| {
            from + bytes[from..]
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_') || **b >= 0x80)
                .count()
        };
        let (class, end) = match b {
            b'/' if rest.starts_with(b"/*") => (
                Some(Class::Comment),
                memchr::memmem::find(rest, b"*/").map_or(bytes.len(), |end| at + end + 2),
            ),
            b'/' if rest.starts_with(b"//") && (at == 0 || bytes[at - 1] != b':') => {
                (Some(Class::Comment), memchr::memchr(b'\n', rest).map_or(bytes.len(), |end| at + end))
            }
            b'"' | b'\'' => {
                let kind = usize::from(*b == b'\'');
                if at < unclosed[kind] {
                    (None, at + 1)
                } else if let Some(end) = string_end(bytes, at + 1, ["\"", "'"][kind], true, false) {
                    (Some(Class::String), end)
                } else {
                    unclosed[kind] = memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| at + length);
                    (None, at + 1)
                }
            }
            b'{' => {
                depth += 1;
                in_value = false;
                (None, at + 1)
            }
            b'}' => {
                depth = depth.saturating_sub(1);
                in_value = false;
                (None, at + 1)
            }
            b';' => {
                in_value = false;
                (None, at + 1)
            }
            b':' => {
                in_value |= depth > 0 && matches!(rest.get(1), Some(b' ' | b'\t' | b'\n'));
                (None, at + 1)
            }
            b'@' | b'!' => (Some(Class::Keyword), word(at + 1)),
            b'$' => (Some(Class::Variable), word(at + 1)),
            b'-' if rest.starts_with(b"--") => (Some(Class::Variable), word(at)),
            b'#' => (Some(Class::Constant), word(at + 1)),
            b'.' if !in_value && !matches!(rest.get(1), Some(b'0'..=b'9')) => {
                (Some(Class::Type), word(at + 1))
            }
            b'0'..=b'9' => (
                Some(Class::Number),
                number_end(bytes, at) + usize::from(bytes.get(number_end(bytes, at)) == Some(&b'%')),
            ),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-' | 0x80.. => {
                let end = word(at);
                let next = bytes.get(end);
                let class = if next == Some(&b'(') {
                    Some(Class::Function)
                } else if in_value {
                    None
                } else if depth > 0 && next == Some(&b':') {
                    Some(Class::Attribute)
                } else {
                    Some(Class::Tag)
                };
                (class.filter(|_| end > at), end.max(at + 1))
            }
            _ => (None, at + 1),
        };
        if let Some(class) = class.filter(|_| end > at + 1 || !matches!(b, b'@' | b'!' | b'$' | b'#' | b'.'))
        {
            pen.paint(class, at, end);
        }
        at = end;
    }
    pen.finish()
}
