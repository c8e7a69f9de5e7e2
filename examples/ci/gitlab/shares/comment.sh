#!/usr/bin/env bash
# comment.sh NUMBER FILE: the plan in FILE, as plan -o markdown writes it, is the one
# note of it on the merge request: the one before is replaced. Anybody can write a note
# that looks like it: what others wrote is left alone.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
number=$1 file=$2

id=$(all "merge_requests/$number/notes?sort=asc" | jq --raw-output --slurp --argjson me "$(me)" --arg marker "$(head -n 1 "$file")" \
	'map(select(.author.id == $me and (.body | startswith($marker)))) | first | .id // empty')
if [ -n "$id" ]; then
	text body "$file" | call PUT "merge_requests/$number/notes/$id" >/dev/null
	echo "note $id says what the plan is now"
else
	text body "$file" | call POST "merge_requests/$number/notes" >/dev/null
	echo "a note says what the plan is"
fi
