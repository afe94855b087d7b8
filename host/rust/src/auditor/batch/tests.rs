use super::*;

#[test]
fn chunks_end_at_line_breaks_and_lose_nothing() {
    let short = format!("{}\n", "x".repeat(100_000));
    let long = format!("{}\n", "y".repeat(3 * CHUNK_BYTES));
    let texts = [
        String::new(),
        "no line break".into(),
        short.repeat(25),
        format!("{short}{long}{short}"),
        format!("{long}{}", "z".repeat(2 * CHUNK_BYTES)),
    ];
    for text in texts {
        let chunks: Vec<&str> = chunks(&text).collect();
        assert_eq!(chunks.concat(), text);
        for (index, chunk) in chunks.iter().enumerate() {
            assert!(chunk.ends_with('\n') || index + 1 == chunks.len());
            assert!(chunk.len() <= CHUNK_BYTES || chunk.lines().count() == 1, "{} bytes", chunk.len());
        }
    }
}

fn auditor() -> Auditor {
    Auditor::builder().stdout(false).build().unwrap()
}

const LINES: &str =
    "{\"action\":\"call_allowed\"}\n\n{\"action\":\"call_exploded\"}\n{not json\n{\"event_type\":\"X\"}";

#[test]
fn a_batch_is_answered_line_by_line() {
    let answers = auditor().emit_batch(LINES);
    let kinds: Vec<Option<ErrorKind>> = answers.iter().map(|answer| answer.as_ref().err().map(Error::kind)).collect();
    assert_eq!(kinds, [None, Some(ErrorKind::InvalidEvent), Some(ErrorKind::InvalidJson), None]);
    let refused = answers[1].as_ref().unwrap_err();
    assert_eq!(refused.path(), Some("/action"));
    assert!(answers[3].as_ref().unwrap().event_id.len() == 36);
}

#[test]
fn one_by_one_the_guest_says_and_hands_over_the_same() {
    let events: Vec<&str> = LINES.lines().filter(|line| !line.is_empty()).collect();
    let auditor = Auditor::builder().build().unwrap();
    let (batch, one_by_one) = (auditor.ask(LINES), auditor.ask_singly(&events));
    let said = |answers: &Answers| {
        let texts =
            answers.0.iter().map(|answer| answer.as_ref().map_or_else(Error::to_string, |_| "a receipt".into()));
        let handed = answers.1.writes.iter().map(|write| (write.line, write.sink.clone()));
        (texts.collect::<Vec<_>>(), handed.collect::<Vec<_>>())
    };
    assert_eq!(said(&batch), said(&one_by_one));
    assert_eq!(said(&batch).1, [(0, "stdout".to_owned()), (3, "stdout".to_owned())]);
}

#[test]
fn until_refused_stops_at_the_first_refused_line_and_records_nothing_after_it() {
    let folder = tempfile::TempDir::new().unwrap();
    let log = folder.path().join("log.jsonl");
    let auditor = Auditor::builder().stdout(false).file(&log).build().unwrap();
    let answers = auditor.emit_until_refused(LINES);
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[1].as_ref().unwrap_err().kind(), ErrorKind::InvalidEvent);
    assert_eq!(std::fs::read_to_string(log).unwrap().lines().count(), 1);
}
