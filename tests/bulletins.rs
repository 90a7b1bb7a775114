//! Bulletins that are not part of this repository: what a reader would list first, held against what is read. Skipped
//! with a word where they do not lie beside it.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::Path;
use support::parse_to_json;

/// Figures read by eye: file, then indicator, facet and number as printed, a decline with its sign.
const READ_BY_EYE: &[(&str, &[(&str, &str)])] = &[
    (
        "baoji_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "2648.87"),
            ("gdp/growth", "6.0"),
            ("gdp.primary/value", "244.45"),
            ("gdp.primary/growth", "3.7"),
            ("gdp.primary/share", "9.2"),
            ("gdp.secondary/value", "1093.17"),
            ("gdp.secondary/growth", "6.8"),
            ("gdp.secondary/share", "41.3"),
            ("gdp.tertiary/value", "1311.25"),
            ("gdp.tertiary/growth", "5.8"),
            ("gdp.tertiary/share", "49.5"),
            ("population/value", "321.56"),
        ],
    ),
    (
        "chenzhou_2025_statistical_bulletin.html",
        &[
            ("gdp/value", "3502.08"),
            ("gdp/growth", "5.5"),
            ("gdp.primary/value", "349.07"),
            ("gdp.primary/growth", "4.2"),
            ("gdp.primary/share", "10.0"),
            ("gdp.secondary/value", "1350.17"),
            ("gdp.secondary/growth", "4.9"),
            ("gdp.secondary/share", "38.5"),
            ("gdp.tertiary/value", "1802.83"),
            ("gdp.tertiary/growth", "6.2"),
            ("gdp.tertiary/share", "51.5"),
            ("population/value", "455.74"),
            ("population/change", "-2.04"),
            ("urbanization/value", "62.28"),
            ("urbanization/change", "0.98"),
            ("income/value", "36846"),
            ("income/growth", "5.2"),
        ],
    ),
    (
        "hebi_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "1144.12"),
            ("gdp/growth", "6.6"),
            ("gdp.primary/value", "78.11"),
            ("gdp.primary/growth", "3.5"),
            ("gdp.primary/share", "6.8"),
            ("gdp.secondary/value", "558.81"),
            ("gdp.secondary/growth", "6.5"),
            ("gdp.secondary/share", "48.8"),
            ("gdp.tertiary/value", "507.20"),
            ("gdp.tertiary/growth", "7.3"),
            ("gdp.tertiary/share", "44.4"),
            ("population/value", "155.4"),
            ("urbanization/value", "65.10"),
            ("urbanization/change", "0.76"),
            ("revenue/value", "84.50"),
            ("revenue/growth", "3.6"),
            ("income/value", "36910"),
            ("income/growth", "5.7"),
        ],
    ),
    (
        "jiamusi_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "1052.3"),
            ("gdp/growth", "4.7"),
            ("gdp.primary/value", "425.2"),
            ("gdp.primary/growth", "3.3"),
            ("gdp.primary/share", "40.4"),
            ("gdp.secondary/value", "94.7"),
            ("gdp.secondary/growth", "3.8"),
            ("gdp.secondary/share", "9.0"),
            ("gdp.tertiary/value", "532.3"),
            ("gdp.tertiary/growth", "6.3"),
            ("gdp.tertiary/share", "50.6"),
            ("revenue/value", "83.5"),
            ("revenue/growth", "2.5"),
        ],
    ),
    (
        "kunming_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "8637.45"),
            ("gdp/growth", "4.2"),
            ("gdp.primary/value", "355.75"),
            ("gdp.primary/growth", "2.9"),
            ("gdp.primary/share", "4.1"),
            ("gdp.secondary/value", "2478.21"),
            ("gdp.secondary/growth", "2.3"),
            ("gdp.secondary/share", "28.7"),
            ("gdp.tertiary/value", "5803.49"),
            ("gdp.tertiary/growth", "5.0"),
            ("gdp.tertiary/share", "67.2"),
            ("population/value", "874.4"),
            ("urbanization/value", "84.02"),
            ("urbanization/change", "0.48"),
        ],
    ),
    (
        "luohe_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "1954.0"),
            ("gdp/growth", "6.1"),
            ("gdp.primary/value", "161.9"),
            ("gdp.primary/growth", "3.7"),
            ("gdp.primary/share", "8.3"),
            ("gdp.secondary/value", "774.2"),
            ("gdp.secondary/growth", "6.2"),
            ("gdp.secondary/share", "39.6"),
            ("gdp.tertiary/value", "1017.9"),
            ("gdp.tertiary/growth", "6.6"),
            ("gdp.tertiary/share", "52.1"),
            ("population/value", "233.5"),
            ("urbanization/value", "59.49"),
            ("urbanization/change", "0.76"),
        ],
    ),
    (
        "quanzhou_2025_statistical_bulletin.html",
        &[
            ("gdp/value", "13778.34"),
            ("gdp/growth", "5.3"),
            ("gdp.primary/value", "272.28"),
            ("gdp.primary/growth", "3.6"),
            ("gdp.primary/share", "2.0"),
            ("gdp.secondary/value", "6957.71"),
            ("gdp.secondary/growth", "6.0"),
            ("gdp.secondary/share", "50.5"),
            ("gdp.tertiary/value", "6548.35"),
            ("gdp.tertiary/growth", "4.7"),
            ("gdp.tertiary/share", "47.5"),
        ],
    ),
    (
        "wuhai_2025_statistical_bulletin_2nd.html",
        &[
            ("gdp/value", "540.75"),
            ("gdp/growth", "-4.3"),
            ("gdp.primary/value", "8.64"),
            ("gdp.primary/growth", "5.7"),
            ("gdp.primary/share", "1.6"),
            ("gdp.secondary/value", "247.31"),
            ("gdp.secondary/growth", "-7.3"),
            ("gdp.secondary/share", "45.7"),
            ("gdp.tertiary/value", "284.80"),
            ("gdp.tertiary/growth", "-1.4"),
            ("gdp.tertiary/share", "52.7"),
            ("population/value", "54.90"),
            ("urbanization/value", "97.09"),
            ("urbanization/change", "0.21"),
        ],
    ),
    (
        "yingkou_2025_statistical_bulletin.html",
        &[
            ("gdp/value", "1570.2"),
            ("gdp/growth", "4.0"),
            ("gdp.primary/value", "128.2"),
            ("gdp.primary/growth", "3.5"),
            ("gdp.primary/share", "8.2"),
            ("gdp.secondary/value", "493.1"),
            ("gdp.secondary/growth", "2.6"),
            ("gdp.secondary/share", "31.4"),
            ("gdp.tertiary/value", "949.0"),
            ("gdp.tertiary/growth", "4.7"),
            ("gdp.tertiary/share", "60.4"),
            ("revenue/value", "146.0"),
            ("revenue/growth", "3.9"),
            ("income/value", "41091"),
            ("income/growth", "4.5"),
        ],
    ),
    (
        "zhengzhou_2025_statistical_bulletin.html",
        &[
            ("gdp/value", "15244.6"),
            ("gdp/growth", "5.4"),
            ("gdp.primary/value", "189.9"),
            ("gdp.primary/growth", "3.7"),
            ("gdp.primary/share", "1.2"),
            ("gdp.secondary/value", "5576.8"),
            ("gdp.secondary/growth", "5.4"),
            ("gdp.secondary/share", "36.6"),
            ("gdp.tertiary/value", "9477.8"),
            ("gdp.tertiary/growth", "5.4"),
            ("gdp.tertiary/share", "62.2"),
            ("population/value", "1313.8"),
            ("urbanization/value", "81.52"),
            ("urbanization/change", "0.52"),
            ("revenue/value", "1181.3"),
            ("revenue/growth", "2.3"),
        ],
    ),
];

