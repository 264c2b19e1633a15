//! A service with two environments and a port that a data centre decides: what is shown, and what is asked.

use conn::sandbox::Credentials;
use serde_json::Value;

use crate::support::site::Site;

const DEFINITION: &str = "[connectors.inv]\nname = 'Inventory'\nbase = 'http://127.0.0.1:{port}/q'\n\
     test.request = 'GET /me'\nvars.port.map = { by = 'dc', values = { tokyo = '8443', osaka = '8444' } }\n\
     vars.dc = { label = { en = 'Data centre', ja = 'データセンター' }, choices = ['tokyo', 'osaka'] }\n\
     environments.staging.vars.dc = 'osaka'\n\
     [connectors.inv.auth.key]\nkind = 'api_key'\nparams.key = 'Key'\nheader.X-Key = '{key}'\n";
const CONNECTION: &str =
    "[connections.stock]\nconnector = 'inv'\nvars.dc = 'tokyo'\nsecrets.key = 'env:KEY'\n";

fn site() -> Site {
    let site = Site::with(Credentials::generate());
    let file = site.definition_file();
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, [DEFINITION, CONNECTION].concat()).unwrap();
    site
}

#[test]
fn what_a_variable_is_looked_up_to_is_shown_and_commands_mean_the_same_environment() {
    let site = site();
    for (words, port, options) in
        [("", "8443", ""), ("--environment staging", "8444", " --environment staging")]
    {
        let run = site.must(&format!("show stock {words} --lang en"));
        let address = format!("http://127.0.0.1:{port}/q");
        for said in [
            format!("address       {address}\n"),
            format!("{port} · looked up by dc"),
            format!("conn test stock{options}\n"),
            format!("conn request stock GET /me{options}\n"),
            format!("conn snippet stock{options}\n"),
        ] {
            assert!(run.stdout.contains(&said), "{said}: {}", run.stdout);
        }
        let run = site.must(&format!("show stock {words} --format json"));
        let object: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(
            (&object["base"], &object["hosts"][0]),
            (&address.into(), &"127.0.0.1".into()),
            "{object}"
        );
    }
    assert!(site.must("show stock --lang ja").stdout.contains("8443 · dc から決まる値"));
}

#[test]
fn what_an_environment_fixes_is_neither_asked_for_nor_taken() {
    let site = site();
    let line = "add other --connector inv --secret key=env:KEY --no-test";
    let missing = site.run(line);
    assert!(missing.exit == 2 && missing.stderr.contains("--set dc=…"), "{}", missing.all());
    for (language, said) in [
        ("en", "The environment staging fixes dc; another value would never count."),
        ("ja", "dc の値は環境 staging で決まっているため、指定しても使われません。"),
    ] {
        let run = site.run(&format!("{line} --environment staging --set dc=tokyo --lang {language}"));
        assert!(run.exit == 2 && run.stderr.contains(said), "{}", run.all());
    }
    assert!(!site.definitions().contains("[connections.other]"));
    site.must(&format!("{line} --environment staging"));
    let written = site.definitions();
    let own = written.split_once("[connections.other]").unwrap().1;
    assert!(!own.contains("dc ") && !own.contains("vars"), "{written}");
    assert!(site.must("show other --lang en").stdout.contains("http://127.0.0.1:8444/q"));
}
