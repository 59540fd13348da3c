//! Ending work that nobody waits for any more.

use std::io;

use tantivy::TantivyError;

use crate::index::Error;

/// Says whether the work is to end. It is asked often, by all threads.
pub(crate) type Stop<'a> = dyn Fn() -> bool + Sync + 'a;

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Halt {
    /// It was no longer wanted.
    Stopped,
    Failed(Error),
}

/// What work comes to that can be stopped.
pub(crate) type Outcome<T> = Result<T, Halt>;

/// Ends the work if that is wanted.
pub(crate) fn check(stop: &Stop<'_>) -> Outcome<()> {
    if stop() { Err(Halt::Stopped) } else { Ok(()) }
}

/// The result of work that nobody could stop.
pub(crate) fn unstopped<T>(outcome: Outcome<T>) -> Result<T, Error> {
    outcome.map_err(|halt| match halt {
        Halt::Stopped => Error::Write("it was stopped".to_owned()),
        Halt::Failed(error) => error,
    })
}

impl From<Error> for Halt {
    fn from(error: Error) -> Halt {
        Halt::Failed(error)
    }
}

impl From<TantivyError> for Halt {
    fn from(error: TantivyError) -> Halt {
        Halt::Failed(Error::Write(error.to_string()))
    }
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Halt {
        Halt::Failed(Error::Write(error.to_string()))
    }
}
