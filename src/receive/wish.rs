//! What somebody wants: read from the body of an issue or a mail, from a form or from a file. Nothing is decided here:
//! neither where a file goes nor whose it is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::form::{Becomes, FORMS, Form, FormField, HINT, Input, Sort};
use super::text::{Fences, fence, heading};
use super::{Dropped, Reason, Refusal};
use crate::config::Config;
use crate::page::front_matter::{self, Field};
use crate::page::kind::Kind;
use crate::page::template::Templates;
use crate::page::{self, Document, Lead, PagePath, slug};
use crate::words::{Words, every_language};

/// What somebody wants to have on the site, in their words.
#[derive(Debug, Default)]
pub(super) struct Wish {
    /// What it is; nothing where the place alone says it.
    pub(super) sort: Option<Sort>,
    /// The title, if there is one beside that of the message.
    pub(super) title: Option<String>,
    /// The page that it belongs to, as it was typed.
    pub(super) to: String,
    /// The folders and the stem that a file wants to have below the content folder.
    pub(super) place: Option<Place>,
    /// Fields, with their values as texts.
    pub(super) fields: BTreeMap<Field, Vec<String>>,
    /// The text.
    pub(super) text: String,
    /// Whether the text is markdown that somebody wrote as a file, and not what was typed into a form.
    pub(super) is_file: bool,
    /// Parts of the text, each below the heading with this word.
    pub(super) parts: Vec<(crate::words::Word, String)>,
    /// The name of who writes, if they typed one.
    pub(super) name: Option<String>,
    /// What was not taken over.
    pub(super) dropped: BTreeSet<Dropped>,
    /// What people should know who look at it, in plain words.
    pub(super) notes: Vec<String>,
}

/// On which lines fields begin.
type Begins<'f> = Vec<(usize, &'f FormField)>;

/// Where a file wants to be, below the content folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// All folders.
    pub(super) folders: Vec<String>,
    /// The name of the file without its ending.
    pub(super) stem: String,
}

/// What reading needs to know of a site.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) config: &'a Config,
    pub(super) words: &'a Words,
    pub(super) content_prefix: &'a str,
}

impl<'a> Reading<'a> {
    /// Reads the body of an issue or a mail.
    pub(super) fn body(self, body: &str, attached: Option<&str>) -> Wish {
        let body = body.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        if let Some((path, text, outside)) = of_page(&body) {
            // A letter that was cut has the whole text as a file.
            let mut wish = self.file(attached.unwrap_or(&text), Some(&path));
            let is_picture = |line: &&str| line.contains("![") || line.contains("<img ");
            let pictures: Vec<&str> = outside.lines().map(str::trim).filter(is_picture).collect();
            wish.text = [&*wish.text].into_iter().chain(pictures).collect::<Vec<_>>().join("\n\n");
            if outside.lines().any(|line| !line.trim().is_empty() && !is_picture(&line)) {
                wish.notes.push("Text outside the file in the message was left out.".to_owned());
            }
            return wish;
        }
        if let Some(text) = attached {
            return self.file(text, None);
        }
        match self.sections(&body) {
            Some((form, sections)) => self.filled(form, &sections),
            None => Wish {
                sort: Some(Sort::Entry(Kind::Question)),
                text: body.trim().to_owned(),
                ..Wish::default()
            },
        }
    }

    /// Reads a form that a program sends: its fields by their names.
    pub(super) fn post(self, fields: &BTreeMap<String, String>) -> Result<Wish, Refusal> {
        let get = |name: &str| fields.get(name).map(|it| it.trim()).filter(|it| !it.is_empty());
        let form = match get("kind") {
            Some(name) => Form::of_name(name).ok_or_else(|| {
                let known: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
                let name: String =
                    name.chars().filter(|c| c.is_alphanumeric() || *c == '-').take(30).collect();
                let message = format!("`{name}` cannot be sent in. `kind` is one of {}.", known.join(", "));
                Refusal::new(Reason::Kind, message)
            })?,
            None if get("to").is_some() => Sort::Answer.form(),
            None => &FORMS[0],
        };
        let values = form.fields.iter().map(|field| (field, get(field.name).unwrap_or_default().to_owned()));
        let mut wish = self.filled(form, &values.collect::<Vec<_>>());
        // A simple form has one text, whatever it is.
        if let Some(text) = get("text").filter(|_| form.fields.iter().all(|it| it.name != "text")) {
            wish.text = text.to_owned();
        }
        if let Some(link) = get("link").filter(|it| it.starts_with("https://") || it.starts_with("http://")) {
            wish.text =
                format!("{}\n\n<{}>", wish.text, link.replace(['<', '>', '\n', ' '], "")).trim().to_owned();
        }
        wish.title = get("title").map(str::to_owned);
        wish.name = get("name").map(str::to_owned);
        let is_known = |name: &str| {
            ["kind", "title", "text", "name", "link"].contains(&name)
                || form.fields.iter().any(|it| it.name == name)
        };
        let others = fields.keys().filter(|name| !is_known(name));
        wish.dropped.extend(others.map(|name| Dropped::new(name, "this form has no such field")));
        Ok(wish)
    }

