#![doc = include_str!("../README.md")]

mod contract;
mod generate;
pub mod lint;
mod names;
mod nullable;
mod rules;

pub use contract::{Contract, Error};
pub use generate::{GeneratedFile, HEADER};
