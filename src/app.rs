//! Puts the building together: settings → adapters → ports. The only file that names `adapter`.

use std::sync::OnceLock;

use crate::adapter::clock::{SystemClock, SystemEntropy};
use crate::adapter::log::{self, LogGuard};
use crate::adapter::terminal::TerminalPerson;
use crate::base::{Process, Text};
use crate::config::Settings;
use crate::operation::World;
use crate::port::{Clock, Entropy, Person};

/// The real world, each part made on first use.
pub struct Reality {
    process: Process,
    settings: Settings,
    clock: OnceLock<SystemClock>,
    person: OnceLock<TerminalPerson>,
}

/// The real world for one run.
#[must_use]
pub fn reality(process: &Process, settings: &Settings) -> Box<dyn World> {
    Box::new(Reality {
        process: process.clone(),
        settings: settings.clone(),
        clock: OnceLock::new(),
        person: OnceLock::new(),
    })
}

/// Turns the log of a run on.
#[must_use]
pub fn log(settings: &Settings) -> LogGuard {
    log::start(settings)
}

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
}
