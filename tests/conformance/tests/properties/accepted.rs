//! What is accepted is what the schemas of the contract say: every field with values of every kind.

use crate::event::{Still, complaint};
use crate::schema::Schema;
use auditbox_core::{Error, Pipeline};
use serde_json::{Value, json};

/// Values of every kind, some of which some field accepts.
pub(crate) fn values() -> Vec<Value> {
    let texts = "¦x¦pure¦irreversible¦write ¦observe¦enforce¦0.3.0¦call_denied¦workflow_completed¦hook¦Call_denied¦open¦closed¦shrink\
        ¦replace¦word¦substring¦always¦never¦block¦drop_newest¦commit¦buffered¦gzip¦zstd¦none¦https://a.example:443/x/¦http://a.example\
        ¦http://127.0.0.1:80¦http://127.0.0.256¦https://u@a.example¦https://a.example:65536¦https://[::1]¦2026-01-05T09:00:00Z¦2026-01-05t09:00:00.25+02:00¦2026-01-05T24:00:00Z¦2026-01-05\
        ¦019cf5a6-e32c-7940-b859-af02fc499414¦019CF5A6-E32C-7940-B859-AF02FC499414¦019cf5a6-e32c-7940-b859-af02fc49941\
        ¦00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01¦ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\
        ¦00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01¦00-00000000000000000000000000000000-00f067aa0ba902b7-01\
        ¦00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01";
    let texts = texts.split('¦').map(Value::from);
    let long = [64, 65, 1024, 1025].map(|length| Value::from("x".repeat(length)));
    let others = r#"0¦1¦-1¦42¦59¦60¦999¦1000¦1001¦4095¦4096¦10000¦10001¦65535¦65536¦600000¦600001¦1048575¦1048576¦16777216¦16777217¦268435456¦268435457¦1073741824¦1073741825¦0.5¦-0.5¦null¦true¦false¦[]¦{}¦[{}]¦[1]
        ¦[null]¦["a","b"]¦[""]¦[["a","b"]]¦[["(a)","\\1"]]¦[["a"]]¦[["a",1]]¦{"a":1}¦{"path":"p"}¦{"path":null}¦{"path":""}
        ¦{"path":"p","other":1}¦{"read":"commit"}¦{"key":"mask"}¦{"key":"Mask"}¦{"jwt":"off","key":"drop"}¦{"id":"k","key":"k"}"#;
    let others = others.split('¦').map(|json| serde_json::from_str(json).unwrap_or_default());
    texts.chain(long).chain(others).collect()
}

/// An event with a field, or with a field of an object in it.
fn events() -> impl Iterator<Item = Value> {
    let fields = "schema_version|event_id|timestamp|run_id|call_id|call_index|parent_call_id|session_id|parent_session_id|tool_name\
        |tool_args|side_effect|environment|principal|action|decision_source|decision_name|reason|hooks_evaluated|contracts_evaluated\
        |workflow|tool_success|postconditions_passed|duration_ms|error|result_summary|session_attempt_count|session_execution_count\
        |mode|policy_version|policy_error|traceparent|tracestate|_truncated|event_type|agent_id|payload|other";
    let inside = "name|result|reason|type|passed|message|user_id|service_id|org_id|role|ticket_ref|claims|other";
    let flat = ["action", "event_type", "other"].into_iter().flat_map(move |kind| {
        let pairs = fields.split('|').flat_map(|field| values().into_iter().map(move |value| (field, value)));
        pairs.map(move |(field, value)| {
            let mut event = json!({ kind: "call_executed" });
            event.as_object_mut().into_iter().for_each(|event| drop(event.insert(field.to_owned(), value.clone())));
            event
        })
    });
    let nested = inside.split('|').flat_map(|field| values().into_iter().map(move |value| json!({ field: value })));
    flat.chain(nested.flat_map(|record| {
        [
            ("principal", record.clone()),
            ("hooks_evaluated", json!([{}, record])),
            ("contracts_evaluated", json!([record])),
        ]
        .map(|(holder, value)| json!({ "action": "call_allowed", holder: value }))
    }))
}

