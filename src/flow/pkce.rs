//! The proof key of a consent (RFC 7636): what was sent ahead as a challenge is shown when the code is redeemed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{Stop, Terms};
use crate::base::{Text, redact};
use crate::model::oauth::Pkce;
use crate::scheme::Moment;

/// The key of one attempt. Has no `Debug`: the verifier belongs into the token request only.
pub struct ProofKey {
    verifier: Zeroizing<String>,
    plain: bool,
}

impl ProofKey {
    /// A fresh key for one attempt, as the definition and the service's metadata say; `None` where the
    /// definition switches it off.
    ///
    /// # Errors
    /// When the service names its methods and S256 is not among them, and the definition does not say what to
    /// do instead: there is no silent step down (RFC 9700, section 2.1.1).
    pub fn fresh(terms: &Terms<'_>, moment: &Moment) -> Result<Option<Self>, Stop> {
        match terms.method.pkce {
            Some(Pkce::Off) => Ok(None),
            Some(Pkce::Plain) => Ok(Some(Self::new(moment.text(0), true))),
            Some(Pkce::S256) | None => {
                let named = terms.metadata.and_then(|metadata| metadata.pkce_methods.as_deref());
                if let Some(methods) = named
                    && !methods.iter().any(|method| method == "S256")
                {
                    return Err(without_s256(methods));
                }
                Ok(Some(Self::new(moment.text(0), false)))
            }
        }
    }

    fn new(verifier: String, plain: bool) -> Self {
        if !plain {
            // A plain challenge stands in the address that people open: masked there, it would not work.
            redact::remember(&verifier);
        }
        Self { verifier: Zeroizing::new(verifier), plain }
    }

    /// The key of an attempt whose challenge was sent before.
    #[must_use]
    pub fn known(verifier: String) -> Self {
        Self::new(verifier, false)
    }

    /// What the consent address carries as `code_challenge`.
    #[must_use]
    pub fn challenge(&self) -> String {
        if self.plain {
            return self.verifier.to_string();
        }
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }

    /// What the consent address carries as `code_challenge_method`.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        if self.plain { "plain" } else { "S256" }
    }

    /// What the token request carries as `code_verifier`.
    #[must_use]
    pub fn verifier(&self) -> &str {
        &self.verifier
    }
}

fn without_s256(methods: &[String]) -> Stop {
    const NAMED: Text = Text::new(
        "The service names these methods and not S256: {methods}. Where that is right, the definition says \
         pkce = \"plain\" or \"off\".",
        "外部サービスが示す方式に S256 がありません: {methods}。これで正しい場合は、定義に pkce = \"plain\" または \
         \"off\" を指定してください。",
    );
    let methods = crate::base::safe_text::line(&methods.join(", "), 80);
    Stop::new("CONN-OAUTH-PKCE").because(NAMED, &[("methods", &methods)])
}

#[cfg(test)]
mod tests {
    use super::ProofKey;
    use crate::flow::Metadata;
    use crate::flow::fixture::{moment, world};

    #[test]
    fn the_published_verifier_gives_the_published_challenge() {
        // RFC 7636, appendix B.
        let key = ProofKey::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(), false);
        assert_eq!(key.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_key_is_fresh_long_and_as_the_definition_says() {
        for (definition, named, expected) in [
            ("", None, Ok(Some("S256"))),
            ("", Some(vec!["plain", "S256"]), Ok(Some("S256"))),
            ("", Some(vec!["plain"]), Err("CONN-OAUTH-PKCE")),
            ("", Some(vec![]), Err("CONN-OAUTH-PKCE")),
            ("pkce = 's256'", Some(vec!["plain"]), Err("CONN-OAUTH-PKCE")),
            ("pkce = 'plain'", Some(vec!["plain"]), Ok(Some("plain"))),
            ("pkce = 'plain'", None, Ok(Some("plain"))),
            ("pkce = 'off'", Some(vec!["plain"]), Ok(None)),
        ] {
            let mut world = world(definition);
            world.metadata = named.map(|methods| Metadata {
                pkce_methods: Some(methods.into_iter().map(str::to_owned).collect()),
                ..Metadata::default()
            });
            let key = world.with(|terms| ProofKey::fresh(terms, &moment(1)));
            let method = key.as_ref().map(|key| key.as_ref().map(ProofKey::method));
            assert_eq!(method.map_err(|stop| stop.code), expected, "{definition}");
        }
        let verifier = |seed| {
            let key = world("").with(|terms| ProofKey::fresh(terms, &moment(seed))).unwrap().unwrap();
            key.verifier().to_owned()
        };
        assert_ne!(verifier(1), verifier(2));
        let first = verifier(1);
        assert!((43..=128).contains(&first.len()));
        assert!(first.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c)));
    }
}