    /// Reads a file, and the path that it wants to have.
    pub(super) fn file(self, text: &str, path: Option<&str>) -> Wish {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let mut wish = Wish { is_file: true, ..Wish::default() };
        if let Some(path) = path {
            wish.place = self.place(path);
            if wish.place.is_none() {
                wish.notes.push(
                    "The path that was asked for was not used: it is not one of a content file.".to_owned(),
                );
            }
        }
        let name: Arc<str> = Arc::from("received.md");
        let front = front_matter::parse(&name, &text);
        for (typed, field) in &front.fields.present {
            let Some(field) = field else {
                if typed.value.eq_ignore_ascii_case("to") {
                    wish.to = value_of(&text[..front.body_at], &typed.value);
                } else {
                    wish.dropped.insert(Dropped::new(&typed.value, "it is not a field that is known"));
                }
                continue;
            };
            let mut values = Vec::new();
            front.fields.each_text(*field, &mut |value| values.push(value.to_owned()));
            // Which kind takes it is not known yet; `compose` looks again.
            match field.uses().sendable && !values.is_empty() {
                true => drop(wish.fields.insert(*field, values)),
                false => drop(wish.dropped.insert(Dropped::not_sendable(&typed.value, *field))),
            }
        }
        if front.broken {
            wish.notes
                .push("The fields at the top of the file could not be read, and were left out.".to_owned());
            wish.fields.clear();
        }
        let has = |field: Field| {
            wish.fields.get(&field).is_some_and(|it| it.first().is_some_and(|it| it != "false"))
        };
        wish.sort = if has(Field::Confirms) {
            Some(Sort::Confirmation)
        } else if has(Field::Supports) {
            Some(Sort::Support)
        } else if has(Field::Comment) || has(Field::On) {
            Some(Sort::Comment)
        } else {
            None
        };
        let body = &text[front.body_at..];
        let document = Document { path: name, text: Arc::from(body) };
        let page = page::parse(&document, self.config.page_settings(), "", &Templates::default());
        let (title, rest) = match &page.lead {
            Lead::Heading(title) | Lead::Bold(title) => {
                let end = page.body.blocks.first().map_or(0, |block| last_line(block.span));
                let rest = body.lines().skip(end as usize).collect::<Vec<_>>().join("\n");
                (Some(title.clone()), rest)
            }
            Lead::BoldLine(title) => (Some(title.clone()), body.to_owned()),
            Lead::None => (None, body.to_owned()),
        };
        wish.title = wish.fields.remove(&Field::Title).and_then(|mut it| it.pop()).or(title);
        wish.text = rest.trim().to_owned();
        wish
    }

    /// Where a path leads below the content folder, if it is the path of a content file of this site.
    fn place(self, path: &str) -> Option<Place> {
        let path = path.trim().replace('\\', "/");
        let repository = self.config.repository.as_ref().map_or("", |it| &*it.path);
        let path = path.strip_prefix(repository).map_or(&*path, |rest| rest.trim_start_matches('/'));
        let path = path.strip_prefix(self.content_prefix).unwrap_or(path);
        let (stem, ending) = path.rsplit_once('.')?;
        let parts: Vec<&str> = stem.split('/').collect();
        let is_bad = |part: &&str| {
            part.is_empty()
                || part.starts_with(['.', '-'])
                || part.contains(|c: char| c.is_control() || "<>:\"|?*`$".contains(c))
        };
        if !ending.eq_ignore_ascii_case("md") || parts.len() > 4 || parts.iter().any(is_bad) {
            return None;
        }
        let (stem, folders) = parts.split_last()?;
        let mut place =
            Place { folders: folders.iter().map(|it| (*it).to_owned()).collect(), stem: (*stem).to_owned() };
        // An entry that owns its folder is named after it; the text of a topic or a kind is somebody else's.
        if place.stem.eq_ignore_ascii_case("index") && place.folders.len() > 1 {
            place.stem = place.folders.pop()?;
        }
        let is_folders_text =
            ["index", "_index", "readme"].iter().any(|it| place.stem.eq_ignore_ascii_case(it));
        (!is_folders_text).then_some(place)
    }

