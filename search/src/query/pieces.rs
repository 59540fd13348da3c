//! What was typed, cut at spaces and quotes: words, phrases, and fields with their values.
//!
//! A minus excludes only where a person would mean that: `battery -offline`. Who asks about commands writes a minus
//! too, and wants what stands after it: `wc -l`, `docker exec -it`, `gcc -Wall`, `java -Xmx512m`, -5 degrees. So a
//! plain word is excluded only after other words, in a short query, and if nothing looks like a command line. What
//! stands in quotes and fields with their values are excluded wherever they stand: no command line has these.

use crate::schema::filter;

/// In a query of more words than this a minus belongs to what is told, and excludes nothing.
const SHORT_QUERY: usize = 8;

/// Shorter words after a minus are options: `-l`, `-it`.
const SHORTEST_EXCLUDED: usize = 3;

/// Words of this many letters after a minus are several options in one, such as `-xzf`, where a command is named.
const CLUSTER: usize = 3;

/// Commands whose options of several letters have one minus: `java -version`, `find . -name`.
const LONG_OPTIONS: &str = "adb ant clang convert cscript date ffmpeg ffplay ffprobe find g++ gcc go gofmt icacls \
    identify java javac javadoc jar keytool ld ldapsearch magick msiexec mvn nmap openssl packer powershell psexec pwsh \
    qemu robocopy rustc schtasks terraform tesseract vault xcodebuild xinit xrandr xterm";

/// Other commands that people name when they ask what an option of theirs does.
const SHORT_OPTIONS: &str = "apt ansible awk aws az base64 bash brew cargo cat chgrp chmod chown cmake composer cp crontab \
    curl cut df diff dig dnf docker dotnet du echo egrep file fdisk gcloud gdb gem gh git gpg grep gunzip gzip head helm \
    history hostname htop ifconfig ip iptables journalctl jq kill killall kubectl less ln ls lsof make man mkdir mount mv \
    mysql nano nc netstat ngrep nice node nohup npm npx php ping pip pip3 pnpm podman ps psql pwd python python3 rm rmdir \
    route rsync ruby run sc scp screen sed set sftp sh shutdown sort ssh ssh-keygen strace su sudo svn systemctl tail tar \
    tcpdump tee telnet tmux top touch tr traceroute umount uname uniq unzip useradd vi vim wc wget who xargs yarn yum \
    zip zsh";

/// A part of what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a, 'f> {
    /// What is searched for.
    pub(super) text: &'a str,
    /// All of it, as it was typed.
    pub(super) typed: &'a str,
    pub(super) kind: PieceKind<'f>,
    pub(super) excluded: bool,
}

/// What a part of a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind<'f> {
    Word,
    Phrase,
    /// The value of a field of this name.
    Field(&'f str),
}

/// Cuts at spaces and quotes. Every character is looked at a fixed number of times.
pub(super) fn pieces<'a, 'f>(
    text: &'a str,
    facets: &'f [String],
    exists: &mut dyn FnMut(&str) -> bool,
) -> Vec<Piece<'a, 'f>> {
    let mut pieces = Vec::new();
    let mut quotes = true;
    let mut at = skip_space(text, 0);
    while at < text.len() {
        let begins = !text[..at].ends_with(|char: char| !char.is_whitespace());
        let minus = begins && text[at..].starts_with('-') && !text[at..].starts_with("--");
        let start = at + usize::from(minus);
        let Some(first) = text[start..].chars().next() else { break };
        if is_quote(first) {
            let inner = start + text[start..].len() - text[start..].trim_start_matches(is_quote).len();
            // A quote that never closes is no quote, and there is none after it either.
            let end = if quotes && opens(text, start) { closing(text, inner) } else { None };
            let Some(end) = end else {
                quotes &= !opens(text, start) || closing(text, inner).is_some();
                at = skip_space(text, inner);
                continue;
            };
            let behind = text.len() - text[end..].trim_start_matches(is_quote).len();
            let (inner, typed) = (&text[inner..end], &text[at..behind]);
            pieces.push(Piece { text: inner, typed, kind: PieceKind::Phrase, excluded: minus });
            at = skip_space(text, behind);
            continue;
        }
        let end = text[start..].find(|char: char| char.is_whitespace() || is_quote(char));
        let end = end.map_or(text.len(), |end| start + end);
        let (piece, behind) = word(text, at, start..end, facets, exists);
        pieces.push(Piece { excluded: minus, ..piece });
        at = skip_space(text, behind);
    }
    pieces.retain(|piece| !piece.text.is_empty());
    let is_flag = flags(&pieces);
    for (piece, is_flag) in pieces.iter_mut().zip(is_flag) {
        piece.excluded &= !is_flag;
    }
    pieces
}

