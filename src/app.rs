//! Puts the building together: settings → adapters → ports. The only file that names `adapter`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::adapter::browser::SystemBrowser;
use crate::adapter::clock::{SystemClock, SystemEntropy};
use crate::adapter::definitions::{self, DefinitionFileOnDisk, FILE_NAME};
use crate::adapter::doorway::{self, LoopbackDoorway};
use crate::adapter::gateway::LoopbackGateway;
use crate::adapter::http::HttpCarrier;
use crate::adapter::ledger::Database;
use crate::adapter::lock::FolderLocks;
use crate::adapter::log::{self, LogGuard};
use crate::adapter::private_file;
use crate::adapter::secrets::keyring::{self, Keyring};
use crate::adapter::secrets::reference::References;
use crate::adapter::secrets::vault::{PassphraseFor, Vault, VaultKey};
use crate::adapter::successor;
use crate::adapter::surroundings::Machine;
use crate::adapter::terminal::TerminalPerson;
use crate::base::{Process, Secret, Text};
use crate::catalog;
use crate::config::{BuiltIn, ConfigError, Definitions, Settings};
use crate::operation::World;
use crate::port::{
    Browser, Carrier, Clock, DefinitionFile, Doorway, Entropy, Gateway, Ledger, Locks, Person, Prober,
    SecretReferences, SecretStore, Surroundings,
};
use crate::probe::PathProber;
use crate::wire::{ProxySettings, Trust};

/// How services are reached; carrier and prober share it.
struct Outward {
    proxies: Arc<ProxySettings>,
    /// What names a proxy that cannot be read: it stops every call before it is made.
    unusable: Option<&'static str>,
    trust: Arc<Trust>,
}

/// The real world, each part made on first use.
pub struct Reality {
    process: Process,
    settings: Settings,
    clock: OnceLock<SystemClock>,
    person: OnceLock<TerminalPerson>,
    own_definitions: OnceLock<DefinitionFileOnDisk>,
    outward: OnceLock<Outward>,
    carrier: OnceLock<HttpCarrier>,
    prober: OnceLock<PathProber>,
    keyring: OnceLock<Keyring>,
    vault: OnceLock<Vault>,
    references: OnceLock<References>,
    ledger: OnceLock<Database>,
    doorway: OnceLock<LoopbackDoorway>,
    locks: OnceLock<FolderLocks>,
    browser: OnceLock<SystemBrowser>,
    machine: OnceLock<Machine>,
}

/// The real world for one run.
#[must_use]
pub fn reality(process: &Process, settings: &Settings) -> Box<dyn World> {
    Box::new(Reality {
        process: process.clone(),
        settings: settings.clone(),
        clock: OnceLock::new(),
        person: OnceLock::new(),
        own_definitions: OnceLock::new(),
        outward: OnceLock::new(),
        carrier: OnceLock::new(),
        prober: OnceLock::new(),
        keyring: OnceLock::new(),
        vault: OnceLock::new(),
        references: OnceLock::new(),
        ledger: OnceLock::new(),
        doorway: OnceLock::new(),
        locks: OnceLock::new(),
        browser: OnceLock::new(),
        machine: OnceLock::new(),
    })
}

/// Turns the log of a run on.
#[must_use]
pub fn log(settings: &Settings) -> LogGuard {
    log::start(settings)
}

const BUILT_IN: BuiltIn = BuiltIn { find: catalog::text, ids: catalog::ids };

impl Reality {
    fn outward(&self) -> &Outward {
        self.outward.get_or_init(|| {
            let variables = &self.process.variables;
            let proxies = ProxySettings::gather(self.settings.proxy.as_deref(), variables);
            let unusable = proxies.as_ref().err().map(|error| error.source_name);
            let file = variables.get("SSL_CERT_FILE").map(PathBuf::from);
            Outward {
                proxies: Arc::new(proxies.unwrap_or_else(|_| ProxySettings::direct())),
                unusable,
                trust: Arc::new(Trust::new(file)),
            }
        })
    }

    /// What opens the vault: the variables, else the person.
    fn vault_keys(&self) -> Vec<VaultKey> {
        let variables = &self.process.variables;
        if let Some(file) = variables.get("CONN_VAULT_KEY_FILE") {
            return vec![VaultKey::KeyFile(self.process.folder.join(file))];
        }
        if let Some(passphrase) = variables.get("CONN_VAULT_PASSPHRASE") {
            let passphrase = Secret::new(passphrase.to_owned());
            let give = move |_: PassphraseFor| Some(passphrase.duplicate());
            return vec![VaultKey::Passphrase(
                Box::new(give),
                crate::adapter::secrets::vault::Cost::default(),
            )];
        }
        let language = self.settings.language;
        let person = TerminalPerson::new(self.settings.interactive, language);
        let ask = move |purpose: PassphraseFor| {
            const NEW: Text = Text::new("Passphrase for the new vault", "新しいボールトのパスフレーズ");
            const OPEN: Text = Text::new("Passphrase of the vault", "ボールトのパスフレーズ");
            let question = match purpose {
                PassphraseFor::NewVault => NEW,
                PassphraseFor::OpenVault => OPEN,
            };
            let first = person.secret(question.get(language), None).ok()?;
            if purpose == PassphraseFor::OpenVault {
                return Some(first);
            }
            // A slip in a new passphrase would lock everything away.
            const AGAIN: Text = Text::new("The same passphrase again", "同じパスフレーズをもう一度");
            let second = person.secret(AGAIN.get(language), None).ok()?;
            (first.expose() == second.expose()).then_some(first)
        };
        vec![VaultKey::Passphrase(Box::new(ask), crate::adapter::secrets::vault::Cost::default())]
    }
}

