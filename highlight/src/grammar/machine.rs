//! The backtracking machine for patterns that no automaton can search. It does what the one in
//! `fancy-regex` does (whose programs it runs, and of which it is a port), but every instruction
//! counts as a step, so that it can be stopped after as many as one likes.

use fancy_regex::Assertion;
use fancy_regex::internal::Insn;
use regex_automata::util::look::LookMatcher;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input};

use super::pattern::Region;
use crate::steps::{Spent, Steps};

/// What it costs to hand a piece of a pattern to an automaton.
const DELEGATE: u64 = 4;
/// What a byte costs that an automaton reads beyond ASCII.
const WIDE: u64 = 8;
/// Branches that may wait at one time, so that memory is bounded too.
const MAX_BRANCHES: usize = 100_000;

/// A compiled pattern.
pub(super) struct Program {
    body: Vec<Insn>,
    /// How many places it saves, its groups' first.
    slots: usize,
}

impl Program {
    pub(super) fn new(body: Vec<Insn>, groups: usize) -> Program {
        let last = body.iter().map(|insn| match *insn {
            Insn::Save(slot) | Insn::Save0(slot) | Insn::Restore(slot) => slot + 1,
            Insn::RepeatGr { repeat, .. } | Insn::RepeatNg { repeat, .. } => repeat + 1,
            Insn::RepeatEpsilonGr { repeat, check, .. } | Insn::RepeatEpsilonNg { repeat, check, .. } => {
                repeat.max(check) + 1
            }
            Insn::Backref { slot, .. } => slot + 2,
            _ => 0,
        });
        let slots = last.max().unwrap_or_default().max(groups * 2);
        Program { body, slots }
    }
}

/// The machine's memory, which outlives a search.
#[derive(Default)]
pub(super) struct Machine {
    /// Room for the groups of an automaton.
    pub(super) slots: Vec<Option<NonMaxUsize>>,
    /// The places saved so far; after the program's own stands a stack for atomic groups.
    saves: Vec<usize>,
    /// What to try where the present way fails.
    branches: Vec<Branch>,
    /// What `saves` held before it was changed, for the way back.
    old: Vec<(usize, usize)>,
    /// How many entries of `old` belong to the present way.
    fresh: usize,
    stack_at: usize,
}

struct Branch {
    pc: usize,
    at: usize,
    fresh: usize,
}

/// Nothing was saved there.
const UNSET: usize = usize::MAX;

impl Machine {
    /// The first match at or after `from`.
    pub(super) fn run(
        &mut self,
        program: &Program,
        groups: usize,
        line: &str,
        from: usize,
        steps: &mut Steps,
    ) -> Result<Option<Region>, Spent> {
        self.reset(program.slots);
        let look = LookMatcher::new();
        let bytes = line.as_bytes();
        let (mut pc, mut at) = (0, from);
        // Counted here and told at the end of a way: there is no call for every instruction.
        loop {
            let way = self.follow(program, line, &look, from, &mut pc, &mut at, steps)?;
            debug_assert!(at <= bytes.len());
            if way {
                if self.saves[0] > self.saves[1] {
                    self.saves[0] = self.saves[1];
                }
                let group = |n: usize| {
                    let (start, end) = (self.saves[n * 2], self.saves[n * 2 + 1]);
                    (start != UNSET).then_some((start, end))
                };
                return Ok(Some((0..groups).map(group).collect()));
            }
            let Some(branch) = self.pop() else { return Ok(None) };
            (pc, at) = branch;
        }
    }