/// Which of the words after a minus are not meant to be excluded.
fn flags(pieces: &[Piece<'_, '_>]) -> Vec<bool> {
    let is_word = |piece: &Piece<'_, '_>| piece.kind == PieceKind::Word;
    let is_long = pieces.iter().filter(|piece| is_word(piece)).count() > SHORT_QUERY;
    let is_command_line = is_long || pieces.iter().any(|piece| is_word(piece) && is_code(piece));
    let named = |list: &str, piece: &Piece<'_, '_>| {
        let name = piece.text.rsplit(['/', '\\']).next().unwrap_or_default();
        let name = name.strip_suffix(".exe").unwrap_or(name).to_ascii_lowercase();
        list.split_ascii_whitespace().any(|command| command == name)
    };
    let mut has_words = false;
    let (mut long_options, mut short_options) = (false, false);
    let mut flags = Vec::with_capacity(pieces.len());
    for piece in pieces {
        if !is_word(piece) {
            has_words |= !piece.excluded && !matches!(piece.kind, PieceKind::Field(name) if name != "title");
            flags.push(false);
            continue;
        }
        let is_cluster = short_options && piece.text.len() <= CLUSTER;
        flags.push(is_command_line || !has_words || long_options || is_cluster);
        if !piece.excluded {
            has_words = true;
            long_options |= named(LONG_OPTIONS, piece);
            short_options |= named(SHORT_OPTIONS, piece);
        }
    }
    flags
}

/// Whether a word is part of a command line or of a program for sure: `-l`, `--force`, `-Xmx512m`, `-std=c++17`, `&&`.
fn is_code(piece: &Piece<'_, '_>) -> bool {
    if !piece.excluded {
        return piece.text.starts_with("--") && piece.text.len() > 2
            || matches!(piece.text, "|" | "||" | "&&" | "$" | ">" | ">>" | "<" | "\\");
    }
    let word = piece.text;
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    let is_ascii = word.is_ascii();
    // `-python3` and `-windows11` are names; `-p8080` is an option with its value.
    let has_value = is_ascii && letters < 4 && word.bytes().any(|byte| byte.is_ascii_digit());
    let is_short = is_ascii && word.len() < SHORTEST_EXCLUDED;
    let mut chars = word.chars().skip(1);
    let is_hump = word.starts_with(|char: char| char.is_lowercase()) && chars.any(char::is_uppercase);
    let capital = word.starts_with(|char: char| char.is_ascii_uppercase());
    let is_definition = capital && word.bytes().any(|byte| byte.is_ascii_digit() || byte == b'.');
    let has_sign = word.contains(['=', '/', '\\', ':', '_', '-', '$', '{', '(', '<', '|', '%', '*', ',']);
    let is_number = word.starts_with(|char: char| char.is_numeric());
    is_short && !word.ends_with(['+', '#']) || has_value || is_hump || is_definition || has_sign || is_number
}

/// A word, or a field with its value, which may stand in quotes after the colon. `start` is where it was typed, with
/// its minus; `range` where its characters stand. Says as well where the text goes on.
fn word<'a, 'f>(
    text: &'a str,
    start: usize,
    range: std::ops::Range<usize>,
    facets: &'f [String],
    exists: &mut dyn FnMut(&str) -> bool,
) -> (Piece<'a, 'f>, usize) {
    let end = range.end;
    let written = &text[range];
    let piece = |text, kind, typed| Piece { text, typed, kind, excluded: false };
    let plain = (piece(written, PieceKind::Word, &text[start..end]), end);
    let Some((name, value)) = written.split_once(':') else { return plain };
    let typed = name.to_ascii_lowercase().replace('-', "_");
    let (name, is_facet) = match typed.as_str() {
        "tag" | "tags" => ("tag", false),
        "kind" | "type" => ("kind", false),
        "lang" | "language" => ("lang", false),
        "title" | "intitle" => ("title", false),
        "is" => ("is", false),
        typed => {
            let singular = typed.strip_suffix('s').unwrap_or(typed);
            let Some(name) = facets.iter().find(|name| **name == typed || **name == singular) else {
                return plain;
            };
            (name.as_str(), true)
        }
    };
    let (value, behind) = if value.is_empty() && text[end..].starts_with(is_quote) {
        let inner = text.len() - text[end..].trim_start_matches(is_quote).len();
        let close = closing(text, inner).unwrap_or(text.len());
        (&text[inner..close], text.len() - text[close..].trim_start_matches(is_quote).len())
    } else {
        (value, end)
    };
    let known = match name {
        "is" => matches!(value.to_ascii_lowercase().as_str(), "answered" | "accepted"),
        _ => value.chars().any(char::is_alphanumeric),
    };
    if !known || is_facet && !exists(&filter(name, value)) {
        return plain;
    }
    (piece(value, PieceKind::Field(name), &text[start..behind]), behind)
}

