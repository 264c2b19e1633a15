//! What the vault's file holds, and how it is sealed: XChaCha20-Poly1305 with random nonces.
//!
//! Each item is bound to its vault, key and generation, so that no item opens in another's place. The whole
//! file is bound by a tag of the data key, so that no item can be left out or put back. A plain checksum
//! tells a damaged file from a wrong key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::base::Secret;
use crate::port::{ItemKey, StoreFault};

const SCHEMA: &str = "conn.vault/1";
const NONCE: usize = 24;

/// A key of 32 bytes, wiped on drop.
#[derive(Clone)]
pub(super) struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    pub(super) fn random() -> Result<Self, StoreFault> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(bytes.as_mut())?;
        Ok(Self(bytes))
    }

    pub(super) const fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_ref()
    }

    /// Seals bytes for one place; the nonce comes first.
    pub(super) fn seal(&self, place: &[u8], plain: &[u8]) -> Result<String, StoreFault> {
        let mut sealed = vec![0; NONCE];
        fill(&mut sealed)?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        let payload = Payload { msg: plain, aad: place };
        let bytes = cipher
            .encrypt(XNonce::from_slice(&sealed), payload)
            .map_err(|_| StoreFault::Io("sealing failed".to_owned()))?;
        sealed.extend(bytes);
        Ok(STANDARD.encode(sealed))
    }

    /// Opens what was sealed with this key for this place; `None` for anything else.
    pub(super) fn open(&self, place: &[u8], sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE)?;
        let cipher = XChaCha20Poly1305::new(self.0.as_slice().into());
        cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: rest, aad: place }).ok().map(Zeroizing::new)
    }
}

/// The wrapped data key and what is needed to unwrap it, besides the person's key itself.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Wrapped {
    pub(super) kind: Kind,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(super) argon2id: Option<Derivation>,
    pub(super) sealed: String,
}

/// Whose key wraps the data key.
#[derive(Clone, Copy, Serialize, Deserialize, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Passphrase,
    KeyFile,
    Keyring,
}

/// How a passphrase becomes a key.
#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct Derivation {
    pub(super) salt: String,
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
}

#[derive(Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Place {
    link_name: String,
    environment: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    account: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    previous: bool,
}

impl From<&ItemKey> for Place {
    fn from(key: &ItemKey) -> Self {
        Self {
            link_name: key.link_name.clone(),
            environment: key.environment.clone(),
            account: key.account.clone(),
            previous: key.previous,
        }
    }
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    key: Place,
    generation: u64,
    sealed: String,
}

impl Item {
    fn place(vault: &str, key: &Place, generation: u64) -> Vec<u8> {
        canonical(&(SCHEMA, "item", vault, key, generation))
    }
}

/// The vault's content: everything but checksum and tag.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Content {
    id: String,
    generation: u64,
    key: Wrapped,
    items: Vec<Item>,
}

/// The whole file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    schema: String,
    checksum: String,
    tag: String,
    vault: Content,
}

impl Envelope {
    /// Reads the file and checks that it is as conn wrote it.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, StoreFault> {
        let corrupt = |why: &str| StoreFault::Damaged(why.to_owned());
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|_| corrupt("the vault is not whole"))?;
        if value["schema"].as_str().is_some_and(|schema| schema != SCHEMA) {
            return Err(corrupt(
                "this conn does not know the vault's version; a newer conn may have written it",
            ));
        }
        let envelope: Self =
            serde_json::from_value(value).map_err(|_| corrupt("the vault is not as conn writes it"))?;
        if checksum(&envelope.vault, &envelope.tag) != envelope.checksum {
            return Err(corrupt("the vault's checksum does not match"));
        }
        Ok(envelope)
    }

    /// Proves that the whole file was written with the data key.
    pub(super) fn verify(&self, data_key: &DataKey) -> Result<(), StoreFault> {
        match data_key.open(&self.vault.whole(), &self.tag) {
            Some(_) => Ok(()),
            None => Err(StoreFault::Damaged("the vault was changed by something else than conn".to_owned())),
        }
    }

    pub(super) fn open_item(&self, key: &ItemKey, data_key: &DataKey) -> Result<Option<Secret>, StoreFault> {
        let place = Place::from(key);
        let Some(item) = self.vault.items.iter().find(|item| item.key == place) else {
            return Ok(None);
        };
        let damaged = || StoreFault::Corrupt(format!("the item {key} does not open"));
        let bound = Item::place(&self.vault.id, &place, item.generation);
        let plain = data_key.open(&bound, &item.sealed).ok_or_else(damaged)?;
        let text = std::str::from_utf8(&plain).map_err(|_| damaged())?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    pub(super) const fn key(&self) -> &Wrapped {
        &self.vault.key
    }

    pub(super) fn id(&self) -> &str {
        &self.vault.id
    }

    /// Tells one wrapping of one vault from every other.
    pub(super) fn wrapping(&self) -> String {
        format!("{} {}", self.vault.id, self.vault.key.sealed)
    }

    pub(super) fn into_content(self) -> Content {
        self.vault
    }
}

