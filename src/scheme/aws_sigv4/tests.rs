//! Every case of the AWS test suite that we have, and what the suite leaves out.

use zeroize::Zeroizing;

use super::{Canonical, Scope, canonical_query, headers, path_as_sent, path_normalized};
use crate::base::{Body, Header, Request, sha256};
use crate::model::AuthKind;
use crate::scheme::tests::{method, moment, values};
use crate::scheme::{Moment, SignError, of};

/// Name, request, signed headers, hash of the canonical request, signature.
type Case = [&'static str; 5];

/// The session token of `post-sts-header-before`.
const BEFORE: &str = concat!(
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt",
    "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVX",
    "AkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
);
/// The session token of `get-vanilla-with-session-token`.
const VANILLA: &str = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";

/// From the suite in botocore; each signature was computed anew.
const CASES: [Case; 17] = [
    [
        "get-header-key-duplicate",
        "GET /\nHost:example.amazonaws.com\nMy-Header1:value2\nMy-Header1:value2\nMy-Header1:value1\nX-Amz-Date:20150830T123600Z",
        "host;my-header1;x-amz-date",
        "dc7f04a3abfde8d472b0ab1a418b741b7c67174dad1551b4117b15527fbe966c",
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
    ],
    [
        "get-header-value-order",
        "GET /\nHost:example.amazonaws.com\nMy-Header1:value4\nMy-Header1:value1\nMy-Header1:value3\nMy-Header1:value2\nX-Amz-Date:20150830T123600Z",
        "host;my-header1;x-amz-date",
        "31ce73cd3f3d9f66977ad3dd957dc47af14df92fcd8509f59b349e9137c58b86",
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
    ],
    [
        "get-unreserved",
        "GET /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "6a968768eefaa713e2a6b16b589a8ea192661f098f37349f4e2c0082757446f9",
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    ],
    [
        "get-vanilla-empty-query-key",
        "GET /?Param1=value1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "1e24db194ed7d0eec2de28d7369675a243488e08526e8c1c73571282f7c517ab",
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    ],
    [
        "get-vanilla-query-order-key-case",
        "GET /?Param2=value2&Param1=value1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "816cd5b414d056048ba4f7c5386d6e0533120fb1fcfa93762cf0fc39e2cf19e0",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
    [
        "get-vanilla-query-order-value",
        "GET /?Param1=value2&Param1=value1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "c968629d70850097a2d8781c9bf7edcb988b04cac14cca9be4acc3595f884606",
        "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
    ],
    [
        "get-vanilla-query",
        "GET /\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
        "get-vanilla-with-session-token",
        "GET /\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z\nX-Amz-Security-Token:{vanilla}",
        "host;x-amz-date;x-amz-security-token",
        "067b36aa60031588cea4a4cde1f21215227a047690c72247f1d70b32fbbfad2b",
        "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
    ],
    [
        "get-relative-relative",
        "GET /example1/example2/../..\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
        "get-slash-dot-slash",
        "GET /./\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
        "get-slash",
        "GET //\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
        "get-space",
        "GET /example space/\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "63ee75631ed7234ae61b5f736dfc7754cdccfedbff4b5128a915706ee9390d86",
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    ],
    [
        "post-header-key-case",
        "POST /\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "553f88c9e4d10fc9e109e2aeb65f030801b70c2f6468faca261d401ae622fc87",
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ],
    [
        "post-header-value-case",
        "POST /\nHost:example.amazonaws.com\nMy-Header1:VALUE1\nX-Amz-Date:20150830T123600Z",
        "host;my-header1;x-amz-date",
        "d51ced243e649e3de6ef63afbbdcbca03131a21a7103a1583706a64618606a93",
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    ],
    [
        "post-sts-header-before",
        "POST /\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z\nX-Amz-Security-Token:{before}",
        "host;x-amz-date;x-amz-security-token",
        "c237e1b440d4c63c32ca95b5b99481081cb7b13c7e40434868e71567c1a882f6",
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ],
    [
        "post-vanilla-query",
        "POST /?Param1=value1\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z",
        "host;x-amz-date",
        "9d659678c1756bb3113e2ce898845a0a79dbbc57b740555917687f1b3340fbbd",
        "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
    ],
    [
        "post-x-www-form-urlencoded-parameters",
        "POST /\nContent-Type:application/x-www-form-urlencoded; charset=utf8\nHost:example.amazonaws.com\nX-Amz-Date:20150830T123600Z\n\nParam1=value1",
        "content-type;host;x-amz-date",
        "2e1cf7ed91881a30569e46552437e4156c823447bf1781b921b5d486c568dd1c",
        "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
    ],
];

const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// The path and query of a case as they stand, and the rest as a request.
fn read(text: &str) -> (String, String, Request) {
    let text = text.replace("{before}", BEFORE).replace("{vanilla}", VANILLA);
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let (verb, target) = lines.next().unwrap().split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request::new(verb, "https://example.amazonaws.com/".parse().unwrap());
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        request.headers.push(Header::plain(name, value));
    }
    if !body.is_empty() {
        let content_type = request.header("content-type").unwrap_or_default().to_owned();
        request.body = Some(Body { content_type, bytes: Zeroizing::new(body.as_bytes().to_vec()) });
    }
    (path.to_owned(), query.to_owned(), request)
}

fn suite_moment() -> Moment {
    Moment::new("2015-08-30T12:36:00Z".parse().unwrap(), |bytes| bytes.fill(7))
}

#[test]
fn every_case_of_the_suite_has_its_hash_and_its_signature() {
    let scope =
        Scope { time: "20150830T123600Z".into(), region: "us-east-1".into(), service: "service".into() };
    for [name, text, signed, canonical_hash, signature] in CASES {
        let (path, query, request) = read(text);
        let payload = sha256(request.body.as_ref().map_or(&[][..], |body| &body.bytes));
        let canonical = Canonical::new(
            &request.method,
            &path_normalized(&path),
            &canonical_query(&query),
            &headers(&request),
            &payload,
        );
        assert_eq!(canonical.signed, signed, "{name}");
        assert_eq!(sha256(canonical.text.as_bytes()), canonical_hash, "{name}: {}", canonical.text.as_str());
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential={ID}/20150830/us-east-1/service/aws4_request, SignedHeaders={signed}, \
             Signature={signature}"
        );
        assert_eq!(scope.authorization(ID, SECRET, &canonical), expected, "{name}");
    }
}

