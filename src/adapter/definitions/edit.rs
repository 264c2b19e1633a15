//! Changes to one file. What is not meant stays as it was written, comments and order included.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, TableLike};

use super::document::{assign, assign_one, entry, family, like, new_table, remove};
use super::{read, replace};
use crate::base::{ConnectorId, LinkName, Text};
use crate::model::{Connection, ConnectionKind};
use crate::port::{DefinitionFile, EditError};

/// A `connectors.toml` on disk.
#[derive(Clone, Debug)]
pub struct DefinitionFileOnDisk {
    path: PathBuf,
}

impl DefinitionFileOnDisk {
    /// The file at this path; it is made by the first change.
    #[must_use]
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Changes the text under the lock; `None` from `change` leaves the file alone.
    fn edit<T>(
        &self,
        change: impl FnOnce(&str) -> Result<(Option<String>, T), EditError>,
    ) -> Result<T, EditError> {
        let path = replace::target(&self.path)?;
        let _lock = replace::lock(&path)?;
        let old = read(&path).map_err(|error| refused(&error))?.unwrap_or_default();
        let (new, outcome) = change(&old)?;
        if let Some(new) = new.filter(|new| *new != old) {
            replace::replace(&path, &new)?;
        }
        Ok(outcome)
    }

    /// Changes the document under the lock; `false` from `change` leaves the file alone.
    fn edit_document(
        &self,
        change: impl FnOnce(&mut DocumentMut) -> Result<bool, EditError>,
    ) -> Result<bool, EditError> {
        self.edit(|old| {
            let mut document = self.parse(old)?;
            let changed = change(&mut document)?;
            Ok((changed.then(|| like(old, &document.to_string())), changed))
        })
    }

    fn parse(&self, text: &str) -> Result<DocumentMut, EditError> {
        crate::config::check_syntax(&self.path, text).map_err(|error| refused(&error))?;
        text.parse().map_err(|_| self.fault("CONN-CFG-SYNTAX", NOT_TOML))
    }

    fn fault(&self, code: &'static str, message: Text) -> EditError {
        replace::fault(&self.path, code, message)
    }
}

impl DefinitionFile for DefinitionFileOnDisk {
    fn path(&self) -> &Path {
        &self.path
    }

    fn put_connection(&self, link_name: &LinkName, connection: &Connection) -> Result<(), EditError> {
        let mut wanted =
            toml::Table::try_from(connection).map_err(|_| self.fault("CONN-SELF-BUG", NOT_TOML))?;
        // A name that is the same in every language is written once.
        if let Some(name) = connection.name.as_ref().filter(|name| name.en == name.ja) {
            wanted.insert("name".to_owned(), name.en.clone().into());
        }
        self.edit_document(|document| {
            let family =
                family(document, "connections").ok_or_else(|| self.fault("CONN-CFG-SCHEMA", NO_TABLE))?;
            let table =
                entry(family, link_name.as_str()).ok_or_else(|| self.fault("CONN-CFG-SCHEMA", NO_TABLE))?;
            let silent = connection.kind == ConnectionKind::default() && !table.contains_key("kind");
            assign(table, &wanted, if silent { &["kind"] } else { &[] });
            Ok(true)
        })
        .map(|_| ())
    }

    fn remove_connection(&self, link_name: &str) -> Result<bool, EditError> {
        self.edit_document(|document| Ok(remove(document, "connections", link_name)))
    }

    fn rename_connection(&self, from: &str, to: &LinkName) -> Result<bool, EditError> {
        self.edit_document(|document| {
            let Some(family) = document.get_mut("connections").and_then(Item::as_table_like_mut) else {
                return Ok(false);
            };
            if !family.contains_key(from) || from == to.as_str() {
                return Ok(family.contains_key(from));
            }
            if family.contains_key(to.as_str()) {
                return Err(self.fault("CONN-CFG-LINKNAME-DUP", TAKEN));
            }
            let item = family.remove(from).unwrap_or_default();
            family.insert(to.as_str(), item);
            Ok(true)
        })
    }

    fn put_connector(&self, id: &ConnectorId, fragment: &str) -> Result<(), EditError> {
        self.edit(|old| {
            let mut document = self.parse(old)?;
            let rest = if remove(&mut document, "connectors", id.as_str()) {
                document.to_string()
            } else {
                old.to_owned()
            };
            let gap = if rest.trim().is_empty() { "" } else { "\n" };
            let joined = format!("{}\n{gap}{}\n", rest.trim_end(), fragment.trim());
            let joined = like(old, joined.trim_start_matches('\n'));
            let whole = self.parse(&joined)?;
            let found = whole.get("connectors").and_then(|all| all.get(id.as_str()));
            found.ok_or_else(|| self.fault("CONN-SELF-BUG", NO_TABLE))?;
            Ok((Some(joined), ()))
        })
    }

