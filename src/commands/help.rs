//! Help texts in the language of the run. clap asks for them while it builds the command line, so the
//! language is chosen from arguments and environment before that and kept for the thread.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::base::safe_text::width as cells;
use crate::base::{Language, Process, Text};
use crate::output::wrap;

thread_local! {
    static LANGUAGE: Cell<Language> = const { Cell::new(Language::En) };
}

/// The help text in the language of the run.
#[must_use]
pub fn say(en: &'static str, ja: &'static str) -> &'static str {
    match language() {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// The language of the run.
#[must_use]
pub fn language() -> Language {
    LANGUAGE.get()
}

/// The variables of the locale of messages, in the order in which they count.
pub const LOCALES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// Chooses the language: `--lang`, `CONN_LANG`, then the locale variables in their order, then the system's settings.
pub fn choose_language(process: &Process) -> Language {
    let wish = flag(process).or_else(|| process.variables.get("CONN_LANG").map(str::to_owned));
    let locales = LOCALES.iter().filter_map(|name| process.variables.get(name));
    let language = Language::choose(wish.as_deref(), locales.chain(process.system_locale.as_deref()));
    LANGUAGE.set(language);
    language
}

fn flag(process: &Process) -> Option<String> {
    let mut arguments = process.arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        match argument.as_ref() {
            "--" => return None,
            "--lang" => return arguments.next().map(Into::into),
            other => {
                if let Some(value) = other.strip_prefix("--lang=") {
                    return Some(value.to_owned());
                }
            }
        }
    }
    None
}

/// Reads a whole number within bounds. Libraries say in English alone why they refuse one.
pub fn number<N: TryFrom<u64>>(
    least: u64,
    most: u64,
) -> impl Fn(&str) -> Result<N, String> + Clone + Send + Sync + 'static {
    const WRONG: Text = Text::new(
        "write a whole number from {least} to {most}",
        "{least} から {most} までの整数を指定してください",
    );
    move |text| {
        let number = text.parse::<u64>().ok().filter(|number| (least..=most).contains(number));
        number.and_then(|number| N::try_from(number).ok()).ok_or_else(|| {
            let words = WRONG.fill(&[("least", &least.to_string()), ("most", &most.to_string())]);
            words.get(language()).to_owned()
        })
    }
}

/// The frame of every help page.
#[must_use]
pub fn template() -> &'static str {
    say(
        "{about-with-newline}\nUsage: {usage}\n\n{all-args}{after-help}",
        "{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}",
    )
}

/// Gives a command and all below it the frame and headings in the language of the run.
#[must_use]
pub fn localise(command: clap::Command) -> clap::Command {
    let mut place = 0;
    command
        .help_template(template())
        .subcommand_help_heading(say("Commands", "コマンド"))
        .next_help_heading(say("Options", "オプション"))
        .disable_help_flag(true)
        .mut_args(|argument| match (argument.is_positional(), argument.get_help_heading()) {
            (true, None) => {
                // Below a heading clap would sort them by name.
                place += 1;
                argument.help_heading(say("Arguments", "引数")).display_order(place)
            }
            (false, None) => argument.help_heading(say("Options", "オプション")),
            _ => argument,
        })
        .mut_args(|argument| if language() == Language::Ja { in_japanese(argument) } else { argument })
        .arg(
            clap::Arg::new("help")
                .long("help")
                .short('h')
                .action(clap::ArgAction::Help)
                .help_heading(say("Options", "オプション"))
                .help(say("Print this help", "このヘルプを表示します")),
        )
        .mut_subcommands(localise)
}

/// Says what clap would say in English behind the help text: possible values and the default.
fn in_japanese(argument: clap::Arg) -> clap::Arg {
    let mut said = argument.get_help().map(ToString::to_string).unwrap_or_default();
    if !argument.get_action().takes_values() {
        return argument;
    }
    let values = argument.get_possible_values();
    let values: Vec<&str> = values
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(clap::builder::PossibleValue::get_name)
        .collect();
    if !values.is_empty() && !argument.is_hide_possible_values_set() {
        said += &format!(" [値: {}]", values.join("、"));
    }
    let defaults: Vec<_> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && !argument.is_hide_default_value_set() {
        said += &format!(" [省略時: {}]", defaults.join("、"));
    }
    argument.help(said).hide_possible_values(true).hide_default_value(true)
}

/// Breaks the help texts where Japanese may be broken: clap breaks lines at spaces alone. The rooms are those that clap
/// gives them.
#[must_use]
pub fn wrapped(mut command: clap::Command, width: usize) -> clap::Command {
    command.build();
    broken(command, width)
}

fn broken(command: clap::Command, width: usize) -> clap::Command {
    const GAPS: usize = 4;
    const BELOW: usize = 10;
    let mut longest: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut below: BTreeSet<Option<String>> = BTreeSet::new();
    let heading = |argument: &clap::Arg| argument.get_help_heading().map(str::to_owned);
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let indent = if argument.get_long().is_some() { 4 } else { 0 };
        let widest = longest.entry(heading(argument)).or_default();
        *widest = (*widest).max(cells(&argument.to_string()) + indent + GAPS);
    }
    let help = |argument: &clap::Arg| argument.get_help().map(ToString::to_string).unwrap_or_default();
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let taken = longest.get(&heading(argument)).copied().unwrap_or_default();
        // Where the names take more than two fifths, all texts of the section begin below them, as clap does it.
        if 5 * taken > 2 * width && cells(&help(argument)) > width.saturating_sub(taken) {
            below.insert(heading(argument));
        }
    }
    let names = command.get_subcommands().map(|one| cells(one.get_name()) + GAPS).max().unwrap_or_default();
    let about = command.get_about().map(|about| lines(&about.to_string(), width));
    let command = about.into_iter().fold(command, clap::Command::about).term_width(width);
    command
        .mut_args(|argument| {
            let begins_below = below.contains(&heading(&argument));
            let taken = longest.get(&heading(&argument)).copied().unwrap_or_default();
            let room = width.saturating_sub(if begins_below { BELOW } else { taken });
            let text = lines(&help(&argument), room);
            // It counts the letters of the first line only.
            argument.help(text).next_line_help(begins_below)
        })
        .mut_subcommands(|one| {
            let about = one.get_about().map(|about| lines(&about.to_string(), width.saturating_sub(names)));
            about.into_iter().fold(broken(one, width), clap::Command::about)
        })
}

fn lines(text: &str, room: usize) -> String {
    wrap::lines(text, room).join("\n")
}

/// Adds `--version` in the language of the run.
#[must_use]
pub fn with_version(command: clap::Command) -> clap::Command {
    command.arg(
        clap::Arg::new("version")
            .long("version")
            .short('V')
            .action(clap::ArgAction::Version)
            .help_heading(say("Options", "オプション"))
            .help(say("Print the version", "バージョンを表示します")),
    )
}
