//! Tables without a family: which label, which parent and which unit each number gets. Small pages in our own words, each
//! with one shape that reports really print.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use serde_json::Value;

const PROSE: &str = "<p>本报告根据有关规定编制，全文包括总体情况和收支情况，数据来源于有关部门的年报，供社会公众查阅和监督。</p>";

/// A page with these tables or lines; rows are written `a|b|c`, `>` before a cell is a blank of an indent.
fn page(body: &str) -> String {
    format!("<html><head><meta charset=utf-8></head><body><h1>某县收支情况报告</h1>{PROSE}{PROSE}{PROSE}{body}</body></html>")
}

fn table(rows: &[&str]) -> String {
    let cell = |cell: &str| format!("<td>{}</td>", cell.replace('>', "&nbsp;"));
    let row = |row: &&str| format!("<tr>{}</tr>", row.split('|').map(cell).collect::<String>());
    format!("<table>{}</table>", rows.iter().map(row).collect::<String>())
}

fn read(text: &str) -> Value {
    let report = luoshu::report::parse(text.as_bytes(), &[]);
    serde_json::from_str(&luoshu::emit::report_to_json(&report, "report", text.as_bytes())).unwrap()
}

/// `key = value unit` of all values.
fn values(report: &Value) -> Vec<String> {
    let values = report["values"].as_array().unwrap().iter();
    values
        .map(|value| {
            format!("{} = {} {}", value["key"].as_str().unwrap(), value["value"], value["unit"].as_str().unwrap_or("-")).replace('"', "")
        })
        .collect()
}

fn rows(report: &Value, table: usize) -> Vec<String> {
    let rows = report["tables"][table]["rows"].as_array().unwrap().iter();
    rows.map(|row| row.as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect::<Vec<_>>().join(" > ")).collect()
}

fn check_rows(body: &[&str], wanted: &[&str]) {
    assert_eq!(rows(&read(&page(&table(body))), 0), wanted);
}

fn check_values(body: &str, wanted: &[&str]) {
    assert_eq!(values(&read(&page(body))), wanted);
}

#[test]
fn a_numbered_row_without_numbers_is_a_row() {
    check_rows(
        &["项目|预算数|执行数", "一、养老||", "二、医疗|120|118", "三、失业||", "四、工伤|50|49", "小计|170|167", "五、生育||"],
        &["一、养老", "二、医疗", "三、失业", "四、工伤", "小计", "五、生育"],
    );
}

#[test]
fn a_numbered_label_over_deeper_numbers_names_them() {
    check_rows(
        &[
            "项目|预算数|执行数",
            "一、收入||",
            "（一）税收|120|118",
            "（二）其他|30|31",
            "二、支出||",
            "（一）教育|90|88",
            "（二）交通|60|61",
        ],
        &["一、收入 > （一）税收", "一、收入 > （二）其他", "二、支出 > （一）教育", "二、支出 > （二）交通"],
    );
}

#[test]
fn a_label_like_its_neighbours_is_a_row_and_no_parent() {
    check_rows(
        &["项目|预算数|执行数", "一、税收|350|348", "车船税|75|76", "契税|190|187", "烟叶税||", "环保税|35|33", "二、非税|20|21"],
        &["一、税收", "车船税", "契税", "烟叶税", "环保税", "二、非税"],
    );
}

#[test]
fn numbers_that_go_on_close_a_group_that_came_between() {
    check_rows(
        &[
            "项目|预算数|执行数",
            "一、余额|350|348",
            "二、限额|375|376",
            "按用途分||",
            "新增部分|190|187",
            "置换部分|35|33",
            "三、还本|20|21",
        ],
        &["一、余额", "二、限额", "按用途分 > 新增部分", "按用途分 > 置换部分", "三、还本"],
    );
}

#[test]
fn a_header_behind_a_page_end_is_no_parent() {
    check_rows(&["债券性质|发行额", "甲债券|120.5", "乙债券|30.25", "债券性质|", "丙债券|44.75"], &["甲债券", "乙债券", "丙债券"]);
}

#[test]
fn blanks_tell_what_is_part_of_what() {
    check_rows(
        &[
            "指标|人数|比重",
            "常住人口|199.5|100.0",
            ">>其中：城镇|122.5|61.4",
            ">>>>>乡村|77.0|38.6",
            ">>其中：男|100.4|50.3",
            ">>>>>女|99.1|49.7",
        ],
        &["常住人口", "常住人口 > 其中：城镇", "常住人口 > 乡村", "常住人口 > 其中：男", "常住人口 > 女"],
    );
}

