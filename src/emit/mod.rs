//! Report → JSON (schema `luoshu/report/1`), written as it is walked, never built as a tree. The only room that knows JSON.

mod tables;
mod values;

use crate::claims::{Found, Verdict};
use crate::doc::{Block, Status};
use crate::fit::FittedTable;
use crate::flag::{Candidate, Flag};
use crate::fold::tidy;
use crate::outline::Section;
use crate::place::{Place, Span};
use crate::report::Report;
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::Number;
use sha2::{Digest, Sha256};
use tables::tables;
use values::{exact, values};

/// The JSON Schema of what [`report_to_json`] writes.
pub const SCHEMA: &str = include_str!("../report.schema.json");

const SCHEMA_ID: &str = "luoshu/report/1";

/// The report as one line of JSON; `path` is what the user called the file, `bytes` what it holds.
pub fn report_to_json(report: &Report, path: &str, bytes: &[u8]) -> String {
    fingerprinted(report, path, sha256(bytes))
}

/// The same, for whoever knows the SHA-256 of the bytes in hexadecimal digits.
pub fn fingerprinted(report: &Report, path: &str, sha256: String) -> String {
    let layout = Layout::new(report);
    let source = Source {
        path,
        sha256: Some(sha256),
        format: Some(report.source.format),
        encoding: report.source.encoding.as_deref(),
        pages: (!report.source.document.pages.is_empty())
            .then(|| report.source.document.pages.iter().map(|status| status.name()).collect()),
        status: report.source.status.name(),
    };
    let document = JsonReport {
        schema: SCHEMA_ID,
        source,
        report: identity(report),
        sections: Seq(|| layout.roots.iter().map(|&index| JsonSection { layout: &layout, index })),
        tables: tables(report),
        values: Seq(|| values(report)),
        claims: Seq(|| report.claims.iter().map(|claim| json_claim(report, claim))),
        flags: Seq(|| report.flags.iter().map(|flag| JsonFlag { report, flag, path: None })),
        coverage: JsonCoverage { report },
    };
    to_line(&document)
}

/// The line that stands for an input that could not be opened or on which reading failed.
pub fn failure_to_json(path: &str, status: Status, why: &str) -> String {
    let nothing: [u8; 0] = [];
    let flag = serde_json::json!({
        "code": "no-text", "severity": "error", "fault": "unknown", "message": why, "help": null, "place": null, "related": nothing, "cells": nothing,
    });
    let tally = Tally { held: 0, failed: 0, not_checkable: 0 };
    let document = JsonReport {
        schema: SCHEMA_ID,
        source: Source { path, sha256: None, format: None, encoding: None, pages: None, status: status.name() },
        report: JsonIdentity::default(),
        sections: nothing,
        tables: nothing,
        values: nothing,
        claims: nothing,
        flags: [flag],
        coverage: serde_json::json!({
            "numbers": 0, "placed": 0, "noted": nothing, "unplaced": nothing, "rows_expected": 0, "rows_found": 0, "identities": tally,
        }),
    };
    to_line(&document)
}

/// A flag as one line of JSON, with the file it is about.
pub fn flag_to_json(report: &Report, flag: &Flag, path: &str) -> String {
    to_line(&JsonFlag { report, flag, path: Some(path) })
}

fn to_line(value: &impl Serialize) -> String {
    // Writing to a string fails only on maps whose keys are no strings; there are none.
    serde_json::to_string(value).unwrap_or_default()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A list that is walked while it is written.
struct Seq<F>(F);

impl<F, I> Serialize for Seq<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[derive(Serialize)]
struct JsonReport<'a, Sections, Tables, Values, Claims, Flags, Coverage> {
    schema: &'static str,
    source: Source<'a>,
    report: JsonIdentity<'a>,
    sections: Sections,
    tables: Tables,
    values: Values,
    claims: Claims,
    flags: Flags,
    coverage: Coverage,
}

#[derive(Serialize)]
struct Source<'a> {
    path: &'a str,
    sha256: Option<String>,
    format: Option<&'static str>,
    encoding: Option<&'a str>,
    pages: Option<Vec<&'static str>>,
    status: &'static str,
}

