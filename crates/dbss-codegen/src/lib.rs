#![doc = include_str!("../README.md")]

mod contract;
pub mod derived;
mod generate;
pub mod lint;
mod rules;

pub use contract::{Contract, Error};
pub use generate::{GeneratedFile, HEADER};
