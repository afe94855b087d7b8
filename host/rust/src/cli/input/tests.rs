use std::collections::VecDeque;

use super::*;

/// Gives out the pieces one by one, and counts how often it was asked.
struct Pieces {
    left: VecDeque<Vec<u8>>,
    asked: usize,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.asked += 1;
        let Some(mut piece) = self.left.pop_front() else { return Ok(0) };
        let taken = piece.len().min(into.len());
        into[..taken].copy_from_slice(&piece[..taken]);
        if taken < piece.len() {
            self.left.push_front(piece.split_off(taken));
        }
        Ok(taken)
    }
}

fn input(pieces: &[&[u8]], longest_bytes: u64) -> Input<Pieces> {
    let left = pieces.iter().map(|piece| piece.to_vec()).collect();
    Input::new(Pieces { left, asked: 0 }, longest_bytes, EmptyLines::Skip)
}

/// All lines with their numbers; `Err` for refused ones.
fn lines(mut input: Input<impl Read>) -> Vec<(u64, Result<String, String>)> {
    let mut all = Vec::new();
    while let Some(item) = input.next().unwrap() {
        match item {
            Item::Lines(batch) => {
                assert_eq!(batch.numbers.len(), batch.text.lines().count());
                assert!(!batch.numbers.is_empty() && batch.text.ends_with('\n'));
                all.extend(batch.numbers.into_iter().zip(batch.text.lines().map(|line| Ok(line.to_owned()))));
            }
            Item::Refused { line, reason } => all.push((line, Err(reason))),
        }
    }
    all
}

#[test]
fn the_lines_are_the_same_however_the_input_arrives() {
    let text = "\u{feff}{\"a\":1}\r\n\n  \n{\"ü\":2}\n\r\nlast".as_bytes();
    let want: Vec<(u64, Result<String, String>)> =
        [(1, "{\"a\":1}"), (4, "{\"ü\":2}"), (6, "last")].map(|(number, line)| (number, Ok(line.to_owned()))).into();
    for size in 1..=text.len() {
        let pieces: Vec<&[u8]> = text.chunks(size).collect();
        assert_eq!(lines(input(&pieces, 100)), want, "in pieces of {size} bytes");
    }
}

#[test]
fn what_is_there_is_given_out_before_more_is_asked_for() {
    let mut input = input(&[b"one\ntwo\nthr", b"ee\n"], 100);
    let first = Batch { text: "one\ntwo\n".into(), numbers: vec![1, 2] };
    assert_eq!(input.next().unwrap(), Some(Item::Lines(first)));
    assert_eq!(input.reader.asked, 1);
    let second = Batch { text: "three\n".into(), numbers: vec![3] };
    assert_eq!(input.next().unwrap(), Some(Item::Lines(second)));
    assert_eq!(input.reader.asked, 2);
    assert_eq!(input.next().unwrap(), None);
}

#[test]
fn a_batch_has_at_most_512_lines() {
    let text = "x\n".repeat(BATCH_LINES + 1);
    let mut input = input(&[text.as_bytes()], 100);
    let sizes = [(); 3].map(|()| match input.next().unwrap() {
        Some(Item::Lines(batch)) => batch.numbers.len(),
        _ => 0,
    });
    assert_eq!(sizes, [BATCH_LINES, 1, 0]);
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_rest_goes_on() {
    for size in 1..=40 {
        let text = b"12345678\r\n123456789\n1234567890123456789012\nok\n";
        let pieces: Vec<&[u8]> = text.chunks(size).collect();
        let reason = |bytes| Err(format!("expected at most 8 bytes (`max_event_bytes`), it has {bytes}"));
        let want = [(1, Ok("12345678".to_owned())), (2, reason(9)), (3, reason(22)), (4, Ok("ok".into()))];
        assert_eq!(lines(input(&pieces, 8)), want, "in pieces of {size} bytes");
    }
}

#[test]
fn a_line_that_is_too_long_at_the_very_end_is_refused() {
    let want = [(1, Err("expected at most 8 bytes (`max_event_bytes`), it has 20".to_owned()))];
    assert_eq!(lines(input(&[&[b'x'; 10], &[b'x'; 10]], 8)), want);
}

#[test]
fn a_line_of_100_megabytes_is_not_held_in_memory() {
    let mut input = Input::new(io::repeat(b'x').take(100 << 20), 1 << 20, EmptyLines::Skip);
    assert!(matches!(input.next().unwrap(), Some(Item::Refused { line: 1, .. })));
    assert!(input.buffer.capacity() < 4 << 20, "{} bytes", input.buffer.capacity());
    assert_eq!(input.bytes(), 100 << 20);
}

#[test]
fn what_is_not_utf8_is_refused_with_its_place_and_the_rest_goes_on() {
    let want = [(1, Ok("one".to_owned())), (2, Err("not UTF-8 at byte 2".into())), (3, Ok("three".into()))];
    assert_eq!(lines(input(&[b"one\nab\xffcd\nthree"], 100)), want);
}

#[test]
fn an_empty_input_has_no_lines() {
    assert_eq!(lines(input(&[], 100)), []);
    assert_eq!(lines(input(&[b"\n\r\n \t\n"], 100)), []);
}

#[test]
fn empty_lines_of_a_text_are_kept() {
    let pieces = Pieces { left: [b"one\n\n  \nfour\n\n".to_vec()].into(), asked: 0 };
    let want = [(1, "one"), (2, ""), (3, "  "), (4, "four"), (5, "")];
    let want: Vec<(u64, Result<String, String>)> = want.map(|(number, line)| (number, Ok(line.to_owned()))).into();
    assert_eq!(lines(Input::new(pieces, 100, EmptyLines::Keep)), want);
}
