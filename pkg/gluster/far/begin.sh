# Every script begins with this. $1 is a mark that nobody can know before: an
# answer begins with it, so that it can be told from what a login shell says, and
# ends with it, so that one that was cut off is not taken for a whole one. What an
# answer is made of ends with a null byte each, which no name has in it.
set -uf
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 077
mark=$1
shift

say() { printf '%s\0' "$@"; }

# fail KIND AT DETAIL answers that it was not done, and why.
fail() {
	say no "$1" "${2-}" "${3-}"
	exit 0
}

# decode undoes the octal escapes of a line of the input.
decode() {
	case $1 in
	*\\*) decoded=$(printf '%b.' "$1") && decoded=${decoded%.} ;;
	*) decoded=$1 ;;
	esac
}

say "$mark"
