//! `luoshu grammar …`: families listed, shown, drawn as a tree, and looked over for mistakes.

use super::show::plain;
use luoshu::flag::Message;
use luoshu::grammar::{Band, Family, Identity, Item, TableForm, is_under};
use luoshu::manual::{Language, say};
use std::fmt::Write;

/// A family as a nested view.
pub fn tree(family: &Family) -> String {
    let mut roots = Vec::new();
    if !family.editions.is_empty() {
        let edition = |edition: &luoshu::grammar::Edition| {
            let last = edition.last.map_or(String::new(), |last| last.to_string());
            Node::leaf(format!("{}  {}..{last}", edition.id, edition.first))
        };
        roots.push(Node { text: "editions".into(), children: family.editions.iter().map(edition).collect() });
    }
    if !family.sections.is_empty() {
        roots.push(Node { text: "sections".into(), children: items(&family.sections) });
    }
    roots.extend(family.tables.iter().map(table));
    if !family.claims.is_empty() {
        let sums = |claim: &luoshu::grammar::Claim| claim.is.iter().map(|sum| sum.text.as_str()).collect::<Vec<_>>().join(" | ");
        let line = |claim: &luoshu::grammar::Claim| Node::leaf(format!("{}: {}", claim.id, sums(claim)));
        roots.push(Node { text: "claims".into(), children: family.claims.iter().map(line).collect() });
    }
    let mut out = format!("{}\n", plain(&format!("{}  {}", family.id, family.titles.join(" | "))));
    draw(&roots, "", &mut out);
    out
}

/// One line on a family without mistakes: how much there is in it.
pub fn tally(family: &Family, name: &str, language: Language) -> String {
    let bands = || family.tables.iter().flat_map(|form| &form.bands);
    let counts = [
        family.tables.len(),
        bands().map(|band| band.rows.len()).sum(),
        bands().map(|band| band.columns.len()).sum(),
        family.tables.iter().map(|form| form.row_checks.len() + form.column_checks.len() + form.year_checks.len()).sum(),
    ];
    let [tables, rows, columns, identities] = counts.map(|count: usize| count.to_string());
    let message = Message::new(
        "{0}: no mistake; {1} tables, {2} rows, {3} columns, {4} identities",
        [name.into(), tables, rows, columns, identities],
    );
    say(&message, language)
}

struct Node {
    text: String,
    children: Vec<Node>,
}

impl Node {
    fn leaf(text: String) -> Node {
        Node { text, children: Vec::new() }
    }
}

/// How deep a tree is drawn; an id of a thousand dots is nobody's.
const DEEPEST: usize = 40;

fn draw(nodes: &[Node], indent: &str, out: &mut String) {
    for (index, node) in nodes.iter().enumerate() {
        let is_last = index + 1 == nodes.len();
        let (fork, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{indent}{fork}{}", plain(&node.text));
        draw(&node.children, &format!("{indent}{below}"), out);
    }
}

fn table(form: &TableForm) -> Node {
    let unit = form.unit.as_ref().map_or(String::new(), |unit| format!("  [{unit}]"));
    let mut children = Vec::new();
    for one in &form.bands {
        let parts = band(one);
        if one.opens.is_none() && one.edition.is_none() {
            children.extend(parts);
        } else {
            let edition = one.edition.as_ref().map_or(String::new(), |edition| format!("  edition {edition}"));
            children.push(Node { text: format!("band {}{edition}", one.opens.as_deref().unwrap_or("")), children: parts });
        }
    }
    let checks = |text: &str, identities: &[Identity]| {
        let line = |identity: &Identity| Node::leaf(format!("{}: {}", identity.name, identity.text));
        (!identities.is_empty()).then(|| Node { text: text.into(), children: identities.iter().map(line).collect() })
    };
    children.extend(checks("identities over rows", &form.row_checks));
    children.extend(checks("identities over columns", &form.column_checks));
    children.extend(checks("identities between years", &form.year_checks));
    Node { text: format!("table {}  in section {}{unit}", form.id, form.section), children }
}

fn band(band: &Band) -> Vec<Node> {
    let part = |text: &str, list: &[Item]| Node { text: text.into(), children: items(list) };
    vec![part("columns", &band.columns), part("rows", &band.rows)]
}

/// Items nested by their ids, in printed order: an item goes under the nearest one above it whose id it continues.
fn items(list: &[Item]) -> Vec<Node> {
    nest(list, 0)
}

fn nest(list: &[Item], depth: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut rest = list;
    while let Some((first, after)) = rest.split_first() {
        let n_under = after.iter().take_while(|item| depth < DEEPEST && is_under(&item.id, &first.id)).count();
        let (under, next) = after.split_at(n_under);
        nodes.push(Node { text: describe(first), children: nest(under, depth + 1) });
        rest = next;
    }
    nodes
}

fn describe(item: &Item) -> String {
    let labels = if item.labels.iter().all(String::is_empty) { "(no label)".to_string() } else { item.labels.join(" | ") };
    let unit = item.unit.as_ref().map_or(String::new(), |unit| format!("  [{unit}]"));
    let marks = [(item.optional, "optional"), (item.aggregate, "total")];
    let marks: String = marks.into_iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| format!("  ({mark})")).collect();
    format!("{}  {labels}{unit}{marks}", item.id)
}
