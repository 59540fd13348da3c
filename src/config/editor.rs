//! `editor`: how the preview opens a file in the writer's own editor. The browser opens an address that the editor
//! has registered with the system; nothing is run from here.

use crate::diagnostic::Spanned;
use crate::yaml::walk::Walk;

/// The names of editors.
pub(crate) const NAMES: [&str; 7] = ["vscode", "vscodium", "cursor", "zed", "idea", "sublime", "textmate"];

/// What may stand in braces.
const PLACES: [&str; 3] = ["path", "line", "column"];

/// Schemes that a browser would run or show itself.
const REFUSED: [&str; 6] = ["javascript", "vbscript", "data", "blob", "about", "file"];

/// The pattern that a name stands for, or that was written.
pub(super) fn pattern(walk: &mut Walk<'_>, text: &Spanned<String>) -> Option<String> {
    if let Some(pattern) = named(&text.value) {
        return Some(pattern.to_owned());
    }
    let why = match wrong(&text.value) {
        None => return Some(text.value.clone()),
        Some(why) => why,
    };
    walk.problem(
        text.span,
        format!("`editor` cannot be `{}`: {why}.", text.value),
        format!(
            "Write the name of an editor ({}), or an address such as `vscode://file/{{path}}:{{line}}:{{column}}`.",
            NAMES.join(", ")
        ),
    );
    None
}

/// What the name of an editor stands for.
fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "vscode" => "vscode://file/{path}:{line}:{column}",
        "vscodium" => "vscodium://file/{path}:{line}:{column}",
        "cursor" => "cursor://file/{path}:{line}:{column}",
        "zed" => "zed://file/{path}:{line}:{column}",
        "idea" => "idea://open?file={path}&line={line}&column={column}",
        "sublime" => "subl://open?url=file://{path}&line={line}&column={column}",
        "textmate" => "txmt://open?url=file://{path}&line={line}&column={column}",
        _ => return None,
    })
}

/// Why a text is no pattern.
fn wrong(text: &str) -> Option<String> {
    let Some((scheme, _)) = text.split_once(':') else {
        return Some("it is neither a known editor nor an address".to_owned());
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    if !is_scheme || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some("it is not an address".to_owned());
    }
    if REFUSED.iter().any(|refused| scheme.eq_ignore_ascii_case(refused)) {
        return Some(format!("an address that starts with `{scheme}:` does not open an editor"));
    }
    let mut has_path = false;
    for rest in text.split('{').skip(1) {
        let Some((place, _)) = rest.split_once('}') else {
            return Some("a brace in it is not closed".to_owned());
        };
        if !PLACES.contains(&place) {
            return Some(format!("`{{{place}}}` is not a known placeholder"));
        }
        has_path |= place == "path";
    }
    (!has_path).then(|| "it has no placeholder `{path}` for the file".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_for_an_address() {
        for name in NAMES {
            assert_eq!(named(name).and_then(wrong), None, "{name}");
        }
    }

    #[test]
    fn what_opens_no_editor_is_refused() {
        for text in [
            "emacs://open?{path}",
            "http://localhost:63342/api/file?file={path}&line={line}",
            "x-ed.it+1:{path}",
        ] {
            assert_eq!(wrong(text), None, "{text}");
        }
        for (text, why) in [
            ("emacs", "neither"),
            ("javascript:alert('{path}')", "does not open an editor"),
            ("JavaScript:{path}", "does not open an editor"),
            ("data:text/html,{path}", "does not open an editor"),
            ("code {path}: it", "not an address"),
            ("vscode://file/{path", "not closed"),
            ("vscode://file/", "no placeholder `{path}`"),
            ("vscode://file/{path}:{row}", "`{row}` is not a known placeholder"),
        ] {
            let found = wrong(text).unwrap_or_default();
            assert!(found.contains(why), "{text}: {found}");
        }
    }
}
