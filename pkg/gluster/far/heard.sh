# heard waits for the next line of the input. Whoever is there says something every few
# seconds, be it an empty line: where nothing comes for a minute nobody is. Without
# that, what is held here would be held until sshd notices that a connection is gone,
# which may take it hours.
heard() {
	while line=$(timeout 60 sh -c 'IFS= read -r line && printf "%s." "$line"' 9<&-); do
		line=${line%.}
		[ -z "$line" ] || return 0
	done
	return 1
}
