//! Name resolution.

use std::net::SocketAddr;

use super::expect::Expect;
use super::lab::{SERVER, crm};
use super::vendor;
use super::zone::Zone;

/// A second address at which a name server may listen.
const SECOND: &str = "10.77.0.3";

fn second() -> SocketAddr {
    format!("{SECOND}:53").parse().unwrap()
}

case!(o08_a_name_that_does_not_exist, |lab| {
    lab.define(&crm("https://apj.test").replace("[connections.crm]", OTHER));
    let run = lab.expect(&Expect::root("DNS-NXDOMAIN").exit(6).never(&["NET-", "AUTH-"]));
    assert!(run.out.contains("looks almost the same: api.test"), "{}", run.out);
});

/// Another connection, whose host differs by one letter.
const OTHER: &str = "[connections.other]\nconnector = \"other\"\nsecrets.key = \"env:ACME_KEY\"\n\
    [connectors.other]\nbase = \"https://api.test\"\ntest.request = \"GET /me\"\n\
    auth.key = { kind = \"api_key\", header.X-Key = \"{key}\", params.key.label = \"Key\" }\n[connections.crm]";

/// Connections to services that conn knows, each with a host that its definition fixes.
const KNOWN: &str = "[connections.crm]\nconnector = \"github\"\nmethod = \"token\"\n\
    secrets.token = \"env:ACME_KEY\"\n[connections.slack]\nconnector = \"slack\"\nmethod = \"token\"\n\
    secrets.token = \"env:ACME_KEY\"\n[connections.stripe]\nconnector = \"stripe\"\n\
    secrets.secret_key = \"env:ACME_KEY\"\n";