    /// Follows one way to its end: whether it ends in a match.
    // Long because each instruction has its branch.
    #[expect(clippy::too_many_arguments, reason = "the registers of the machine")]
    fn follow(
        &mut self,
        program: &Program,
        line: &str,
        look: &LookMatcher,
        from: usize,
        pc: &mut usize,
        at: &mut usize,
        steps: &mut Steps,
    ) -> Result<bool, Spent> {
        let bytes = line.as_bytes();
        loop {
            steps.take(1)?;
            match &program.body[*pc] {
                Insn::End => return Ok(true),
                Insn::Any | Insn::AnyNoNL => {
                    let Some(next) = line[*at..].chars().next() else { return Ok(false) };
                    if next == '\n' && matches!(program.body[*pc], Insn::AnyNoNL) {
                        return Ok(false);
                    }
                    *at += next.len_utf8();
                }
                Insn::Lit(text) => {
                    if !bytes[*at..].starts_with(text.as_bytes()) {
                        return Ok(false);
                    }
                    *at += text.len();
                }
                Insn::Assertion(assertion) => {
                    if !holds(*assertion, look, bytes, *at) {
                        return Ok(false);
                    }
                }
                Insn::Split(first, second) => {
                    self.push(*second, *at)?;
                    *pc = *first;
                    continue;
                }
                Insn::Jmp(target) => {
                    *pc = *target;
                    continue;
                }
                Insn::Save(slot) => self.save(*slot, *at),
                Insn::Save0(slot) => self.save(*slot, 0),
                Insn::Restore(slot) => *at = self.saves[*slot],
                Insn::RepeatGr { lo, hi, next, repeat } | Insn::RepeatNg { lo, hi, next, repeat } => {
                    let count = self.saves[*repeat];
                    if count == *hi {
                        *pc = *next;
                        continue;
                    }
                    self.save(*repeat, count + 1);
                    if count >= *lo {
                        let is_greedy = matches!(program.body[*pc], Insn::RepeatGr { .. });
                        *pc = self.branch(is_greedy, *pc + 1, *next, *at)?;
                        continue;
                    }
                }
                Insn::RepeatEpsilonGr { lo, next, repeat, check }
                | Insn::RepeatEpsilonNg { lo, next, repeat, check } => {
                    let count = self.saves[*repeat];
                    // Something empty, again and again, is enough.
                    if count > 0 && self.saves[*check] == *at {
                        *pc = *next;
                        continue;
                    }
                    self.save(*repeat, count + 1);
                    if count >= *lo {
                        self.save(*check, *at);
                        let is_greedy = matches!(program.body[*pc], Insn::RepeatEpsilonGr { .. });
                        *pc = self.branch(is_greedy, *pc + 1, *next, *at)?;
                        continue;
                    }
                }
                Insn::GoBack(count) => {
                    for _ in 0..*count {
                        let Some(before) = line[..*at].chars().next_back() else { return Ok(false) };
                        *at -= before.len_utf8();
                    }
                }
                Insn::FailNegativeLookAround => {
                    // What it forbids is there: the ways that it opened are closed again.
                    while self.pop().is_some_and(|(to, _)| to != *pc + 1) {}
                    return Ok(false);
                }
                Insn::Backref { slot, casei } => {
                    let (start, end) = (self.saves[*slot], self.saves[*slot + 1]);
                    let Some(text) = line.get(start..end) else { return Ok(false) };
                    steps.take(text.len() as u64 / 8)?;
                    let Some(here) = bytes.get(*at..*at + text.len()) else { return Ok(false) };
                    let same =
                        here == text.as_bytes() || *casei && here.eq_ignore_ascii_case(text.as_bytes());
                    if !same {
                        return Ok(false);
                    }
                    *at += text.len();
                }
                Insn::BackrefExistsCondition(group) => {
                    if self.saves[group * 2] == UNSET {
                        return Ok(false);
                    }
                }
                Insn::BeginAtomic => {
                    let count = self.branches.len();
                    self.stack_push(count);
                }
                Insn::EndAtomic => {
                    let count = self.stack_pop();
                    steps.take((self.branches.len() - count) as u64)?;
                    self.cut(count);
                }
                Insn::Delegate(delegate) => {
                    steps.take(DELEGATE)?;
                    let input = Input::new(line).span(*at..line.len()).anchored(Anchored::Yes);
                    let end = if delegate.start_group == delegate.end_group {
                        delegate.inner.search_half(&input).map(|found| found.offset())
                    } else {
                        let groups = delegate.end_group - delegate.start_group;
                        self.slots.clear();
                        self.slots.resize((groups + 1) * 2, None);
                        let found = delegate.inner.search_slots(&input, &mut self.slots).is_some();
                        let end = self.slots[1].filter(|_| found).map(NonMaxUsize::get);
                        for group in 0..if found { groups } else { 0 } {
                            for side in 0..2 {
                                let place =
                                    self.slots[(group + 1) * 2 + side].map_or(UNSET, NonMaxUsize::get);
                                self.save((delegate.start_group + group) * 2 + side, place);
                            }
                        }
                        end
                    };
                    let Some(end) = end else { return Ok(false) };
                    let read = (end - *at) as u64;
                    steps.take(if bytes[*at..end].is_ascii() { read / 2 } else { read * WIDE })?;
                    *at = end;
                }
                Insn::ContinueFromPreviousMatchEnd => {
                    if *at > from {
                        return Ok(false);
                    }
                }
            }
            *pc += 1;
        }
    }

