#!/bin/sh
# Tests every connection of one connectors.toml, writes a JUnit report, and says who has to act.
#
#   ./check-connections.sh [CONNECTORS_TOML [REPORT]]
#
# Variables: CONN            the conn program (default: conn)
#            TAG             test only the connections with this tag
#            ALLOW_TEMPORARY=1   let the job pass when only temporary failures were found (exit 3)
# The secrets come from the variables that connectors.toml names.
set -u

config=${1:-connectors.toml}
report=${2:-connections.xml}
conn=${CONN:-conn}

# A home and a working folder of their own: this file alone takes part, nothing else that lies on the runner.
absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
config=$(absolute "$config")
report=$(absolute "$report")
CONN_HOME=$(mktemp -d) || exit 70
export CONN_HOME
trap 'rm -rf "$CONN_HOME"' EXIT
cd "$CONN_HOME" || exit 70

# A mistake in the file is found before anything is sent.
"$conn" lint "$config" >&2 || exit $?

if [ -n "${TAG:-}" ]; then
    "$conn" test --tag "$TAG" --config "$config" --format junit --no-input >"$report"
else
    "$conn" test --all --config "$config" --format junit --no-input >"$report"
fi
code=$?

case $code in
    0) echo "All connections are healthy." ;;
    1) echo "Whoever looks after the connection has to act: a right, a plan, an address or a format of the API. See $report." ;;
    2) echo "The command was called wrongly, or nothing matched." ;;
    3) echo "Temporary: the service is busy or down. Run the job again later. See $report." ;;
    4) echo "A credential was refused: put a new one into the job's secrets. See $report." ;;
    5) echo "The job's own set-up is incomplete: a variable or a line of $config. See $report." ;;
    6) echo "The path to a service is broken: DNS, network, proxy or TLS. See $report." ;;
    7) echo "Healthy, with warnings. See $report." ;;
    70) echo "conn made a mistake of its own. See conn explain CONN-SELF-BUG." ;;
    *) echo "conn ended with $code." ;;
esac >&2

if [ "$code" = 3 ] && [ "${ALLOW_TEMPORARY:-}" = 1 ]; then
    exit 0
fi
exit "$code"
