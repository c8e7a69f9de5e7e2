#!/usr/bin/env bash
# merged.sh COMMIT: of the pull request that this commit came from, the commit that was
# its last, and its branch.
set -euo pipefail
# shellcheck source=api.sh
. "$(dirname "$0")/api.sh"

from=$(call GET "commits/$1/pulls" </dev/null |
	jq --raw-output --arg commit "$1" 'map(select(.merged_at != null and .merge_commit_sha == $commit)) | first // empty | "\(.head.sha) \(.head.ref)"')
if [ -z "$from" ]; then
	echo "the commit $1 came from no pull request: no plan for it was approved; apply it by hand" >&2
	exit 1
fi
echo "$from"
