//! Running git so that only the history decides what it says.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

/// What git may say on standard error before the rest is dropped, in bytes.
const SAID_BYTES: u64 = 64 * 1024;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no `git` command.
    NoGit,
    /// The pipe broke.
    Io(io::Error),
    /// Git ended with an error and said this.
    Status(String),
}

/// Everything a git command says.
pub(super) fn read(root: &Path, command: &str, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    run(root, command, arguments, None, |out| {
        let mut all = Vec::new();
        out.read_to_end(&mut all)?;
        Ok(all)
    })
}

/// Everything a git command says to an input.
pub(super) fn ask(root: &Path, command: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
    run(root, command, arguments, Some(input), |out| {
        let mut all = Vec::new();
        out.read_to_end(&mut all)?;
        Ok(all)
    })
}

/// Hands over what a git command says, piece by piece as it comes; pieces end with a NUL.
pub(super) fn tokens(
    root: &Path,
    command: &str,
    arguments: &[&str],
    mut take: impl FnMut(&[u8]),
) -> Result<(), Failure> {
    run(root, command, arguments, None, |out| {
        let mut token = Vec::new();
        while out.read_until(0, &mut token)? > 0 {
            take(token.strip_suffix(&[0]).unwrap_or(&token));
            token.clear();
        }
        Ok(())
    })
}

fn run<T>(
    root: &Path,
    command: &str,
    arguments: &[&str],
    input: Option<&[u8]>,
    read: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, Failure> {
    let mut git = prepared(root, command, arguments);
    git.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = match git.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Failure::NoGit),
        Err(error) => return Err(Failure::Io(error)),
    };
    let (answer, said) = converse(&mut child, input, read);
    let status = child.wait().map_err(Failure::Io)?;
    if !status.success() {
        return Err(Failure::Status(said));
    }
    answer.map_err(Failure::Io)
}

/// Feeds and reads all pipes at once, so that neither side waits for the other.
fn converse<T>(
    child: &mut Child,
    input: Option<&[u8]>,
    read: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
) -> (io::Result<T>, String) {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let said = scope.spawn(|| {
            let mut said = Vec::new();
            if let Some(mut stderr) = stderr {
                let _ = stderr.by_ref().take(SAID_BYTES).read_to_end(&mut said);
                let _ = io::copy(&mut stderr, &mut io::sink());
            }
            String::from_utf8_lossy(&said).into_owned()
        });
        scope.spawn(|| {
            if let (Some(mut stdin), Some(input)) = (stdin, input) {
                // If it stopped listening, its status says why.
                let _ = stdin.write_all(input);
            }
        });
        let answer = match stdout {
            Some(stdout) => read(&mut BufReader::with_capacity(64 * 1024, stdout)),
            None => Err(io::ErrorKind::BrokenPipe.into()),
        };
        (answer, said.join().unwrap_or_default())
    })
}

fn prepared(root: &Path, command: &str, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    // A variable of a calling hook would lead to another repository, one for tracing or diffing would
    // run something. How git finds its settings stays the user's: `safe.directory` is in there.
    for (name, _) in std::env::vars_os() {
        let is_git = name.as_encoded_bytes().starts_with(b"GIT_");
        let stays = [&b"GIT_CONFIG"[..], b"GIT_CEILING", b"GIT_DISCOVERY", b"GIT_EXEC_PATH"]
            .iter()
            .any(|start| name.as_encoded_bytes().starts_with(start));
        if is_git && !stays {
            git.env_remove(name);
        }
    }
    git.env("LC_ALL", "C")
        .env_remove("LANGUAGE")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_PAGER", "")
        .arg("-C")
        .arg(if root.as_os_str().is_empty() { OsString::from(".") } else { root.into() })
        .arg("--no-pager")
        .arg("--literal-pathspecs");
    for setting in [
        "core.fsmonitor=",
        "core.hooksPath=/dev/null",
        "core.quotePath=false",
        "protocol.allow=never",
        "submodule.recurse=false",
        "i18n.logOutputEncoding=UTF-8",
        "log.showSignature=false",
        "log.showRoot=true",
        "log.follow=false",
        "diff.renames=true",
        "diff.relative=false",
        "diff.ignoreSubmodules=all",
        "mailmap.file=",
        "trailer.separators=:",
    ] {
        git.arg("-c").arg(setting);
    }
    git.arg(command).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}
