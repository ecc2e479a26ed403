//! The program: hands its arguments to the library and its result to the shell.

use std::process::ExitCode;
use std::thread;

/// The stack of the program: templates may be as deep as fits in it, whatever the shell's limit is.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    // where there is no memory for a stack of its own, the program has to do with the shell's
    let Ok(program) = thread::Builder::new().stack_size(STACK).spawn(cfgbuild::cli::main) else {
        return cfgbuild::cli::main();
    };
    program.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
