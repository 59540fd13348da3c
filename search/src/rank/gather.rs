//! Asking for everything before complaining of the first miss.

/// Collects all results, and only then tells the first error.
///
/// In a browser every failed read is a piece that has yet to be fetched. Stopping at the first would
/// fetch them one after the other.
pub(crate) fn gather<T, E>(results: impl Iterator<Item = Result<T, E>>) -> Result<Vec<T>, E> {
    let mut values = Vec::with_capacity(results.size_hint().0);
    let mut first_error = None;
    for result in results {
        match result {
            Ok(value) => values.push(value),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    first_error.map_or(Ok(values), Err)
}
