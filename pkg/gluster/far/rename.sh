# Moves the directory $2 in $1, of the inode $5, to the name $4 in $3. Both
# directories are held by descriptors, so that it goes from and to where they are.
start
walk "$3"
exec 4<.
walk "$1"
exec 5<.
into "$2"
[ "$seen" = "${root%:*}:$5" ] || fail other "$at"

# A name that is had is refused by mv too, which says nothing then.
taken() { said=$(stat -c %i -- "/proc/self/fd/4/$4" 2>&1); }
if taken "$@"; then
	fail taken "$3/$4"
fi
case $said in
*': No such file or directory') ;;
*) fail errno "$3/$4" "$said" ;;
esac

# mv would copy what it can't rename, and remove it then: with one descriptor left
# it can't copy a file.
move() (
	ulimit -S -n 6
	exec mv -T -n -- "$1" "$2"
)
said=$(move "/proc/self/fd/5/$2" "/proc/self/fd/4/$4" 2>&1) || fail errno "$at" "$said"
if [ "$(stat -c %d:%i -- "/proc/self/fd/4/$4")" = "$seen" ]; then
	say ok
	exit
fi
[ "$(stat -c %d:%i -- "/proc/self/fd/5/$2")" != "$seen" ] || fail taken "$3/$4"
# Another one was put in its place between the look and the move.
said=$(move "/proc/self/fd/4/$4" "/proc/self/fd/5/$2" 2>&1) || fail errno "$at" "$said"
fail other "$at"
