//! What a pasted value shows before anything is sent: blanks, quotes, prefixes, full-width characters, the
//! wrong kind of token. Nothing said here holds any part of the value.

use super::belonging;
use super::fresh::lacks;
use super::prepare::Prepared;
use crate::base::typed::{is_invisible, narrow};
use crate::base::{Phrase, Secret, Text};
use crate::diagnosis::Problem;
pub use crate::diagnosis::dirt::Dirt;
use crate::diagnosis::finding::SETTING;
use crate::model::connection::ConnectionKind;

/// A value as it was meant, with what was taken off it.
#[must_use]
pub fn clean(value: &str) -> (String, Vec<Dirt>) {
    let mut dirt = Vec::new();
    let mut note = |found: bool, kind: Dirt| {
        if found && !dirt.contains(&kind) {
            dirt.push(kind);
        }
    };
    let visible: String = value.chars().filter(|c| !is_invisible(*c)).collect();
    note(visible.len() != value.len(), Dirt::Invisible);
    let mut text = visible.trim().to_owned();
    // Key files end with a line end; whoever reads a value of several lines does not mind.
    note(text.len() != visible.len() && !text.contains('\n'), Dirt::Blanks);
    for (open, close) in [('"', '"'), ('\'', '\''), ('“', '”'), ('`', '`'), ('「', '」')] {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.map(|inner| inner.trim().to_owned()) {
            note(true, Dirt::Quotes);
            text = inner;
        }
    }
    for prefix in ["Bearer ", "bearer ", "Basic ", "basic ", "Token ", "token="] {
        if let Some(rest) = text.strip_prefix(prefix).map(|rest| rest.trim().to_owned()) {
            note(true, Dirt::Prefix);
            text = rest;
        }
    }
    let narrow: String = text.chars().map(narrow).collect();
    // A password may well be Japanese; only a value that is ASCII but for its width was typed in the wrong mode.
    if narrow != text && narrow.is_ascii() {
        note(true, Dirt::FullWidth);
        text = narrow;
    }
    (text, dirt)
}

/// Kinds of token that are known by their first letters.
const SHAPES: [(&str, &str); 20] = [
    ("sk_live_", "Stripe live secret key"),
    ("sk_test_", "Stripe test secret key"),
    ("pk_live_", "Stripe publishable key"),
    ("pk_test_", "Stripe publishable key"),
    ("rk_live_", "Stripe restricted key"),
    ("ghp_", "GitHub personal access token"),
    ("github_pat_", "GitHub fine-grained token"),
    ("gho_", "GitHub OAuth token"),
    ("glpat-", "GitLab personal access token"),
    ("xoxb-", "Slack bot token"),
    ("xoxp-", "Slack user token"),
    ("xapp-", "Slack app token"),
    ("SG.", "SendGrid key"),
    ("AKIA", "AWS access key id"),
    ("AIza", "Google API key"),
    ("shpat_", "Shopify admin token"),
    ("rzp_live_", "Razorpay live key id"),
    ("rzp_test_", "Razorpay test key id"),
    ("sk-ant-", "Anthropic key"),
    ("pat-", "HubSpot private app token"),
];

/// What a value looks like by its first letters.
#[must_use]
pub fn shape(value: &str) -> Option<&'static str> {
    SHAPES.iter().find(|(prefix, _)| value.starts_with(prefix)).map(|(_, name)| *name)
}

/// The problems of one stored value.
#[must_use]
pub fn check(prepared: &Prepared, key: &str, value: &Secret) -> Vec<Problem> {
    let Some(param) = prepared.method.params.get(key) else { return Vec::new() };
    let label = param.label.en.as_str();
    let mut problems = Vec::new();
    let (clean, dirt) = clean(value.expose());
    let problem = |code: &str, evidence: Phrase| {
        let mut problem = prepared.problem(code, &[("label", label), ("parameter", key)]);
        problem.evidence.push(evidence);
        problem
    };
    for kind in dirt {
        const HOLDS: Text =
            Text::new("the stored value has {what}", "保存されている値に{what}が含まれています");
        let what = kind.text();
        let evidence =
            Phrase { en: HOLDS.en.replace("{what}", what.en), ja: HOLDS.ja.replace("{what}", what.ja) };
        let mut problem = problem("CONN-SEC-WHITESPACE", evidence);
        problem.values.insert("dirt".to_owned(), kind.code().to_owned());
        problems.push(problem);
    }
    if problems.is_empty() && is_sample(value.expose()) && value.expose().len() < 40 {
        const SAMPLE: Text =
            Text::new("the stored value is sample text", "保存されている値はサンプルの文字列です");
        problems.push(problem("CONN-SEC-SAMPLE", SAMPLE.into()));
    }
    if let Some((place, c)) = crate::scheme::api_key::uncarried(&prepared.method, key, &clean) {
        let kind = Dirt::uncarried(c);
        let mut problem = problem("CONN-SEC-WHITESPACE", whereabouts(place, c, kind));
        problem.values.insert("dirt".to_owned(), kind.code().to_owned());
        problems.push(problem);
    }
    problems.extend(wrong_shape(prepared, key, &clean));
    problems.extend(belonging::environment(prepared, key, &Secret::new(clean)));
    problems
}

