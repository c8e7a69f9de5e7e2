#!/usr/bin/env bash
# Runs go test with the given arguments. Prints what failed, a line for each
# package, and a count; a test that was skipped fails the run.
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${GO:-go}" test -v "$@" >"$log" 2>&1
code=$?
passed=$(grep -c '^ *--- PASS' "$log")
failed=$(grep -c '^ *--- FAIL' "$log")
skipped=$(grep -c '^ *--- SKIP' "$log")
if [ "$code" -ne 0 ]; then
	grep -vE '^(=== (RUN|PAUSE|CONT|NAME)| *--- PASS)' "$log"
else
	grep -E '^(ok|\?|---)|^(contract|e2e|faults|planted violations?):' "$log" | grep -v '^--- PASS'
fi
grep '^ *--- SKIP' "$log"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$code" -eq 0 ] && [ "$skipped" -eq 0 ] && [ "$passed" -gt 0 ]
