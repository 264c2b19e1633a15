//! The signer against RFC 5849, the documentation of services, and what `openssl` and oauthlib compute.

use zeroize::Zeroizing;

use super::{Credentials, Parameters, Settings, base_string, body_hash as hash, signature};
use crate::base::{Body, Request};
use crate::model::AuthKind;
use crate::model::oauth::Signature;
use crate::scheme::fixture::{P256_PKCS8, RSA_PKCS1};
use crate::scheme::key::PrivateKey;
use crate::scheme::tests::{method, moment, values};
use crate::scheme::{SignError, of};

const FORM: &str = "application/x-www-form-urlencoded";

fn request(method: &str, url: &str, form: &str) -> Request {
    let mut request = Request::new(method, url.parse().unwrap());
    if !form.is_empty() {
        let bytes = Zeroizing::new(form.as_bytes().to_vec());
        request.body = Some(Body { content_type: FORM.into(), bytes });
    }
    request
}

fn parameters(text: &str) -> Parameters {
    let pairs = text.split_whitespace().map(|pair| pair.split_once('=').unwrap());
    pairs.map(|(name, value)| (format!("oauth_{name}"), Zeroizing::new(value.to_owned()))).collect()
}

fn credentials<'a>(secret: &'a str, token_secret: &'a str) -> Credentials<'a> {
    Credentials { consumer_key: "", consumer_secret: secret, token: "", token_secret, private_key: None }
}

