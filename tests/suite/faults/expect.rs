//! What a case expects, and what is expected of every case.

use serde_json::Value;

use super::lab::{KEY, Lab};
use crate::support::cli::Run;
use crate::support::needles::needles;

/// The most requests that one run may make.
const REQUESTS: usize = 12;

/// The expected verdict. Codes are written without `CONN-`.
pub struct Expect {
    root: &'static str,
    exit: i32,
    never: &'static [&'static str],
    verbs: &'static [&'static str],
}

impl Expect {
    /// A root cause; the exit code of its class must be named.
    pub fn root(root: &'static str) -> Self {
        Self { root, exit: 0, never: &[], verbs: &["diagnose", "test"] }
    }

    pub fn exit(self, exit: i32) -> Self {
        Self { exit, ..self }
    }

    /// Codes, or beginnings of codes, that may not appear at all.
    pub fn never(self, never: &'static [&'static str]) -> Self {
        Self { never, ..self }
    }

    /// Only `diagnose` looks deep enough.
    pub fn only_diagnose(self) -> Self {
        Self { verbs: &["diagnose"], ..self }
    }
}

impl Lab {
    /// Diagnoses `crm` in both languages and tests it, holds each run against the rules, and returns the first.
    pub fn expect(&self, expect: &Expect) -> Run {
        self.expect_under(&["timeout", "-k", "1", "20"], expect)
    }

    /// The same under other programs.
    pub fn expect_under(&self, under: &[&str], expect: &Expect) -> Run {
        let runs = expect.verbs.iter().flat_map(|verb| {
            let languages = if *verb == "diagnose" { ["en", "ja"].as_slice() } else { &["en"] };
            languages.iter().map(move |language| (*verb, *language))
        });
        let mut first = None;
        for (verb, language) in runs {
            let before = self.heard().len();
            let run = self.run_under(under, &[verb, "crm", "--format", "json", "--lang", language]);
            hold(&run, expect, language);
            assert!(self.heard().len() - before <= REQUESTS, "too many requests: {:#?}", self.heard());
            self.keeps_secrets(&run);
            first.get_or_insert(run);
        }
        self.compare(under, first.as_ref().unwrap());
        let screen = self.run_under(under, &["diagnose", "crm"]);
        assert_eq!(screen.code, expect.exit, "{screen:#?}");
        self.keeps_secrets(&screen);
        first.unwrap()
    }

    fn keeps_secrets(&self, run: &Run) {
        let files = self.home().files();
        for needle in needles(KEY) {
            assert!(!run.out.contains(&needle) && !run.err.contains(&needle), "{needle} in {run:#?}");
            for (path, content) in &files {
                let text = String::from_utf8_lossy(content);
                assert!(!text.contains(&needle), "{needle} in {}", path.display());
            }
        }
    }
}

fn hold(run: &Run, expect: &Expect, language: &str) {
    assert_eq!(run.code, expect.exit, "{run:#?}");
    let connection = run.connection();
    let findings = connection["findings"].as_array().unwrap();
    let code = |finding: &Value| finding["code"].as_str().unwrap().trim_start_matches("CONN-").to_owned();
    let codes: Vec<String> = findings.iter().map(code).collect();
    assert_eq!(codes.first().map_or("ok", String::as_str), expect.root, "{run:#?}");
    let forbidden = codes.iter().find(|code| expect.never.iter().any(|never| code.starts_with(never)));
    assert_eq!(forbidden, None, "{run:#?}");
    if let Some(root) = findings.first() {
        assert!(root["steps"].as_array().is_some_and(|steps| !steps.is_empty()), "{language}: {run:#?}");
    }
    let stages = run.stages();
    let failed = stages.iter().position(|stage| stage.ends_with(" failed"));
    if let Some(failed) = failed.filter(|failed| !stages[*failed].starts_with("access")) {
        let above = &stages[failed + 1..];
        assert!(above.iter().all(|stage| stage.ends_with(" not_reached")), "{stages:?}");
    }
}
