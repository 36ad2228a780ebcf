//! Additions to our own contract, which must not break the generated client.

use std::error::Error;

use spec_review::render::message;
use spec_review::{Axis, DocumentText, Level, compare};

use crate::codegen::with_rust;

/// Every generated enum is open, so another use of one changes no type.
#[test]
fn reports_an_operation_that_responds_with_an_enum_of_requests_as_additive()
-> Result<(), Box<dyn Error>> {
    const OPERATION: &str = r##"paths:
  /v2/{project_id}/audit/rule/scopes/status:
    get:
      operationId: ShowAuditScopeStatus
      tags: [audit-scope]
      summary: Show the status of an audit scope
      description: Shows it.
      x-dbss-idempotent: true
      parameters:
        - $ref: "#/components/parameters/ProjectId"
      responses:
        "200":
          description: The status.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/AuditScopeStatus"}
"##;
    let base = include_str!("../../../../openapi/dbss.yaml");
    let head = base.replacen("paths:\n", OPERATION, 1);
    let document = |text: &str| DocumentText::new("dbss.yaml", text);
    let report = compare(&document(base), &document(&head), &with_rust())?;
    assert!(report.rust_unavailable.is_none(), "{:?}", report.rust_unavailable);
    let found: Vec<_> = report.on_axis(Axis::Rust).map(|f| (f.level, message(f))).collect();
    assert!(!found.is_empty());
    for (level, message) in &found {
        assert_eq!(*level, Level::Info, "{message}");
    }
    Ok(())
}
