//! The words that sentences are asked for, made ready once when a family is loaded.

use super::claim::{Claim, Prose};
use foldhash::HashMap;

/// Words, each once, by their first character and by themselves.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    words: Vec<Vec<char>>,
    by_first: HashMap<char, Vec<usize>>,
    ids: HashMap<String, usize>,
}

impl Vocabulary {
    /// All words of claims and of what holds for all of them.
    pub fn new(claims: &[Claim], prose: &Prose) -> Vocabulary {
        let of_claim = |claim: &'_ Claim| [&claim.under, &claim.needs, &claim.about, &claim.not].map(Clone::clone);
        let of_prose = [&prose.quiet, &prose.aside, &prose.offices, &prose.own, &prose.wide, &prose.shares];
        let mut known = Vocabulary::default();
        claims.iter().flat_map(of_claim).flatten().chain(of_prose.into_iter().flatten().cloned()).for_each(|word| known.take(word));
        known
    }

    fn take(&mut self, word: String) {
        let characters: Vec<char> = word.chars().collect();
        let Some(&first) = characters.first().filter(|_| !self.ids.contains_key(&word)) else { return };
        self.by_first.entry(first).or_default().push(self.words.len());
        self.ids.insert(word, self.words.len());
        self.words.push(characters);
    }

    /// How many words there are.
    pub fn n_words(&self) -> usize {
        self.words.len()
    }

    /// The id of a word.
    pub fn find(&self, word: &str) -> Option<usize> {
        self.ids.get(word).copied()
    }

    /// The characters of the word of an id.
    pub fn word(&self, id: usize) -> &[char] {
        self.words.get(id).map_or(&[], Vec::as_slice)
    }

    /// Ids of the words that begin with a character.
    pub fn beginning_with(&self, first: char) -> &[usize] {
        self.by_first.get(&first).map_or(&[], Vec::as_slice)
    }
}
