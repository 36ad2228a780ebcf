//! The behaviour of the operations of the contract.

mod call;
mod lists;
mod operations;
mod power;
mod switch;

pub(crate) use self::operations::routes;
