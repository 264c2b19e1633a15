//! Name resolution.

use super::expect::Expect;

case!(o08_a_name_that_does_not_exist, |lab| {
    lab.connect("https://nx.test");
    lab.expect(&Expect::root("DNS-NXDOMAIN").exit(6).never(&["NET-", "AUTH-"]));
});

case!(o09_a_name_server_that_fails, |lab| {
    lab.connect("https://servfail.test");
    lab.expect(&Expect::root("DNS-SERVFAIL").exit(6).never(&["DNS-REFUSED", "DNS-NXDOMAIN"]));
});

case!(o10_a_name_server_that_refuses, |lab| {
    lab.connect("https://refused.test");
    lab.expect(&Expect::root("DNS-REFUSED").exit(6).never(&["DNS-SERVFAIL"]));
});

case!(o12_a_filter_that_answers_with_nobodys_address, |lab| {
    let Some(_filter) = lab.dnsmasq(&["--address=/api.test/0.0.0.0", "--address=/api.test/::"]) else {
        return;
    };
    lab.expect(&Expect::root("DNS-SINKHOLE").exit(6).never(&["NET-REFUSED"]));
});
