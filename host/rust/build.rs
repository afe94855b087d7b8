//! Makes both components and their WIT for everybody: the library embeds them, `auditbox component` hands them out,
//! packages in other languages carry them.
//!
//! In the workspace they are built from `guest/` by a nested cargo. A packaged crate carries the result in `wasm/`, so
//! that its users need no wasm target.

use std::error::Error;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

use wit_component::{ComponentEncoder, WitPrinter};
use wit_parser::Resolve;

const TARGET: &str = "wasm32-unknown-unknown";

/// The worlds, by the feature of `guest/component` and the name of the file.
const WORLDS: [(&str, &str); 2] = [("auditor", "auditbox.wasm"), ("redactor", "redactor.wasm")];

/// Inputs beside this script. Not `guest/` as a whole: its tests do not change the components.
const INPUTS: [&str; 8] = [
    "guest/core/src",
    "guest/core/Cargo.toml",
    "guest/component/src",
    "guest/component/Cargo.toml",
    "wit",
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error={}", error.to_string().replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    vectors(&manifest, &out)?;
    match manifest.ancestors().nth(2) {
        Some(workspace) if workspace.join("guest/component/Cargo.toml").is_file() => build(workspace, &out),
        _ => carry(&manifest, &out),
    }
}

/// What `auditbox rules test` plays: the names and the texts of the files in `vectors/redact`.
fn vectors(manifest: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let root = fs::canonicalize(manifest.join("vectors/redact"))?;
    println!("cargo::rerun-if-changed={}", root.display());
    let (mut folders, mut files) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut code = String::from("static VECTORS: &[(&str, &str)] = &[\n");
    for path in files {
        let name = path.strip_prefix(&root)?.display().to_string();
        code += &format!("({name:?}, include_str!({:?})),\n", path.display().to_string());
    }
    code += "];\n";
    fs::write(out.join("vectors.rs"), code)?;
    Ok(())
}

/// The packaged crate: what `wasm/` holds.
fn carry(manifest: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    for name in ["auditbox.wasm", "redactor.wasm", "auditbox.wit"] {
        let file = manifest.join("wasm").join(name);
        println!("cargo::rerun-if-changed={}", file.display());
        fs::copy(&file, out.join(name)).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// The workspace: a nested cargo, and the encoder.
fn build(workspace: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    for input in INPUTS {
        println!("cargo::rerun-if-changed={}", workspace.join(input).display());
    }
    let sysroot = sysroot(workspace)?;
    need_target(workspace, &sysroot)?;

    // One folder for all profiles, beside theirs, so that the guest's own dependencies are built once.
    let target = out
        .ancestors()
        .find(|folder| folder.ends_with("build"))
        .and_then(|folder| folder.ancestors().nth(2))
        .unwrap_or(out)
        .join("guest");
    for (feature, name) in WORLDS {
        let module = module(workspace, &sysroot, &target, feature)?;
        let component = ComponentEncoder::default()
            .module(&fs::read(module)?)
            .and_then(|encoder| encoder.validate(true).encode())
            .map_err(|error| format!("{name}: {error:#}"))?;
        fs::write(out.join(name), component)?;
    }

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(workspace.join("wit"))?;
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &[])?;
    fs::write(out.join("auditbox.wit"), printer.output.to_string())?;
    Ok(())
}

/// Builds one core module and answers with its path.
fn module(workspace: &Path, sysroot: &Path, target: &Path, feature: &str) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = Command::new(variable("CARGO")?);
    cargo
        .current_dir(workspace)
        .args(["build", "--package", "auditbox-component", "--profile", "guest", "--target", TARGET])
        .args(["--features", feature, "--target-dir"])
        .arg(target);
    if workspace.join("Cargo.lock").is_file() {
        cargo.arg("--locked");
    }
    scrub(&mut cargo);
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(workspace, sysroot)?.join("\x1f"));
    // Written only when something fails: cargo shows a build script's output then.
    let output = cargo.output()?;
    if !output.status.success() {
        io::stderr().write_all(&output.stderr)?;
        return Err(format!("the component did not build ({feature}): see the compiler's messages above").into());
    }
    Ok(target.join(TARGET).join("guest/auditbox_component.wasm"))
}

/// Takes away what the outer build says about itself: its flags, profile, wrappers (clippy is one) and target would
/// change the component's bytes. Where cargo lives and how it reaches the registry stays.
fn scrub(cargo: &mut Command) {
    const KEPT: [&str; 6] = ["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "RUSTC"];
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let kept = KEPT.iter().any(|kept| text == *kept || (kept.ends_with('_') && text.starts_with(kept)));
        let ours = ["CARGO", "RUSTC", "RUSTFLAGS", "RUSTDOC", "__CARGO"].iter().any(|prefix| text.starts_with(prefix));
        if ours && !kept {
            cargo.env_remove(&name);
        }
    }
}

/// The compiler's flags: SIMD for the scanners, and no path of this machine in the bytes.
fn flags(workspace: &Path, sysroot: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut flags = vec![String::from("-Ctarget-feature=+simd128")];
    let mut remap = |from: &Path, to: &str| flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    remap(workspace, "/auditbox");
    remap(sysroot, "/sysroot");
    let home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => PathBuf::from(variable("HOME").or_else(|_| variable("USERPROFILE"))?).join(".cargo"),
    };
    remap(&home, "/cargo");
    // The name of a registry's folder is a hash of where the registry was reached. The last match wins.
    for registry in fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten() {
        remap(&registry.path(), "/registry");
    }
    Ok(flags)
}

fn sysroot(workspace: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let output = Command::new(variable("RUSTC")?).current_dir(workspace).args(["--print", "sysroot"]).output()?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

/// Sees to it that the compiler has the target: `rustup` installs it with the toolchain file, unless it was told not to.
fn need_target(workspace: &Path, sysroot: &Path) -> Result<(), Box<dyn Error>> {
    let library = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    let added = Command::new("rustup")
        .current_dir(workspace)
        .args(["target", "add", TARGET])
        .status()
        .is_ok_and(|status| status.success());
    if added && library.is_dir() {
        return Ok(());
    }
    Err(format!("the compiler lacks the target the component is built for: run `rustup target add {TARGET}`").into())
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|error| format!("{name}: {error}").into())
}
