//! Lines from a file or stdin, in batches and in constant memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::shown::shown;

/// How much is asked for at once: the size of a batch when the input is a file.
const CHUNK_BYTES: usize = 512 << 10;

/// More lines than this in one batch save no time.
const BATCH_LINES: usize = 512;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where the input is.
#[derive(Args)]
pub(super) struct Source {
    /// File to read; `-` or nothing for stdin.
    #[arg(value_name = "FILE")]
    input: Option<PathBuf>,
}

/// A reader of lines.
pub(super) struct Input<R = Box<dyn Read>> {
    reader: R,
    chunk: Box<[u8]>,
    /// What is read and not yet taken.
    buffer: Vec<u8>,
    /// Where in the buffer the next line starts.
    start: usize,
    /// Up to where the buffer holds no line break after `start`.
    searched: usize,
    /// Size of the line that is being skipped, so far.
    skipped: Option<usize>,
    ended: bool,
    /// Lines taken so far.
    line: u64,
    bytes: u64,
    longest_bytes: usize,
    empty_lines: EmptyLines,
}

/// What becomes of lines with nothing in them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum EmptyLines {
    /// Between JSON values they mean nothing.
    Skip,
    /// In a text they are lines like all others.
    Keep,
}

/// A piece of the input.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Lines that were there to be taken at once.
    Lines(Batch),
    /// A line that is no text, or is too long.
    Refused {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// Lines that came together.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// The lines, each with its line break.
    pub(super) text: String,
    /// The number of each, from 1.
    pub(super) numbers: Vec<u64>,
}

impl Source {
    /// Opens the input. Lines longer than `longest_bytes` are refused.
    pub(super) fn open(&self, longest_bytes: u64, empty_lines: EmptyLines) -> anyhow::Result<Input> {
        let reader: Box<dyn Read> = match self.file() {
            Some(path) => {
                let about = || format!("cannot read {}", self.name());
                let file = File::open(path).with_context(about)?;
                if file.metadata().with_context(about)?.is_dir() {
                    bail!("cannot read {}: it is a folder, name a file in it", self.name());
                }
                Box::new(file)
            }
            None => Box::new(io::stdin()),
        };
        Ok(Input::new(reader, longest_bytes, empty_lines))
    }

    /// Size of the input in bytes, where it is known.
    pub(super) fn size(&self) -> Option<u64> {
        self.file().and_then(|path| path.metadata().ok()).filter(std::fs::Metadata::is_file).map(|file| file.len())
    }

    /// Fails when the records would go into the input, which would be read without end.
    pub(super) fn refuse_as_log(&self, log: &Path) -> anyhow::Result<()> {
        let found = self.file().map(Path::canonicalize).and_then(Result::ok);
        match found {
            Some(input) if log.canonicalize().is_ok_and(|log| log == input) => {
                bail!("{} is both the input and the log: choose another file for `--file`", self.name())
            }
            _ => Ok(()),
        }
    }

    /// What the input is called in messages.
    pub(super) fn name(&self) -> String {
        self.file().map_or_else(|| "the standard input".into(), |path| format!("`{}`", shown(path.display())))
    }

    fn file(&self) -> Option<&Path> {
        self.input.as_deref().filter(|path| *path != Path::new("-"))
    }
}

impl<R: Read> Input<R> {
    fn new(reader: R, longest_bytes: u64, empty_lines: EmptyLines) -> Self {
        Self {
            reader,
            chunk: vec![0; CHUNK_BYTES].into(),
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            skipped: None,
            ended: false,
            line: 0,
            bytes: 0,
            longest_bytes: usize::try_from(longest_bytes).unwrap_or(usize::MAX),
            empty_lines,
        }
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The next piece: all complete lines that have been read already, or, when there is none, those that come next.
    /// It waits only for the latter, so that `tail -f` is followed live. `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.take_lines() {
                return Ok(Some(item));
            }
            if self.ended {
                return Ok(None);
            }
            self.fill()?;
        }
    }

    fn take_lines(&mut self) -> Option<Item> {
        let mut batch = Batch::default();
        while batch.numbers.len() < BATCH_LINES
            && let Some(end) = self.line_end()
        {
            let line = self.buffer.get(self.start..end).unwrap_or_default();
            let line = if self.line == 0 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line };
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let fault = match self.skipped {
                Some(bytes) => Err(bytes + line.len()),
                None if line.len() > self.longest_bytes => Err(line.len()),
                None => Ok(str::from_utf8(line)),
            };
            let refused = match fault {
                Ok(Ok(text)) => {
                    if self.empty_lines == EmptyLines::Keep || !text.trim_ascii().is_empty() {
                        batch.text.push_str(text);
                        batch.text.push('\n');
                        batch.numbers.push(self.line + 1);
                    }
                    None
                }
                // What is wrong with a line is said after what came before it.
                _ if !batch.numbers.is_empty() => break,
                Ok(Err(error)) => Some(format!("not UTF-8 at byte {}", error.valid_up_to())),
                // In the words of the component, which sees the lines that are a little too long for it.
                Err(bytes) => {
                    Some(format!("expected at most {} bytes (`max_event_bytes`), it has {bytes}", self.longest_bytes))
                }
            };
            self.line += 1;
            self.skipped = None;
            self.start = end + 1;
            self.searched = self.start;
            if let Some(reason) = refused {
                return Some(Item::Refused { line: self.line, reason });
            }
        }
        (!batch.numbers.is_empty()).then_some(Item::Lines(batch))
    }

    /// Where the next line ends, if that is known: at its line break, or with the input.
    fn line_end(&mut self) -> Option<usize> {
        let unsearched = self.buffer.get(self.searched..)?;
        if let Some(length) = unsearched.iter().position(|byte| *byte == b'\n') {
            return Some(self.searched + length);
        }
        self.searched = self.buffer.len();
        let left = self.start < self.buffer.len() || self.skipped.is_some();
        (self.ended && left).then_some(self.buffer.len())
    }

    /// Reads once.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.start.min(self.buffer.len()));
        self.start = 0;
        // Of a line that will be refused only the size is kept. One byte more may be the `\r` of its line break.
        if self.skipped.is_some() || self.buffer.len() > self.longest_bytes.saturating_add(1) {
            *self.skipped.get_or_insert(0) += self.buffer.len();
            self.buffer.clear();
        }
        if self.buffer.is_empty() {
            self.buffer.shrink_to(CHUNK_BYTES);
        }
        self.searched = self.buffer.len();
        let read = loop {
            match self.reader.read(&mut self.chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
            }
        };
        self.buffer.extend_from_slice(self.chunk.get(..read).unwrap_or_default());
        self.bytes += read as u64;
        self.ended = read == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
