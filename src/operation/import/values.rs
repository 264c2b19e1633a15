//! Named values without an address: `STRIPE_SECRET_KEY` says by its name which service it is for.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::place::{Login, Placing};
use super::shelf::Known;
use crate::base::Text;
use crate::model::{AuthMethod, Connector, Obtaining};
use crate::moving::{Raw, Value, fit};
use crate::operation::Failure;

/// What frameworks put before a name.
const PREFIXES: [&str; 4] = ["NEXT_PUBLIC_", "REACT_APP_", "VITE_", "APP_"];

/// What the one secret of a service is usually called.
const USUAL: [&str; 12] = [
    "KEY",
    "API_KEY",
    "APIKEY",
    "TOKEN",
    "API_TOKEN",
    "ACCESS_TOKEN",
    "AUTH_TOKEN",
    "BOT_TOKEN",
    "SECRET_KEY",
    "SECRET",
    "PAT",
    "PASSWORD",
];

/// What a host is usually called.
const HOSTS: [&str; 7] = ["HOST", "DOMAIN", "URL", "BASE_URL", "API_URL", "SUBDOMAIN", "ENDPOINT"];

const PLACEHOLDER: Text = Text::new("it holds no value yet", "まだ値が入っていません");
const OTHER_PROTOCOL: Text =
    Text::new("it leads to something that is no HTTP API", "HTTP API ではない接続先です");
const SETTING: Text = Text::new("a setting, no credential", "認証情報ではない設定値です");
const NO_SERVICE: Text = Text::new(
    "no service is known by this name; define one with conn connectors new, then conn add asks for the value",
    "この名前に対応するサービスがありません。conn connectors new で定義し、conn add で値を入力してください",
);
const NO_PARAMETER: Text = Text::new(
    "{id} takes no value of this name; conn connectors show {id} shows what it takes",
    "{id} にはこの名前の項目がありません。conn connectors show {id} で項目を確認できます",
);
const UNLIKE: Text = Text::new(
    "its value does not look like one that {id} takes; conn connectors show {id} shows what it takes",
    "値の形式が {id} のものと異なります。conn connectors show {id} で確認できます",
);
const NO_SECRET: Text = Text::new(
    "it belongs to {id}, but the file holds no secret for it; conn add --connector {id} asks for it",
    "{id} の値ですが、秘密の値がファイルにありません。conn add --connector {id} で入力してください",
);

/// Plans a connection for each service that is known by the name of its values.
///
/// # Errors
/// When definitions or a store cannot be read.
pub fn place(placing: &mut Placing<'_>, values: Vec<Value>) -> Result<(), Failure> {
    if values.is_empty() {
        return Ok(());
    }
    let shelf = placing.shelf;
    let names: BTreeMap<String, &Known> =
        shelf.all().iter().map(|known| (known.id.to_ascii_uppercase().replace('-', "_"), known)).collect();
    let mut groups: IndexMap<(String, String), (&Known, Vec<Named>)> = IndexMap::new();
    for value in values {
        match of_service(&names, &value.name).filter(|_| !value.value.is_blank()) {
            Some((known, rest)) => {
                let file = value.place.rsplit_once(':').map_or("", |(file, _)| file).to_owned();
                let group = groups.entry((file, known.id.clone())).or_insert_with(|| (known, Vec::new()));
                group.1.push(Named { rest, value });
            }
            None => placing.leave(&value.name, &value.place, why(&value).into()),
        }
    }
    for (_, (known, values)) in groups {
        one(placing, known, values)?;
    }
    Ok(())
}

/// A value with what its name says beyond the service.
struct Named {
    rest: String,
    value: Value,
}

/// The service whose id a name begins with, the longest one, and the rest of the name.
fn of_service<'k>(names: &BTreeMap<String, &'k Known>, name: &str) -> Option<(&'k Known, String)> {
    let upper = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let bare = PREFIXES.iter().find_map(|prefix| upper.strip_prefix(prefix)).unwrap_or(&upper);
    let mut ends: Vec<usize> = bare.match_indices('_').map(|(place, _)| place).collect();
    ends.reverse();
    ends.into_iter().find_map(|end| Some((*names.get(&bare[..end])?, bare[end + 1..].to_owned())))
}

