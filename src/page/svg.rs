//! SVG files that stand beside content, reduced to shapes, text, gradients and filters.
//!
//! An SVG that is opened by its own address is a page of the site's origin, with everything a page
//! can do. So this keeps a list and drops the rest: scripts, foreign content, event handlers,
//! addresses of other files, entities, style sheets that load something. What cannot be read without
//! doubt is refused. The same bytes always give the same bytes.

use std::borrow::Cow;

use super::xml;
use cost::Drawing;
use lists::{ATTRIBUTES, ELEMENTS};

mod cost;
mod lists;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// The longer side of a drawing in a page is at most this, in CSS pixels.
const LONGEST_SIDE: f64 = 10_000.0;

/// How deep elements may stand in each other.
const DEPTH: usize = 128;

/// The safe part of an SVG file. `Err` says in plain words why there is none.
pub fn sanitize_svg(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if bytes.len() > LARGEST {
        return Err(format!("it is larger than {} MB", LARGEST / 1024 / 1024));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut writer = Writer::default();
    xml::read(text, &mut |piece| writer.piece(piece))?;
    writer.finish()
}

/// Width and height in pixels, from the root's attributes or its view box.
#[must_use]
pub fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut size = None;
    // Reading stops with the first element, whatever it is.
    let _ = xml::read(text, &mut |piece| match piece {
        xml::Piece::Open { name: "svg", attributes, .. } => {
            size = root_size(attributes);
            Err(String::new())
        }
        xml::Piece::Open { .. } => Err(String::new()),
        _ => Ok(()),
    });
    size
}

fn root_size(attributes: &[(&str, String)]) -> Option<(u32, u32)> {
    let value =
        |wanted: &str| attributes.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str());
    let pixels = |value: &str| value.trim().trim_end_matches("px").parse::<f64>().ok();
    // A drawing has no pixels, so one of huge numbers is the same drawing in smaller ones.
    let whole = |width: f64, height: f64| {
        let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
        let side = |side: f64| (0.5..=LONGEST_SIDE).contains(&side).then_some(side.round() as u32);
        side(width * scale).zip(side(height * scale))
    };
    let view: Vec<f64> = value("viewBox")?
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let view = (view.len() == 4).then(|| (view[2], view[3]));
    let (width, height) = (value("width").and_then(pixels), value("height").and_then(pixels));
    match (width, height, view) {
        (Some(width), Some(height), _) => whole(width, height),
        (Some(width), None, Some((w, h))) if w > 0.0 => whole(width, width * h / w),
        (None, Some(height), Some((w, h))) if h > 0.0 => whole(height * w / h, height),
        (_, _, Some((w, h))) => whole(w, h),
        _ => None,
    }
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The elements that are open and kept.
    open: Vec<&'static str>,
    /// How deep within an element that is dropped.
    dropped: usize,
    /// The text of the style sheet that is open.
    style: Option<String>,
    has_root: bool,
    /// What drawing it will cost.
    drawing: Drawing,
}

impl Writer {
    fn piece(&mut self, piece: xml::Piece<'_>) -> Result<(), String> {
        match piece {
            xml::Piece::Open { name, attributes, is_empty } => {
                if self.dropped > 0 {
                    self.dropped += usize::from(!is_empty);
                    return Ok(());
                }
                self.open(name, attributes, is_empty)
            }
            xml::Piece::Close => {
                if self.dropped > 0 {
                    self.dropped -= 1;
                } else {
                    self.close();
                }
                Ok(())
            }
            xml::Piece::Text(text) => {
                if self.dropped == 0 && !self.open.is_empty() {
                    match &mut self.style {
                        Some(style) => style.push_str(text),
                        None => {
                            self.drawing.text(text);
                            escape(text, &mut self.out);
                        }
                    }
                }
                Ok(())
            }
        }
    }

