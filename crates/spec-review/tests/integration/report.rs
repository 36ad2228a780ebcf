//! The rendered reports.

use std::error::Error;
use std::fmt::Write;

use serde_json::Value;
use spec_review::render::{Colour, JSON_SCHEMA, MARKDOWN_LIMIT, annotations, json, markdown, text};
use spec_review::{
    Approvals, Axis, Bump, DocumentText, FailOn, Level, Options, Report, Versions, WireVerdict,
    compare,
};

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n";

fn things(names: &[&str], limit: u32) -> String {
    let mut text = HEAD.to_owned();
    for name in names {
        let _ = write!(
            text,
            "  /{name}:\n    post:\n      operationId: Do{name}\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              properties:\n                value: {{type: string, maxLength: {limit}}}\n      responses:\n        \"204\": {{description: Done}}\n"
        );
    }
    text
}

fn review(old: &str, new: &str, options: &Options) -> Result<Report, Box<dyn Error>> {
    Ok(compare(&DocumentText::new("old.yaml", old), &DocumentText::new("new.yaml", new), options)?)
}

fn wire_only() -> Options {
    Options::default()
}

#[test]
fn renders_json_that_matches_its_schema() -> Result<(), Box<dyn Error>> {
    let schema: Value = serde_json::from_str(JSON_SCHEMA)?;
    let validator = jsonschema::validator_for(&schema)?;
    for (old, new) in [
        (things(&["a"], 9), things(&["a"], 5)),
        (things(&["a"], 5), things(&["b"], 5)),
        (HEAD.to_owned(), HEAD.to_owned()),
    ] {
        let report = json(&review(&old, &new, &wire_only())?);
        let errors: Vec<_> =
            validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{report:#}");
    }
    Ok(())
}

#[test]
fn renders_a_break_as_text() -> Result<(), Box<dyn Error>> {
    let report = review(&things(&["a"], 3), &things(&["a"], 2), &wire_only())?;
    let shown = text(&report, Colour::Never);
    let expected = "\
1 break in `Doa`: callers have to change what they send.

new.yaml:14:39: breaking[max-length]: POST /a › body.value: `maxLength` changed from 3 to 2 (in requests)
  was: old.yaml:14:39
  why: a caller that sends what was valid until now is refused
  instead: keep accepting what the old limit allowed
  used by: Doa
  proof: {\"value\":\"aaa\"} is accepted by the old document and refused by the new one
  of: the request of POST /a
  fingerprint: ";
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("\n  version of the contract: 2.0.0 (major) needed, none declared (1.0.0, unchanged): falls short\n"), "{shown}");
    assert!(!shown.contains('\u{1b}'));
    assert!(
        text(&report, Colour::Always).contains("\u{1b}[1m\u{1b}[31mbreaking[max-length]\u{1b}[0m")
    );
    Ok(())
}

#[test]
fn names_the_number_to_raise_of_versions_before_1_0_0() -> Result<(), Box<dyn Error>> {
    let (one, added, broken) = (things(&["a"], 3), things(&["a", "b"], 3), things(&["a"], 2));
    for (head, version, expected) in [
        (&added, "0.1.0", "0.1.1 (patch) needed, none declared (0.1.0, unchanged): falls short"),
        (&added, "0.1.1", "0.1.1 (patch) needed, patch declared (0.1.0 → 0.1.1)"),
        (&broken, "0.1.1", "0.2.0 (minor) needed, patch declared (0.1.0 → 0.1.1): falls short"),
        (&broken, "0.2.0", "0.2.0 (minor) needed, minor declared (0.1.0 → 0.2.0)"),
        (&broken, "1.0.0", "0.2.0 (minor) needed, major declared (0.1.0 → 1.0.0)"),
    ] {
        let versions = Versions::new("0.1.0", version).map(|version| Some(version.to_owned()));
        let report = review(&one, head, &Options::default().package_versions(versions))?;
        let line = format!("\n  version of the crate: {expected}\n");
        let shown = text(&report, Colour::Never);
        assert!(shown.contains(&line), "{line}{shown}");
        let line = format!("\n- Version of the crate: {expected}").replace(": falls short", "");
        assert!(markdown(&report).replace("**", "").contains(&line), "{line}");
    }
    Ok(())
}

#[test]
fn places_annotations_at_the_head_line() -> Result<(), Box<dyn Error>> {
    let shown = annotations(&review(&things(&["a"], 3), &things(&["a"], 2), &wire_only())?);
    assert!(shown.starts_with("::error file=new.yaml,line=14,col=39,title=breaking (wire)%3A max-length::POST /a › body.value: "), "{shown}");
    assert_eq!(shown.lines().count(), 1);
    Ok(())
}

#[test]
fn cuts_markdown_at_the_limit_and_counts_the_rest() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (0..400).map(|index| format!("thing{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (all, most) = (things(&names, 9), things(names.get(..350).ok_or("too few")?, 8));
    let report = review(&all, &most, &wire_only())?;
    let shown = markdown(&report);
    assert_eq!(report.count(Level::Breaking), 400);
    assert!(shown.chars().count() <= MARKDOWN_LIMIT, "{}", shown.len());
    // The most severe findings of many operations are listed; the others are counted.
    let listed = shown.matches(" · `operation-removed` · ").count()
        + shown.matches(" · `max-length` · ").count();
    assert!(listed > 150, "{listed}");
    assert!(shown.contains("\n  **Proof**, the request of `POST /thing"), "{shown}");
    assert!(shown.contains(&format!("\n> **{} more findings are not shown**", 400 - listed)));
    assert!(shown.contains("370 more breaks"), "{shown}");
    assert_eq!(shown.matches("<details>").count(), shown.matches("</details>").count());
    let start = "## API review: `old.yaml` → `new.yaml`\n\n**400 breaks in `Dothing";
    assert!(shown.starts_with(start), "{shown}");
    assert!(shown.contains("and 396 more operations: callers have to change what they send.**"));
    Ok(())
}

/// An operation with a body of some properties.
fn with_properties(required: &str, properties: &str) -> String {
    format!(
        "{HEAD}  /a:\n    post:\n      operationId: DoA\n      description: Does it.\n      requestBody:\n        required: true\n        content:\n          application/json:\n            schema:\n              type: object\n              required: [{required}]\n              properties: {{{properties}}}\n      responses:\n        \"204\": {{description: Done}}\n"
    )
}

#[test]
fn shows_required_properties_of_one_schema_as_one_item() -> Result<(), Box<dyn Error>> {
    let base = with_properties("x", "x: {type: string}");
    let head = with_properties(
        "x, b, c",
        "x: {type: string}, b: {type: string}, c: {type: integer}, d: {type: string}",
    );
    let report = review(&base, &head, &wire_only())?;
    assert_eq!(report.count(Level::Breaking), 2);
    let shown = markdown(&report);
    assert!(
        shown.contains("**1 break in `DoA`: callers have to change what they send.**"),
        "{shown}"
    );
    assert!(
        shown.contains(
            "\n#### `DoA` · `POST /a`\n\n- body: the required properties `b` and `c` were added (in requests)"
        ),
        "{shown}"
    );
    // One payload proves both: it has neither.
    assert_eq!(shown.matches("**Proof**").count(), 1, "{shown}");
    assert!(shown.contains("refuses: `{\"x\":\"\"}`\n"), "{shown}");
    // What was added has no place in the old document.
    assert!(!shown.contains("(was"), "{shown}");
    // The lines to paste approve both.
    assert_eq!(shown.matches("[[approval]]").count(), 2, "{shown}");
    assert_eq!(shown.matches("Instead: make it optional").count(), 1, "{shown}");
    let shown = text(&report, Colour::Never);
    assert_eq!(shown.matches("  fingerprint: ").count(), 3, "{shown}");
    assert!(!shown.contains("  was: "), "{shown}");
    assert_eq!(annotations(&report).lines().count(), 1);
    Ok(())
}

#[test]
fn gives_advice_for_the_direction_that_breaks() -> Result<(), Box<dyn Error>> {
    let response = |properties: &str| {
        things(&["a"], 3).replace(
            "{description: Done}",
            &format!("{{description: Done, content: {{application/json: {{schema: {{type: object, additionalProperties: false, properties: {{{properties}}}}}}}}}}}"),
        )
    };
    let report = review(
        &response("a: {type: string}"),
        &response("a: {type: string}, b: {type: string}"),
        &wire_only(),
    )?;
    let shown = text(&report, Colour::Never);
    assert!(shown.contains("instead: send it only to callers who ask for it"), "{shown}");
    assert!(!shown.contains("make it optional"), "{shown}");
    assert!(
        shown.starts_with("1 break in `Doa`: callers have to be ready for other responses.\n"),
        "{shown}"
    );
    Ok(())
}

#[test]
fn counts_changes_of_text_without_listing_them() -> Result<(), Box<dyn Error>> {
    let base = with_properties("x", "x: {type: string, description: a}");
    let head = base.replace("Does it.", "Does that.").replace("description: a", "description: b");
    let report = review(&base, &head, &wire_only())?;
    let shown = markdown(&report);
    assert!(shown.contains("**Nothing breaks: no caller has to act.**"), "{shown}");
    assert!(shown.contains("\nText changed: 2 × `description`.\n"), "{shown}");
    assert!(!shown.contains("Everything else"), "{shown}");
    assert!(text(&report, Colour::Never).contains("docs: changed (2 × description)"));
    Ok(())
}

#[test]
fn lists_what_concerns_several_operations_first_and_once() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (0..12).map(|index| format!("t{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let shared = |limit: u32, own: u32| {
        let text = things(&names, own).replace(
            &format!("{{type: string, maxLength: {own}}}"),
            "{$ref: '#/components/schemas/V'}",
        );
        format!("{text}components: {{schemas: {{V: {{type: string, maxLength: {limit}}}}}}}\n")
    };
    let head = shared(2, 9).replacen("operationId: Dot3", "deprecated: true\n      parameters: [{name: q, in: query, required: true, schema: {type: string}}]\n      operationId: Dot3", 1);
    let report = review(&shared(3, 9), &head, &wire_only())?;
    let shown = markdown(&report);
    let several = shown.find("#### Several operations").ok_or("no part for several operations")?;
    let one = shown.find("#### `Dot3` · `POST /t3`").ok_or("no part for the operation")?;
    assert!(several < one, "{shown}");
    assert_eq!(
        shown.matches("`maxLength` changed from 3 to 2 (in requests) ·").count(),
        1,
        "{shown}"
    );
    assert!(
        shown.contains("· in Dot0, Dot1, Dot10, Dot11, Dot2, Dot3, Dot4, Dot5 and 4 more"),
        "{shown}"
    );
    Ok(())
}

#[test]
fn shows_a_long_payload_by_the_value_that_is_refused() -> Result<(), Box<dyn Error>> {
    let required: Vec<String> = (0..20).map(|index| format!("p{index}")).collect();
    let properties: Vec<String> =
        required.iter().map(|name| format!("{name}: {{type: string, minLength: 1}}")).collect();
    let base = with_properties(&required.join(", "), &properties.join(", "));
    let head = base.replace("p7: {type: string, minLength: 1}", "p7: {type: string, minLength: 2}");
    let shown = markdown(&review(&base, &head, &wire_only())?);
    assert!(shown.contains("the old document accepts, the new one refuses: `/p7` = "), "{shown}");
    assert!(shown.contains("<summary>The whole payload (22 lines)</summary>"), "{shown}");
    Ok(())
}

#[test]
fn shows_ten_annotations_and_the_number_of_the_others() -> Result<(), Box<dyn Error>> {
    let names: Vec<String> = (0..12).map(|index| format!("t{index}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let report = review(&things(&names, 3), &things(&names, 2), &wire_only())?;
    let shown = annotations(&report);
    assert_eq!(shown.lines().count(), 10, "{shown}");
    assert!(
        shown.ends_with(
            "::error title=spec-review::3 more findings, 3 of them breaking: see the report\n"
        ),
        "{shown}"
    );
    Ok(())
}

#[test]
fn keeps_the_case_of_header_names() -> Result<(), Box<dyn Error>> {
    let with_key = |name: &str| {
        let text = things(&["a"], 3);
        format!(
            "{text}security: [{{k: []}}]\ncomponents: {{securitySchemes: {{k: {{type: apiKey, in: header, name: {name}}}}}}}\n"
        )
    };
    let report = review(&with_key("X-Auth-Token"), &with_key("X-Other"), &wire_only())?;
    let shown = text(&report, Colour::Never);
    assert!(shown.contains("apiKey in header `X-Auth-Token`"), "{shown}");
    assert!(review(&with_key("X-Auth"), &with_key("x-auth"), &wire_only())?.is_empty());
    Ok(())
}

#[test]
fn escapes_names_from_documents() -> Result<(), Box<dyn Error>> {
    let rename = |name: &str| things(&["a"], 3).replace("value:", name);
    let report =
        review(&rename("value:"), &rename("\"<img src=x> | @you `*` \\e[31m\":"), &wire_only())?;
    let shown = markdown(&report);
    assert!(!shown.contains("<img") || shown.contains("`<img") || shown.contains("``"), "{shown}");
    assert!(!text(&report, Colour::Never).contains('\u{1b}'));
    Ok(())
}

#[test]
fn approves_only_findings_with_a_listed_fingerprint() -> Result<(), Box<dyn Error>> {
    let (old, new) = (things(&["a", "b"], 3), things(&["a", "b"], 2));
    let open = review(&old, &new, &wire_only())?;
    assert!(open.fails(Axis::Wire, FailOn::Breaking) && !open.fails(Axis::Wire, FailOn::Never));
    let approve = |fingerprints: &[&str]| -> Result<Report, Box<dyn Error>> {
        let entries = fingerprints
            .iter()
            .map(|print| format!("[[approval]]\nfingerprint = \"{print}\"\nreason = \"agreed\"\n"));
        let approvals = Approvals::parse(&entries.collect::<String>())?;
        review(&old, &new, &wire_only().approvals(approvals))
    };
    let prints: Vec<&str> =
        open.findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
    let [first, second] = prints.as_slice() else {
        return Err("two findings were expected".into());
    };
    let one = approve(&[first, "0000000000000000"])?;
    assert!(one.fails(Axis::Wire, FailOn::Breaking));
    assert_eq!(one.unmatched_approvals.len(), 1);
    let both = approve(&[first, second])?;
    assert!(!both.fails(Axis::Wire, FailOn::Breaking));
    assert_eq!(both.verdict.wire, WireVerdict::Breaking);
    assert_eq!(both.bump.required(), Bump::Minor);
    Ok(())
}

#[test]
fn keeps_fingerprints_when_lines_or_order_change() -> Result<(), Box<dyn Error>> {
    let plain = review(&things(&["a", "b"], 3), &things(&["a", "b"], 2), &wire_only())?;
    let moved = review(
        &format!("# a comment\n\n{}", things(&["b", "a"], 3)),
        &format!("\n# another\n\n\n{}", things(&["b", "a"], 2)),
        &wire_only(),
    )?;
    let prints = |report: &Report| -> std::collections::BTreeSet<String> {
        report.findings.iter().map(|finding| finding.fingerprint.clone()).collect()
    };
    assert_eq!(prints(&plain), prints(&moved));
    Ok(())
}

#[test]
fn requires_the_version_bump_that_a_change_needs() -> Result<(), Box<dyn Error>> {
    let version = |text: String, version: &str| {
        text.replace("version: 1.0.0", &format!("version: {version}"))
    };
    for (head, required, short) in [
        (version(things(&["a"], 2), "1.1.0"), Bump::Major, true),
        (version(things(&["a"], 2), "2.0.0"), Bump::Major, false),
        (version(things(&["a"], 4), "1.1.0"), Bump::Minor, false),
        (version(things(&["a"], 4), "1.0.0"), Bump::Minor, true),
        (version(things(&["a"], 3).replace("title: T", "title: U"), "1.0.0"), Bump::Patch, false),
    ] {
        let report = review(&things(&["a"], 3), &head, &wire_only())?;
        assert_eq!((report.bump.required(), report.bump.falls_short()), (required, short));
    }
    Ok(())
}

#[test]
fn names_references_that_are_not_followed_whether_or_not_they_changed() -> Result<(), Box<dyn Error>>
{
    let document = |reference: &str| {
        let text = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1.0.0"}, "paths": {"/x": {"get": {
            "responses": {"200": {"description": "X.", "content": {"application/json": {"schema": {"$ref": "REF"}}}}}}}}}"#;
        DocumentText::new("api.json", text.replace("REF", reference))
    };
    let (old, new) = ("other.yaml#/X", "https://example.com/schemas.json#/X");
    for (base, head, wanted) in
        [(old, old, vec![old]), (old, new, vec![new, old]), (new, old, vec![new, old])]
    {
        let report = compare(&document(base), &document(head), &Options::default())?;
        assert_eq!(report.not_followed, wanted);
        assert!(report.verdict.partial);
        assert_eq!(report.is_empty(), base == head);
        let text = text(&report, Colour::Never);
        assert!(
            text.contains("(partial)")
                && text.contains("not compared, so the verdict is partial: what is behind"),
            "{text}"
        );
        let shown = markdown(&report);
        assert!(
            shown.contains("- Not compared, so the verdict is partial: what is behind `"),
            "{shown}"
        );
        for shown in [text, shown] {
            assert!(shown.contains("The verdict is partial: "), "{shown}");
        }
    }
    Ok(())
}

