#!/usr/bin/env bash
# Runs the contract suite on the sandbox and on a real Gluster, on a bed of its
# own: both have to give the same answers.
set -euo pipefail
cd "$(dirname "$0")/../.."
. test/e2e/alone.sh
alone_on contract
suite=$(mktemp)
said=$(mktemp)
trap 'rm -f "$suite" "$said"; bed down' EXIT
"${GO:-go}" test -c -o "$suite" ./test/contract
bed down
bed all
bed run sh -c "cd '$PWD/test/contract' && exec '$suite' -test.v -real" | tee "$said" | grep -v '^contract: '
grep '^contract: [1-9][0-9]* cases, sandbox = gluster$' "$said" || {
	echo "contract: no case was run on both" >&2
	exit 1
}
