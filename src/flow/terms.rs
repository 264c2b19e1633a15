//! What a conversation goes by: the definition of the auth method, its values, and what the service publishes.

use std::borrow::Cow;

use indexmap::IndexMap;
use url::Url;

use super::Stop;
use crate::base::{Template, Text};
use crate::model::AuthMethod;
use crate::model::connector::Variable;
use crate::scheme::Values;

/// What an authorization server publishes about itself (RFC 8414, OpenID Connect Discovery), as far as we use it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The issuer, as it stands there.
    pub issuer: String,
    /// Our name of an address (`token`, `authorize`, `device`, `par`, `revoke`, `introspect`, `register`) → address.
    pub addresses: IndexMap<&'static str, Url>,
    /// Further addresses under mutual TLS (RFC 8705, section 5), by the same names.
    pub mtls_addresses: IndexMap<&'static str, Url>,
    /// Whether it promises `iss` in the callback (RFC 9207).
    pub promises_issuer: bool,
    /// The ways of PKCE that it names; `None` where it says nothing.
    pub pkce_methods: Option<Vec<String>>,
    /// The algorithms for proofs of possession (RFC 9449).
    pub dpop_algorithms: Vec<String>,
    /// Whether it wants every authorization request pushed (RFC 9126).
    pub requires_pushed: bool,
}

/// What a conversation goes by.
pub struct Terms<'a> {
    /// The definition.
    pub method: &'a AuthMethod,
    /// The variables of the connector: what may be kept from answers.
    pub variables: &'a IndexMap<String, Variable>,
    /// The values of parameters and variables. Keys by convention: `client_id`, `client_secret`, `username`,
    /// `password`, `private_key`, `key_id`, `refresh_token`, `access_token`, `token_secret`.
    pub values: &'a Values<'a>,
    /// What the service publishes, where it was asked.
    pub metadata: Option<&'a Metadata>,
    /// The scopes to ask for.
    pub scopes: &'a [String],
}

impl Terms<'_> {
    /// A value by its key; an empty one counts as none.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<Cow<'_, str>> {
        (self.values)(key).filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    ///
    /// # Errors
    /// Names the key.
    pub fn required(&self, key: &str) -> Result<Cow<'_, str>, Stop> {
        self.value(key).ok_or_else(|| self.missing(key))
    }

    /// A value that the conversation needs and nobody gave.
    #[must_use]
    pub fn missing(&self, key: &str) -> Stop {
        let code = self.method.lack(key);
        let label =
            self.method.params.get(key).map_or_else(|| key.to_owned(), |param| param.label.en.clone());
        Stop::new(code)
            .value("label", &label)
            .value("parameter", key)
            .value("variable", key)
            .value("key", key)
    }

    /// A template with its values.
    ///
    /// # Errors
    /// Names the placeholder without a value.
    pub fn expand(&self, template: &Template) -> Result<String, Stop> {
        template
            .expand(self.values)
            .map(|text| text.to_string())
            .map_err(|unresolved| self.missing(&unresolved.0))
    }

    /// An address of the conversation, from the definition, else from the service's metadata. With a client
    /// certificate the service's own addresses for that come first.
    ///
    /// # Errors
    /// When there is none, it is no address, or it would carry secrets in the clear.
    pub fn address(&self, name: &'static str) -> Result<Url, Stop> {
        self.address_if_any(name)?.ok_or_else(|| Stop::new("CONN-CFG-SCHEMA").value("key", name))
    }

    /// The same; `None` where neither names one.
    ///
    /// # Errors
    /// When it is no address, or it would carry secrets in the clear.
    pub fn address_if_any(&self, name: &'static str) -> Result<Option<Url>, Stop> {
        let declared = self.method.addresses().into_iter().find(|(field, _)| *field == name);
        let Some((_, template)) = declared else {
            let published = self.metadata.and_then(|metadata| {
                let mtls = metadata.mtls_addresses.get(name).filter(|_| self.uses_certificate());
                mtls.or_else(|| metadata.addresses.get(name))
            });
            return published.cloned().map(secure).transpose();
        };
        let text = self.expand(template)?;
        let url = Url::parse(&text).map_err(|_| Stop::new("CONN-CFG-HOST-FORM").value("value", &text))?;
        secure(url).map(Some)
    }

    fn uses_certificate(&self) -> bool {
        self.method.client_auth == Some(crate::model::oauth::ClientAuth::Mtls)
    }

    /// Calls with terms that know more values: what the conversation has learnt comes before what was known.
    pub fn with<R>(&self, learnt: &IndexMap<String, String>, call: impl FnOnce(&Terms<'_>) -> R) -> R {
        let values = |key: &str| match learnt.get(key) {
            Some(value) => Some(Cow::Owned(value.clone())),
            None => (self.values)(key),
        };
        call(&Terms {
            method: self.method,
            variables: self.variables,
            values: &values,
            metadata: self.metadata,
            scopes: self.scopes,
        })
    }

    /// The scopes in one text, as the service separates them; `None` where there are none.
    #[must_use]
    pub fn scope(&self) -> Option<String> {
        let separator = self.method.scope_separator.as_deref().unwrap_or(" ");
        (!self.scopes.is_empty()).then(|| self.scopes.join(separator))
    }

    /// The service's name for a standard parameter.
    #[must_use]
    pub fn name<'n>(&'n self, standard: &'n str) -> &'n str {
        if standard == "scope"
            && let Some(name) = &self.method.scope_param
        {
            return name;
        }
        self.method.rename.get(standard).map_or(standard, String::as_str)
    }

    /// Whether a value from outside may become the value of a variable.
    #[must_use]
    pub fn allows(&self, variable: &str, value: &str) -> bool {
        self.variables.get(variable).is_some_and(|variable| variable.takes(value))
    }
}

