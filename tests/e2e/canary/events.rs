//! An event of each kind with a canary in every field that can hold one, and the configuration that knows them all.

use super::watch::{base64, stem};
use crate::harness::event_id;
use serde_json::{Value, json};
use std::cell::RefCell;

/// What is planted.
pub(crate) struct Planted {
    /// Events, one a line.
    pub(crate) lines: Vec<String>,
    /// The names of the canaries in them.
    pub(crate) names: Vec<String>,
}

/// Writes canaries, and remembers them.
#[derive(Default)]
struct Nest(RefCell<Vec<String>>);

impl Nest {
    /// The canary alone: something else must tell that it is a secret.
    fn plain(&self, name: &str) -> String {
        self.0.borrow_mut().push(name.to_owned());
        stem(name)
    }

    /// With signs that other writings write differently: only what takes a value whole takes it.
    fn odd(&self, name: &str) -> String {
        format!("\"é/{}\\ \n%&", self.plain(name))
    }

    /// As a token of GitHub's, which is known wherever it stands.
    fn token(&self, name: &str) -> String {
        format!("ghp_{}0123456789abcdef", self.plain(name))
    }
}

/// The key of hashes: nobody may see it, either.
pub(crate) const HASH_KEY: &str = "the key of hashes";

pub(crate) fn hash_key() -> String {
    base64(stem(HASH_KEY).repeat(2).as_bytes())
}

/// A configuration with rules of its own, and these members beside them.
pub(crate) fn config(others: Value) -> String {
    let mut config = json!({
        "redaction": {
            "sensitive_keys": ["badge"],
            "custom_patterns": [["(acct)-[A-Za-z0-9]+", "$1-#"]],
            "hash_key": { "id": "k1", "key": hash_key() },
            "rules": { "url-password": "hash", "github-token": "mask", "option": "drop" },
        },
    });
    config.as_object_mut().unwrap().extend(others.as_object().unwrap().clone());
    config.to_string()
}

/// A tool call and a telemetry event. `number` makes them events of their own.
pub(crate) fn planted(number: usize) -> Planted {
    let nest = Nest::default();
    let arguments = json!({
        "password": nest.odd("a key"),
        "api_keys": [nest.odd("a list under a key"), { "x": nest.odd("an object under a key") }],
        "env": [{ "name": "DB_PASSWORD", "value": nest.odd("a pair") }],
        "headers": [["Authorization", nest.odd("a header")], ["Accept", "*/*"]],
        "argv": ["mysql", "--password", nest.plain("an argument"), "shop"],
        "command": format!(
            "mysql -u root -p{} shop; deploy --token {} --region eu; curl -u ada:{} https://h.example; echo {} | docker \
             login -u ci --password-stdin",
            nest.plain("an option's attached value"),
            nest.plain("an option's value"),
            nest.plain("a user's password"),
            nest.plain("the input of a command"),
        ),
        "body": json!({ "token": nest.odd("JSON in a text") }).to_string(),
        "content": format!("DB_PASSWORD={}\nsee acct-{}\n", nest.plain("an assignment"), nest.plain("an own pattern")),
        "badge_no": nest.odd("a key of one's own"),
        "encoded": base64(format!("password={}", nest.plain("base64")).as_bytes()),
        "escaped": format!("next=%2Fcb%3Ftoken%3D{}%26a", nest.plain("a percent-encoded assignment")),
        nest.token("a name"): 1,
        "pem": format!("-----BEGIN PRIVATE KEY-----\nMIGH{}\n-----END PRIVATE KEY-----", nest.plain("a private key")),
    });
    let call = json!({
        "event_id": event_id(number),
        "run_id": nest.token("run_id"),
        "call_id": nest.token("call_id"),
        "parent_call_id": nest.token("parent_call_id"),
        "session_id": nest.token("session_id"),
        "parent_session_id": nest.token("parent_session_id"),
        "tool_name": nest.token("tool_name"),
        "tool_args": arguments,
        "environment": nest.token("environment"),
        "principal": {
            "user_id": nest.token("user_id"),
            "service_id": nest.token("service_id"),
            "org_id": nest.token("org_id"),
            "role": nest.token("role"),
            "ticket_ref": nest.token("ticket_ref"),
            "claims": { "password": nest.odd("claims") },
        },
        "action": "call_failed",
        "decision_source": nest.token("decision_source"),
        "decision_name": nest.token("decision_name"),
        "reason": format!("refused: the password is {}", nest.plain("reason")),
        "hooks_evaluated": [{ "name": nest.token("hook"), "result": nest.token("result"), "reason": nest.token("of a hook") }],
        "contracts_evaluated": [{ "name": nest.token("contract"), "message": format!("token={}", nest.plain("message")) }],
        "workflow": { "secret": nest.odd("workflow") },
        "error": format!("cannot reach https://ada:{}@db.example/shop", nest.plain("error")),
        "result_summary": format!("export API_TOKEN={}", nest.plain("result_summary")),
        "policy_version": nest.token("policy_version"),
        "tracestate": nest.token("tracestate"),
        "x_unknown": { "secret": nest.odd("an unknown field") },
    });
    let telemetry = json!({
        "event_id": event_id(number + 1),
        "event_type": nest.token("event_type"),
        "agent_id": nest.token("agent_id"),
        "payload": { "password": nest.odd("payload") },
        "x_unknown": nest.token("an unknown field of telemetry"),
    });
    Planted { lines: vec![call.to_string(), telemetry.to_string()], names: nest.0.into_inner() }
}
