//! The moment at which something is signed, and chance for it.

use zeroize::Zeroizing;

use super::hash::Hash;
use crate::base::{Timestamp, hex};

/// When, and 96 random bytes for what is not the same twice: enough for a verifier, a state and a nonce of 256 bits
/// each. Used once.
#[derive(Clone)]
pub struct Moment {
    /// Now.
    pub now: Timestamp,
    /// Random bytes, fresh for this moment; none where nothing draws them.
    chance: Option<Zeroizing<[u8; 96]>>,
}

impl Moment {
    /// Now, with fresh random bytes.
    #[must_use]
    pub fn new(now: Timestamp, fill: impl FnOnce(&mut [u8])) -> Self {
        let mut chance = Zeroizing::new([0; 96]);
        fill(chance.as_mut_slice());
        Self { now, chance: Some(chance) }
    }

    /// Now, for what is the same each time, as a key is: the system is not asked for random bytes at every call.
    #[must_use]
    pub const fn still(now: Timestamp) -> Self {
        Self { now, chance: None }
    }

    fn chance(&self) -> &[u8; 96] {
        self.chance.as_deref().expect("whoever draws chance says so")
    }

    /// The first, second or third 256 random bits as 43 unreserved characters (base64url).
    ///
    /// # Panics
    /// When there is no such part, or no chance.
    #[must_use]
    pub fn text(&self, part: usize) -> String {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&self.chance()[part * 32..(part + 1) * 32])
    }

    /// 128 random bits as hex digits.
    ///
    /// # Panics
    /// When there is no chance.
    #[must_use]
    pub fn nonce(&self) -> String {
        hex(&self.chance()[..16])
    }

    /// 128 random bits for one purpose as hex digits. They say nothing about any other part of this chance: what
    /// is shown here may go with a verifier or a state that nobody must guess.
    ///
    /// # Panics
    /// When there is no chance.
    #[must_use]
    pub fn drawn(&self, purpose: &str) -> String {
        let text = [purpose.as_bytes(), &[0], self.chance().as_slice()].concat();
        hex(&Hash::Sha256.digest(&Zeroizing::new(text))[..16])
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.now.as_second()
    }
}

impl std::fmt::Debug for Moment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Moment").field("now", &self.now).finish_non_exhaustive()
    }
}
