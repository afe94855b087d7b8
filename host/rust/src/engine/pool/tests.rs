use super::*;

fn pool() -> Pool {
    Pool::new(Program::embedded().unwrap(), "{}".into()).unwrap().0
}

fn idle(pool: &Pool) -> usize {
    pool.idle.lock().unwrap().len()
}

fn redact(pool: &Pool, value: &str) -> String {
    let value = value.to_owned();
    let (answer, _) = pool.call(|guest, store| guest.auditbox_audit_auditor().call_redact(store, &value)).unwrap();
    answer.unwrap().value
}

#[test]
fn an_instance_is_used_again() {
    let pool = pool();
    assert_eq!(idle(&pool), 1);
    assert_eq!(redact(&pool, r#"{"token":"x"}"#), r#"{"token":"[REDACTED]"}"#);
    assert_eq!(idle(&pool), 1);
}

#[test]
fn an_instance_that_trapped_is_dropped_and_the_next_call_works() {
    let pool = pool();
    let trapped = pool.call(|_, _| Err::<(), _>(wasmtime::Trap::UnreachableCodeReached.into()));
    let error = trapped.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Trap);
    assert!(error.to_string().contains("unreachable"), "{error}");
    assert_eq!(idle(&pool), 0);
    assert_eq!(redact(&pool, "1"), "1");
    assert_eq!(idle(&pool), 1);
}

#[test]
fn an_instance_that_has_grown_large_is_dropped() {
    let pool = pool();
    let large = format!("\"{}\"", "x".repeat(KEPT_BYTES / 2));
    assert_eq!(redact(&pool, &large), large);
    assert_eq!(idle(&pool), 0);
}

#[test]
fn calls_at_the_same_time_have_an_instance_each() {
    let pool = pool();
    thread::scope(|threads| {
        for number in 0..8 {
            let pool = &pool;
            threads.spawn(move || {
                for _ in 0..20 {
                    assert_eq!(redact(pool, &number.to_string()), number.to_string());
                }
            });
        }
    });
    assert!((1..=pool.kept).contains(&idle(&pool)));
}

#[test]
fn what_the_guest_says_of_durability_comes_with_the_row() {
    let pool = Pool::new(Program::embedded().unwrap(), r#"{"outbox":true}"#.into()).unwrap().0;
    for (side_effect, durable) in
        [("pure", false), ("read", false), ("write", true), ("irreversible", true), ("", true)]
    {
        let event = format!(r#"{{"action":"call_allowed","side_effect":"{side_effect}"}}"#);
        let (answer, handed) =
            pool.call(|guest, store| guest.auditbox_audit_auditor().call_emit(store, &event)).unwrap();
        assert!(answer.is_ok());
        let rows: Vec<bool> = handed.rows.iter().map(|(_, row)| row.durable).collect();
        assert_eq!(rows, [durable], "{side_effect}");
    }
}
