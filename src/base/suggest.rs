//! The nearest right spelling of a word.

use super::typed::narrow;

/// The candidate closest to `word`, if it is close enough to be meant. The width in which it was typed does not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let normal = word.chars().map(narrow).collect::<String>().to_ascii_lowercase().replace('_', "-");
    let length = |word: &str| word.chars().count();
    candidates
        .into_iter()
        .map(|candidate| {
            let other = candidate.to_ascii_lowercase().replace('_', "-");
            (strsim::damerau_levenshtein(&normal, &other), candidate)
        })
        .filter(|(distance, candidate)| *distance <= (length(candidate).max(length(word)) / 3).clamp(1, 3))
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
        assert_eq!(nearest("ＢＡＳＥ", words), Some("base"));
        let words = ["未接続", "接続済み", "指紋"];
        assert_eq!(nearest("未接族", words), Some("未接続"));
        assert_eq!(nearest("給与計算", words), None);
    }
}