#[test]
fn says_once_that_an_alternative_of_only_nullable_is_read_as_null() -> Result<(), Box<dyn Error>> {
    let document = |limit: u32| {
        with_properties(
            "x",
            &format!(
                "x: {{anyOf: [{{type: string, maxLength: {limit}}}, {{nullable: true}}]}}, y: {{anyOf: [{{type: integer}}, {{nullable: true}}]}}"
            ),
        )
    };
    let report = review(&document(9), &document(8), &wire_only())?;
    let (text, markdown) = (text(&report, Colour::Never), markdown(&report));
    for shown in [text, markdown] {
        assert_eq!(
            shown.matches("says only `nullable: true` is read as `null`").count(),
            1,
            "{shown}"
        );
    }
    let plain = review(&things(&["a"], 3), &things(&["a"], 2), &wire_only())?;
    assert!(plain.read_as_null.is_none());
    Ok(())
}

#[test]
fn describes_a_payload_that_is_too_long_to_print() -> Result<(), Box<dyn Error>> {
    for (old, new, proof) in [
        (
            65535,
            65534,
            "a text of 65535 characters, too long to print, is accepted by the old document and refused by the new one",
        ),
        (
            10_485_760,
            70_000,
            "a text of 70001 characters, too long to print, is accepted by the old document",
        ),
    ] {
        let report = review(&things(&["a"], old), &things(&["a"], new), &wire_only())?;
        for shown in [text(&report, Colour::Never), markdown(&report)] {
            assert!(shown.contains(proof), "{shown}");
        }
    }
    Ok(())
}

