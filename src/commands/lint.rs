//! `conn lint [FILE]`: every mistake of the definitions, with its place and the way out.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Context;
use super::help::say;
use crate::base::Text;
use crate::cause::ExitClass;
use crate::config::{Format, Mistake};
use crate::operation::Failure;

/// The arguments of `conn lint`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The file.
    #[arg(value_name = "FILE", help = say("The file to check; all that conn reads where none is given", "検査するファイル（省略時は conn が読み込むすべてのファイル）"))]
    file: Option<PathBuf>,
}

/// Checks the definitions: exit 0 without a mistake, 5 with one.
///
/// # Errors
/// Never; a file that cannot be read is a mistake among the others.
pub fn run(arguments: &Arguments, context: &Context) -> Result<ExitClass, Failure> {
    let read = match &arguments.file {
        Some(file) => context.world.definitions_in(file),
        None => context.world.definitions(),
    };
    let (files, mistakes) = match read {
        Ok(definitions) => (definitions.layers().count(), definitions.mistakes()),
        Err(error) => (1, error.mistakes),
    };
    match context.settings.format {
        Format::Json | Format::Jsonl => context.print(&machine(&mistakes, context)),
        Format::Github => mistakes.iter().for_each(|mistake| context.print(&annotation(mistake, context))),
        _ => people(files, &mistakes, context),
    }
    Ok(if mistakes.is_empty() { ExitClass::Healthy } else { ExitClass::Local })
}

fn people(files: usize, mistakes: &[Mistake], context: &Context) {
    for mistake in mistakes {
        let (place, code) = (mistake.place(), mistake.code);
        context.print(&format!("{place}: {} [{code}]\n", mistake.message.get(context.language())));
        if let Some(hint) = &mistake.hint {
            context.print(&format!("  → {}\n", hint.get(context.language())));
        }
    }
    let sentence = match (files, mistakes.len()) {
        (0, _) => Text::new("There is no connectors.toml yet.", "connectors.toml はまだありません。"),
        (1, 0) => Text::new("1 file, no mistakes.", "1件のファイルを検査しました。誤りはありません。"),
        (_, 0) => {
            Text::new("{files} files, no mistakes.", "{files}件のファイルを検査しました。誤りはありません。")
        }
        (_, 1) => Text::new("1 mistake.", "誤りが1件あります。"),
        _ => Text::new("{count} mistakes.", "誤りが{count}件あります。"),
    };
    let values = [("files", &*files.to_string()), ("count", &*mistakes.len().to_string())];
    context.remark(&sentence.fill(&values));
}

fn machine(mistakes: &[Mistake], context: &Context) -> String {
    let list: Vec<_> = mistakes
        .iter()
        .map(|mistake| {
            json!({
                "file": mistake.path.display().to_string(),
                "line": mistake.line,
                "column": mistake.column,
                "code": mistake.code,
                "message": mistake.message.get(context.language()),
                "hint": mistake.hint.as_ref().map(|hint| hint.get(context.language())),
            })
        })
        .collect();
    format!("{}\n", json!({ "schema": "conn.lint/1", "mistakes": list }))
}

/// A line that GitHub shows beside the file.
fn annotation(mistake: &Mistake, context: &Context) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let hint =
        mistake.hint.as_ref().map(|hint| format!(" → {}", hint.get(context.language()))).unwrap_or_default();
    format!(
        "::error file={},line={},col={},title={}::{}\n",
        property(&mistake.path.display().to_string()),
        mistake.line,
        mistake.column,
        mistake.code,
        escape(&format!("{}{hint}", mistake.message.get(context.language())))
    )
}

#[cfg(test)]
mod tests {
    use crate::catalog;
    use crate::config::{BuiltIn, Definitions, Layer, LayerKind};

    #[test]
    fn the_sample_that_people_copy_has_no_mistake() {
        let text = include_str!("../../connectors.toml").to_owned();
        let layer = Layer { kind: LayerKind::User, path: "connectors.toml".into(), text };
        let built_in = BuiltIn { find: catalog::text, ids: catalog::ids };
        let definitions = Definitions::new(vec![layer]).with_built_in(built_in);
        assert_eq!(definitions.mistakes(), []);
        assert_eq!(definitions.connections().unwrap().len(), 3);
        assert!(definitions.connector("sandbox-form").unwrap().is_some());
    }
}
