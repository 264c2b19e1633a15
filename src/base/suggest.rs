//! The nearest right spelling of a word.

/// The candidate closest to `word`, if it is close enough to be meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let normal = word.to_ascii_lowercase().replace('_', "-");
    candidates
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_ascii_lowercase().replace('_', "-");
            (strsim::damerau_levenshtein(&normal, &other), candidate)
        })
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(word.len()) / 3).clamp(1, 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_a_different_word_is_not() {
        let words = ["base", "headers", "status_page", "permissions"];
        assert_eq!(nearest("hedaers", words), Some("headers"));
        assert_eq!(nearest("statuspage", words), Some("status_page"));
        assert_eq!(nearest("bas", words), Some("base"));
        assert_eq!(nearest("oauth", words), None);
    }
}
