//! Several languages, one file.

use crate::{drivers, folder_of};
use auditbox_conformance::process::Process;
use auditbox_conformance::protocol::{Answer, Request};
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, thread};

/// Records from each driver. Enough for some thirty rotations.
const RECORDS: usize = 400;

#[test]
fn records_of_all_hosts_in_one_rotated_file_stay_whole() {
    let folder = folder_of("one_file").unwrap();
    let path = folder.join("audit.jsonl");
    // The first one keeps its file in memory.
    let drivers: Vec<_> = drivers().into_iter().skip(1).collect();
    thread::scope(|scope| {
        let runs: Vec<_> = drivers.iter().map(|(name, command)| scope.spawn(|| write(name, command, &path))).collect();
        runs.into_iter().for_each(|run| run.join().unwrap());
    });

    let mut files = 0;
    let mut records = BTreeMap::<String, usize>::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let log = entry.unwrap().path();
        let text = fs::read_to_string(&log).unwrap();
        assert!(text.ends_with('\n'), "{} ends in the middle of a line", log.display());
        for line in text.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            *records.entry(record["call_id"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        files += 1;
    }
    assert!(files > 10, "only {files} files: were they rotated?");
    let wanted: BTreeMap<String, usize> =
        drivers.iter().flat_map(|(name, _)| (0..RECORDS).map(move |n| (format!("{name}-{n}"), 1))).collect();
    assert!(records == wanted, "{} of {} records, or some twice", records.len(), wanted.len());
}

fn write(name: &str, command: &[String], path: &Path) {
    let mut driver = Process::start(name, command, path.parent().unwrap()).unwrap();
    let file = serde_json::json!({ "path": path, "max_bytes": 65_536, "keep": 1_000 });
    let config = serde_json::json!({ "stdout": false, "file": file }).to_string();
    assert!(matches!(driver.ask(&Request::Configure { config }).unwrap(), Answer::Ok(_)), "{name}");
    for number in 0..RECORDS {
        // From 700 bytes to 4 KB.
        let noise = "x".repeat(number * 97 % 3_300);
        let call_id = format!("{name}-{number}");
        let event = serde_json::json!({ "action": "call_allowed", "call_id": call_id, "tool_args": { "x": noise } });
        let answer = driver.ask(&Request::Emit { event: event.to_string() }).unwrap();
        let Answer::Ok(receipt) = answer else { panic!("{name}: {answer:?}") };
        let receipt = format!("{receipt:?}");
        assert!(receipt.contains(r#"\"failures\":[]"#), "{name}: {receipt}");
    }
}
