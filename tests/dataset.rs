//! From a folder to a dataset: the same values as `parse` gives, in every file, whatever happens on the way.
#![cfg(feature = "dataset")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, missing_docs)]

mod support;

use luoshu::dataset::hand::Hand;
use luoshu::dataset::measure::in_unit;
use luoshu::dataset::record::Head;
use luoshu::dataset::wire::{open_head, pack_texts};
use luoshu::dataset::write::FILES;
use luoshu::dataset::{Limits, Reader, with_built_in};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use support::folder::Folder;

const CLEAN: &str = "corpus/cn-foi-annual/clean-2021-tabs/report.txt";

fn command(inputs: &[&Path], out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luoshu"));
    command.env("LC_ALL", "C").arg("build").args(inputs).arg("-o").arg(out).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn build(inputs: &[&Path], out: &Path, more: &[&str]) -> Output {
    command(inputs, out, more).output().unwrap()
}

/// Rows of a CSV file as maps of column and text.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Different reports: the clean lesson under other publishers.
fn write_reports(folder: &Path, count: usize) {
    let text = fs::read_to_string(CLEAN).unwrap();
    let publisher = support::parse_to_json(text.as_bytes())["report"]["publisher"].as_str().unwrap().to_string();
    fs::create_dir_all(folder).unwrap();
    for number in 0..count {
        let own = text.replace(&publisher, &format!("第{}县人民政府", ideographs(number)));
        fs::write(folder.join(format!("{number:05}.txt")), own).unwrap();
    }
}

fn ideographs(number: usize) -> String {
    number
        .to_string()
        .chars()
        .map(|digit| ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'][digit.to_digit(10).unwrap() as usize])
        .collect()
}

/// Every row of every table of a database, in order.
fn dump(path: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(path).unwrap();
    let mut found = Vec::new();
    for table in ["reports", "values", "flags", "panel"] {
        let mut statement = connection.prepare(&format!("select * from \"{table}\"")).unwrap();
        let n_columns = statement.column_count();
        let row = |row: &rusqlite::Row| -> rusqlite::Result<String> {
            Ok(format!(
                "{table} {:?}",
                (0..n_columns).map(|index| row.get::<_, rusqlite::types::Value>(index)).collect::<Result<Vec<_>, _>>()?
            ))
        };
        found.extend(statement.query_map([], row).unwrap().map(|row| row.unwrap()));
    }
    found
}

fn assert_same_dataset(one: &Path, other: &Path) {
    let files = |folder: &Path| -> BTreeSet<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| !name.starts_with('.')).collect()
    };
    assert_eq!(files(one), FILES.iter().map(ToString::to_string).collect(), "what a dataset is made of");
    // Two databases with the same rows may differ in their bytes.
    for name in FILES.iter().filter(|name| **name != "luoshu.sqlite") {
        assert!(fs::read(one.join(name)).unwrap() == fs::read(other.join(name)).unwrap(), "{name} differs");
    }
    assert_eq!(dump(&one.join("luoshu.sqlite")), dump(&other.join("luoshu.sqlite")));
}

#[test]
fn every_file_has_a_status_and_every_value_is_the_one_that_parse_gives() {
    let folder = Folder::new("corpus");
    let out = folder.join("out");
    let output = build(&[Path::new("corpus")], &out, &[]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let reports = rows(&out.join("reports.csv"));
    let listed: BTreeSet<&str> = reports.iter().map(|row| row["file"].as_str()).collect();
    let there: BTreeSet<String> = walkdir::WalkDir::new("corpus")
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().display().to_string())
        .collect();
    assert_eq!(listed, there.iter().map(String::as_str).collect());
    assert!(reports.iter().all(|row| !row["status"].is_empty()));
    let values = rows(&out.join("values.csv"));
    let mut n_compared = 0;
    for report in reports.iter().filter(|row| row["file"].contains("/report.") && row["same_as"].is_empty()) {
        let json = support::parse_to_json(&fs::read(&report["file"]).unwrap());
        let wanted: Vec<[String; 5]> = json["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| {
                let text = |name: &str| value[name].as_str().unwrap_or("").to_string();
                let number = if value["value"].is_null() { String::new() } else { value["value"].to_string() };
                [text("key"), number, text("state"), text("standing"), text("unit")]
            })
            .collect();
        let own = values.iter().filter(|row| row["file"] == report["file"]);
        let found: Vec<[String; 5]> = own
            .map(|row| {
                [
                    format!("{}/{}/{}", row["table"], row["row"], row["column"]),
                    row["value"].clone(),
                    row["state"].clone(),
                    row["standing"].clone(),
                    row["unit"].clone(),
                ]
            })
            .collect();
        assert_eq!(found, wanted, "{}", report["file"]);
        n_compared += found.len();
    }
    assert!(n_compared > 5000, "{n_compared}");
    let in_database = dump(&out.join("luoshu.sqlite")).iter().filter(|row| row.starts_with("values ")).count();
    assert_eq!(in_database, values.len());
    assert_eq!(parquet_rows(&out.join("values.parquet")), values.len());
    let panel = rows(&out.join("panel.csv"));
    let units = panel_units(&out);
    for row in &panel {
        let own: BTreeMap<&str, (&str, &str)> = values
            .iter()
            .filter(|value| value["file"] == row["file"] && !value["variable"].is_empty())
            .map(|value| (value["variable"].as_str(), (value["value"].as_str(), value["unit"].as_str())))
            .collect();
        assert!(!own.is_empty());
        for (variable, (value, unit)) in own {
            // Parts of a whole are told in percent whether they say so or not.
            let unit = if variable.ends_with("_share") && unit.is_empty() { "%" } else { unit };
            let wanted = units.get(variable).map(String::as_str).filter(|unit| !unit.is_empty());
            let (held, in_unit) = in_unit(value, Some(unit).filter(|unit| !unit.is_empty()), wanted);
            // What measures something else stands in the long table alone.
            let held = if value.is_empty() || in_unit != wanted { Cow::Borrowed("") } else { held };
            assert_eq!(row.get(variable).map_or("", String::as_str), held, "{variable} of {}", row["file"]);
        }
    }
    assert_eq!(panel.len(), reports.iter().filter(|row| row["in_panel"] == "1").count());
}

