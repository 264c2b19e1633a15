//! Patterns of definitions: regular expressions over a whole value.

/// Whether a pattern explains a whole value; `None` where it cannot be read, which is a mistake of its own.
#[must_use]
pub fn explains(pattern: &str, value: &str) -> Option<bool> {
    regex_lite::Regex::new(&format!("^(?:{pattern})$")).ok().map(|whole| whole.is_match(value))
}

#[cfg(test)]
mod tests {
    use super::explains;

    #[test]
    fn a_pattern_explains_the_whole_value_or_none_of_it() {
        for (pattern, value, expected) in [
            ("[0-9a-f]{4}", "12ab", Some(true)),
            ("[0-9a-f]{4}", "12abc", Some(false)),
            ("a|b", "ab", Some(false)),
            ("[", "a", None),
        ] {
            assert_eq!(explains(pattern, value), expected, "{pattern} {value}");
        }
    }
}
