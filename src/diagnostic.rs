//! What is wrong with somebody's content, said so that they can mend it.
//!
//! A [`Diagnostic`] names a place (file, line, column), the [`Rule`] that was broken, what is wrong,
//! what to do, and where there is one the replacement text. It is data: nothing here prints. Trouble
//! with the world (disk, port, permission) is not a diagnostic; it is an error and travels by `?`.
//!
//! Named constructors stand beside the rule they belong to, one per problem, in the module that finds it.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A place in one file: from the first character to just after the last one.
///
/// Lines and columns count from 1; columns are Unicode scalars, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Line of the first character, from 1.
    pub line: u32,
    /// Column of the first character, from 1, in Unicode scalars.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the last character.
    pub end_column: u32,
}

impl Span {
    /// The very first character of a file, for problems of the file as a whole.
    pub const START: Span = Span { line: 1, column: 1, end_line: 1, end_column: 1 };

    /// A place within one line, `columns` Unicode scalars wide.
    #[must_use]
    pub const fn in_line(line: u32, column: u32, columns: u32) -> Span {
        Span { line, column, end_line: line, end_column: column + columns }
    }
}

/// A value and the place where somebody wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Joins a value with its place.
    pub const fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }
}

/// How much a problem counts in the report and in the exit status.
///
/// It never decides what happens to the page: that is the rule's [`Fate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// `check` and `build --strict` exit 1.
    Error,
    /// Reported; counts against `--max-warnings`.
    Warning,
}

/// What becomes of the page that a problem is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The problem is taken out (a dead link becomes its text) and the page is published.
    Mended,
    /// The page is left out of the site; all others are published.
    Held,
    /// The page is published as it is.
    Reported,
}

/// Declares every rule once: its variant, its outward name, its default level, its fate, its meaning.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $severity:ident, $fate:ident;)+) => {
        /// A named rule. Its name is what `rules:` in `longhouse.yaml` and the JSON reports use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $variant,)+ }

        impl Rule {
            /// Every rule there is.
            pub const ALL: &'static [Rule] = &[$(Rule::$variant,)+];

            /// The outward name, as in `dead-link`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Rule::$variant => $name,)+ }
            }

            /// The level that holds unless the configuration says otherwise.
            #[must_use]
            pub const fn default_severity(self) -> Severity {
                match self { $(Rule::$variant => Severity::$severity,)+ }
            }

            /// What becomes of the page, whatever the level.
            #[must_use]
            pub const fn fate(self) -> Fate {
                match self { $(Rule::$variant => Fate::$fate,)+ }
            }

            /// What the rule says, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Rule::$variant => concat!($($doc),+),)+ }
            }
        }
    };
}

