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
	cat "$file"
}
issue=$(all "issues?state=opened&scope=created_by_me" |
	jq --raw-output --slurp --arg marker "$marker" 'map(select((.description // "") | startswith($marker))) | first | .iid // empty')
case $code,$issue in
0,) echo "nothing is to do" ;;
0,*)
	jq --null-input '{body: "There is nothing left to do."}' | call POST "issues/$issue/notes" >/dev/null
	jq --null-input '{state_event: "close"}' | call PUT "issues/$issue" >/dev/null
	echo "issue $issue is closed: nothing is left to do"
	;;
*,)
	text description <(with_marker) | jq '.title = "The shares are not what the state file says"' | call POST issues >/dev/null
	echo "an issue says what is not as it should be"
	;;
*)
	text description <(with_marker) | call PUT "issues/$issue" >/dev/null
	echo "issue $issue says what is not as it should be"
	;;
esac
