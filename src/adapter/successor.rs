//! The program that takes conn's place: same process, same streams, a few variables more.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Command;

use zeroize::Zeroizing;

use super::program;

/// What opens everything that conn keeps. A program that gets the values of one connection has no business with it.
const OPENERS: [&str; 2] = ["CONN_VAULT_PASSPHRASE", "CONN_IDENTITY_PASSPHRASE"];

/// Hands this process over to a program. Returns only where that failed, with the reason.
pub fn take_over(words: &[OsString], variables: &[(String, Zeroizing<String>)]) -> io::Error {
    let Some((program, arguments)) = words.split_first() else {
        return io::Error::new(io::ErrorKind::InvalidInput, "no program");
    };
    let command = |name: &OsStr| {
        let mut command = Command::new(name);
        command.args(arguments);
        for name in OPENERS {
            command.env_remove(name);
        }
        command.envs(variables.iter().map(|(name, value)| (name, value.as_str())));
        command
    };
    let Err(error) = program::start(program, |name| hand_over(command(name)));
    error
}

#[cfg(unix)]
fn hand_over(mut command: Command) -> io::Result<Infallible> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

/// Windows knows no replacing: conn stays, waits, and ends as the program ended. Ctrl-C and Ctrl-Break are the
/// program's meanwhile: the console tells both, and a conn that ended first would leave it without anybody who waits.
#[cfg(windows)]
#[expect(clippy::disallowed_methods, reason = "the program's end is the end of the process it stands for")]
fn hand_over(mut command: Command) -> io::Result<Infallible> {
    let _keys = (tokio::signal::windows::ctrl_c(), tokio::signal::windows::ctrl_break());
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}
