//! Tables without a grammar, scored on research benchmarks where these lie beside the repository: which sums hold, what
//! each line is for, one damaged row in a real table. The scorers are the benchmarks' own; everything goes through the
//! public library, as any CSV file does.
#![allow(missing_docs, clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use luoshu::discover::matrix::Axis;
use luoshu::discover::relation::Operation;
use luoshu::flag::Severity;
use luoshu::generic::frame::Role;
use luoshu::place::{Place, Span};
use luoshu::report::{Report, parse};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

fn bench(name: &str) -> Option<(PathBuf, Vec<PathBuf>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench").join(name);
    let Ok(files) = std::fs::read_dir(folder.join("input")) else {
        eprintln!("skipped: the benchmark {name} is not here");
        return None;
    };
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    Some((folder, files))
}

fn id(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

/// The line on which each record of a CSV text begins.
fn record_lines(text: &str) -> Vec<u32> {
    let (mut quoted, mut line, mut starts) = (false, 1, vec![1]);
    for (offset, character) in text.char_indices() {
        quoted ^= character == '"';
        line += u32::from(character == '\n');
        if character == '\n' && !quoted && offset + 1 < text.len() {
            starts.push(line);
        }
    }
    starts
}

/// The records of a report's spans.
struct Records<'a> {
    report: &'a Report<'a>,
    starts: Vec<u32>,
}

impl Records<'_> {
    fn new<'a>(report: &'a Report<'a>, bytes: &[u8]) -> Records<'a> {
        Records { report, starts: record_lines(&String::from_utf8_lossy(bytes)) }
    }

    fn of(&self, span: Span) -> usize {
        match self.report.source.document.place(span) {
            Some(Place::Text { line, .. }) => self.starts.partition_point(|&start| start <= line).saturating_sub(1),
            _ => 0,
        }
    }

    /// The records of a loose table's rows.
    fn of_rows(&self, index: usize) -> Vec<usize> {
        self.report.tables[index].rows.iter().map(|row| self.of(row.span)).collect()
    }
}

fn score(folder: &Path, set: &str, predictions: &[Value]) -> Option<String> {
    let bench = folder.parent().unwrap().file_name().unwrap().to_string_lossy();
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{bench}-{set}.jsonl"));
    let lines: String = predictions.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(&out, lines).unwrap();
    let scorer = std::process::Command::new("python3").arg(folder.join("../score.py")).arg(set).arg(&out).output();
    let Ok(scored) = scorer else {
        eprintln!("skipped: there is no python3 to run the scorer");
        return None;
    };
    let output = String::from_utf8_lossy(&scored.stdout).into_owned();
    eprintln!("{output}");
    Some(output)
}

/// The number after `name` in the first line that holds `line`.
fn figure(output: &str, line: &str, name: &str) -> f64 {
    let found = output.lines().find(|own| own.contains(line)).unwrap();
    let after = &found[found.find(name).unwrap() + name.len()..];
    after.trim_start().split(|c: char| !(c.is_ascii_digit() || c == '.')).next().unwrap().parse().unwrap()
}

fn aggregations(report: &Report, bytes: &[u8]) -> Vec<Value> {
    let records = Records::new(report, bytes);
    let mut found = Vec::new();
    for table in &report.loose {
        let rows = records.of_rows(table.index);
        for relation in &table.relations {
            let name = match relation.candidate.operation {
                Operation::Sum => "Sum",
                Operation::Average => "Average",
                Operation::Share(_) => "Division",
                Operation::Growth(_) => "RelativeChange",
            };
            let cell = |line: usize, at: usize| match relation.axis {
                Axis::Rows => json!([rows[line], at]),
                Axis::Columns => json!([rows[at], line]),
            };
            for &at in relation.held.iter().chain(&relation.trivial) {
                let range: Vec<Value> = relation.candidate.parts.iter().map(|&part| cell(part, at)).collect();
                found.push(json!({ "op": name, "aggregate": cell(relation.candidate.result, at), "range": range }));
            }
        }
    }
    found
}

#[test]
fn sums_that_hold_are_found() {
    let Some((folder, files)) = bench("aggrecol/validation") else { return };
    let families = support::families();
    let mut slowest = Duration::ZERO;
    let predict = |file: &PathBuf| {
        let bytes = std::fs::read(file).unwrap();
        let begun = Instant::now();
        let report = parse(&bytes, &families);
        slowest = slowest.max(begun.elapsed());
        json!({ "id": id(file), "aggregations": aggregations(&report, &bytes) })
    };
    let predictions: Vec<Value> = files.iter().map(predict).collect();
    eprintln!("slowest file: {slowest:?}");
    let Some(output) = score(&folder, "validation", &predictions) else { return };
    assert!(figure(&output, "[sym] micro", "F1") >= 0.84, "all operators");
    assert!(figure(&output, "    Sum ", "F1") >= 0.85, "sums");
}