/// Where a character stands that cannot travel. A letter or digit of a value is not repeated.
fn whereabouts(place: usize, c: char, kind: Dirt) -> Phrase {
    const STANDS: Text = Text::new(
        "the value has {what}, first at character {place}{which}",
        "値に{what}が含まれています（最初の箇所は {place} 文字目{which}）",
    );
    const HYPHEN: Text = Text::new(
        ": {code}, which is not the hyphen of a keyboard",
        "の {code}。半角の「-」とは別の文字です",
    );
    const OTHER: Text = Text::new(": {code}", "の {code}");
    let code = format!("U+{:04X}", u32::from(c));
    let which = match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => HYPHEN.fill(&[("code", &code)]),
        _ if kind == Dirt::Foreign && !c.is_alphanumeric() => OTHER.fill(&[("code", &code)]),
        _ => Phrase::default(),
    };
    let place = Phrase::same(place.to_string());
    STANDS.fill_phrases(&[("what", kind.text().into()), ("place", place), ("which", which)])
}

/// A value that does not look as its pattern says; a warning, for patterns age.
fn wrong_shape(prepared: &Prepared, key: &str, value: &str) -> Option<Problem> {
    const LOOKS: Text = Text::new("it looks like a {kind}", "「{kind}」のように見えます");
    const DIFFERS: Text =
        Text::new(r#"it does not have the form of "{label}""#, "「{label}」の形式と異なります");
    let param = prepared.method.params.get(key)?;
    if param.looks_right(value) {
        return None;
    }
    let label = param.label.en.as_str();
    let kind = shape(value);
    let values = [("label", label), ("parameter", key), ("kind", kind.unwrap_or("-")), ("wanted", label)];
    let mut problem = prepared.problem("CONN-SEC-SHAPE", &values);
    problem.lowered = true;
    if !param.secret {
        // A reconnect asks for secrets alone.
        problem.values.insert(SETTING.to_owned(), format!("--set {key}=…"));
    }
    problem.evidence.push(match kind {
        Some(kind) => LOOKS.fill(&[("kind", kind)]),
        None => DIFFERS.fill_phrases(&[("label", param.label.clone())]),
    });
    Some(problem)
}

/// What stands in for a value that was copied from a sample.
#[must_use]
pub fn is_sample(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let marks = ["<", ">", "${", "your_", "your-", "yourdomain", "changeme", "xxxx", "{{"];
    marks.iter().any(|mark| lower.contains(mark))
        || matches!(lower.as_str(), "example" | "example.com" | "todo")
}

/// Evidence of a sample left in place.
#[must_use]
pub fn sample_problem(prepared: &Prepared, name: &str) -> Problem {
    const SAMPLE: Text =
        Text::new("vars.{name} still holds sample text", "vars.{name} がサンプルの文字列のままです");
    let mut problem = prepared.problem("CONN-CFG-PLACEHOLDER", &[("variable", name), ("key", name)]);
    problem.evidence.push(SAMPLE.fill(&[("name", name)]));
    problem
}

/// Problems that need no traffic and no secret.
#[must_use]
pub fn lint(prepared: &Prepared) -> Vec<Problem> {
    let asked = prepared.connection.vars.iter().filter(|(_, value)| is_sample(value));
    let mut problems: Vec<Problem> = asked.map(|(name, _)| sample_problem(prepared, name)).collect();
    if problems.is_empty() {
        problems.extend(super::definition::form_problem(prepared));
    }
    problems.extend(missing(prepared));
    if let Some(most) = prepared.beyond {
        problems.push(prepared.problem("CONN-CFG-SINGLE", &[("most", &most.to_string())]));
    }
    let open = prepared
        .method
        .params
        .iter()
        .filter(|(key, param)| !param.secret && !prepared.connector.vars.contains_key(*key));
    let given = open.filter_map(|(key, _)| Some((key, prepared.connection.vars.get(key)?)));
    problems.extend(given.filter_map(|(key, value)| wrong_shape(prepared, key, value)));
    problems.extend(belonging::region(prepared));
    if prepared.lacks_primary {
        problems.push(prepared.problem("CONN-CFG-PRIMARY-MISSING", &[]));
    }
    problems
}

/// Values of the definition that nobody gave. A system connection waits for its admin, who gives them.
fn missing(prepared: &Prepared) -> impl Iterator<Item = Problem> {
    let waits = prepared.connection.kind == ConnectionKind::System;
    let lacking =
        prepared.method.params.iter().filter(move |(key, param)| !waits && lacks(prepared, key, param));
    lacking.map(|(key, param)| {
        let values = [("label", param.label.en.as_str()), ("parameter", key)];
        let mut problem = prepared.problem("CONN-CFG-PARAM-MISSING", &values);
        problem.values.insert(SETTING.to_owned(), format!("--set {key}=…"));
        problem
    })
}

#[cfg(test)]
mod tests {
    use super::{Dirt, clean};

    #[test]
    fn what_is_pasted_around_a_value_is_taken_off_and_named() {
        let cases: [(&str, &str, &[Dirt]); 10] = [
            ("abc", "abc", &[]),
            (" abc\r\n", "abc", &[Dirt::Blanks]),
            ("\"abc\"", "abc", &[Dirt::Quotes]),
            ("Bearer abc", "abc", &[Dirt::Prefix]),
            ("\u{feff}abc\u{200b}", "abc", &[Dirt::Invisible]),
            ("ＡＢＣ１２３", "ABC123", &[Dirt::FullWidth]),
            (" 'Bearer abc' ", "abc", &[Dirt::Blanks, Dirt::Quotes, Dirt::Prefix]),
            ("パスワード１", "パスワード１", &[]),
            ("a b", "a b", &[]),
            ("-----BEGIN\nA\n-----END\n", "-----BEGIN\nA\n-----END", &[]),
        ];
        for (value, expected, dirt) in cases {
            assert_eq!(clean(value), (expected.to_owned(), dirt.to_vec()), "{value:?}");
        }
    }
}
