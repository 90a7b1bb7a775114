//! Mistakes of sense in `[indicators]` and `[groups]`: names that mean two things, parts that nobody has.

use super::Linter;
use crate::flag::Message;
use crate::fold::{fold, shows_nothing};
use crate::grammar::load::Marks;
use std::collections::BTreeMap;

impl Linter<'_> {
    pub(super) fn indicators(&mut self, marks: &Marks) {
        let family = self.family;
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (indicator, mark) in family.indicators.iter().zip(&marks.indicators) {
            self.id(&indicator.id, &mark.id);
            if indicator.labels.is_empty() || indicator.labels.iter().any(|label| shows_nothing(label)) {
                self.tell(&mark.value, Message::new("{0} has an empty label", [indicator.id.clone()]));
            }
            if !indicator.short.is_empty() && !indicator.id.contains('.') {
                let message = Message::new("{0} stands under nothing, and so its short names can never hold", [indicator.id.clone()]);
                self.tell(&mark.value, message);
            }
            for label in &indicator.labels {
                let other = *seen.entry(fold(label)).or_insert(&indicator.id);
                if other != indicator.id {
                    let facts = [other.to_string(), indicator.id.clone()];
                    self.tell(&mark.value, Message::new("{0} and {1} have the same label and cannot be told apart", facts));
                    break;
                }
            }
        }
        for (group, mark) in family.groups.iter().zip(&marks.groups) {
            for part in &group.parts {
                self.known(part, family.indicators.iter().map(|indicator| indicator.id.as_str()), &mark.value);
            }
        }
    }
}
