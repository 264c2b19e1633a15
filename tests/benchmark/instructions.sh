#!/bin/sh
# Counts the instructions that conn needs to start (callgrind) and prints them as a table. Asserts nothing.
# Usage: tests/benchmark/instructions.sh [PATH-OF-CONN]   (default: target/release/conn)
set -eu

conn=${1:-target/release/conn}
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 2; }
[ -x "$conn" ] || { echo "$conn is not there; run: cargo build --release" >&2; exit 2; }

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/config"
n=0
while [ "$n" -lt 1000 ]; do
    n=$((n + 1))
    printf '[connections.customer-%04d]\nconnector = "freshsales"\nenvironment = "production"\ntags = ["crm", "customer"]\nvars.host = "customer%d.myfreshworks.com"\n\n' "$n" "$n"
done > "$home/config/connectors.toml"

measure() {
    want=$1
    shift
    env -i PATH="$PATH" HOME="$home" CONN_HOME="$home" LANG=C.UTF-8 TZ=UTC CONN_NOW=2026-11-21T00:00:00Z \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$conn" "$@" >/dev/null 2>"$home/valgrind" || true
    count=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$home/valgrind")
    printf '%-34s %12s   (goal %s)\n' "conn $*" "${count:-failed}" "$want"
}

cd "$home"
case $conn in /*) ;; *) conn=$OLDPWD/$conn ;; esac
measure "1.0 M" --version
measure "8 M" list
measure "8 M" list --format json
measure "4 M" explain 5004
measure "4 M" explain CONN-AUTH-REJECTED --lang ja
# One service of all that are built in, and finding one among them.
measure "8 M" connectors show slack
measure "20 M" connectors search google
measure "20 M" connectors search salesfroce

# One test against loopback TLS with one certificate authority.
command -v openssl >/dev/null || exit 0
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
openssl req -x509 $curve -keyout ca.key -out ca.pem -days 2 -subj "/CN=benchmark authority" 2>/dev/null
openssl req $curve -keyout leaf.key -out leaf.csr -subj "/CN=localhost" 2>/dev/null
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' > leaf.ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 2 \
    -extfile leaf.ext 2>/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
openssl s_server -accept "127.0.0.1:$port" -cert leaf.pem -key leaf.key -www -quiet >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; rm -rf "$home"' EXIT
sleep 1
cat > "$home/config/connectors.toml" <<EOF
[connectors.page]
name = "page"
base = "https://localhost:$port"
auth.key = { kind = "api_key", params.key = "Key", header.X-Key = "{key}" }
test = { request = "GET /", ok = { status = 200, body = "s_server" } }

[connections.page]
connector = "page"
secrets.key = "env:PAGE_KEY"
EOF
# The day is the real one here: with a fixed clock the certificate would not be valid yet.
page() {
    env -i PATH="$PATH" HOME="$home" CONN_HOME="$home" PAGE_KEY=0123456789 SSL_CERT_FILE="$home/ca.pem" \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$conn" test page >"$home/page" \
        2>"$home/valgrind" || cat "$home/page"
    count=$(sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$home/valgrind")
    printf '%-34s %12s   (goal %s)\n' "conn test over loopback TLS$1" "${count:-failed}" "$2"
}
# The first result ever makes the state database.
page ", first" "-"
page "" "8 M"
