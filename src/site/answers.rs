//! The order of answers: the accepted one, then those confirmed for the newest version, those confirmed
//! at all, those with votes, the older ones. And who may confirm: anybody but the answer's own author.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeSet;

use super::Answer;

/// Sorts answers, the best first. `versions` are the declared versions of the question's products, the
/// newest last; without any the newest in natural order among the confirmations counts.
pub fn sort(answers: &mut [Answer], versions: &[String]) {
    let newest = newest_version(answers, versions);
    answers.sort_by_cached_key(|answer| {
        let for_newest = newest.as_deref().map_or(0, |newest| {
            people(answer.confirmations.iter().filter(|it| it.version.as_deref() == Some(newest)))
        });
        (
            Reverse(answer.accepted),
            Reverse(for_newest),
            Reverse(people(answer.confirmations.iter())),
            Reverse(answer.score),
            // Undated answers come after dated ones.
            (answer.reply.date.is_none(), answer.reply.date),
            answer.reply.sort_key().to_string(),
        )
    });
}

/// The version that counts as the newest.
#[must_use]
pub fn newest_version(answers: &[Answer], versions: &[String]) -> Option<String> {
    versions.last().cloned().or_else(|| {
        answers
            .iter()
            .flat_map(|answer| &answer.confirmations)
            .filter_map(|confirmation| confirmation.version.as_deref())
            .max_by(|a, b| natural(a, b))
            .map(str::to_string)
    })
}

/// How many different people confirm.
#[must_use]
pub fn people<'a>(confirmations: impl Iterator<Item = &'a super::Confirmation>) -> usize {
    confirmations.map(|confirmation| confirmation.handle.as_str()).collect::<BTreeSet<_>>().len()
}

/// Natural order: runs of digits compare as numbers, so 4.10 comes after 4.9.
#[must_use]
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (x, y) = match (a.first(), b.first()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) => (*x, *y),
        };
        if x.is_ascii_digit() && y.is_ascii_digit() {
            let (number_a, rest_a) = digits(a);
            let (number_b, rest_b) = digits(b);
            match (number_a.len(), number_a).cmp(&(number_b.len(), number_b)) {
                Ordering::Equal => (a, b) = (rest_a, rest_b),
                unequal => return unequal,
            }
        } else if x == y {
            (a, b) = (&a[1..], &b[1..]);
        } else {
            return x.cmp(&y);
        }
    }
}

/// A leading run of digits without its zeros, and the rest.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let zeros = number.iter().take_while(|byte| **byte == b'0').count();
    (&number[zeros..], rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_people_count() {
        assert_eq!(natural("4.10", "4.9"), Ordering::Greater);
        assert_eq!(natural("4.2", "4.2.1"), Ordering::Less);
        assert_eq!(natural("v2", "v10"), Ordering::Less);
        assert_eq!(natural("1.02", "1.2"), Ordering::Equal);
    }
}
