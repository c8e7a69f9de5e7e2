#!/usr/bin/env bash
# merged.sh COMMIT FILE: writes to FILE the plan that was made for the merge request
# that this commit came from, by its last pipeline that has made one.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"
commit=$1 file=$2

number=$(call GET "repository/commits/$commit/merge_requests" </dev/null |
	jq --raw-output --arg commit "$commit" 'map(select(.state == "merged" and (.merge_commit_sha == $commit or .squash_commit_sha == $commit or .sha == $commit)))
		| first | .iid // empty')
if [ -z "$number" ]; then
	echo "the commit $commit came from no merge request: no plan for it was approved; apply it by hand" >&2
	exit 1
fi
job=
for pipeline in $(call GET "merge_requests/$number/pipelines" </dev/null | jq --raw-output 'sort_by(.id) | reverse | .[].id'); do
	job=$(call GET "pipelines/$pipeline/jobs?scope[]=success&per_page=100" </dev/null |
		jq --raw-output 'map(select(.name == "plan")) | first | .id // empty')
	[ -z "$job" ] || break
done
if [ -z "$job" ]; then
	echo "no pipeline of merge request $number has made a plan that can be applied" >&2
	exit 1
fi
call GET "jobs/$job/artifacts/plan.json" </dev/null >"$file"
