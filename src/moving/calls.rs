//! From single calls, as API clients keep them, to services: calls to one host with one proof are one service.

use indexmap::IndexMap;
use url::Url;

use super::found::{Found, Left, Login, Place, Placed, Proof, Raw, Service, Way};
use super::scope::Scope;
use crate::base::{Text, authority, is_loopback};

/// A call as a file keeps it; its variables are not filled in yet.
#[derive(Debug, Default)]
pub struct Call {
    /// Where it stands.
    pub place: String,
    /// `GET`, `POST`, ….
    pub method: String,
    /// The address.
    pub address: String,
    /// Header → value.
    pub headers: Vec<(String, String)>,
    /// Query parameter → value, where they stand beside the address.
    pub query: Vec<(String, String)>,
    /// What proves who is calling, as the file says it.
    pub proof: Option<Proof>,
}

const UNKNOWN_HOST: Text = Text::new(
    "its address begins with a variable whose value stands in none of the files; name the file of the environment too",
    "アドレスの先頭の変数の値が、指定されたファイルにありません。環境のファイルも一緒に指定してください",
);
const NO_ADDRESS: Text = Text::new("its address is none", "アドレスとして読み取れません");
const IN_THE_CLEAR: Text = Text::new(
    "it speaks http, where everybody on the way reads the credential; write https in the address",
    "http では認証情報が経路上で読み取られます。アドレスを https に直してください",
);
const NO_PROOF: Text = Text::new(
    "its calls carry no credential, so there is nothing to connect",
    "認証情報を使わない呼び出しのため、接続にするものがありません",
);

/// The services that calls speak to. `name` is what the file as a whole is called.
#[must_use]
pub fn services(name: &str, calls: Vec<Call>, scope: &Scope) -> Found {
    let mut found = Found::default();
    let mut groups: IndexMap<String, Vec<Group>> = IndexMap::new();
    for call in calls {
        let address = scope.resolve(&call.address);
        let start = address.text.expose().split("{{").next().unwrap_or_default();
        let url = Url::parse(start).ok().filter(|url| url.host_str().is_some() && start.len() > 8);
        let Some(url) = url else {
            leave(&mut found, &call, if address.missing.is_empty() { NO_ADDRESS } else { UNKNOWN_HOST });
            continue;
        };
        let here = url.host_str().is_some_and(is_loopback);
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            leave(&mut found, &call, IN_THE_CLEAR);
            continue;
        }
        let Some(host) = authority(&url) else { continue };
        let base = base(&call.address, &url, &host, scope);
        let whole = address.text.expose().to_owned();
        let proof = proof(&call, &whole, scope);
        let test = test_path(&call, &whole, &base);
        join(groups.entry(base).or_default(), call.place, proof, test);
    }
    for (index, (base, all)) in groups.into_iter().enumerate() {
        let proven = all.iter().any(|group| group.proof.is_some());
        for group in all.into_iter().filter(|group| group.proof.is_some() || !proven) {
            match group.proof {
                None => {
                    found.left.push(Left { what: base.clone(), place: group.place, reason: NO_PROOF.into() });
                }
                Some(proof) => found.services.push(Service {
                    name: if index == 0 { name.to_owned() } else { format!("{name} {}", host_of(&base)) },
                    place: group.place,
                    base: base.clone(),
                    test: group.test.map(|(_, path)| path),
                    ways: vec![Way { name: "imported".to_owned(), proof }],
                    connects: true,
                    ..Service::default()
                }),
            }
        }
    }
    found
}

