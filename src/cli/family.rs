//! `luoshu grammar …`: families listed, shown, drawn as a tree, and looked over for mistakes.

use super::show::plain;
use luoshu::flag::Message;
use luoshu::grammar::{Band, Family, Group, Identity, Indicator, Item, TableForm, is_under};
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
        roots.push(Node { text: "sections".into(), children: nest(&family.sections, 0) });
    }
    roots.extend(family.tables.iter().map(table));
    if !family.claims.is_empty() {
        let sums = |claim: &luoshu::grammar::Claim| claim.is.iter().map(|sum| sum.text.as_str()).collect::<Vec<_>>().join(" | ");
        let line = |claim: &luoshu::grammar::Claim| Node::leaf(format!("{}: {}", claim.id, sums(claim)));
        roots.push(Node { text: "claims".into(), children: family.claims.iter().map(line).collect() });
    }
    if !family.indicators.is_empty() {
        roots.push(Node { text: "indicators".into(), children: nest(&family.indicators, 0) });
    }
    if !family.groups.is_empty() {
        let line = |group: &Group| Node::leaf(format!("{}: {}", group.labels.first().map_or("", String::as_str), group.parts.join(", ")));
        roots.push(Node { text: "rows of indicators".into(), children: family.groups.iter().map(line).collect() });
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
        family.indicators.len(),
    ];
    let [tables, rows, columns, identities, indicators] = counts.map(|count: usize| count.to_string());
    let message = Message::new(
        "{0}: no mistake; {1} tables, {2} rows, {3} columns, {4} identities, {5} indicators",
        [name.into(), tables, rows, columns, identities, indicators],
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
    let part = |text: &str, list: &[Item]| Node { text: text.into(), children: nest(list, 0) };
    vec![part("columns", &band.columns), part("rows", &band.rows)]
}

/// What a tree is made of: something with a dotted id and a line that describes it.
trait Branch {
    fn id(&self) -> &str;
    fn describe(&self) -> String;
}

impl Branch for Item {
    fn id(&self) -> &str {
        &self.id
    }

    fn describe(&self) -> String {
        let labels = if self.labels.iter().all(String::is_empty) { "(no label)".to_string() } else { self.labels.join(" | ") };
        let unit = self.unit.as_ref().map_or(String::new(), |unit| format!("  [{unit}]"));
        let marks = [(self.optional, "optional"), (self.aggregate, "total")];
        let marks: String = marks.into_iter().filter(|(is_set, _)| *is_set).map(|(_, mark)| format!("  ({mark})")).collect();
        format!("{}  {labels}{unit}{marks}", self.id)
    }
}

impl Branch for Indicator {
    fn id(&self) -> &str {
        &self.id
    }

    fn describe(&self) -> String {
        let short = if self.short.is_empty() { String::new() } else { format!("  ({})", self.short.join(" | ")) };
        format!("{}  {}{short}", self.id, self.labels.join(" | "))
    }
}

/// Branches nested by their ids, in printed order: one goes under the nearest above it whose id it continues.
fn nest<T: Branch>(list: &[T], depth: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut rest = list;
    while let Some((first, after)) = rest.split_first() {
        let n_under = after.iter().take_while(|item| depth < DEEPEST && is_under(item.id(), first.id())).count();
        let (under, next) = after.split_at(n_under);
        nodes.push(Node { text: first.describe(), children: nest(under, depth + 1) });
        rest = next;
    }
    nodes
}
