//! Measures how the time to load, check and generate contracts grows from 10 to 100 and 1,000
//! operations: the ratio of each size to the one before, best of five.
//!
//! ```text
//! cargo run --release -p dbss-benches --bin generation
//! ```

use std::time::{Duration, Instant};

use dbss_codegen::Contract;
use dbss_tests::random;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut before: Option<[Duration; 2]> = None;
    for operations in [10, 100, 1_000] {
        let text = random::contract(7, operations);
        let (mut parse, mut generate, mut lines) = (Duration::MAX, Duration::MAX, 0);
        for _ in 0..5 {
            let start = Instant::now();
            let contract = Contract::parse("measured", text.clone())?;
            parse = parse.min(start.elapsed());
            let start = Instant::now();
            let files = contract.generate()?;
            generate = generate.min(start.elapsed());
            lines = files.iter().map(|file| file.text.lines().count()).sum();
        }
        print!("{operations:5} operations, {lines:7} lines generated");
        if let Some([parse_before, generate_before]) = before {
            let ratio = |now: Duration, then: Duration| now.as_secs_f64() / then.as_secs_f64();
            print!(
                ": load and check x{:.1}, generate x{:.1}",
                ratio(parse, parse_before),
                ratio(generate, generate_before)
            );
        }
        println!();
        before = Some([parse, generate]);
    }
    Ok(())
}
