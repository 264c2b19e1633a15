//! Puts the building together: settings → adapters → ports. The only file that names `adapter`.

use std::sync::OnceLock;

use crate::adapter::clock::{SystemClock, SystemEntropy};
use crate::adapter::definitions::{self, DefinitionFileOnDisk, FILE_NAME};
use crate::adapter::log::{self, LogGuard};
use crate::adapter::terminal::TerminalPerson;
use crate::base::{Process, Text};
use crate::catalog;
use crate::config::{BuiltIn, ConfigError, Definitions, Settings};
use crate::operation::World;
use crate::port::{Clock, DefinitionFile, Entropy, Person};

/// The real world, each part made on first use.
pub struct Reality {
    process: Process,
    settings: Settings,
    clock: OnceLock<SystemClock>,
    person: OnceLock<TerminalPerson>,
    own_definitions: OnceLock<DefinitionFileOnDisk>,
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
    })
}

/// Turns the log of a run on.
#[must_use]
pub fn log(settings: &Settings) -> LogGuard {
    log::start(settings)
}

const BUILT_IN: BuiltIn = BuiltIn { find: catalog::text, ids: catalog::ids };

impl World for Reality {
    fn clock(&self) -> &dyn Clock {
        self.clock.get_or_init(|| SystemClock::new(&self.process.variables))
    }

    fn entropy(&self) -> &dyn Entropy {
        &SystemEntropy
    }

    fn person(&self) -> &dyn Person {
        const HIDDEN: Text =
            Text::new("what you type is not shown; Esc cancels", "入力内容は表示されません（Esc で中止）");
        self.person.get_or_init(|| {
            TerminalPerson::new(self.settings.interactive, HIDDEN.get(self.settings.language))
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

    fn definitions_in(&self, file: &std::path::Path) -> Result<Definitions, ConfigError> {
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
