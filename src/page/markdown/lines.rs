//! Lines of code that are more than code: those that an author marks, beside the fence or by a comment in the code, and
//! numbers. Comments that only mark are taken out, so that nobody copies them.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::fence::Fence;

/// A block that is longer has no lines of its own, in bytes.
const LONGEST: usize = 64 * 1024;

/// What is said of a line, as bits.
const MARKED: u8 = 1;
const INSERTED: u8 = 2;
const DELETED: u8 = 4;

/// What is said of the lines of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// For each line, from 0; empty where nothing is said of any.
    lines: Vec<u8>,
    /// Whether the block is too large for lines of its own.
    pub is_large: bool,
}

/// Beginnings of comments, the longest first.
const OPENERS: [&str; 10] = ["{/*", "<!--", "//", "/*", "--", "#", ";", "%", "'", "\""];
const CLOSERS: [&str; 4] = ["*/}", "-->", "*/", "--"];

/// Reads what marks lines, and returns the code without it.
pub(super) fn read<'c>(code: &'c str, fence: &Fence) -> (Cow<'c, str>, Marks) {
    if code.len() > LONGEST {
        return (Cow::Borrowed(code), Marks { is_large: true, ..Marks::default() });
    }
    let (code, mut lines) = by_comments(code);
    let count = code.lines().count();
    for (ranges, bit) in [(&fence.marked, MARKED), (&fence.inserted, INSERTED), (&fence.deleted, DELETED)] {
        for range in ranges {
            mark(range, bit, count, &mut lines);
        }
    }
    (code, Marks { lines, is_large: false })
}

fn mark(range: &RangeInclusive<u32>, bit: u8, count: usize, lines: &mut Vec<u8>) {
    let first = (*range.start() as usize).saturating_sub(1);
    let last = (*range.end() as usize).min(count);
    if first < last {
        lines.resize(lines.len().max(last), 0);
        lines[first..last].iter_mut().for_each(|line| *line |= bit);
    }
}

/// What a comment says of lines.
enum Said {
    Next,
    Begin,
    End,
    /// These marks, for so many lines from this one on.
    Lines(u8, usize),
}

fn by_comments(code: &str) -> (Cow<'_, str>, Vec<u8>) {
    let has_marks = ["highlight-", "[!code "]
        .iter()
        .any(|it| memchr::memmem::find(code.as_bytes(), it.as_bytes()).is_some());
    if !has_marks {
        return (Cow::Borrowed(code), Vec::new());
    }
    let mut out = String::with_capacity(code.len());
    let mut lines = Vec::new();
    // Up to which line, from 0, each mark holds.
    let (mut until, mut is_open) = ([0usize; 3], false);
    for line in code.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let here = lines.len();
        let (kept, said) = match comment(text) {
            Some((kept, said)) => (kept, Some(said)),
            None => (text, None),
        };
        match said {
            Some(Said::Begin) => is_open = true,
            Some(Said::End) => is_open = false,
            Some(Said::Next) => until[0] = until[0].max(here + 1),
            Some(Said::Lines(bits, count)) => {
                for (bit, until) in [MARKED, INSERTED, DELETED].iter().zip(&mut until) {
                    if bits & bit != 0 {
                        *until = (*until).max(here + count);
                    }
                }
            }
            None => {}
        }
        if said.is_some() && kept.trim().is_empty() {
            continue;
        }
        let bits = [MARKED, INSERTED, DELETED].iter().zip(&until).filter(|(_, until)| here < **until);
        lines.push(bits.map(|(bit, _)| bit).sum::<u8>() | u8::from(is_open));
        out.push_str(if said.is_some() { kept.trim_end() } else { kept });
        out.push('\n');
    }
    if !code.ends_with('\n') {
        out.pop();
    }
    (Cow::Owned(out), lines)
}

/// A line without the comment that marks lines, and what that says.
fn comment(line: &str) -> Option<(&str, Said)> {
    if let Some(at) = line.find("[!code ") {
        let (inside, behind) = line[at + 7..].split_once(']')?;
        let behind = behind.trim();
        if !behind.is_empty() && !CLOSERS.contains(&behind) {
            return None;
        }
        let before = line[..at].trim_end();
        let kept = OPENERS.iter().find_map(|opener| before.strip_suffix(opener))?;
        let (word, count) = inside.trim().split_once(':').unwrap_or((inside.trim(), "1"));
        let count = count.trim().parse().unwrap_or(1usize).min(LONGEST);
        let bits = match word.trim() {
            "++" => INSERTED,
            "--" => DELETED,
            "hl" | "highlight" | "focus" | "warning" | "error" => MARKED,
            "word" => 0,
            _ => return None,
        };
        return Some((kept, Said::Lines(bits, count)));
    }
    // The comment stands behind the line that it marks.
    if let Some((before, behind)) = line.rsplit_once("highlight-line") {
        if !behind.trim().is_empty() && !CLOSERS.contains(&behind.trim()) {
            return None;
        }
        let before = before.trim_end();
        let kept = OPENERS.iter().find_map(|opener| before.strip_suffix(opener))?;
        return Some((kept, Said::Lines(MARKED, 1)));
    }
    let text = line.trim();
    let inner = OPENERS.iter().find_map(|opener| text.strip_prefix(opener))?;
    let inner = CLOSERS.iter().find_map(|closer| inner.strip_suffix(closer)).unwrap_or(inner);
    let said = match inner.trim() {
        "highlight-next-line" => Said::Next,
        "highlight-start" => Said::Begin,
        "highlight-end" => Said::End,
        _ => return None,
    };
    Some(("", said))
}

