#!/usr/bin/env bash
# Measures the program against the bare commands that do the same, on a real
# Gluster of its own, and prints tables for docs/performance.md. Flags of the
# measuring program may follow, such as -only no-op.     bench.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."
. test/e2e/alone.sh
alone_on bench
work=$(mktemp -d)
trap 'bed down; rm -rf "$work"' EXIT
"${GO:-go}" build -o "$work/bench" ./test/e2e/bench
mkdir "$work/files"
bed down
bed all
bed sshd
bed volume gv0
bed run mkdir /run/gv0
bed mount gv0 /run/gv0
bed run "$work/bench" -tool "$program" -server 10.0.0.254 -volume gv0 -mount /run/gv0 -ssh "/var/tmp/gds-$GDS_INSTANCE/ssh" -work "$work/files" "$@"
