//! The component that is run: the embedded one, handed out; others, which may be no good.

use auditbox_artifacts::{
    BABBLE, CORE_MODULE, GARBAGE, GROW, MISBEHAVING, TRAP, of_another_version, with_unknown_import,
};

use crate::harness::{Scene, call, calls, event_id, ids, json};

#[test]
fn the_embedded_components_and_their_wit_are_handed_out() {
    let scene = Scene::new();
    let written = |arguments: &str| {
        let output = scene.command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        output.stdout
    };
    assert!(written("component") == auditbox::component::AUDITBOX);
    assert!(written("component --world redactor") == auditbox::component::REDACTOR);
    // tests/tidy parses it.
    assert!(written("component --wit") == auditbox::component::WIT.as_bytes());
}

#[test]
fn what_is_handed_out_can_be_run() {
    let scene = Scene::new();
    scene.write("auditbox.wasm", scene.command("component").output().unwrap().stdout);
    let run = scene.run("emit --component auditbox.wasm", calls(0..3)).exits(0);
    assert_eq!(ids(&run.stdout), [event_id(0), event_id(1), event_id(2)]);
}

#[test]
fn a_file_that_is_no_component_of_this_version_is_refused_with_the_way_out() {
    let scene = Scene::new();
    let files: [(&str, Vec<u8>, &str); 7] = [
        ("text", b"(component)".to_vec(), "it is no WebAssembly"),
        ("empty", Vec::new(), "it is no WebAssembly"),
        ("garbage", GARBAGE.to_vec(), "at offset 0x"),
        ("core module", CORE_MODULE.to_vec(), "it is a core module"),
        ("another version", of_another_version(MISBEHAVING), "auditbox:audit/outbox@9.0.0"),
        ("unknown import", with_unknown_import(MISBEHAVING), "auditbox:audit/ledger@0.1.0"),
        ("another world", auditbox::component::REDACTOR.to_vec(), "auditbox:audit/auditor@0.1.0"),
    ];
    for (name, bytes, reason) in files {
        scene.write("other.wasm", bytes);
        for verb in ["emit", "redact"] {
            let run = scene.run(&format!("{verb} --component other.wasm"), calls(0..1)).exits(2);
            assert_eq!(run.stderr.lines().count(), 1, "{name}: {}", run.stderr);
            let run = run.tells("error: `other.wasm`: not a component of `auditbox:audit@0.1.0`").tells(reason);
            assert!(run.stderr.ends_with("; `auditbox component` writes one\n"), "{name}: {}", run.stderr);
            assert_eq!(run.stdout, "");
        }
    }
    assert!(!scene.path("state").exists(), "nothing is opened for a component that cannot be run");
}

/// A folder with the component that misbehaves when it is told to.
fn misbehaving() -> Scene {
    let scene = Scene::new();
    scene.write("misbehaving.wasm", MISBEHAVING);
    scene
}

#[test]
fn an_event_that_traps_fails_alone_and_nothing_of_it_is_carried_out() {
    let scene = misbehaving();
    let input = [call(1, "good"), call(2, TRAP), call(3, "good"), call(4, GROW), call(5, "good")].concat();
    for _ in 0..2 {
        let run = scene.run("emit --component misbehaving.wasm --file audit.jsonl", &input).exits(4);
        let run = run.tells("line 2: the component failed inside: ").tells("line 4: the component ran out of memory: ");
        let wanted = [event_id(1), event_id(3), event_id(5)];
        assert_eq!(scene.stored_ids(), wanted);
        assert_eq!(ids(&scene.read("audit.jsonl")), wanted, "each record is shown once");
        run.tells("3 accepted").tells("2 refused").ignore();
    }
}

#[test]
fn strict_stops_at_a_trap_and_keeps_what_came_before() {
    let scene = misbehaving();
    let input = [call(1, "good"), call(2, TRAP), call(3, "good")].concat();
    scene.run("emit --strict --component misbehaving.wasm", input).exits(4).tells("line 2: ").ignore();
    assert_eq!(scene.stored_ids(), [event_id(1)]);
}

#[test]
fn after_a_trap_a_live_program_goes_on() {
    let scene = misbehaving();
    let live = scene.start("emit --receipts --component misbehaving.wasm").feed(call(1, "good"));
    assert_eq!(ids(&live.line()), [event_id(1)]);
    let live = live.feed(call(2, TRAP)).feed(call(3, "good"));
    assert_eq!(json(&live.line())["event_id"], event_id(3));
    live.finish().exits(4).ignore();
}

#[test]
fn a_trap_in_another_verb_is_an_internal_error_as_well() {
    let scene = misbehaving();
    let run = scene.run("redact --component misbehaving.wasm", format!("\"{TRAP}\"\n\"{GROW}\"\n")).exits(4);
    run.tells("line 1: the component failed inside").tells("line 2: the component ran out of memory").ignore();
    scene.run(&format!("log {TRAP} 1 --component misbehaving.wasm"), "").exits(4).ignore();
    scene.write("config.json", format!(r#"{{"agent_id":"{TRAP}"}}"#));
    scene.run("emit --config config.json --component misbehaving.wasm", calls(0..1)).exits(4).ignore();
}

#[test]
fn an_answer_that_breaks_the_contract_is_not_repeated() {
    let scene = misbehaving();
    scene.write("config.json", format!(r#"{{"agent_id":"{BABBLE}"}}"#));
    let config = scene.run("emit --config config.json --component misbehaving.wasm", calls(0..1));
    let event = scene.run("emit --component misbehaving.wasm", [call(1, BABBLE), call(2, "good")].concat());
    let value = scene.run("redact --receipts --component misbehaving.wasm", format!("\"{BABBLE}\"\n"));
    for run in [&config, &event, &value] {
        assert!(run.stderr.contains("the component answered with something else than "), "{run:?}");
        assert!(!run.stderr.contains("angry") && !run.stdout.contains("angry"), "{run:?}");
        assert_eq!(run.code, Some(2), "{run:?}");
    }
    assert!(scene.stored_ids().contains(&event_id(2)));
}
