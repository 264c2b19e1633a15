//! Every shape gives the same key; every fault is named without a byte of it.

use super::{KeyKind, Lack, PrivateKey, Shape};
use crate::scheme::fixture::{
    ED25519_JWK, ED25519_PKCS8, P256_ENCRYPTED, P256_JWK, P256_PKCS8, P256_PUBLIC, P256_SEC1,
    P256_TRIPLE_DES, P384_JWK, P384_SEC1, P521_SEC1, RSA_JWK, RSA_PKCS1, RSA_PKCS8,
};

fn read(text: &str) -> PrivateKey {
    PrivateKey::read(text, Some("open")).unwrap_or_else(|error| panic!("{error}"))
}

/// A signature over the same bytes: equal keys of these kinds give equal signatures.
fn signature(key: &PrivateKey) -> String {
    jsonwebtoken::crypto::sign(b"bytes", &key.encoding(), key.algorithm()).unwrap()
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn every_shape_gives_the_same_key() {
    let account = serde_json::json!({
        "type": "service_account", "private_key": RSA_PKCS8, "private_key_id": "id-1",
        "client_email": "conn@test.iam", "token_uri": "https://a.test/token", "client_id": "1"
    });
    let account = account.to_string();
    let spaced = |pem: &str| pem.replace('\n', " ");
    let families: [(KeyKind, Vec<String>); 4] = [
        (
            KeyKind::Rsa,
            vec![
                RSA_PKCS1.into(),
                RSA_PKCS8.into(),
                RSA_JWK.into(),
                account.clone(),
                RSA_PKCS8.replace('\n', "\\n"),
                RSA_PKCS1.replace('\n', "\\r\\n"),
                RSA_PKCS1.replace('\n', "\r\n"),
                spaced(RSA_PKCS1),
                RSA_PKCS8.replace('\n', ""),
                format!("\"{}\\n\"", RSA_PKCS8.replace('\n', "\\n")),
                base64(RSA_PKCS1),
                base64(&account),
                body(RSA_PKCS1),
                body(RSA_PKCS8),
            ],
        ),
        (
            KeyKind::P256,
            vec![
                P256_SEC1.into(),
                P256_PKCS8.into(),
                P256_ENCRYPTED.into(),
                P256_JWK.into(),
                spaced(P256_SEC1),
                spaced(P256_ENCRYPTED),
                body(P256_PKCS8),
                format!("{P256_PUBLIC}\n{P256_PKCS8}\n"),
            ],
        ),
        (KeyKind::P384, vec![P384_SEC1.into(), P384_JWK.into(), body(P384_SEC1)]),
        (KeyKind::Ed25519, vec![ED25519_PKCS8.into(), ED25519_JWK.into()]),
    ];
    for (kind, shapes) in families {
        let expected = signature(&read(&shapes[0]));
        for (at, shape) in shapes.iter().enumerate() {
            let key = read(shape);
            assert_eq!(key.kind(), kind, "{kind:?} {at}");
            assert_eq!(signature(&key), expected, "{kind:?} {at}");
            assert_eq!(key.rsa().is_some(), kind == KeyKind::Rsa);
        }
    }
    let key = read(&account);
    assert_eq!(key.client_email.as_deref(), Some("conn@test.iam"));
    assert_eq!(key.key_id.as_deref(), Some("id-1"));
    assert_eq!(key.token_uri.as_deref(), Some("https://a.test/token"));
    assert_eq!(read(P256_JWK).key_id.as_deref(), Some("k-1"));
}

#[test]
fn every_fault_names_what_was_seen_and_what_is_missing() {
    let cut = &RSA_PKCS1[..600];
    let ended = format!("{}\n-----END RSA PRIVATE KEY-----", &RSA_PKCS1[..604]);
    let old = RSA_PKCS1.replace("KEY-----\nMII", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nMII");
    let account = r#"{"type":"service_account","client_email":"a@b"}"#;
    let no_private = r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#;
    let cases = [
        (cut, None, Shape::Pkcs1, Lack::End),
        (&ended, None, Shape::Pkcs1, Lack::Content),
        (&RSA_PKCS1.replace("MIIE", "MI!E"), None, Shape::Pkcs1, Lack::Letters),
        (&old, None, Shape::OldEncrypted, Lack::Encryption),
        (P256_ENCRYPTED, None, Shape::Encrypted, Lack::Passphrase),
        (P256_ENCRYPTED, Some(""), Shape::Encrypted, Lack::Passphrase),
        (P256_ENCRYPTED, Some("shut"), Shape::Encrypted, Lack::RightPassphrase),
        (P256_TRIPLE_DES, Some("open"), Shape::Encrypted, Lack::Encryption),
        (P256_PUBLIC, None, Shape::Public, Lack::Private),
        (
            "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----",
            None,
            Shape::Certificate,
            Lack::Private,
        ),
        (
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAA==\n-----END OPENSSH PRIVATE KEY-----",
            None,
            Shape::OpenSsh,
            Lack::OpenSsh,
        ),
        (P521_SEC1, None, Shape::Sec1, Lack::Algorithm),
        (account, None, Shape::ServiceAccount, Lack::Member("private_key")),
        ("{\"a\":1}", None, Shape::Json, Lack::Member("private_key")),
        ("{\"private_key\":", None, Shape::Json, Lack::Content),
        (no_private, None, Shape::Jwk, Lack::Private),
        (r#"{"kty":"RSA","d":"AQ"}"#, None, Shape::Jwk, Lack::Member("n")),
        (r#"{"kty":"EC","crv":"P-521","d":"AQ"}"#, None, Shape::Jwk, Lack::Algorithm),
        ("AAAA", None, Shape::Base64, Lack::Key),
        ("hunter2 hunter2!", None, Shape::Unknown, Lack::Key),
        ("", None, Shape::Unknown, Lack::Key),
    ];
    for (text, passphrase, shape, lack) in cases {
        let error = PrivateKey::read(text, passphrase).unwrap_err();
        assert_eq!((error.shape, error.lack), (shape, lack), "{error}");
        let phrase = error.phrase();
        assert!(!phrase.en.is_empty() && !phrase.ja.is_empty() && phrase.en != phrase.ja);
        let letters = text.lines().nth(1).unwrap_or("hunter2");
        assert!(!phrase.en.contains(letters) && !format!("{error:?}").contains(letters));
    }
}

#[test]
fn debug_shows_nothing_of_a_key() {
    assert_eq!(format!("{:?}", read(P256_PKCS8)), "PrivateKey { kind: P256, .. }");
}
