//! Configured instances, one for each call that runs at the same time.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use wasmtime::Store;

use super::Program;
use super::imports::{Handed, Imports};
use crate::bindings::Auditbox;
use crate::error::{Error, ErrorKind};

/// An instance whose memory has grown beyond this, which it never gives back, is not kept.
const KEPT_BYTES: usize = 16 << 20;

/// Instances of one program under one configuration.
pub(crate) struct Pool {
    program: Arc<Program>,
    config: String,
    idle: Mutex<Vec<Instance>>,
    /// More than these never run at the same time for long.
    kept: usize,
}

/// One instance, and the store it lives in.
pub(crate) struct Instance {
    pub(crate) store: Store<Imports>,
    pub(crate) guest: Auditbox,
}

impl Pool {
    /// Makes a pool and the configuration in force.
    pub(crate) fn new(program: Arc<Program>, config: String) -> Result<(Self, String), Error> {
        let pool = Self {
            program,
            config,
            idle: Mutex::new(Vec::new()),
            kept: thread::available_parallelism().map_or(8, |cores| cores.get() * 2),
        };
        let (instance, effective) = pool.configured()?;
        pool.put_back(instance);
        Ok((pool, effective))
    }

    /// Runs one call on an instance nobody else uses, and answers with what it returned and handed over. After a trap
    /// the instance is dropped, as its memory may be in any state.
    pub(crate) fn call<T>(
        &self,
        work: impl FnOnce(&Auditbox, &mut Store<Imports>) -> wasmtime::Result<T>,
    ) -> Result<(T, Handed), Error> {
        let mut instance = match self.take() {
            Some(instance) => instance,
            None => self.configured()?.0,
        };
        let answer = instance.run(work)?;
        let handed = std::mem::take(&mut instance.store.data_mut().handed);
        self.put_back(instance);
        Ok((answer, handed))
    }

    fn take(&self) -> Option<Instance> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, instance: Instance) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.kept && instance.store.data().memory.bytes <= KEPT_BYTES {
            idle.push(instance);
        }
    }

    fn configured(&self) -> Result<(Instance, String), Error> {
        let mut instance = self.program.instantiate()?;
        let effective =
            instance.run(|guest, store| guest.auditbox_audit_auditor().call_configure(store, &self.config))??;
        Ok((instance, effective))
    }
}

impl Program {
    fn instantiate(&self) -> Result<Instance, Error> {
        let mut store = Store::new(self.0.engine(), Imports::default());
        store.limiter(|imports| &mut imports.memory);
        match self.0.instantiate(&mut store) {
            Ok(guest) => Ok(Instance { store, guest }),
            Err(error) => Err(trap(&store, &error)),
        }
    }
}

impl Instance {
    fn run<T>(&mut self, work: impl FnOnce(&Auditbox, &mut Store<Imports>) -> wasmtime::Result<T>) -> Result<T, Error> {
        work(&self.guest, &mut self.store).map_err(|error| trap(&self.store, &error))
    }
}

fn trap(store: &Store<Imports>, error: &wasmtime::Error) -> Error {
    let message = if store.data().memory.exhausted {
        "the component ran out of memory: the value is too large for it".into()
    } else {
        format!("the component failed inside: {error:#}; this is a bug in it, and the next call works")
    };
    Error::new(ErrorKind::Trap, message)
}

#[cfg(test)]
mod tests;
