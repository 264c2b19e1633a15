//! What the house is built of: crates under licences that anybody may use, and none that are banned.

use std::process::Command;

/// Licences that ask for no more than a notice.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates that must not be built in, and why.
const BANNED: &[(&str, &str)] = &[
    ("openssl-sys", "rustls speaks TLS; OpenSSL would tie the program to a system's own version"),
    ("native-tls", "rustls speaks TLS, with one behaviour on every system"),
    ("aws-lc-sys", "ring does the cryptography; one such library is enough, and this one needs CMake"),
];

/// A crate that is built into conn on this system: its name and its licence.
struct Crate {
    name: String,
    licence: String,
}

/// What cargo builds in here. The lock file would also name crates of features that nobody switched on.
fn built_in() -> Vec<Crate> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}|{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    let read = |line: &&str| {
        let (package, licence) = line.rsplit_once('|').unwrap();
        let name = package.split(' ').next().unwrap();
        Crate { name: name.to_owned(), licence: licence.to_owned() }
    };
    lines.iter().map(read).collect()
}

/// Whether an expression such as `(MIT OR Apache-2.0) AND Unicode-3.0` leaves a way that is allowed.
fn is_allowed(expression: &str) -> bool {
    expression.split(" AND ").all(|part| {
        let choices = part.trim_matches(['(', ')']).replace('/', " OR ");
        choices.split(" OR ").any(|licence| LICENCES.contains(&licence.trim()))
    })
}

#[test]
fn every_crate_has_a_licence_that_anybody_may_use() {
    let crates = built_in();
    assert!(crates.len() > 100, "cargo tree named only {} crates", crates.len());
    let refused: Vec<String> = crates
        .iter()
        .filter(|built| !is_allowed(&built.licence))
        .map(|built| format!("{}: {}", built.name, built.licence))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn no_banned_crate_is_built_in() {
    let crates = built_in();
    for (banned, why) in BANNED {
        assert!(crates.iter().all(|built| built.name != *banned), "{banned} is built in: {why}");
    }
}

#[test]
fn licence_expressions_are_read_as_written() {
    for (expression, allowed) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR LGPL-2.1-or-later", true),
        ("Apache-2.0/MIT", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("", false),
    ] {
        assert_eq!(is_allowed(expression), allowed, "{expression}");
    }
}
