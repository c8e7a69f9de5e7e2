# A change is made under a lock, which a program on this machine has: it is known by
# its number and when it began, since numbers come again.

# began tells when the process $1 has begun; nothing where it has ended.
began() {
	stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
	set -- ${stat##*) }
	[ "$1" = Z ] || echo "${20}"
}

# had tells whether the program that has the lock $1 is still there.
had() { [ -n "${1#*:}" ] && [ "$(began "${1%:*}")" = "${1#*:}" ]; }
