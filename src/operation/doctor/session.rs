//! The program and the person's side: versions, language, terminal.

use super::Check;
use crate::base::{Process, Text, safe_text};
use crate::operation::World;

pub(super) fn versions(_world: &dyn World) -> Vec<Check> {
    let text = Text::new("conn {version} on {system} ({machine})", "conn {version}（{system}、{machine}）");
    let values = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("system", std::env::consts::OS),
        ("machine", std::env::consts::ARCH),
    ];
    vec![Check::fine("conn.version", text.fill(&values))]
}

pub(super) fn checks(world: &dyn World) -> Vec<Check> {
    vec![language(world), terminal(world)]
}

/// The variable or flag that decided on the language.
fn source(process: &Process) -> Option<&'static str> {
    let flag = process.arguments.iter().map(|word| word.to_string_lossy());
    if flag.into_iter().any(|word| word == "--lang" || word.starts_with("--lang=")) {
        return Some("--lang");
    }
    ["CONN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find(|name| process.variables.get(name).is_some())
}

fn language(world: &dyn World) -> Check {
    const ID: &str = "session.language";
    let tag = world.settings().language.tag();
    match source(world.process()) {
        Some(source) => {
            let text = Text::new("Language: {tag} (from {source})", "言語: {tag}（{source} で指定）");
            Check::fine(ID, text.fill(&[("tag", tag), ("source", source)]))
        }
        None if world.process().system_locale.is_some() => Check::fine(
            ID,
            Text::new(
                "Language: {tag} (from the system's settings)",
                "言語: {tag}（システムの設定に従っています）",
            )
            .fill(&[("tag", tag)]),
        ),
        None => Check::fine(
            ID,
            Text::new(
                "Language: {tag} (no locale is set; --lang ja for Japanese)",
                "言語: {tag}（ロケールは未設定。英語にするには --lang en）",
            )
            .fill(&[("tag", tag)]),
        ),
    }
}

fn terminal(world: &dyn World) -> Check {
    const ID: &str = "session.terminal";
    let (process, settings) = (world.process(), world.settings());
    let term = safe_text::line(process.variables.get("TERM").unwrap_or("-"), 40);
    let width = settings.width.to_string();
    let values = [("term", &*term), ("width", &*width)];
    let text = if process.terminal.output {
        Text::new("Terminal: {term}, {width} columns", "端末: {term}（{width}桁）")
    } else {
        Text::new(
            "Terminal: none on standard output; lines of {width} columns",
            "端末: 標準出力は端末ではありません（1行{width}桁）",
        )
    };
    if settings.ascii {
        return Check::warning(ID, text.fill(&values)).then(Text::new(
            "Only ASCII marks are shown. Use a UTF-8 locale, for example LANG=C.UTF-8, and a TERM other than dumb.",
            "記号は ASCII で表示されます。UTF-8 のロケール（例: LANG=C.UTF-8）と、dumb 以外の TERM を設定してください。",
        ));
    }
    Check::fine(ID, text.fill(&values))
}
