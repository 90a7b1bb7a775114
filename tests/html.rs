//! Web pages: what they show, how their tables stand, which encoding they are in, and pages made to do harm.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use encoding_rs::{BIG5, GB18030};
use luoshu::doc::{Block, Document, Grid, Status};
use luoshu::flag::{Code, Flag, Flagged, Severity};
use luoshu::place::Place;
use luoshu::read::{Source, read};
use std::io::Write;
use std::time::{Duration, Instant};
use support::{lessons, parse_to_json};

/// Long enough that a page is not taken for a shell.
const PROSE: &str = "<p>本单位按月检查栏目，全年共检查十二次，发现的问题都已改正；来信来访由专人登记，按时答复，并在年底汇总成册，供来年参考。各科室另设一名联络员，负责收集材料，核对数字，送分管领导审阅后发布。</p>\
    <p>培训两期，参加的人员来自各科室和下属单位，课程包括申请的受理、答复的写法、期限的计算和档案的整理，课后有测验，成绩归入年度考核。</p>";

fn page(html: &str) -> Flagged<Source> {
    read(html.as_bytes())
}

fn document(html: &str) -> Document {
    page(&format!("<html><body>{html}{PROSE}</body></html>")).value.document
}

/// Paragraphs with the marks of their look, grids as their number of rows, furniture in brackets.
fn outline(document: &Document) -> Vec<String> {
    let show = |block: &Block| match block {
        Block::Para(para) => {
            let heading = para.look.heading.map_or(String::new(), |level| format!("h{level} "));
            let bold = if para.look.bold { "b " } else { "" };
            let centred = if para.look.centred { "c " } else { "" };
            format!("{heading}{bold}{centred}{}", document.slice(para.span))
        }
        Block::Grid(grid) => format!("grid {}", grid.rows.len()),
        Block::Furniture(span) => format!("[{}]", document.slice(*span)),
        Block::Seam(_) => "-".to_string(),
    };
    document.blocks.iter().map(show).take_while(|line| !line.starts_with("本单位按月")).collect()
}

fn grids(document: &Document) -> Vec<&Grid> {
    document.blocks.iter().filter_map(|block| if let Block::Grid(grid) = block { Some(grid) } else { None }).collect()
}

/// `column+columns*rows words` of each cell, a row a line.
fn cells(document: &Document, grid: &Grid) -> Vec<String> {
    let cell = |cell: &luoshu::doc::Cell| format!("{}+{}*{} {}", cell.column, cell.columns, cell.rows, document.slice(cell.span));
    grid.rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" | ")).collect()
}

#[test]
fn spans_are_laid_into_a_grid() {
    let html = "<table><tr><td rowspan=2>甲</td><td colspan=2>乙</td><td>丙</td></tr>\
        <tr><td>1</td><td>2</td><td>3</td></tr><tr><td>丁</td><td colspan=0>4</td><td></td><td>&nbsp;</td></tr></table>";
    let document = document(html);
    let wanted = ["0+1*2 甲 | 1+2*1 乙 | 3+1*1 丙", "1+1*1 1 | 2+1*1 2 | 3+1*1 3", "0+1*1 丁 | 1+1*1 4 | 2+1*1  | 3+1*1 "];
    assert_eq!(cells(&document, grids(&document)[0]), wanted);
    assert!(document.text.starts_with("甲\t乙\t丙\n1\t2\t3\n丁\t4\t\t\n"), "{:?}", &document.text[..60]);
}

#[test]
fn spans_that_overlap_lose_no_cell() {
    let html = "<table><tr><td>甲</td><td rowspan=3>1</td><td>2</td></tr><tr><td colspan=3>乙</td></tr><tr><td>3</td><td>4</td><td>5</td></tr></table>";
    let document = document(html);
    assert_eq!(cells(&document, grids(&document)[0]), ["0+1*1 甲 | 1+1*3 1 | 2+1*1 2", "0+3*1 乙", "0+1*1 3 | 2+1*1 4 | 3+1*1 5"]);
}

#[test]
fn unclosed_cells_and_rows_are_closed() {
    let document = document("<TABLE><TR><TD>规章<TD>1<TD>2<TR><TD>文件<TD>3<TD>4</TABLE>");
    assert_eq!(cells(&document, grids(&document)[0]), ["0+1*1 规章 | 1+1*1 1 | 2+1*1 2", "0+1*1 文件 | 1+1*1 3 | 2+1*1 4"]);
}

