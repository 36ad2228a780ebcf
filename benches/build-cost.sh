#!/usr/bin/env bash
# What it costs to build a crate that depends on the client, in CPU seconds
# (user + system) of a clean debug build, beside the same crate on bare reqwest,
# serde and serde_json with the same TLS. Best of three each, and the ratios.
#
# Dependencies are downloaded before anything is measured.
#
# usage: benches/build-cost.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

crate() { # name, dependencies
    mkdir -p "$work/$1/src"
    cat > "$work/$1/Cargo.toml" <<TOML
[package]
name = "downstream"
version = "0.0.0"
edition = "2024"

[dependencies]
$2

[workspace]
TOML
    cp "$root/Cargo.lock" "$work/$1/Cargo.lock"
}

crate bare 'reqwest = { version = "0.13", default-features = false, features = ["json", "rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"'
cat > "$work/bare/src/lib.rs" <<'RUST'
#[derive(serde::Serialize)]
pub struct Stop<'a> { pub instance_id: &'a str }
#[derive(serde::Deserialize)]
pub struct Stopped { pub result: Option<String> }
pub async fn stop(client: &reqwest::Client, url: &str, token: &str, id: &str) -> reqwest::Result<Stopped> {
    client.post(url).header("x-auth-token", token).json(&Stop { instance_id: id }).send().await?.json().await
}
pub fn parse(text: &str) -> serde_json::Result<Stopped> { serde_json::from_str(text) }
pub fn provider() -> rustls::crypto::CryptoProvider { rustls::crypto::ring::default_provider() }
RUST

crate prebuilt "dbss-client = { path = \"$root/crates/dbss-client\", default-features = false, features = [\"rustls\"] }"
crate build-time "dbss-client = { path = \"$root/crates/dbss-client\", default-features = false, features = [\"rustls\", \"codegen\"] }"
for name in prebuilt build-time; do
    cat > "$work/$name/src/lib.rs" <<'RUST'
pub async fn stop(client: &dbss_client::Client, id: &str) -> Result<Option<String>, dbss_client::Error> {
    Ok(client.stop_audit_instance().instance_id(id).await?.into_value().result)
}
RUST
done

measure() { # name -> CPU seconds on standard output
    rm -rf "$work/$1/target"
    ( cd "$work/$1" && TIMEFORMAT='%U %S' && { time CARGO_INCREMENTAL=0 CARGO_TARGET_DIR=target cargo build --quiet --offline 2>/dev/null; } 2>&1 ) \
        | awk '{ printf "%.1f\n", $1 + $2 }'
}

for name in bare prebuilt build-time; do
    ( cd "$work/$name" && cargo fetch --quiet )
done
declare -A best
for round in 1 2 3; do
    for name in bare prebuilt build-time; do
        seconds=$(measure "$name")
        echo "round $round: $name $seconds CPU s" >&2
        best[$name]=$(printf '%s\n%s\n' "${best[$name]:-$seconds}" "$seconds" | sort -g | head -n 1)
    done
done
for name in prebuilt build-time; do
    awk -v name="$name" -v own="${best[$name]}" -v bare="${best[bare]}" \
        'BEGIN { printf "%s / bare = %.2f (%s / %s CPU s)\n", name, own / bare, own, bare }'
done
