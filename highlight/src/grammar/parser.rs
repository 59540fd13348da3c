//! Walks through code by the contexts of a grammar, as syntect's parser does (of which this is a
//! port), line by line. What comes out are changes to a stack of scopes. Every search, every pattern
//! that is looked at and every scope that moves is a step of the budget.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use syntect::parsing::ScopeStackOp;

use super::machine::Machine;
use super::pattern::Region;
use super::store::{self, Context, ContextId, ContextReference, Made, MatchOperation, MatchPattern};
use crate::steps::{Patterns, Spent, Steps};

/// How deep contexts may lie in each other.
const DEEPEST: usize = 100;
/// What it costs to compile a pattern that holds a piece of the text.
const COMPILE: u64 = 20_000;
/// What a line costs, and what a match does, whatever is in them.
const LINE: u64 = 10;
const MATCH: u64 = 10;

/// Where in its grammar the reading of a text is.
pub(super) struct Parser {
    levels: Vec<Level>,
    first_line: bool,
    /// The levels from which on patterns of outer levels count. What lies below is out of their reach.
    prototypes_from: Vec<usize>,
    found: MatchCache,
    made: Made,
    machine: Machine,
}

struct Level {
    id: ContextId,
    /// Patterns that count in this level and in those above it.
    prototypes: Vec<ContextId>,
    /// What the pattern that led here has captured, and in which line.
    captures: Option<Rc<(Rc<Region>, String)>>,
}

/// What each pattern found in this line: it need not be searched again before that.
type MatchCache = HashMap<usize, Option<Rc<Region>>, BuildHasherDefault<PointerHasher>>;

struct Best {
    region: Rc<Region>,
    pattern: &'static MatchPattern,
    is_prototype: bool,
    would_loop: bool,
}

/// Where a line's reading is.
struct Position {
    at: usize,
    /// Where something was pushed by a pattern that took nothing, and how many levels there were then.
    empty_push: (usize, usize),
}

impl Parser {
    /// At the beginning of a text. `None`: the grammar cannot be read.
    pub(super) fn new(syntax: usize) -> Option<Parser> {
        let start = Level { id: store::start(syntax)?, prototypes: Vec::new(), captures: None };
        Some(Parser {
            levels: vec![start],
            first_line: true,
            prototypes_from: Vec::new(),
            found: MatchCache::default(),
            made: Made::default(),
            machine: Machine::default(),
        })
    }

    /// Reads a line with its end. What changes on the stack of scopes, and where, goes to `changes`.
    pub(super) fn line(
        &mut self,
        line: &str,
        changes: &mut Vec<(usize, ScopeStackOp)>,
        steps: &mut Steps,
        patterns: &mut Patterns,
    ) -> Result<(), Spent> {
        steps.take(LINE)?;
        changes.clear();
        self.found.clear();
        if std::mem::take(&mut self.first_line)
            && let Some(scope) = self.context().and_then(|it| it.meta_content_scope.first())
        {
            changes.push((0, ScopeStackOp::Push(*scope)));
        }
        let mut position = Position { at: 0, empty_push: (0, 0) };
        while self.step(line, &mut position, changes, steps, patterns)? {}
        Ok(())
    }