fn lines(report: &Report, bytes: &[u8]) -> Vec<&'static str> {
    let records = Records::new(report, bytes);
    let mut lines = vec!["empty"; records.starts.len()];
    for table in &report.loose {
        for (record, role) in records.of_rows(table.index).into_iter().zip(&table.frame.roles) {
            lines[record] = match role {
                Role::Empty => "empty",
                Role::Title => "metadata",
                Role::Header => "header",
                Role::Group => "group",
                Role::Data => "data",
                Role::Derived => "derived",
                Role::Note => "notes",
            };
        }
    }
    lines
}

#[test]
fn lines_are_told_apart() {
    let Some((folder, files)) = bench("strudel/troy") else { return };
    let families = support::families();
    let predict = |file: &PathBuf| {
        let bytes = std::fs::read(file).unwrap();
        json!({ "id": id(file), "lines": lines(&parse(&bytes, &families), &bytes) })
    };
    let predictions: Vec<Value> = files.iter().map(predict).collect();
    let Some(output) = score(&folder, "troy", &predictions) else { return };
    assert!(figure(&output, "troy lines", "macro-F1") >= 0.90, "all roles");
    assert!(figure(&output, "derived", "F1") >= 0.75, "rows worked out from others");
}

/// The records that flags above a note name, and the rows proposed.
fn flagged(report: &Report, bytes: &[u8]) -> BTreeSet<usize> {
    let records = Records::new(report, bytes);
    let mut rows = BTreeSet::new();
    for flag in report.flags.iter().filter(|flag| flag.severity > Severity::Note) {
        rows.extend(flag.span.map(|span| records.of(span)));
        let values = report.loose.iter().flat_map(|table| &table.values).filter(|value| flag.cells.contains(&value.key));
        rows.extend(values.map(|value| records.of(value.span)));
    }
    rows
}

#[test]
fn damaged_rows_are_flagged_and_clean_tables_are_not() {
    let Some((folder, files)) = bench("rowdamage/validation") else { return };
    let families = support::families();
    let predict = |file: &PathBuf| {
        let bytes = std::fs::read(file).unwrap();
        json!({ "id": id(file), "flagged": flagged(&parse(&bytes, &families), &bytes) })
    };
    let predictions: Vec<Value> = files.iter().map(predict).collect();
    let Some(output) = score(&folder, "validation", &predictions) else { return };
    let clean = figure(&output, "clean ", "false flag") / figure(&output, "clean ", "files");
    assert!(clean <= 0.05, "false alarms on clean tables");
    for kind in ["drop ", "merge ", "extra "] {
        assert!(figure(&output, kind, "  found") / figure(&output, kind, "files") >= 0.85, "{kind}");
    }
}

/// The same numbers in another order within each column: whatever is proven then is proven by chance.
fn shuffled(bytes: &[u8], report: &Report, seed: &mut u64) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut cells: Vec<(usize, [usize; 2])> = Vec::new();
    for value in report.loose.iter().flat_map(|table| &table.values).filter(|value| value.reading.quantity().is_some()) {
        if let Some(Place::Text { byte, .. }) = report.source.document.place(value.span) {
            cells.push((value.column, byte.map(|offset| offset as usize)));
        }
    }
    let mut mates: Vec<usize> = (0..cells.len()).collect();
    for place in (1..cells.len()).rev() {
        let same: Vec<usize> = (0..=place).filter(|&other| cells[other].0 == cells[place].0).collect();
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        mates.swap(place, same[(*seed >> 33) as usize % same.len()]);
    }
    let mut pieces: Vec<([usize; 2], [usize; 2])> = cells.iter().zip(&mates).map(|(cell, &mate)| (cell.1, cells[mate].1)).collect();
    pieces.sort_unstable();
    let (mut out, mut reached) = (String::new(), 0);
    for ([start, end], [from, to]) in pieces {
        out.push_str(&text[reached..start]);
        out.push_str(&text[from..to]);
        reached = end;
    }
    out.push_str(&text[reached..]);
    out.into_bytes()
}

