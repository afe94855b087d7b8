//! Input that is likely to be wrong about something: secrets whole and in pieces, commands, JSON in strings, escapes.

use proptest::prelude::*;
use proptest::sample::select;

/// One secret of each format.
pub(crate) const SECRETS: [&str; 8] = [
    "sk-a1B2c3D4e5F6g7H8i9J0",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl_-x",
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "xoxb-1234567890-abcDEF",
    "xoxp-0123456789",
    "xoxa-0123456789",
    "xoxs-0123456789",
];

/// Pieces that mean something to one rule or another, and some that mean nothing, separated by `¦`.
pub(crate) const PIECES: &str = "¦ ¦  ¦\n¦\t¦\r\n¦;¦|¦&&¦=¦:¦://¦@¦?¦&¦#¦/¦\\¦\"¦'¦`¦$¦(¦)¦{¦}¦[¦]¦<¦>¦,¦.¦-¦--¦_¦*¦x¦0¦é¦😀¦\0¦\u{2028}¦\u{fffd}\
    ¦export ¦env ¦sudo ¦echo ¦mkdir ¦mysql ¦curl ¦time ¦bash -c ¦-p¦-p ¦-u ¦-sSu ¦--password ¦--password=¦--token ¦-token \
    ¦TOKEN=¦password¦api_key¦secret¦https://u:¦user:pass@host¦Authorization: ¦Authorization: Bearer ¦Bearer ¦Cookie: \
    ¦[REDACTED]¦hunter2¦abc¦{\"token\":¦\"name\":\"TOKEN\",\"value\":¦[\"Cookie\",¦%20¦null";

/// Keys that mean something, and some that do not.
const KEYS: &str = "¦a¦b¦token¦api-key¦passWord¦max_tokens¦name¦key¦value¦Name¦Value¦command¦content¦output¦headers¦cmd¦secret\
    ¦Authorization¦tool_args¦result_summary¦_truncated¦a/b~c¦é";

fn one_of(names: &'static str) -> impl Strategy<Value = &'static str> {
    select(names.split('¦').collect::<Vec<_>>())
}

/// A text of such pieces.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => one_of(PIECES).prop_map(str::to_owned),
        2 => select(&SECRETS[..]).prop_map(str::to_owned),
        1 => (select(&SECRETS[..]), 1_usize..15).prop_map(|(secret, end)| secret.chars().take(end).collect()),
        2 => "[a-zA-Z0-9]{1,12}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// A JSON string of a text, written in one of many ways.
fn string() -> impl Strategy<Value = String> {
    let odd = (text(), any::<u32>()).prop_map(|(text, seed)| {
        let written = text.chars().enumerate().map(|(at, c)| match (seed >> (at % 29)) & 7 {
            0 if (c as u32) < 0x10000 => format!("\\u{:04x}", c as u32),
            1 if c == '/' => "\\/".to_owned(),
            _ => {
                let written = serde_json::Value::from(c.to_string()).to_string();
                written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
            }
        });
        format!("\"{}\"", written.collect::<String>())
    });
    prop_oneof![
        4 => text().prop_map(|text| serde_json::Value::from(text).to_string()),
        2 => odd,
        1 => Just("\"\\ud800 \\udc00\"".to_owned()),
    ]
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,30})([.][0-9]{1,20})?([eE][+-]?[0-9]{1,5})?",
    ]
}

fn blank() -> impl Strategy<Value = &'static str> {
    prop_oneof![9 => Just(""), 1 => select(&[" ", "\n", "\t \r\n"][..])]
}

/// JSON text: any value, written in any way.
pub(crate) fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        1 => select(&["null", "true", "false"][..]).prop_map(str::to_owned),
        1 => number(),
        4 => string(),
    ];
    leaf.prop_recursive(5, 40, 6, |value| {
        let key = prop_oneof![
            6 => one_of(KEYS).prop_map(|key| serde_json::Value::from(key).to_string()),
            1 => text().prop_map(|key| serde_json::Value::from(key).to_string()),
        ];
        let item = (blank(), value.clone(), blank()).prop_map(|(a, value, b)| format!("{a}{value}{b}"));
        let item = item.boxed();
        let member = (key, blank(), item.clone(), blank()).prop_map(|(key, a, item, b)| format!("{a}{key}{b}:{item}"));
        prop_oneof![
            2 => prop::collection::vec(item, 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            3 => prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
            2 => value.prop_map(|value| serde_json::Value::from(value).to_string()),
        ]
    })
}

/// Text that is nearly JSON.
pub(crate) fn near_json() -> impl Strategy<Value = String> {
    let change = (
        any::<prop::sample::Index>(),
        select(&["", "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", ".", "e", "\n", "u", "é", " "][..]),
    );
    (json(), prop::collection::vec((change, any::<bool>()), 0..3)).prop_map(|(text, changes)| {
        changes.into_iter().fold(text, |text, ((at, new), remove)| {
            let (head, tail) = text.split_at(text.floor_char_boundary(at.index(text.len() + 1)));
            let mut tail = tail.chars();
            if remove {
                tail.next();
            }
            format!("{head}{new}{}", tail.as_str())
        })
    })
}
