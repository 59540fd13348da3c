//! What begins a line.

use super::{Construct, Constructs, table};

/// Looks at the beginning of a line that is no code. `before` is the line above.
// Long because each construct has its line.
pub(super) fn find(line: &str, start: usize, before: &str, in_table: bool, found: &mut Constructs) {
    let content = line.trim_start_matches([' ', '\t', '>']);
    let Some(first) = content.bytes().next() else { return };
    let at = start + line.len() - content.len();
    let content = content.trim_end();
    let mut add = |construct| found.add(construct, at..at + content.len());
    match first {
        b':' if content.starts_with(":::") => {
            let words = content.trim_start_matches(':').trim();
            // The end of a container has no words.
            if words.starts_with(|it: char| it.is_alphabetic() || it == '{') {
                add(if words.starts_with("include") { Construct::Include } else { Construct::Container });
            }
        }
        b':' if content.starts_with("::") => {
            let name = content[2..].trim_start_matches(|it: char| it.is_ascii_alphanumeric() || it == '-');
            if name.len() < content.len() - 2 && name.starts_with(['{', '[']) {
                add(if content.starts_with("::include") { Construct::Include } else { Construct::Container });
            }
        }
        b'!' if content.starts_with("!!! ") && is_word(&content[4..]) => add(Construct::Admonition),
        b'?' if content.starts_with("???") => {
            let words = content[3..].trim_start_matches('+');
            if words.starts_with(' ') && is_word(&words[1..]) {
                add(Construct::Admonition);
            }
        }
        b'=' => {
            let words = content.trim_start_matches('=');
            let signs = content.len() - words.len();
            let is_tab = signs == 3 && words.trim_start_matches(['+', '!']).starts_with(" \"");
            let is_heading = (1..=6).contains(&signs) && words.starts_with(' ') && words.len() > 2;
            let is_wiki = signs >= 2 && is_heading && words.ends_with(&content[..signs]);
            if is_tab {
                add(Construct::Tabs);
            } else if is_wiki {
                add(Construct::MediaWiki);
            } else if is_heading && before.trim().is_empty() && is_word(&words[1..]) && line.starts_with('=')
            {
                add(Construct::Asciidoc);
            }
        }
        b'-' | b';' if content.trim_start_matches(';').starts_with("--8<--") => add(Construct::Include),
        b'<' if content.starts_with("<<< ") => add(Construct::Include),
        b'{' => braces(content, &mut add),
        b'[' => brackets(content, &mut add),
        b'$' if matches!(content.to_ascii_lowercase().as_str(), "${toc}") => add(Construct::Toc),
        b'\\' => {
            let rest = &content[1..];
            let is_command = ["newpage", "pagebreak", "clearpage", "begin{", "tableofcontents"]
                .iter()
                .any(|name| rest.starts_with(name));
            if is_command {
                add(Construct::Command);
            }
        }
        b'#' => hash(content, &mut add),
        b'.' if content.starts_with(".. ") && content[3..].contains("::") => {
            let name = content[3..].split("::").next().unwrap_or_default();
            if name.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | ':')) {
                add(Construct::Directive);
            }
        }
        b'h' if matches!(content.as_bytes(), [b'h', b'1'..=b'6', b'.', b' ', ..]) => add(Construct::Textile),
        b'b' if content.starts_with("bq. ") || content.starts_with("bc. ") => add(Construct::Textile),
        b'\'' if content.starts_with("'''") && content[3..].contains("'''") => add(Construct::MediaWiki),
        b'i' if is_import(content) && (before.trim().is_empty() || before.starts_with("import ")) => {
            add(Construct::Module);
        }
        b'e' if before.trim().is_empty() && is_export(content) => add(Construct::Module),
        b'-' | b'*' | b'+' if is_task(content) => add(Construct::TaskState),
        _ => {}
    }
    macros(content, &mut add);
    fields(line, &mut add);
    if !in_table
        && is_line_of_dashes(content)
        && before.contains('|')
        && table::cells(before) != table::cells(content)
    {
        add(Construct::NoTable);
    }
}

