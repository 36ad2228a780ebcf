//! Compares two documents and prints the report.
//!
//! ```text
//! cargo run -p spec-review --example review -- BASE HEAD [text|colour|markdown|json|annotations] [--wire]
//! ```

#[path = "../tests/integration/codegen.rs"]
mod codegen;

use std::error::Error;
use std::process::ExitCode;

use spec_review::render::{Colour, annotations, json, markdown, text};
use spec_review::{Axis, DocumentText, FailOn, Options, compare};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::from(1),
        Ok(false) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  {error}");
                cause = error.source();
            }
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, head, rest @ ..] = arguments.as_slice() else { return Err("give two files".into()) };
    let read = |path: &String| -> Result<DocumentText, Box<dyn Error>> {
        Ok(DocumentText::new(path, openapi_document::read_text(path)?))
    };
    let only_wire = rest.iter().any(|flag| flag == "--wire");
    let options = if only_wire { Options::default() } else { codegen::with_rust() };
    let started = std::time::Instant::now();
    let report = compare(&read(base)?, &read(head)?, &options)?;
    if rest.iter().any(|flag| flag == "--time") {
        eprintln!("{:?}", started.elapsed());
    }
    match rest.first().map_or("text", String::as_str) {
        "markdown" => print!("{}", markdown(&report)),
        "json" => println!("{}", serde_json::to_string_pretty(&json(&report))?),
        "annotations" => print!("{}", annotations(&report)),
        "colour" => print!("{}", text(&report, Colour::Always)),
        _ => print!("{}", text(&report, Colour::Never)),
    }
    Ok([Axis::Wire, Axis::Rust].into_iter().any(|axis| report.fails(axis, FailOn::Breaking)))
}
