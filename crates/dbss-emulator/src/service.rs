//! The service itself: what each operation of the contract does.

mod call;
mod operations;
mod stop;
mod switch;

pub(crate) use self::operations::routes;
