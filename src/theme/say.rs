//! How templates say words: `{{ words.home }}` for those that are always the same, and
//! `{{ say(word="more_answers", count=3) }}` for those with a number or with places to fill.

use std::sync::Arc;

use tera::{Error, Function, Kwargs, State, Tera, TeraResult, Value};

use crate::words::Words;

/// Gives templates the words. It must come before templates are read, which may use nothing unknown.
pub(super) fn register(tera: &mut Tera, words: &Arc<Words>) {
    tera.register_function("say", Say(Arc::clone(words)));
    let plain: std::collections::BTreeMap<&str, &str> = words.plain().collect();
    tera.global_context().insert_value("words", Value::from_serializable(&plain));
}

/// Fills the places of a word with what the template gives. What is HTML already stays so, such as a
/// block that was `set` before; any other text is escaped.
struct Say(Arc<Words>);

impl Function<TeraResult<String>> for Say {
    fn call(&self, given: Kwargs, state: &State) -> TeraResult<String> {
        let word: &str = given.must_get("word")?;
        // A score may be below zero, and is counted like its size.
        let count: Option<i64> = given.get("count")?;
        let count = count.map(i64::unsigned_abs);
        let mut failed = None;
        let place = |name: &str, html: &mut String| match given.get::<&Value>(name) {
            Ok(Some(value)) => {
                let text =
                    value.as_str().map_or_else(|| value.to_string().into(), std::borrow::Cow::Borrowed);
                if value.is_safe() {
                    html.push_str(&text);
                } else {
                    match state.escape(&self.0.isolated(&text)) {
                        Ok(escaped) => html.push_str(&escaped),
                        Err(error) => failed = Some(error),
                    }
                }
                true
            }
            _ => false,
        };
        let said =
            self.0.say(word, count, place).map_err(|wrong| Error::message(format!("`say`: {wrong}")))?;
        failed.map_or(Ok(said), Err)
    }

    fn is_safe(&self) -> bool {
        true
    }
}
