//! A pattern of a grammar, and how it is searched in a line with every step counted.
//!
//! Patterns that regular expressions proper can say go to `regex-automata`, which is linear. The
//! others (with lookaround, back references, atomic groups) are programs for a backtracking machine,
//! as `fancy-regex` compiles them; [`machine`](super::machine) runs them, and stops when it is told to.

use std::sync::OnceLock;

use fancy_regex::Expr;
use fancy_regex::internal::{Insn, analyze, can_compile_as_anchored, compile, optimize};
use regex_automata::Input;
use regex_automata::util::primitives::NonMaxUsize;

use super::machine::{Machine, Program};
use crate::steps::{Spent, Steps};

/// What a search costs at least.
const SEARCH: u64 = 16;
/// How many bytes a linear search reads in a step.
const BYTES: u64 = 2;
/// Beyond ASCII the fast automata give up on word boundaries, and a byte takes a few steps.
const WIDE: u64 = 8;

/// The syntax of Ruby's patterns, in which these grammars are written.
const ONIGURUMA: u32 = 1 << 6;
/// As `fancy-regex` has it where nothing else is said.
const UNICODE: u32 = 1 << 5;

/// A pattern, compiled when it is first searched.
pub(super) struct Regex {
    source: String,
    compiled: OnceLock<Option<Compiled>>,
}

/// Where the groups of a match begin and end, the match itself first.
pub(super) type Region = Vec<Option<(usize, usize)>>;

enum Compiled {
    Literal(String),
    Linear {
        regex: regex_automata::meta::Regex,
        /// The group that is the match itself.
        first: usize,
        groups: usize,
    },
    Backtracking {
        program: Program,
        groups: usize,
    },
}

impl Regex {
    pub(super) const fn new(source: String) -> Regex {
        Regex { source, compiled: OnceLock::new() }
    }

    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// The first match at or after `from`, with its groups if `wants_groups`. What cannot be
    /// compiled matches nothing.
    pub(super) fn search(
        &self,
        line: &str,
        from: usize,
        wants_groups: bool,
        machine: &mut Machine,
        steps: &mut Steps,
    ) -> Result<Option<Region>, Spent> {
        let Some(compiled) = self.compiled.get_or_init(|| compiled(&self.source)) else { return Ok(None) };
        steps.take(SEARCH)?;
        let read = |end: usize| (end - from) as u64;
        match compiled {
            Compiled::Literal(text) => {
                let found = memchr::memmem::find(&line.as_bytes()[from..], text.as_bytes());
                let found = found.map(|at| (from + at, from + at + text.len()));
                steps.take(read(found.map_or(line.len(), |(_, end)| end)) / BYTES)?;
                Ok(found.map(|place| vec![Some(place)]))
            }
            Compiled::Linear { regex, first, groups } => {
                let wanted = if wants_groups { *groups } else { 1 };
                machine.slots.clear();
                machine.slots.resize((first + wanted) * 2, None);
                let found = regex.search_slots(&Input::new(line).span(from..line.len()), &mut machine.slots);
                let end = found.and_then(|_| machine.slots[1]).map_or(line.len(), NonMaxUsize::get);
                let cost = if line.is_ascii() { read(end) / BYTES } else { read(end) * WIDE };
                steps.take(cost)?;
                let Some(_) = found else { return Ok(None) };
                if wanted > 1 {
                    // Groups are found by a second, slower reading of what matched.
                    steps.take(SEARCH + read(end))?;
                }
                let group =
                    |at: usize| Some((machine.slots[at * 2]?.get(), machine.slots[at * 2 + 1]?.get()));
                Ok(Some((*first..first + wanted).map(group).collect()))
            }
            Compiled::Backtracking { program, groups } => machine.run(program, *groups, line, from, steps),
        }
    }
}

/// How many capture groups there are in an expression.
fn count(expr: &Expr) -> usize {
    match expr {
        Expr::Group(child) => 1 + count(child),
        Expr::Concat(children) | Expr::Alt(children) => children.iter().map(count).sum(),
        Expr::LookAround(child, _) | Expr::AtomicGroup(child) | Expr::Repeat { child, .. } => count(child),
        Expr::Conditional { condition, true_branch, false_branch } => {
            count(condition) + count(true_branch) + count(false_branch)
        }
        _ => 0,
    }
}

fn compiled(source: &str) -> Option<Compiled> {
    let mut tree = Expr::parse_tree_with_flags(source, ONIGURUMA | UNICODE).ok()?;
    // A lookahead at the end is taken out of the match, which is a group of its own then.
    let is_group = optimize(&mut tree);
    let first = usize::from(is_group);
    let groups = count(&tree.expr) + 1 - first;
    let info = analyze(&tree, is_group).ok()?;
    let mut body = compile(&info, can_compile_as_anchored(&tree.expr)).ok()?.body;
    let is_linear = |insn: &Insn| match insn {
        Insn::Save(slot) => *slot < 2,
        Insn::Split(..) | Insn::Any | Insn::Jmp(_) | Insn::End => true,
        _ => false,
    };
    let work: Vec<usize> = (0..body.len()).filter(|at| !is_linear(&body[*at])).collect();
    if let [at] = work[..] {
        match body.swap_remove(at) {
            Insn::Delegate(delegate) => {
                return Some(Compiled::Linear { regex: delegate.inner, first, groups });
            }
            Insn::Lit(text) if groups == 1 && !is_group => return Some(Compiled::Literal(text)),
            _ => {}
        }
        body = compile(&info, can_compile_as_anchored(&tree.expr)).ok()?.body;
    }
    Some(Compiled::Backtracking { program: Program::new(body, groups), groups })
}
