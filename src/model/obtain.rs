//! How the values of an auth method come about: given by a person, obtained by conn itself, or obtained after a
//! person consented.

use super::auth::{AuthKind, AuthMethod};
use super::grant::is_obtained;
use super::oauth::ClientAuth;
use super::parameter::Parameter;
use crate::base::{Phrase, Text};

/// How tokens come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obtaining {
    /// There are none: the values that a person gave are the proof.
    Given,
    /// conn asks for them whenever it needs them, with what a person gave.
    BySelf,
    /// A person has to consent once.
    ByConsent,
}

/// The name of the grant where a definition says nothing.
pub const AUTHORIZATION_CODE: &str = "authorization_code";

impl AuthMethod {
    /// The grant of kind `oauth2`.
    #[must_use]
    pub fn grant(&self) -> &str {
        let implied = || {
            if self.authorize.is_none() && self.device.is_some() { "device_code" } else { AUTHORIZATION_CODE }
        };
        self.grant.as_deref().unwrap_or_else(implied)
    }

    /// Whether conn may register a client of its own where none is given (RFC 7591).
    #[must_use]
    pub fn registers(&self) -> bool {
        let declared = self.register.is_some() || self.self_register == Some(true);
        declared && self.kind == AuthKind::OAuth2 && self.obtaining() == Obtaining::ByConsent
    }

    /// How the tokens of this method come about.
    #[must_use]
    pub fn obtaining(&self) -> Obtaining {
        match self.kind {
            AuthKind::OAuth2 => match self.grant() {
                AUTHORIZATION_CODE | "device_code" => Obtaining::ByConsent,
                _ => Obtaining::BySelf,
            },
            AuthKind::OAuth1 if self.access.is_some() => Obtaining::ByConsent,
            AuthKind::Session => Obtaining::BySelf,
            _ => Obtaining::Given,
        }
    }

    /// Whether a value is one that conn obtains by itself. A service may call what a person types by the same name.
    #[must_use]
    pub fn obtains(&self, key: &str) -> bool {
        is_obtained(key) && self.obtaining() != Obtaining::Given
    }

    /// Adds the parameters that a kind needs by its nature, where the definition does not write them itself.
    pub fn complete(&mut self) {
        for (key, secret, optional, label) in self.natural_parameters() {
            let parameter = Parameter {
                secret,
                optional,
                ..Parameter::labelled(Phrase { en: label.en.into(), ja: label.ja.into() })
            };
            self.params.entry(key.to_owned()).or_insert(parameter);
        }
    }

    fn natural_parameters(&self) -> Vec<(&'static str, bool, bool, Text)> {
        const ID: Text = Text::new("Client ID", "クライアントID");
        const SECRET: Text = Text::new("Client secret", "クライアントシークレット");
        const CONSUMER: Text = Text::new("Consumer key", "コンシューマーキー");
        const CONSUMER_SECRET: Text = Text::new("Consumer secret", "コンシューマーシークレット");
        const KEY: Text = Text::new("Private key (PEM)", "秘密鍵（PEM）");
        const CERTIFICATE: Text = Text::new("Client certificate (PEM)", "クライアント証明書（PEM）");
        const USER: Text = Text::new("User name", "ユーザー名");
        const PASSWORD: Text = Text::new("Password", "パスワード");
        const TOKEN: Text = Text::new("Refresh token", "更新トークン");
        match self.kind {
            AuthKind::OAuth2 if self.grant() == "jwt_bearer" => vec![("private_key", true, false, KEY)],
            AuthKind::OAuth2 => {
                let mut natural = vec![("client_id", false, self.registers(), ID)];
                match self.client_auth {
                    Some(ClientAuth::None) => {}
                    // Public, but of many lines: kept where its key is.
                    Some(ClientAuth::Mtls) => natural.extend([
                        ("certificate", true, false, CERTIFICATE),
                        ("private_key", true, false, KEY),
                    ]),
                    Some(ClientAuth::PrivateKeyJwt) => natural.push(("private_key", true, false, KEY)),
                    Some(_) => natural.push(("client_secret", true, self.registers(), SECRET)),
                    // A public client has none; where a definition does not say, the person knows.
                    None => natural.push((
                        "client_secret",
                        true,
                        self.obtaining() == Obtaining::ByConsent,
                        SECRET,
                    )),
                }
                match self.grant() {
                    "password" => natural
                        .extend([("username", false, false, USER), ("password", true, false, PASSWORD)]),
                    "refresh_token" => natural.push(("refresh_token", true, false, TOKEN)),
                    _ => {}
                }
                natural
            }
            AuthKind::OAuth1 => {
                let rsa = self.signature.is_some_and(super::oauth::Signature::is_rsa);
                let proof = if rsa {
                    ("private_key", true, false, KEY)
                } else {
                    ("client_secret", true, false, CONSUMER_SECRET)
                };
                vec![("client_id", false, false, CONSUMER), proof]
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Obtaining;
    use crate::model::AuthMethod;

    #[test]
    fn a_kind_asks_for_what_it_needs_by_nature_and_a_definition_may_say_otherwise() {
        for (text, obtaining, params) in [
            ("kind = 'oauth2'", Obtaining::ByConsent, "client_id client_secret?"),
            ("kind = 'oauth2'\nclient_auth = 'none'", Obtaining::ByConsent, "client_id"),
            ("kind = 'oauth2'\nself_register = true", Obtaining::ByConsent, "client_id? client_secret?"),
            ("kind = 'oauth2'\nclient_auth = 'basic'", Obtaining::ByConsent, "client_id client_secret"),
            ("kind = 'oauth2'\ndevice = 'https://a.test'", Obtaining::ByConsent, "client_id client_secret?"),
            ("kind = 'oauth2'\ngrant = 'client_credentials'", Obtaining::BySelf, "client_id client_secret"),
            (
                "kind = 'oauth2'\nclient_auth = 'mtls'",
                Obtaining::ByConsent,
                "client_id certificate private_key",
            ),
            ("kind = 'oauth2'\ngrant = 'jwt_bearer'", Obtaining::BySelf, "private_key"),
            (
                "kind = 'oauth2'\ngrant = 'password'\nclient_auth = 'none'",
                Obtaining::BySelf,
                "client_id username password",
            ),
            ("kind = 'oauth1'\naccess = 'https://a.test'", Obtaining::ByConsent, "client_id client_secret"),
            ("kind = 'oauth1'\nsignature = 'RSA-SHA1'", Obtaining::Given, "client_id private_key"),
            ("kind = 'api_key'\nparams.key = 'Key'", Obtaining::Given, "key"),
        ] {
            let mut method: AuthMethod = toml::from_str(text).unwrap();
            assert_eq!(method.obtaining(), obtaining, "{text}");
            method.complete();
            let mark = |optional| if optional { "?" } else { "" };
            let asked: Vec<String> =
                method.params.iter().map(|(key, param)| format!("{key}{}", mark(param.optional))).collect();
            assert_eq!(asked.join(" "), params, "{text}");
        }
    }
}
