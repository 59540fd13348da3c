//! From the tree to typed fields: names are resolved, values understood or refused, each with its place.
//!
//! Long because every type of value is read here, and says what is wrong with it.

use std::borrow::Cow;
use std::sync::Arc;

use super::fields::{Confirmation, Consent, Every, Labelled, MarkOrText, Status, Text, Weight};
use super::form::{Form, Value};
use super::names::{Meaning, meaning, usual_form};
use super::table::{Field, Fields};
use super::words::{as_flag, is_language, period, thousandths, usual_word};
use crate::diagnostic::{Diagnostic, Rule, Span, Spanned, nearest};
use crate::page::cjk;
use crate::page::date::{self, Date, NoDate};
use crate::page::limits;
use crate::page::text::{self, email_as_name, holds_email, shown_name};
use crate::yaml::{Node, NodeKind, Pair};

/// Reads all fields. Problems are added to the list.
pub(super) fn fields(
    file: &Arc<str>,
    source: &str,
    pairs: Vec<Pair<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Fields {
    let mut reading = Reading { file, source, diagnostics, unknown: 0, fields: Fields::default() };
    for (mut key, mut node) in pairs {
        join_lines(source, &mut node);
        mend(file, &mut key.value, key.span, reading.diagnostics);
        mend_all(file, &mut node, reading.diagnostics);
        reading.pair(key, node);
    }
    reading.fields
}

/// Takes the spaces out of texts that YAML made of line ends between characters that have none between them.
fn join_lines(source: &str, node: &mut Node<'_>) {
    match &mut node.kind {
        NodeKind::Scalar { text, .. } if node.span.line != node.span.end_line && !text.is_ascii() => {
            let mut joined = cjk::without_breaks(text).into_owned();
            let lines = source.get(node.at.clone()).unwrap_or_default().lines().map(str::trim);
            let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
            let mut from = 0;
            for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
                let signs = line.chars().next_back().zip(next.chars().next());
                let Some((before, after)) = signs.filter(|(before, after)| cjk::is_unspaced(*before, *after))
                else {
                    continue;
                };
                let Some(step) = joined[from..].find(&format!("{before} {after}")) else { continue };
                from += step + before.len_utf8();
                joined.remove(from);
            }
            *text = Cow::Owned(joined);
        }
        NodeKind::List(items) => items.iter_mut().for_each(|item| join_lines(source, item)),
        NodeKind::Map(pairs) => pairs.iter_mut().for_each(|(_, value)| join_lines(source, value)),
        _ => {}
    }
}

/// Takes what nobody sees out of every text, and masks secrets, before anything is made of them.
fn mend_all(file: &Arc<str>, node: &mut Node<'_>, diagnostics: &mut Vec<Diagnostic>) {
    match &mut node.kind {
        NodeKind::Null => {}
        NodeKind::Scalar { text, quoted } => {
            let mark = u32::from(*quoted && node.span.line == node.span.end_line);
            mend(file, text, Span { column: node.span.column + mark, ..node.span }, diagnostics);
        }
        NodeKind::List(items) => items.iter_mut().for_each(|item| mend_all(file, item, diagnostics)),
        NodeKind::Map(pairs) => {
            for (key, value) in pairs {
                mend(file, &mut key.value, key.span, diagnostics);
                mend_all(file, value, diagnostics);
            }
        }
    }
}

fn mend(file: &Arc<str>, text: &mut Cow<'_, str>, at: Span, diagnostics: &mut Vec<Diagnostic>) {
    let first = diagnostics.len();
    if let Cow::Owned(mended) = text::mend(file, text, at, diagnostics) {
        *text = Cow::Owned(mended);
    }
    // What was read may be longer than what was written, by escapes and repairs, and lines that were folded
    // into one tell no column: a place that is not surely inside becomes the place of the whole.
    let end = (at.end_line, at.end_column);
    let folded = at.line != at.end_line;
    let outside = |found: &&mut Diagnostic| folded || (found.end_line, found.end_column) > end;
    for found in diagnostics.iter_mut().skip(first).filter(outside) {
        (found.line, found.column) = (at.line, at.column);
        (found.end_line, found.end_column) = end;
        found.fix = None;
    }
}

