# Tells whether there is a process $1.
if [ -d "/proc/$1" ]; then
	say ok yes
else
	say ok no
fi
