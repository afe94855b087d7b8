//! Secrets in a text: known formats anywhere, and what assignments, options, URLs and headers say is one.
//!
//! One pass. Sixteen bytes at a time are asked where something can begin; only there is looked closer.

use super::disguise;
use super::formats::{self, Named};
use super::notation::{self, Notation};
use super::place::Place;
use super::rules::Rule;
use super::runs::{self, Runs};
use super::shell::Shell;
use crate::lanes::{self, Classes, WIDTH};
use crate::policy::{Action, Policy};
use std::collections::BinaryHeap;
use std::ops::Range;

pub(crate) use super::notation::is_placeholder;

/// A secret's place in a text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) range: Range<usize>,
    pub(crate) rule: Rule,
}

/// Finds the secrets in a text, in order and without overlap.
///
/// Some is known of a text that is an argument: these are secrets in it.
pub(crate) fn secrets(text: &str, place: &Place<'_>, policy: &Policy, arguments: Option<Vec<Span>>) -> Vec<Span> {
    // Too short for any format: only a sign could tell of a secret, or a second word.
    if text.len() < runs::SHORTEST
        && arguments.is_none()
        && !text.bytes().any(|b| matches!(b, b'=' | b':' | b'-' | b' '))
    {
        return Vec::new();
    }
    let is_argument = arguments.is_some();
    let mut scan = Scan::new(text, place, policy, arguments);
    scan.run();
    if !scan.disguised {
        return scan.into_spans();
    }
    let mut spans = scan.into_spans();
    let plain = disguise::read(text);
    let found = Scan::new(&plain, place, policy, is_argument.then(Vec::new)).within();
    spans.extend(disguise::places(text, found));
    in_order(spans)
}

/// Spans in order, those that overlap as one.
pub(super) fn in_order(spans: Vec<Span>) -> Vec<Span> {
    // By their starts, the longest first. A heap: the library's sort is more code than all of this file, for a handful.
    let mut heap = BinaryHeap::with_capacity(spans.len());
    for (at, Span { range, .. }) in spans.iter().enumerate() {
        heap.push(((range.start as u128) << 64 | u128::from(u64::MAX - range.end as u64), at));
    }
    let order = heap.into_sorted_vec();
    let mut spans: Vec<Span> = order.into_iter().filter_map(|(_, at)| spans.get(at).cloned()).collect();
    spans.dedup_by(|next, span| {
        let overlaps = next.range.start < span.range.end;
        if overlaps {
            span.range.end = span.range.end.max(next.range.end);
        }
        overlaps
    });
    spans
}

/// Finds the secrets of known formats only, as in a key.
pub(crate) fn formats_in(text: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let bytes = text.as_bytes();
    let mut before = b' ';
    for (at, &byte) in bytes.iter().enumerate() {
        // Behind another it may be glued to it.
        let end = spans.last().map_or(0, |last| last.range.end);
        if (end == at || end < at && !before.is_ascii_alphanumeric())
            && let Some((rule, range)) = formats::at(Named { name: "", text: bytes, found: &spans }, at)
        {
            spans.push(Span { range, rule });
        }
        before = byte;
    }
    let long = formats::long_tokens(bytes).filter_map(|token| {
        let (found, others) = spans.split_at(spans.partition_point(|span| span.range.end <= token.start));
        let is_known = others.first().is_some_and(|span| span.range.start <= token.start);
        let long = (!is_known).then(|| formats::in_token(Named { name: "", text: bytes, found }, token));
        long.flatten().map(|(rule, range)| Span { range, rule })
    });
    let long: Vec<Span> = long.collect();
    spans.extend(long);
    in_order(spans)
}

struct Scan<'a> {
    text: &'a str,
    place: &'a Place<'a>,
    policy: &'a Policy,
    shell: Shell<'a>,
    /// Up to where the last private key goes.
    block: usize,
    /// What is read was in disguise itself: there is no other in it.
    inner: bool,
    /// Something in it is in disguise.
    disguised: bool,
    /// Up to where tokens have been decoded.
    decoded: usize,
    notation: Notation<'a>,
    spans: Spans<'a>,
}