rules! {
    /// A link points to a page that does not exist on this site.
    DeadLink = "dead-link", Error, Mended;
    /// A link points to a heading that its page does not have.
    DeadFragment = "dead-fragment", Error, Mended;
    /// An image points to a file that does not exist.
    DeadImage = "dead-image", Error, Mended;
    /// A link has an address that could run code, or that cannot be read.
    UnsafeLink = "unsafe-link", Error, Mended;
    /// A field names an answer that does not exist.
    UnknownAnswer = "unknown-answer", Error, Mended;
    /// Something looks like a password, a key or a token.
    Secret = "secret", Error, Mended;
    /// An image is on another site, so it is shown as a link.
    RemoteImage = "remote-image", Warning, Mended;
    /// Raw HTML is not on the safe list.
    UnsafeHtml = "unsafe-html", Warning, Mended;
    /// Invisible characters change the direction of the text, so that it looks different from what it is.
    Bidi = "bidi", Warning, Mended;
    /// Characters without width hide differences between words.
    ZeroWidth = "zero-width", Warning, Mended;
    /// Front matter cannot be read.
    FrontMatter = "front-matter", Error, Held;
    /// A required field is missing.
    MissingField = "missing-field", Error, Held;
    /// Two files claim the same address.
    DuplicateAddress = "duplicate-address", Error, Held;
    /// A file or folder can be understood in two ways.
    AmbiguousFolder = "ambiguous-folder", Error, Held;
    /// A file name cannot be stored on every system, or points outside the content folder.
    UnsafePath = "unsafe-path", Error, Held;
    /// A file beside content is not what its name says, or its type is not allowed.
    UnsafeFile = "unsafe-file", Error, Held;
    /// The content contains a symbolic link.
    Symlink = "symlink", Error, Held;
    /// A file is not UTF-8 text, or a file or folder cannot be read.
    Encoding = "encoding", Error, Held;
    /// A file, its front matter or a page is larger than the limit.
    TooLarge = "too-large", Error, Held;
    /// A file has a name that is reserved for Longhouse, and may have come with someone's branch.
    ProgramState = "program-state", Error, Reported;
    /// Something is nested more deeply than the limit.
    TooDeep = "too-deep", Error, Held;
    /// `duplicate_of` does not name a question, names the question itself, or forms a loop.
    BrokenDuplicate = "broken-duplicate", Error, Held;
    /// A search test no longer finds its page.
    SearchTest = "search-test", Error, Reported;
    /// A figure of the community is not as `check --health` wants it.
    Health = "health", Error, Reported;
    /// A field is unknown.
    UnknownField = "unknown-field", Warning, Reported;
    /// A tag is not declared in the configuration.
    UnknownTag = "unknown-tag", Warning, Reported;
    /// A folder does not belong to a known kind.
    UnknownKind = "unknown-kind", Warning, Reported;
    /// A page has no title.
    MissingTitle = "missing-title", Warning, Reported;
    /// The git history is incomplete, so authors and dates are unknown.
    ShallowClone = "shallow-clone", Warning, Reported;
    /// Git cannot be used, so authors and dates are unknown.
    Git = "git", Warning, Reported;
    /// An email address is visible to everyone.
    Email = "email", Warning, Reported;
    /// A phone number is visible to everyone.
    Phone = "phone", Warning, Reported;
    /// A value was understood, but is not written correctly.
    FieldValue = "field-value", Warning, Reported;
    /// A value cannot be understood and was left out.
    InvalidField = "invalid-field", Error, Mended;
    /// There are more values than are used, or a text is too long to be repeated on other pages.
    Limit = "limit", Warning, Mended;
    /// A first-level heading is not the title of the page.
    Heading = "heading", Warning, Mended;
    /// An author claims a role, a mark or a confirmation that they cannot give.
    Claim = "claim", Warning, Mended;
    /// A reference names a person, a product, a version or an idea that does not exist.
    UnknownReference = "unknown-reference", Warning, Mended;
    /// A link uses the old place of a page that was moved; it still works.
    MovedLink = "moved-link", Warning, Mended;
    /// A link names several files; it leads to the nearest.
    AmbiguousLink = "ambiguous-link", Warning, Reported;
    /// An alias cannot be used.
    Alias = "alias", Warning, Mended;
    /// A colour in the configuration has too little contrast; a readable one replaces it.
    Contrast = "contrast", Warning, Mended;
    /// A template of the theme cannot be used, or a file of the theme is not used.
    Theme = "theme", Error, Reported;
    /// A key in `longhouse.yaml` or in a data file cannot be read.
    Config = "config", Error, Reported;
    /// A pull request makes or changes a claim about someone else.
    Trust = "trust", Warning, Reported;
    /// A question is a duplicate of another duplicate.
    DuplicateChain = "duplicate-chain", Warning, Reported;
    /// A consent does not say who agreed, or when.
    Consent = "consent", Warning, Reported;
    /// An idea was declined, and nothing says why.
    DeclinedWithoutResponse = "declined-without-response", Warning, Reported;
    /// A link looks as if it led to a different site.
    LookalikeHost = "lookalike-host", Warning, Reported;
    /// A file by a new contributor has many links to other sites.
    NewcomerLinks = "newcomer-links", Warning, Reported;
    /// The title of a question does not say what the question is.
    QuestionTitle = "question-title", Warning, Reported;
    /// A heading skips a level below the heading above it.
    HeadingOrder = "heading-order", Warning, Reported;
    /// An image has no description for people who cannot see it.
    AltText = "alt-text", Warning, Reported;
    /// A word is written differently in this community.
    WordList = "word-list", Warning, Reported;
    /// A paragraph is too long to read.
    LongParagraph = "long-paragraph", Warning, Reported;
    /// A question has been unanswered for a long time.
    Unanswered = "unanswered", Warning, Reported;
    /// A page is due for review.
    Stale = "stale", Warning, Reported;
    /// A page has no tag and no topic, and no other page links to it.
    Orphan = "orphan", Warning, Reported;
    /// A phrase may break a rule of the guidelines, so a moderator should look at it.
    Guidelines = "guidelines", Warning, Reported;
    /// A new question looks like one that was asked before.
    PossibleDuplicate = "possible-duplicate", Warning, Reported;
    /// A file still has the text or the name from its template.
    Empty = "empty", Warning, Reported;
    /// A page is next to the content folder instead of inside it.
    Stray = "stray", Warning, Reported;
    /// The content folder contains no page.
    NoContent = "no-content", Warning, Reported;
    /// Something looks like markdown but is not, or turns into something unintended.
    Markdown = "markdown", Warning, Reported;
    /// A diagram cannot be drawn, so its text is shown as code.
    Diagram = "diagram", Warning, Reported;
    /// A formula cannot be read, so it is shown as code.
    Math = "math", Warning, Reported;
    /// A picture or a video reveals where, by whom or with which camera it was made.
    PictureMetadata = "picture-metadata", Warning, Reported;
    /// An image is larger than a page needs.
    LargeImage = "large-image", Warning, Reported;
    /// The language of a code block is unknown, so it is not highlighted.
    UnknownLanguage = "unknown-language", Warning, Reported;
    /// Highlighting code would take too long, so it is not highlighted.
    HighlightLimit = "highlight-limit", Warning, Reported;
    /// A link to another site is broken; this is checked only with `check --external`.
    ExternalLink = "external-link", Warning, Reported;
}

