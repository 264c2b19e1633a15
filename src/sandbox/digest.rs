//! Digest authentication as a server checks it (RFC 7616): MD5 and SHA-256, `qop=auth`.
//!
//! Written from the RFC and apart from the client's library, so that the two prove each other.

use md5::{Digest as _, Md5};

use super::credentials::random_hex;
use crate::base::{hex, sha256};

/// The realm of every challenge.
pub(super) const REALM: &str = "crm@sandbox.test";

/// The hash of a challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => hex(&Md5::digest(text.as_bytes())),
            Self::Sha256 => sha256(text.as_bytes()),
        }
    }
}

/// The nonces given out, each with the highest count seen.
#[derive(Default)]
pub(super) struct Nonces(Vec<(String, u32)>);

/// Why an answer to a challenge is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// A field is missing or does not fit the request.
    Malformed(&'static str),
    /// The nonce is unknown or its count was used before; the password may be right.
    Stale,
    /// User or password is wrong.
    Wrong,
}

/// A user and the password that belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Account<'a> {
    pub(super) user: &'a str,
    pub(super) password: &'a str,
}

impl Nonces {
    /// The most nonces remembered; the oldest are forgotten first.
    const LIMIT: usize = 1000;

    /// A fresh challenge, the value of `WWW-Authenticate`.
    pub(super) fn challenge(&mut self, algorithm: Algorithm, stale: bool) -> String {
        let nonce = random_hex(16);
        if self.0.len() >= Self::LIMIT {
            self.0.remove(0);
        }
        self.0.push((nonce.clone(), 0));
        let stale = if stale { ", stale=true" } else { "" };
        let name = algorithm.name();
        format!(
            "Digest realm=\"{REALM}\", qop=\"auth\", algorithm={name}, nonce=\"{nonce}\", \
             opaque=\"73616e64626f78\", charset=UTF-8{stale}"
        )
    }

    /// Checks the part of `Authorization` behind the word `Digest`.
    pub(super) fn check(
        &mut self,
        algorithm: Algorithm,
        sent: &str,
        method: &str,
        target: &str,
        account: Account<'_>,
    ) -> Result<(), Refusal> {
        let fields = fields(sent);
        let field = |name: &'static str| {
            let found = fields.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.as_str()).ok_or(Refusal::Malformed(name))
        };
        let fits = [
            ("realm", field("realm")? == REALM),
            ("uri", field("uri")? == target),
            ("qop", field("qop")? == "auth"),
            ("opaque", field("opaque")? == "73616e64626f78"),
            ("algorithm", field("algorithm")?.eq_ignore_ascii_case(algorithm.name())),
            ("cnonce", !field("cnonce")?.is_empty()),
            ("nc", field("nc")?.len() == 8),
        ];
        if let Some((name, _)) = fits.iter().find(|(_, fits)| !fits) {
            return Err(Refusal::Malformed(name));
        }
        let expected = response(algorithm, account, &field, method)?;
        if field("username")? != account.user || field("response")? != expected {
            return Err(Refusal::Wrong);
        }
        let count = u32::from_str_radix(field("nc")?, 16).map_err(|_| Refusal::Malformed("nc"))?;
        self.use_up(field("nonce")?, count)
    }

    fn use_up(&mut self, nonce: &str, count: u32) -> Result<(), Refusal> {
        match self.0.iter_mut().find(|(known, _)| known == nonce) {
            Some((_, seen)) if count > *seen => {
                *seen = count;
                Ok(())
            }
            _ => Err(Refusal::Stale),
        }
    }
}

/// The response that only the holder of the password can compute (RFC 7616, section 3.4.1).
fn response<'a>(
    algorithm: Algorithm,
    account: Account<'_>,
    field: &impl Fn(&'static str) -> Result<&'a str, Refusal>,
    method: &str,
) -> Result<String, Refusal> {
    let a1 = algorithm.hash(&format!("{}:{}:{}", account.user, field("realm")?, account.password));
    let a2 = algorithm.hash(&format!("{method}:{}", field("uri")?));
    let [nonce, nc, cnonce, qop] = [field("nonce")?, field("nc")?, field("cnonce")?, field("qop")?];
    Ok(algorithm.hash(&format!("{a1}:{nonce}:{nc}:{cnonce}:{qop}:{a2}")))
}