#[test]
fn chance_proves_next_to_nothing() {
    let Some((_, files)) = bench("strudel/troy") else { return };
    let families = support::families();
    let (mut n_numbers, mut n_proven, mut n_chance, mut seed) = (0, 0, 0, 1);
    let proven = |report: &Report| {
        report.loose.iter().flat_map(|table| &table.values).filter(|value| value.trust == Some(luoshu::check::Trust::Proven)).count()
    };
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let report = parse(&bytes, &families);
        n_numbers += report.loose.iter().flat_map(|table| &table.values).filter(|value| value.reading.quantity().is_some()).count();
        n_proven += proven(&report);
        let other = shuffled(&bytes, &report, &mut seed);
        n_chance += proven(&parse(&other, &families));
    }
    eprintln!("{n_numbers} numbers, {n_proven} proven; {n_chance} when the numbers of each column are shuffled");
    assert!(n_chance * 200 <= n_numbers, "chance proves one in two hundred at most");
}

#[test]
fn a_wrong_part_among_a_hundred_is_seen_where_all_other_sums_are_exact() {
    let mut seed: u64 = 11;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 50
    };
    let mut text = format!("name,{},total\n", (1..100).map(|column| format!("c{column}")).collect::<Vec<_>>().join(","));
    for row in 0..60 {
        let parts: Vec<u64> = (1..100).map(|_| next()).collect();
        let total = parts.iter().sum::<u64>() + if row == 31 { 7 } else { 0 };
        let parts: Vec<String> = parts.iter().map(u64::to_string).collect();
        text.push_str(&format!("row {row},{},{total}\n", parts.join(",")));
    }
    let report = parse(text.as_bytes(), &[]);
    let loud: Vec<&Vec<String>> = report.flags.iter().filter(|flag| flag.severity > Severity::Note).map(|flag| &flag.cells).collect();
    assert_eq!(loud.len(), 1, "{:?}", report.flags);
    assert!(loud[0].iter().any(|cell| cell.contains("row 31")), "{loud:?}");
}

/// What is flagged above a note, by code and the cells it concerns.
fn told(text: &str) -> Vec<(&'static str, String)> {
    let families = support::families();
    let report = parse(text.as_bytes(), &families);
    let above = report.flags.iter().filter(|flag| flag.severity > Severity::Note);
    above.map(|flag| (flag.code.name(), flag.cells.join(" "))).collect()
}

/// Keys and digits of all values.
fn values(text: &str) -> Vec<String> {
    let families = support::families();
    let report = parse(text.as_bytes(), &families);
    let number = |reading: &luoshu::normalise::Reading| reading.quantity().map_or("-".to_string(), |quantity| quantity.value.to_string());
    report.loose.iter().flat_map(|table| &table.values).map(|value| format!("{} {}", value.key, number(&value.reading))).collect()
}

#[test]
fn two_numbers_that_have_changed_places_are_named() {
    // Rows of all but the last number of each: 1446 2073, 6394 7024, 4390 5449, 2947 1837, 15177 16383.
    let two = "Town,Before,After\nAlba,1446,2073\nBern,6394,7024\nCork,5449,4390\nDole,2947,1837\nTotal,15177,16383\n";
    assert_eq!(told(two), [("sum-off", "t1/Cork/Before t1/Cork/After".to_string())]);
    assert!(told(&two.replace("5449,4390", "4390,5449")).is_empty());
    let three =
        "Town,Old,New,Sold\nAlba,1446,2073,377\nBern,7024,6394,811\nCork,4390,5449,205\nDole,2947,1837,94\nTotal,15177,16383,1487\n";
    assert_eq!(told(three), [("sum-off", "t1/Bern/Old t1/Bern/New".to_string())]);
    // The last column's total is rounded by itself: its parts add up to 2689.
    let rounded = "Region,Farming,Mining,Trade,Building,Transport\nAlba,443,520,654,353,54\nBern,81,118,59,471,92\n\
        Cork,148,662,405,182,732\nDole,182,659,600,232,664\nEger,252,206,496,417,847\nTotal,1106,2165,2214,1355,2688\n";
    assert_eq!(told(rounded), [("sum-off", "t1/Alba/Building t1/Alba/Transport".to_string())]);
}

