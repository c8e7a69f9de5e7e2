# Tells what is at the names of the input: after the line of each directory come
# those in it. First of all it tells what is mounted.
start
say "$PWD" "${root%:*}" "$(cat /proc/self/mountinfo)"

# one looks at a single name, which may be missing.
one() {
	if said=$(stat -c '%f %u %g %d' -- "$1" 2>&1); then
		say "$said"
		return
	fi
	case $said in
	*': No such file or directory') say - ;;
	*) say "! $said" ;;
	esac
}

# look answers for the names in one directory, with one process where they are
# all there.
look() (
	walk "$1"
	shift
	say ok
	if all=$(stat -c '%f %u %g %d' -- "$@" 2>/dev/null); then
		IFS='
'
		say $all
		exit
	fi
	for name; do
		one "$name"
	done
)

set --
while read -r line; do
	decode "$line"
	case $line in
	/*)
		[ $# -eq 0 ] || look "$@" || exit
		set -- "$decoded"
		;;
	*) set -- "$@" "$decoded" ;;
	esac
done
[ $# -eq 0 ] || look "$@"
