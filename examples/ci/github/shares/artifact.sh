#!/usr/bin/env bash
# artifact.sh NAME BRANCH EVENT...: the id of the run that has made the newest artifact of
# this name, on this branch of this repository, for one of these events. A run of a fork
# can have a branch of the same name, and so can that of a request from the default
# branch into another one, whose files it runs.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
name=$1 branch=$2
shift 2

runs=$(call GET "actions/artifacts?name=$(jq --null-input --raw-output --arg name "$name" '$name | @uri')&per_page=100" </dev/null |
	jq --raw-output --arg name "$name" --arg branch "$branch" '
		[.artifacts[] | select(.name == $name and (.expired | not))
			| select(.workflow_run.head_branch == $branch and .workflow_run.head_repository_id == .workflow_run.repository_id)]
		| sort_by(.created_at) | reverse | .[].workflow_run.id')
for run in $runs; do
	event=$(call GET "actions/runs/$run" </dev/null | jq --raw-output .event)
	if [[ " $* " == *" $event "* ]]; then
		echo "$run"
		exit
	fi
done
echo "there is no artifact $name of the branch $branch that was made for $*, or it has expired, or it is of a fork" >&2
exit 1