/// For this many unknown names the one that was meant is guessed; more are no slips of the pen.
const GUESSES: usize = 32;

struct Reading<'r> {
    file: &'r Arc<str>,
    source: &'r str,
    diagnostics: &'r mut Vec<Diagnostic>,
    /// How many names were not known.
    unknown: usize,
    fields: Fields,
}

impl Reading<'_> {
    fn pair(&mut self, key: Spanned<Cow<'_, str>>, node: Node<'_>) {
        let found = meaning(&key.value).or_else(|| {
            let usual = usual_form(&key.value);
            let found = meaning(&usual)?;
            let right = if let Meaning::Field(field) = found
                && Field::from_name(&usual).is_some()
            {
                field.name()
            } else {
                usual.as_str()
            };
            self.diagnostics.push(unusual_name(self.file, &key, right));
            Some(found)
        });
        let field = match found {
            Some(Meaning::Field(field)) => Some(field),
            Some(Meaning::LastUpdate) => Some(Field::Updated),
            Some(Meaning::Draft | Meaning::Published) => Some(Field::Status),
            Some(Meaning::Permalink) => Some(Field::Aliases),
            Some(Meaning::Taxonomies | Meaning::PassedOver) | None => None,
        };
        if found.is_none() {
            self.unknown += 1;
            self.diagnostics.push(unknown_field(self.file, &key, self.unknown <= GUESSES));
        }
        if !matches!(found, Some(Meaning::Taxonomies | Meaning::PassedOver)) {
            self.fields.present.push((Spanned::new(key.value.clone().into_owned(), key.span), field));
        }
        match found {
            Some(Meaning::Field(field)) => self.field(field, &key, node),
            Some(Meaning::Draft) => {
                if self.flag(&key.value, &node).is_some_and(|draft| draft.value)
                    && self.fields.status.is_none()
                {
                    self.fields.status = Some(Spanned::new(Status::Draft, node.span));
                }
            }
            Some(Meaning::Published) => {
                if self.flag(&key.value, &node).is_some_and(|published| !published.value)
                    && self.fields.status.is_none()
                {
                    self.fields.status = Some(Spanned::new(Status::Draft, node.span));
                }
            }
            Some(Meaning::Permalink) => {
                // Jekyll's patterns (`/:categories/:title/`, `pretty`) name no address.
                if let Some(text) = node.text()
                    && text.contains('/')
                    && !text.contains("/:")
                {
                    let alias = Spanned::new(text.to_owned(), node.span);
                    let alias = self.within(Field::Aliases, alias);
                    self.fields.aliases.extend(alias);
                }
            }
            Some(Meaning::LastUpdate) => self.last_update(&key, node),
            Some(Meaning::Taxonomies) => self.taxonomies(node),
            Some(Meaning::PassedOver) | None => {}
        }
    }

    fn field(&mut self, field: Field, key: &Spanned<Cow<'_, str>>, node: Node<'_>) {
        let span = node.span;
        if let Some(value) = self.value(field, node)
            && !self.fields.take(field, value)
        {
            self.diagnostics.push(said_before(self.file, key, span, field.name()));
        }
    }

    /// What stands behind the name of a field, if it can be understood.
    fn value(&mut self, field: Field, node: Node<'_>) -> Option<Value> {
        let name = field.name();
        let before = self.fields.count(field);
        Some(match field.form() {
            Form::Text(_) | Form::Name(_) | Form::Reply(_) | Form::Reference(_) => {
                Value::Text(self.text(field, node)?)
            }
            // `sponsored: false` says nothing that a reader must know.
            Form::Sponsor(_) => {
                Value::Text(self.text(field, node).filter(|text| as_flag(&text.value) != Some(false))?)
            }
            Form::Person(_) => Value::Text(self.text(field, node).and_then(|text| self.person(text))?),
            Form::Type(_) => Value::Text(self.text(field, node)?.map(|word| usual_word(&word))),
            Form::Language => Value::Text(self.lang(field, node)?),
            Form::Names(..) | Form::Texts(..) | Form::Sentences(..) => {
                Value::Texts(self.texts(field, node, before))
            }
            Form::People(..) => Value::Texts(self.people(field, node, before)),
            Form::Word(words) => Value::Word(self.word(name, &node, words)?),
            Form::Day => Value::Day(self.date(name, &node)?),
            Form::Flag => Value::Flag(self.flag(name, &node)?),
            Form::Number => Value::Number(self.number(name, &node)?),
            Form::Decimal => Value::Decimal(self.weight(name, &node)?),
            Form::Period => Value::Period(self.every(name, &node)?),
            Form::MarkOrText(_) | Form::Menu(_) => Value::MarkOrText(self.mark_or_text(field, node)?),
            Form::Consent(_) => Value::Consent(self.consent(field, node)?),
            Form::Confirmations(..) => {
                let texts = self.texts(field, node, before);
                Value::Confirmations(texts.into_iter().filter_map(|text| self.confirmation(text)).collect())
            }
            Form::Links(..) => Value::Links(self.links(field, node, before)),
        })
    }

    /// One text. A list of one is that one; a map with a name in it is that name.
    fn text(&mut self, field: Field, node: Node<'_>) -> Option<Text> {
        let text = self.whole_text(field.name(), node)?;
        self.within(field, text)
    }

    fn whole_text(&mut self, name: &str, node: Node<'_>) -> Option<Text> {
        match node.kind {
            NodeKind::Null => None,
            NodeKind::Scalar { text, .. } if text.trim().is_empty() => None,
            NodeKind::Scalar { text, .. } => Some(Spanned::new(text.into_owned(), node.span)),
            NodeKind::List(mut items) if items.len() == 1 => self.whole_text(name, items.pop()?),
            NodeKind::List(_) => {
                self.diagnostics.push(one_text_wanted(self.file, node.span, name));
                None
            }
            NodeKind::Map(ref pairs) => match named(pairs) {
                Some(text) => Some(text),
                None => {
                    self.diagnostics.push(one_text_wanted(self.file, node.span, name));
                    None
                }
            },
        }
    }

    /// Several people, without their e-mail addresses.
    fn people(&mut self, field: Field, node: Node<'_>, before: usize) -> Vec<Text> {
        let texts = self.texts(field, node, before);
        texts.into_iter().filter_map(|text| self.person(text)).collect()
    }

    /// A name as it may be shown, if anything of it may.
    fn person(&mut self, text: Text) -> Option<Text> {
        if !holds_email(&text.value) {
            return Some(text);
        }
        let shown = shown_name(&text.value);
        self.diagnostics.push(email_as_name(self.file, text.span, &shown));
        (!shown.is_empty()).then(|| text.map(|_| shown))
    }

    /// Several texts, as far as they count; `before` are there already by another name of the field.
    fn texts(&mut self, field: Field, node: Node<'_>, before: usize) -> Vec<Text> {
        let mut texts = self.all_texts(field, node);
        let most = field.limit().items().saturating_sub(before);
        if let Some(first) = texts.get(most) {
            self.diagnostics.push(limits::long_list(self.file, first.span, field, before + texts.len()));
            texts.truncate(most);
        }
        texts.into_iter().filter_map(|text| self.within(field, text)).collect()
    }

    /// One text as far as it counts.
    fn within(&mut self, field: Field, text: Text) -> Option<Text> {
        let limit = field.limit();
        let Some(most) = limit.characters() else { return Some(text) };
        let Some(cut) = limits::cut(&text.value, most) else { return Some(text) };
        if limit.can_be_cut() {
            let what = format!("`{}`", field.name());
            self.diagnostics.push(limits::long_text(self.file, text.span, &what, most));
            return Some(text.map(|_| cut));
        }
        self.diagnostics.push(limits::long_name(self.file, text.span, field, most));
        None
    }

    /// Several texts: a list, one text, or one text with commas.
    fn all_texts(&mut self, field: Field, node: Node<'_>) -> Vec<Text> {
        let mut texts = Vec::new();
        match node.kind {
            NodeKind::Null => {}
            NodeKind::Scalar { ref text, quoted } => {
                // A question is a sentence, in which a comma parts nothing.
                if matches!(field.form(), Form::Sentences(..)) || !text.contains(',') {
                    let text = text.trim();
                    if !text.is_empty() {
                        texts.push(Spanned::new(text.to_owned(), node.span));
                    }
                } else {
                    self.split_at_commas(text, &node, quoted, &mut texts);
                }
            }
            NodeKind::List(items) => {
                texts.reserve(items.len());
                for item in items {
                    self.item(field, item, &mut texts);
                }
            }
            NodeKind::Map(ref pairs) => match named(pairs) {
                Some(text) => texts.push(text),
                None => self.diagnostics.push(list_wanted(self.file, node.span, field.name())),
            },
        }
        texts
    }

    fn item(&mut self, field: Field, item: Node<'_>, texts: &mut Vec<Text>) {
        match item.kind {
            NodeKind::Null => {}
            NodeKind::Scalar { text, .. } => {
                if !text.trim().is_empty() {
                    texts.push(Spanned::new(text.into_owned(), item.span));
                }
            }
            NodeKind::Map(ref pairs) => {
                if let Some(text) = named(pairs) {
                    texts.push(text);
                } else if pairs.len() == 1 {
                    // `- Backup: how?` is a text with a colon in it.
                    let typed = self.source.get(item.at.clone()).unwrap_or_default().trim();
                    let typed = typed.trim_start_matches('{').trim_end_matches('}').trim();
                    self.diagnostics.push(text_with_colon(self.file, item.span, typed));
                    texts.push(Spanned::new(typed.to_owned(), item.span));
                } else {
                    self.diagnostics.push(list_wanted(self.file, item.span, field.name()));
                }
            }
            NodeKind::List(_) => self.diagnostics.push(list_wanted(self.file, item.span, field.name())),
        }
    }

    /// Each part keeps its own place where the text is one line as typed.
    fn split_at_commas(&mut self, text: &str, node: &Node<'_>, quoted: bool, texts: &mut Vec<Text>) {
        let exact = node.span.line == node.span.end_line
            && self
                .source
                .get(node.at.clone())
                .is_some_and(|typed| typed.len() == text.len() + usize::from(quoted) * 2);
        let mut column = node.span.column + u32::from(quoted);
        for part in text.split(',') {
            let width = count(part);
            let trimmed = part.trim();
            if !trimmed.is_empty() {
                let span = if exact {
                    let blanks = count(part) - count(part.trim_start());
                    Span::in_line(node.span.line, column + blanks, count(trimmed))
                } else {
                    node.span
                };
                texts.push(Spanned::new(trimmed.to_owned(), span));
            }
            column += width + 1;
        }
    }

    /// The text of a scalar that is neither empty nor the word `null`.
    fn scalar<'n>(&mut self, name: &str, node: &'n Node<'_>) -> Option<&'n str> {
        match &node.kind {
            NodeKind::Null => None,
            NodeKind::Scalar { text, quoted } => {
                let text = text.trim();
                (!text.is_empty() && (*quoted || text != "null")).then_some(text)
            }
            NodeKind::List(items) if items.len() == 1 => self.scalar(name, &items[0]),
            NodeKind::List(_) | NodeKind::Map(_) => {
                self.diagnostics.push(one_text_wanted(self.file, node.span, name));
                None
            }
        }
    }

    fn flag(&mut self, name: &str, node: &Node<'_>) -> Option<Spanned<bool>> {
        let text = self.scalar(name, node)?;
        match as_flag(text) {
            Some(value) => Some(Spanned::new(value, node.span)),
            None => {
                self.diagnostics.push(wrong_word(self.file, node.span, name, text, &["true", "false"]));
                None
            }
        }
    }

    fn number(&mut self, name: &str, node: &Node<'_>) -> Option<Spanned<i64>> {
        let text = self.scalar(name, node)?;
        match text.parse() {
            Ok(value) => Some(Spanned::new(value, node.span)),
            Err(_) => {
                self.diagnostics.push(no_number(self.file, node.span, name, text));
                None
            }
        }
    }

    fn weight(&mut self, name: &str, node: &Node<'_>) -> Option<Spanned<Weight>> {
        let text = self.scalar(name, node)?;
        match thousandths(text) {
            Some(thousandths) => Some(Spanned::new(Weight { thousandths }, node.span)),
            None => {
                self.diagnostics.push(no_number(self.file, node.span, name, text));
                None
            }
        }
    }

    fn word(
        &mut self,
        name: &str,
        node: &Node<'_>,
        words: &'static [&'static str],
    ) -> Option<Spanned<&'static str>> {
        let text = self.scalar(name, node)?;
        let known = |text: &str| words.iter().copied().find(|word| *word == text);
        match known(text).or_else(|| known(&usual_word(text))) {
            Some(word) => Some(Spanned::new(word, node.span)),
            None => {
                self.diagnostics.push(wrong_word(self.file, node.span, name, text, words));
                None
            }
        }
    }

    fn date(&mut self, name: &str, node: &Node<'_>) -> Option<Spanned<Date>> {
        let text = self.scalar(name, node)?;
        match date::parse(text) {
            Ok(date) => {
                if !date::is_canonical(text) {
                    self.diagnostics.push(date_in_other_form(self.file, node.span, date));
                }
                Some(Spanned::new(date, node.span))
            }
            Err(problem) => {
                self.diagnostics.push(no_date(self.file, node.span, name, text, problem));
                None
            }
        }
    }

    fn every(&mut self, name: &str, node: &Node<'_>) -> Option<Spanned<Every>> {
        let text = self.scalar(name, node)?;
        match period(text) {
            Some(every) => Some(Spanned::new(every, node.span)),
            None => {
                self.diagnostics.push(no_period(self.file, node.span, name, text));
                None
            }
        }
    }

    fn lang(&mut self, field: Field, node: Node<'_>) -> Option<Text> {
        let text = self.text(field, node)?;
        if is_language(&text.value) {
            return Some(text);
        }
        self.diagnostics.push(no_language(self.file, &text));
        None
    }

    fn mark_or_text(&mut self, field: Field, node: Node<'_>) -> Option<Spanned<MarkOrText>> {
        if matches!(node.kind, NodeKind::Map(_))
            || matches!(&node.kind, NodeKind::List(items) if items.len() > 1)
        {
            // Hugo's menus: wherever it is to stand, it is to stand in a menu.
            if matches!(field.form(), Form::Menu(_)) {
                return Some(Spanned::new(MarkOrText::Mark(true), node.span));
            }
        }
        let text = self.text(field, node)?;
        Some(text.map(|text| match as_flag(&text) {
            Some(mark) => MarkOrText::Mark(mark),
            None => MarkOrText::Text(text),
        }))
    }

    fn consent(&mut self, field: Field, node: Node<'_>) -> Option<Spanned<Consent>> {
        let text = self.text(field, node)?;
        let (first, rest) = text.value.split_once(',').unwrap_or((&text.value, ""));
        let withdrawn = first.trim().eq_ignore_ascii_case(Consent::WITHDRAWN);
        let Some(given) = as_flag(first.trim()).or(withdrawn.then_some(false)) else {
            self.diagnostics.push(no_consent(self.file, &text));
            return None;
        };
        // The date is at the end, and may have a comma of its own (`Nov 21, 2026`).
        let parts: Vec<&str> = rest.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let mut who = parts.join(", ");
        let mut when = None;
        for taken in [2, 1] {
            if let Some(keep) = parts.len().checked_sub(taken)
                && let Ok(date) = date::parse(&parts[keep..].join(", "))
            {
                when = Some(date);
                who = parts[..keep].join(", ");
                break;
            }
        }
        let who = (!who.is_empty()).then_some(who);
        Some(Spanned::new(Consent { given, withdrawn, who, date: when, text: text.value.clone() }, text.span))
    }

    fn confirmation(&mut self, text: Text) -> Option<Spanned<Confirmation>> {
        // Anyone who is known by an address alone is nobody, and the rest is no handle.
        if text.value.split_whitespace().next().is_some_and(|by| holds_email(by) && shown_name(by).is_empty())
        {
            self.diagnostics.push(email_as_name(self.file, text.span, ""));
            return None;
        }
        let text = if holds_email(&text.value) { text.map(|text| shown_name(&text)) } else { text };
        let mut words = text.value.split_whitespace();
        let by = words.next()?;
        let rest: Vec<&str> = words.collect();
        let (version, date) = match rest.as_slice() {
            [] => (None, None),
            [only] => match date::parse(only) {
                Ok(date) => (None, Some(date)),
                Err(_) => (Some((*only).to_owned()), None),
            },
            [version, date @ ..] => match date::parse(&date.join(" ")) {
                Ok(date) => (Some((*version).to_owned()), Some(date)),
                Err(_) => match date::parse(&rest.join(" ")) {
                    Ok(date) => (None, Some(date)),
                    Err(_) => {
                        self.diagnostics.push(no_confirmation(self.file, &text));
                        return None;
                    }
                },
            },
        };
        let by = by.trim_start_matches('@').to_owned();
        Some(Spanned::new(Confirmation { by, version, date }, text.span))
    }

    /// Addresses, as far as they count: neither too many, nor too long. `before` are there already.
    fn links(&mut self, field: Field, node: Node<'_>, before: usize) -> Vec<Labelled> {
        let mut all = Vec::new();
        self.all_links(field, node, &mut all);
        let most = field.limit().items().saturating_sub(before);
        if let Some(first) = all.get(most) {
            let count = before + all.len();
            self.diagnostics.push(limits::long_list(self.file, first.url.span, field, count));
            all.truncate(most);
        }
        let mut links = Vec::with_capacity(all.len());
        for Labelled { label, url } in all {
            let Some(url) = self.within(field, url) else { continue };
            let label = label.and_then(|label| self.within(Field::Name, label));
            links.push(Labelled { label, url });
        }
        links
    }

    /// `links: [https://…]`, `- Blog: https://…`, `- {label: Blog, url: https://…}`, `blog: https://…`.
    fn all_links(&mut self, field: Field, node: Node<'_>, links: &mut Vec<Labelled>) {
        match node.kind {
            NodeKind::Null => {}
            NodeKind::Scalar { text, .. } => {
                let url = Spanned::new(text.into_owned(), node.span);
                if !url.value.trim().is_empty() {
                    links.push(Labelled { label: None, url });
                }
            }
            NodeKind::List(items) => {
                for item in items {
                    match item.kind {
                        NodeKind::List(_) => {
                            self.diagnostics.push(list_wanted(self.file, item.span, field.name()));
                        }
                        _ => self.all_links(field, item, links),
                    }
                }
            }
            NodeKind::Map(pairs) => self.labelled(pairs, links),
        }
    }

    fn labelled(&mut self, pairs: Vec<Pair<'_>>, links: &mut Vec<Labelled>) {
        let texts: Vec<(Text, Option<Text>)> = pairs
            .into_iter()
            .map(|(key, node)| {
                let span = node.span;
                let text = node.text().map(|text| Spanned::new(text.to_owned(), span));
                (key.map(Cow::into_owned), text)
            })
            .collect();
        let of = |names: &[&str]| {
            texts
                .iter()
                .find(|(key, _)| names.contains(&key.value.as_str()))
                .and_then(|(_, text)| text.clone())
        };
        if let Some(url) = of(&["url", "href", "link"]) {
            links.push(Labelled { label: of(&["label", "title", "name", "text"]), url });
            return;
        }
        for (label, url) in texts {
            match url {
                Some(url) => links.push(Labelled { label: Some(label), url }),
                None => self.diagnostics.push(link_without_address(self.file, &label)),
            }
        }
    }

    fn last_update(&mut self, key: &Spanned<Cow<'_, str>>, node: Node<'_>) {
        match node.kind {
            NodeKind::Map(pairs) => {
                for (inner, node) in pairs {
                    if inner.value == "date" {
                        self.field(Field::Updated, key, node);
                    }
                }
            }
            _ => self.field(Field::Updated, key, node),
        }
    }

    /// Zola's `[taxonomies]`: `tags`, `categories` and `authors` are ours too, others are passed over.
    fn taxonomies(&mut self, node: Node<'_>) {
        let NodeKind::Map(pairs) = node.kind else { return };
        for (key, node) in pairs {
            if let Some(Meaning::Field(field @ (Field::Tags | Field::Authors | Field::Products))) =
                meaning(&key.value)
            {
                self.field(field, &key, node);
            }
        }
    }
}

