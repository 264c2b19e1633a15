//! The operating system's keyring: Secret Service, Keychain, Credential Manager.
//!
//! One item per credential, found as service `conn` with the credential's name as user. A keyring can hang,
//! so every call runs on a thread of its own, which is left behind when the deadline passes. A keyring that
//! was never unlocked looks empty, so the first "no such item" of a process is believed only after a canary
//! was written, read and deleted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};

use super::keyring_fault::{opening_fault, using_fault};
use crate::base::{Phrase, Secret, Text};
use crate::port::{ItemKey, SecretStore, StoreError, StoreFault};

const NAME: &str = "keyring";
const SERVICE: &str = "conn";

/// How long a call may take: longer where a person may be asked to unlock the keyring. A wish
/// (`CONN_KEYRING_TIMEOUT`, seconds) wins.
#[must_use]
pub fn deadline(interactive: bool, wish: Option<&str>) -> Duration {
    let wish =
        wish.and_then(|seconds| seconds.trim().parse().ok()).filter(|seconds| (1..=600).contains(seconds));
    Duration::from_secs(wish.unwrap_or(if interactive { 15 } else { 3 }))
}

/// The operating system's keyring.
pub struct Keyring {
    deadline: Duration,
    session: Arc<Mutex<Session>>,
}

/// What is known of the keyring in this process.
#[derive(Default)]
struct Session {
    store: Option<Arc<CredentialStore>>,
    /// Whether a canary came back: "no such item" can be believed.
    proven: bool,
}

impl Keyring {
    /// The keyring; nothing is opened yet.
    #[must_use]
    pub fn new(deadline: Duration) -> Self {
        Self { deadline, session: Arc::default() }
    }

    /// Runs a call on its own thread and waits for it no longer than the deadline.
    fn call<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Arc<CredentialStore>) -> Result<T, StoreFault> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (done, wait) = mpsc::sync_channel(1);
        let session = Arc::clone(&self.session);
        let thread = std::thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let answer = opened(&session).and_then(|store| act(&store));
            // Nobody listens any more when the deadline has passed.
            let _ = done.send(answer);
        });
        let answer = match thread {
            Err(error) => Err(StoreFault::Io(error.to_string())),
            Ok(_) => wait.recv_timeout(self.deadline).unwrap_or_else(|error| {
                Err(match error {
                    RecvTimeoutError::Timeout => StoreFault::Hung(self.deadline.as_secs()),
                    RecvTimeoutError::Disconnected => StoreFault::Died("its thread ended".to_owned()),
                })
            }),
        };
        if matches!(answer, Err(StoreFault::Hung(_) | StoreFault::Died(_))) {
            lock(&self.session).store = None;
        }
        answer.map_err(|fault| StoreError { store: NAME, fault })
    }

    /// Makes sure that "no such item" means what it says.
    fn prove(&self) -> Result<(), StoreError> {
        if lock(&self.session).proven {
            return Ok(());
        }
        self.call(canary)?;
        lock(&self.session).proven = true;
        Ok(())
    }
}

impl SecretStore for Keyring {
    fn name(&self) -> &'static str {
        NAME
    }

    fn get(&self, key: &ItemKey) -> Result<Option<Secret>, StoreError> {
        let user = key.to_string();
        let read = self.call(move |store| match entry(store, &user)?.get_secret() {
            Ok(bytes) => parse(bytes).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(using_fault(error)),
        })?;
        match read {
            Some(secret) => Ok(Some(secret)),
            None => self.prove().map(|()| None),
        }
    }

    fn put(&self, key: &ItemKey, value: &Secret) -> Result<(), StoreError> {
        let (user, value) = (key.to_string(), value.duplicate());
        self.call(move |store| {
            entry(store, &user)?.set_secret(value.expose().as_bytes()).map_err(using_fault)
        })
    }

    fn delete(&self, key: &ItemKey) -> Result<bool, StoreError> {
        let user = key.to_string();
        let deleted = self.call(move |store| match entry(store, &user)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(using_fault(error)),
        })?;
        if !deleted {
            self.prove()?;
        }
        Ok(deleted)
    }

    fn describe(&self) -> Phrase {
        const WORDS: Text = Text::new(
            "{program}, deadline {seconds} s, size limit {limit}",
            "{program}、制限時間 {seconds} 秒、サイズの上限 {limit}",
        );
        WORDS.fill_phrases(&[
            ("program", Phrase::same(native::PROGRAM)),
            ("seconds", Phrase::same(self.deadline.as_secs().to_string())),
            ("limit", native::LIMIT.into()),
        ])
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.describe().en)
    }
}

/// The open store of this process. The lock is not held while it opens: that can hang.
fn opened(session: &Mutex<Session>) -> Result<Arc<CredentialStore>, StoreFault> {
    if let Some(store) = &lock(session).store {
        return Ok(Arc::clone(store));
    }
    let store = native::open().map_err(opening_fault)?;
    lock(session).store = Some(Arc::clone(&store));
    Ok(store)
}

fn lock(session: &Mutex<Session>) -> std::sync::MutexGuard<'_, Session> {
    session.lock().unwrap_or_else(PoisonError::into_inner)
}

