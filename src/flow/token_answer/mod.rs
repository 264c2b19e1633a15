//! Reads a token answer tolerantly: of twelve usable answers seen in the field, a strict reader refuses seven.
//!
//! The definition's pointers come first, then the standard names in any writing, at the top or one level down.
//! An error inside a success is a refusal. Nothing that was read is ever part of an error.

pub mod body;
pub mod expiry;

#[cfg(test)]
mod tests;

use indexmap::IndexMap;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::{Obtained, Stop, Terms, refusal};
use crate::base::{Response, Secret, Text, Timestamp, pointer};
use crate::model::oauth::TokenResponse;
use crate::model::refusal::Spent;
use crate::scheme::Moment;

/// What may hold the values where the top does not: Yammer, TikTok, Withings, Slack and their like.
const NESTS: [&str; 9] =
    ["access_token", "token", "data", "body", "result", "response", "authed_user", "oauth", "session"];

/// Reads the answer to a token request that spent nothing in particular; see [`read_spent`].
///
/// # Errors
/// When it is a refusal or holds no token.
pub fn read(terms: &Terms<'_>, response: &Response, moment: &Moment) -> Result<Obtained, Stop> {
    read_spent(Spent::Nothing, terms, response, moment)
}

/// Reads the answer to a token request.
///
/// # Errors
/// When it is a refusal, by what was spent; when it holds no token; when a value that should become a variable
/// is not allowed to. Holds nothing of the answer.
pub fn read_spent(
    spent: Spent,
    terms: &Terms<'_>,
    response: &Response,
    moment: &Moment,
) -> Result<Obtained, Stop> {
    if let Some(stop) = refusal::of(spent, response) {
        return Err(stop);
    }
    let none = TokenResponse::default();
    let declared = terms.method.response.as_ref().unwrap_or(&none);
    if let Some(place) = &declared.token
        && let Some(token) = outside_json(place, response)
    {
        let root = body::read(response).unwrap_or(Value::Null);
        return obtained(Answer { terms, declared, root, now: moment.now }, token);
    }
    let root = body::read(response)?;
    let answer = Answer { terms, declared, root, now: moment.now };
    let Some(token) = answer.token() else {
        let field = declared.token.as_deref().unwrap_or("access_token");
        return Err(Stop::answered("CONN-BODY-SCHEMA").value("field", field));
    };
    obtained(answer, token)
}

/// A token that stands in no JSON: `cookie:NAME`, `header:NAME`, or `""` for the whole body.
fn outside_json(place: &str, response: &Response) -> Option<String> {
    if let Some(name) = place.strip_prefix("header:") {
        return response.header(name).and_then(clean);
    }
    if let Some(name) = place.strip_prefix("cookie:") {
        let cookies = response.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case("set-cookie"));
        let mut pairs = cookies.filter_map(|(_, value)| value.split(';').next()?.split_once('='));
        return pairs.find(|(key, _)| key.trim() == name).and_then(|(_, value)| clean(value));
    }
    if place.is_empty() { body::whole(response).as_deref().and_then(clean) } else { None }
}

fn obtained(answer: Answer<'_, '_>, token: String) -> Result<Obtained, Stop> {
    let kept = answer.kept()?;
    let refresh = answer.place(answer.declared.refresh.as_deref()).or_else(|| answer.text("refreshtoken"));
    Ok(Obtained {
        expires: answer.expires(&token),
        refresh_expires: answer.refresh_expires(),
        scopes: answer.scopes(),
        token_type: answer.text("tokentype"),
        id_token: answer.text("idtoken").map(Secret::new),
        token_secret: answer.text("oauthtokensecret").map(Secret::new),
        refresh_token: refresh.map(Secret::new),
        access_token: Secret::new(token),
        kept,
    })
}

/// A token answer that is no refusal.
struct Answer<'a, 't> {
    terms: &'a Terms<'t>,
    declared: &'a TokenResponse,
    root: Value,
    now: Timestamp,
}

impl Answer<'_, '_> {
    fn token(&self) -> Option<String> {
        if self.declared.token.is_some() {
            return self.place(self.declared.token.as_deref());
        }
        let names = ["accesstoken", "oauthtoken", "token", "jwt"];
        names.into_iter().find_map(|name| self.text(name))
    }

    /// The text to which a declared pointer leads.
    fn place(&self, place: Option<&str>) -> Option<String> {
        pointer::text(&self.root, place?).as_deref().and_then(clean)
    }

    /// The objects in which the standard names are looked for: the top, then what may hold it.
    fn objects(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let nested = NESTS.iter().filter_map(|name| self.root.get(name));
        std::iter::once(&self.root).chain(nested).filter_map(Value::as_object)
    }

    /// The first value of a name, given in lower case without separators.
    fn field(&self, name: &str) -> Option<&Value> {
        let fits = |key: &str| {
            let letters = key.chars().filter(|c| !matches!(c, '_' | '-'));
            letters.map(|c| c.to_ascii_lowercase()).eq(name.chars())
        };
        let mut found = self.objects().flatten().filter(|(key, _)| fits(key)).map(|(_, value)| value);
        found.find(|value| !value.is_null() && !value.is_object())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.field(name)?.as_str().and_then(clean)
    }

