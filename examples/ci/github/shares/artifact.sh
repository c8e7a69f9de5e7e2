#!/usr/bin/env bash
# artifact.sh NAME BRANCH: the id of the run that has made the newest artifact of this
# name, on this branch of this repository: a run of a fork can have a branch of the
# same name, and anybody can make a fork.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
name=$1 branch=$2

run=$(call GET "actions/artifacts?name=$(jq --null-input --raw-output --arg name "$name" '$name | @uri')&per_page=100" </dev/null |
	jq --raw-output --arg name "$name" --arg branch "$branch" '
		[.artifacts[] | select(.name == $name and (.expired | not))
			| select(.workflow_run.head_branch == $branch and .workflow_run.head_repository_id == .workflow_run.repository_id)]
		| sort_by(.created_at) | last | .workflow_run.id // empty')
if [ -z "$run" ]; then
	echo "there is no artifact $name of the branch $branch, or it has expired" >&2
	exit 1
fi
echo "$run"