#[test]
fn bulletins_state_what_a_reader_lists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports/statistical-bulletin");
    for (name, wanted) in READ_BY_EYE {
        let Ok(bytes) = std::fs::read(folder.join(name)) else {
            eprintln!("skipped: {name} is not here");
            continue;
        };
        let report = parse_to_json(&bytes);
        assert_eq!(report["report"]["family"], "cn-statistical-bulletin", "{name}");
        let values = report["values"].as_array().unwrap();
        for (key, number) in *wanted {
            let key = format!("indicators/{key}");
            let found = values.iter().find(|value| value["key"] == key.as_str()).map(|value| value["value"].to_string());
            assert_eq!(found.as_deref(), Some(*number), "{name}: {key}");
        }
    }
}

#[test]
fn other_reports_are_no_bulletins() {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    for folder in ["work-report", "foi-annual"] {
        let Ok(files) = std::fs::read_dir(reports.join(folder)) else {
            eprintln!("skipped: {folder} is not here");
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let report = parse_to_json(&std::fs::read(&path).unwrap());
            assert_ne!(report["report"]["family"], "cn-statistical-bulletin", "{}", path.display());
        }
    }
}

/// Figures of seven bulletins, listed by reading them before they were first read by the program.
const LISTED: &str = include_str!("data/bulletins.tsv");

#[test]
fn figures_listed_before_the_first_run_are_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reports/statistical-bulletin");
    let mut pages: std::collections::BTreeMap<&str, Vec<Vec<&str>>> = std::collections::BTreeMap::new();
    for line in LISTED.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        pages.entry(fields[0]).or_default().push(fields[1..].to_vec());
    }
    assert_eq!(pages.len(), 7);
    for (page, wanted) in pages {
        let Ok(bytes) = std::fs::read(folder.join(page)) else {
            eprintln!("skipped: {page} is not here");
            continue;
        };
        let report = parse_to_json(&bytes);
        let values = report["values"].as_array().unwrap();
        for field in wanted {
            let key = format!("indicators/{}", field[0]);
            let value = values.iter().find(|value| value["key"] == key.as_str()).unwrap_or_else(|| panic!("{page}: {key} is not read"));
            assert_eq!(value["value"].as_f64(), field[1].parse().ok(), "{page}: {key}");
            assert_eq!(value["unit"].as_str().unwrap_or_default(), field[2], "{page}: {key}");
        }
    }
}
