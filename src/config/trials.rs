//! Trials of the whole module: documents with mistakes, and documents that nobody would write.

use super::{BuiltIn, Definitions, Layer, LayerKind, Mistake};

fn find(id: &str) -> Option<&'static str> {
    (id == "freshsales").then_some(
        r#"
        name = "Freshsales"
        base = "https://{host}/api"
        max_connections = 2
        allowed_kinds = ["admin"]
        vars.host = { label = "Host", example = "acme.myfreshworks.com", pattern = "[a-z.]+" }
        vars.dc = { choices = ["com", "jp"], default = "com" }
        auth.key.kind = "api_key"
        auth.key.params.api_key = "API key"
        auth.key.params.user = { label = "User", secret = false, optional = true }
        auth.key.header.Authorization = "Token token={api_key}"
        environments.sandbox.base = "https://sandbox.test"
        test.request = "GET /selector/owners"
        "#,
    )
}

const BUILT_IN: BuiltIn = BuiltIn { find, ids: || vec!["freshsales"] };

fn mistakes(kind: LayerKind, text: &str) -> Vec<Mistake> {
    let layer = Layer { kind, path: "f.toml".into(), text: text.to_owned() };
    Definitions::new(vec![layer]).with_built_in(BUILT_IN).mistakes()
}

const CONNECTION: &str = "[connections.main]\nconnector = \"freshsales\"\nvars.host = \"acme.test\"\n";
const CONNECTOR: &str = "[connectors.mine]\nbase = \"https://mine.test\"\n[connectors.mine.auth.key]\nkind = \"api_key\"\nparams.api_key = \"API key\"\nheader.X-Api-Key = \"{api_key}\"\n[connectors.mine.test]\nrequest = \"GET /me\"\n";

#[test]
fn good_documents_have_no_mistake() {
    for text in [
        "",
        CONNECTION,
        CONNECTOR,
        "[connectors.own]\nextends = 'freshsales'\nauth.key.header.X-Other = '{api_key}'\nvars.dc.default = 'jp'\n",
        "[connectors.own]\nextends = 'all'\nbase = 'https://a.test'\n[connectors.all]\nauth.none.kind = 'none'\n",
        "[connectors.own]\nbase = 'https://a.test/{v|after:#}'\nvars.v = {}\nhosts = ['b.test']\n\
         test.request = 'GET https://b.test/me'\npermissions = [{ id = 'p', label = 'P', request = 'GET https://a.test/p' }]",
        "[connectors.z]\nbase = 'http://127.0.0.1:8765'\nauth.none.kind = 'none'\ntest.request = 'reach'\n",
    ] {
        assert_eq!(mistakes(LayerKind::User, text), [], "{text}");
    }
}

/// A text added to [`CONNECTION`] (4th line on): its place, and what is said of the character there.
#[test]
fn a_character_of_a_japanese_keyboard_is_named_with_its_place_and_the_one_that_was_meant() {
    for (line, place, character, meant) in [
        ("［connections.crm］", "4:1", "［", "["),
        ("tags　=　['a']", "4:5", "U+3000", ""),
        ("name = “顧客管理”", "4:8", "“", "\""),
        ("tags = [‘a’]", "4:9", "‘", "'"),
        ("name ＝ \"顧客［管理］\" # （仮）", "4:6", "＝", "="),
        ("vars = { host = \"a.test\"｝", "4:25", "｝", "}"),
    ] {
        let text = format!("{CONNECTION}{line}\n");
        let found = mistakes(LayerKind::User, &text);
        let first = &found[0];
        assert_eq!(
            (format!("{}:{}", first.line, first.column).as_str(), first.code),
            (place, "CONN-CFG-SYNTAX")
        );
        let hint = first.hint.as_ref().unwrap();
        for (message, hint) in [(&first.message.en, &hint.en), (&first.message.ja, &hint.ja)] {
            assert!(message.contains(character) && hint.contains(meant), "{line}: {found:#?}");
        }
        assert!(
            first.message.ja.starts_with("全角の") && hint.ja.starts_with("半角の"),
            "{line}: {found:#?}"
        );
    }
    // What stands within a text or a comment is nobody's mistake.
    let other = mistakes(LayerKind::User, &format!("{CONNECTION}name = \"（仮）\" x # ［\n"));
    assert!(other[0].message.ja.starts_with("値の後に"), "{other:#?}");
}

