# env.bash: the environment of every test, the same however the test was started.
# shellcheck shell=bash

# The tree under test, absolute; its dispatcher goes to the head of PATH, its programs are found by it.
WEIR_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-build/release}
[[ $BUILD == /* ]] || BUILD=$WEIR_ROOT/$BUILD
[[ :$PATH: == *:$BUILD:* ]] || PATH=$BUILD:$PATH
export WEIR_ROOT BUILD PATH WEIR_EXEC_PATH=$BUILD/bin
export WEIR_TEST_CACHE=${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-test}

# Nothing of the user's reaches a test.
unset WEIR_BROKERS XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR POSIXLY_CORRECT MANPATH
export LC_ALL=C.UTF-8 TZ=UTC

# A sanitizer's finding ends the program by SIGABRT, or, for a leak, with 23: no exit status of ours.
export ASAN_OPTIONS=abort_on_error=1:detect_leaks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1
export LSAN_OPTIONS=print_suppressions=0
ulimit -c 0
