//! Whole connections to services that others wrote.

use crate::support::home::Home;
use crate::support::httpbin::Httpbin;

#[test]
fn httpbin_takes_each_kind_of_credential_and_a_wrong_password_is_named() {
    let Some(httpbin) = Httpbin::start() else { return };
    let mut home = Home::new();
    home.set("GOOD", "passwd");
    home.set("WRONG", "password");
    for (method, values, secret, exit) in [
        ("basic", " --set user=hanako", "password=env:GOOD", 0),
        ("basic", " --set user=hanako", "password=env:WRONG", 4),
        ("digest", " --set user=hanako", "password=env:GOOD", 0),
        ("digest", " --set user=hanako", "password=env:WRONG", 4),
        ("bearer", "", "token=env:GOOD", 0),
        ("key", "", "api_key=env:GOOD", 0),
    ] {
        let name = format!("{method}-{exit}");
        let url = &httpbin.url;
        let add = format!(
            "conn add {name} --connector httpbin --method {method} --set base={url}{values} --secret {secret}"
        );
        let outcome = home.run(&add);
        assert_eq!(outcome.exit, exit, "{name}: {}{}", outcome.output, outcome.error);
        if exit == 0 {
            let tested = home.run(&format!("conn test {name}"));
            assert_eq!(tested.exit, 0, "{name}: {}{}", tested.output, tested.error);
        } else {
            let told = outcome.output + &outcome.error;
            assert!(told.contains("CONN-AUTH-REJECTED"), "{name}: {told}");
        }
    }
}