#[test]
fn a_last_cell_left_blank_is_no_lost_number_where_sums_or_sizes_say_so() {
    let adds_up = "Month,Sales,Costs,Profit,Staff\nJan,510,400,110,12\nFeb,540,420,120,12\nMar,590,450,140,13\nApr,520,430,90,13\n\
        Total,2160,1700,460,\n";
    assert!(told(adds_up).is_empty());
    let by_size = "Station,Rain,Days,Hail,Wind\nA,812,41,3,22500\nB,790,44,2,21800\nC,835,39,5,\nD,801,40,4,23100\nE,777,38,1,22900\n\
        F,820,42,2,22400\n";
    assert!(told(by_size).is_empty());
    // Days is lost: what stands under it is Hail's, and Wind's stands under Hail.
    let lost = by_size.replace("C,835,39,5,\n", "C,835,5,22700,\n");
    assert_eq!(told(&lost), [("row-short", "t1/C/*".to_string())]);
}

#[test]
fn what_stands_between_two_digits_is_not_passed_over() {
    let text = "2023年报告\n项目\t甲\t乙\n规章\t1\x000\t5\n许可\t7\t8\n处罚\t9\t11\n收费\t6\t3\n";
    assert!(values(text).iter().any(|value| value.contains("规章/甲") && !value.contains("10")), "{:?}", values(text));
    assert!(told(text).iter().any(|(code, _)| *code == "number-unread"), "{:?}", told(text));
}

#[test]
fn growth_is_no_sum_that_fails() {
    let growth = "Industry,Jobs before,Jobs after,Growth\nAlba,2446,2073,-15.2\nBern,6394,6024,-5.8\nCork,4390,5449,24.1\nDole,2947,2837,-3.7\n\
        Eger,5717,6724,17.6\nFaro,8895,11024,23.9\nTotal,30789,34131,10.9\n";
    assert!(told(growth).is_empty());
}

#[test]
fn years_with_words_behind_them_are_a_header() {
    let text = "Item,2023,2022,Change (%)\nCoal,1300,1200,8.3\nIron,120,100,20.0\nSalt,40,50,-20.0\nTotal,1460,1350,8.1\n";
    assert_eq!(values(text)[..3], ["t1/Coal/2023 1300", "t1/Coal/2022 1200", "t1/Coal/Change (%) 8.3"]);
    let text = "Region,2022,2023,Male,Female\nNorth,8,9,4,5\nSouth,11,13,6,7\n";
    assert_eq!(values(text)[..4], ["t1/North/2022 8", "t1/North/2023 9", "t1/North/Male 4", "t1/North/Female 5"]);
    // A row of numbers that count on is no header.
    let text = "Region,Goods,Services,Rank\nAlba,1,2,3\nBern,4,5,6\nCork,7,8,9\n";
    assert_eq!(values(text)[..3], ["t1/Alba/Goods 1", "t1/Alba/Services 2", "t1/Alba/Rank 3"]);
    let text = "项目,合计,男,女\n栏次,1,2,3\n职工,9,4,5\n学生,30,14,16\n";
    assert_eq!(values(text)[..3], ["t1/职工/合计 > 1 9", "t1/职工/男 > 2 4", "t1/职工/女 > 3 5"]);
}

#[test]
fn columns_of_a_text_are_those_of_its_fullest_rows() {
    let text = "\
Item                    Total       Men     Women     Other
Education               3,000     1,000               2,000
Health                    900                           900
Transport               1,100     1,000       100
Housing                 1,000               1,000
All                     6,000     2,000     1,100     2,900
";
    let found = values(text);
    assert_eq!(
        found[..5],
        ["t1/Education/Total 3000", "t1/Education/Men 1000", "t1/Education/Other 2000", "t1/Health/Total 900", "t1/Health/Other 900"]
    );
    assert!(found.contains(&"t1/Housing/Women 1000".to_string()) && found.contains(&"t1/All/Other 2900".to_string()));
}

#[test]
fn a_row_of_column_letters_names_nothing() {
    let head = "地区,限额,一般,专项,余额,一般,专项\n公 式,A=B+C,B,C,D=E+F,E,F\n";
    let found = values(&format!("{head}  青石县,30,20,10,12,7,5\n    青石镇,9,6,3,5,4,1\n    白水镇,21,14,7,7,3,4\n"));
    assert_eq!(found.len(), 18, "{found:?}");
    assert!(found.iter().all(|key| !key.contains('式') && !key.contains('=')), "{found:?}");
    assert!(found[0].contains("青石县") && found[0].contains("限额"), "{found:?}");
}

