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
# The first run makes the state database.
measure "-" list
measure "8 M" list
measure "8 M" list --format json
measure "4 M" explain 5004
measure "4 M" explain CONN-AUTH-REJECTED --lang ja
