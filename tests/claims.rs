//! Sentences against the tables of one clean lesson: what must be recognised, and near misses that must stay quiet.
//!
//! The lesson prints: new 363 (natural 221, legal 142), carried in 12, granted 21, partial 0, refused 218, unable 49,
//! declined 71, other 0, total 359, carried out 16; reconsideration 7 (upheld 1, corrected 2), litigation 20 and 26.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use support::{lessons, parse_to_json};

/// Sentence, and for each claim in it its id and verdict.
type Case = (&'static str, &'static [(&'static str, &'static str)]);

const MATCHED: &[Case] = &[
    ("2022年，我局共受理政府信息公开申请363件。", &[("received", "confirmed")]),
    ("全年共收到政府信息公开申请 363 件。", &[("received", "confirmed")]),
    ("本年新收信息公开申请336件。", &[("received", "off")]),
    ("全年收到各类依申请公开申请375件。", &[("received", "confirmed")]),
    ("收到政府信息公开申请３６３件。", &[("received", "confirmed")]),
    ("收到政府信息公开申请1,363件。", &[("received", "off")]),
    (
        "全年收到政府信息公开申请363件，上年结转12件；答复359件，结转下年度16件。",
        &[("received", "confirmed"), ("carried_in", "confirmed"), ("answered", "confirmed"), ("carried_out", "confirmed")],
    ),
    ("办结政府信息公开申请358件。", &[("answered", "off")]),
    (
        "答复政府信息公开申请359件（含上年度结转申请12件，另有16件申请顺延到下年度答复）。",
        &[("answered", "confirmed"), ("carried_in", "confirmed"), ("carried_out", "confirmed")],
    ),
    ("答复政府信息公开申请359件（含上年度结转申请21件）。", &[("answered", "confirmed"), ("carried_in", "off")]),
    (
        "已办理的申请中，予以公开21件，部分公开0件，不予公开218件。",
        &[("granted", "confirmed"), ("partial", "confirmed"), ("refused", "confirmed")],
    ),
    (
        "答复的申请中，予以公开和部分公开21件，无法提供49件，不予处理71件。",
        &[("granted_or_partial", "confirmed"), ("unable", "confirmed"), ("declined", "confirmed")],
    ),
    ("答复的申请中，不予公开212件。", &[("refused", "off")]),
    ("答复的申请中，不予处理17件，其他处理0件。", &[("declined", "off"), ("other", "confirmed")]),
    ("因本机关不掌握等原因，答复无法提供94件。", &[("unable", "off")]),
    ("答复的申请中，无法提供49件，占13.65%。", &[("unable", "confirmed")]),
    ("答复的申请中，无法提供49件，占13.6%。", &[("unable", "confirmed")]),
    (
        "全年收到政府信息公开申请363件，其中自然人申请221件，法人或其他组织申请142件。",
        &[("received", "confirmed"), ("natural", "confirmed"), ("legal", "confirmed")],
    ),
    ("全年收到政府信息公开申请363件，其中自然人申请212件。", &[("received", "confirmed"), ("natural", "off")]),
    (
        "因政府信息公开工作被申请行政复议7件，其中维持1件、纠正2件。",
        &[("reconsideration", "confirmed"), ("reconsideration_upheld", "confirmed"), ("reconsideration_corrected", "confirmed")],
    ),
    ("信息公开类行政复议7件，诉讼46件。", &[("reconsideration", "confirmed"), ("litigation", "confirmed")]),
    ("信息公开类行政复议9件，诉讼20件。", &[("reconsideration", "off"), ("litigation", "off")]),
    ("政府信息公开行政复议、行政诉讼案件53件。", &[("reconsideration_and_litigation", "confirmed")]),
    ("截至年底，政府信息公开申请中结转2023年办理16件。", &[("carried_out", "confirmed")]),
    (
        "全年制发行政规范性文件7件，废止规范性文件2件。",
        &[("normative_documents_made", "confirmed"), ("normative_documents_repealed", "confirmed")],
    ),
    ("全年共收到公民、法人和其他组织提出的政府信息公开申请363件。", &[("received", "confirmed")]),
    ("全年办理政府信息公开申请375件（含上年结转12件）。", &[("answered", "confirmed"), ("carried_in", "confirmed")]),
    ("全年作出行政许可决定381件。", &[("licensing", "off")]),
    (
        "2022年度本机关共收到依申请公开申请363件，已答复359件，其余16件结转至2023年办理。",
        &[("received", "confirmed"), ("answered", "confirmed"), ("carried_out", "confirmed")],
    ),
    ("全年受理政府信息公开申请363件，其中予以公开21件，占5.85%。", &[("received", "confirmed"), ("granted", "confirmed")]),
    ("全年收到政府信息公开申请363件，占全市的6.5%。", &[("received", "confirmed")]),
    ("2022年1月1日至12月31日，我局收到政府信息公开申请363件。", &[("received", "confirmed")]),
    ("现行有效行政规范性文件93件。", &[("normative_documents_in_force", "off")]),
    ("依申请公开方面，政府信息公开申请共收到336件。", &[("received", "off")]),
    ("依申请公开方面，共收到申请336件。", &[("received_in_short", "off")]),
    ("共收到政府信息公开申请三百六十三件。", &[("received", "confirmed")]),
    ("共收到政府信息公开申请三百三十六件。", &[("received", "off")]),
    ("新增政府信息公开申请336件，上年结转12件。", &[("received", "off"), ("carried_in", "confirmed")]),
    (
        "制发行政规范性文件7件，废止2件，现行有效93件。",
        &[
            ("normative_documents_made", "confirmed"),
            ("normative_documents_repealed", "confirmed"),
            ("normative_documents_in_force", "off"),
        ],
    ),
    (
        "作出行政许可决定318件，行政处罚决定64件，行政强制决定15件。",
        &[("licensing", "confirmed"), ("punishment", "off"), ("coercion", "off")],
    ),
    ("在全部公开申请中，商业企业申请14件。", &[("business", "off")]),
    ("我局收到政府信息公开申请363件，其中市政府办公室转来5件，办结359件。", &[("received", "confirmed"), ("answered", "confirmed")]),
];

