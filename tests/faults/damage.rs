//! Files that are damaged, cut, deleted or replaced, at rest and under the processes that use them.

use std::fs;
use std::path::{Path, PathBuf};

use auditbox::Auditor;
use serde_json::json;
use tempfile::TempDir;

use crate::child::{Child, auditor, config, emit, event, event_of};
use crate::kill::{Random, number};
use crate::law;

const PAGE: usize = 4_096;
/// The pages that every outbox has for its tables and indexes: what is behind them are rows.
const TABLES: usize = 16;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Records events of some size until the file has many pages.
fn fill(auditor: &Auditor, events: usize) -> Vec<String> {
    (0..events).map(|n| emit(auditor, &event_of("write", 100 + n % 7 * 300)).unwrap()).collect()
}

/// What a machine leaves that loses its power: copies of the three files, in another folder.
fn image(folder: &TempDir, path: &Path) -> PathBuf {
    let copy = folder.path().join("image").join("outbox.db");
    let _ = fs::remove_dir_all(copy.parent().unwrap());
    fs::create_dir(copy.parent().unwrap()).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        fs::copy(beside(path, suffix), beside(&copy, suffix)).unwrap();
    }
    copy
}

/// The files that were put aside.
fn aside(path: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path());
    let damaged = |file: &PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy();
        name.starts_with("outbox.db.damaged-") && !name.ends_with("-wal") && !name.ends_with("-shm")
    };
    files.filter(damaged).collect()
}

fn scribble(bytes: &mut [u8], random: &mut Random) {
    bytes.iter_mut().for_each(|byte| *byte = u8::try_from(random.below(256)).unwrap());
}

#[test]
fn of_a_damaged_file_everything_that_can_be_read_is_kept_and_the_rest_is_counted() {
    let seed = number("AUDITBOX_FAULT_SEED", u64::from(std::process::id()) + 1);
    println!("AUDITBOX_FAULT_SEED={seed}");
    let mut random = Random(seed);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({ "ballast_bytes": 0 }));
    let first = auditor(&config).unwrap();
    let ids = fill(&first, 300);
    drop(first);
    let good = fs::read(&path).unwrap();
    let pages = good.len() / PAGE;
    let mut replaced = 0;
    for round in 0..60 {
        let mut bytes = good.clone();
        let what = round % 6;
        match what {
            // Whole pages of rows, or of anything behind the first.
            0 | 1 => {
                let least = if what == 0 { TABLES } else { 1 };
                for _ in 0..=random.below(4) {
                    let page = least + usize::try_from(random.below((pages - least) as u64)).unwrap();
                    scribble(&mut bytes[page * PAGE..][..PAGE], &mut random);
                }
            }
            // Some bytes anywhere.
            2 => {
                for _ in 0..20 {
                    let at = usize::try_from(random.below(bytes.len() as u64 - 200)).unwrap();
                    scribble(&mut bytes[at..][..200], &mut random);
                }
            }
            // The first page, but for its names; the file's header.
            3 => scribble(&mut bytes[if random.below(2) == 0 { 0..16 } else { 100..200 }], &mut random),
            // A file that is cut.
            4 => bytes.truncate(PAGE + usize::try_from(random.below((good.len() - PAGE) as u64)).unwrap()),
            // Half a page is from before.
            _ => {
                let page = 1 + usize::try_from(random.below(pages as u64 - 1)).unwrap();
                bytes[page * PAGE + PAGE / 2..][..PAGE / 2].fill(0);
            }
        }
        for old in aside(&path) {
            fs::remove_file(old).unwrap();
        }
        fs::write(&path, &bytes).unwrap();

        let context = || format!("seed {seed}, round {round}");
        let again = auditor(&config).unwrap_or_else(|error| panic!("{}: {error}", context()));
        // What the first look has not found is found by whoever comes across it.
        let mut later = Vec::new();
        for _ in 0..40 {
            if let Ok(id) = emit(&again, &event("write")) {
                later.push(id);
            }
        }
        assert!(later.len() >= 20, "{}: {} of 40 were stored", context(), later.len());
        drop(again);
        let damaged = aside(&path);
        if damaged.is_empty() {
            continue;
        }
        replaced += 1;
        law::is_whole(&path);
        let books = law::hold(&path, &later);
        assert_eq!(books.quarantined as usize, damaged.len(), "{}", context());
        let notices = books.notices("auditbox.damaged");
        let known = notices.iter().all(|notice| !notice["pending_lost"].is_null());
        let missing = ids.iter().filter(|id| !books.ids.contains(*id)).count() as i64;
        // Pages that hold no rows cost none.
        if known {
            assert!(missing <= books.dropped, "{}: {missing} are missing, {} are counted", context(), books.dropped);
        }
        if what == 0 && known {
            assert!(missing <= 150, "{}: only {} of 300 were saved", context(), ids.len() as i64 - missing);
        }
        assert_eq!(books.told("damaged"), books.dropped, "{}", context());
        // What was put aside is as it was found.
        assert!(damaged.iter().all(|file| fs::metadata(file).unwrap().len() >= bytes.len().min(PAGE) as u64));
    }
    assert!(replaced > 20, "only {replaced} were damaged");
}