#[test]
fn numbers_that_add_up_tell_what_is_part_of_what() {
    check_rows(
        &[
            "指标|人数|比重",
            "常住人口|199.5|100.0",
            "其中：城镇|122.5|61.4",
            "乡村|77.0|38.6",
            "其中：男|100.4|50.3",
            "女|99.1|49.7",
            "户数|60|-",
        ],
        &["常住人口", "常住人口 > 其中：城镇", "常住人口 > 乡村", "常住人口 > 其中：男", "常住人口 > 女", "户数"],
    );
    // A part is no greater than what it is part of.
    check_rows(
        &["指标|金额", "出口|300.5", "其中：一般贸易|180.2", "加工贸易|90.1", "其中：机电产品|150.4"],
        &["出口", "出口 > 其中：一般贸易", "加工贸易", "出口 > 其中：机电产品"],
    );
}

#[test]
fn a_line_with_the_unit_is_no_header() {
    check_values(
        &table(&["表一||单位：万元", "项目|预算数|执行数", "税收|1200|1180"]),
        &["t1/税收/预算数 = 1200 万元", "t1/税收/执行数 = 1180 万元"],
    );
}

#[test]
fn a_column_of_units_gives_each_row_its_own() {
    check_values(
        &table(&["产品|单位|产量|比上年增长", "大米|万吨|267.0|-1.1", "水泥|吨|236|3.7"]),
        &["t1/大米/产量 = 267.0 万吨", "t1/大米/比上年增长 = -1.1 -", "t1/水泥/产量 = 236 吨", "t1/水泥/比上年增长 = 3.7 -"],
    );
}

#[test]
fn two_units_are_dealt_to_their_columns() {
    check_values(
        &format!("<p>单位：万元、%</p>{}", table(&["指标|总额|增长", "合计|300|5.0"])),
        &["t1/合计/总额 = 300 万元", "t1/合计/增长 = 5.0 %"],
    );
    check_values(
        &table(&["指标|总额|比上年增长%", "货运量（万吨）|300|5.0"]),
        &["t1/货运量（万吨）/总额 = 300 万吨", "t1/货运量（万吨）/比上年增长% = 5.0 %"],
    );
    check_values(&format!("<p>固定资产投资（不含农户）</p>{}", table(&["行业|总额", "甲|10.5"])), &["t1/甲/总额 = 10.5 -"]);
}

#[test]
fn a_second_header_begins_a_block_that_keeps_its_title() {
    let text =
        "甲方案,,,\n项目,2023,2024,2025\n服务器,10,20,30\n机房,11,21,31\n乙方案,,,\n项目,2023,2024,2025\n服务器,40,50,60\n机房,41,51,61\n";
    assert_eq!(rows(&read(text), 0), ["服务器", "机房", "乙方案 > 服务器", "乙方案 > 机房"]);
}

#[test]
fn two_tables_of_a_page_are_two() {
    let second = "<table><tr><td colspan=4>产品产量</td></tr><tr><td>产品<td>单位<td>产量<td>增长</tr><tr><td>大米<td>万吨<td>267.0<td>-1.1%</tr></table>";
    let body = format!("{}<p>&nbsp;</p>{second}", table(&["指标|增长（%）", "轻工业|-4.4", "重工业|5.1"]));
    check_values(
        &body,
        &["t1/轻工业/增长（%） = -4.4 %", "t1/重工业/增长（%） = 5.1 %", "t2/大米/产量 = 267.0 万吨", "t2/大米/增长 = -1.1 %"],
    );
}

#[test]
fn tables_side_by_side_keep_their_own_labels() {
    check_values(
        &table(&["行业|增长（%）|行业|增长（%）", "采矿业|83.7|房地产业|-22.3", "制造业|-25.7|教育|33.4"]),
        &["t1/采矿业/增长（%） = 83.7 %", "t1/房地产业/增长（%） = -22.3 %", "t1/制造业/增长（%） = -25.7 %", "t1/教育/增长（%） = 33.4 %"],
    );
}

