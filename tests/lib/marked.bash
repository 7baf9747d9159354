# marked.bash: programs with a state in a marked stream; for `load ../lib/marked`.
# shellcheck shell=bash

# Run weir COMMAND on the marked stream of SCRIPT (see marks.py): it ends with STATUS, and RECORDS come out, with a blank
# for each tab and line end.  Its output is in `marked`, its messages in `err`.
marked_run() { # marked_run STATUS RECORDS SCRIPT COMMAND...
	local want=$1 records=$2 script=$3 is
	shift 3
	printf '%b' "$script" | python3 "$WEIR_ROOT/tests/lib/marks.py" >marked-in
	set +o pipefail
	weir "$@" <marked-in 2>err | cat >marked
	is=${PIPESTATUS[0]}
	set -o pipefail
	grep -av "^$(printf '\x17')" marked >out || :
	[ "$is" = "$want" ] || fail "status $is, not $want: $(cat err)"
	assert_equal "$(tr '\n\t' '  ' <out)" "$records"
}
