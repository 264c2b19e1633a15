//! From DER of several structures to PKCS#8, proven to be a key that signs.

use jsonwebtoken::{Algorithm, EncodingKey};
use pkcs8::der::asn1::{BitStringRef, OctetStringRef};
use pkcs8::der::{Decode as _, Reader as _, SecretDocument, SliceReader, TagMode, TagNumber};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfo};
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::EncodePrivateKey as _;
use rsa::{BigUint, RsaPrivateKey};
use zeroize::Zeroizing;

use super::{KeyKind, Lack};

/// A key's kind and its PKCS#8.
pub(super) type Made = (KeyKind, Zeroizing<Vec<u8>>);

/// P-256 (RFC 5480, section 2.1.1.1).
pub(super) const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
/// P-384.
pub(super) const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

/// PKCS#8 (RFC 5958).
pub(super) fn from_pkcs8(der: &[u8]) -> Result<Made, Lack> {
    let info = PrivateKeyInfo::from_der(der).map_err(|_| Lack::Content)?;
    match info.algorithm.oid {
        RSA | RSA_PSS => from_pkcs1(info.private_key),
        ELLIPTIC => {
            let curve = info.algorithm.parameters_oid().map_err(|_| Lack::Algorithm)?;
            proven(of_curve(curve)?, Zeroizing::new(der.to_vec()))
        }
        ED25519 => proven(KeyKind::Ed25519, Zeroizing::new(der.to_vec())),
        _ => Err(Lack::Algorithm),
    }
}

/// PKCS#1 (RFC 8017, appendix A.1.2).
pub(super) fn from_pkcs1(der: &[u8]) -> Result<Made, Lack> {
    let key = RsaPrivateKey::from_pkcs1_der(der).map_err(|_| Lack::Content)?;
    wrapped_rsa(&key)
}

/// SEC1 (RFC 5915).
pub(super) fn from_sec1(der: &[u8]) -> Result<Made, Lack> {
    let curve = curve(der).map_err(|_| Lack::Content)?.ok_or(Lack::Algorithm)?;
    wrapped(AlgorithmIdentifierRef { oid: ELLIPTIC, parameters: Some((&curve).into()) }, der)
}

/// The numbers of an RSA key, big-endian; the primes may be missing.
pub(super) fn from_numbers(
    modulus: &[u8],
    exponent: &[u8],
    private: &[u8],
    primes: &[Zeroizing<Vec<u8>>],
) -> Result<Made, Lack> {
    let [modulus, exponent, private] = [modulus, exponent, private].map(BigUint::from_bytes_be);
    let primes = primes.iter().map(|prime| BigUint::from_bytes_be(prime)).collect();
    let key = RsaPrivateKey::from_components(modulus, exponent, private, primes);
    wrapped_rsa(&key.map_err(|_| Lack::Content)?)
}

/// The number of a key on a curve, big-endian.
pub(super) fn from_scalar(scalar: &[u8], curve: ObjectIdentifier) -> Result<Made, Lack> {
    let length = u8::try_from(scalar.len()).ok().filter(|length| *length <= 48).ok_or(Lack::Content)?;
    let mut sec1 = Zeroizing::new(vec![0x30, length + 5, 2, 1, 1, 4, length]);
    sec1.extend_from_slice(scalar);
    wrapped(AlgorithmIdentifierRef { oid: ELLIPTIC, parameters: Some((&curve).into()) }, &sec1)
}

/// The seed of an Ed25519 key (RFC 8410, section 7).
pub(super) fn from_seed(seed: &[u8]) -> Result<Made, Lack> {
    let seed: &[u8; 32] = seed.try_into().map_err(|_| Lack::Content)?;
    let mut inner = Zeroizing::new(vec![4, 32]);
    inner.extend_from_slice(seed);
    wrapped(AlgorithmIdentifierRef { oid: ED25519, parameters: None }, &inner)
}

/// The curve that a SEC1 structure names.
fn curve(der: &[u8]) -> pkcs8::der::Result<Option<ObjectIdentifier>> {
    SliceReader::new(der)?.sequence(|inner| {
        u8::decode(inner)?;
        OctetStringRef::decode(inner)?;
        let curve = inner.context_specific(TagNumber::N0, TagMode::Explicit)?;
        inner.context_specific::<BitStringRef<'_>>(TagNumber::N1, TagMode::Explicit)?;
        Ok(curve)
    })
}

fn of_curve(curve: ObjectIdentifier) -> Result<KeyKind, Lack> {
    match curve {
        P256 => Ok(KeyKind::P256),
        P384 => Ok(KeyKind::P384),
        _ => Err(Lack::Algorithm),
    }
}

fn wrapped_rsa(key: &RsaPrivateKey) -> Result<Made, Lack> {
    let der = key.to_pkcs8_der().map_err(|_| Lack::Content)?;
    Ok((KeyKind::Rsa, der.to_bytes()))
}

fn wrapped(algorithm: AlgorithmIdentifierRef<'_>, inner: &[u8]) -> Result<Made, Lack> {
    let info = PrivateKeyInfo::new(algorithm, inner);
    let der = SecretDocument::encode_msg(&info).map_err(|_| Lack::Content)?;
    from_pkcs8(der.as_bytes())
}

/// Only a key that signs is a key.
fn proven(kind: KeyKind, der: Zeroizing<Vec<u8>>) -> Result<Made, Lack> {
    let (key, algorithm) = match kind {
        // Its numbers were checked when they were read.
        KeyKind::Rsa => return Ok((kind, der)),
        KeyKind::P256 => (EncodingKey::from_ec_der(&der), Algorithm::ES256),
        KeyKind::P384 => (EncodingKey::from_ec_der(&der), Algorithm::ES384),
        KeyKind::Ed25519 => (EncodingKey::from_ed_der(&der), Algorithm::EdDSA),
    };
    jsonwebtoken::crypto::sign(&[], &key, algorithm).map_err(|_| Lack::Content)?;
    Ok((kind, der))
}
