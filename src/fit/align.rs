//! Order-preserving alignment of two lists by likeness.

/// One printed thing and the form's thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index on the printed side.
    pub left: usize,
    /// Index on the form's side.
    pub right: usize,
    /// Likeness, 1 to 100.
    pub score: u32,
}

/// The pairs of the best alignment: order kept on both sides, the sum of likeness as large as can be. A likeness of 0
/// never pairs. Time and space are the product of the lengths.
pub fn align(n_left: usize, n_right: usize, like: &dyn Fn(usize, usize) -> u32) -> Vec<Pair> {
    // Equal things at the head of both lists are always paired.
    let n_equal = (0..n_left.min(n_right)).take_while(|&index| like(index, index) == 100).count();
    let rest = align_rest(n_left - n_equal, n_right - n_equal, &|left, right| like(n_equal + left, n_equal + right));
    let moved = |pair: Pair| Pair { left: n_equal + pair.left, right: n_equal + pair.right, ..pair };
    (0..n_equal).map(|index| Pair { left: index, right: index, score: 100 }).chain(rest.into_iter().map(moved)).collect()
}

fn align_rest(n_left: usize, n_right: usize, like: &dyn Fn(usize, usize) -> u32) -> Vec<Pair> {
    let width = n_right + 1;
    let mut best = vec![0_u32; (n_left + 1) * width];
    let at = |best: &[u32], left: usize, right: usize| best.get(left * width + right).copied().unwrap_or(0);
    let mut scores = vec![0_u32; n_left * n_right];
    for left in (0..n_left).rev() {
        for right in (0..n_right).rev() {
            let score = like(left, right);
            // Squared, so that one equal label outweighs two misprints.
            let gain = score * score;
            let paired = if score > 0 { gain + at(&best, left + 1, right + 1) } else { 0 };
            let skipped = at(&best, left + 1, right).max(at(&best, left, right + 1));
            if let Some(cell) = best.get_mut(left * width + right) {
                *cell = paired.max(skipped);
            }
            if let Some(cell) = scores.get_mut(left * n_right + right) {
                *cell = score;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut left, mut right) = (0, 0);
    while left < n_left && right < n_right {
        let score = scores.get(left * n_right + right).copied().unwrap_or(0);
        let here = at(&best, left, right);
        if score > 0 && here == score * score + at(&best, left + 1, right + 1) {
            pairs.push(Pair { left, right, score });
            left += 1;
            right += 1;
        } else if here == at(&best, left + 1, right) {
            left += 1;
        } else {
            right += 1;
        }
    }
    pairs
}

/// Lists whose lengths have a larger product are aligned by equal things alone ([`longest_rise`]).
pub const MOST_PAIRS: usize = 1_000_000;

/// The most of the pairs whose left sides rise as their right ones do; they come in order of the right ones.
pub fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each length the pair that ends such a row lowest; each pair remembers the one before it.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    let left = |index: &usize| pairs.get(*index).map_or(0, |pair| pair.0);
    for index in 0..pairs.len() {
        let length = ends.partition_point(|end| left(end) < left(&index));
        before.push(length.checked_sub(1).and_then(|length| ends.get(length)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let chain = std::iter::successors(ends.last().copied(), |index| before.get(*index).copied().flatten());
    let mut kept: Vec<(usize, usize)> = chain.filter_map(|index| pairs.get(index)).copied().collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_and_gaps_are_left() {
        let (printed, form) = (["a", "c", "b", "d"], ["a", "b", "c", "d"]);
        let pairs = align(4, 4, &|left, right| if printed[left] == form[right] { 100 } else { 0 });
        assert_eq!(pairs.len(), 3);
        assert!(pairs.windows(2).all(|pair| pair[0].left < pair[1].left && pair[0].right < pair[1].right));
    }

    #[test]
    fn the_most_pairs_that_keep_their_order_are_kept() {
        assert_eq!(longest_rise(&[(0, 0), (5, 1), (1, 2), (2, 3), (1, 4)]), [(0, 0), (1, 2), (2, 3)]);
        assert_eq!(longest_rise(&[]), []);
    }
}
