#!/usr/bin/env bash
# Runs every fuzz target of the project for the given time.
set -euo pipefail
time=${1:-10s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
count=0
while IFS=: read -r file target; do
	echo "fuzz: $target in $(dirname "$file")"
	"${GO:-go}" test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "$time" >"$log" 2>&1 || { cat "$log"; exit 1; }
	count=$((count + 1))
done < <(grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd pkg test | sed 's/:func /:/')
echo "fuzz: $count targets, $time each, nothing found"
[ "$count" -gt 0 ]
