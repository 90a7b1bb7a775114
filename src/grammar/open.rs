//! What open tables need: words over the columns that name rows, and sums over cells of several tables.

use super::claim::CellSum;

/// Words over the columns that name the rows of an open table.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    /// Over codes.
    pub code: Vec<String>,
    /// Over names.
    pub name: Vec<String>,
    /// Over what names nothing: the number of a line.
    pub skip: Vec<String>,
    /// How many digits the codes of accounts have, level by level.
    pub digits: Vec<usize>,
    /// Stands for the year before the report's where a header prints that year.
    pub last_year: String,
}

/// A sum over cells of several tables: `income/total/total = balance/income.total/total | balance/income.this_year/total`.
#[derive(Debug, Clone, PartialEq)]
pub struct Across {
    /// Its key in the grammar.
    pub name: String,
    /// As written. `{code}` stands for each code that the tables it names print.
    pub text: String,
}

/// Both sides of a sum over tables, and what must hold for it to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// As written, for a code.
    pub text: String,
    /// Left of the sign.
    pub left: CellSum,
    /// Right of it; one of these must be as large.
    pub right: Vec<CellSum>,
    /// Behind `when`.
    pub when: Option<Box<Sides>>,
}

/// Stands for a code.
const CODE: &str = "{code}";

impl Across {
    /// Both sides for a code; the error is the byte offset where the text stops making sense.
    pub fn sides(&self, code: &str) -> Result<Sides, usize> {
        let text = self.text.replace(CODE, code);
        match text.split_once(" when ") {
            Some((own, when)) => {
                let when = sides(when).map_err(|offset| own.len() + " when ".len() + offset)?;
                Ok(Sides { when: Some(Box::new(when)), ..sides(own)? })
            }
            None => sides(&text),
        }
    }

    /// True when it speaks of every code.
    pub fn is_for_codes(&self) -> bool {
        self.text.contains(CODE)
    }
}

fn sides(text: &str) -> Result<Sides, usize> {
    let Some((left, right)) = text.split_once('=') else { return Err(text.len()) };
    let mut start = left.len() + 1;
    let mut choices = Vec::new();
    for choice in right.split('|') {
        choices.push(CellSum::parse(choice).map_err(|offset| start + offset)?);
        start += choice.len() + 1;
    }
    Ok(Sides { text: text.trim().to_string(), left: CellSum::parse(left)?, right: choices, when: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_tables_are_parsed() {
        let across = |text: &str| Across { name: "x".into(), text: text.into() };
        let own = across("a/r.{code}/c = b/{code}/c | b/{code}/d when a/t/c = b/t/c");
        let sides = own.sides("204").unwrap();
        assert_eq!((sides.left.text.trim(), sides.right.len()), ("a/r.204/c", 2));
        assert_eq!(sides.when.unwrap().left.text.trim(), "a/t/c");
        assert!(own.is_for_codes());
        assert_eq!(across("a/r/c = b/r/c | b/r").sides(""), Err(19));
        assert_eq!(across("a/r/c").sides(""), Err(5));
    }
}
