//! Whether two answers say the same: ids, times and numbers aside, which differ from one call to the next.

use super::body::BodyKind;
use super::condition::Sample;
use super::fact::Answered;
use super::words;
use crate::model::Connector;

/// The most characters of two bodies that are compared.
const COMPARED: usize = 4096;

/// Whether two answers say the same.
#[must_use]
pub fn same(connector: &Connector, one: &Answered, other: &Answered) -> bool {
    one.status == other.status
        && challenge(one) == challenge(other)
        && match (BodyKind::of(one), BodyKind::of(other)) {
            (BodyKind::Html(a), BodyKind::Html(b)) => a == b,
            (a, b) if std::mem::discriminant(&a) != std::mem::discriminant(&b) => false,
            _ => said(connector, one) == said(connector, other),
        }
}

fn challenge(answer: &Answered) -> Option<String> {
    answer.header("www-authenticate").map(skeleton)
}

/// The vendor's code and message where there are any, else the whole body.
fn said(connector: &Connector, answer: &Answered) -> (Option<String>, String) {
    let words = words::vendor_words(connector, &Sample::new(answer));
    match words.message {
        Some(message) => (words.code, skeleton(&message)),
        None => (words.code, skeleton(&answer.body)),
    }
}

/// A text without what differs from call to call: digits, ids, and masked secrets.
fn skeleton(text: &str) -> String {
    let mut bare = String::new();
    let masked = text.replace(crate::base::redact::MASK, "0");
    for word in masked.chars().take(COMPARED).collect::<String>().split(|c: char| !c.is_alphanumeric()) {
        let is_id = word.chars().any(|c| c.is_ascii_digit());
        if !word.is_empty() && !is_id {
            bare.push_str(word);
            bare.push(' ');
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::{Answered, same};
    use crate::model::Connector;

    fn answer(status: u16, body: &str) -> Answered {
        Answered {
            status,
            version: "HTTP/1.1".into(),
            headers: vec![],
            body: body.into(),
            length: body.len(),
            truncated: false,
            peer: None,
        }
    }

    #[test]
    fn answers_are_the_same_but_for_ids_times_and_the_key_itself() {
        for (one, other, expected) in [
            (r#"{"message":"Invalid key","id":"9f31"}"#, r#"{"message":"Invalid key","id":"77aa2"}"#, true),
            (r#"{"message":"Invalid key ***"}"#, r#"{"message":"Invalid key ***"}"#, true),
            (r#"{"message":"Invalid key"}"#, r#"{"message":"User is inactive"}"#, false),
            (r#"{"error":{"code":1,"t":"12:01:02"}}"#, r#"{"error":{"code":1,"t":"12:09:02"}}"#, true),
            (r#"{"error":{"code":"A"}}"#, r#"{"error":{"code":"B"}}"#, false),
            ("", "", true),
            ("", "{}", false),
            ("<html><title>A</title>", "<html><title>A</title><p>2", true),
        ] {
            let (one, other) = (answer(401, one), answer(401, other));
            assert_eq!(same(&Connector::default(), &one, &other), expected, "{} {}", one.body, other.body);
        }
        assert!(!same(&Connector::default(), &answer(401, ""), &answer(403, "")));
    }
}