#[test]
fn numbers_one_a_line_stand_under_the_names_that_are_theirs() {
    let rows = "Corn\n100\n110\nRye\n50\n55\n";
    let wanted = ["t1/Corn/Sown 100", "t1/Corn/Cut 110", "t1/Rye/Sown 50", "t1/Rye/Cut 55"];
    for head in ["Crop\nSown\nCut\n", "Sown\nCut\n", "Harvest of the year\n\nCrop\nSown\nCut\n", "Harvest of the year\n\nSown\nCut\n"] {
        assert_eq!(values(&format!("{head}{rows}")), wanted, "{head}");
        assert!(told(&format!("{head}{rows}")).is_empty(), "{head}");
    }
    assert_eq!(values(&format!("Crop\n2019\n2020\n{rows}"))[..2], ["t1/Corn/2019 100", "t1/Corn/2020 110"]);
    // A second header has names of its own.
    let second = values(&format!("Crop\nSown\nCut\n{rows}Beast\nBorn\nSold\nSheep\n7\n3\nGoats\n5\n2\n"));
    assert_eq!(second[4..], ["t1/Sheep/Born 7", "t1/Sheep/Sold 3", "t1/Goats/Born 5", "t1/Goats/Sold 2"]);
    // Which cell is blank is lost.
    let short = format!("Crop\nSown\nCut\n{rows}Oats\n7\n");
    assert_eq!(values(&short), wanted);
    assert_eq!(told(&short), [("row-short", "t1/Oats/*".to_string())]);
    // Either a title stands above the names, or the first rows have a name like the later ones.
    assert_eq!(told(&format!("Crop\nSown\nCut\nHill\n{rows}Plain\n{rows}")), [("header-unknown", "t1/*".to_string())]);
}

#[test]
fn a_row_below_numbers_is_no_header_for_words_in_its_cells() {
    for (one, other) in [("约30", "约40"), ("≥30", "<0.01"), ("12-15", "13～16"), ("2023-01-05", "2023-02-06"), ("未统计", "不公开")]
    {
        for row in 0..3 {
            let mut lines = vec!["出售,5,6".to_string(), "出租,7,8".to_string(), "出借,9,10".to_string()];
            lines.insert(row, format!("赠与,{one},{other}"));
            let found = values(&format!("方式,房屋,土地\n{}\n", lines.join("\n")));
            // Words that are no digits in the first row may be a second line of the header.
            if row > 0 || one != "未统计" {
                assert!(found.contains(&"t1/出借/房屋 9".to_string()) && found.contains(&"t1/出售/土地 6".to_string()), "{found:?}");
            }
        }
    }
    let markdown = "| 方式 | 房屋 | 土地 |\n|---|---|---|\n| 出售 | 5 | 6 |\n| 赠与 | 约30 | ~~39~~ 40 |\n| 出租 | 7 | 8 |\n";
    let unread = |cell: &str| ("number-unread", format!("t1/赠与/{cell}"));
    assert_eq!(told(markdown), [unread("房屋"), unread("土地")]);
    let digits = "9".repeat(90);
    let found = values(&format!("方式,房屋\n出售,{digits}\n出租,7\n出借,9\n"));
    assert_eq!(found, ["t1/出售/房屋 -", "t1/出租/房屋 7", "t1/出借/房屋 9"]);
}

#[test]
fn a_header_among_the_numbers_is_told_by_its_words() {
    let head = "方式,房屋,土地\n出售,5,6\n出租,7,8\n";
    for header in [
        "方式,男,女",
        "单位,男,女",
        ",男,女",
        "人员,2021年,2022年",
        "人员,1月,2月",
        "人员,总数,占比（%）",
        "人员,合计,其中：女",
        "\n人员,男,女",
        "二、人员情况,,\n人员,男,女",
    ] {
        let found = values(&format!("{head}{header}\n县级,3,4\n乡级,1,2\n"));
        assert!(found.len() == 8 && !found.iter().any(|value| value.contains("级/房屋")), "{header}: {found:?}");
    }
}

#[test]
fn one_letter_over_each_column_is_a_header() {
    assert_eq!(values("Item,A,B\nx,5,6\ny,n/a,(D)\nz,7,8\n")[..3], ["t1/x/A 5", "t1/x/B 6", "t1/y/A -"]);
}

#[test]
fn a_letter_that_looks_like_a_digit_is_none_of_a_note() {
    let found = values("方式,房屋,土地\n出售,1O5,6\n出租,7,3S\n出借,9,10r\n赠与,11,12 S\n");
    assert_eq!(
        found,
        [
            "t1/出售/房屋 -",
            "t1/出售/土地 6",
            "t1/出租/房屋 7",
            "t1/出租/土地 -",
            "t1/出借/房屋 9",
            "t1/出借/土地 10",
            "t1/赠与/房屋 11",
            "t1/赠与/土地 12"
        ]
    );
}
