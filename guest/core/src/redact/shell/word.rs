//! Words: where they stand in a text, and what they mean once quotes and escapes are taken away.

use std::ops::Range;

/// A word of a command line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Word {
    /// Where it is written, with its quotes.
    start: usize,
    end: usize,
    meaning: Meaning,
    /// The last of its quoted pieces.
    quote: Option<Quote>,
    /// There is a `=` in it, outside of quotes or inside.
    pub(super) has_sign: bool,
}

/// What a word means.
#[derive(Debug, Clone, Copy, Default)]
enum Meaning {
    /// Nothing so far.
    #[default]
    Empty,
    /// A piece of the text, as it is written.
    Written { start: usize, end: usize },
    /// Put together of several: its piece of the made text, and its first run.
    Made { start: usize, end: usize, runs: usize },
}

/// A quoted piece: where its quote opens, and where what is in it begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) open: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// A dollar sign in it is a dollar sign.
    pub(super) literal: bool,
}

/// From this offset on, the made text is what is written from that offset on.
#[derive(Debug, Clone, Copy)]
struct Run {
    made: usize,
    written: usize,
}

/// A word of more pieces than this is nobody's; what is behind them is left out of its meaning.
const MAX_RUNS: usize = 1024;

/// What stands in a word's meaning for a substitution, whose own commands are read apart: a variable of no name.
const SUBSTITUTED: &[u8] = b"$_";

impl Word {
    pub(super) fn at(start: usize) -> Self {
        Self { start, end: start, ..Self::default() }
    }

    /// A word that is one quoted piece, without its quotes.
    pub(super) fn whole(piece: Range<usize>, has_sign: bool) -> Self {
        let Range { start, end } = piece;
        let quote = Some(Quote { open: start, start, end, literal: true });
        Self { start, end, meaning: Meaning::Written { start, end }, quote, has_sign }
    }

    pub(super) fn begins(&mut self, start: usize) {
        self.start = self.start.min(start);
    }

    pub(super) fn ends(&mut self, end: usize) {
        self.end = end;
    }

    pub(super) fn quoted(&mut self, quote: Quote) {
        self.quote = Some(quote);
    }

    pub(super) fn is_quoted(&self) -> bool {
        self.quote.is_some()
    }

    /// Whether it begins in quotes, of which there is only one pair.
    pub(super) fn opens_quoted(&self) -> bool {
        self.quote.is_some_and(|quote| quote.open == self.start)
    }

    /// Whether it is one quoted piece in which a dollar sign is a dollar sign.
    pub(super) fn is_literal(&self) -> bool {
        self.quote.is_some_and(|quote| quote.literal && quote.open == self.start)
    }
}

/// The words of a text, the newest last, and what is needed to tell what they mean.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub(super) source: &'a [u8],
    pub(super) list: Vec<Word>,
    made: Vec<u8>,
    runs: Vec<Run>,
}

/// How much there was, to return to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    list: usize,
    made: usize,
    runs: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(source: &'a [u8]) -> Self {
        Self { source, list: Vec::with_capacity(16), made: Vec::new(), runs: Vec::new() }
    }

    pub(super) fn level(&self) -> Level {
        Level { list: self.list.len(), made: self.made.len(), runs: self.runs.len() }
    }

    /// Forgets what has come since.
    pub(super) fn cut(&mut self, level: Level) {
        self.list.truncate(level.list);
        self.made.truncate(level.made);
        self.runs.truncate(level.runs);
    }

    /// Adds a piece that means what is written to the newest word, which is not in the list yet.
    pub(super) fn add(&mut self, word: &mut Word, piece: Range<usize>) {
        match &mut word.meaning {
            Meaning::Empty => word.meaning = Meaning::Written { start: piece.start, end: piece.end },
            Meaning::Written { end, .. } if *end == piece.start => *end = piece.end,
            _ => {
                let text = self.source.get(piece.clone()).unwrap_or_default();
                self.make(word, piece.start, text);
            }
        }
    }

    /// Adds a character that is written in another way.
    pub(super) fn add_byte(&mut self, word: &mut Word, byte: u8, written: usize) {
        self.make(word, written, &[byte]);
    }

    /// Adds a substitution, of which only its place is of interest.
    pub(super) fn add_substitution(&mut self, word: &mut Word, written: Range<usize>) {
        self.make(word, written.start, SUBSTITUTED);
        // Its end is where it ends.
        self.runs.push(Run { made: self.made.len() - 1, written: written.end.saturating_sub(1) });
    }

    fn make(&mut self, word: &mut Word, written: usize, text: &[u8]) {
        let (start, runs) = match word.meaning {
            Meaning::Made { start, runs, .. } => (start, runs),
            Meaning::Empty => (self.made.len(), self.runs.len()),
            Meaning::Written { start, end } => {
                let (made, runs) = (self.made.len(), self.runs.len());
                self.runs.push(Run { made, written: start });
                self.made.extend_from_slice(self.source.get(start..end).unwrap_or_default());
                (made, runs)
            }
        };
        if self.runs.len() - runs < MAX_RUNS {
            self.runs.push(Run { made: self.made.len(), written });
            self.made.extend_from_slice(text);
        }
        word.meaning = Meaning::Made { start, end: self.made.len(), runs };
    }

    /// What a word means.
    pub(super) fn text(&self, word: &Word) -> &[u8] {
        match word.meaning {
            Meaning::Empty => b"",
            Meaning::Written { start, end } => self.source.get(start..end).unwrap_or_default(),
            Meaning::Made { start, end, .. } => self.made.get(start..end).unwrap_or_default(),
        }
    }

    /// Where the byte at this offset of a word's meaning is written.
    fn written(&self, word: &Word, offset: usize) -> usize {
        match word.meaning {
            Meaning::Empty => word.start,
            Meaning::Written { start, .. } => start + offset,
            Meaning::Made { start, runs, .. } => {
                let at = start + offset;
                let runs = self.runs.get(runs..).unwrap_or_default();
                let behind = runs.partition_point(|run| run.made <= at);
                let run = behind.checked_sub(1).and_then(|before| runs.get(before));
                run.map_or(word.start, |run| run.written + (at - run.made))
            }
        }
    }

    /// Whether a word's quotes are not closed.
    pub(super) fn is_cut(&self, word: &Word) -> bool {
        word.quote.is_some_and(|quote| quote.end == self.source.len())
    }

    /// Where a piece of a word's meaning is written.
    pub(super) fn part(&self, word: &Word, piece: Range<usize>) -> Range<usize> {
        match piece.end.checked_sub(1) {
            Some(last) if last >= piece.start => self.written(word, piece.start)..self.written(word, last) + 1,
            _ => word.start..word.start,
        }
    }

    /// Where the rest of a word from this offset of its meaning on is written: without its quotes when it is one quoted
    /// piece or the end of one, else with all that belongs to it.
    pub(super) fn rest(&self, word: &Word, offset: usize) -> Range<usize> {
        let start = offset.checked_sub(1).map_or(word.start, |before| self.written(word, before) + 1);
        match word.quote {
            // The quote that is closed last, or never.
            Some(quote) if quote.end + 1 >= word.end => match quote.open {
                open if open == start => quote.start..quote.end,
                open if open < start && quote.start <= start => start..quote.end,
                _ => start..word.end,
            },
            _ => start..word.end,
        }
    }
}
