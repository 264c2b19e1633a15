//! What stands between: proxies.

use super::expect::Expect;
use super::lab::{KEY, Lab, SERVER};
use super::vendor;

const PROXY: &str = "http://10.77.0.2:3128";
/// What every squid of these cases lets pass.
const OPEN: &str = "http_access allow all\n";

/// The baseline service, and a proxy before it that decides by these rules.
fn proxied(lab: &mut Lab, rules: &str) -> Option<crate::support::program::Running> {
    lab.vendor(vendor::acme);
    lab.set("HTTPS_PROXY", PROXY);
    lab.squid(rules)
}

case!(a_proxy_that_lets_everything_pass, |lab| {
    let Some(_squid) = proxied(lab, OPEN) else { return };
    let run = lab.expect(&Expect::root("ok").exit(0));
    assert!(run.stages().contains(&"proxy ok".to_owned()), "{:?}", run.stages());
});

case!(a_proxy_that_nobody_runs, |lab| {
    lab.vendor(vendor::acme);
    lab.set("HTTPS_PROXY", PROXY);
    lab.expect(&Expect::root("PXY-UNREACHABLE").exit(6).never(&["NET-", "DNS-"]));
});

case!(a_proxy_whose_name_does_not_exist, |lab| {
    lab.vendor(vendor::acme);
    lab.set("HTTPS_PROXY", "http://proxy.gone.test:3128");
    lab.expect(&Expect::root("PXY-UNRESOLVED").exit(6).never(&["NET-", "DNS-"]));
});

case!(o17_a_proxy_that_wants_a_log_in, |lab| {
    let rules = "auth_param basic program /usr/lib/squid/basic_fake_auth\nauth_param basic realm lab\n\
                 acl known proxy_auth REQUIRED\nhttp_access deny !known\nhttp_access allow all\n";
    let Some(_squid) = proxied(lab, rules) else { return };
    let run = lab.expect(&Expect::root("PXY-AUTH").exit(6).never(&["AUTH-"]));
    assert!(run.out.contains("Basic"), "{}", run.out);
    assert!(run.out.contains("from HTTPS_PROXY"), "{}", run.out);
});

case!(o18_a_proxy_that_denies_the_host, |lab| {
    let rules = format!("acl api dstdomain api.test\nhttp_access deny api\n{OPEN}");
    let Some(_squid) = proxied(lab, &rules) else { return };
    let run = lab.expect(&Expect::root("PXY-DENIED").exit(6).never(&["PERM-", "EDGE-WAF"]));
    assert!(run.out.contains("ERR_ACCESS_DENIED"), "{}", run.out);
    assert!(run.out.contains("its page says"), "{}", run.out);
});

case!(o19_a_proxy_that_cannot_reach_the_service, |lab| {
    lab.zone.address("api.test", SERVER);
    lab.set("HTTPS_PROXY", PROXY);
    let Some(_squid) = lab.squid(OPEN) else { return };
    let run = lab.expect(&Expect::root("PXY-UPSTREAM").exit(6).never(&["VEND-", "NET-REFUSED"]));
    assert!(run.out.contains("ERR_CONNECT_FAIL"), "{}", run.out);
});

case!(o20_a_proxy_that_answers_plain_http_in_the_services_place, |lab| {
    let rules = format!("acl api dstdomain api.test\nhttp_access deny api\n{OPEN}");
    lab.zone.address("api.test", SERVER);
    lab.set("http_proxy", PROXY);
    lab.connect("http://api.test");
    let Some(_squid) = lab.squid(&rules) else { return };
    let run = lab.expect(&Expect::root("PXY-REWRITES").exit(6).never(&["PERM-", "AUTH-"]));
    assert!(run.out.contains("x-squid-error: ERR_ACCESS_DENIED"), "{}", run.out);
});

case!(a_proxy_that_everybody_uses_but_conn_was_not_told_of, |lab| {
    lab.vendor(vendor::acme);
    lab.set("HTTP_PROXY", PROXY);
    lab.nft(&["output tcp dport 443 drop"]);
    let run = lab.expect(&Expect::root("PXY-REQUIRED").exit(6).never(&["NET-"]));
    assert!(run.out.contains("HTTP_PROXY names the proxy"), "{}", run.out);
});

case!(an_exception_that_keeps_the_host_from_its_proxy, |lab| {
    lab.vendor(vendor::acme);
    lab.set("HTTPS_PROXY", PROXY);
    lab.set("NO_PROXY", "localhost,.test");
    lab.nft(&["output tcp dport 443 drop"]);
    let run = lab.expect(&Expect::root("PXY-ENV").exit(6).never(&["NET-"]));
    assert!(run.out.contains("“.test” of NO_PROXY covers the host"), "{}", run.out);
});

case!(an_exception_that_was_meant_for_the_host_and_misses_it, |lab| {
    let rules = format!("acl api dstdomain api.test\nhttp_access deny api\n{OPEN}");
    let Some(_squid) = proxied(lab, &rules) else { return };
    lab.set("NO_PROXY", "https://api.test");
    lab.expect(&Expect::root("PXY-ENV").exit(6).never(&["PXY-DENIED"]));
});

case!(two_spellings_that_name_two_proxies, |lab| {
    let Some(_squid) = proxied(lab, OPEN) else { return };
    lab.set("https_proxy", "http://10.77.0.3:8080");
    let run = lab.expect(&Expect::root("PXY-ENV").exit(0).only_diagnose());
    assert!(run.out.contains("HTTPS_PROXY and https_proxy name different proxies"), "{}", run.out);
    assert!(lab.heard().iter().all(|heard| heard.mentions(KEY)));
});
