# aggregate.bash: for tests of aggregate; loaded after weir.bash.
# shellcheck shell=bash disable=SC2154 # output: of bats

aggregate_setup() {
	export MARKER=$BUILD/servers/marker MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# The metrics $2... of the lines $1 (printf's %b) as JSON in $output.
agg() {
	local lines=$1
	shift
	run --separate-stderr weir aggregate "$@" < <(printf '%b' "$lines")
	_show_run
}

is() { # is LINES: what was printed
	assert_equal "$output" "$1"
}