#[derive(Serialize, Default)]
struct JsonIdentity<'a> {
    family: Option<&'a str>,
    edition: Option<&'a str>,
    title: Option<&'a str>,
    publisher: Option<&'a str>,
    year: Option<i32>,
}

fn identity<'a>(report: &'a Report) -> JsonIdentity<'a> {
    JsonIdentity {
        family: report.family.map(|family| family.id.as_str()),
        edition: report.family.map(|_| report.fitted.edition.as_str()),
        title: report.identity.title.as_deref(),
        publisher: report.identity.publisher.as_deref(),
        year: report.identity.year,
    }
}

/// Which section holds which sections and tables, worked out once.
struct Layout<'a> {
    report: &'a Report<'a>,
    roots: Vec<usize>,
    children: Vec<Vec<usize>>,
    tables: Vec<Vec<String>>,
}

impl<'a> Layout<'a> {
    fn new(report: &'a Report<'a>) -> Layout<'a> {
        let n_sections = report.outline.sections.len();
        let mut layout = Layout { report, roots: Vec::new(), children: vec![Vec::new(); n_sections], tables: vec![Vec::new(); n_sections] };
        for (index, section) in report.outline.sections.iter().enumerate() {
            match section.parent.and_then(|parent| layout.children.get_mut(parent)) {
                Some(siblings) => siblings.push(index),
                None => layout.roots.push(index),
            }
        }
        for (index, section) in report.table_sections().enumerate() {
            if let Some(tables) = section.and_then(|section| layout.tables.get_mut(section)) {
                tables.push(table_id(index));
            }
        }
        layout
    }
}

fn table_id(index: usize) -> String {
    format!("t{}", index + 1)
}

fn section_id(index: usize) -> String {
    format!("s{}", index + 1)
}

struct JsonSection<'a> {
    layout: &'a Layout<'a>,
    index: usize,
}

impl Serialize for JsonSection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JsonSection { layout, index } = *self;
        let report = layout.report;
        let Some(section) = report.outline.sections.get(index) else { return serializer.serialize_none() };
        let mut out = serializer.serialize_struct("section", 8)?;
        out.serialize_field("id", &section_id(index))?;
        out.serialize_field("number", &section.number)?;
        out.serialize_field("level", &section.level)?;
        out.serialize_field("title", &section.title)?;
        out.serialize_field("role", &report.fitted.roles.get(index).cloned().flatten())?;
        out.serialize_field("text", &Seq(|| section_text(report, section)))?;
        out.serialize_field("tables", &layout.tables.get(index))?;
        let children = layout.children.get(index).map(Vec::as_slice).unwrap_or_default();
        out.serialize_field("children", &Seq(|| children.iter().map(|&index| JsonSection { layout, index })))?;
        out.end()
    }
}

fn section_text<'a>(report: &'a Report, section: &'a Section) -> impl Iterator<Item = String> + 'a {
    let document = &report.source.document;
    let own = document.blocks.get(section.blocks.clone()).unwrap_or_default().iter().skip(1);
    let paras = own.filter_map(|block| if let Block::Para(para) = block { Some(para.span) } else { None });
    section.run_in.into_iter().chain(paras).map(|span| tidy(document.slice(span)))
}

#[derive(Serialize)]
struct JsonClaim<'a> {
    id: &'a str,
    value: Option<Number>,
    quote: String,
    verdict: &'static str,
    expected: Option<Number>,
    cells: &'a [String],
    place: Option<JsonPlace>,
}

fn json_claim<'a>(report: &Report, claim: &'a Found) -> JsonClaim<'a> {
    let (verdict, expected) = match &claim.verdict {
        Verdict::Confirmed => ("confirmed", None),
        Verdict::Off(value) => ("off", exact(&value.to_string())),
        Verdict::NotCheckable => ("not-checkable", None),
    };
    JsonClaim {
        id: &claim.id,
        value: exact(&claim.stated.to_string()),
        quote: tidy(report.source.document.slice(claim.quote)),
        verdict,
        expected,
        cells: &claim.cells,
        place: place(report, Some(claim.span)),
    }
}

struct JsonFlag<'a> {
    report: &'a Report<'a>,
    flag: &'a Flag,
    path: Option<&'a str>,
}

