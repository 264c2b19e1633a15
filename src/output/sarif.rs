//! SARIF 2.1.0 for `conn lint`: what stands in files, with its place. Results of tests have no place in a file and no
//! SARIF form.

use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

use super::machine;
use crate::base::{Language, Phrase};
use crate::cause::{self, Cause};
use crate::diagnosis::finding::fill_by;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What a URI may not hold as it is.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?');

/// One remark on a place of a file.
#[derive(Clone, Debug)]
pub struct Remark<'r> {
    /// A code of a cause, or the id of a piece of advice.
    pub rule: &'r str,
    /// Whether it is a mistake; else it is advice.
    pub is_mistake: bool,
    /// The file.
    pub path: &'r Path,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: &'r Phrase,
    /// The way out.
    pub hint: Option<&'r Phrase>,
}

/// The remarks as a log of one run; files below `folder` are named from there.
#[must_use]
pub fn render(remarks: &[Remark<'_>], folder: &Path, language: Language) -> String {
    let mut rules: Vec<&Remark<'_>> = Vec::new();
    for remark in remarks {
        if rules.iter().all(|known| known.rule != remark.rule) {
            rules.push(remark);
        }
    }
    let index = |remark: &Remark<'_>| rules.iter().position(|known| known.rule == remark.rule);
    let results: Vec<Value> =
        remarks.iter().map(|remark| result(remark, index(remark), folder, language)).collect();
    machine::pretty(&machine::harmless(json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "language": language.tag(),
                "rules": rules.iter().map(|remark| rule(remark, language)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })))
}

const fn level(remark: &Remark<'_>) -> &'static str {
    if remark.is_mistake { "error" } else { "warning" }
}

fn rule(remark: &Remark<'_>, language: Language) -> Value {
    let known = cause::find(remark.rule).filter(|_| remark.is_mistake);
    let mut rule = json!({
        "id": remark.rule,
        "defaultConfiguration": { "level": level(remark) },
    });
    if let Some(cause) = known {
        rule["shortDescription"] = json!({ "text": said(cause.title.get(language)) });
        rule["fullDescription"] = json!({ "text": said(cause.why.get(language)) });
        rule["help"] = json!({ "text": steps(cause, language) });
    }
    rule
}

/// A sentence of a cause without the values that only a run knows.
fn said(sentence: &str) -> String {
    fill_by(sentence, str::to_uppercase)
}

fn steps(cause: &Cause, language: Language) -> String {
    let steps = cause.steps.iter().map(|step| match step.command {
        Some(command) => format!("{}\n{}", said(step.text.get(language)), said(command)),
        None => said(step.text.get(language)),
    });
    steps.collect::<Vec<_>>().join("\n")
}

fn result(remark: &Remark<'_>, index: Option<usize>, folder: &Path, language: Language) -> Value {
    let message = remark.message.get(language);
    let text = match remark.hint {
        Some(hint) => format!("{message} → {}", hint.get(language)),
        None => message.to_owned(),
    };
    json!({
        "ruleId": remark.rule,
        "ruleIndex": index,
        "level": level(remark),
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(remark.path, folder) },
            "region": { "startLine": remark.line.max(1), "startColumn": remark.column.max(1) },
        } }],
    })
}

/// A file as a relative URI below the folder, and as an absolute one elsewhere.
fn uri(path: &Path, folder: &Path) -> String {
    let slashes = |path: &Path| path.display().to_string().replace('\\', "/");
    let encode = |text: &str| utf8_percent_encode(text, UNSAFE).to_string();
    match path.strip_prefix(folder) {
        Ok(below) => encode(&slashes(below)),
        // A path without a drive is not absolute on Windows.
        Err(_) if !path.has_root() => encode(&slashes(path)),
        Err(_) => format!("file:///{}", encode(slashes(path).trim_start_matches('/'))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    use super::{Remark, render};
    use crate::base::{Language, Phrase};

    #[test]
    fn a_log_has_what_code_scanning_reads() {
        let message = Phrase { en: "unknown key".into(), ja: "不明なキーです".into() };
        let remark = |rule, is_mistake, path| Remark {
            rule,
            is_mistake,
            path: Path::new(path),
            line: 3,
            column: 5,
            message: &message,
            hint: None,
        };
        let remarks = [
            remark("CONN-CFG-SCHEMA", true, "/work/team files/connectors.toml"),
            remark("label-language", false, "/elsewhere/connectors.toml"),
            remark("CONN-CFG-SCHEMA", true, "/work/b.toml"),
        ];
        for language in [Language::En, Language::Ja] {
            let log: Value = serde_json::from_str(&render(&remarks, Path::new("/work"), language)).unwrap();
            assert_eq!(log["version"], "2.1.0");
            let run = &log["runs"][0];
            let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
            assert_eq!(rules.len(), 2);
            assert!(rules[0]["help"]["text"].as_str().unwrap().len() > 10);
            for result in run["results"].as_array().unwrap() {
                let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
                assert_eq!(rules[index]["id"], result["ruleId"]);
                assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()));
                assert!(!result["message"]["text"].as_str().unwrap().is_empty());
                let region = &result["locations"][0]["physicalLocation"]["region"];
                assert_eq!(
                    (region["startLine"].as_u64(), region["startColumn"].as_u64()),
                    (Some(3), Some(5))
                );
            }
            let uri = |index: usize| {
                run["results"][index]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone()
            };
            assert_eq!(uri(0), "team%20files/connectors.toml");
            assert_eq!(uri(1), "file:///elsewhere/connectors.toml");
        }
    }
}