/// The `name=value` and `name="value"` pairs of a header.
fn fields(sent: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = sent.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([',', ' ', '\t']).to_ascii_lowercase();
        let (value, tail) = value(after);
        found.push((name, value));
        rest = tail;
    }
    found
}

fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.trim_start().strip_prefix('"') else {
        let (value, rest) = text.split_once(',').unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &quoted[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::{Account, Algorithm, Nonces, Refusal, fields, response};

    const HANAKO: Account<'_> = Account { user: "hanako", password: "secret" };

    #[test]
    fn the_examples_of_rfc_7616_give_the_responses_of_rfc_7616() {
        let mufasa = Account { user: "Mufasa", password: "Circle of Life" };
        let field = |name: &'static str| {
            Ok(match name {
                "realm" => "http-auth@example.org",
                "uri" => "/dir/index.html",
                "nonce" => "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                "nc" => "00000001",
                "cnonce" => "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
                _ => "auth",
            })
        };
        let cases = [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ];
        for (algorithm, expected) in cases {
            assert_eq!(response(algorithm, mufasa, &field, "GET").unwrap(), expected, "{algorithm:?}");
        }
    }

    fn answer(challenge: &str, password: &str, count: u32) -> String {
        let nonce = &fields(challenge.strip_prefix("Digest ").unwrap())
            .into_iter()
            .find_map(|(name, value)| (name == "nonce").then_some(value))
            .unwrap();
        let nc = format!("{count:08x}");
        let field = |name: &'static str| {
            Ok(match name {
                "realm" => super::REALM,
                "uri" => "/api/me?x=1",
                "nonce" => nonce.as_str(),
                "nc" => nc.as_str(),
                "cnonce" => "c",
                _ => "auth",
            })
        };
        let account = Account { user: "hanako", password };
        let response = response(Algorithm::Sha256, account, &field, "GET").unwrap();
        format!(
            "username=\"hanako\", realm=\"{}\", uri=\"/api/me?x=1\", nonce=\"{nonce}\", nc={nc}, \
             cnonce=\"c\", qop=auth, opaque=\"73616e64626f78\", algorithm=SHA-256, response=\"{response}\"",
            super::REALM
        )
    }

    #[test]
    fn a_password_is_proved_once_per_count_and_only_for_its_own_request() {
        let mut nonces = Nonces::default();
        let challenge = nonces.challenge(Algorithm::Sha256, false);
        let mut check = |sent: &str, method: &str, target: &str| {
            nonces.check(Algorithm::Sha256, sent, method, target, HANAKO)
        };
        let good = answer(&challenge, "secret", 1);
        assert_eq!(check(&good, "GET", "/api/me"), Err(Refusal::Malformed("uri")));
        assert_eq!(check(&good, "POST", "/api/me?x=1"), Err(Refusal::Wrong));
        assert_eq!(check(&good, "GET", "/api/me?x=1"), Ok(()));
        assert_eq!(check(&good, "GET", "/api/me?x=1"), Err(Refusal::Stale), "a replay");
        assert_eq!(check(&answer(&challenge, "secret", 2), "GET", "/api/me?x=1"), Ok(()));
        assert_eq!(check(&answer(&challenge, "wrong", 3), "GET", "/api/me?x=1"), Err(Refusal::Wrong));
        let foreign = "Digest nonce=\"never-given\"";
        assert_eq!(check(&answer(foreign, "secret", 1), "GET", "/api/me?x=1"), Err(Refusal::Stale));
        assert_eq!(check("username=\"hanako\"", "GET", "/api/me?x=1"), Err(Refusal::Malformed("realm")));
    }
}
