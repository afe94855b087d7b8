//! The one pipeline of an instance.

use std::cell::RefCell;

use auditbox_core::{Error, Pipeline};

#[derive(Default)]
struct State {
    pipeline: Pipeline,
    #[cfg(feature = "auditor")]
    configured: bool,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// Replaces the pipeline by one of that configuration, and answers with the configuration in force.
#[cfg(feature = "auditor")]
pub(crate) fn configure(config: &str) -> Result<String, Error> {
    let pipeline = Pipeline::new(config)?;
    let effective = pipeline.config();
    STATE.with(|state| {
        *state.try_borrow_mut().map_err(|_| overlapping())? = State { pipeline, configured: true };
        Ok(effective)
    })
}

/// Runs `work` on the configured pipeline.
#[cfg(feature = "auditor")]
pub(crate) fn configured<T>(work: impl FnOnce(&Pipeline) -> Result<T, Error>) -> Result<T, Error> {
    STATE.with(|state| {
        let state = state.try_borrow().map_err(|_| overlapping())?;
        if !state.configured {
            return Err(Error::InvalidConfig {
                path: String::new(),
                message: String::from("not configured: call `configure` first, with `{}` for the defaults"),
            });
        }
        work(&state.pipeline)
    })
}

/// Runs `work` on the configured pipeline, or on the default one before `configure`.
pub(crate) fn current<T>(work: impl FnOnce(&Pipeline) -> Result<T, Error>) -> Result<T, Error> {
    STATE.with(|state| work(&state.try_borrow().map_err(|_| overlapping())?.pipeline))
}

/// An import called back into the instance. The component model forbids it; a host may still do it.
fn overlapping() -> Error {
    Error::Unavailable(String::from("calls of one instance overlap: use an instance for each thread"))
}
