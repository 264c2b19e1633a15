//! conn itself, run inside the test with a home folder, variables and streams of its own.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use conn::base::{Process, Terminal, Variables};
use conn::commands::{Streams, run};

/// A home that nobody else uses; it goes when it is dropped.
pub struct Home {
    folder: tempfile::TempDir,
    variables: Variables,
}

/// What one command did.
#[derive(Debug)]
pub struct Outcome {
    pub exit: u8,
    pub output: String,
    pub error: String,
}

impl Home {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut variables = Variables::default();
        variables.set("CONN_HOME", folder.path().join("conn").display().to_string());
        variables.set("CONN_LANG", "en");
        Self { folder, variables }
    }

    /// Sets an environment variable for the commands that follow.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.set(name, value);
    }

    /// The working folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command; a word is what stands between two spaces.
    pub fn run(&self, command: &str) -> Outcome {
        self.run_words(command.split(' '))
    }

    /// Runs a command with these words.
    pub fn run_words(&self, words: impl IntoIterator<Item = impl Into<OsString>>) -> Outcome {
        let process = Process {
            arguments: words.into_iter().map(Into::into).collect(),
            variables: self.variables.clone(),
            folder: self.folder().to_owned(),
            terminal: Terminal::default(),
            system_locale: None,
        };
        let (output, error) = (Captured::default(), Captured::default());
        let mut streams = Streams {
            input: Box::new(io::empty()),
            output: Box::new(output.clone()),
            error: Box::new(error.clone()),
        };
        let exit = run(&process, &mut streams, conn::app::reality);
        Outcome { exit, output: output.text(), error: error.text() }
    }
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
