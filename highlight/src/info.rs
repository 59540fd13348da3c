//! What stands after the fence of a block of code, in the ways that people bring from elsewhere:
//! `js {1,3}`, `js title="x"`, `{.js .numberLines}`, `{r, echo=FALSE}`, `language-js`, `rust,ignore`,
//! `js:file.js`, `src/main.rs`, `shell script`.

use super::names;

/// The language that an info string names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language<'i> {
    /// Its name in lower case, as far as it can be part of a class: letters, digits and `+#-_.`.
    pub name: String,
    /// The piece of the info string that says so.
    pub written: &'i str,
    /// Whether it stands between braces, where other programs have directives of their own.
    pub is_directive: bool,
}

/// A name is not longer.
const LONGEST_NAME: usize = 32;

/// The language that an info string names, if it names one.
#[must_use]
pub fn language(info: &str) -> Option<Language<'_>> {
    let info = info.trim();
    if let Some(inner) = info.strip_prefix('{') {
        let inner = inner.split_once('}').map_or(inner, |(inner, _)| inner);
        let mut words = inner.split([' ', ',', '\t']).filter(|word| !word.is_empty());
        let class = words.clone().find_map(|word| word.strip_prefix('.'));
        let is_directive = class.is_none();
        // `{lines="1"}` and `{=html}` name no language.
        let written = class.or_else(|| words.next()).filter(|word| !word.contains(['=', '"', '#']))?;
        return Some(Language { name: folded(written)?, written, is_directive });
    }
    let written = info.split(ends_name).next()?.trim_start_matches('.');
    let name = folded(written)?;
    let found = |name: String| Some(Language { name, written, is_directive: false });
    // The name of a file says by its end what is in it, a media type (`text/x-python`) too.
    let file = info.split([' ', '\t', ',', '{', ':']).next().unwrap_or_default();
    if file.contains('/')
        && let Some(name) = of_file(file)
    {
        return Some(Language { name, written: file, is_directive: false });
    }
    if names::is_known(&name) {
        return found(name);
    }
    for prefix in ["language-", "lang-"] {
        if let Some(rest) = name.strip_prefix(prefix).filter(|rest| !rest.is_empty()) {
            return found(rest.to_string());
        }
    }
    if name.starts_with("diff-") {
        return found("diff".into());
    }
    // Two words that are one name: `visual basic`, `objective c`.
    let mut words = info.split_whitespace();
    if let (Some(_), Some(second)) = (words.next(), words.next())
        && let Some(name) = folded(second).map(|second| format!("{name}-{second}"))
        && names::is_known(&name)
    {
        return found(name);
    }
    if file.contains('.')
        && let Some(name) = of_file(file)
    {
        return Some(Language { name, written: file, is_directive: false });
    }
    // A number alone is that of a line.
    if name.bytes().all(|b| b.is_ascii_digit()) { None } else { found(name) }
}

/// The language of a file of this name, if its name or its extension says so.
fn of_file(path: &str) -> Option<String> {
    let last = path.rsplit('/').next()?;
    let last = last.strip_prefix("x-").unwrap_or(last);
    let ends = [Some(last), last.rsplit_once('.').map(|(_, extension)| extension)];
    ends.into_iter().flatten().filter_map(folded).find(|name| names::is_known(name))
}

fn ends_name(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '{' | ':' | '[' | '(' | '=' | '"' | ';' | '|' | '?' | '/' | '!')
}

fn folded(word: &str) -> Option<String> {
    let name: String = word
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '+' | '#' | '-' | '_' | '.'))
        .take(LONGEST_NAME)
        .flat_map(char::to_lowercase)
        .collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_named_in_many_ways() {
        for (info, expected) in [
            ("js", "js"),
            ("JS", "js"),
            ("js {1,3}", "js"),
            ("js{1,3}", "js"),
            ("js title=\"x\"", "js"),
            ("{.js .numberLines}", "js"),
            ("{#id .haskell startFrom=\"1\"}", "haskell"),
            ("{python}", "python"),
            ("{r, echo=FALSE}", "r"),
            ("language-js", "js"),
            ("lang-ts", "ts"),
            ("js:file.js", "js"),
            ("js,ignore", "js"),
            ("rust,no_run", "rust"),
            ("python=", "python"),
            ("ts [nuxt.config.ts]", "ts"),
            ("c++", "c++"),
            ("C#", "c#"),
            ("objective-c", "objective-c"),
            ("Objective C", "objective-c"),
            ("shell script", "shell"),
            ("Visual Basic", "visual-basic"),
            ("src/main.rs", "rs"),
            ("12:20:src/main.rs", ""),
            ("text/x-python", "python"),
            ("application/json", "json"),
            ("Dockerfile.dev", "dockerfile.dev"),
            ("diff-js", "diff"),
            ("{=html}", ""),
            ("", ""),
            ("{}", ""),
            ("wobble", "wobble"),
        ] {
            let name = language(info).map(|it| it.name).unwrap_or_default();
            assert_eq!(name, expected, "{info}");
        }
    }
}
