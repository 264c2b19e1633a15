//! What a browser brought back, or a person pasted. Nothing in it is believed before the state is the one that
//! was sent; only then is even an error read (RFC 9700, section 4.7).

use std::collections::HashSet;

use indexmap::IndexMap;
use subtle::ConstantTimeEq as _;

use super::{Stop, Terms, decline, issuer};
use crate::base::{Secret, Text, safe_text};
use crate::model::AuthKind;

/// A callback that may be gone on with.
#[derive(Debug)]
pub struct Returned {
    /// The code, to be redeemed once.
    pub code: Secret,
    /// Values for variables (`from = "callback:…"`), each allowed by its variable.
    pub kept: IndexMap<String, String>,
}

/// Reads a callback. `state` is what was sent; `None` only where the service sends none back and a proof key
/// binds the code instead.
///
/// # Errors
/// When the callback is not the answer to what was sent, when the service declines, or when there is no code.
pub fn read(
    terms: &Terms<'_>,
    parameters: &[(String, String)],
    state: Option<&str>,
) -> Result<Returned, Stop> {
    refuse_repeated(parameters)?;
    let find = |standard: &str| value(parameters, name(terms, standard));
    if let Some(sent) = state {
        let same = find("state").is_some_and(|state| is_same(state, sent));
        if !same {
            return Err(Stop::new("CONN-OAUTH-STATE"));
        }
    }
    check_issuer(terms, find("iss"))?;
    if let Some(error) = find("error") {
        return Err(decline::stop(error, find("error_description").unwrap_or_default()));
    }
    let code = find("code").filter(|code| !code.is_empty()).ok_or_else(without_code)?;
    Ok(Returned { code: Secret::new(code.to_owned()), kept: kept(terms, parameters)? })
}

/// The name of a parameter in callbacks. A service that names it otherwise only there has a rename of its own:
/// `rename."callback.code" = "spapi_oauth_code"`.
#[must_use]
pub fn name<'n>(terms: &'n Terms<'_>, standard: &'n str) -> &'n str {
    let own = terms.method.rename.get(&format!("callback.{standard}"));
    own.map_or_else(|| terms.name(standard), String::as_str)
}

/// No parameter may come twice: whoever reads the first and whoever reads the last would disagree
/// (RFC 6749, section 3.1).
///
/// # Errors
/// Names the parameter.
pub fn refuse_repeated(parameters: &[(String, String)]) -> Result<(), Stop> {
    const TWICE: Text =
        Text::new("The parameter {name} came twice.", "パラメーター {name} が重複しています。");
    let mut seen = HashSet::new();
    match parameters.iter().find(|(name, _)| !seen.insert(name)) {
        None => Ok(()),
        Some((name, _)) => {
            Err(Stop::new("CONN-OAUTH-STATE").because(TWICE, &[("name", &safe_text::line(name, 40))]))
        }
    }
}

/// The value of a parameter. A name that the definition leaves out has none.
#[must_use]
pub fn value<'p>(parameters: &'p [(String, String)], name: &str) -> Option<&'p str> {
    let found = parameters.iter().find(|(other, _)| !name.is_empty() && other == name);
    found.map(|(_, value)| value.as_str())
}

/// Whether two marks are the same, in a time that does not tell where they differ.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// RFC 9207: an answer of another issuer would send our code to a stranger.
fn check_issuer(terms: &Terms<'_>, named: Option<&str>) -> Result<(), Stop> {
    const OTHER: Text = Text::new(
        "The answer comes from another issuer: {named}, not {expected}",
        "別の発行者からの応答です: {expected} ではなく {named}",
    );
    const ABSENT: Text = Text::new(
        "The service promises to name its issuer, and the answer names none.",
        "外部サービスは発行者を示すとしていますが、応答に含まれていません。",
    );
    let expected = issuer::expected(terms)?;
    match (named, expected) {
        (Some(named), Some(expected)) if !issuer::is_same(&expected, named) => {
            let shown = [("named", &*safe_text::line(named, 120)), ("expected", &*expected)];
            Err(Stop::new("CONN-OAUTH-STATE").because(OTHER, &shown))
        }
        (None, _) if terms.metadata.is_some_and(|metadata| metadata.promises_issuer) => {
            Err(Stop::new("CONN-OAUTH-STATE").because(ABSENT, &[]))
        }
        _ => Ok(()),
    }
}

