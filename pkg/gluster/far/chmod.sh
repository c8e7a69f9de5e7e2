# Gives the directory $1 the mode $2, if it hasn't got it.
start
walk "$1"
exec 6<.
[ "$(stat -c %a .)" = "$2" ] || said=$(chmod -- "0000$2" . 2>&1) || fail errno "$at" "$said"
say ok "$(stat -L -c %a /proc/self/fd/6)"
