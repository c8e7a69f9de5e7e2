#!/usr/bin/env bash
# drift.sh FILE CODE: one open issue says that the cluster is not what the state file
# says: FILE is the plan, as plan -o markdown --detailed-exitcode writes it, and CODE
# its exit code. It is opened where there is none, kept up to date, and closed when
# there is nothing left to do.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
file=$1 code=$2
marker='<!-- glusterd-shares:drift -->'

with_marker() {
	echo "$marker"
	[ "$code" = 2 ] || echo "**glusterd-shares plan ended with exit code $code.**"
	echo
	fitting "$file"
}
issue=$(all "issues?state=open&creator=$(jq --null-input --raw-output --arg bot "$bot" '$bot | @uri')" |
	jq --compact-output 'select(.pull_request == null)' | mine "$marker")
case $code,$issue in
0,) echo "nothing is to do" ;;
0,*)
	jq --null-input '{body: "There is nothing left to do."}' | call POST "issues/$issue/comments" >/dev/null
	jq --null-input '{state: "closed", state_reason: "completed"}' | call PATCH "issues/$issue" >/dev/null
	echo "issue $issue is closed: nothing is left to do"
	;;
*,)
	with_marker | text | jq '.title = "The shares are not what the state file says"' | call POST issues >/dev/null
	echo "an issue says what is not as it should be"
	;;
*)
	with_marker | text | call PATCH "issues/$issue" >/dev/null
	echo "issue $issue says what is not as it should be"
	;;
esac
