//! A call of the facade: its settings, the check of its inputs, its attempts, its result.
//! Nothing here depends on an operation.

mod attempts;
mod checked;
mod context;
pub(crate) mod future;
mod hooks;
mod iam_retries;
mod inputs;
mod methods;
mod prepare;
pub(crate) mod progress;
mod running;
mod settings;
mod span;
mod state;

pub(crate) use self::checked::CheckedCall;
pub use self::context::Context;
pub(crate) use self::future::CallFuture;
pub use self::future::{InvokeFuture, PrepareFuture};
pub(crate) use self::inputs::{InputVisitor, Inputs, Sent};
pub(crate) use self::methods::methods;
#[allow(unused_imports, reason = "a contract without inputs has nothing to set")]
pub(crate) use self::methods::set;
pub use self::progress::CallProgress;
pub(crate) use self::settings::{Call, invoke};

#[cfg(test)]
mod tests;
