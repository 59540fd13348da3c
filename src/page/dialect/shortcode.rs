//! What the shortcodes of Hugo and the tags of Jekyll, GitBook and their like become.
//!
//! Long because each has its branch.

use std::borrow::Cow;

use super::container::attribute;
use super::frame::{End, Holds};
use super::tag::{self, Family, Kind, Tag};
use super::{Reader, Title};
use crate::page::jsx::escaped;
use crate::page::markdown::Alert;

/// What a tag becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Equal {
    Alert,
    Details,
    Tabs,
    Tab,
    /// A frame with a title above what stands in it.
    Titled,
    /// Nothing but what stands in it.
    Frame,
    /// Code, up to the end of it.
    Code,
    Diagram,
    /// The title of the code in it.
    CodeTitle,
    Picture,
    YouTube,
    Vimeo,
    /// An address that is shown as a card or a link.
    Embed,
    Gist,
    Reference,
    /// A link around a text.
    Button,
    Card,
    File,
    Include,
    Raw,
    Comment,
    Nothing,
}

fn equal(tag: &Tag<'_>) -> Option<Equal> {
    let is_hugo = tag.family == Family::Hugo;
    Some(match tag.name {
        "hint" | "notice" | "alert" | "callout" | "admonition" | "callouts" | "message" | "pageinfo" => {
            Equal::Alert
        }
        "details" | "expand" | "collapse" | "collapsible" | "spoiler" | "accordion" => Equal::Details,
        "tabs" | "tabpane" | "codetabs" | "tabgroup" => Equal::Tabs,
        "tab" | "codetab" | "tabitem" => Equal::Tab,
        "step" | "section" => Equal::Titled,
        "steps" | "stepper" | "cards" | "columns" | "column" | "content-ref" | "updates" | "lead" | "div"
        | "row" | "col" | "center" | "filetree/container" | "accordions" | "panel" => Equal::Frame,
        "highlight" | "codeblock" | "prism" => Equal::Code,
        "mermaid" => Equal::Diagram,
        "code" => Equal::CodeTitle,
        "figure" | "img" | "image" | "picture" | "asset_img" => Equal::Picture,
        "youtube" | "youtubeLite" => Equal::YouTube,
        "vimeo" => Equal::Vimeo,
        "embed" | "asciinema" => Equal::Embed,
        "gist" => Equal::Gist,
        "ref" | "relref" | "link" | "post_url" => Equal::Reference,
        "button" if is_hugo => Equal::Button,
        "card" | "link-card" => Equal::Card,
        "file" => Equal::File,
        "include" | "include_relative" | "include_cached" if !is_hugo => Equal::Include,
        "raw" | "verbatim" => Equal::Raw,
        "comment" => Equal::Comment,
        "toc" | "br" | "table_of_contents" => Equal::Nothing,
        name if Alert::of(name).is_some() && (is_hugo || tag.kind != Kind::Empty) => Equal::Alert,
        _ => return None,
    })
}

/// An address of the pages that show a film, and the film, which may be an address already.
pub(super) fn video(before: &str, id: &str) -> String {
    let is_id =
        id.len() <= 40 && id.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'/'));
    if is_id { format!("{before}{id}") } else { address(id) }
}

/// An address that is shown bare; nothing where it is none.
fn address(text: &str) -> String {
    let is_address = (text.starts_with("https://") || text.starts_with("http://"))
        && !text.contains(|it: char| it.is_whitespace() || matches!(it, '<' | '>'));
    if is_address { text.to_string() } else { escaped(text).into_owned() }
}

/// An address between the parentheses of a link.
pub(super) fn destination(target: &str) -> Cow<'_, str> {
    let is_plain = |it: char| !(it.is_whitespace() || matches!(it, '(' | ')' | '<' | '>' | '\\'));
    if !target.is_empty() && target.chars().all(is_plain) {
        return Cow::Borrowed(target);
    }
    Cow::Owned(format!("<{}>", target.replace(['<', '>', '\n', '\\'], "")))
}

