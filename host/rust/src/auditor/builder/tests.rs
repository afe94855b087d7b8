use super::*;

fn said(builder: Builder) -> Value {
    serde_json::from_str(&text(builder.config, builder.said)).unwrap()
}

#[test]
fn setters_win_over_the_configuration_and_leave_the_rest_of_it() {
    let config = r#"{"stdout":true,"agent_id":"a","file":{"path":"old","keep":2}}"#;
    let builder = Builder::default().file("new").config(config).stdout(false).outbox("box.db");
    let want = json!({"stdout":false,"agent_id":"a","file":{"path":"new","keep":2},"outbox":{"path":"box.db"}});
    assert_eq!(said(builder), want);
}

#[test]
fn what_only_redacts_opens_nothing_whatever_the_configuration_says() {
    let config = r#"{"stdout":true,"file":"log","outbox":true,"on_failure":"closed"}"#;
    let want = json!({"stdout":false,"file":null,"outbox":null,"on_failure":"open"});
    assert_eq!(said(Builder::default().config(config).no_effects()), want);
}

#[test]
fn what_is_no_configuration_is_left_to_the_component() {
    for config in ["", "[1]", "{\"stdout\":"] {
        let error = Builder::default().config(config).stdout(false).build().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidJson | ErrorKind::Config), "{error}");
    }
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    let error = Builder::default().config(r#"{"stdou":true}"#).build().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Config, Some("/stdou")));
    assert!(error.message().contains("`stdout`"), "{error}");
}

#[test]
fn what_debug_writes_has_no_key_of_hashes() {
    let key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    let config = format!(r#"{{"redaction":{{"hash_key":{{"id":"k1","key":"{key}"}}}}}}"#);
    let builder = Builder::default().config(config).stdout(false);
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(shown.contains("k1") && !shown.contains(key), "{shown}");
}

#[test]
fn garbage_is_no_component() {
    for wasm in [&b"garbage"[..], b"", b"\0asm\x01\0\0\0", b"\0asm\x0d\0\x01\0", crate::component::REDACTOR] {
        let error = Builder::default().component(wasm).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Component, "{error}");
    }
    let error = Builder::default().component(*b"garbage").build().unwrap_err();
    assert!(error.message().contains("it is no WebAssembly"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_path_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let path = Path::new(std::ffi::OsStr::from_bytes(b"\xff.jsonl"));
    let error = Builder::default().file(path).build().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Config, Some("/file")));
}
