//! Redirects that were not followed: where they lead says what is wrong.

use url::Url;

use super::fact::AnswerFact;
use super::finding::{Confidence, Finding};
use super::status::Circumstances;
use crate::base::{Text, safe_text};
use crate::cause;
use crate::model::Strength;

/// The most redirects that are followed within one origin.
pub const MOST: usize = 5;

/// Judges a redirect that was not followed.
#[must_use]
pub fn judge(seen: &Circumstances<'_>, fact: &AnswerFact) -> Option<Finding> {
    const LEADS: Text =
        Text::new("HTTP {status} leads to {target}", "HTTP {status} で {target} へ転送されます");
    let answer = seen.sample.answer;
    let target = match answer.status {
        301 | 302 | 303 | 307 | 308 => answer.header("location")?,
        _ => return None,
    };
    let from = Url::parse(&fact.url).ok()?;
    let to = from.join(target).ok()?;
    let code = if fact.redirects.len() >= MOST {
        "CONN-HTTP-REDIRECT-LOOP"
    } else if is_login(target) {
        "CONN-HTTP-REDIRECT-LOGIN"
    } else if from.scheme() == "http" && to.scheme() == "https" && from.host_str() == to.host_str() {
        "CONN-HTTP-REDIRECT-HTTPS"
    } else {
        "CONN-HTTP-REDIRECT-HOST"
    };
    let place = place(&to);
    let values = [("status", answer.status.to_string()), ("target", place.clone())];
    let filled = values.each_ref().map(|(name, value)| (*name, value.as_str()));
    let finding = Finding::new(cause::get(code), Confidence::Certain);
    let host = to.host_str().unwrap_or_default().to_owned();
    Some(
        finding
            .value("location", place)
            .value("new_host", host)
            .because(Strength::Proves, LEADS.fill(&filled)),
    )
}

/// Scheme, host and path of an address; its query may hold anything.
fn place(url: &Url) -> String {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    safe_text::line(bare.as_str(), 120)
}

/// Whether an address or a title speaks of logging in.
#[must_use]
pub fn is_login(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    let marks = [
        "login",
        "log in",
        "log-in",
        "signin",
        "sign in",
        "sign-in",
        "sign_in",
        "/sso",
        "saml",
        "/idp",
        "authorize?",
        "ログイン",
        "サインイン",
    ];
    marks.iter().any(|mark| words.contains(mark))
}
