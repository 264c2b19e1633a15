//! Private keys in every shape in which services and tools hand them out, as one value.
//!
//! Read are PEM (PKCS#1, SEC1, PKCS#8, encrypted PKCS#8), also on one line or with line ends written as `\n`,
//! base64 without a frame, JSON Web Keys, and the JSON file of a Google service account. Kept is PKCS#8.

mod error;
mod shape;
mod structure;

#[cfg(test)]
mod tests;

use std::fmt;

use jsonwebtoken::{Algorithm, EncodingKey};
use pkcs8::PrivateKeyInfo;
use pkcs8::der::Decode as _;
use rsa::RsaPrivateKey;
use rsa::pkcs8::DecodePrivateKey as _;
use zeroize::Zeroizing;

pub use error::{KeyError, Lack, Shape};

/// What a key signs with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA.
    Rsa,
    /// ECDSA on P-256.
    P256,
    /// ECDSA on P-384.
    P384,
    /// Ed25519.
    Ed25519,
}

/// A private key. Its bytes are wiped on drop and never shown by `Debug`.
pub struct PrivateKey {
    kind: KeyKind,
    /// PKCS#8 (RFC 5958).
    der: Zeroizing<Vec<u8>>,
    /// The key's id, where the shape names one: `kid` of a JWK, `private_key_id` of a service account.
    pub key_id: Option<String>,
    /// Service account: who signs.
    pub client_email: Option<String>,
    /// Service account: where assertions go.
    pub token_uri: Option<String>,
}

impl PrivateKey {
    /// Reads a key in any of its shapes.
    ///
    /// # Errors
    /// Which shape was seen and what is missing.
    pub fn read(text: &str, passphrase: Option<&str>) -> Result<Self, KeyError> {
        shape::read(text, passphrase)
    }

    /// What it signs with.
    #[must_use]
    pub const fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The key as PKCS#8 (RFC 5958), for a TLS handshake.
    #[must_use]
    pub const fn pkcs8(&self) -> &Zeroizing<Vec<u8>> {
        &self.der
    }

    /// The algorithm of a JWT where nobody chose one (RFC 7518, section 3.1; RFC 8037).
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match self.kind {
            KeyKind::Rsa => Algorithm::RS256,
            KeyKind::P256 => Algorithm::ES256,
            KeyKind::P384 => Algorithm::ES384,
            KeyKind::Ed25519 => Algorithm::EdDSA,
        }
    }

    /// The key for RSA signatures; `None` where it is of another kind.
    #[must_use]
    pub fn rsa(&self) -> Option<RsaPrivateKey> {
        RsaPrivateKey::from_pkcs8_der(&self.der).ok()
    }

    /// The key for JWTs: the library wants the inner PKCS#1 of an RSA key, and PKCS#8 of the others.
    pub(super) fn encoding(&self) -> EncodingKey {
        match self.kind {
            KeyKind::Rsa => {
                let inner = PrivateKeyInfo::from_der(&self.der).map_or(&[][..], |info| info.private_key);
                EncodingKey::from_rsa_der(inner)
            }
            KeyKind::P256 | KeyKind::P384 => EncodingKey::from_ec_der(&self.der),
            KeyKind::Ed25519 => EncodingKey::from_ed_der(&self.der),
        }
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PrivateKey").field("kind", &self.kind).finish_non_exhaustive()
    }
}
