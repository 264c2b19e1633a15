//! Surgery on a parsed file that leaves everything else as it was written.

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

pub(super) fn new_table(implicit: bool, dotted: bool) -> Table {
    let mut table = Table::new();
    table.set_implicit(implicit);
    table.set_dotted(dotted);
    table
}

pub(super) fn family<'d>(document: &'d mut DocumentMut, name: &str) -> Option<&'d mut dyn TableLike> {
    document.entry(name).or_insert_with(|| Item::Table(new_table(true, false))).as_table_like_mut()
}

pub(super) fn entry<'f>(family: &'f mut dyn TableLike, name: &str) -> Option<&'f mut dyn TableLike> {
    if !family.contains_key(name) {
        let mut table = new_table(false, false);
        table.decor_mut().set_prefix("\n");
        family.insert(name, Item::Table(table));
    }
    family.get_mut(name).and_then(Item::as_table_like_mut)
}

/// Makes a table hold exactly `wanted`, touching only what differs.
pub(super) fn assign(table: &mut dyn TableLike, wanted: &toml::Table, silent: &[&str]) {
    let gone: Vec<String> =
        table.iter().map(|(key, _)| key.to_owned()).filter(|key| !wanted.contains_key(key)).collect();
    for key in gone {
        table.remove(&key);
    }
    for (key, wanted) in wanted {
        if !silent.contains(&key.as_str()) {
            assign_one(table, key, wanted);
        }
    }
}

pub(super) fn assign_one(table: &mut dyn TableLike, key: &str, wanted: &toml::Value) {
    if let toml::Value::Table(wanted) = wanted {
        let fresh = || Item::Table(new_table(false, true));
        if let Some(inner) = table.entry(key).or_insert_with(fresh).as_table_like_mut() {
            return assign(inner, wanted, &[]);
        }
    }
    let mut fresh = to_edit(wanted);
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                if old.to_string().trim() == fresh.to_string().trim() {
                    return;
                }
                *fresh.decor_mut() = old.decor().clone();
            }
            *item = value(fresh);
        }
        None => {
            table.insert(key, value(fresh));
        }
    }
}

fn to_edit(wanted: &toml::Value) -> toml_edit::Value {
    match wanted {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(flag) => (*flag).into(),
        toml::Value::Datetime(moment) => moment.to_string().into(),
        toml::Value::Array(list) => list.iter().map(to_edit).collect::<toml_edit::Array>().into(),
        toml::Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| (key.as_str(), to_edit(value)));
            pairs.collect::<toml_edit::InlineTable>().into()
        }
    }
}

/// Takes one table out. A comment right above it goes with it; paragraphs before that stay.
pub(super) fn remove(document: &mut DocumentMut, family: &str, name: &str) -> bool {
    let Some(tables) = document.get_mut(family).and_then(Item::as_table_like_mut) else { return false };
    let Some(item) = tables.remove(name) else { return false };
    if let Some(table) = item.as_table()
        && let Some(paragraphs) =
            table.decor().prefix().and_then(|prefix| prefix.as_str()).and_then(paragraphs)
    {
        keep_above(document, table.position(), &paragraphs);
    }
    true
}

/// What stands in a comment before its last paragraph.
fn paragraphs(prefix: &str) -> Option<String> {
    let text = prefix.trim_end_matches([' ', '\t']);
    let (above, _) = text.rsplit_once("\n\n")?;
    above.contains('#').then(|| format!("{above}\n"))
}

/// Puts a comment above the table that follows a position, or at the end.
fn keep_above(document: &mut DocumentMut, position: Option<isize>, comment: &str) {
    let next = next_table(document.as_table_mut(), position.unwrap_or(0));
    if let Some(table) = next {
        let old = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned();
        table.decor_mut().set_prefix(format!("{comment}\n{}", old.trim_start_matches('\n')));
    } else {
        let old = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{comment}{old}"));
    }
}

fn next_table(root: &mut Table, after: isize) -> Option<&mut Table> {
    let mut found: Vec<(isize, &mut Table)> = Vec::new();
    collect(root, &mut found);
    found
        .into_iter()
        .filter(|(position, _)| *position > after)
        .min_by_key(|(position, _)| *position)
        .map(|(_, t)| t)
}

fn collect<'t>(table: &'t mut Table, found: &mut Vec<(isize, &'t mut Table)>) {
    for (_, item) in table.iter_mut() {
        if let Item::Table(inner) = item {
            match inner.position() {
                Some(position) if !inner.is_implicit() && !inner.is_dotted() => found.push((position, inner)),
                _ => collect(inner, found),
            }
        }
    }
}

/// A text with the line ends and the byte order mark of another.
pub(super) fn like(old: &str, new: &str) -> String {
    let unix = new.replace("\r\n", "\n");
    let ended = if old.contains("\r\n") { unix.replace('\n', "\r\n") } else { unix };
    if old.starts_with('\u{feff}') && !ended.starts_with('\u{feff}') {
        format!("\u{feff}{ended}")
    } else {
        ended
    }
}
