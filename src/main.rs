//! The one binary: everything it can do stands in `cli`.

fn main() -> std::process::ExitCode {
    rechtzeitig::cli::main()
}
