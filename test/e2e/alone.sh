# To be sourced. alone_on NAME takes the bed of this name for the script until it
# ends, or ends it where another run has the bed. What an earlier run left on the
# bed, which ended too early, may then be taken down.
alone_on() {
	export GDS_INSTANCE=$1
	local lock=/var/tmp/gds-$1.lock
	exec 9>"$lock"
	flock -n 9 || {
		echo "$lock is held: another run has the bed" >&2
		exit 1
	}
}

# bed is testbed.sh on that bed. What it starts doesn't keep the lock.
bed() { "$testbed" "$@" 9>&-; }
testbed=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/testbed.sh
