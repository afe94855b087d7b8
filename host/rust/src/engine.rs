//! wasmtime: compiles the component, and gives it the imports it is promised and nothing else.

mod cache;
mod imports;
mod pool;

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine};

use self::imports::Imports;
pub(crate) use self::imports::{Handed, Write};
pub(crate) use self::pool::Pool;
use crate::bindings::{Auditbox, AuditboxPre};
use crate::component;
use crate::error::{Error, ErrorKind};

/// A component that is compiled and linked, ready to be instantiated.
pub(crate) struct Program(AuditboxPre<Imports>);

impl Program {
    /// The component that this crate carries. Compiled once in a process, and kept between processes by the cache.
    pub(crate) fn embedded() -> Result<Arc<Self>, Error> {
        static PROGRAM: Mutex<Option<Arc<Program>>> = Mutex::new(None);
        let mut program = PROGRAM.lock().unwrap_or_else(PoisonError::into_inner);
        match &*program {
            Some(program) => Ok(Arc::clone(program)),
            None => Ok(Arc::clone(program.insert(Self::new(component::AUDITBOX)?))),
        }
    }

    /// Compiles and links the bytes of a `.wasm`.
    pub(crate) fn new(wasm: &[u8]) -> Result<Arc<Self>, Error> {
        match wasm.first_chunk() {
            Some(b"\0asm\x0d\0\x01\0") => {}
            Some(b"\0asm\x01\0\0\0") => return Err(unfit("it is a core module, not a component")),
            _ => return Err(unfit("it is no WebAssembly")),
        }
        let engine = engine()?;
        let component = Component::from_binary(engine, wasm).map_err(unfit)?;
        let linker = linker(engine).map_err(|error| internal(&error))?;
        let pre = linker.instantiate_pre(&component).and_then(AuditboxPre::new).map_err(unfit)?;
        Ok(Arc::new(Self(pre)))
    }
}

/// The engine of the process: they are made to be shared.
fn engine() -> Result<&'static Engine, Error> {
    static ENGINE: LazyLock<Result<Engine, String>> = LazyLock::new(|| {
        let mut config = Config::new();
        // A backtrace of stripped code tells nobody anything.
        config.wasm_backtrace_max_frames(None);
        config.cache(cache::open());
        Engine::new(&config).map_err(|error| format!("{error:#}"))
    });
    ENGINE.as_ref().map_err(|message| Error::new(ErrorKind::Internal, format!("wasmtime does not start: {message}")))
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<Imports>> {
    let mut linker = Linker::new(engine);
    Auditbox::add_to_linker::<_, HasSelf<_>>(&mut linker, |imports| imports)?;
    imports::add_wasi(&mut linker)?;
    Ok(linker)
}

fn unfit(why: impl std::fmt::Display) -> Error {
    // Some of wasmtime's messages are laid out over several lines.
    let why = format!("{why:#}").split_whitespace().collect::<Vec<_>>().join(" ");
    Error::new(
        ErrorKind::Component,
        format!(
            "not a component of `auditbox:audit@0.1.0` that this version can run: {why}; `auditbox component` writes one"
        ),
    )
}

fn internal(error: &wasmtime::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("{error:#}"))
}
