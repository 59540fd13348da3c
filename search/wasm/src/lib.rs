//! The face that the search engine shows to JavaScript: numbers and bytes, and nothing imported.
//!
//! Bytes go in through one buffer and come out through another. A caller asks [`input`] for room, copies
//! bytes there, and calls what is to read them:
//!
//! - [`open`] takes the hot bundle of a pack, [`give`] one of its pieces: the head of the file, and after it
//!   the bytes already inflated (see `longhouse_search::pack`).
//! - [`ask`] takes a request as JSON. It says [`DONE`] when the answer stands in the output as JSON, and
//!   [`MISSING`] when the output holds the numbers of pieces (four bytes each, little-endian) that have to be
//!   given before the same is asked again.
//!
//! Whatever goes wrong is [`FAILED`], with a reason in plain words in the output. A panic is a trap: after one
//! the instance must not be used any more.

#![expect(unsafe_code, reason = "exports, and the one symbol that a random generator would be")]

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use longhouse_search::pack::{HEAD, Pack};
use longhouse_search::{Error, Index, Request};

/// It is done.
pub const DONE: u32 = 0;
/// Pieces are missing.
pub const MISSING: u32 = 1;
/// It cannot be done.
pub const FAILED: u32 = 2;

#[derive(Default)]
struct State {
    open: Option<(Arc<Pack>, Index)>,
    input: Vec<u8>,
    output: Vec<u8>,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);

/// Makes room for this many bytes, and says where.
#[unsafe(no_mangle)]
pub extern "C" fn input(len: usize) -> *mut u8 {
    with(|state| {
        state.input.clear();
        state.input.resize(len, 0);
        state.input.as_mut_ptr()
    })
}

/// Where the output is.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    with(|state| state.output.as_ptr())
}

/// How many bytes the output has.
#[unsafe(no_mangle)]
pub extern "C" fn output_len() -> usize {
    with(|state| state.output.len())
}

/// Opens the pack whose hot bundle is in the input.
#[unsafe(no_mangle)]
pub extern "C" fn open() -> u32 {
    with(|state| {
        let (head, hot) = take(state);
        let opened = Pack::open(&head, hot).map(Arc::new);
        match opened.and_then(|pack| Ok((Arc::clone(&pack), Index::open(pack)?))) {
            Ok(open) => {
                state.open = Some(open);
                DONE
            }
            Err(error) => failed(state, &error),
        }
    })
}

/// Takes the piece in the input.
#[unsafe(no_mangle)]
pub extern "C" fn give(number: u32) -> u32 {
    with(|state| {
        let (head, bytes) = take(state);
        let given = state.open.as_ref().map(|(pack, _)| pack.give(number, &head, bytes));
        match given.unwrap_or_else(|| Err(closed())) {
            Ok(()) => DONE,
            Err(error) => failed(state, &error),
        }
    })
}

/// Answers the request in the input.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> u32 {
    with(|state| {
        let Ok(request) = serde_json::from_slice::<Request>(&state.input) else {
            return failed(state, &Error::Damaged("this is no request".to_owned()));
        };
        let Some((pack, index)) = &state.open else { return failed(state, &closed()) };
        match index.answer(&request) {
            Ok(answer) => {
                state.output.clear();
                // Writing to memory does not fail.
                let _ = serde_json::to_writer(&mut state.output, &answer);
                DONE
            }
            Err(Error::Pending) => {
                state.output = pack.missing().into_iter().flat_map(u32::to_le_bytes).collect();
                MISSING
            }
            Err(error) => failed(state, &error),
        }
    })
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> T {
    let mut state: MutexGuard<'_, Option<State>> = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    work(state.get_or_insert_default())
}

/// The head of a piece and its bytes.
fn take(state: &mut State) -> (Vec<u8>, Vec<u8>) {
    let mut head = std::mem::take(&mut state.input);
    let bytes = head.split_off(HEAD.min(head.len()));
    (head, bytes)
}

fn failed(state: &mut State, error: &Error) -> u32 {
    state.output = error.to_string().into_bytes();
    FAILED
}

fn closed() -> Error {
    Error::Damaged("no index is open".to_owned())
}

/// Nothing here is random, and anyone who wants it to be is told so.
#[cfg(target_arch = "wasm32")]
#[unsafe(no_mangle)]
extern "Rust" fn __getrandom_v03_custom(_: *mut u8, _: usize) -> Result<(), getrandom::Error> {
    Err(getrandom::Error::UNSUPPORTED)
}
