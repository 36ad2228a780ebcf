//! Lists in pages: a stream of all their items.

use std::collections::HashSet;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::{Call, CallFuture, Inputs};
use crate::client::Client;
use crate::descriptor::{Operation, Pages};
use crate::error::{Error, Mismatch};
use crate::input::Arguments;
use crate::response::Response;

/// All items of a list that the service returns in pages: a [`Stream`], and the method
/// [`next`](Self::next) for programs that use no streams.
///
/// Nothing is sent before the first item is asked for, and no page before its first item is.
/// Each page is a call of its own, with the inputs and settings of the call that this was made
/// of: its `limit` is the size of the pages, which otherwise the service chooses; its `offset` is
/// where the list begins. A page has to fit into the [response
/// limit](crate::ClientBuilder::max_response_bytes).
///
/// The pages are found by counting. On a list that does not change, the stream has every item
/// once, in the order of the service. On one that changes meanwhile, it has no id twice, and may
/// miss an entry that moved to a page that was read before. An item without an id is always
/// in the stream.
///
/// The stream ends at an empty page, or when it has counted as many entries as the service says
/// there are; a page that is shorter than its limit does not end it. It also ends after an error:
/// that of a call, or of kind [`InvalidResponse`](crate::ErrorKind::InvalidResponse) for a page
/// without an id that was not there before. The items before the error remain valid.
#[must_use = "a list does nothing until its items are asked for"]
pub struct Items<T> {
    operation: &'static Operation,
    pages: &'static Pages,
    /// Calls the operation for the page at an offset, or as the call is.
    fetch: Box<dyn Fn(Option<u64>) -> CallFuture<Value> + Send>,
    /// How many entries of the list were counted, with those that were skipped at first.
    offset: u64,
    total: Option<u64>,
    seen: HashSet<String>,
    page: std::vec::IntoIter<T>,
    loading: Option<CallFuture<Value>>,
    has_begun: bool,
    has_ended: bool,
}

impl<T> Items<T> {
    /// The items of a typed call; generated code makes it for operations with pages.
    #[allow(dead_code, reason = "a contract may have no pages")]
    pub(crate) fn of_call<I>(call: Call<I>, pages: &'static Pages) -> Self
    where
        I: Inputs<Value: Serialize>,
    {
        let begin = call.given().get(pages.offset).and_then(Value::as_u64);
        let fetch = move |offset: Option<u64>| -> CallFuture<Value> {
            let call = match offset {
                Some(offset) => call.with_parameter(pages.offset, offset),
                None => call.clone(),
            };
            Box::pin(async move { call.send().await?.into_json() })
        };
        Self::new(I::OPERATION, pages, begin, Box::new(fetch))
    }

    fn new(
        operation: &'static Operation,
        pages: &'static Pages,
        begin: Option<u64>,
        fetch: Box<dyn Fn(Option<u64>) -> CallFuture<Value> + Send>,
    ) -> Self {
        Self {
            operation,
            pages,
            fetch,
            offset: begin.unwrap_or_default(),
            total: None,
            seen: HashSet::new(),
            page: Vec::new().into_iter(),
            loading: None,
            has_begun: false,
            has_ended: false,
        }
    }

    /// How many entries the whole list has, as the last page says; `None` before the first
    /// page, and if the service does not say it.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.total
    }
}

impl<T: DeserializeOwned> Items<T> {
    /// The next item; `None` after the last one, and after an error.
    ///
    /// Dropping the future loses nothing: the next one goes on with the same page.
    ///
    /// # Errors
    ///
    /// The [`Error`] of the call for the next page, or one of kind
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) if the page has no id that was not
    /// there before.
    ///
    /// # Panics
    ///
    /// If it is not awaited in a Tokio runtime with I/O and time enabled.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes the items of a page that are not known yet.
    fn take(&mut self, page: Response<Value>) -> Result<(), Error> {
        let (mut value, raw, attempts) = page.into_parts();
        let items = match value.get_mut(self.pages.items).map(Value::take) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        self.total = self.pages.total.and_then(|total| value.get(total)?.as_u64());
        if items.is_empty() {
            self.has_ended = true;
            return Ok(());
        }
        let at = self.offset;
        self.offset = at.saturating_add(u64::try_from(items.len()).unwrap_or(u64::MAX));
        self.has_ended = self.total.is_some_and(|total| self.offset >= total);
        let (mut has_new_id, mut decoded) = (false, Vec::with_capacity(items.len()));
        let mut mismatch = None;
        for (index, item) in items.into_iter().enumerate() {
            if let Some(id) = item.get(self.pages.id).filter(|id| !id.is_null()) {
                if !self.seen.insert(id.to_string()) {
                    continue;
                }
                has_new_id = true;
            }
            match serde_json::from_value(item) {
                Ok(item) => decoded.push(item),
                Err(error) => {
                    let path = format!("{}[{index}]", self.pages.items);
                    mismatch = Some(Mismatch::at(path, error.to_string()));
                    break;
                }
            }
        }
        if mismatch.is_none() && !has_new_id {
            let reason = format!(
                "no entry of the page at offset {at} has a `{}` that was not on an earlier page",
                self.pages.id
            );
            mismatch = Some(Mismatch::at(self.pages.items.to_owned(), reason));
        }
        if mismatch.is_some() {
            let error = Error::invalid_response(self.operation.id, raw, mismatch);
            return Err(error.with_attempts(attempts, None));
        }
        self.page = decoded.into_iter();
        Ok(())
    }
}

// Nothing in it is pinned in place.
impl<T> Unpin for Items<T> {}

impl<T: DeserializeOwned> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if this.has_ended {
                return Poll::Ready(None);
            }
            let offset = this.has_begun.then_some(this.offset);
            let loading = this.loading.get_or_insert_with(|| (this.fetch)(offset));
            let loaded = ready!(loading.as_mut().poll(context));
            this.loading = None;
            this.has_begun = true;
            if let Err(error) = loaded.and_then(|page| this.take(page)) {
                this.has_ended = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("operation", &self.operation.id)
            .field("offset", &self.offset)
            .field("total", &self.total)
            .finish_non_exhaustive()
    }
}

impl Operation {
    /// All items of the list that the operation returns in pages, as JSON, for programs that
    /// learn only at run time which operation to call; `None` if the contract does not say how
    /// it is paged.
    ///
    /// The arguments are those of [`invoke`](Self::invoke), which each page is called with.
    #[must_use]
    pub fn items(&'static self, client: &Client, arguments: Arguments) -> Option<Items<Value>> {
        let pages = self.pages?;
        let client = client.clone();
        let begin = arguments.given(pages.offset).and_then(|offset| match offset {
            Value::String(text) => text.parse().ok(),
            other => other.as_u64(),
        });
        let fetch = move |offset: Option<u64>| -> CallFuture<Value> {
            let mut arguments = arguments.clone();
            if let Some(offset) = offset {
                arguments.set_parameter(pages.offset, offset.to_string());
            }
            Box::pin(self.invoke(&client, arguments))
        };
        Some(Items::new(self, pages, begin, Box::new(fetch)))
    }
}
