//! Which room may use which. ARCHITECTURE.md has the picture.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use crate::source::{read, sources};

/// A room, and the rooms it may use. They stand below it, so there are no circles.
type Table = &'static [(&'static str, &'static [&'static str])];

const CORE: Table = &[
    ("pipeline", &["cap", "delivery", "error", "event", "json", "policy", "receipt", "redact", "stamp"]),
    ("delivery", &["error", "event", "json", "policy", "receipt", "redact"]),
    ("cap", &["event", "json", "policy", "receipt", "redact"]),
    ("event", &["error", "json", "policy", "receipt", "redact", "stamp"]),
    ("redact", &["json", "lanes", "policy", "receipt"]),
    ("policy", &["error", "json"]),
    ("receipt", &["error", "json"]),
    ("json", &["error", "lanes"]),
    ("lanes", &[]),
    ("stamp", &[]),
    ("error", &[]),
];

const COMPONENT: Table = &[
    ("auditor", &["answer", "bindings", "stamp", "state"]),
    ("redactor", &["answer", "bindings", "state"]),
    ("answer", &["bindings"]),
    ("state", &[]),
    ("stamp", &[]),
    ("bindings", &[]),
];

const HOST: Table = &[
    // Of the capabilities only the outbox's reader.
    ("cli", &["auditor", "receiver", "sync", "capability::outbox", "component", "error", "receipt", "rules"]),
    ("receiver", &["sync", "error"]),
    ("observability", &["auditor", "sync", "receipt", "error"]),
    (
        "auditor",
        &[
            "engine",
            "sync",
            "config",
            "capability::outbox",
            "capability::file",
            "capability::stdout",
            "capability",
            "rules",
            "receipt",
            "error",
            "bindings",
        ],
    ),
    ("engine", &["capability::outbox", "component", "error", "bindings"]),
    // It is given its judge: it knows no engine.
    ("sync", &["config", "capability::outbox", "error"]),
    ("config", &["capability::outbox", "capability::file", "receipt", "error"]),
    // None of them knows another, or anything else of the house.
    ("capability::outbox", &["capability"]),
    ("capability::file", &["capability"]),
    ("capability::stdout", &["capability"]),
    ("capability", &[]),
    ("component", &[]),
    ("rules", &["receipt", "error"]),
    ("receipt", &["error"]),
    ("error", &["bindings"]),
    ("bindings", &[]),
];

/// What comes from outside, and the only places that may know it.
const OUTSIDERS: &[(&str, &[&str])] = &[
    ("wasmtime", &["host/rust/src/bindings.rs", "host/rust/src/engine.rs", "host/rust/src/engine/"]),
    // The receiver's file is its own, never an outbox.
    (
        "rusqlite",
        &["host/rust/src/capability/outbox/", "host/rust/src/receiver/store.rs", "host/rust/src/receiver/mod.rs"],
    ),
    (
        "ureq",
        &[
            "host/rust/src/sync/transport.rs",
            "host/rust/src/sync/tls.rs",
            "host/rust/src/sync/failure.rs",
            "host/rust/src/sync/key.rs",
        ],
    ),
    ("rustls", &["host/rust/src/sync/tls.rs", "host/rust/src/sync/failure.rs"]),
    ("rustls_native_certs", &["host/rust/src/sync/tls.rs"]),
    ("zeroize", &["host/rust/src/sync/key.rs"]),
    ("flate2", &["host/rust/src/sync/batch.rs", "host/rust/src/receiver/batch.rs"]),
    ("zstd", &["host/rust/src/sync/batch.rs", "host/rust/src/receiver/batch.rs"]),
    ("httparse", &["host/rust/src/receiver/http.rs"]),
    ("httpdate", &["host/rust/src/receiver/http.rs", "host/rust/src/cli/sync/check.rs"]),
    ("wit_bindgen", &["guest/component/src/bindings.rs"]),
    ("wasi", &["guest/component/src/stamp.rs"]),
    ("regex_lite", &["guest/core/src/policy/custom.rs"]),
    ("auditbox_core", &["guest/component/src/"]),
    ("anyhow", &["host/rust/src/cli/"]),
    ("clap", &["host/rust/src/cli.rs", "host/rust/src/cli/"]),
    ("clap_complete", &["host/rust/src/cli/completions.rs"]),
    ("ctrlc", &["host/rust/src/cli/interrupt.rs"]),
    ("indicatif", &["host/rust/src/cli/report.rs"]),
];

