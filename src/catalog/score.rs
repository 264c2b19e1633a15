//! How much a definition tells: a score out of 100, and what it lacks.

use crate::base::Text;
use crate::model::{Connector, RequestLine};

/// One thing that a definition may tell.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The word in JSON.
    pub code: &'static str,
    /// What it is worth.
    pub points: u32,
    /// The words for people.
    pub text: Text,
    told: fn(&Connector) -> bool,
}

/// Everything that counts; 100 points together.
pub const PARTS: [Part; 10] = [
    part("test", 25, Text::new("a test request", "テストリクエスト"), proves),
    part("success", 5, Text::new("what success looks like", "成功の条件"), |connector| {
        connector.test.as_ref().is_some_and(|test| test.ok.is_some())
    }),
    part("identity", 10, Text::new("whose credential it is", "資格情報の持ち主"), |connector| {
        connector.test.as_ref().is_some_and(|test| test.identity.is_some())
    }),
    part(
        "answer",
        15,
        Text::new("how the vendor's answers are recognised", "応答の見分け方"),
        |connector| connector.answer.as_ref().is_some_and(|answer| !answer.shape.is_empty()),
    ),
    part("rules", 10, Text::new("what its errors mean", "エラーの意味"), |connector| {
        !connector.rules.is_empty()
    }),
    part("fixtures", 10, Text::new("sample answers", "応答の見本"), |connector| {
        connector.fixtures.len() > 1
    }),
    part("docs", 5, Text::new("documentation", "ドキュメント"), |connector| connector.docs.is_some()),
    part("console", 10, Text::new("where the key is found", "キーの確認場所"), found),
    part("status-page", 5, Text::new("a status page", "稼働状況のページ"), |connector| {
        connector.status_page.is_some()
    }),
    part("limits", 5, Text::new("limits", "利用上限"), |connector| connector.limits.is_some()),
];

const fn part(code: &'static str, points: u32, text: Text, told: fn(&Connector) -> bool) -> Part {
    Part { code, points, text, told }
}

/// The points of a definition, out of 100.
#[must_use]
pub fn score(connector: &Connector) -> u32 {
    PARTS.iter().filter(|part| (part.told)(connector)).map(|part| part.points).sum()
}

/// What a definition does not tell.
pub fn lacking(connector: &Connector) -> impl Iterator<Item = &'static Part> {
    PARTS.iter().filter(|part| !(part.told)(connector))
}

/// Whether the test request is a call, and so can prove something.
fn proves(connector: &Connector) -> bool {
    connector.test.as_ref().is_some_and(|test| test.request != RequestLine::Reach)
}

/// Whether somebody says where the values stand that are asked for.
fn found(connector: &Connector) -> bool {
    let told =
        connector.auth.values().any(|method| method.params.values().any(|param| param.steps.is_some()));
    connector.console.is_some() || told
}

#[cfg(test)]
mod tests {
    use super::{PARTS, lacking, score};
    use crate::model::Connector;

    #[test]
    fn the_parts_make_a_hundred_and_what_is_lacking_is_named() {
        assert_eq!(PARTS.iter().map(|part| part.points).sum::<u32>(), 100);
        let bare: Connector = toml::from_str("base = 'https://a.test'").unwrap();
        assert_eq!((score(&bare), lacking(&bare).count()), (0, PARTS.len()));
        let told: Connector = toml::from_str(
            "docs = 'https://a.test/docs'\ntest = { request = 'GET /me', ok = { status = 200 } }",
        )
        .unwrap();
        assert_eq!(score(&told), 35);
        assert!(lacking(&told).all(|part| part.code != "test"));
        let reach: Connector = toml::from_str("test.request = 'reach'").unwrap();
        assert_eq!(score(&reach), 0);
    }
}