/// What the last byte of the step before was, as the bit before the first.
#[derive(Clone, Copy)]
struct Carry {
    word: u32,
    gap: u32,
    slash: u32,
    dash: u32,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str, place: &'a Place<'a>, policy: &'a Policy, arguments: Option<Vec<Span>>) -> Self {
        let shell = match arguments {
            Some(spans) => Shell::judged(text, &policy.keys, spans),
            None => Shell::new(text, place, &policy.keys),
        };
        Self {
            text,
            place,
            policy,
            shell,
            block: 0,
            inner: false,
            disguised: false,
            decoded: 0,
            notation: Notation::new(text, &policy.keys),
            spans: Spans { text, policy, found: Vec::new() },
        }
    }

    fn into_spans(mut self) -> Vec<Span> {
        // A command knows which of the names that were seen are harmless, and more names than there are notations.
        if self.notation.has_seen_names() || !self.spans.found.is_empty() {
            self.shell.read_all();
        }
        self.spans.and(self.shell.into_spans())
    }

    /// The secrets of what something in disguise stands for.
    fn within(self) -> Vec<Span> {
        let mut scan = Self { inner: true, ..self };
        scan.run();
        scan.into_spans()
    }

    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut carry = Carry { word: 0, gap: 1, slash: 0, dash: 0 };
        let mut runs = Runs::default();
        let mut trail = lanes::Trail::default();
        let mut at = 0;
        // One more step than there is text: tokens are followed one step behind.
        while at < bytes.len() + WIDTH {
            let classes = lanes::classes(bytes, at, &notation::LETTERS, &mut trail).unwrap_or_default();
            self.step(at, &classes, &mut carry, &mut runs);
            at += WIDTH;
        }
        if let Some(token) = runs.end(bytes.len()) {
            self.long(token);
        }
    }

    /// Looks closer at what can begin in a step, and at the tokens of the step before.
    #[inline(always)]
    fn step(&mut self, at: usize, classes: &Classes, carry: &mut Carry, runs: &mut Runs) {
        // What an escape's letter comes before begins a token: `\nghp_…`.
        let word = classes.word & !(classes.slash << 1 | carry.slash);
        let gap = classes.blank | classes.quote;
        let starts = classes.word & !(word << 1 | carry.word);
        if self.shell.waits() {
            let within = (classes.quote | classes.slash) & (classes.word << 1 | carry.word);
            let options = classes.dash & !(classes.word << 1 | carry.word);
            self.see(at, starts | classes.joint | options | within);
        }
        let tokens = runs.step(at, classes, starts);
        self.tokens(at.wrapping_sub(WIDTH), tokens.starts);
        if let Some(token) = tokens.long {
            self.long(token);
        }
        // What goes on in the next line is a sign of it, too.
        let signs = classes.escape | classes.slash | classes.joint & (classes.blank >> 1 | 1 << (WIDTH - 1));
        if signs != 0 && !self.inner {
            self.disguises(at, signs);
        }
        // Where a line of dashes begins, as far as can be seen.
        let dash = classes.dash | u32::MAX << WIDTH;
        let mut lines = classes.dash & dash >> 1 & dash >> 2 & dash >> 3 & !(classes.dash << 1 | carry.dash);
        while lines != 0 {
            self.dashes(at + lines.trailing_zeros() as usize);
            lines &= lines - 1;
        }
        // Signs tell only of names that no letters tell of.
        let joints = if self.policy.keys.has_own() { classes.joint } else { 0 };
        let mut candidates = joints | classes.dash & (gap << 1 | carry.gap);
        let words = classes.letters;
        let last = |mask: u32| mask >> (WIDTH - 1) & 1;
        *carry = Carry { word: last(word), gap: last(gap), slash: last(classes.slash), dash: last(classes.dash) };
        candidates |= words;
        while candidates != 0 {
            let bit = candidates.trailing_zeros();
            if words >> bit & 1 == 0 {
                self.candidate(at + bit as usize);
            } else {
                // Those that the name is a part of are asked before it, wherever in a step they begin.
                let before = (1_u32 << bit >> 2).saturating_sub(1);
                let token = u32::MAX << (u32::BITS - (before & !classes.token).leading_zeros());
                self.tokens(at, starts & before & token);
                self.name(at + bit as usize - 2);
            }
            candidates &= candidates - 1;
        }
    }

    /// The tokens that begin at these bits of a step.
    fn tokens(&mut self, at: usize, starts: u32) {
        let mut starts = starts;
        while starts != 0 {
            let start = at + starts.trailing_zeros() as usize;
            if formats::may_begin(self.text.as_bytes(), start) && !self.spans.cover(start) {
                self.format(formats::at(self.named(), start));
            }
            starts &= starts - 1;
        }
    }

    fn name(&mut self, at: usize) {
        if !self.spans.cover(at) {
            self.notation.at(at, &mut self.spans);
        }
    }

    /// A token that could be a secret by its length.
    fn long(&mut self, token: Range<usize>) {
        let mut start = token.start;
        while let Some(end) = self.rest_of_long(start..token.end) {
            start = end;
        }
    }

    /// What of a long token is behind a secret is a token of its own. When that is found to encode a secret: where it ends.
    fn rest_of_long(&mut self, token: Range<usize>) -> Option<usize> {
        let token = self.spans.end_at(token.start)..token.end;
        let rest = self.text.as_bytes().get(token.clone()).unwrap_or_default();
        if rest.len() < runs::LONG || !rest.iter().any(u8::is_ascii_digit) {
            return None;
        }
        let found = formats::in_token(self.named(), token.clone());
        if found.is_some() {
            self.format(found);
            return None;
        }
        let encoded = (!self.inner && token.start >= self.decoded).then(|| disguise::encoded(self.text, token));
        for (range, plain) in encoded.into_iter().flatten() {
            self.decoded = range.end;
            let found = Scan::new(&plain, self.place, self.policy, None).within();
            if let Some(Span { rule, .. }) = found.first() {
                self.spans.push(range, *rule);
                return Some(self.decoded);
            }
        }
        None
    }

    /// Shows the shell what it may have to read its command for.
    fn see(&mut self, at: usize, signs: u32) {
        let mut signs = signs;
        while signs != 0 && self.shell.waits() {
            self.shell.see(at + signs.trailing_zeros() as usize);
            signs &= signs - 1;
        }
    }

    /// Looks whether something is in disguise where signs of it are.
    fn disguises(&mut self, at: usize, signs: u32) {
        let mut signs = signs;
        while signs != 0 && !self.disguised {
            self.disguised = disguise::begins(self.text.as_bytes(), at + signs.trailing_zeros() as usize);
            signs &= signs - 1;
        }
    }

    /// A line of dashes, which may be the first of a private key. What begins with a secret is no less of one.
    fn dashes(&mut self, at: usize) {
        let mut at = at;
        // Another may be glued to it.
        while at >= self.block
            && let Some(len) = formats::private_key(self.text.as_bytes().get(at..).unwrap_or_default())
        {
            self.block = at + len;
            self.spans.push(at..self.block, Rule::PRIVATE_KEY);
            at = self.block;
        }
    }

    fn named(&self) -> Named<'_> {
        Named { name: self.place.name(), text: self.text.as_bytes(), found: &self.spans.found }
    }

    fn candidate(&mut self, at: usize) {
        if self.spans.cover(at) {
            return;
        }
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        match rest.first() {
            Some(b'=' | b':') => self.notation.own(at, &mut self.spans),
            _ => self.shell.option(at),
        }
    }

    /// Adds the secret of a format, and those that are glued to it.
    fn format(&mut self, found: Option<(Rule, Range<usize>)>) {
        let mut found = found;
        while let Some((rule, range)) = found {
            found = formats::at(self.named(), range.end);
            self.spans.push(range, rule);
        }
    }
}

