# Makes the directory $2 in $1 with the mode $3. It is root's alone until it has
# that mode, and what it inherits beyond the nine bits stays.
start
walk "$1"
said=$(mkdir -m 0700 -- "./$2" 2>&1) || fail errno "$at/$2" "$said"
into "$2"
exec 6<.
said=$(chmod -- "$3" . 2>&1) || fail errno "$at" "$said"
say ok "$(stat -L -c %a /proc/self/fd/6)"
