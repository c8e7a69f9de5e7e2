#!/usr/bin/env bash
# Runs the contract suite on the sandbox and on a real Gluster, on a bed of its
# own: both have to give the same answers.
set -euo pipefail
cd "$(dirname "$0")/../.."
bed=$PWD/test/e2e/testbed.sh
export GDS_INSTANCE=contract
suite=$(mktemp)
trap 'rm -f "$suite"; "$bed" down' EXIT
"${GO:-go}" test -c -o "$suite" ./test/contract
"$bed" all
"$bed" run sh -c "cd '$PWD/test/contract' && exec '$suite' -test.v -real"