    /// Finds the form that a body was filled in with, and what stands in its fields: the first heading with the label of
    /// a field begins it, and whatever has the same label later is part of somebody's text.
    fn sections(self, body: &str) -> Option<(&'static Form, Vec<(&'static FormField, String)>)> {
        let lines: Vec<&str> = body.lines().collect();
        let in_code = in_code(&lines);
        let headings: Vec<(usize, String)> = lines
            .iter()
            .enumerate()
            .filter(|(at, _)| !in_code[*at])
            .filter_map(|(at, line)| heading(line).filter(|it| it.0 == 3).map(|it| (at, slug::fold(it.1))))
            .collect();
        if headings.is_empty() {
            return None;
        }
        let mut best: Option<(usize, &Form, Begins<'_>)> = None;
        for form in FORMS {
            let mut begins: Begins<'_> = Vec::new();
            for (at, text) in &headings {
                let is_free = |field: &&FormField| begins.iter().all(|(_, it)| it.name != field.name);
                if let Some(field) = form
                    .fields
                    .iter()
                    .filter(is_free)
                    .find(|it| self.labels(it).any(|label| slug::fold(label) == *text))
                {
                    begins.push((*at, field));
                }
            }
            let has_text = begins.iter().any(|(_, field)| matches!(field.input, Input::Text));
            let score = begins.len() * 100 / form.fields.len();
            if has_text && best.as_ref().is_none_or(|(of_best, ..)| score > *of_best) {
                best = Some((score, form, begins));
            }
        }
        let (_, form, begins) = best?;
        let mut sections: Vec<(&FormField, String)> = Vec::new();
        let above = lines[..begins[0].0].join("\n");
        for (number, (at, field)) in begins.iter().enumerate() {
            let end = begins.get(number + 1).map_or(lines.len(), |(end, _)| *end);
            sections.push((field, value(&lines[at + 1..end].join("\n"))));
        }
        // What somebody wrote above the first field is part of the text.
        let above = value(&above);
        if !above.is_empty()
            && let Some((_, text)) = sections.iter_mut().find(|(field, _)| matches!(field.input, Input::Text))
        {
            *text = format!("{above}\n\n{text}").trim().to_owned();
        }
        Some((form, sections))
    }

    /// What a field is called on this site, and in every language of the default theme.
    fn labels(self, field: &FormField) -> impl Iterator<Item = &'a str> + use<'a> {
        let shipped = every_language(field.label).map(|label| -> &'a str { label });
        std::iter::once(self.words.get(field.label)).chain(shipped)
    }

    /// What a form that was filled in asks for.
    fn filled(self, form: &'static Form, sections: &[(&FormField, String)]) -> Wish {
        let mut wish = Wish { sort: Some(form.sort), ..Wish::default() };
        for (field, value) in sections.iter().filter(|(_, value)| !value.is_empty()) {
            match field.becomes {
                Becomes::Target => wish.to = value.clone(),
                Becomes::Text => wish.text = value.clone(),
                Becomes::Part(word) => wish.parts.push((word, value.clone())),
                Becomes::Field(of) => {
                    let values: Vec<String> = match (field.input, of.form().is_list()) {
                        (Input::Choice(choices), _) => {
                            let is = |label: &str| slug::fold(label) == slug::fold(value);
                            let chosen = choices.iter().find(|(name, word)| {
                                is(name) || is(self.words.get(*word)) || every_language(*word).any(is)
                            });
                            chosen.map(|(name, _)| (*name).to_owned()).into_iter().collect()
                        }
                        (_, true) => {
                            value.split([',', '\n', '،', '、']).map(|it| it.trim().to_owned()).collect()
                        }
                        (_, false) => vec![value.clone()],
                    };
                    let values: Vec<String> = values.into_iter().filter(|it| !it.is_empty()).collect();
                    if values.is_empty() {
                        wish.dropped
                            .insert(Dropped::new(field.name, "it is none of the words to choose from"));
                    } else {
                        wish.fields.insert(of, values);
                    }
                }
            }
        }
        wish
    }
}

/// The file in what the page for writing makes: its path, its text, and what else stands there. An issue has
/// the path in backticks above a block of code; a mail has it at the end of its first line, and the text below.
fn of_page(body: &str) -> Option<(String, String, String)> {
    let lines: Vec<&str> = body.lines().collect();
    let first = lines.iter().position(|line| !line.trim().is_empty())?;
    let opening = lines.iter().position(|line| fence(line).is_some());
    let above = &lines[first..opening.unwrap_or(lines.len())];
    let in_backticks = above
        .iter()
        .find_map(|line| line.split('`').skip(1).step_by(2).find(|it| is_path(it)).map(str::to_owned));
    if let (Some(path), Some(opening)) = (in_backticks, opening) {
        let (sign, length, _) = fence(lines[opening])?;
        let closes = |line: &&str| {
            fence(line).is_some_and(|it| it.0 == sign && it.1 >= length && it.2.trim().is_empty())
        };
        let closing = lines[opening + 1..].iter().position(closes).map(|at| opening + 1 + at);
        let text = lines[opening + 1..closing.unwrap_or(lines.len())].join("\n");
        let below = closing.map_or(&[][..], |closing| &lines[closing + 1..]);
        let above = above.iter().filter(|line| !line.contains(&format!("`{path}`")));
        let outside: Vec<&str> = above.chain(below).copied().collect();
        return Some((path, text, outside.join("\n")));
    }
    let line = lines[first].trim_end();
    let (said, path) = line.rsplit_once(' ')?;
    let is_letter = is_path(path)
        && said.ends_with(':')
        && lines.get(first + 1).is_some_and(|line| line.trim().is_empty());
    is_letter.then(|| (path.to_owned(), lines[first + 2..].join("\n"), String::new()))
}

/// Whether a word is a path such as `content/questions/a.md`.
fn is_path(word: &str) -> bool {
    word.ends_with(".md")
        && word.contains('/')
        && word.len() <= 500
        && !word.contains("://")
        && !word.contains('\n')
}

/// Which lines are part of a block of code. One that is never closed is none, so that nobody's slip swallows what
/// follows.
fn in_code(lines: &[&str]) -> Vec<bool> {
    let mut inside = vec![false; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let mut fences = Fences::default();
        fences.see(lines[at]);
        if fences.is_open() {
            let end = (at + 1..lines.len()).find(|end| {
                fences.see(lines[*end]);
                !fences.is_open()
            });
            if let Some(end) = end {
                inside[at..=end].fill(true);
                at = end;
            } else {
                // No later fence of this sort closes either, but one of the other sort may.
                let sign = lines[at].trim_start().chars().next();
                let other = (at + 1..lines.len())
                    .find(|next| fence(lines[*next]).is_some_and(|it| Some(it.0) != sign));
                match other {
                    Some(next) => at = next - 1,
                    None => break,
                }
            }
        }
        at += 1;
    }
    inside
}

/// What stands in a field: without the hints of a template, and nothing where nobody answered.
fn value(text: &str) -> String {
    let mut text = text.trim();
    while let Some(rest) = text.strip_prefix(HINT) {
        match rest.split_once("-->") {
            Some((_, rest)) => text = rest.trim(),
            None => break,
        }
    }
    if matches!(text, "_No response_" | "*No response*" | "None") { String::new() } else { text.to_owned() }
}

/// The text of a field of front matter that no table knows.
fn value_of(front: &str, name: &str) -> String {
    let line =
        front.lines().find_map(|line| line.trim_start().strip_prefix(name)?.trim_start().strip_prefix(':'));
    line.unwrap_or_default().trim().trim_matches(['"', '\'']).to_owned()
}

/// The last line of a block; one that ends where the next line begins ends before it.
const fn last_line(span: crate::diagnostic::Span) -> u32 {
    if span.end_column <= 1 && span.end_line > span.line { span.end_line - 1 } else { span.end_line }
}

/// What a path below the content folder says of the kind, as everywhere.
pub(super) fn kind_of(place: &Place, config: &Config) -> Option<Kind> {
    let path = format!("{}/{}.md", place.folders.join("/"), place.stem);
    let read = PagePath::of(&path, config.page_settings().kinds);
    (!read.unknown && !read.faq).then_some(read.kind)
}
