//! The keys that open a vault: a passphrase, a key file, or a key in the operating system's keyring.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use zeroize::Zeroizing;

use super::envelope::{Content, DataKey, Derivation, Envelope, Kind, Wrapped, fill, wrapping_place};
use super::refused;
use crate::adapter::private_file;
use crate::base::Secret;
use crate::port::{ItemKey, SecretStore, StoreFault};

/// What a passphrase is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassphraseFor {
    /// A new vault: it is chosen now.
    NewVault,
    /// An existing vault.
    OpenVault,
}

/// Gives the passphrase, from the environment or from the person; `None` where there is none.
pub type Passphrase = Box<dyn Fn(PassphraseFor) -> Option<Secret> + Send + Sync>;

/// What opens a vault.
pub enum VaultKey {
    /// A passphrase, and what deriving a key from it costs in a new vault.
    Passphrase(Passphrase, Cost),
    /// A file of 32 bytes or more that only this user can read.
    KeyFile(PathBuf),
    /// A random key, kept in this store under the vault's id.
    Keyring(Arc<dyn SecretStore>),
}

/// What deriving a key from a passphrase costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// KiB of memory.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

/// A guess costs about a tenth of a second and 64 MiB.
impl Default for Cost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3 }
    }
}

/// A file may not ask for more than this: 1 GiB and 32 passes.
const DEAREST: Cost = Cost { memory_kib: 1024 * 1024, passes: 32 };
const SHORTEST_KEY_FILE: usize = 32;
const LONGEST_KEY_FILE: u64 = 64 * 1024;

impl VaultKey {
    const fn kind(&self) -> Kind {
        match self {
            Self::Passphrase(..) => Kind::Passphrase,
            Self::KeyFile(_) => Kind::KeyFile,
            Self::Keyring(_) => Kind::Keyring,
        }
    }
}

/// Unwraps the data key of an existing vault.
pub(super) fn open(keys: &[VaultKey], envelope: &Envelope) -> Result<DataKey, StoreFault> {
    let wrapped = envelope.key();
    let key = keys.iter().find(|key| key.kind() == wrapped.kind).ok_or(StoreFault::NoKey)?;
    let wrapping = match key {
        VaultKey::Passphrase(ask, _) => {
            let derivation = wrapped.argon2id.as_ref().ok_or_else(|| corrupt("its key has no parameters"))?;
            derive(&ask(PassphraseFor::OpenVault).ok_or(StoreFault::NoKey)?, derivation)?
        }
        VaultKey::KeyFile(path) => from_file(path)?,
        VaultKey::Keyring(store) => from_keyring(store.as_ref(), envelope.id())?.ok_or(StoreFault::NoKey)?,
    };
    let place = wrapping_place(envelope.id(), wrapped.kind, wrapped.argon2id.as_ref());
    let bytes = wrapping.open(&place, &wrapped.sealed).ok_or(StoreFault::WrongKey)?;
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| corrupt("its key has the wrong length"))?;
    Ok(DataKey::from_bytes(Zeroizing::new(bytes)))
}

/// Makes a new vault, opened by the first key.
pub(super) fn create(keys: &[VaultKey]) -> Result<(Envelope, DataKey), StoreFault> {
    let key = keys.first().ok_or(StoreFault::NoKey)?;
    let id = random_id()?;
    let mut argon2id = None;
    let wrapping = match key {
        VaultKey::Passphrase(ask, cost) => {
            let passphrase = ask(PassphraseFor::NewVault).ok_or(StoreFault::NoKey)?;
            let derivation = new_derivation(*cost)?;
            let wrapping = derive(&passphrase, &derivation)?;
            argon2id = Some(derivation);
            wrapping
        }
        VaultKey::KeyFile(path) => from_file(path)?,
        VaultKey::Keyring(store) => into_keyring(store.as_ref(), &id)?,
    };
    let data_key = DataKey::random()?;
    let place = wrapping_place(&id, key.kind(), argon2id.as_ref());
    let sealed = wrapping.seal(&place, data_key.bytes())?;
    let content = Content::empty(id, Wrapped { kind: key.kind(), argon2id, sealed });
    Ok((content.into_envelope(&data_key)?, data_key))
}