    fn remove_connector(&self, id: &str) -> Result<bool, EditError> {
        self.edit_document(|document| Ok(remove(document, "connectors", id)))
    }

    fn set_value(&self, keys: &[&str], text: &str) -> Result<(), EditError> {
        let wrong = || self.fault("CONN-CFG-SCHEMA", NO_TABLE);
        self.edit_document(|document| {
            let (last, tables) = keys.split_last().ok_or_else(wrong)?;
            let mut table: &mut dyn TableLike = document.as_table_mut();
            for (depth, key) in tables.iter().enumerate() {
                let fresh = || Item::Table(new_table(depth == 0, depth > 1));
                table = table.entry(key).or_insert_with(fresh).as_table_like_mut().ok_or_else(wrong)?;
            }
            assign_one(table, last, &toml::Value::String(text.to_owned()));
            Ok(true)
        })
        .map(|_| ())
    }
}

fn refused(error: &crate::config::ConfigError) -> EditError {
    let first = error.mistakes.first();
    let place = first.map_or_else(|| "?".to_owned(), |mistake| mistake.line.to_string());
    let message = first.map(|mistake| mistake.message.clone()).unwrap_or_default();
    let line = Text::new("line {line}: {message}", "{line}行目: {message}");
    let en = line.fill(&[("line", &place), ("message", &message.en)]).en;
    let ja = line.fill(&[("line", &place), ("message", &message.ja)]).ja;
    EditError {
        path: first.map(|mistake| mistake.path.clone()).unwrap_or_default(),
        code: error.code(),
        message: crate::base::Phrase { en, ja },
    }
}

const NOT_TOML: Text = Text::new("the text is not valid TOML", "TOMLとして読み取れません");
const NO_TABLE: Text =
    Text::new("a table of this name has another form", "この名前のテーブルの形式が異なります");
const TAKEN: Text = Text::new("the new link name is already taken", "新しいリンク名はすでに使われています");

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;
    use std::sync::{Arc, Barrier};
    use std::thread;

    use super::DefinitionFileOnDisk;
    use crate::model::Connection;
    use crate::port::DefinitionFile as _;

    const OLD: &str = "\
# Everything of ours.

# The main one; ask Aiko.
[connections.main]
connector = \"zoho\"   # the CRM
vars.host = 'a.test' # old host

# Second.
[connections.second]
connector = \"other\"
[connections.second.vars]
host = \"b.test\"

