#![doc = include_str!("../README.md")]

mod contract;
pub mod diagnostic;
pub mod document;
mod generate;
pub mod lint;

pub use contract::{Contract, Error};
pub use generate::{GeneratedFile, HEADER};