#[test]
fn the_rooms_of_the_core_use_only_what_the_table_says() {
    hold("guest/core/src", CORE);
}

#[test]
fn the_rooms_of_the_component_use_only_what_the_table_says() {
    hold("guest/component/src", COMPONENT);
}

#[test]
fn the_rooms_of_the_host_use_only_what_the_table_says() {
    hold("host/rust/src", HOST);
}

#[test]
fn only_the_places_of_the_table_know_outsiders() {
    let sources = [sources("guest/"), sources("host/")].concat();
    for (name, places) in OUTSIDERS {
        let used = Regex::new(&format!(r"(^|[^\w:])(::)?{name}(::|!|;)")).unwrap();
        let mut users = 0;
        for source in &sources {
            for (number, _) in source.lines.iter().filter(|(_, line)| line.contains(name) && used.is_match(line)) {
                let known = places.iter().any(|place| source.path.starts_with(place));
                assert!(known, "{}:{number} uses `{name}`, which only {places:?} may know", source.path);
                users += 1;
            }
        }
        assert!(users > 0, "nobody uses `{name}`: take it out of the table");
    }
}

#[test]
fn the_guest_reaches_for_no_clock_no_file_and_no_randomness() {
    // What begins a text in quotes is data: names that source code has.
    let effect = Regex::new(r#"(^|[^"\w])std::(time|fs|io|net|env|process|thread)\b"#).unwrap();
    for source in sources("guest/") {
        for (number, line) in source.lines {
            assert!(!effect.is_match(&line), "{}:{number}: {line}", source.path);
        }
    }
}

#[test]
fn guest_and_host_do_not_depend_on_each_other() {
    let runtime = |path: &str| read(path).split("[dev-dependencies]").next().unwrap_or_default().to_owned();
    assert!(!runtime("host/rust/Cargo.toml").contains("auditbox-"), "the host knows the guest by its WIT");
    for guest in ["guest/core/Cargo.toml", "guest/component/Cargo.toml"] {
        assert!(!runtime(guest).contains("host/") && !runtime(guest).contains("wasmtime"), "{guest}");
    }
}

/// Holds every `crate::` and `super::` of a crate against its table, and the table against what is used.
fn hold(folder: &str, table: Table) {
    let rooms: Vec<&str> = table.iter().map(|(room, _)| *room).collect();
    for (at, (room, uses)) in table.iter().enumerate() {
        for used in *uses {
            let below = rooms.iter().position(|room| room == used).is_some_and(|place| place > at);
            assert!(below, "`{used}` does not stand below `{room}`");
        }
    }
    let exported = exported(folder);
    let mut found = BTreeMap::<&str, BTreeSet<&str>>::new();
    for source in sources(folder) {
        let module = module(folder, &source.path);
        // The root says who there is.
        let Some(room) = room(&module, &rooms) else {
            assert!(["lib", "main"].contains(&module[0].as_str()), "{} is in no room of the table", source.path);
            continue;
        };
        for (number, line) in &source.lines {
            for path in paths(&module, line) {
                let path = match exported.get(path.first().map_or("", String::as_str)) {
                    Some(home) => std::slice::from_ref(home),
                    None => &path,
                };
                let used = self::room(path, &rooms);
                let used = used.unwrap_or_else(|| panic!("{}:{number}: in which room is {path:?}?", source.path));
                if used != room {
                    let (_, may) = table.iter().find(|(name, _)| *name == room).unwrap();
                    assert!(may.contains(&used), "{}:{number}: `{room}` may not use `{used}`: {line}", source.path);
                    found.entry(room).or_default().insert(used);
                }
            }
        }
    }
    for (room, uses) in table {
        let found = found.remove(room).unwrap_or_default();
        let unused: Vec<_> = uses.iter().filter(|used| !found.contains(**used)).collect();
        assert!(unused.is_empty(), "`{room}` does not use {unused:?}: take it out of the table");
    }
}

/// `capability/file/log.rs` is `capability::file::log`.
fn module(folder: &str, path: &str) -> Vec<String> {
    let path = path.strip_prefix(folder).unwrap().trim_start_matches('/').strip_suffix(".rs").unwrap();
    path.strip_suffix("/mod").unwrap_or(path).split('/').map(str::to_owned).collect()
}

/// The room that a module, or an item in it, belongs to.
fn room<'a>(path: &[String], rooms: &[&'a str]) -> Option<&'a str> {
    let depth = |room: &str| room.split("::").count();
    let is_in = |room: &&&str| room.split("::").eq(path.iter().take(depth(room)).map(String::as_str));
    rooms.iter().filter(is_in).max_by_key(|room| depth(room)).copied()
}

