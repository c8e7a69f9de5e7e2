# Takes the lock of the volume and keeps it until the input ends, as it does when the
# connection does, or until nobody is heard of any more; $1 says who has it. While
# another run has it, it is tried every $2 seconds. Then each line of the input asks
# whether it is still had. The mark stands at the end of each answer.
dir=.glusterd-shares
busy=75

fail() {
	say no "$1" "${2-}" "${3-}" "$mark"
	exit 0
}

# missing NAME tells that there is no such name; another failure ends it all.
missing() {
	if said=$(stat -c '%f %h %d:%i %a' -- "./$1" 2>&1); then
		return 1
	fi
	case $said in
	*': No such file or directory') ;;
	*) fail errno "$at/$1" "$said" ;;
	esac
}

# enter goes into the directory of the lock, makes it where it is missing, and
# leaves nobody but root in.
enter() {
	walk /
	if missing "$dir"; then
		made=$(mkdir -m 0700 -- "./$dir" 2>&1) || { missing "$dir" && fail errno "/$dir" "$made"; }
		said=' 700'
	fi
	into "$dir"
	case ${said##* } in
	?00 | 0) ;;
	*) said=$(chmod go-rwx,a-st . 2>&1) || fail errno "$at" "$said" ;;
	esac
}

# open_lock opens the file of the lock as descriptor 9, and makes it where it is
# missing. Clients may put anything there: what was looked at is compared with what
# was opened, and only then anything is done to it, by its descriptor.
open_lock() {
	if missing lock; then
		made=$(dd if=/dev/null of=./lock oflag=nofollow conv=excl status=none 2>&1) || { missing lock && fail errno "$at/lock" "$made"; }
		missing lock && fail way "$at/lock" changing
	fi
	case $said in
	8???' 1 '*) ;;
	8???' '*) fail way "$at/lock" linked ;;
	*) fail way "$at/lock" "${said%% *}" ;;
	esac
	found=${said% *}
	command exec 9<./lock || fail errno "$at/lock" "$(dd if=./lock of=/dev/null iflag=nofollow,nonblock count=0 status=none 2>&1)"
	[ "$(stat -L -c '%f %h %d:%i' -- /proc/self/fd/9)" = "$found" ] || fail way "$at/lock" changing
	case ${said##* } in
	[0246]00 | 0) ;;
	*) said=$(chmod go-rwx,a-xst -- /proc/self/fd/9 2>&1) || fail errno "$at/lock" "$said" ;;
	esac
}

# holder gives the first line of the file.
holder() { head -c 200 -- /proc/self/fd/9 | head -n 1; }

# stands tells that the file which is open still has the lock's name.
stands() { [ "$(stat -c %d:%i -- ./lock 2>&1)" = "${found##* }" ]; }

# try locks descriptor $1, or gives busy.
try() {
	said=$(flock -n -E "$busy" "$1" 2>&1)
	rc=$?
	[ "$rc" = 0 ] || [ "$rc" = "$busy" ] || fail errno "/$dir/lock" "$said"
	return "$rc"
}

start
while :; do
	enter
	open_lock
	if ! try 9; then
		say busy "$(holder)" "$mark"
	elif ! stands; then
		say busy 'somebody who has just replaced the file' "$mark"
	else
		break
	fi
	sleep "$2"
done
printf '%s\n' "$1" 2>/dev/null >/proc/self/fd/9
say held "$$:$(began "$$")" "$mark"

# still answers whether the lock is had: by another descriptor it must not be, or
# nobody has it any more; by the one that has it it must be, or another run has it.
still() (
	walk /
	missing "$dir" && fail replaced
	into "$dir"
	stands || fail replaced
	command exec 8</proc/self/fd/9 || fail replaced
	try 8 && fail lost
	try 9 || fail lost "" "$(holder)"
	say held "$mark"
)
while heard; do
	still
done
