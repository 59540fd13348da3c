//! The badge: a small picture for somebody's own page elsewhere, which says the community and one fact. It needs no font
//! of its own and no script, reads on light and dark alike, and is the same bytes for the same facts.

use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

use super::feed::xml;
use super::people::BadgeView;
use super::{Lists, generated};
use crate::site::reader::Reader;
use crate::site::url;
use crate::words::Word;
use crate::words::direction::is_right_to_left;

/// How high it is in pixels.
const HEIGHT: usize = 28;

/// On each side of a text.
const PADDING: usize = 10;

/// At most so many characters of each text are shown; the whole is in the description.
const SHOWN: usize = 40;

/// What a badge says.
struct Badge {
    name: String,
    community: String,
    fact: String,
}

impl Badge {
    fn new(site: &Reader<'_>, lists: &Lists, handle: &str) -> Badge {
        let words = site.words();
        let facts = lists.recognition(site, handle).map(|it| &it.facts);
        let fact = match facts {
            Some(facts) if facts.helped > 0 => words.count(Word::CountHelped, facts.helped),
            Some(facts) if facts.answers > 0 => words.count(Word::CountAnswers, facts.answers),
            // Answers to what they asked themselves are none for others.
            _ => site
                .person(handle)
                .map_or_else(String::new, |person| generated::gave_besides_answers(site, &person.gave)),
        };
        // Whoever only asked what was merged, or responded for the company, has nothing that is counted.
        let name = site.person_name(handle).to_string();
        let fact = if fact.is_empty() { name.clone() } else { fact };
        Badge { name, community: site.config().title.clone(), fact }
    }

    fn alt(&self, site: &Reader<'_>) -> String {
        let Badge { name, community, fact } = self;
        site.words().fill(Word::AboutPerson, &[("name", name), ("site", community), ("gave", fact)])
    }

    /// The widths of the two halves.
    fn widths(&self) -> [usize; 2] {
        [&self.community, &self.fact].map(|text| width(&shown(text)) + 2 * PADDING)
    }
}

/// How a badge is shown and taken along.
#[must_use]
pub fn view(site: &Reader<'_>, lists: &Lists, handle: &str) -> BadgeView {
    let badge = Badge::new(site, lists, handle);
    let alt = badge.alt(site);
    let width = badge.widths().iter().sum();
    let page = site.urls().absolute(&url::person(handle));
    let picture = site.urls().absolute(&url::badge(handle));
    // Without a `base_url` nobody knows where the site will stand.
    let is_placed = site.config().base_url.is_some();
    let html = || {
        format!(
            "<a href=\"{}\"><img src=\"{}\" alt=\"{}\" width=\"{width}\" height=\"{HEIGHT}\"></a>",
            xml(&page),
            xml(&picture),
            xml(&alt)
        )
    };
    let markdown = || format!("[![{}]({picture})]({page})", escaped(&alt));
    BadgeView {
        url: site.urls().href(&url::badge(handle)),
        width,
        height: HEIGHT,
        html: is_placed.then(html),
        markdown: is_placed.then(markdown),
        alt,
    }
}

/// The badge as SVG.
#[must_use]
pub fn svg(site: &Reader<'_>, lists: &Lists, handle: &str) -> String {
    let badge = Badge::new(site, lists, handle);
    let [first, second] = badge.widths();
    let whole = first + second;
    let language = &site.config().language;
    let right_to_left = is_right_to_left(language);
    // The community stands where reading begins.
    let (at_first, at_second) = if right_to_left { (second, 0) } else { (0, first) };
    let half = if right_to_left {
        format!("M{second} 1H6a5 5 0 0 0-5 5v16a5 5 0 0 0 5 5h{}z", second - 6)
    } else {
        format!("M{first} 1h{}a5 5 0 0 1 5 5v16a5 5 0 0 1-5 5H{first}z", second - 6)
    };
    let dir = if right_to_left { "rtl" } else { "ltr" };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {whole} {HEIGHT}\" role=\"img\" aria-labelledby=\"t d\" xml:lang=\"{}\" direction=\"{dir}\">\n\
         <title id=\"t\">{}</title>\n<desc id=\"d\">{}</desc>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"27\" rx=\"5.5\" fill=\"#2b2b2b\" stroke=\"#8a8a8a\"/>\n\
         <path d=\"{half}\" fill=\"#f6f6f6\"/>\n\
         <g font-family=\"system-ui, sans-serif\" font-size=\"12\" text-anchor=\"middle\">\n",
        xml(language),
        xml(&format!("{} · {}", badge.name, badge.community)),
        xml(&badge.alt(site)),
        whole - 1,
    );
    for (text, at, width, colour) in
        [(&badge.community, at_first, first, "#fff"), (&badge.fact, at_second, second, "#1a1a1a")]
    {
        // The length is given, so that no font of a reader's makes it too long.
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"18\" fill=\"{colour}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            at + width / 2,
            width - 2 * PADDING,
            xml(&shown(text)),
        );
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// As much of a text as is shown.
fn shown(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_string();
    }
    let cut: String = text.chars().take(SHOWN - 1).collect();
    format!("{}…", cut.trim_end())
}

/// About how wide a text is in pixels at the size of the badge, in any usual font.
fn width(text: &str) -> usize {
    let tenths: usize = text.chars().map(tenths).sum();
    tenths.div_ceil(10).max(1)
}

fn tenths(character: char) -> usize {
    match character {
        it if is_combining_mark(it) => 0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '!' | '|' | '\'' => 32,
        ' ' | 'f' | 'r' | 't' | '(' | ')' | '-' | '·' => 42,
        'm' | 'w' | 'M' | 'W' | '@' | '…' => 102,
        'A'..='Z' => 80,
        '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{1F300}'..='\u{1FAFF}' => 120,
        _ => 66,
    }
}

/// A text between the brackets of a picture in markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '[' | ']' | '*' | '_' | '`' | '<' | '&') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_cut_and_a_wide_one_is_wide() {
        assert_eq!(shown(&"a".repeat(40)).chars().count(), 40);
        assert_eq!(shown(&"a".repeat(41)).chars().count(), 40);
        assert_eq!(width("林秋雨"), 36);
        assert!(width("ill") < width("www"));
    }

    #[test]
    fn nobodys_name_ends_a_picture_in_markdown() {
        assert_eq!(escaped("a](x) <b>"), "a\\](x) \\<b>");
    }
}