#[test]
fn words_in_place_of_numbers_are_no_header() {
    check_values(
        &table(&["项目|预算数|执行数", "文化支出|30|28", "科技支出|见附件|见附件", "体育支出|20|19"]),
        &["t1/文化支出/预算数 = 30 -", "t1/文化支出/执行数 = 28 -", "t1/体育支出/预算数 = 20 -", "t1/体育支出/执行数 = 19 -"],
    );
    // A short word is a header's as any other.
    check_values(&table(&["Country|GDP", "France|2900", "Spain|1400"]), &["t1/France/GDP = 2900 -", "t1/Spain/GDP = 1400 -"]);
    // A dash stands for a number, in the first row as in any other.
    check_values(
        &table(&["项目|决算数", "房屋购建|—", "车辆购置|18", "设备购置|1673"]),
        &["t1/房屋购建/决算数 = null -", "t1/车辆购置/决算数 = 18 -", "t1/设备购置/决算数 = 1673 -"],
    );
}

#[test]
fn a_blank_row_above_the_last_total_does_not_hold_it() {
    check_rows(
        &["项目|决算数", "股利收入|57", "利润收入|12", "清算收入|", "收入总计|69"],
        &["股利收入", "利润收入", "清算收入", "收入总计"],
    );
}

#[test]
fn blanks_between_thousands_in_one_cell_leave_the_commas_of_others_alone() {
    check_values(
        &table(&["项目|预算数|决算数", "税收|65 876|1,800", "非税|753 600|2,500"]),
        &["t1/税收/预算数 = 65876 -", "t1/税收/决算数 = 1800 -", "t1/非税/预算数 = 753600 -", "t1/非税/决算数 = 2500 -"],
    );
    // Two groups in one number show that the point parts thousands.
    check_values(
        &table(&["项目|预算数", "税收|1.234", "非税|12.345", "合计|1.234.567"]),
        &["t1/税收/预算数 = 1234 -", "t1/非税/预算数 = 12345 -", "t1/合计/预算数 = 1234567 -"],
    );
    // Other decimals than three show that the comma is a point.
    check_values(
        &table(&["项目|预算数|决算数", "税收|65 876|1,8", "非税|753 600|2,50"]),
        &["t1/税收/预算数 = 65876 -", "t1/税收/决算数 = 1.8 -", "t1/非税/预算数 = 753600 -", "t1/非税/决算数 = 2.50 -"],
    );
}

#[test]
fn a_header_printed_again_over_columns_of_words_is_one() {
    check_rows(
        &[
            "项目|编号|领域|性质|规模",
            "校区建设|P1|教育|专项|8.42",
            "污水处理|P2|环保|一般|111.00",
            "项目|编号|领域|性质|规模",
            "学生食堂|P3|教育|专项|2.65",
            "综合大楼|P4|医疗|专项|0.90",
        ],
        &["校区建设 > P1 > 教育 > 专项", "污水处理 > P2 > 环保 > 一般", "学生食堂 > P3 > 教育 > 专项", "综合大楼 > P4 > 医疗 > 专项"],
    );
}

#[test]
fn a_header_that_comes_back_after_another_one_is_a_header() {
    check_values(
        &table(&["项目|预算|执行", "教育|30|28", "项目|收入|支出", "卫生|20|19", "项目|预算|执行", "体育|10|9"]),
        &[
            "t1/教育/预算 = 30 -",
            "t1/教育/执行 = 28 -",
            "t1/卫生/收入 = 20 -",
            "t1/卫生/支出 = 19 -",
            "t1/体育/预算 = 10 -",
            "t1/体育/执行 = 9 -",
        ],
    );
}

#[test]
fn lines_of_one_cell_are_not_one_number() {
    let rows = ["项目|预算数|执行数", "甲项|120|118", "乙项|753/600/400|30", "丙项|5|6"];
    let body = table(&rows).replace('/', "<br>").replace("<<br>", "</");
    let report = read(&page(&body));
    let told = values(&report).into_iter().find(|value| value.starts_with("t1/乙项/预算数"));
    assert_eq!(told.as_deref(), Some("t1/乙项/预算数 = null -"));
    let left: Vec<&str> = report["coverage"]["noted"].as_array().unwrap().iter().filter_map(|one| one["raw"].as_str()).collect();
    assert_eq!(left, ["753", "600", "400"]);
    for parted in ["（753/600）", "￥753/600", "７５３/６００"] {
        let rows = ["项目|预算数|执行数", "甲项|120|118", &format!("乙项|{parted}|30"), "丙项|5|6"];
        let report = read(&page(&table(&rows).replace('/', "<br>").replace("<<br>", "</")));
        assert!(values(&report).contains(&"t1/乙项/预算数 = null -".to_string()), "{parted}: {:?}", values(&report));
    }
}

