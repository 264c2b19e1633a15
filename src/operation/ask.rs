//! The answers that a definition asks for: given on the command line, else by the person.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

pub use super::given::Answer;
use super::given::{self, Given, SOURCES, WHY};
use super::hygiene::{self, Dirt};
use super::pasted::{Pasted, Place};
use super::prepare::Prepared;
use super::{Failure, World, environments};
use crate::base::{Language, Phrase, Secret, Text, suggest, system_error};
use crate::model::{Parameter, Unfit, Variable};

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
    /// Where the variables stand in the host.
    pub(super) place: Place,
    /// The variables that are settled.
    pub(super) known: IndexMap<String, String>,
    /// The variables that had their turn.
    pub(super) asked: BTreeSet<String>,
    /// The values that the environment fixes, and its name: nobody is asked for them.
    pub(super) fixed: (String, IndexMap<String, String>),
}

impl<'a> Answers<'a> {
    /// Nothing is given yet.
    pub fn of(world: &'a dyn World, prepared: &Prepared) -> Self {
        let own = prepared.connector.environments.get(&prepared.environment);
        let fixed = own.map(|own| own.vars.clone()).unwrap_or_default();
        Self {
            world,
            values: BTreeMap::new(),
            secrets: BTreeMap::new(),
            input: None,
            may_stay: false,
            missing: Vec::new(),
            place: Place::of(prepared),
            known: fixed.clone(),
            asked: fixed.keys().cloned().collect(),
            fixed: (prepared.environment.clone(), fixed),
        }
    }

    fn language(&self) -> Language {
        self.world.settings().language
    }

    /// Whether the environment fixes a value; one that is given all the same would never count.
    fn is_fixed(&self, name: &str) -> Result<bool, Failure> {
        let (environment, fixed) = &self.fixed;
        let is_fixed = fixed.contains_key(name);
        let given = is_fixed && self.values.contains_key(name);
        if given { Err(environments::fixes(environment, name)) } else { Ok(is_fixed) }
    }

    /// The variable whose turn it is. What is given comes first: an address may answer for others, too, even for one
    /// whose turn has passed without a value.
    pub fn turn(&mut self) -> Option<(String, Variable)> {
        let all = &self.place.variables;
        let given = all.iter().find(|(name, _)| self.values.contains_key(*name));
        let next = given.or_else(|| all.iter().find(|(name, _)| !self.asked.contains(*name)));
        let (name, variable) = next.map(|(name, variable)| (name.clone(), variable.clone()))?;
        self.asked.insert(name.clone());
        Some((name, variable))
    }

    /// The value of a variable: given, asked, or its default (`None`).
    ///
    /// # Errors
    /// When a value does not fit, or the person cancelled.
    pub fn variable(&mut self, name: &str, variable: &Variable) -> Result<Option<String>, Failure> {
        if self.is_fixed(name)? {
            return Ok(None);
        }
        if variable.from.is_some() || (variable.map.is_some() && variable.label.is_none()) {
            return Ok(self.values.remove(name));
        }
        let language = self.language();
        let label = variable.label.as_ref().map_or(name, |label| label.get(language)).to_owned();
        let value = match self.values.remove(name) {
            Some(value) => Some(value),
            None if variable.default.is_some() && !self.world.person().is_present() => None,
            None if self.world.person().is_present() => return self.until_it_fits(name, &label, variable),
            None if variable.optional => None,
            None => {
                self.missing.push(format!("--set {name}=…  ({label})"));
                None
            }
        };
        self.settled(name, &label, variable, value)
    }

    /// A value of the form that the connector expects, taken out of an address where one was pasted.
    fn settled(
        &mut self,
        name: &str,
        label: &str,
        variable: &Variable,
        given: Option<String>,
    ) -> Result<Option<String>, Failure> {
        let given =
            given.map(|given| variable.bare(given.trim()).to_owned()).filter(|given| !given.is_empty());
        let Some(given) = given else { return Ok(None) };
        let mut known = self.known.clone();
        known.extend(self.values.clone());
        let (value, address) = match self.place.read(name, &given, &known) {
            Pasted::Plain => (given, Vec::new()),
            Pasted::Address(values) => {
                let own = values.iter().find(|(other, _)| other == name);
                (own.map_or(given, |(_, value)| value.clone()), values)
            }
            Pasted::Other(form) => return Err(other(label, &form, variable)),
        };
        // An address that is refused answers nothing else, either.
        fits(label, &value, variable)?;
        self.known.insert(name.to_owned(), value.clone());
        self.take(address);
        Ok(Some(value))
    }

