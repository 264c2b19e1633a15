//! `conn test --shard` on several machines, and `conn test --merge` of what they wrote.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fleet;
use crate::support::site::Site;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Tests each part of the fleet and keeps the results as `1.json`, `2.json`, ….
fn test_parts(site: &Site, count: u32) {
    for index in 1..=count {
        let part = site.run(&format!("test --all --shard {index}/{count} --format json"));
        std::fs::write(site.path(&format!("work/{index}.json")), part.stdout).unwrap();
    }
}

fn names(result: &Value) -> Vec<&str> {
    let connections = result["connections"].as_array().unwrap().iter();
    connections.map(|one| one["connection"]["link_name"].as_str().unwrap()).collect()
}

#[test]
fn parts_hold_every_connection_once_and_together_they_say_what_one_run_says() {
    let site = fleet();
    test_parts(&site, 3);
    let parts: Vec<Value> = (1..=3)
        .map(|n| json(&std::fs::read_to_string(site.path(&format!("work/{n}.json"))).unwrap()))
        .collect();
    let held: Vec<&str> = parts.iter().flat_map(names).collect();
    assert_eq!((held.len(), held.iter().collect::<BTreeSet<_>>().len()), (12, 12), "{held:?}");
    assert!(parts.iter().all(|part| part["shard"]["connections"] == 12 && part["shard"]["count"] == 3));
    let merged = site.run("test --merge 3.json 1.json 2.json --format json");
    let whole = site.run("test --all --format json");
    assert_eq!((merged.exit, whole.exit), (6, 6), "{}", merged.all());
    let (merged, whole) = (json(&merged.stdout), json(&whole.stdout));
    for name in ["schema", "verb", "exit", "summary", "common_cause", "shard"] {
        assert_eq!(merged[name], whole[name], "{name}");
    }
    let mut sorted = names(&whole);
    sorted.sort_unstable();
    assert_eq!(names(&merged), sorted);
    for part in &parts {
        for one in part["connections"].as_array().unwrap() {
            assert!(merged["connections"].as_array().unwrap().contains(one), "nothing is lost: {one}");
        }
    }
}

#[test]
fn every_form_of_merged_results_says_what_the_run_itself_would_have_said() {
    let site = fleet();
    let summary = site.path("summary.md");
    test_parts(&site, 2);
    std::fs::write(site.path("work/all.json"), site.run("test --all --format json").stdout).unwrap();
    for form in ["human", "plain", "jsonl", "junit", "openmetrics", "github"] {
        for language in ["en", "ja"] {
            let run = |files: &str| {
                let mut command =
                    site.command(&format!("test --merge {files} --format {form} --lang {language}"));
                crate::support::site::finish(command.env("GITHUB_STEP_SUMMARY", &summary))
            };
            let (parts, all) = (run("1.json 2.json"), run("all.json"));
            assert_eq!((parts.exit, all.exit), (6, 6), "{form}: {}", parts.all());
            for code in ["CONN-NET-REFUSED", "CONN-AUTH-KEY-UNKNOWN", "CONN-AUTH-REJECTED"] {
                assert_eq!(
                    parts.stdout.contains(code),
                    all.stdout.contains(code),
                    "{form}: {}",
                    parts.stdout
                );
            }
            assert!(parts.stdout.contains("CONN-NET-REFUSED") && parts.stdout.contains("away"), "{form}");
            assert!(
                !parts.stdout.contains("None") && !parts.stdout.contains("{name}"),
                "{form}: {}",
                parts.stdout
            );
        }
    }
    let table = std::fs::read_to_string(summary).unwrap();
    assert!(table.contains("| refused |") && table.contains("| shop-00 |"), "{table}");
}

#[test]
fn a_merged_result_can_be_shown_as_the_run_itself_was() {
    let site = fleet();
    let run = |line: &str| site.run(line).stdout;
    std::fs::write(site.path("work/all.json"), run("test --all --format json")).unwrap();
    let steady = |text: &str| {
        let rules = [
            (r"[0-9.]+ m?s\b", "[ms]"),
            (r"\d+-\d\d-\d\d \d\d:\d\d UTC", "[time]"),
            (r"sbx-\d+", "[id]"),
            (r"slowest: \S+", "slowest: x"),
            (r"part \S+ of \d+", ""),
        ];
        rules.iter().fold(text.to_owned(), |text, (pattern, with)| {
            regex_lite::Regex::new(pattern).unwrap().replace_all(&text, *with).into_owned()
        })
    };
    let mut before: Vec<String> = steady(&run("test --all")).lines().map(String::from).collect();
    let mut after: Vec<String> = steady(&run("test --merge all.json")).lines().map(String::from).collect();
    before.sort();
    after.sort();
    assert_eq!(before, after);
}