/// A text added to [`CONNECTION`] (4th line on): place, code, words.
#[test]
fn each_mistake_has_its_place_its_code_and_a_way_out() {
    let connection = [
        ("tagz = ['a']", "4:1", "SCHEMA", "no key tagz", "tags"),
        ("kind = 'admn'", "4:8", "SCHEMA", "main.kind", "admin"),
        ("kind = 'user'", "4:1", "KIND", "kind user", "admin"),
        ("tags = 'a'", "4:8", "SCHEMA", "must be a list, but is a text in quotes", ""),
        ("timeout = 'x'", "4:11", "SCHEMA", "must be a whole number", ""),
        ("method = 'kee'", "4:1", "SCHEMA", "auth method kee", "key"),
        ("environment = 'sandbax'", "4:1", "SCHEMA", "environment sandbax", "sandbox"),
        ("vars.hots = 'x'", "4:6", "SCHEMA", "sets vars.hots", "host"),
        ("vars.dc = 'us'", "4:6", "SCHEMA", "dc of main", "com, jp"),
        ("vars.api_key = 'abc'", "4:6", "EXPOSED", "secret api_key in the clear", "reconnect"),
        ("secrets.api_kye = 'keyring'", "4:9", "SCHEMA", "secret api_kye", "api_key"),
        ("secrets.api_key = 'keyrng'", "4:19", "SCHEMA", "secrets.api_key", "keyring"),
        ("secrets.api_key = 'hunter2-hunter2'", "4:19", "EXPOSED", "not what it is", "keyring"),
        ("same_authorization = 1", "4:22", "SCHEMA", "true or false, but is a whole number", ""),
        ("note = 'x' 'y'", "4:12", "SYNTAX", "", ""),
        ("note = x", "4:8", "SYNTAX", "quotes", ""),
        ("connector = 'x'", "4:1", "SYNTAX", "second time", ""),
    ];
    for (line, place, code, message, hint) in connection {
        expect(&format!("{CONNECTION}{line}\n"), place, code, message, hint);
    }
}

/// As above, added to [`CONNECTOR`].
#[test]
fn each_mistake_in_a_connector_has_them_too() {
    let connector = [
        ("ok = { status = '9xx' }", "9:17", "SCHEMA", "test.ok.status", "4xx"),
        ("ok = { jsn = 1 }", "9:8", "SCHEMA", "no key jsn", "json"),
        ("query.a = '{api_key'", "9:11", "SCHEMA", "template", "}"),
        ("query.a = '{apikey}'", "9:11", "SCHEMA", "name apikey", "api_key"),
        ("headers.A = \"x\\r\\ny\"", "9:13", "SCHEMA", "line end", ""),
        (
            "[[connectors.mine.rules]]\nid = 'a'\nwhen = { body = '(' }\ncause = 'CONN-SELF-UNKNOWN'",
            "11:17",
            "SCHEMA",
            "regular expression",
            "",
        ),
        (
            "[[connectors.mine.rules]]\nid = 'a'\nwhen = { status = 401 }\ncause = 'CONN-SELF-UNKNWON'",
            "12:9",
            "SCHEMA",
            "no known cause",
            "CONN-SELF-UNKNOWN",
        ),
        (
            "[[connectors.mine.rules]]\nid = 'a'\nwhen = { status = 401 }",
            "9:1",
            "SCHEMA",
            "needs the key cause",
            "",
        ),
        ("[connectors.other]\nbase = 'http://a.test'", "10:8", "HOST-INSECURE", "unencrypted", "https"),
        ("[connectors.other]\nbase = 'a.test'", "10:8", "HOST-FORM", "whole address", "https"),
        ("[connectors.other]\nbase = 'https://<domain>.a.test'", "10:8", "PLACEHOLDER", "sample text", ""),
        ("[connectors.other]\nbase = 'https://u:p4ssw0rd@a.test'", "10:8", "EXPOSED", "in the clear", ""),
        ("[connectors.Other]\nbase = 'https://a.test'", "9:13", "SCHEMA", "lower-case", "other"),
        ("[connectors.other]\nextends = 'nothing'", "9:1", "SCHEMA", "no such connector", ""),
        (
            "[connectors.other]\nbase = 'https://{api_key}.a.test'\nauth.k = { kind = 'bearer', params.api_key = 'K' }",
            "10:8",
            "EXPOSED",
            "host name",
            "",
        ),
        ("[connections.lost]\nconnector = 'freshslaes'", "10:1", "SCHEMA", "freshslaes", "freshsales"),
        ("[connections.lost]\nconnector = 'freshsales'", "10:1", "PARAM-MISSING", "Host", "vars.host"),
        ("[connetions.lost]\nconnector = 'freshsales'", "9:2", "SCHEMA", "no key connetions", "connections"),
    ];
    for (line, place, code, message, hint) in connector {
        expect(&format!("{CONNECTOR}{line}\n"), place, code, message, hint);
    }
}

/// As above.
#[test]
fn a_connector_has_an_address_and_its_calls_stay_there() {
    let connector = [
        (
            "[connectors.other]\nbase = 'https://a.test/q?v={v}'\nvars.v = {}",
            "10:8",
            "HOST-FORM",
            "with ? or #",
            "path",
        ),
        (
            "[connectors.other]\nname = 'Other'\nauth.none.kind = 'none'",
            "9:1",
            "SCHEMA",
            "has no base",
            "base =",
        ),
        (
            "[connectors.other]\nbase = 'https://a.test'\ntest.request = 'GET https://b.test/me'",
            "11:16",
            "SCHEMA",
            "leads to b.test",
            "below base",
        ),
        (
            "[connectors.other]\nbase = 'https://a.test'\ntest.request = 'GET /https://a.test/me'",
            "11:16",
            "SCHEMA",
            "no host of this connector",
            "hosts",
        ),
    ];
    for (line, place, code, message, hint) in connector {
        expect(&format!("{CONNECTOR}{line}\n"), place, code, message, hint);
    }
}

