//! Words of OAuth 2 that several programs share.

use super::found::OAuth2;

/// Scopes as programs write them: in one text, parted by spaces or commas.
#[must_use]
pub fn scopes(text: &str) -> Vec<String> {
    text.split([' ', ',', '\n']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// The grant behind a program's word for it; `None` where conn does not speak it.
#[must_use]
pub fn grant(word: &str) -> Option<Option<&'static str>> {
    match word {
        "authorization_code" | "authorization_code_with_pkce" | "authorizationCode" | "accessCode" | "" => {
            Some(None)
        }
        "client_credentials" | "clientCredentials" | "application" => Some(Some("client_credentials")),
        "password" | "password_credentials" => Some(Some("password")),
        _ => None,
    }
}

/// How a client proves itself, in a program's words.
#[must_use]
pub fn client_auth(word: &str) -> Option<&'static str> {
    match word {
        "header" | "basic_auth_header" | "basic" => Some("basic"),
        "body" | "post" => Some("post"),
        _ => None,
    }
}

impl OAuth2 {
    /// Whether anything is there to obtain tokens with.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.token.is_some() || self.issuer.is_some()
    }
}
