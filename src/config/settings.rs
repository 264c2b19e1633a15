//! The settings of one run: flag > variable > default. Connections and definitions have their own layers.

use std::path::PathBuf;
use std::time::Duration;

use crate::base::{Language, Process};

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// For screen readers: one fact per line.
    Plain,
    /// One JSON object.
    Json,
    /// One JSON object per line.
    Jsonl,
    /// JUnit XML.
    Junit,
    /// GitHub Actions annotations.
    Github,
    /// OpenMetrics text.
    Openmetrics,
    /// SARIF, of `conn lint` only.
    Sarif,
    /// Markdown, of `conn explain` only.
    Md,
}

impl Format {
    /// The value of `--format`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Openmetrics => "openmetrics",
            Self::Sarif => "sarif",
            Self::Md => "md",
        }
    }
}

/// When colour is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The settings of one run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The language of every sentence.
    pub language: Language,
    /// How results are written.
    pub format: Format,
    /// Whether standard output is coloured.
    pub colour: bool,
    /// Whether only plain ASCII symbols are used.
    pub ascii: bool,
    /// Columns.
    pub width: usize,
    /// `-q`: failures only.
    pub quiet: bool,
    /// `-v`, `-vv`, `-vvv`.
    pub verbosity: u8,
    /// Where the log goes as JSON lines.
    pub log_file: Option<PathBuf>,
    /// Whether questions may be asked.
    pub interactive: bool,
    /// The environment; the connection's own where nothing is said.
    pub environment: Option<String>,
    /// The account; the connection's primary one where nothing is said.
    pub account: Option<String>,
    /// A further definition file, above all others.
    pub config_file: Option<PathBuf>,
    /// The deadline of one request.
    pub timeout: Option<Duration>,
    /// The proxy; the variables decide where nothing is said.
    pub proxy: Option<String>,
    /// A file with further certificate authorities.
    pub ca_file: Option<PathBuf>,
    /// conn's own folders.
    pub folders: Folders,
}

/// conn's own folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The user's `connectors.toml`.
    pub config: PathBuf,
    /// The state database, the vault, lock files.
    pub state: PathBuf,
}

impl Folders {
    /// Everything under one folder (`CONN_HOME`).
    #[must_use]
    pub fn under(home: &std::path::Path) -> Self {
        Self { config: home.join("config"), state: home.join("state") }
    }

    /// `CONN_HOME`, else the folders that programs of a command line use on this system: those of XDG on Linux and
    /// macOS, of the profile on Windows.
    #[must_use]
    pub fn find(process: &Process) -> Option<Self> {
        use etcetera::BaseStrategy as _;
        if let Some(home) = process.variables.get("CONN_HOME") {
            return Some(Self::under(&process.folder.join(home)));
        }
        let strategy = etcetera::choose_base_strategy().ok()?;
        // State belongs to this machine: on Windows to the part of the profile that is not carried to others.
        let state = strategy.state_dir().unwrap_or_else(|| strategy.cache_dir());
        Some(Self { config: strategy.config_dir().join("conn"), state: state.join("conn") })
    }
}
