//! `conn diagnose --fix`, whole: what is planned, tried beside what is stored, tested, and kept or left alone.

use super::expect::Expect;
use super::keys::asked;
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

/// The methods of a connector that may send the key in a header of the past, or in the one that the service reads.
fn placed(own: &str, methods: &[(&str, &str)]) -> String {
    let (before, after) = crm("https://api.test").split_once("auth.key = ").map_or_else(
        || unreachable!(),
        |(before, rest)| (before.to_owned(), rest.split_once('\n').unwrap().1.to_owned()),
    );
    let method = |(name, place): &(&str, &str)| {
        format!(
            "auth.{name} = {{ kind = \"api_key\", {place} = \"{{key}}\", params.key.label = \"API key\" }}\n"
        )
    };
    let methods: String = methods.iter().map(method).collect();
    format!("{before}{methods}{after}method = \"{own}\" # as it was\n")
}

/// Which headers and queries the key ever stood in.
fn seen_in(lab: &Lab) -> Vec<String> {
    let places = lab.heard().into_iter().flat_map(|heard| {
        let query = heard.path.contains(KEY).then(|| "query".to_owned());
        let headers =
            heard.headers.into_iter().filter(|(_, value)| value.contains(KEY)).map(|(name, _)| name);
        headers.chain(query).collect::<Vec<_>>()
    });
    places.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

case!(s1_29_a_key_at_the_wrong_place_of_the_request_is_found_and_moved_with_consent, |lab| {
    lab.vendor(vendor::acme);
    let definitions = placed("past", &[("past", "header.X-Past-Key"), ("now", "header.X-Acme-Key")]);
    lab.define(&definitions);
    let never = &["AUTH-", "PERM-", "NET-"];
    let run = lab.expect(&Expect::root("CFG-PARAM-PLACEMENT").exit(5).never(never).only_diagnose());
    let finding = run.connection()["findings"][0].clone();
    assert_eq!(
        (&finding["confidence"], asked(&run)),
        (&"certain".into(), vec!["D1".to_owned(), "D16".into()])
    );
    assert!(finding["evidence"].to_string().contains("accepted in header.X-Acme-Key"), "{finding}");
    assert!(run.stages().contains(&"auth failed".to_owned()), "the service was reached: {:?}", run.stages());
    let screen = lab.run(&["diagnose", "crm"]);
    assert!(!screen.out.contains("Could be"), "what is proven leaves nothing open: {screen:#?}");
    assert_eq!(fix(lab, &[]).endings(), ["CONN-CFG-PARAM-PLACEMENT unanswered"]);
    assert_eq!(text(lab), definitions);
    let japanese = lab.run(&["diagnose", "crm", "--lang", "ja", "--format", "json"]);
    let plan = japanese.connection()["findings"][0]["repair"]["text"].as_str().unwrap().to_owned();
    assert!(plan.ends_with("認証の種類を past から now に切り替えます"), "{plan}");
    let run = fix(lab, &["--yes"]);
    assert_eq!(
        (run.outcome().as_str(), run.endings()),
        ("ok - 0", vec!["CONN-CFG-PARAM-PLACEMENT kept".to_owned()])
    );
    assert_eq!(text(lab), definitions.replace("\"past\" # as", "\"now\" # as"));
    assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0");
});

case!(s1_29_the_header_that_a_service_asks_for_is_named_and_nothing_is_sent_there_undeclared, |lab| {
    lab.vendor(|_| {
        let body = r#"{"acme":{},"message":"Missing credential: send it in the header X-Acme-Key"}"#;
        vendor::answer(
            "401 Unauthorized",
            "Content-Type: application/json\r\nx-acme-request-id: req-1\r\n",
            body,
        )
    });
    lab.define(
        &placed("past", &[("past", "header.X-Past-Key"), ("now", "header.X-Acme-Key")])
            .replace("lockout = false", "lockout = true"),
    );
    let run = lab.expect(&Expect::root("CFG-PARAM-PLACEMENT").exit(5).never(&["AUTH-"]).only_diagnose());
    let finding = run.connection()["findings"][0].clone();
    assert_eq!((&finding["confidence"], &finding["repair"]), (&"likely".into(), &serde_json::Value::Null));
    assert!(finding["evidence"].to_string().contains("asks for X-Acme-Key"), "{finding}");
    let skipped = run.connection()["controls"]["skipped"].to_string();
    assert!(skipped.contains("D16") && skipped.contains("lockout"), "{skipped}");
    assert_eq!(seen_in(lab), ["x-past-key"]);
});

case!(s1_29_a_key_that_is_refused_at_every_place_is_not_at_the_wrong_one, |lab| {
    lab.vendor(vendor::acme);
    lab.set("ACME_KEY", "acmeOld7Zr2Wv9Xt4Lm8");
    lab.define(&placed("past", &[("past", "header.X-Past-Key"), ("now", "header.X-Acme-Key")]));
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.code, 4, "{run:#?}");
    assert!(!run.connection()["findings"].to_string().contains("PLACEMENT"), "{run:#?}");
});

