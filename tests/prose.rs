//! Sentences of bulletins in our own words: every number with the name that it belongs to, and no other.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use support::parse_to_json;

/// The values that the sentences of a bulletin state: `key = number`, with the whole that a number is said to be a part of.
fn stated(text: &str) -> Vec<String> {
    let report = parse_to_json(format!("青石市2024年国民经济和社会发展统计公报\n\n一、综合\n\n{text}\n").as_bytes());
    assert_eq!(report["report"]["family"], "cn-statistical-bulletin", "{text}");
    let line = |value: &serde_json::Value| {
        let under = value["under"].as_str().map(|under| format!(" of {under}")).unwrap_or_default();
        let rough = if value["state"] == "number" { "" } else { "~" };
        format!("{} = {rough}{}{under}", value["key"].as_str().unwrap().trim_start_matches("indicators/"), value["value"])
    };
    report["values"].as_array().unwrap().iter().map(line).collect()
}

fn check(text: &str, wanted: &[&str]) {
    assert_eq!(stated(text), wanted, "{text}");
}

#[test]
fn a_number_that_was_passed_is_none_where_the_reached_one_stands_beside_it() {
    let reached = ["grain/threshold = ~35", "grain/value = 36.2", "grain/growth = 5.1"];
    check("全年粮食产量首次突破35万吨，达到36.2万吨，增长5.1%。", &reached);
    check("粮食产量站上35万吨台阶。全年粮食产量36.2万吨，增长5.1%。", &reached);
    check("全年地区生产总值越过5000亿元大关，达5023.4亿元。", &["gdp/threshold = ~5000", "gdp/value = 5023.4"]);
    check("全年茶叶产量3.1万吨，超过3万吨。", &["茶叶产量/value = 3.1", "茶叶产量/threshold = ~3"]);
    check("年末养老机构床位突破2万张，达2.05万张。", &["养老机构床位/threshold = ~2", "养老机构床位/value = 2.05"]);
    check("服务业增加值占比突破50%，达到50.3%。", &["services/share_threshold = ~50", "services/share = 50.3"]);
    // Where it is the only one, it is what the report says of the name.
    check("全年快递业务量突破1.2亿件，增长9.5%。", &["快递业务量/value = ~1.2", "快递业务量/growth = 9.5"]);
}

#[test]
fn pupils_are_of_the_school_that_was_named_last() {
    // A remark in brackets between the school and what is counted of it.
    check(
        "成人高等教育招生0.9万人，在校生2.5万人。中等职业教育（不含技工学校）招生0.8万人，在校生2.3万人，毕业生0.7万人。",
        &[
            "成人高等教育招生/value = 0.9",
            "成人高等教育.在校生/value = 2.5 of 成人高等教育",
            "中等职业教育招生(不含技工学校)/value = 0.8",
            "中等职业教育.在校生/value = 2.3 of 中等职业教育",
            "中等职业教育.毕业生/value = 0.7 of 中等职业教育",
        ],
    );
    // Parts between them.
    check(
        "高中阶段招生5.1万人，在校生15.2万人。初中96所，初中招生6.4万人，其中招收外来子女1.3万人，在校生18.9万人。",
        &[
            "高中阶段招生/value = 5.1",
            "高中阶段.在校生/value = 15.2 of 高中阶段",
            "初中/value = 96",
            "初中招生/value = 6.4",
            "招收外来子女/value = 1.3 of 初中招生",
            "初中.在校生/value = 18.9 of 初中",
        ],
    );
    // Another subject, counted as its pupils are, behind a full stop.
    check(
        "小学毕业生2.6万人，招生2.1万人。全市招收特殊教育学生240人，在校生1480人。",
        &[
            "小学毕业生/value = 2.6",
            "小学.招生/value = 2.1 of 小学",
            "招收特殊教育学生/value = 240",
            "招收特殊教育学生.在校生/value = 1480 of 招收特殊教育学生",
        ],
    );
    // A sentence that begins anew is of nobody who is counted alike.
    check("学前教育在园幼儿3.2万人。专任教师2.3万人。", &["学前教育在园幼儿/value = 3.2", "专任教师/value = 2.3"]);
    check(
        "年末高等学校3所，增加1所；博士学位教师475人，在校生3.4万人。",
        &["高等学校/value = 3", "高等学校/change = 1", "博士学位教师/value = 475", "高等学校.在校生/value = 3.4 of 高等学校"],
    );
}

#[test]
fn what_pulls_the_whole_down_counts_as_negative() {
    check(
        "全年工业投资下降12.4%，下拉固定资产投资增长4.1个百分点；农业投资下降3.0%，下拉全部投资增速0.2个百分点；服务业投资增长6.2%，拉动固定资产投资增长2.5个百分点。",
        &[
            "工业投资/growth = -12.4",
            "工业投资/pull = -4.1",
            "农业投资/growth = -3.0",
            "农业投资/pull = -0.2",
            "服务业投资/growth = 6.2",
            "服务业投资/pull = 2.5",
        ],
    );
}

