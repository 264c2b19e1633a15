//! TLS and the clock.

use std::time::Duration;

use rcgen::date_time_ymd;
use rustls::version::TLS13;

use super::expect::Expect;
use super::lab::{KEY, Lab};
use super::vendor::{self, Vendor, answer};
use crate::support::certificate::{Authority, Identity};

/// The service with a certificate that conn must not accept; nothing of value may come to it.
fn refused(lab: &mut Lab, identity: &Identity, expect: &Expect) -> String {
    lab.vendor_with(identity, vendor::acme);
    let run = lab.expect(expect);
    assert!(lab.heard().iter().all(|heard| !heard.mentions(KEY) && heard.path == "/"), "{:#?}", lab.heard());
    let words = run.out.to_lowercase();
    assert!(!words.contains("disable") && !words.contains("insecure") && !words.contains("-k "), "{words}");
    run.out
}

case!(o21_a_certificate_past_its_time, |lab| {
    let identity = lab.root.issue(|params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2024, 2, 3);
    });
    let said = refused(lab, &identity, &Expect::root("TLS-EXPIRED").exit(6).never(&["CLK-SKEW"]));
    assert!(said.contains("2024-02-03"), "{said}");
    assert!(said.contains("this machine's clock agrees"), "{said}");
});

case!(a_certificate_before_its_time, |lab| {
    let identity = lab.root.issue(|params| params.not_before = date_time_ymd(2199, 1, 1));
    refused(lab, &identity, &Expect::root("TLS-NOT-YET-VALID").exit(6).never(&["CLK-SKEW"]));
});

case!(o22_a_certificate_signed_by_itself, |lab| {
    let expect = Expect::root("TLS-SELF-SIGNED").exit(6).never(&["TLS-UNKNOWN-CA"]);
    refused(lab, &Identity::self_signed(), &expect);
});

case!(o23_a_certificate_for_another_host, |lab| {
    let identity = lab.root.issue(|params| params.subject_alt_names.truncate(1));
    let expect = Expect::root("TLS-HOSTNAME").exit(6).never(&["TLS-UNKNOWN-CA", "EDGE-"]);
    let said = refused(lab, &identity, &expect);
    assert!(said.contains("localhost") && said.contains("api.test"), "{said}");
});

case!(o24_a_certificate_whose_issuer_is_not_sent, |lab| {
    let identity = lab.root.intermediate("Lab Issuing CA 1").good().alone();
    let expect = Expect::root("TLS-CHAIN-INCOMPLETE").exit(6).never(&["TLS-INTERCEPTED", "TLS-UNKNOWN-CA"]);
    refused(lab, &identity, &expect);
});

case!(o25_a_certificate_of_an_inspection_appliance, |lab| {
    let identity = Authority::root("Fortinet", "FG100FTK20001234").good();
    let expect = Expect::root("TLS-INTERCEPTED").exit(6).never(&["TLS-CHAIN-INCOMPLETE"]);
    let said = refused(lab, &identity, &expect);
    assert!(said.contains("Fortinet"), "{said}");
});

case!(a_certificate_of_a_private_authority, |lab| {
    let identity = Authority::root("Acme", "Acme Root CA").good();
    refused(lab, &identity, &Expect::root("TLS-UNKNOWN-CA").exit(6).never(&["TLS-INTERCEPTED"]));
});

case!(o26_a_server_that_wants_a_client_certificate, |lab| {
    let config = lab.root.good().server_asking(&lab.root, &TLS13);
    lab.zone.address("api.test", super::lab::SERVER);
    lab.listen(Vendor::new(443).over(config));
    lab.expect(&Expect::root("TLS-CLIENT-CERT").exit(6).never(&["API-BAD-REQUEST", "AUTH-"]));
});

case!(a_server_that_wants_a_client_certificate_of_another_authority, |lab| {
    let others = Authority::root("conn tests", "Client Root");
    let config = lab.root.good().server_asking(&others, &TLS13);
    lab.zone.address("api.test", super::lab::SERVER);
    lab.listen(Vendor::new(443).over(config));
    let (certificate, key) = lab.root.good().pem();
    lab.set("CERTIFICATE", &certificate);
    lab.set("PRIVATE", &key);
    lab.define(
        "[connectors.acme]\nbase = \"https://api.test\"\ntest.request = \"GET /me\"\n\
         [connectors.acme.auth.machine]\nkind = \"oauth2\"\ngrant = \"client_credentials\"\nclient_auth = \"mtls\"\n\
         token = \"https://api.test/token\"\n[connections.crm]\nconnector = \"acme\"\nvars.client_id = \"me\"\n\
         secrets.certificate = \"env:CERTIFICATE\"\nsecrets.private_key = \"env:PRIVATE\"\n",
    );
    lab.expect(&Expect::root("TLS-CLIENT-CERT-REJECTED").exit(6).never(&["OAUTH-", "AUTH-"]));
});