fn new_derivation(cost: Cost) -> Result<Derivation, StoreFault> {
    let mut salt = [0; 16];
    fill(&mut salt)?;
    Ok(Derivation { salt: STANDARD.encode(salt), memory_kib: cost.memory_kib, passes: cost.passes, lanes: 1 })
}

fn derive(passphrase: &Secret, derivation: &Derivation) -> Result<DataKey, StoreFault> {
    if derivation.memory_kib > DEAREST.memory_kib
        || derivation.passes > DEAREST.passes
        || derivation.lanes > 16
    {
        return Err(corrupt("its key asks for more memory or time than conn ever uses"));
    }
    let salt = STANDARD.decode(&derivation.salt).map_err(|_| corrupt("its salt cannot be read"))?;
    let params = Params::new(derivation.memory_kib, derivation.passes, derivation.lanes, Some(32));
    let params = params.map_err(|_| corrupt("its key has impossible parameters"))?;
    let mut bytes = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), &salt, bytes.as_mut())
        .map_err(|_| corrupt("its key has impossible parameters"))?;
    Ok(DataKey::from_bytes(bytes))
}

fn from_file(path: &Path) -> Result<DataKey, StoreFault> {
    let bytes = private_file::read(path, LONGEST_KEY_FILE).map_err(refused)?;
    let bytes = bytes.ok_or_else(|| StoreFault::NoKeyFile(path.display().to_string()))?;
    let bytes = Zeroizing::new(bytes);
    // An editor's line end at the end is not part of the key.
    let bytes = bytes.trim_ascii();
    if bytes.len() < SHORTEST_KEY_FILE {
        return Err(corrupt(&format!("the key file {} has fewer than 32 bytes", path.display())));
    }
    // One hash makes a key of any file: its bytes are random, not chosen by a person.
    let salt = hmac::Key::new(hmac::HMAC_SHA256, b"conn vault key file");
    Ok(key_of(hmac::sign(&salt, bytes).as_ref()))
}

fn item_of(vault: &str) -> ItemKey {
    ItemKey { account: Some(vault.to_owned()), ..ItemKey::current("conn-vault", "production") }
}

fn from_keyring(store: &dyn SecretStore, vault: &str) -> Result<Option<DataKey>, StoreFault> {
    let Some(secret) = store.get(&item_of(vault)).map_err(|error| error.fault)? else {
        return Ok(None);
    };
    let damaged = || corrupt("the vault's key in the keyring is damaged");
    let value: KeyringItem = serde_json::from_str(secret.expose()).map_err(|_| damaged())?;
    let bytes = Zeroizing::new(STANDARD.decode(value.key.as_bytes()).map_err(|_| damaged())?);
    if bytes.len() == 32 { Ok(Some(key_of(&bytes))) } else { Err(damaged()) }
}

fn into_keyring(store: &dyn SecretStore, vault: &str) -> Result<DataKey, StoreFault> {
    let key = DataKey::random()?;
    let item = KeyringItem { key: Zeroizing::new(STANDARD.encode(key.bytes())) };
    let text = serde_json::to_string(&item).map_err(|error| StoreFault::Io(error.to_string()))?;
    store.put(&item_of(vault), &Secret::new(text)).map_err(|error| error.fault)?;
    Ok(key)
}

#[derive(serde::Serialize, serde::Deserialize)]
struct KeyringItem {
    #[serde(with = "wiped")]
    key: Zeroizing<String>,
}

mod wiped {
    use serde::{Deserialize as _, Deserializer, Serializer};
    use zeroize::Zeroizing;

    pub(super) fn serialize<S: Serializer>(
        key: &Zeroizing<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(key)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Zeroizing<String>, D::Error> {
        String::deserialize(deserializer).map(Zeroizing::new)
    }
}

fn key_of(bytes: &[u8]) -> DataKey {
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(bytes);
    DataKey::from_bytes(key)
}

fn random_id() -> Result<String, StoreFault> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

fn corrupt(why: &str) -> StoreFault {
    StoreFault::Damaged(why.to_owned())
}