/// The name in a map that describes somebody or something.
fn named(pairs: &[Pair<'_>]) -> Option<Text> {
    ["handle", "id", "name", "login", "github", "title"].iter().find_map(|wanted| {
        let (_, node) = pairs.iter().find(|(key, _)| key.value == *wanted)?;
        let text = node.text()?.trim();
        (!text.is_empty()).then(|| Spanned::new(text.to_owned(), node.span))
    })
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn list_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => format!("`{only}`"),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(|word| format!("`{word}`")).collect();
            format!("{} or `{last}`", first.join(", "))
        }
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

fn unusual_name(file: &Arc<str>, key: &Spanned<Cow<'_, str>>, right: &str) -> Diagnostic {
    Diagnostic::new(Rule::FieldValue, file, key.span, format!("The field is called `{right}`."))
        .help("Field names are in lower case, with `_` between words. It was understood anyway.")
        .fix(right)
}

fn unknown_field(file: &Arc<str>, key: &Spanned<Cow<'_, str>>, guess: bool) -> Diagnostic {
    let found = Diagnostic::new(
        Rule::UnknownField,
        file,
        key.span,
        format!("The field {} does not exist.", shown(&key.value)),
    );
    let names = Field::ALL.iter().map(|field| field.name());
    match guess.then(|| nearest(&usual_form(&key.value), names)).flatten() {
        Some(near) => found.guess(near, ""),
        None => found.help("It is ignored. Remove it, or move it to the text."),
    }
}

fn said_before(file: &Arc<str>, key: &Spanned<Cow<'_, str>>, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Rule::FieldValue, file, span, format!("`{name}` is already given above."))
        .help(format!("`{}` means the same and is ignored here. Keep one of the two.", key.value))
}

fn one_text_wanted(file: &Arc<str>, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Rule::InvalidField, file, span, format!("`{name}` must be a single value."))
        .help(format!("Write `{name}: ` followed by one value. The field was left out."))
}

