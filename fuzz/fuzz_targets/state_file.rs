//! A state file is read, and an emulator is started with the state. It must not panic, and a
//! message must have no control character.

#![no_main]

use std::sync::LazyLock;

use dbss_emulator::{Emulator, State};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime starts"));

fuzz_target!(|data: &[u8]| {
    let message = match State::read_yaml(data) {
        Err(invalid) => invalid.to_string(),
        Ok(state) => match RUNTIME.block_on(Emulator::builder().state(state).start()) {
            Err(invalid) => invalid.to_string(),
            Ok(_) => return,
        },
    };
    assert!(!message.contains(char::is_control), "{message:?}");
});
