//! Integration tests: the scripts that CI runs on pull requests.
#![cfg(unix)]

mod post_review;
mod review;
