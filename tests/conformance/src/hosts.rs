//! The hosts in other languages: every folder of `host/` that has a script `run`. The script's verbs are in `README.md`.
//!
//! A host whose runtime is not on the machine is skipped, and that is said. Where it is, everything else must go well.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;
use std::{env, fs, thread};

/// Names the hosts that are to be tried, separated by commas; without it, all are.
const ONLY: &str = "AUDITBOX_HOSTS";

/// No verb takes a fifth of it on any machine.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// A host in another language, ready to be used.
#[derive(Debug, Clone)]
pub struct Host {
    /// Its folder's name.
    pub name: String,
    folder: PathBuf,
}

impl Host {
    /// A verb of its script.
    pub fn verb(&self, verb: &str) -> Command {
        let mut command = Command::new(self.folder.join("run"));
        command.arg(verb);
        command
    }

    /// The command that starts its driver.
    pub fn driver(&self) -> Vec<String> {
        vec![self.folder.join("run").to_string_lossy().into_owned(), "driver".to_owned()]
    }

    /// What a verb prints. What it writes is not left in the sources.
    ///
    /// # Errors
    ///
    /// When it fails: with all that it has said.
    pub fn ask(&self, verb: &str, arguments: &[&str], environment: &[(&str, &Path)]) -> io::Result<String> {
        let mut command = self.verb(verb);
        command.args(arguments).envs(environment.iter().copied()).current_dir(root().join("target/hosts"));
        let output = output(command).map_err(|error| io::Error::other(format!("host/{}/run: {error}", self.name)))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = [output.stdout, output.stderr].concat();
        let message = format!("host/{}/run {verb}: {}\n{}", self.name, output.status, String::from_utf8_lossy(&said));
        Err(io::Error::other(message))
    }
}

/// What a command prints. When it takes too long, it is ended with all that it has started.
fn output(mut command: Command) -> io::Result<Output> {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let group = format!("-{}", child.id());
    let (done, over) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if over.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            }
        });
        let output = child.wait_with_output();
        drop(done);
        output
    })
}

/// The repository.
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().nth(2).unwrap_or(here).to_owned()
    })
}

/// Every host whose runtime is on this machine, prepared with the component that the Rust host runs.
///
/// # Errors
///
/// When one of them cannot be prepared.
pub fn ready() -> Result<&'static [Host], &'static str> {
    static READY: OnceLock<Result<Vec<Host>, String>> = OnceLock::new();
    let ready = READY.get_or_init(|| prepare().map_err(|error| error.to_string()));
    ready.as_deref().map_err(String::as_str)
}

fn prepare() -> io::Result<Vec<Host>> {
    let mut hosts = all()?;
    if let Ok(only) = env::var(ONLY) {
        let only: Vec<&str> = only.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        if let Some(unknown) = only.iter().find(|name| !hosts.iter().any(|host| host.name == **name)) {
            return Err(io::Error::other(format!("{ONLY}: there is no host/{unknown}/run")));
        }
        hosts.retain(|host| only.contains(&host.name.as_str()));
    }
    let folder = root().join("target/hosts");
    fs::create_dir_all(&folder)?;
    // Two runs of the tests at the same time would install into the same folders.
    let lock = fs::File::create(folder.join("lock"))?;
    lock.lock()?;
    // Past the test harness, which keeps what is printed from those whose tests pass.
    hosts.retain(|host| match host.ask("need", &[], &[]) {
        Ok(_) => true,
        Err(missing) => {
            let _ = io::stderr().write_all(format!("skipped: {missing}\n").as_bytes());
            false
        }
    });
    let component = folder.join("auditbox.wasm");
    if fs::read(&component).ok().as_deref() != Some(auditbox::component::AUDITBOX) {
        fs::write(&component, auditbox::component::AUDITBOX)?;
    }
    thread::scope(|scope| {
        let component = component.as_path();
        let runs: Vec<_> = (hosts.iter())
            .map(|host| scope.spawn(move || host.ask("prepare", &[], &[("AUDITBOX_WASM", component)])))
            .collect();
        for run in runs {
            run.join().map_err(|_| io::Error::other("a thread ended"))??;
        }
        io::Result::Ok(())
    })?;
    Ok(hosts)
}

fn all() -> io::Result<Vec<Host>> {
    let mut hosts = Vec::new();
    for entry in fs::read_dir(root().join("host"))? {
        let (folder, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        if folder.join("run").is_file() {
            hosts.push(Host { name: name.to_string_lossy().into_owned(), folder });
        }
    }
    hosts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(hosts)
}
