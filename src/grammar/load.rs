//! TOML → Family. A mistake is told with its place in the grammar file, never on the data.

use super::{Band, CellSum, Claim, Edition, Family, Identity, Item, Prose, Saying, TableForm};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

/// A mistake in a grammar file.
#[derive(Debug, Clone, PartialEq)]
pub struct GrammarError {
    /// What is wrong and what would be right.
    pub message: String,
    /// Where: bytes of the grammar file.
    pub span: Range<usize>,
}

type Key<'a> = Spanned<DeString<'a>>;
type Node<'a> = Spanned<DeValue<'a>>;

/// Load a family from the text of its file.
pub fn load(text: &str) -> Result<Family, GrammarError> {
    let table =
        DeTable::parse(text).map_err(|error| GrammarError { message: error.message().to_string(), span: error.span().unwrap_or(0..0) })?;
    let root = table.get_ref();
    only_keys(root, &["family", "title", "aliases", "editions", "sections", "table", "claim", "prose"])?;
    let mut titles = vec![required(root, "title", text.len())?];
    titles.extend(root.get("aliases").map(strings).transpose()?.unwrap_or_default());
    let tables = root.get("table").map(|node| list(node)?.iter().map(load_table).collect()).transpose()?.unwrap_or_default();
    Ok(Family {
        id: required(root, "family", text.len())?,
        titles,
        editions: root.get("editions").map(load_editions).transpose()?.unwrap_or_default(),
        sections: root.get("sections").map(items).transpose()?.unwrap_or_default(),
        tables,
        claims: root.get("claim").map(|node| list(node)?.iter().map(load_claim).collect()).transpose()?.unwrap_or_default(),
        prose: root.get("prose").map(load_prose).transpose()?.unwrap_or_default(),
    })
}

fn load_claim(node: &Node) -> Result<Claim, GrammarError> {
    let table = dictionary(node)?;
    only_keys(table, &["id", "says", "is", "needs", "not", "under"])?;
    let texts = |key: &str| table.get(key).map(strings).transpose().map(Option::unwrap_or_default);
    let part = |key: &str| table.get(key).ok_or_else(|| mistake(node, &format!("a claim needs `{key}`")));
    let says = parts(part("says")?, Saying::parse, "a saying is words round one `{n}`, such as `(a|b)~8c{n}d`")?;
    let is = parts(part("is")?, CellSum::parse, "a sum of cells is written `table/row/column + sum(table/group.**/column)`")?;
    Ok(Claim { id: required(table, "id", node.span().start)?, says, is, needs: texts("needs")?, not: texts("not")?, under: texts("under")? })
}

fn load_prose(node: &Node) -> Result<Prose, GrammarError> {
    let table = dictionary(node)?;
    only_keys(table, &["quiet", "offices", "own", "shares", "share_of"])?;
    let texts = |key: &str| table.get(key).map(strings).transpose().map(Option::unwrap_or_default);
    let sums = |node| parts(node, CellSum::parse, "a sum of cells is written `table/row/column`");
    Ok(Prose {
        quiet: texts("quiet")?,
        offices: texts("offices")?,
        own: texts("own")?,
        shares: texts("shares")?,
        share_of: table.get("share_of").map(sums).transpose()?.unwrap_or_default(),
    })
}

/// One text or a list of them, each parsed; a mistake is shown where it stands.
fn parts<T>(node: &Node, parse: fn(&str) -> Result<T, usize>, help: &str) -> Result<Vec<T>, GrammarError> {
    let one = |node: &Node| {
        let text = string(node)?;
        parse(&text).map_err(|offset| {
            let start = (node.span().start + 1 + offset).min(node.span().end);
            GrammarError { message: help.to_string(), span: start..node.span().end }
        })
    };
    match node.get_ref() {
        DeValue::Array(array) => array.iter().map(one).collect(),
        _ => one(node).map(|part| vec![part]),
    }
}

fn load_editions(node: &Node) -> Result<Vec<Edition>, GrammarError> {
    let load_one = |(key, node): (&Key, &Node)| {
        let years = string(node)?;
        let (first, last) = years.split_once("..").ok_or_else(|| mistake(node, "years are written `2019..2020` or `2021..`"))?;
        let year = |text: &str| text.trim().parse::<i32>().map_err(|_| mistake(node, "a year is a whole number"));
        let last = if last.trim().is_empty() { None } else { Some(year(last)?) };
        Ok(Edition { id: key.get_ref().to_string(), first: year(first)?, last })
    };
    dictionary(node)?.iter().map(load_one).collect()
}

