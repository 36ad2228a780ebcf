//! The behaviour of the operations of the contract.

mod call;
mod operations;
mod stop;
mod switch;

pub(crate) use self::operations::routes;
