//! The secret store, proven by an item that is written, read, compared and deleted.

use std::path::Path;

use super::{Check, Grade, Which, both};
use crate::base::{Phrase, Process, Secret, Text};
use crate::model::connection::SecretSource;
use crate::operation::{Failure, World, keep, prepare};
use crate::port::{Entropy, ItemKey, SecretStore, StoreError, StoreFault, Surroundings};

const PROOF: &str = "store.proof";

pub(super) fn checks(world: &dyn World, which: Option<Which>) -> Vec<Check> {
    let session = session(world.process(), world.surroundings());
    let stores = which.map_or_else(|| used(world), |which| vec![which]);
    std::iter::once(session).chain(stores.into_iter().flat_map(|which| proven(world, which))).collect()
}

/// The stores in which connections keep something; the keyring where none does. What a mistake hides is told with it.
fn used(world: &dyn World) -> Vec<Which> {
    let definitions = world.definitions().ok();
    let names =
        definitions.as_ref().and_then(|definitions| definitions.link_names().ok()).unwrap_or_default();
    let prepared = names.iter().filter_map(|name| prepare::find(world, name, None).ok());
    let used: Vec<SecretSource> = prepared.flat_map(|prepared| keep::stores(&prepared)).collect();
    let all = [(Which::Keyring, SecretSource::Keyring), (Which::Vault, SecretSource::Vault)];
    let found: Vec<Which> =
        all.into_iter().filter(|(_, source)| used.contains(source)).map(|(which, _)| which).collect();
    if found.is_empty() { vec![Which::Keyring] } else { found }
}

fn proven(world: &dyn World, which: Which) -> Vec<Check> {
    let (store, source) = match which {
        Which::Keyring => (world.keyring(), SecretSource::Keyring),
        Which::Vault => (world.vault(), SecretSource::Vault),
    };
    let mut proof = proof(store, source.words(), world.entropy());
    // What the store should be is no news where it does not work.
    let found = (proof.grade == Grade::Fine).then(|| {
        Text::new("Secret store: {store} ({what})", "秘密情報の保管場所: {store}（{what}）")
            .fill_phrases(&[("store", source.words()), ("what", store.describe())])
    });
    if proof.code.is_some() && which == Which::Keyring {
        proof = proof.run(
            Text::new("Or use the sealed file instead; prove it:", "または、ボールトを使います。確認:"),
            "conn doctor --store vault".to_owned(),
        );
    }
    found.map(|found| Check::fine("store.kind", found)).into_iter().chain([proof]).collect()
}

/// Writes an item of a name that nobody has, reads it, compares it and deletes it.
pub(super) fn proof(store: &dyn SecretStore, words: Phrase, entropy: &dyn Entropy) -> Check {
    let (name, value) = (random(entropy), random(entropy));
    let key = ItemKey::current(&format!("conn-doctor-{}", &name[..12]), "production");
    let canary = Secret::new(format!("{{\"canary\":\"{value}\"}}"));
    match round(store, &key, &canary) {
        Ok(()) => Check::fine(
            PROOF,
            Text::new(
                "The {store} keeps secrets: an item was written, read, compared and deleted",
                "{store}は正常です（書き込み・読み出し・照合・削除を確認しました）",
            )
            .fill_phrases(&[("store", words)]),
        ),
        Err(error) => {
            // What was written is taken away again as far as the store lets us.
            let _ = store.delete(&key);
            Check::because(PROOF, Failure::from(error))
        }
    }
}

fn round(store: &dyn SecretStore, key: &ItemKey, canary: &Secret) -> Result<(), StoreError> {
    let damaged = |why: &str| StoreError { store: store.name(), fault: StoreFault::Corrupt(why.to_owned()) };
    store.put(key, canary)?;
    let read = store.get(key)?.ok_or_else(|| damaged("an item written a moment ago is not there"))?;
    if read.expose() != canary.expose() {
        return Err(damaged("an item came back different from what was written"));
    }
    store.delete(key)?;
    match store.get(key)? {
        None => Ok(()),
        Some(_) => Err(damaged("an item is still there after it was deleted")),
    }
}

