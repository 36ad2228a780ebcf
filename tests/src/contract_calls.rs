//! Calls of every operation of a contract, whichever it is, compared with what the contract says.
//!
//! The contract is read here once more, by code that shares nothing with the generator: what is
//! expected of a call does not come from what is tested. From it a program is written that makes the
//! calls, because nothing finds a method of the facade by its name at run time.

pub mod compare;
pub mod document;
pub mod expression;
pub mod program;
pub mod sample;
