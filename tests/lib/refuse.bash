# refuse.bash: programs on a file system, or a kernel, that lacks a system call (refuse.c says which); loaded after
# weir.bash.
# shellcheck shell=bash

refuse_build() { # in setup_file
	"${CC:-cc}" -shared -fPIC -O1 -o "$BATS_FILE_TMPDIR/refuse.so" "$WEIR_ROOT/tests/lib/refuse.c" -ldl
}

# Run a command for which these calls fail, as run_logged does.
run_refused() { # run_refused "CALL=ERROR ..." COMMAND...
	local refused=$1
	shift
	run --separate-stderr env LD_PRELOAD="$BATS_FILE_TMPDIR/refuse.so" WEIR_REFUSE="$refused" \
		ASAN_OPTIONS=verify_asan_link_order=0 "$@"
	_command="$* # refused: $refused"
	_show_run
}
