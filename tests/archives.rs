//! What archives and crawls hold: every member once, under a name of its own, within bounds, and what is cut is told.
#![cfg(feature = "dataset")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use support::folder::Folder;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn command(input: &Path, out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_luoshu"));
    command.env("LC_ALL", "C").arg("build").arg(input).arg("-o").arg(out).args(more);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn build(input: &Path, out: &Path) -> Output {
    command(input, out, &[]).output().unwrap()
}

type Rows = Vec<BTreeMap<String, String>>;

fn rows(path: &Path) -> Rows {
    csv::Reader::from_path(path).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// Name behind the folder of the input, status, publisher and year of each file, sorted.
fn told(out: &Path, input: &Path) -> Vec<[String; 4]> {
    let folder = format!("{}/", input.display());
    let own = |row: &BTreeMap<String, String>| {
        let file = row["file"].strip_prefix(&folder).unwrap_or(&row["file"]).to_string();
        [file, row["status"].clone(), row["publisher"].clone(), row["year"].clone()]
    };
    let mut found: Vec<[String; 4]> = rows(&out.join("reports.csv")).iter().map(own).collect();
    found.sort();
    found
}

/// A short report of a county's of its own.
fn report(county: &str) -> String {
    format!("{county}人民政府2021年政府信息公开工作年度报告\n一、总体情况\n全县全年主动公开政府信息 12 条，办理申请 3 件。\n")
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    packed(members, SimpleFileOptions::default())
}

fn stored(members: &[(&str, &[u8])]) -> Vec<u8> {
    packed(members, SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored))
}

