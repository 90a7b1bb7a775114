//! Characters that look alike or cannot be seen, dealt with in this one place.
//!
//! In: raw text. Out: a folded copy for comparing and parsing; raw text itself is never changed. Spaces of every kind
//! go, hidden characters go, full-width forms become ASCII, CJK radicals become the characters they stand for.

use std::sync::atomic::{AtomicU64, Ordering};

/// Zero-width characters, bidirectional controls, soft hyphens, variation selectors, a stray BOM.
pub fn is_hidden(character: char) -> bool {
    // Most of a report is ideographs: told from the rest by one comparison.
    !('\u{2E80}'..='\u{D7FF}').contains(&character) && is_hidden_elsewhere(character)
}

fn is_hidden_elsewhere(character: char) -> bool {
    matches!(character,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        || (character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}'))
}

/// A space of any width, or a character that shows nothing.
#[inline]
pub fn is_blank(character: char) -> bool {
    if ('\u{3190}'..='\u{D7FF}').contains(&character) {
        return false;
    }
    character.is_whitespace() || is_hidden(character) || matches!(character, '\u{3164}' | '\u{2800}')
}

/// A letter, an ideograph or a digit of any script.
pub fn is_word(character: char) -> bool {
    // Looking an ideograph up takes longer than all the rest.
    ('\u{4E00}'..='\u{9FFF}').contains(&character) || character.is_alphanumeric()
}

/// A digit, plain or full-width.
pub fn is_digit(character: char) -> bool {
    character.is_ascii_digit() || ('０'..='９').contains(&character)
}

/// A digit or a number of any script; ideographs that say numbers are words.
pub fn is_numeric(character: char) -> bool {
    !('\u{4E00}'..='\u{9FFF}').contains(&character) && character.is_numeric()
}

/// True when a cell shows nothing.
pub fn shows_nothing(text: &str) -> bool {
    text.chars().all(is_blank)
}

/// The character that `character` stands for when texts are compared: ASCII for full-width forms, the plain
/// ideograph for a CJK radical, one kind of bracket, quote and dash.
pub fn fold_char(character: char) -> char {
    match character {
        '\u{3040}'..='\u{D7FF}' => character,
        '〔' | '［' | '【' | '﹝' => '(',
        '〕' | '］' | '】' | '﹞' => ')',
        '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' | '＂' => '"',
        '‘' | '’' | '`' | '＇' => '\'',
        '－' | '–' | '—' | '―' | '‐' | '‑' | '‒' | '−' | '─' | '━' | '﹣' => '-',
        '。' | '．' | '｡' => '.',
        '、' | '､' => ',',
        '〇' | '○' => '零',
        '\u{2E80}'..='\u{2FDF}' => fold_radical(character),
        '⿰'..='⿻' => ' ',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        other => other,
    }
}

/// The first byte for which a test holds: sixteen are asked at a time, since most texts have long runs without one.
pub fn find_byte(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let (runs, _) = bytes.as_chunks::<16>();
    let has_wanted = |run: &[u8; 16]| run.iter().fold(false, |found, &byte| found | is_wanted(byte));
    let start = 16 * runs.iter().position(has_wanted).unwrap_or(runs.len());
    bytes.get(start..)?.iter().position(|&byte| is_wanted(byte)).map(|at| start + at)
}

/// The text without blanks and hidden characters, every character folded. For comparing, never for showing.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(|&character| !is_blank(character)).map(fold_char) {
        push_lower(&mut out, character);
    }
    out
}

/// Append a character in lower case.
pub fn push_lower(out: &mut String, character: char) {
    match character {
        ascii if ascii.is_ascii() => out.push(ascii.to_ascii_lowercase()),
        // Ideographs have no case, and looking that up takes longer than all the rest.
        '\u{2E80}'..='\u{A63F}' => out.push(character),
        other => out.extend(other.to_lowercase()),
    }
}

/// What most of a report is: shown, and told so by a comparison or two.
fn is_plain(character: char) -> bool {
    character.is_ascii_graphic() || matches!(character, '\u{2010}'..='\u{2027}' | '\u{3001}'..='\u{D7FF}' | '\u{FF01}'..='\u{FFEF}')
}

/// The text as a person would print it on one line: hidden characters gone, runs of blanks one space.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut pending, mut start) = (false, 0);
    // What stays as it is goes over in one piece, from one blank or hidden character to the next.
    let ends = text.char_indices().filter(|&(_, character)| !is_plain(character) && (character.is_whitespace() || is_hidden(character)));
    for (end, character) in ends.map(|(end, character)| (end, Some(character))).chain([(text.len(), None)]) {
        let piece = text.get(start..end).unwrap_or_default();
        if pending && !piece.is_empty() {
            out.push(' ');
            pending = false;
        }
        out.push_str(piece);
        pending |= character.is_some_and(char::is_whitespace) && !out.is_empty();
        start = end + character.map_or(0, char::len_utf8);
    }
    out
}

