//! TCP, to one address and to several.

use serde_json::Value;

use super::expect::Expect;
use super::lab::{KEY, SERVER, crm};
use super::vendor::{self, Vendor};
use crate::support::cli::Run;

case!(nothing_is_wrong_with_a_connection_in_good_order, |lab| {
    lab.vendor(vendor::acme);
    let run = lab.expect(&Expect::root("ok").exit(0));
    let quiet = ["absent", "ok"];
    assert!(run.stages().iter().all(|stage| quiet.iter().any(|word| stage.ends_with(word))), "{run:#?}");
    assert!(lab.heard().iter().all(|heard| heard.method == "GET" && heard.mentions(KEY)));
    assert!(lab.run(&["list"]).out.contains("crm"));
});

case!(o13_a_port_where_nobody_listens, |lab| {
    lab.zone.address("api.test", SERVER);
    lab.expect(&Expect::root("NET-REFUSED").exit(6).never(&["DNS-", "VEND-"]));
});

case!(s0_17_a_path_that_works_and_fails_in_turn_is_told_beside_the_cause_of_now, |lab| {
    lab.vendor(vendor::acme);
    let good = std::fs::read_to_string(lab.home().definitions()).unwrap();
    let bad = good.replace("https://api.test", "https://api.test:444");
    let steps: [(&str, &[&str]); 5] = [
        (&good, &[]),
        (&bad, &["CONN-NET-REFUSED"]),
        (&good, &[]),
        (&bad, &["CONN-NET-REFUSED", "CONN-NET-FLAKY"]),
        (&good, &["CONN-NET-FLAKY"]),
    ];
    for (place, (definitions, expected)) in steps.into_iter().enumerate() {
        lab.define(definitions);
        let run = lab.run(&["test", "crm", "--format", "json"]);
        let findings = run.connection()["findings"].as_array().unwrap().clone();
        let codes: Vec<&str> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        assert_eq!(codes, expected, "{place}: {run:#?}");
        assert_eq!(run.code, if definitions == good { 0 } else { 6 });
    }
    let screen = lab.run(&["test", "crm"]);
    assert!(screen.out.contains("between working and failing"), "{screen:#?}");
});

case!(o14_a_firewall_that_drops_silently, |lab| {
    lab.vendor(vendor::acme);
    lab.listen(Vendor::new(80));
    lab.nft(&["output tcp dport 443 drop"]);
    let run = lab.expect(&Expect::root("NET-TIMEOUT").exit(6).never(&["DNS-TIMEOUT", "TLS-"]));
    assert!(run.out.contains("the same machine answers on port 80"), "{}", run.out);
    assert!(lab.heard().iter().all(|heard| !heard.mentions(KEY)));
});

case!(o15_a_firewall_that_says_no, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["output tcp dport 443 reject with icmpx type admin-prohibited"]);
    let run = lab.expect(&Expect::root("NET-UNREACHABLE").exit(6).never(&["NET-TIMEOUT"]));
    assert!(run.out.contains("a firewall of this machine or the server itself said no"), "{}", run.out);
    lab.zone.address("far.test", "192.0.2.1".parse().unwrap());
    lab.connect("https://far.test");
    let run = lab.expect(&Expect::root("NET-UNREACHABLE").exit(6).never(&["NET-TIMEOUT"]));
    assert!(run.out.contains("over the gateway 10.77.0.2"), "{}", run.out);
});

case!(o16_a_dead_ipv6_beside_a_living_ipv4, |lab| {
    lab.vendor(vendor::acme);
    lab.zone.address("api.test", "fd77::2".parse().unwrap());
    lab.nft(&["output meta nfproto ipv6 tcp dport 443 drop"]);
    let run = lab.expect(&Expect::root("NET-IPV6-BROKEN").exit(0).only_diagnose());
    assert_eq!(run.connection()["verdict"], "warning");
    assert_eq!(lab.run(&["diagnose", "crm", "--strict"]).code, 7);
    assert!(run.out.contains(" ms while 10.77.0.2:443 did"), "{}", run.out);
});

case!(a_reset_at_the_door, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["output tcp dport 443 reject with tcp reset"]);
    lab.expect(&Expect::root("NET-REFUSED").exit(6).never(&["DNS-", "NET-TIMEOUT"]));
});

case!(a_machine_without_a_way_out, |lab| {
    lab.zone.alias("api.test", "far.test");
    lab.zone.address("far.test", "192.0.2.1".parse().unwrap());
    lab.ip("route delete default");
    lab.expect(&Expect::root("NET-OFFLINE").exit(6).never(&["DNS-", "NET-TIMEOUT"]));
});

case!(a_service_that_takes_the_request_and_never_answers, |lab| {
    lab.set("CONN_TIMEOUT", "2");
    lab.vendor(|_| {
        loop {
            std::thread::park();
        }
    });
    lab.expect(&Expect::root("NET-READ-TIMEOUT").exit(6).never(&["TLS-", "AUTH-", "NET-TIMEOUT"]));
});

