# mount_here tells the mount that the working directory is of.
mount_here() {
	mounted=
	while read -r key value; do
		case $key in
		mnt_id:) mounted=$value ;;
		esac
	done 3<. </proc/self/fdinfo/3
	[ -n "$mounted" ]
}

# client_says gives what a client's volfile says of which volume it is. The rest
# of it holds passwords, and stays here.
client_says() { grep -E '^[[:space:]]*(option (volume-id|remote-host|remote-subvolume) |end-volume)' -- "$1"; }

# known_by tells of the working directory what a mount is known by: device and inode,
# mount, kind of file system, and what the client's volfile $1 says.
known_by() {
	root=$(stat -c %d:%i . 2>&1) || fail errno "$PWD" "$root"
	kind=$(stat -f -c %t . 2>&1) || fail errno "$PWD" "$kind"
	mount_here || fail errno "$PWD" "$(ls -d ./ 2>&1)"
	said=$(client_says "$1" 2>&1) || [ $? = 1 ] || fail errno "$1" "$said"
	say ok "$PWD" "$root" "$mounted" "$kind" "$said" "$(client_says "$1" | sha256sum)"
}
