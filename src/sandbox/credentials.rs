//! The keys and users that the sandbox knows.

use ring::rand::{SecureRandom, SystemRandom};

use crate::base::hex;

/// The port on which `conn demo --serve` listens unless told otherwise; the sample `connectors.toml` names it.
pub const DEMO_PORT: u16 = 8765;

/// The credentials of one run. The demo values are fictional and printed in the documentation.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// A key with every right; also taken as bearer token.
    pub key: String,
    /// A key whose user may not read accounts.
    pub limited_key: String,
    /// A key that was revoked.
    pub revoked_key: String,
    /// A key past its expiry date.
    pub expired_key: String,
    /// A key of a user who is disabled.
    pub disabled_key: String,
    /// A key of an organisation whose plan has no API.
    pub plan_key: String,
    /// A key whose quota is used up.
    pub throttled_key: String,
    /// The user of Basic and Digest.
    pub user: String,
    /// The password of Basic and Digest.
    pub password: String,
}

impl Credentials {
    /// The fixed values of `conn demo` and the sample `connectors.toml`.
    #[must_use]
    pub fn demo() -> Self {
        let key = |kind: &str| format!("demo-{kind}-key-0000");
        Self {
            key: key("good"),
            limited_key: key("limited"),
            revoked_key: key("revoked"),
            expired_key: key("expired"),
            disabled_key: key("disabled"),
            plan_key: key("plan"),
            throttled_key: key("throttled"),
            user: "hanako@example.test".to_owned(),
            password: "demo-password-0000".to_owned(),
        }
    }

    /// Values that nobody has seen before, for tests that hunt for leaks.
    #[must_use]
    pub fn generate() -> Self {
        let key = |kind: &str| format!("sbx-{kind}-{}", random_hex(12));
        Self {
            key: key("good"),
            limited_key: key("limited"),
            revoked_key: key("revoked"),
            expired_key: key("expired"),
            disabled_key: key("disabled"),
            plan_key: key("plan"),
            throttled_key: key("throttled"),
            user: "hanako@example.test".to_owned(),
            password: format!("pw-{}", random_hex(12)),
        }
    }
}

/// Random bytes as hexadecimal digits.
pub(super) fn random_hex(bytes: usize) -> String {
    let mut buffer = vec![0; bytes];
    SystemRandom::new().fill(&mut buffer).expect("the operating system gives random bytes");
    hex(&buffer)
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    #[test]
    fn generated_credentials_differ_from_start_to_start_and_demo_ones_do_not() {
        assert_ne!(Credentials::generate().key, Credentials::generate().key);
        assert_eq!(Credentials::demo().key, "demo-good-key-0000");
    }
}
