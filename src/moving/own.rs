//! Parts of `connectors.toml`, cut out and put together as they were written.

use toml_edit::{DocumentMut, Item, Table, TableLike};

/// The families of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// `[connectors.ID]`
    Connectors,
    /// `[connections.LINK_NAME]`
    Connections,
}

impl Family {
    const fn key(self) -> &'static str {
        match self {
            Self::Connectors => "connectors",
            Self::Connections => "connections",
        }
    }
}

/// The names in a family of a text; none where it is no TOML.
#[must_use]
pub fn names(text: &str, family: Family) -> Vec<String> {
    let Ok(document) = text.parse::<DocumentMut>() else { return Vec::new() };
    let table = document.get(family.key()).and_then(Item::as_table_like);
    table.map(|table| table.iter().map(|(name, _)| name.to_owned()).collect()).unwrap_or_default()
}

/// One definition of a text, alone, comments included.
#[must_use]
pub fn cut(text: &str, family: Family, name: &str) -> Option<String> {
    let document: DocumentMut = text.parse().ok()?;
    let item = document.get(family.key())?.as_table_like()?.get(name)?.clone();
    Some(alone(family, name, item))
}

fn alone(family: Family, name: &str, item: Item) -> String {
    let mut outer = Table::new();
    outer.set_implicit(true);
    outer.insert(name, item);
    let mut document = DocumentMut::new();
    document.insert(family.key(), Item::Table(outer));
    let text = document.to_string();
    format!("{}\n", text.trim_matches('\n'))
}

/// A connection without what only this machine can do: commands that print a secret. Their parameters are named.
#[must_use]
pub fn without_commands(text: &str, name: &str) -> (String, Vec<String>) {
    let Ok(mut document) = text.parse::<DocumentMut>() else { return (text.to_owned(), Vec::new()) };
    let mut gone = Vec::new();
    let secrets = document
        .get_mut(Family::Connections.key())
        .and_then(Item::as_table_like_mut)
        .and_then(|table| table.get_mut(name))
        .and_then(Item::as_table_like_mut)
        .and_then(|table| table.get_mut("secrets"))
        .and_then(Item::as_table_like_mut);
    if let Some(secrets) = secrets {
        gone = commands(secrets);
        for key in &gone {
            secrets.remove(key);
        }
    }
    (document.to_string(), gone)
}

fn commands(secrets: &dyn TableLike) -> Vec<String> {
    let is_command = |item: &Item| item.as_str().is_some_and(|source| source.starts_with("command:"));
    secrets.iter().filter(|(_, item)| is_command(item)).map(|(key, _)| key.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Family, cut, names, without_commands};

    const TEXT: &str = "\
# Ask Aiko.
[connections.main] # the CRM
connector = \"zoho\"
vars.host = 'a.test'
secrets.key = \"command:echo hunter2\"
secrets.other = \"env:OTHER\"

[connectors.mine]
base = \"https://a.test\"
[connectors.mine.auth.key]
kind = \"none\"
[connections.second]
connector = \"other\"
";

    #[test]
    fn one_definition_is_cut_out_as_it_was_written() {
        assert_eq!(names(TEXT, Family::Connections), ["main", "second"]);
        let mine = cut(TEXT, Family::Connectors, "mine").unwrap();
        assert_eq!(
            mine,
            "[connectors.mine]\nbase = \"https://a.test\"\n[connectors.mine.auth.key]\nkind = \"none\"\n"
        );
        let main = cut(TEXT, Family::Connections, "main").unwrap();
        assert!(main.starts_with("# Ask Aiko.\n[connections.main] # the CRM\n"), "{main}");
        assert_eq!(cut(TEXT, Family::Connectors, "main"), None);
    }

    #[test]
    fn a_command_stays_on_its_machine() {
        let main = cut(TEXT, Family::Connections, "main").unwrap();
        let (text, gone) = without_commands(&main, "main");
        assert_eq!(gone, ["key"]);
        assert!(!text.contains("hunter2") && text.contains("env:OTHER"), "{text}");
    }
}
