//! Inputs made by chance, from the shapes that reports have: text in every layout, web pages, pieces of lessons. Seeded:
//! the same number gives the same input on every machine.

use std::fmt::Write;

/// Throws of the dice: by a xorshift generator, or as bytes say that a fuzzer chose.
pub enum Dice<'a> {
    Seeded(u64),
    Chosen(&'a [u8]),
}

impl<'a> Dice<'a> {
    pub fn new(seed: u64) -> Dice<'a> {
        Dice::Seeded(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn of(bytes: &'a [u8]) -> Dice<'a> {
        Dice::Chosen(bytes)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1);
        match self {
            Dice::Seeded(state) => {
                *state ^= *state << 13;
                *state ^= *state >> 7;
                *state ^= *state << 17;
                (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
            }
            // A byte, or as many as the bound needs. Where none are left the last number comes: what chance repeats ends.
            Dice::Chosen(bytes) => {
                let n_bytes = (bound - 1).checked_ilog(256).map_or(1, |log| log as usize + 1);
                let Some((throw, rest)) = bytes.split_at_checked(n_bytes) else {
                    *bytes = &[];
                    return bound - 1;
                };
                *bytes = rest;
                throw.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)) % bound
            }
        }
    }

    pub fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'w, T: ?Sized>(&mut self, from: &[&'w T]) -> &'w T {
        from[self.below(from.len())]
    }
}

const WORDS: &[&str] = &[
    "信息内容",
    "本年制发件数",
    "规章",
    "行政规范性文件",
    "申请人情况",
    "自然人",
    "商业企业",
    "总计",
    "一、本年新收政府信息公开申请数量",
    "（一）予以公开",
    "（三）不予公开",
    "1.属于国家秘密",
    "（六）其他处理",
    "四、结转下年度继续办理",
    "行政复议",
    "结果维持",
    "小计",
    "合计",
    "Total",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "2021年",
    "续表",
    "单位：万元",
    "其他法律行政止公开",
    "甲",
    "a b",
    "本年新收政府信息公开申请12件，予以公开5件，占33.9%。",
    "第一章 总则",
    "Part II",
    "2.3 Scope",
    "- 4 -",
    "第 3 页",
    "共",
    "。",
    "，",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "7",
    "12",
    "21",
    "1,234",
    "1 234",
    "3.5",
    "-4",
    "—",
    "/",
    "无",
    "１２",
    "251000元",
    "15（含新制定 5 件）",
    "00",
    "05",
    "2 0",
    "3.4.5",
    "1e9",
    "12%",
    "99999999999999999999",
    "7777777777777777777777777777",
    "0.0000000000000000000000000003",
    "1O",
    "①",
    "½",
];

const ODD: &[&str] =
    &["\u{200B}", "\u{FEFF}", "\u{A0}", "\u{3000}", "\r", "\u{0C}", "\u{1B}[31m", "\0", "\u{202E}", "|", "\t", "\u{FFFD}", "⽔"];

/// A cell's words.
fn cell(dice: &mut Dice, out: &mut String) {
    match dice.below(10) {
        0..5 => out.push_str(dice.pick(NUMBERS)),
        5 | 6 => {}
        7 => {
            let _ = write!(out, "{}", dice.below(1000));
        }
        _ => out.push_str(dice.pick(WORDS)),
    }
    if dice.is(4) {
        out.push_str(dice.pick(ODD));
    }
}

/// Text: sentences, headings, and tables in one layout or several.
pub fn text(dice: &mut Dice) -> Vec<u8> {
    let mut out = String::new();
    for _ in 0..=dice.below(8) {
        match dice.below(6) {
            0 | 1 => table(dice, &mut out),
            2 => {
                let _ = writeln!(
                    out,
                    "{}{}",
                    dice.pick(&["一、", "二、", "（一）", "1.", "1.1 ", "## ", "①", "Chapter 2 ", "第二章 "]),
                    dice.pick(WORDS)
                );
            }
            3 => out.push_str(&"\n".repeat(dice.below(4))),
            _ => {
                let _ = writeln!(out, "{}", dice.pick(WORDS));
            }
        }
    }
    encode(dice, &out)
}

fn table(dice: &mut Dice, out: &mut String) {
    let (n_rows, n_columns) = (1 + dice.below(8), 1 + dice.below(9));
    let layout = dice.below(5);
    for _ in 0..n_rows {
        let n_columns = if dice.is(15) { dice.below(12) } else { n_columns };
        for column in 0..n_columns {
            let before = out.len();
            cell(dice, out);
            match layout {
                0 => out.push('\t'),
                1 => out.push_str(if column == 0 { " | " } else { "|" }),
                2 => {
                    let width = out[before..].chars().count();
                    out.push_str(&" ".repeat(12_usize.saturating_sub(width).max(dice.below(4))));
                }
                3 => out.push('\n'),
                _ => out.push_str(dice.pick(&["\t", "  ", " ", "|", "\n"])),
            }
        }
        out.push('\n');
        if layout == 1 && dice.is(20) {
            out.push_str("|---|:-:|\n");
        }
    }
}