    fn context(&self) -> Option<&'static Context> {
        store::context(self.levels.last()?.id)
    }

    /// Takes the next match. `false`: there is none in this line.
    fn step(
        &mut self,
        line: &str,
        position: &mut Position,
        changes: &mut Vec<(usize, ScopeStackOp)>,
        steps: &mut Steps,
        patterns: &mut Patterns,
    ) -> Result<bool, Spent> {
        let Some(context) = self.context() else { return Ok(false) };
        let may_loop = position.empty_push == (position.at, self.levels.len());
        while self.prototypes_from.last().is_some_and(|from| *from >= self.levels.len()) {
            self.prototypes_from.pop();
        }
        let Some(best) = self.best(context, line, position.at, may_loop, steps, patterns)? else {
            return Ok(false);
        };
        if best.would_loop {
            // To take nothing and go back to where this began would go on for ever: a character on,
            // as in Sublime Text.
            let Some((next, _)) = line[position.at..].char_indices().nth(1) else { return Ok(false) };
            position.at += next;
            return Ok(true);
        }
        let (_, end) = whole(&best.region);
        if end <= position.at && matches!(best.pattern.operation, MatchOperation::Push(_)) {
            position.empty_push = (end, self.levels.len() + 1);
        }
        position.at = end;
        if best.is_prototype {
            self.prototypes_from.push(self.levels.len());
        }
        let before = changes.len();
        mark(&best, context, changes);
        steps.take(MATCH + 2 * (changes.len() - before) as u64)?;
        self.operate(line, &best, steps)?;
        Ok(true)
    }

    /// The pattern that matches first; of several in one place the first.
    fn best(
        &mut self,
        context: &'static Context,
        line: &str,
        from: usize,
        may_loop: bool,
        steps: &mut Steps,
        patterns: &mut Patterns,
    ) -> Result<Option<Best>, Spent> {
        let lowest = self.prototypes_from.last().copied().unwrap_or(0);
        let mut places: Vec<(bool, ContextId, usize)> = Vec::new();
        for (level, it) in self.levels.iter().enumerate().skip(lowest) {
            places.extend(it.prototypes.iter().map(|id| (true, *id, level)));
        }
        steps.take(2 + (self.levels.len() - lowest) as u64 / 2 + places.len() as u64 * 2)?;
        let top = self.levels.len() - 1;
        // The prototype of a grammar knows nothing of what was captured.
        let own = context.prototype.map(|id| (false, id, usize::MAX));
        places.extend(own.into_iter().chain([(false, self.levels[top].id, top)]));

        let mut best: Option<Best> = None;
        let mut first = usize::MAX;
        let mut would_loop = false;
        for (is_prototype, id, level) in places {
            let Some(context) = store::context(id) else { continue };
            let captures = self.levels.get(level).and_then(|level| level.captures.clone());
            for pattern in store::patterns(context) {
                steps.take(1)?;
                let Some(region) = self.search(line, from, pattern, captures.as_deref(), steps, patterns)?
                else {
                    continue;
                };
                let (start, end) = whole(&region);
                if start > first || start == first && !would_loop {
                    continue;
                }
                first = start;
                would_loop = may_loop && end <= from && matches!(pattern.operation, MatchOperation::Pop);
                if matches!(pattern.operation, MatchOperation::Push(_)) && self.levels.len() >= DEEPEST {
                    return Ok(None);
                }
                best = Some(Best { region, pattern, is_prototype, would_loop });
                if start == from && !would_loop {
                    return Ok(best);
                }
            }
        }
        Ok(best)
    }

    fn search(
        &mut self,
        line: &str,
        from: usize,
        pattern: &'static MatchPattern,
        captures: Option<&(Rc<Region>, String)>,
        steps: &mut Steps,
        patterns: &mut Patterns,
    ) -> Result<Option<Rc<Region>>, Spent> {
        let key = std::ptr::from_ref(pattern) as usize;
        match self.found.get(&key) {
            Some(None) => return Ok(None),
            Some(Some(region)) if whole(region).0 >= from => return Ok(Some(Rc::clone(region))),
            _ => {}
        }
        patterns.first(key, pattern.regex.source().len())?;
        let leads_on = matches!(pattern.operation, MatchOperation::Push(_) | MatchOperation::Set(_));
        let wants_groups = pattern.captures.is_some() || leads_on;
        let captures = captures.filter(|_| pattern.has_captures);
        let region = match captures {
            Some((region, captured)) => {
                let source = substituted(pattern.regex.source(), region, captured);
                steps.take(source.len() as u64 / 8)?;
                let (regex, is_new) = self.made.get(pattern, source);
                if is_new {
                    steps.take(COMPILE)?;
                }
                regex.search(line, from, wants_groups, &mut self.machine, steps)?
            }
            None => pattern.regex.search(line, from, wants_groups, &mut self.machine, steps)?,
        };
        let region = region.map(Rc::new);
        let Some(region) = region else {
            if captures.is_none() {
                self.found.insert(key, None);
            }
            return Ok(None);
        };
        let (start, end) = whole(&region);
        let does_something = match pattern.operation {
            MatchOperation::None => start != end,
            MatchOperation::Push(_) => self.levels.len() < DEEPEST,
            _ => true,
        };
        if !does_something {
            return Ok(None);
        }
        if captures.is_none() {
            self.found.insert(key, Some(Rc::clone(&region)));
        }
        Ok(Some(region))
    }

    /// Moves to the contexts that a match leads to.
    fn operate(&mut self, line: &str, best: &Best, steps: &mut Steps) -> Result<(), Spent> {
        let (references, mut prototypes) = match &best.pattern.operation {
            MatchOperation::Push(references) => (references, Vec::new()),
            // What was brought into a level stays there when another context takes its place.
            MatchOperation::Set(references) => {
                (references, self.levels.pop().map(|level| level.prototypes).unwrap_or_default())
            }
            MatchOperation::Pop => {
                self.levels.pop();
                return Ok(());
            }
            MatchOperation::None => return Ok(()),
        };
        let mut captures = None;
        for (index, reference) in references.iter().enumerate() {
            let Some(id) = reference.id() else { return Ok(()) };
            let mut prototypes = std::mem::take(&mut prototypes);
            if index + 1 == references.len() {
                prototypes.extend(best.pattern.with_prototype.iter().filter_map(ContextReference::id));
            }
            let refers_back =
                |id: &ContextId| store::context(*id).is_some_and(|context| context.uses_backrefs);
            let captures = if refers_back(&id) || prototypes.iter().any(refers_back) {
                if captures.is_none() {
                    steps.take(line.len() as u64 / 8)?;
                }
                Some(Rc::clone(
                    captures.get_or_insert_with(|| Rc::new((Rc::clone(&best.region), line.to_string()))),
                ))
            } else {
                None
            };
            self.levels.push(Level { id, prototypes, captures });
        }
        Ok(())
    }
}