/// The values that variables take from a callback. A value that a variable's choices or pattern do not allow
/// ends the consent: it may name a stranger's host. Without choices or pattern it is merely not kept.
fn kept(terms: &Terms<'_>, parameters: &[(String, String)]) -> Result<IndexMap<String, String>, Stop> {
    const REFUSED: Text = Text::new(
        "The value of {name} is not one that the definition allows: {value}",
        "{name} の値は、定義で許可されていません: {value}",
    );
    let mut kept = IndexMap::new();
    for (variable, definition) in terms.variables {
        let source = definition.from.as_deref().and_then(|from| from.strip_prefix("callback:"));
        let Some(value) = source.and_then(|name| value(parameters, name)) else { continue };
        if terms.allows(variable, value) {
            kept.insert(variable.clone(), value.to_owned());
        } else if !definition.choices.is_empty() || definition.pattern.is_some() {
            let shown = [("name", variable.as_str()), ("value", &safe_text::line(value, 80))];
            return Err(Stop::new("CONN-OAUTH-STATE").because(REFUSED, &shown));
        }
    }
    Ok(kept)
}

/// A callback that is ours and brings nothing.
#[must_use]
pub fn without_code() -> Stop {
    const NONE: Text = Text::new(
        "The answer holds neither a code nor an error.",
        "応答に、認可コードもエラーも含まれていません。",
    );
    Stop::new("CONN-OAUTH-CALLBACK").because(NONE, &[])
}

/// What a person pasted, as parameters: the whole address at which the browser ended, its query, `code#state`,
/// or the code alone. Blanks and line breaks, which a terminal puts into long lines, are removed.
///
/// A code alone holds no state. [`read`] then refuses it wherever a state was sent: someone who talks a person
/// into pasting a foreign code would connect them to a foreign account.
#[must_use]
pub fn pasted(terms: &Terms<'_>, text: &str) -> Vec<(String, String)> {
    let text: String = text.chars().filter(|c| !safe_text::is_harmful(*c) && !c.is_whitespace()).collect();
    let is_address = text.starts_with("http://") || text.starts_with("https://");
    if is_address {
        let query = text.split_once('?').map_or("", |(_, query)| query);
        return decoded(query);
    }
    let (code, state) = if terms.method.kind == AuthKind::OAuth1 {
        (terms.name("oauth_verifier"), "")
    } else {
        (name(terms, "code"), name(terms, "state"))
    };
    let parameters = decoded(text.trim_start_matches('?'));
    let known = ["error", "oauth_token", "denied", code, state];
    if parameters.iter().any(|(name, value)| !value.is_empty() && known.contains(&name.as_str())) {
        return parameters;
    }
    if text.is_empty() {
        return Vec::new();
    }
    match text.split_once('#').filter(|_| !state.is_empty()) {
        Some((first, second)) => {
            vec![(code.to_owned(), first.to_owned()), (state.to_owned(), second.to_owned())]
        }
        None => vec![(code.to_owned(), text)],
    }
}

