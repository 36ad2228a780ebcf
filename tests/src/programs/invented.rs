//! Lists, lights, dims and scraps lamps by a client that is generated from the contract with
//! `tests/contracts/additions/lamps.yaml`, and prints what came of it.

mod lamps;

use std::time::Duration;

use dbss_client::types::{Lamp, LampGlow};
use dbss_client::{Arguments, Client, Credentials, WaitError, Waited, Waiting, contract};
use scripted_server::ScriptedServer;
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let server = ScriptedServer::with_script(lamps::script()).await.unwrap();
    let client = Client::builder()
        .endpoint(server.endpoint())
        .credentials(Credentials::token("token"))
        .project_id("0123456789abcdef0123456789abcdef")
        .build();
    let client = client.unwrap();

    let mut items = client.list_lamps().room("attic").begin(2).most(10).items();
    let mut serials = Vec::new();
    while let Some(lamp) = items.next().await {
        serials.push(lamp.unwrap().serial.unwrap());
    }
    println!("listed {serials:?} of {:?}, in {} pages", items.total(), server.request_count());

    let arguments = Arguments::new().parameter("room", "attic").parameter("begin", "20");
    let mut items = contract::LIST_LAMPS.items(&client, arguments).unwrap();
    let mut serials = Vec::new();
    while let Some(lamp) = items.next().await {
        serials.push(lamp.unwrap()["serial"].as_u64().unwrap());
    }
    println!("listed by name {serials:?}");

    let lit = client.light_lamp().room("attic").serial(25).colour("red").and_wait();
    show("lit", watched(lit).await);
    let burst = client.light_lamp().room("attic").serial(13).colour("red").and_wait();
    show("burst", watched(burst).await);
    let dimmed = client.dim_lamp().lamp(25).and_wait();
    show("dimmed", watched(dimmed).await);
    let body = json!({ "lamp": 7 });
    let dimmed = contract::DIM_LAMP.invoke_and_wait(&client, Arguments::new().body(body)).unwrap();
    let dimmed: Waited<Value> = dimmed.first_look(Duration::ZERO).await.unwrap();
    println!("dimmed by name: {}", dimmed.item());
    show("gone", watched(client.dim_lamp().lamp(13).and_wait()).await);

    client.scrap_lamp().serial(7).await.unwrap();
    println!("scrapped: {}", client.show_lamp().serial(7).await.unwrap_err());
}

/// Waits, as fast as a wait may be, and prints what is seen.
async fn watched(waiting: Waiting<Lamp>) -> Result<Waited<Lamp>, WaitError> {
    let waiting = waiting.first_look(Duration::ZERO).max_interval(Duration::ZERO);
    waiting.on_look(|look| println!("  {:?} {:?}", look.condition(), look.state())).await
}

fn show(title: &str, ended: Result<Waited<Lamp>, WaitError>) {
    match ended {
        Ok(waited) => {
            let is_dark = waited.item().glow == Some(LampGlow::Dark);
            println!("{title}: {:?}, dark: {is_dark}", waited.item().serial);
        }
        Err(error) => println!("{title}: {:?}, last seen {:?}", error.kind(), error.last_seen()),
    }
}