impl World for Reality {
    fn carrier(&self) -> &dyn Carrier {
        self.carrier.get_or_init(|| {
            let Outward { proxies, trust, .. } = self.outward();
            HttpCarrier::new(Arc::clone(proxies), Arc::clone(trust))
        })
    }

    fn unusable_proxy(&self) -> Option<&'static str> {
        self.outward().unusable
    }

    fn prober(&self) -> &dyn Prober {
        self.prober.get_or_init(|| {
            let Outward { proxies, trust, .. } = self.outward();
            PathProber::new(Arc::clone(proxies), Arc::clone(trust))
        })
    }

    fn keyring(&self) -> &dyn SecretStore {
        self.keyring.get_or_init(|| {
            let wish = self.process.variables.get("CONN_KEYRING_TIMEOUT");
            Keyring::new(keyring::deadline(self.settings.interactive, wish))
        })
    }

    fn vault(&self) -> &dyn SecretStore {
        self.vault
            .get_or_init(|| Vault::new(&self.settings.folders.state.join("vault.json"), self.vault_keys()))
    }

    fn references(&self) -> &dyn SecretReferences {
        self.references.get_or_init(|| References::new(self.process.variables.clone()))
    }

    fn ledger(&self) -> &dyn Ledger {
        self.ledger.get_or_init(|| Database::new(&self.settings.folders.state.join("state.db")))
    }

    fn browser(&self) -> &dyn Browser {
        self.browser.get_or_init(|| SystemBrowser::new(self.process.variables.clone()))
    }

    fn doorway(&self) -> &dyn Doorway {
        self.doorway.get_or_init(|| LoopbackDoorway::new(self.settings.language, doorway::DEADLINE))
    }

    fn gateway(&self) -> &dyn Gateway {
        &LoopbackGateway
    }

    fn locks(&self) -> &dyn Locks {
        self.locks.get_or_init(|| FolderLocks::new(self.settings.folders.state.join("locks")))
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn definition_file(&self, path: &Path) -> Box<dyn DefinitionFile> {
        Box::new(DefinitionFileOnDisk::new(path.to_owned()))
    }

    fn write_private(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        let special = std::fs::metadata(path).is_ok_and(|found| !found.is_file());
        if special { std::fs::write(path, content) } else { private_file::replace(path, content) }
    }

    fn remove_private(&self, path: &Path) -> std::io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn take_over(
        &self,
        words: &[std::ffi::OsString],
        variables: &[(String, zeroize::Zeroizing<String>)],
    ) -> std::io::Error {
        successor::take_over(words, variables)
    }

    fn clock(&self) -> &dyn Clock {
        self.clock.get_or_init(|| SystemClock::new(&self.process.variables))
    }

    fn entropy(&self) -> &dyn Entropy {
        &SystemEntropy
    }

    fn person(&self) -> &dyn Person {
        self.person.get_or_init(|| TerminalPerson::new(self.settings.interactive, self.settings.language))
    }

    fn surroundings(&self) -> &dyn Surroundings {
        self.machine.get_or_init(|| {
            let (proxy, variables) = (self.settings.proxy.clone(), self.process.variables.clone());
            Machine::new(proxy, variables, Arc::clone(&self.outward().trust))
        })
    }

    fn process(&self) -> &Process {
        &self.process
    }

    fn definitions(&self) -> Result<Definitions, ConfigError> {
        let Settings { folders, config_file, .. } = &self.settings;
        let layers = definitions::layers(&folders.config, &self.process.folder, config_file.as_deref())?;
        Ok(Definitions::new(layers).with_built_in(BUILT_IN))
    }

    fn definitions_in(&self, file: &Path) -> Result<Definitions, ConfigError> {
        let layer = definitions::only(&self.process.folder.join(file))?;
        Ok(Definitions::new(vec![layer]).with_built_in(BUILT_IN))
    }

    fn own_definitions(&self) -> &dyn DefinitionFile {
        self.own_definitions.get_or_init(|| {
            let own = || self.settings.folders.config.join(FILE_NAME);
            DefinitionFileOnDisk::new(self.settings.config_file.clone().unwrap_or_else(own))
        })
    }
}
