//! A program that asked for a form gets an answer in it, even where the command itself fails.

use conn::sandbox::Credentials;
use serde_json::Value;

use crate::support::site::Site;

#[test]
fn a_failed_command_is_one_object_on_standard_output() {
    let site = Site::with(Credentials::generate());
    std::fs::write(site.path("work/broken.toml"), "[connections.a\n").unwrap();
    for (line, code, exit) in [
        ("test nobody", Some("CONN-CFG-CONNECTION-UNKNOWN"), 5),
        ("show nobody", Some("CONN-CFG-CONNECTION-UNKNOWN"), 5),
        ("remove nobody", Some("CONN-CFG-CONNECTION-UNKNOWN"), 5),
        ("test --all --config broken.toml", Some("CONN-CFG-SYNTAX"), 5),
        ("test", None, 2),
        ("tset", None, 2),
        ("add x --connector sandbox --method basic", None, 2),
    ] {
        for form in ["json", "jsonl"] {
            for language in ["en", "ja"] {
                let run = site.run(&format!("{line} --format {form} --lang {language}"));
                assert_eq!(run.exit, exit, "{line}: {}", run.all());
                let value: Value = serde_json::from_str(&run.stdout).unwrap();
                assert_eq!(value["schema"], "conn.error/1", "{line}");
                assert_eq!(value["code"].as_str(), code, "{line}");
                assert_eq!(value["exit"]["code"], exit, "{line}");
                assert_eq!(value["lang"], language, "{line}");
                assert!(!value["message"].as_str().unwrap().is_empty(), "{line}");
                assert!(!run.stderr.is_empty(), "{line}");
            }
        }
        let run = site.run(&format!("{line} --format junit"));
        assert!(run.stdout.contains("<testcase") && run.stdout.contains("errors=\"1\""), "{}", run.stdout);
        let run = site.run(&format!("{line} --format github"));
        assert!(run.stdout.starts_with("::error title="), "{}", run.stdout);
        let run = site.run(line);
        assert_eq!(run.stdout, "", "{line}");
    }
}

#[test]
fn a_form_that_a_command_lacks_is_told_with_those_that_it_has() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    for (line, forms) in [
        ("test crm --format sarif", "human, plain, json, jsonl, junit, github, openmetrics"),
        ("list --format junit", "human, plain, json, jsonl, openmetrics"),
        ("show crm --format junit", "human, plain, json, jsonl"),
    ] {
        let run = site.run(line);
        assert_eq!(run.exit, 2, "{line}: {}", run.all());
        assert!(run.stderr.contains(&format!("one of: {forms}\n")), "{line}: {}", run.all());
    }
}

#[test]
fn a_value_that_a_connection_does_not_have_is_named() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    for (language, words) in
        [("en", "crm has no secret value nope; it has: api_key."), ("ja", "指定できるもの: api_key")]
    {
        let run = site.run(&format!("token crm --parameter nope --lang {language}"));
        assert_eq!((run.exit, run.stdout.as_str()), (2, ""), "{}", run.all());
        assert!(run.stderr.contains(words), "{}", run.all());
    }
}

#[test]
fn a_refused_add_says_that_a_referred_value_is_changed_where_it_is_kept() {
    let mut site = Site::with(Credentials::generate());
    site.set("WRONG", "no-such-key-0000");
    let address = site.sandbox.url();
    let line = format!(
        "add crm --connector sandbox --method key --set address={address} --secret api_key=env:WRONG"
    );
    for (language, words) in [
        ("en", "The value comes from env:WRONG: change it there first."),
        ("ja", "値の取得元は env:WRONG です。"),
    ] {
        let run = site.run(&format!("{line} --lang {language}"));
        assert_eq!(run.exit, 4, "{}", run.all());
        let told: String = run.all().split_whitespace().collect();
        let words: String = words.split_whitespace().collect();
        assert!(told.contains(&words), "{}", run.all());
    }
}

#[test]
fn a_connection_that_is_named_twice_is_tested_once() {
    let site = Site::with(Credentials::generate());
    site.add_crm();
    let run = site.run("test crm crm --format json");
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["connections"].as_array().unwrap().len(), 1);
}

#[test]
fn lines_of_a_failure_fit_the_terminal() {
    let mut site = Site::with(Credentials::generate());
    site.set("COLUMNS", "60");
    for language in ["en", "ja"] {
        let run = site.run(&format!("add x --connector sandbox --method kye --lang {language}"));
        let long = run.stderr.lines().find(|line| conn::base::safe_text::width(line) > 60);
        assert_eq!(long, None, "{}", run.stderr);
        let run =
            site.run(&format!("add UPPER --connector sandbox --secret api_key=plain --lang {language}"));
        let long = run.stderr.lines().find(|line| conn::base::safe_text::width(line) > 60);
        assert_eq!(long, None, "{}", run.stderr);
    }
}
