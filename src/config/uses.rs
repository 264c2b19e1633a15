//! Connections against the connectors they use.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::layer::{Definitions, Layer, Located};
use super::mistake::{Mistake, Page};
use super::{check, shown};
use crate::base::{Language, Phrase, Text, safe_text, suggest};
use crate::model::connection::{ConnectionKind, PRODUCTION};
use crate::model::{AuthMethod, Connection, Connector, SecretSource, Unfit};

/// One connection with what it takes to speak about it.
struct Use<'u> {
    page: Page<'u>,
    table: &'u DeTable<'u>,
    link_name: &'u str,
    found: Vec<Mistake>,
}

/// The mistakes of one connection.
pub(super) fn mistakes(
    definitions: &Definitions,
    layer: &Layer,
    page: Page<'_>,
    link_name: &str,
    table: &DeTable<'_>,
) -> Vec<Mistake> {
    let mut one = Use { page, table, link_name, found: Vec::new() };
    let Some(id) = table.get("connector").and_then(|value| value.get_ref().as_str()) else {
        return one.found;
    };
    let Ok(connector) = definitions.connector(id) else { return one.found };
    let Some(connector) = connector else {
        let ids = definitions.connector_ids().unwrap_or_default();
        one.unknown_connector(id, &ids);
        return one.found;
    };
    let Ok(Some(Located { value: connection, .. })) = definitions.connection(link_name) else {
        one.commands(layer);
        return one.found;
    };
    one.method(&connection, &connector.value);
    one.environment(&connection, &connector.value);
    one.kind(&connection, &connector.value);
    one.found
}

