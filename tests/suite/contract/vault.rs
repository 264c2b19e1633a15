//! The sealed file: the common suite with each kind of key, and every way in which the file can be wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use conn::adapter::secrets::vault::{Cost, Vault, VaultKey};
use conn::base::{Phrase, Secret};
use conn::port::{ItemKey, SecretStore, StoreError, StoreFault};

use super::secrets::behaves_as_a_store;
use crate::support::set_mode;

const CHEAP: Cost = Cost { memory_kib: 64, passes: 1 };

fn passphrase(words: &'static str) -> VaultKey {
    VaultKey::Passphrase(Box::new(move |_| Some(Secret::new(words.to_owned()))), CHEAP)
}

fn key_file(folder: &Path) -> VaultKey {
    let path = folder.join("key");
    if !path.exists() {
        write_private(&path, b"0123456789abcdef0123456789abcdef-random");
    }
    VaultKey::KeyFile(path)
}

fn write_private(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    set_mode(path, 0o600);
}

/// A keyring that forgets with the test.
#[derive(Default)]
struct Remembered(Mutex<BTreeMap<ItemKey, String>>);

impl SecretStore for Remembered {
    fn name(&self) -> &'static str {
        "keyring"
    }

    fn get(&self, key: &ItemKey) -> Result<Option<Secret>, StoreError> {
        Ok(self.0.lock().unwrap().get(key).cloned().map(Secret::new))
    }

    fn put(&self, key: &ItemKey, value: &Secret) -> Result<(), StoreError> {
        self.0.lock().unwrap().insert(key.clone(), value.expose().to_owned());
        Ok(())
    }

    fn delete(&self, key: &ItemKey) -> Result<bool, StoreError> {
        Ok(self.0.lock().unwrap().remove(key).is_some())
    }

    fn describe(&self) -> Phrase {
        Phrase::default()
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("state").join("vault.json")
    }

    fn vault(&self, key: VaultKey) -> Vault {
        Vault::new(&self.file(), vec![key])
    }

    fn with_one_item() -> Self {
        let place = Self::new();
        place.vault(passphrase("right")).put(&acme(), &Secret::new("{\"k\":\"v-secret\"}".into())).unwrap();
        place
    }

    fn fault(&self, key: VaultKey) -> StoreFault {
        self.vault(key).get(&acme()).expect_err("the vault must be refused").fault
    }
}

fn acme() -> ItemKey {
    ItemKey::current("acme", "production")
}

#[test]
fn a_vault_behaves_as_a_store_with_every_kind_of_key() {
    let (by_words, by_file, by_keyring) = (Place::new(), Place::new(), Place::new());
    behaves_as_a_store(&|| Arc::new(by_words.vault(passphrase("correct horse"))));
    behaves_as_a_store(&|| Arc::new(by_file.vault(key_file(by_file.folder.path()))));
    let keyring: Arc<dyn SecretStore> = Arc::new(Remembered::default());
    behaves_as_a_store(&|| Arc::new(by_keyring.vault(VaultKey::Keyring(keyring.clone()))));
}

#[test]
fn the_file_shows_no_secret_and_belongs_to_its_user_alone() {
    let place = Place::with_one_item();
    let text = fs::read_to_string(place.file()).unwrap();
    assert!(!text.contains("v-secret") && text.contains("acme"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&place.file()), 0o600);
        assert_eq!(mode(place.file().parent().unwrap()), 0o700);
    }
    let names: Vec<_> =
        fs::read_dir(place.file().parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "the vault and its lock, no litter: {names:?}");
}

