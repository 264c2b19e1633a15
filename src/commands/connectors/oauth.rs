//! What the form asks of a service with OAuth, and how it stands in the definition.

use clap::Args;

use super::draft::{Placement, base, quote};
use super::form::Form;
use crate::base::Text;
use crate::commands::help::say;
use crate::model::AuthKind;
use crate::operation::Failure;
use crate::port::person::Choice;

/// The flags of the kinds `oauth1` and `oauth2`.
#[derive(Debug, Default, Args)]
pub struct OAuthArguments {
    /// The page of consent.
    #[arg(long, value_name = "URL", help = say("oauth1, oauth2: address of the page on which a person consents", "oauth1、oauth2: 利用者が許可する画面の URL（認可 URL）"))]
    pub authorize: Option<String>,
    /// The token endpoint.
    #[arg(long, value_name = "URL", help = say("oauth2: address that gives tokens", "oauth2: アクセストークンの URL"))]
    pub token: Option<String>,
    /// Another address for renewals.
    #[arg(long, value_name = "URL", help = say("oauth2: address that renews tokens, where it is another one", "oauth2: トークン更新の URL（アクセストークンの URL と異なる場合）"))]
    pub refresh: Option<String>,
    /// Scopes.
    #[arg(long, value_name = "SCOPE", help = say("oauth2: scope to ask for; repeat for more", "oauth2: 要求するスコープ（複数指定可）"))]
    pub scope: Vec<String>,
    /// What stands between scopes.
    #[arg(long, value_name = "TEXT", help = say("oauth2: what stands between scopes, if not a space", "oauth2: スコープの区切り文字（空白以外の場合）"))]
    pub scope_separator: Option<String>,
    /// The grant.
    #[arg(long, value_name = "GRANT", value_parser = ["authorization_code", "client_credentials"], hide_possible_values = true, help = say("oauth2: authorization_code (a person consents, usual) or client_credentials (the app itself)", "oauth2: authorization_code（利用者が許可。標準）または client_credentials（アプリ自身の認証）"))]
    pub grant: Option<String>,
    /// Temporary credentials.
    #[arg(long, value_name = "URL", help = say("oauth1: address of the request token", "oauth1: リクエストトークンの URL"))]
    pub request: Option<String>,
    /// Token credentials.
    #[arg(long, value_name = "URL", help = say("oauth1: address of the access token", "oauth1: アクセストークンの URL"))]
    pub access: Option<String>,
}

impl OAuthArguments {
    /// Each flag that the kind needs, and whether it is missing.
    pub fn missing(&self, kind: Option<&str>) -> Vec<(&'static str, bool)> {
        let consents = self.grant.as_deref() != Some(APP);
        match kind {
            Some("oauth2") => {
                vec![("--authorize", consents && self.authorize.is_none()), ("--token", self.token.is_none())]
            }
            Some("oauth1") => vec![
                ("--request", self.request.is_none()),
                ("--authorize", self.authorize.is_none()),
                ("--access", self.access.is_none()),
            ],
            _ => Vec::new(),
        }
    }
}

impl OAuthArguments {
    /// The flags that were given and mean nothing for this kind.
    pub fn idle(&self, kind: AuthKind) -> Vec<&'static str> {
        let (one, two) = (kind == AuthKind::OAuth1, kind == AuthKind::OAuth2);
        let flags = [
            ("--authorize", self.authorize.is_some(), one || two),
            ("--token", self.token.is_some(), two),
            ("--refresh", self.refresh.is_some(), two),
            ("--scope", !self.scope.is_empty(), two),
            ("--scope-separator", self.scope_separator.is_some(), two),
            ("--grant", self.grant.is_some(), two),
            ("--request", self.request.is_some(), one),
            ("--access", self.access.is_some(), one),
        ];
        flags.into_iter().filter_map(|(flag, given, means)| (given && !means).then_some(flag)).collect()
    }
}

/// The grant by which an app authorises itself (RFC 6749, section 4.4).
const APP: &str = "client_credentials";

/// The answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OAuth {
    /// Three addresses.
    One {
        /// Of the request token.
        request: String,
        /// Of the consent.
        authorize: String,
        /// Of the access token.
        access: String,
    },
    /// The addresses and scopes of an app.
    Two {
        /// Of the consent; none where the app authorises itself.
        authorize: Option<String>,
        /// Of the tokens.
        token: String,
        /// Of renewals, where it is another one.
        refresh: Option<String>,
        /// What is asked for.
        scopes: Vec<String>,
        /// What stands between them, where it is no space.
        separator: Option<String>,
    },
}

