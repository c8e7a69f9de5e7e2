# Mounts the volume $2 of the host $4 in a directory of its own below $1, and takes
# both away again at a line of the input, and tells whether that was done, or when
# the input ends, as it does when the connection does, or nobody is heard of any more.
# $3 is the volume's id, $5 a number that no other run has, $6 where a client's volfile
# is.
base=$1 first='' named='' up=''

fail() {
	say no "$1" "${2-}" "${3-}" "$mark"
	exit 0
}

# tidy unmounts and removes what was made here, and nothing else. What still waits
# in the mount for an answer is ended.
tidy() {
	trap - EXIT
	cd /
	if [ -n "$named" ]; then
		said=$(umount -i -f -l -- "$named/mnt" 2>&1) || [ -z "$up" ] || return 1
		said=$(rmdir -- "$named/mnt" 2>&1 && rm -f -- "$named/log" 2>&1 && rmdir -- "$named" 2>&1) || return 1
	fi
	# Another run may have something in what is above.
	while [ -n "$first" ] && rmdir -- "$base" 2>/dev/null && [ "$base" != "$first" ]; do
		base=${base%/*}
	done
}
trap tidy EXIT
trap 'exit 1' HUP INT PIPE TERM

# make_dirs makes the directory $1 with the mode $2, and those above it that are
# missing.
make_dirs() {
	[ -z "$1" ] || [ -d "$1" ] || {
		make_dirs "${1%/*}" 0755
		if said=$(mkdir -m "$2" -- "$1" 2>&1); then
			first=${first:-$1}
		elif [ -e "$1" ] && [ ! -d "$1" ]; then
			fail errno "$1" ': Not a directory'
		elif [ ! -d "$1" ]; then
			fail errno "$1" "$said"
		fi
	}
}

[ "$(id -u)" = 0 ] || fail user
command -v glusterfs >/dev/null || fail missing glusterfs 'glusterfs-client (Debian) or glusterfs-fuse (Red Hat)'
[ -c /dev/fuse ] || fail fuse
make_dirs "$base" 0700
cd -P "$base" 2>/dev/null || fail errno "$base" "$(stat -c '' -- "$base/." 2>&1)"
case $(stat -c '%u:%a' .) in
*[2367]? | *[2367]) fail open "$base" ;;
"$(id -u):"*) ;;
*) fail open "$base" ;;
esac
mount_here || fail errno "$base" "$(ls -d ./ 2>&1)"
below=$mounted
said=$(mkdir -m 0700 -- "$PWD/$2-$3-$$-$5" 2>&1) || fail errno "$base" "$said"
named=$PWD/$2-$3-$$-$5
said=$(mkdir -m 0700 -- "$named/mnt" 2>&1) || fail errno "$named/mnt" "$said"
said=$(glusterfs --process-name fuse --volfile-server="$4" --volfile-id="/$2" --log-file="$named/log" "$named/mnt" 2>&1 </dev/null) ||
	fail mount "$?" "$(grep -E '\] [EC] \[' -- "$named/log" | tail -n 1 | grep . || printf '%s\n' "$said")"
cd -P "$named/mnt" 2>/dev/null || fail errno "$named/mnt" "$(stat -c '' -- "$named/mnt/." 2>&1)"
mount_here && [ "$mounted" != "$below" ] || fail unmounted "$named/mnt"
up=yes
known_by "$6"
say "$mark"
if heard; then
	tidy || fail errno "$named/mnt" "$said"
	say ok "$mark"
fi
