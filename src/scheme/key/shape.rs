//! From a text to the key in it: frames, line ends, JSON.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use pkcs8::EncryptedPrivateKeyInfo;
use pkcs8::der::Decode as _;
use serde::Deserialize;
use zeroize::{Zeroize as _, Zeroizing};

use super::structure::{self, Made};
use super::{KeyError, Lack, PrivateKey, Shape};

/// Base64 of either alphabet as people paste it: with or without padding.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&base64::alphabet::URL_SAFE, LENIENT);

/// Reads a key in any of its shapes.
pub(super) fn read(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, KeyError> {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    if text.starts_with('{') {
        return json(text, passphrase);
    }
    if text.contains("-----BEGIN ") {
        return pem(text, passphrase).map(plain);
    }
    let Some(bytes) = decode(&STANDARD, text).filter(|bytes| !bytes.is_empty()) else {
        return Err(KeyError { shape: Shape::Unknown, lack: Lack::Key });
    };
    match std::str::from_utf8(&bytes) {
        // A whole file in base64, as build systems keep it.
        Ok(inner) if inner.contains("-----BEGIN ") || inner.trim_start().starts_with('{') => {
            read(inner, passphrase)
        }
        _ => bare(&bytes).map(plain).map_err(|lack| KeyError { shape: Shape::Base64, lack }),
    }
}

fn plain((kind, der): Made) -> PrivateKey {
    PrivateKey { kind, der, key_id: None, client_email: None, token_uri: None }
}

fn decode(engine: &GeneralPurpose, text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let letters: Zeroizing<String> =
        Zeroizing::new(text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect());
    engine.decode(letters.as_bytes()).ok().map(Zeroizing::new)
}

/// A key without a frame: whichever structure fits.
fn bare(der: &[u8]) -> Result<Made, Lack> {
    let outcome = structure::from_pkcs8(der);
    if outcome != Err(Lack::Content) {
        return outcome;
    }
    structure::from_pkcs1(der).or_else(|_| structure::from_sec1(der)).map_err(|_| Lack::Key)
}

fn pem(text: &str, passphrase: Option<&str>) -> Result<Made, KeyError> {
    let text = Zeroizing::new(text.replace("\\r", "").replace("\\n", "\n"));
    let (shape, inner) = block(&text)?;
    let fail = |lack| KeyError { shape, lack };
    let lack = match shape {
        Shape::Public | Shape::Certificate => Some(Lack::Private),
        Shape::OpenSsh => Some(Lack::OpenSsh),
        Shape::OtherPem => Some(Lack::Key),
        _ => None,
    };
    if let Some(lack) = lack {
        return Err(fail(lack));
    }
    let inner = inner.map_err(fail)?;
    if inner.contains("Proc-Type") || inner.contains("DEK-Info") {
        return Err(KeyError { shape: Shape::OldEncrypted, lack: Lack::Encryption });
    }
    let der = decode(&STANDARD, inner).ok_or(fail(Lack::Letters))?;
    match shape {
        Shape::Pkcs1 => structure::from_pkcs1(&der),
        Shape::Sec1 => structure::from_sec1(&der),
        Shape::Encrypted => decrypted(&der, passphrase),
        _ => structure::from_pkcs8(&der),
    }
    .map_err(fail)
}

/// The first private key among the blocks, else the first block: what `openssl` writes may begin with curve
/// parameters, and what people paste with a certificate.
fn block(text: &str) -> Result<(Shape, Result<&str, Lack>), KeyError> {
    let mut first = None;
    for part in text.split("-----BEGIN ").skip(1) {
        let (label, rest) = part.split_once("-----").unwrap_or((part, ""));
        let inner = rest.split_once("-----END ").map(|(inner, _)| inner).ok_or(Lack::End);
        let found = (of_label(label), inner);
        if label.ends_with("PRIVATE KEY") {
            return Ok(found);
        }
        first = first.or(Some(found));
    }
    first.ok_or(KeyError { shape: Shape::Unknown, lack: Lack::Key })
}

fn of_label(label: &str) -> Shape {
    match label {
        "RSA PRIVATE KEY" => Shape::Pkcs1,
        "EC PRIVATE KEY" => Shape::Sec1,
        "PRIVATE KEY" => Shape::Pkcs8,
        "ENCRYPTED PRIVATE KEY" => Shape::Encrypted,
        "OPENSSH PRIVATE KEY" => Shape::OpenSsh,
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Shape::Public,
        "CERTIFICATE" => Shape::Certificate,
        _ => Shape::OtherPem,
    }
}

fn decrypted(der: &[u8], passphrase: Option<&str>) -> Result<Made, Lack> {
    let passphrase = passphrase.filter(|passphrase| !passphrase.is_empty()).ok_or(Lack::Passphrase)?;
    let sealed = EncryptedPrivateKeyInfo::from_der(der).map_err(|_| Lack::Encryption)?;
    let opened = sealed.decrypt(passphrase).map_err(|error| match error {
        pkcs8::Error::EncryptedPrivateKey(pkcs8::pkcs5::Error::UnsupportedAlgorithm { .. }) => {
            Lack::Encryption
        }
        _ => Lack::RightPassphrase,
    })?;
    // A wrong passphrase can leave a right padding by chance: one in 256.
    structure::from_pkcs8(opened.as_bytes()).map_err(|lack| match lack {
        Lack::Content => Lack::RightPassphrase,
        other => other,
    })
}

/// The members of a service account's file and of a JSON Web Key that we use.
#[derive(Deserialize)]
struct Members {
    private_key: Option<String>,
    private_key_id: Option<String>,
    client_email: Option<String>,
    token_uri: Option<String>,
    #[serde(rename = "type")]
    account: Option<String>,
    kty: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<String>,
    p: Option<String>,
    q: Option<String>,
}

impl Drop for Members {
    fn drop(&mut self) {
        for secret in [&mut self.private_key, &mut self.d, &mut self.p, &mut self.q] {
            secret.zeroize();
        }
    }
}

fn json(text: &str, passphrase: Option<&str>) -> Result<PrivateKey, KeyError> {
    let fail = |shape, lack| KeyError { shape, lack };
    let mut members: Members = serde_json::from_str(text).map_err(|_| fail(Shape::Json, Lack::Content))?;
    if let Some(inner) = &members.private_key {
        let (kind, der) = pem(inner, passphrase)?;
        return Ok(PrivateKey {
            kind,
            der,
            key_id: members.private_key_id.take(),
            client_email: members.client_email.take(),
            token_uri: members.token_uri.take(),
        });
    }
    if members.kty.is_some() {
        let (kind, der) = jwk(&members).map_err(|lack| fail(Shape::Jwk, lack))?;
        return Ok(PrivateKey { kind, der, key_id: members.kid.take(), client_email: None, token_uri: None });
    }
    let shape = if members.account.is_some() { Shape::ServiceAccount } else { Shape::Json };
    Err(fail(shape, Lack::Member("private_key")))
}

/// RFC 7518, section 6; RFC 8037, section 2.
fn jwk(members: &Members) -> Result<Made, Lack> {
    let bytes = |text: &str| decode(&URL_SAFE, text).ok_or(Lack::Letters);
    let private = bytes(members.d.as_ref().ok_or(Lack::Private)?)?;
    match (members.kty.as_deref(), members.crv.as_deref()) {
        (Some("RSA"), _) => {
            let modulus = bytes(members.n.as_ref().ok_or(Lack::Member("n"))?)?;
            let exponent = bytes(members.e.as_ref().ok_or(Lack::Member("e"))?)?;
            let primes = [members.p.as_ref(), members.q.as_ref()].into_iter().flatten();
            let primes = primes.map(|prime| bytes(prime)).collect::<Result<Vec<_>, _>>()?;
            structure::from_numbers(&modulus, &exponent, &private, &primes)
        }
        (Some("EC"), Some("P-256")) => structure::from_scalar(&private, structure::P256),
        (Some("EC"), Some("P-384")) => structure::from_scalar(&private, structure::P384),
        (Some("OKP"), Some("Ed25519")) => structure::from_seed(&private),
        _ => Err(Lack::Algorithm),
    }
}
