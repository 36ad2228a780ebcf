//! Makes calls whose inputs are wrong at every depth, by methods and by descriptor, and prints the
//! problems of each: path, location and message.

use nested_inputs::contract::{LIST_RULES, PUT_RULES};
use nested_inputs::types::{Condition, Level, Rule};
use nested_inputs::{Arguments, Client, Credentials, Error};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // Nothing is sent: nobody listens there.
    let client = Client::builder()
        .endpoint("http://127.0.0.1:9")
        .credentials(Credentials::token("token"))
        .build();
    let client = client.unwrap();

    let rule = Rule::new("far too long a name", [Condition::new("a", ["fine", ""])])
        .level("MEDIUM")
        .weight(0.0)
        .tags(["x", "y", "x"]);
    let no_condition = Rule::new("b", Vec::<Condition>::new()).level(Level::High);
    let put = client
        .put_rules()
        .shelf("one")
        .rules([rule.clone(), no_condition])
        .fallback(rule)
        .labels([("a".to_owned(), "".into())].into_iter().collect::<std::collections::HashMap<_, _>>())
        .grid([vec![1, 10], vec![1, 2, 3]]);
    show("put by methods", put.await.map(drop));

    let rule = json!({
        "name": "far too long a name",
        "conditions": [{"field": "a", "values": ["fine", ""]}],
        "level": "MEDIUM",
        "weight": 0.0,
        "tags": ["x", "y", "x"],
    });
    let body = json!({
        "rules": [rule, {"name": "b", "conditions": [], "level": "HIGH"}],
        "fallback": rule,
        "labels": {"a": ""},
        "grid": [[1, 10], [1, 2, 3]],
    });
    let put = PUT_RULES.invoke(&client, Arguments::new().parameter("shelf", "one").body(body));
    show("put by name", put.await.map(drop));

    let list = client
        .list_rules()
        .shelf("a/b")
        .limit(101)
        .level(["LOW".into(), "x".into(), Level::High])
        .x_language("far too long");
    show("list by methods", list.await.map(drop));

    let arguments = ["LOW", "x", "HIGH"].into_iter().fold(Arguments::new(), |all, level| {
        all.parameter("level", level)
    });
    let arguments = arguments
        .parameter("shelf", "a/b")
        .parameter("limit", "101")
        .parameter("X-Language", "far too long");
    show("list by name", LIST_RULES.invoke(&client, arguments).await.map(drop));

    let unreadable = Arguments::new()
        .parameter("shelf", "a")
        .parameter("shelf", "b")
        .parameter("limit", "many")
        .parameter("X-Language", "en")
        .parameter("X-Language", "de");
    show("list that cannot be read", LIST_RULES.invoke(&client, unreadable).await.map(drop));
}

fn show(title: &str, outcome: Result<(), Error>) {
    println!("{title}");
    match outcome {
        Ok(()) => println!("  no error"),
        Err(error) => {
            for problem in error.problems() {
                println!("  {} {}: {}", problem.location(), problem.field(), problem.message());
            }
        }
    }
}
