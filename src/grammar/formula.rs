//! Identities: one line of algebra → terms. `outcome.total = sum(outcome.**)`.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, digit1, multispace0, one_of};
use nom::combinator::{all_consuming, map, map_opt, opt};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, preceded, terminated};
use nom::{IResult, Parser};

/// A sum that must hold: left side = right side.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Its key in the grammar.
    pub name: String,
    /// As written.
    pub text: String,
    /// Terms left of the sign.
    pub left: Vec<Term>,
    /// Terms right of it.
    pub right: Vec<Term>,
}

/// A number of times a sum of patterns.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its factor, negative after a minus.
    pub factor: i64,
    /// What is added up.
    pub patterns: Vec<Pattern>,
    /// Whose numbers.
    pub when: When,
}

/// Which of a publisher's reports a term speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The report itself.
    ThisYear,
    /// `last_year(id)`: the one before.
    LastYear,
}

/// The ids a term speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// One id.
    Id(String),
    /// `g.*`: children of g.
    Children(String),
    /// `g.**`: leaves under g; `**` all of them.
    Leaves(String),
}

impl Identity {
    /// Parse a line; the error is the byte offset where it stops making sense.
    pub fn parse(name: &str, text: &str) -> Result<Identity, usize> {
        let (_, (left, _, right)) =
            all_consuming((side, spaced(alt((tag("=="), tag("=")))), side)).parse(text).map_err(|error| match error {
                nom::Err::Error(error) | nom::Err::Failure(error) => text.len() - error.input.len(),
                nom::Err::Incomplete(_) => text.len(),
            })?;
        Ok(Identity { name: name.to_string(), text: text.to_string(), left, right })
    }

    /// All terms, left and right.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.left.iter().chain(&self.right)
    }

    /// True when it speaks of the report of the year before.
    pub fn looks_back(&self) -> bool {
        self.terms().any(|term| term.when == When::LastYear)
    }

    /// The ids written out, not reached through a pattern.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let patterns = self.terms().flat_map(|term| &term.patterns);
        patterns.filter_map(|pattern| if let Pattern::Id(id) = pattern { Some(id.as_str()) } else { None })
    }
}

fn spaced<'a, O>(
    inner: impl Parser<&'a str, Output = O, Error = nom::error::Error<&'a str>>,
) -> impl Parser<&'a str, Output = O, Error = nom::error::Error<&'a str>> {
    delimited(multispace0, inner, multispace0)
}

fn side(input: &str) -> IResult<&str, Vec<Term>> {
    let signed = |input| {
        let (rest, (sign, term)) = (spaced(one_of("+-")), term).parse(input)?;
        Ok((rest, Term { factor: if sign == '-' { -term.factor } else { term.factor }, ..term }))
    };
    map((term, many0(signed)), |(first, more)| std::iter::once(first).chain(more).collect()).parse(input)
}

fn term(input: &str) -> IResult<&str, Term> {
    let factor = opt(terminated(map_opt(digit1, |digits: &str| digits.parse::<i64>().ok()), spaced(char('*'))));
    let sum = delimited(spaced(tag("sum(")), separated_list1(spaced(char(',')), pattern), spaced(char(')')));
    let last_year = delimited(spaced(tag("last_year(")), pattern, spaced(char(')')));
    let body = alt((
        map(sum, |patterns| (patterns, When::ThisYear)),
        map(last_year, |pattern| (vec![pattern], When::LastYear)),
        map(pattern, |pattern| (vec![pattern], When::ThisYear)),
    ));
    let whole = |(factor, (patterns, when)): (Option<i64>, _)| Term { factor: factor.unwrap_or(1), patterns, when };
    map((preceded(multispace0, factor), body), whole).parse(input)
}

/// An id, or a pattern over ids.
pub(super) fn pattern(input: &str) -> IResult<&str, Pattern> {
    if let Some(rest) = input.strip_prefix("**") {
        return Ok((rest, Pattern::Leaves(String::new())));
    }
    let (rest, id) =
        take_while1(|character: char| character.is_ascii_alphanumeric() || character == '_' || character == '.').parse(input)?;
    let (rest, stars) = opt(alt((tag("**"), tag("*")))).parse(rest)?;
    let group = id.trim_end_matches('.').to_string();
    let pattern = match stars {
        Some("**") => Pattern::Leaves(group),
        Some(_) => Pattern::Children(group),
        None => Pattern::Id(id.to_string()),
    };
    Ok((rest, pattern))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities_are_parsed() {
        let identity = Identity::parse("flow", "a + 2 * b = sum(c.d, e.*) - f.**").unwrap();
        assert_eq!(identity.left.iter().map(|term| term.factor).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(identity.right.first().unwrap().patterns, [Pattern::Id("c.d".into()), Pattern::Children("e".into())]);
        assert_eq!(identity.right.get(1).unwrap(), &Term { factor: -1, patterns: vec![Pattern::Leaves("f".into())], when: When::ThisYear });
        assert_eq!(Identity::parse("bad", "a = = b"), Err(4));
        let years = Identity::parse("stock", "a = last_year(a) + b").unwrap();
        assert_eq!(years.right.iter().map(|term| term.when).collect::<Vec<_>>(), [When::LastYear, When::ThisYear]);
        assert!(years.looks_back() && !identity.looks_back());
    }
}