/// Method, address, form; parameters; secrets; base string; signature.
type Case = [&'static str; 8];

const CASES: [Case; 6] = [
    // RFC 5849, section 1.2: temporary credentials.
    [
        "POST",
        "https://photos.example.net/initiate",
        "",
        "consumer_key=dpf43f3p2l4k3l03 signature_method=HMAC-SHA1 timestamp=137131200 nonce=wIjqoS \
         callback=http://printer.example.com/ready",
        "kd94hf93k423kf44",
        "",
        "POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252Fready%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DwIjqoS%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131200",
        "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
    ],
    // RFC 5849, section 1.2: a resource.
    [
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        "",
        "consumer_key=dpf43f3p2l4k3l03 token=nnch734d00sl2jdk signature_method=HMAC-SHA1 timestamp=137131202 \
         nonce=chapoH",
        "kd94hf93k423kf44",
        "pfkkdhi9sl3r4s00",
        "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal",
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    ],
    // RFC 5849, sections 3.1 and 3.4.1.1: a form and names that stand twice. The signature printed in the RFC
    // is not the one of these inputs; this one is.
    [
        "POST",
        "http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        "c2&a3=2+q",
        "consumer_key=9djdj82h48djs9d2 token=kkk9d7dh3k39sjv7 signature_method=HMAC-SHA1 timestamp=137131201 \
         nonce=7d8f3e4a",
        "j49sk3j29djd",
        "dh893hdasih9",
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
        "r6/TJjbCOr97/+UU0NsvSne7s5g=",
    ],
    // The documentation of Twitter's API 1: hex in lower case in the body.
    [
        "POST",
        "https://api.twitter.com/1/statuses/update.json?include_entities=true",
        "status=Hello%20Ladies%20%2b%20Gentlemen%2c%20a%20signed%20OAuth%20request%21",
        "consumer_key=xvz1evFS4wEEPTGEFPHBog nonce=kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg \
         signature_method=HMAC-SHA1 timestamp=1318622958 \
         token=370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb version=1.0",
        "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
        "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
        "POST&https%3A%2F%2Fapi.twitter.com%2F1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue%26oauth_consumer_key%3Dxvz1evFS4wEEPTGEFPHBog%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1318622958%26oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0%26status%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521",
        "tnnArxj06cWHq44gCs1OSKk/jLY=",
    ],
    // A request such as NetSuite wants, its secrets full of what must be encoded.
    [
        "GET",
        "https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?limit=1",
        "",
        "consumer_key=ck-conn nonce=0123456789abcdef signature_method=HMAC-SHA256 timestamp=1700000000 \
         token=tok~en-1._ version=1.0",
        "cs conn&=secret/é",
        "ts+tok%en",
        "GET&https%3A%2F%2F1234567-sb1.suitetalk.api.netsuite.com%2Fservices%2Frest%2Frecord%2Fv1%2Fcustomer&limit%3D1%26oauth_consumer_key%3Dck-conn%26oauth_nonce%3D0123456789abcdef%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1700000000%26oauth_token%3Dtok~en-1._%26oauth_version%3D1.0",
        "dGIIZwAs4YYmrnyltzm6BW7nDXWIqP4N5Nx23q+tHLA=",
    ],
    // Parameters of the service's own beside the protocol's, and no callback.
    [
        "POST",
        "https://api.example.com/oauth/request_token?scope=read%2Cwrite",
        "x_auth_access_type=write",
        "callback=oob consumer_key=ck nonce=n1234567 signature_method=HMAC-SHA1 timestamp=1700000001 version=1.0",
        "cs",
        "",
        "POST&https%3A%2F%2Fapi.example.com%2Foauth%2Frequest_token&oauth_callback%3Doob%26oauth_consumer_key%3Dck%26oauth_nonce%3Dn1234567%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1700000001%26oauth_version%3D1.0%26scope%3Dread%252Cwrite%26x_auth_access_type%3Dwrite",
        "xW/bp4HzNf39685ovuE/2p/Bgu0=",
    ],
];

#[test]
fn base_strings_and_signatures_match_the_published_ones() {
    for [verb, url, form, protocol, secret, token_secret, base, expected] in CASES {
        let made = base_string::of(&request(verb, url, form), &parameters(protocol));
        assert_eq!(made.as_str(), base, "{url}");
        let kind = if base.contains("HMAC-SHA256") { Signature::HmacSha256 } else { Signature::HmacSha1 };
        let signed = signature::sign(kind, base, &credentials(secret, token_secret)).unwrap();
        assert_eq!(signed.as_str(), expected, "{url}");
    }
}

/// The base string of the RFC's section 3.4.1.1 under the secrets of oauthlib's own tests.
#[test]
fn the_methods_with_secrets_match_oauthlib() {
    let base = CASES[2][6];
    let secrets = credentials("ECrDNoq1VYzzzzzzzzzyAK7TwZNtPnkqatqZZZZ", "just-a-string    asdasd");
    for (kind, expected) in [
        (Signature::HmacSha1, "wsdNmjGB7lvis0UJuPAmjvX/PXw="),
        (Signature::HmacSha256, "wdfdHUKXHbOnOGZP8WFAWMSAmWzN3EVBWWgXGlC/Eo4="),
        (Signature::Plaintext, "ECrDNoq1VYzzzzzzzzzyAK7TwZNtPnkqatqZZZZ&just-a-string%20%20%20%20asdasd"),
    ] {
        assert_eq!(signature::sign(kind, base, &secrets).unwrap().as_str(), expected, "{kind:?}");
    }
}

#[test]
fn an_rsa_signature_matches_what_openssl_signs() {
    let protocol = "consumer_key=ck-rsa nonce=fedcba9876543210 signature_method=RSA-SHA1 timestamp=1700000002 \
        token=tk version=1.0";
    let base =
        base_string::of(&request("GET", "https://api.example.com/me?a=b%20c", ""), &parameters(protocol));
    assert_eq!(
        base.as_str(),
        "GET&https%3A%2F%2Fapi.example.com%2Fme&a%3Db%2520c%26oauth_consumer_key%3Dck-rsa%26oauth_nonce%3Dfedcba9876543210%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1700000002%26oauth_token%3Dtk%26oauth_version%3D1.0"
    );
    let expected = concat!(
        "XuKG4MMeYsy04wL/SeJ3dLDOq8u9po9Husr7pkRBjzMA16Lu5Uy0XHz5pIO58gAD1J3jd4RogKo9k7yE10wkN6+qjPjmABm5baTf",
        "RYj0NklDswOFoFomwU1uVZLalfwma7vWYIdocirYjBmiFK3EQvVckrGG/Ciuwf2rPtwvIG4PGcefy/fKljM5sE6jRW2Wh1U8AfIJ",
        "LhhFg+wewN4HPrI45zg2Uaquh+YTRnVVdnI/Pc+9pVDluJc7MaXDWX3wLCHLMDpFnXiud4Bb7O5uwLr9adPuffG9ZBhGVr6PHIyU",
        "zNf5LrNdKNSZq0ONi8b779Ye4ovM7sxBIfXv3wE44w=="
    );
    let key = PrivateKey::read(RSA_PKCS1, None).unwrap();
    let rsa = Credentials { private_key: Some(&key), ..credentials("ignored", "ignored") };
    assert_eq!(signature::sign(Signature::RsaSha1, &base, &rsa).unwrap().as_str(), expected);
    let other = PrivateKey::read(P256_PKCS8, None).unwrap();
    let other = Credentials { private_key: Some(&other), ..credentials("", "") };
    for (kind, secrets) in [(Signature::RsaSha256, &other), (Signature::RsaSha512, &credentials("", ""))] {
        assert_eq!(signature::sign(kind, &base, secrets), Err(SignError::Setting("signature")));
    }
}

/// draft-eaton-oauth-bodyhash, and what a form never has.
#[test]
fn a_body_is_hashed_unless_it_is_a_form() {
    let settings = |kind: &str| {
        let text = format!("kind = 'oauth1'\nbody_hash = true\nsignature = '{kind}'");
        Settings::of(&method(&text), &values(&[])).unwrap()
    };
    let sha1 = settings("HMAC-SHA1");
    let empty = request("GET", "https://a.test/", "");
    let mut text = empty.clone();
    let bytes = Zeroizing::new(b"Hello World!".to_vec());
    text.body = Some(Body { content_type: "text/plain".into(), bytes });
    assert_eq!(hash(&text, &sha1).as_deref(), Some("Lve95gjOVATpfV8EL5X4nxwjKHE="));
    assert_eq!(hash(&empty, &sha1).as_deref(), Some("2jmj7l5rSw0yVb/vlWAYkK/YBwk="));
    let long = hash(&text, &settings("HMAC-SHA256")).unwrap();
    assert_eq!(long, "f4OxZX/x/FO5LcGBSKHWXfwtSx+j1ncoSt3SABJtkGk=");
    assert_eq!(hash(&request("POST", "https://a.test/", "a=b"), &sha1), None);
    assert_eq!(hash(&text, &settings("PLAINTEXT")), None);
}

const VALUES: [(&str, &str); 4] = [
    ("client_id", "ck"),
    ("client_secret", "cs-secret"),
    ("access_token", "tk"),
    ("token_secret", "ts-secret"),
];

fn signed(definition: &str, mut request: Request) -> Request {
    let method = method(&format!("kind = 'oauth1'\n{definition}"));
    of(AuthKind::OAuth1).sign(&mut request, &method, &values(&VALUES), &moment()).unwrap();
    request
}

#[test]
fn parameters_travel_in_the_header_the_query_or_the_form() {
    let header = signed("realm = '1234567_SB1'", request("GET", "https://a.test/me", ""));
    let text = header.header("authorization").unwrap();
    assert!(text.starts_with("OAuth realm=\"1234567_SB1\", oauth_consumer_key=\"ck\", oauth_token=\"tk\", "));
    for part in ["oauth_version=\"1.0\"", "oauth_nonce=\"0707", "oauth_signature_method=\"HMAC-SHA1\""] {
        assert!(text.contains(part), "{text}");
    }
    let query = signed("transmission = 'query'", request("GET", "https://a.test/me?a=1", ""));
    assert!(query.url.query().unwrap().starts_with("a=1&oauth_consumer_key=ck&"));
    assert!(query.shown_url.contains("&oauth_signature=***"), "{}", query.shown_url);
    assert!(query.header("authorization").is_none());
    let form = signed("transmission = 'form'", request("POST", "https://a.test/me", "a=1"));
    let body = String::from_utf8(form.body.unwrap().bytes.to_vec()).unwrap();
    assert!(body.starts_with("a=1&oauth_consumer_key=ck&") && body.contains("&oauth_signature="), "{body}");
    let bodiless = signed("transmission = 'form'", request("GET", "https://a.test/me", ""));
    assert!(bodiless.body.is_none() && bodiless.header("authorization").is_some());
}

/// The signature in the request is the one of its own base string, wherever the parameters travel.
#[test]
fn what_is_sent_is_what_was_signed() {
    for transmission in ["header", "query", "form"] {
        let definition =
            format!("transmission = '{transmission}'\nform.extra = 'a b'\nquery.q = '{{client_id}}'");
        let sent = signed(&definition, request("POST", "https://a.test/me", "x=1"));
        let from_header = sent.header("authorization").unwrap_or_default().trim_start_matches("OAuth ");
        let mut protocol = Parameters::new();
        let mut found = String::new();
        let decode =
            |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
        for (name, value) in from_header.split(", ").filter_map(|pair| pair.split_once('=')) {
            protocol.push((name.to_owned(), Zeroizing::new(decode(value.trim_matches('"')))));
        }
        let mut bare = sent.clone();
        let mut take = |text: &str| -> String {
            let mut kept = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
                if name.starts_with("oauth_") {
                    protocol.push((name.into_owned(), Zeroizing::new(value.into_owned())));
                } else {
                    kept.append_pair(&name, &value);
                }
            }
            kept.finish()
        };
        let query = take(sent.url.query().unwrap());
        bare.url.set_query(Some(&query));
        let body = take(std::str::from_utf8(&sent.body.as_ref().unwrap().bytes).unwrap());
        bare.body.as_mut().unwrap().bytes = Zeroizing::new(body.into_bytes());
        protocol.retain(|(name, value)| {
            if name == "oauth_signature" {
                found = value.to_string();
            }
            name != "oauth_signature"
        });
        assert_eq!(protocol.len(), 6, "{transmission}");
        let made = base_string::of(&bare, &protocol);
        assert!(made.contains("extra%3Da%2520b") && made.contains("q%3Dck"), "{}", made.as_str());
        let expected =
            signature::sign(Signature::HmacSha1, &made, &credentials("cs-secret", "ts-secret")).unwrap();
        assert_eq!(found, expected.as_str(), "{transmission}");
    }
}

