//! A list's number in the way of writing that the file asks for: `1` → 一, ①, a, I, 甲.

/// Write a number in a format such as `chineseCounting`; decimal where the format is not known.
pub fn write(number: u32, format: &str) -> String {
    match format {
        "none" | "bullet" => String::new(),
        "decimalZero" if number < 10 => format!("0{number}"),
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_ascii_lowercase(),
        "upperLetter" => letters(number),
        "lowerLetter" => letters(number).to_ascii_lowercase(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "japaneseCounting"
        | "koreanCounting" => counted(number, "零一二三四五六七八九", "十百千万", Zero::Said, Ten::Short),
        "chineseLegalSimplified" => counted(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万", Zero::Said, Ten::Long),
        "ideographLegalTraditional" => counted(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟萬", Zero::Said, Ten::Long),
        "japaneseLegal" => counted(number, "〇壱弐参四伍六七八九", "拾百阡萬", Zero::Left, Ten::Long),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" | "koreanDigital" => digits(number, "〇一二三四五六七八九"),
        "decimalFullWidth" | "decimalFullWidth2" => digits(number, "０１２３４５６７８９"),
        "ideographTraditional" => of_ring(number, "甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => of_ring(number, "子丑寅卯辰巳午未申酉戌亥"),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => enclosed(number, '①', 20),
        "decimalEnclosedParen" => enclosed(number, '⑴', 20),
        "decimalEnclosedFullstop" => enclosed(number, '⒈', 20),
        "ideographEnclosedCircle" => enclosed(number, '㊀', 10),
        _ => number.to_string(),
    }
}

/// What a zero inside a number does: 一百零三 or 百三.
#[derive(PartialEq)]
enum Zero {
    Said,
    Left,
}

/// What ten is: 十 or 壹拾.
#[derive(PartialEq)]
enum Ten {
    Short,
    Long,
}

fn counted(number: u32, digits: &str, powers: &str, zero: Zero, ten: Ten) -> String {
    let digit = |value: u32| digits.chars().nth(value as usize);
    let power = |index: u32| powers.chars().nth(index as usize);
    if !(1..100_000).contains(&number) {
        return if number == 0 { digit(0).into_iter().collect() } else { number.to_string() };
    }
    let mut out = String::new();
    let mut skipped = false;
    for place in (0..=4).rev() {
        let value = number / 10_u32.pow(place) % 10;
        if value == 0 {
            skipped = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut skipped) && zero == Zero::Said {
            out.extend(digit(0));
        }
        let is_bare_ten = place == 1 && value == 1 && out.is_empty() && ten == Ten::Short;
        let is_one_left_out = zero == Zero::Left && value == 1 && place > 0;
        if !is_bare_ten && !is_one_left_out {
            out.extend(digit(value));
        }
        if place > 0 {
            out.extend(power(place - 1));
        }
    }
    out
}

fn digits(number: u32, digits: &str) -> String {
    let written = |character: char| character.to_digit(10).and_then(|value| digits.chars().nth(value as usize));
    number.to_string().chars().filter_map(written).collect()
}

/// A, B … Z, AA, BB …, as Word goes on.
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else { return String::new() };
    let letter = char::from_u32(u32::from(b'A') + index % 26).unwrap_or('A');
    std::iter::repeat_n(letter, (index / 26 + 1).min(32) as usize).collect()
}

fn of_ring(number: u32, ring: &str) -> String {
    let length = u32::try_from(ring.chars().count()).unwrap_or(1).max(1);
    let index = number.checked_sub(1).map_or(0, |index| index % length);
    ring.chars().nth(index as usize).into_iter().collect()
}

fn enclosed(number: u32, first: char, last: u32) -> String {
    let character = (1..=last).contains(&number).then(|| char::from_u32(first as u32 + number - 1)).flatten();
    character.map_or_else(|| number.to_string(), String::from)
}

fn roman(number: u32) -> String {
    const STEPS: &[(u32, &str)] = &[
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..4000).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for &(value, mark) in STEPS {
        while rest >= value {
            out.push_str(mark);
            rest -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::write;

    #[test]
    fn numbers_as_word_writes_them() {
        let cases = [
            (10, "chineseCountingThousand", "十"),
            (12, "chineseCounting", "十二"),
            (20, "japaneseCounting", "二十"),
            (103, "chineseCountingThousand", "一百零三"),
            (110, "chineseCountingThousand", "一百一十"),
            (10, "chineseLegalSimplified", "壹拾"),
            (21, "ideographDigital", "二一"),
            (3, "decimalEnclosedCircleChinese", "③"),
            (28, "lowerLetter", "bb"),
            (14, "upperRoman", "XIV"),
            (11, "ideographTraditional", "甲"),
            (7, "decimalZero", "07"),
            (7, "never heard of", "7"),
        ];
        for (number, format, want) in cases {
            assert_eq!(write(number, format), want, "{format}");
        }
    }
}
