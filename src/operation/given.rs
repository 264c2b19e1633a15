//! What stands on the command line for an answer: `NAME=VALUE`, and `NAME=SOURCE` for a secret.

use std::path::PathBuf;

use super::Failure;
use crate::base::{Secret, Text};
use crate::model::connection::SecretSource;

/// A secret, or the reference that is kept in its place.
#[derive(Debug)]
pub enum Answer {
    /// The value, to be stored.
    Value(Secret),
    /// A reference, to be kept.
    Reference(SecretSource),
}

/// Where a secret's value is taken from, as `--secret NAME=SOURCE` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Asked from the person, without echo.
    Prompt,
    /// The whole of standard input.
    Input,
    /// A file, read once.
    File(PathBuf),
    /// A reference that is kept and read at each use.
    Reference(SecretSource),
}

/// Why a `--secret` could not be read. Never repeats what was given: it may be the secret itself.
pub(super) const SOURCES: Text = Text::new(
    "A secret is given as NAME=-, NAME=env:VARIABLE, NAME=file:PATH or NAME=command:PROGRAM; never as a value.",
    "秘密の値は 名前=-、名前=env:変数、名前=file:パス、名前=command:プログラム のいずれかで指定します。値そのものは指定できません。",
);
/// Why not as a value.
pub(super) const WHY: Text = Text::new(
    "Arguments can be read by every program on this machine and stay in the shell's history.",
    "引数は同じ端末の他のプログラムから見え、シェルの履歴にも残るためです。",
);

/// What is no text cannot be a value.
pub const NO_TEXT: Text = Text::new("it is not UTF-8 text", "UTF-8 のテキストではありません");

/// Reads `NAME=SOURCE`.
///
/// # Errors
/// When it is neither; the message does not repeat it.
pub fn given(argument: &str) -> Result<(String, Given), Failure> {
    let refuse = || Failure::usage(SOURCES.into(), Some(WHY.into()));
    let (name, source) = match argument.split_once('=') {
        None => return plain_name(argument).map(|name| (name, Given::Prompt)).ok_or_else(refuse),
        Some((name, source)) => (plain_name(name).ok_or_else(refuse)?, source),
    };
    let given = match source {
        "" => Given::Prompt,
        "-" => Given::Input,
        _ => match source.strip_prefix("file:") {
            Some(path) => Given::File(PathBuf::from(path)),
            None => match source.parse() {
                Ok(source @ (SecretSource::Environment(_) | SecretSource::Command(_))) => {
                    Given::Reference(source)
                }
                _ => return Err(refuse()),
            },
        },
    };
    Ok((name, given))
}

fn plain_name(name: &str) -> Option<String> {
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!name.is_empty() && name.len() <= 64 && name.chars().all(fine)).then(|| name.to_owned())
}

/// Reads `NAME=VALUE` of `--set`.
///
/// # Errors
/// When there is no `=`.
pub fn set(argument: &str) -> Result<(String, String), Failure> {
    const FORM: Text = Text::new("--set takes NAME=VALUE.", "--set は 名前=値 の形式で指定します。");
    let pair = argument.split_once('=').and_then(|(name, value)| Some((plain_name(name)?, value.to_owned())));
    pair.ok_or_else(|| Failure::usage(FORM.into(), None))
}

/// Reads `NAME=VALUE` of a flag. The service chooses its names, so one may hold anything but `=`:
/// `page[size]`, `$filter`.
///
/// # Errors
/// When there is no `=` or no name.
pub fn pair(flag: &str, argument: &str) -> Result<(String, String), Failure> {
    const FORM: Text = Text::new("{flag} takes NAME=VALUE.", "{flag} は 名前=値 の形式で指定します。");
    let pair = argument.split_once('=').filter(|(name, _)| !name.is_empty());
    let pair = pair.map(|(name, value)| (name.to_owned(), value.to_owned()));
    pair.ok_or_else(|| Failure::usage(FORM.fill(&[("flag", flag)]), None))
}

#[cfg(test)]
mod tests {
    use super::{Given, given, pair};
    use crate::base::Language;
    use crate::model::connection::SecretSource;

    #[test]
    fn a_query_parameter_may_have_any_name_but_none() {
        for (argument, name, value) in [
            ("page[size]=1", "page[size]", "1"),
            ("$filter=a eq 'b=c'", "$filter", "a eq 'b=c'"),
            ("名前=", "名前", ""),
        ] {
            assert_eq!(pair("--query", argument).unwrap(), (name.to_owned(), value.to_owned()));
        }
        for bad in ["page", "=1", ""] {
            pair("--query", bad).unwrap_err();
        }
    }

    #[test]
    fn a_secret_is_a_source_and_never_a_value() {
        assert_eq!(given("api_key=-").unwrap(), ("api_key".into(), Given::Input));
        assert_eq!(given("api_key").unwrap(), ("api_key".into(), Given::Prompt));
        assert_eq!(given("k=env:KEY").unwrap().1, Given::Reference(SecretSource::Environment("KEY".into())));
        assert_eq!(given("k=file:/run/key").unwrap().1, Given::File("/run/key".into()));
        for bad in ["api_key=sk_live_abcdef", "sk_live_a.b", "api_key=keyring:x"] {
            let message = given(bad).unwrap_err().describe(Language::En);
            assert!(!message.contains("sk_live"), "{message}");
        }
    }
}
