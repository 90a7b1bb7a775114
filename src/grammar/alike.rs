//! How alike two labels are: equal, one a misprint of the other, or two different ones.

use super::words::built_in;

/// How alike two keys are, from 0 to 100: 100 is equal, 0 another label, between them one is a misprint of the other or
/// cut short. A misprint has one wrong character, or one in three of a long label.
pub fn likeness(one: &str, other: &str) -> u32 {
    if one == other {
        return 100;
    }
    let n_chars = |text: &str| text.chars().take(80).count();
    let (short, long) = (n_chars(one).min(n_chars(other)), n_chars(one).max(n_chars(other)));
    // Most labels differ in length by more than a misprint does, and none is the head of the other.
    let may_be_cut = short >= 6 && one.chars().next() == other.chars().next();
    if short == 0 || long - short > (long / 3).max(1) && !may_be_cut {
        return 0;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().take(80).collect(), other.chars().take(80).collect());
    if short >= 6 && (one.starts_with(&other) || other.starts_with(&one)) {
        return 80;
    }
    if one.len() == other.len() && one.iter().zip(&other).any(|(left, right)| tells_apart(*left, *right)) {
        return 0;
    }
    let distance = edit_distance(&one, &other);
    if distance > (long / 3).max(1) {
        return 0;
    }
    u32::try_from(100 * (long - distance.min(long)) / long).unwrap_or(0).min(99)
}

/// Characters of which one is never a misprint of the other: last year's number is not this year's.
fn tells_apart(one: char, other: char) -> bool {
    one != other && built_in().apart.iter().any(|group| group.contains(one) && group.contains(other))
}

fn edit_distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, left) in one.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (cell, right) in row.iter_mut().skip(1).zip(other) {
            let best = (diagonal + usize::from(left != right)).min(*cell + 1).min(before + 1);
            diagonal = *cell;
            *cell = best;
            before = best;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_character_is_a_misprint() {
        assert_eq!(likeness("其他法律行政止公开", "其他法律行政法规禁止公开"), 75);
        assert_eq!(likeness("总计", "总汁"), 50);
        assert_eq!(likeness("予以公开", "部分公开"), 0);
        assert_eq!(likeness("上年收费金额", "本年收费金额"), 0);
    }
}
