//! `conn diagnose --fix`, whole: what is planned, tried beside what is stored, tested, and kept or left alone.

use super::lab::{KEY, Lab, crm};
use super::vendor;
use crate::support::certificate::Authority;
use crate::support::cli::Run;

fn fix(lab: &Lab, further: &[&str]) -> Run {
    lab.run(&[&["diagnose", "crm", "--fix", "--format", "json"], further].concat())
}

fn text(lab: &Lab) -> String {
    std::fs::read_to_string(lab.home().definitions()).unwrap()
}

/// The definitions of `crm` with remarks of a person, and the address as a variable of the connection.
fn typed(address: &str) -> String {
    let text =
        crm("{address}").replace("[connections.crm]", "vars.address.label = \"Address\"\n[connections.crm]");
    let text =
        text.replace("[[connectors.acme.permissions]]", "# Ask Aiko.\n[[connectors.acme.permissions]]");
    let (before, variable) = text.split_once("vars.address.label").unwrap();
    let (label, after) = variable.split_once('\n').unwrap();
    let before = before.replacen("lockout", &format!("vars.address.label{label}\nlockout"), 1);
    format!("{before}{after}vars.address = \"{address}\" # typed by hand\n")
}

/// Whether the history says that a repair ended so.
fn recorded(lab: &Lab, verdict: &str) -> bool {
    let history = lab.run(&["history", "crm", "--format", "json"]).json();
    history["results"].as_array().unwrap().iter().any(|row| row["verdict"] == verdict)
}

case!(an_address_in_the_clear_is_written_with_https_and_nothing_was_ever_sent_in_the_clear, |lab| {
    lab.vendor(vendor::acme);
    lab.listen(vendor::Vendor::new(80).says(vendor::acme));
    for definitions in [crm("http://api.test"), typed("http://api.test")] {
        lab.define(&definitions);
        let heard = lab.heard().len();
        assert_eq!(
            lab.run(&["test", "crm", "--format", "json"]).outcome(),
            "local_setup CONN-CFG-HOST-INSECURE 5"
        );
        let run = fix(lab, &[]);
        assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
        assert_eq!(run.endings(), ["CONN-CFG-HOST-INSECURE kept"]);
        assert_eq!(
            text(lab),
            definitions.replace("http://api.test", "https://api.test"),
            "only the address changed"
        );
        assert!(recorded(lab, "repaired"));
        assert!(lab.heard()[heard..].iter().any(|heard| heard.mentions(KEY)));
        assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0");
    }
    let screen = lab.run(&["diagnose", "crm"]);
    assert_eq!(screen.code, 0, "{screen:#?}");
});

case!(o27_http_to_a_port_that_speaks_tls_is_written_with_https, |lab| {
    let Some(_nginx) = lab.own_nginx("ssl", "") else { return };
    for definitions in [crm("http://localhost:443"), typed("http://localhost:443")] {
        lab.define(&definitions);
        let run = fix(lab, &[]);
        assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
        assert_eq!(run.endings(), ["CONN-HTTP-CLEARTEXT kept"]);
        assert_eq!(text(lab), definitions.replace("http://", "https://"), "only the address changed");
    }
});

case!(o27_what_does_not_help_is_left_as_it_was, |lab| {
    let Some(_nginx) = lab.own_nginx("ssl", "") else { return };
    // Over https the server is one that this machine does not trust.
    let other = Authority::root("conn tests", "Other Root");
    lab.set("SSL_CERT_FILE", other.file().to_str().unwrap());
    let definitions = typed("http://localhost:443");
    lab.define(&definitions);
    for language in ["en", "ja"] {
        let run = fix(lab, &["--lang", language]);
        assert_eq!(run.outcome(), "misaddressed CONN-HTTP-CLEARTEXT 6", "{run:#?}");
        assert_eq!(run.endings(), ["CONN-HTTP-CLEARTEXT no_better"]);
        assert_eq!(text(lab), definitions);
    }
    assert!(recorded(lab, "not_repaired"));
    let screen = lab.run(&["diagnose", "crm", "--fix"]);
    assert!(screen.code == 6 && screen.out.contains("CONN-TLS-"), "{screen:#?}");
});

case!(a_server_that_leads_to_https_for_good_is_followed_to_the_same_host_unasked, |lab| {
    let further = "listen 127.0.0.1:80; listen 10.77.0.1:80; if ($scheme = http) { return 301 https://$host$request_uri; }";
    let Some(_nginx) = lab.own_nginx("ssl", further) else { return };
    let definitions = typed("http://localhost");
    lab.define(&definitions);
    let run = fix(lab, &[]);
    assert_eq!(run.outcome(), "ok - 0", "{run:#?}");
    assert_eq!(run.endings(), ["CONN-HTTP-REDIRECT-HTTPS kept"]);
    assert_eq!(text(lab), definitions.replace("http://", "https://"));
});
