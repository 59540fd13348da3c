//! The script of the preview in every page, put in when it is served. The site itself knows nothing of it.

use memchr::memmem;

/// A page with the script in its head, before any other script: it looks at the page as it was sent, before
/// others change it. `base` is the path of the site in an address, `state` says which version of the page it is, and
/// `is_missing` that it stands for one that is not there.
pub(super) fn with_script(page: &[u8], base: &str, state: &str, is_missing: bool) -> Vec<u8> {
    let missing = if is_missing { " data-missing" } else { "" };
    let source = format!("{base}_longhouse/live.js");
    let script =
        format!("<script src=\"{source}\" type=\"module\" data-state=\"{state}\"{missing}></script>\n");
    let at = place(page);
    let mut whole = Vec::with_capacity(page.len() + script.len());
    whole.extend_from_slice(&page[..at]);
    whole.extend_from_slice(script.as_bytes());
    whole.extend_from_slice(&page[at..]);
    whole
}

/// Before the first script in the head, else at its end, else at the end of the page.
fn place(page: &[u8]) -> usize {
    let find = |within: &[u8], what: &[u8]| memmem::find(within, what);
    let head = find(page, b"</head>").or_else(|| find(page, b"</HEAD>"));
    match head {
        Some(end) => find(&page[..end], b"<script").unwrap_or(end),
        None => find(page, b"</body>").unwrap_or(page.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injected(page: &str) -> String {
        String::from_utf8(with_script(page.as_bytes(), "/docs/", "0a", false)).expect("text")
    }

    const SCRIPT: &str =
        "<script src=\"/docs/_longhouse/live.js\" type=\"module\" data-state=\"0a\"></script>\n";

    #[test]
    fn the_script_stands_in_the_head_before_all_others() {
        let page = "<html><head><meta charset=utf-8><script src=a.js></script></head><body></body></html>";
        let expected = page.replace("<script src=a", &format!("{SCRIPT}<script src=a"));
        assert_eq!(injected(page), expected);
        let page = "<html><head><title>x</title></head><body><script src=a.js></script></body></html>";
        assert_eq!(injected(page), page.replace("</head>", &format!("{SCRIPT}</head>")));
    }

    #[test]
    fn a_page_that_leaves_its_tags_out_has_it_too() {
        assert_eq!(injected("<p>bare</body>"), format!("<p>bare{SCRIPT}</body>"));
        assert_eq!(injected("<p>bare"), format!("<p>bare{SCRIPT}"));
        assert_eq!(injected(""), SCRIPT);
    }
}
