//! The process as it was found: arguments, environment, folder, terminals. Captured once in `main`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

/// The process as it was found.
#[derive(Clone, Debug)]
pub struct Process {
    /// The arguments, the program's name first.
    pub arguments: Vec<OsString>,
    /// The environment.
    pub variables: Variables,
    /// The working folder.
    pub folder: PathBuf,
    /// Which streams are terminals.
    pub terminal: Terminal,
    /// The language that the system's own settings name, where no variable has to say it (macOS, Windows).
    pub system_locale: Option<String>,
}

/// Which streams are terminals, and how wide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Standard input.
    pub input: bool,
    /// Standard output.
    pub output: bool,
    /// Standard error.
    pub error: bool,
    /// Columns, where a terminal knows them.
    pub width: Option<usize>,
}

/// Environment variables. Values may be secrets, so `Debug` shows names only. Where the system takes `Path` and `PATH`
/// for one name, so does this: names are kept in capitals there.
#[derive(Clone, Default)]
pub struct Variables(BTreeMap<String, String>);

/// A name as it is kept: Windows does not tell capital from small letters.
fn kept(name: &str) -> Cow<'_, str> {
    if cfg!(windows) { Cow::Owned(name.to_uppercase()) } else { Cow::Borrowed(name) }
}

impl Variables {
    /// The value of a variable; an empty one counts as unset.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&*kept(name)).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether a variable is set to something that means yes: neither empty, `0`, `false` nor `no`.
    #[must_use]
    pub fn is_on(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no"))
    }

    /// Each name with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(kept(&name.into()).into_owned(), value.into());
    }
}

impl FromIterator<(String, String)> for Variables {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (kept(&name).into_owned(), value)).collect())
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;

    #[test]
    fn an_empty_variable_counts_as_unset_and_debug_shows_no_value() {
        let mut variables = Variables::default();
        variables.set("CI", "true");
        variables.set("EMPTY", "");
        variables.set("KEY", "hunter2");
        variables.set("OFF", "0");
        assert!(variables.is_on("CI") && !variables.is_on("OFF") && !variables.is_on("EMPTY"));
        assert_eq!(variables.get("EMPTY"), None);
        assert_eq!(variables.get("ci").is_some(), cfg!(windows), "Windows has one name for both");
        assert!(!format!("{variables:?}").contains("hunter2"));
    }
}
