//! A word that was mistyped, and the known word it was most likely meant to be. For codes, ids and keys that a person
//! types; the words of reports are compared in `label`.

/// The known word nearest to `word`, where one is near: at most one letter in three is another, never all of them.
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Longer than any id; keeps hostile input from costing time.
    const LONGEST: usize = 200;
    let n_letters = word.chars().count();
    if n_letters > LONGEST {
        return None;
    }
    let word = word.to_lowercase().replace('_', "-");
    let measured = known.into_iter().map(|other| (strsim::damerau_levenshtein(&word, &other.to_lowercase().replace('_', "-")), other));
    measured
        .filter(|(distance, _)| *distance <= (n_letters / 3).max(1) && *distance < n_letters)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_word_finds_its_neighbour() {
        let known = ["sum-off", "row-short", "row-shifted"];
        assert_eq!(nearest("sum_of", known), Some("sum-off"));
        assert_eq!(nearest("row-shfited", known), Some("row-shifted"));
        assert_eq!(nearest("table-missing", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("a", ["b"]), None);
    }
}
