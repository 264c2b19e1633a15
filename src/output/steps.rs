//! The steps of a finding, as they work for the connection at hand.

use super::words::{safe, say, values};
use crate::base::{Language, Text};
use crate::cause::Step;
use crate::diagnosis::finding::{FIXED, SETTING, fill_command};
use crate::diagnosis::grant::CONSENT;
use crate::diagnosis::{Entry, Finding};

/// One step as it is said of this connection.
pub struct Spoken {
    /// The step in words.
    pub text: String,
    /// The command to run, if it is one.
    pub command: Option<String>,
}

/// The steps of a finding, as they work for this connection: one that was not saved can only be added again,
/// and a value that others keep is changed where they keep it.
#[must_use]
pub fn steps(entry: &Entry, finding: &Finding, language: Language) -> Vec<Spoken> {
    const DONE: Text =
        Text::new("Nothing: conn has done it already.", "対処は不要です。conn がすでに対応しました。");
    if finding.over {
        return vec![Spoken { text: DONE.get(language).to_owned(), command: None }];
    }
    let mut steps: Vec<Spoken> = Vec::new();
    for step in finding.steps() {
        let mut spoken = spoken(entry, finding, step, language);
        // What leads to the same command twice is one step.
        if spoken.command.is_some() && steps.iter().any(|other| other.command == spoken.command) {
            let told = steps.iter().any(|other| other.text == spoken.text);
            if told || finding.values.contains_key(AGAIN) || spoken.text == GIVE.get(language) {
                continue;
            }
            spoken.command = None;
        }
        steps.push(spoken);
    }
    steps
}

/// The value that holds the command line with which a credential that was not kept is given once more.
const ANEW: &str = "anew";
/// The value that holds what that line says besides the sources of secrets.
const BESIDES: &str = "anew_besides";
/// The value that holds the command line with which a connection that was not saved is added again.
pub const AGAIN: &str = "again";

const GIVE: Text = Text::new(
    "Give it again with the right value; nothing was changed.",
    "正しい値を指定して、もう一度実行してください。まだ何も変更していません。",
);

fn spoken(entry: &Entry, finding: &Finding, step: &Step, language: Language) -> Spoken {
    const ADD: Text = Text::new(
        "Add it again with the right value; nothing was saved.",
        "正しい値を指定して、もう一度追加してください。まだ何も保存していません。",
    );
    const LATER: Text = Text::new(
        "Then add it again; nothing was saved.",
        "解消後に、もう一度追加してください。まだ何も保存していません。",
    );
    let text = say(entry, finding, step.text, language);
    let Some(command) = step.command else { return Spoken { text, command: None } };
    let verb = command.strip_suffix(" --secret {parameter}=-").unwrap_or(command);
    let verb = verb.strip_suffix(" {name}").unwrap_or_default();
    if let Some(again) = finding.values.get(AGAIN)
        && command.contains("{name}")
    {
        let again = Some(safe(again.get(language)));
        return match verb {
            "conn reconnect" | "conn connect" => {
                // The same line would read the same value.
                let sources = referred(entry).filter(|_| is_about_secret(finding));
                let lead =
                    |sources: String| format!("{text}{}{}", gap(language), changed_first(&sources, language));
                Spoken { text: sources.map_or_else(|| text.clone(), lead), command: again }
            }
            // Nothing that was typed stands in the way.
            _ if finding.values.contains_key(FIXED) => {
                Spoken { text: LATER.get(language).to_owned(), command: again }
            }
            _ => Spoken { text: ADD.get(language).to_owned(), command: again },
        };
    }
    let filled = with_options(entry, command, safe(&fill_command(command, &values(entry, finding))));
    match (verb, referred(entry)) {
        // Nobody's secret is at fault: a person has to consent to more.
        ("conn reconnect", _) if let Some(consent) = finding.values.get(CONSENT) => {
            Spoken { text, command: Some(format!("{filled} {}", safe(&consent.en)).trim_end().to_owned()) }
        }
        ("conn reconnect", _)
            if let (Some(setting), None) = (finding.values.get(SETTING), finding.values.get(ANEW)) =>
        {
            Spoken { text, command: Some(format!("{filled} {}", safe(&setting.en))) }
        }
        // What is stored is not what was refused.
        ("conn show", _) if let Some(anew) = given_anew(finding) => {
            Spoken { text: GIVE.get(language).to_owned(), command: Some(with_options(entry, command, anew)) }
        }
        ("conn reconnect", Some(sources)) if is_about_secret(finding) => {
            elsewhere(entry, finding, &text, &sources, language)
        }
        // What was given is not kept: without it the credential of before would be asked for.
        ("conn reconnect", _) if let Some(anew) = finding.values.get(ANEW) => {
            Spoken { text, command: Some(with_options(entry, command, safe(&anew.en))) }
        }
        ("conn diagnose", _) if entry.account.diagnosed => {
            Spoken { text, command: Some(format!("{filled} --why")) }
        }
        _ => Spoken { text, command: Some(filled) },
    }
}