fn host_of(base: &str) -> String {
    Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

/// Calls with one proof.
struct Group {
    place: String,
    proof: Option<Proof>,
    /// The best test path so far, with its rank.
    test: Option<(u8, String)>,
}

fn join(groups: &mut Vec<Group>, place: String, proof: Option<Proof>, test: Option<(u8, String)>) {
    match groups.iter_mut().find(|group| group.proof == proof) {
        Some(group) => {
            let better = match (&group.test, &test) {
                (Some((old, _)), Some((new, _))) => new < old,
                (None, _) => true,
                _ => false,
            };
            if better {
                group.test = test;
            }
        }
        None => groups.push(Group { place, proof, test }),
    }
}

fn leave(found: &mut Found, call: &Call, reason: Text) {
    // One line per cause is enough: a collection has hundreds of calls with the same variable.
    let variable = call.address.split("{{").nth(1).and_then(|rest| rest.split("}}").next());
    let what = variable.map_or_else(|| call.place.clone(), |name| format!("{{{{{}}}}}", name.trim()));
    if !found.left.iter().any(|left| left.what == what) {
        found.left.push(Left { what, place: call.place.clone(), reason: reason.into() });
    }
}

/// The base: what the leading variable of the address stands for, else the host alone.
fn base(address: &str, url: &Url, host: &str, scope: &Scope) -> String {
    let origin = format!("{}://{host}", url.scheme());
    let leading = address.trim_start().strip_prefix("{{").and_then(|rest| rest.split_once("}}"));
    // A variable that is the whole address is no base.
    let Some((variable, _)) = leading.filter(|(_, rest)| rest.starts_with('/')) else { return origin };
    let filled = scope.resolve(&format!("{{{{{variable}}}}}"));
    let plain = Url::parse(filled.text.expose())
        .ok()
        .filter(|base| filled.missing.is_empty() && base.username().is_empty() && base.password().is_none());
    match plain {
        Some(base) => format!("{origin}{}", base.path().trim_end_matches('/')),
        None => origin,
    }
}

/// The path of a call below the base, where the call is harmless and nothing in it is still open.
fn test_path(call: &Call, whole: &str, base: &str) -> Option<(u8, String)> {
    let path = whole.strip_prefix(base)?.split(['?', '#']).next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
    if call.method != "GET" || !path.starts_with('/') || !path.chars().all(plain) || path.contains("..") {
        return None;
    }
    // A base that ends in a slash and a path that begins with one meet in two.
    let path = format!("/{}", path.trim_start_matches('/'));
    Some((rank(&path), path))
}

/// How likely a path is a cheap call that needs a credential; less is better.
#[must_use]
pub fn rank(path: &str) -> u8 {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let name = last.split('.').next().unwrap_or_default();
    match name {
        "me" | "whoami" | "self" => 0,
        "user" | "account" | "profile" | "userinfo" | "viewer" => 1,
        "ping" | "verify" | "validate" | "users" | "accounts" | "organizations" => 2,
        "logout" | "signout" | "revoke" | "export" | "download" => 9,
        _ => u8::try_from(path.matches('/').count()).unwrap_or(6).clamp(1, 4) + 2,
    }
}

/// What proves who is calling: what the file says, else what the headers and the query look like.
fn proof(call: &Call, whole: &str, scope: &Scope) -> Option<Proof> {
    match &call.proof {
        None => {}
        Some(said) => return Some(filled(said, scope)),
    }
    let header = |name: &str| call.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    if let Some((_, value)) = header("Authorization") {
        return Some(authorization(value, scope));
    }
    let keyed = call.headers.iter().filter(|(name, _)| is_key(name));
    let mut placed: Vec<Placed> =
        keyed.map(|(name, value)| in_place(Place::Header, name, value, scope)).collect();
    let mut query: Vec<(String, String)> = call.query.clone();
    if let Ok(url) = Url::parse(whole) {
        query.extend(url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())));
    }
    for (name, value) in query.iter().filter(|(name, _)| is_key(name)) {
        if !placed.iter().any(|other| other.place == Place::Query && other.name == *name) {
            placed.push(in_place(Place::Query, name, value, scope));
        }
    }
    if placed.is_empty() { None } else { Some(Proof::Placed(placed)) }
}

fn in_place(place: Place, name: &str, value: &str, scope: &Scope) -> Placed {
    let value = scope.resolve(value).value();
    Placed { place, name: name.to_owned(), prefix: String::new(), value }
}

/// An `Authorization` header as it stands.
fn authorization(value: &str, scope: &Scope) -> Proof {
    let word = value.trim().split_once(' ');
    match word {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("basic") => basic(&scope.resolve(rest).text),
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
            // `Token token=abc` has its prefix up to the sign.
            let (prefix, rest) = rest
                .split_once("token=")
                .map_or((format!("{scheme} "), rest), |(_, rest)| (format!("{scheme} token="), rest));
            Proof::Placed(vec![Placed { prefix, ..in_place(Place::Header, "Authorization", rest, scope) }])
        }
        _ => Proof::Placed(vec![in_place(Place::Header, "Authorization", value, scope)]),
    }
}

/// The user name and the password within a finished Basic header.
fn basic(encoded: &Raw) -> Proof {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.expose().trim()).unwrap_or_default();
    let pair = String::from_utf8(bytes).map(zeroize::Zeroizing::new).unwrap_or_default();
    let (user, password) = pair.split_once(':').unwrap_or_default();
    let value = |text: &str| Raw::new(text).filled();
    Proof::Basic(Login { user: value(user), password: value(password) })
}

/// Whether the name of a header or parameter says that its value proves something.
fn is_key(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let ends = ["apikey", "accesstoken", "authtoken", "apitoken", "apisecret", "subscriptionkey", "authkey"];
    matches!(plain.as_str(), "key" | "token" | "secret" | "appid" | "xauth")
        || ends.iter().any(|end| plain.ends_with(end))
}