/// Tables side by side below one header of two rows; each has groups of its own.
fn side_by_side(rows: &[&str]) -> String {
    let header =
        "<tr><td rowspan=2>项目<td colspan=2>全县<td rowspan=2>项目<td colspan=2>县级</tr><tr><td>上年<td>今年<td>上年<td>今年</tr>";
    table(rows).replacen("<table>", &format!("<table>{header}"), 1)
}

#[test]
fn a_label_below_each_header_of_tables_side_by_side_names_the_rows() {
    let rows = [
        "养老|||养老||",
        "一、收入|120|130|一、收入|41|43",
        "二、支出|90|95|二、支出|32|33",
        "医疗|||医疗||",
        "一、收入|220|231|一、收入|75|79",
        "二、支出|180|184|二、支出|66|67",
    ];
    let wanted: Vec<String> = [
        ("养老 > 一、收入", [120, 130], [41, 43]),
        ("养老 > 二、支出", [90, 95], [32, 33]),
        ("医疗 > 一、收入", [220, 231], [75, 79]),
        ("医疗 > 二、支出", [180, 184], [66, 67]),
    ]
    .iter()
    .flat_map(|(row, left, right)| {
        let key = |side: &str, year: &str, value: i32| format!("t1/{row}/{side} > {year} = {value} -");
        [key("全县", "上年", left[0]), key("全县", "今年", left[1]), key("县级", "上年", right[0]), key("县级", "今年", right[1])]
    })
    .collect();
    assert_eq!(values(&read(&page(&side_by_side(&rows)))), wanted);
}

#[test]
fn a_lone_label_deeper_than_what_follows_is_a_row() {
    check_rows(
        &[
            "项目|预算数|执行数",
            "机关支出|120|118",
            ">>办公费|70|69",
            ">>会议费|50|49",
            "设备支出|0|0",
            ">>购置费||",
            "个人补助|60|61",
            ">>离休费|60|61",
            "支出合计|180|179",
        ],
        &[
            "机关支出",
            "机关支出 > 办公费",
            "机关支出 > 会议费",
            "设备支出",
            "设备支出 > 购置费",
            "个人补助",
            "个人补助 > 离休费",
            "支出合计",
        ],
    );
}

#[test]
fn a_total_set_in_the_middle_is_no_part_of_the_row_above() {
    check_rows(&["项目|预算数|执行数", "一、教育|120|118", "二、交通|61|59", ">>>>合计|181|177"], &["一、教育", "二、交通", "合计"]);
    check_rows(
        &["项目|预算数|执行数", "税收|120|118", ">>增值税|70|69", ">>契税|50|49", ">>小计|120|118"],
        &["税收", "税收 > 增值税", "税收 > 契税", "税收 > 小计"],
    );
    // One that others stand beside is a part as they are.
    check_rows(
        &[
            "项目|户数|面积",
            "楼房|120|118",
            ">>总计人数|370|369",
            ">>每户人数|3.1|3.1",
            "平房|12|11",
            ">>总计人数|70|69",
            ">>每户人数|5.8|5.9",
        ],
        &["楼房", "楼房 > 总计人数", "楼房 > 每户人数", "平房", "平房 > 总计人数", "平房 > 每户人数"],
    );
}

#[test]
fn a_total_with_a_name_of_its_own_may_be_a_part_where_it_is_no_greater() {
    check_rows(
        &["项目|预算数|执行数", "税收收入|500|489", ">>增值税合计|300|287", "非税收入|200|206"],
        &["税收收入", "税收收入 > 增值税合计", "非税收入"],
    );
    check_rows(
        &["项目|预算数|执行数", "教育|10234.11|9876.20", "农业|8765.43|8234.17", "交通|12246.13|11761.03", ">>支出合计|31245.67|29871.40"],
        &["教育", "农业", "交通", "支出合计"],
    );
    // Its parts stand on another page.
    check_rows(&["项目|预算数|执行数", "债务付息|12|11", "年终结余|30|28", ">>支出合计|245|229"], &["债务付息", "年终结余", "支出合计"]);
}

#[test]
fn a_total_that_adds_up_nothing_holds_no_list_of_numbers() {
    check_rows(
        &["项目|指数", "合计|99.7", ">一、食品|98.3", ">1.粮食|98.4", ">二、衣着|101.2"],
        &["合计", "一、食品", "一、食品 > 1.粮食", "二、衣着"],
    );
    check_rows(
        &[
            "项目|预算数|执行数",
            "支出合计|31245.67|29871.40",
            ">一、教育|10234.11|9876.20",
            ">二、农业|8765.43|8234.17",
            ">三、交通|12246.13|11761.03",
        ],
        &["支出合计", "支出合计 > 一、教育", "支出合计 > 二、农业", "支出合计 > 三、交通"],
    );
}