impl Form<'_, '_> {
    /// Asks what the kind needs; nothing where it is no OAuth.
    pub(super) fn oauth(&self, kind: AuthKind, given: OAuthArguments) -> Result<Option<OAuth>, Failure> {
        const AUTHORIZE: Text = Text::new("Authorization URL (the page of consent)", "認可 URL（許可画面）");
        const TOKEN: Text = Text::new("Token URL", "アクセストークンの URL");
        const REQUEST: Text = Text::new("Request token URL", "リクエストトークンの URL");
        const SCOPES: Text = Text::new("Scopes", "スコープ");
        const SCOPES_HELP: Text = Text::new(
            "as the service writes them, with its own separator; - for none",
            "サービスの表記どおりに、区切り文字も含めて入力してください（不要な場合は -）",
        );
        let address = |given, question| self.right(given, question, None, None, base);
        match kind {
            AuthKind::OAuth1 => Ok(Some(OAuth::One {
                request: address(given.request, REQUEST)?,
                authorize: address(given.authorize, AUTHORIZE)?,
                access: address(given.access, TOKEN)?,
            })),
            AuthKind::OAuth2 => {
                let consents = self.consents(given.grant.as_deref(), given.authorize.is_some())?;
                let authorize = consents.then(|| address(given.authorize, AUTHORIZE)).transpose()?;
                let token = address(given.token, TOKEN)?;
                let refresh = given.refresh.map(|refresh| base(&refresh)).transpose()?;
                let asked = given.scope.is_empty() && self.person.is_present();
                let typed = if asked {
                    vec![self.text(None, SCOPES, Some("-"), Some(SCOPES_HELP))?]
                } else {
                    given.scope
                };
                let (scopes, separator) = scopes(&typed, given.scope_separator);
                Ok(Some(OAuth::Two { authorize, token, refresh, scopes, separator }))
            }
            _ => Ok(None),
        }
    }

    /// Whether a person consents, rather than the app for itself.
    fn consents(&self, grant: Option<&str>, has_page: bool) -> Result<bool, Failure> {
        const WHO: Text = Text::new("Who authorises it?", "認可の方式");
        const PERSON: Text = Text::new("a person, in the browser", "利用者がブラウザーで許可（認可コード）");
        const ITSELF: Text = Text::new(
            "the app itself, with its ID and secret",
            "アプリ自身の ID とシークレット（クライアントクレデンシャル）",
        );
        if grant.is_some() || has_page || !self.person.is_present() {
            return Ok(grant != Some(APP));
        }
        let choice =
            |value: &str, text| Choice { value: value.to_owned(), shown: self.words(text).to_owned() };
        let offered = [choice("authorization_code", PERSON), choice(APP, ITSELF)];
        Ok(self.person.choose(self.words(WHO), &offered, None)? != APP)
    }
}

/// Scopes as they were typed, in one line or several, and what stands between them where it is no space.
fn scopes(typed: &[String], separator: Option<String>) -> (Vec<String>, Option<String>) {
    let seen = || typed.iter().any(|text| text.contains(',')).then(|| ",".to_owned());
    let separator = separator.filter(|text| !text.trim().is_empty()).or_else(seen);
    let between = separator.as_deref().unwrap_or(" ").trim().to_owned();
    let split = typed.iter().flat_map(|text| {
        let parts: Vec<&str> = if between.is_empty() {
            text.split_whitespace().collect()
        } else {
            text.split(&*between).collect()
        };
        parts.into_iter().map(|part| part.trim().to_owned()).collect::<Vec<_>>()
    });
    let scopes: Vec<String> = split.filter(|scope| !scope.is_empty() && scope != "-").collect();
    let separator = separator.filter(|_| !scopes.is_empty());
    (scopes, separator)
}

impl OAuth {
    /// The lines of the method's table.
    pub(super) fn lines(&self, placement: Placement, key: Option<&str>) -> String {
        let line = |name: &str, value: &str| format!("{name} = {}\n", quote(value));
        match self {
            Self::One { request, authorize, access } => {
                let mut toml =
                    line("request", request) + &line("authorize", authorize) + &line("access", access);
                if placement != Placement::Header {
                    toml += &line("transmission", placement.code());
                }
                toml
            }
            Self::Two { authorize, token, refresh, scopes, separator } => {
                let mut toml = match authorize {
                    Some(authorize) => line("authorize", authorize),
                    None => line("grant", APP),
                };
                toml += &line("token", token);
                toml += &refresh.as_deref().map(|refresh| line("refresh", refresh)).unwrap_or_default();
                if !scopes.is_empty() {
                    let list: Vec<String> = scopes.iter().map(|scope| quote(scope)).collect();
                    toml += &format!("scopes = [{}]\n", list.join(", "));
                }
                toml += &separator.as_deref().map(|text| line("scope_separator", text)).unwrap_or_default();
                if let (Some(key), false) = (key, placement == Placement::Header) {
                    toml += &format!("send.{}.{} = \"{{access_token}}\"\n", placement.code(), quote(key));
                }
                toml
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::scopes;

    #[test]
    fn scopes_are_read_as_the_service_writes_them() {
        let cases: [(&[&str], Option<&str>, &[&str], Option<&str>); 5] = [
            (&["read write"], None, &["read", "write"], None),
            (
                &["ZohoCRM.org.READ,ZohoCRM.modules.READ"],
                None,
                &["ZohoCRM.org.READ", "ZohoCRM.modules.READ"],
                Some(","),
            ),
            (&["a", "b"], None, &["a", "b"], None),
            (&["a+b"], Some("+"), &["a", "b"], Some("+")),
            (&["-"], None, &[], None),
        ];
        for (typed, given, wanted, separator) in cases {
            let typed: Vec<String> = typed.iter().map(ToString::to_string).collect();
            let (found, between) = scopes(&typed, given.map(str::to_owned));
            assert_eq!(
                (found, between.as_deref()),
                (wanted.iter().map(ToString::to_string).collect(), separator)
            );
        }
    }
}
