//! A text with one secret in it: what stands before, what must go, what stands behind.

/// What stands in a secret's place.
const MARKER: &str = "[REDACTED]";

/// So much of a secret tells something of it, in bytes.
const PART: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    before: String,
    gone: String,
    after: String,
    /// The secret as it is written in what must go.
    secret: String,
}

impl Text {
    /// In the place of `{secret}`; with it goes what is between `«` and `»` around it.
    pub(super) fn of(template: &str, secret: &str) -> Self {
        let (before, after) = template.split_once("{secret}").unwrap();
        let (before, head) = before.split_once('«').unwrap_or((before, ""));
        let (tail, after) = after.split_once('»').unwrap_or(("", after));
        Self { before: before.into(), gone: [head, secret, tail].concat(), after: after.into(), secret: secret.into() }
    }

    /// As it is given.
    pub(super) fn whole(&self) -> String {
        [&*self.before, &*self.gone, &*self.after].concat()
    }

    /// As it must come back.
    pub(super) fn redacted(&self) -> String {
        [&*self.before, MARKER, &*self.after].concat()
    }

    /// Whether a part of the secret is left in what came back, from which it could be known.
    pub(super) fn is_left_in(&self, value: &str) -> bool {
        let around = [&self.before, &self.after];
        let mut parts = self.secret.as_bytes().windows(self.secret.len().min(PART));
        let has = |text: &str, part: &[u8]| text.as_bytes().windows(part.len()).any(|window| window == part);
        parts.any(|part| has(value, part) && !around.iter().any(|text| has(text, part)))
    }

    /// Between two others.
    pub(super) fn between(self, before: &str, after: &str) -> Self {
        Self { before: before.to_owned() + &self.before, after: self.after + after, ..self }
    }

    /// All of it in another writing.
    pub(super) fn written(self, write: impl Fn(&str) -> String) -> Self {
        Self {
            before: write(&self.before),
            gone: write(&self.gone),
            after: write(&self.after),
            secret: write(&self.secret),
        }
    }

    /// All of it in another writing, which nobody sees through in part: it goes as a whole.
    pub(super) fn wrapped(self, write: impl Fn(&str) -> String) -> Self {
        Self::of("{secret}", &write(&self.whole()))
    }

    /// As a JSON string.
    pub(super) fn quoted(self) -> Self {
        self.written(escaped).between("\"", "\"")
    }
}

/// What stands between the quotes of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}
