//! The `auditbox` program, for the benchmark of its start.

fn main() -> std::process::ExitCode {
    auditbox::cli::main()
}
