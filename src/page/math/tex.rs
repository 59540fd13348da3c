//! TeX made ready for its reader: definitions expanded, names that it does not know written with those that it does,
//! and limits held. A definition that doubles itself costs what the limits allow, no more.

use std::collections::BTreeMap;

/// What all expansions of one formula may write, in bytes.
const EXPANDED: usize = 20_000;
/// What those of all formulas of a file may write.
const EXPANDED_IN_FILE: usize = 500_000;
/// How deep expansions may stand in each other, and groups in the result.
const DEPTH: usize = 40;
/// How many definitions of one file count, and how long one may be.
const DEFINITIONS: usize = 200;
const LONGEST_DEFINITION: usize = 1_000;

/// What a file has defined so far.
#[derive(Debug, Default)]
pub(crate) struct Macros {
    known: BTreeMap<String, Macro>,
    /// What all formulas of the file have written in place of commands, in bytes.
    written: usize,
}

#[derive(Debug, Clone)]
struct Macro {
    parameters: usize,
    /// What the first parameter is where it is not given.
    default: Option<String>,
    body: String,
}

/// Commands without an argument of their own, and what stands for them; nothing for what only matters in print.
const ALIASES: &[(&str, &str)] = &[
    ("Huge", ""),
    ("LARGE", ""),
    ("Large", ""),
    ("centering", ""),
    ("dotsb", r"\cdots "),
    ("dotsc", r"\ldots "),
    ("dotsi", r"\cdots "),
    ("dotsm", r"\cdots "),
    ("dotso", r"\ldots "),
    ("footnotesize", ""),
    ("hbox", r"\text "),
    ("hdots", r"\ldots "),
    ("hfill", r"\quad "),
    ("huge", ""),
    ("large", ""),
    ("mathbbm", r"\mathbb "),
    ("mathbold", r"\boldsymbol "),
    ("mathds", r"\mathbb "),
    ("mbox", r"\text "),
    ("nonumber", ""),
    ("normalsize", ""),
    ("notag", ""),
    ("pmb", r"\boldsymbol "),
    ("scriptsize", ""),
    ("small", ""),
    ("textnormal", r"\text "),
    ("textup", r"\text "),
    ("tiny", ""),
    ("xspace", ""),
];

/// Environments under the names of others; nothing where the formula is the environment.
const ENVIRONMENTS: &[(&str, Option<&str>)] = &[
    ("align", Some("aligned")),
    ("alignat", Some("aligned")),
    ("alignedat", Some("aligned")),
    ("displaymath", None),
    ("eqnarray", Some("aligned")),
    ("equation", None),
    ("flalign", Some("aligned")),
    ("gather", Some("gathered")),
    ("math", None),
    ("multline", Some("gathered")),
    ("smallmatrix", Some("matrix")),
    ("split", Some("aligned")),
];

/// Expands a formula.
pub(super) fn expand(source: &str, macros: &mut Macros) -> Result<String, String> {
    let decoded = decoded(source);
    let mut out = String::with_capacity(decoded.len() + 16);
    let mut expansion = Expansion { macros, left: EXPANDED };
    expansion.run(&decoded, &mut out, 0)?;
    if depth(&out) > DEPTH {
        return Err(format!("its groups are nested more than {DEPTH} levels deep"));
    }
    Ok(out)
}

/// What markdown lets one write for `<`, `>` and `&`.
fn decoded(source: &str) -> String {
    if !source.contains('&') {
        return source.to_owned();
    }
    source.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

struct Expansion<'m> {
    macros: &'m mut Macros,
    /// What may still be written in place of commands, in bytes.
    left: usize,
}