fn list_wanted(file: &Arc<str>, span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(Rule::InvalidField, file, span, format!("`{name}` must be a list of texts."))
        .help(format!("Write `{name}: [one, two]`. This value was left out."))
}

fn text_with_colon(file: &Arc<str>, span: Span, typed: &str) -> Diagnostic {
    let fix = format!("\"{}\"", typed.replace('\\', "\\\\").replace('"', "\\\""));
    Diagnostic::new(Rule::FieldValue, file, span, "This text contains a colon and should be in quotes.")
        .help("It was understood anyway.")
        .fix(fix)
}

fn wrong_word(file: &Arc<str>, span: Span, name: &str, text: &str, words: &[&str]) -> Diagnostic {
    let found =
        Diagnostic::new(Rule::InvalidField, file, span, format!("`{name}` cannot be {}.", shown(text)));
    let accepted = format!("It can be {}.", list_of(words));
    match nearest(text, words.iter().copied()) {
        Some(near) => found.guess(near, &accepted),
        None => found.help(format!("{accepted} The field was left out.")),
    }
}

fn no_number(file: &Arc<str>, span: Span, name: &str, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::InvalidField,
        file,
        span,
        format!("`{name}` must be a number, not {}.", shown(text)),
    )
    .help(format!("Write it in digits, such as `{name}: 3`. The field was left out."))
}

