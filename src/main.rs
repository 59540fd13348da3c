//! The `longhouse` command. Everything it does stands in the library; here an outcome becomes an exit status.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    longhouse::cli::main()
}
