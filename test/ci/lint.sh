#!/usr/bin/env bash
# Holds the example workflows against their forges' languages: ACTIONLINT is how to run
# actionlint; GitLab's own schema comes with a package of npm.
#
# usage: test/ci/lint.sh ACTIONLINT...
set -euo pipefail
cd "$(dirname "$0")/../.."

"$@" -ignore 'label "gluster" is unknown' -shellcheck= -pyflakes= examples/ci/github/workflows/*.yaml
for script in examples/ci/*/shares/*.sh; do bash -n "$script"; done
if ! command -v npm >/dev/null; then
	echo "examples/ci/gitlab: not checked, there is no npm here"
	exit 0
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cp -r examples/ci/gitlab/. "$dir"
git -C "$dir" init -q -b main
git -C "$dir" remote add origin git@gitlab.example.com:storage/shares.git
git -C "$dir" add -A
git -C "$dir" -c user.name=lint -c user.email=lint@example.com commit -q -m lint
if ! (cd "$dir" && npm exec --yes -- gitlab-ci-local@4.61.0 --list) >"$dir/.git/said" 2>&1; then
	cat "$dir/.git/said"
	exit 1
fi
