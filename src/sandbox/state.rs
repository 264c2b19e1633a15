//! What one running sandbox remembers.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::credentials::Credentials;
use super::digest::Nonces;
use super::fault::Mode;
use super::played::Played;
use super::request::Received;
use super::running::Options;

/// The requests per hour that the sandbox promises.
pub(super) const RATE_LIMIT: u32 = 1000;

/// The most requests kept for assertions.
const LOG_LIMIT: usize = 10_000;

/// What one running sandbox remembers, shared by its connections and its control.
pub(super) struct State {
    pub(super) credentials: Credentials,
    pub(super) services: Vec<Played>,
    pub(super) pace: Duration,
    pub(super) address: SocketAddr,
    pub(super) elsewhere: SocketAddr,
    /// The current mode, and for how many more requests.
    mode: Mutex<Option<(&'static Mode, Option<u32>)>>,
    log: Mutex<Vec<Received>>,
    pub(super) nonces: Mutex<Nonces>,
    pub(super) contacts: Mutex<Vec<Value>>,
    /// Keys that were withdrawn and keys that were given out while running.
    withdrawn: Mutex<Vec<String>>,
    issued: Mutex<Vec<String>>,
    used: AtomicU32,
    counter: AtomicU64,
}

impl State {
    pub(super) fn new(options: Options, address: SocketAddr, elsewhere: SocketAddr) -> Self {
        Self {
            credentials: options.credentials,
            services: options.services,
            pace: options.pace,
            address,
            elsewhere,
            mode: Mutex::default(),
            log: Mutex::default(),
            nonces: Mutex::default(),
            contacts: Mutex::new(super::crm::contacts()),
            withdrawn: Mutex::default(),
            issued: Mutex::default(),
            used: AtomicU32::new(0),
            counter: AtomicU64::new(1),
        }
    }

    pub(super) fn set_mode(&self, mode: Option<&'static Mode>, times: Option<u32>) {
        *open(&self.mode) = mode.map(|mode| (mode, times));
    }

    /// The mode for the next request; counts it down where it holds for some requests only.
    pub(super) fn next_mode(&self) -> Option<&'static Mode> {
        let mut current = open(&self.mode);
        let (mode, times) = (*current)?;
        if let Some(left) = times {
            *current = (left > 1).then_some((mode, Some(left - 1)));
        }
        Some(mode)
    }

    pub(super) fn record(&self, request: &Received) {
        let mut log = open(&self.log);
        if log.len() < LOG_LIMIT {
            log.push(request.clone());
        }
    }

    pub(super) fn requests(&self) -> Vec<Received> {
        open(&self.log).clone()
    }

    pub(super) fn forget_requests(&self) {
        open(&self.log).clear();
    }

    pub(super) fn withdraw(&self, key: &str) {
        open(&self.withdrawn).push(key.to_owned());
    }

    pub(super) fn is_withdrawn(&self, key: &str) -> bool {
        key == self.credentials.revoked_key || open(&self.withdrawn).iter().any(|known| known == key)
    }

    pub(super) fn issue(&self, key: &str) {
        open(&self.issued).push(key.to_owned());
    }

    pub(super) fn has_every_right(&self, key: &str) -> bool {
        key == self.credentials.key || open(&self.issued).iter().any(|known| known == key)
    }

    /// The number of requests that is left in this hour.
    pub(super) fn left(&self) -> u32 {
        RATE_LIMIT.saturating_sub(self.used.load(Ordering::Relaxed))
    }

    /// Counts one answered request; the number that is left in this hour.
    pub(super) fn spend(&self) -> u32 {
        RATE_LIMIT.saturating_sub(self.used.fetch_add(1, Ordering::Relaxed) + 1)
    }

    pub(super) fn request_id(&self) -> String {
        format!("sbx-{:06}", self.counter.fetch_add(1, Ordering::Relaxed))
    }
}

/// Opens a lock; a panic of another thread leaves the value usable.
pub(super) fn open<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
