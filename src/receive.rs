//! What people send in without a fork: an issue, a mail, a form or a file becomes a file of the content.
//!
//! Whatever is sent is a stranger's text. Nothing of it says where it is written, who wrote it or what counts: the names
//! are made here, and of its fields only those stay that the table of fields allows ([`Field::is_sendable`]).
//!
//! [`Field::is_sendable`]: crate::page::front_matter::Field::is_sendable

pub mod form;