fn entry(store: &Arc<CredentialStore>, user: &str) -> Result<Entry, StoreFault> {
    let label = format!("conn: {user}");
    let modifiers: HashMap<&str, &str> = native::modifiers(&label).into_iter().collect();
    let user = if native::TELLS_CASE { Cow::Borrowed(user) } else { marked(user) };
    store.build(SERVICE, &user, Some(&modifiers)).map_err(using_fault)
}

/// A name that stays apart from all others where capital and small letters are the same: `main/Sales` and
/// `main/sales` are two accounts, and neither may take the other's place.
fn marked(user: &str) -> Cow<'_, str> {
    if user == user.to_lowercase() {
        return Cow::Borrowed(user);
    }
    let digest = Sha256::digest(user);
    let mark = digest[..4].iter().fold(String::new(), |mark, byte| mark + &format!("{byte:02x}"));
    Cow::Owned(format!("{user} #{mark}"))
}

/// What conn wrote: a JSON object.
fn parse(bytes: Vec<u8>) -> Result<Secret, StoreFault> {
    let foreign =
        |what: &str| StoreFault::Corrupt(format!("the item {what}; another program may have changed it"));
    let text = String::from_utf8(bytes).map_err(|_| foreign("is not UTF-8"))?;
    let secret = Secret::new(text);
    let whole = serde_json::from_str::<serde::de::IgnoredAny>(secret.expose()).is_ok();
    let object = secret.expose().starts_with('{');
    if whole && object { Ok(secret) } else { Err(foreign("is not a JSON object")) }
}

/// Writes, reads, compares and deletes an item of its own.
fn canary(store: &Arc<CredentialStore>) -> Result<(), StoreFault> {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).map_err(|_| StoreFault::Io("no random bytes".to_owned()))?;
    let mark = u64::from_be_bytes(bytes);
    let entry = entry(store, &format!("canary {mark:016x}"))?;
    let value = format!("{{\"canary\":\"{mark:016x}\"}}");
    entry.set_secret(value.as_bytes()).map_err(using_fault)?;
    let read = entry.get_secret();
    entry.delete_credential().map_err(using_fault)?;
    match read {
        Ok(read) if read == value.as_bytes() => Ok(()),
        Ok(_) => Err(StoreFault::Corrupt("it gives back something else than was written".to_owned())),
        Err(error) => Err(using_fault(error)),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod native {
    use super::{Arc, CredentialStore, Error, Text};

    pub(super) const PROGRAM: &str = "Secret Service";
    pub(super) const LIMIT: Text = Text::new("none", "なし");
    pub(super) const TELLS_CASE: bool = true;

    pub(super) fn open() -> Result<Arc<CredentialStore>, Error> {
        let store: Arc<CredentialStore> = dbus_secret_service_keyring_store::Store::new()?;
        Ok(store)
    }

    pub(super) const fn modifiers(label: &str) -> [(&str, &str); 1] {
        [("label", label)]
    }
}

#[cfg(target_os = "macos")]
mod native {
    use super::{Arc, CredentialStore, Error, Text};

    pub(super) const PROGRAM: &str = "Keychain";
    pub(super) const LIMIT: Text = Text::new("none", "なし");
    pub(super) const TELLS_CASE: bool = true;

    pub(super) fn open() -> Result<Arc<CredentialStore>, Error> {
        let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
        Ok(store)
    }

    pub(super) const fn modifiers(_label: &str) -> [(&'static str, &'static str); 0] {
        []
    }
}

#[cfg(windows)]
mod native {
    use super::{Arc, CredentialStore, Error, Text};

    pub(super) const PROGRAM: &str = "Credential Manager";
    pub(super) const LIMIT: Text = Text::new("2560 bytes per item", "1 件 2560 バイト");
    pub(super) const TELLS_CASE: bool = false;

    pub(super) fn open() -> Result<Arc<CredentialStore>, Error> {
        let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
        Ok(store)
    }

    /// Kept on this machine, not carried along to others of the same domain.
    pub(super) const fn modifiers(_label: &str) -> [(&'static str, &'static str); 1] {
        [("persistence", "Local")]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{deadline, marked, parse};
    use crate::port::StoreFault;

    #[test]
    fn a_wish_in_seconds_wins_and_nonsense_is_ignored() {
        let cases = [
            (false, None, 3),
            (true, None, 15),
            (true, Some("1"), 1),
            (false, Some(" 30 "), 30),
            (false, Some("0"), 3),
            (false, Some("soon"), 3),
            (false, Some("601"), 3),
        ];
        for (interactive, wish, seconds) in cases {
            assert_eq!(deadline(interactive, wish), Duration::from_secs(seconds), "{interactive} {wish:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_alone_stay_apart_where_case_is_not_told() {
        assert_eq!(marked("main@sandbox/hanako@example.test"), "main@sandbox/hanako@example.test");
        let names: std::collections::HashSet<String> =
            ["main/sales", "main/Sales", "main/SALES"].map(|name| marked(name).to_lowercase()).into();
        assert_eq!(names.len(), 3);
        assert!(names.iter().all(|name| name.starts_with("main/sales")));
    }

    #[test]
    fn only_a_json_object_is_ours() {
        assert!(parse(b"{\"api_key\":\"\\u65e5\\n\"}".to_vec()).is_ok());
        for junk in [&b"hunter2"[..], b"", b"[]", b"\"x\"", b"{", b"\xff\xfe"] {
            assert!(matches!(parse(junk.to_vec()), Err(StoreFault::Corrupt(_))), "{junk:?}");
        }
    }
}
