//! A program that makes the calls it reads from a file, each to a server of its own, and prints what
//! the server read and what the caller got. It is compiled with the clients of contracts; what
//! differs by contract is written beside it.

#![allow(deprecated, reason = "every operation is called")]

use std::future::Future;
use std::pin::Pin;

use scripted_server::{CannedResponse, ScriptedServer, Step};
use serde_json::{Value, json};

// (modules)
pub(crate) type Running = Pin<Box<dyn Future<Output = Result<Value, String>>>>;

/// What the client of a contract does with a call: by the function of that number, or else as a
/// descriptor.
#[macro_export]
macro_rules! client {
    ($client:ident, [$($call:ident,)*]) => {
        const CALLS: &[fn(&$client::Client) -> $crate::Running] = &[$($call),*];

        pub(crate) async fn run(
            endpoint: String,
            call: &::serde_json::Value,
        ) -> Result<::serde_json::Value, String> {
            let client = $client::Client::builder()
                .endpoint(endpoint)
                .credentials($client::Credentials::token("token"))
                .retry($client::RetryPolicy::none())
                .build()
                .map_err(|error| error.to_string())?;
            if let Some(number) = call["function"].as_u64() {
                return CALLS[number as usize](&client).await;
            }
            let operation = $client::contract::API
                .operation(call["operation"].as_str().unwrap())
                .ok_or("there is no such descriptor")?;
            let mut arguments = $client::Arguments::new();
            for parameter in call["parameters"].as_array().unwrap() {
                let text = |index: usize| parameter[index].as_str().unwrap();
                arguments = arguments.parameter(text(0), text(1));
            }
            if !call["body"].is_null() {
                arguments = arguments.body(call["body"].clone());
            }
            let response = operation.invoke(&client, arguments).await;
            response.map(|response| response.value().clone()).map_err(|error| error.to_string())
        }

        fn finish<C, T>(call: C) -> $crate::Running
        where
            C: ::std::future::IntoFuture<
                    Output = Result<$client::Response<T>, $client::Error>,
                > + 'static,
            T: ::serde::Serialize + 'static,
        {
            Box::pin(async move {
                let response = call.await.map_err(|error| error.to_string())?;
                ::serde_json::to_value(response.value()).map_err(|error| error.to_string())
            })
        }
    };
}

async fn run(endpoint: String, call: &Value) -> Result<Value, String> {
    match call["client"].as_str().unwrap() {
// (clients)
        other => Err(format!("there is no client {other}")),
    }
}

#[tokio::main]
async fn main() {
    let calls = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let calls: Vec<Value> = serde_json::from_str(&calls).unwrap();
    for call in &calls {
        let status = call["status"].as_u64().unwrap() as u16;
        let body = call["response"].as_str().unwrap_or_default();
        let response = CannedResponse::new(status, body);
        let server = ScriptedServer::always(Step::Respond(response)).await.unwrap();
        let result = match run(server.endpoint(), call).await {
            Ok(value) => json!({ "value": value }),
            Err(error) => json!({ "error": error }),
        };
        let requests: Vec<Value> = server
            .requests()
            .iter()
            .map(|request| {
                json!({
                    "method": request.method,
                    "path": request.path,
                    "headers": request.headers,
                    "body": request.text(),
                })
            })
            .collect();
        println!("{}", json!({ "requests": requests, "result": result }));
    }
}