    fn reset(&mut self, slots: usize) {
        self.saves.clear();
        self.saves.resize(slots, UNSET);
        self.branches.clear();
        self.old.clear();
        self.fresh = 0;
        self.stack_at = slots;
    }

    /// Goes on with a repetition if it is greedy, else leaves it; the other way is tried later.
    fn branch(&mut self, is_greedy: bool, again: usize, next: usize, at: usize) -> Result<usize, Spent> {
        let (first, second) = if is_greedy { (again, next) } else { (next, again) };
        self.push(second, at)?;
        Ok(first)
    }

    fn push(&mut self, pc: usize, at: usize) -> Result<(), Spent> {
        if self.branches.len() >= MAX_BRANCHES {
            return Err(Spent);
        }
        self.branches.push(Branch { pc, at, fresh: self.fresh });
        self.fresh = 0;
        Ok(())
    }

    fn pop(&mut self) -> Option<(usize, usize)> {
        let branch = self.branches.pop()?;
        for _ in 0..self.fresh {
            if let Some((slot, value)) = self.old.pop() {
                self.saves[slot] = value;
            }
        }
        self.fresh = branch.fresh;
        Some((branch.pc, branch.at))
    }

    fn save(&mut self, slot: usize, value: usize) {
        let from = self.old.len() - self.fresh;
        if !self.old[from..].iter().any(|(saved, _)| *saved == slot) {
            self.old.push((slot, self.saves[slot]));
            self.fresh += 1;
        }
        self.saves[slot] = value;
    }

    /// Branches put aside what stands on this stack as they do with all that is saved.
    fn stack_push(&mut self, value: usize) {
        if self.saves.len() == self.stack_at {
            self.saves.push(self.stack_at + 1);
        }
        let top = self.saves[self.stack_at];
        if self.saves.len() == top {
            self.saves.push(value);
        } else {
            self.save(top, value);
        }
        self.save(self.stack_at, top + 1);
    }

    fn stack_pop(&mut self) -> usize {
        let top = self.saves[self.stack_at] - 1;
        let value = self.saves[top];
        self.save(self.stack_at, top);
        value
    }

    /// Forgets the branches beyond `count`, but keeps what was saved since. Of several old values of
    /// a slot the first is the one to go back to.
    fn cut(&mut self, count: usize) {
        if self.branches.len() == count {
            return;
        }
        let later: usize = self.branches[count + 1..].iter().map(|branch| branch.fresh).sum();
        let end = self.old.len() - self.fresh - later;
        let start = end - self.branches[count].fresh;
        let mut kept = end;
        for index in end..self.old.len() {
            let slot = self.old[index].0;
            if !self.old[start..kept].iter().any(|(saved, _)| *saved == slot) {
                self.old.swap(kept, index);
                kept += 1;
            }
        }
        self.branches.truncate(count);
        self.old.truncate(kept);
        self.fresh = kept - start;
    }
}

fn holds(assertion: Assertion, look: &LookMatcher, bytes: &[u8], at: usize) -> bool {
    // Without Unicode's tables, which are built in, the answer would be an error.
    match assertion {
        Assertion::StartText => look.is_start(bytes, at),
        Assertion::EndText => look.is_end(bytes, at),
        Assertion::StartLine { crlf: false } => look.is_start_lf(bytes, at),
        Assertion::StartLine { crlf: true } => look.is_start_crlf(bytes, at),
        Assertion::EndLine { crlf: false } => look.is_end_lf(bytes, at),
        Assertion::EndLine { crlf: true } => look.is_end_crlf(bytes, at),
        Assertion::LeftWordBoundary => look.is_word_start_unicode(bytes, at).unwrap_or(false),
        Assertion::RightWordBoundary => look.is_word_end_unicode(bytes, at).unwrap_or(false),
        Assertion::WordBoundary => look.is_word_unicode(bytes, at).unwrap_or(false),
        Assertion::NotWordBoundary => look.is_word_unicode_negate(bytes, at).unwrap_or(false),
    }
}
