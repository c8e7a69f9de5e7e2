#!/usr/bin/env bash
# comment.sh NUMBER FILE: the plan in FILE, as plan -o markdown writes it, is the one
# comment on the pull request: the one before is replaced.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
number=$1 file=$2

id=$(all "issues/$number/comments?" | mine "$(head -n 1 "$file")")
if [ -n "$id" ]; then
	text < <(fitting "$file") | call PATCH "issues/comments/$id" >/dev/null
	echo "comment $id says what the plan is now"
else
	text < <(fitting "$file") | call POST "issues/$number/comments" >/dev/null
	echo "a comment says what the plan is"
fi
