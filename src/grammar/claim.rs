//! Claims: what sentences say of a table's cells. `受理~8政府信息公开申请{n}件` must equal `requests/new/total`.
//!
//! ```text
//!   受理          these characters           (共|全年)?    one of these words; `?`: or none
//!   ~8            up to eight characters, no digit and no stop among them
//!   {n}           the number                 {next}        the year after the report's
//! ```

use super::formula::{Pattern, pattern};
use nom::branch::alt;
use nom::bytes::complete::{is_not, tag};
use nom::character::complete::{char, digit1, multispace0};
use nom::combinator::{all_consuming, map, map_opt, opt, value};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// A number in a sentence that must equal a cell or a sum of cells.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// How it is said; any of these.
    pub says: Vec<Saying>,
    /// What it must equal; any of these.
    pub is: Vec<CellSum>,
    /// Words of which one must stand in the same sentence; empty for no condition.
    pub needs: Vec<String>,
    /// Words of which one must stand before the number in the same sentence.
    pub about: Vec<String>,
    /// Words of which none may stand in the same sentence.
    pub not: Vec<String>,
    /// What the sentence must be speaking of: of all such words the last one before the number is one of these.
    pub under: Vec<String>,
}

/// What holds for all claims of a family.
#[derive(Debug, Clone, Default)]
pub struct Prose {
    /// Words before a number that make it another matter: a part, another time, a comparison.
    pub quiet: Vec<String>,
    /// Words that make everything behind them in the sentence another matter: a plan, several years, another capacity.
    pub aside: Vec<String>,
    /// Words right behind a number and its unit that make it another matter.
    pub behind: Vec<String>,
    /// How the names of offices end: a number of another office is not the report's.
    pub offices: Vec<String>,
    /// Words before such an ending that mean the report's own office or all of them.
    pub own: Vec<String>,
    /// Words that mean more than one office: a number of them is only the report's where a government publishes it.
    pub wide: Vec<String>,
    /// Words in the name of a government.
    pub governments: Vec<String>,
    /// Words before a share in percent.
    pub shares: Vec<String>,
    /// What a share may be of.
    pub share_of: Vec<CellSum>,
}

/// The words before a number, and those after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Saying {
    /// In order; the last one ends where the number begins.
    pub before: Vec<Element>,
    /// In order; the first one begins where the number ends.
    pub after: Vec<Element>,
}

/// One element of a saying.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// One of these words, or none where it is optional.
    Words {
        /// The words, character by character as sentences are.
        any: Vec<Vec<char>>,
        /// They may be left out.
        optional: bool,
    },
    /// Up to so many characters.
    Gap(usize),
    /// The year after the report's.
    NextYear,
}

/// Cells added up.
#[derive(Debug, Clone, PartialEq)]
pub struct CellSum {
    /// As written.
    pub text: String,
    /// What is added.
    pub terms: Vec<CellTerm>,
}

/// Cells of one table: rows and columns may be patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct CellTerm {
    /// Table id.
    pub table: String,
    /// Rows.
    pub row: Pattern,
    /// Columns.
    pub column: Pattern,
}

impl Saying {
    /// Parse a saying; the error is the byte offset where it stops making sense.
    pub fn parse(text: &str) -> Result<Saying, usize> {
        let number = tag("{n}");
        let parts = (many0(element), number, many0(element));
        let (_, (before, _, after)) = all_consuming(parts).parse(text).map_err(|error| offset(text, &error))?;
        Ok(Saying { before, after })
    }
}

impl CellSum {
    /// Parse a sum such as `requests/new/total + sum(requests/outcome.refused.**/total)`; the error is a byte offset.
    pub fn parse(text: &str) -> Result<CellSum, usize> {
        let plus = delimited(multispace0, char('+'), multispace0);
        let (_, terms) = all_consuming(delimited(multispace0, separated_list1(plus, term), multispace0))
            .parse(text)
            .map_err(|error| offset(text, &error))?;
        Ok(CellSum { text: text.to_string(), terms })
    }
}

fn offset(text: &str, error: &nom::Err<nom::error::Error<&str>>) -> usize {
    match error {
        nom::Err::Error(error) | nom::Err::Failure(error) => text.len() - error.input.len(),
        nom::Err::Incomplete(_) => text.len(),
    }
}

fn element(input: &str) -> IResult<&str, Element> {
    let plain = is_not("(){}~|?");
    let group = delimited(char('('), separated_list1(char('|'), is_not("(){}~|?")), char(')'));
    let choice = map((group, opt(char('?'))), |(any, optional): (Vec<&str>, _)| Element::Words {
        any: any.into_iter().map(|word| word.chars().collect()).collect(),
        optional: optional.is_some(),
    });
    let gap = map(preceded(char('~'), map_opt(digit1, |digits: &str| digits.parse().ok())), Element::Gap);
    let words = map(plain, |words: &str| Element::Words { any: vec![words.chars().collect()], optional: false });
    alt((choice, gap, value(Element::NextYear, tag("{next}")), words)).parse(input)
}

fn term(input: &str) -> IResult<&str, CellTerm> {
    let cells = |input| {
        let (rest, (table, _, row, _, column)) = (pattern, char('/'), pattern, char('/'), pattern).parse(input)?;
        let Pattern::Id(table) = table else {
            return Err(nom::Err::Error(nom::error::Error::new(input, nom::error::ErrorKind::Verify)));
        };
        Ok((rest, CellTerm { table, row, column }))
    };
    alt((delimited(tag("sum("), cells, char(')')), cells)).parse(input)
}

/// Words in a row, for tests of the notation.
#[cfg(test)]
fn words(text: &str) -> Element {
    Element::Words { any: vec![text.chars().collect()], optional: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sayings_are_parsed() {
        let saying = Saying::parse("(共|全年)?受理~8申请{n}件").unwrap();
        assert_eq!(saying.before.len(), 4);
        assert_eq!(saying.before.get(1), Some(&words("受理")));
        assert_eq!(saying.before.get(2), Some(&Element::Gap(8)));
        assert_eq!(saying.after, [words("件")]);
        assert_eq!(Saying::parse("受理申请件"), Err(15));
    }

    #[test]
    fn sums_of_cells_are_parsed() {
        let sum = CellSum::parse("requests/new/total + sum(requests/outcome.refused.**/total)").unwrap();
        assert_eq!(sum.terms.len(), 2);
        assert_eq!(sum.terms[1].row, Pattern::Leaves("outcome.refused".into()));
        assert!(CellSum::parse("requests/new").is_err());
    }
}
