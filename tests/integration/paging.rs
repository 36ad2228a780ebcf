//! Lists in pages: what a stream of all items contains, and where it ends.

use std::collections::BTreeSet;
use std::ops::Range;

use dbss_client::types::AuditInstance;
use dbss_client::{Arguments, Client, ErrorKind, Items, contract};
use dbss_tests::calls::builder;
use dbss_tests::fake_clock::FakeClock;
use scripted_server::{CannedResponse, Request, ScriptedServer, Step};
use serde_json::{Value, json};

/// Offset and limit of a request, or what the contract has as their defaults.
fn position(request: &Request) -> (usize, usize) {
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).and_then(|(_, value)| value.parse().ok())
    };
    (value("offset").unwrap_or(0), value("limit").unwrap_or(100))
}

fn entry(number: usize) -> Value {
    json!({ "id": format!("{number:032}"), "name": format!("instance-{number}") })
}

fn page(items: &[Value], total: impl Into<Value>) -> Step {
    let body = json!({ "instances": items, "total": total.into() });
    Step::Respond(CannedResponse::new(200, body.to_string()))
}

/// The page of a list that a request asks for.
fn cut(list: &[Value], request: &Request) -> Step {
    let (offset, limit) = position(request);
    let from = offset.min(list.len());
    page(&list[from..(from + limit).min(list.len())], list.len())
}

fn entries(numbers: Range<usize>) -> Vec<Value> {
    numbers.map(entry).collect()
}

async fn server(script: impl FnMut(&Request) -> Step + Send + 'static) -> (ScriptedServer, Client) {
    let server = ScriptedServer::with_script(script).await.unwrap();
    let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
    (server, client)
}

/// The names of the items up to the end or an error, and the error.
async fn names(mut items: Items<AuditInstance>) -> (Vec<String>, Option<dbss_client::Error>) {
    let mut names = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(item) => names.push(item.name.unwrap_or_default()),
            Err(error) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                return (names, Some(error));
            }
        }
    }
    (names, None)
}

fn expected(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|number| format!("instance-{number}")).collect()
}

#[tokio::test]
async fn lists_2500_items_once_and_in_order_whatever_the_size_of_the_pages() {
    for (limit, pages) in [(None, 25), (Some(1000), 3), (Some(7), 358), (Some(500), 5)] {
        let list = entries(0..2500);
        let (server, client) = server(move |request| cut(&list, request)).await;
        let mut call = client.list_audit_instances_last();
        if let Some(limit) = limit {
            call = call.limit(limit);
        }
        let (names, error) = names(call.items()).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(names, expected(0..2500), "limit {limit:?}");
        assert_eq!(server.request_count(), pages, "limit {limit:?}");
    }
}

#[tokio::test]
async fn begins_at_the_offset_of_the_call() {
    let list = entries(0..25);
    let (server, client) = server(move |request| cut(&list, request)).await;
    let items = client.list_audit_instances_last().offset(5).limit(10).items();
    assert_eq!(names(items).await.0, expected(5..25));
    let asked: Vec<_> = server.requests().iter().map(position).collect();
    assert_eq!(asked, [(5, 10), (15, 10)]);
}

#[tokio::test]
async fn requests_a_page_when_its_first_item_is_asked_for() {
    let list = entries(0..30);
    let (server, client) = server(move |request| cut(&list, request)).await;
    let mut items = client.list_audit_instances_last().limit(10).items();
    assert_eq!((server.request_count(), items.total()), (0, None));
    for number in 1..=30 {
        items.next().await.unwrap().unwrap();
        assert_eq!(server.request_count(), (number - 1) / 10 + 1, "item {number}");
        assert_eq!(items.total(), Some(30));
    }
    assert!(items.next().await.is_none());
    assert_eq!(server.request_count(), 3);
}

#[tokio::test]
async fn ends_at_an_empty_page_or_at_the_total_and_not_at_a_short_page() {
    let full = |range: Range<usize>, total: Value| (entries(range), total);
    let rows = [
        ("total reached", vec![full(0..10, json!(15)), full(10..15, json!(15))], 15),
        (
            "short page",
            vec![full(0..3, json!(15)), full(3..10, json!(15)), full(10..15, json!(15))],
            15,
        ),
        (
            "no total",
            vec![full(0..10, json!(null)), full(10..12, json!(null)), full(0..0, json!(null))],
            12,
        ),
        ("total too large", vec![full(0..10, json!(99)), full(0..0, json!(99))], 10),
        ("negative total", vec![full(0..10, json!(-1)), full(0..0, json!(-1))], 10),
        ("nothing", vec![full(0..0, json!(0))], 0),
    ];
    for (name, pages, count) in rows {
        let steps = pages.iter().map(|(items, total)| page(items, total.clone()));
        let server = ScriptedServer::sequence(steps).await.unwrap();
        let client = builder(server.endpoint(), &FakeClock::default()).build().unwrap();
        let (found, error) = names(client.list_audit_instances_last().limit(10).items()).await;
        assert!(error.is_none(), "{name}: {error:?}");
        assert_eq!(found, expected(0..count), "{name}");
        assert_eq!(server.request_count(), pages.len(), "{name}");
    }
}

