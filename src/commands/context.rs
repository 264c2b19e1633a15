//! What a verb has at hand.

use std::cell::RefCell;
use std::future::Future;
use std::io::{self, Read, Write};

use crate::base::{Language, Phrase, Process, redact};
use crate::config::Settings;
use crate::operation::World;
use crate::output::Page;

/// What a verb has at hand.
pub struct Context<'a> {
    /// The process as it was found.
    pub process: &'a Process,
    /// The settings of this run.
    pub settings: Settings,
    /// The world.
    pub world: &'a dyn World,
    streams: RefCell<&'a mut super::Streams>,
}

impl<'a> Context<'a> {
    /// A context for one run.
    #[must_use]
    pub fn new(
        process: &'a Process,
        settings: Settings,
        world: &'a dyn World,
        streams: &'a mut super::Streams,
    ) -> Self {
        Self { process, settings, world, streams: RefCell::new(streams) }
    }

    /// The language of this run.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.settings.language
    }

    /// The reader's side of a rendering.
    #[must_use]
    pub fn page(&self) -> Page {
        let clock = self.world.clock();
        Page {
            language: self.settings.language,
            zone: clock.zone(),
            now: clock.now(),
            width: self.settings.width,
            colour: self.settings.colour,
            ascii: self.settings.ascii,
            quiet: self.settings.quiet,
            why: false,
        }
    }

    /// Writes a result to standard output, known secrets masked. A closed pipe is not an error.
    pub fn print(&self, text: &str) {
        write_quietly(&mut self.streams.borrow_mut().output, redact::scrub(text).as_bytes());
    }

    /// Writes bytes that the user asked for as they are (the body of `conn request`).
    pub fn print_bytes(&self, bytes: &[u8]) {
        write_quietly(&mut self.streams.borrow_mut().output, bytes);
    }

    /// Writes a line of talk to standard error, known secrets masked.
    pub fn tell(&self, line: &str) {
        let line = format!("{}\n", redact::scrub(line));
        write_quietly(&mut self.streams.borrow_mut().error, line.as_bytes());
    }

    /// Tells a sentence unless `-q` was given.
    pub fn remark(&self, sentence: &Phrase) {
        if !self.settings.quiet {
            self.tell(sentence.get(self.language()));
        }
    }

    /// Reads standard input to its end, at most `cap` bytes.
    ///
    /// # Errors
    /// When reading fails or there is more.
    pub fn read_input(&self, cap: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut streams = self.streams.borrow_mut();
        (&mut streams.input).take(cap + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > cap {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "more than can be taken"));
        }
        Ok(bytes)
    }

    /// Runs a future to its end on a runtime of its own, and does not wait for threads left behind: a name
    /// server that never answers must not hold the exit.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime of one thread needs nothing but memory and file handles");
        let outcome = runtime.block_on(future);
        runtime.shutdown_background();
        outcome
    }
}

fn write_quietly(stream: &mut dyn Write, bytes: &[u8]) {
    // A reader that has seen enough (`| head`) closes the pipe; the exit code still tells the outcome.
    let _ = stream.write_all(bytes).and_then(|()| stream.flush());
}
