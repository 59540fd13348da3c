//! Running git so that only the history decides what it says, and so that it always ends.
//!
//! Of the user's settings nothing is read but which repositories they trust (`safe.directory`); those of the
//! repository are overridden where they would change an answer. What a command says is read by a thread of its own,
//! so that one that hangs, or leaves something behind that holds its pipes, is given up and killed with all that it
//! started.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// At most this many pieces of what git says on standard error are kept.
const SAID: usize = 64;
/// The size of the pieces in which an answer comes, in bytes.
const PIECE_BYTES: usize = 64 * 1024;
/// At most this many pieces wait before git has to.
const PIECES: usize = 8;
/// A command that has said nothing for this many seconds hangs. The longest history that was tried is silent for two.
const SILENCE: u64 = 30;
/// The variable that replaces [`SILENCE`], in whole seconds.
pub(super) const SILENCE_VARIABLE: &str = "LONGHOUSE_GIT_TIMEOUT";
/// Where git reads nothing. Git for Windows knows it by this name too.
const NOTHING: &str = "/dev/null";

/// Which repositories the user trusts although they belong to somebody else, in the order of their settings. Asked
/// for when git first refuses one.
static TRUSTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There is no `git` command.
    NoGit,
    /// The pipe broke, or git could not be started.
    Io(io::Error),
    /// Git said nothing for so long, and was ended.
    Silent(Duration),
    /// Git ended with an error and said this.
    Status(String),
}

/// Whose settings count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settings {
    /// Nobody's but what is needed to read the repository.
    Ours,
    /// The user's too, for what is asked about the user.
    OfUser,
}

/// Everything a git command says.
pub(super) fn read(root: &Path, command: &str, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    run(root, command, arguments, None, all)
}

/// Everything a git command says to an input.
pub(super) fn ask(root: &Path, command: &str, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
    run(root, command, arguments, Some(input), all)
}

/// Everything a git command says to an input that may write objects and branches, with these variables. Hooks and filters
/// do not run.
pub(super) fn write(
    root: &Path,
    command: &str,
    arguments: &[&str],
    input: &[u8],
    variables: &[(&str, &str)],
) -> Result<Vec<u8>, Failure> {
    // Whoever is refused by git is told why by the questions that come before.
    let mut git = prepared(root, Settings::Ours, command, arguments);
    git.envs(variables.iter().copied());
    once(git, Some(input), all)
}