#[tokio::test]
async fn has_no_id_twice_when_the_list_changes_meanwhile() {
    // Before each page, an entry comes in front of the list, or the first one goes.
    for grows in [true, false] {
        let mut list = entries(1000..1100);
        let mut next = 999;
        let (_server, client) = server(move |request| {
            if grows {
                list.insert(0, entry(next));
                next -= 1;
            } else {
                list.remove(0);
            }
            cut(&list, request)
        })
        .await;
        let (found, error) = names(client.list_audit_instances_last().limit(10).items()).await;
        assert!(error.is_none(), "{error:?}");
        let distinct: BTreeSet<_> = found.iter().collect();
        assert_eq!(distinct.len(), found.len(), "grows: {grows}");
        assert!(found.len() >= 50, "{} found", found.len());
    }
}

#[tokio::test]
async fn returns_an_error_for_a_page_without_a_new_id_and_keeps_what_came_before() {
    // A service that ignores the offset would be asked for ever.
    let list = entries(0..10);
    let (server, client) = server(move |_| page(&list, 1000)).await;
    let (found, error) = names(client.list_audit_instances_last().limit(10).items()).await;
    assert_eq!(found, expected(0..10));
    let error = error.unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(error.to_string().contains("the page at offset 10"), "{error}");
    assert_eq!(server.request_count(), 2);
}

#[tokio::test]
async fn keeps_the_items_before_an_error_in_the_middle() {
    let list = entries(0..30);
    let (_server, client) = server(move |request| match position(request) {
        (20, _) => Step::Respond(CannedResponse::new(403, r#"{"error_code":"C","error_msg":"M"}"#)),
        _ => cut(&list, request),
    })
    .await;
    let (found, error) = names(client.list_audit_instances_last().limit(10).items()).await;
    assert_eq!(found, expected(0..20));
    assert_eq!(error.unwrap().status(), Some(403));
}

#[tokio::test]
async fn retries_a_page_as_any_call() {
    let list = entries(0..30);
    let mut failures = 2;
    let (_server, client) = server(move |request| match position(request) {
        (10, _) if failures > 0 => {
            failures -= 1;
            Step::Respond(CannedResponse::new(503, "{}"))
        }
        _ => cut(&list, request),
    })
    .await;
    let (found, error) = names(client.list_audit_instances_last().limit(10).items()).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(found, expected(0..30));
}

#[tokio::test]
async fn lists_by_name_as_by_the_typed_call() {
    for operation in contract::API.operations {
        let has_pages = operation.pages.is_some();
        let client = builder("http://127.0.0.1:1", &FakeClock::default()).build().unwrap();
        assert_eq!(
            operation.items(&client, Arguments::new()).is_some(),
            has_pages,
            "{operation:?}"
        );
    }
    let list = entries(0..2500);
    let (server, client) = server(move |request| cut(&list, request)).await;
    let arguments = Arguments::new().parameter("limit", "1000").parameter("offset", "100");
    let mut items = contract::LIST_AUDIT_INSTANCES_LAST.items(&client, arguments).unwrap();
    let mut names = Vec::new();
    while let Some(item) = items.next().await {
        names.push(item.unwrap()["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(names, expected(100..2500));
    assert_eq!((items.total(), server.request_count()), (Some(2500), 3));
}

#[tokio::test]
async fn reports_an_offset_or_limit_that_does_not_fit_before_anything_is_sent() {
    let (server, client) = server(|_| page(&[], 0)).await;
    for (name, value) in [("offset", "-1"), ("offset", "x"), ("limit", "0"), ("limit", "1001")] {
        let arguments = Arguments::new().parameter(name, value);
        let mut items = contract::LIST_AUDIT_INSTANCES_LAST.items(&client, arguments).unwrap();
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name} {value}");
        assert_eq!(error.problems()[0].field(), name, "{name} {value}");
    }
    assert_eq!(server.request_count(), 0);
}
