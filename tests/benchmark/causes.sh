#!/bin/sh
# How many causes curl, a bare program on the HTTP library and conn tell apart, on the same faults. Needs root on
# Linux, as the fault laboratory does. Prints a table in Markdown; with a file name the single lines go there too.
set -eu
lines="${1:-$(mktemp)}"
: > "$lines"
cargo build --quiet --example bare
# Cases that count the requests which a server heard fail here, for two strangers ask as well.
CONN_COMPARE="$lines" cargo test --quiet --test suite faults:: -- --test-threads 2 >&2 || true
awk -F '\t' '
    { n = split($1, path, "::"); name = path[n]; room = path[n - 1]
      if (!((room, $2) in c)) { c[room, $2]; curl[room]++ }
      if (!((room, $3) in b)) { b[room, $3]; bare[room]++ }
      if (!((room, $4) in o)) { o[room, $4]; own[room]++ }
      if (!($2 in call)) { call[$2]; allcurl++ }
      if (!($3 in ball)) { ball[$3]; allbare++ }
      if (!($4 in oall)) { oall[$4]; allown++ }
      faults[room]++; all++ }
    END { print "| faults | made | curl | reqwest | conn |"; print "|---|---|---|---|---|"
      for (room in faults) printf "| %s | %d | %d | %d | %d |\n", room, faults[room], curl[room], bare[room], own[room] | "sort"
      close("sort")
      printf "| all | %d | %d | %d | %d |\n", all, allcurl, allbare, allown }' "$lines"
