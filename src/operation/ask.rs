//! Where the answers come from: flags, variables, standard input, files, programs, else the person.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::hygiene::{self, Dirt};
use super::prepare::Prepared;
use super::{Failure, World};
use crate::base::{Language, Phrase, Secret, Text, suggest};
use crate::model::connection::SecretSource;
use crate::model::{Parameter, connector::Variable};

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
const SOURCES: Text = Text::new(
    "A secret is given as NAME=-, NAME=env:VARIABLE, NAME=file:PATH or NAME=command:PROGRAM; never as a value.",
    "秘密の値は 名前=-、名前=env:変数、名前=file:パス、名前=command:プログラム のいずれかで指定します。値そのものは指定できません。",
);
const WHY: Text = Text::new(
    "Arguments can be read by every program on this machine and stay in the shell's history.",
    "引数は同じ端末の他のプログラムから見え、シェルの履歴にも残るためです。",
);

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

/// The answers that were given, and the way to ask for more.
pub struct Answers<'a> {
    /// The world.
    pub world: &'a dyn World,
    /// Values of variables, by name.
    pub values: BTreeMap<String, String>,
    /// Sources of secrets, by parameter.
    pub secrets: BTreeMap<String, Given>,
    /// What standard input held, read by the caller when a source is `-`.
    pub input: Option<Secret>,
    /// Whether an empty answer keeps the value that is there.
    pub may_stay: bool,
    /// Flags that would have answered what nobody could be asked.
    pub missing: Vec<String>,
}

