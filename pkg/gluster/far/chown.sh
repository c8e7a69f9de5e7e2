# Gives the directory $1 the owner and group $2, where it says any.
start
walk "$1"
[ -z "$2" ] || said=$(chown -- "$2" . 2>&1) || fail errno "$at" "$said"
say ok
