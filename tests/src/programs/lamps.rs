//! A server of the operations in `tests/contracts/additions/lamps.yaml`.

use std::collections::{BTreeMap, VecDeque};

use scripted_server::{CannedResponse, Request, Step};
use serde_json::{Value, json};

/// How many lamps there are in every room.
const COUNT: u64 = 25;

/// How the lamps glow that were lit, dimmed or scrapped: now, and after each look.
type Glows = BTreeMap<u64, VecDeque<&'static str>>;

/// A lamp that is not there.
const GONE: &str = "GONE";

/// What the server does with each request.
pub(crate) fn script() -> impl FnMut(&Request) -> Step + Send + 'static {
    let mut glows = Glows::new();
    move |request| {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let segments: Vec<&str> = path.split('/').skip(3).collect();
        let serial = |text: &str| text.parse::<u64>().unwrap();
        match (request.method.as_str(), segments.as_slice()) {
            ("GET", ["rooms", _, "lamps"]) => page(query, &mut glows),
            ("PUT", ["rooms", _, "lamps", lamp, "light"]) => {
                // One of them bursts.
                let end = if serial(lamp) == 13 { "BURST" } else { "BRIGHT" };
                glows.insert(serial(lamp), ["WARMING", "WARMING", end].into());
                Step::Respond(CannedResponse::new(204, ""))
            }
            ("GET", ["lamps", lamp]) => match glow(serial(lamp), &mut glows) {
                GONE => respond(404, &json!({ "error_code": "LAMPS.1", "error_msg": "No lamp." })),
                glow => respond(200, &json!({ "serial": serial(lamp), "glow": glow })),
            },
            ("DELETE", ["lamps", lamp]) => {
                glows.insert(serial(lamp), [GONE].into());
                Step::Respond(CannedResponse::new(204, ""))
            }
            ("POST", ["dimmings"]) => {
                let body: Value = serde_json::from_slice(&request.body).unwrap();
                let lamp = body["lamp"].as_u64().unwrap();
                // One of them is scrapped meanwhile.
                let end = if lamp == 13 { GONE } else { "DARK" };
                glows.insert(lamp, ["COOLING", end].into());
                respond(200, &json!({ "minutes": 1 }))
            }
            _ => respond(404, &json!({ "error_code": "LAMPS.2", "error_msg": "No such path." })),
        }
    }
}

/// How a lamp glows at this look.
fn glow(serial: u64, glows: &mut Glows) -> &'static str {
    match glows.get_mut(&serial) {
        None => "DARK",
        Some(later) if later.len() > 1 => later.pop_front().unwrap(),
        Some(last) => last[0],
    }
}

fn page(query: &str, glows: &mut Glows) -> Step {
    let number = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| *found == name).map(|(_, value)| value.parse::<u64>().unwrap())
    };
    let (begin, most) = (number("begin").unwrap_or(0), number("most").unwrap_or(5));
    let lamps: Vec<_> = (1..=COUNT)
        .skip(usize::try_from(begin).unwrap())
        .take(usize::try_from(most).unwrap())
        .map(|serial| json!({ "serial": serial, "glow": glow(serial, glows) }))
        .collect();
    respond(200, &json!({ "lamps": lamps, "count": COUNT }))
}

fn respond(status: u16, body: &Value) -> Step {
    Step::Respond(CannedResponse::new(status, body.to_string()))
}
