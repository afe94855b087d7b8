//! The thread that decides, as far as a host does: it has the lease, claims, sends, has the answers judged, settles.
//!
//! It goes in steps. Each does what can be done at once and says how long there is nothing to do; whatever happens
//! meanwhile ends that wait. All times are by the clock that nobody can set.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::course::{Course, Packed, Ready};
use super::owed::Owed;
use super::sender::Sender;
use super::verdict::{Later, Rejected, Verdict};
use super::{Judge, Shared, Status};
use crate::capability::outbox::OutboxError;
use crate::config::SyncOptions;
use crate::error::Error;
use crate::sync::batch::Batch;
use crate::sync::key::ApiKey;
use crate::sync::rows::Rows;
use crate::sync::transport::{Answer, Transport};

/// How often the lease is renewed, and asked for where another worker has it.
const BEAT: Duration = Duration::from_secs(1);
/// How long the lease is kept when nothing waits: events often come in bursts.
const LINGER: Duration = Duration::from_secs(1);
/// When the outbox is looked at though nothing was heard: other processes store without a ring here.
const FALLBACK: Duration = Duration::from_secs(60);
/// How long an outbox that fails is left alone.
const TROUBLE: Duration = Duration::from_secs(1);

pub(super) struct Decider<R> {
    rows: R,
    options: SyncOptions,
    judge: Judge,
    shared: Arc<Shared>,
    sender: Sender,
    key: ApiKey,
    /// Made anew after a pause, with the key that is in the file then.
    way: Option<Arc<Transport>>,

    /// Whether we have the lease; if not, whether another has it.
    held: bool,
    standing_by: bool,
    rung: bool,
    beat_at: Instant,
    look_at: Instant,
    trouble_until: Option<Instant>,
    idle_since: Option<Instant>,

    course: Course,
    under_way: Option<Ready>,
    ticket: u64,
    /// The breaker: nothing is sent before.
    not_before: Option<Instant>,
    /// How often in a row the endpoint could not be reached or could not take it.
    attempt: u32,
    refused_in_row: u64,
    owed: Owed,
    stop: Option<Stop>,
}

struct Stop {
    deadline: Instant,
    /// How many records are still to be settled: those that waited when it was asked for.
    left: u64,
}

impl<R: Rows> Decider<R> {
    pub(super) fn new(
        rows: R,
        options: SyncOptions,
        key: ApiKey,
        judge: Judge,
        sender: Sender,
        shared: Arc<Shared>,
    ) -> Self {
        let now = Instant::now();
        Self {
            course: Course::new(&options),
            rows,
            options,
            judge,
            shared,
            sender,
            key,
            way: None,
            held: false,
            standing_by: false,
            rung: false,
            beat_at: now,
            look_at: now,
            trouble_until: None,
            idle_since: None,
            under_way: None,
            ticket: 0,
            not_before: None,
            attempt: 0,
            refused_in_row: 0,
            owed: Owed::default(),
            stop: None,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            let time = match self.step() {
                Ok(Some(time)) => time,
                Ok(None) => break,
                Err(error) => {
                    let until = Instant::now() + TROUBLE;
                    self.trouble_until = Some(until);
                    self.say(Status::BackingOff { until, reason: error.to_string() });
                    if self.stop.is_some() {
                        break;
                    }
                    TROUBLE
                }
            };
            let left = self.stop.as_ref().map(|stop| stop.deadline.saturating_duration_since(Instant::now()));
            self.rung = self.rows.wait(left.map_or(time, |left| left.min(time)));
        }
        self.leave();
    }

    /// Does what can be done; how long there is nothing to do then. `None`: this is the end.
    fn step(&mut self) -> Result<Option<Duration>, OutboxError> {
        self.notice_stop();
        let now = Instant::now();
        if self.stop.as_ref().is_some_and(|stop| now >= stop.deadline) {
            return Ok(None);
        }
        if let Some(until) = self.trouble_until.filter(|until| now < *until) {
            return Ok(Some(until - now));
        }
        self.trouble_until = None;
        if self.held && now >= self.beat_at {
            self.beat()?;
        }
        if self.under_way.is_some()
            && let Some(answer) = self.sender.answer(self.ticket)
            && let Some(ready) = self.under_way.take()
        {
            self.conclude(ready, &answer);
            // The endpoint need not wait for our disk.
            self.send_prepared();
        }
        self.pay_and_pack()?;
        if self.held { self.proceed() } else { self.look() }
    }

    /// Without the lease: whether there is anything to do, and whether it is ours to do.
    fn look(&mut self) -> Result<Option<Duration>, OutboxError> {
        let now = Instant::now();
        let heard = self.stop.is_some() || (self.rung && !self.standing_by);
        if now < self.look_at && !heard {
            return Ok(Some(self.look_at - now));
        }
        self.look_at = now + BEAT;
        if self.rows.claim(0, 1, 1)?.is_empty() {
            self.standing_by = false;
            self.look_at = now + FALLBACK;
            self.say(Status::Idle);
            self.drained();
            return Ok(self.unless_stopping(FALLBACK));
        }
        self.standing_by = !self.rows.take_lease()?;
        if self.standing_by {
            self.say(Status::StandingBy);
            return Ok(self.unless_stopping(BEAT));
        }
        self.held = true;
        self.beat_at = now + BEAT;
        self.idle_since = None;
        self.course.forget();
        self.count_pending();
        Ok(Some(Duration::ZERO))
    }