#[test]
fn a_row_of_zeros_proves_no_sum() {
    check_rows(
        &[
            "项目|预算数|执行数",
            "支出合计|31245.67|29871.40",
            "教育|10234.11|9876.20",
            ">>助学金|0|0",
            "农业|8765.43|8234.17",
            "交通|12246.13|11761.03",
        ],
        &["支出合计", "教育", "教育 > 助学金", "农业", "交通"],
    );
}

#[test]
fn of_two_parts_of_one_sum_neither_holds_the_other() {
    check_rows(
        &["地区|限额|余额", "某省|1004.53|902.27", "某省本级|302.51|285.13", ">>甲市|404.75|354.92", ">>乙市|297.27|262.22"],
        &["某省", "某省本级", "甲市", "乙市"],
    );
}

#[test]
fn rows_deeper_than_a_numbered_row_are_its_parts() {
    check_rows(
        &[
            "项目|本地区|本级",
            "一、发行额|45.5|12.7",
            ">>>>>新增债券|20.7|2.2",
            ">>>>>再融资债券|24.8|10.5",
            "二、设施|120.5|80.3",
            ">>>>1、公路|70.2|40.1",
            ">>>>2、市政|50.3|40.2",
            ">>>>>>其中：道路|30.3|20.1",
            ">>>>>>>>>>>>管线|10.2|9.8",
            "合计|166.0|93.0",
        ],
        &[
            "一、发行额",
            "一、发行额 > 新增债券",
            "一、发行额 > 再融资债券",
            "二、设施",
            "二、设施 > 1、公路",
            "二、设施 > 2、市政",
            "二、设施 > 2、市政 > 其中：道路",
            "二、设施 > 2、市政 > 管线",
            "合计",
        ],
    );
}

#[test]
fn a_name_that_comes_again_needs_the_row_that_adds_it_up() {
    check_rows(
        &[
            "指标|单位|绝对数|比上年增长（%）",
            "客运总量|万人|2064.83|6.2",
            "公路|万人|1525.21|8.3",
            "水路|万人|539.62|2.0",
            "货运总量|万吨|3126.74|-6.6",
            "公路|万吨|2803.41|-6.1",
            "水路|万吨|323.33|1.4",
        ],
        &["客运总量", "客运总量 > 公路", "客运总量 > 水路", "货运总量", "货运总量 > 公路", "货运总量 > 水路"],
    );
    // What stands deeper than a part is that part's.
    check_rows(
        &[
            "指标|单位|绝对数|比上年增长（%）",
            "客运总量|万人|2064.83|6.2",
            "公路|万人|1525.21|8.3",
            "水路|万人|539.62|2.0",
            ">>海运|万人|120.11|2.4",
            "货运总量|万吨|3126.74|-6.6",
            "公路|万吨|2803.41|-6.1",
            "水路|万吨|323.33|1.4",
        ],
        &["客运总量", "客运总量 > 公路", "客运总量 > 水路", "客运总量 > 水路 > 海运", "货运总量", "货运总量 > 公路", "货运总量 > 水路"],
    );
}

#[test]
fn labels_that_hang_over_several_rows_keep_the_order_of_columns() {
    let rows = "<tr><td>项目<td>编号<td>部门<td>性质<td>规模</tr>\
        <tr><td rowspan=3>桥梁<td rowspan=2>P1<td>交通<td rowspan=3>一般<td>8.42</tr>\
        <tr><td>水利<td>3.15</tr><tr><td>P2<td>林业<td>6.08</tr>\
        <tr><td rowspan=2>学校<td rowspan=2>P3<td rowspan=2>教育<td rowspan=2>专项<td>2.65</tr><tr><td>1.77</tr>";
    assert_eq!(
        rows_of(&format!("<table>{rows}</table>")),
        [
            "桥梁 > P1 > 交通 > 一般",
            "桥梁 > P1 > 水利 > 一般",
            "桥梁 > P2 > 林业 > 一般",
            "学校 > P3 > 教育 > 专项",
            "学校 > P3 > 教育 > 专项",
        ],
    );
}

fn rows_of(body: &str) -> Vec<String> {
    rows(&read(&page(body)), 0)
}
