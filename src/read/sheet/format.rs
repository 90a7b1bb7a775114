//! A stored number and its cell's number format → the characters that the cell shows.
//!
//! ```text
//!   0.0825  `0.00%` → 8.25%      1234.5  `#,##0.00` → 1,234.50      0  `#,##0;-#,##0;"-"` → -
//!   43831   `yyyy"年"m"月"` → 2020年1月
//! ```
//! Where the format asks for what is not known here (fractions, exponents, conditions) the answer is none, and the
//! stored digits stand. Digits are moved and rounded as text, half up as spreadsheets do, never as a float.

/// Digits of a stored number that mean something; what follows is noise of the float.
const PRECISION: usize = 15;

/// What a cell shows; none where it cannot be told.
pub fn show(stored: f64, code: &str, is_1904: bool) -> Option<String> {
    if !stored.is_finite() || code.contains("[DBNum") {
        return None;
    }
    let sections = split_sections(code);
    let section = choose_section(stored, &sections)?;
    let tokens = tokens(section)?;
    if tokens.iter().any(|token| matches!(token, Token::Date(..))) {
        return show_date(stored, &tokens, is_1904);
    }
    if section.is_empty() && stored != 0.0 {
        return None;
    }
    show_number(stored, &tokens, stored < 0.0 && sections.len() < 2)
}

/// True where a code shows dates or times: what it shows is not what is stored in other digits.
pub fn is_date(code: &str) -> bool {
    let has_date = |section: &&str| tokens(section).is_some_and(|tokens| tokens.iter().any(|token| matches!(token, Token::Date(..))));
    split_sections(code).iter().any(has_date)
}

/// The stored number in plain digits.
pub fn plain(stored: f64) -> String {
    let digits = Digits::new(stored);
    let text = digits.write(digits.n_decimals(), 1, false);
    if stored < 0.0 { format!("-{text}") } else { text }
}

/// A code that a number of the format's list stands for; those that depend on the language are the Chinese ones.
pub fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5..=8 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 | 48 => "0.00E+00",
        12 | 13 => "# ?/?",
        14 => "yyyy/m/d",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "yyyy/m/d h:mm",
        27 | 36 | 50 | 52 | 57 => "yyyy年m月",
        28 | 29 | 51 | 53 | 54 | 58 => "m月d日",
        30 => "m-d-yy",
        31 => "yyyy年m月d日",
        32 => "h时mm分",
        33 => "h时mm分ss秒",
        37 | 38 => "#,##0;-#,##0",
        39 | 40 => "#,##0.00;-#,##0.00",
        41 | 42 => "#,##0;-#,##0;\"-\"",
        43 | 44 => "#,##0.00;-#,##0.00;\"-\"??",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        _ => "General",
    }
}

/// A code that one of the names stands for by which XML Spreadsheet calls formats of the list; any other is a code itself.
pub fn named(name: &str) -> &str {
    match name {
        "General Number" => "General",
        "General Date" => built_in(22),
        "Long Date" => built_in(31),
        "Medium Date" => built_in(15),
        "Short Date" => built_in(14),
        "Long Time" => built_in(19),
        "Medium Time" => built_in(18),
        "Short Time" => built_in(20),
        "Currency" => built_in(8),
        "Euro Currency" => "[$€-2]#,##0.00",
        "Fixed" => built_in(2),
        "Standard" => built_in(4),
        "Percent" => built_in(10),
        "Scientific" => built_in(11),
        "Yes/No" => "\"Yes\";\"Yes\";\"No\"",
        "True/False" => "\"True\";\"True\";\"False\"",
        "On/Off" => "\"On\";\"On\";\"Off\"",
        code => code,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    Digit(char),
    Point,
    Comma,
    Percent,
    General,
    Date(char, usize),
    HalfDay,
}

/// Sections between semicolons that stand outside of quotes.
fn split_sections(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (offset, character) in code.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                found.extend(code.get(start..offset));
                start = offset + 1;
            }
            _ => {}
        }
    }
    found.extend(code.get(start..));
    found
}

fn choose_section<'a>(stored: f64, sections: &[&'a str]) -> Option<&'a str> {
    let index = match sections.len() {
        0 | 1 => 0,
        2 => usize::from(stored < 0.0),
        _ if stored < 0.0 => 1,
        _ if stored == 0.0 => 2,
        _ => 0,
    };
    sections.get(index).copied()
}

