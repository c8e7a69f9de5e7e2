#!/usr/bin/env bash
# Runs what only root can test of pkg/gluster and pkg/gluster/remote, then the
# end-to-end suite on a bed that it brings up and takes down. Flags of go test may
# follow, such as -run NAME: then it is the suite alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
test/e2e/testbed.sh deps
test/e2e/testbed.sh build
if [ $# = 0 ]; then
	for dir in pkg/gluster pkg/gluster/remote; do
		names=$(sed -n 's/^func \(Test[A-Za-z0-9_]*\)(.*/\1/p' "$dir"/*_e2e_test.go | paste -sd '|')
		test/gotest.sh -tags e2e -count=1 -run "^($names)\$" "./$dir"
	done
	set -- -skip '^TestFaultsOnGluster$' # faults.sh runs that
fi
"${GO:-go}" test -tags e2e -count=1 -timeout 60m -v "$@" ./test/e2e | grep -v '^ok '
