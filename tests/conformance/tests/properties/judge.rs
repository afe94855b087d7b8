//! A verdict comes of every answer, and only what an endpoint has answered for is settled.

use crate::accepted::values;
use crate::generate::{json, near_json, text};
use crate::schema::Schema;
use crate::{cases, some};
use auditbox::Auditor;
use auditbox_core::{Error, Pipeline};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// What a body says that is not to be said again.
const CANARY: &str = "zq9canary";

/// The least answer of success.
const TAKEN: &str = r#"{"status":200}"#;

fn id(number: usize) -> String {
    format!("019cf5a6-e32c-7940-b859-{number:012x}")
}

fn batch() -> impl Strategy<Value = Value> {
    let number = || prop_oneof![0_u64..12, any::<u64>()];
    (1_usize..6, number(), number()).prop_map(|(count, attempt, refused)| {
        let ids: Vec<String> = (0..count).map(id).collect();
        json!({ "event_ids": ids, "attempt": attempt, "refused_in_row": refused })
    })
}

/// What an endpoint could say of a batch; right or wrong.
fn report() -> impl Strategy<Value = String> {
    let rejected =
        (0_usize..7, text()).prop_map(|(number, reason)| json!({ "event_id": id(number), "reason": reason }));
    let rejected = prop::option::of(prop::collection::vec(rejected, 0..5));
    (prop::option::of(0_u64..7), rejected).prop_map(|(accepted, rejected)| {
        let mut report = json!({});
        if let Some(accepted) = accepted {
            report["accepted"] = accepted.into();
        }
        if let Some(rejected) = rejected {
            report["rejected"] = rejected.into();
        }
        report.to_string()
    })
}

fn answer() -> impl Strategy<Value = Value> {
    let status =
        prop_oneof![3 => 200_u16..210, 3 => select(&[400_u16, 413, 422, 429, 401, 503][..]), 2 => 100_u16..1000];
    let body = prop_oneof![
        4 => report(),
        2 => json(),
        1 => near_json(),
        1 => text().prop_map(|text| format!("{CANARY} {text}")),
        1 => any::<String>(),
    ];
    let header = prop_oneof![
        "[0-9]{1,22}",
        "(Sun|Mon), [0-9]{2} (Nov|Feb) [0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT",
        any::<String>(),
    ];
    let header = prop::option::of(header).boxed();
    let now = prop::option::of(any::<u64>());
    let said = (status, body, header.clone(), header, now, prop::option::weighted(0.3, any::<bool>()));
    let said = said.prop_map(|(status, body, retry_after, date, now, complete)| {
        json!({ "status": status, "body": body, "retry_after": retry_after, "date": date, "now": now, "body_complete": complete })
    });
    let failure = select(&["dns", "connect", "tls", "timeout", "reset", "protocol"][..]);
    prop_oneof![12 => said, 1 => (failure, text()).prop_map(|(failure, message)| json!({ "failure": failure, "message": message }))]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn a_verdict_is_known_and_only_an_answer_of_success_settles(batch in batch(), answer in answer()) {
        let (given, came) = (batch.to_string(), answer.to_string());
        let verdict = Pipeline::default().judge(&given, &came).unwrap();
        prop_assert_eq!(Schema::named("verdict").complaint(&verdict), None, "{}", verdict);
        let told: Value = serde_json::from_str(&verdict).unwrap();
        let all = batch["event_ids"].as_array().unwrap();
        let dead = told["rejected"].as_array().map_or(&[][..], Vec::as_slice);
        prop_assert!(dead.iter().all(|dead| all.contains(&dead["event_id"])));
        if told["verdict"] == "settle" {
            prop_assert!(matches!(answer["status"].as_u64(), Some(200..300)) && answer["body_complete"] != false);
            prop_assert_eq!(told["accepted"].as_u64().unwrap() as usize + dead.len(), all.len());
        } else {
            prop_assert!(!verdict.contains(CANARY), "{}", verdict);
            prop_assert!(told["min_ms"].as_u64() <= told["max_ms"].as_u64());
        }
        if told["verdict"] == "reject" {
            prop_assert!(all.len() == 1 && dead.len() == 1 && batch["refused_in_row"].as_u64() < Some(10));
        }
    }

    #[test]
    fn what_is_of_no_form_is_refused_and_nothing_else_happens(batch in near_json(), answer in near_json()) {
        let sent = json!({ "event_ids": [id(0)], "attempt": 0, "refused_in_row": 0 }).to_string();
        let refused = |verdict| matches!(verdict, Err(Error::InvalidJson { .. } | Error::InvalidEvent { .. }));
        let (of_batch, of_answer) = (Pipeline::default().judge(&batch, TAKEN), Pipeline::default().judge(&sent, &answer));
        prop_assert!(refused(of_batch) && refused(of_answer));
    }
}

#[test]
fn a_batch_and_an_answer_are_accepted_exactly_when_their_schemas_accept_them() {
    let schema = Schema::named("verdict");
    let held = |part: &str, value: &Value, accepted: &dyn Fn(&str) -> Result<String, Error>| {
        let text = value.to_string();
        let said = schema.part(part).complaint(&text);
        match accepted(&text) {
            Ok(_) => assert_eq!(said, None, "{text}"),
            Err(Error::InvalidEvent { .. }) => assert!(said.is_some(), "{text}"),
            Err(other) => panic!("{text}: {other}"),
        }
    };
    let pipeline = Pipeline::default();
    let sent = json!({ "event_ids": [id(0)], "attempt": 0, "refused_in_row": 0 }).to_string();
    for value in values() {
        for key in ["event_ids", "attempt", "refused_in_row", "other"] {
            let mut batch = json!({ "event_ids": [id(0)], "attempt": 0, "refused_in_row": 0 });
            batch[key] = value.clone();
            held("batch", &batch, &|text| pipeline.judge(text, TAKEN));
        }
        held("batch", &json!({ "event_ids": [id(0), value], "attempt": 0, "refused_in_row": 0 }), &|text| {
            pipeline.judge(text, TAKEN)
        });
        for key in ["status", "failure", "retry_after", "date", "now", "body", "body_complete", "message", "other"] {
            for base in [json!({ "status": 503 }), json!({ "failure": "dns" }), json!({})] {
                let mut answer = base;
                answer[key] = value.clone();
                held("answer", &answer, &|text| pipeline.judge(&sent, text));
            }
        }
    }
}

#[test]
fn the_component_judges_as_the_core_does() {
    let config = r#"{"redaction":{"custom_patterns":[["(a)\\d*","<\\1>"]]}}"#;
    let (native, guest) =
        (Pipeline::new(config).unwrap(), Auditor::builder().config(config).no_effects().build().unwrap());
    for (batch, answer) in some(batch(), 300).into_iter().zip(some(answer(), 300)) {
        let (batch, answer) = (batch.to_string(), answer.to_string());
        assert_eq!(native.judge(&batch, &answer).unwrap(), guest.judge(&batch, &answer).unwrap());
    }
}
