# Tells what is mounted, where all is there that the scripts need, and then of each
# mount point of the input what it is known by; $1 is where a client's volfile is. The
# mark stands at the end of each answer.
fail() {
	say no "$1" "${2-}" "${3-}" "$mark"
	exit 0
}

for tool in cat chmod chown dd grep head id ls mkdir mv rmdir sed sha256sum sleep sync timeout unlink yes; do
	command -v "$tool" >/dev/null || fail missing "$tool" coreutils
done
case $(stat --version 2>&1) in *'GNU coreutils'*) ;; *) fail missing "GNU's stat" coreutils ;; esac
case $(find --version 2>&1) in *'GNU findutils'*) ;; *) fail missing "GNU's find" findutils ;; esac
case $(flock --version 2>&1) in *util-linux*) ;; *) fail missing "flock of util-linux" util-linux ;; esac
said=$(cat /proc/self/mountinfo 2>&1) || fail errno /proc/self/mountinfo "$said"
say ok "$said" "$mark"

while heard; do
	(
		decode "$line"
		cd -P "$decoded" 2>/dev/null || fail errno "$decoded" "$(stat -c '' -- "$decoded/." 2>&1)"
		known_by "$1"
		say "$mark"
	)
done
