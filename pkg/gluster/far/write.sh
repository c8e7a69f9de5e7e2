# Makes the file $2 in $1, of the $3 bytes of the input, and comes back when it is
# on disk.
start
walk "$1"
said=$(dd of="./$2" oflag=nofollow conv=excl,fsync bs=64K status=none 2>&1) || fail errno "$at/$2" "$said"
[ "$(stat -c %s -- "./$2")" = "$3" ] || fail short "$at/$2"
said=$(sync . 2>&1) || fail errno "$at" "$said"
say ok