#[test]
fn what_is_said_of_a_decline_counts_the_other_way() {
    check(
        "全年工业投资下降12.4%，降幅比上年扩大2.3个百分点，占固定资产投资的41.0%。",
        &["工业投资/growth = -12.4", "工业投资/growth_change = -2.3", "工业投资/share = 41.0 of 固定资产投资"],
    );
    check(
        "全年外贸进出口下降4.6%，降幅比前11个月收窄1.2个百分点。",
        &["foreign_trade/growth = -4.6", "foreign_trade/growth_change.since_前11个月 = 1.2"],
    );
    check("全年单位能耗降幅为3.2%，降幅低于全省0.4个百分点。", &["单位能耗/growth = -3.2", "单位能耗/growth_gap = 0.4"]);
    check("全年商品房价格降幅由5.1%收窄到2.0%。", &["商品房价格/growth.previous = -5.1", "商品房价格/growth = -2.0"]);
}

#[test]
fn a_name_that_holds_a_joining_word_is_one_of_its_list() {
    check(
        "全年衣着类、居住类、教育文化娱乐类和其他用品及服务类价格分别上涨1.5%、0.6%、0.1%和7.4%。",
        &["衣着类价格/growth = 1.5", "居住类价格/growth = 0.6", "教育文化娱乐类价格/growth = 0.1", "其他用品及服务类价格/growth = 7.4"],
    );
    check(
        "全年种植业、林业、渔业和农林牧渔专业及辅助性活动产值分别增长2.1%、11.9%、3.4%和9.0%。",
        &["种植业产值/growth = 2.1", "林业产值/growth = 11.9", "渔业产值/growth = 3.4", "农林牧渔专业及辅助性活动产值/growth = 9.0"],
    );
    check(
        "全年采矿业、制造业、电力、热力、燃气及水生产和供应业增加值分别增长2.0%、5.1%和3.3%。",
        &["采矿业增加值/growth = 2.0", "制造业增加值/growth = 5.1", "电力、热力、燃气及水生产和供应业增加值/growth = 3.3"],
    );
    check(
        "全年化妆品类、粮油、食品类、电子出版物及音像制品类商品零售分别增长2.0%、5.1%和3.3%。",
        &["化妆品类商品零售/growth = 2.0", "粮油、食品类商品零售/growth = 5.1", "电子出版物及音像制品类商品零售/growth = 3.3"],
    );
    // Two words that may close the list: nobody can tell.
    check("全年茶叶、药材和花卉及苗木产量分别增长2.0%、5.1%和3.3%。", &[]);
    check("全年交通和通信投资分别增长2.0%和5.1%。", &["交通投资/growth = 2.0", "通信投资/growth = 5.1"]);
}

#[test]
fn a_measure_that_a_list_prints_once_goes_for_all() {
    check("全年小麦、玉米单产分别为384.2公斤、440.1公斤。", &["小麦单产/value = 384.2", "玉米单产/value = 440.1"]);
    check("全年小麦产量12.1万吨，单产384.2公斤。", &["小麦产量/value = 12.1", "小麦单产/value = 384.2"]);
    check(
        "全年柳湾县、石门县固定资产投资分别增长10.6%、13.9%。",
        &["柳湾县固定资产投资/growth = 10.6", "石门县固定资产投资/growth = 13.9"],
    );
}

#[test]
fn a_rate_owns_nothing() {
    check(
        "全年规模以上工业企业营业收入增长3.1%，产品销售率96.9%，利润总额下降8.2%。",
        &[
            "规模以上工业企业营业收入/growth = 3.1",
            "产品销售率/value = 96.9",
            "规模以上工业企业.利润总额/growth = -8.2 of 规模以上工业企业",
        ],
    );
}

#[test]
fn parts_that_come_to_the_whole_are_all_of_it() {
    let urban = "城镇居民人均可支配收入41880元，增长4.2%；其中工资性收入26000元，增长3.1%；经营净收入5880元，增长2.0%；转移净收入10000元。";
    let rural = "农村居民人均可支配收入20000元；其中工资性收入9000元；经营净收入8000元；转移净收入3000元。";
    check(
        &format!("{urban}{rural}"),
        &[
            "income.urban/value = 41880",
            "income.urban/growth = 4.2",
            "income.urban.工资性收入/value = 26000 of 城镇居民人均可支配收入",
            "income.urban.工资性收入/growth = 3.1 of 城镇居民人均可支配收入",
            "income.urban.经营净收入/value = 5880 of 城镇居民人均可支配收入",
            "income.urban.经营净收入/growth = 2.0 of 城镇居民人均可支配收入",
            "income.urban.转移净收入/value = 10000 of 城镇居民人均可支配收入",
            "income.rural/value = 20000",
            "income.rural.工资性收入/value = 9000 of 农村居民人均可支配收入",
            "income.rural.经营净收入/value = 8000 of 农村居民人均可支配收入",
            "income.rural.转移净收入/value = 3000 of 农村居民人均可支配收入",
        ],
    );
    check(
        "年末普通高校5所，招生1.7万人，其中：博士生46人；在校生5.4万人，其中：博士生199人。",
        &[
            "普通高校/value = 5",
            "普通高校.招生/value = 1.7 of 普通高校",
            "普通高校.招生.博士生/value = 46 of 普通高校招生",
            "普通高校.在校生/value = 5.4 of 普通高校",
            "普通高校.在校生.博士生/value = 199 of 普通高校在校生",
        ],
    );
}
