//! What people call languages: other names of those that grammars know, names of what is no code at all,
//! and what was probably meant by a name that nobody knows.

use std::collections::BTreeSet;

use super::{grammar, languages, web};

/// Other names for grammars, beside their own and the extensions of their files.
const ALIASES: &[(&str, &str)] = &[
    ("agda", "haskell"),
    ("apache", "htaccess"),
    ("apache-conf", "htaccess"),
    ("apache2", "htaccess"),
    ("apacheconf", "htaccess"),
    ("batch", "bat"),
    ("batchfile", "bat"),
    ("cl", "lisp"),
    ("common-lisp", "lisp"),
    ("containerfile", "dockerfile"),
    ("cron", "crontab"),
    ("delphi", "pascal"),
    ("dhall", "haskell"),
    ("docker", "dockerfile"),
    ("dos", "bat"),
    ("earthfile", "dockerfile"),
    ("elisp", "el"),
    ("emacs", "el"),
    ("emacs-lisp", "el"),
    ("fortran", "f90"),
    ("freepascal", "pascal"),
    ("gdscript", "gd"),
    ("git-commit", "git commit"),
    ("gitcommit", "git commit"),
    ("gmake", "makefile"),
    ("graphviz", "dot"),
    ("httpd", "htaccess"),
    ("https", "http"),
    ("idris2", "idris"),
    ("just", "makefile"),
    ("justfile", "makefile"),
    ("lean4", "lean"),
    ("logs", "log"),
    ("make", "makefile"),
    ("mdx", "markdown"),
    ("object-pascal", "pascal"),
    ("objectpascal", "pascal"),
    ("octave", "matlab"),
    ("osascript", "applescript"),
    ("perl6", "perl"),
    ("protocol-buffers", "protobuf"),
    ("psv", "pipe separated values"),
    ("qmd", "markdown"),
    ("quarto", "markdown"),
    ("raku", "perl"),
    ("reason", "ocaml"),
    ("reasonml", "ocaml"),
    ("regex", "regular expression"),
    ("regexp", "regular expression"),
    ("requirements", "requirements.txt"),
    ("rmarkdown", "markdown"),
    ("rmd", "markdown"),
    ("robotframework", "robot"),
    ("roc", "elm"),
    ("roff", "groff"),
    ("scilab", "matlab"),
    ("ssh", "ssh config"),
    ("ssh-config", "ssh config"),
    ("sshconfig", "ssh config"),
    ("unison", "haskell"),
    ("vim-script", "vim"),
    ("vimrc", "vim"),
    ("vimscript", "vim"),
];

/// What is meant to stay plain, and what others draw.
const PLAIN: &[&str] = &[
    "abc",
    "ansi",
    "apl",
    "art",
    "ascii",
    "asciimath",
    "ascii-art",
    "asciiart",
    "base",
    "blockdiag",
    "bqn",
    "bytefield",
    "cert",
    "certificate",
    "chart",
    "chat",
    "code",
    "copy",
    "crt",
    "csp",
    "d2",
    "dataview",
    "dataviewjs",
    "dbdiagram",
    "diagram",
    "directory",
    "ditaa",
    "echarts",
    "erd",
    "example",
    "excalidraw",
    "filetree",
    "file-tree",
    "files",
    "flow-chart",
    "flowchart",
    "formula",
    "gcode",
    "ical",
    "ics",
    "key",
    "kroki",
    "ledger-cli",
    "letter",
    "lock",
    "mail",
    "markmap",
    "mathjax",
    "not_rust",
    "data",
    "math",
    "katex",
    "mermaid",
    "music-abc",
    "no-highlight",
    "nohighlight",
    "nomnoml",
    "none",
    "note",
    "other",
    "output",
    "pem",
    "pikchr",
    "plain",
    "plaintext",
    "plain-text",
    "plantuml",
    "poem",
    "pre",
    "prompt",
    "pseudo",
    "pseudocode",
    "pseudo-code",
    "puml",
    "query",
    "quote",
    "raw",
    "response",
    "result",
    "results",
    "sample",
    "sequence",
    "smiles",
    "stderr",
    "stdin",
    "stdout",
    "stl",
    "structurizr",
    "suggestion",
    "svgbob",
    "tasks",
    "template",
    "text",
    "tikz",
    "tree",
    "txt",
    "uml",
    "unicode",
    "unknown",
    "uri",
    "url",
    "vcard",
    "verbatim",
    "verse",
    "wavedrom",
    "xxd",
    "hexdump",
    "hex",
];

/// The name under which a grammar is found.
pub(super) fn grammar_name(name: &str) -> &str {
    ALIASES.binary_search_by_key(&name, |(alias, _)| alias).map_or(name, |at| ALIASES[at].1)
}

/// Whether code of this name is meant to have no colours.
pub(super) fn is_plain(name: &str) -> bool {
    PLAIN.contains(&name)
}

/// Whether anything is known under this name.
pub(super) fn is_known(name: &str) -> bool {
    is_plain(name)
        || languages::find(name).is_some()
        || web::find(name).is_some()
        || grammar::find(grammar_name(name)).is_some()
}

/// The names that somebody may have meant who typed another one.
pub(super) fn all() -> BTreeSet<String> {
    // Extensions of files with signs in them say nothing to most people.
    let mut names: BTreeSet<String> =
        grammar::names().filter(|it| it.chars().all(char::is_alphanumeric)).collect();
    for name in languages::names().chain(web::names()).filter(|name| !name.ends_with("-code")) {
        names.insert(name.to_string());
    }
    names.extend(ALIASES.iter().map(|(alias, _)| (*alias).to_string()));
    // Short names lie near to everything.
    names.retain(|name| name.len() > 2);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_sorted_and_lead_to_grammars() {
        assert!(ALIASES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (alias, grammar) in ALIASES {
            assert!(grammar::find(grammar).is_some(), "{alias}");
            assert!(languages::find(alias).is_none() && web::find(alias).is_none(), "{alias}");
        }
        for name in PLAIN {
            assert!(languages::find(name).is_none() && web::find(name).is_none(), "{name}");
        }
    }
}
