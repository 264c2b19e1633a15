//! The definitions of an export.

use std::collections::BTreeSet;

use crate::base::Text;
use crate::config::{Definitions, LayerKind};
use crate::moving::Left;
use crate::moving::own::{self, Family};
use crate::operation::prepare::unknown_connection;
use crate::operation::{Failure, World};

/// Definitions that travel.
#[derive(Debug, Default)]
pub struct Exported {
    /// The link names.
    pub connections: Vec<String>,
    /// The ids of the connectors that are not built in.
    pub connectors: Vec<String>,
    /// Everything as `connectors.toml` writes it.
    pub text: String,
    /// What stays on this machine, and why.
    pub left: Vec<Left>,
}

/// Gathers connections, or all there are, with the connectors that they need.
///
/// # Errors
/// When a connection is not there, there is none at all, or a file has mistakes.
pub fn gather(world: &dyn World, names: &[String]) -> Result<Exported, Failure> {
    const NONE: Text = Text::new("There is no connection to export.", "書き出す接続がありません。");
    let definitions = world.definitions()?;
    let all = definitions.link_names()?;
    let wanted: Vec<String> = if names.is_empty() { all.clone() } else { names.to_vec() };
    if wanted.is_empty() {
        return Err(Failure::usage(NONE.into(), None));
    }
    let mut exported = Exported::default();
    let (mut connections, mut connectors) = (String::new(), String::new());
    let mut seen = BTreeSet::new();
    for name in wanted {
        if exported.connections.contains(&name) {
            continue;
        }
        let Some(located) = definitions.connection(&name)? else {
            return Err(unknown_connection(&name, &all));
        };
        let text =
            definitions.layers().find(|layer| layer.path == located.path).map(|layer| layer.text.as_str());
        let cut = text.and_then(|text| own::cut(text, Family::Connections, &name));
        let (cut, gone) = own::without_commands(&cut.unwrap_or_default(), &name);
        for key in gone {
            let reason = COMMAND.into();
            exported.left.push(Left {
                what: format!("{name}: {key}"),
                place: located.path.display().to_string(),
                reason,
            });
        }
        connections.push_str(&format!("\n{cut}"));
        needed(&definitions, &located.value.connector, &mut seen, &mut connectors)?;
        exported.connections.push(name);
    }
    exported.connectors = seen.into_iter().collect();
    exported.text = format!("{HEAD}{connectors}{connections}");
    Ok(exported)
}

const HEAD: &str = "# Written by conn export; it holds no secrets. Read it back with: conn import FILE\n";

const COMMAND: Text = Text::new(
    "a command of this machine prints it; name a source again where the connection is imported",
    "この端末のコマンドから取得しているため、書き出していません。取り込み先で取得元を指定し直してください",
);

/// A connector and those that it extends, as far as a file defines them.
fn needed(
    definitions: &Definitions,
    id: &str,
    seen: &mut BTreeSet<String>,
    text: &mut String,
) -> Result<(), Failure> {
    let Some(located) = definitions.connector(id)? else { return Ok(()) };
    if located.kind == LayerKind::BuiltIn || !seen.insert(id.to_owned()) {
        return Ok(());
    }
    let layer = definitions.layers().find(|layer| layer.path == located.path);
    let cut = layer.and_then(|layer| own::cut(&layer.text, Family::Connectors, id)).unwrap_or_default();
    text.push_str(&format!("\n{cut}"));
    match &located.value.extends {
        Some(parent) if parent != id => needed(definitions, parent, seen, text),
        _ => Ok(()),
    }
}
