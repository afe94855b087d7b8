//! What wit-bindgen makes of `wit/`: the only generated code of the guest, and its only `unsafe`.

#[cfg(feature = "auditor")]
wit_bindgen::generate!({ path: "../../wit", world: "auditbox" });
#[cfg(feature = "auditor")]
export!(Component);

#[cfg(all(feature = "redactor", not(feature = "auditor")))]
wit_bindgen::generate!({ path: "../../wit", world: "redactor" });
#[cfg(all(feature = "redactor", not(feature = "auditor")))]
export!(Component);

/// What the exports are implemented on.
pub(crate) struct Component;
