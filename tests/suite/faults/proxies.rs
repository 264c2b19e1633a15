//! What stands between: proxies.

use super::expect::Expect;
use super::vendor;

case!(a_proxy_that_nobody_runs, |lab| {
    lab.vendor(vendor::acme);
    lab.set("HTTPS_PROXY", "http://10.77.0.2:3128");
    lab.expect(&Expect::root("PXY-UNREACHABLE").exit(6).never(&["NET-", "DNS-"]));
});