    /// Says what an address holds, and keeps what answers another question.
    fn take(&mut self, values: Vec<(String, String)>) {
        const TAKEN: Text =
            Text::new("Taken from the address: {values}", "アドレスから取り出した値: {values}");
        if values.is_empty() {
            return;
        }
        let shown: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let said = TAKEN.fill(&[("values", &shown.join(", "))]);
        self.world.person().say(said.get(self.language()));
        self.values.extend(values.into_iter().filter(|(name, _)| !self.known.contains_key(name)));
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
    fn until_it_fits(
        &mut self,
        name: &str,
        label: &str,
        variable: &Variable,
    ) -> Result<Option<String>, Failure> {
        const NEEDED: Text = Text::new("{label} is needed.", "{label} は必須です。");
        loop {
            let typed = self.ask_variable(label, variable)?;
            let may_lack = variable.optional || variable.default.is_some() || self.may_stay;
            match self.settled(name, label, variable, Some(typed)) {
                Ok(None) if !may_lack => {
                    self.world.person().say(NEEDED.fill(&[("label", label)]).get(self.language()));
                }
                Ok(value) => return Ok(value),
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
        if self.is_fixed(name)? {
            return Ok(None);
        }
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
        const LONG: Text = Text::new("it is longer than 256 KiB", "256 KiB を超えています");
        let refuse = |reason: Phrase| {
            Failure::cause("CONN-SEC-FILE-UNREADABLE", &[("file", &shown), ("path", &shown)]).because(reason)
        };
        let bytes = std::fs::read(&path).map_err(|error| refuse(system_error::explained(&error)))?;
        if bytes.len() > 256 * 1024 {
            return Err(refuse(LONG.into()));
        }
        let text = String::from_utf8(bytes).map_err(|_| refuse(given::NO_TEXT.into()))?;
        Ok(Secret::new(text.strip_suffix('\n').unwrap_or(&text).to_owned()))
    }

    /// Says what was taken off a pasted value.
    fn tell(&self, parameter: &Parameter, dirt: &[Dirt]) {
        const TAKEN: Text = Text::new("{label}: removed {what}.", "{label}: {what}を取り除きました。");
        const NARROWED: Text = Text::new(
            "{label}: full-width characters made half-width.",
            "{label}: 全角文字を半角に直しました。",
        );
        let language = self.language();
        for kind in dirt {
            let values = [("label", parameter.label.get(language)), ("what", kind.text().get(language))];
            let text = if *kind == Dirt::FullWidth { NARROWED } else { TAKEN };
            self.world.person().say(text.fill(&values).get(language));
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
        const OPEN: Text = Text::new("{name} is no secret.", "{name} は秘密の値ではありません。");
        const SET: Text = Text::new(
            "Give the value itself: --set {name}=VALUE",
            "値をそのまま指定してください: --set {name}=値",
        );
        let Some(name) = self.values.keys().chain(self.secrets.keys()).next() else { return Ok(()) };
        let params = &prepared.method.params;
        if self.values.contains_key(name) && params.get(name).is_some_and(|parameter| parameter.secret) {
            return Err(Failure::usage(SOURCES.into(), Some(WHY.into())));
        }
        let vars = prepared.connector.vars.keys();
        let is_open = params.contains_key(name) || prepared.connector.vars.contains_key(name);
        if is_open && self.secrets.contains_key(name) {
            return Err(Failure::usage(OPEN.fill(&[("name", name)]), Some(SET.fill(&[("name", name)]))));
        }
        let names: Vec<&str> = vars.chain(params.keys()).map(String::as_str).collect();
        let near = suggest::nearest(name, names.iter().copied());
        let list = near.map_or_else(|| names.join(", "), str::to_owned);
        let message = UNKNOWN.fill(&[("connector", &prepared.connection.connector), ("name", name)]);
        Err(Failure::usage(message, Some(KNOWN.fill(&[("names", &list)]))))
    }
}

const EXAMPLE: Text = Text::new("for example ", "例: ");

fn help(parameter: &Parameter, language: Language) -> Option<String> {
    let parts =
        [&parameter.hint, &parameter.steps].into_iter().flatten().map(|text| text.get(language).to_owned());
    let help = parts.collect::<Vec<_>>().join(" · ");
    (!help.is_empty()).then_some(help)
}

/// An address of another form than that of the service.
fn other(label: &str, form: &str, variable: &Variable) -> Failure {
    const OTHER: Text = Text::new(
        "{label}: this is no address of the form {form}.",
        "{label}: {form} の形式のアドレスではありません。",
    );
    const EITHER: Text = Text::new(
        "give such an address, or its part alone: {part}",
        "この形式のアドレスか、その一部（{part}）を指定してください",
    );
    let part = variable.example.as_ref().map(|part| EITHER.fill(&[("part", part)]));
    Failure::usage(OTHER.fill(&[("label", label), ("form", form)]), part)
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
    if hygiene::is_sample(value) {
        return Err(Failure::usage(SAMPLE.fill(&[("label", label)]), example));
    }
    match variable.unfit(value) {
        None => Ok(()),
        Some(Unfit::Choice) => {
            let choices = variable.choices.join(", ");
            Err(Failure::usage(CHOICES.fill(&[("label", label), ("choices", &choices)]), None))
        }
        Some(Unfit::Form) => Err(Failure::usage(FORM.fill(&[("label", label)]), example)),
    }
}