/// The secrets of a text that have been found so far: in order, and without overlap.
pub(super) struct Spans<'a> {
    text: &'a str,
    policy: &'a Policy,
    found: Vec<Span>,
}

impl Spans<'_> {
    /// These, and those that the words of commands say. Where a word begins, a command knows its end better than a notation,
    /// and whether it is harmless; a format says more than both.
    fn and(mut self, mut commands: Vec<Span>) -> Vec<Span> {
        commands.retain(|span| span.range.is_empty() || self.is_on(span.rule));
        if commands.is_empty() {
            return self.found;
        }
        let commands = in_order(commands);
        // A notation can begin at a quote that is the shell's.
        let known = |start: usize| {
            let rest = self.text.as_bytes().get(start..).unwrap_or_default();
            let quotes = rest.iter().take(2).take_while(|b| b"\"'$".contains(b)).count();
            let begins = |start| commands.binary_search_by_key(&start, |span| span.range.start).is_ok();
            (start..=start + quotes).any(begins)
        };
        self.found.retain(|span| !span.rule.is_notation() || !known(span.range.start));
        self.found.extend(commands.into_iter().filter(|span| !span.range.is_empty()));
        in_order(self.found)
    }

    /// Adds a span, unless its rule is off; what is a placeholder is no secret.
    pub(super) fn push(&mut self, range: Range<usize>, rule: Rule) {
        let placeholder = self.text.get(range.clone()).is_none_or(is_placeholder);
        if placeholder || !self.is_on(rule) || rule.is_notation() && self.push_formats(&range) {
            return;
        }
        self.insert(range, rule);
    }

    /// Adds the secrets of known formats that a value is made of, if it is: they say more of it.
    fn push_formats(&mut self, value: &Range<usize>) -> bool {
        if value.len() < runs::SHORTEST {
            return false;
        }
        let text = self.text.as_bytes().get(..value.end).unwrap_or_default();
        let named = Named { name: "", text, found: &self.found };
        let formats = |at: usize| {
            let (rule, range) = formats::at(named, at)?;
            (self.is_on(rule) && range.start == at).then_some(Span { range, rule })
        };
        let spans: Vec<Span> = std::iter::successors(formats(value.start), |span| formats(span.range.end)).collect();
        if spans.last().is_some_and(|last| last.range.end == value.end) {
            for Span { range, rule } in spans {
                self.insert(range, rule);
            }
            return true;
        }
        // One that the name before it tells.
        let long = formats::in_token(named, value.clone()).filter(|(rule, range)| self.is_on(*rule) && range == value);
        long.map(|(rule, range)| self.insert(range, rule)).is_some()
    }

    fn is_on(&self, rule: Rule) -> bool {
        self.policy.actions.of(rule.place()) != Action::Off
    }

    /// Spans come nearly in order: one that was found from a name before it can be behind one that comes later.
    fn insert(&mut self, range: Range<usize>, rule: Rule) {
        let at = self.ended_before(range.start);
        match self.found.get_mut(at) {
            Some(span) if span.range.start < range.end => {
                span.range = span.range.start.min(range.start)..span.range.end.max(range.end);
            }
            _ => self.found.insert(at, Span { range, rule }),
        }
    }

    /// Whether a secret is at `at`.
    fn cover(&self, at: usize) -> bool {
        self.end_at(at) > at
    }

    /// Where a secret ends that is at `at`, or `at`.
    fn end_at(&self, at: usize) -> usize {
        let next = self.found.get(self.ended_before(at)).filter(|span| span.range.start <= at);
        next.map_or(at, |span| span.range.end)
    }

    /// How many of the spans end before `at`: nearly always all of them.
    #[inline]
    fn ended_before(&self, at: usize) -> usize {
        match self.found.last() {
            Some(last) if at < last.range.end => self.found.partition_point(|span| span.range.end <= at),
            _ => self.found.len(),
        }
    }

    /// Where the last secret before `at` ends.
    pub(super) fn end_before(&self, at: usize) -> usize {
        let last = self.ended_before(at).checked_sub(1).and_then(|last| self.found.get(last));
        last.map_or(0, |last| last.range.end)
    }
}