case!(o08_a_host_that_conn_brought_along_is_not_to_be_corrected, |lab| {
    lab.define(KNOWN);
    let run = lab.expect(&Expect::root("DNS-NXDOMAIN").exit(6).never(&["NET-", "AUTH-"]));
    assert!(!run.out.contains("correct it"), "{}", run.out);
    for (language, denied, correct, cause, of_all) in [
        (
            "en",
            "name server of this machine says",
            "correct it",
            "One cause is behind 3 failures",
            "DNS, filter and VPN",
        ),
        (
            "ja",
            "存在しないと応答しています",
            "誤りがあれば",
            "失敗 3 件の原因は 1 つ",
            "DNS・フィルター・VPN",
        ),
    ] {
        let single = lab.run(&["test", "crm", "--lang", language]);
        assert!(single.code == 6 && single.out.contains(denied), "{single:#?}");
        assert!(single.out.contains("conn doctor") && !single.out.contains(correct), "{single:#?}");
        let all = lab.run(&["test", "--all", "--lang", language]);
        let said = [all.out.clone(), all.err.clone()].concat().replace('\n', " ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.code == 6 && said.contains(cause) && said.contains(of_all), "{all:#?}");
    }
    let json = lab.run(&["test", "--all", "--format", "json"]).json();
    assert_eq!(json["common_cause"]["code"], "CONN-DNS-NXDOMAIN", "{json:#}");
    // What a person wrote may be misspelt: there each is a matter of its own.
    lab.define(&crm("https://apj.test").replace("[connections.crm]", OTHER));
    let json = lab.run(&["test", "--all", "--format", "json"]).json();
    assert!(json["common_cause"].is_null(), "{json:#}");
});

case!(o08_adding_asks_for_nothing_where_nobody_typed_the_host, |lab| {
    let add = |language: &str, further: &[&str]| {
        let line =
            ["add", "hub", "--connector", "github", "--method", "token", "--secret", "token=env:ACME_KEY"];
        lab.run(&[&line[..], further, &["--lang", language]].concat())
    };
    for (language, later, values) in [
        ("en", "Then add it again; nothing was saved", ["with the right value", "Correct the value"]),
        ("ja", "解消後に、もう一度追加してください", ["正しい値を指定して", "値を直して"]),
    ] {
        let run = add(language, &["--no-input"]);
        let said =
            [run.out.clone(), run.err.clone()].concat().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(run.code == 6 && said.contains(later), "{run:#?}");
        assert!(values.iter().all(|value| !said.contains(value)), "{run:#?}");
    }
});

case!(o09_a_name_server_that_fails, |lab| {
    lab.connect("https://servfail.test");
    lab.expect(&Expect::root("DNS-SERVFAIL").exit(6).never(&["DNS-REFUSED", "DNS-NXDOMAIN"]));
});

case!(o10_a_name_server_that_refuses, |lab| {
    lab.connect("https://refused.test");
    lab.expect(&Expect::root("DNS-REFUSED").exit(6).never(&["DNS-SERVFAIL"]));
});

case!(o11_a_name_server_that_is_silent_ends_the_process_within_8_seconds, |lab| {
    lab.connect("https://drop.test");
    let run = lab.expect_under(
        &["timeout", "-k", "1", "8"],
        &Expect::root("DNS-TIMEOUT").exit(6).never(&["NET-TIMEOUT"]),
    );
    assert!(run.out.contains("in time (10.77.0.2)"), "the server is named: {}", run.out);
});

case!(o12_a_filter_that_answers_with_nobodys_address, |lab| {
    let Some(_filter) = lab.dnsmasq(&["--address=/api.test/0.0.0.0", "--address=/api.test/::"]) else {
        return;
    };
    let run = lab.expect(&Expect::root("DNS-SINKHOLE").exit(6).never(&["NET-REFUSED"]));
    assert!(run.stages().contains(&"dns failed".to_owned()), "{:?}", run.stages());
});

case!(a_name_without_an_address, |lab| {
    lab.connect("https://nodata.test");
    lab.expect(&Expect::root("DNS-NODATA").exit(6).never(&["DNS-NXDOMAIN", "NET-"]));
});

case!(a_machine_without_a_name_server, |lab| {
    lab.etc("resolv.conf", "# none\n");
    lab.expect(&Expect::root("DNS-NO-RESOLVER").exit(6).never(&["DNS-NXDOMAIN", "NET-"]));
});

case!(an_alias_for_a_name_that_is_gone, |lab| {
    lab.zone.alias("api.test", "tenant.gone.test");
    let run = lab.expect(&Expect::root("DNS-CNAME-DANGLING").exit(6).never(&["DNS-NXDOMAIN", "NET-"]));
    assert!(run.out.contains("tenant.gone.test"), "{}", run.out);
});

case!(two_name_servers_of_which_only_one_knows_the_name, |lab| {
    Zone::serve(second()).address("api.test", SERVER);
    lab.etc("resolv.conf", &format!("nameserver {SERVER}\nnameserver {SECOND}\n"));
    let run = lab.expect(&Expect::root("DNS-SPLIT").exit(6).never(&["DNS-NXDOMAIN"]));
    assert!(run.out.contains("10.77.0.2 answers NXDOMAIN"), "{}", run.out);
});

case!(an_inside_and_an_outside_address, |lab| {
    lab.zone.address("api.test", SERVER);
    Zone::serve(second()).address("api.test", "203.0.113.5".parse().unwrap());
    lab.etc("resolv.conf", &format!("nameserver {SERVER}\nnameserver {SECOND}\n"));
    lab.expect(&Expect::root("DNS-SPLIT").exit(6).never(&["NET-"]));
});

case!(a_line_of_the_hosts_file_that_was_left_behind, |lab| {
    lab.vendor(vendor::acme);
    lab.etc("hosts", &format!("127.0.0.1 localhost\n{SECOND} api.test\n"));
    let run = lab.expect(&Expect::root("DNS-HOSTS-OVERRIDE").exit(6).never(&["NET-"]));
    assert!(run.out.contains("line 2 of /etc/hosts"), "{}", run.out);
});

case!(a_search_domain_that_answers_for_everything, |lab| {
    lab.zone.address("api.test.corp.test", SERVER);
    lab.etc("resolv.conf", &format!("nameserver {SERVER}\nsearch corp.test\n"));
    let run = lab.expect(&Expect::root("DNS-NXDOMAIN").exit(6).never(&["NET-"]));
    assert!(run.out.contains("corp.test"), "{}", run.out);
});

case!(a_name_server_that_is_only_reached_over_tcp, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["input udp sport 53 drop"]);
    let run = lab.expect(&Expect::root("DNS-TIMEOUT").exit(6).never(&["NET-"]));
    assert!(run.out.contains("10.77.0.2 answers over TCP"), "{}", run.out);
});

case!(a_first_name_server_that_is_dead, |lab| {
    lab.vendor(vendor::acme);
    Zone::serve(second());
    lab.nft(&["input ip saddr 10.77.0.3 udp sport 53 drop"]);
    lab.etc("resolv.conf", &format!("nameserver {SECOND}\nnameserver {SERVER}\noptions timeout:1\n"));
    let run = lab.expect(&Expect::root("DNS-SLOW").exit(0).only_diagnose());
    assert!(run.out.contains("10.77.0.3 does not answer"), "{}", run.out);
});

case!(s0_31_every_run_looks_the_name_up_anew, |lab| {
    assert_eq!(lab.run(&["test", "crm"]).code, 6);
    // The name is set right: nothing of the run before stands in the way.
    lab.vendor(vendor::acme);
    assert_eq!(lab.run(&["test", "crm", "--format", "json"]).outcome(), "ok - 0");
});
