//! Arguments → run → exit code; nothing else.

mod cli;

/// The standard allocator takes a sixth of the time of reading a report.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run()
}