#[test]
fn what_is_not_whole_is_refused_with_the_reason() {
    let site = fleet();
    test_parts(&site, 3);
    let write = |name: &str, text: &str| std::fs::write(site.path(&format!("work/{name}")), text).unwrap();
    write("other.json", &site.run("test --all --shard 1/2 --format json").stdout);
    write("failed.json", &site.run("test nobody --format json").stdout);
    write("lines.json", &site.run("test --all --format jsonl").stdout);
    write("list.json", &site.run("list --format json").stdout);
    write("diagnosed.json", &site.run("diagnose refused --format json").stdout);
    write("cut.json", "{\"schema\":");
    write("single.json", &site.run("test shop-00 shop-01 --format json").stdout);
    let unknown = site.run("test away --format json").stdout.replace("CONN-NET-REFUSED", "CONN-NET-X");
    write("unknown.json", &unknown);
    write("old.json", &unknown.replace("\"attempts\"", "\"tries\""));
    for (files, said) in [
        ("1.json 3.json", "Parts are missing: 2/3"),
        ("1.json 1.json 2.json 3.json", "1.json and 1.json are the same part"),
        ("1.json 2.json 3.json other.json", "are not parts of one split"),
        ("1.json 2.json failed.json", "conn itself could not test there"),
        ("lines.json", "line by line"),
        ("list.json", "conn.connections/1"),
        ("diagnosed.json", "conn diagnose"),
        ("unknown.json", "CONN-NET-X, a cause that this version of conn does not know"),
        ("old.json", "missing field `attempts`"),
        ("cut.json", "cut.json is not JSON"),
        ("nowhere.json", "nowhere.json"),
        ("1.json 2.json 3.json single.json", "shop-00 has a result in"),
    ] {
        let run = site.run(&format!("test --format junit --merge {files}"));
        assert_eq!(run.exit, 2, "{files}: {}", run.all());
        assert!(run.stderr.contains(said), "{files}: {}", run.stderr);
        let japanese = site.run(&format!("test --lang ja --merge {files}"));
        assert!(japanese.exit == 2 && !japanese.stderr.contains("are "), "{}", japanese.stderr);
    }
    for wrong in ["0/3", "4/3", "x", "1/0"] {
        let run = site.run(&format!("test --all --shard {wrong}"));
        assert!(run.exit == 2 && run.stderr.contains("write 1/4"), "{wrong}: {}", run.stderr);
    }
    let both = site.run("test --all --merge 1.json");
    assert!(both.exit == 2, "{}", both.all());
}

#[test]
fn a_part_without_connections_is_fine_and_a_fleet_without_any_is_not() {
    let site = fleet();
    let empty = (1..=40)
        .map(|index| site.run(&format!("test shop-00 --shard {index}/40")))
        .filter(|run| run.stdout.contains("holds no connection (of 1 in all)"))
        .inspect(|run| assert_eq!(run.exit, 0, "{}", run.all()));
    assert_eq!(empty.count(), 39);
    let nothing = site.run("test --tag nothing --shard 1/2");
    assert!(nothing.exit == 2 && nothing.stderr.contains("nothing"), "{}", nothing.stderr);
}

#[test]
fn warnings_count_in_merged_results_where_they_counted_in_a_part_or_are_asked_for() {
    let site = fleet();
    std::fs::write(site.path("work/all.json"), site.run("test shop-00 --format json").stdout).unwrap();
    assert_eq!(site.run("test --merge all.json --strict").exit, 0);
    assert_eq!(site.run("test --merge all.json").exit, 0);
    let bad = site.run("test refused --format json");
    std::fs::write(site.path("work/bad.json"), bad.stdout).unwrap();
    assert_eq!(site.run("test --merge all.json bad.json").exit, 4);
    assert_eq!(site.run("test --merge all.json bad.json --exit-zero").exit, 0);
    assert_eq!(site.run("test --merge all.json bad.json --fail-on CONN-NET-REFUSED").exit, 0);
}