/// Credentials travel over https, and in the clear to this machine only (RFC 6749, section 3.2).
pub(in crate::flow) fn secure(url: Url) -> Result<Url, Stop> {
    const USER: Text = Text::new("the address holds a user name", "アドレスにユーザー名が含まれています");
    let host = url.host_str().unwrap_or_default().to_owned();
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Stop::new("CONN-CFG-HOST-FORM").value("value", &host).because(USER, &[]));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if crate::base::is_loopback(&host) => Ok(url),
        _ => Err(Stop::new("CONN-CFG-HOST-INSECURE").value("host", &host)),
    }
}

#[cfg(test)]
mod tests {
    use super::Terms;
    use crate::model::AuthMethod;

    fn method(text: &str) -> AuthMethod {
        toml::from_str(&format!("kind = 'oauth2'\n{text}")).unwrap()
    }

    #[test]
    fn an_address_is_https_unless_it_is_this_machine() {
        for (address, code) in [
            ("https://a.test/token", None),
            ("http://127.0.0.1:9/token", None),
            ("http://a.test/token", Some("CONN-CFG-HOST-INSECURE")),
            ("https://user@a.test/token", Some("CONN-CFG-HOST-FORM")),
            ("token", Some("CONN-CFG-HOST-FORM")),
            ("https://{host}/token", Some("CONN-CFG-VARIABLE-MISSING")),
        ] {
            let method = method(&format!("token = '{address}'"));
            let variables = indexmap::IndexMap::default();
            let values = |_: &str| None;
            let terms = Terms {
                method: &method,
                variables: &variables,
                values: &values,
                metadata: None,
                scopes: &[],
            };
            assert_eq!(terms.address("token").err().map(|stop| stop.code), code, "{address}");
        }
    }

    #[test]
    fn a_value_from_outside_becomes_a_variable_only_where_the_variable_allows_it() {
        let method = method("token = 'https://a.test'");
        let variables = toml::from_str(
            r"
            realm = { from = 'callback:realmId', pattern = '\d+' }
            accounts = { from = 'callback:accounts-server', choices = ['https://accounts.a.test'] }
            org = { from = 'token:/org' }
            ",
        )
        .unwrap();
        let values = |_: &str| None;
        let terms =
            Terms { method: &method, variables: &variables, values: &values, metadata: None, scopes: &[] };
        for (name, value, allowed) in [
            ("realm", "123", true),
            ("realm", "123/x", false),
            ("accounts", "https://accounts.a.test", true),
            ("accounts", "https://accounts.evil.test", false),
            ("org", "acme-1", true),
            ("org", "evil.test", false),
            ("other", "1", false),
        ] {
            assert_eq!(terms.allows(name, value), allowed, "{name} {value}");
        }
    }
}