fn packed(members: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn record(uri: &str, date: &str, text: &str) -> String {
    format!(
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: {uri}\r\n{date}Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n{text}\r\n\r\n",
        text.len()
    )
}

#[test]
fn an_address_captured_again_has_its_day_and_every_run_the_same_names() {
    let folder = Folder::new("captures");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let crawl = [
        record("http://a.gov.cn/report", "WARC-Date: 2022-02-01T08:00:00Z\r\n", &report("青石县")),
        record("http://a.gov.cn/report", "WARC-Date: 2023-02-01T08:00:00Z\r\n", &report("白水县")),
        record("http://a.gov.cn/report", "WARC-Date: 2023-02-01T08:00:00Z\r\n", &report("红河县")),
        record("http://a.gov.cn/report", "", &report("黄山县")),
        record("http://a.gov.cn/other", "WARC-Date: 2023-02-01T08:00:00Z\r\n", &report("绿水县")),
    ];
    fs::write(input.join("c.warc"), crawl.concat()).unwrap();
    build(&input, &out);
    let first = told(&out, &input);
    let files: Vec<&str> = first.iter().map(|row| row[0].as_str()).collect();
    let wanted = ["other", "report", "report#2", "report@20230201080000", "report@20230201080000#2"];
    assert_eq!(files, wanted.map(|name| format!("c.warc!/http://a.gov.cn/{name}")));
    let publishers: Vec<&str> = first.iter().map(|row| row[2].trim_end_matches("人民政府")).collect();
    assert_eq!(publishers, ["绿水县", "青石县", "黄山县", "白水县", "红河县"]);
    assert!(first.iter().all(|row| row[3] == "2021"), "{first:?}");
    let keys = rows(&out.join("reports.csv"));
    let keys: BTreeSet<&str> = keys.iter().map(|row| row["file"].as_str()).collect();
    assert!(rows(&out.join("values.csv")).iter().all(|row| keys.contains(row["file"].as_str())));
    build(&input, &out);
    assert_eq!(told(&out, &input), first);
}

#[test]
fn a_path_that_looks_like_a_member_keeps_its_name() {
    let folder = Folder::new("collision");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(input.join("k.zip!")).unwrap();
    fs::write(input.join("k.zip!/a.txt"), report("青石县")).unwrap();
    fs::write(input.join("k.zip"), zipped(&[("a.txt", report("白水县").as_bytes()), ("b.txt", report("红河县").as_bytes())])).unwrap();
    build(&input, &out);
    let found: Vec<(String, String)> = told(&out, &input).into_iter().map(|[file, _, publisher, _]| (file, publisher)).collect();
    let wanted = [("k.zip!/a.txt", "青石县人民政府"), ("k.zip!/a.txt#2", "白水县人民政府"), ("k.zip!/b.txt", "红河县人民政府")];
    assert_eq!(found, wanted.map(|(file, publisher)| (file.to_string(), publisher.to_string())));
}

#[test]
fn a_download_that_broke_off_gives_the_members_that_came() {
    let folder = Folder::new("cut");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let texts = ["青石县", "白水县", "红河县"].map(report);
    let members: Vec<(&str, &[u8])> = ["a.txt", "b.txt", "c.txt"].into_iter().zip(texts.iter().map(String::as_bytes)).collect();
    let zip = zipped(&members);
    let list = zip.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    fs::write(input.join("cut.zip"), &zip[..list - 20]).unwrap();
    // The same with a letter of the first member changed: its checksum fails.
    let mut spoiled = zip[..list].to_vec();
    spoiled[14] ^= 1;
    fs::write(input.join("spoiled.zip"), spoiled).unwrap();
    assert_eq!(build(&input, &out).status.code(), Some(1));
    let found: Vec<String> = told(&out, &input).into_iter().map(|[file, status, ..]| format!("{file} {status}")).collect();
    let wanted = [
        "cut.zip partial",
        "cut.zip!/a.txt ok",
        "cut.zip!/b.txt ok",
        "cut.zip!/c.txt damaged",
        "spoiled.zip partial",
        "spoiled.zip!/a.txt damaged",
        "spoiled.zip!/b.txt ok",
        "spoiled.zip!/c.txt ok",
    ];
    assert_eq!(found, wanted);
    let why = rows(&out.join("reports.csv")).into_iter().find(|row| row["file"].ends_with("cut.zip")).unwrap()["message"].clone();
    assert!(why.contains("2 members came whole"), "{why}");
}

/// The end of a tar file is no end of its last member.
#[test]
fn a_member_that_a_tar_is_cut_within_is_not_read_as_whole() {
    let folder = Folder::new("tar");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let mut tar = tar::Builder::new(Vec::new());
    for (name, county) in [("a.txt", "青石县"), ("b.txt", "白水县")] {
        let text = report(county);
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, name, text.as_bytes()).unwrap();
    }
    let bytes = tar.into_inner().unwrap();
    let cases: [(usize, &[&str]); 3] = [
        (3 * 512 + 60, &["cut.tar partial", "cut.tar!/a.txt ok", "cut.tar!/b.txt damaged"]),
        // Between two members, and behind the last.
        (2 * 512, &["cut.tar partial", "cut.tar!/a.txt ok"]),
        (4 * 512, &["cut.tar partial", "cut.tar!/a.txt ok", "cut.tar!/b.txt ok"]),
    ];
    for (length, wanted) in cases {
        fs::write(input.join("cut.tar"), &bytes[..length]).unwrap();
        build(&input, &out);
        let found: Vec<String> = told(&out, &input).into_iter().map(|[file, status, ..]| format!("{file} {status}")).collect();
        assert_eq!(found, wanted);
    }
    fs::write(input.join("cut.tar"), &bytes).unwrap();
    build(&input, &out);
    assert_eq!(told(&out, &input).len(), 2, "a tar file with an end has no line of its own");
    // A block of zeros between two members is no end: `cat one.tar other.tar`, or a hole.
    let between = [&bytes[..2 * 512], &[0; 1024], &bytes[2 * 512..]].concat();
    fs::write(input.join("cut.tar"), &between).unwrap();
    build(&input, &out);
    assert_eq!(told(&out, &input).len(), 2);
    fs::write(input.join("cut.tar"), [&bytes[..], &[0; 100]].concat()).unwrap();
    build(&input, &out);
    assert_eq!(told(&out, &input).len(), 2, "zeros that fill no block are nothing");
    let behind = [&bytes[..], &[b'x'; 512]].concat();
    fs::write(input.join("cut.tar"), &behind).unwrap();
    build(&input, &out);
    assert_eq!(told(&out, &input).len(), 3, "what stands behind the end is no member, and told");
}

