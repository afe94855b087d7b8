//! Builds the misbehaving component by a nested cargo, as host/rust's build script builds the real one.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use wit_component::ComponentEncoder;

const TARGET: &str = "wasm32-unknown-unknown";

/// Beside the workspace.
const INPUTS: [&str; 5] = ["build.rs", "src/words.rs", "guest", "../../guest/core/src", "../../wit"];

/// Where cargo lives and how it reaches the registry.
const KEPT: [&str; 5] = ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_"];

fn main() -> Result<(), Box<dyn Error>> {
    for input in INPUTS {
        println!("cargo::rerun-if-changed={input}");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    // The folder of host/rust's nested cargo: most of what is built there is of use here.
    let target = out.ancestors().nth(4).unwrap_or(&out).join("guest");
    let component = ComponentEncoder::default().module(&fs::read(module(&target)?)?)?.validate(true).encode()?;
    fs::write(out.join("misbehaving.wasm"), component)?;
    Ok(())
}

/// Builds the core module and answers with its path.
fn module(target: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = Command::new(env::var("CARGO")?);
    cargo
        .args(["build", "--package", "auditbox-misbehaving", "--profile", "guest", "--target", TARGET, "--target-dir"])
        .arg(target);
    // What the outer build says about itself (its flags, its wrappers: clippy is one) is not meant for the inner one.
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO_") || name.starts_with("RUSTC_")) {
        if !KEPT.iter().any(|kept| name.starts_with(kept)) {
            cargo.env_remove(name);
        }
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "");
    let output = cargo.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(target.join(TARGET).join("guest/auditbox_misbehaving.wasm"))
}
