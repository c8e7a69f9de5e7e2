#!/usr/bin/env bash
# Breaks a run on a real Gluster with real NFS clients in each of the ways that
# faults_test.go has; with a name: in that one alone. A name that is no case's fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
test/e2e/testbed.sh deps
test/e2e/testbed.sh build
said=$(mktemp)
trap 'rm -f "$said"' EXIT
test/gotest.sh -tags e2e -count=1 -timeout 60m -run "^TestFaultsOnGluster\$/^${1:-.*}\$" ./test/e2e | tee "$said"
grep -qE '^(faults: [1-9][0-9]* tried|planted violation: )' "$said" || {
	echo "faults: no case was tried: there is none called ${1:-}; docs/SAFETY.md tells what goes wrong when: glusterd-killed-during-narrowing," \
		"or planted-what-is-to-be-kept-is-deleted. What goes wrong is one of $(sed -n 's/.*name: "\([a-z-]*\)", strike:.*/\1/p' test/e2e/faults_test.go | sort -u | paste -sd ' ')" >&2
	exit 1
}