fn expect(text: &str, place: &str, code: &str, message: &str, hint: &str) {
    let found = mistakes(LayerKind::User, text);
    let matching = found.iter().find(|mistake| {
        mistake.place() == format!("f.toml:{place}")
            && mistake.code.ends_with(code)
            && mistake.message.en.contains(message)
            && mistake.hint.as_ref().map_or("", |hint| &hint.en).contains(hint)
    });
    assert!(matching.is_some(), "{place} {code} {message} {hint}\n{text}\n{found:#?}");
    assert!(
        found
            .iter()
            .all(|mistake| !mistake.message.ja.is_empty() && mistake.message.ja != mistake.message.en)
    );
}

#[test]
fn several_mistakes_come_at_once_in_the_order_of_the_file() {
    let text = format!(
        "{CONNECTION}tagz = 1\nkind = 2\n[connectors.a]\nbse = 'x'\n[connectors.a.auth.k]\nkind = 'api-key'\n"
    );
    let places: Vec<String> = mistakes(LayerKind::User, &text).iter().map(Mistake::place).collect();
    assert_eq!(places, ["f.toml:4:1", "f.toml:5:8", "f.toml:7:1", "f.toml:9:8"]);
}

#[test]
fn a_service_has_no_more_connections_than_it_allows() {
    let text = ["a", "b", "c"].map(|name| CONNECTION.replace("main", name)).concat();
    let found = mistakes(LayerKind::User, &text);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].code), (7, "CONN-CFG-SINGLE"));
}

#[test]
fn a_project_file_holds_no_command() {
    let text = format!("{CONNECTION}secrets.api_key = 'command:pass show x'\n");
    assert_eq!(mistakes(LayerKind::User, &text), []);
    let found = mistakes(LayerKind::Project, &text);
    assert_eq!((found[0].line, found[0].column, found[0].code), (4, 9, "CONN-CFG-PROJECT-SECRET"));
}

/// A small generator of the same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

#[test]
fn many_broken_documents_neither_panic_nor_show_a_planted_secret() {
    const SECRET: &str = "9f8A7b6C5d4E3plantedMARKER77";
    const PIECES: [&str; 24] = [
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ",",
        ".",
        "\n",
        "\r\n",
        "\u{feff}",
        "\0",
        "\u{202e}",
        "#",
        "日本",
        "{x|rot13}",
        "~(",
        "https://",
        "\\u",
        SECRET,
    ];
    let planted = format!(
        "{CONNECTION}secrets.api_key = \"{SECRET}\"\n{SECRET} = 1\n[connections.{SECRET}]\nconnector = \"{SECRET}\"\nmethod = \"{SECRET}\"\nenvironment = '{SECRET}'\nvars.{SECRET} = '{SECRET}'\n{CONNECTOR}query.a = \"{{{SECRET}}}\"\nrequest = '{SECRET} {SECRET}'\n[connectors.{SECRET}]\nextends = '{SECRET}'\nbase = \"https://u:{SECRET}@h\"\n"
    );
    let mut dice = Dice(7);
    for round in 0..1500 {
        let mut text: Vec<char> = planted.chars().collect();
        for _ in 0..=dice.roll(4) {
            let at = dice.roll(text.len());
            match dice.roll(3) {
                0 => {
                    let end = (at + dice.roll(30)).min(text.len());
                    text.drain(at..end);
                }
                1 => drop(text.splice(at..at, PIECES[dice.roll(PIECES.len())].chars())),
                _ => {
                    let end = (at + dice.roll(40)).min(text.len());
                    let copy: Vec<char> = text[at..end].to_vec();
                    let to = dice.roll(text.len());
                    text.splice(to..to, copy);
                }
            }
        }
        let text: String = text.into_iter().collect();
        let shown = format!("{:?}", mistakes(LayerKind::Project, &text));
        for part in [SECRET, &SECRET[..12], &SECRET[14..]] {
            assert!(!shown.contains(part), "round {round}: {shown}\n{text}");
        }
    }
}

#[test]
fn deep_and_odd_documents_are_answered() {
    let deep = format!("a{} = 1", ".a".repeat(20_000));
    let nested = format!("a = {}1{}", "[".repeat(5000), "]".repeat(5000));
    for text in [
        deep.as_str(),
        nested.as_str(),
        "connections = 1",
        "connectors = []",
        "[connections]\na = 1",
        "[[connectors]]\n",
        "connections.a = []",
    ] {
        assert!(!mistakes(LayerKind::User, text).is_empty(), "{text:.40}");
    }
    let many: String = (0..1001).map(|n| format!("[connectors.c{n}]\n")).collect::<Vec<_>>().concat();
    assert!(mistakes(LayerKind::User, &many).iter().any(|mistake| mistake.message.en.contains("1,000")));
}