impl<'t> Reader<'t> {
    /// Writes what a tag becomes; nothing is done with one that is to be shown as typed.
    // Long because each tag has its branch.
    pub(super) fn tag(&mut self, tag: &Tag<'t>) -> bool {
        let place = tag.range.clone();
        if tag.kind == Kind::Shown {
            let shown = format!("{{{{< {} >}}}}", tag.name);
            self.put(&escaped(&shown), place.clone());
            self.at = place.end;
            return true;
        }
        let equal = equal(tag);
        if tag.kind == Kind::Close {
            return self.end_tag(tag, equal);
        }
        let Some(equal) = equal else { return self.without_equal(tag) };
        let text = self.text;
        let is_paired = tag.kind == Kind::Open
            && self.closed.get_or_insert_with(|| tag::closed_names(text)).contains(tag.name);
        let stands_alone = matches!(
            equal,
            Equal::Picture
                | Equal::YouTube
                | Equal::Vimeo
                | Equal::Embed
                | Equal::Gist
                | Equal::Reference
                | Equal::Card
                | Equal::File
                | Equal::Include
                | Equal::Nothing
        );
        if tag.family == Family::Liquid && !is_paired && !stands_alone {
            return self.without_equal(tag);
        }
        let end = End::Tag(tag.name);
        let line = self.line_at(self.line);
        let begins = line.start == place.start;
        let columns = if begins { line.columns.saturating_sub(self.strip()) } else { 0 };
        let strip = if begins { line.columns } else { self.strip() };
        self.at = place.end;
        let title = |names: &[&str], nth: Option<usize>| {
            let said = tag.named(names).or_else(|| nth.and_then(|nth| tag.nth(nth)));
            said.map_or(Title::None, |said| Title::Said(Cow::Owned(said.to_string()), place.clone()))
        };
        match equal {
            Equal::Alert => {
                let mark = self.alert_mark(tag);
                let title = alert_title(tag, place.clone());
                self.open_quote(&mark, title, place, columns, (end, Holds::Blocks, strip));
                if !is_paired {
                    self.close();
                }
            }
            Equal::Details => {
                let is_open = matches!(tag.named(&["open", "closed"]), Some("true") if tag.named(&["closed"]).is_none())
                    || tag.named(&["closed"]) == Some("false");
                let mark = if is_open { "details]+" } else { "details]-" };
                let title = match tag.family {
                    Family::Liquid
                        if tag.values.iter().all(|(name, _)| name.is_empty()) && !tag.written.is_empty() =>
                    {
                        Title::Said(Cow::Owned(tag.written.trim_matches('"').to_string()), place.clone())
                    }
                    _ => title(&["title", "summary", "label", "name"], Some(0)),
                };
                self.open_quote(mark, title, place, columns, (end, Holds::Blocks, strip));
                if !is_paired {
                    self.close();
                }
            }
            Equal::Tabs if is_paired => {
                let items = attribute(tag.written, &["items"]).unwrap_or_default();
                self.open_quote("=tabs", Title::None, place, columns, (end, Holds::Tabs(items), strip));
            }
            Equal::Tab if is_paired => self.begin_tab(tag, columns, strip),
            Equal::Titled => {
                let said = title(&["title", "name", "label"], Some(0));
                if !matches!(said, Title::None) {
                    let titled = (End::Part, Holds::Blocks, strip);
                    self.open_quote("=titled", said, place, columns, titled);
                    self.close();
                }
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::Frame | Equal::Tabs | Equal::Tab => {
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::CodeTitle => {
                self.code_title =
                    tag.named(&["title", "file", "filename"]).map(|it| Cow::Owned(it.to_string()));
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::Code | Equal::Diagram => return self.code(tag, equal == Equal::Diagram, columns),
            Equal::Picture => {
                if let Some(text) = picture(tag) {
                    self.own(&text, tag);
                }
            }
            Equal::YouTube | Equal::Vimeo | Equal::Embed | Equal::Gist => {
                let said =
                    tag.named(&["id", "url", "src", "link"]).or_else(|| tag.nth(0)).unwrap_or_default();
                let shown = match equal {
                    Equal::YouTube => video("https://www.youtube.com/watch?v=", said),
                    Equal::Vimeo => video("https://vimeo.com/", said),
                    Equal::Gist => {
                        let id = tag.nth(1).map_or(String::new(), |id| format!("/{id}"));
                        video("https://gist.github.com/", &format!("{said}{id}"))
                    }
                    _ => address(said),
                };
                self.own(&shown, tag);
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::Reference => self.reference(tag),
            Equal::Button => {
                let target = attribute(tag.written, &["href", "link", "relref", "url", "to"]);
                match target.filter(|_| is_paired && self.frames.len() < super::FRAMES) {
                    Some(target) => {
                        self.put("[", place);
                        self.open_inline(end, Holds::Link(target));
                    }
                    None => self.card(tag),
                }
            }
            Equal::Card => {
                self.card(tag);
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::File => {
                let source = tag.named(&["src", "url"]).or_else(|| tag.nth(0)).unwrap_or_default();
                let name = source.rsplit('/').next().unwrap_or(source);
                self.own(&format!("[{}]({})", escaped(name), destination(source)), tag);
                if is_paired {
                    self.open_plain(end, Holds::Blocks, self.strip());
                }
            }
            Equal::Include => return self.include(tag),
            Equal::Raw => {
                if let Some((from, _)) = self.closing(tag) {
                    self.raw_until = from;
                }
            }
            Equal::Comment => {
                if let Some((_, after)) = self.closing(tag) {
                    self.at = after;
                }
            }
            Equal::Nothing => {}
        }
        true
    }

    fn end_tag(&mut self, tag: &Tag<'t>, equal: Option<Equal>) -> bool {
        self.at = tag.range.end;
        if let Some(depth) = self.frames.iter().rposition(|frame| frame.end == End::Tag(tag.name)) {
            self.close_to(depth);
            return true;
        }
        // What ends what is no more than its contents is nothing.
        if equal.is_none() && tag.family == Family::Liquid {
            self.at = tag.range.start;
            return false;
        }
        true
    }

    /// A shortcode that nobody knows is left out, a tag is shown.
    fn without_equal(&mut self, tag: &Tag<'t>) -> bool {
        let place = tag.range.clone();
        match tag.family {
            Family::Hugo => {
                self.left_out.shortcode(tag.name, place.clone());
                self.at = place.end;
                true
            }
            Family::Liquid => {
                self.left_out.tag(tag.name, place);
                false
            }
        }
    }

    /// Writes a block of its own, or in a sentence what it is there.
    fn own(&mut self, text: &str, tag: &Tag<'t>) {
        let place = tag.range.clone();
        let end = self.line_end(place.end);
        let is_alone = !self.is_begun && self.text[place.end..end].trim().is_empty();
        if !is_alone {
            return self.put(text, place);
        }
        self.separate(place.clone());
        self.put(text, place.clone());
        self.end_line_at(place.clone());
        self.separate(place);
    }

    /// Begins what stands within a line.
    fn open_inline(&mut self, end: End<'t>, holds: Holds<'t>) {
        let is_begun = std::mem::take(&mut self.is_begun);
        let strip = self.strip();
        let lists = self.lists.clone();
        self.open_plain(end, holds, strip);
        self.lists = lists;
        self.is_begun = is_begun;
    }

    fn begin_tab(&mut self, tag: &Tag<'t>, columns: usize, strip: usize) {
        let place = tag.range.clone();
        let said = tag.named(&["title", "header", "label", "name", "value"]).or_else(|| tag.nth(0));
        let mut label = said.map(str::to_string);
        // Where the labels are those of the frame around them, the next one is meant.
        if let Some(frame) = self.frames.last_mut()
            && let Holds::Tabs(items) = frame.holds
            && label.is_none()
        {
            let (first, rest) = items.split_once(',').unwrap_or((items, ""));
            label = Some(first.trim().to_string()).filter(|it| !it.is_empty());
            frame.holds = Holds::Tabs(rest);
        }
        let label = label.unwrap_or_else(|| "…".to_string());
        let title = Title::Said(label.into(), place.clone());
        let language = tag.named(&["lang", "language"]).map(str::to_string);
        self.open_quote("=tab", title, place.clone(), columns, (End::Tag(tag.name), Holds::Blocks, strip));
        if let Some(language) = language
            && let Some((from, _)) = self.closing(tag)
        {
            self.code_lines(&language, place.end..from, 0, strip);
            self.at = from;
        }
    }

    /// The kind of alert that a tag means, and whether it folds.
    fn alert_mark(&self, tag: &Tag<'t>) -> String {
        let typed = tag.named(&["type", "style", "kind", "color", "intent", "variant"]);
        let known = |name: &str| Alert::of(name).is_some();
        let name = typed
            .or_else(|| tag.nth(0).filter(|name| known(name) || *name == "primary"))
            .map(|name| match name {
                "primary" | "blue" => "info",
                "green" => "success",
                "orange" | "yellow" => "warning",
                "red" => "danger",
                name => name,
            })
            .filter(|name| known(name));
        let own = Some(tag.name).filter(|name| known(name) && !matches!(*name, "alert" | "notice" | "hint"));
        let name = name.or(own).unwrap_or("note");
        match tag.named(&["open", "collapse", "fold", "foldable"]) {
            Some("false") if tag.named(&["open"]).is_some() => format!("{name}]-"),
            Some("true") if tag.named(&["open"]).is_some() => format!("{name}]+"),
            _ => name.to_string(),
        }
    }

    fn reference(&mut self, tag: &Tag<'t>) {
        let place = tag.range.clone();
        let said = tag.named(&["path"]).or_else(|| tag.nth(0)).unwrap_or_default();
        let target = match tag.name {
            "post_url" => format!("{}.md", said.trim_end_matches(".md")),
            // A path from the content folder.
            _ if said.contains('/') && !said.starts_with(['/', '.', '#']) => format!("/{said}"),
            _ => said.to_string(),
        };
        let before = &self.out.text;
        let target = target.replace(['(', ')', '<', '>', '\n', '"'], "").replace(' ', "%20");
        if before.ends_with("](") || before.ends_with("](<") || before.ends_with("=\"") {
            return self.put(&target, place);
        }
        self.put(&format!("[{}]({})", escaped(said), destination(&target)), place);
    }

    fn card(&mut self, tag: &Tag<'t>) {
        let target = tag.named(&["link", "href", "url", "to", "relref"]);
        let said = tag.named(&["title", "text", "name", "label"]).or(target);
        let Some(said) = said else { return };
        let mut text = match target {
            Some(target) => format!("[{}]({})", escaped(said), destination(target)),
            None => format!("**{}**", escaped(said)),
        };
        if let Some(below) = tag.named(&["subtitle", "description"]) {
            text.push_str(&format!(": {}", escaped(below)));
        }
        self.own(&text, tag);
    }

    /// Only what stands for a picture or a film is known of what is included.
    fn include(&mut self, tag: &Tag<'t>) -> bool {
        let file = tag.nth(0).unwrap_or_default();
        let name = file
            .rsplit('/')
            .next()
            .unwrap_or(file)
            .split('.')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let text = match &*name {
            "figure" | "image" | "img" | "picture" | "responsive-image" => picture(tag),
            "youtube" | "youtubeplayer" | "video" => tag
                .named(&["id", "video", "url"])
                .filter(|_| tag.named(&["provider"]).is_none_or(|it| it == "youtube"))
                .map(|id| video("https://www.youtube.com/watch?v=", id)),
            "vimeo" => tag.named(&["id", "video", "url"]).map(|id| video("https://vimeo.com/", id)),
            "toc" => Some(String::new()),
            name => match Alert::of(name) {
                Some(_) if tag.named(&["content", "text"]).is_some() => {
                    let mark = name.to_string();
                    let content = tag.named(&["content", "text"]).unwrap_or_default().to_string();
                    let title = alert_title(tag, tag.range.clone());
                    let strip = self.strip();
                    self.open_quote(&mark, title, tag.range.clone(), 0, (End::Part, Holds::Blocks, strip));
                    self.put(&content.replace('\n', " "), tag.range.clone());
                    self.close();
                    return true;
                }
                _ => None,
            },
        };
        match text {
            Some(text) => {
                self.own(&text, tag);
                true
            }
            None => {
                self.at = tag.range.start;
                self.without_equal(tag)
            }
        }
    }

    /// Where the closing of a tag begins and ends.
    fn closing(&mut self, tag: &Tag<'t>) -> Option<(usize, usize)> {
        let (sign, open, close) = match tag.family {
            Family::Hugo => (format!("/{}", tag.name), "{{", "}}"),
            Family::Liquid => (format!("end{}", tag.name), "{%", "%}"),
        };
        let mut from = tag.range.end;
        for _ in 0..32 {
            let at = from + self.ahead(from, sign.as_bytes())?;
            let before = &self.text[tag.range.end..at];
            let start = before.trim_end_matches([' ', '<', '%', '-']).len();
            let lead = &before[start.saturating_sub(2)..];
            if let Some(back) = lead.find(open) {
                let start = tag.range.end + start.saturating_sub(2) + back;
                let length = self.text[at..].find(close)?;
                return Some((start, at + length + close.len()));
            }
            from = at + sign.len();
        }
        None
    }

    /// Code between two tags.
    fn code(&mut self, tag: &Tag<'t>, is_diagram: bool, columns: usize) -> bool {
        let Some((from, after)) = self.closing(tag) else { return true };
        let info = if is_diagram { "mermaid".to_string() } else { code_info(tag) };
        let strip = self.line_at(self.line).columns;
        self.code_lines(&info, tag.range.end..from, columns, strip);
        self.at = after;
        true
    }

    fn code_lines(&mut self, info: &str, range: std::ops::Range<usize>, columns: usize, strip: usize) {
        self.end_line_at(range.start..range.start);
        self.separate(range.start..range.start);
        let code = &self.text[range.clone()];
        let longest = code.split(|it| it != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat((longest + 1).max(3));
        let indent = format!("{}{}", self.prefix, " ".repeat(columns.min(super::INDENTATION)));
        self.out.put(&format!("{indent}{fence}{info}\n"), range.start..range.start);
        let lead = code.len()
            - code.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').map_or(code.len(), str::len);
        let mut at = range.start + lead;
        for line in code[lead..].trim_end().split_inclusive('\n') {
            let spaces = line.bytes().take(strip).take_while(|it| *it == b' ').count();
            self.out.put(&indent, at..at);
            self.out.copy(self.text, at + spaces..at + line.trim_end_matches('\n').len().max(spaces));
            self.out.put("\n", at + line.len()..at + line.len());
            at += line.len();
        }
        self.out.put(&format!("{indent}{fence}\n"), range.end..range.end);
        self.after_blank = false;
        self.separate(range.end..range.end);
    }
}

/// What stands behind a fence for a shortcode of code: its language, and what is said of its lines.
fn code_info(tag: &Tag<'_>) -> String {
    let named = tag.named(&["lang", "language"]);
    let word = named.or_else(|| tag.nth(0)).unwrap_or_default().trim_start_matches("lang:");
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_' | '+' | '#' | '.');
    let mut info: String = word.chars().filter(|it| is_plain(*it)).take(40).collect();
    // The first value without a name was the language.
    let mut unnamed = usize::from(named.is_none());
    for (name, value) in &tag.values {
        let is_language = matches!(*name, "lang" | "language") || (name.is_empty() && unnamed > 0);
        if is_language {
            unnamed = if name.is_empty() { 0 } else { unnamed };
        } else if !value.contains(['`', '"', '{', '}', '\n', '~']) {
            match *name {
                "" => info.push_str(&format!(" {value}")),
                name => info.push_str(&format!(" {name}=\"{value}\"")),
            }
        }
    }
    info
}

fn alert_title(tag: &Tag<'_>, place: std::ops::Range<usize>) -> Title<'static> {
    let is_kind = |text: &&str| Alert::of(text).is_some() || *text == "primary";
    let second =
        tag.nth(0).filter(is_kind).and_then(|_| tag.nth(1)).filter(|it| it.contains(char::is_alphabetic));
    match tag.named(&["title", "heading", "header"]).or(second.filter(|it| !matches!(*it, "true" | "false")))
    {
        Some(said) => Title::Said(Cow::Owned(said.to_string()), place),
        None if tag.values.iter().any(|(name, value)| *name == "title" && value.trim().is_empty()) => {
            Title::Untitled
        }
        None => Title::None,
    }
}

/// A picture with its caption, as markdown.
fn picture(tag: &Tag<'_>) -> Option<String> {
    let is_file = |text: &&str| text.contains(['.', '/']);
    let source = tag
        .named(&["src", "url", "image_path", "image", "path", "file", "name"])
        .or_else(|| (0..4).find_map(|at| tag.nth(at).filter(is_file).filter(|it| !it.ends_with(".html"))))?;
    let caption = tag.named(&["caption", "title", "attr"]);
    let alt = tag.named(&["alt", "description"]).or(caption).unwrap_or_default();
    let mut text = format!("![{}]({}", escaped(alt), destination(source));
    if let Some(caption) = caption {
        text.push_str(&format!(
            " \"{}\"",
            caption.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
        ));
    }
    text.push(')');
    let size = |name: &str| tag.named(&[name]).and_then(|it| it.trim_end_matches("px").parse::<u32>().ok());
    let sizes = ["width", "height"].into_iter().filter_map(|name| Some(format!("{name}={}", size(name)?)));
    let sizes: Vec<String> = sizes.collect();
    let is_share = tag.named(&["width"]).filter(|it| it.ends_with('%') && it.len() <= 4);
    match (is_share, sizes.is_empty()) {
        (Some(share), _) => text.push_str(&format!("{{width={share}}}")),
        (None, false) => text.push_str(&format!("{{{}}}", sizes.join(" "))),
        (None, true) => {}
    }
    Some(match tag.named(&["link", "href"]) {
        Some(link) => format!("[{text}]({})", destination(link)),
        None => text,
    })
}
