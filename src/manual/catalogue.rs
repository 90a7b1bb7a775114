//! Messages in other languages: a file of `"English template" = "the same sentence"`, with the same holes.
//!
//! A message without an entry is said in English. A test keeps the file in step with the source.

use super::Language;
use crate::flag::Message;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static CHINESE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| toml::from_str(include_str!("messages.zh.toml")).unwrap_or_default());

/// The message in a language.
pub fn say(message: &Message, language: Language) -> String {
    match translations(language).and_then(|catalogue| catalogue.get(message.template)) {
        Some(template) => message.render(template),
        None => message.to_string(),
    }
}

/// English template → template of the language; none for English itself.
pub fn translations(language: Language) -> Option<&'static BTreeMap<String, String>> {
    (language == Language::Chinese).then(|| &*CHINESE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_can_be_read() {
        let parsed: Result<BTreeMap<String, String>, _> = toml::from_str(include_str!("messages.zh.toml"));
        assert!(!parsed.unwrap().is_empty());
    }

    #[test]
    fn an_unknown_message_stays_english() {
        let message = Message::new("a sentence {0} nobody wrote", ["7".to_string()]);
        assert_eq!(say(&message, Language::Chinese), "a sentence 7 nobody wrote");
    }
}
