//! What painting may cost, counted in steps of the work itself and never in time, so that the same
//! page is painted the same on every machine. A step is about ten nanoseconds of work.

use std::collections::HashSet;

/// What is left of a budget.
#[derive(Debug, Clone, Copy)]
pub(super) struct Steps {
    left: u64,
}

/// The budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spent;

impl Steps {
    pub(super) const fn new(budget: u64) -> Steps {
        Steps { left: budget }
    }

    pub(super) const fn left(self) -> u64 {
        self.left
    }

    pub(super) const fn take(&mut self, steps: u64) -> Result<(), Spent> {
        match self.left.checked_sub(steps) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                self.left = 0;
                Err(Spent)
            }
        }
    }
}

/// The patterns that a page makes use of. Each is compiled when it is first needed, which takes longer
/// than most searches with it. Whether another page has done so already must not show: so a page pays for
/// all of its patterns, in bytes of what they are written in.
#[derive(Debug, Clone)]
pub(super) struct Patterns {
    seen: HashSet<usize>,
    left: usize,
}

impl Patterns {
    pub(super) fn new(bytes: usize) -> Patterns {
        Patterns { seen: HashSet::new(), left: bytes }
    }

    /// Notes that the pattern of this number is needed.
    pub(super) fn first(&mut self, number: usize, bytes: usize) -> Result<(), Spent> {
        if self.seen.insert(number) {
            self.left = self.left.checked_sub(bytes).ok_or(Spent)?;
        }
        Ok(())
    }

    pub(super) const fn left(&self) -> usize {
        self.left
    }
}