    fn open(&mut self, name: &str, attributes: &[(&str, String)], is_empty: bool) -> Result<(), String> {
        let kept = ELEMENTS.binary_search(&name).ok().map(|index| ELEMENTS[index]);
        let kept = kept.filter(|name| !is_animation(name) || animates_harmlessly(attributes));
        if !self.has_root && name != "svg" {
            return Err("its first element is not `<svg>`".into());
        }
        if self.has_root && self.open.is_empty() {
            return Err("it has more than one root".into());
        }
        if self.open.len() >= DEPTH {
            return Err(format!("its elements are nested more than {DEPTH} levels deep"));
        }
        let Some(name) = kept.filter(|_| self.style.is_none()) else {
            self.dropped = usize::from(!is_empty);
            return Ok(());
        };
        let mut kept: Vec<(&str, Cow<'_, str>)> = Vec::new();
        let mut pixels = None;
        for (attribute, value) in attributes {
            let attribute = if *attribute == "xlink:href" { "href" } else { attribute };
            if !is_kept(name, attribute, value) || kept.iter().any(|(known, _)| *known == attribute) {
                continue;
            }
            let mut value = Cow::Borrowed(value.as_str());
            if attribute == "href" && name == "image" {
                // A photograph inside of a drawing tells as much as one beside it.
                let Some((clean, size)) = clean_picture(&value) else { continue };
                pixels = size;
                value = Cow::Owned(clean);
            }
            kept.push((attribute, value));
        }
        let seen: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, &**value)).collect();
        self.drawing.open(name, &seen)?;
        if let Some(pixels) = pixels {
            self.drawing.pixels(pixels);
        }
        self.out.push('<');
        self.out.push_str(name);
        if !self.has_root {
            self.has_root = true;
            self.out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        }
        for (attribute, value) in &kept {
            self.out.push(' ');
            self.out.push_str(attribute);
            self.out.push_str("=\"");
            escape(value, &mut self.out);
            self.out.push('"');
        }
        if is_empty {
            self.out.push_str("/>");
            self.drawing.close();
            return Ok(());
        }
        self.out.push('>');
        self.open.push(name);
        if name == "style" {
            self.style = Some(String::new());
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(style) = self.style.take()
            && is_harmless_css(&style)
        {
            self.drawing.sheet(&style);
            escape(&style, &mut self.out);
        }
        if let Some(name) = self.open.pop() {
            self.drawing.close();
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    fn finish(self) -> Result<Vec<u8>, String> {
        if !self.has_root {
            return Err("there is no `<svg>` in it".into());
        }
        self.drawing.judge()?;
        Ok(self.out.into_bytes())
    }
}

fn is_animation(name: &str) -> bool {
    matches!(name, "animate" | "animateTransform" | "animateMotion")
}

/// What decides how long a drawing takes must not change afterwards.
const COSTLY: [&str; 5] = ["numOctaves", "order", "radius", "pathLength", "kernelUnitLength"];

/// An animation of an address is an address.
fn animates_harmlessly(attributes: &[(&str, String)]) -> bool {
    let target = attributes.iter().find(|(name, _)| *name == "attributeName").map(|(_, value)| value.trim());
    target.is_none_or(|target| {
        ATTRIBUTES.binary_search(&target).is_ok()
            && !COSTLY.contains(&target)
            && !matches!(target, "style" | "class" | "id" | "attributeName")
    })
}

fn is_kept(element: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "href" => match element {
            "image" => is_embedded_picture(value),
            "use" | "linearGradient" | "radialGradient" | "pattern" | "textPath" | "mpath" => {
                value.trim().strip_prefix('#').is_some_and(is_id)
            }
            _ => false,
        },
        "id" => is_id(value),
        "style" => is_harmless_css(value),
        _ => ATTRIBUTES.binary_search(&attribute).is_ok() && is_harmless_value(value),
    }
}

fn is_id(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= 200
        && !value.contains(|c: char| c.is_whitespace() || "\"'<>&()\\#".contains(c))
}

/// The beginnings of addresses that hold a picture, each with the ending of such a file.
const EMBEDDED: [(&str, &str); 5] = [
    ("data:image/png;base64,", "png"),
    ("data:image/jpeg;base64,", "jpg"),
    ("data:image/jpg;base64,", "jpg"),
    ("data:image/gif;base64,", "gif"),
    ("data:image/webp;base64,", "webp"),
];

fn is_embedded_picture(value: &str) -> bool {
    EMBEDDED
        .iter()
        .find_map(|(prefix, _)| value.trim().strip_prefix(prefix))
        .is_some_and(|data| data.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/= \n\r\t".contains(&b)))
}

/// An embedded picture without what it tells beside itself, and how large it is; nothing if it is none.
fn clean_picture(value: &str) -> Option<(String, Option<(u32, u32)>)> {
    let found = EMBEDDED
        .iter()
        .find_map(|(prefix, ending)| Some((prefix, ending, value.trim().strip_prefix(prefix)?)));
    let (prefix, ending, data) = found?;
    let (clean, size) = crate::media::clean_embedded(ending, data)?;
    Some((format!("{prefix}{clean}"), size))
}

/// Every `url(…)` names a part of the same file, and nothing hides one.
fn is_harmless_value(value: &str) -> bool {
    let value: String =
        value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
    let local = |rest: &str| rest.trim_start_matches(['"', '\'']).starts_with('#');
    !value.contains('\\')
        && !value.contains("script:")
        && !value.contains("expression(")
        && !value.contains("data:")
        && value.split("url(").skip(1).all(local)
        && !value.contains("image(")
        && !value.contains("image-set(")
        && !value.contains("src(")
}

fn is_harmless_css(css: &str) -> bool {
    // Comments could tear `url(` in two.
    is_harmless_value(css)
        && !css.contains("/*")
        && !css.contains(['@', '<'])
        && !css.to_lowercase().contains("behavior")
        && !css.to_lowercase().contains("binding")
}

/// Characters that XML forbids were refused on reading.
fn escape(text: &str, out: &mut String) {
    super::markdown::escape_attribute(text, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_one_that_a_page_can_have() {
        let size = |attributes: &str| svg_size(format!("<svg {attributes}/>").as_bytes());
        assert_eq!(size("viewBox='0 0 40000 20000'"), Some((10_000, 5_000)));
        for none in ["1 99999", "NaN 5", "inf 5", "-3 5", "0 0", "1e400 1"] {
            assert_eq!(size(&format!("viewBox='0 0 {none}'")), None, "{none}");
        }
        assert_eq!(size("viewBox='0 0 9 9' width='1e400' height='5'"), None);
    }

    fn cleaned(svg: &str) -> String {
        match sanitize_svg(svg.as_bytes()) {
            Ok(bytes) => String::from_utf8(bytes).expect("what is written is text"),
            Err(reason) => format!("refused: {reason}"),
        }
    }

    fn body(inner: &str) -> String {
        let whole = cleaned(&format!("<svg xmlns='http://www.w3.org/2000/svg'>{inner}</svg>"));
        whole
            .strip_prefix("<svg xmlns=\"http://www.w3.org/2000/svg\">")
            .and_then(|rest| rest.strip_suffix("</svg>"))
            .map_or(whole.clone(), str::to_owned)
    }

    #[test]
    fn a_drawing_stays_a_drawing() {
        let svg = "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"x\"><!-- a -->\
                   <svg viewBox='0 0 10 5' sodipodi:docname='x'><style>.a{fill:#fff}</style>\
                   <linearGradient id='g'/><path class='a' d='M0 0' fill='url(#g)'/><use xlink:href='#g'/><text>a &lt; b</text></svg>\n";
        assert_eq!(
            cleaned(svg),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 5\"><style>.a{fill:#fff}</style>\
             <linearGradient id=\"g\"/><path class=\"a\" d=\"M0 0\" fill=\"url(#g)\"/><use href=\"#g\"/><text>a &lt; b</text></svg>"
        );
        assert_eq!(svg_size(svg.as_bytes()), Some((10, 5)));
    }

    #[test]
    fn what_acts_or_loads_is_dropped() {
        for inner in [
            "<script>alert(1)</script>",
            "<foreignObject><body onload='x'/></foreignObject>",
            "<x:script xmlns:x='http://www.w3.org/2000/svg'>x</x:script>",
            "<set attributeName='href' to='javascript:x'/>",
            "<animate attributeName='xlink:href' values='javascript:x'/>",
            "<?xml-stylesheet href='http://a.example/x.css'?>",
            "<iframe src='http://a.example'/>",
            "<feImage href='http://a.example'/>",
        ] {
            assert_eq!(body(inner), "", "{inner}");
        }
        for (inner, left) in [
            ("<g onload='x' id='a'/>", "<g id=\"a\"/>"),
            ("<use href='http://a.example/#x'/>", "<use/>"),
            ("<image href='https://a.example/x.png'/>", "<image/>"),
            ("<image href='data:image/svg+xml;base64,AA'/>", "<image/>"),
            ("<image href='data:image/png;base64,AA=='/>", "<image href=\"data:image/png;base64,AA==\"/>"),
            ("<a href='javascript:x'><text>t</text></a>", "<a><text>t</text></a>"),
            ("<rect fill='url(http://a.example)' x='1'/>", "<rect x=\"1\"/>"),
            ("<rect style='fill:u\\72l(http://a.example)'/>", "<rect/>"),
            ("<rect style='fill:red'/>", "<rect style=\"fill:red\"/>"),
            ("<style>@import 'http://a.example'</style>", "<style></style>"),
            ("<style><![CDATA[a{fill:red}]]></style>", "<style>a{fill:red}</style>"),
            ("<style>a{}</style>]]&gt;&#60;script&#62;", "<style>a{}</style>]]&gt;&lt;script&gt;"),
        ] {
            assert_eq!(body(inner), left, "{inner}");
        }
    }

    #[test]
    fn texts_are_decoded_once_and_whole() {
        assert_eq!(
            body("<text>a &amp;lt; &#x41;&#66; <![CDATA[<g>&amp;]]></text>"),
            "<text>a &amp;lt; AB &lt;g&gt;&amp;amp;</text>"
        );
        assert_eq!(
            body("<rect class='&lt;&#39;&quot;&amp;amp;'/>"),
            "<rect class=\"&lt;'&quot;&amp;amp;\"/>"
        );
        assert_eq!(body("<rect x='1'\ty = \"2\" /><g\nid='a\"' />"), "<rect x=\"1\" y=\"2\"/><g/>");
        // A style sheet that is torn into pieces is looked at as a whole.
        assert_eq!(body("<style>@im<!-- -->port &#39;x&#39;</style>"), "<style></style>");
        assert_eq!(body("<style>a{fill:u&#114;l(//x)}</style>"), "<style></style>");
    }

    #[test]
    fn what_cannot_be_read_without_doubt_is_refused() {
        let bomb: String = (1..40)
            .map(|n| format!("<g id='a{n}'><use href='#a{p}'/><use href='#a{p}'/></g>", p = n - 1))
            .collect();
        for svg in [
            "",
            "<html/>",
            "<svg>",
            "<svg></g>",
            "<svg/><svg/>",
            "<svg>&x;</svg>",
            "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
            "<svg a=b/>",
            "<svg a='1' a='2'/>",
            "<svg a='<'/>",
            "<svg a='&x;'/>",
            "<svg a='&#0;'/>",
            "<svg a='&#xb;'/>",
            "<svg>&#xffff;</svg>",
            "<svg>a & b</svg>",
            "<svg a'b='1'/>",
            "<svg a='1'b='2'/>",
            "<1svg/>",
            "<svg><x<y/></svg>",
            "<svg><![CDATA[x</svg>",
            "<svg><!-- x</svg>",
            "<svg></svg></svg>",
            "</svg><svg/>",
            "<!DOCTYPE svg SYSTEM 'x' [<!ENTITY % x SYSTEM 'y'>%x;]><svg/>",
            "<!doctype svg [<!ENTITY x 'y'>]><svg>&x;</svg>",
            &format!("<svg><x>{}", "<x>".repeat(2000)),
            &format!("<svg {}/>", (0..300).map(|n| format!("a{n}='' ")).collect::<String>()),
            "<svg>a &#0; b</svg>",
            "\u{0}<svg/>",
            &format!("<svg>{bomb}<use href='#a39'/></svg>"),
            "<svg><g id='a'><use href='#a'/></g></svg>",
            &"<svg>".repeat(200),
        ] {
            assert!(cleaned(svg).starts_with("refused"), "{svg} became {}", cleaned(svg));
        }
    }
}
