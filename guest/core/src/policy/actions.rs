//! What becomes of what a rule finds.

use super::hash::HashKey;

/// What replaces a secret.
pub(crate) const MARKER: &str = "[REDACTED]";

/// What becomes of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Action {
    /// The marker takes its place.
    #[default]
    Replace,
    /// All but its end goes.
    Mask,
    /// Its keyed hash takes its place.
    Hash,
    /// Nothing takes its place.
    Drop,
    /// It is not looked for.
    Off,
}

impl Action {
    /// The action of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Replace, Self::Mask, Self::Hash, Self::Drop, Self::Off].into_iter().find(|action| action.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Mask => "mask",
            Self::Hash => "hash",
            Self::Drop => "drop",
            Self::Off => "off",
        }
    }
}

/// The actions of all rules.
#[derive(Debug, Clone, Default)]
pub(crate) struct Actions {
    /// By the place of the rule in the catalogue; of those behind the end, the default.
    by_rule: Vec<Action>,
    leave_letters: bool,
    pub(super) key: Option<HashKey>,
}

impl Actions {
    /// Sets the action of the rule at a place.
    pub(crate) fn set(&mut self, place: usize, action: Action) {
        self.leave_letters |= matches!(action, Action::Mask | Action::Hash);
        if self.by_rule.len() <= place {
            self.by_rule.resize(place + 1, Action::default());
        }
        if let Some(of_rule) = self.by_rule.get_mut(place) {
            *of_rule = action;
        }
    }

    /// Whether any of them puts something with letters in the place of a secret.
    pub(crate) fn leave_letters(&self) -> bool {
        self.leave_letters
    }

    /// The action of the rule at a place.
    pub(crate) fn of(&self, place: usize) -> Action {
        self.by_rule.get(place).copied().unwrap_or_default()
    }

    /// What `hash` makes of a secret; none without a key, which no configuration that hashes is.
    pub(crate) fn hash(&self, secret: &str) -> Option<String> {
        self.key.as_ref().map(|key| key.hash(secret))
    }
}
