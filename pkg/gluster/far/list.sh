# Lists what is in the directory $1: $2 names at most, each after the letter of
# its kind. Where they are all there find's exit status comes after them.
start
walk "$1"
say ok
{
	find -P . -ignore_readdir_race -mindepth 1 -maxdepth 1 -printf '%y%f\0'
	say "=$?"
} | head -z -n "$2"
