//! What every form promises, tried on every form with every sample report in both languages.

use serde_json::Value;

use super::sample::{self, SECRET};
use super::{Page, RENDERERS, find};
use crate::base::{Language, redact, safe_text};
use crate::diagnosis::Report;

fn each(mut tried: impl FnMut(&str, &str, &Report, &Page, &str)) {
    for (case, report) in sample::all() {
        for language in [Language::En, Language::Ja] {
            for renderer in RENDERERS {
                let page = sample::page(language);
                let text = renderer.render(&report, &page);
                tried(
                    renderer.name(),
                    &format!("{} {case} {}", renderer.name(), language.tag()),
                    &report,
                    &page,
                    &text,
                );
            }
        }
    }
}

fn render(name: &str, report: &Report, page: &Page) -> String {
    find(name).unwrap().render(report, page)
}

#[test]
fn nothing_that_moves_a_cursor_and_no_secret_leaves() {
    each(|_, case, _, _, text| {
        let harmful: Vec<char> = text.chars().filter(|&c| c != '\n' && safe_text::is_harmful(c)).collect();
        assert!(harmful.is_empty(), "{case}: {harmful:?}");
        for form in redact::encodings(SECRET) {
            assert!(!text.contains(&form), "{case}: {form}");
        }
    });
}

#[test]
fn foreign_text_never_begins_a_line_that_a_runner_obeys() {
    each(|name, case, report, _, text| {
        let findings: usize = report.entries.iter().map(|entry| entry.findings.len().max(1)).sum();
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::")).count();
        let limit = if name == "github" { findings } else { 0 };
        assert!(commands <= limit, "{case}:\n{text}");
        assert!(name != "github" || !text.contains("##["), "{case}:\n{text}");
    });
}

#[test]
fn every_code_is_told_and_every_rendering_is_the_same_twice() {
    each(|name, case, report, page, text| {
        for entry in &report.entries {
            if let Some(root) = entry.root() {
                assert!(text.contains(root.cause.code), "{case}: {}", root.cause.code);
            }
        }
        assert_eq!(text, render(name, report, page), "{case}");
        assert!(text.is_empty() || text.ends_with('\n'), "{case}");
    });
}

#[test]
fn no_line_of_a_screen_is_wider_than_the_page() {
    for (case, report) in sample::all() {
        for language in [Language::En, Language::Ja] {
            for (width, ascii, why) in
                [(80, false, false), (60, false, true), (100, true, false), (120, false, false)]
            {
                let page = Page { width, ascii, why, ..sample::page(language) };
                for line in render("human", &report, &page).lines() {
                    let fits = safe_text::width(line) <= width;
                    let unbreakable = line.split_whitespace().any(|word| safe_text::width(word) + 24 > width);
                    assert!(fits || unbreakable, "{case} {} {width}: {line}", language.tag());
                }
            }
        }
    }
}

#[test]
fn json_is_one_object_and_json_lines_are_one_object_each() {
    each(|name, case, report, page, text| match name {
        "json" => {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(value["schema"], "conn.result/1", "{case}");
            assert_eq!(value["lang"], page.language.tag(), "{case}");
            assert_eq!(value["connections"].as_array().unwrap().len(), report.entries.len(), "{case}");
            assert_eq!(value["exit"]["code"], report.exit().code(), "{case}");
            assert_eq!(value["started_at"], "2026-11-21T11:30:56Z", "{case}");
        }
        "jsonl" => {
            let values: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(values.len(), report.entries.len(), "{case}");
            for value in values {
                let flat = value.as_object().unwrap().values().all(|value| !value.is_object());
                assert!(flat && value["schema"] == "conn.result/1", "{case}");
            }
        }
        _ => {}
    });
}

#[test]
fn keys_and_codes_of_json_are_the_same_in_every_language() {
    fn codes(value: &Value, path: &str, found: &mut Vec<String>) {
        let text = ["text", "needed_text", "title", "why", "note", "label", "service", "lang", "values"];
        match value {
            Value::Object(fields) => {
                for (key, value) in fields.iter().filter(|(key, _)| !text.contains(&key.as_str())) {
                    codes(value, &format!("{path}/{key}"), found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| codes(item, path, found)),
            other => found.push(format!("{path} {other}")),
        }
    }
    for (case, report) in sample::all() {
        let [english, japanese] = [Language::En, Language::Ja].map(|language| {
            let value = serde_json::from_str(&render("json", &report, &sample::page(language))).unwrap();
            let mut found = Vec::new();
            codes(&value, "", &mut found);
            found
        });
        assert_eq!(english, japanese, "{case}");
    }
}

#[test]
fn a_junit_reader_counts_what_the_report_says() {
    use quick_xml::events::Event;
    each(|name, case, report, _, text| {
        if name != "junit" {
            return;
        }
        let mut reader = quick_xml::Reader::from_str(text);
        let (mut suites, mut failures, mut depth) = (0, 0, 0);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{case}: {error}\n{text}")) {
                Event::Start(tag) => {
                    depth += 1;
                    suites += usize::from(tag.name().as_ref() == b"testsuite");
                    failures += usize::from(tag.name().as_ref() == b"failure");
                    for attribute in tag.attributes() {
                        attribute.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                    }
                }
                Event::Empty(tag) => failures += usize::from(tag.name().as_ref() == b"failure"),
                Event::End(_) => depth -= 1,
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!((suites, depth), (report.entries.len(), 0), "{case}\n{text}");
        let failed = report.entries.iter().any(|entry| super::words::is_failed(entry.verdict));
        assert_eq!(failures > 0, failed, "{case}\n{text}");
    });
}

#[test]
fn a_colourful_screen_says_the_same_as_a_plain_one() {
    for (case, report) in sample::all() {
        let plain = sample::page(Language::En);
        let colour = Page { colour: true, ..plain.clone() };
        let painted = render("human", &report, &colour);
        let stripped = strip(&painted);
        assert_eq!(stripped, render("human", &report, &plain), "{case}");
        for name in ["plain", "json", "jsonl", "junit", "github"] {
            assert!(!render(name, &report, &colour).contains('\u{1b}'), "{name} {case}");
        }
    }
}

fn strip(painted: &str) -> String {
    let mut plain = String::new();
    let mut rest = painted;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.split_once('m').map_or("", |(_, tail)| tail);
    }
    plain + rest
}

#[test]
fn a_screen_for_a_screen_reader_has_one_named_fact_per_line_and_no_marks() {
    for (case, report) in sample::all() {
        for language in [Language::En, Language::Ja] {
            let text = render("plain", &report, &sample::page(language));
            for line in text.lines().filter(|line| !line.is_empty()) {
                assert!(line.contains(": "), "{case}: {line}");
                assert!(!line.contains(['✓', '✗', '█']) && !line.contains("  "), "{case}: {line}");
            }
        }
    }
}

#[test]
fn quiet_says_nothing_about_healthy_connections() {
    let page = Page { quiet: true, ..sample::page(Language::En) };
    let healthy = sample::report("test", vec![sample::healthy("a"), sample::healthy("b")]);
    assert_eq!(render("human", &healthy, &page), "");
    assert!(!render("human", &sample::fleet(), &page).contains("zoho-crm-eu"));
}

#[test]
fn an_ascii_terminal_gets_only_ascii_in_english() {
    for (case, report) in sample::all() {
        let page = Page { ascii: true, ..sample::page(Language::En) };
        for name in ["human", "plain"] {
            let text = render(name, &report, &page);
            assert!(text.is_ascii(), "{name} {case}: {:?}", text.chars().find(|c| !c.is_ascii()));
        }
    }
}
