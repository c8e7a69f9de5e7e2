#!/usr/bin/env bash
# Runs the given command, which looks for known vulnerabilities. Where their
# list can't be fetched that is said, and is no failure. What was found is one,
# whatever its text is.
set -uo pipefail
out=$("$@" 2>&1)
code=$?
if [ "$code" -ne 0 ] && ! grep -q '^Vulnerability #' <<<"$out" && grep -qE 'fetching vulnerabilities|dial tcp|no such host|connection refused|403 Forbidden' <<<"$out"; then
	echo "vulnerabilities: not checked, their list can't be fetched from here"
	exit 0
fi
echo "$out"
exit "$code"
