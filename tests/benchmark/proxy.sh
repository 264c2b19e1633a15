#!/bin/sh
# Processor time per call of `conn proxy` against nginx adding the same header, both in front of one nginx that
# speaks TLS and refuses a call without the header. Prints a table, asserts nothing. Needs nginx, openssl and wrk.
# Usage: tests/benchmark/proxy.sh [PATH-OF-CONN]   (default: target/release/conn); ROUNDS=5 SECONDS_EACH=3
set -eu

conn=${1:-target/release/conn}
for program in nginx openssl wrk; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 2; }
done
[ -x "$conn" ] || { echo "$conn is not there; run: cargo build --release" >&2; exit 2; }
case $conn in /*) ;; *) conn=$PWD/$conn ;; esac

home=$(mktemp -d)
started=
trap 'kill $started 2>/dev/null; rm -rf "$home"' EXIT
cd "$home"
mkdir config
curve="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
openssl req -x509 $curve -keyout ca.key -out ca.pem -days 2 -subj "/CN=benchmark authority" 2>/dev/null
openssl req $curve -keyout leaf.key -out leaf.csr -subj "/CN=localhost" 2>/dev/null
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' > leaf.ext
openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 2 \
    -extfile leaf.ext 2>/dev/null
free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
service=$(free) peer=$(free) ours=$(free)
page=$(printf '%0200d' 0)
places() { for place in client_body proxy fastcgi uwsgi scgi; do echo "${place}_temp_path $home/$1-$place;"; done; }
server() {
    cat <<CONF
daemon off; worker_processes 1; pid $home/$1.pid; error_log $home/$1.log crit;
events { worker_connections 2048; }
http { access_log off; keepalive_requests 1000000000; $(places "$1")
CONF
}
{ server service; cat <<CONF
    server {
        listen 127.0.0.1:$service ssl http2; server_name localhost;
        ssl_certificate $home/leaf.pem; ssl_certificate_key $home/leaf.key;
        http2_max_requests 1000000000;
        location / {
            default_type application/json;
            if (\$http_authorization != "Bearer 0123456789") { return 401 "no"; }
            return 200 '{"page":"$page"}';
        }
    }
}
CONF
} > service.conf
{ server peer; cat <<CONF
    upstream service { server 127.0.0.1:$service; keepalive 128; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:$peer;
        location / {
            proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host localhost;
            proxy_set_header Authorization "Bearer 0123456789";
            proxy_ssl_trusted_certificate $home/ca.pem; proxy_ssl_verify on;
            proxy_ssl_name localhost; proxy_ssl_server_name on; proxy_pass https://service;
        }
    }
}
CONF
} > peer.conf
sed -i 's/ http2;/;/; /http2_max_requests/d' service.conf
nginx -p "$home" -c service.conf 2>/dev/null & started="$started $!"
nginx -p "$home" -c peer.conf 2>/dev/null & nginx=$!; started="$started $nginx"
cat > config/connectors.toml <<EOF2
[connectors.page]
name = "page"
base = "https://localhost:$service"
auth.key = { kind = "bearer", params.token = "Token" }
test = { request = "GET /", ok = { status = 200, body = "page" } }

[connections.page]
connector = "page"
secrets.token = "env:PAGE_TOKEN"
EOF2
export HOME="$home" CONN_HOME="$home" PAGE_TOKEN=0123456789 SSL_CERT_FILE="$home/ca.pem" NO_PROXY=localhost
tries=0
until "$conn" test page >said 2>&1; do
    tries=$((tries + 1)); [ "$tries" -lt 20 ] || { cat said >&2; exit 1; }; sleep 0.2
done
"$conn" proxy page --port "$ours" > opened 2>/dev/null & proxy=$!; started="$started $proxy"
until grep -q Bearer opened; do sleep 0.1; done
bearer=$(sed -n 2p opened)

# Ticks of a process and its children.
spent() {
    total=0
    for each in "$1" $(cat /proc/"$1"/task/*/children); do
        total=$((total + $(awk '{ print $14 + $15 }' "/proc/$each/stat")))
    done
    echo "$total"
}
measure() { # name, process, port
    before=$(spent "$2")
    wrk -t1 -c32 -d"${SECONDS_EACH:-3}s" --latency -H "$bearer" "http://127.0.0.1:$3/" > report
    after=$(spent "$2")
    count=$(awk '/requests in/ { print $1 }' report)
    refused=$(awk '/Non-2xx/ { print $NF }' report)
    awk -v name="$1" -v ticks=$((after - before)) -v count="$count" -v refused="${refused:-0}" \
        -v hertz="$(getconf CLK_TCK)" -v rss="$(awk '/VmHWM/ { print $2 }' "/proc/$2/status")" 'BEGIN {
            printf "%-12s %7.1f us of processor per call  %8d calls  %d refused  %d KiB\n",
                name, ticks * 1000000 / hertz / count, count, refused, rss }'
}
round=0
while [ "$round" -lt "${ROUNDS:-5}" ]; do
    round=$((round + 1))
    measure nginx "$nginx" "$peer"
    measure "conn proxy" "$proxy" "$ours"
done
