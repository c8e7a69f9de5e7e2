# What is done in a volume begins with this. The shell's working directory is its
# handle: it goes into one directory after the other, and whatever stands at their
# names afterwards, it is in those that it has looked at. What is done is done to
# the working directory itself or to one name in it, by programs that don't follow
# that name.
point=$1 root=$2 mount=$3 volfile=$4 shown=$5 lock=$6
shift 6

# start goes to the root, and makes sure that it is what it was proven to be:
# numbers of devices and mounts come again, what the client says of its volume
# does not. Descriptor 7 stays there. What is done under a lock is not begun without it.
start() {
	[ -z "$lock" ] || had "$lock" || fail lost
	cd -P "$point" 2>/dev/null || fail root
	[ "$(stat -c %d:%i .)" = "$root" ] && mount_here && [ "$mounted" = "$mount" ] || fail root
	[ "$(client_says "$volfile" | sha256sum)" = "$shown  -" ] || fail root
	exec 7<.
}

# walk goes along a path from the root.
walk() {
	cd -P /proc/self/fd/7/. || fail root
	at='' rest=${1#/} seen=$root
	while [ -n "$rest" ]; do
		name=${rest%%/*}
		rest=${rest#"$name"}
		rest=${rest#/}
		into "$name"
	done
}

# into goes into ./$1 if that is a directory of the root's mount. Where the name
# became another's between the look and the step it is not in what was looked at,
# and goes no further.
into() {
	at=$at/$1
	kind=$(stat -c '%f %d:%i' -- "./$1" 2>&1) || fail errno "$at" "$kind"
	seen=${kind#* }
	case $kind in
	4???" ${root%:*}:"*) ;;
	4???" "*) fail way "$at" device ;;
	*) fail way "$at" "${kind% *}" ;;
	esac
	cd -P "./$1" 2>/dev/null || fail errno "$at" "$(stat -c '' -- "./$1/." 2>&1)"
	[ "$(stat -c %d:%i .)" = "$seen" ] || fail way "$at" changing
	mount_here || fail errno "$at" "$(ls -d ./ 2>&1)"
	[ "$mounted" = "$mount" ] || fail way "$at" mount
}