/// Writes painted code, lines of which something is said as elements of their own, or all if they are numbered.
pub(super) fn write(painted: &str, marks: &Marks, numbers: Option<u32>, out: &mut String) {
    let numbers = numbers.filter(|_| !marks.is_large);
    if marks.lines.iter().all(|line| *line == 0) && numbers.is_none() {
        return out.push_str(painted);
    }
    let bits_of = |index: usize| marks.lines.get(index).copied().unwrap_or_default();
    let is_element = |index: usize| bits_of(index) != 0 || numbers.is_some();
    // A colour that goes on in the next line is closed and opened again where a line's element begins or ends.
    let mut open = "";
    for (index, line) in painted.split_inclusive('\n').enumerate() {
        let bits = bits_of(index);
        let has_element = is_element(index);
        if has_element {
            out.push_str(match (bits & DELETED, bits & INSERTED, bits & MARKED) {
                (DELETED, ..) => "<span class=\"line deleted\"",
                (_, INSERTED, _) => "<span class=\"line inserted\"",
                (_, _, MARKED) => "<span class=\"line marked\"",
                _ => "<span class=\"line\"",
            });
            // Counting begins at one; from elsewhere the number is said.
            if let Some(first) = numbers.filter(|first| *first != 1) {
                out.push_str(&format!(" data-line=\"{}\"", first as usize + index));
            }
            out.push('>');
        }
        if has_element || index.checked_sub(1).is_some_and(is_element) {
            out.push_str(open);
        }
        out.push_str(line);
        let opening = line.rfind("<span class=\"hl-");
        let closing = line.rfind("</span>");
        open = match (opening, closing) {
            (Some(opening), closing) if closing.is_none_or(|closing| closing < opening) => {
                let end = line[opening..].find('>').map_or(line.len(), |end| opening + end + 1);
                &line[opening..end]
            }
            (_, Some(_)) => "",
            _ => open,
        };
        let goes_on = !has_element && !is_element(index + 1);
        if !open.is_empty() && !goes_on {
            out.push_str("</span>");
        }
        if has_element {
            out.push_str("</span>");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::html;

    fn code(markdown: &str) -> String {
        let html = html(markdown);
        let inner = html.split("<code").nth(1).and_then(|it| it.split("</code>").next()).unwrap_or_default();
        inner
            .split_once('>')
            .map(|it| it.1)
            .unwrap_or_default()
            .replace("<span class=\"", "[")
            .replace("\">", " ")
            .replace("</span>", "]")
    }

    #[test]
    fn lines_are_marked_beside_the_fence_or_within_the_code() {
        for (markdown, expected) in [
            ("```text {2}\na\nb\nc\n```", "a\n[line marked b\n]c\n"),
            ("```text ins={1} del={2-9}\na\nb\n```", "[line inserted a\n][line deleted b\n]"),
            ("```js\n// highlight-next-line\nx\ny\n```", "[line marked x\n]y\n"),
            (
                "```py\na\n# highlight-start\nb\nc\n# highlight-end\nd\n```",
                "a\n[line marked b\n][line marked c\n]d\n",
            ),
            ("```html\n<!-- highlight-next-line -->\nx\n```", "[line marked x\n]"),
            ("```js\nx // highlight-line\ny\n```", "[line marked x\n]y\n"),
            ("```xy\nx /* highlight-line */\n```", "[line marked x\n]"),
            ("```text\na // [!code ++]\nb // [!code --]\nc\n```", "[line inserted a\n][line deleted b\n]c\n"),
            ("```text\n// [!code hl:2]\na\nb\nc\n```", "[line marked a\n][line marked b\n]c\n"),
            ("```text\na [!code x]\nb # [!code ++] c\n```", "a [!code x]\nb # [!code ++] c\n"),
            ("```text linenums=\"1\"\na\n\n```", "[line a\n][line \n]"),
            ("```text {99}\na\n```", "a\n"),
            ("```js {2}\n/* a\nb */ c\n```", "[hl-comment /* a\n][line marked [hl-comment b */] c\n]"),
            ("```js {1}\n/* a\nb */ c\n```", "[line marked [hl-comment /* a\n]][hl-comment b */] c\n"),
        ] {
            assert_eq!(code(markdown), expected, "{markdown}");
        }
        assert!(html("```text linenums=\"5\"\na\n```").contains(
            "<code class=\"language-text numbered\"><span class=\"line\" data-line=\"5\">a\n</span></code>"
        ));
        assert_eq!(
            html("```js title=\"a<b.js\"\nx\n```"),
            "<figure class=\"listing\"><figcaption>a&lt;b.js</figcaption>\n<pre tabindex=\"0\">\
             <code class=\"language-js\">x\n</code></pre>\n</figure>\n"
        );
    }
}
