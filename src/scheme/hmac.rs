//! A signature over a text that the definition composes: how most services with a shared secret do it.
//!
//! `sign.text` is what is signed, with `sign.algorithm` (`md5`, `sha1`, `sha256`, `sha384`, `sha512`) and the
//! parameter that `sign.key` names; without a key the text is hashed as it stands, as WSSE wants it. The outcome
//! is `{signature}`, written as `sign.encoding` says (`hex`, `base64`); a header may also say what was signed.
//! Beside the values of the connection there are `{timestamp}`, `{timestamp_ms}`, `{timestamp_iso}`, `{date}`,
//! `{nonce}`, and of the request `{method}`, `{host}`, `{port}`, `{path}`, `{query}`, `{target}`, `{body}` and
//! `{body_sha256}`. A value of the connection goes before one of these with the same name.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use zeroize::Zeroizing;

use super::api_key::place;
use super::hash::Hash;
use super::jwt::key_bytes;
use super::{Moment, Scheme, SignError, Values, required};
use crate::base::{Request, Template, hex, sha256};
use crate::model::AuthMethod;
use crate::model::oauth::Signing;

/// Requests with a signature of the definition's own making.
pub struct Hmac;

impl Scheme for Hmac {
    fn sign(
        &self,
        request: &mut Request,
        method: &AuthMethod,
        values: &Values<'_>,
        moment: &Moment,
    ) -> Result<(), SignError> {
        let signing = method.sign.as_ref().ok_or(SignError::Setting("sign"))?;
        // What is signed comes first: parameters that do not hold the signature. Headers may speak of it all.
        let (before, after) = parted(method);
        let early = request.clone();
        place(request, &before, &|name: &str| values(name).or_else(|| fact(name, &early, moment)))?;
        let whole = request.clone();
        let known = |name: &str| values(name).or_else(|| fact(name, &whole, moment));
        let signature = signature(signing, &known)?;
        let known = |name: &str| match name {
            "signature" => Some(Cow::Borrowed(signature.as_str())),
            _ => known(name),
        };
        place(request, &after, &known)
    }
}

/// The placements before and after the signature is made.
fn parted(method: &AuthMethod) -> (AuthMethod, AuthMethod) {
    let late = |template: &Template| template.names().any(|name| name == "signature");
    let (mut before, mut after) = (method.clone(), method.clone());
    before.header.clear();
    before.cookie.clear();
    let keep = |fields: &mut IndexMap<String, Template>, wanted: bool| {
        fields.retain(|_, template| late(template) == wanted);
    };
    for fields in [&mut before.query, &mut before.form, &mut before.json] {
        keep(fields, false);
    }
    for fields in [&mut after.query, &mut after.form, &mut after.json] {
        keep(fields, true);
    }
    (before, after)
}

fn signature(signing: &Signing, values: &Values<'_>) -> Result<Zeroizing<String>, SignError> {
    let word = signing.algorithm.as_deref().ok_or(SignError::Setting("algorithm"))?;
    let hash = Hash::named(word).ok_or(SignError::Setting("algorithm"))?;
    let text = signing.text.as_ref().ok_or(SignError::Setting("text"))?.expand(values)?;
    let bytes = match signing.key.as_deref() {
        Some(name) => {
            let key = key_bytes(&required(values, name)?, signing.key_encoding.as_deref())?;
            hash.mac(&key, text.as_bytes())
        }
        None => hash.digest(text.as_bytes()),
    };
    Ok(Zeroizing::new(match signing.encoding.as_deref() {
        None | Some("hex") => hex(&bytes),
        Some("base64") => STANDARD.encode(bytes),
        Some(_) => return Err(SignError::Setting("encoding")),
    }))
}

