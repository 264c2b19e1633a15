//! Gathers the process and passes it on. No decision lives here.

use std::io::{stderr, stdin, stdout};
use std::process::ExitCode;

use conn::base::{Process, Variables};
use conn::commands::{Streams, global};

fn main() -> ExitCode {
    let text = |word: std::ffi::OsString| word.into_string().ok();
    let variables: Variables =
        std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect();
    let system_locale = global::system_locale(&variables);
    let process = Process {
        arguments: std::env::args_os().collect(),
        variables,
        folder: std::env::current_dir().unwrap_or_default(),
        terminal: global::terminals(),
        system_locale,
    };
    let mut streams =
        Streams { input: Box::new(stdin()), output: Box::new(stdout()), error: Box::new(stderr()) };
    ExitCode::from(conn::commands::run(&process, &mut streams, conn::app::reality))
}
