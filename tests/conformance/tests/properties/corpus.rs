//! Inputs that are kept: what fuzzing has found worth it, tried without the fuzzer; and what the vectors want, redacted again.

#[path = "../../../../fuzz/lib.rs"]
#[expect(unreachable_pub, reason = "public to the fuzz targets")]
mod targets;

use auditbox_conformance::vector::{Op, Vector};
use auditbox_core::Pipeline;
use std::fs;
use std::path::Path;

#[test]
fn what_must_hold_for_every_input_holds_for_the_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (target, check) in [
        ("redact", targets::redact as fn(&[u8])),
        ("shell", targets::shell),
        ("cap", targets::cap),
        ("config", targets::config),
        ("judge", targets::judge),
    ] {
        let inputs: Vec<_> = fs::read_dir(corpus.join(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(inputs.len() > 20, "{target} has {} inputs", inputs.len());
        for input in inputs {
            check(&fs::read(input).unwrap());
        }
    }
}

/// In texts that are in order, unlike in those of the fuzzer, nothing is left to find.
#[test]
fn what_a_vector_wants_is_left_alone() {
    let vectors = Vector::read_all(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/redact")).unwrap();
    let (pipeline, mut count) = (Pipeline::default(), 0);
    for vector in vectors.iter().filter(|vector| vector.op == Op::Redact && vector.config.is_none()) {
        for want in vector.cases.iter().filter_map(|case| case.want.as_ref()) {
            let again = pipeline.redact(want.get()).unwrap();
            assert_eq!(again.receipt.redactions, vec![], "{}: {}", vector.path.display(), again.value);
            count += 1;
        }
    }
    assert!(count > 3000, "{count} values");
}
