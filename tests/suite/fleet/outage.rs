//! Everything at once is down: the screen says the cause, and not the fleet.

use crate::support::site::Site;
use conn::sandbox::Credentials;

/// 240 connections to an address, each with a secret in a variable.
fn many(address: &str, variable: impl Fn(usize) -> String) -> Site {
    let mut site = Site::with(Credentials::generate());
    let connection = |number: usize| {
        format!(
            "[connections.shop-{number:03}]\nconnector = 'sandbox'\nmethod = 'key'\nvars.address = '{address}'\n\
             secrets.api_key = 'env:{}'\n",
            variable(number)
        )
    };
    let definitions: String = (0..240).map(connection).collect();
    std::fs::write(site.path("work/fleet.toml"), definitions).unwrap();
    site.set("CONN_CONFIG", "fleet.toml");
    site
}

#[test]
fn a_cause_that_stops_hundreds_is_told_on_one_screen_and_whole_to_programs() {
    let nobody = format!("http://127.0.0.1:{}", crate::support::program::free_port());
    // A sentence and a step for each; one sentence for all; and how many are not shown.
    for (site, code, rest) in [
        (many(&nobody, |number| format!("KEY_{number}")), "CONN-SEC-ENV-MISSING", 220),
        (many(&nobody, |_| "KEY".to_owned()), "CONN-NET-REFUSED", 140),
    ] {
        for (language, more) in [("en", format!("… and {rest} more")), ("ja", format!("…ほか {rest} 件"))]
        {
            let run = site.run(&format!("test --all --lang {language}"));
            assert!(run.exit != 0 && run.stdout.contains(code), "{}", run.all());
            assert!(run.stdout.contains("shop-000") && run.stdout.contains(&more), "{}", run.all());
            assert!(run.stdout.lines().count() <= 52, "{}", run.all());
            let quiet = site.run(&format!("test --all --quiet --lang {language}")).stdout;
            assert!(quiet.lines().count() <= 24 && quiet.contains("140"), "{quiet}");
        }
        let whole = site.run("test --all --format json").stdout;
        assert!((0..240).all(|number| whole.contains(&format!("shop-{number:03}"))), "{whole}");
    }
}
