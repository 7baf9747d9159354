# clean.bash: runs clean on a few records; loaded after weir.bash. The file `key` in the current directory is for mask
# hash.
# shellcheck shell=bash

# clean the records of standard input by the rules $@ into `out` (those passed on) and `rejected` (those not).
clean() {
	local rules=() rule
	for rule in "$@"; do rules+=(-e "$rule"); done
	rm -f rejects
	weir clean "${rules[@]}" --key key --rejects rejects >out 2>err || [ $? = 1 ]
	python3 -c 'import json, sys
for line in open("rejects"): print(json.loads(line)["data"])' >rejected
}

# Applies the rules $2... to the record $1; `is` checks the result, '' if it is rejected.
rule() {
	local record=$1 is=$2 rules=() rule
	shift 2
	for rule in "$@"; do rules+=(-e "$rule"); done
	rm -f rejects
	printf '%s\n' "$record" | weir clean "${rules[@]}" --key key --rejects rejects >out 2>err || [ $? = 1 ]
	[ "$(cat out)" = "$is" ] || fail "$*: $record becomes $(cat out), not $is"
	[ -z "$is" ] || [ ! -s rejects ]
	[ -n "$is" ] || [ "$(wc -l <rejects)" = 1 ]
}
