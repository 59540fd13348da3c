//! Pictures of the company's own that say where they were recorded. What lies in `static/` is published as it is, so
//! nobody takes that out.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Rule, Span};
use crate::site::Site;
use crate::site::reference::picture::command;

/// Looks into every picture and film of the folder `static/`.
pub fn check(site: &Site, diagnostics: &mut Vec<Diagnostic>) {
    let told = site.sources().statics.iter().filter(|(_, file)| file.private().position);
    diagnostics.extend(told.map(|(name, _)| position(&Arc::from(format!("static/{name}")))));
}

fn position(path: &Arc<str>) -> Diagnostic {
    let message = "The file contains the GPS position where it was recorded, and is published as it is.";
    Diagnostic::new(Rule::PictureMetadata, path, Span::START, message)
        .help(format!("Remove it from the file: {}.", command(path)))
}