/// A case that is sent as it stands: the suite's raw space is one that nobody sends.
#[test]
fn the_signer_gives_what_the_suite_gives() {
    let definition = method("kind = 'aws_sigv4'\nsign = { region = '{region}', service = 'service' }");
    for [name, text, _, _, signature] in CASES.iter().filter(|case| case[0] != "get-space") {
        let (path, query, mut request) = read(text);
        request.url.set_path(&path);
        request.url.set_query((!query.is_empty()).then_some(&query));
        request.headers.retain(|header| !header.name.starts_with("X-Amz") && header.name != "Host");
        let token = if text.contains("{before}") { BEFORE } else { VANILLA };
        let token = if text.contains("Token") { token } else { "" };
        let pairs = [
            ("access_key_id", ID),
            ("secret_access_key", SECRET),
            ("session_token", token),
            ("region", "us-east-1"),
        ];
        of(AuthKind::AwsSigv4).sign(&mut request, &definition, &values(&pairs), &suite_moment()).unwrap();
        let header = request.header("authorization").unwrap();
        assert!(header.ends_with(&format!("Signature={signature}")), "{name}: {header}");
        assert_eq!(request.header("x-amz-date"), Some("20150830T123600Z"));
        let secret = |header: &&Header| header.secret;
        assert_eq!(
            request.headers.iter().filter(secret).count(),
            if token.is_empty() { 1 } else { 2 },
            "{name}"
        );
    }
}

#[test]
fn storage_wants_the_path_as_it_is_sent_and_the_hash_of_the_body() {
    for (path, storage, other) in [
        ("/a%20b/", "/a%20b/", "/a%2520b/"),
        ("/a//b/./c", "/a//b/./c", "/a/b/c"),
        ("/(x)+y", "/%28x%29%2By", "/%28x%29%2By"),
        ("/%e1%88%b4", "/%E1%88%B4", "/%25e1%2588%25b4"),
        ("", "", "/"),
    ] {
        assert_eq!((path_as_sent(path).as_str(), path_normalized(path).as_str()), (storage, other), "{path}");
    }
    let definition = method("kind = 'aws_sigv4'\nsign = { region = 'r', service = 's3' }");
    let pairs = [("access_key_id", "id"), ("secret_access_key", "secret")];
    let mut request = Request::new("GET", "https://b.s3.amazonaws.com/x?a=b+c".parse().unwrap());
    of(AuthKind::AwsSigv4).sign(&mut request, &definition, &values(&pairs), &moment()).unwrap();
    assert_eq!(request.header("x-amz-content-sha256"), Some(sha256(b"").as_str()));
    assert_eq!(request.url.query(), Some("a=b%20c"));
    assert!(request.header("authorization").unwrap().contains("=host;x-amz-content-sha256;x-amz-date,"));
}

#[test]
fn what_is_missing_is_named() {
    let pairs = [("access_key_id", "id"), ("secret_access_key", "secret")];
    for (definition, pairs, expected) in [
        ("", &pairs[..], Some(SignError::Setting("sign"))),
        ("sign.region = 'r'", &pairs[..], Some(SignError::Setting("service"))),
        ("sign.service = 's'", &pairs[..], Some(SignError::Setting("region"))),
        ("sign = { region = 'r', service = 's' }", &pairs[..1], None),
        ("sign = { region = '{zone}', service = 's' }", &pairs[..], None),
    ] {
        let mut request = Request::new("GET", "https://a.test/".parse().unwrap());
        let definition = method(&format!("kind = 'aws_sigv4'\n{definition}"));
        let error = of(AuthKind::AwsSigv4)
            .sign(&mut request, &definition, &values(pairs), &moment())
            .expect_err("something is missing");
        match expected {
            Some(expected) => assert_eq!(error, expected),
            None => assert!(matches!(error, SignError::Unresolved(_)), "{error}"),
        }
    }
}