/// Whether a quote at this byte can be the first of two: `5" and 6"` has none.
fn opens(text: &str, at: usize) -> bool {
    !text[..at].ends_with(|char: char| char.is_ascii_alphanumeric())
}

/// The next quote from a byte on.
fn closing(text: &str, from: usize) -> Option<usize> {
    text[from..].find(is_quote).map(|end| from + end)
}

fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

fn is_quote(char: char) -> bool {
    matches!(
        char,
        '"' | '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}' | '\u{ff02}'
            | '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}' | '\u{ff62}' | '\u{ff63}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a query: phrases in brackets, fields with their names, what is excluded after a minus.
    fn cut(query: &str) -> String {
        let facets = ["product".to_owned()];
        let pieces = pieces(query, &facets, &mut |_| true);
        let show = |piece: &Piece<'_, '_>| {
            let text = match piece.kind {
                PieceKind::Word => piece.text.to_owned(),
                PieceKind::Phrase => format!("[{}]", piece.text),
                PieceKind::Field(name) => format!("{name}={}", piece.text),
            };
            if piece.excluded { format!("-{text}") } else { text }
        };
        pieces.iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_minus_excludes_where_a_person_would_mean_that() {
        for query in [
            "battery -offline",
            "jaguar -car speed",
            "docker -windows",
            "python -snake",
            "login -sso",
            "framework -node.js",
            "language -c++ -c#",
            "editor -Windows",
            "図書館 -東京",
            "pump -winter -python3",
        ] {
            assert_eq!(cut(query), query);
        }
        assert_eq!(cut("password -\"password reset\""), "password -[password reset]");
        assert_eq!(cut("-\"password reset\" password"), "-[password reset] password");
        assert_eq!(cut("-kind:question tag:x -product:a"), "-kind=question tag=x -product=a");
        assert_eq!(cut("\"new battery\" -offline"), "[new battery] -offline");
    }

    #[test]
    fn options_of_commands_and_negative_numbers_exclude_nothing() {
        for (query, read) in [
            ("wc -l", "wc l"),
            ("docker exec -it", "docker exec it"),
            ("rm -rf", "rm rf"),
            ("tar -xzf", "tar xzf"),
            ("ps -aux memory", "ps aux memory"),
            ("/usr/bin/ps -aux", "/usr/bin/ps aux"),
            ("gcc -Wall", "gcc Wall"),
            ("java -Xmx512m", "java Xmx512m"),
            ("java -version", "java version"),
            ("find . -name", "find . name"),
            ("heap -Xmx512m", "heap Xmx512m"),
            ("mvn install -DskipTests", "mvn install DskipTests"),
            ("build -DskipTests=true", "build DskipTests=true"),
            ("compile -std=c++17", "compile std=c++17"),
            ("npm install --save-dev -global", "npm install --save-dev global"),
            ("server -p 8080 -verbose", "server p 8080 verbose"),
            ("ls | grep -verbose", "ls | grep verbose"),
            ("docker build --no-cache", "docker build --no-cache"),
            ("exit code -1", "exit code 1"),
            ("below -5°C", "below 5°C"),
            ("a well-known port", "a well-known port"),
            ("wait - what", "wait what"),
            ("pump –offline", "pump –offline"),
            ("pump offline-", "pump offline-"),
            ("-bash: foo: command not found", "bash: foo: command not found"),
            ("-password", "password"),
            (
                "I have replaced the sensor and the pump now it is -offline every night",
                "I have replaced the sensor and the pump now it is offline every night",
            ),
        ] {
            assert_eq!(cut(query), read, "{query}");
        }
    }

    #[test]
    fn quotes_of_every_kind_hold_a_phrase_if_they_close() {
        for query in [
            "\"a b\" c",
            "“a b” c",
            "„a b“ c",
            "«a b» c",
            "»a b« c",
            "「a b」c",
            "『a b』 c",
            "\"\"a b\"\" c",
        ] {
            assert_eq!(cut(query), "[a b] c", "{query}");
        }
        assert_eq!(cut("\"a b"), "a b");
        assert_eq!(cut("a\" b \"c d\""), "a b [c d]");
        assert_eq!(cut("5\" pipe and 6\" hose"), "5 pipe and 6 hose");
        assert_eq!(cut("don't 'a b' rock'n'roll"), "don't 'a b' rock'n'roll");
        assert_eq!(cut("error: \"no space\" left"), "error: [no space] left");
        assert_eq!(cut("tag:\"a b\" product:「a b」 c"), "tag=a b product=a b c");
        assert_eq!(cut("print(\"a\")"), "print( [a] )");
    }
}