impl Use<'_> {
    /// A byte offset for a key of the connection, or of the connection itself.
    fn offset(&self, keys: &[&str]) -> usize {
        let mut table = self.table;
        let mut offset = None;
        for key in keys {
            let Some((key, value)) = table.get_key_value(*key) else { break };
            offset = Some(key.span().start);
            let DeValue::Table(inner) = value.get_ref() else { break };
            table = inner;
        }
        let own = || self.table.iter().map(|(key, _)| key.span().start).min();
        offset.or_else(own).unwrap_or(0)
    }

    fn say(&mut self, keys: &[&str], code: &'static str, message: Phrase, hint: Option<Phrase>) {
        let mistake = self.page.mistake(self.offset(keys), code, message, hint);
        self.found.push(mistake);
    }

    /// There are hundreds of them: where none is near, the first of them would help nobody.
    fn unknown_connector(&mut self, id: &str, ids: &[String]) {
        let nearest = suggest::nearest(id, ids.iter().map(String::as_str));
        let hint = nearest.map_or(LISTED.into(), |nearest| super::words::choices(Some(nearest), &[nearest]));
        let message =
            NO_CONNECTOR.fill(&[("link", &shown::name(self.link_name)), ("name", &shown::name(id))]);
        self.say(&["connector"], "CONN-CFG-SCHEMA", message, Some(hint));
    }

    fn unknown<'n>(&mut self, key: &str, name: &str, text: Text, known: impl Iterator<Item = &'n str>) {
        self.unknown_at(&[key], name, text, known);
    }

    fn unknown_at<'n>(
        &mut self,
        keys: &[&str],
        name: &str,
        text: Text,
        known: impl Iterator<Item = &'n str>,
    ) {
        let known: Vec<&str> = known.collect();
        let nearest = suggest::nearest(name, known.iter().copied());
        let message = text.fill(&[("link", &shown::name(self.link_name)), ("name", &shown::name(name))]);
        let hint = super::words::choices(nearest, &known);
        self.say(keys, "CONN-CFG-SCHEMA", message, Some(hint));
    }

    fn method(&mut self, connection: &Connection, connector: &Connector) {
        let Some((_, method)) = connector.method(connection.method.as_deref()) else {
            if let Some(name) = &connection.method {
                self.unknown("method", name, NO_METHOD, connector.auth.keys().map(String::as_str));
            }
            return;
        };
        self.vars(connection, connector, method);
        self.required(connection, connector, method);
        // Where the tokens go that conn obtains.
        let tokens = (method.obtaining() != crate::model::Obtaining::Given)
            .then_some(crate::model::grant::ACCESS_TOKEN);
        let known = |key: &String| method.params.contains_key(key) || tokens == Some(key.as_str());
        for key in connection.secrets.keys().filter(|key| !known(key)) {
            self.unknown_at(&["secrets", key], key, NO_SECRET, method.secret_keys());
        }
    }

    fn vars(&mut self, connection: &Connection, connector: &Connector, method: &AuthMethod) {
        for (key, value) in &connection.vars {
            let values = [("link", shown::name(self.link_name)), ("name", shown::name(key))];
            let values = [(values[0].0, values[0].1.as_str()), (values[1].0, values[1].1.as_str())];
            let keys = ["vars", key.as_str()];
            match (connector.vars.get(key), method.params.get(key)) {
                (None, Some(parameter)) if parameter.secret => {
                    self.say(
                        &keys,
                        "CONN-SEC-EXPOSED",
                        SECRET_VAR.fill(&values),
                        Some(SECRET_VAR_HINT.phrase()),
                    );
                }
                (None, None) => {
                    let open =
                        method.params.iter().filter(|(_, parameter)| !parameter.secret).map(|(key, _)| key);
                    let known: Vec<&str> = connector.vars.keys().chain(open).map(String::as_str).collect();
                    self.unknown_at(&keys, key, NO_VARIABLE, known.into_iter());
                }
                // What does not look like a credential's part is advice: it may be right all the same.
                (None, Some(_)) => {}
                (Some(variable), _) => match variable.unfit(value) {
                    None => {}
                    Some(Unfit::Choice) => {
                        let choices: Vec<&str> = variable.choices.iter().map(String::as_str).collect();
                        let nearest = suggest::nearest(value, choices.iter().copied());
                        let hint = super::words::choices(nearest, &choices);
                        self.say(&keys, "CONN-CFG-SCHEMA", NOT_A_CHOICE.fill(&values), Some(hint));
                    }
                    Some(Unfit::Form) => {
                        let example = variable.example.as_deref();
                        let hint = example
                            .map(|example| EXAMPLE.fill(&[("example", &safe_text::line(example, 60))]));
                        self.say(&keys, "CONN-CFG-SCHEMA", WRONG_VALUE.fill(&values), hint);
                    }
                },
            }
        }
    }

    fn required(&mut self, connection: &Connection, connector: &Connector, method: &AuthMethod) {
        // Nobody has typed anything for a system connection that waits for an admin: that is advice.
        if connection.kind == ConnectionKind::System {
            return;
        }
        for (key, label) in open(connection, connector, method) {
            let hint = MISSING_HINT.fill(&[("key", &key)]);
            let message = lacks(self.link_name, &key, &label);
            self.say(&[], "CONN-CFG-PARAM-MISSING", message, Some(hint));
        }
    }

    fn environment(&mut self, connection: &Connection, connector: &Connector) {
        let name = connection.environment();
        if name != PRODUCTION && !connector.environments.contains_key(name) {
            let known = connector.environments.keys().map(String::as_str).chain([PRODUCTION]);
            self.unknown("environment", name, NO_ENVIRONMENT, known);
        }
    }

    fn kind(&mut self, connection: &Connection, connector: &Connector) {
        if !connector.allowed_kinds.is_empty() && !connector.allowed_kinds.contains(&connection.kind) {
            let allowed: Vec<&str> = connector.allowed_kinds.iter().map(|kind| kind.code()).collect();
            let message =
                WRONG_KIND.fill(&[("link", &shown::name(self.link_name)), ("kind", connection.kind.code())]);
            self.say(&["kind"], "CONN-CFG-KIND", message, Some(super::words::choices(None, &allowed)));
        }
    }

    /// A project file's `command:` sources, which make the connection unreadable.
    fn commands(&mut self, layer: &Layer) {
        let Some(DeValue::Table(secrets)) = self.table.get("secrets").map(toml::Spanned::get_ref) else {
            return;
        };
        let keys: Vec<String> = secrets
            .iter()
            .filter(|(_, value)| {
                let source = value.get_ref().as_str().and_then(|text| text.parse::<SecretSource>().ok());
                matches!(source, Some(SecretSource::Command(_)))
            })
            .map(|(key, _)| key.get_ref().to_string())
            .collect();
        for key in keys.iter().filter(|_| check::is_foreign(layer.kind)) {
            let message = super::refusals::PROJECT_COMMAND.fill(&[("name", &shown::name(self.link_name))]);
            let hint = super::refusals::PROJECT_COMMAND_HINT.phrase();
            self.say(&["secrets", key], "CONN-CFG-PROJECT-SECRET", message, Some(hint));
        }
    }
}

/// Mistakes between connections: more than their connector allows.
pub(super) fn shared(definitions: &Definitions) -> Vec<Mistake> {
    let Ok(connections) = definitions.connections() else { return Vec::new() };
    let mut used: BTreeMap<&str, Vec<&Located<Connection>>> = BTreeMap::new();
    for connection in &connections {
        used.entry(connection.value.connector.as_str()).or_default().push(connection);
    }
    let mut mistakes = Vec::new();
    for (id, uses) in used.into_iter().filter(|(_, uses)| uses.len() > 1) {
        let connector = definitions.connector(id).ok().flatten();
        let most = connector.and_then(|connector| connector.value.max_connections).map(|most| most as usize);
        let Some(most) = most.filter(|most| uses.len() > *most) else { continue };
        for one in &uses[most..] {
            let values =
                [("id", &*shown::name(id)), ("most", &*most.to_string()), ("link", &*shown::name(&one.name))];
            mistakes.push(Mistake {
                path: one.path.clone(),
                line: one.line,
                column: 1,
                code: "CONN-CFG-SINGLE",
                message: SINGLE.fill(&values),
                hint: Some(SINGLE_HINT.phrase()),
            });
        }
    }
    mistakes
}