const NEAR_MISSES: &[&str] = &[
    "其中县自来水公司受理政府信息公开申请5件。",
    "县住建局收到政府信息公开申请40件。",
    "2021年，我局收到政府信息公开申请300件。",
    "较上年收到的政府信息公开申请多20件。",
    "上半年收到政府信息公开申请180件。",
    "通过网上平台收到政府信息公开申请300件。",
    "以信函方式收到政府信息公开申请60件。",
    "受理信访投诉20件，受理行政复议申请3件。",
    "收到人大代表建议12件，办结12件。",
    "全年召开政务公开会议4次，收到意见5条。",
    "办理12345热线工单2200件。",
    "受理咨询政府信息公开申请的电话100次。",
    "收到政府信息公开申请的单位有5家。",
    "每件政府信息公开申请平均用时9天。",
    "行政复议、行政诉讼均获维持。",
    "作为复议机关，全年审理行政复议案件90件，其中涉及信息公开的不多。",
    "全年审理民事诉讼9件。",
    "主动公开政府信息415条，其中通过网站公开300条，微信公开90条。",
    "发布规范性文件解读8件。",
    "部门规范性文件45件编入公报。",
    "约收到政府信息公开申请400件。",
    "未收到政府信息公开申请。",
    "逾期未答复的申请公开事项0件。",
    "全年应对政府信息公开申请的复议答复2件。",
    "按照第363号文件受理政府信息公开申请。",
    "全市各级行政机关共收到政府信息公开申请5620件。",
    "全省水利系统共受理政府信息公开申请2890件。",
    "12月1日前收到的不算，11月收到政府信息公开申请25件。",
    "12月收到政府信息公开申请25件。",
    "截至11月底，收到政府信息公开申请340件。",
    "在办结的申请中，因属于国家秘密不予公开55件。",
    "办理行政复议案件35件，其中信息公开类的不多。",
    "办理行政诉讼案件120件，其中有的涉及政府信息公开。",
    "全局全年行政诉讼案件88件，信息公开工作总体平稳。",
    "各派出机构共收到政府信息公开申请17件。",
    "近三年来累计收到政府信息公开申请890件。",
    "近三年共收到政府信息公开申请1013件，办结政府信息公开申请980件。",
    "收到政府信息公开申请，日均收到政府信息公开申请1件。",
    "市政府收到政府信息公开申请88件，由我局承办的12件。",
    "属于予以公开范围的申请中，主动公开渠道已予以公开9件。",
    "我局作为复议机关，全年办理信息公开类行政复议案件55件，维持30件，撤销5件。",
    "涉及政府信息公开的一审行政诉讼15件，二审行政诉讼11件。",
    "因政府信息公开新增行政诉讼10件，往年结转行政诉讼36件。",
    "全年作出行政处罚决定12件的公示信息已上网。",
    "以市政府名义制发行政规范性文件2件，以局名义制发行政规范性文件5件。",
    "提请市政府出台规范性文件3件。",
    "清理行政规范性文件60件，其中继续有效39件，废止规范性文件12件（含以前年度）。",
    "预计2023年收到政府信息公开申请400件左右。",
    "对收到的政府信息公开申请10件进行案卷评查。",
    "答复的申请中，因三安全一稳定不予公开76件。",
    "城南街道办事处受理政府信息公开申请20件，答复20件。",
    "12345热线办理45320件，依申请公开均按期答复。",
    "收到政府信息公开申请数百件，数十件次涉及征地。",
    "收到市政府转办的政府信息公开申请137件。",
    "市本级收到政府信息公开申请1262件。",
    "邀请律师参与答复政府信息公开申请120件。",
    "法院审结涉及信息公开的行政诉讼28件。",
];

