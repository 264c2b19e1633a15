//! Other services, played from sample answers: `/services/ID/…` answers as the service would, and
//! `/services/ID/as/WORD/…` as it would when that goes wrong.

use super::reply::Answer;
use super::request::{Received, after};
use super::sign_in::{self, SignIn};

/// A service that is played.
#[derive(Clone, Debug)]
pub struct Played {
    /// Its name in the address.
    pub id: String,
    /// The headers and query parameters in which its credential travels.
    pub places: Vec<String>,
    /// Its answers.
    pub samples: Vec<Sample>,
    /// How tokens come about, for each method that needs any.
    pub sign_ins: Vec<SignIn>,
}

/// One answer of a service.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The word that asks for it; none for the answer when all is well.
    pub word: Option<String>,
    /// The path that it answers, below the service's base. What stands in braces is any text.
    pub path: String,
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// The word of the answer to a request without a credential.
const REFUSED: &str = "CONN-AUTH-REJECTED";

/// What a played service answers; `None` where none is asked.
pub(super) fn answer(services: &[Played], request: &Received) -> Option<Answer> {
    let (id, path) = after(&request.path, "/services/")?;
    let Some(service) = services.iter().find(|service| service.id == id) else {
        return Some(Answer::error(404, "service_unknown", "This service is not played here."));
    };
    let (word, path) = after(path, "/as/").map_or((None, path), |(word, path)| (Some(word), path));
    if let Some(answer) = sign_in::answer(&service.sign_ins, path, request) {
        return Some(answer);
    }
    let word = word.or_else(|| (!service.is_shown_a_credential(request)).then_some(REFUSED));
    let answers = |sample: &&Sample| fits(&sample.path, path);
    let asked = |wanted: Option<&str>| {
        service.samples.iter().filter(|sample| sample.word.as_deref() == wanted).find(answers)
    };
    // What goes wrong in one request leaves the others as they are.
    let found = asked(word).or_else(|| asked(None).filter(|_| word != Some(REFUSED)));
    Some(match (found, word) {
        (Some(sample), _) => sample.answer(),
        (None, Some(REFUSED)) => Answer::error(401, "unauthorized", "There is no credential."),
        (None, _) => Answer::error(404, "not_found", "No answer of this service is known for this path."),
    })
}

impl Played {
    fn is_shown_a_credential(&self, request: &Received) -> bool {
        self.places.is_empty()
            || self.places.iter().any(|place| {
                request.header(place).is_some_and(|value| !value.is_empty())
                    || request.query_value(place).or_else(|| request.form_value(place)).is_some()
            })
    }
}

impl Sample {
    fn answer(&self) -> Answer {
        let mut answer = Answer::empty(self.status);
        answer.vendor = false;
        answer.body = self.body.clone().into_bytes();
        answer.sampled.clone_from(&self.headers);
        answer
    }
}

/// Whether a path is one that a template names.
fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if is_such(wanted, given) => {}
            _ => return false,
        }
    }
}

fn is_such(template: &str, word: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else { return template == word };
    let after = rest.rsplit_once('}').map_or("", |(_, after)| after);
    word.len() > before.len() + after.len() && word.starts_with(before) && word.ends_with(after)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_path_is_compared_with_its_template() {
        for (template, path, expected) in [
            ("/v1/me", "/v1/me", true),
            ("/v1/me", "/v1/me/x", false),
            ("/Accounts/{sid}.json", "/Accounts/AC1.json", true),
            ("/Accounts/{sid}.json", "/Accounts/.json", false),
            ("/{a}/x", "/1/y", false),
        ] {
            assert_eq!(fits(template, path), expected, "{template} {path}");
        }
    }
}