fn whole(region: &Region) -> (usize, usize) {
    region.first().copied().flatten().unwrap_or_default()
}

/// Writes what a match changes on the stack of scopes.
fn mark(best: &Best, context: &Context, changes: &mut Vec<(usize, ScopeStackOp)>) {
    let (start, end) = whole(&best.region);
    let pattern = best.pattern;
    mark_contexts(true, start, context, &pattern.operation, changes);
    changes.extend(pattern.scope.iter().map(|scope| (start, ScopeStackOp::Push(*scope))));
    if let Some(captures) = &pattern.captures {
        // Groups may stand in any order: the outer one comes first.
        let mut groups = Vec::new();
        for (group, scopes) in captures {
            let Some((from, to)) = best.region.get(*group).copied().flatten().filter(|(from, to)| from != to)
            else {
                continue;
            };
            let outer_first = -i64::try_from(to - from).unwrap_or(i64::MAX);
            groups.extend(scopes.iter().map(|scope| ((from, outer_first), ScopeStackOp::Push(*scope))));
            groups.push(((to, i64::MIN), ScopeStackOp::Pop(scopes.len())));
        }
        groups.sort_by_key(|(key, _)| *key);
        changes.extend(groups.into_iter().map(|((at, _), change)| (at, change)));
    }
    if !pattern.scope.is_empty() {
        changes.push((end, ScopeStackOp::Pop(pattern.scope.len())));
    }
    mark_contexts(false, end, context, &pattern.operation, changes);
}

/// Scopes of the contexts themselves, before the match and after it. Where a context takes the place
/// of another, Sublime Text has an order of its own, which is followed here.
fn mark_contexts(
    is_before: bool,
    at: usize,
    context: &Context,
    operation: &MatchOperation,
    changes: &mut Vec<(usize, ScopeStackOp)>,
) {
    let (references, is_set) = match operation {
        MatchOperation::Pop => {
            let scopes = if is_before { &context.meta_content_scope } else { &context.meta_scope };
            if !scopes.is_empty() {
                changes.push((at, ScopeStackOp::Pop(scopes.len())));
            }
            if !is_before && context.clear_scopes.is_some() {
                changes.push((at, ScopeStackOp::Restore));
            }
            return;
        }
        MatchOperation::None => return,
        MatchOperation::Push(references) => (references, false),
        MatchOperation::Set(references) => (references, true),
    };
    let next = || references.iter().filter_map(|it| store::context(it.id()?));
    if is_before {
        if is_set && context.clear_scopes.is_some() {
            changes.push((at, ScopeStackOp::Restore));
        }
        for it in next() {
            if let Some(amount) = it.clear_scopes.filter(|_| !is_set) {
                changes.push((at, ScopeStackOp::Clear(amount)));
            }
            changes.extend(it.meta_scope.iter().map(|scope| (at, ScopeStackOp::Push(*scope))));
        }
        return;
    }
    let own = context.meta_scope.len() + context.meta_content_scope.len();
    let again = is_set && own > 0
        || next().any(|it| !it.meta_content_scope.is_empty() || it.clear_scopes.is_some() && is_set);
    if !again {
        return;
    }
    let popped = next().map(|it| it.meta_scope.len()).sum::<usize>() + if is_set { own } else { 0 };
    if popped > 0 {
        changes.push((at, ScopeStackOp::Pop(popped)));
    }
    for it in next() {
        if let Some(amount) = it.clear_scopes.filter(|_| is_set) {
            changes.push((at, ScopeStackOp::Clear(amount)));
        }
        let scopes = it.meta_scope.iter().chain(&it.meta_content_scope);
        changes.extend(scopes.map(|scope| (at, ScopeStackOp::Push(*scope))));
    }
}

/// Characters that mean something else in a pattern than themselves.
const SPECIAL: &str = "\\.+*?()|[]{}^$#&-~";

/// A pattern with `\1` and so on replaced by what was captured.
fn substituted(source: &str, region: &Region, captured: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some(digit @ '0'..='9') => {
                let group = digit as usize - '0' as usize;
                let text = region.get(group).copied().flatten().and_then(|(from, to)| captured.get(from..to));
                for character in text.unwrap_or_default().chars() {
                    if SPECIAL.contains(character) {
                        out.push('\\');
                    }
                    out.push(character);
                }
            }
            other => {
                out.push('\\');
                out.extend(other);
            }
        }
    }
    out
}

/// Patterns live as long as the program: their addresses, mixed, are as good as numbers.
#[derive(Default)]
struct PointerHasher(u64);

impl Hasher for PointerHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_usize(usize::from(*byte));
        }
    }

    fn write_usize(&mut self, value: usize) {
        self.0 = (self.0 ^ value as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}
