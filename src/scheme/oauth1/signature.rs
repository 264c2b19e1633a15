//! The seven signature methods (RFC 5849, section 3.4, and its SHA-2 successors).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::Pkcs1v15Sign;
use zeroize::Zeroizing;

use super::Credentials;
use super::base_string::encode;
use crate::model::oauth::Signature;
use crate::scheme::SignError;
use crate::scheme::hash::Hash;

/// The hash in a method; `PLAINTEXT` has none.
pub(super) fn hash(method: Signature) -> Option<Hash> {
    match method {
        Signature::HmacSha1 | Signature::RsaSha1 => Some(Hash::Sha1),
        Signature::HmacSha256 | Signature::RsaSha256 => Some(Hash::Sha256),
        Signature::HmacSha512 | Signature::RsaSha512 => Some(Hash::Sha512),
        Signature::Plaintext => None,
    }
}

/// The signature of a base string.
///
/// # Errors
/// When the key for RSA is missing or of another kind.
pub(super) fn sign(
    method: Signature,
    base: &str,
    credentials: &Credentials<'_>,
) -> Result<Zeroizing<String>, SignError> {
    // An empty secret still leaves its `&`.
    let (consumer, token) = (encode(credentials.consumer_secret), encode(credentials.token_secret));
    let secrets = Zeroizing::new(format!("{consumer}&{token}"));
    let padding = match method {
        Signature::RsaSha1 => Pkcs1v15Sign::new::<sha1::Sha1>(),
        Signature::RsaSha256 => Pkcs1v15Sign::new::<sha2::Sha256>(),
        Signature::RsaSha512 => Pkcs1v15Sign::new::<sha2::Sha512>(),
        Signature::HmacSha1 | Signature::HmacSha256 | Signature::HmacSha512 | Signature::Plaintext => {
            return Ok(match hash(method) {
                Some(hash) => Zeroizing::new(STANDARD.encode(hash.mac(secrets.as_bytes(), base.as_bytes()))),
                None => secrets,
            });
        }
    };
    let unfit = || SignError::Setting("signature");
    let key = credentials.private_key.and_then(super::PrivateKey::rsa).ok_or_else(unfit)?;
    let digest = hash(method).ok_or_else(unfit)?.digest(base.as_bytes());
    // RUSTSEC-2023-0071 is about servers that decrypt what an attacker sends and let the time be measured.
    // Nothing is decrypted here, and nobody outside can make this machine sign or see how long it takes.
    let signature = key.sign(padding, &digest).map_err(|_| unfit())?;
    Ok(Zeroizing::new(STANDARD.encode(signature)))
}
