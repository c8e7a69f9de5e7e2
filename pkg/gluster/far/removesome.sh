# Removes $3 of the names at $2 in $1 and below it, at most. find goes from one open
# directory to the next, follows no symlink and stays on its file system. It would
# go through a bind mount of this one, so nothing may be mounted in there.
start
walk "$1"
at=$at/$2
kind=$(stat -c %f -- "./$2" 2>&1) || fail errno "$at" "$kind"

# mounted_in gives the mount points at or below a path, and a dot at the end.
mounted_in() {
	sed 's/\\/\\0/g' /proc/self/mountinfo | {
		lines=0
		while read -r id parent device of where rest; do
			lines=1
			decode "$where"
			case $decoded in
			"$1" | "$1"/*) printf '%s ' "$decoded" ;;
			esac
		done
		[ "$lines" = 0 ] || echo .
	}
}
said=$(mounted_in "${PWD%/}/$2")
[ "$said" = . ] || fail mounted "$at" "${said% .}"

# find asks after each name that it has removed whether to go on, and is answered
# yes as often as it may.
say ok
exec 6>&1
said=$(yes | head -n "$(($3 - 1))" |
	find -P "./$2" -ignore_readdir_race -xdev -depth -delete -printf x '(' -ok true ';' -o -printf q -quit ')' 2>&1 >&6 |
	{ head -c 65536; cat >/dev/null; })
say '' "$said" "$(stat -c %i -- "./$2" 2>&1)"
