//! Bars, the grid of years and publishers, small histograms: inline SVG.

use super::tally::{Distribution, Health, Tally};
use super::{escape, thousands};
use crate::dataset::variables::Variable;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Name, count and class of each bar; names are escaped already.
pub fn bars(out: &mut impl Write, rows: &[(String, u64, &str)]) -> io::Result<()> {
    let most = rows.iter().map(|(_, count, _)| *count).max().unwrap_or(1).max(1);
    write!(out, "<div class=\"bars\">")?;
    for (name, count, class) in rows {
        let width = (count * 1000).div_ceil(most);
        write!(
            out,
            "<span>{name}</span><svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"back\" width=\"1000\" height=\"10\"/>\
             <rect class=\"{class}\" width=\"{width}\" height=\"10\"/></svg><span class=\"n\">{}</span>",
            thousands(*count)
        )?;
    }
    write!(out, "</div>")
}

/// Side of a square.
const SIDE: usize = 16;

/// One line a publisher, one square a year.
pub fn matrix(out: &mut impl Write, tally: &Tally) -> io::Result<()> {
    let years: BTreeSet<i32> = tally.publishers().flat_map(|(_, years)| years.keys().copied()).collect();
    if years.is_empty() {
        return Ok(());
    }
    write!(out, "<div class=\"wide\"><table><thead><tr><th></th>")?;
    for year in &years {
        write!(out, "<th>{year}</th>")?;
    }
    write!(out, "</tr></thead><tbody>")?;
    for (publisher, own) in tally.publishers() {
        write!(out, "<tr><td>{}</td>", escape(publisher))?;
        for year in &years {
            let class = match own.get(year) {
                None => "back",
                Some(Health::Ok) => "ok",
                Some(Health::Warning) => "warning",
                Some(Health::Error) => "error",
            };
            write!(
                out,
                "<td><svg width=\"{SIDE}\" height=\"{SIDE}\"><title>{year} {class}</title><rect class=\"{class}\" width=\"{SIDE}\" height=\"{SIDE}\" rx=\"3\"/></svg></td>"
            )?;
        }
        write!(out, "</tr>")?;
    }
    write!(out, "</tbody></table></div>")
}

/// Names of the sizes, from below 0 up.
const SIZES: [&str; 12] = ["−", "0", "0.", "1", "2", "3", "4", "5", "6", "7", "8", "9+"];

/// The values of one variable by size.
pub fn histogram(out: &mut impl Write, variable: &Variable, own: &Distribution) -> io::Result<()> {
    let most = own.sizes.iter().max().copied().unwrap_or(1).max(1);
    write!(out, "<figure><svg viewBox=\"0 0 240 56\" role=\"img\" aria-label=\"{}\">", escape(&variable.name))?;
    for (index, (count, size)) in own.sizes.iter().zip(SIZES).enumerate() {
        let (left, height) = (index * 20, u64::from(*count) * 40 / u64::from(most) + u64::from(*count > 0));
        write!(
            out,
            "<rect class=\"plain\" x=\"{}\" y=\"{}\" width=\"16\" height=\"{height}\"/><text x=\"{}\" y=\"55\" text-anchor=\"middle\">{size}</text>",
            left + 2,
            42 - height.min(42),
            left + 10
        )?;
    }
    let ends = own.ends.map(|(least, most)| format!("{least} … {most}")).unwrap_or_default();
    let unit = variable.unit.as_deref().map(escape).unwrap_or_default();
    let (name, label) = (escape(&variable.name), escape(&variable.label));
    write!(
        out,
        "</svg><figcaption>{name}<small>{label}</small><small>n = {} · {ends} {unit}</small></figcaption></figure>",
        thousands(own.n())
    )
}
