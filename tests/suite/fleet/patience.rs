//! `conn test --retry-until`: only what passes by itself is tested again, and each result is told once.

use super::fleet;

fn requests(site: &crate::support::site::Site) -> usize {
    site.sandbox.requests().iter().filter(|request| request.path.contains("/me")).count()
}

#[test]
fn only_what_passes_is_tested_again_and_the_attempts_are_told() {
    let site = fleet();
    site.sandbox.control().fail_times("overload", 1).unwrap();
    let run = site.run("test shop-00 refused --jobs 1 --retry-until 1m --format json");
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let told = |place: usize| {
        let one = &json["connections"][place];
        (one["verdict"].as_str().unwrap().to_owned(), one["attempts"].as_u64().unwrap())
    };
    assert_eq!([told(0), told(1)], [("ok".to_owned(), 2), ("rejected".to_owned(), 1)], "{}", run.all());
    assert!(run.exit == 4 && run.stderr.contains("testing shop-00 again in"), "{}", run.stderr);
}

#[test]
fn a_line_comes_once_for_each_connection_and_tells_the_last_result() {
    let site = fleet();
    site.sandbox.control().fail_times("overload", 1).unwrap();
    let run = site.run("test shop-00 shop-01 --jobs 1 --retry-until 1m --format jsonl");
    let lines: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<&str> = lines.iter().map(|line| line["verdict"].as_str().unwrap()).collect();
    assert_eq!((verdicts, run.exit), (vec!["ok", "ok"], 0), "{}", run.all());
    assert_eq!(lines.iter().map(|line| line["attempts"].as_u64().unwrap()).sum::<u64>(), 3);
}

#[test]
fn what_the_service_wants_left_alone_for_longer_is_not_asked_again() {
    let site = fleet();
    site.sandbox.control().fail("maintenance").unwrap();
    let run = site.run("test shop-00 --retry-until 20s");
    assert_eq!((run.exit, requests(&site)), (3, 1), "{}", run.all());
    assert!(run.stderr.contains("Not tested again: shop-00"), "{}", run.stderr);
}