/// A digit that another took the place of on the way shows in the checksum alone.
#[test]
fn a_packed_tar_whose_checksum_is_wrong_is_not_read() {
    let folder = Folder::new("checksum");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let text = report("青石县");
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none()));
    let mut header = tar::Header::new_ustar();
    header.set_size(text.len() as u64);
    tar.append_data(&mut header, "a.txt", text.as_bytes()).unwrap();
    let whole = tar.into_inner().unwrap().finish().unwrap();
    let mut wrong = whole.clone();
    let at = wrong.windows(4).position(|window| window == b"2021").unwrap();
    wrong[at + 3] = b'2';
    let padded: Vec<Vec<u8>> = [&[0; 512][..], b"\n", b"and more"].map(|behind| [&whole[..], behind].concat()).into();
    let ok = || vec!["a.tar.gz!/a.txt ok"];
    let padded = padded.iter().map(|bytes| (&bytes[..], ok()));
    for (bytes, wanted) in padded.chain([(&whole[..], ok()), (&wrong, vec!["a.tar.gz damaged"])]) {
        fs::write(input.join("a.tar.gz"), bytes).unwrap();
        build(&input, &out);
        let found: Vec<String> = told(&out, &input).into_iter().map(|[file, status, ..]| format!("{file} {status}")).collect();
        assert_eq!(found, wanted);
    }
    fs::write(input.join("a.tar.gz"), &whole[..whole.len() - 4]).unwrap();
    build(&input, &out);
    assert_eq!(told(&out, &input).len(), 2, "a checksum that is cut is told");
}

/// The list of a Word file that a cut archive stores as it is is not taken for the archive's own.
#[test]
fn a_cut_archive_is_not_read_by_the_list_of_a_file_within_it() {
    let folder = Folder::new("inner-list");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let word = stored(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>")]);
    let (one, other) = (report("青石县"), report("白水县"));
    let bytes = stored(&[("a.txt", one.as_bytes()), ("b.docx", &word), ("c.txt", other.as_bytes())]);
    fs::write(input.join("cut.zip"), &bytes[..bytes.len() - 400]).unwrap();
    build(&input, &out);
    let found: Vec<String> = told(&out, &input).into_iter().map(|[file, status, ..]| format!("{file} {status}")).collect();
    assert_eq!(found[..2], ["cut.zip partial", "cut.zip!/a.txt ok"]);
    assert!(found[2].starts_with("cut.zip!/b.docx ") && found.iter().all(|row| !row.contains("word/")), "{found:?}");
}

/// An archive without a file, and a member that needs a password, are told by their names.
#[test]
fn an_archive_without_files_has_a_row() {
    let folder = Folder::new("empty");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    fs::write(input.join("a.txt"), report("青石县")).unwrap();
    fs::write(input.join("e.zip"), zipped(&[])).unwrap();
    build(&input, &out);
    let found: Vec<String> = told(&out, &input).into_iter().map(|[file, status, ..]| format!("{file} {status}")).collect();
    assert_eq!(found, ["a.txt ok", "e.zip no-text"]);
}

/// Members of forty MiB, of which several were on the way to workers at once.
#[cfg(target_os = "linux")]
#[test]
fn large_members_of_nested_archives_do_not_fill_memory() {
    const MEMBER: usize = 40 << 20;
    let folder = Folder::new("memory");
    let (input, out) = (folder.join("in"), folder.join("out"));
    fs::create_dir_all(&input).unwrap();
    let mut bytes = vec![0_u8; MEMBER];
    bytes[..4].copy_from_slice(b"\x7FELF");
    let mut seed = 7_u64;
    for place in (4..MEMBER).step_by(1024) {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let noise = seed.to_le_bytes();
        bytes[place..place + noise.len()].copy_from_slice(&noise);
    }
    for number in 0..12_u8 {
        bytes[5] = number;
        let inner = zipped(&[("program", &bytes)]);
        fs::write(input.join(format!("{number:02}.zip")), zipped(&[("inner.zip", &inner)])).unwrap();
    }
    let mut child = command(&input, &out, &["--jobs", "4"]).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let reports = rows(&out.join("reports.csv"));
    assert_eq!(reports.len(), 12);
    assert!(reports.iter().all(|row| row["status"] == "unsupported" && row["bytes"] == MEMBER.to_string()), "{reports:?}");
    assert!(most > 0 && most < 200 << 10, "the build took {most} KiB");
    assert!(!out.join(".luoshu/members").exists());
}