/// The same proof with its variables filled in.
fn filled(proof: &Proof, scope: &Scope) -> Proof {
    let fill = |value: &Option<Raw>| value.as_ref().and_then(|value| scope.resolve(value.expose()).value());
    let text = |value: &Option<String>| {
        let resolved = value.as_ref().map(|value| scope.resolve(value));
        resolved
            .filter(|resolved| resolved.missing.is_empty())
            .map(|resolved| resolved.text.expose().to_owned())
    };
    let login = |login: &Login| Login { user: fill(&login.user), password: fill(&login.password) };
    match proof {
        Proof::Placed(all) => Proof::Placed(
            all.iter()
                .map(|one| Placed {
                    place: one.place,
                    name: scope.resolve(&one.name).text.expose().to_owned(),
                    prefix: one.prefix.clone(),
                    value: fill(&one.value),
                })
                .collect(),
        ),
        Proof::Basic(one) => Proof::Basic(login(one)),
        Proof::Digest(one) => Proof::Digest(login(one)),
        Proof::OAuth2(oauth) => Proof::OAuth2(Box::new(super::OAuth2 {
            grant: oauth.grant,
            authorize: text(&oauth.authorize),
            token: text(&oauth.token),
            refresh: text(&oauth.refresh),
            issuer: text(&oauth.issuer),
            scopes: oauth.scopes.iter().filter(|scope| !scope.contains("{{")).cloned().collect(),
            client_auth: oauth.client_auth,
            client_id: fill(&oauth.client_id),
            client_secret: fill(&oauth.client_secret),
            secret_is_open: oauth.client_secret.is_some() && fill(&oauth.client_secret).is_none(),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::super::found::{Place, Proof};
    use super::{Call, Scope, services};

    fn call(method: &str, address: &str, headers: &[(&str, &str)]) -> Call {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Call {
            method: method.to_owned(),
            address: address.to_owned(),
            headers: headers.collect(),
            ..Call::default()
        }
    }

    #[test]
    fn what_a_header_or_a_query_looks_like_tells_the_proof() {
        let cases: [(&str, &[(&str, &str)], &str); 8] = [
            (
                "https://a.test/me",
                &[("Authorization", "Bearer abc-def")],
                "header Authorization 'Bearer ' abc-def",
            ),
            (
                "https://a.test/me",
                &[("authorization", "Token token=abc")],
                "header Authorization 'Token token=' abc",
            ),
            ("https://a.test/me", &[("Authorization", "raw-key")], "header Authorization '' raw-key"),
            ("https://a.test/me", &[("X-Api-Key", "abc")], "header X-Api-Key '' abc"),
            ("https://a.test/me?api_key=abc&page=2", &[], "query api_key '' abc"),
            ("https://a.test/me", &[("Authorization", "Basic dXNlcjpwYXNz")], "basic user pass"),
            (
                "https://a.test/me",
                &[("Authorization", "Bearer {{gone}}")],
                "header Authorization 'Bearer ' -",
            ),
            ("https://a.test/me", &[("Accept", "text/html")], ""),
        ];
        for (address, headers, expected) in cases {
            let found = services("one", vec![call("GET", address, headers)], &Scope::default());
            let shown = found.services.first().map(|service| match &service.ways[0].proof {
                Proof::Placed(all) => {
                    let place = if all[0].place == Place::Header { "header" } else { "query" };
                    let value = all[0].value.as_ref().map_or("-", |value| value.expose());
                    format!("{place} {} '{}' {value}", all[0].name, all[0].prefix)
                }
                Proof::Basic(login) => format!(
                    "basic {} {}",
                    login.user.as_ref().unwrap().expose(),
                    login.password.as_ref().unwrap().expose()
                ),
                other => format!("{other:?}"),
            });
            let (shown, expected) = (shown.unwrap_or_default().to_lowercase(), expected.to_lowercase());
            assert_eq!(shown, expected, "{address} {headers:?}");
        }
    }

    #[test]
    fn calls_to_one_host_with_one_proof_are_one_service_and_the_best_test_is_found() {
        let mut scope = Scope::default();
        scope.learn("base", "https://a.test/v2/");
        scope.learn("key", "abc-def");
        let key: &[(&str, &str)] = &[("X-Api-Key", "{{key}}")];
        let calls = vec![
            call("GET", "{{base}}/orders", key),
            call("DELETE", "{{base}}/me", key),
            call("GET", "{{base}}/me?expand=1", key),
            call("GET", "{{base}}/orders/{{id}}", key),
            call("GET", "http://b.test/me", key),
            call("GET", "{{gone}}/me", key),
        ];
        let found = services("Shop", calls, &scope);
        assert_eq!(found.services.len(), 1, "{found:?}");
        let service = &found.services[0];
        assert_eq!((service.base.as_str(), service.test.as_deref()), ("https://a.test/v2", Some("/me")));
        assert_eq!(found.left.len(), 2, "{:?}", found.left);
    }
}