/// A connection to one of three data centres, of which one knows the key.
fn three(set: &str) -> String {
    let text = crm("https://{dc}.acme.test");
    let choice = "vars.dc = { label = \"Data centre\", choices = [\"us\", \"eu\", \"jp\"] }\nlockout";
    format!("{}vars.dc = \"{set}\" # as it was set up\n", text.replacen("lockout", choice, 1))
}

case!(a_key_of_an_unnamed_data_centre_is_tried_at_each_with_consent_and_kept_where_it_works, |lab| {
    let everywhere = rcgen::SanType::DnsName("*.acme.test".try_into().unwrap());
    let identity = lab.root.issue(|params| params.subject_alt_names.push(everywhere));
    for name in ["us", "eu", "jp"] {
        lab.zone.address(&format!("{name}.acme.test"), super::lab::SERVER);
    }
    lab.vendor_with(&identity, |heard| {
        let knows = heard.header("host").is_some_and(|host| host.starts_with("jp."));
        let mut heard = heard.clone();
        heard.headers.retain(|(name, _)| knows || name != "x-acme-key");
        vendor::acme(&heard)
    });
    lab.define(&three("us"));
    let sent_to = |lab: &Lab| -> Vec<String> {
        let keyed = lab.heard().into_iter().filter(|heard| heard.mentions(KEY));
        let hosts = keyed.filter_map(|heard| heard.header("host").map(str::to_owned));
        hosts.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    };
    let found =
        lab.expect(&Expect::root("AUTH-KEY-UNKNOWN").exit(4).never(&["NET-", "CFG-"]).only_diagnose());
    assert_eq!(asked(&found), ["D1", "D4", "D4", "D2"], "{found:#?}");
    let plan = found.connection()["findings"][0]["repair"]["text"].as_str().unwrap().to_owned();
    assert!(plan.contains("to eu.acme.test (dc = eu), and keep to that only if it works there"), "{plan}");
    assert_eq!(fix(lab, &[]).endings(), ["CONN-AUTH-KEY-UNKNOWN unanswered"]);
    assert_eq!(sent_to(lab), ["us.acme.test"], "nobody agreed yet");
    let run = fix(lab, &["--yes"]);
    assert_eq!(run.endings(), ["CONN-AUTH-KEY-UNKNOWN no_better", "CONN-AUTH-KEY-UNKNOWN kept"], "{run:#?}");
    assert_eq!(run.outcome(), "ok - 0");
    assert_eq!(text(lab), three("jp"));
    // What worked here is not carried elsewhere when it is refused one day.
    lab.set("ACME_KEY", "acmeOld7Zr2Wv9Xt4Lm8");
    let run = fix(lab, &["--yes"]);
    assert_eq!((run.code, run.endings()), (4, vec![]), "{run:#?}");
    assert_eq!(text(lab), three("jp"));
});