/// The line that gives a refused value again, where that value is no secret.
fn given_anew(finding: &Finding) -> Option<String> {
    let besides = finding.values.get(BESIDES).filter(|besides| besides.en.contains("--set "));
    besides.and(finding.values.get(ANEW)).map(|anew| safe(&anew.en))
}

/// The command with what it needs to mean the same credential: without it another environment would be meant.
fn with_options(entry: &Entry, command: &str, filled: String) -> String {
    if !command.starts_with("conn ") || !command.contains("{name}") {
        return filled;
    }
    entry.subject.options.iter().fold(filled, |line, option| format!("{line} {}", safe(option)))
}

/// Whether a reconnect would ask for a secret, and not for a consent or for trust in a host.
fn is_about_secret(finding: &Finding) -> bool {
    const OTHERS: [&str; 8] = [
        "CONN-OAUTH-",
        "CONN-HTTP-",
        "CONN-CFG-HOST-CHANGED",
        "CONN-CFG-VARIABLE-MISSING",
        "CONN-CFG-VALUE-FORM",
        "CONN-CFG-HOST-FORM",
        "CONN-CFG-PLACEHOLDER",
        "CONN-API-TENANT",
    ];
    // The secret of an app is given as a key is, whatever it then obtains.
    const OF_APP: [&str; 2] = ["CONN-OAUTH-CLIENT-INVALID", "CONN-OAUTH-CLIENT-SECRET-EXPIRED"];
    let code = finding.cause.code;
    OF_APP.contains(&code) || !OTHERS.iter().any(|area| code.starts_with(area))
}

/// Where the secrets come from, if conn keeps none of them.
fn referred(entry: &Entry) -> Option<String> {
    let sources = &entry.subject.sources;
    let refers = |source: &String| source.starts_with("env:") || source.starts_with("command:");
    (!sources.is_empty() && sources.values().all(refers)).then(|| {
        let shown: Vec<String> = sources.values().map(|source| safe(source)).collect();
        shown.join(", ")
    })
}

/// `conn reconnect` asks nothing where others keep the values.
fn elsewhere(entry: &Entry, finding: &Finding, text: &str, sources: &str, language: Language) -> Spoken {
    const CHANGE: Text = Text::new(
        "The value comes from {sources}: change it there, then test again.",
        "値の取得元は {sources} です。取得元の値を変更してから、再度テストしてください。",
    );
    const STORE: Text = Text::new(
        "Or name another source: -, file:PATH, env:VAR or command:PROGRAM.",
        "または、別の取得元（-、file:パス、env:変数、command:プログラム）を指定してください。",
    );
    let name = with_options(entry, "conn {name}", safe(&entry.subject.link_name));
    if finding.cause.code == "CONN-SEC-ENV-MISSING" || finding.cause.code.starts_with("CONN-CFG-") {
        let first = || entry.subject.sources.keys().next().cloned().unwrap_or_default();
        let key = safe(&finding.values.get("parameter").map_or_else(first, |key| key.en.clone()));
        let besides = finding.values.get(BESIDES).map(|besides| safe(&besides.en)).unwrap_or_default();
        let command = format!("conn reconnect {name} --secret {key}=- {besides}");
        let command = Some(command.trim_end().to_owned());
        return Spoken { text: STORE.get(language).to_owned(), command };
    }
    let anew = finding.values.get(ANEW);
    let change = match anew {
        Some(_) => changed_first(sources, language),
        None => CHANGE.fill(&[("sources", sources)]).get(language).to_owned(),
    };
    // Nothing is entered, so that conn takes nothing off.
    let taken_off = finding.dirt().is_some_and(|dirt| !dirt.is_inside());
    let lead = if taken_off { String::new() } else { format!("{text}{}", gap(language)) };
    let text = lead + &change;
    let again = || format!("conn test {name}");
    let command = anew.map_or_else(again, |anew| with_options(entry, "conn {name}", safe(&anew.en)));
    Spoken { text, command: Some(command) }
}

fn changed_first(sources: &str, language: Language) -> String {
    const FIRST: Text = Text::new(
        "The value comes from {sources}: change it there first.",
        "値の取得元は {sources} です。先に取得元の値を変更してください。",
    );
    FIRST.fill(&[("sources", sources)]).get(language).to_owned()
}

/// What stands between two sentences.
fn gap(language: Language) -> &'static str {
    if language == Language::En { " " } else { "" }
}

/// What stands for the first step in a line of its own: its command, else its words.
#[must_use]
pub fn first_step(entry: &Entry, finding: &Finding, language: Language) -> String {
    match steps(entry, finding, language).into_iter().next() {
        Some(step) => step.command.unwrap_or(step.text),
        None => format!("conn explain {}", finding.cause.number),
    }
}