/// The values that a person must give to a connection and has not, with their labels.
pub(super) fn open(
    connection: &Connection,
    connector: &Connector,
    method: &AuthMethod,
) -> Vec<(String, Phrase)> {
    let environment = connector.environments.get(connection.environment());
    let given = |key: &str| {
        connection.vars.contains_key(key) || environment.is_some_and(|one| one.vars.contains_key(key))
    };
    let vars = connector.vars.iter().filter(|(_, variable)| {
        !variable.optional && variable.default.is_none() && variable.from.is_none() && variable.map.is_none()
    });
    let vars = vars
        .map(|(key, variable)| (key.clone(), variable.label.clone().unwrap_or_else(|| Phrase::same(key))));
    let open = method.params.iter().filter(|(_, parameter)| !parameter.secret && !parameter.optional);
    let open = open.filter(|(key, _)| !connection.secrets.contains_key(*key));
    let open = open.map(|(key, parameter)| (key.clone(), parameter.label.clone()));
    vars.chain(open).filter(|(key, _)| !given(key)).collect()
}

/// The values of a connection that do not look like what its auth method takes, each with its label. The variables of
/// the connector are judged apart.
pub(super) fn doubted<'c>(
    connection: &'c Connection,
    connector: &'c Connector,
    method: &'c AuthMethod,
) -> impl Iterator<Item = (&'c String, &'c Phrase)> {
    let open = connection.vars.iter().filter(|(key, _)| !connector.vars.contains_key(*key));
    open.filter_map(|(key, value)| {
        let parameter = method.params.get(key).filter(|parameter| !parameter.secret)?;
        (!parameter.looks_right(value)).then_some((key, &parameter.label))
    })
}

/// A connection without a value that it needs.
pub(super) fn lacks(link_name: &str, key: &str, label: &Phrase) -> Phrase {
    let link = shown::name(link_name);
    let fill = |language| {
        let label = safe_text::line(label.get(language), 60);
        MISSING.fill(&[("link", link.as_str()), ("label", &label), ("key", key)])
    };
    Phrase { en: fill(Language::En).en, ja: fill(Language::Ja).ja }
}

/// Where all connectors are listed.
pub const LISTED: Text =
    Text::new("conn connectors list shows them", "一覧は conn connectors list で確認できます");

const NO_CONNECTOR: Text = Text::new(
    "{link} uses the connector {name}, which does not exist",
    "{link} が使うコネクター {name} は存在しません",
);
const NO_METHOD: Text = Text::new(
    "{link} uses the auth method {name}, which its connector does not have",
    "{link} の認証方式 {name} はコネクターにありません",
);
const NO_SECRET: Text = Text::new(
    "{link} names the secret {name}, which its auth method does not ask for",
    "{link} の秘密情報 {name} は、この認証方式では使われません",
);
const NO_VARIABLE: Text = Text::new(
    "{link} sets vars.{name}, which its connector does not know",
    "{link} の vars.{name} はコネクターで宣言されていません",
);
const NO_ENVIRONMENT: Text = Text::new(
    "{link} uses the environment {name}, which its connector does not have",
    "{link} の環境 {name} はコネクターにありません",
);
const SECRET_VAR: Text = Text::new(
    "{link} holds the secret {name} in the clear",
    "{link} に秘密情報 {name} がそのまま書かれています",
);
const SECRET_VAR_HINT: Text = Text::new(
    "issue a new one at the service, delete it here, and enter it with `conn reconnect`",
    "サービス側で再発行し、ここからは削除して、`conn reconnect` で登録してください",
);
const NOT_A_CHOICE: Text =
    Text::new("{name} of {link} is none of its choices", "{link} の {name} は選択肢にない値です");
const WRONG_VALUE: Text =
    Text::new("{name} of {link} does not have the right form", "{link} の {name} の形式が正しくありません");
const EXAMPLE: Text = Text::new("a right one: {example}", "正しい例: {example}");
const MISSING: Text =
    Text::new("{link} needs a value for \"{label}\" ({key})", "{link} に「{label}」（{key}）の値が必要です");
const MISSING_HINT: Text = Text::new("add vars.{key} = \"…\"", "vars.{key} = \"…\" を追加してください");
const WRONG_KIND: Text = Text::new(
    "{link} may not be a connection of kind {kind}",
    "{link} の種別 {kind} は、このコネクターでは使えません",
);
const SINGLE: Text = Text::new(
    "{link} is one connection too many: {id} allows {most}",
    "{link} は上限を超えています。{id} の接続は{most}件までです",
);
const SINGLE_HINT: Text = Text::new(
    "remove or replace the existing connection first",
    "既存の接続を削除するか、置き換えてください",
);
