//! Damaged files of each format: the place and the way out are named, never the content, and nothing is written.

use super::{home, write};

#[test]
fn a_damaged_file_is_refused_with_its_place_and_nothing_is_written() {
    let home = home("hunter2hunter2hunter2hunter2");
    let cases = [
        ("broken.env", "KEY=1\nhunter2 hunter2\n", "broken.env:2"),
        ("quote.env", "A=1\nKEY=\"hunter2\n", "quote.env:2"),
        (
            "cut.json",
            "{\"info\":{\"schema\":\"https://schema.getpostman.com/json/collection/v2.1.0/collection.json\"},\n\"item\":[\"hunter2",
            "cut.json:2:16",
        ),
        (
            "old.json",
            "{\"requests\":[],\"order\":[],\"name\":\"hunter2\",\"x\":\"_postman_\"}",
            "old.json#/info/schema",
        ),
        ("wrong.yaml", "openapi: 3.0.0\ninfo: {title: hunter2\npaths: [", "wrong.yaml:"),
        ("new.json", "{\"openapi\":\"4.0\",\"info\":\"hunter2\"}", "new.json#/openapi"),
        ("odd.json", "{\"_type\":\"export\",\"__export_format\":3,\"hunter2\":1}", "odd.json#/type"),
        ("cut.bru", "meta {\n  name: hunter2\n", "cut.bru:1"),
        ("bad.yaml", "a: {auth_mode: [hunter2\n", "bad.yaml:"),
        ("sealed.conf", "RCLONE_ENCRYPT_V0:\nhunter2\n", "sealed.conf:1"),
        ("hosts.yaml", "github.com:\n  oauth_token: \"hunter2\n", "hosts.yaml:"),
        ("bad.toml", "[connections.x]\nconnector = \"openai\"\nkindd = \"hunter2\"\n", "bad.toml:3"),
    ];
    for (name, text, place) in cases {
        write(&home, name, text);
        for language in ["en", "ja"] {
            let run = home.run(&["import", name, "--yes", "--lang", language]);
            assert!(run.code == 2 || (name == "bad.toml" && run.code == 5), "{name}: {run:?}");
            assert!(run.err.contains(place), "{name} names {place}: {run:?}");
            assert!(run.err.contains('→') || run.code == 5, "{name} names a way out: {run:?}");
            assert!(!run.err.contains("hunter2") && !run.out.contains("hunter2"), "{name}: {run:?}");
        }
    }
    write(&home, "bytes.env", [b'A', b'=', 0xff, 0xfe]);
    let run = home.run(&["import", "bytes.env", "--yes"]);
    assert!(run.code == 2 && run.err.contains("not UTF-8"), "{run:?}");
    assert_eq!(std::fs::read_to_string(home.definitions()).unwrap(), "");
}

#[test]
fn one_damaged_file_among_several_stops_all_of_them() {
    let home = home("hunter2hunter2hunter2hunter2");
    write(&home, "broken.env", "hunter2\n");
    let run = home.run(&["import", "dotenv", "shop.env", "broken.env", "--yes", "--store", "vault"]);
    assert!(run.code == 2 && run.err.contains("broken.env:1"), "{run:?}");
    assert_eq!(std::fs::read_to_string(home.definitions()).unwrap(), "");
}
