# Runs gluster: $1 is the lock that a change is made under, or empty; $2 says whether
# there are commands in the input. What comes after "run" is gluster's own. A command
# that was cut off on the way is not handed on: gluster would take what there is of it.
command -v gluster >/dev/null || fail missing gluster
[ -z "$1" ] || had "$1" || fail lost
input=$2
shift 2
say run
[ -n "$input" ] || exec gluster "$@"
while IFS= read -r line; do
	printf '%s\n' "$line"
done | gluster "$@"
