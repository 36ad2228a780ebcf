#!/usr/bin/env bash
# Calls through a real proxy, tinyproxy: to the emulator, in clear text because that is asked for;
# to a server with TLS, through a tunnel; what NO_PROXY excepts; and the refusal to send a token to
# the proxy in clear text.
#
#   bash tests/interop/proxy.sh
#
# The proxy is the system's, if it is installed, else the package of the system's archive is
# unpacked into target/interop/proxy (Debian and its kin). Without either, this script says that
# it has checked nothing. See support.sh for the environment.
#
# Exit codes: 0 every check passed, 1 one failed, 2 it could not do its work.
set -euo pipefail
name=proxy
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

# The variables that support.sh sets, or that the caller has, would decide what this is to find
# out.
unset HTTPS_PROXY https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE

find_tinyproxy() {
  tinyproxy=$(command -v tinyproxy || true)
  [ -z "$tinyproxy" ] || return 0
  local unpacked=$cache/unpacked
  tinyproxy=$unpacked/usr/bin/tinyproxy
  [ ! -x "$tinyproxy" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip tinyproxy
  rm -rf "$cache/download" && mkdir -p "$cache/download" "$unpacked"
  (cd "$cache/download" && apt-get download tinyproxy-bin) >"$cache/download.log" 2>&1 ||
    (cd "$cache/download" && apt-get download tinyproxy) >>"$cache/download.log" 2>&1 || skip tinyproxy
  dpkg-deb -x "$cache"/download/*.deb "$unpacked" || fail "the package of tinyproxy cannot be unpacked"
  [ -x "$tinyproxy" ] || fail "there is no tinyproxy in its package"
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start_proxy: sets `proxy` (its address). It logs each request to proxy.log.
start_proxy() {
  local port
  port=$(free_port)
  cat >"$cache/tinyproxy.conf" <<CONF
Port $port
Listen 127.0.0.1
Timeout 60
LogLevel Connect
LogFile "$cache/proxy.log"
MaxClients 20
Allow 127.0.0.1
BasicAuth operator pr0xy-password
CONF
  : >"$cache/proxy.log"
  "$tinyproxy" -d -c "$cache/tinyproxy.conf" >"$cache/proxy.out" 2>&1 </dev/null &
  processes+=("$!")
  wait_for 20 bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null ||
    fail "tinyproxy does not start" "$cache/proxy.out"
  proxy=http://operator:pr0xy-password@127.0.0.1:$port
}

# start_tls_server: sets `tls_port` and `certificate`. Whatever is asked, it responds with an empty
# list, and writes down the token that it got.
start_tls_server() {
  certificate=$cache/server.pem
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -addext basicConstraints=critical,CA:FALSE -keyout "$cache/server.key" -out "$certificate" \
    2>"$cache/openssl.log" || fail "openssl cannot make a certificate" "$cache/openssl.log"
  : >"$cache/tls.port"
  python3 - "$certificate" "$cache/server.key" >"$cache/tls.port" 2>"$cache/tls.err" <<'SERVER' &
import http.server, ssl, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        print("token:", self.headers["X-Auth-Token"], flush=True)
        body = b'{"instances":[],"total":0}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

server = http.server.HTTPServer(("0.0.0.0", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print("port:", server.server_address[1], flush=True)
server.serve_forever()
SERVER
  processes+=("$!")
  wait_for 20 grep -q '^port:' "$cache/tls.port" || fail "the server with TLS does not start" "$cache/tls.err"
  tls_port=$(sed -n 's/^port: //p' "$cache/tls.port")
}

status=0

# check WHAT EXPECTED_OUTPUT EXPECTED_REQUESTS VARIABLE=VALUE... : runs the program with these
# variables, and counts what the proxy got.
check() {
  local what=$1 expected=$2 requests=$3 printed before after
  shift 3
  before=$(grep -c 'Request' "$cache/proxy.log" || true)
  printed=$(env "$@" "$program" 2>&1 || true)
  # The log is written when the connection is taken, before the response.
  after=$(grep -c 'Request' "$cache/proxy.log" || true)
  if [[ $printed != *"$expected"* ]] || [ $((after - before)) -ne "$requests" ] || [[ $printed == *pr0xy-password* ]]; then
    echo "$name: FAILED: $what: $((after - before)) requests to the proxy, not $requests; printed: $printed" >&2
    status=1
  else
    echo "$name: ok: $what"
  fi
}

command -v python3 >/dev/null || skip python3
command -v openssl >/dev/null || skip openssl
find_tinyproxy
build_ours --bin dbss-emulator --example interop_proxy
program=$(built interop_proxy)
# A name of this machine that is no loopback address to the client, so that it asks the proxy.
host=$(hostname)
start_emulator --allow-host "$host" --host 0.0.0.0
port=${endpoint##*:}
start_tls_server
start_proxy

at=http://$host:$port
check 'plain http to a name is refused' 'in clear text' 0 \
  ENDPOINT="$at" HTTP_PROXY="$proxy"
check 'plain http goes through the proxy when asked by name' 'called' 1 \
  ENDPOINT="$at" PLAIN_HTTP=1 HTTP_PROXY="$proxy"
check 'the variable may be in lower case, or ALL_PROXY' 'called' 1 \
  ENDPOINT="$at" PLAIN_HTTP=1 all_proxy="$proxy"
check 'NO_PROXY excepts the host' 'called' 0 \
  ENDPOINT="$at" PLAIN_HTTP=1 HTTP_PROXY="$proxy" NO_PROXY="example.com,$host"
check 'loopback is called directly' 'called' 0 \
  ENDPOINT="http://127.0.0.1:$port" PLAIN_HTTP=1 HTTP_PROXY="$proxy"
check 'a proxy that is given precedes the variables' 'called' 1 \
  ENDPOINT="$at" PLAIN_HTTP=1 PROXY="$proxy" HTTP_PROXY=http://127.0.0.1:9
check 'https goes through a tunnel' 'called' 1 \
  ENDPOINT="https://$host:$tls_port" HTTPS_PROXY="$proxy" SSL_CERT_FILE="$certificate"
grep -q 'token: emulator-token' "$cache/tls.port" || fail "the server with TLS got no token"
check 'NO_PROXY excepts the host from the tunnel too' 'called' 0 \
  ENDPOINT="https://$host:$tls_port" HTTPS_PROXY="$proxy" no_proxy="$host" SSL_CERT_FILE="$certificate"
check 'a certificate that is not trusted is described' 'self-signed' 1 \
  ENDPOINT="https://$host:$tls_port" HTTPS_PROXY="$proxy"
check 'a tunnel that cannot be opened is the fault of the proxy' 'through the proxy' 1 \
  ENDPOINT="https://$host.invalid" HTTPS_PROXY="$proxy"
check 'the proxy wants its password' 'through the proxy' 1 \
  ENDPOINT="https://$host.invalid" HTTPS_PROXY="${proxy/operator:pr0xy-password@/}"
check 'a SOCKS proxy is refused' 'is a SOCKS proxy' 0 \
  ENDPOINT="https://$host.invalid" HTTPS_PROXY="socks5://${proxy#http://}"

stop_all
[ "$status" -eq 0 ] || echo "$name: FAILED (above)" >&2
exit "$status"