#[test]
fn labels_stay_whole_and_numbers_apart() {
    let html = "<table><tr><td><p><span>法人</span><span><font>或其</font></span>\n  <span>他组织</span></p></td><td>本年<br>制发</td><td>1</td></tr>\
        <tr><td>规&nbsp;章</td><td><p>2</p><p>0</p></td><td><span>1</span><span>3</span></td></tr></table>";
    let document = document(html);
    let wanted = ["0+1*1 法人或其他组织 | 1+1*1 本年 制发 | 2+1*1 1", "0+1*1 规\u{A0}章 | 1+1*1 2\n0 | 2+1*1 13"];
    assert_eq!(cells(&document, grids(&document)[0]), wanted);
}

#[test]
fn paragraphs_end_at_blocks_and_line_breaks() {
    let html =
        "<div>一、总体情况<br/>（一）主动公开</div><div>text in <i>two</i>\nlines</div><ul><li>一条<li>二条</ul><h2>二、<br>申请</h2>";
    assert_eq!(outline(&document(html)), ["一、总体情况", "（一）主动公开", "text in two lines", "一条", "二条", "h2 二、 申请"]);
}

/// A page's own title tells which of its lines is the report's, whatever stands above it.
#[test]
fn a_page_says_which_line_is_its_title() {
    let filling = "收支预算执行总体平稳，各项重点支出得到保障，管理继续规范。".repeat(4);
    let html = format!(
        "<html><head><meta charset=utf-8><title>关于青石市2025年预算执行情况和2026年预算草案的报告_青石市财政局</title></head><body>\
         <div>站内搜索</div><div>索引号：ab004/2026-00012</div><p>关于青石市2025年预算执行情况<br>和2026年预算草案的报告</p>\
         <p>关于青石市2025年预算执行情况和2026年预算草案的报告</p><p>{filling}</p><p>一、总体情况</p><p>{filling}</p></body></html>"
    );
    let report = &parse_to_json(html.as_bytes())["report"];
    assert_eq!(report["title"], "关于青石市2025年预算执行情况和2026年预算草案的报告");
    assert_eq!(report["year"], 2025);
}

#[test]
fn headings_that_are_only_bold_or_share_a_paragraph() {
    let html = "<p align=center><b><span>某局</span><span>年报</span></b></p><p><strong>一、总体情况</strong></p>\
        <p style='font-weight:700;text-align:center'>居中</p><p><b>二、公开情况</b>全年公开信息若干条，均按期发布，没有遗漏。</p>\
        <p><b>一是</b>抓好培训，办好栏目，及时更新。</p>";
    let wanted = [
        "b c 某局年报",
        "b 一、总体情况",
        "b c 居中",
        "b 二、公开情况",
        "全年公开信息若干条，均按期发布，没有遗漏。",
        "一是抓好培训，办好栏目，及时更新。",
    ];
    assert_eq!(outline(&document(html)), wanted);
}

#[test]
fn what_does_not_show_is_not_read() {
    let html = "<script>var n = 1;</script><style>p{width:2px}</style><template>3</template><noscript>4</noscript>\
        <p hidden>5</p><p style='display: none'>6</p><div style='visibility:hidden'><p>7</p></div><nav>8</nav><select><option>9</select>\
        <!-- 10 --><p>11<input value=12></p>";
    assert_eq!(outline(&document(html)), ["11"]);
}

#[test]
fn menus_are_furniture_and_layout_is_no_table() {
    let html = "<table><tr><td><a href=1>首页</a></td><td><a href=2>公开</a></td></tr><tr><td colspan=2>\
        <h1>年报</h1><p>正文一段，说明来由。</p><table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr>\
        <tr><td>批复</td><td>3</td></tr><tr><td>其他</td><td>4</td></tr></table></td></tr></table>";
    assert_eq!(outline(&document(html)), ["[首页]", "[公开]", "h1 年报", "正文一段，说明来由。", "grid 4"]);
}

