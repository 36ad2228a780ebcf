//! Integration tests: what the commands print, and the scripts that CI runs on pull requests.
#![cfg(unix)]

mod output;
mod post_review;
mod review;
