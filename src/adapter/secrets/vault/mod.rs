//! A sealed file, for machines without a keyring and for values that a keyring does not take.
//!
//! The file is one JSON object. Every item is sealed on its own with the data key; the data key is wrapped
//! by the person's key. Whoever can write the file can replace it by an older copy of itself as a whole;
//! every smaller change is noticed.

mod envelope;
mod key;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use self::envelope::{Content, DataKey, Envelope};
pub use self::key::{Cost, Passphrase, PassphraseFor, VaultKey};
use crate::adapter::private_file::{self, Refusal};
use crate::base::{Phrase, Secret, Text, system_error};
use crate::port::{ItemKey, SecretStore, StoreError, StoreFault};

const NAME: &str = "vault";
/// More than ten thousand credentials of usual size.
const LONGEST_FILE: u64 = 64 * 1024 * 1024;
/// The longest value of one item.
const LONGEST_VALUE: usize = 1024 * 1024;
const LOCK_DEADLINE: Duration = Duration::from_secs(10);

/// The sealed file.
pub struct Vault {
    path: PathBuf,
    keys: Vec<VaultKey>,
    /// The data key of the wrapping that was opened last: deriving it is slow by design.
    opened: Mutex<Option<(String, DataKey)>>,
}

impl Vault {
    /// A vault in a file. The first key makes a new vault; the key of the kind that an existing file names
    /// opens it.
    #[must_use]
    pub fn new(path: &Path, keys: Vec<VaultKey>) -> Self {
        Self { path: path.to_owned(), keys, opened: Mutex::new(None) }
    }

    fn read(&self) -> Result<Option<(Envelope, DataKey)>, StoreFault> {
        let Some(bytes) = private_file::read(&self.path, LONGEST_FILE).map_err(refused)? else {
            return Ok(None);
        };
        let envelope = Envelope::parse(&bytes).map_err(|fault| self.placed(fault))?;
        let data_key = self.unwrap(&envelope).map_err(|fault| self.placed(fault))?;
        envelope.verify(&data_key).map_err(|fault| self.placed(fault))?;
        Ok(Some((envelope, data_key)))
    }

    /// Says which file is damaged.
    fn placed(&self, fault: StoreFault) -> StoreFault {
        match fault {
            StoreFault::Damaged(why) => StoreFault::Damaged(format!("{}: {why}", self.path.display())),
            other => other,
        }
    }

    fn unwrap(&self, envelope: &Envelope) -> Result<DataKey, StoreFault> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let wrapping = envelope.wrapping();
        if let Some((_, data_key)) = opened.as_ref().filter(|(known, _)| *known == wrapping) {
            return Ok(data_key.clone());
        }
        let data_key = key::open(&self.keys, envelope)?;
        *opened = Some((wrapping, data_key.clone()));
        Ok(data_key)
    }

    /// Changes the vault under its lock. The change says whether anything is to be written.
    fn change(
        &self,
        change: impl FnOnce(&mut Content, &DataKey) -> Result<bool, StoreFault>,
    ) -> Result<bool, StoreFault> {
        if let Some(folder) = self.path.parent() {
            private_file::make_folder(folder).map_err(|error| self.io(&error))?;
        }
        let _lock = private_file::lock(&self.path, LOCK_DEADLINE).map_err(|error| self.io(&error))?;
        let (envelope, data_key) = match self.read()? {
            Some(existing) => existing,
            None => key::create(&self.keys)?,
        };
        let mut content = envelope.into_content();
        let changed = change(&mut content, &data_key)?;
        if changed {
            let bytes = content.seal(&data_key)?;
            private_file::replace(&self.path, &bytes).map_err(|error| self.io(&error))?;
        }
        Ok(changed)
    }

    fn io(&self, error: &std::io::Error) -> StoreFault {
        refused_file(&self.path, error)
    }
}

impl SecretStore for Vault {
    fn name(&self) -> &'static str {
        NAME
    }

    fn get(&self, key: &ItemKey) -> Result<Option<Secret>, StoreError> {
        match self.read().map_err(failed)? {
            None => Ok(None),
            Some((envelope, data_key)) => envelope.open_item(key, &data_key).map_err(failed),
        }
    }

    fn put(&self, key: &ItemKey, value: &Secret) -> Result<(), StoreError> {
        if value.expose().len() > LONGEST_VALUE {
            return Err(failed(StoreFault::TooLong(LONGEST_VALUE)));
        }
        self.change(|content, data_key| content.put(key, value, data_key).map(|()| true)).map_err(failed)?;
        Ok(())
    }

    fn delete(&self, key: &ItemKey) -> Result<bool, StoreError> {
        if self.read().map_err(failed)?.is_none() {
            return Ok(false);
        }
        self.change(|content, _| Ok(content.delete(key))).map_err(failed)
    }

    fn describe(&self) -> Phrase {
        const WORDS: Text =
            Text::new("{path}, up to {limit} bytes per item", "{path}、1 件の上限 {limit} バイト");
        let (path, limit) = (self.path.display().to_string(), LONGEST_VALUE.to_string());
        WORDS.fill(&[("path", &path), ("limit", &limit)])
    }
}

const fn failed(fault: StoreFault) -> StoreError {
    StoreError { store: NAME, fault }
}

fn refused(refusal: Refusal) -> StoreFault {
    match refusal {
        Refusal::Exposed { .. } | Refusal::Foreign(_) | Refusal::Link(_) => {
            StoreFault::Exposed(refusal.to_string())
        }
        Refusal::NotAFile(_) | Refusal::TooLong { .. } => StoreFault::Damaged(refusal.to_string()),
        Refusal::Io { path, source } => refused_file(&path, &source),
    }
}

fn refused_file(path: &Path, error: &std::io::Error) -> StoreFault {
    const REFUSED: Text = Text::new("{path}: {reason}", "{path}: {reason}");
    let values = [("path", path.display().to_string().into()), ("reason", system_error::explained(error))];
    StoreFault::File(REFUSED.fill_phrases(&values))
}
