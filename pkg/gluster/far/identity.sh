# Tells the device and inode of each directory of the input.
start
set --
while read -r line; do
	decode "$line"
	walk "$decoded"
	set -- "$@" "$seen"
done
say ok "$@"
