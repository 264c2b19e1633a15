#!/bin/sh
# Counts the instructions of `conn token` on a stored token that still lives, against reading the same item of the
# keyring with secret-tool (callgrind). Asserts nothing. Needs valgrind, dbus-run-session, gnome-keyring-daemon and
# secret-tool.
# Usage: tests/benchmark/token.sh [PATH-OF-CONN]   (default: target/release/conn)
set -eu

conn=${1:-target/release/conn}
for program in valgrind dbus-run-session gnome-keyring-daemon secret-tool; do
    command -v "$program" >/dev/null || { echo "$program is not installed" >&2; exit 2; }
done
[ -x "$conn" ] || { echo "$conn is not there; run: cargo build --release" >&2; exit 2; }
case $conn in /*) ;; *) conn=$PWD/$conn ;; esac

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/config" "$home/run"
chmod 700 "$home/run"
cat > "$home/measure" <<'SH'
set -eu
printf 'a passphrase' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
"$CONN" demo --serve --port 0 > "$CONN_HOME/sandbox" &
sandbox=$!
trap 'kill "$sandbox"' EXIT
while ! grep -q 'runs at' "$CONN_HOME/sandbox"; do sleep 0.1; done
address=$(sed -n 's/.*runs at //p' "$CONN_HOME/sandbox")
printf demo-good-key-0000 | "$CONN" add api --connector sandbox --method bearer --set "address=$address" \
    --secret token=- --quiet
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" >"$CONN_HOME/out" 2>"$CONN_HOME/err"
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$CONN_HOME/err"
}
ours=$(count "$CONN" token api)
[ "$(cat "$CONN_HOME/out")" = demo-good-key-0000 ] || { echo "conn token gave something else" >&2; exit 1; }
bare=$(count secret-tool lookup service conn username api)
grep -q demo-good-key-0000 "$CONN_HOME/out" || { echo "secret-tool found nothing" >&2; exit 1; }
printf '%-22s %12s\n' 'conn token' "$ours" 'secret-tool lookup' "$bare"
SH
env -i PATH="$PATH" HOME="$home" XDG_RUNTIME_DIR="$home/run" CONN_HOME="$home" CONN="$conn" LANG=C.UTF-8 TZ=UTC \
    dbus-run-session -- sh "$home/measure"