/// The text with Traditional forms replaced by their Simplified ones.
pub fn simplify(text: String) -> String {
    if text.chars().any(may_be_traditional) { fast2s::convert(&text) } else { text }
}

/// Ideographs that are simplified beside some others only: 看著.
const BY_THEIR_NEIGHBOURS: [char; 3] = ['著', '藉', '苧'];

/// Most ideographs of a Simplified text were asked about before; asking the library takes longer than all the rest of a key.
fn may_be_traditional(character: char) -> bool {
    const FIRST: u32 = 0x4E00;
    const N_WORDS: usize = (0xA000 - FIRST as usize) / 64;
    static ASKED: [AtomicU64; N_WORDS] = [const { AtomicU64::new(0) }; N_WORDS];
    static TRADITIONAL: [AtomicU64; N_WORDS] = [const { AtomicU64::new(0) }; N_WORDS];
    let place = (character as u32).wrapping_sub(FIRST);
    let (word, bit) = ((place / 64) as usize, 1 << (place % 64));
    let Some((asked, traditional)) = ASKED.get(word).zip(TRADITIONAL.get(word)) else { return character.len_utf8() == 3 };
    if asked.load(Ordering::Acquire) & bit == 0 {
        let mut own = [0; 4];
        let own: &str = character.encode_utf8(&mut own);
        if fast2s::convert(own) != own || BY_THEIR_NEIGHBOURS.contains(&character) {
            traditional.fetch_or(bit, Ordering::Release);
        }
        asked.fetch_or(bit, Ordering::Release);
    }
    traditional.load(Ordering::Acquire) & bit != 0
}

/// CJK Radicals Supplement and Kangxi Radicals: PDF producers write them in place of the ideographs. NFKC folds the
/// Kangxi block only, so the Supplement is listed: radical, ideograph.
fn fold_radical(character: char) -> char {
    const SUPPLEMENT: &str = "⺁厂⺄乙⺅亻⺆冂⺇几⺈⺈⺉刂⺊卜⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歹⺟母⺠民⺡氵⺢水⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪疋⺫目⺬示⺭礻⺮竹⺯糸⺰纟⺱罓⺲罒⺳罓⺴罓⺵网⺶羊⺷羊⺸羊⺹老⺺聿⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟";
    const KANGXI: &str = "一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠";
    if character >= '\u{2F00}' {
        return KANGXI.chars().nth(character as usize - 0x2F00).unwrap_or(character);
    }
    let mut pairs = SUPPLEMENT.chars();
    while let (Some(radical), Some(ideograph)) = (pairs.next(), pairs.next()) {
        if radical == character {
            return ideograph;
        }
    }
    character
}

/// Words as they stand in sentences.
pub fn fold_words(text: &str) -> String {
    text.chars().filter(|&character| !is_blank(character)).map(fold_word).collect()
}

/// A character as it stands in sentences: as elsewhere, but the marks that part the clauses of a sentence stay apart.
pub fn fold_word(character: char) -> char {
    match character {
        '、' | '。' | '；' => character,
        '､' => '、',
        '∶' | '︰' | '﹕' | '：' | 'ː' => ':',
        ';' => '；',
        other => fold_char(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_compare_equal() {
        assert_eq!(fold("（ 四 ）无\u{200B}法\u{3000}提供"), fold("(四)无法提供"));
        assert_eq!(fold("⺠⽣"), "民生");
        assert_eq!(fold("１２，３"), "12,3");
    }

    #[test]
    fn traditional_forms_are_told_whatever_stands_beside_them() {
        let simplify = |text: &str| simplify(text.to_string());
        for (printed, wanted) in [("總計", "总计"), ("看著", "看着"), ("藉口", "藉口"), ("苧麻", "苎麻"), ("総计", "総计")]
        {
            assert_eq!((simplify(printed), simplify(printed)), (wanted.into(), wanted.into()));
        }
        // Every ideograph, the first time and the next.
        for character in ('\u{4E00}'..='\u{9FFF}').map(String::from) {
            let wanted = fast2s::convert(&character);
            assert_eq!((simplify(&character), simplify(&character)), (wanted.clone(), wanted));
        }
    }

    #[test]
    fn kangxi_radicals_line_up() {
        assert_eq!(fold_char('⼀'), '一');
        assert_eq!(fold_char('⿕'), '龠');
        assert_eq!(fold_char('⽔'), '水');
    }
}