fn tokens(section: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut characters = section.chars().peekable();
    let mut rest = section;
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                let text: String = characters.by_ref().take_while(|&next| next != '"').collect();
                found.push(Token::Text(text));
            }
            '\\' | '!' => found.push(Token::Text(characters.next().map(String::from).unwrap_or_default())),
            '_' | '*' => {
                characters.next();
            }
            '[' => {
                let inside: String = characters.by_ref().take_while(|&next| next != ']').collect();
                found.push(Token::Text(bracket(&inside)?));
            }
            '0' | '#' | '?' => found.push(Token::Digit(character)),
            '.' => found.push(Token::Point),
            ',' => found.push(Token::Comma),
            '%' => found.push(Token::Percent),
            '@' => found.push(Token::General),
            'G' | 'g' if rest.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("general")) => {
                characters.nth(5);
                found.push(Token::General);
            }
            'A' | 'a' if rest.get(..5).is_some_and(|word| word.eq_ignore_ascii_case("am/pm")) => {
                characters.nth(3);
                found.push(Token::HalfDay);
            }
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => {
                let mut length = 1;
                while characters.next_if(|next| next.eq_ignore_ascii_case(&character)).is_some() {
                    length += 1;
                }
                found.push(Token::Date(character.to_ascii_lowercase(), length));
            }
            letter if letter.is_ascii_alphabetic() => return None,
            other => found.push(Token::Text(other.to_string())),
        }
        rest = section.get(section.len() - characters.clone().map(char::len_utf8).sum::<usize>()..).unwrap_or("");
    }
    Some(found)
}

/// `[$¥-804]` shows its sign, `[Red]` nothing; a condition or an elapsed time is not known here.
fn bracket(inside: &str) -> Option<String> {
    if let Some(currency) = inside.strip_prefix('$') {
        return Some(currency.split('-').next().unwrap_or("").to_string());
    }
    let is_elapsed = matches!(inside.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss");
    (!is_elapsed && !inside.starts_with(['<', '>', '='])).then(String::new)
}

fn show_number(stored: f64, tokens: &[Token], is_negative: bool) -> Option<String> {
    let is_place = |token: &Token| matches!(token, Token::Digit(_) | Token::Point | Token::Comma);
    let first = tokens.iter().position(is_place);
    let last = tokens.iter().rposition(is_place);
    let has_digits = tokens.iter().any(|token| matches!(token, Token::Digit(_)));
    let picture: &[Token] = match (first, last) {
        (Some(first), Some(last)) if has_digits => tokens.get(first..=last)?,
        _ => &[],
    };
    if picture.iter().any(|token| !is_place(token)) || tokens.contains(&Token::Text("/".into())) && has_digits {
        return None;
    }
    let mut digits = Digits::new(stored);
    digits.point += 2 * i32::try_from(tokens.iter().filter(|token| **token == Token::Percent).count()).ok()?;
    let number = if picture.is_empty() { plain(stored.abs()) } else { fill(digits, picture)? };
    // `(1,234.50)`: the brackets are the sign, and in a report they may be anything else.
    let (open, close) = (Token::Text("(".into()), Token::Text(")".into()));
    let is_bracketed = stored < 0.0 && tokens.contains(&open) && tokens.contains(&close);
    let mut out = if is_negative || is_bracketed { "-".to_string() } else { String::new() };
    let mut is_written = false;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            token if is_bracketed && (*token == open || *token == close) => {}
            Token::Text(text) => out.push_str(text),
            Token::Percent => out.push('%'),
            Token::General => out.push_str(&number),
            _ if Some(index) == first && has_digits && !is_written => {
                out.push_str(&number);
                is_written = true;
            }
            _ => {}
        }
    }
    Some(out)
}

/// `#,##0.00` with the digits in it.
fn fill(mut digits: Digits, picture: &[Token]) -> Option<String> {
    let trailing = picture.iter().rev().take_while(|token| **token == Token::Comma).count();
    digits.point -= 3 * i32::try_from(trailing).ok()?;
    let picture = picture.get(..picture.len() - trailing)?;
    let at = picture.iter().position(|token| *token == Token::Point).unwrap_or(picture.len());
    let (whole, fraction) = (picture.get(..at)?, picture.get(at..)?);
    let places = |tokens: &[Token]| tokens.iter().filter(|token| matches!(token, Token::Digit(_))).count();
    let zeros = |tokens: &[Token]| tokens.iter().filter(|token| **token == Token::Digit('0')).count();
    let (n_decimals, least_decimals) = (places(fraction), zeros(fraction));
    digits.round(n_decimals);
    let mut text = digits.write(n_decimals, zeros(whole), whole.contains(&Token::Comma));
    if let Some((before, after)) = text.clone().split_once('.') {
        let kept = after.trim_end_matches('0').len().max(least_decimals);
        let after = after.get(..kept)?;
        text = if after.is_empty() && at == picture.len() { before.to_string() } else { format!("{before}.{after}") };
    }
    Some(text)
}

/// Decimal digits of a number and where its point stands: 0.0825 is `825` at -1.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