/// A query; a fragment behind it is never read (RFC 9700, section 2.1.2: no tokens in fragments).
fn decoded(query: &str) -> Vec<(String, String)> {
    let query = query.split('#').next().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::{pasted, read};
    use crate::flow::Metadata;
    use crate::flow::fixture::{World, pairs, world};

    fn code(world: &World, parameters: &[(&str, &str)], state: Option<&str>) -> Result<String, &'static str> {
        let returned = world.with(|terms| read(terms, &pairs(parameters), state));
        returned.map(|returned| returned.code.expose().to_owned()).map_err(|stop| stop.code)
    }

    #[test]
    fn nothing_is_believed_before_the_state_is_ours() {
        let table: &[(&[(&str, &str)], Result<&str, &str>)] = &[
            (&[("code", "a+b"), ("state", "S")], Ok("a+b")),
            (&[("state", "S"), ("code", "c"), ("scope", "x y"), ("authuser", "0")], Ok("c")),
            (&[("code", "c"), ("state", "T")], Err("CONN-OAUTH-STATE")),
            (&[("code", "c"), ("state", "")], Err("CONN-OAUTH-STATE")),
            (&[("code", "c"), ("state", "SS")], Err("CONN-OAUTH-STATE")),
            (&[("code", "c")], Err("CONN-OAUTH-STATE")),
            (&[("error", "access_denied")], Err("CONN-OAUTH-STATE")),
            (&[("error", "access_denied"), ("state", "T")], Err("CONN-OAUTH-STATE")),
            (&[("error", "access_denied"), ("state", "S")], Err("CONN-OAUTH-CONSENT-DENIED")),
            (&[("error", "invalid_scope"), ("state", "S")], Err("CONN-OAUTH-SCOPE-INVALID")),
            (&[("error", "x"), ("code", "c"), ("state", "S")], Err("CONN-API-BAD-REQUEST")),
            (&[("state", "S"), ("code", "c"), ("state", "S")], Err("CONN-OAUTH-STATE")),
            (&[("code", "c"), ("code", "d"), ("state", "S")], Err("CONN-OAUTH-STATE")),
            (&[("state", "S")], Err("CONN-OAUTH-CALLBACK")),
            (&[("state", "S"), ("code", "")], Err("CONN-OAUTH-CALLBACK")),
            (&[], Err("CONN-OAUTH-STATE")),
        ];
        for (parameters, expected) in table {
            assert_eq!(
                code(&world(""), parameters, Some("S")),
                expected.map(str::to_owned),
                "{parameters:?}"
            );
        }
    }

    #[test]
    fn a_parameter_that_comes_twice_ends_the_consent_whatever_its_values() {
        let world = world("pkce = 'off'");
        for twice in ["state", "code", "iss", "error"] {
            let parameters = [("code", "c"), ("state", "s"), (twice, "s"), (twice, "s")];
            assert!(code(&world, &parameters, Some("s")).is_err(), "{twice}");
        }
        assert_eq!(code(&world, &[("code", "c"), ("state", "s")], Some("s")), Ok("c".to_owned()));
    }

    #[test]
    fn the_names_are_those_of_the_service() {
        let world = world("rename = { code = 'auth_code', state = 'customField' }");
        let ours = [("auth_code", "c"), ("customField", "S")];
        assert_eq!(code(&world, &ours, Some("S")), Ok("c".into()));
        assert_eq!(code(&world, &[("code", "c"), ("state", "S")], Some("S")), Err("CONN-OAUTH-STATE"));
        assert_eq!(code(&world, &[("auth_code", "c")], None), Ok("c".into()));
        let only_here = crate::flow::fixture::world("rename.'callback.code' = 'spapi_oauth_code'");
        assert_eq!(code(&only_here, &[("spapi_oauth_code", "c"), ("state", "S")], Some("S")), Ok("c".into()));
    }

    #[test]
    fn an_answer_of_another_issuer_is_refused() {
        let published = |promises_issuer| {
            Some(Metadata { issuer: "https://as.test".into(), promises_issuer, ..Metadata::default() })
        };
        for (definition, metadata, iss, expected) in [
            ("", None, None, true),
            ("", None, Some("https://evil.test"), true),
            ("issuer = 'https://as.test'", None, Some("https://as.test"), true),
            ("issuer = 'https://as.test'", None, Some("https://as.test/"), false),
            ("issuer = 'https://as.test'", None, None, true),
            ("", published(false), None, true),
            ("", published(false), Some("https://evil.test"), false),
            ("", published(true), None, false),
            ("", published(true), Some("https://as.test"), true),
        ] {
            let mut world = world(definition);
            world.metadata = metadata;
            for end in ["code", "error"] {
                let mut parameters = vec![(end, "server_error"), ("state", "S")];
                parameters.extend(iss.map(|iss| ("iss", iss)));
                let result = code(&world, &parameters, Some("S"));
                assert_eq!(result != Err("CONN-OAUTH-STATE"), expected, "{definition} {iss:?} {end}");
            }
        }
    }

    #[test]
    fn values_for_variables_are_kept_only_where_allowed() {
        let mut world = world("");
        world.variables = toml::from_str(
            r"
            accounts = { from = 'callback:accounts-server', choices = ['https://accounts.a.test'] }
            realm = { from = 'callback:realmId', pattern = '\d+' }
            shop = { from = 'callback:shop' }
            api = { from = 'token:/api', choices = ['x'] }
            ",
        )
        .unwrap();
        let table: &[(&[(&str, &str)], Result<&[(&str, &str)], &str>)] = &[
            (&[], Ok(&[])),
            (
                &[("accounts-server", "https://accounts.a.test")],
                Ok(&[("accounts", "https://accounts.a.test")]),
            ),
            (&[("accounts-server", "https://evil.test")], Err("CONN-OAUTH-STATE")),
            (&[("accounts-server", "https://accounts.a.test:8443")], Err("CONN-OAUTH-STATE")),
            (&[("realmId", "123"), ("shop", "acme")], Ok(&[("realm", "123"), ("shop", "acme")])),
            (&[("realmId", "123@evil.test")], Err("CONN-OAUTH-STATE")),
            (&[("shop", "evil.test/"), ("api", "x")], Ok(&[])),
        ];
        for (extra, expected) in table {
            let mut parameters = pairs(&[("code", "c"), ("state", "S")]);
            parameters.extend(pairs(extra));
            let returned = world.with(|terms| read(terms, &parameters, Some("S")));
            let kept = returned.map(|returned| returned.kept.into_iter().collect::<Vec<_>>());
            assert_eq!(kept.map_err(|stop| stop.code), expected.map(pairs), "{extra:?}");
        }
    }

    #[test]
    fn what_people_paste_becomes_parameters() {
        let long = "x".repeat(6000);
        let broken =
            format!("http://127.0.0.1:9/callback?code={}\r\n {}&state=S", &long[..3000], &long[3000..]);
        for (text, expected) in [
            ("http://127.0.0.1:9/cb?code=a%2Bb&state=S", vec![("code", "a+b"), ("state", "S")]),
            (" https://relay.test/cb?code=c&state=S#_=_\n", vec![("code", "c"), ("state", "S")]),
            ("http://127.0.0.1:9/cb?error=x&state=S", vec![("error", "x"), ("state", "S")]),
            ("http://127.0.0.1:9/cb#access_token=t", vec![]),
            ("code=c&state=S", vec![("code", "c"), ("state", "S")]),
            ("?state=S&code=c", vec![("state", "S"), ("code", "c")]),
            ("c==#S", vec![("code", "c=="), ("state", "S")]),
            ("4/0A-b_c==", vec![("code", "4/0A-b_c==")]),
            ("ab\r\ncd", vec![("code", "abcd")]),
            (" \n", vec![]),
            (&broken, vec![("code", &long), ("state", "S")]),
        ] {
            assert_eq!(world("").with(|terms| pasted(terms, text)), pairs(&expected), "{text:.60}");
        }
        let one = World::of("kind = 'oauth1'");
        assert_eq!(one.with(|terms| pasted(terms, "12 34\n")), pairs(&[("oauth_verifier", "1234")]));
        let address = "http://127.0.0.1/cb?oauth_token=t&oauth_verifier=v";
        assert_eq!(
            one.with(|terms| pasted(terms, address)),
            pairs(&[("oauth_token", "t"), ("oauth_verifier", "v")])
        );
    }

    #[test]
    fn a_code_alone_is_refused_where_a_state_was_sent() {
        let world = world("");
        let alone = world.with(|terms| pasted(terms, "foreign-code"));
        assert_eq!(world.with(|terms| read(terms, &alone, Some("S"))).unwrap_err().code, "CONN-OAUTH-STATE");
    }
}
