//! What the house promises, tried on small sites through the library: one binary, a module a promise.

#[path = "longhouse/addresses.rs"]
mod addresses;
#[path = "longhouse/alerts.rs"]
mod alerts;
#[path = "longhouse/apart.rs"]
mod apart;
#[path = "longhouse/architecture.rs"]
mod architecture;
#[path = "longhouse/assets.rs"]
mod assets;
#[path = "longhouse/awkward.rs"]
mod awkward;
#[path = "longhouse/checks.rs"]
mod checks;
#[path = "longhouse/code.rs"]
mod code;
#[path = "longhouse/commands.rs"]
mod commands;
#[path = "longhouse/crawl.rs"]
mod crawl;
#[path = "longhouse/decide.rs"]
mod decide;
#[path = "longhouse/determinism.rs"]
mod determinism;
#[path = "longhouse/diff.rs"]
mod diff;
#[path = "longhouse/digest.rs"]
mod digest;
#[path = "longhouse/documentation.rs"]
mod documentation;
#[path = "longhouse/doors.rs"]
mod doors;
#[path = "longhouse/edits.rs"]
mod edits;
#[path = "longhouse/elsewhere.rs"]
mod elsewhere;
#[path = "longhouse/empty.rs"]
mod empty;
#[path = "longhouse/entries.rs"]
mod entries;
#[path = "longhouse/escaping.rs"]
mod escaping;
#[path = "longhouse/example.rs"]
mod example;
#[path = "longhouse/external.rs"]
mod external;
#[path = "longhouse/facets.rs"]
mod facets;
#[path = "longhouse/feeds.rs"]
mod feeds;
#[path = "longhouse/fixing.rs"]
mod fixing;
#[path = "longhouse/fixture.rs"]
mod fixture;
#[path = "longhouse/folders.rs"]
mod folders;
#[path = "longhouse/foreign.rs"]
mod foreign;
#[path = "longhouse/forgetting.rs"]
mod forgetting;
#[path = "longhouse/git.rs"]
mod git;
#[path = "longhouse/headlines.rs"]
mod headlines;
#[path = "longhouse/help_wanted.rs"]
mod help_wanted;
#[path = "longhouse/history.rs"]
mod history;
#[path = "longhouse/ideas.rs"]
mod ideas;
#[path = "longhouse/init.rs"]
mod init;
#[path = "longhouse/insight.rs"]
mod insight;
#[path = "longhouse/limits.rs"]
mod limits;
#[path = "longhouse/links.rs"]
mod links;
#[path = "longhouse/moderation.rs"]
mod moderation;
#[path = "longhouse/moving.rs"]
mod moving;
#[path = "longhouse/names.rs"]
mod names;
#[path = "longhouse/people.rs"]
mod people;
#[path = "longhouse/pictures.rs"]
mod pictures;
#[path = "longhouse/problems.rs"]
mod problems;
#[path = "longhouse/questions.rs"]
mod questions;
#[path = "longhouse/real.rs"]
mod real;
#[path = "longhouse/receiving.rs"]
mod receiving;
#[path = "longhouse/recognition.rs"]
mod recognition;
#[path = "longhouse/reference.rs"]
mod reference;
#[path = "longhouse/reports.rs"]
mod reports;
#[path = "longhouse/repository.rs"]
mod repository;
#[path = "longhouse/roots.rs"]
mod roots;
#[path = "longhouse/safety.rs"]
mod safety;
#[path = "longhouse/scale.rs"]
mod scale;
#[path = "longhouse/search.rs"]
mod search;
#[path = "longhouse/similar.rs"]
mod similar;
#[path = "longhouse/since.rs"]
mod since;
#[path = "longhouse/state.rs"]
mod state;
#[path = "longhouse/structured.rs"]
mod structured;
#[path = "longhouse/taxonomy.rs"]
mod taxonomy;
#[path = "longhouse/theme.rs"]
mod theme;
#[path = "longhouse/torture.rs"]
mod torture;
#[path = "longhouse/verify.rs"]
mod verify;
#[path = "longhouse/views.rs"]
mod views;
#[path = "longhouse/watching.rs"]
mod watching;
#[path = "longhouse/words.rs"]
mod words;