case!(a_path_that_swallows_large_packets, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["input ip length gt 500 drop"]);
    let run = lab.expect(&Expect::root("NET-MTU").exit(6).never(&["TLS-", "NET-TIMEOUT"]));
    assert!(run.out.contains("answered at once"), "{}", run.out);
    // What was made small on both sides came through, so that nothing is left to guess.
    assert_eq!(run.connection()["findings"][0]["confidence"], "certain", "{run:#?}");
    assert!(run.out.contains("packets kept below 500 bytes"), "{}", run.out);
    let screen = lab.run(&["diagnose", "crm", "--lang", "ja"]);
    assert!(screen.out.contains("500 バイト未満に制限"), "{screen:#?}");
    // Where not even those pass, it is silence, of which nobody knows more.
    lab.nft(&["input tcp sport 443 ip length gt 100 drop"]);
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["confidence"], "likely", "{run:#?}");
});

case!(half_of_the_connections_lose_their_first_packet, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["output tcp dport 443 tcp flags & (syn | ack) == syn numgen inc mod 4 lt 2 drop"]);
    // What the filter counts depends on all that went before, so there is one run only.
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!((run.code, run.outcome().as_str()), (0, "warning CONN-NET-FLAKY 0"), "{run:#?}");
    assert!(run.out.contains("connections lost their first packet"), "{}", run.out);
});

/// A check after a reconnect: whether it passed, and its words.
fn check(run: &Run, id: &str) -> (Value, String) {
    let checks = run.connection()["checks"].clone();
    let found = checks.as_array().and_then(|rows| rows.iter().find(|row| row["id"] == id).cloned());
    let found = found.unwrap_or_else(|| panic!("{id}: {run:#?}"));
    (found["passed"].clone(), found["text"].as_str().unwrap().to_owned())
}

case!(s0_29_after_a_reconnect_the_path_is_walked_three_times_and_compared, |lab| {
    lab.vendor(vendor::acme);
    lab.set("CONN_TIMEOUT", "2");
    // Without rights to look at, the test request alone takes a connection of its own.
    let definitions = crm("https://api.test");
    let (before, rights) = definitions.split_once("[[connectors.acme.permissions]]").unwrap();
    lab.define(&format!("{before}[connections.crm]{}", rights.split_once("[connections.crm]").unwrap().1));
    assert_eq!(lab.run(&["test", "crm"]).code, 0);
    let line = ["reconnect", "crm", "--secret", "key=env:ACME_KEY", "--format", "json"];
    let (passed, words) = check(&lab.run(&line), "V8");
    assert!(passed == true && words.ends_with("; as at the last success"), "{words}");
    // The test request and the first walk get through; what comes after them is lost.
    lab.nft(&["output tcp dport 443 tcp flags & (syn | ack) == syn numgen inc mod 1000 ge 2 drop"]);
    let run = lab.run(&line);
    assert_eq!(check(&run, "V8"), (false.into(), "2 of 3 walks to the service failed".into()), "{run:#?}");
    lab.nft(&[]);
    let japanese = lab.run(&[&line[..], &["--lang", "ja"]].concat());
    assert!(check(&japanese, "V8").1.starts_with("経路を 3 回確認し、すべて正常です"), "{japanese:#?}");
    let moved = "fd77::2".parse().unwrap();
    let identity = lab.root.good();
    Vendor::new(443).over(identity.server()).says(vendor::acme).start(moved);
    lab.etc("hosts", "127.0.0.1 localhost\nfd77::2 api.test\n");
    let (passed, words) = check(&lab.run(&line), "V8");
    assert!(
        passed == true && words.ends_with("; changed since the last success: addresses of the host"),
        "{words}"
    );
});

case!(a_network_on_which_every_connection_takes_seconds, |lab| {
    lab.vendor(vendor::acme);
    // The first two packets of each connection wait for their repetition, one second and then two.
    let limit = "meter slow { tcp sport limit rate over 1/hour burst 2 packets }";
    lab.nft(&[
        &format!("output tcp dport 443 tcp flags & (syn | ack) == syn {limit} accept"),
        "output tcp dport 443 tcp flags & (syn | ack) == syn drop",
    ]);
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.outcome(), "warning CONN-NET-SLOW 0", "{run:#?}");
    assert!(run.out.contains("10.77.0.2:443 answered after"), "{}", run.out);
    let codes = run.connection()["findings"].to_string();
    assert!(!codes.contains("NET-FLAKY") && !codes.contains("TIMEOUT"), "{codes}");
    let screen = lab.run(&["diagnose", "crm", "--lang", "ja", "--strict"]);
    assert!(screen.code == 7 && screen.out.contains("ミリ秒かかりました"), "{screen:#?}");
});
