//! Answers that are not what was asked for: redirects, pages, other forms, cut bodies, refused rights, maintenance.

use super::expect::Expect;
use super::keys::asked;
use super::vendor::{self, Heard, Vendor, answer};

const OWN: &str = "Content-Type: application/json\r\nx-acme-request-id: req-9\r\n";

case!(o29_a_redirect_to_a_login_page, |lab| {
    lab.vendor(|_: &Heard| answer("302 Found", "Location: https://login.test/sso\r\n", ""));
    lab.zone.address("login.test", super::lab::SERVER);
    let identity = lab.root.good();
    lab.listen(Vendor::new(8443).over(identity.server()));
    let run = lab.expect(&Expect::root("HTTP-REDIRECT-LOGIN").exit(6).never(&["AUTH-"]));
    assert!(run.out.contains("https://login.test/sso"), "{run:#?}");
});

case!(o30_a_page_where_json_belongs, |lab| {
    lab.vendor(|_: &Heard| {
        answer(
            "200 OK",
            "Content-Type: text/html\r\n",
            "<!doctype html><title>Log in</title><p>Please log in",
        )
    });
    let run = lab.expect(&Expect::root("BODY-HTML").exit(1));
    assert!(run.out.contains("Log in"), "{run:#?}");
});

case!(o31_xml_where_json_belongs, |lab| {
    lab.vendor(|heard: &Heard| match heard.header("accept") {
        Some(accept) if accept.contains("json") => vendor::acme(heard),
        _ => answer("200 OK", "Content-Type: application/xml\r\n", "<acme><user>hanako</user></acme>"),
    });
    let definitions = std::fs::read_to_string(lab.home().definitions()).unwrap();
    let definitions = definitions.replace(
        "test.request = \"GET /me\"\n",
        "test.request = \"GET /me\"\ntest.ok.json = { '/acme/user' = \"string\" }\nheaders.Accept = \"*/*\"\n",
    );
    lab.define(&definitions);
    lab.expect(&Expect::root("BODY-TYPE").exit(1).never(&["BODY-INVALID"]));
});

case!(o32_a_body_that_ends_too_soon, |lab| {
    lab.vendor(|_: &Heard| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{\"acme\":1".to_vec()
    });
    let run = lab.expect(&Expect::root("BODY-TRUNCATED").exit(1).never(&["BODY-INVALID", "NET-"]));
    assert_eq!(asked(&run), ["D12", "D12", "D12"]);
});

case!(s0_17_a_line_that_breaks_now_and_then, |lab| {
    lab.vendor(|heard: &Heard| match heard.before % 2 {
        0 => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n{\"acme\":1".to_vec(),
        _ => vendor::acme(heard),
    });
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-NET-FLAKY", "{run:#?}");
    assert_eq!(asked(&run), ["D12"]);
});

case!(o37_one_right_of_three_is_missing, |lab| {
    lab.vendor(|heard: &Heard| match heard.path.as_str() {
        "/accounts" => answer("403 Forbidden", OWN, r#"{"acme":true,"error":"not allowed"}"#),
        _ => vendor::acme(heard),
    });
    let run = lab.expect(&Expect::root("PERM-RESOURCE").exit(1).never(&["AUTH-", "PERM-UNKNOWN"]));
    assert_eq!(run.access(), ["contacts granted", "deals granted", "accounts denied"]);
    let screen = lab.run(&["diagnose", "crm"]).out;
    assert!(screen.contains("hanako"), "{screen}");
});

case!(s1_26_the_test_request_itself_is_refused_and_others_are_not, |lab| {
    lab.vendor(|heard: &Heard| match heard.path.as_str() {
        "/me" => answer("403 Forbidden", OWN, r#"{"acme":true,"error":"not allowed"}"#),
        _ => vendor::acme(heard),
    });
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-PERM-RESOURCE", "{run:#?}");
    assert!(asked(&run).contains(&"D3".to_owned()), "{run:#?}");
});

case!(o40_maintenance_until_a_moment, |lab| {
    lab.vendor(|_: &Heard| {
        answer(
            "503 Service Unavailable",
            "Retry-After: Fri, 01 Jan 2027 03:00:00 GMT\r\n",
            "Scheduled maintenance",
        )
    });
    let run = lab.expect(&Expect::root("VEND-MAINTENANCE").exit(3).never(&["VEND-OVERLOAD", "AUTH-"]));
    assert!(run.connection()["findings"][0]["retry"]["at"].is_string(), "{run:#?}");
});

case!(s1_5_an_address_that_the_service_does_not_have, |lab| {
    lab.vendor(|_: &Heard| answer("404 Not Found", OWN, r#"{"acme":true,"error":"no such route"}"#));
    let run = lab.expect(&Expect::root("API-PATH").exit(1).never(&["AUTH-", "API-RESOURCE"]));
    assert!(asked(&run).contains(&"D14".to_owned()), "{run:#?}");
});

case!(s1_12_a_record_that_is_hidden_from_this_key, |lab| {
    lab.vendor(|heard: &Heard| match (heard.path.as_str(), heard.header("x-acme-key")) {
        ("/me", None) => answer("401 Unauthorized", OWN, r#"{"acme":true,"error":"unauthorized"}"#),
        ("/me", _) => answer("404 Not Found", OWN, r#"{"acme":true,"error":"record not found"}"#),
        _ => answer("404 Not Found", OWN, r#"{"acme":true,"error":"no route"}"#),
    });
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-API-HIDDEN", "{run:#?}");
});

case!(s1_12_a_record_that_does_not_exist, |lab| {
    lab.vendor(|heard: &Heard| match heard.path.as_str() {
        "/me" => answer("404 Not Found", OWN, r#"{"acme":true,"error":"record not found"}"#),
        _ => answer("404 Not Found", OWN, r#"{"acme":true,"error":"no route"}"#),
    });
    let run = lab.run(&["diagnose", "crm", "--format", "json"]);
    assert_eq!(run.connection()["findings"][0]["code"], "CONN-API-RESOURCE", "{run:#?}");
});

case!(a_gate_that_wants_the_log_in_of_the_company, |lab| {
    let gate = "add_header WWW-Authenticate Negotiate always; error_page 418 = @gate; \
                location /me { return 418; } location @gate { return 401; }";
    let Some(_nginx) = lab.nginx("ssl", gate) else { return };
    lab.expect(&Expect::root("EDGE-SSO-GATE").exit(6).never(&["AUTH-"]));
});

case!(a_firewall_in_front_of_the_service_that_answers_with_a_page, |lab| {
    let page = "location /me { default_type text/html; \
                return 403 '<html><title>Request Rejected</title>The requested URL was rejected.</html>'; }";
    let Some(_nginx) = lab.nginx("ssl", page) else { return };
    lab.expect(&Expect::root("EDGE-WAF").exit(6).never(&["AUTH-", "PERM-"]));
});
