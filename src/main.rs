//! The one binary: everything it can do stands in `cli`.

fn main() -> std::process::ExitCode {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    give_back_at_once();
    rechtzeitig::cli::main()
}

/// Room for something large, such as a mail with pictures, goes back to the system as soon as it is done with. Left to
/// itself the C library learns from the first large piece to keep such room, once for each thread.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "a setting of the C library has no other way in")]
fn give_back_at_once() {
    /// Bytes above which a piece is large.
    const LARGE: libc::c_int = 1024 * 1024;
    // SAFETY: it takes two numbers, touches no memory of ours, and no other thread has begun.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, LARGE);
    }
}
