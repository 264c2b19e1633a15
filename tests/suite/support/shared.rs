//! One service for all tests that use it at the same time; the last one out stops it.

use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A place for a service.
pub struct Shared<T>(Mutex<Weak<T>>);

impl<T> Shared<T> {
    pub const fn new() -> Self {
        Self(Mutex::new(Weak::new()))
    }

    /// The running service, else a new one.
    pub fn get(&self, start: impl FnOnce() -> Option<T>) -> Option<Arc<T>> {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = place.upgrade() {
            return Some(running);
        }
        let started = Arc::new(start()?);
        *place = Arc::downgrade(&started);
        Some(started)
    }
}
