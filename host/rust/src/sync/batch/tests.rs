//! What becomes a body, what is set aside, and what stays the same.

use std::io::Read;

use super::*;

fn id(number: i64) -> String {
    format!("019cf5a6-e32c-7940-b859-{number:012x}")
}

fn row(number: i64) -> Claimed {
    let payload = format!(r#"{{"event_id":"{}","n":{number}}}"#, id(number));
    Claimed { id: number, event_id: id(number), payload, retry_count: 0 }
}

fn batch(numbers: std::ops::Range<i64>) -> Batch {
    let (batch, dead) = Batch::of(numbers.map(row).collect());
    assert!(dead.is_empty(), "{dead:?}");
    batch.unwrap()
}

#[test]
fn a_body_is_one_json_object_however_it_is_compressed() {
    let batch = batch(1..4);
    let (plain, None) = batch.body(Compression::None) else { panic!() };
    assert_eq!(plain.len(), batch.bytes() - 1);
    let json: serde_json::Value = serde_json::from_slice(&plain).unwrap();
    assert_eq!(json["events"].as_array().unwrap().len(), 3);
    assert_eq!(json["events"][2], serde_json::json!({"event_id": id(3), "n": 3}));

    let mut text = Vec::new();
    let (gzip, Some("gzip")) = batch.body(Compression::Gzip) else { panic!() };
    flate2::read::GzDecoder::new(gzip.as_slice()).read_to_end(&mut text).unwrap();
    assert_eq!(text, plain);
    assert_eq!(batch.body(Compression::Gzip).0, gzip, "no time is in it");
    let (zstd, Some("zstd")) = batch.body(Compression::Zstd) else { panic!() };
    assert_eq!(zstd::decode_all(zstd.as_slice()).unwrap(), plain);
}

#[test]
fn a_batch_keeps_its_key_and_its_halves_have_their_own() {
    let key = batch(1..6).idempotency_key();
    assert_eq!(key, format!("{}.{}.5", id(1), id(5)));
    assert_eq!(batch(1..6).idempotency_key(), key);
    let (first, second) = batch(1..6).split();
    assert_eq!(first.idempotency_key(), format!("{}.{}.3", id(1), id(3)));
    assert_eq!(second.unwrap().idempotency_key(), format!("{}.{}.2", id(4), id(5)));
    let (one, none) = batch(1..2).split();
    assert!(one.len() == 1 && none.is_none());
}

#[test]
fn the_judge_is_told_the_ids_in_their_order() {
    let told: serde_json::Value = serde_json::from_str(&batch(1..3).told(2, 7).unwrap()).unwrap();
    assert_eq!(told, serde_json::json!({"event_ids": [id(1), id(2)], "attempt": 2, "refused_in_row": 7}));
}

#[test]
fn a_row_that_is_no_record_is_set_aside_and_spoils_no_batch() {
    let own = id(2);
    for (payload, fault) in [
        ("".into(), "no JSON object"),
        ("null".into(), "no JSON object"),
        (format!(r#"["{own}"]"#), "no JSON object"),
        (format!(r#"{{"event_id":"{own}""#), "no JSON object"),
        (format!(r#"{{"event_id":"{own}"}},{{"event_id":"{own}"}}"#), "no JSON object"),
        (format!(r#"{{"event_id":"{own}"}}]}}"#), "no JSON object"),
        (format!("{{\"event_id\":\n\"{own}\"}}"), "more than one line"),
        (format!("{{\"event_id\":\"{own}\"}}\r"), "more than one line"),
        (r#"{"action":"x"}"#.into(), "no event_id"),
        (r#"{"event_id":5}"#.into(), "no event_id"),
        (format!(r#"{{"event_id":"{own}","event_id":"{own}"}}"#), "several"),
        (format!(r#"{{"event_id":"{}"}}"#, id(3)), "not the one of its row"),
    ] {
        let poison = Claimed { payload: payload.clone(), ..row(2) };
        let (batch, dead) = Batch::of(vec![row(1), poison, row(3)]);
        assert_eq!(batch.unwrap().ids().collect::<Vec<_>>(), [1, 3], "{payload}");
        let [(2, reason)] = dead.as_slice() else { panic!("{payload}: {dead:?}") };
        assert!(reason.starts_with("not a record: ") && reason.contains(fault), "{payload}: {reason}");
    }
}

#[test]
fn a_row_whose_id_is_no_uuid_is_set_aside() {
    for event_id in ["", "1", "019cf5a6-e32c-7940-b859-00000000000g", "019cf5a6+e32c-7940-b859-000000000001"] {
        let payload = format!(r#"{{"event_id":"{event_id}"}}"#);
        let row = Claimed { id: 9, event_id: event_id.into(), payload, retry_count: 0 };
        let (batch, dead) = Batch::of(vec![row]);
        assert!(batch.is_none() && dead[0].1.ends_with("its event_id is no UUID"), "{event_id}");
    }
}

#[test]
fn deep_records_and_escaped_ids_are_records() {
    let deep = format!(r#"{{"event_id":"{}","x":{}{}}}"#, id(1), "[".repeat(100_000), "]".repeat(100_000));
    let escaped = format!(r#"{{"event_id":"\u0030{}"}}"#, id(2).strip_prefix('0').unwrap());
    let rows = [deep, escaped].into_iter().zip(1..).map(|(payload, number)| Claimed { payload, ..row(number) });
    let (batch, dead) = Batch::of(rows.collect());
    assert!(batch.unwrap().len() == 2 && dead.is_empty());
}

#[test]
fn a_body_of_as_many_records_as_were_asked_for_is_not_too_large() {
    let (rows, bytes) = (100, 65_536);
    let record = room(rows, bytes) / rows;
    let claimed = (0..100).map(|number| {
        let filler = "x".repeat(record - row(number).payload.len() - 7);
        let payload = format!(r#"{{"event_id":"{}","n":{number},"f":"{filler}"}}"#, id(number));
        Claimed { payload, ..row(number) }
    });
    let (batch, dead) = Batch::of(claimed.collect());
    assert!(dead.is_empty());
    let body = batch.unwrap().plain();
    assert!(body.len() <= bytes && body.len() > bytes - 2 * rows, "{}", body.len());
}