#[test]
fn what_sqlite_keeps_beside_the_file_may_be_cut_or_lost() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let live = auditor(&config(&path, &json!({}))).unwrap();
    let ids = fill(&live, 60);
    // Without its shared memory nothing is lost: it is made anew.
    for shm in ["gone", "garbage", "empty"] {
        let copy = image(&folder, &path);
        match shm {
            "gone" => fs::remove_file(beside(&copy, "-shm")).unwrap(),
            "garbage" => fs::write(beside(&copy, "-shm"), vec![0xA5; 32 << 10]).unwrap(),
            _ => fs::write(beside(&copy, "-shm"), "").unwrap(),
        }
        drop(auditor(&config(&copy, &json!({}))).unwrap());
        let books = law::hold(&copy, &ids);
        assert!(ids.iter().all(|id| books.ids.contains(id)), "{shm}");
        law::is_whole(&copy);
    }
    // A WAL that is cut ends with the last transaction that is whole: what is left is one moment of the outbox, from the
    // first event to the last that it still has, and its counters are of that moment.
    let wal = fs::read(beside(&path, "-wal")).unwrap();
    let mut kept = Vec::new();
    for part in [10, 7, 5, 3, 1, 0] {
        let copy = image(&folder, &path);
        fs::write(beside(&copy, "-wal"), &wal[..wal.len() * part / 10]).unwrap();
        if part == 0 {
            fs::remove_file(beside(&copy, "-wal")).unwrap();
        }
        let again = auditor(&config(&copy, &json!({}))).unwrap();
        let later = emit(&again, &event("write")).unwrap();
        drop(again);
        let books = law::hold(&copy, [&later]);
        let there = ids.iter().take_while(|id| books.ids.contains(*id)).count();
        assert_eq!(there, ids.iter().filter(|id| books.ids.contains(*id)).count());
        kept.push(there);
        law::is_whole(&copy);
    }
    assert!(kept[0] == 60 && kept.is_sorted_by(|a, b| a >= b), "{kept:?}");
    // Torn in the middle, it ends there.
    let copy = image(&folder, &path);
    let mut torn = wal.clone();
    torn[wal.len() / 2] ^= 0x10;
    fs::write(beside(&copy, "-wal"), torn).unwrap();
    drop(auditor(&config(&copy, &json!({}))).unwrap());
    law::hold(&copy, []);
    law::is_whole(&copy);
}

#[test]
fn files_that_are_deleted_under_two_processes_cost_nothing_that_was_not_in_them() {
    for suffix in ["-shm", "-wal"] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("outbox.db");
        let config = config(&path, &json!({}));
        let mut one = Child::start("obeys", &config, |_| ());
        let mut two = Child::start("obeys", &config, |_| ());
        one.tell("open");
        two.tell("open");
        for round in 0..20 {
            one.tell("write");
            two.tell("write");
            two.tell("read");
            if round % 5 == 4 {
                fs::remove_file(beside(&path, suffix)).unwrap();
            }
            one.tell("read");
        }
        for child in [&mut one, &mut two] {
            child.tell("write");
            child.tell("close");
            child.finish();
        }
        let all = || one.durable.iter().chain(&two.durable).chain(&one.buffered).chain(&two.buffered);
        let books = law::hold(&path, all());
        let missing = all().filter(|id| !books.ids.contains(*id)).count();
        assert_eq!((missing, books.quarantined), (0, 0), "{suffix}");
        assert!(one.durable.len() + two.durable.len() >= 38, "{suffix}");
        law::is_whole(&path);
    }
}

#[test]
fn a_file_that_is_damaged_under_two_processes_is_replaced_once() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({}));
    let first = auditor(&config).unwrap();
    let mut ids = fill(&first, 200);
    drop(first);
    let mut processes: Vec<_> = (0..2).map(|_| Child::start("produces", &config, |_| ())).collect();
    for process in &mut processes {
        process.answer();
    }
    // Pages of old rows: nobody has written them since, and nobody reads them before a file is looked at as a whole.
    let file = fs::File::options().write(true).open(&path).unwrap();
    for page in 20..24 {
        std::os::unix::fs::FileExt::write_all_at(&file, &[0xA5; PAGE], page * PAGE as u64).unwrap();
    }
    // Both find it as they open the file, and the other two are still at work.
    processes.extend((0..2).map(|_| Child::start("produces", &config, |_| ())));
    for process in &mut processes {
        let before = process.durable.len();
        while process.durable.len() < before + 20 {
            process.answer();
        }
    }
    let mut acknowledged = Vec::new();
    for process in &mut processes {
        process.finish();
        acknowledged.append(&mut process.durable);
    }
    assert_eq!(aside(&path).len(), 1);
    ids.extend(acknowledged);
    let books = law::hold(&path, &ids);
    assert_eq!(books.quarantined, 1);
    law::is_whole(&path);
}

#[test]
fn a_deleted_or_replaced_outbox_is_made_anew_by_all_who_use_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("outbox.db");
    let config = config(&path, &json!({}));
    let mut processes: Vec<_> = (0..2).map(|_| Child::start("obeys", &config, |_| ())).collect();
    for process in &mut processes {
        process.tell("open");
        process.tell("write");
    }
    let moved = folder.path().join("moved.db");
    for suffix in ["", "-wal", "-shm"] {
        fs::rename(beside(&path, suffix), beside(&moved, suffix)).unwrap();
    }
    for process in &mut processes {
        process.durable.clear();
        assert!(process.tell("write").starts_with("D "));
        assert!(process.tell("read").starts_with("B "));
        process.tell("close");
        process.finish();
    }
    law::hold(&moved, []);
    law::is_whole(&moved);
    let all = || processes.iter().flat_map(|process| process.durable.iter().chain(&process.buffered));
    let books = law::hold(&path, all());
    assert!(all().all(|id| books.ids.contains(id)));
    // Nobody in it has ended without closing it.
    assert_eq!((books.accepted, books.notices.len()), (4, 0));
    law::is_whole(&path);
}