impl Answers<'_> {
    fn language(&self) -> Language {
        self.world.settings().language
    }

    /// The value of a variable: given, asked, or its default (`None`).
    ///
    /// # Errors
    /// When a value does not fit, or the person cancelled.
    pub fn variable(&mut self, name: &str, variable: &Variable) -> Result<Option<String>, Failure> {
        if variable.from.is_some() || (variable.map.is_some() && variable.label.is_none()) {
            return Ok(self.values.remove(name));
        }
        let language = self.language();
        let label = variable.label.as_ref().map_or(name, |label| label.get(language)).to_owned();
        let value = match self.values.remove(name) {
            Some(value) => Some(value),
            None if variable.default.is_some() && !self.world.person().is_present() => None,
            None if self.world.person().is_present() => return self.until_it_fits(&label, variable),
            None if variable.optional => None,
            None => {
                self.missing.push(format!("--set {name}=…  ({label})"));
                None
            }
        };
        let value = bare(value, variable);
        if let Some(value) = &value {
            fits(&label, value, variable)?;
        }
        Ok(value)
    }

    /// A value that is in doubt, asked again with the present one offered.
    ///
    /// # Errors
    /// When the person cancelled.
    pub fn corrected(
        &mut self,
        name: &str,
        variable: &Variable,
        present: Option<&String>,
    ) -> Result<Option<String>, Failure> {
        let offered = present.and_then(|present| present.parse().ok()).or_else(|| variable.default.clone());
        self.variable(name, &Variable { default: offered, ..variable.clone() })
    }

    /// Asks until the value has the form that the connector expects, so that a slip costs no other answer.
    fn until_it_fits(&self, label: &str, variable: &Variable) -> Result<Option<String>, Failure> {
        const NEEDED: Text = Text::new("{label} is needed.", "{label} は必須です。");
        loop {
            let value = bare(Some(self.ask_variable(label, variable)?), variable);
            let outcome = match &value {
                Some(value) => fits(label, value, variable),
                None if variable.optional || variable.default.is_some() || self.may_stay => Ok(()),
                None => Err(Failure::usage(NEEDED.fill(&[("label", label)]), None)),
            };
            match outcome {
                Ok(()) => return Ok(value),
                Err(failure) => self.world.person().say(failure.describe(self.language()).trim_end()),
            }
        }
    }

    fn ask_variable(&self, label: &str, variable: &Variable) -> Result<String, Failure> {
        let language = self.language();
        let person = self.world.person();
        if !variable.choices.is_empty() {
            let choices: Vec<_> = variable
                .choices
                .iter()
                .map(|choice| crate::port::person::Choice { value: choice.clone(), shown: choice.clone() })
                .collect();
            return Ok(person.choose(label, &choices, None)?);
        }
        let default = variable.default.as_ref().map(ToString::to_string).filter(|text| !text.contains('{'));
        let hint = variable.hint.as_ref().map(|hint| hint.get(language).to_owned());
        let example = variable.example.as_ref().map(|example| format!("{}{example}", EXAMPLE.get(language)));
        let help = hint.into_iter().chain(example).collect::<Vec<_>>().join(" · ");
        Ok(person.text(label, default.as_deref(), Some(help.as_str()).filter(|help| !help.is_empty()))?)
    }

    /// The value of a parameter that is not secret.
    ///
    /// # Errors
    /// When the person cancelled.
    pub fn plain(&mut self, name: &str, parameter: &Parameter) -> Result<Option<String>, Failure> {
        let language = self.language();
        let label = parameter.label.get(language).to_owned();
        if let Some(value) = self.values.remove(name) {
            return Ok(Some(value.trim().to_owned()));
        }
        if self.world.person().is_present() {
            let value = self.world.person().text(&label, None, help(parameter, language).as_deref())?;
            return Ok(Some(value.trim().to_owned()).filter(|value| !value.is_empty()));
        }
        if !parameter.optional {
            self.missing.push(format!("--set {name}=…  ({label})"));
        }
        Ok(None)
    }

    /// The value of a secret parameter, cleaned, or the reference that is kept in its place.
    ///
    /// # Errors
    /// When a source cannot be read, or the person cancelled.
    pub fn secret(&mut self, name: &str, parameter: &Parameter) -> Result<Option<Answer>, Failure> {
        let raw = match self.secrets.remove(name) {
            Some(Given::Reference(source)) => return Ok(Some(Answer::Reference(source))),
            Some(Given::Input) if self.input.is_some() => self.input.as_ref().map(Secret::duplicate),
            Some(Given::File(path)) => Some(self.read_file(&path)?),
            Some(Given::Prompt | Given::Input) | None => self.ask_secret(name, parameter)?,
        };
        let given = raw.is_some();
        let Some(raw) = raw.filter(|raw| !raw.expose().trim().is_empty()) else {
            const EMPTY: Text = Text::new(
                "{label}: a value is needed; none was given.",
                "{label}: 値が空です。値を指定してください。",
            );
            let label = parameter.label.get(self.language());
            let needed = given && !parameter.optional && !self.may_stay;
            return if needed {
                Err(Failure::usage(EMPTY.fill(&[("label", label)]), None))
            } else {
                Ok(None)
            };
        };
        let (clean, dirt) = hygiene::clean(raw.expose());
        self.tell(parameter, &dirt);
        Ok(Some(Answer::Value(Secret::new(clean))))
    }

    fn ask_secret(&mut self, name: &str, parameter: &Parameter) -> Result<Option<Secret>, Failure> {
        let language = self.language();
        let label = parameter.label.get(language);
        if !self.world.person().is_present() {
            if !parameter.optional {
                self.missing.push(format!("--secret {name}=-|env:VAR|file:PATH|command:…  ({label})"));
            }
            return Ok(None);
        }
        const NEEDED: Text = Text::new("{label} is needed.", "{label} は必須です。");
        loop {
            let value = self.world.person().secret(label, help(parameter, language).as_deref())?;
            if !value.expose().trim().is_empty() || parameter.optional || self.may_stay {
                return Ok(Some(value));
            }
            self.world.person().say(NEEDED.fill(&[("label", label)]).get(language));
        }
    }

    fn read_file(&self, path: &std::path::Path) -> Result<Secret, Failure> {
        let path = self.world.process().folder.join(path);
        let shown = path.display().to_string();
        let refuse = |reason: String| {
            Failure::cause("CONN-SEC-FILE-UNREADABLE", &[("file", &shown), ("path", &shown)])
                .because(Phrase::same(reason))
        };
        let bytes = std::fs::read(&path).map_err(|error| refuse(error.to_string()))?;
        if bytes.len() > 256 * 1024 {
            return Err(refuse("more than 256 KiB".to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|_| refuse("not UTF-8".to_owned()))?;
        Ok(Secret::new(text.strip_suffix('\n').unwrap_or(&text).to_owned()))
    }

    /// Says what was taken off a pasted value.
    fn tell(&self, parameter: &Parameter, dirt: &[Dirt]) {
        const TAKEN: Text = Text::new("{label}: removed {what}.", "{label}: {what}を取り除きました。");
        let language = self.language();
        for kind in dirt {
            let values = [("label", parameter.label.get(language)), ("what", kind.text().get(language))];
            self.world.person().say(TAKEN.fill(&values).get(language));
        }
    }

    /// Everything that nobody could be asked, as one error that lists the flags.
    ///
    /// # Errors
    /// When anything is missing.
    pub fn complete(&self) -> Result<(), Failure> {
        const MISSING: Text = Text::new(
            "Nobody can be asked here, and these answers are missing:",
            "対話による入力ができない環境で、次の項目が指定されていません:",
        );
        if self.missing.is_empty() {
            return Ok(());
        }
        let list = self.missing.iter().fold(String::new(), |list, flag| list + "\n    " + flag);
        let message = Phrase { en: format!("{}{list}", MISSING.en), ja: format!("{}{list}", MISSING.ja) };
        Err(Failure::usage(message, None))
    }

    /// Refuses answers to questions that this connector does not ask, and secrets given as values.
    ///
    /// # Errors
    /// When there is one; its value is not repeated.
    pub fn none_left(&self, prepared: &Prepared) -> Result<(), Failure> {
        const UNKNOWN: Text =
            Text::new("{connector} asks for no {name}.", "{connector} に {name} という項目はありません。");
        const KNOWN: Text = Text::new("It asks for: {names}", "指定できる項目: {names}");
        let Some(name) = self.values.keys().chain(self.secrets.keys()).next() else { return Ok(()) };
        let params = &prepared.method.params;
        if self.values.contains_key(name) && params.get(name).is_some_and(|parameter| parameter.secret) {
            return Err(Failure::usage(SOURCES.into(), Some(WHY.into())));
        }
        let vars = prepared.connector.vars.keys();
        let names: Vec<&str> = vars.chain(params.keys()).map(String::as_str).collect();
        let near = suggest::nearest(name, names.iter().copied());
        let list = near.map_or_else(|| names.join(", "), str::to_owned);
        let message = UNKNOWN.fill(&[("connector", &prepared.connection.connector), ("name", name)]);
        Err(Failure::usage(message, Some(KNOWN.fill(&[("names", &list)]))))
    }
}

/// A secret, or the reference that is kept in its place.
#[derive(Debug)]
pub enum Answer {
    /// The value, to be stored.
    Value(Secret),
    /// A reference, to be kept.
    Reference(SecretSource),
}

const EXAMPLE: Text = Text::new("for example ", "例: ");

fn help(parameter: &Parameter, language: Language) -> Option<String> {
    let parts =
        [&parameter.hint, &parameter.steps].into_iter().flatten().map(|text| text.get(language).to_owned());
    let help = parts.collect::<Vec<_>>().join(" · ");
    (!help.is_empty()).then_some(help)
}

/// A value without what surrounds it; `None` where nothing is left.
fn bare(value: Option<String>, variable: &Variable) -> Option<String> {
    value.map(|value| variable.bare(value.trim()).to_owned()).filter(|value| !value.is_empty())
}

fn fits(label: &str, value: &str, variable: &Variable) -> Result<(), Failure> {
    const CHOICES: Text = Text::new("{label} is one of: {choices}", "{label} に指定できる値: {choices}");
    const FORM: Text =
        Text::new("This does not look like a value for {label}.", "{label} の形式が正しくありません。");
    const SAMPLE: Text =
        Text::new("{label} still holds sample text.", "{label} がサンプルの文字列のままです。");
    let example = variable.example.as_ref().map(|example| Phrase {
        en: format!("{}{example}", EXAMPLE.en),
        ja: format!("{}{example}", EXAMPLE.ja),
    });
    let whole = |pattern: &str| {
        regex_lite::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|regex| !regex.is_match(value))
    };
    if hygiene::is_sample(value) {
        return Err(Failure::usage(SAMPLE.fill(&[("label", label)]), example));
    }
    if !variable.choices.is_empty() && !variable.choices.iter().any(|choice| choice == value) {
        let choices = variable.choices.join(", ");
        return Err(Failure::usage(CHOICES.fill(&[("label", label), ("choices", &choices)]), None));
    }
    if variable.pattern.as_deref().is_some_and(whole) {
        return Err(Failure::usage(FORM.fill(&[("label", label)]), example));
    }
    Ok(())
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
