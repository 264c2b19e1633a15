//! The value that a template must have been given for a text to come out.

use crate::base::Template;

/// The placeholder of a template and the value that makes it this text. Only templates of one plain placeholder can be
/// turned round; `None` for every other, and where the text does not fit.
#[must_use]
pub fn unify(template: &Template, text: &str) -> Option<(String, String)> {
    let (before, name, behind) = parts(template)?;
    let value = text.strip_prefix(before)?.strip_suffix(behind)?;
    Some((name.to_owned(), value.to_owned()))
}

/// What stands around the only placeholder of a template, and its name.
#[must_use]
pub fn parts(template: &Template) -> Option<(&str, &str, &str)> {
    let (before, rest) = template.source().split_once('{')?;
    let (name, behind) = rest.split_once('}')?;
    let plain = !name.contains('|') && !behind.contains('{') && template.names().count() == 1;
    plain.then_some((before, name, behind))
}

#[cfg(test)]
mod tests {
    use super::unify;

    #[test]
    fn only_a_template_of_one_plain_placeholder_is_turned_round() {
        for (template, text, expected) in [
            ("Bearer {token}", "Bearer abc", Some(("token", "abc"))),
            ("Token token={api_key}", "Token token=abc", Some(("api_key", "abc"))),
            ("{key}", "abc", Some(("key", "abc"))),
            ("{key|base64}", "abc", None),
            ("{a}:{b}", "x:y", None),
            ("Bearer {token}", "Basic abc", None),
            ("fixed", "fixed", None),
        ] {
            let found = unify(&template.parse().unwrap(), text);
            let found = found.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
            assert_eq!(found, expected, "{template}");
        }
    }
}
