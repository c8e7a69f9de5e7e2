# Removes the file or empty directory $2 in $1.
start
walk "$1"
kind=$(stat -c %f -- "./$2" 2>&1) || fail errno "$at/$2" "$kind"
case $kind in
4???) said=$(rmdir -- "./$2" 2>&1) ;;
*) said=$(unlink "./$2" 2>&1) ;;
esac || fail errno "$at/$2" "$said"
say ok
