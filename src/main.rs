//! The command line of Longhouse.

fn main() {}