impl Digits {
    fn new(stored: f64) -> Digits {
        let shown = format!("{:.*e}", PRECISION - 1, stored.abs());
        let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        let digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect();
        let mut own = Digits { digits, point: exponent.parse::<i32>().unwrap_or(0) + 1 };
        own.trim();
        own
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
    }

    fn n_decimals(&self) -> usize {
        let length = i32::try_from(self.digits.len()).unwrap_or(0);
        usize::try_from(length - self.point).unwrap_or(0)
    }

    /// Round half up.
    fn round(&mut self, n_decimals: usize) {
        let keep = self.point + i32::try_from(n_decimals).unwrap_or(0);
        let Ok(keep) = usize::try_from(keep) else {
            self.digits.clear();
            return;
        };
        let Some(&next) = self.digits.get(keep) else { return };
        self.digits.truncate(keep);
        if next >= 5 {
            let mut carried = true;
            for digit in self.digits.iter_mut().rev() {
                carried = *digit == 9;
                *digit = if carried { 0 } else { *digit + 1 };
                if !carried {
                    break;
                }
            }
            if carried {
                self.digits.insert(0, 1);
                self.point += 1;
            }
        }
        self.trim();
    }

    fn digit(&self, place: i32) -> char {
        let index = usize::try_from(self.point - 1 - place).ok();
        char::from(b'0' + index.and_then(|index| self.digits.get(index)).copied().unwrap_or(0))
    }

    fn write(&self, n_decimals: usize, least_whole: usize, is_grouped: bool) -> String {
        let least = i32::try_from(least_whole).unwrap_or(0);
        let n_whole = if self.digits.is_empty() { least } else { self.point.max(least) };
        let mut out = String::new();
        for place in (0..n_whole.min(400)).rev() {
            out.push(self.digit(place));
            if is_grouped && place > 0 && place % 3 == 0 {
                out.push(',');
            }
        }
        if n_decimals > 0 {
            out.push('.');
            (1..=i32::try_from(n_decimals).unwrap_or(0)).for_each(|place| out.push(self.digit(-place)));
        }
        out
    }
}

const MONTHS: &[&str] =
    &["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

struct Clock {
    year: i64,
    month: usize,
    day: i64,
    seconds: i64,
}

/// The calendar day of a serial number; days are counted from the last of 1899, with a 29 February 1900 that was not.
fn clock(stored: f64, is_1904: bool) -> Option<Clock> {
    if !(0.0..2_958_466.0).contains(&stored) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)]
    let (whole, seconds) = (stored.floor() as i64, ((stored - stored.floor()) * 86_400.0).round() as i64);
    let (whole, seconds) = if seconds == 86_400 { (whole + 1, 0) } else { (whole, seconds) };
    let since_1970 = if is_1904 { whole - 24_107 } else { whole + i64::from(whole < 60) - 25_569 };
    let shifted = since_1970 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    Some(Clock { year, month: usize::try_from(month).ok()?, day, seconds })
}

/// The serial number of a date such as `2020-01-01T18:00:00.000`; a time alone is one of 31 December 1899.
pub fn serial(date: &str) -> Option<f64> {
    let (day, time) = date.trim().split_once('T').unwrap_or((date.trim(), "0"));
    let mut parts = day.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (year_from_march, month_from_march) = (year - i32::from(month <= 2), (month + 9) % 12);
    let leap_days = year_from_march / 4 - year_from_march / 100 + year_from_march / 400;
    let since_1899 = 365 * year_from_march + leap_days + (153 * month_from_march + 2) / 5 + day - 693_900;
    let whole = since_1899 - i32::from(since_1899 <= 60);
    let mut seconds = 0.0;
    for (part, worth) in time.trim_end_matches('Z').split(':').zip([3600.0, 60.0, 1.0]) {
        seconds += part.parse::<f64>().ok()? * worth;
    }
    if !(0.0..86_400.0).contains(&seconds) {
        return None;
    }
    Some(f64::from(whole) + seconds / 86_400.0)
}