impl Rule {
    /// The rule of this outward name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// The name nearest to what somebody typed, if one is near enough to be meant.
    #[must_use]
    pub fn nearest(typed: &str) -> Option<&'static str> {
        nearest(typed, Rule::ALL.iter().map(|rule| rule.name()))
    }

    /// Whether `rules:` may switch it off. Safety rules, secrets and missing fields cannot
    /// be, nor what keeps a site from being made at all.
    #[must_use]
    pub const fn can_be_off(self) -> bool {
        !matches!(
            self,
            Rule::MissingField
                | Rule::Secret
                | Rule::UnsafeLink
                | Rule::UnsafeHtml
                | Rule::UnsafePath
                | Rule::UnsafeFile
                | Rule::Symlink
                | Rule::Bidi
                | Rule::ZeroWidth
                | Rule::Encoding
                | Rule::TooLarge
                | Rule::TooDeep
                | Rule::ProgramState
                | Rule::Limit
                | Rule::Theme
                | Rule::Config
        )
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One problem in one place. Its JSON form is part of the outward contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The file, from the root of the site, with `/`.
    pub file: Arc<str>,
    /// Line of the first character meant, from 1.
    pub line: u32,
    /// Column of the first character meant, from 1, in Unicode scalars.
    pub column: u32,
    /// Line of the end.
    pub end_line: u32,
    /// Column just after the last character meant.
    pub end_column: u32,
    /// How much it counts.
    pub severity: Severity,
    /// The rule that was broken.
    pub rule: Rule,
    /// What is wrong, in plain words: a sentence with a full stop, names of fields and files in backticks.
    pub message: String,
    /// What to do about it, in plain words.
    pub help: String,
    /// The text that should stand at the place, or nothing where a person must decide.
    pub fix: Option<String>,
    /// Whether the fix was found by its likeness to what stands there, so that somebody should look at it first.
    #[serde(skip)]
    pub is_guess: bool,
}

