//! A panic is a mistake in this program. It is told as one, with what somebody needs to report it, and ends the command
//! with exit status 3; where the site as it was can still be shown, it ends nothing.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

use anstream::eprintln;

/// Where somebody reports a mistake.
const REPORTS: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// A panic as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Crash {
    message: String,
    /// File, line and column in the source of the program.
    place: String,
}

thread_local! {
    /// The last panic of this thread.
    static LAST: RefCell<Option<Crash>> = const { RefCell::new(None) };
}

/// The last panic of any thread: the ones of a pool come out of another one.
static ANY: Mutex<Option<Crash>> = Mutex::new(None);

/// Notes every panic instead of printing it. `RUST_BACKTRACE` brings back what Rust itself says.
pub(super) fn listen() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|it| it != "0") {
            usual(info);
        }
        let crash = Crash::of(info);
        // The server answers the next question all the same, and nobody else tells of this one.
        if std::thread::current().name().is_some_and(|name| name.starts_with("tokio")) {
            eprintln!("{}", crash.report(&super::typed()));
        }
        LAST.with_borrow_mut(|last| *last = Some(crash.clone()));
        *ANY.lock().unwrap_or_else(PoisonError::into_inner) = Some(crash);
    }));
}

/// Does something that may panic.
///
/// # Errors
/// With the panic, if it did.
pub(super) fn contained<T>(act: impl FnOnce() -> T) -> Result<T, Crash> {
    panic::catch_unwind(AssertUnwindSafe(act)).map_err(|payload| Crash::caught(&*payload))
}

/// Does something on a thread of its own that lives as long as the process: a panic is told, and the thread ends.
pub(super) fn told(what: &str, act: impl FnOnce()) {
    if let Err(crash) = contained(act) {
        eprintln!("{}", crash.report(what));
    }
}

impl Crash {
    fn of(info: &PanicHookInfo<'_>) -> Crash {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        Crash { message: message(info.payload()), place }
    }

    fn caught(payload: &(dyn Any + Send)) -> Crash {
        let message = message(payload);
        let here = LAST.with_borrow_mut(Option::take).filter(|it| it.message == message);
        let anywhere = || ANY.lock().unwrap_or_else(PoisonError::into_inner).take();
        let known = here.or_else(|| anywhere().filter(|it| it.message == message));
        known.unwrap_or(Crash { message, place: String::new() })
    }

    /// Whether nobody reads what is printed any more, which is no mistake: `longhouse search x | head -1`.
    pub(super) fn is_closed_pipe(&self) -> bool {
        self.message.starts_with("failed printing to") && self.message.contains("Broken pipe")
    }

    /// What could not be printed, and why.
    pub(super) fn unprinted(&self) -> Option<&str> {
        self.message.strip_prefix("failed printing to ")
    }

    /// What is told: what went wrong, and what to report.
    pub(super) fn report(&self, what: &str) -> String {
        let place =
            if self.place.is_empty() { String::new() } else { format!("\n  at:      {}", self.place) };
        format!(
            "error: This is a bug in Longhouse, not a mistake in your files. Please report these lines, with the \
             file that causes it if you can, to {REPORTS}:\n  version: {}\n  command: {what}\n  message: {}{place}",
            env!("CARGO_PKG_VERSION"),
            super::plain(&self.message).replace('\n', "\n           "),
        )
    }
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_string())
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn a_panic_is_told_with_what_somebody_needs_to_report_it() {
        assert_eq!(contained(|| 7), Ok(7));
        let crash = contained(|| panic!("no {}", "way")).expect_err("it panics");
        let report = crash.report("longhouse build");
        for part in ["bug in Longhouse", env!("CARGO_PKG_VERSION"), "longhouse build", "message: no way"] {
            assert!(report.contains(part), "{report}");
        }
        assert!(!crash.is_closed_pipe());
        let crash = contained(|| (0..100).into_par_iter().for_each(|n: u32| assert!(n != 50, "number {n}")));
        assert!(crash.expect_err("it panics").report("x").contains("number 50"));
    }

    #[test]
    fn a_reader_that_went_away_is_no_mistake() {
        let crash = contained(|| panic!("failed printing to stdout: Broken pipe (os error 32)"));
        assert!(crash.expect_err("it panics").is_closed_pipe());
        let crash = contained(|| panic!("failed printing to stdout: No space left on device (os error 28)"));
        let crash = crash.expect_err("it panics");
        assert_eq!(crash.unprinted(), Some("stdout: No space left on device (os error 28)"));
    }
}
