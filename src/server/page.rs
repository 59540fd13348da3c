//! The pages of the preview's own, which need no script: the list of everything that is wrong, and what stands
//! in place of a page that cannot be made.

use super::current::State;

/// The list of all problems. `edit` gives the place of a problem in the writer's editor.
pub(super) fn problems(
    _state: &State,
    _base: &str,
    _edit: &dyn Fn(&str, u32, u32) -> Option<String>,
) -> String {
    String::new()
}

/// What stands at the address of a page that cannot be made; nothing if nothing is known to be wrong with it.
pub(super) fn held(_state: &State, _address: &str, _base: &str) -> Option<String> {
    None
}
