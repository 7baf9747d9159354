# matrix.bash: for the bats files that run a sample of the fault matrix; loaded after weir.bash.
# shellcheck shell=bash disable=SC2034 # through is for those files

matrix() { # matrix REGEX...: a sample of the cases of these names, $jobs (6) side by side
	run_logged "$WEIR_ROOT/tests/fault/matrix" --sample --jobs "${jobs:-6}" "$@"
	assert_status 0
}

# One of the ways in which the requests to a store go wrong.
through='requests|answers|[0-9]{3}|puts|a clock|slow|all of it'
