#!/usr/bin/env bash
# Breaks a run on a real Gluster with real NFS clients in each of the ways that
# faults_test.go has; with a name: in that one alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
test/e2e/testbed.sh deps
test/e2e/testbed.sh build
test/gotest.sh -tags e2e -count=1 -timeout 60m -run "^TestFaultsOnGluster\$/^${1:-.*}\$" ./test/e2e