fn report(sentence: &str) -> serde_json::Value {
    let lesson = lessons().into_iter().find(|lesson| lesson.name == "clean-2021-tabs").unwrap();
    let text = String::from_utf8(lesson.bytes).unwrap();
    parse_to_json(text.replace("（二）平台建设\n", &format!("（二）平台建设\n\n{sentence}\n")).as_bytes())
}

fn claim_flags(report: &serde_json::Value) -> usize {
    report["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == "claim-off").count()
}

#[test]
fn claims_are_recognised_and_held_against_the_tables() {
    for (sentence, wanted) in MATCHED {
        let report = report(sentence);
        let claims = report["claims"].as_array().unwrap();
        let found: Vec<(&str, &str)> =
            claims.iter().map(|claim| (claim["id"].as_str().unwrap(), claim["verdict"].as_str().unwrap())).collect();
        assert_eq!(&found, wanted, "{sentence}");
        assert_eq!(claim_flags(&report), wanted.iter().filter(|(_, verdict)| *verdict == "off").count(), "{sentence}");
    }
}

#[test]
fn near_misses_stay_sentences() {
    for sentence in NEAR_MISSES {
        let report = report(sentence);
        assert_eq!(report["claims"].as_array().unwrap().len(), 0, "{sentence}: {}", report["claims"]);
    }
}

#[test]
fn a_share_that_fits_no_count_is_flagged() {
    let fits = report("答复的申请中，不予公开218件，占60.7%。");
    assert_eq!(claim_flags(&fits), 0);
    let off = report("答复的申请中，不予公开218件，占67.0%。");
    assert_eq!(claim_flags(&off), 1);
}

#[test]
fn a_claim_is_quoted_with_its_place_and_cells() {
    let report = report("全年收到政府信息公开申请336件。");
    let flag = report["flags"].as_array().unwrap().iter().find(|flag| flag["code"] == "claim-off").unwrap();
    assert_eq!(flag["cells"][0], "requests/new/total");
    assert_eq!(flag["place"]["line"], 11);
    assert!(flag["message"].as_str().unwrap().contains("336") && flag["message"].as_str().unwrap().contains("363"));
}