fn random(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

/// In what kind of session conn runs: it decides whether there is a keyring and who can unlock it.
fn session(process: &Process, machine: &dyn Surroundings) -> Check {
    let kind = session_kind(process, machine);
    let runtime = process.variables.get("XDG_RUNTIME_DIR").map(|folder| Path::new(folder).join("bus"));
    let bus = cfg!(any(windows, target_os = "macos"))
        || process.variables.get("DBUS_SESSION_BUS_ADDRESS").is_some()
        || runtime.is_some_and(|socket| matches!(machine.file(&socket), Ok(Some(_))));
    let text = if bus {
        Text::new("Session: {kind}", "セッション: {kind}")
    } else {
        Text::new(
            "Session: {kind}, without a session bus (D-Bus), which a keyring needs",
            "セッション: {kind}（キーリングに必要なセッションバス (D-Bus) がありません）",
        )
    };
    Check::fine(
        "store.session",
        both(|language| text.fill(&[("kind", kind.get(language))]).get(language).to_owned()),
    )
}

fn session_kind(process: &Process, machine: &dyn Surroundings) -> Text {
    let set = |names: &[&str]| names.iter().any(|name| process.variables.get(name).is_some());
    let there = |path: &str| matches!(machine.file(Path::new(path)), Ok(Some(_)));
    if process.variables.is_on("CI") {
        Text::new("CI job", "CI ジョブ")
    } else if set(&["WSL_DISTRO_NAME", "WSL_INTEROP"]) {
        Text::new("WSL", "WSL")
    } else if set(&["SSH_CONNECTION", "SSH_TTY"]) {
        Text::new("SSH", "SSH")
    } else if set(&["container"]) || there("/.dockerenv") || there("/run/.containerenv") {
        Text::new("container", "コンテナー")
    } else if cfg!(any(windows, target_os = "macos")) || set(&["DISPLAY", "WAYLAND_DISPLAY"]) {
        Text::new("desktop", "デスクトップ")
    } else {
        Text::new("neither desktop nor SSH", "デスクトップでも SSH でもない環境")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use super::proof;
    use crate::base::{Phrase, Secret};
    use crate::operation::doctor::Grade;
    use crate::port::{Entropy, ItemKey, SecretStore, StoreError, StoreFault};

    struct Counting;

    impl Entropy for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            (0..).zip(bytes).for_each(|(n, byte)| *byte = n);
        }
    }

    #[derive(Clone, PartialEq)]
    enum Vice {
        None,
        Fails(StoreFault),
        Forgets,
        Changes,
        Hoards,
    }

    struct Store(Vice, Mutex<BTreeMap<String, String>>);

    impl SecretStore for Store {
        fn name(&self) -> &'static str {
            "keyring"
        }

        fn get(&self, key: &ItemKey) -> Result<Option<Secret>, StoreError> {
            let value = self.1.lock().unwrap().get(&key.to_string()).cloned();
            Ok(value.map(Secret::new))
        }

        fn put(&self, key: &ItemKey, value: &Secret) -> Result<(), StoreError> {
            let kept = match &self.0 {
                Vice::Fails(fault) => return Err(StoreError { store: "keyring", fault: fault.clone() }),
                Vice::Forgets => return Ok(()),
                Vice::Changes => "{}".to_owned(),
                _ => value.expose().to_owned(),
            };
            self.1.lock().unwrap().insert(key.to_string(), kept);
            Ok(())
        }

        fn delete(&self, key: &ItemKey) -> Result<bool, StoreError> {
            if self.0 == Vice::Hoards {
                return Ok(true);
            }
            Ok(self.1.lock().unwrap().remove(&key.to_string()).is_some())
        }

        fn describe(&self) -> Phrase {
            Phrase::same("a store of the test")
        }
    }

    #[test]
    fn a_store_is_proven_by_what_comes_back_and_each_failure_has_its_code_and_steps() {
        let cases: [(Vice, Option<&str>); 8] = [
            (Vice::None, None),
            (Vice::Forgets, Some("CONN-SEC-CORRUPT")),
            (Vice::Changes, Some("CONN-SEC-CORRUPT")),
            (Vice::Hoards, Some("CONN-SEC-CORRUPT")),
            (Vice::Fails(StoreFault::Absent("no bus".to_owned())), Some("CONN-SEC-STORE-ABSENT")),
            (Vice::Fails(StoreFault::Locked), Some("CONN-SEC-STORE-LOCKED")),
            (Vice::Fails(StoreFault::Hung(3)), Some("CONN-SEC-STORE-HUNG")),
            (Vice::Fails(StoreFault::NoKey), Some("CONN-SEC-VAULT-KEY")),
        ];
        for (vice, code) in cases {
            let store = Store(vice.clone(), Mutex::default());
            let check = proof(&store, Phrase::same("keyring"), &Counting);
            assert_eq!(check.code, code);
            assert_eq!(check.grade == Grade::Failed, code.is_some());
            assert_eq!(check.steps.is_empty(), code.is_none(), "{check:?}");
            assert!(vice == Vice::Hoards || store.1.lock().unwrap().is_empty(), "the canary stays behind");
            assert!(!format!("{check:?}").contains("0001020304"), "{check:?}");
        }
    }
}
