//! What the house promises, tried on small sites through the library: one binary, a module a promise.

#[path = "longhouse/addresses.rs"]
mod addresses;
#[path = "longhouse/assets.rs"]
mod assets;
#[path = "longhouse/crawl.rs"]
mod crawl;
#[path = "longhouse/determinism.rs"]
mod determinism;
#[path = "longhouse/feeds.rs"]
mod feeds;
#[path = "longhouse/fixture.rs"]
mod fixture;
#[path = "longhouse/links.rs"]
mod links;
#[path = "longhouse/real.rs"]
mod real;
#[path = "longhouse/safety.rs"]
mod safety;
#[path = "longhouse/search.rs"]
mod search;
#[path = "longhouse/theme.rs"]
mod theme;
