//! Boxes and arrows, as flowcharts and state diagrams have them.

use std::collections::BTreeMap;

/// More is no diagram that one reads.
const NODES: usize = 150;
const EDGES: usize = 300;
const GROUPS: usize = 40;

/// The outline of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Box,
    Round,
    Pill,
    Circle,
    Diamond,
    Hexagon,
    Slanted,
    Cylinder,
    Flag,
    /// Where a state diagram begins, and where it ends.
    Start,
    End,
    /// Where it parts and joins.
    Bar,
    /// A title, and lines below it.
    Table,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub label: String,
    pub shape: Shape,
    /// The group that it stands in.
    pub group: Option<usize>,
}

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tip {
    None,
    Arrow,
    Circle,
    Cross,
    /// A triangle, and a lozenge: empty, or full.
    Hollow,
    Diamond,
    Solid,
}

#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub label: String,
    pub class: &'static str,
    pub begin: Tip,
    pub end: Tip,
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub label: String,
    pub parent: Option<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    pub groups: Vec<Group>,
    names: BTreeMap<String, usize>,
    /// Whether it goes from left to right rather than down, and whether backwards.
    pub is_sideways: bool,
    pub is_backward: bool,
    /// What a reader hears that sees no drawing.
    pub title: String,
}

impl Graph {
    /// One without boxes, of this title.
    pub(super) fn titled(title: &str) -> Graph {
        Graph { title: title.to_owned(), ..Graph::default() }
    }

    pub(super) fn direct(&mut self, word: &str) {
        (self.is_sideways, self.is_backward) = match word {
            "LR" => (true, false),
            "RL" => (true, true),
            "BT" => (false, true),
            _ => (false, false),
        };
    }

    /// The node of a name, new if it was not named yet.
    pub(super) fn node(&mut self, name: &str, group: Option<usize>) -> Result<usize, String> {
        if let Some(node) = self.names.get(name) {
            // A box belongs to the first group that names it.
            self.nodes[*node].group = self.nodes[*node].group.or(group);
            return Ok(*node);
        }
        if self.nodes.len() >= NODES {
            return Err(format!("it has more than {NODES} boxes"));
        }
        self.nodes.push(Node { label: name.to_owned(), shape: Shape::Box, group });
        self.names.insert(name.to_owned(), self.nodes.len() - 1);
        Ok(self.nodes.len() - 1)
    }

    pub(super) fn edge(&mut self, edge: Edge) -> Result<(), String> {
        if self.edges.len() >= EDGES {
            return Err(format!("it has more than {EDGES} arrows"));
        }
        self.edges.push(edge);
        Ok(())
    }

    pub(super) fn group(&mut self, label: String, parent: Option<usize>) -> Result<usize, String> {
        if self.groups.len() >= GROUPS {
            return Err(format!("it has more than {GROUPS} groups"));
        }
        self.groups.push(Group { label, parent });
        Ok(self.groups.len() - 1)
    }
}