impl Serialize for JsonFlag<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let JsonFlag { report, flag, path } = *self;
        let mut out = serializer.serialize_map(None)?;
        if let Some(path) = path {
            out.serialize_entry("path", path)?;
        }
        out.serialize_entry("code", flag.code.name())?;
        out.serialize_entry("severity", flag.severity.name())?;
        out.serialize_entry("fault", flag.fault.name())?;
        out.serialize_entry("message", &flag.message.to_string())?;
        out.serialize_entry("help", &flag.help.as_ref().map(ToString::to_string))?;
        out.serialize_entry("place", &place(report, flag.span))?;
        let related =
            |related: &'_ crate::flag::Related| JsonRelated { label: related.label.clone(), place: place(report, Some(related.span)) };
        out.serialize_entry("related", &Seq(|| flag.related.iter().map(related)))?;
        out.serialize_entry("cells", &flag.cells)?;
        if let Some(proposal) = &flag.proposal {
            let (cell, value, reason) = (proposal.cell.as_str(), exact(&proposal.value), proposal.reason.to_string());
            out.serialize_entry("proposal", &JsonProposal { cell, value, reason, only: proposal.only })?;
        }
        if !flag.candidates.is_empty() {
            out.serialize_entry("candidates", &Seq(|| flag.candidates.iter().map(|cells| JsonCandidate(cells))))?;
        }
        out.end()
    }
}

#[derive(Serialize)]
struct JsonRelated {
    label: String,
    place: Option<JsonPlace>,
}

#[derive(Serialize)]
struct JsonProposal<'a> {
    cell: &'a str,
    value: Option<Number>,
    reason: String,
    only: bool,
}

struct JsonCandidate<'a>(&'a [Candidate]);

impl Serialize for JsonCandidate<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|cell| (&cell.cell, &cell.raw)))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonPlace {
    Text {
        line: u32,
        column: u32,
        byte: [u32; 2],
    },
    Page {
        page: u32,
        #[serde(rename = "box")]
        bounds: [f64; 4],
        /// Only there where the page's words are recognised in a picture.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        ocr: bool,
    },
    Sheet {
        sheet: String,
        cell: String,
    },
}

fn place(report: &Report, span: Option<Span>) -> Option<JsonPlace> {
    Some(match report.source.document.place(span?)? {
        Place::Text { line, column, byte } => JsonPlace::Text { line, column, byte },
        // A tenth of a point is finer than any printer.
        Place::Page { page, bounds } => {
            let status = report.source.document.pages.get((page as usize).saturating_sub(1));
            let bounds = bounds.map(|edge| (f64::from(edge) * 10.0).round() / 10.0);
            JsonPlace::Page { page, bounds, ocr: status == Some(&Status::Recognised) }
        }
        Place::Sheet { sheet, cell } => JsonPlace::Sheet { sheet, cell },
    })
}

#[derive(Serialize)]
struct Tally {
    held: usize,
    failed: usize,
    not_checkable: usize,
}

#[derive(Serialize)]
struct JsonToken<'a> {
    raw: &'a str,
    place: Option<JsonPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
}

struct JsonCoverage<'a> {
    report: &'a Report<'a>,
}

impl Serialize for JsonCoverage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let token = |span: Span, why| JsonToken { raw: report.source.document.slice(span), place: place(report, Some(span)), why };
        let sum = |count: fn(&FittedTable) -> usize| report.fitted.tables.iter().map(count).sum::<usize>();
        let tally = report.tally();
        let mut out = serializer.serialize_struct("coverage", 7)?;
        out.serialize_field("numbers", &report.coverage.numbers)?;
        out.serialize_field("placed", &report.coverage.placed)?;
        out.serialize_field("noted", &Seq(|| report.coverage.noted.iter().map(|&(span, why)| token(span, Some(why)))))?;
        out.serialize_field("unplaced", &Seq(|| report.coverage.unplaced.iter().map(|&span| token(span, None))))?;
        out.serialize_field("rows_expected", &sum(|table| table.rows_expected))?;
        out.serialize_field("rows_found", &sum(|table| table.rows_found))?;
        out.serialize_field("identities", &Tally { held: tally.held, failed: tally.failed, not_checkable: tally.not_checkable })?;
        out.end()
    }
}
