//! The `Link` header (RFC 8288, section 3).

/// The target of the first link with this relation. Relations are compared without regard to case; a link of another
/// context (`anchor`) is passed over.
#[must_use]
pub fn target(header: &str, relation: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (target, tail) = after.split_once('>')?;
        let (parameters, next) = parameters(tail);
        let value = |name: &str| parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        let related = value("rel")
            .is_some_and(|(_, value)| value.split_whitespace().any(|one| one.eq_ignore_ascii_case(relation)));
        if related && value("anchor").is_none() {
            return Some(target.trim().to_owned());
        }
        rest = next;
    }
    None
}

/// The header with those targets replaced for which there is another; `None` where none is.
#[must_use]
pub fn lead(header: &str, other: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (mut led, mut rest, mut changed) = (String::with_capacity(header.len()), header, false);
    while let Some((before, (target, tail))) =
        rest.split_once('<').and_then(|(before, after)| Some((before, after.split_once('>')?)))
    {
        let replaced = other(target.trim());
        changed |= replaced.is_some();
        let (_, next) = parameters(tail);
        let own = &tail[..tail.len() - next.len()];
        led.extend([before, "<", replaced.as_deref().unwrap_or(target), ">", own]);
        rest = next;
    }
    led.push_str(rest);
    changed.then_some(led)
}

/// The parameters behind a target, and what follows the comma after them. A comma within quotes ends nothing.
fn parameters(text: &str) -> (Vec<(String, String)>, &str) {
    let (mut quoted, mut escaped, mut end) = (false, false, text.len());
    for (place, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                end = place;
                break;
            }
            _ => {}
        }
    }
    let (own, next) = text.split_at(end);
    (split(own), next.strip_prefix(',').unwrap_or(next))
}

fn split(text: &str) -> Vec<(String, String)> {
    let (mut found, mut part, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for c in text.chars().chain([';']) {
        match c {
            c if escaped => {
                part.push(c);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                let whole = std::mem::take(&mut part);
                let (name, value) = whole.split_once('=').unwrap_or((&whole, ""));
                found.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            c => part.push(c),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{lead, target};

    #[test]
    fn the_next_page_is_found_as_the_rfc_and_services_write_it() {
        let github = "<https://api.test/repos?page=1>; rel=\"prev\", <https://api.test/repos?page=3>; rel=\"next\", \
                      <https://api.test/repos?page=9>; rel=\"last\"";
        for (header, expected) in [
            (github, Some("https://api.test/repos?page=3")),
            ("</items?a=1,2&b=3>; rel=next", Some("/items?a=1,2&b=3")),
            ("<x>; title=\"a, <b>; rel=\\\"next\\\"\"; rel=prev, <y>;REL=\"up NEXT\"", Some("y")),
            ("<x>; rel=\"next\"; anchor=\"#part\", <y>; rel=nextarchive", None),
            ("<x>; rel=\"last\"", None),
            ("<x", None),
            ("", None),
        ] {
            assert_eq!(target(header, "next").as_deref(), expected, "{header}");
        }
    }

    #[test]
    fn a_target_is_replaced_and_everything_around_it_stays() {
        let other = |target: &str| (target == "/a").then(|| "/b".to_owned());
        for (header, expected) in [
            ("</a>; rel=next", Some("</b>; rel=next")),
            (
                "</x>;rel=prev , < /a >; title=\"</a>, \\\"</a>\" ;rel=next,</a>",
                Some("</x>;rel=prev , </b>; title=\"</a>, \\\"</a>\" ;rel=next,</b>"),
            ),
            ("</a>; rel=next, </a", Some("</b>; rel=next, </a")),
            ("</x>; rel=next, /a", None),
            ("</a", None),
            ("", None),
        ] {
            assert_eq!(lead(header, other).as_deref(), expected, "{header}");
        }
    }
}