/// Hands what a git command says to an input to a reader, as it comes.
pub(super) fn converse<T>(
    root: &Path,
    command: &str,
    arguments: &[&str],
    input: &[u8],
    mut read: impl FnMut(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, Failure> {
    run(root, command, arguments, Some(input), |out| read(out))
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

/// What one of the user's settings says, the repository's own included.
pub(super) fn setting(root: &Path, key: &str) -> Option<String> {
    let said = once(prepared(root, Settings::OfUser, "config", &["--get", key]), None, all).ok()?;
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    (!said.is_empty()).then_some(said)
}

fn all(out: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    out.read_to_end(&mut all)?;
    Ok(all)
}

fn run<T>(
    root: &Path,
    command: &str,
    arguments: &[&str],
    input: Option<&[u8]>,
    mut read: impl FnMut(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, Failure> {
    let first = once(prepared(root, Settings::Ours, command, arguments), input, &mut read);
    // Git refuses before it answers anything, so nothing is read twice.
    let is_refused =
        |answer: &Result<T, Failure>| matches!(answer, Err(Failure::Status(said)) if is_refusal(said));
    if !is_refused(&first) || !trust(root) {
        return first;
    }
    let second = once(prepared(root, Settings::Ours, command, arguments), input, &mut read);
    if !is_refused(&second) {
        return second;
    }
    // Before its version 2.38 git believed this of nobody but the user's own files.
    once(prepared(root, Settings::OfUser, command, arguments), input, &mut read)
}

/// Whether git refuses to read the repository because it is somebody else's.
pub(super) fn is_refusal(said: &str) -> bool {
    said.contains("dubious ownership")
}

/// Learns which repositories the user trusts, and says whether there are any.
fn trust(root: &Path) -> bool {
    let arguments = ["--show-scope", "-z", "--get-all", "safe.directory"];
    let Ok(answer) = once(prepared(root, Settings::OfUser, "config", &arguments), None, all) else {
        return false;
    };
    let answer = String::from_utf8_lossy(&answer);
    let mut words = answer.split('\0');
    let mut found = Vec::new();
    while let (Some(scope), Some(value)) = (words.next(), words.next()) {
        // A repository does not say of itself that it is to be trusted.
        if matches!(scope, "system" | "global" | "command") {
            found.push(value.to_owned());
        }
    }
    let mut trusted = TRUSTED.lock().unwrap_or_else(PoisonError::into_inner);
    *trusted = found;
    !trusted.is_empty()
}

fn once<T>(
    mut git: Command,
    input: Option<&[u8]>,
    mut read: impl FnMut(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, Failure> {
    git.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = match git.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Failure::NoGit),
        Err(error) => return Err(Failure::Io(error)),
    };
    let silence = silence();
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        let input = input.to_vec();
        // If it stopped listening, its status says why.
        let _ = thread::Builder::new().name("to git".to_owned()).spawn(move || stdin.write_all(&input));
    }
    let said = child.stderr.take().map(|stderr| pieces(stderr, Some(SAID)));
    let answer = match child.stdout.take() {
        Some(stdout) => {
            let answer = Pieces { from: pieces(stdout, None), piece: Vec::new(), at: 0, silence };
            read(&mut BufReader::with_capacity(PIECE_BYTES, answer))
        }
        None => Err(io::ErrorKind::BrokenPipe.into()),
    };
    let ended = match &answer {
        Err(error) if error.kind() == io::ErrorKind::TimedOut => None,
        _ => wait(&mut child, silence).map_err(Failure::Io)?,
    };
    let Some(status) = ended else {
        end(&mut child);
        return Err(Failure::Silent(silence));
    };
    if status.success() {
        return answer.map_err(Failure::Io);
    }
    let mut words = Vec::new();
    if let Some(said) = said {
        // Whatever is left behind by git may hold the pipe; what it said last came before it ended.
        let until = Instant::now() + Duration::from_secs(1);
        while let Ok(piece) = said.recv_timeout(until.saturating_duration_since(Instant::now())) {
            words.extend(piece);
        }
    }
    Err(Failure::Status(String::from_utf8_lossy(&words).into_owned()))
}

fn silence() -> Duration {
    let said = std::env::var(SILENCE_VARIABLE).ok().and_then(|text| text.trim().parse().ok());
    Duration::from_secs(said.filter(|seconds| *seconds > 0).unwrap_or(SILENCE))
}

/// Reads a pipe on a thread of its own. Nobody waits for that thread: a pipe may never end. With a limit, what comes
/// after this many pieces is dropped, so that anyone who writes need not wait until anybody takes it.
fn pieces(mut pipe: impl Read + Send + 'static, limit: Option<usize>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::sync_channel(limit.unwrap_or(PIECES));
    let read = move || {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            match pipe.read(&mut piece) {
                Ok(0) => return,
                Ok(count) if limit.is_some() => {
                    let _ = sender.try_send(piece[..count].to_vec());
                }
                Ok(count) => {
                    if sender.send(piece[..count].to_vec()).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    };
    // Without a thread the channel is closed, as if nothing had been said, and the status is an error.
    let _ = thread::Builder::new().name("from git".to_owned()).spawn(read);
    receiver
}

/// What comes out of a pipe, until it is silent for too long.
struct Pieces {
    from: Receiver<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
    silence: Duration,
}

impl Read for Pieces {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            match self.from.recv_timeout(self.silence) {
                Ok(piece) => (self.piece, self.at) = (piece, 0),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) => return Err(io::ErrorKind::TimedOut.into()),
            }
        }
        let count = (&self.piece[self.at..]).read(bytes)?;
        self.at += count;
        Ok(count)
    }
}

/// Waits until a command that has said everything ends too; nothing if it does not.
fn wait(child: &mut Child, silence: Duration) -> io::Result<Option<ExitStatus>> {
    let until = Instant::now() + silence;
    let mut pause = Duration::from_micros(100);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= until {
            return Ok(None);
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Ends a command and everything that it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Settings that would change an answer, or run something, each with a value that does neither. They override those
/// of the repository; those of the user and the machine are not read at all.
const OVERRIDDEN: &[&str] = &[
    "core.fsmonitor=",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "safe.bareRepository=explicit",
    "protocol.allow=never",
    "submodule.recurse=false",
    "i18n.logOutputEncoding=UTF-8",
    "i18n.commitEncoding=UTF-8",
    // One that git does not know ends it, whatever format is asked for.
    "format.pretty=medium",
    "log.date=default",
    "log.diffMerges=off",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.follow=false",
    "log.mailmap=true",
    "diff.renames=true",
    "diff.relative=false",
    "diff.algorithm=default",
    "diff.ignoreSubmodules=none",
    "diff.submodule=short",
    "mailmap.file=",
    "mailmap.blob=",
    "color.ui=false",
    "column.ui=never",
    // What is said of a file of grafts would be taken for a failure.
    "advice.graftFileDeprecated=false",
];

fn prepared(root: &Path, settings: Settings, command: &str, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    // A variable of a calling hook would lead to another repository, one for tracing or diffing would
    // run something. Where the user lets git look for a repository stays theirs.
    for (name, _) in std::env::vars_os() {
        let name_bytes = name.as_encoded_bytes();
        let begins = |start: &str| name_bytes.starts_with(start.as_bytes());
        let stays = ["GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM", "GIT_EXEC_PATH"];
        let is_kept = stays.iter().any(|known| begins(known))
            || settings == Settings::OfUser && begins("GIT_CONFIG") && !begins("GIT_CONFIG=");
        if begins("GIT_") && !is_kept || begins("SSH_ASKPASS") {
            git.env_remove(name);
        }
    }
    git.env("LC_ALL", "C")
        .env_remove("LANGUAGE")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_GRAFT_FILE", NOTHING)
        .env("GIT_ADVICE", "0")
        .env("GIT_PAGER", "");
    if settings == Settings::Ours {
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_SYSTEM", NOTHING)
            .env("GIT_CONFIG_GLOBAL", NOTHING)
            .env("GIT_ATTR_NOSYSTEM", "1");
    }
    // Ctrl-C ends this program, which ends git; and whatever git starts is ended with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut git, 0);
    git.arg("-C")
        .arg(if root.as_os_str().is_empty() { OsString::from(".") } else { root.into() })
        .arg("--no-pager")
        .arg("--literal-pathspecs");
    for setting in OVERRIDDEN {
        git.arg("-c").arg(setting);
    }
    if settings == Settings::Ours {
        for folder in TRUSTED.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            git.arg("-c").arg(format!("safe.directory={folder}"));
        }
    }
    git.arg(command).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    git
}
