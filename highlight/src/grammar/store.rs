//! The grammars of two-face as they are stored, read into types of our own. syntect's own parser
//! cannot be stopped within a line; what is read here is walked by [`parser`](super::parser), which can.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, OnceLock};

use serde::{Deserialize, Deserializer};
use syntect::parsing::{ClearAmount, Scope, SyntaxReference, SyntaxSet};

use super::pattern::Regex;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The contexts of each syntax, in the order of `SYNTAXES`; read when one is first needed.
static CONTEXTS: LazyLock<Vec<OnceLock<Contexts>>> =
    LazyLock::new(|| SYNTAXES.syntaxes().iter().map(|_| OnceLock::new()).collect());

/// The name of no language, but of text without any.
const PLAIN: &str = "Plain Text";

/// The number of the syntax that people call by this name or file extension.
pub(super) fn find(language: &str) -> Option<usize> {
    let syntax = SYNTAXES.find_syntax_by_token(language).filter(|it| it.name != PLAIN)?;
    SYNTAXES.syntaxes().iter().position(|it| std::ptr::eq(it, syntax))
}

/// Every name and file extension that some syntax goes by, in lower case.
pub(super) fn names() -> impl Iterator<Item = String> {
    SYNTAXES.syntaxes().iter().filter(|it| !it.hidden && it.name != PLAIN).flat_map(|it| {
        std::iter::once(it.name.to_lowercase()).chain(it.file_extensions.iter().map(|it| it.to_lowercase()))
    })
}

/// Where reading a file of a syntax begins.
pub(super) fn start(syntax: usize) -> Option<ContextId> {
    contexts(syntax)?.context_ids.get("__start").copied()
}

/// The context of this number.
pub(super) fn context(id: ContextId) -> Option<&'static Context> {
    contexts(id.syntax_index)?.contexts.get(id.context_index)
}

/// The patterns of a context in the order in which they are tried, those of other contexts that it
/// includes among them.
pub(super) fn patterns(context: &'static Context) -> &'static [&'static MatchPattern] {
    context.flat.get_or_init(|| {
        let mut flat = Vec::new();
        flatten(context, 0, &mut flat);
        flat
    })
}

fn flatten(context: &'static Context, depth: usize, flat: &mut Vec<&'static MatchPattern>) {
    // No grammar of ours comes near this; one that includes itself would go on for ever.
    if depth > 50 {
        return;
    }
    for pattern in &context.patterns {
        match pattern {
            Pattern::Match(pattern) => flat.push(pattern),
            Pattern::Include(reference) => {
                if let Some(context) = reference.id().and_then(self::context) {
                    flatten(context, depth + 1, flat);
                }
            }
        }
    }
}

fn contexts(syntax: usize) -> Option<&'static Contexts> {
    Some(CONTEXTS.get(syntax)?.get_or_init(|| read(&SYNTAXES.syntaxes()[syntax])))
}

/// syntect keeps the contexts of a syntax packed, and to itself; but it stores them for anyone who asks.
fn read(syntax: &SyntaxReference) -> Contexts {
    #[derive(Deserialize)]
    struct Stored {
        serialized_lazy_contexts: Vec<u8>,
    }
    serde_json::to_vec(syntax)
        .ok()
        .and_then(|json| serde_json::from_slice::<Stored>(&json).ok())
        .and_then(|stored| syntect::dumps::from_reader(&stored.serialized_lazy_contexts[..]).ok())
        .unwrap_or_default()
}

/// The rest of this file has the shape in which syntect stores things, field by field.
#[derive(Default, Deserialize)]
struct Contexts {
    context_ids: BTreeMap<String, ContextId>,
    contexts: Vec<Context>,
}

/// Which context of which syntax.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct ContextId {
    syntax_index: usize,
    context_index: usize,
}

/// What may stand at some place of a text.
#[derive(Deserialize)]
pub(super) struct Context {
    pub(super) meta_scope: Vec<Scope>,
    pub(super) meta_content_scope: Vec<Scope>,
    #[serde(rename = "meta_include_prototype")]
    _includes_prototype: bool,
    pub(super) clear_scopes: Option<ClearAmount>,
    pub(super) prototype: Option<ContextId>,
    pub(super) uses_backrefs: bool,
    patterns: Vec<Pattern>,
    #[serde(skip)]
    flat: OnceLock<Vec<&'static MatchPattern>>,
}

#[derive(Deserialize)]
enum Pattern {
    Match(MatchPattern),
    Include(ContextReference),
}

/// A pattern, and what happens where it matches.
#[derive(Deserialize)]
pub(super) struct MatchPattern {
    /// Whether it refers to what the pattern that led into its context has captured.
    pub(super) has_captures: bool,
    #[serde(deserialize_with = "regex")]
    pub(super) regex: Regex,
    pub(super) scope: Vec<Scope>,
    pub(super) captures: Option<Vec<(usize, Vec<Scope>)>>,
    pub(super) operation: MatchOperation,
    pub(super) with_prototype: Option<ContextReference>,
}

/// A context, named in one of several ways. What was linked is direct; the others lead nowhere.
#[derive(Deserialize)]
#[expect(dead_code, reason = "the stored form has them")]
pub(super) enum ContextReference {
    Named(String),
    ByScope { scope: Scope, sub_context: Option<String>, with_escape: bool },
    File { name: String, sub_context: Option<String>, with_escape: bool },
    Inline(String),
    Direct(ContextId),
}

impl ContextReference {
    pub(super) const fn id(&self) -> Option<ContextId> {
        match self {
            ContextReference::Direct(id) => Some(*id),
            _ => None,
        }
    }
}

/// What happens to the stack of contexts.
#[derive(Deserialize)]
pub(super) enum MatchOperation {
    Push(Vec<ContextReference>),
    Set(Vec<ContextReference>),
    Pop,
    None,
}

fn regex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    String::deserialize(deserializer).map(Regex::new)
}

/// Regexes that are made while reading, because they hold a piece of the text, kept for one block.
#[derive(Default)]
pub(super) struct Made(HashMap<(usize, String), std::rc::Rc<Regex>>);

impl Made {
    /// The regex of a pattern with pieces of text in it.
    pub(super) fn get(&mut self, pattern: &MatchPattern, source: String) -> (std::rc::Rc<Regex>, bool) {
        let key = (std::ptr::from_ref(pattern) as usize, source);
        if let Some(regex) = self.0.get(&key) {
            return (std::rc::Rc::clone(regex), false);
        }
        let regex = std::rc::Rc::new(Regex::new(key.1.clone()));
        self.0.insert(key, std::rc::Rc::clone(&regex));
        (regex, true)
    }
}
