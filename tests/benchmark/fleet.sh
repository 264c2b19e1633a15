#!/bin/sh
# Measures `conn test --all` on many connections against the least that such a test can cost (floor.rs) and against
# `curl --parallel`: processor time, memory, and the handshakes that the server counted. nginx with TLS and without
# session tickets is the service. Asserts nothing; prints a table in Markdown. Needs nginx, openssl, curl and GNU time.
# Usage: tests/benchmark/fleet.sh [PATH-OF-CONN [PATH-OF-FLOOR]]   (default: those below target/release)
# Variables: RUNS (3)  JOBS (256)  FIRST (21000, the first of the ports)
set -eu

conn=${1:-target/release/conn}
floor=${2:-target/release/examples/floor}
runs=${RUNS:-3} jobs=${JOBS:-256} first=${FIRST:-21000}
for program in nginx openssl curl /usr/bin/time; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 2; }
done
[ -x "$conn" ] && [ -x "$floor" ] || { echo "run: cargo build --release --bin conn --example floor" >&2; exit 2; }
case $conn in /*) ;; *) conn=$PWD/$conn ;; esac
case $floor in /*) ;; *) floor=$PWD/$floor ;; esac
ulimit -n "$(ulimit -Hn)"

home=$(mktemp -d)
trap 'kill "$(cat "$home/pid" 2>/dev/null)" 2>/dev/null; rm -rf "$home"' EXIT
trap 'exit 130' INT TERM
cd "$home"
mkdir -p config
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
openssl req -x509 $curve -keyout ca.key -out ca.pem -days 300 -subj "/CN=benchmark authority" 2>/dev/null
openssl req $curve -keyout key.pem -out leaf.csr -subj "/CN=localhost" 2>/dev/null
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' > leaf.ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out chain.pem -days 300 -extfile leaf.ext 2>/dev/null

listen() { n=0; while [ "$n" -lt 1000 ]; do echo "listen 127.0.0.1:$((first + n)) ssl http2;"; n=$((n + 1)); done; }
cat > nginx.conf <<CONF
worker_processes 1; pid $home/pid; error_log $home/error.log; worker_rlimit_nofile 20000;
events { worker_connections 8192; }
http {
    access_log off; keepalive_requests 100000;
    client_body_temp_path $home/a; proxy_temp_path $home/b; fastcgi_temp_path $home/c; uwsgi_temp_path $home/d; scgi_temp_path $home/e;
    ssl_certificate $home/chain.pem; ssl_certificate_key $home/key.pem; ssl_session_tickets off; ssl_session_cache off;
    server { $(listen) location / { default_type application/json; return 200 '{"id":1}'; } }
    server { listen 127.0.0.1:$((first - 1)); location / { stub_status; } }
}
CONF
nginx -p "$home" -c "$home/nginx.conf" -e "$home/error.log"

# The connections: so many, over so many ports.
fleet() {
    cat > config/connectors.toml <<'TOML'
[connectors.shop]
name = "shop"
base = "https://localhost:{port}"
vars.port = { label = "Port" }
auth.key = { kind = "api_key", params.k = "Key", header.X-Api-Key = "{k}" }
test = { request = "GET /me", ok = { status = 200 } }
TOML
    : > curl.conf
    n=0
    while [ "$n" -lt "$1" ]; do
        # Short, for a file of definitions may have 1 MiB at most.
        printf '[connections.s%05d]\nconnector="shop"\nvars.port="%d"\nsecrets.k="env:KEY"\n' "$n" "$((first + n % $2))" >> config/connectors.toml
        printf 'url = "https://localhost:%d/me"\nheader = "X-Api-Key: key-%05d-0123456789"\noutput = /dev/null\ncacert = %s\nnext\n' "$((first + n % $2))" "$n" "$home/ca.pem" >> curl.conf
        n=$((n + 1))
    done
    sed -i '$d' curl.conf
}
accepts() { curl -s "http://127.0.0.1:$((first - 1))/" | sed -n '3s/^ *\([0-9]*\).*/\1/p'; }
# The least processor time of some runs in milliseconds, the most memory in MiB, and the handshakes of the last.
measure() {
    cpu= most=0
    n=0
    while [ "$n" -lt "$runs" ]; do
        before=$(accepts)
        env -i PATH="$PATH" HOME="$home" CONN_HOME="$home" KEY=key-0123456789 SSL_CERT_FILE="$home/ca.pem" CONN_NO_INPUT=1 LANG=C.UTF-8 \
            /usr/bin/time -o time -f '%U %S %M' "$@" >out 2>err || { tail -n 5 out err >&2; exit 1; }
        handshakes=$(($(accepts) - before - 1))
        ms=$(awk '{ printf "%d", ($1 + $2) * 1000 }' time)
        most=$(awk -v most="$most" '{ m = $3 / 1024; printf "%.1f", (m > most ? m : most) }' time)
        if [ -z "$cpu" ] || [ "$ms" -lt "$cpu" ]; then cpu=$ms; fi
        n=$((n + 1))
    done
}
row() { printf '| %s | %s | %s | %s | %s |\n' "$1" "$cpu" "$(awk "BEGIN { printf \"%.2f\", $cpu / $2 }")" "$most" "$handshakes"; }

echo "| what | cpu ms | x floor | memory MiB | handshakes |"
echo "|---|---|---|---|---|"
fleet 1000 1000
measure "$floor" 1000 "$first" 1000 "$jobs" "$home/ca.pem"; least=$cpu; row "floor, 1,000 on 1,000 hosts" "$least"
measure "$conn" test --all --jobs "$jobs" --quiet >/dev/null # the first run makes the state database
measure "$conn" test --all --jobs "$jobs"; row "conn, 1,000 on 1,000 hosts" "$least"
measure curl -s --parallel --parallel-immediate --parallel-max "$jobs" --config "$home/curl.conf"; row "curl --parallel, the same" "$least"
fleet 1000 10
measure "$conn" test --all --jobs "$jobs"; row "conn, 1,000 on 10 hosts" "$least"
measure curl -s --parallel --parallel-max "$jobs" --config "$home/curl.conf"; row "curl --parallel, the same" "$least"
runs=1
fleet 10000 1000
measure "$conn" test --all --jobs "$jobs"; row "conn, 10,000 on 1,000 hosts" "$least"
measure "$conn" test --all --jobs "$jobs" --format jsonl; row "conn, the same as lines" "$least"
