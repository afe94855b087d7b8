use super::*;

#[test]
fn a_path_goes_on_inside_texts_that_are_json() {
    let value = serde_json::json!({"a/b": [1, "{\"c\": {\"d\": \"x [REDACTED]\"}}"], "n": 7});
    let at = |path: &str| text_at(value.clone(), path);
    assert_eq!(at("/a~1b/1/c/d").as_deref(), Some("x [REDACTED]"));
    assert_eq!(at("/n").as_deref(), Some("7"));
    for missing in ["/x", "/a~1b/2", "/a~1b/1/e", "/n/x", "/a~1b/x"] {
        assert_eq!(at(missing), None, "{missing}");
    }
    assert_eq!(text_at(Value::from("whole"), "").as_deref(), Some("whole"));
}

#[test]
fn what_stands_for_secrets_is_found_in_order() {
    let hash = format!("hmac:k1:{}", "0a".repeat(32));
    let text = format!("a [REDACTED] b ****12é4 c {hash}, [REDACTED]");
    let found: Vec<_> = stand_ins(&text).map(|range| text.get(range).unwrap_or_default()).collect();
    assert_eq!(found, ["[REDACTED]", "****12é4", &hash, "[REDACTED]"]);
    assert_eq!(stand_ins("hmac: none, **** no").count(), 0);
    assert_eq!(stand_ins("").count(), 0);
}

#[test]
fn as_much_is_shown_as_fits_around_it() {
    let explain = |colored| Explain { rules: Rules::parse("[]".into()).unwrap(), colored };
    let text = format!("{}[REDACTED]{}\n", "ä".repeat(50), "\t".repeat(2));
    let place = stand_ins(&text).next();
    assert_eq!(explain(false).shown(&text, place.clone()), format!("…{}[REDACTED]\\t\\t\\n", "ä".repeat(40)));
    assert!(explain(true).shown(&text, place).contains("ä\x1b[1;33m[REDACTED]\x1b[0m\\t"));
    assert_eq!(explain(true).shown(&text, None), format!("{}…", "ä".repeat(40)));
}
