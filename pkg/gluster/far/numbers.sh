# Looks up users and groups: each line of the input is a database and a name.
command -v getent >/dev/null || fail missing getent
while read -r database name; do
	decode "$name"
	said=$(getent "$database" "$decoded" </dev/null 2>/dev/null)
	rc=$?
	[ "$rc" = 0 ] || [ "$rc" = 2 ] || said=$(getent "$database" "$decoded" </dev/null 2>&1)
	say "$rc" "$said"
done
say ok
