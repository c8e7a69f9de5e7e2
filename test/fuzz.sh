#!/usr/bin/env bash
# Runs every fuzz target of the project on so many inputs times the given
# factor. Inputs are counted, not seconds: where a time is given, Go 1.26 itself
# fails now and then as it ends (go.dev/issue/75804).
set -euo pipefail
factor=${1:-1}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# inputs TARGET prints how many inputs are some 10 seconds' work.
inputs() {
	case $1 in
	FuzzTextIsOnlyText | FuzzMarkdownHoldsText) echo 600 ;; # each renders every golden plan
	FuzzFile | FuzzScript) echo 5000 ;; # each makes a state file, or runs a shell
	*) echo 50000 ;;
	esac
}

count=0
while IFS=: read -r file target; do
	n=$(($(inputs "$target") * factor))
	echo "fuzz: $target in $(dirname "$file"), $n inputs"
	"${GO:-go}" test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "${n}x" -fuzzminimizetime 100x >"$log" 2>&1 || { cat "$log"; exit 1; }
	count=$((count + 1))
done < <(grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd pkg test | sed 's/:func /:/')
echo "fuzz: $count targets, nothing found"
[ "$count" -gt 0 ]