#[test]
fn a_wrong_key_and_a_missing_key_are_told_apart() {
    let place = Place::with_one_item();
    assert_eq!(place.fault(passphrase("wrong")), StoreFault::WrongKey);
    assert_eq!(place.fault(VaultKey::Passphrase(Box::new(|_| None), CHEAP)), StoreFault::NoKey);
    assert_eq!(
        place.fault(key_file(place.folder.path())),
        StoreFault::NoKey,
        "it was sealed with a passphrase"
    );
    let wrong = place.vault(passphrase("wrong")).put(&acme(), &Secret::new("{}".into())).unwrap_err();
    assert_eq!(wrong.fault, StoreFault::WrongKey);
    assert!(place.vault(passphrase("right")).get(&acme()).unwrap().is_some(), "the item is untouched");
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let place = Place::with_one_item();
    let whole = fs::read(place.file()).unwrap();
    let check = |bytes: &[u8], what: String| {
        write_private(&place.file(), bytes);
        let read = place.vault(passphrase("right")).get(&acme());
        assert!(
            matches!(&read, Err(error) if matches!(error.fault, StoreFault::Damaged(_))),
            "{what}: {read:?}"
        );
    };
    for position in 0..whole.len() * 8 {
        let mut bytes = whole.clone();
        bytes[position / 8] ^= 1 << (position % 8);
        check(&bytes, format!("bit {position}"));
    }
    for length in 0..whole.len() - 1 {
        check(&whole[..length], format!("cut to {length}"));
    }
}

#[test]
fn exchanged_items_are_noticed() {
    let place = Place::with_one_item();
    place.vault(passphrase("right")).put(&acme().before(), &Secret::new("{}".into())).unwrap();
    let mut file: serde_json::Value = serde_json::from_slice(&fs::read(place.file()).unwrap()).unwrap();
    let items = file["vault"]["items"].as_array_mut().unwrap();
    let first = items[0]["sealed"].take();
    items[0]["sealed"] = items[1]["sealed"].take();
    items[1]["sealed"] = first;
    write_private(&place.file(), &serde_json::to_vec(&file).unwrap());
    assert!(matches!(place.fault(passphrase("right")), StoreFault::Damaged(_)));
}

#[test]
fn a_vault_of_a_newer_version_is_left_alone() {
    let place = Place::with_one_item();
    let newer = fs::read_to_string(place.file()).unwrap().replace("conn.vault/1", "conn.vault/2");
    write_private(&place.file(), newer.as_bytes());
    let fault = place.fault(passphrase("right"));
    assert!(matches!(&fault, StoreFault::Damaged(why) if why.contains("newer")), "{fault}");
    assert!(place.vault(passphrase("right")).put(&acme(), &Secret::new("{}".into())).is_err());
    assert_eq!(fs::read_to_string(place.file()).unwrap(), newer);
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_reach_is_refused() {
    for mode in [0o640, 0o604, 0o620, 0o602] {
        let place = Place::with_one_item();
        set_mode(&place.file(), mode);
        assert!(matches!(place.fault(passphrase("right")), StoreFault::Exposed(_)), "{mode:o}");
    }
    let place = Place::with_one_item();
    let elsewhere = place.folder.path().join("elsewhere");
    fs::rename(place.file(), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, place.file()).unwrap();
    assert!(matches!(place.fault(passphrase("right")), StoreFault::Exposed(_)), "a link");

    let place = Place::new();
    let key = key_file(place.folder.path());
    set_mode(&place.folder.path().join("key"), 0o644);
    let refused = place.vault(key).put(&acme(), &Secret::new("{}".into())).unwrap_err();
    assert!(matches!(refused.fault, StoreFault::Exposed(_)), "a key file that others can read");
}

#[test]
fn a_key_file_that_is_short_or_missing_makes_no_vault() {
    let place = Place::new();
    let path = place.folder.path().join("key");
    let put = || place.vault(VaultKey::KeyFile(path.clone())).put(&acme(), &Secret::new("{}".into()));
    assert_eq!(put().unwrap_err().fault, StoreFault::NoKeyFile(path.display().to_string()));
    write_private(&path, b"short");
    assert!(matches!(put().unwrap_err().fault, StoreFault::Damaged(_)));
    assert!(!place.file().exists());
}
