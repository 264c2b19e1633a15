//! The log: `-v` for people on standard error, `--log-file` as JSON lines. Both are masked by value before
//! they are written.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::base::{redact, safe_text};
use crate::config::Settings;

/// Keeps the log of one run on; dropping it ends the log.
pub struct LogGuard {
    _guard: Option<tracing::subscriber::DefaultGuard>,
}

/// Turns the log of this run on, as far as the settings ask for one.
#[must_use]
pub fn start(settings: &Settings) -> LogGuard {
    if settings.verbosity == 0 && settings.log_file.is_none() {
        return LogGuard { _guard: None };
    }
    // Only our own events: the wire logs of libraries would hold headers and bodies.
    let level = match settings.verbosity {
        0 | 1 => Level::INFO,
        2 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let terminal = (settings.verbosity > 0).then(|| {
        tracing_subscriber::fmt::layer()
            .with_writer(Masked::standard_error())
            .without_time()
            .with_target(false)
            .with_ansi(false)
            .with_filter(Targets::new().with_target("conn", level))
    });
    let file = settings.log_file.as_deref().and_then(open).map(|file| {
        tracing_subscriber::fmt::layer()
            .json()
            .with_writer(Masked::file(file))
            .with_filter(Targets::new().with_target("conn", Level::TRACE))
    });
    let subscriber = tracing_subscriber::registry().with(terminal).with(file);
    LogGuard { _guard: Some(tracing::subscriber::set_default(subscriber)) }
}

fn open(path: &std::path::Path) -> Option<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path).ok()
}

/// A writer that masks every known secret.
#[derive(Clone)]
struct Masked(Arc<Mutex<Box<dyn Write + Send>>>);

impl Masked {
    fn standard_error() -> Self {
        Self(Arc::new(Mutex::new(Box::new(io::stderr()))))
    }

    fn file(file: File) -> Self {
        Self(Arc::new(Mutex::new(Box::new(file))))
    }
}

impl Write for Masked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let scrubbed = redact::scrub(&text);
        let safe: String = scrubbed.chars().filter(|c| *c == '\n' || !safe_text::is_harmful(*c)).collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write_all(safe.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

impl<'a> MakeWriter<'a> for Masked {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
