#!/usr/bin/env bash
# comment.sh NUMBER FILE: the plan in FILE, as plan -o markdown writes it, is the one
# comment on the pull request: the one before is replaced. Of one that is longer than
# GitHub takes the beginning is shown, which counts everything.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
number=$1 file=$2
most=65536

if [ "$(wc -c <"$file")" -gt $most ]; then
	short=$(mktemp)
	trap 'rm -f "$short"' EXIT
	sed '/^#### /,$d' "$file" >"$short"
	printf '**Who gains and who loses does not fit in a comment: it is in the summary of the job, and in its artifact. Read it before you approve.**\n' >>"$short"
	file=$short
fi

id=$(all "issues/$number/comments?" | mine "$(head -n 1 "$file")")
if [ -n "$id" ]; then
	text "$file" | call PATCH "issues/comments/$id" >/dev/null
	echo "comment $id says what the plan is now"
else
	text "$file" | call POST "issues/$number/comments" >/dev/null
	echo "a comment says what the plan is"
fi