#[test]
fn a_footer_of_menus_is_furniture_and_the_last_section_is_not() {
    let links: String = (0..8).map(|index| format!("<li><a href={index}>网站{index}</a></li>")).collect();
    let html = format!("<h2>六、其他</h2><p>无。</p><ul>{links}</ul><h3>友情链接</h3><p>备案 123 号</p>");
    let document = page(&format!("{PROSE}{html}")).value.document;
    let shown = outline(&document);
    let tail: Vec<&str> = document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Para(para) = block { Some(document.slice(para.span)) } else { None })
        .skip(2)
        .collect();
    assert_eq!(tail, ["六、其他", "无。"], "{shown:?}");
}

#[test]
fn a_card_above_the_text_is_no_table() {
    let card = "<table><tr><td>索引号</td><td>010/2026-00012</td></tr><tr><td>发布日期</td><td>2026-02-28 16:00</td></tr></table>";
    assert_eq!(outline(&document(card)), ["索引号\t010/2026-00012", "发布日期\t2026-02-28 16:00"]);
    let below = page(&format!("{PROSE}{card}")).value.document;
    assert_eq!(grids(&below).len(), 1, "behind the text it may be anything");
}

#[test]
fn preformatted_text_is_read_as_text() {
    let document = document("<pre>标题\n项目\t甲\t乙\n收入\t1\t2\n支出\t3\t4\n</pre>");
    assert_eq!(outline(&document), ["标题", "grid 3"]);
    assert_eq!(document.slice(grids(&document)[0].rows[2].cells[1].span), "3");
}

