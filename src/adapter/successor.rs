//! The program that takes conn's place: same process, same streams, a few variables more.

use std::ffi::OsString;
use std::io;
use std::process::Command;

use zeroize::Zeroizing;

/// Hands this process over to a program. Returns only where that failed, with the reason.
pub fn take_over(words: &[OsString], variables: &[(String, Zeroizing<String>)]) -> io::Error {
    let Some((program, arguments)) = words.split_first() else {
        return io::Error::new(io::ErrorKind::InvalidInput, "no program");
    };
    let mut command = Command::new(program);
    command.args(arguments);
    command.envs(variables.iter().map(|(name, value)| (name, value.as_str())));
    hand_over(command)
}

#[cfg(unix)]
fn hand_over(mut command: Command) -> io::Error {
    use std::os::unix::process::CommandExt as _;
    command.exec()
}

/// Windows knows no replacing: conn stays, waits, and ends as the program ended.
#[cfg(not(unix))]
#[expect(clippy::disallowed_methods, reason = "the program's end is the end of the process it stands for")]
fn hand_over(mut command: Command) -> io::Error {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}