impl Content {
    /// A vault without items.
    pub(super) const fn empty(id: String, key: Wrapped) -> Self {
        Self { id, generation: 0, key, items: Vec::new() }
    }

    pub(super) fn put(
        &mut self,
        key: &ItemKey,
        value: &Secret,
        data_key: &DataKey,
    ) -> Result<(), StoreFault> {
        let place = Place::from(key);
        let generation = self.generation + 1;
        let bound = Item::place(&self.id, &place, generation);
        let sealed = data_key.seal(&bound, value.expose().as_bytes())?;
        self.items.retain(|item| item.key != place);
        self.items.push(Item { key: place, generation, sealed });
        Ok(())
    }

    pub(super) fn delete(&mut self, key: &ItemKey) -> bool {
        let (before, place) = (self.items.len(), Place::from(key));
        self.items.retain(|item| item.key != place);
        self.items.len() != before
    }

    /// The file's bytes, one generation further.
    pub(super) fn seal(mut self, data_key: &DataKey) -> Result<Vec<u8>, StoreFault> {
        self.generation += 1;
        let envelope = self.into_envelope(data_key)?;
        let mut bytes =
            serde_json::to_vec_pretty(&envelope).map_err(|error| StoreFault::Io(error.to_string()))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    pub(super) fn into_envelope(self, data_key: &DataKey) -> Result<Envelope, StoreFault> {
        let tag = data_key.seal(&self.whole(), b"")?;
        Ok(Envelope { schema: SCHEMA.to_owned(), checksum: checksum(&self, &tag), tag, vault: self })
    }

    fn whole(&self) -> Vec<u8> {
        canonical(&(SCHEMA, "whole", self))
    }
}

/// What a wrapped data key is bound to.
pub(super) fn wrapping_place(vault: &str, kind: Kind, argon2id: Option<&Derivation>) -> Vec<u8> {
    canonical(&(SCHEMA, "key", vault, kind, argon2id))
}

pub(super) fn fill(bytes: &mut [u8]) -> Result<(), StoreFault> {
    SystemRandom::new().fill(bytes).map_err(|_| StoreFault::Io("the system gives no random bytes".to_owned()))
}

fn canonical(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("names, numbers and lists are always JSON")
}

fn checksum(content: &Content, tag: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &canonical(&(content, tag)));
    STANDARD.encode(digest)
}

#[cfg(test)]
mod tests {
    use super::{Content, DataKey, Envelope, Kind, Wrapped};
    use crate::base::Secret;
    use crate::port::{ItemKey, StoreFault};

    type Change = fn(&mut Content);

    fn two_items(data_key: &DataKey) -> Content {
        let wrapped = Wrapped { kind: Kind::KeyFile, argon2id: None, sealed: String::new() };
        let mut content = Content::empty("vault".to_owned(), wrapped);
        for name in ["acme", "zoho"] {
            let value = Secret::new(format!("secret of {name}"));
            content.put(&ItemKey::current(name, "production"), &value, data_key).unwrap();
        }
        content
    }

    fn open(content: Content, data_key: &DataKey) -> Result<Option<Secret>, StoreFault> {
        let envelope = content.into_envelope(data_key).unwrap();
        envelope.verify(data_key).unwrap();
        envelope.open_item(&ItemKey::current("acme", "production"), data_key)
    }

    #[test]
    fn an_item_opens_under_its_own_key_vault_and_generation_only() {
        let data_key = DataKey::random().unwrap();
        let secret = open(two_items(&data_key), &data_key).unwrap().unwrap();
        assert_eq!(secret.expose(), "secret of acme");
        let changes: [(&str, Change); 4] = [
            ("another item's value", |content| content.items[0].sealed = content.items[1].sealed.clone()),
            ("another item's key", |content| content.items[0].key.previous = true),
            ("another generation", |content| content.items[0].generation += 1),
            ("another vault", |content| content.id.push('2')),
        ];
        for (what, change) in changes {
            let mut content = two_items(&data_key);
            change(&mut content);
            let opened = open(content, &data_key);
            assert!(
                matches!(opened, Err(StoreFault::Corrupt(_) | StoreFault::Damaged(_)) | Ok(None)),
                "{what}: {opened:?}"
            );
        }
    }

    #[test]
    fn a_file_with_an_item_left_out_is_refused_even_with_a_right_checksum() {
        let data_key = DataKey::random().unwrap();
        let mut envelope = two_items(&data_key).into_envelope(&data_key).unwrap();
        envelope.vault.items.pop();
        envelope.checksum = super::checksum(&envelope.vault, &envelope.tag);
        let bytes = serde_json::to_vec(&envelope).unwrap();
        let read = Envelope::parse(&bytes).unwrap();
        assert!(matches!(read.verify(&data_key), Err(StoreFault::Damaged(_))));
    }
}