impl Expansion<'_> {
    fn run(&mut self, input: &str, out: &mut String, depth: usize) -> Result<(), String> {
        if depth > DEPTH {
            return Err("its definitions go in circles".to_owned());
        }
        let mut rest = input;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let (name, behind) = command(&rest[at..]);
            rest = self.command(name, behind, out, depth)?;
        }
        out.push_str(rest);
        Ok(())
    }

    /// Writes a command, and returns what stands after it and what belongs to it.
    // Long because each command has its branch.
    fn command<'t>(
        &mut self,
        name: &str,
        behind: &'t str,
        out: &mut String,
        depth: usize,
    ) -> Result<&'t str, String> {
        if let Some(found) = self.macros.known.get(name).cloned() {
            let (arguments, rest) = arguments(behind, &found)?;
            let written = self.written(&found, &arguments)?;
            self.run(&written, out, depth + 1)?;
            return Ok(rest);
        }
        let one = |behind| argument(behind).ok_or_else(|| format!("`\\{name}` lacks what belongs to it"));
        match name {
            "newcommand" | "renewcommand" | "providecommand" => self.new_command(name, behind),
            "def" | "gdef" => self.define_plain(name, behind),
            "DeclareMathOperator" => {
                let is_starred = behind.trim_start().starts_with('*');
                let (defined, behind) = one(behind.trim_start().trim_start_matches('*'))?;
                let (text, rest) = one(behind)?;
                let star = if is_starred { "*" } else { "" };
                let body = format!("\\operatorname{star}{{{text}}}");
                self.define(defined, Macro { parameters: 0, default: None, body })?;
                Ok(rest)
            }
            "label" | "require" => Ok(one(behind)?.1),
            "tag" => {
                let is_bare = behind.starts_with('*');
                let (text, rest) = one(behind.trim_start_matches('*'))?;
                let text = if is_bare { text.to_owned() } else { format!("({text})") };
                out.push_str(&format!("\\qquad\\text{{{text}}}"));
                Ok(rest)
            }
            "begin" | "end" => {
                let (environment, rest) = one(behind)?;
                Ok(environment_as_known(name, environment, rest, out))
            }
            "textcolor" => {
                let (colour, behind) = one(behind)?;
                let (text, rest) = one(behind)?;
                out.push_str(&format!("{{\\color{{{colour}}}"));
                self.run(text, out, depth + 1)?;
                out.push('}');
                Ok(rest)
            }
            "boxed" | "fbox" => {
                let (text, rest) = one(behind)?;
                // Broken lines at both sides become a frame.
                out.push_str("\\begin{array}{:c:}");
                self.run(text, out, depth + 1)?;
                out.push_str("\\end{array}");
                Ok(rest)
            }
            "substack" => {
                let (text, rest) = one(behind)?;
                out.push_str("\\begin{subarray}{c}");
                self.run(text, out, depth + 1)?;
                out.push_str("\\end{subarray}");
                Ok(rest)
            }
            "ensuremath" => {
                let (text, rest) = one(behind)?;
                self.run(text, out, depth + 1)?;
                Ok(rest)
            }
            _ => {
                match ALIASES.binary_search_by(|(known, _)| known.cmp(&name)) {
                    Ok(at) => out.push_str(ALIASES[at].1),
                    Err(_) => {
                        out.push('\\');
                        out.push_str(name);
                    }
                }
                Ok(behind)
            }
        }
    }

    /// `\newcommand{\name}[2][default]{body}`
    fn new_command<'t>(&mut self, name: &str, behind: &'t str) -> Result<&'t str, String> {
        let unclear = || format!("the definition after `\\{name}` cannot be read");
        let (defined, mut rest) =
            argument(behind.trim_start().trim_start_matches('*')).ok_or_else(unclear)?;
        let mut parameters = 0;
        let mut default = None;
        if let Some((count, behind)) = option(rest) {
            parameters = count.trim().parse().ok().filter(|count| *count <= 9).ok_or_else(unclear)?;
            rest = behind;
            if let Some((value, behind)) = option(rest) {
                default = Some(value.to_owned());
                rest = behind;
            }
        }
        let (body, rest) = argument(rest).ok_or_else(unclear)?;
        self.define(defined, Macro { parameters, default, body: body.to_owned() })?;
        Ok(rest)
    }

    /// `\def\name#1#2{body}`
    fn define_plain<'t>(&mut self, name: &str, behind: &'t str) -> Result<&'t str, String> {
        let unclear = || format!("the definition after `\\{name}` cannot be read");
        let behind = behind.trim_start();
        let (defined, after) = behind.strip_prefix('\\').map(|_| command(behind)).ok_or_else(unclear)?;
        let open = after.find('{').ok_or_else(unclear)?;
        let parameters = after[..open].matches('#').count();
        let is_plain = after[..open].chars().all(|c| c == '#' || c.is_ascii_digit() || c == ' ');
        let (body, rest) =
            argument(&after[open..]).filter(|_| is_plain && parameters <= 9).ok_or_else(unclear)?;
        self.define(&format!("\\{defined}"), Macro { parameters, default: None, body: body.to_owned() })?;
        Ok(rest)
    }

    fn define(&mut self, name: &str, body: Macro) -> Result<(), String> {
        let name = name.trim().strip_prefix('\\').filter(|name| !name.is_empty());
        let name = name.ok_or("a definition has no name")?;
        if self.macros.known.len() >= DEFINITIONS || body.body.len() > LONGEST_DEFINITION {
            return Err(format!(
                "a file can have {DEFINITIONS} definitions of {LONGEST_DEFINITION} bytes each"
            ));
        }
        self.macros.known.insert(name.to_owned(), body);
        Ok(())
    }

    /// The body of a macro with its arguments.
    fn written(&mut self, found: &Macro, arguments: &[&str]) -> Result<String, String> {
        let mut out = String::new();
        let mut parts = found.body.split('#');
        out.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let number =
                part.bytes().next().filter(u8::is_ascii_digit).map(|digit| usize::from(digit - b'0'));
            match number.and_then(|number| arguments.get(number.checked_sub(1)?)) {
                Some(argument) => {
                    // A name at the end of the part before must not grow together with a letter.
                    out.push_str(argument);
                    out.push_str(&part[1..]);
                }
                None => {
                    out.push('#');
                    out.push_str(part);
                }
            }
            if out.len() > self.left {
                break;
            }
        }
        self.macros.written += out.len() + 1;
        let is_spent = self.macros.written > EXPANDED_IN_FILE;
        let left = self.left.checked_sub(out.len() + 1).filter(|_| !is_spent);
        self.left = left.ok_or("its definitions would make it many times longer")?;
        Ok(out)
    }
}