#[test]
fn secrets_in_the_clear_and_missing_values_are_refused() {
    let plain = method("kind = 'oauth1'\nsignature = 'PLAINTEXT'");
    for (url, fine) in [
        ("https://a.test/", true),
        ("http://127.0.0.1:9/", true),
        ("http://localhost/", true),
        ("http://a.test/", false),
    ] {
        let outcome =
            of(AuthKind::OAuth1).sign(&mut request("GET", url, ""), &plain, &values(&VALUES), &moment());
        assert_eq!(outcome, if fine { Ok(()) } else { Err(SignError::Insecure) }, "{url}");
    }
    let rsa = method("kind = 'oauth1'\nsignature = 'RSA-SHA256'");
    for (method, pairs) in [(&plain, &VALUES[1..]), (&rsa, &VALUES[..])] {
        let outcome = of(AuthKind::OAuth1).sign(
            &mut request("GET", "https://a.test/", ""),
            method,
            &values(pairs),
            &moment(),
        );
        assert!(matches!(outcome, Err(SignError::Unresolved(_))), "{outcome:?}");
    }
}

#[test]
fn one_leg_needs_no_token() {
    let mut sent = request("GET", "https://a.test/", "");
    of(AuthKind::OAuth1)
        .sign(&mut sent, &method("kind = 'oauth1'"), &values(&VALUES[..2]), &moment())
        .unwrap();
    assert!(!sent.header("authorization").unwrap().contains("oauth_token"));
}