fn no_period(file: &Arc<str>, span: Span, name: &str, text: &str) -> Diagnostic {
    Diagnostic::new(
        Rule::InvalidField,
        file,
        span,
        format!("`{name}` must be a period of time, not {}.", shown(text)),
    )
    .help("Write a number followed by d, w, m or y: `30d`, `2w`, `6m`, `1y`. The field was left out.")
}

fn no_language(file: &Arc<str>, text: &Text) -> Diagnostic {
    let message = format!("{} is not a language code.", shown(&text.value));
    Diagnostic::new(Rule::InvalidField, file, text.span, message)
        .help("Write a language code, such as `en`, `de` or `pt-BR`. The field was left out.")
}

fn date_in_other_form(file: &Arc<str>, span: Span, date: Date) -> Diagnostic {
    Diagnostic::new(Rule::FieldValue, file, span, "Write dates as year, month, day.")
        .help(format!("It was understood as {date}."))
        .fix(date.to_string())
}

fn no_date(file: &Arc<str>, span: Span, name: &str, text: &str, problem: NoDate) -> Diagnostic {
    let said = |message: String| Diagnostic::new(Rule::InvalidField, file, span, message);
    match problem {
        NoDate::Ambiguous(one, other) => said(format!("{} can mean two different days.", shown(text)))
            .help(format!("Write {one} or {other}: year, month, day. The field was left out.")),
        NoDate::Impossible => said(format!("The date {} does not exist.", shown(text)))
            .help("Write year, month, day, such as `2026-11-21`. The field was left out."),
        NoDate::Unknown => said(format!("`{name}` must be a date, not {}.", shown(text)))
            .help("Write year, month, day, such as `2026-11-21`. The field was left out."),
    }
}

fn no_consent(file: &Arc<str>, text: &Text) -> Diagnostic {
    Diagnostic::new(Rule::InvalidField, file, text.span, "`consent` does not say yes or no.")
        .help(
            "Write yes, who agreed, and when: `consent: yes, Ana López, 2026-11-21`. If they no longer agree, write \
             `consent: withdrawn`.",
        )
}

fn no_confirmation(file: &Arc<str>, text: &Text) -> Diagnostic {
    Diagnostic::new(
        Rule::InvalidField,
        file,
        text.span,
        format!("{} is not a confirmation.", shown(&text.value)),
    )
    .help(
        "Write who confirmed it and, if you know them, the version and the day: `ana 4.2 2026-11-21`. It was \
             left out.",
    )
}

fn link_without_address(file: &Arc<str>, label: &Text) -> Diagnostic {
    Diagnostic::new(
        Rule::InvalidField,
        file,
        label.span,
        format!("The link {} has no address.", shown(&label.value)),
    )
    .help("Write `- Name: https://…`. The link was left out.")
}
