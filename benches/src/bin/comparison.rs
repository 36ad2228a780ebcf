//! Measures how the time of a comparison grows with the number of operations.
//!
//! ```text
//! cargo run --release -p dbss-benches --bin comparison
//! ```

use std::error::Error;
use std::fmt::Write;
use std::time::{Duration, Instant};

use spec_review::{DocumentText, Options, compare};

/// A document of `operations` operations: two path parameters, a query parameter, a body of its
/// own, three answers, of which two are shared. With `edited`, every tenth operation differs in a
/// limit of its body, every second one in the values of its answer, and the schema of all failures
/// differs as well. Where it is `entangled`, the answers refer to each other
/// in a ring, so that every operation is concerned by every change of any of them, and the report
/// itself grows with the square.
#[expect(clippy::too_many_lines, reason = "most of it is the document")]
fn document(operations: usize, edited: bool, entangled: bool) -> Result<String, std::fmt::Error> {
    let mut text =
        String::from("openapi: 3.0.3\ninfo:\n  title: Scale\n  version: 1.0.0\npaths:\n");
    for index in 0..operations {
        write!(
            text,
            r##"  /v1/{{project_id}}/things{index}/{{thing_id}}:
    post:
      operationId: Do{index}
      summary: Does thing {index}
      tags: [things]
      parameters:
        - $ref: "#/components/parameters/ProjectId"
        - name: thing_id
          in: path
          required: true
          schema:
            type: string
            maxLength: 64
        - name: limit
          in: query
          schema:
            type: integer
            minimum: 1
            maximum: 100
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Request{index}"
      responses:
        "200":
          description: Done
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Response{index}"
        "400":
          $ref: "#/components/responses/Error"
        default:
          $ref: "#/components/responses/Error"
"##
        )?;
    }
    text.push_str(
        r##"components:
  parameters:
    ProjectId:
      name: project_id
      in: path
      required: true
      schema:
        type: string
  responses:
    Error:
      description: Failed
      content:
        application/json:
          schema:
            $ref: "#/components/schemas/Error"
  schemas:
    Error:
      type: object
      properties:
        code:
          type: string
"##,
    );
    writeln!(text, "          maxLength: {}", if edited { 64 } else { 32 })?;
    for index in 0..operations {
        let states =
            if edited && index % 2 == 0 { "\"ON\", \"OFF\", \"HALF\"" } else { "\"ON\", \"OFF\"" };
        let limit = if edited && index % 10 == 0 { 8 } else { 16 };
        write!(
            text,
            r##"    Request{index}:
      type: object
      required: [name]
      properties:
        name:
          type: string
          minLength: 1
          maxLength: {limit}
        labels:
          type: array
          items:
            type: string
        parent:
          $ref: "#/components/schemas/Request{index}"
    Response{index}:
      type: object
      properties:
        id:
          type: string
        state:
          type: string
          enum: [{states}]
        next:
          $ref: "#/components/schemas/Response{}"
"##,
            if entangled { (index + 1) % operations } else { index }
        )?;
    }
    Ok(text)
}

fn measure(operations: usize, entangled: bool) -> Result<(Duration, usize), Box<dyn Error>> {
    let base = DocumentText::new("base.yaml", document(operations, false, entangled)?);
    let head = DocumentText::new("head.yaml", document(operations, true, entangled)?);
    let options = Options::default();
    let mut best = Duration::MAX;
    let mut findings = 0;
    for _ in 0..3 {
        let started = Instant::now();
        let report = compare(&base, &head, &options)?;
        best = best.min(started.elapsed());
        findings = report.findings.len();
    }
    Ok((best, findings))
}

fn main() -> Result<(), Box<dyn Error>> {
    for (entangled, title) in [(false, "schemas of their own"), (true, "schemas in one ring")] {
        println!("{title}");
        println!("{:>10} {:>10} {:>9} {:>14}", "operations", "time", "findings", "per operation");
        for operations in [125, 250, 500, 1_000] {
            let (time, findings) = measure(operations, entangled)?;
            let each = time / u32::try_from(operations)?;
            println!("{operations:>10} {time:>10.1?} {findings:>9} {each:>14.1?}");
        }
    }
    Ok(())
}