#[test]
fn names_the_version_that_a_change_needs() -> Result<(), Box<dyn Error>> {
    for (version, needed) in [("1.4.2", "2.0.0 (major) needed"), ("0.1.0", "0.2.0 (minor) needed")]
    {
        let [old, new] = [3, 2].map(|limit| {
            things(&["a"], limit).replace("version: 1.0.0", &format!("version: {version}"))
        });
        let report = review(&old, &new, &wire_only())?;
        for shown in [text(&report, Colour::Never), markdown(&report)] {
            assert!(shown.contains(needed), "{shown}");
        }
    }
    Ok(())
}

#[test]
fn reports_a_list_at_the_schema_that_changed_where_another_list_limits_it_too()
-> Result<(), Box<dyn Error>> {
    let document = |values: &str| {
        let response = |name: &str| {
            format!(
                "{{description: D, content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}"
            )
        };
        format!(
            "{HEAD}  /a:\n    get: {{operationId: DoA, responses: {{\"200\": {}}}}}\n  /b:\n    get: {{operationId: DoB, responses: {{\"200\": {}}}}}\ncomponents:\n  schemas:\n    Compact: {{type: object, properties: {{kind: {{type: string, enum: [{values}]}}}}}}\n    Whole:\n      allOf:\n        - $ref: '#/components/schemas/Compact'\n        - {{type: object, properties: {{kind: {{type: string, enum: [one, two, three]}}}}}}\n",
            response("Compact"),
            response("Whole")
        )
    };
    let report = review(&document("one, two"), &document("one, two, three"), &wire_only())?;
    let found: Vec<_> = report.on_axis(Axis::Wire).collect();
    let [finding] = found.as_slice() else { return Err(format!("{found:#?}").into()) };
    assert_eq!(finding.subject.operations, ["DoA", "DoB"]);
    let pointer = "/components/schemas/Compact/properties/kind/enum";
    assert_eq!(finding.subject.locations.head.pointer, pointer);
    Ok(())
}
