//! Longhouse.

pub mod diagnostic;
