//! Every field of `connectors.toml` as Markdown, made from the schema, so that none can be forgotten.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::schema;

const HEAD: &str = "\
# The fields of connectors.toml

Written by `conn generate fields` from the same types that read the file; `conn generate schema` has them for editors.
A *template* is a text with places such as `{host}` or `{key|base64}`; a *text* is the same in every language, or
`{ en = \"…\", ja = \"…\" }`.

`conn generate fields` がこの表を出力します（説明は英語です）。エディター用には `conn generate schema` を使えます。
";

/// The whole page: the tables of the file from the outermost to the innermost.
#[must_use]
pub fn markdown() -> String {
    let root = schema::schema();
    let mut page = format!("{HEAD}\n");
    let mut waiting: Vec<String> = vec!["Connector".to_owned(), "Connection".to_owned()];
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    while !waiting.is_empty() {
        let name = waiting.remove(0);
        let definition = &root["$defs"][&name];
        let Some(fields) = definition["properties"].as_object() else { continue };
        let _ = write!(
            page,
            "## {}\n\n{}\n\n| Field | Value | Meaning |\n|---|---|---|\n",
            title(&name),
            place(&name, definition)
        );
        for (field, shape) in fields {
            let meaning = one_line(&shape["description"]);
            let _ = writeln!(page, "| `{field}` | {} | {meaning} |", value(&root, shape));
            for inner in tables(&root, shape) {
                if seen.insert(inner.clone()) {
                    waiting.push(inner);
                }
            }
        }
        page.push('\n');
    }
    page.trim_end().to_owned() + "\n"
}

/// What the tables of the format are called here.
fn title(name: &str) -> &str {
    match name {
        "Table" => "Parameter",
        "ScopeTable" => "Scope",
        name => name,
    }
}

/// Where a table stands, and what it is.
fn place(name: &str, definition: &Json) -> String {
    let meaning = one_line(&definition["description"]);
    match name {
        "Connector" => format!("`[connectors.ID]`. {meaning}"),
        "Connection" => format!("`[connections.LINK_NAME]`. {meaning}"),
        _ => meaning,
    }
}

fn one_line(text: &Json) -> String {
    text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The tables that a value leads to.
fn tables(root: &Json, shape: &Json) -> Vec<String> {
    if let Some(name) = named(shape) {
        let definition = &root["$defs"][name];
        if definition["properties"].is_object() {
            return vec![name.to_owned()];
        }
        return tables(root, definition);
    }
    let parts = ["anyOf", "oneOf"].iter().filter_map(|key| shape[*key].as_array()).flatten();
    let inner =
        [&shape["items"], &shape["additionalProperties"]].into_iter().filter(|inner| inner.is_object());
    parts.chain(inner).flat_map(|part| tables(root, part)).collect()
}

fn named(shape: &Json) -> Option<&str> {
    shape["$ref"].as_str()?.strip_prefix("#/$defs/")
}

/// What a field takes, in a few words.
fn value(root: &Json, shape: &Json) -> String {
    if let Some(name) = named(shape) {
        let definition = &root["$defs"][name];
        return match name {
            "Phrase" => "text".to_owned(),
            "Template" => "template".to_owned(),
            "SecretSource" => "source".to_owned(),
            _ if definition["properties"].is_object() => {
                format!("[{}](#{})", title(name), title(name).to_ascii_lowercase())
            }
            _ => value(root, definition),
        };
    }
    let choices = choices(shape);
    if !choices.is_empty() {
        return choices.join(" ");
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(parts) = shape[key].as_array() {
            let mut words: Vec<String> = parts.iter().map(|part| value(root, part)).collect();
            words.dedup();
            return words.join(" or ");
        }
    }
    match shape["type"].as_str() {
        Some("array") => format!("list of {}", value(root, &shape["items"])),
        Some("object") if shape["additionalProperties"].is_object() => {
            format!("name = {}", value(root, &shape["additionalProperties"]))
        }
        Some("object") => "table".to_owned(),
        Some("boolean") => "`true` `false`".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("string") => "string".to_owned(),
        _ => "value".to_owned(),
    }
}

/// The words that may stand there, where only certain ones may.
fn choices(shape: &Json) -> Vec<String> {
    let quoted = |word: &Json| word.as_str().map(|word| format!("`{word}`"));
    if let Some(words) = shape["enum"].as_array() {
        return words.iter().filter_map(quoted).collect();
    }
    let parts = shape["oneOf"].as_array().into_iter().flatten();
    let words: Option<Vec<Vec<String>>> = parts
        .map(|part| {
            let own = quoted(&part["const"]).map(|word| vec![word]);
            own.or_else(|| Some(choices(part)).filter(|words| !words.is_empty()))
        })
        .collect();
    words.unwrap_or_default().concat()
}

#[cfg(test)]
mod tests {
    use super::{markdown, title};
    use crate::config::schema;

    #[test]
    fn the_page_of_fields_is_current_and_names_every_field_with_its_meaning() {
        let made = markdown();
        let kept = include_str!("../../examples/fields.md");
        assert!(made == kept, "write it anew: conn generate fields > examples/fields.md");
        let root = schema::schema();
        let definitions = root["$defs"].as_object().unwrap();
        for (name, definition) in definitions {
            for (field, _) in definition["properties"].as_object().into_iter().flatten() {
                let section =
                    made.split(&format!("\n## {}\n", title(name))).nth(1).unwrap_or_else(|| panic!("{name}"));
                let section = section.split("\n## ").next().unwrap();
                let row = section.lines().find(|line| line.starts_with(&format!("| `{field}` |")));
                let row = row.unwrap_or_else(|| panic!("{name}.{field}"));
                assert!(!row.ends_with("|  |"), "{name}.{field} has no meaning");
            }
        }
    }
}
