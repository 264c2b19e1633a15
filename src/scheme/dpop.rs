//! Proof of possession (RFC 9449): a key of our own beside the token, and a signed statement per request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use p256::SecretKey;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use serde_json::{Map, Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::hash::Hash;
use super::{Moment, jwt};

/// The key that proves possession: ECDSA on P-256, which every service with proofs accepts. Kept with the
/// connection as its 32 bytes in base64url, short enough for every secret store. Wiped on drop.
pub struct ProofKey(SecretKey);

impl ProofKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn generate(chance: &[u8; 32]) -> Self {
        let mut seed = Zeroizing::new(chance.to_vec());
        loop {
            if let Ok(key) = SecretKey::from_slice(&seed) {
                return Self(key);
            }
            // Not a number of the curve: once in 2³² times. The hash of the same bytes is as good.
            seed = Zeroizing::new(Hash::Sha256.digest(&seed));
        }
    }

    /// The key that [`Self::to_text`] wrote; `None` where it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text.trim()).ok()?);
        SecretKey::from_slice(&bytes).ok().map(Self)
    }

    /// The key as text, to be kept secret.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new(self.0.to_bytes());
        Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
    }

    /// The public half as a JSON Web Key (RFC 7518, section 6.2).
    #[must_use]
    pub fn public(&self) -> Value {
        let point = self.0.public_key().to_encoded_point(false);
        let number =
            |bytes: Option<&_>| bytes.map_or_else(String::new, |bytes| URL_SAFE_NO_PAD.encode(bytes));
        json!({ "kty": "EC", "crv": "P-256", "x": number(point.x()), "y": number(point.y()) })
    }

    /// The thumbprint of the public half: what services call `jkt`.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        thumbprint(&self.public())
    }
}

impl std::fmt::Debug for ProofKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ProofKey(***)")
    }
}

/// The SHA-256 thumbprint of a JSON Web Key (RFC 7638): over its required members, in the order of their names.
#[must_use]
pub fn thumbprint(key: &Value) -> String {
    let members: &[&str] = match key["kty"].as_str() {
        Some("RSA") => &["e", "kty", "n"],
        Some("OKP") => &["crv", "kty", "x"],
        _ => &["crv", "kty", "x", "y"],
    };
    let needed: Map<String, Value> =
        members.iter().map(|member| ((*member).to_owned(), key[*member].clone())).collect();
    let text = serde_json::to_string(&needed).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(Hash::Sha256.digest(text.as_bytes()))
}

/// The proof for one request (RFC 9449, section 4.2): with an access token for an API, without one for a token
/// endpoint; with the nonce that this server gave last.
#[must_use]
pub fn proof(
    key: &ProofKey,
    method: &str,
    url: &Url,
    access_token: Option<&str>,
    nonce: Option<&str>,
    moment: &Moment,
) -> String {
    let mut target = url.clone();
    target.set_query(None);
    target.set_fragment(None);
    let mut claims = Map::new();
    claims.insert("jti".to_owned(), json!(moment.drawn("jti of a proof")));
    claims.insert("htm".to_owned(), json!(method));
    claims.insert("htu".to_owned(), json!(target.as_str()));
    claims.insert("iat".to_owned(), json!(moment.seconds()));
    if let Some(token) = access_token {
        let hash = URL_SAFE_NO_PAD.encode(Hash::Sha256.digest(token.as_bytes()));
        claims.insert("ath".to_owned(), json!(hash));
    }
    if let Some(nonce) = nonce {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    let mut header = Map::new();
    header.insert("typ".to_owned(), json!("dpop+jwt"));
    header.insert("jwk".to_owned(), key.public());
    let input = jwt::input(&header, &claims, Algorithm::ES256);
    let signature: Signature = SigningKey::from(&key.0).sign(input.as_bytes());
    format!("{}.{}", input.as_str(), URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey};
    use serde_json::json;

    use super::{ProofKey, proof, thumbprint};
    use crate::scheme::tests::{moment, part};

    /// RFC 7638, section 3.1; RFC 9449, section 6.1.
    #[test]
    fn thumbprints_match_the_published_values() {
        let n = concat!(
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3",
            "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA",
            "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-",
            "kEgU8awapJzKnqDKgw"
        );
        let rsa = json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" });
        assert_eq!(thumbprint(&rsa), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        let proof = json!({
            "kty": "EC", "crv": "P-256",
            "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"
        });
        assert_eq!(thumbprint(&proof), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    #[test]
    fn a_proof_says_the_request_and_the_token_and_holds_under_its_own_key() {
        let key = ProofKey::generate(&[1; 32]);
        let url = "https://server.example.com/token?x=1#y".parse().unwrap();
        let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
        let text = proof(&key, "POST", &url, Some(token), Some("n"), &moment());
        let (header, claims) = (part(&text, 0), part(&text, 1));
        assert_eq!((header["typ"].as_str(), header["alg"].as_str()), (Some("dpop+jwt"), Some("ES256")));
        assert_eq!(header["jwk"], key.public());
        assert!(header["jwk"].get("d").is_none());
        assert_eq!(thumbprint(&header["jwk"]), key.thumbprint());
        assert_eq!(claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        assert_eq!(claims["htu"], "https://server.example.com/token");
        assert_eq!((claims["htm"].as_str(), claims["nonce"].as_str()), (Some("POST"), Some("n")));
        assert_eq!(claims["iat"], moment().seconds());
        let (message, signature) = text.rsplit_once('.').unwrap();
        assert!(holds(&key, message, signature));
        assert!(!holds(&ProofKey::generate(&[2; 32]), message, signature));
        let bare = part(&proof(&key, "GET", &url, None, None, &moment()), 1);
        assert!(bare.get("ath").is_none() && bare.get("nonce").is_none());
    }

    fn holds(key: &ProofKey, message: &str, signature: &str) -> bool {
        let public = key.public();
        let number = |name: &str| public[name].as_str().unwrap().to_owned();
        let key = DecodingKey::from_ec_components(&number("x"), &number("y")).unwrap();
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::ES256).unwrap()
    }

    #[test]
    fn a_key_is_kept_as_text_and_every_chance_makes_one() {
        let key = ProofKey::generate(&[7; 32]);
        let text = key.to_text();
        assert_eq!(text.len(), 43);
        assert_eq!(ProofKey::read(&text).unwrap().thumbprint(), key.thumbprint());
        assert_eq!(format!("{key:?}"), "ProofKey(***)");
        // Beyond the order of the curve, and zero.
        for chance in [[0xff; 32], [0; 32]] {
            assert!(ProofKey::read(&ProofKey::generate(&chance).to_text()).is_some());
        }
        assert!(ProofKey::read("short").is_none());
    }
}