/// Why a value has no place.
fn why(value: &Value) -> Text {
    const DATABASES: [&str; 9] = [
        "postgres://",
        "postgresql://",
        "mysql://",
        "redis://",
        "rediss://",
        "mongodb",
        "amqp",
        "smtp",
        "sqlite",
    ];
    let name = value.name.to_ascii_uppercase();
    let text = value.value.expose();
    let secret = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "_PAT"];
    if value.value.is_blank() {
        PLACEHOLDER
    } else if DATABASES.iter().any(|start| text.starts_with(start)) {
        OTHER_PROTOCOL
    } else if secret.iter().any(|word| name.contains(word)) {
        NO_SERVICE
    } else {
        SETTING
    }
}

fn one(placing: &mut Placing<'_>, known: &Known, values: Vec<Named>) -> Result<(), Failure> {
    let id = [("id", known.id.as_str())];
    let Some((method, matched)) = best(&known.connector, &values) else {
        for named in values {
            let reason = if USUAL.contains(&named.rest.as_str()) { UNLIKE } else { NO_PARAMETER }.fill(&id);
            placing.leave(&named.value.name, &named.value.place, reason);
        }
        return Ok(());
    };
    let secret =
        matched.keys().any(|key| known.connector.auth[&method].params.get(key).is_some_and(|one| one.secret));
    let mut given = IndexMap::new();
    let mut place = None;
    for (index, named) in values.into_iter().enumerate() {
        let key = matched.iter().find(|(_, at)| **at == index).map(|(key, _)| key.clone());
        match key {
            Some(key) if secret => {
                place.get_or_insert(named.value.place);
                given.insert(key, named.value.value);
            }
            Some(_) => placing.leave(&named.value.name, &named.value.place, NO_SECRET.fill(&id)),
            None => placing.leave(&named.value.name, &named.value.place, NO_PARAMETER.fill(&id)),
        }
    }
    let Some(place) = place else { return Ok(()) };
    placing.connect(Login {
        open: Vec::new(),
        id: known.id.clone(),
        connector: &known.connector,
        method,
        values: given,
        wish: known.id.clone(),
        place,
    })
}

/// The auth method that these values fit best, and which value is for which parameter.
fn best(connector: &Connector, values: &[Named]) -> Option<(String, IndexMap<String, usize>)> {
    let mut best: Option<((bool, usize), String, IndexMap<String, usize>)> = None;
    for (name, method) in &connector.auth {
        let matched = matched(connector, method, values);
        if matched.is_empty() {
            continue;
        }
        let whole = method.params.iter().all(|(key, one)| one.optional || matched.contains_key(key));
        // Of two that fit alike, one that needs nobody's consent is ready to be used.
        let rank = (whole && method.obtaining() != Obtaining::ByConsent, matched.len());
        if best.as_ref().is_none_or(|(old, ..)| rank > *old) {
            best = Some((rank, name.clone(), matched));
        }
    }
    best.map(|(_, name, matched)| (name, matched))
}

fn matched(connector: &Connector, method: &AuthMethod, values: &[Named]) -> IndexMap<String, usize> {
    let mut found: IndexMap<String, usize> = IndexMap::new();
    let fits = |key: &str, raw: &Raw| fit::takes(method, key, raw.expose());
    let keys = || method.params.keys().chain(connector.vars.keys());
    for (index, named) in values.iter().enumerate() {
        let lower = named.rest.to_ascii_lowercase();
        let key = keys().find(|key| key.replace('-', "_") == lower && fits(key, &named.value.value));
        if let Some(key) = key {
            found.entry(key.clone()).or_insert(index);
        }
    }
    let used = |found: &IndexMap<String, usize>, index: usize| found.values().any(|at| *at == index);
    let open: Vec<&str> = method
        .secret_keys()
        .filter(|key| !found.contains_key(*key) && !method.params[*key].optional)
        .collect();
    // The only secret of a service goes by many names.
    if let [only] = open.as_slice() {
        let usual = |named: &Named| USUAL.contains(&named.rest.as_str()) && fits(only, &named.value.value);
        let index = values.iter().enumerate().position(|(index, named)| usual(named) && !used(&found, index));
        found.extend(index.map(|index| ((*only).to_owned(), index)));
    }
    let hosts: Vec<&String> = connector
        .vars
        .iter()
        .filter(|(name, _)| !found.contains_key(*name))
        .filter(|(name, _)| {
            ["host", "domain", "address", "subdomain", "url", "site"].contains(&name.as_str())
        })
        .map(|(name, _)| name)
        .collect();
    if let [only] = hosts.as_slice() {
        let index = values
            .iter()
            .enumerate()
            .position(|(index, named)| HOSTS.contains(&named.rest.as_str()) && !used(&found, index));
        found.extend(index.map(|index| ((*only).clone(), index)));
    }
    found
}