    /// With the lease: keeps one request under way, and the next one ready.
    fn proceed(&mut self) -> Result<Option<Duration>, OutboxError> {
        let now = Instant::now();
        if self.under_way.is_none() {
            if let Some(until) = self.not_before.filter(|until| now < *until) {
                return Ok(self.unless_stopping((until - now).min(self.beat_at.saturating_duration_since(now))));
            }
            if self.stop.as_ref().is_some_and(|stop| stop.left == 0) {
                return Ok(None);
            }
            if !self.send_prepared() {
                let Packed { ready, dead } = self.course.oldest(&mut self.rows)?;
                let idle = ready.is_none() && dead.is_empty();
                self.owed.dead.extend(dead);
                if idle {
                    return self.idle(now);
                }
                self.idle_since = None;
                match ready {
                    Some(ready) => self.send(ready),
                    None => return Ok(Some(Duration::ZERO)),
                }
            }
        }
        // For the first batch; later it is done while the one before is written down.
        self.pay_and_pack()?;
        Ok(Some(self.beat_at.saturating_duration_since(Instant::now())))
    }

    fn idle(&mut self, now: Instant) -> Result<Option<Duration>, OutboxError> {
        self.drained();
        let since = *self.idle_since.get_or_insert(now);
        let left = LINGER.saturating_sub(now.saturating_duration_since(since));
        if self.stop.is_some() || !left.is_zero() {
            return Ok(self.unless_stopping(left));
        }
        // It is for people; the next one may go through.
        let _ = self.rows.show_state(Status::Idle.shown());
        self.rows.release()?;
        self.held = false;
        self.look_at = now + FALLBACK;
        self.say(Status::Idle);
        Ok(Some(FALLBACK))
    }

    fn beat(&mut self) -> Result<(), OutboxError> {
        if self.rows.beat()? {
            self.beat_at = Instant::now() + BEAT;
            self.count_pending();
        } else {
            self.lose();
        }
        Ok(())
    }

    /// Another worker has taken over: whatever we know of the rows may be wrong by now.
    fn lose(&mut self) {
        self.held = false;
        self.standing_by = true;
        self.under_way = None;
        self.ticket += 1;
        self.owed = Owed::default();
        self.course.forget();
        self.look_at = Instant::now() + BEAT;
        self.say(Status::StandingBy);
    }

    /// Sends what is ready, unless it must not be sent now.
    fn send_prepared(&mut self) -> bool {
        let blocked = self.not_before.is_some_and(|until| Instant::now() < until);
        let over = self.stop.as_ref().is_some_and(|stop| stop.left <= self.owed.settled());
        if !self.held || self.under_way.is_some() || blocked || over {
            return false;
        }
        match self.course.next() {
            Some(ready) => {
                self.send(ready);
                self.under_way.is_some()
            }
            None => false,
        }
    }

    fn send(&mut self, ready: Ready) {
        match self.way() {
            Ok(way) => {
                self.ticket += 1;
                self.sender.send(self.ticket, way, Arc::clone(&ready.cargo));
                self.under_way = Some(ready);
                self.not_before = None;
                self.say(Status::Sending);
            }
            Err(error) => self.back_off(ready, &Later::new(60_000, 300_000, error.to_string()), true),
        }
    }

    fn way(&mut self) -> Result<Arc<Transport>, Error> {
        if let Some(way) = &self.way {
            return Ok(Arc::clone(way));
        }
        // The first time it is the one that was found a moment ago.
        if self.attempt > 0
            && let Some(key) = ApiKey::find(self.options.api_key_file.as_deref())?
        {
            self.key = key;
        }
        let way = Arc::new(Transport::new(&self.options, &self.key)?);
        self.way = Some(Arc::clone(&way));
        Ok(way)
    }

    /// Has the answer judged, and does what the verdict says, but for sending.
    fn conclude(&mut self, ready: Ready, answer: &Answer) {
        match self.verdict(&ready.batch, answer) {
            Verdict::Settle { accepted, rejected } => {
                self.attempt = 0;
                if accepted > 0 {
                    self.refused_in_row = 0;
                }
                let mut reasons: HashMap<String, String> =
                    rejected.into_iter().map(|Rejected { event_id, reason }| (event_id, reason)).collect();
                for (id, event_id) in ready.batch.events() {
                    match reasons.remove(event_id) {
                        Some(reason) => self.owed.dead.push((id, reason)),
                        None => self.owed.delivered.push(id),
                    }
                }
            }
            Verdict::Reject { rejected } => {
                self.attempt = 0;
                self.refused_in_row += 1;
                let reason = rejected.into_iter().next().map(|rejected| rejected.reason).unwrap_or_default();
                self.owed.dead.extend(ready.batch.ids().map(|id| (id, reason.clone())));
            }
            Verdict::Split {} if ready.batch.len() > 1 => {
                self.attempt = 0;
                self.course.split(ready.batch);
            }
            Verdict::Split {} => self.back_off(ready, &judge_failed(), false),
            Verdict::Retry(later) => self.back_off(ready, &later, false),
            Verdict::Pause(later) => self.back_off(ready, &later, true),
        }
    }