/// Writes the beginning or the end of an environment under a name that is known, and returns the rest.
fn environment_as_known<'t>(word: &str, name: &str, rest: &'t str, out: &mut String) -> &'t str {
    let bare = name.trim().trim_end_matches('*');
    let known = ENVIRONMENTS.iter().find(|(other, _)| *other == bare);
    // How many columns, and where it stands on the line, is seen anyway.
    let rest = match bare {
        "alignat" | "alignedat" if word == "begin" => argument(rest).map_or(rest, |(_, rest)| rest),
        "aligned" | "gathered" | "split" if word == "begin" => option(rest).map_or(rest, |(_, rest)| rest),
        _ => rest,
    };
    match known {
        Some((_, None)) => out.push_str(if word == "begin" { "{" } else { "}" }),
        Some((_, Some(other))) => out.push_str(&format!("\\{word}{{{other}}}")),
        None => out.push_str(&format!("\\{word}{{{}}}", name.trim())),
    }
    rest
}

/// The name of the command that begins here, and what stands after it.
fn command(text: &str) -> (&str, &str) {
    let text = &text[1..];
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = if letters > 0 { letters } else { text.chars().next().map_or(0, char::len_utf8) };
    text.split_at(length)
}

/// The next argument: a group without its braces, a command, or a character; and what stands after it.
fn argument(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    if text.starts_with('\\') {
        let length = 1 + command(text).0.len();
        return (length > 1).then(|| text.split_at(length));
    }
    if !text.starts_with('{') {
        let length = text.chars().next().filter(|c| *c != '}')?.len_utf8();
        return Some(text.split_at(length));
    }
    let end = group_end(text)?;
    Some((&text[1..end], &text[end + 1..]))
}

/// An argument between brackets.
fn option(text: &str) -> Option<(&str, &str)> {
    text.trim_start().strip_prefix('[')?.split_once(']')
}