impl Diagnostic {
    /// A problem at a place, at the rule's default level, without help or fix yet.
    pub fn new(rule: Rule, file: &Arc<str>, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            file: Arc::clone(file),
            line: span.line,
            column: span.column,
            end_line: span.end_line,
            end_column: span.end_column,
            severity: rule.default_severity(),
            rule,
            message: message.into(),
            help: String::new(),
            fix: None,
            is_guess: false,
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Says which text should stand at the place.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Proposes the nearest name there is, and says what holds `until_then`.
    #[must_use]
    pub fn guess(mut self, near: impl Into<String>, until_then: &str) -> Self {
        let near = near.into();
        self.ask_for(&near, until_then);
        self.fix(near)
    }

    /// Asks whether the nearest name there is was meant; what stands around it decides how the place should read.
    pub fn ask_for(&mut self, near: &str, until_then: &str) {
        self.help = format!("Did you mean `{near}`? {until_then}").trim_end().to_string();
        self.is_guess = true;
    }

    /// Counts it differently from the rule's default.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The text that should stand at the place. A fix for the file as a whole, such as a free slug, belongs into
    /// no line.
    #[must_use]
    pub fn replacement(&self) -> Option<&str> {
        self.fix.as_deref().filter(|_| self.span() != Span::START)
    }

    /// The place.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span { line: self.line, column: self.column, end_line: self.end_line, end_column: self.end_column }
    }
}

/// A number with what it counts: `1 file`, `2 files`, `3 entries`, `4 addresses`.
#[must_use]
pub fn count(n: usize, what: &str) -> String {
    let has_vowel = |what: &str| ["ay", "ey", "oy", "uy"].iter().any(|end| what.ends_with(end));
    match what {
        what if n == 1 => format!("{n} {what}"),
        what if what.ends_with('y') && !has_vowel(what) => {
            format!("{n} {}ies", &what[..what.len() - 1])
        }
        what if ["s", "x", "ch", "sh"].iter().any(|end| what.ends_with(end)) => format!("{n} {what}es"),
        what => format!("{n} {what}s"),
    }
}

/// The known name nearest to what somebody typed, if one is near enough to be meant.
///
/// Optimal string alignment distance (Damerau-Levenshtein without repeated edits), at most a third
/// of the typed length, so that short words do not match everything.
#[must_use]
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let start = |name: &str| name.to_lowercase().chars().take(64).collect::<String>();
    let typed = start(typed);
    let limit = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&typed, &start(name)), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_stranger_is_not() {
        assert_eq!(nearest("acepted", ["accepted", "audience", "score"]), Some("accepted"));
        assert_eq!(nearest("tilte", ["title", "tags"]), Some("title"));
        assert_eq!(nearest("zzz", ["title", "tags"]), None);
    }

    #[test]
    fn what_is_counted_is_one_or_many() {
        let said: Vec<String> =
            [(0, "file"), (1, "file"), (2, "entry"), (1, "entry"), (3, "address"), (2, "day")]
                .map(|(n, what)| count(n, what))
                .to_vec();
        assert_eq!(said, ["0 files", "1 file", "2 entries", "1 entry", "3 addresses", "2 days"]);
    }

    #[test]
    fn every_rule_is_found_by_its_name() {
        for rule in Rule::ALL {
            assert_eq!(Rule::from_name(rule.name()), Some(*rule));
            assert!(!rule.meaning().is_empty());
        }
    }
}
