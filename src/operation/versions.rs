//! Whether conn, a connector and the API version that it asks for are the newest that conn knows (V6).

use super::World;
use super::check::Loaded;
use crate::base::{Text, safe_text};
use crate::config::LayerKind;
use crate::diagnosis::report::Check;
use crate::model::Connector;

/// The check after a reconnect.
pub(super) fn check(world: &dyn World, loaded: &Loaded) -> Check {
    const OWN: Text = Text::new(
        "conn {version}, connector {connector} (your own)",
        "conn {version}、コネクター {connector}（独自定義）",
    );
    const ON_BOARD: Text = Text::new(
        "conn {version}, connector {connector} (built in)",
        "conn {version}、コネクター {connector}（組み込み）",
    );
    const OLDER: Text = Text::new(
        "{connector} asks for the API version {used}; conn {version} knows {newest}",
        "{connector} は API バージョン {used} を使用しています（conn {version} の組み込み定義は {newest}）",
    );
    let prepared = &loaded.prepared;
    let id = prepared.connection.connector.as_str();
    let mut values = vec![("version", env!("CARGO_PKG_VERSION")), ("connector", id)];
    if prepared.connector_layer == LayerKind::BuiltIn {
        return Check { id: "V6", passed: Some(true), words: ON_BOARD.fill(&values) };
    }
    let parent = prepared.connector.extends.as_deref().unwrap_or(id);
    let known = world.definitions().ok().and_then(|definitions| definitions.brought_along(parent));
    match known.and_then(|known| older(&prepared.connector, &known)) {
        None => Check { id: "V6", passed: Some(true), words: OWN.fill(&values) },
        Some((used, newest)) => {
            values.extend([("used", used.as_str()), ("newest", newest.as_str())]);
            Check { id: "V6", passed: Some(false), words: OLDER.fill(&values) }
        }
    }
}

/// The version that a connector asks for and the one that is known, where the first is the older one.
fn older(own: &Connector, known: &Connector) -> Option<(String, String)> {
    let pairs = [(in_header(own), in_header(known)), (in_path(own), in_path(known))];
    let mut found = pairs.into_iter().filter_map(|(used, newest)| Some((used?, newest?)));
    found.find(|(used, newest)| numbers(used) < numbers(newest))
}

/// The value of a header that names a version: `Notion-Version: 2022-06-28`. What a definition adds to another one
/// stands last.
fn in_header(connector: &Connector) -> Option<String> {
    let (_, value) =
        connector.headers.iter().rfind(|(name, _)| name.to_ascii_lowercase().contains("version"))?;
    Some(safe_text::line(value.source(), 40))
}

/// The part of the base that names a version: `/v3`, `/2024-07`.
fn in_path(connector: &Connector) -> Option<String> {
    let base = connector.base.as_ref()?.source().split_once("://")?.1;
    let is_version = |part: &&str| {
        let digits = part.strip_prefix(['v', 'V']).unwrap_or(part);
        digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || ".-".contains(c))
    };
    base.split('/').skip(1).find(is_version).map(|part| safe_text::line(part, 40))
}

/// The numbers in a version, in their order.
fn numbers(version: &str) -> Vec<u64> {
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::older;
    use crate::model::Connector;

    #[test]
    fn an_older_version_is_found_in_a_header_and_in_the_path() {
        let read = |text: &str| toml::from_str::<Connector>(text).unwrap();
        for (own, known, expected) in [
            ("base = 'https://a.test/v3'", "base = 'https://a.test/v4'", Some(("v3", "v4"))),
            ("base = 'https://a.test/v10'", "base = 'https://a.test/v9/x'", None),
            (
                "base = 'https://{host}/2024-07'",
                "base = 'https://{host}/2026-01'",
                Some(("2024-07", "2026-01")),
            ),
            (
                "headers.X-Version = '2021-08-16'",
                "headers.X-Version = '2022-06-28'",
                Some(("2021-08-16", "2022-06-28")),
            ),
            ("base = 'https://a.test/api'", "base = 'https://a.test/v4'", None),
        ] {
            let expected = expected.map(|(used, newest)| (used.to_owned(), newest.to_owned()));
            assert_eq!(older(&read(own), &read(known)), expected, "{own}");
        }
    }
}
