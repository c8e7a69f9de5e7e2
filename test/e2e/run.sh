#!/usr/bin/env bash
# Runs the end-to-end suite on a bed that it brings up and takes down; go test's
# flags may follow, such as -run NAME.
set -euo pipefail
cd "$(dirname "$0")/../.."
test/e2e/testbed.sh deps
test/e2e/testbed.sh build
"${GO:-go}" test -tags e2e -count=1 -timeout 60m -v "$@" ./test/e2e
