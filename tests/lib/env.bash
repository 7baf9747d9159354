# env.bash: the environment of every test, the same however the test was started.
# shellcheck shell=bash

WEIR_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-build/release}
[[ $BUILD == /* ]] || BUILD=$WEIR_ROOT/$BUILD
export WEIR_ROOT BUILD

# Once a tree, because bats reads each file again for each test, and what setup_file exported must stay.
_weir_env() {
	export WEIR_TEST_ENV=$BUILD
	export WEIR_TEST_CACHE=${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-test}
	# shellcheck source=tests/lib/python.bash
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	local postgres=(/usr/lib/postgresql/*/bin)
	# The dispatcher is at the head of PATH, the programs are found by it; after it the tests' own python3, and psql
	# itself: Debian's is a script in Perl that looks for it, which takes longer than most statements.
	export PATH=$BUILD:$python_home/bin:${postgres[-1]}:$PATH WEIR_EXEC_PATH=$BUILD/bin
	# No setting of the user reaches a test.
	unset "${!AWS_@}" "${!AZURE_@}" "${!HADOOP_@}" WEIR_BROKERS WEIR_PROFILE WEIR_LOG WEIR_LOG_FORMAT WEIR_COLOR XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR POSIXLY_CORRECT MANPATH
	export LC_ALL=C.UTF-8 TZ=UTC WEIR_CONFIG=/dev/null NO_COLOR=1
	export PYTHONPYCACHEPREFIX=$WEIR_TEST_CACHE/pycache # tests write nothing into the tree
	# A finding of a sanitizer, even a leak, ends the program by SIGABRT, which no program uses as an exit status.
	export ASAN_OPTIONS=abort_on_error=1:detect_leaks=1:detect_stack_use_after_return=1
	export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1
	# A make within a test (of a tree that is up to date) must not confuse a sanitized tree with another one.
	[[ ${BUILD##*/} != *address* ]] || export SAN=address,undefined
	ulimit -c 0
}
[ "${WEIR_TEST_ENV:-}" = "$BUILD" ] || _weir_env