case!(o26_nginx_that_wants_a_client_certificate, |lab| {
    let further = format!("ssl_verify_client on; ssl_client_certificate {};", lab.root.file().display());
    let Some(_nginx) = lab.nginx("ssl", &further) else { return };
    lab.expect(&Expect::root("TLS-CLIENT-CERT").exit(6).never(&["API-BAD-REQUEST", "AUTH-"]));
});

case!(o27_https_to_a_port_that_speaks_plain_http, |lab| {
    let Some(_nginx) = lab.nginx("", "") else { return };
    lab.expect(&Expect::root("TLS-NOT-TLS").exit(6).never(&["TLS-PROTOCOL", "API-BAD-REQUEST"]));
});

case!(o27_http_to_a_port_that_speaks_tls, |lab| {
    // Plain http never leaves this machine, so the server is on it, too.
    let Some(_nginx) = lab.own_nginx("ssl", "") else { return };
    lab.connect("http://localhost:443");
    lab.expect(&Expect::root("HTTP-CLEARTEXT").exit(6).never(&["TLS-PROTOCOL", "API-BAD-REQUEST"]));
});

case!(o28_a_clock_that_is_years_ahead, |lab| {
    if crate::support::program::require("faketime").is_none() {
        return;
    }
    let identity = lab.root.issue(|params| {
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(2030, 1, 1);
    });
    lab.listen(Vendor::new(80).says(|_| answer("200 OK", "", "")));
    lab.vendor_with(&identity, |_| answer("200 OK", "", ""));
    let under = ["timeout", "-k", "1", "20", "faketime", "2031-01-01"];
    let run = lab.expect_under(&under, &Expect::root("CLK-SKEW").exit(6).never(&["TLS-EXPIRED"]));
    assert!(run.out.contains("days"), "{}", run.out);
    assert!(lab.heard().iter().all(|heard| !heard.mentions(KEY)));
});

case!(a_network_that_wants_a_person_to_sign_in_first, |lab| {
    let portal =
        Authority::root("Hotel", "Hotel Portal").issue(|params| params.subject_alt_names.truncate(1));
    lab.listen(
        Vendor::new(80).says(|_| answer("302 Found", "Location: http://login.hotel.test/?m=1\r\n", "")),
    );
    refused(lab, &portal, &Expect::root("EDGE-CAPTIVE").exit(6).never(&["TLS-", "AUTH-"]));
});

case!(a_server_of_another_age, |lab| {
    let Some(_nginx) = lab.nginx("ssl", "ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;") else {
        return;
    };
    lab.expect(&Expect::root("TLS-PROTOCOL").exit(6).never(&["TLS-NOT-TLS"]));
});

case!(a_server_that_is_mute, |lab| {
    lab.zone.address("api.test", super::lab::SERVER);
    lab.listen(Vendor::new(443).mute());
    lab.expect(&Expect::root("TLS-HANDSHAKE-TIMEOUT").exit(6).never(&["NET-"]));
});

case!(a_server_that_hangs_up, |lab| {
    lab.zone.address("api.test", super::lab::SERVER);
    lab.listen(Vendor::new(443).hanging_up());
    lab.expect(&Expect::root("TLS-HANDSHAKE-RESET").exit(6).never(&["NET-"]));
});

case!(a_machine_that_trusts_nobody, |lab| {
    lab.vendor(vendor::acme);
    lab.set("SSL_CERT_FILE", "/nonexistent.pem");
    lab.expect(&Expect::root("TLS-TRUST-STORE").exit(5).never(&["TLS-UNKNOWN-CA"]));
});

case!(a_certificate_that_ends_next_week, |lab| {
    let days = u64::try_from(jiff::Timestamp::now().as_second()).unwrap() + 5 * 24 * 3600;
    let identity =
        lab.root.issue(|params| params.not_after = date_time_ymd(1970, 1, 1) + Duration::from_secs(days));
    lab.vendor_with(&identity, vendor::acme);
    lab.expect(&Expect::root("TLS-EXPIRES-SOON").exit(0).only_diagnose());
});
