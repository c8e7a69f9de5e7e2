# shellcheck shell=bash
# To be sourced: the GitHub API by curl and jq, for the job's own repository.
#
# GITHUB_API_URL, GITHUB_REPOSITORY   as every job has them
# GITHUB_TOKEN                        the job's token; it never stands in an argument
# BOT                                 who the token writes as

shopt -s inherit_errexit # a list that can't be had is not an empty one

bot=${BOT:-github-actions[bot]}
api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY

# call METHOD PATH: asks, with what is on standard input as the body, and prints
# the answer. What is not answered with success ends the script.
call() {
	curl --config <(printf 'header = "Authorization: Bearer %s"\n' "$GITHUB_TOKEN") \
		--silent --show-error --fail-with-body --max-time 60 \
		--header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
		--request "$1" --data-binary @- "$api/$2"
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

# text: what is on standard input as the body of a comment or an issue.
text() { jq --raw-input --slurp '{body: .}'; }

# fitting FILE: the plan in the file, as far as GitHub takes it (65,536 characters). Of a
# longer one the volumes are left out: what is before them counts everything, and has
# what can't be done.
fitting() {
	local most=60000
	if [ "$(wc -c <"$1")" -le $most ]; then
		cat "$1"
		return
	fi
	awk '/^#### / { volume = /^#### `/ } !volume' "$1" | head -c $most
	printf '\n\n**Who gains and who loses does not fit in here: it is in the summary of the job, and in its artifact. Read it before you approve.**\n'
}

# mine MARKER: of the items on standard input the number of the first one that the
# bot has written and that begins with the marker; nothing where there is none.
# Anybody can write a marker: what others wrote is left alone.
mine() {
	jq --raw-output --arg bot "$bot" --arg marker "$1" --slurp \
		'map(select(.user.login == $bot and ((.body // "") | startswith($marker)))) | first | .number // .id // empty'
}
