//! What a receiver does wrong when it is told to. Chance is drawn from a seed, so that it can be repeated.

use std::str::FromStr;
use std::time::{Duration, Instant};

/// What is to go wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    /// The share of answers that are lost after the batch was stored, in per cent.
    pub(crate) lose_percent: f64,
    /// How long each answer takes.
    pub(crate) delay: Duration,
    /// What is answered instead of looking at the batch.
    pub(crate) refuse: Option<Refusal>,
    /// Events a second; what comes faster is sent back.
    pub(crate) throttle: Option<f64>,
    /// Events of these types are rejected, each by itself.
    pub(crate) reject: Vec<String>,
    /// What chance is drawn from; `None`: chance itself.
    pub(crate) seed: Option<u64>,
}

/// `STATUS` or `STATUS:TIMES`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// How often; `None`: always.
    pub(crate) times: Option<u64>,
}

impl FromStr for Refusal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (status, times) = match text.split_once(':') {
            Some((status, times)) => (status, Some(times.trim_end_matches(" times"))),
            None => (text, None),
        };
        let expected = || "expected a status from 300 to 599, or `503:2` for the first two requests".to_owned();
        let status = status.parse().ok().filter(|status| (300..600).contains(status)).ok_or_else(expected)?;
        let times = times.map(|times| times.parse().map_err(|_| expected())).transpose()?;
        Ok(Self { status, times })
    }
}

/// The lines that belong to a refusal.
pub(super) fn head_of(status: u16) -> String {
    match status {
        300..400 => "Location: /elsewhere\r\n".into(),
        429 => "Retry-After: 1\r\n".into(),
        _ => String::new(),
    }
}

/// How far what is to go wrong has come.
pub(super) struct Mishaps {
    seed: u64,
    chance: u64,
    lose_percent: f64,
    refusal: Option<Refusal>,
    rate: Option<f64>,
    /// How many events may come now; below zero after a large batch.
    room: f64,
    filled: Instant,
}

impl Mishaps {
    pub(super) fn new(faults: &Faults) -> Self {
        let seed = faults.seed.or_else(|| getrandom::u64().ok()).unwrap_or_default();
        Self {
            seed,
            chance: seed,
            lose_percent: faults.lose_percent,
            refusal: faults.refuse,
            rate: faults.throttle,
            room: faults.throttle.unwrap_or_default(),
            filled: Instant::now(),
        }
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    /// What to answer in place of the truth.
    pub(super) fn refuse(&mut self) -> Option<u16> {
        let refusal = self.refusal.as_mut()?;
        if let Some(times) = &mut refusal.times {
            *times = times.checked_sub(1)?;
        }
        Some(refusal.status)
    }

    /// After how many seconds so many events may come, if not now.
    pub(super) fn throttle(&mut self, events: usize) -> Option<u64> {
        let rate = self.rate?;
        self.room = (self.room + self.filled.elapsed().as_secs_f64() * rate).min(rate);
        self.filled = Instant::now();
        if self.room <= 0.0 {
            let seconds = Duration::try_from_secs_f64(-self.room / rate).unwrap_or(Duration::from_secs(3600));
            return Some(seconds.as_secs() + 1);
        }
        self.room -= u32::try_from(events).map_or(f64::from(u32::MAX), f64::from);
        None
    }

    /// Whether this answer is lost.
    pub(super) fn lose(&mut self) -> bool {
        // SplitMix64.
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.chance ^ (self.chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let drawn = u32::try_from((mixed ^ (mixed >> 31)) >> 32).map_or(0.0, f64::from);
        drawn < self.lose_percent / 100.0 * f64::from(u32::MAX)
    }
}