    fn verdict(&self, batch: &Batch, answer: &Answer) -> Verdict {
        let told = batch.told(self.attempt, self.refused_in_row).and_then(|batch| {
            let answer = serde_json::to_string(answer)?;
            Ok((batch, answer))
        });
        let verdict = told.ok().and_then(|(batch, answer)| (self.judge)(&batch, &answer).ok());
        let verdict = verdict.and_then(|verdict| serde_json::from_str(&verdict).ok());
        // A bug; the records are safe where they are.
        verdict.unwrap_or_else(|| Verdict::Retry(judge_failed()))
    }

    /// The same again, not before some time has passed.
    fn back_off(&mut self, ready: Ready, later: &Later, pause: bool) {
        let time = later.draw();
        let until = super::after(time);
        self.attempt = self.attempt.saturating_add(1);
        self.not_before = Some(until);
        let reason = later.reason.clone();
        self.owed.retried = Some((ready.batch.ids().collect(), reason.clone(), time));
        self.course.again(ready);
        if pause {
            self.way = None;
            self.say(Status::Paused { until, reason });
        } else {
            self.say(Status::BackingOff { until, reason });
        }
    }

    /// Writes down what has become of rows, and meanwhile has the next batch packed: one waits for the disk, the other
    /// one for the processor, and the endpoint for neither.
    fn pay_and_pack(&mut self) -> Result<(), OutboxError> {
        let full = self.held && self.under_way.as_ref().is_some_and(|ready| ready.full);
        let Some(load) = (if full { self.course.ahead(&mut self.rows)? } else { None }) else { return self.pay() };
        let (paid, packed) = load.pack_beside(|| self.pay());
        if let Some(Packed { ready, dead }) = packed.filter(|_| self.held) {
            self.course.keep(ready);
            self.owed.dead.extend(dead);
        }
        paid
    }

    /// Writes down what has become of rows.
    fn pay(&mut self) -> Result<(), OutboxError> {
        if self.owed.is_empty() {
            return Ok(());
        }
        if !self.rows.settle(self.owed.settlement())? {
            self.lose();
            return Ok(());
        }
        let Owed { delivered, dead, .. } = mem::take(&mut self.owed);
        let (delivered, dead) = (delivered.len() as u64, dead.len() as u64);
        if let Some(stop) = &mut self.stop {
            stop.left = stop.left.saturating_sub(delivered + dead);
        }
        self.shared.update(|progress| {
            progress.counts.delivered += delivered;
            progress.counts.dead += dead;
            progress.counts.pending = progress.counts.pending.saturating_sub(delivered + dead);
        });
        Ok(())
    }

    /// Says what we do, to this process and to whoever looks at the outbox.
    fn say(&mut self, status: Status) {
        let changed = mem::discriminant(&self.shared.progress().status) != mem::discriminant(&status);
        if self.held && (changed || !matches!(status, Status::Idle | Status::Sending)) {
            // It is for people; the next one may go through.
            let _ = self.rows.show_state(status.shown());
        }
        self.shared.update(|progress| {
            progress.drained &= status == Status::Idle;
            progress.status = status;
        });
    }

    fn drained(&self) {
        self.shared.update(|progress| {
            progress.counts.pending = 0;
            progress.drained = true;
        });
    }

    fn count_pending(&self) {
        if let Ok(pending) = self.rows.pending() {
            self.shared.update(|progress| {
                progress.counts.pending = pending;
                progress.drained = pending == 0;
            });
        }
    }

    fn notice_stop(&mut self) {
        let Some(deadline) = *self.shared.stop() else { return };
        let left = match &self.stop {
            Some(stop) => stop.left,
            None => self.rows.pending().unwrap_or(u64::MAX),
        };
        self.stop = Some(Stop { deadline, left });
    }

    fn unless_stopping(&self, time: Duration) -> Option<Duration> {
        self.stop.is_none().then_some(time)
    }

    fn leave(mut self) {
        // What cannot be written down now is sent again by the next worker; the endpoint knows it by its ids.
        let _ = self.pay();
        self.count_pending();
        if self.held {
            let stays = matches!(self.shared.progress().status, Status::BackingOff { .. } | Status::Paused { .. });
            if !stays {
                self.say(Status::Idle);
            }
            let _ = self.rows.release();
        }
    }
}

fn judge_failed() -> Later {
    Later::new(1_000, 60_000, "the answer could not be judged: this is a bug of auditbox".into())
}
