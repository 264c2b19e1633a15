//! A command that could not be done, as programs read it: one object, one failed case, one annotation. People
//! read it on standard error.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

use super::github;
use super::machine;
use super::words::safe;
use crate::base::Language;
use crate::cause::ExitClass;

/// The schema of a command that could not be done.
pub const SCHEMA: &str = "conn.error/1";

/// Why a command could not be done.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The code of the cause; `None` for a wrong command line.
    pub code: Option<&'static str>,
    /// The number of the cause.
    pub number: Option<u16>,
    /// How the process ends.
    pub exit: ExitClass,
    /// What is wrong.
    pub message: String,
    /// What was seen.
    pub evidence: Vec<String>,
    /// What to do, with the command to run where it is one.
    pub steps: Vec<(String, Option<String>)>,
}

impl Refusal {
    /// The refusal in the form of this name; `None` where standard error says it all.
    #[must_use]
    pub fn render(&self, form: &str, language: Language) -> Option<String> {
        match form {
            "json" => Some(machine::pretty(&self.object(language))),
            "jsonl" => Some(format!("{}\n", self.object(language))),
            "junit" => Some(self.junit()),
            "github" => Some(github::bare(self.code.unwrap_or("conn"), &self.text())),
            _ => None,
        }
    }

    fn object(&self, language: Language) -> Value {
        let step = |(n, (text, command)): (usize, &(String, Option<String>))| json!({ "n": n, "text": text, "command": command });
        machine::harmless(json!({
            "schema": SCHEMA,
            "tool": machine::tool(),
            "lang": language.tag(),
            "code": self.code,
            "number": self.number,
            "exit": machine::exit(self.exit),
            "message": self.message,
            "evidence": self.evidence,
            "steps": (1..).zip(&self.steps).map(step).collect::<Vec<_>>(),
        }))
    }

    /// Evidence and steps, one a line.
    fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.evidence.iter().map(|line| format!("- {}", safe(line))).collect();
        for (index, (text, command)) in self.steps.iter().enumerate() {
            lines.push(format!("{}. {}", index + 1, safe(text)));
            lines.extend(command.iter().map(|command| format!("   {}", safe(command))));
        }
        lines
    }

    fn text(&self) -> String {
        let mut lines = vec![safe(&self.message)];
        lines.extend(self.lines());
        lines.join("\n")
    }

    fn junit(&self) -> String {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(self.code.unwrap_or("usage"));
        status.set_message(safe(&self.message));
        status.set_description(self.lines().join("\n"));
        let mut case = TestCase::new("command", status);
        case.set_classname("conn");
        let mut suite = TestSuite::new("conn");
        suite.add_test_case(case);
        let mut xml = quick_junit::Report::new("conn");
        xml.add_test_suite(suite);
        xml.to_string().expect("writing XML into memory does not fail")
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;
    use crate::base::Language;
    use crate::cause::ExitClass;

    #[test]
    fn a_refusal_is_one_object_in_json_and_nothing_for_people() {
        let refusal = Refusal {
            code: Some("CONN-CFG-SYNTAX"),
            number: Some(1001),
            exit: ExitClass::Local,
            message: "50%\u{1b}[2J broken".to_owned(),
            evidence: vec!["a".to_owned()],
            steps: vec![("do".to_owned(), Some("conn lint".to_owned()))],
        };
        let line = refusal.render("jsonl", Language::Ja).unwrap();
        assert_eq!(line.lines().count(), 1);
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["code"], "CONN-CFG-SYNTAX");
        assert_eq!(value["exit"]["code"], 5);
        assert_eq!(value["steps"][0]["command"], "conn lint");
        assert!(!line.contains('\u{1b}'));
        let annotation = refusal.render("github", Language::En).unwrap();
        assert!(annotation.starts_with("::error title=CONN-CFG-SYNTAX::50%25"), "{annotation}");
        assert_eq!(annotation.lines().count(), 1);
        assert!(refusal.render("junit", Language::En).unwrap().contains("errors=\"1\""));
        assert_eq!(refusal.render("human", Language::En), None);
        assert_eq!(refusal.render("plain", Language::En), None);
    }
}
