# Gives the first $3 bytes of the plain file $2 in $1. dd follows no symlink and
# waits for nobody at a named pipe, should one have come to stand there.
start
walk "$1"
kind=$(stat -c %f -- "./$2" 2>&1) || fail errno "$at/$2" "$kind"
case $kind in
8???) ;;
*) fail way "$at/$2" "$kind" ;;
esac
say ok
dd if="./$2" iflag=nofollow,nonblock,fullblock,count_bytes count="$3" bs=64K status=none
