# shellcheck shell=bash
# To be sourced: the GitLab API by curl and jq, for the job's own project.
#
# CI_API_V4_URL, CI_PROJECT_ID   as every job has them
# SHARES_TOKEN                   a project access token; it never stands in an argument

shopt -s inherit_errexit # a list that can't be had is not an empty one

api=$CI_API_V4_URL/projects/$CI_PROJECT_ID

# call METHOD PATH: asks, with what is on standard input as the body, and prints
# the answer. What is not answered with success ends the script.
call() {
	curl --config <(printf 'header = "PRIVATE-TOKEN: %s"\n' "$SHARES_TOKEN") \
		--silent --show-error --fail-with-body --max-time 60 \
		--header 'Content-Type: application/json' \
		--request "$1" --data-binary @- "${3:-$api}/$2"
}

# all PATH: the items of a list, one a line, through all of its pages.
all() {
	local page=1 items
	while :; do
		items=$(call GET "$1&per_page=100&page=$page" </dev/null)
		jq --compact-output '.[]' <<<"$items"
		[ "$(jq length <<<"$items")" = 100 ] || return 0
		page=$((page + 1))
	done
}

# text KEY FILE: the file as the body of a note or an issue.
text() { jq --null-input --arg key "$1" --rawfile text "$2" '{($key): $text}'; }

# me: who the token writes as.
me() { call GET user "$CI_API_V4_URL" </dev/null | jq '.id'; }
