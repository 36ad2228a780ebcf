//! The methods that every call has, whichever operation it is of.

/// Implements them for a call type: a tuple of one [`Call`](super::Call), whose success response
/// has this value.
///
/// spec-review reads the arguments: what `send` returns is a part of the Rust API.
///
/// They are methods of each type, and not of a trait or of one type for all calls, so that callers
/// need no import and find everything on the page of the call.
#[allow(unused_macros, reason = "which of this generated code uses depends on the contract")]
macro_rules! methods {
    ($call:ident, $value:ident) => {
        $crate::call::methods!($call, ($crate::types::$value));
    };
    ($call:ident, ($value:ty)) => {
        impl $call {
            pub(crate) fn new(client: &$crate::Client) -> Self {
                Self($crate::call::Call::new(client))
            }

            /// Sends the call; awaiting the call itself does the same.
            ///
            /// # Errors
            ///
            /// An [`Error`](crate::Error) whose [kind](crate::ErrorKind) says why.
            pub async fn send(self) -> $crate::Result<$crate::Response<$value>> {
                self.0.send().await
            }

            /// Timeout of this call, including retries and a login. Default: the client's; zero
            /// is an error of the call.
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.0.settings.set_timeout(timeout);
                self
            }

            /// Timeout of each attempt of this call. Default: the client's; zero is an error of
            /// the call.
            pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.0.settings.set_attempt_timeout(timeout);
                self
            }

            /// The retry policy of this call. Default: the client's.
            pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
                self.0.settings.set_retry(policy);
                self
            }

            /// Returns a success response whose body reports failure, instead of an
            /// error of kind [`FailedOutcome`](crate::ErrorKind::FailedOutcome).
            pub fn accept_failed_outcome(mut self) -> Self {
                self.0.settings.accept_failed_outcome();
                self
            }

            /// Sends enum values that the contract does not list, instead of
            /// refusing them.
            pub fn allow_unlisted_values(mut self) -> Self {
                self.0.settings.allow_unlisted_values();
                self
            }

            /// The progress of this call: a handle that can be read while the call
            /// runs, and after its future was dropped. A clone of the call has a
            /// progress of its own.
            pub fn progress(&mut self) -> $crate::CallProgress {
                self.0.settings.progress()
            }
        }

        impl ::std::future::IntoFuture for $call {
            type Output = ::std::result::Result<$crate::Response<$value>, $crate::Error>;
            type IntoFuture = $crate::call::CallFuture<$value>;

            fn into_future(self) -> $crate::call::CallFuture<$value> {
                ::std::boxed::Box::pin(self.0.send())
            }
        }
    };
}
pub(crate) use methods;

/// Sets an input of a call type: the body of its setter.
#[allow(unused_macros, reason = "a contract may have no inputs")]
macro_rules! set {
    ($call:ident . $input:ident = $value:expr) => {{
        let mut call = $call;
        call.0.inputs.$input = $crate::Some($value);
        call
    }};
}
pub(crate) use set;