/// The names that the root of a crate exports from its rooms.
fn exported(folder: &str) -> BTreeMap<String, String> {
    let export = Regex::new(r"pub use (?:self::)?(\w+)::(?:\{([^}]*)\}|(\w+))").unwrap();
    let root = read(&format!("{folder}/lib.rs"));
    let mut names = BTreeMap::new();
    for found in export.captures_iter(&root) {
        for name in found.get(2).or(found.get(3)).unwrap().as_str().split(',') {
            names.insert(name.trim().to_owned(), found[1].to_owned());
        }
    }
    names
}

/// The paths within the crate that a line names, from its root: of the module and, where that is told, the item in it.
fn paths(module: &[String], line: &str) -> Vec<Vec<String>> {
    let path = Regex::new(r"\b(crate|(?:super::)*super)((?:::\w+)*)(::\{)?").unwrap();
    let mut paths = Vec::new();
    for found in path.captures_iter(line) {
        let mut start = match &found[1] {
            "crate" => Vec::new(),
            // In `pub(super)` it is only a word.
            _ if found[2].is_empty() && found.get(3).is_none() => continue,
            supers => {
                // `use super` in a module inside the file stays in the file.
                let inside = usize::from(line.starts_with("    use super"));
                let up = supers.split("::").count() - inside;
                module[..module.len().saturating_sub(up)].to_vec()
            }
        };
        if &found[1] == "crate" && found[2].is_empty() {
            // `pub(crate)`.
            assert!(found.get(3).is_none(), "one `use crate::…` a line, please: {line}");
            continue;
        }
        start.extend(found[2].split("::").filter(|name| !name.is_empty()).map(str::to_owned));
        if start.is_empty() {
            // `super::{…}` that leads to the root.
            panic!("one `use super::…` a line, please: {line}");
        }
        paths.push(start);
    }
    paths
}

#[test]
fn paths_are_found_from_the_root() {
    let module = ["capability", "file", "log"].map(str::to_owned);
    let found = |line: &str| paths(&module, line).iter().map(|path| path.join("::")).collect::<Vec<_>>();
    assert_eq!(found("use crate::error::{Error, ErrorKind};"), ["error"]);
    assert_eq!(found("use crate::Stamp;"), ["Stamp"]);
    assert_eq!(found("use super::super::{create_folder_of, identity};"), ["capability"]);
    assert_eq!(
        found("pub(super) fn open(at: &super::Place, by: crate::receipt::Receipt) {}"),
        ["capability::file::Place", "receipt::Receipt"]
    );
    assert_eq!(found("pub(crate) fn open() {}"), Vec::<String>::new());
}
