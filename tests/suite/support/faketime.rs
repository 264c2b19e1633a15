//! conn with a clock of its own: libfaketime moves it or lets it run faster.

use std::process::Command;

use super::cli::Home;
use super::program::require;

/// A run of conn whose clock is as `when` says: `+20m` is twenty minutes ahead, `+0 x60` runs sixty times as fast.
pub fn command(home: &Home, when: &str, arguments: &[&str]) -> Option<Command> {
    let program = require("faketime")?;
    let plain = home.command(arguments);
    let mut command = Command::new(program);
    command.env_clear().args(["-f", when]).arg(plain.get_program()).args(plain.get_args());
    let variables = plain.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.envs(variables).current_dir(plain.get_current_dir()?);
    Some(command)
}