fn braces(content: &str, add: &mut impl FnMut(Construct)) {
    let lower = content.to_ascii_lowercase();
    if matches!(&*lower, "{:toc}" | "{: toc}" | "{{toc}}" | "{toc}" | "{{ toc }}" | "{{>toc}}") {
        add(Construct::Toc);
    } else if content.starts_with("{!") && content.ends_with("!}") {
        add(Construct::Include);
    }
}

fn brackets(content: &str, add: &mut impl FnMut(Construct)) {
    let lower = content.to_ascii_lowercase();
    if matches!(&*lower, "[toc]" | "[[toc]]" | "[[_toc_]]" | "[[table of contents]]" | "[contents]") {
        return add(Construct::Toc);
    }
    if lower.starts_with("[!include") {
        return add(Construct::Include);
    }
    let is_asciidoc =
        ["[source", "[NOTE]", "[TIP]", "[WARNING]", "[IMPORTANT]", "[CAUTION]", "[quote,", "[cols="]
            .iter()
            .any(|it| content.starts_with(it));
    if is_asciidoc && content.ends_with(']') {
        add(Construct::Asciidoc);
    }
}

fn hash(content: &str, add: &mut impl FnMut(Construct)) {
    let upper = |word: &str| word.len() > 2 && word.bytes().all(|it| it.is_ascii_uppercase() || it == b'_');
    if let Some((name, _)) = content.strip_prefix("#+").and_then(|rest| rest.split_once(':'))
        && upper(&name.to_ascii_uppercase())
    {
        return add(Construct::Org);
    }
    let is_tag = |word: &str| {
        word.strip_prefix('#').is_some_and(|name| {
            name.starts_with(char::is_alphabetic)
                && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_' | '/'))
        })
    };
    // A word alone may be a heading whose space was forgotten, which is said elsewhere.
    let words = content.split_whitespace();
    let are_tags = words.clone().count() > 1 && words.clone().all(is_tag);
    if are_tags || (content.contains('/') && is_tag(content)) {
        add(Construct::InlineTag);
    }
}

/// Macros of AsciiDoc, and attributes of a document of it.
fn macros(content: &str, add: &mut impl FnMut(Construct)) {
    let is_macro = ["image::", "include::", "video::", "toc::[", "ifdef::", "endif::", "xref::"]
        .iter()
        .any(|name| content.starts_with(name));
    if is_macro && content.ends_with(']') {
        add(Construct::Asciidoc);
    }
}

/// `name:: value` of Obsidian and Logseq.
fn fields(line: &str, add: &mut impl FnMut(Construct)) {
    let line = line.trim_start_matches(['-', '*', ' ', '\t']);
    let Some(at) = memchr::memmem::find(&line.as_bytes()[..line.len().min(40)], b":: ") else { return };
    let name = &line[..at];
    let is_name = name.starts_with(char::is_alphabetic)
        && name.ends_with(char::is_alphanumeric)
        && name.chars().all(|it| it.is_alphanumeric() || matches!(it, '-' | '_'));
    if is_name && !line[at + 3..].trim().is_empty() {
        add(Construct::Field);
    }
}

fn is_word(text: &str) -> bool {
    text.trim_start().starts_with(char::is_alphabetic)
}

fn is_import(content: &str) -> bool {
    let has_file = content.contains(" from '") || content.contains(" from \"");
    (has_file && content.starts_with("import "))
        || content.starts_with("import '")
        || content.starts_with("import \"")
}

fn is_export(content: &str) -> bool {
    ["export const ", "export default function", "export function ", "export let "]
        .iter()
        .any(|it| content.starts_with(it))
}

/// A box of a task with another sign than those that GitHub knows.
fn is_task(content: &str) -> bool {
    let mut rest = content[1..].trim_start().chars();
    let signs = (rest.next(), rest.next(), rest.next(), rest.next());
    matches!(
        signs,
        (Some('['), Some('/' | '-' | '>' | '<' | '!' | '?' | '~' | '*' | '"' | '+'), Some(']'), Some(' '))
    )
}

fn is_line_of_dashes(content: &str) -> bool {
    content.contains("--")
        && content.contains('|')
        && content.bytes().all(|it| matches!(it, b'-' | b'|' | b':' | b' ' | b'\t'))
}
