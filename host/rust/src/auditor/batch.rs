//! Many events in one call of the guest, one transaction and one write a sink.

use super::{Auditor, LONGEST_BYTES, within_bounds};
use crate::engine::Handed;
use crate::error::{Error, ErrorKind};
use crate::receipt::{self, Receipt};

/// As much goes into one call of the guest. More costs memory and saves no time.
const CHUNK_BYTES: usize = 1 << 20;

/// What the guest says to each event of a chunk, and what it has handed over.
type Answers = (Vec<Result<String, Error>>, Handed);

impl Auditor {
    /// Records many events, given as JSON Lines (empty lines are skipped), and answers for each of them in the same
    /// order. Not atomic: a refused line does not hold up the rest.
    ///
    /// Each error is one that [`Auditor::emit`] returns.
    pub fn emit_batch(&self, lines: &str) -> Vec<Result<Receipt, Error>> {
        chunks(lines).flat_map(|chunk| self.deliver(self.ask(chunk))).collect()
    }

    /// As [`Auditor::emit_batch`], but stops at the first event that is refused: the last answer is its error, and
    /// nothing after it is recorded.
    pub fn emit_until_refused(&self, lines: &str) -> Vec<Result<Receipt, Error>> {
        let mut receipts = Vec::new();
        for chunk in chunks(lines) {
            let (mut answers, handed) = self.ask(chunk);
            if let Some(refused) = answers.iter().position(Result::is_err) {
                answers.truncate(refused + 1);
            }
            receipts.extend(self.deliver((answers, handed)));
            if receipts.iter().any(Result::is_err) {
                break;
            }
        }
        receipts
    }

    fn ask(&self, chunk: &str) -> Answers {
        let events: Vec<&str> = chunk.lines().filter(|line| !line.trim_ascii().is_empty()).collect();
        if chunk.len() > LONGEST_BYTES {
            return (
                events.iter().map(|event| within_bounds(event).map(|()| String::new())).collect(),
                Handed::default(),
            );
        }
        match self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_emit_batch(store, chunk)) {
            Ok((Ok(text), handed)) => {
                let answers: Vec<_> = text.lines().map(receipt::answer).collect();
                if answers.len() == events.len() {
                    (answers, handed)
                } else {
                    refuse(&events, &receipt::broken("one line for each event"))
                }
            }
            Ok((Err(error), _)) => refuse(&events, &error.into()),
            Err(error) if error.kind() == ErrorKind::Trap => self.ask_singly(&events),
            Err(error) => refuse(&events, &error),
        }
    }

    /// After a trap, which has handed nothing over: only the event that causes it fails.
    fn ask_singly(&self, events: &[&str]) -> Answers {
        let mut all = Handed::default();
        let answers = (0..)
            .zip(events)
            .map(|(number, event)| {
                let event = (*event).to_owned();
                let (receipt, mut handed) =
                    self.0.pool.call(|guest, store| guest.auditbox_audit_auditor().call_emit(store, &event))?;
                all.rows.extend(handed.rows.into_iter().map(|(_, row)| (number, row)));
                handed.writes.iter_mut().for_each(|write| write.line = number);
                all.writes.append(&mut handed.writes);
                Ok(receipt?)
            })
            .collect();
        (answers, all)
    }

    fn deliver(&self, (answers, handed): Answers) -> Vec<Result<Receipt, Error>> {
        let accepted = |line: u32| answers.get(line as usize).is_some_and(Result::is_ok);
        let mut outcomes = self.0.delivery.carry_out(handed, accepted);
        (0..).zip(answers).map(|(line, answer)| self.settle(answer?, outcomes.remove(&line))).collect()
    }
}

fn refuse(events: &[&str], error: &Error) -> Answers {
    (events.iter().map(|_| Err(error.clone())).collect(), Handed::default())
}

/// Cuts at line breaks into pieces of at most `CHUNK_BYTES`; a longer line is a piece of its own.
fn chunks(lines: &str) -> impl Iterator<Item = &str> {
    let mut rest = lines;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let breaks_line = |byte: &u8| *byte == b'\n';
        let (head, tail) = rest.as_bytes().split_at_checked(CHUNK_BYTES).unwrap_or((rest.as_bytes(), b""));
        let end = match head.iter().rposition(breaks_line).filter(|_| !tail.is_empty()) {
            Some(last) => last + 1,
            None => tail.iter().position(breaks_line).map_or(rest.len(), |first| head.len() + first + 1),
        };
        let (chunk, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests;