fn load_table(node: &Node) -> Result<TableForm, GrammarError> {
    let table = dictionary(node)?;
    only_keys(table, &["id", "section", "unit", "stub", "columns", "rows", "band", "check"])?;
    let mut bands = vec![];
    if table.contains_key("columns") {
        bands.push(load_band(table)?);
    }
    if let Some(node) = table.get("band") {
        for node in list(node)? {
            let band = dictionary(node)?;
            only_keys(band, &["opens", "edition", "columns", "rows"])?;
            bands.push(load_band(band)?);
        }
    }
    let checks = table.get("check").map(dictionary).transpose()?;
    if let Some(checks) = checks {
        only_keys(checks, &["rows", "columns", "years"])?;
    }
    let identities = |axis: &str| checks.and_then(|checks| checks.get(axis)).map(load_identities).transpose();
    Ok(TableForm {
        id: required(table, "id", node.span().start)?,
        section: required(table, "section", node.span().start)?,
        unit: table.get("unit").map(string).transpose()?,
        stub: table.get("stub").map(strings).transpose()?.unwrap_or_default(),
        bands,
        row_checks: identities("rows")?.unwrap_or_default(),
        column_checks: identities("columns")?.unwrap_or_default(),
    })
}

fn load_band(table: &DeTable) -> Result<Band, GrammarError> {
    Ok(Band {
        opens: table.get("opens").map(string).transpose()?,
        edition: table.get("edition").map(string).transpose()?,
        columns: table.get("columns").map(items).transpose()?.unwrap_or_default(),
        rows: table.get("rows").map(items).transpose()?.unwrap_or_default(),
    })
}

fn load_identities(node: &Node) -> Result<Vec<Identity>, GrammarError> {
    let load_one = |(key, node): (&Key, &Node)| {
        let text = string(node)?;
        Identity::parse(key.get_ref(), &text).map_err(|offset| {
            let start = (node.span().start + 1 + offset).min(node.span().end);
            GrammarError { message: "an identity is `sum = sum`, such as `total = a + sum(b.*)`".into(), span: start..node.span().end }
        })
    };
    dictionary(node)?.iter().map(load_one).collect()
}

fn items(node: &Node) -> Result<Vec<Item>, GrammarError> {
    dictionary(node)?.iter().map(|(key, node)| item(key, node)).collect()
}

fn item(key: &Key, node: &Node) -> Result<Item, GrammarError> {
    let id = key.get_ref().to_string();
    let plain = |labels| Item { id: id.clone(), labels, optional: false, aggregate: false, unit: None };
    let DeValue::Table(table) = node.get_ref() else { return strings(node).map(plain) };
    only_keys(table, &["label", "optional", "aggregate", "unit"])
        .map_err(|error| GrammarError { message: format!("{}; is the dotted id before it unquoted?", error.message), ..error })?;
    let is_set = |name: &str| matches!(table.get(name).map(Spanned::get_ref), Some(DeValue::Boolean(true)));
    let labels = table.get("label").ok_or_else(|| mistake(node, "`label` is missing")).and_then(strings)?;
    Ok(Item {
        optional: is_set("optional"),
        aggregate: is_set("aggregate"),
        unit: table.get("unit").map(string).transpose()?,
        ..plain(labels)
    })
}

fn mistake(node: &Node, message: &str) -> GrammarError {
    GrammarError { message: message.to_string(), span: node.span() }
}

fn only_keys(table: &DeTable, known: &[&str]) -> Result<(), GrammarError> {
    let unknown = table.keys().find(|key| !known.contains(&key.get_ref().as_ref()));
    unknown.map_or(Ok(()), |key| {
        Err(GrammarError { message: format!("unknown key `{}`; known here: {}", key.get_ref(), known.join(", ")), span: key.span() })
    })
}

fn required(table: &DeTable, key: &str, near: usize) -> Result<String, GrammarError> {
    table.get(key).map_or_else(|| Err(GrammarError { message: format!("`{key}` is missing"), span: near..near }), string)
}

fn string(node: &Node) -> Result<String, GrammarError> {
    node.get_ref().as_str().map(str::to_string).ok_or_else(|| mistake(node, "a text in quotes is expected"))
}

fn strings(node: &Node) -> Result<Vec<String>, GrammarError> {
    match node.get_ref() {
        DeValue::Array(array) => array.iter().map(string).collect(),
        _ => string(node).map(|text| vec![text]),
    }
}

fn list<'n, 'i>(node: &'n Node<'i>) -> Result<&'n toml::de::DeArray<'i>, GrammarError> {
    node.get_ref().as_array().ok_or_else(|| mistake(node, "a list is expected"))
}

fn dictionary<'n, 'i>(node: &'n Node<'i>) -> Result<&'n DeTable<'i>, GrammarError> {
    node.get_ref().as_table().ok_or_else(|| mistake(node, "a table is expected"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_families_load() {
        for (name, text) in super::super::BUILT_IN {
            assert_eq!(load(text).unwrap().id, *name);
        }
    }

    #[test]
    fn a_mistake_is_shown_where_it_is() {
        let text = "family = 'x'\ntitle = 'y'\n[[table]]\nid = 't'\nsection = 's'\ncolums = {}\n";
        let error = load(text).unwrap_err();
        assert_eq!(&text[error.span], "colums");
    }
}