fn encode(dice: &mut Dice, text: &str) -> Vec<u8> {
    match dice.below(12) {
        0 => encoding_rs::GB18030.encode(text).0.into_owned(),
        1 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => format!("\u{FEFF}{text}").into_bytes(),
        3 => text.replace('\n', "\r\n").into_bytes(),
        _ => text.as_bytes().to_vec(),
    }
}

const TAGS: &[&str] = &[
    "table", "tr", "td", "th", "tbody", "thead", "caption", "p", "div", "span", "b", "i", "a", "br", "h1", "h3", "ul", "li", "pre", "font",
    "sup", "script", "style", "title", "select", "option", "template", "svg", "form", "input", "textarea", "center", "colgroup", "col",
    "dl", "dt", "dd",
];

const ATTRIBUTES: &[&str] = &[
    "colspan=2",
    "rowspan=3",
    "colspan=1000000000",
    "rowspan=0",
    "colspan=-1",
    "style=display:none",
    "style='visibility:hidden'",
    "hidden",
    "class=a",
    "align=center",
    "style='position:absolute'",
    "colspan='2",
    "width=\"",
    "nowrap",
    "aria-hidden=true",
    "type=hidden value=7",
];

/// A web page: tags opened and closed as chance has it.
pub fn page(dice: &mut Dice) -> Vec<u8> {
    let mut out = String::from(dice.pick(&[
        "<html><body>",
        "<!DOCTYPE html><html><head><meta charset=gb2312></head>",
        "<table>",
        "<p>",
        "<style>.a{display:none}</style><div>",
    ]));
    let mut open: Vec<&str> = Vec::new();
    for _ in 0..dice.below(120) {
        match dice.below(10) {
            0..4 => {
                let tag = dice.pick(TAGS);
                out.push('<');
                out.push_str(tag);
                while dice.is(30) {
                    out.push(' ');
                    out.push_str(dice.pick(ATTRIBUTES));
                }
                out.push('>');
                open.push(tag);
            }
            4 => {
                let _ = write!(out, "</{}>", dice.pick(TAGS));
            }
            5 => {
                let _ = write!(out, "</{}>", open.pop().unwrap_or("p"));
            }
            6 => out.push_str(dice.pick(&["&nbsp;", "&#50;", "&#x110000;", "&lt;", "&", "<!-- 7 -->", "<![CDATA[7]]>", "\n", " "])),
            _ => cell(dice, &mut out),
        }
    }
    encode(dice, &out)
}

/// A known file with some of its bytes changed, cut, doubled, or put into another.
pub fn damaged(dice: &mut Dice, known: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = known[dice.below(known.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        let to = (at + dice.below(64)).min(bytes.len());
        match dice.below(7) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..to)),
            2 => bytes[at..to].reverse(),
            3 => {
                let piece = bytes[at..to].to_vec();
                let place = dice.below(bytes.len());
                bytes.splice(place..place, piece);
            }
            4 => {
                let other = &known[dice.below(known.len())];
                let from = dice.below(other.len());
                let piece = other[from..(from + dice.below(400)).min(other.len())].to_vec();
                bytes.splice(at..to, piece);
            }
            5 => {
                let mut piece = String::new();
                cell(dice, &mut piece);
                bytes.splice(at..at, piece.into_bytes());
            }
            _ => bytes[at..to].iter_mut().take(1).for_each(|byte| *byte ^= 1 << dice.below(8)),
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}

/// A formula, or what looks like one.
pub fn formula(dice: &mut Dice) -> String {
    const PARTS: &[&str] = &[
        "a",
        "a.b",
        "requests/new/total",
        "sum(",
        ")",
        "+",
        "-",
        "*",
        "=",
        "==",
        ",",
        ".**",
        ".*",
        " ",
        "2",
        "99999999999999999999",
        "last_year(",
        "{n}",
        "~8",
        "(共|全年)?",
        "{next}",
        "件",
        "|",
    ];
    (0..dice.below(24)).map(|_| dice.pick(PARTS)).collect()
}

/// The smallest piece of an input that still fails, as far as cutting finds it.
pub fn smallest(bytes: &[u8], fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut whole = bytes.to_vec();
    let mut step = whole.len() / 2;
    while step > 0 {
        let mut at = 0;
        while at < whole.len() {
            let mut fewer = whole.clone();
            fewer.drain(at..(at + step).min(whole.len()));
            if fails(&fewer) {
                whole = fewer;
            } else {
                at += step;
            }
        }
        step /= 2;
    }
    whole
}
