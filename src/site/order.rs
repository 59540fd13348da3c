//! In which orders the list of a kind is shown besides the usual one, which is newest first.

use crate::page::kind::Kind;

/// A list in another order than newest first has at most this many pages.
const PAGES: usize = 10;

/// An order of a list that has an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// What helped most people first: by confirmations and votes, of an idea by how many want it.
    Helpful,
    /// What changed last first, replies included.
    Active,
}

impl Order {
    /// All of them, in the order in which lists offer them.
    pub const ALL: [Order; 2] = [Order::Helpful, Order::Active];

    /// Its part of an address.
    #[must_use]
    pub const fn part(self) -> &'static str {
        match self {
            Order::Helpful => "helpful",
            Order::Active => "active",
        }
    }

    /// Whether lists of a kind are offered in it. Of other kinds nobody says whether they helped.
    #[must_use]
    pub const fn is_of(self, kind: Kind) -> bool {
        matches!(kind, Kind::Question | Kind::HowTo | Kind::Idea)
    }

    /// How many entries a list in it shows, of so many: at most ten pages, as nobody looks further for what helped most,
    /// and the whole list is one link away.
    #[must_use]
    pub fn shown(count: usize, page_size: usize) -> usize {
        count.min(PAGES * page_size)
    }

    /// Whether one is called so in an address below the list of a kind.
    #[must_use]
    pub fn is_part(kind: Kind, part: &str) -> bool {
        Order::ALL.iter().any(|order| order.is_of(kind) && order.part() == part)
    }
}
