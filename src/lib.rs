//! Longhouse turns a git repository of questions, answers, customer stories and how-tos into a static
//! site that is searched in plain words.
//!
//! A build is a pure function from a map of files to a map of files; everything else reads the first
//! map or writes the second:
//!
//! 1. [`source::load`] reads every input: content, configuration, data, theme, what git knows.
//! 2. [`page::parse`] understands each file by itself, in parallel. It never fails.
//! 3. [`site::link()`] puts all pages together: answers, people, tags, addresses, links.
//! 4. [`check()`] says what is wrong, at the level that the configuration gives it.
//! 5. [`view::plan`] says which pages there are; each [`view::View`] is a template's whole input.
//! 6. [`theme::Theme`] renders views, and [`search::index`] makes the search index, at the same time.
//! 7. An [`output::Sink`] takes the files: a folder that is published at once, or memory.
//!
//! A [`workspace::Workspace`] does the same after every save: [`source::reload`] reads what was touched, linking takes
//! over what did not change, and [`incremental::PageCache`] hands out only what became another file.
//!
//! Trouble with content is a [`diagnostic::Diagnostic`], collected and shown with its place. Trouble with
//! the world is an error.

pub mod check;
pub mod checkout;
pub mod cli;
pub mod code_fence;
pub mod config;
pub mod data;
pub mod diagnostic;
pub mod diff;
pub mod digest;
pub mod edit;
pub mod external;
pub mod feeds;
pub mod fetch;
pub mod file_type;
pub mod fix;
pub mod forget;
pub mod hosting;
pub mod http;
pub mod incremental;
pub mod insight;
pub mod media;
pub mod output;
pub mod page;
pub mod pipeline;
pub mod receive;
pub mod rename;
pub mod review;
pub mod root;
pub mod schema;
pub mod search;
pub mod server;
pub mod similar;
pub mod single_file;
pub mod site;
pub mod source;
pub mod state;
pub mod theme;
pub mod verify;
pub mod view;
pub mod watch;
pub mod words;
pub mod workspace;
pub mod yaml;

pub use pipeline::{BuildError, Built, Event, Step, build, check, link, understand, understand_beside};
