//! The rules that secrets are found by, as the guest lists them (`wit/schema/rules.schema.json`).

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::receipt::broken;

/// Every built-in rule, in the component's order. Derefs to the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    json: String,
    list: Vec<Rule>,
}

/// A rule by which secrets are found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// What receipts and configurations call it.
    pub id: String,
    /// How it knows a secret: `key`, `format`, `notation` or `shell`.
    pub kind: String,
    /// Whose format it is, when it is somebody's.
    pub vendor: Option<String>,
    /// What it finds, for people.
    pub description: String,
    /// What becomes of it when the configuration says nothing: `replace`.
    pub action: String,
}

impl Rules {
    /// The rules as the component wrote them: one JSON list.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The rule of this id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.iter().find(|rule| rule.id == id)
    }

    pub(crate) fn parse(json: String) -> Result<Self, Error> {
        match serde_json::from_str(&json) {
            Ok(list) => Ok(Self { json, list }),
            Err(_) => Err(broken("a list of rules")),
        }
    }
}

impl Deref for Rules {
    type Target = [Rule];

    fn deref(&self) -> &[Rule] {
        &self.list
    }
}