/// Where the group ends that begins with a text.
fn group_end(text: &str) -> Option<usize> {
    let mut open = 0usize;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'{' => open += 1,
            b'}' => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn arguments<'a, 't: 'a>(behind: &'t str, found: &'a Macro) -> Result<(Vec<&'a str>, &'t str), String> {
    let mut arguments = Vec::new();
    let mut rest = behind;
    if let Some(default) = &found.default {
        match option(rest) {
            Some((value, behind)) => {
                arguments.push(value);
                rest = behind;
            }
            None => arguments.push(default),
        }
    }
    while arguments.len() < found.parameters {
        let (value, behind) = argument(rest).ok_or("a command lacks what belongs to it")?;
        arguments.push(value);
        rest = behind;
    }
    Ok((arguments, rest))
}

/// How deep the reader will go at most: groups that are open, and commands that follow each other with nothing in
/// between, each of which may be the argument of the one before.
fn depth(text: &str) -> usize {
    let (mut open, mut chain, mut deepest) = (0usize, 0usize, 0);
    let mut chains = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match c {
            '\\' => {
                let name = command(rest).0;
                length = 1 + name.len();
                match name {
                    "begin" | "left" => open += 1,
                    "end" | "right" => open = open.saturating_sub(1),
                    _ => chain += 1,
                }
            }
            '{' | '[' => {
                chains.push(chain);
                open += 1;
            }
            '}' | ']' => {
                open = open.saturating_sub(1);
                chain = chains.pop().unwrap_or_default();
            }
            '^' | '_' => chain += 1,
            c if c.is_whitespace() => {}
            _ => chain = chains.last().copied().unwrap_or_default(),
        }
        deepest = deepest.max(open + chain);
        rest = &rest[length..];
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(source: &str) -> String {
        expand(source, &mut Macros::default()).unwrap_or_else(|problem| format!("refused: {problem}"))
    }

    #[test]
    fn what_an_author_defines_is_written_out() {
        for (source, written) in [
            (r"\newcommand{\R}{\mathbb{R}} \R^n", r" \mathbb{R}^n"),
            (r"\newcommand\R{\mathbb{R}}\R", r"\mathbb{R}"),
            (r"\newcommand{\norm}[1]{\lVert #1\rVert}\norm{x}+\norm y", r"\lVert x\rVert+\lVert y\rVert"),
            (r"\newcommand{\p}[2][n]{#2^{#1}}\p{x}\p[k]{y}", r"x^{n}y^{k}"),
            (r"\def\pair#1#2{(#1,#2)}\pair{a}b", r"(a,b)"),
            (r"\DeclareMathOperator{\rank}{rank}\rank A", r"\operatorname{rank} A"),
            (r"\begin{split}a&=b\end{split}", r"\begin{aligned}a&=b\end{aligned}"),
            (r"\begin{equation}\label{x} x\notag\end{equation}", r"{ x}"),
            (r"\textcolor{red}{x}", r"{\color{red}x}"),
            (r"a &lt; b", "a < b"),
        ] {
            assert_eq!(expanded(source), written, "{source}");
        }
    }

    #[test]
    fn both_tables_are_in_order() {
        assert!(ALIASES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(ENVIRONMENTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn what_would_never_end_is_refused() {
        let bomb: String = (1..30)
            .map(|n| format!("\\def\\{}{{{}}}", name(n), format!("\\{}", name(n - 1)).repeat(9)))
            .collect();
        for source in [
            r"\def\x{\x\x}\x".to_owned(),
            r"\def\x{a\x}\x".to_owned(),
            r"\newcommand{\x}[1]{\x{#1#1}}\x{aaaaaaaa}".to_owned(),
            format!("{bomb}\\{}", name(29)),
            "{".repeat(2000) + &"}".repeat(2000),
            r"\sqrt".repeat(500) + " x",
            r"\left(".repeat(500),
            r"\newcommand{\x}[99]{a}\x".to_owned(),
            r"\def\x".to_owned(),
            r"\boxed".to_owned(),
            r"\def\x#1{".to_owned()
                + &"#1".repeat(400)
                + "}"
                + &r"\x{".repeat(30)
                + &"y".repeat(60)
                + &"}".repeat(30),
        ] {
            let made = expanded(&source);
            assert!(made.starts_with("refused"), "{source} became {made}");
        }
    }

    fn name(number: usize) -> String {
        format!("{}{}", char::from(b'a' + (number / 26) as u8), char::from(b'a' + (number % 26) as u8))
    }
}
