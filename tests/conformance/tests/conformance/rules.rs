//! One list of rules, in every language's own values.

use crate::{drivers, folder_of};
use auditbox_conformance::difference;
use auditbox_conformance::process::Process;
use auditbox_conformance::protocol::{Answer, Reply, Request};
use std::io;

#[test]
fn every_host_lists_the_rules_of_the_core() {
    let lists: Vec<(String, String)> = drivers()
        .into_iter()
        .map(|(name, command)| {
            let list = list(&name, &command).unwrap();
            (name, list)
        })
        .collect();
    let [(_, core), others @ ..] = &lists[..] else { panic!("no drivers") };
    assert!(core.starts_with(r#"[{"id":"key","#), "{core}");
    for (name, list) in others {
        let difference = difference::texts(core, list).unwrap_or_default();
        assert!(difference.is_empty(), "{name}: {difference}");
    }
}

fn list(name: &str, command: &[String]) -> io::Result<String> {
    let mut driver = Process::start(name, command, &folder_of(&format!("rules-{name}"))?)?;
    driver.ask(&Request::Configure { config: r#"{"stdout":false}"#.to_owned() })?;
    match driver.ask(&Request::Rules {})? {
        Answer::Ok(Reply::Text(list)) => Ok(list),
        other => Err(io::Error::other(format!("{name} answers {other:?}"))),
    }
}