/// The unit of each column of the panel.
fn panel_units(out: &Path) -> BTreeMap<String, String> {
    let package: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(out.join("datapackage.json")).unwrap()).unwrap();
    let panel = package["resources"].as_array().unwrap().iter().find(|resource| resource["name"] == "panel").unwrap();
    let fields = panel["schema"]["fields"].as_array().unwrap().iter();
    let unit = |field: &serde_json::Value| (field["name"].as_str().unwrap().to_string(), field["unit"].as_str().unwrap_or("").to_string());
    fields.map(unit).collect()
}

fn parquet_rows(path: &Path) -> usize {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    reader.get_row_iter(None).unwrap().filter(Result::is_ok).count()
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_as_if_it_had_not_been() {
    let folder = Folder::new("kill");
    let input = folder.join("in");
    write_reports(&input, 300);
    let (whole, broken) = (folder.join("whole"), folder.join("broken"));
    assert_eq!(build(&[&input], &whole, &[]).status.code(), Some(0));
    let mut seed = 7_u64;
    for _ in 0..10 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut child = command(&[&input], &broken, &[]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + (seed >> 33) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(build(&[&input], &broken, &[]).status.code(), Some(0));
    assert_same_dataset(&whole, &broken);
    let again = String::from_utf8(build(&[&input], &broken, &[]).stdout).unwrap();
    assert!(again.contains("300 files had been read before"), "{again}");
}

/// A dataset that was built into a folder of reports is told, and no part of the next one.
#[test]
fn an_older_dataset_among_the_reports_is_none() {
    let folder = Folder::new("older");
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    fs::copy(CLEAN, input.join("report.txt")).unwrap();
    assert_eq!(build(&[&input], &input.join("first"), &[]).status.code(), Some(0));
    let out = folder.join("second");
    assert_eq!(build(&[&input], &out, &[]).status.code(), Some(1), "one entry is not read");
    let found = rows(&out.join("reports.csv"));
    let statuses: Vec<(bool, &str)> = found.iter().map(|row| (row["file"].ends_with("first"), row["status"].as_str())).collect();
    assert_eq!(statuses, [(false, "ok"), (true, "unsupported")]);
    assert_eq!(rows(&out.join("panel.csv")).len(), 1);
}

#[cfg(unix)]
#[test]
fn fifty_hostile_files_cost_none_of_five_hundred_good_ones() {
    let folder = Folder::new("hostile");
    let input = folder.join("in");
    write_reports(&input, 500);
    let n_hostile = write_hostile(&input);
    assert_eq!(n_hostile, 50);
    let out = folder.join("out");
    let output = build(&[&input], &out, &["--largest", "64", "--timeout", "20"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let reports = rows(&out.join("reports.csv"));
    let good = reports.iter().filter(|row| row["status"] == "ok" && row["in_panel"] == "1").count();
    assert_eq!(good, 500);
    let bad: Vec<_> = reports.iter().filter(|row| row["in_panel"] == "0").collect();
    for row in &bad {
        assert_ne!(row["status"], "ok", "{row:?}");
    }
    // A zip file that is cut has a row for its member, too.
    let inputs: BTreeSet<&str> = bad.iter().filter_map(|row| row["file"].split("!/").next()).collect();
    assert_eq!(inputs.len(), n_hostile, "{inputs:?}");
    assert_eq!(rows(&out.join("panel.csv")).len(), 500);
    assert_eq!(rows(&out.join("values.csv")).len() % 500, 0);
}

/// Fifty inputs of which nothing can be read.
#[cfg(unix)]
fn write_hostile(folder: &Path) -> usize {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    let path = |name: &str| folder.join(name);
    let mut count = 0;
    let mut put = |name: &std::ffi::OsStr, bytes: &[u8]| {
        fs::write(folder.join(name), bytes).unwrap();
        count += 1;
    };
    let zeros = vec![0_u8; 80 << 20];
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file("zeros.txt", zip::write::SimpleFileOptions::default()).unwrap();
    bomb.write_all(&zeros).unwrap();
    let bomb = bomb.finish().unwrap().into_inner();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&zeros).unwrap();
    let gzip = gzip.finish().unwrap();
    let text = fs::read(CLEAN).unwrap();
    let mut good = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    good.start_file("report.txt", zip::write::SimpleFileOptions::default()).unwrap();
    good.write_all(&text).unwrap();
    let good = good.finish().unwrap().into_inner();
    for number in 0..8_usize {
        let unique = |bytes: &[u8]| [bytes, number.to_string().as_bytes()].concat();
        put(format!("bomb{number}.zip").as_ref(), &unique(&bomb));
        put(format!("bomb{number}.gz").as_ref(), &gzip[..gzip.len() - number]);
        put(format!("cut{number}.zip").as_ref(), &good[..good.len() / 2 - number]);
        put(format!("garbage{number}").as_ref(), &[1, 2, 3, 7, number as u8].repeat(200));
    }
    put("empty".as_ref(), b"");
    put("line\nbreak.txt".as_ref(), b"\n\n");
    put(std::ffi::OsStr::from_bytes(b"not-utf8-\xFF\xFE.txt"), b" ");
    put("deep.html".as_ref(), "<div>".repeat(400_000).as_bytes());
    put("deep.gz".as_ref(), b"\x1F\x8B\x08\x00");
    fs::File::create(path("sparse")).unwrap().set_len(2 << 30).unwrap();
    symlink("loop-b", path("loop-a")).unwrap();
    symlink("loop-a", path("loop-b")).unwrap();
    symlink(".", path("here")).unwrap();
    symlink("..", path("up")).unwrap();
    symlink("nowhere", path("dangling")).unwrap();
    for device in ["zero", "full", "null", "urandom"] {
        symlink(format!("/dev/{device}"), path(device)).unwrap();
    }
    for pipe in ["pipe1", "pipe2", "pipe3"] {
        assert!(Command::new("mkfifo").arg(path(pipe)).status().unwrap().success());
    }
    count + 13
}

#[test]
fn archives_and_crawls_give_what_a_folder_gives() {
    let folder = Folder::new("archives");
    let input = folder.join("in");
    write_reports(&input, 3);
    let files: Vec<Vec<u8>> = (0..3).map(|number| fs::read(input.join(format!("{number:05}.txt"))).unwrap()).collect();
    let mut zip = zip::ZipWriter::new(fs::File::create(folder.join("a.zip")).unwrap());
    let mut tar =
        tar::Builder::new(flate2::write::GzEncoder::new(fs::File::create(folder.join("b.tar.gz")).unwrap(), flate2::Compression::fast()));
    let mut warc = flate2::write::GzEncoder::new(fs::File::create(folder.join("c.warc.gz")).unwrap(), flate2::Compression::fast());
    for (number, bytes) in files.iter().enumerate() {
        zip.start_file(format!("报告/{number}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{number}.txt"), bytes.as_slice()).unwrap();
        let http = [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", bytes.as_slice()].concat();
        write!(warc, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/{number}\r\nContent-Type: application/http\r\nContent-Length: {}\r\n\r\n", http.len()).unwrap();
        warc.write_all(&http).unwrap();
        warc.write_all(b"\r\n\r\n").unwrap();
    }
    // What systems pack along: nobody's reports.
    for name in ["__MACOSX/._0.txt", "报告/.DS_Store"] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"\x00\x05\x16\x07").unwrap();
        let mut header = tar::Header::new_ustar();
        header.set_size(4);
        tar.append_data(&mut header, name, b"\x00\x05\x16\x07".as_slice()).unwrap();
    }
    zip.finish().unwrap();
    tar.into_inner().unwrap().finish().unwrap();
    warc.finish().unwrap();
    let numbers = |out: &Path| -> Vec<String> {
        rows(&out.join("panel.csv"))
            .iter()
            .map(|row| format!("{} {} {}", row["publisher"], row["year"], row["requests_new_total"]))
            .collect()
    };
    let plain = folder.join("plain");
    assert_eq!(build(&[&input], &plain, &[]).status.code(), Some(0));
    for name in ["a.zip", "b.tar.gz", "c.warc.gz"] {
        let out = folder.join(&format!("{name}.out"));
        let output = build(&[&folder.join(name)], &out, &[]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert_eq!(told.contains("2 hidden entries are left out"), !name.ends_with("warc.gz"), "{name}: {told}");
        let page = fs::read_to_string(out.join("summary.html")).unwrap();
        assert_eq!(page.contains("2 hidden entries are left out"), !name.ends_with("warc.gz"), "{name}");
        assert_eq!(numbers(&out), numbers(&plain), "{name}");
        assert!(rows(&out.join("reports.csv")).iter().all(|row| row["file"].contains(&format!("{name}!/"))), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_leaves_the_old_dataset_whole() {
    let folder = Folder::new("full");
    let input = folder.join("in");
    write_reports(&input, 40);
    let out = folder.join("out");
    assert_eq!(build(&[&input], &out, &[]).status.code(), Some(0));
    let before: Vec<Vec<u8>> = FILES.iter().map(|name| fs::read(out.join(name)).unwrap()).collect();
    write_reports(&input, 60);
    // A limit of 512 KiB a file stands for a disk that is full.
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" build \"$1\" -o \"$2\"";
    let output = Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_luoshu")]).arg(&input).arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).lines().last().unwrap().starts_with("luoshu: "));
    let after: Vec<Vec<u8>> = FILES.iter().map(|name| fs::read(out.join(name)).unwrap()).collect();
    assert!(before == after);
    assert_eq!(build(&[&input], &out, &[]).status.code(), Some(0));
    assert_eq!(rows(&out.join("panel.csv")).len(), 60);
}

#[test]
fn one_report_in_two_files_is_kept_once_and_two_years_are_held_against_each_other() {
    let folder = Folder::new("twins");
    let input = folder.join("in");
    write_reports(&input, 1);
    let text = fs::read_to_string(input.join("00000.txt")).unwrap();
    fs::write(input.join("copy.txt"), &text).unwrap();
    fs::write(input.join("crlf.txt"), text.replace('\n', "\r\n")).unwrap();
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let reports = rows(&out.join("reports.csv"));
    let same: Vec<bool> = reports.iter().map(|row| row["same_as"].is_empty()).collect();
    assert_eq!(same.iter().filter(|&&stands| stands).count(), 1);
    let once = rows(&out.join("values.csv")).len();
    assert_eq!(once.to_string(), reports.iter().find(|row| row["same_as"].is_empty()).unwrap()["n_values"]);
    let codes: Vec<String> = rows(&out.join("flags.csv")).iter().map(|row| row["code"].clone()).collect();
    assert_eq!(codes.iter().filter(|code| *code == "report-twice").count(), 1, "{codes:?}");
}

/// What an indicator is called and which number it has, in the panel.
#[test]
fn a_bulletin_has_its_row_of_the_panel_once_however_often_it_was_saved() {
    let folder = Folder::new("bulletin");
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    let text = fs::read_to_string("corpus/cn-statistical-bulletin/sentences/report.txt").unwrap();
    fs::write(input.join("a.txt"), &text).unwrap();
    fs::write(input.join("b.txt"), text.replace('\n', "\r\n")).unwrap();
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let panel = rows(&out.join("panel.csv"));
    assert_eq!(panel.len(), 1);
    let parsed = support::parse_to_json(text.as_bytes());
    let gdp = parsed["values"].as_array().unwrap().iter().find(|value| value["key"] == "indicators/gdp/value").unwrap();
    let (value, unit) = (gdp["value"].to_string(), gdp["unit"].as_str());
    let (held, base) = in_unit(&value, unit, None);
    assert_eq!((panel[0]["indicators_gdp_value"].as_str(), base), (held.as_ref(), Some("元")), "{value} {unit:?}");
    assert!(rows(&out.join("flags.csv")).iter().any(|flag| flag["code"] == "report-twice" && flag["severity"] == "note"));
}

#[test]
fn a_column_of_the_panel_is_in_one_unit_and_years_are_compared_in_it() {
    let folder = Folder::new("units");
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    let text = fs::read_to_string("corpus/cn-department-budget/code-sum-off/report.txt").unwrap();
    fs::write(input.join("2025.txt"), &text).unwrap();
    // The year after prints the same amounts in 万元; the total as it would be with its point moved by four.
    let next = text.replace("2025", "2026").replace("单位：元", "单位：万元");
    fs::write(input.join("2026.txt"), &next).unwrap();
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let panel = rows(&out.join("panel.csv"));
    assert_eq!(panel.len(), 2);
    let total = |row: &BTreeMap<String, String>| row["balance_income_total_total"].parse::<f64>().unwrap();
    let (before, after) = (total(&panel[0]), total(&panel[1]));
    assert!((after / before - 10_000.0).abs() < 1e-6, "{before} {after}");
    assert_eq!(panel_units(&out)["balance_income_total_total"], "元");
}

/// What other files show of a report is counted with what it shows itself.
#[test]
fn flags_against_other_years_are_among_the_counts() {
    let folder = Folder::new("counts");
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    let text = fs::read_to_string("corpus/cn-foi-annual/clean-2021-tabs/report.txt").unwrap();
    fs::write(input.join("2022.txt"), &text).unwrap();
    fs::write(input.join("2023.txt"), text.replace("2022", "2023")).unwrap();
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let flags = rows(&out.join("flags.csv"));
    assert!(flags.iter().any(|flag| flag["code"] == "year-carry-off"), "the second year carries over what the first did not leave");
    for report in rows(&out.join("reports.csv")) {
        for (column, severity) in [("n_errors", "error"), ("n_warnings", "warning"), ("n_notes", "note")] {
            let told = flags.iter().filter(|flag| flag["file"] == report["file"] && flag["severity"] == severity).count();
            assert_eq!(report[column], told.to_string(), "{column} of {}", report["file"]);
        }
    }
}

/// Units that count the same share a column, and a row counts what it shows.
#[test]
fn numbers_of_one_measure_stand_in_one_column() {
    let folder = Folder::new("measure");
    let input = folder.join("in");
    fs::create_dir_all(&input).unwrap();
    let page = |publisher: &str, unit: &str| {
        let filling = "全县经济运行平稳，主要指标处于合理区间，各项工作按计划推进。".repeat(3);
        format!(
            "{publisher}2024年国民经济和社会发展统计公报\n\n一、综合\n\n{filling}全年地区生产总值100.5亿元。\n\n二、工业\n\n\
             全年城镇新增就业{unit}。\n"
        )
    };
    fs::write(input.join("a.txt"), page("青石县", "3500个")).unwrap();
    fs::write(input.join("b.txt"), page("白水县", "4800家")).unwrap();
    fs::write(input.join("c.txt"), page("红河县", "5200个")).unwrap();
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let panel = rows(&out.join("panel.csv"));
    assert_eq!(panel.len(), 3);
    for row in &panel {
        let shown = row.iter().filter(|(name, value)| name.starts_with("indicators_") && !value.is_empty()).count();
        assert_eq!(row["n_values"], shown.to_string(), "{row:?}");
    }
    let filled: Vec<&String> =
        panel[0].keys().filter(|name| name.starts_with("indicators_") && panel.iter().all(|row| !row[*name].is_empty())).collect();
    assert!(filled.len() >= 2, "{panel:?}");
}

/// The clean lesson of another body, each number of its tables so many times as large: its sums hold as before.
fn times(publisher: &str, factor: u64) -> String {
    let cell = |cell: &str| cell.parse::<u64>().map_or_else(|_| cell.to_string(), |number| (number * factor).to_string());
    let line = |line: &str| line.split('\t').map(cell).collect::<Vec<_>>().join("\t") + "\n";
    fs::read_to_string(CLEAN).unwrap().replace("青石县水务局", publisher).lines().map(line).collect()
}

/// Publisher and year of each row of the panel.
fn panel_names(out: &Path) -> Vec<[String; 2]> {
    rows(&out.join("panel.csv")).iter().map(|row| [row["publisher"].clone(), row["year"].clone()]).collect()
}

/// A bare name is the only fuller one's where their numbers may be, and a body of its own where they are not.
#[test]
fn two_bodies_of_one_bare_name_have_a_row_each() {
    let folder = Folder::new("bare");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let (full, bare) = ("北京市朝阳区水务局", "朝阳区水务局");
    fs::write(input.join("a.txt"), times(full, 1)).unwrap();
    fs::write(input.join("b.txt"), times(bare, 1)).unwrap();
    fs::write(input.join("c.txt"), times(bare, 1).replace("2022", "2021")).unwrap();
    build(&[&input], &out, &[]);
    let joined = [[full, "2021"], [full, "2022"]].map(|row| row.map(str::to_string));
    assert_eq!(panel_names(&out), joined, "the same report under both names");
    fs::write(input.join("b.txt"), times(bare, 3)).unwrap();
    build(&[&input], &out, &[]);
    let apart = [[full, "2022"], [bare, "2021"], [bare, "2022"]].map(|row| row.map(str::to_string));
    assert_eq!(panel_names(&out), apart);
    let flags = rows(&out.join("flags.csv"));
    let told: Vec<_> = flags.iter().filter(|flag| flag["code"] == "report-twice").collect();
    let (told, twins): (Vec<_>, Vec<_>) = told.into_iter().partition(|flag| flag["severity"] == "warning");
    assert_eq!((told.len(), twins.len()), (1, 2), "{flags:?}");
    assert!(twins.iter().all(|flag| flag["file"].ends_with("c.txt")), "it goes with the other year");
    assert!(twins.iter().any(|flag| flag["message"].contains("a.txt")), "it has the numbers of another year");
    assert!(told[0]["file"].ends_with("b.txt") && told[0]["message"].contains(full), "{told:?}");
    assert_eq!(told[0]["publisher"], bare);
    // The order in which files are given makes no difference.
    let again = folder.join("again");
    let given = ["c.txt", "b.txt", "a.txt"].map(|name| input.join(name));
    build(&given.each_ref().map(PathBuf::as_path), &again, &[]);
    assert_eq!(panel_names(&again), apart);
}

/// Of two editions the corrected one stands in the panel, whatever its name sorts to, and the other is told.
#[test]
fn a_corrected_edition_stands_for_the_one_it_corrects() {
    for (first, name, title) in [
        ("a.txt", "b_更正.txt", ""),
        ("a.txt", "b.txt", "（修订版）"),
        ("a.txt", "b Revised.txt", ""),
        ("a（更正前）.txt", "b.txt", ""),
        ("a unrevised.txt", "b.txt", ""),
    ] {
        let folder = Folder::new("editions");
        let (input, out) = (folder.join("in"), folder.join("out"));
        fs::create_dir_all(&input).unwrap();
        let titled = times("青石县水务局", 3).replacen("年度报告", &format!("年度报告{title}"), 1);
        fs::write(input.join(first), times("青石县水务局", 1)).unwrap();
        fs::write(input.join(name), titled).unwrap();
        build(&[&input], &out, &[]);
        let panel = rows(&out.join("panel.csv"));
        assert_eq!(panel.len(), 1, "{panel:?}");
        assert!(panel[0]["file"].ends_with(name), "{panel:?}");
        let flags = rows(&out.join("flags.csv"));
        let told: Vec<_> = flags.iter().filter(|flag| flag["code"] == "report-twice" && flag["severity"] == "warning").collect();
        assert!(told.len() == 1 && told[0]["file"].ends_with(first), "{told:?}");
    }
}

/// A notice of a correction has the title of the report, and none of its numbers.
#[test]
fn a_notice_of_a_correction_stands_for_no_report() {
    let folder = Folder::new("notice");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("b.txt"), times("青石县水务局", 1)).unwrap();
    let notice = "青石县水务局2022年政府信息公开工作年度报告的更正说明\n\n一、总体情况\n\n原文第二部分有误，现予更正。\n";
    fs::write(input.join("a更正.txt"), notice).unwrap();
    build(&[&input], &out, &[]);
    let panel = rows(&out.join("panel.csv"));
    assert!(panel.len() == 1 && panel[0]["file"].ends_with("b.txt"), "{panel:?}");
}

/// What a report does not say itself, the names of all its files say, unless they contradict each other.
#[test]
fn copies_of_a_report_have_one_publisher_and_year() {
    let folder = Folder::new("copies");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let text = fs::read_to_string(CLEAN).unwrap().replace("青石县水务局2022年", "").replace("2022", "");
    fs::write(input.join("2022.txt"), &text).unwrap();
    fs::write(input.join("青石县水务局.txt"), &text).unwrap();
    build(&[&input], &out, &[]);
    for row in rows(&out.join("reports.csv")) {
        assert_eq!([row["publisher"].as_str(), row["year"].as_str()], ["青石县水务局", "2022"], "{row:?}");
        assert_eq!([row["publisher_from"].as_str(), row["year_from"].as_str()], ["file name"; 2], "{row:?}");
    }
    let doubts = |out: &Path| -> Vec<[String; 2]> {
        let flags = rows(&out.join("flags.csv")).into_iter().filter(|flag| flag["code"] == "imprint-doubt");
        flags.map(|flag| [flag["severity"].clone(), flag["message"].clone()]).collect()
    };
    assert_eq!(doubts(&out), Vec::<[String; 2]>::new());
    fs::write(input.join("青石县水务局2021年.txt"), &text).unwrap();
    build(&[&input], &out, &[]);
    assert_eq!(panel_names(&out), [["青石县水务局".to_string(), String::new()]]);
    let found = doubts(&out);
    assert_eq!(found.len(), 1, "one row, told once: {found:?}");
    assert!(found[0][0] == "warning" && found[0][1].contains("2021") && found[0][1].contains("2022"), "{found:?}");
}

/// A year said in two ways is told, and nothing is said of the year of publication or of a number that is no year.
#[test]
fn a_year_that_title_text_and_name_do_not_share_is_told() {
    let folder = Folder::new("doubt");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let period = "统计期限自2021年1月1日起，至2021年12月31日止";
    let reports = [
        ("2023_青石县水务局.txt", times("青石县水务局", 1)),
        ("2019_白水县水务局.txt", times("白水县水务局", 1)),
        ("红河县水务局.txt", times("红河县水务局", 1).replace("统计期为2022年全年", period)),
        ("art_2015_1.txt", times("蓝田县水务局", 1)),
    ];
    for (name, text) in &reports {
        fs::write(input.join(name), text).unwrap();
    }
    build(&[&input], &out, &[]);
    assert!(panel_names(&out).iter().all(|[_, year]| year == "2022"), "the title is believed");
    let flags = rows(&out.join("flags.csv"));
    let mut told: Vec<(&str, &str)> = flags
        .iter()
        .filter(|flag| flag["code"] == "imprint-doubt")
        .map(|flag| (flag["publisher"].as_str(), flag["severity"].as_str()))
        .collect();
    told.sort_unstable();
    assert_eq!(told, [("白水县水务局", "note"), ("红河县水务局", "warning")], "{flags:?}");
}

/// Names of parts that no report has, and a folder whose files are somebody else's.
#[test]
fn what_cannot_be_meant_is_said() {
    let folder = Folder::new("meant");
    let (input, out, parts) = (folder.join("in"), folder.join("out"), folder.join("parts.csv"));
    write_reports(&input, 2);
    fs::write(&parts, "第零县人民政府,第九九县人民政府\n").unwrap();
    let built = build(&[&input], &out, &["--parts", parts.to_str().unwrap()]);
    let told = String::from_utf8(built.stdout).unwrap();
    assert!(told.contains("no report: 第九九县人民政府"), "{told}");
    let own = folder.join("own");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("values.csv"), "mine\n").unwrap();
    let refused = build(&[&input], &own, &[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("values.csv"));
    assert_eq!(fs::read_to_string(own.join("values.csv")).unwrap(), "mine\n");
}

/// What is given twice is read once; what has one name in an archive is read each.
#[test]
fn nothing_is_read_twice_or_lost_under_one_name() {
    let folder = Folder::new("twice");
    let input = folder.join("in");
    write_reports(&input, 2);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for number in 0..2 {
        zip.start_file(format!("report{number}.txt"), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&fs::read(input.join(format!("{number:05}.txt"))).unwrap()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    let places: Vec<usize> = bytes.windows(11).enumerate().filter(|(_, own)| *own == b"report1.txt").map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    for at in places {
        bytes[at + 6] = b'0';
    }
    fs::write(folder.join("one-name.zip"), bytes).unwrap();
    let out = folder.join("out");
    assert_eq!(build(&[&folder.join("one-name.zip")], &out, &[]).status.code(), Some(0));
    let reports = rows(&out.join("reports.csv"));
    let mut found: Vec<(&str, &str)> =
        reports.iter().map(|row| (row["file"].rsplit('/').next().unwrap(), row["publisher"].as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [("report0.txt", "第零县人民政府"), ("report0.txt#2", "第一县人民政府")]);
    let out = folder.join("again");
    build(&[&input, &input.join("."), &input], &out, &[]);
    assert_eq!(rows(&out.join("reports.csv")).len(), 2);
    let own = build(&[&folder.join("one-name.zip"), &input], &input, &[]);
    assert_eq!(own.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&own.stderr).contains("cannot hold the dataset") && !input.join(".luoshu").exists());
}

/// A number that is a hundred thousand times what others print in its place is told, once a row; those of all others are not.
#[test]
fn a_number_far_from_all_others_is_a_note() {
    let folder = Folder::new("outlier");
    let input = folder.join("in");
    write_reports(&input, 60);
    let row = "本年新收政府信息公开申请数量";
    for entry in fs::read_dir(&input).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let is_far = path.ends_with("00042.txt");
        let spoil = |line: &str| {
            if !is_far || !line.contains(row) {
                return line.to_string();
            }
            let cells: Vec<String> =
                line.split('\t').map(|cell| if cell.len() == 3 { format!("{cell}00000") } else { cell.into() }).collect();
            cells.join("\t")
        };
        fs::write(&path, text.lines().map(spoil).collect::<Vec<_>>().join("\n")).unwrap();
    }
    let out = folder.join("out");
    build(&[&input], &out, &[]);
    let flags = rows(&out.join("flags.csv"));
    let far: Vec<(bool, &str)> = flags
        .iter()
        .filter(|flag| flag["code"] == "outlier")
        .map(|flag| (flag["file"].ends_with("00042.txt"), flag["cells"].as_str()))
        .collect();
    assert_eq!(far, [(true, "requests/new/natural requests/new/total")], "{flags:?}");
}

#[test]
fn a_program_without_workers_of_its_own_builds_the_same() {
    use luoshu::dataset::{Limits, Options, Reader, Stage, build as build_here, with_built_in};
    let folder = Folder::new("threads");
    let (here, there) = (folder.join("here"), folder.join("there"));
    let options = Options {
        inputs: vec!["corpus".into()],
        out: here.clone(),
        grammars: with_built_in(Vec::new()),
        limits: Limits::default(),
        jobs: 2,
        reader: Reader::Threads,
        language: luoshu::manual::Language::English,
        parts: Vec::new(),
    };
    let mut stages = Vec::new();
    let built = build_here(&options, &mut |progress| stages.push((progress.stage, progress.done, progress.found))).unwrap();
    let (stage, done, found) = *stages.last().unwrap();
    assert!(stage == Stage::Writing && done == built.files && found == done);
    build(&[Path::new("corpus")], &there, &[]);
    assert_same_dataset(&here, &there);
}

#[test]
fn a_changed_sum_reads_again_only_the_reports_of_its_family() {
    let folder = Folder::new("changed");
    let input = folder.join("in");
    write_reports(&input, 3);
    fs::write(input.join("prose.txt"), "某镇简报\n一、概况\n全镇有村庄 12 个。\n").unwrap();
    let (out, grammar) = (folder.join("out"), folder.join("own.toml"));
    let text = fs::read_to_string("grammar/cn-foi-annual.toml").unwrap();
    let read_before = |text: &str| {
        fs::write(&grammar, text).unwrap();
        let built = build(&[&input], &out, &["--grammar", grammar.to_str().unwrap()]);
        assert_ne!(built.status.code(), Some(2), "{}", String::from_utf8_lossy(&built.stderr));
        let told = String::from_utf8(built.stdout).unwrap() + &String::from_utf8(built.stderr).unwrap();
        told.lines().find_map(|line| line.trim().strip_suffix(" files had been read before").map(str::to_string))
    };
    assert_eq!(read_before(&text), None);
    assert_eq!(read_before(&text).as_deref(), Some("4"));
    // Claims are the family's own: the file of another kind stays as it is.
    let without_claims = &text[..text.find("[[claim]]").unwrap()];
    assert_eq!(read_before(without_claims).as_deref(), Some("1"));
    // A title has a say in all.
    assert_eq!(read_before(&text.replace("总体情况", "概况")), None);
}

/// The same rows for every reader that researchers use; skipped where Python or a module is missing.
#[test]
fn other_readers_read_the_dataset() {
    let python = std::env::var("LUOSHU_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&python).args(["-c", "import pyarrow, pandas, openpyxl, duckdb, frictionless"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        println!("skipped: {python} has not all of pyarrow, pandas, openpyxl, duckdb, frictionless (set LUOSHU_PYTHON)");
        return;
    }
    let folder = Folder::new("readers");
    let out = folder.join("out");
    build(&[Path::new("corpus")], &out, &[]);
    let output = Command::new(&python).arg("tests/dataset.py").arg(&out).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

/// What becomes of five reports that are on the way to one worker process at once. `$0` is luoshu, `$1` a folder that is not
/// there yet, `$2` the limit of memory.
#[cfg(unix)]
fn hand_five(name: &str, script: &str, seconds: u64) -> Vec<(usize, Head, bool)> {
    let folder = Folder::new(name);
    let arguments = ["-c", script, env!("CARGO_BIN_EXE_luoshu"), folder.join("was-here").to_str().unwrap()].map(Into::into).to_vec();
    let reader = Reader::Processes { program: "sh".into(), arguments };
    let limits = Limits { time: Duration::from_secs(seconds), ..Limits::default() };
    let mut hand: Hand<usize> = Hand::new(&reader, limits, &with_built_in(Vec::new()));
    (0..5).for_each(|number| hand.give(number, small_report(number)));
    let taken = std::iter::from_fn(|| hand.take());
    taken.map(|(number, packed, keep)| (number, open_head(&packed.head).unwrap(), keep)).collect()
}

/// Reports that tell each other apart by their title.
#[cfg(unix)]
fn small_report(number: usize) -> Vec<u8> {
    format!("第{}县2021年政府信息公开工作年度报告\n一、总体情况\n无。\n", ideographs(number)).into_bytes()
}

#[cfg(unix)]
fn titles(found: &[(usize, Head, bool)]) -> Vec<(usize, Option<String>)> {
    found.iter().map(|(number, head, _)| (*number, head.publisher.clone())).collect()
}

#[cfg(unix)]
#[test]
fn a_worker_that_ends_among_five_files_costs_none_of_them() {
    let whole = hand_five("hand-whole", "exec \"$0\" read-for-build \"$2\"", 60);
    let wanted: Vec<_> = (0..5).map(|number| (number, Some(format!("第{}县", ideographs(number))))).collect();
    assert_eq!(titles(&whole), wanted);
    // The first process has the grammars, two files and a half.
    let n_sent = pack_texts(&with_built_in(Vec::new())).len() + 8 + (8 + small_report(0).len()) * 5 / 2;
    let script =
        format!("if mkdir \"$1\"; then head -c {n_sent} | \"$0\" read-for-build \"$2\"; else exec \"$0\" read-for-build \"$2\"; fi");
    let found = hand_five("hand-ends", &script, 60);
    assert_eq!(found, whole);
    assert!(found.iter().all(|(.., keep)| *keep));
}

#[cfg(unix)]
#[test]
fn a_file_that_takes_too_long_costs_no_other() {
    let script = "if mkdir \"$1\"; then exec sleep 60; else exec \"$0\" read-for-build \"$2\"; fi";
    let found = hand_five("hand-slow", script, 20);
    let kept: Vec<_> = found.iter().map(|(number, head, keep)| (*number, head.status.as_str(), *keep)).collect();
    assert_eq!(kept, [(0, "too-large", false), (1, "ok", true), (2, "ok", true), (3, "ok", true), (4, "ok", true)]);
}

#[cfg(unix)]
#[test]
fn a_worker_that_never_answers_refuses_every_file() {
    for script in ["exit 3", "exec /no/such/program"] {
        let found = hand_five("hand-never", script, 60);
        let kept: Vec<_> = found.iter().map(|(number, head, keep)| (*number, head.status.as_str(), *keep)).collect();
        assert_eq!(kept, (0..5).map(|number| (number, "failed", false)).collect::<Vec<_>>());
    }
}

#[test]
fn a_file_given_by_its_name_beside_its_folder_is_one_file() {
    let folder = Folder::new("names");
    let input = folder.join("in");
    write_reports(&input, 2);
    let out = folder.join("out");
    assert_eq!(build(&[&input, &input.join("00000.txt")], &out, &[]).status.code(), Some(0));
    assert_eq!(rows(&out.join("reports.csv")).len(), 2);
}

#[test]
fn a_damaged_state_is_told_with_its_cure_and_the_dataset_stays() {
    let folder = Folder::new("damaged-state");
    write_reports(&folder.join("in"), 1);
    let out = folder.join("out");
    assert!(build(&[&folder.join("in")], &out, &[]).status.success());
    let values = fs::read(out.join("values.csv")).unwrap();
    for name in ["state.sqlite-wal", "state.sqlite-shm"] {
        let _ = fs::remove_file(out.join(".luoshu").join(name));
    }
    fs::write(out.join(".luoshu/state.sqlite"), "no database".repeat(1000)).unwrap();
    let run = build(&[&folder.join("in")], &out, &[]);
    let told = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("state.sqlite") && told.contains("remove it"), "{told}");
    assert_eq!(fs::read(out.join("values.csv")).unwrap(), values);
}

#[test]
fn no_job_and_no_time_are_refused() {
    let folder = Folder::new("no-job");
    write_reports(&folder.join("in"), 1);
    for arguments in [["--jobs", "0"], ["--timeout", "0"]] {
        let run = build(&[&folder.join("in")], &folder.join("out"), &arguments);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert!(!folder.join("out").exists());
    }
}

#[test]
fn a_mistyped_folder_makes_no_dataset() {
    let folder = Folder::new("mistyped");
    let out = folder.join("out");
    assert_eq!(build(&[&folder.join("no-such-folder")], &out, &[]).status.code(), Some(2));
    assert!(!out.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_small_limit_of_memory_reads_small_files() {
    let folder = Folder::new("small-memory");
    let input = folder.join("in");
    write_reports(&input, 2);
    // Test programs map several times as much as what is released.
    let output = build(&[&input], &folder.join("out"), &["--memory", "512"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
