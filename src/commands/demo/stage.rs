//! The stage of the walk: a sandbox, a temporary home, and conn itself run in it with its output captured.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::{self, Write};
use std::rc::Rc;

use tempfile::TempDir;

use super::serve::cannot_start;
use crate::base::{Process, Terminal, Text, Variables, system_error};
use crate::commands::Streams;
use crate::config::Settings;
use crate::operation::Failure;
use crate::sandbox::{Credentials, Options, Running, Sandbox};

/// The stage of the walk.
pub(super) struct Stage {
    settings: Settings,
    home: TempDir,
    credentials: Credentials,
    new_key: String,
    port: u16,
    sandbox: Option<Running>,
}

/// What a command of conn did.
pub(super) struct Outcome {
    pub(super) exit: u8,
    pub(super) output: String,
}

impl Stage {
    /// Starts a sandbox on a free port and makes an empty home.
    pub(super) fn set(settings: &Settings) -> Result<Self, Failure> {
        const WRONG: Text = Text::new(
            "No temporary folder can be made: {reason}",
            "一時フォルダーを作成できません: {reason}",
        );
        let home = tempfile::Builder::new().prefix("conn-demo-").tempdir();
        let home = home.map_err(|error| {
            let values = [("reason", system_error::explained(&error))];
            Failure::usage(WRONG.fill_phrases(&values), None)
        })?;
        let (credentials, new_key) = (Credentials::generate(), Credentials::generate().key);
        let mut stage =
            Self { settings: settings.clone(), home, credentials, new_key, port: 0, sandbox: None };
        stage.start().map_err(|error| cannot_start(0, &error))?;
        Ok(stage)
    }

    /// The sandbox's address.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn start(&mut self) -> io::Result<()> {
        let options =
            Options { port: self.port, credentials: self.credentials.clone(), ..Options::default() };
        let sandbox = Sandbox::start(options)?;
        self.port = sandbox.address().port();
        self.sandbox = Some(sandbox);
        Ok(())
    }

    /// Switches a fault on.
    pub(super) fn fail(&mut self, mode: &str) {
        if let Some(sandbox) = &self.sandbox {
            sandbox.control().fail(mode).expect("the script names modes of the registry");
        }
    }

    /// Switches every fault off.
    pub(super) fn heal(&mut self) {
        if let Some(sandbox) = &self.sandbox {
            sandbox.control().heal();
        }
    }

    /// Stops the service.
    pub(super) fn stop(&mut self) {
        self.sandbox = None;
    }

    /// Starts the service again where it was. If somebody took its port meanwhile, the next step says so.
    pub(super) fn restart(&mut self) {
        let _ = self.start();
    }

    /// Withdraws the key and gives out a new one.
    pub(super) fn revoke(&mut self) {
        if let Some(sandbox) = &self.sandbox {
            sandbox.control().revoke(&self.credentials.key);
            sandbox.control().issue(&self.new_key);
        }
    }

    /// Runs conn as `main` does, with an environment of its own and its output captured.
    pub(super) fn run(&self, command: &str) -> Outcome {
        let process = Process {
            arguments: command.split(' ').map(OsString::from).collect(),
            variables: self.variables(),
            folder: self.home.path().to_owned(),
            terminal: Terminal { width: Some(self.settings.width), ..Terminal::default() },
            system_locale: None,
        };
        let captured = Captured::default();
        let mut streams = Streams {
            input: Box::new(io::empty()),
            output: Box::new(captured.clone()),
            error: Box::new(captured.clone()),
        };
        let exit = crate::commands::run(&process, &mut streams, crate::app::reality);
        drop(streams);
        Outcome { exit, output: String::from_utf8_lossy(&captured.0.borrow()).into_owned() }
    }

    fn variables(&self) -> Variables {
        let settings = &self.settings;
        let home = self.home.path().display().to_string();
        let colour = if settings.colour { "CLICOLOR_FORCE" } else { "NO_COLOR" };
        let charset = if settings.ascii { "C.US-ASCII" } else { "C.UTF-8" };
        let wrong_key = self.new_key.replace("good", "goood");
        [
            ("HOME", home.as_str()),
            ("CONN_HOME", &home),
            ("CONN_LANG", settings.language.tag()),
            ("CONN_NO_INPUT", "1"),
            ("LC_ALL", charset),
            (colour, "1"),
            ("CRM_KEY", &self.credentials.key),
            ("NEW_KEY", &self.new_key),
            ("WRONG_KEY", &wrong_key),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
    }
}

/// A writer that keeps what is written.
#[derive(Clone, Default)]
struct Captured(Rc<RefCell<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;
    use crate::base::{Language, Process, Terminal};
    use crate::commands::global::GlobalArguments;

    #[test]
    fn conn_runs_on_the_stage_with_its_own_home_and_its_output_captured() {
        let home = tempfile::tempdir().unwrap();
        let variables = [("HOME".to_owned(), home.path().display().to_string())];
        let process = Process {
            arguments: vec!["conn".into()],
            variables: variables.into_iter().collect(),
            folder: home.path().to_owned(),
            terminal: Terminal::default(),
            system_locale: None,
        };
        let settings = GlobalArguments::default().settings(&process, Language::Ja).unwrap();
        let mut stage = Stage::set(&settings).unwrap();
        let version = stage.run("conn --version");
        assert_eq!((version.exit, version.output.starts_with("conn ")), (0, true));
        let wrong = stage.run("conn no-such-verb");
        assert!(wrong.exit == 2 && wrong.output.starts_with("エラー"), "{}", wrong.output);
        let url = stage.url();
        stage.stop();
        stage.restart();
        assert_eq!(stage.url(), url, "the service comes back where it was");
        assert_eq!(home.path().read_dir().unwrap().count(), 0, "the user's home is not touched");
    }
}