    fn expires(&self, token: &str) -> Option<Timestamp> {
        const NAMES: [&str; 13] = [
            "expiresin",
            "expiresat",
            "expireson",
            "accesstokenexpiresin",
            "accesstokenexpiresat",
            "accesstokenexpiration",
            "expiration",
            "expires",
            "expireat",
            "expiry",
            "expirydate",
            "expirationtime",
            "validuntil",
        ];
        let (unit, kind) = (self.declared.expires_unit, self.declared.expires_kind);
        let at = |place: &str| pointer::find(&self.root, place).into_iter().next();
        let said = match &self.declared.expires {
            Some(place) => at(place).and_then(|value| expiry::read(value, unit, kind, self.now)),
            None => NAMES
                .into_iter()
                .filter_map(|name| self.field(name))
                .find_map(|value| expiry::read(value, unit, kind, self.now)),
        };
        match said {
            Some(said) => said.moment(),
            None => expiry::of_jwt(token)
                .or_else(|| expiry::declared(self.terms.method.access_lifetime.as_deref(), self.now)),
        }
    }

    fn refresh_expires(&self) -> Option<Timestamp> {
        const NAMES: [&str; 6] = [
            "refreshtokenexpiresin",
            "xrefreshtokenexpiresin",
            "refreshexpiresin",
            "refreshtokenexpiresat",
            "refreshtokenexpiration",
            "refreshtokenexpirationtime",
        ];
        let mut values = NAMES.into_iter().filter_map(|name| self.field(name));
        values.find_map(|value| expiry::read(value, None, None, self.now))?.moment()
    }

    fn scopes(&self) -> Option<Vec<String>> {
        let declared = self.declared.scope.as_deref();
        let value = match declared {
            Some(place) => pointer::find(&self.root, place).into_iter().next(),
            None => self.field("scope").or_else(|| self.field("scopes")),
        };
        let scopes: Vec<String> = match value? {
            Value::String(text) => self.split(text),
            Value::Array(list) => list.iter().filter_map(Value::as_str).filter_map(clean).collect(),
            _ => return None,
        };
        (!scopes.is_empty()).then_some(scopes)
    }

    /// The scopes of a text: by the separator of the definition, and where that does not stand in it, by those
    /// that services use. A scope that was asked for stays whole, blanks and all.
    fn split(&self, text: &str) -> Vec<String> {
        let text = text.trim();
        let owned = |parts: &mut dyn Iterator<Item = &str>| parts.filter_map(clean).collect();
        if self.terms.scopes.iter().any(|scope| scope == text) {
            return vec![text.to_owned()];
        }
        match self.terms.method.scope_separator.as_deref() {
            Some(separator) if !separator.trim().is_empty() && text.contains(separator) => {
                owned(&mut text.split(separator))
            }
            _ => owned(&mut text.split([' ', ',', ';', '\t', '\n'])),
        }
    }

    /// The values for variables: those that the connector fills from the token answer, and those that the
    /// method keeps.
    fn kept(&self) -> Result<IndexMap<String, String>, Stop> {
        let from = |from: &'_ str| from.strip_prefix("token:").map(str::to_owned);
        let filled = self.terms.variables.iter().filter_map(|(name, variable)| {
            variable.from.as_deref().and_then(from).map(|place| (name.as_str(), place))
        });
        let named = self.declared.keep.iter().map(|(name, place)| (name.as_str(), place.clone()));
        let mut kept = IndexMap::new();
        for (name, place) in filled.chain(named) {
            let Some(value) = self.place(Some(&place)) else { continue };
            let variable = self.terms.variables.get(name);
            let value = variable.map_or(value.clone(), |variable| variable.settle(&value).into_owned());
            if !self.terms.allows(name, &value) {
                return Err(not_allowed(name, &value));
            }
            kept.insert(name.to_owned(), value);
        }
        Ok(kept)
    }
}

/// A value without what transport and vendors put around it; an empty one counts as none.
fn clean(value: &str) -> Option<String> {
    let value = value.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    (!value.is_empty()).then(|| value.to_owned())
}

/// The answer names a value that the connector does not allow (RFC 9700, section 4.9: a token must not follow
/// it to a host of somebody's choice). Of an address the host is shown, of anything else nothing.
fn not_allowed(variable: &str, value: &str) -> Stop {
    const HOST: Text = Text::new(
        "the token answer names the host {host} for {variable}, which the connector does not allow",
        "トークンの応答が {variable} にホスト {host} を示していますが、コネクターで許可されていません",
    );
    const VALUE: Text = Text::new(
        "the token answer gives a value for {variable} that the connector does not allow",
        "トークンの応答に含まれる {variable} の値は、コネクターで許可されていません",
    );
    let value = Zeroizing::new(value.to_owned());
    let address = url::Url::parse(&value).ok();
    let Some(host) = address.as_ref().and_then(url::Url::host_str) else {
        return Stop::new("CONN-CFG-VALUE-FORM")
            .value("field", variable)
            .because(VALUE, &[("variable", variable)]);
    };
    let host = crate::base::safe_text::line(host, 80);
    Stop::new("CONN-OAUTH-INSTANCE")
        .value("variable", variable)
        .value("host", &host)
        .because(HOST, &[("host", &host), ("variable", variable)])
}
