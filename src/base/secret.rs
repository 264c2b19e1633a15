//! A secret value that cannot be shown by accident.

use std::fmt;

use zeroize::Zeroizing;

use super::redact;

/// A secret: no `Display`, no `Serialize`, no `Clone`; `Debug` is masked and the bytes are wiped on drop.
///
/// Making one enters it into the process-wide list of [`redact`], so that every writer of ours masks it
/// wherever it turns up, in any of its usual encodings.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value into custody.
    #[must_use]
    pub fn new(value: String) -> Self {
        redact::remember(&value);
        Self(Zeroizing::new(value))
    }

    /// The value itself. Call this only where bytes leave the process towards their owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// A second copy, for the rare place where two owners are needed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_never_shows_the_value() {
        let secret = Secret::new("hunter2-hunter2".into());
        assert_eq!(format!("{secret:?} {secret:#?}"), "Secret(***) Secret(***)");
    }
}