/// What is known of this request and this moment.
fn fact<'r>(name: &str, request: &'r Request, moment: &Moment) -> Option<Cow<'r, str>> {
    let url = &request.url;
    let written = |form: &str| Cow::Owned(moment.now.strftime(form).to_string());
    let body = request.body.as_ref().map_or(&[][..], |body| body.bytes.as_slice());
    Some(match name {
        "timestamp" => Cow::Owned(moment.seconds().to_string()),
        "timestamp_ms" => Cow::Owned(moment.now.as_millisecond().to_string()),
        "timestamp_iso" => written("%Y-%m-%dT%H:%M:%SZ"),
        "date" => written("%a, %d %b %Y %H:%M:%S GMT"),
        "nonce" => Cow::Owned(moment.nonce()),
        "method" => Cow::Borrowed(&request.method),
        "host" => Cow::Borrowed(url.host_str().unwrap_or_default()),
        "port" => Cow::Owned(url.port_or_known_default().unwrap_or_default().to_string()),
        "path" => Cow::Borrowed(url.path()),
        "query" => Cow::Borrowed(url.query().unwrap_or_default()),
        "target" => Cow::Borrowed(&url[url::Position::BeforePath..url::Position::AfterQuery]),
        "body" => Cow::Borrowed(std::str::from_utf8(body).ok()?),
        "body_sha256" => Cow::Owned(sha256(body)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use crate::base::{Body, Request, hex};
    use crate::model::AuthKind;
    use crate::scheme::hash::Hash;
    use crate::scheme::tests::{method, moment, values};
    use crate::scheme::{SignError, of};

    fn signed(definition: &str, pairs: &[(&str, &str)], mut request: Request) -> Result<Request, SignError> {
        let method = method(&format!("kind = 'hmac'\n{definition}"));
        of(AuthKind::Hmac).sign(&mut request, &method, &values(pairs), &moment())?;
        Ok(request)
    }

    fn post(url: &str, body: &str) -> Request {
        let mut request = Request::new("POST", url.parse().unwrap());
        let bytes = Zeroizing::new(body.as_bytes().to_vec());
        request.body = Some(Body { content_type: "application/json".into(), bytes });
        request
    }

    /// The example in the README of Hawk.
    #[test]
    fn hawk_is_a_definition() {
        let definition = r#"
            sign.algorithm = 'sha256'
            sign.encoding = 'base64'
            sign.key = 'key'
            sign.text = "hawk.1.header\n{timestamp}\n{nonce}\n{method}\n{target}\n{host}\n{port}\n\n{ext}\n"
            header.Authorization = 'Hawk id="{id}", ts="{timestamp}", nonce="{nonce}", ext="{ext}", mac="{signature}"'
        "#;
        let pairs = [
            ("id", "dh37fgj492je"),
            ("key", "werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn"),
            ("timestamp", "1353832234"),
            ("nonce", "j4h3g2"),
            ("ext", "some-app-ext-data"),
        ];
        let request = Request::new("GET", "http://example.com:8000/resource/1?b=1&a=2".parse().unwrap());
        let sent = signed(definition, &pairs, request).unwrap();
        let expected = concat!(
            r#"Hawk id="dh37fgj492je", ts="1353832234", nonce="j4h3g2", ext="some-app-ext-data", "#,
            r#"mac="6R4rV5iE+NPoym+WwjeHzjAGXUtLNIxmo1vpMofpLAE=""#
        );
        assert_eq!(sent.header("authorization"), Some(expected));
        assert!(sent.headers.iter().all(|header| header.secret));
    }

    /// Both ways in which vendors write the digest.
    #[test]
    fn wsse_is_a_definition() {
        let pairs = [
            ("secret", "taadtaadpstcsm"),
            ("nonce", "d36e316282959a9ed4c89851497a717f"),
            ("timestamp_iso", "2024-01-02T03:04:05Z"),
        ];
        for (encoding, filter, expected) in [
            ("base64", "", "uqIm/aARAPZ/2HctPnh8jx7IWo0="),
            ("hex", "|base64", "YmFhMjI2ZmRhMDExMDBmNjdmZDg3NzJkM2U3ODdjOGYxZWM4NWE4ZA=="),
        ] {
            let definition = format!(
                "sign.algorithm = 'sha1'\nsign.encoding = '{encoding}'\n\
                 sign.text = '{{nonce}}{{timestamp_iso}}{{secret}}'\nheader.X-WSSE = '{{signature{filter}}}'"
            );
            let sent = signed(&definition, &pairs, post("https://a.test/", "{}")).unwrap();
            assert_eq!(sent.header("x-wsse"), Some(expected));
        }
    }

    #[test]
    fn parameters_are_signed_before_the_signature_joins_them() {
        let definition = "sign = { algorithm = 'sha256', key = 'k', text = '{query}|{body_sha256}' }\n\
            query = { sig = '{signature}', at = '{timestamp_ms}' }\nheader.X-Body = '{body_sha256}'";
        let sent = signed(definition, &[("k", "key")], post("https://a.test/p?x=1", "{}")).unwrap();
        let at = moment().now.as_millisecond();
        let hash = hex(&Hash::Sha256.digest(b"{}"));
        let expected = hex(&Hash::Sha256.mac(b"key", format!("x=1&at={at}|{hash}").as_bytes()));
        assert_eq!(sent.url.query(), Some(format!("x=1&at={at}&sig={expected}").as_str()));
        assert_eq!(sent.header("x-body"), Some(hash.as_str()));
        assert!(!sent.shown_url.contains(&expected), "{}", sent.shown_url);
    }

    #[test]
    fn the_request_and_the_moment_are_known() {
        let text = "{method} {host} {port} {path} {query} {target} {body} {timestamp} {timestamp_iso} {date} {nonce}";
        let definition =
            format!("sign = {{ algorithm = 'sha1', text = '{text}' }}\nheader.X-Text = '{text}'");
        let sent = signed(&definition, &[], post("https://a.test/p%20q?x=1", "{}")).unwrap();
        let expected = "POST a.test 443 /p%20q x=1 /p%20q?x=1 {} 1795305600 2026-11-22T00:00:00Z \
            Sun, 22 Nov 2026 00:00:00 GMT 07070707070707070707070707070707";
        assert_eq!(sent.header("x-text"), Some(expected));
        let own = signed(
            "sign = { algorithm = 'md5', text = '{host}' }\nheader.H = '{host}'",
            &[("host", "mine")],
            sent,
        );
        assert_eq!(own.unwrap().header("h"), Some("mine"));
    }

    #[test]
    fn what_the_definition_lacks_is_named() {
        for (definition, field) in [
            ("", "sign"),
            ("sign.text = 'x'", "algorithm"),
            ("sign = { algorithm = 'crc32', text = 'x' }", "algorithm"),
            ("sign.algorithm = 'sha1'", "text"),
            ("sign = { algorithm = 'sha1', text = 'x', encoding = 'rot13' }", "encoding"),
            ("sign = { algorithm = 'sha1', text = 'x', key = 'k', key_encoding = 'hex' }", "key_encoding"),
        ] {
            let outcome = signed(definition, &[("k", "zz")], post("https://a.test/", ""));
            assert_eq!(outcome.err(), Some(SignError::Setting(field)), "{definition}");
        }
        let keyless =
            signed("sign = { algorithm = 'sha1', text = 'x', key = 'k' }", &[], post("https://a.test/", ""));
        assert!(matches!(keyless.err(), Some(SignError::Unresolved(_))));
    }
}