[connectors.mine]
base = \"https://a.test\"
";

    fn file(text: &str) -> (tempfile::TempDir, PathBuf, DefinitionFileOnDisk) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("connectors.toml");
        fs::write(&path, text).unwrap();
        (home, path.clone(), DefinitionFileOnDisk::new(path))
    }

    fn connection(connector: &str, host: &str) -> Connection {
        Connection {
            connector: connector.into(),
            vars: [("host".to_owned(), host.to_owned())].into_iter().collect(),
            ..Connection::default()
        }
    }

    #[test]
    fn a_change_touches_only_what_differs() {
        let (_home, path, file) = file(OLD);
        file.put_connection(&"main".parse().unwrap(), &connection("zoho", "new.test")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, OLD.replace("'a.test' # old host", "\"new.test\" # old host"));
        file.put_connection(&"second".parse().unwrap(), &connection("other", "b.test")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text, "nothing differs");
        file.set_value(&["connections", "second", "vars", "host"], "c.test").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text.replace("b.test", "c.test"));
    }

    #[test]
    fn a_new_connection_stands_after_the_others_and_reads_well() {
        let (_home, path, file) = file(OLD);
        file.put_connection(&"third".parse().unwrap(), &connection("zoho", "c.test")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let block = "\n[connections.third]\nconnector = \"zoho\"\nvars.host = \"c.test\"\n";
        assert!(text.contains(block), "{text}");
        assert_eq!(text.replace(block, ""), OLD);
    }

    #[test]
    fn the_first_change_makes_the_file_for_its_owner_only() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/config/connectors.toml");
        let file = DefinitionFileOnDisk::new(path.clone());
        file.put_connection(&"main".parse().unwrap(), &connection("zoho", "a.test")).unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap().trim_start(),
            "[connections.main]\nconnector = \"zoho\"\nvars.host = \"a.test\"\n"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&path), 0o600);
            assert_eq!(mode(path.parent().unwrap()), 0o700);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
            file.remove_connection("main").unwrap();
            assert_eq!(mode(&path), 0o644, "the mode is kept");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_place_of_the_lock_is_not_followed() {
        let (home, path, file) = file(OLD);
        let elsewhere = home.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, home.path().join(".connectors.toml.lock")).unwrap();
        assert_eq!(file.remove_connection("main").unwrap_err().code, "CONN-SELF-STATE");
        assert!(!elsewhere.exists());
        assert_eq!(fs::read_to_string(&path).unwrap(), OLD);
    }

    #[test]
    fn removing_takes_the_comment_above_and_leaves_the_paragraph_before_it() {
        let (_home, path, file) = file(OLD);
        assert!(file.remove_connection("main").unwrap());
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# Everything of ours.\n\n# Second.\n[connections.second]\n"), "{text}");
        assert!(!text.contains("Aiko"));
        assert!(!file.remove_connection("main").unwrap());
        assert!(file.remove_connection("second").unwrap());
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# Everything of ours.\n") && !text.contains("b.test"), "{text}");
    }

    #[test]
    fn renaming_keeps_place_and_comments() {
        let (_home, path, file) = file(OLD);
        assert!(file.rename_connection("second", &"zweite".parse().unwrap()).unwrap());
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            OLD.replace("connections.second", "connections.zweite")
        );
        let taken = file.rename_connection("main", &"zweite".parse().unwrap()).unwrap_err();
        assert_eq!(taken.code, "CONN-CFG-LINKNAME-DUP");
        assert!(!file.rename_connection("absent", &"x".parse().unwrap()).unwrap());
    }

    #[test]
    fn a_connector_is_written_as_it_stands_and_replaced_whole() {
        let (_home, path, file) = file(OLD);
        let fragment = "# Made by hand.\n[connectors.new]\nbase = 'https://n.test' # here\n[connectors.new.test]\nrequest = 'GET /'\n";
        file.put_connector(&"new".parse().unwrap(), fragment).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{OLD}\n{fragment}"));
        file.put_connector(&"new".parse().unwrap(), "[connectors.new]\nbase = 'https://m.test'\n").unwrap();
        assert_eq!(
            fs::read_to_string(&path).unwrap(),
            format!("{OLD}\n[connectors.new]\nbase = 'https://m.test'\n")
        );
        assert!(file.put_connector(&"x".parse().unwrap(), "[connectors.mine]\n").is_err());
        assert!(file.remove_connector("new").unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), OLD);
    }

    #[test]
    fn line_ends_and_byte_order_marks_stay() {
        let old = format!("\u{feff}{}", OLD.replace('\n', "\r\n"));
        let (_home, path, file) = file(&old);
        file.set_value(&["connections", "main", "vars", "host"], "n.test").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), old.replace("'a.test'", "\"n.test\""));
    }

    #[test]
    fn a_broken_file_is_left_alone_and_its_content_is_not_told() {
        let (_home, path, file) = file("[connections.a]\nsecrets.k = sk_live_planted\n");
        let error = file.put_connection(&"b".parse().unwrap(), &connection("x", "y")).unwrap_err();
        assert_eq!(error.code, "CONN-CFG-SYNTAX");
        assert!(!format!("{error} {error:?}").contains("planted"));
        assert!(fs::read_to_string(&path).unwrap().contains("planted"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_target_is_changed() {
        let (home, path, _) = file(OLD);
        let link = home.path().join("link.toml");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        DefinitionFileOnDisk::new(link.clone()).remove_connection("main").unwrap();
        assert!(link.is_symlink() && !fs::read_to_string(&path).unwrap().contains("Aiko"));
        std::os::unix::fs::symlink(home.path().join("nowhere"), home.path().join("dangling")).unwrap();
        let dangling = DefinitionFileOnDisk::new(home.path().join("dangling"));
        assert!(dangling.put_connection(&"a".parse().unwrap(), &connection("x", "y")).is_err());
    }

    #[test]
    fn editors_at_the_same_time_lose_nothing_and_readers_see_whole_files() {
        const EDITORS: usize = 8;
        let (home, path, file) = file(OLD);
        let start = Arc::new(Barrier::new(EDITORS + 1));
        let editors: Vec<_> = (0..EDITORS)
            .map(|number| {
                let (file, start) = (file.clone(), Arc::clone(&start));
                thread::spawn(move || {
                    start.wait();
                    for round in 0..5 {
                        let name = format!("e{number}-{round}").parse().unwrap();
                        file.put_connection(&name, &connection("zoho", "a.test")).unwrap();
                    }
                })
            })
            .collect();
        start.wait();
        while !editors.iter().all(thread::JoinHandle::is_finished) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.parse::<toml::Table>().is_ok(), "a reader saw a part");
        }
        for editor in editors {
            editor.join().unwrap();
        }
        let text: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        assert_eq!(text["connections"].as_table().unwrap().len(), 2 + EDITORS * 5);
        let left: Vec<_> =
            fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "only the file and its lock: {left:?}");
    }
}