#[test]
fn an_event_is_accepted_exactly_when_its_schema_accepts_it() {
    let schema = Schema::named("event");
    for event in events() {
        let text = event.to_string();
        let said = schema.complaint(&text);
        match Pipeline::default().emit(&text, &mut Still) {
            Ok(emitted) => assert_eq!((said, complaint(&emitted, 32_768)), (None, None), "{text}"),
            Err(Error::InvalidEvent { path, message }) => {
                assert!(said.is_some() && event.pointer(&path).is_some(), "{text}: `{path}`: {message}");
            }
            Err(other) => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn a_configuration_is_accepted_exactly_when_its_schema_accepts_it_and_the_answer_is_its_own_answer() {
    let schema = Schema::named("config");
    let top = "stdout|file|outbox|sync|sinks|on_failure|agent_id|max_event_bytes|max_payload_bytes|cap_strategy|redaction|other";
    let inside = "sensitive_keys|safe_keys|key_matching|custom_patterns|detect_secret_values|rules|hash_key|path|fsync|max_bytes|keep\
         |other";
    let flat = top.split('|').flat_map(|key| values().into_iter().map(move |value| json!({ key: value })));
    let nested = inside.split('|').flat_map(|key| {
        values().into_iter().flat_map(move |value| {
            let file = if key == "path" { json!({ "path": value }) } else { json!({ "path": "p", key: value }) };
            [json!({ "redaction": { key: value } }), json!({ "file": file }), json!({ "outbox": { key: value } })]
        })
    });
    let sinks = values().into_iter().flat_map(|value| {
        let named = value.as_str().map(|name| json!({ "sinks": { name: {} } }));
        [json!({ "sinks": { "a.b": { "max_queued": value } } }), json!({ "sinks": { "a": {}, "b": value } })]
            .into_iter()
            .chain(named)
    });
    let outbox = "max_rows|max_bytes|max_age_s|when_full|deadline_ms|durability|ballast_bytes|other";
    let sync = "endpoint|api_key_file|ca_file|client_cert_file|client_key_file|compression|max_batch_rows|max_batch_bytes|timeout_ms|other";
    let outboxes =
        outbox.split('|').flat_map(|key| values().into_iter().map(move |value| json!({ "outbox": { key: value } })));
    let classes = "pure|read|write|irreversible|other|none"
        .split('|')
        .flat_map(|key| values().into_iter().map(move |value| json!({ "outbox": { "durability": { key: value } } })));
    let syncs = sync.split('|').flat_map(|key| {
        values().into_iter().flat_map(move |value| {
            let mut sync = json!({ "endpoint": "https://a.example", "client_key_file": "k" });
            let without = json!({ "sync": { "endpoint": "https://a.example", key: value }, "outbox": value });
            sync.as_object_mut().into_iter().for_each(|sync| drop(sync.insert(key.to_owned(), value.clone())));
            let alone = json!({ "outbox": true, "sync": { "endpoint": "https://a.example", key: value } });
            [json!({ "outbox": {}, "sync": sync }), alone, without, json!({ "outbox": true, "sync": { key: value } })]
        })
    });
    for config in flat.chain(nested).chain(sinks).chain(outboxes).chain(classes).chain(syncs) {
        let text = config.to_string();
        let said = schema.complaint(&text);
        match Pipeline::new(&text) {
            Ok(pipeline) => {
                let effective = pipeline.config();
                assert_eq!((said, schema.complaint(&effective)), (None, None), "{text}");
                assert_eq!(Pipeline::new(&effective).unwrap().config(), effective);
            }
            Err(Error::InvalidConfig { path, message }) => assert!(said.is_some(), "{text}: `{path}`: {message}"),
            Err(other) => panic!("{text}: {other}"),
        }
    }
}
