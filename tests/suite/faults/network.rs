//! TCP, to one address and to several.

use super::expect::Expect;
use super::lab::{KEY, SERVER};
use super::vendor::{self, Vendor};

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

case!(o14_a_firewall_that_drops_silently, |lab| {
    lab.vendor(vendor::acme);
    lab.listen(Vendor::new(80));
    lab.nft(&["output tcp dport 443 drop"]);
    lab.expect(&Expect::root("NET-TIMEOUT").exit(6).never(&["DNS-TIMEOUT", "TLS-"]));
    assert!(lab.heard().iter().all(|heard| heard.header("x-acme-key").is_none()));
});

case!(o15_a_firewall_that_says_no, |lab| {
    lab.vendor(vendor::acme);
    lab.nft(&["output tcp dport 443 reject with icmpx type admin-prohibited"]);
    lab.expect(&Expect::root("NET-UNREACHABLE").exit(6).never(&["NET-TIMEOUT"]));
});

case!(a_machine_without_a_way_out, |lab| {
    lab.zone.alias("api.test", "far.test");
    lab.zone.address("far.test", "192.0.2.1".parse().unwrap());
    lab.ip("route delete default");
    lab.expect(&Expect::root("NET-OFFLINE").exit(6).never(&["DNS-", "NET-TIMEOUT"]));
});