#[test]
fn places_are_those_of_the_source() {
    let html = format!(
        "<html><body>{PROSE}<p>全&amp;年&nbsp;收到 <b>申请</b>\r\n 1,234 件</p><table><tr><td>规章</td>\n<td class=x></td><td>7</td></tr><tr><td>令</td><td>8</td><td>9</td></tr></table>"
    );
    let document = page(&html).value.document;
    let place = |words: &str| {
        let at = document.text.find(words).unwrap();
        match document.place(luoshu::place::Span::new(at, at + words.len())) {
            Some(Place::Text { line, byte, .. }) => (line, html[byte[0] as usize..byte[1] as usize].to_string()),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(place("1,234"), (2, "1,234".into()));
    assert_eq!(place("规章"), (2, "规章".into()));
    assert_eq!(place("9"), (3, "9".into()));
    assert_eq!(place("申请 1"), (1, "申请</b>\r\n 1,234".into()));
    let blank = grids(&document)[0].rows[0].cells[1].span;
    assert!(blank.is_empty());
    let Some(Place::Text { byte, .. }) = document.place(blank) else { panic!("a blank cell has its place") };
    assert_eq!(&html[byte[0] as usize..byte[1] as usize], "<td class=x>");
}

#[test]
fn every_charset_is_read_whatever_the_page_says() {
    let text = |charset: &str| {
        format!(
            "<html><head>{charset}</head><body><h1>青石县年报</h1><table><tr><td>规章</td><td>12</td></tr><tr><td>文件</td><td>7</td></tr></table>{PROSE}"
        )
    };
    let utf_8 = text("<meta charset=utf-8>");
    let right = GB18030.encode(&text("<meta http-equiv=Content-Type content='text/html; charset=gb2312'>")).0.into_owned();
    let none = GB18030.encode(&text("")).0.into_owned();
    let lies = ["utf-8", "big5", "iso-8859-1", "shift_jis", "nonsense"];
    let lying = lies.iter().map(|lie| GB18030.encode(&text(&format!("<meta charset={lie}>"))).0.into_owned());
    let wanted = page(&utf_8).value.document.text;
    let lied = text("<meta charset=gbk>").into_bytes();
    let bom = format!("\u{FEFF}{}", text("<meta charset=gbk>")).into_bytes();
    let utf_16: Vec<u8> = format!("\u{FEFF}{utf_8}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (index, bytes) in [right, none, lied, bom, utf_16].into_iter().chain(lying).enumerate() {
        let found = read(&bytes).value;
        assert_eq!((found.format, found.status), ("html", Status::Ok), "case {index}");
        assert_eq!(found.document.text, wanted, "case {index} as {:?}", found.encoding);
        assert!(!found.document.text.contains('\u{FFFD}'));
    }
    let traditional = "<p>本府全年收到政府資訊公開申請，均依規定期限答復，並無遺漏；來年將繼續辦理，詳見附表。</p>".repeat(4);
    assert!(read(&BIG5.encode(&traditional).0).value.document.text.contains("政府資訊公開"));
}

#[test]
fn pages_that_are_no_report() {
    let links: String =
        (0..60).map(|index| format!("<li><a href={index}>某局{index}年政府信息公开工作年度报告</a> 2020-01-{index}</li>")).collect();
    for (kind, html) in [
        ("list", format!("<html><body><h1>年报</h1><ul>{links}</ul></body></html>")),
        ("shell", "<html><body><div id=app></div><script src=app.js></script></body></html>".to_string()),
        ("viewer", "<html><body><h1>年报</h1><iframe src='/web/viewer.html?file=a.pdf'></iframe></body></html>".to_string()),
        ("error", "<html><title>404</title><body><h1>404 Not Found</h1><hr>nginx</body></html>".to_string()),
    ] {
        let found = page(&html);
        assert_eq!(found.value.status, Status::NotAReport, "{kind}");
        assert_eq!(found.flags.iter().filter(|flag| flag.code == Code::NotAReport).count(), 1, "{kind}");
    }
    assert_eq!(page("<html><body>  </body></html>").value.status, Status::NoText);
    assert_eq!(page("<table><tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2</td></tr></table>").value.status, Status::Ok);
    assert_eq!(page(&format!("<iframe src=map.html></iframe><script>x</script>{PROSE}")).value.status, Status::Ok);
}

#[test]
fn other_formats_are_named_and_garbage_is_no_report() {
    let garbage: Vec<u8> = (0..4000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (bytes, status) in [
        (&b""[..], Status::NoText),
        (b" \n\t ", Status::NoText),
        (b"%PDF-1.7\n", Status::Unsupported),
        (b"\x89PNG\r\n\x1A\n....", Status::Unsupported),
        (&garbage, Status::NotAReport),
    ] {
        let found = read(bytes);
        if matches!(found.value.format, "pdf") && found.value.status != Status::Unsupported {
            continue;
        }
        assert_eq!(found.value.status, status, "{:?}", &bytes[..bytes.len().min(8)]);
        assert_eq!(found.flags.len(), 1);
    }
}

#[test]
fn gzip_is_unpacked_within_limits() {
    let packed = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let html = format!("<html><body>{PROSE}</body></html>");
    let whole = packed(html.as_bytes());
    assert_eq!(read(&whole).value.document.text, page(&html).value.document.text);
    let cut = read(&whole[..whole.len() - 40]);
    assert!(matches!(cut.value.status, Status::Partial | Status::Damaged | Status::NotAReport) && !cut.flags.is_empty());
    assert_eq!(read(&packed(&vec![b' '; 64 << 20])).value.status, Status::TooLarge);
    assert_eq!(read(&packed(&whole)).value.status, Status::Unsupported);
}

#[test]
fn pages_made_to_do_harm_end_soon() {
    let attributes: String = (0..200_000).map(|index| format!(" a{index}=1")).collect();
    let cases: Vec<(&str, String)> = vec![
        ("nested elements", "<div>".repeat(100_000) + "文字"),
        ("nested tables", "<table><tr><td>1".repeat(50_000)),
        ("fonts never closed", (0..50_000).map(|index| format!("<p><font size={index}>字")).collect()),
        ("wide span", "<table><tr><td colspan=1000000000 rowspan=1000000000>1</td><td>2</td></tr><tr><td>3</td></tr></table>".into()),
        ("wide spans", format!("<table>{}</table>", "<tr><td colspan=1000 rowspan=65000>1</td><td>2</td></tr>".repeat(20_000))),
        ("many cells", format!("<table>{}</table>", format!("<tr>{}</tr>", "<td>1</td>".repeat(100)).repeat(10_100))),
        ("attributes", format!("<p{attributes}>文字</p>")),
        ("ampersands", "<p>".to_string() + &"&".repeat(1_000_000)),
        ("open tags", "<".repeat(1_000_000) + "<p>"),
        ("comment", "<p><!--".to_string() + &"x\n".repeat(1_000_000)),
    ];
    for (kind, html) in cases {
        let start = Instant::now();
        let found = page(&html);
        assert!(start.elapsed() < Duration::from_secs(10), "{kind} took {:?}", start.elapsed());
        assert!(found.value.document.text.len() <= html.len() * 2, "{kind}");
    }
    let many = page(&format!("<table>{}</table>", format!("<tr>{}</tr>", "<td>1</td>".repeat(100)).repeat(10_100)));
    assert_eq!(many.value.status, Status::TooLarge);
}

#[test]
fn damaged_pages_never_end_in_silence() {
    for lesson in lessons().into_iter().filter(|lesson| lesson.name.starts_with("html-")) {
        for step in 1..40 {
            let cut = &lesson.bytes[..lesson.bytes.len() * step / 40];
            let report = parse_to_json(cut);
            let is_silent = report["values"].as_array().unwrap().is_empty() && report["flags"].as_array().unwrap().is_empty();
            assert!(!is_silent, "{} cut at {step}/40", lesson.name);
        }
    }
}

/// A table by style whose cells are these.
fn styled(rows: &str) -> String {
    let cell = |words: &str| format!("<div style=\"Display: table-cell !important\">{words}</div>");
    let row = |row: &str| format!("<div style=\"DISPLAY:TABLE-ROW\">{}</div>", row.split(' ').map(cell).collect::<String>());
    format!("<div style=\"display:table\">{}</div>", rows.split('/').map(row).collect::<String>())
}

#[test]
fn what_stands_in_no_cell_of_a_table_by_style_is_a_cell() {
    let rows = "项目 甲 乙/收入 1,000 2,000/支出 3,000 4,000";
    let shown = |html: &str| {
        let document = document(html);
        grids(&document).iter().flat_map(|grid| cells(&document, grid)).collect::<Vec<_>>()
    };
    let wanted = ["0+1*1 项目 | 1+1*1 甲 | 2+1*1 乙", "0+1*1 收入 | 1+1*1 1,000 | 2+1*1 2,000", "0+1*1 支出 | 1+1*1 3,000 | 2+1*1 4,000"];
    assert_eq!(shown(&styled(rows)), wanted);
    // Rows that no style makes rows, and words beside the cells.
    let plain = styled(rows).replace("DISPLAY:TABLE-ROW", "color:red");
    assert_eq!(shown(&plain), wanted);
    let beside = plain.replacen("<div style=\"color:red\">", "<div style=\"color:red\">7,777", 1);
    assert_eq!(shown(&beside)[0], "0+1*1 7,777 | 1+1*1 项目 | 2+1*1 甲 | 3+1*1 乙");
}

#[test]
fn an_element_that_a_style_makes_a_block_parts_numbers() {
    let row = |label: &str, number: &str| format!("<tr><td>{label}</td><td>{number}</td></tr>");
    let blocks = "<span style=\"display:block\">1,000</span><span style=\"display:block\">2,000</span>";
    let rows = [row("项目", "金额"), row("收入", "5,000"), row("支出", blocks), row("结余", "2,000"), row("结转", "800"), row("其他", "7")];
    let html = &format!("<table>{}</table>", rows.concat());
    let document = document(html);
    assert_eq!(cells(&document, grids(&document)[0])[2], "0+1*1 支出 | 1+1*1 1,000\n2,000");
}

fn sections(report: &serde_json::Value) -> Vec<String> {
    let mut open: Vec<&serde_json::Value> = report["sections"].as_array().unwrap().iter().rev().collect();
    let mut found = Vec::new();
    while let Some(section) = open.pop() {
        found.push(section["title"].as_str().unwrap().to_string());
        open.extend(section["children"].as_array().unwrap().iter().rev());
    }
    found
}

#[test]
fn the_way_to_a_page_and_headings_that_lead_elsewhere_are_its_menus() {
    let html = "<h2>当前位置： 首页&nbsp;&gt;&nbsp;公开&nbsp;&gt;&nbsp;<span>年报</span></h2><p>当前位置：<a href=/>首页</a> &gt; 动态</p>\
        <ul><li>您在：</li><li><a href=/>首页</a></li></ul>\
        <h2><a href=a.htm>县政府</a></h2><h3><a href=b.htm>领导</a></h3><h1><a href=c.htm>年报</a></h1><h2><a href=#1>一、总则</a></h2>";
    let wanted = [
        "[当前位置： 首页\u{a0}>\u{a0}公开\u{a0}>\u{a0}年报]",
        "[当前位置：首页 > 动态]",
        "[您在：]",
        "[首页]",
        "[县政府]",
        "[领导]",
        "h1 年报",
        "h2 一、总则",
    ];
    assert_eq!(outline(&document(html)), wanted);
}

#[test]
fn a_dated_heading_above_the_first_number_is_the_title() {
    let links: String = (0..8).map(|index| format!("<li><a href={index}>网站{index}</a></li>")).collect();
    let text = format!("<h2>各部门</h2><p>字号</p><h2>某县2025年收支情况报告</h2>{PROSE}<p>一、收入</p>{PROSE}<p>二、支出</p>{PROSE}");
    let report = parse_to_json(format!("<html><body>{text}<h2>通知公告</h2><ul>{links}</ul></body></html>").as_bytes());
    assert_eq!(
        (report["report"]["title"].as_str(), sections(&report)),
        (Some("某县2025年收支情况报告"), vec!["收入".into(), "支出".into()])
    );
    // One of several of its kind is a section.
    let two = format!("<h1>工作材料</h1><h2>2025年收支</h2><p>一、收入</p>{PROSE}<h2>2026年计划</h2><p>一、收入</p>{PROSE}");
    assert_eq!(sections(&parse_to_json(two.as_bytes())).len(), 4);
}

#[test]
fn what_is_numbered_below_a_note_is_no_section() {
    let notes = "<p>注：</p><p>1.本表的数为初步统计数。</p><p>2.增速按可比价计算</p><p>3.绝对数按现价计算</p>";
    let text =
        format!("<h1>某县2025年公报</h1><p>一、综合</p>{PROSE}<p>1. 人口</p>{PROSE}<p>二、农业</p>{PROSE}{notes}<p>三、工业</p>{PROSE}");
    assert_eq!(sections(&parse_to_json(text.as_bytes())), ["综合", "人口", "农业", "工业"]);
    let begun = text.replace("注：</p><p>1.", "注：1.");
    assert_eq!(sections(&parse_to_json(begun.as_bytes())), ["综合", "人口", "农业", "工业"]);
    let spoken = text.replace("<p>注：</p>", "<p>有下列各项</p>");
    assert_eq!(sections(&parse_to_json(spoken.as_bytes())).len(), 7);
}

#[test]
fn a_page_of_menus_alone_is_no_report() {
    let links: String = (0..40).map(|index| format!("<li><a href={index}>第{index}号公开栏目</a></li>")).collect();
    let names: String = (0..80).map(|index| format!("<h3>部门和单位{index}</h3>")).collect();
    let html = format!("<ul>{links}</ul>{names}<p>某县人民政府关于2025年收支情况的报告</p><p>发布时间：2026-03-03</p>");
    assert_eq!(page(&html).value.status, Status::NotAReport);
    assert_eq!(page(&format!("{html}<p>全县收入12亿元，比上年增长3%。</p>")).value.status, Status::Ok);
}

#[test]
fn a_title_names_a_year_where_one_of_the_first_lines_does() {
    let title = |head: &str| parse_to_json(format!("{head}{PROSE}").as_bytes())["report"]["title"].as_str().unwrap().to_string();
    assert_eq!(title("<p>会议材料</p><p>某县2025年收支情况</p>"), "某县2025年收支情况");
    assert_eq!(title("<p>收支情况</p><p>2025年3月4日</p>"), "收支情况");
    assert_eq!(title("<p>收支情况</p><p>附件：2025年收支表</p>"), "收支情况");
    assert_eq!(title("<p>会议材料</p><p>2025年计划执行情况与2026年计划</p>"), "2025年计划执行情况与2026年计划");
    // A line that counts, or that speaks of another year's rules, is none.
    assert_eq!(title("<p>会议材料</p><p>截至2024年末全县债务余额12亿元</p>"), "会议材料");
    assert_eq!(title("<p>收支公开</p><p>依据2014年修订的《预算法》编制</p>"), "收支公开");
}

#[test]
fn the_greatest_heading_is_the_title_whatever_is_dated_below_it() {
    let title = |head: &str| {
        let report = parse_to_json(format!("{head}<p>一、综合</p>{PROSE}<p>二、农业</p>{PROSE}").as_bytes());
        (report["report"]["title"].as_str().unwrap().to_string(), sections(&report).len())
    };
    assert_eq!(title("<h1>青石县统计公报</h1><h4>发布日期：2025-03-20</h4>").0, "青石县统计公报");
    assert_eq!(title("<h1>青石县公报</h1><h2>2024年概况</h2>").0, "青石县公报");
    assert_eq!(title("<h2>2024年青石县公报</h2>"), ("2024年青石县公报".into(), 2));
}

#[test]
fn a_section_that_opens_by_a_click_is_no_menu() {
    let html = "<h1>年报</h1><h2><a href=\"javascript:;\">一、总体情况</a></h2><h2><a>说明</a></h2><h3><a href=\"report.html#s2\">申请</a></h3>\
        <h2><a href=two.html>二、公开</a></h2><p>优良天数 &gt; 300 天 <a href=x>详情</a></p>";
    assert_eq!(outline(&document(html)), ["h1 年报", "h2 一、总体情况", "h2 说明", "h3 申请", "h2 二、公开", "优良天数 > 300 天 详情"]);
}

#[test]
fn sections_that_go_on_behind_a_note_are_sections() {
    let text = |notes: &str| {
        format!(
            "<h1>某县2025年公报</h1><p>一、综合</p><p>1. 人口</p>{PROSE}{notes}<p>2. 就业</p>{PROSE}<p>3. 物价</p>{PROSE}<p>二、农业</p>{PROSE}"
        )
    };
    let wanted = ["综合", "人口", "就业", "物价", "农业"];
    assert_eq!(sections(&parse_to_json(text("<p>注：</p><p>总人口为公安年报数。</p>").as_bytes())), wanted);
    assert_eq!(sections(&parse_to_json(text("<p>注：1. 总人口为公安年报数。</p>").as_bytes())), wanted);
}

/// How a page is said to break off, and the words of it at which that is said.
fn breaks(html: &str) -> Vec<String> {
    let found = page(html);
    let show = |flag: &Flag| {
        assert_eq!(flag.severity, Severity::Warning, "{html}");
        let at = match found.value.document.place(flag.span.unwrap()) {
            Some(Place::Text { byte, .. }) => byte[0] as usize..byte[1] as usize,
            _ => 0..0,
        };
        format!("{} at {}", flag.message, &html[at])
    };
    let told: Vec<String> = found.flags.iter().filter(|flag| flag.code == Code::NoText).map(show).collect();
    let status = if told.is_empty() { Status::Ok } else { Status::Partial };
    assert_eq!(found.value.status, status, "{html}");
    told
}

#[test]
fn a_page_that_breaks_off_is_read_in_part() {
    let head = format!("<!DOCTYPE html><html><body>{PROSE}");
    let rows = "<tr><th>项目<th>2022年<th>2023年<tr><td>收入<td>110<td>120<tr><td>支出<td>51<td>5";
    let in_table = ["the page breaks off in the middle of a table at 5"];
    assert_eq!(breaks(&format!("{head}<table>{rows}")), in_table);
    assert_eq!(breaks(&format!("<table>{rows}")), in_table, "a piece of a page");
    assert_eq!(breaks(&format!("{head}<table><tfoot><tr><td>合计<td>9</tfoot>{rows}</td><td cla")), in_table, "the last of the source");
    assert_eq!(breaks(&format!("# 附表\n\n<table><tr><td>甲<td>乙</table>\n\n<table>{rows}")), in_table);
    let in_tag = ["the page breaks off in the middle of a tag at 7"];
    assert_eq!(breaks(&format!("{head}<p>附表共 7</p><p cla")), in_tag);
    assert_eq!(breaks(&format!("{head}<p>附表共 7</p")), in_tag);
    let in_element = ["the page breaks off in the middle of an element `span` at 1,2"];
    assert_eq!(breaks(&format!("{head}<div><p>全年收到 <span>1,2")), in_element);
}

#[test]
fn a_page_that_leaves_out_end_tags_does_not_break_off() {
    let table = "<table><tr><td>规章<td>1<tr><td>文件<td>2</table>";
    let whole = [
        format!("<!DOCTYPE html><html><body>{PROSE}{table}"),
        format!("<html><body>{PROSE}{table}<ul><li>甲<li>乙</ul><p>后记<p>1 < 2"),
        format!("<html><body><div>{PROSE}<table><tr><td>规章<td>1<tr><td>文件<td>2</body>"),
        format!("<div>{PROSE}<table><tr><td>规章<td>1<tr><td>文件<td>2</html>"),
        format!("<div><p>附表{table}"),
        "<tr><td>规章</td><td>1</td></tr><tr><td>文件</td><td>2".to_string(),
        format!("# 附表\n\n{table}\n\n见 <a"),
    ];
    for html in whole {
        assert!(breaks(&html).is_empty(), "{html}");
    }
}

#[test]
fn the_first_head_of_a_table_stands_at_its_top() {
    let html = "<table><tbody><tr><td>税收<td>110<tr><td>非税<td>51</tbody><thead><tr><th>项目<th>金额</thead><tfoot><tr><td>合计<td>161</tfoot>\
        <thead><tr><th>类别<th>数量</thead><tbody><tr><td>户数<td>7</table>";
    let document = document(html);
    let wanted = [
        "0+1*1 项目 | 1+1*1 金额",
        "0+1*1 税收 | 1+1*1 110",
        "0+1*1 非税 | 1+1*1 51",
        "0+1*1 类别 | 1+1*1 数量",
        "0+1*1 户数 | 1+1*1 7",
        "0+1*1 合计 | 1+1*1 161",
    ];
    assert_eq!(cells(&document, grids(&document)[0]), wanted);
    let rows = ["row-group", "header-group"].map(|group| {
        let cells = if group == "row-group" { "收入 1,000" } else { "项目 金额" };
        styled(cells).replace("display:table\"", &format!("display:table-{group}\""))
    });
    let styled = format!("<div style='display:table'>{}</div>", rows.concat());
    let document = self::document(&styled);
    assert_eq!(cells(&document, grids(&document)[0]), ["0+1*1 项目 | 1+1*1 金额", "0+1*1 收入 | 1+1*1 1,000"]);
}

#[test]
fn a_table_of_numbers_in_a_cell_is_a_table_of_its_own() {
    let inner = "<table><caption>分税种</caption><tr><th>税种<th>金额<tr><td>增值税<td>71<tr><td>所得税<td>49</table>";
    let outer = |inner: &str| {
        let rows = "<tr><th>项目<th>上年<th>本年<tr><td>税收<td>110<td>120<tr><td>明细<td colspan=2>见右{}万元<tr><td>非税<td>51<td>52";
        let next = "<table><tr><th>部门<th>男<th>女<tr><td>甲<td>1<td>2</table>";
        document(&format!("<table>{}</table>{next}", rows.replace("{}", inner)))
    };
    let found = outer(inner);
    assert_eq!(outline(&found), ["grid 4", "-", "分税种", "grid 3", "-", "grid 2"]);
    let wanted = [
        "0+1*1 项目 | 1+1*1 上年 | 2+1*1 本年",
        "0+1*1 税收 | 1+1*1 110 | 2+1*1 120",
        "0+1*1 明细 | 1+2*1 见右 万元",
        "0+1*1 非税 | 1+1*1 51 | 2+1*1 52",
    ];
    assert_eq!(cells(&found, grids(&found)[0]), wanted);
    assert_eq!(cells(&found, grids(&found)[1]), ["0+1*1 税种 | 1+1*1 金额", "0+1*1 增值税 | 1+1*1 71", "0+1*1 所得税 | 1+1*1 49"]);
    // Numbers enough to hold data wherever it stands; the outer one has its own all the same.
    let many = inner.replace("</table>", "<tr><td>消费税<td>8<tr><td>其他<td>9</table>");
    assert_eq!(outline(&outer(&many)), ["grid 4", "-", "分税种", "grid 5", "-", "grid 2"]);
    let plain =
        document("<table><tr><td>收入<td>1<td><table><tr><td>5<td>万元</table><tr><td>支出<td>2<td>6<tr><td>结余<td>3<td>7</table>");
    assert_eq!(cells(&plain, grids(&plain)[0])[0], "0+1*1 收入 | 1+1*1 1 | 2+1*1 5 万元", "a number and its unit are one cell");
    assert_eq!(grids(&plain).len(), 1);
}