fn show_date(stored: f64, tokens: &[Token], is_1904: bool) -> Option<String> {
    let clock = clock(stored, is_1904)?;
    let half_day = tokens.contains(&Token::HalfDay);
    let (hour, minute, second) = (clock.seconds / 3600, clock.seconds / 60 % 60, clock.seconds % 60);
    let dates: Vec<char> = tokens.iter().filter_map(|token| if let Token::Date(kind, _) = token { Some(*kind) } else { None }).collect();
    let mut nth = 0;
    let mut out = String::new();
    for token in tokens {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Point => out.push('.'),
            Token::Comma => out.push(','),
            Token::HalfDay => out.push_str(if hour < 12 { "AM" } else { "PM" }),
            Token::Date(kind, length) => {
                let is_minute = *kind == 'm' && (nth > 0 && dates.get(nth - 1) == Some(&'h') || dates.get(nth + 1) == Some(&'s'));
                nth += 1;
                let month = MONTHS.get(clock.month.checked_sub(1)?).copied()?;
                match (kind, length) {
                    ('y', 1 | 2) => out.push_str(&format!("{:02}", clock.year % 100)),
                    ('y', _) => out.push_str(&format!("{:04}", clock.year)),
                    ('m', _) if is_minute => out.push_str(&two(minute, *length)),
                    ('m', 1 | 2) => out.push_str(&two(i64::try_from(clock.month).ok()?, *length)),
                    ('m', 3) => out.push_str(month.get(..3)?),
                    ('m', _) => out.push_str(month),
                    ('d', 1 | 2) => out.push_str(&two(clock.day, *length)),
                    ('h', _) => out.push_str(&two(if half_day { (hour + 11) % 12 + 1 } else { hour }, *length)),
                    ('s', _) => out.push_str(&two(second, *length)),
                    _ => return None,
                }
            }
            Token::Digit(_) | Token::Percent | Token::General => return None,
        }
    }
    Some(out)
}

fn two(value: i64, length: usize) -> String {
    if length > 1 { format!("{value:02}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_show_what_a_spreadsheet_shows() {
        let cases = [
            (12.75, "General", "12.75"),
            (12.749_999_999_999_998, "General", "12.75"),
            (0.1 + 0.2, "General", "0.3"),
            (-5.0, "General", "-5"),
            (1_234_567.0, "#,##0", "1,234,567"),
            (1234.5, "#,##0.00", "1,234.50"),
            (0.0825, "0.00%", "8.25%"),
            (0.5, "0", "1"),
            (99.995, "0.00", "100.00"),
            (0.004, "0.00", "0.00"),
            (1.005, "0.00", "1.01"),
            (7.0, "000", "007"),
            (-3.0, "0_);(0)", "-3"),
            (-1234.5, "#,##0.00_);[Red](#,##0.00)", "-1,234.50"),
            (-3.5, "#,##0.00_ ;[Red]-#,##0.00\\ ", "-3.50 "),
            (0.0, "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "-"),
            (0.0, "#,##0;-#,##0;", ""),
            (0.0, "#", ""),
            (0.25, "#.##", ".25"),
            (3.0, "0\"件\"", "3件"),
            (3.2, "0.0_ ", "3.2"),
            (12345.0, "0.0,", "12.3"),
            (5.0, "[$¥-804]#,##0", "¥5"),
            (43831.0, "yyyy\"年\"m\"月\"d\"日\";@", "2020年1月1日"),
            (43831.0, "yyyy年m月", "2020年1月"),
            (43831.75, "yyyy/mm/dd h:mm", "2020/01/01 18:00"),
            (59.0, "yyyy-m-d", "1900-2-28"),
            (2.5, "#,##0.##", "2.5"),
            (2.0, "0.##", "2."),
        ];
        for (stored, code, want) in cases {
            assert_eq!(show(stored, code, false).as_deref(), Some(want), "{stored} as {code}");
        }
        assert_eq!(show(43831.0 - 1462.0, "yyyy-m-d", true).as_deref(), Some("2020-1-1"));
    }

    #[test]
    fn a_format_may_have_a_name_and_a_date_its_words() {
        for (stored, name, want) in [
            (1234.5, "Standard", "1,234.50"),
            (0.0825, "Percent", "8.25%"),
            (2.0, "Fixed", "2.00"),
            (-1.0, "Euro Currency", "-€1.00"),
            (0.0, "Yes/No", "No"),
            (43831.0, "Short Date", "2020/1/1"),
            (43831.0, "yyyy-m-d", "2020-1-1"),
        ] {
            assert_eq!(show(stored, named(name), false).as_deref(), Some(want), "{stored} as {name}");
        }
        for (date, want) in [
            ("2020-01-01T00:00:00.000", Some(43831.0)),
            ("2020-01-01T18:00:00.000", Some(43831.75)),
            ("2020-02-29", Some(43890.0)),
            ("1900-03-01T00:00:00.000", Some(61.0)),
            ("1900-02-28T00:00:00.000", Some(59.0)),
            ("1899-12-31T12:00:00.000", Some(0.5)),
            ("2020-13-01T00:00:00.000", None),
            ("2020-01-01T25:00:00.000", None),
            ("soon", None),
        ] {
            assert_eq!(serial(date), want, "{date}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_left_to_the_stored_digits() {
        for code in ["# ?/?", "0.00E+00", "[>=100]0;0.0", "[h]:mm", "[DBNum1]0", "000-0000"] {
            assert_eq!(show(12.5, code, false), None, "{code}");
        }
        assert_eq!(plain(12_345_678_901_234.0), "12345678901234");
        assert_eq!(plain(0.000_012), "0.000012");
        assert_eq!(plain(0.0), "0");
    }
}
