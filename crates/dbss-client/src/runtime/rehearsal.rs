//! A call up to the point where it would be sent.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use super::Arguments;
use crate::descriptor::Operation;
use crate::{Client, Error};

/// What a call would send, see [`Operation::prepare`].
pub type PrepareFuture = Pin<Box<dyn Future<Output = Result<reqwest::Request, Error>> + Send>>;

/// Where a call of a client that sends nothing leaves its request.
#[derive(Default)]
pub(crate) struct Rehearsal(Mutex<Option<reqwest::Request>>);

impl Rehearsal {
    pub(crate) fn keep(&self, request: reqwest::Request) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(request);
    }

    fn take(&self) -> Option<reqwest::Request> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A request holds secrets.
        f.write_str("Rehearsal")
    }
}

/// The call, with its request taken instead of sent.
pub(crate) fn prepare(
    operation: &'static Operation,
    client: &Client,
    arguments: Arguments,
) -> PrepareFuture {
    let rehearsal = Arc::new(Rehearsal::default());
    let mut client = client.clone();
    client.rehearsal = Some(Arc::clone(&rehearsal));
    let call = operation.invoke(&client, arguments);
    Box::pin(async move {
        let outcome = call.await;
        match (rehearsal.take(), outcome) {
            (Some(request), _) => Ok(request),
            (None, Err(error)) => Err(error),
            // A call ends in a success only by way of a request.
            (None, Ok(_)) => Err(Error::invalid_input(Some(operation.id), Vec::new())),
        }
    })
}
