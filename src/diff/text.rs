//! The words of a text, and paths without what is derived in them.

use crate::site::url;

/// The words of a text, each with whether a space follows. Scripts that put no spaces between words have a word for
/// each letter.
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let is_alone = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}');
    let mut rest = text.trim_start();
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = match is_alone(first) {
            true => first.len_utf8(),
            false => rest.find(|c: char| c.is_whitespace() || is_alone(c)).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        rest = after.trim_start();
        Some((word, rest.len() < after.len()))
    })
}

/// `/assets/site.css` for `/assets/site.5b99e6308dce.css`, and the same for the files of the search index.
pub(super) fn unhashed(path: &str) -> String {
    let is_hash = |part: &str, len: usize| {
        part.len() == len && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let Some(inside) = path.strip_prefix(&format!("/{}/", url::ASSETS)) else { return path.to_owned() };
    let (folder, file) = inside.rsplit_once('/').unwrap_or(("", inside));
    let folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty() && !is_hash(part, 16)).collect();
    let file: Vec<&str> = file
        .split('.')
        .enumerate()
        .filter(|(n, part)| *n == 0 || !is_hash(part, 12))
        .map(|(_, part)| part)
        .collect();
    let mut whole: Vec<String> = vec![String::new(), url::ASSETS.to_owned()];
    whole.extend(folder.into_iter().map(str::to_owned));
    whole.push(file.join("."));
    whole.join("/")
}
