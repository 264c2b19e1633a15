//! A marker secret in every format is on no screen, in no definition, and in no bundle in the clear.

use super::{home, identity};
use crate::support::cli::Run;

const FILES: [&str; 10] = [
    "shop.env",
    "acme.postman_collection.json",
    "acme.postman_environment.json",
    "notes.insomnia.yaml",
    "tasks.insomnia.json",
    "desk",
    "providers.yaml",
    "rclone.conf",
    "hosts.yml",
    "ledger.openapi.json",
];

#[test]
fn a_secret_of_any_format_reaches_the_store_and_nothing_else() {
    let marker = "mk9Zq7Wx3Lt5Rv1Np8";
    let home = home(marker);
    let clean = |what: &str, run: &Run| {
        assert!(!run.out.contains(marker) && !run.err.contains(marker), "{what}: {run:#?}");
    };
    for form in ["human", "plain", "json", "jsonl"] {
        for language in ["en", "ja"] {
            let words = ["import", "--dry-run", "-vvv", "--format", form, "--lang", language];
            clean(form, &home.run(&[&words[..], &FILES[..]].concat()));
        }
    }
    let run = home.run(
        &[&["import", "--yes", "--store", "vault", "-vvv", "--log-file", "conn.log"], &FILES[..]].concat(),
    );
    assert_eq!(run.code, 0, "{run:?}");
    clean("import", &run);
    let recipient = identity(&home, "mine.txt");
    for words in [
        &["export", "--all"][..],
        &["export", "--all", "--format", "json"],
        &["export", "--all", "-o", "all.toml"],
        &["export", "--all", "-o", "all.age", "--recipient", &recipient, "-vvv"],
        &["import", "all.age", "--identity", "mine.txt", "--dry-run", "-vvv"],
        &["import", "all.age", "--identity", "mine.txt", "--replace", "--yes", "-vvv"],
        &["list", "--format", "json"],
        &["show", "stripe"],
    ] {
        let run = home.run(words);
        assert_eq!(run.code, 0, "{words:?}: {run:?}");
        clean(&words.join(" "), &run);
    }
    for (path, content) in home.files() {
        assert!(!String::from_utf8_lossy(&content).contains(marker), "{}", path.display());
    }
    for name in ["all.toml", "all.age", "conn.log"] {
        let content = std::fs::read(home.folder().join("work").join(name)).unwrap();
        assert!(!String::from_utf8_lossy(&content).contains(marker), "{name}");
    }
}
