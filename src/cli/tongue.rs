//! In which language a person is spoken to.

use super::args::Lang;
use luoshu::flag::{Message, Severity};
use luoshu::manual::Language;

/// The language that was asked for, else the locale's: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that says anything.
pub fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::Zh) => Language::Chinese,
        Some(Lang::En) => Language::English,
        None => {
            let values = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(std::env::var_os);
            let locale = values.map(|value| value.to_string_lossy().into_owned()).find(|value| !value.is_empty());
            if locale.is_some_and(|locale| is_chinese(&locale)) { Language::Chinese } else { Language::English }
        }
    }
}

/// `zh`, `zh_CN.UTF-8`, `zh-Hant-TW`; not `zha`.
fn is_chinese(locale: &str) -> bool {
    let (name, _) = locale.split_once(['_', '-', '.', '@']).unwrap_or((locale, ""));
    name.eq_ignore_ascii_case("zh")
}

/// The word for a severity.
pub fn severity(severity: Severity) -> Message {
    match severity {
        Severity::Note => Message::plain("note"),
        Severity::Warning => Message::plain("warning"),
        Severity::Error => Message::plain("error"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locales_of_chinese() {
        assert!(["zh", "zh_CN.UTF-8", "zh-Hant-TW", "ZH_tw"].into_iter().all(is_chinese));
        assert!(["", "C", "zha_CN", "en_US.UTF-8", "POSIX"].into_iter().all(|locale| !is_chinese(locale)));
    }
}
