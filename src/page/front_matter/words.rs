//! Single words and numbers of front matter, understood or not: no places, no problems.

use super::fields::{Every, Unit};

/// `true`, `yes`, `on` and their opposites, in any case.
pub(super) fn as_flag(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(&["true", "yes", "on", "y"]) {
        Some(true)
    } else if is(&["false", "no", "off", "n"]) {
        Some(false)
    } else {
        None
    }
}

/// A word in lower case, with hyphens.
pub(super) fn usual_word(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| if matches!(c, ' ' | '_') { '-' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// A decimal number times a thousand.
pub(super) fn thousandths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{:0<3}", &fraction[..fraction.len().min(3)]).parse().ok()?;
    Some(sign * whole.checked_mul(1000)?.checked_add(fraction)?)
}

/// `30d`, `2w`, `6 months`, `1y`.
pub(crate) fn period(text: &str) -> Option<Every> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let count = text[..digits].parse().ok().filter(|count| *count > 0)?;
    let unit = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => Unit::Days,
        "w" | "week" | "weeks" => Unit::Weeks,
        "m" | "mo" | "month" | "months" => Unit::Months,
        "y" | "year" | "years" => Unit::Years,
        _ => return None,
    };
    Some(Every { count, unit })
}

/// Whether a text has the form of a language tag (BCP 47): `en`, `pt-BR`, `zh-Hant-TW`.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && text.len() <= 35
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
