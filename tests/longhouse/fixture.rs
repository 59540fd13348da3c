//! A small site in one string, and what one sees of it: its pages and what was said of its files.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use longhouse::diagnostic::{Diagnostic, Rule};
use longhouse::output::{Content, Gather, Output, OutputPath};
use longhouse::site::Visibility;
use longhouse::source::{LoadOptions, Sources};
use longhouse::{BuildError, Event};
use tempfile::TempDir;

/// The program, which keeps what it remembers where these tests do, and knows nothing of the machine that runs them.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_longhouse"));
    command.env("LONGHOUSE_STATE_DIR", STATE).env_remove("CI").env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Waits for something that happens, however busy the machine is. Only a test that hangs is ended by the limit.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(300), "it never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Where the program that [`command`] runs keeps what it remembers.
pub(crate) const STATE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/state");

/// A site on disk that nobody has built yet.
pub(crate) struct Folder {
    folder: TempDir,
}

/// A site that was built in memory.
pub(crate) struct Rendered {
    /// Every file of the site.
    pub(crate) output: Output,
    /// What was wrong, in the order of files and places.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What the build counted.
    pub(crate) built: longhouse::Built,
}

/// Writes a site: each file begins with a line `=== path`.
pub(crate) fn folder(files: &str) -> Folder {
    let folder = Folder { folder: tempfile::tempdir().expect("a temporary folder") };
    let mut parts = files.split("=== ");
    assert_eq!(parts.next().map(str::trim), Some(""), "a site begins with `=== path`");
    for part in parts {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        folder.write(path.trim(), text);
    }
    folder
}

/// Builds a site that is written as in [`folder`].
pub(crate) fn site(files: &str) -> Rendered {
    folder(files).build()
}

impl Folder {
    /// The root of the site.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes one more file, or another text for one.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder is made");
        fs::write(&file, bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self
    }

    /// Where the program keeps what it remembers of the site.
    pub(crate) fn remembered(&self) -> PathBuf {
        let root = self.root().canonicalize().expect("a folder");
        let name = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        Path::new(STATE).join(&name[..32])
    }

    /// Reads the site as a build would.
    pub(crate) fn load(&self) -> Arc<Sources> {
        longhouse::source::load(self.root(), &LoadOptions::default()).expect("a site that can be read")
    }

    /// Builds the site into memory.
    pub(crate) fn build(&self) -> Rendered {
        render(&self.load(), Visibility::default()).expect("a theme without mistakes")
    }

    /// Builds the site as a preview shows it.
    pub(crate) fn preview(&self) -> Rendered {
        render(&self.load(), Visibility { drafts: true, preview: true }).expect("a theme without mistakes")
    }
}

/// Builds what was read into memory.
pub(crate) fn render(sources: &Arc<Sources>, visibility: Visibility) -> Result<Rendered, BuildError> {
    let watch = |_: Event| {};
    let (site, diagnostics) = longhouse::understand(sources, visibility, &watch);
    let gather = Gather::default();
    let built = longhouse::build(&site, &gather, &watch)?;
    Ok(Rendered { output: gather.finish(), diagnostics, built })
}

impl Rendered {
    /// The page at an address such as `/questions/reset/`.
    #[track_caller]
    pub(crate) fn page(&self, address: &str) -> String {
        let path = address.trim_start_matches('/');
        if path.is_empty() || path.ends_with('/') {
            self.file(&format!("{path}index.html"))
        } else {
            self.file(path)
        }
    }

    /// What stands inside `<main>` of the page at an address.
    #[track_caller]
    pub(crate) fn main(&self, address: &str) -> String {
        let page = self.page(address);
        let from = page.find("<main").unwrap_or_else(|| panic!("{address} has no <main>"));
        let to = page.rfind("</main>").unwrap_or(page.len());
        page[from..to].to_string()
    }

    /// A file of the site as text.
    #[track_caller]
    pub(crate) fn file(&self, path: &str) -> String {
        let known = || self.paths().join("\n");
        let content = self.output.get(path).unwrap_or_else(|| panic!("there is no {path} in\n{}", known()));
        String::from_utf8(bytes(content)).unwrap_or_else(|_| panic!("{path} is no text"))
    }

    /// Whether there is a file at this path.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.output.get(path).is_some()
    }

    /// Every path of the site.
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.output.iter().map(|(path, _)| path.as_str()).collect()
    }

    /// Every page of the site: its path and its text.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&str, String)> {
        let is_page = |(path, _): &(&OutputPath, &Content)| path.as_str().ends_with(".html");
        self.output.iter().filter(is_page).map(|(path, content)| {
            (path.as_str(), String::from_utf8(bytes(content)).expect("pages are UTF-8"))
        })
    }

    /// What was said of one file.
    pub(crate) fn of(&self, file: &str) -> Vec<&Diagnostic> {
        self.diagnostics.iter().filter(|it| &*it.file == file).collect()
    }

    /// Every `file: rule`, in order, for a look at a whole site at once.
    pub(crate) fn rules(&self) -> Vec<String> {
        self.diagnostics.iter().map(|it| format!("{}: {}", it.file, it.rule)).collect()
    }

    /// The one problem of this rule.
    #[track_caller]
    pub(crate) fn only(&self, rule: Rule) -> &Diagnostic {
        let found: Vec<&Diagnostic> = self.diagnostics.iter().filter(|it| it.rule == rule).collect();
        assert_eq!(found.len(), 1, "one {rule} in {:#?}", self.diagnostics);
        found[0]
    }
}

/// The bytes that a text means: `{U+202E}` is a character, `{byte E4}` a byte, `{36 letters}` this many letters.
pub(crate) fn meant(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        bytes.extend(before.bytes());
        let (inner, after) = behind.split_once('}').unwrap_or((behind, ""));
        let hex = |digits: &str| u32::from_str_radix(digits, 16).expect("a number in hexadecimal");
        if let Some(digits) = inner.strip_prefix("U+") {
            bytes.extend(char::from_u32(hex(digits)).expect("a character").to_string().bytes());
        } else if let Some(digits) = inner.strip_prefix("byte ") {
            bytes.push(u8::try_from(hex(digits)).expect("a byte"));
        } else if let Some(count) = inner.strip_suffix(" letters") {
            let count = count.parse().expect("a number");
            bytes.extend((0..count).map(|at| b"7Yk2Qm9Xc4Vb8Nz3Lw6Rt5Hp1Jg"[at % 27]));
        } else {
            bytes.extend(format!("{{{inner}}}").bytes());
        }
        rest = after;
    }
    bytes.extend(rest.bytes());
    bytes
}

/// The bytes of a file of the site.
pub(crate) fn bytes(content: &Content) -> Vec<u8> {
    let mut bytes = Vec::new();
    content.open().and_then(|mut it| it.read_to_end(&mut bytes)).expect("a source file");
    bytes
}
