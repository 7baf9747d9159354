# weir.bash: helpers of the bats files; the first line of each is `load ../lib/weir`.
#
# Only $BATS_TEST_TMPDIR for files, unique_topic for topics, no fixed ports: tests run side by side.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

# shellcheck source=tests/lib/process.bash
. "$(dirname "${BASH_SOURCE[0]}")/process.bash"
# shellcheck source=tests/lib/env.bash
. "$(dirname "${BASH_SOURCE[0]}")/env.bash"

# Sets sasl: flags for kcat and for weir's programs to reach $WEIR_TEST_KAFKA_SASL, "${sasl[@]}".
_set_sasl() {
	# shellcheck disable=SC2034
	sasl=(-X security.protocol=SASL_SSL -X sasl.mechanisms=PLAIN -X "sasl.username=${WEIR_TEST_USER:-}"
		-X "sasl.password=${WEIR_TEST_PASSWORD:-}" -X "ssl.ca.location=${WEIR_TEST_CA:-}")
}
_set_sasl

# --- run and assert --------------------------------------------------------------------------------

# Run `weir ARG...`: sets $status, $output, $stderr, and logs them in case the test fails.
run_weir() {
	run_logged weir "$@"
}

# The same for any command.  As `run --separate-stderr` of bats, with a third of its processes: bats' trap, which takes
# 0.2 ms a command of a function, is off within, and no name of a file is asked for.
run_logged() {
	_command="$*"
	_untraced _run "$@"
}

# Run a shell command line (pipes, redirections) with pipefail, and log it.
run_sh() {
	_command=$1
	_untraced _run bash -o pipefail -c "$1"
}

_untraced() { # names with _, here and below: the command may be a function of the test, which sees them
	local _flags=$-
	set +eET
	"$@"
	set "-$_flags"
}

# shellcheck disable=SC2034 # lines and stderr_lines are for the tests
_run() {
	local _errors=$BATS_TEST_TMPDIR/separate-stderr-$BASHPID _begin=${EPOCHREALTIME/./}
	output=$("$@" 2>"$_errors") && status=0 || status=$?
	_took=$((${EPOCHREALTIME/./} - _begin)) # microseconds
	read -d '' -r stderr <"$_errors"
	IFS=$'\n' read -d '' -ra lines <<<"$output"
	IFS=$'\n' read -d '' -ra stderr_lines <<<"$stderr"
	_show_run
}

_show_run() {
	printf '$ %s\nstatus: %s\n' "$_command" "$status"
	_show stdout "$output"
	_show stderr "$stderr"
}

_show() { # _show LABEL TEXT: 40 lines of what is long, control bytes made visible
	if [ ${#2} -gt 4000 ] || [[ $2 == *[![:print:][:space:]]* ]]; then
		head -n 40 <<<"$2" | cut -c 1-400 | cat -v | sed "s/^/$1: /"
	elif [ -n "$2" ]; then
		printf '%s: %s\n' "$1" "${2//$'\n'/$'\n'$1: }"
	fi
}

# Fail with a message.
fail() {
	printf '%s\n' "$*"
	return 1
}

# The last command ended with this status.
assert_status() {
	[ "$status" = "$1" ] || fail "status is $status, not $1, of: $_command"
}

# Status 0 and nothing on standard error, where what took more than a second may tell for what it waited.
assert_success() {
	assert_status 0 || return
	if [ "${_took:-0}" -gt 1000000 ]; then
		assert_equal "$(grep -v '^weir [a-z-]*: waiting for ' <<<"$stderr")" ''
	else
		assert_stderr ''
	fi
}

# $output is exactly this (the last LFs are not seen; bytes: assert_files_equal).
assert_output() {
	assert_equal "$output" "$1"
}

# $stderr is exactly this.
assert_stderr() {
	assert_equal "$stderr" "$1"
}

# $output contains this text.
assert_output_contains() {
	[[ $output == *"$1"* ]] || fail "stdout of: $_command: lacks: $1"
}

# $stderr contains this text.
assert_stderr_contains() {
	[[ $stderr == *"$1"* ]] || fail "stderr of: $_command: lacks: $1"
}

# Two texts are equal.
assert_equal() { # assert_equal SEEN EXPECTED
	[ "$1" = "$2" ] || {
		diff -u --label expected --label seen <(cat -v <<<"$2") <(cat -v <<<"$1") | head -n 60
		fail "texts differ"
	}
}

# Two files are equal, byte for byte.
assert_files_equal() { # assert_files_equal SEEN EXPECTED
	cmp "$1" "$2" || {
		diff -au --label "expected: $2" --label "seen: $1" "$2" "$1" | cut -c 1-400 | cat -v | head -n 60
		fail "files differ"
	}
}

# What a command line prints on a terminal, without carriage returns.
on_terminal() { # on_terminal COMMAND
	script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

# --- waiting and background processes --------------------------------------------------------------

# Repeat a command until it succeeds, for SECONDS at most.
wait_for() { # wait_for SECONDS COMMAND...
	local end=$((${EPOCHREALTIME/./} + $1 * 1000000))
	shift
	until "$@"; do
		[ ${EPOCHREALTIME/./} -lt $end ] || fail "waited in vain for: $*" || return 1
		sleep 0.05
	done
}

# Start a command in the background, in a process group of its own; its standard output and error go to NAME.out and
# NAME.err in $BATS_TEST_TMPDIR, its standard input is the caller's.  Sets $bg_pid.  teardown ends it if it still runs.
start_bg() { # start_bg NAME COMMAND...
	local name=$1 dir=$BATS_TEST_TMPDIR
	shift
	setsid env --default-signal=INT,QUIT,PIPE "$@" <&0 >"$dir/$name.out" 2>"$dir/$name.err" 3>&- &
	bg_pid=$!
	echo "$bg_pid" >"$dir/$name.pid"
	process_id "$bg_pid" >"$dir/$name.bg"
	echo "\$ $* & # $name, $bg_pid"
}

# Wait until a background command has ended; sets $status, $output, $stderr; fails after SECONDS.
wait_bg() { # wait_bg NAME [SECONDS]
	local dir=$BATS_TEST_TMPDIR pid
	pid=$(<"$dir/$1.pid")
	process_wait "${2:-30}" "$(<"$dir/$1.bg")" || fail "$1 ($pid) still runs after ${2:-30} s" || return 1
	status=0
	wait "$pid" || status=$?
	output=$(tr -d '\0' <"$dir/$1.out") stderr=$(tr -d '\0' <"$dir/$1.err") _command="background $1" _took=0
	_show_run
}

# Send a signal (TERM) to the process of a background command, then wait_bg.
stop_bg() { # stop_bg NAME [SIGNAL] [SECONDS]
	process_signal "${2:-TERM}" "$(<"$BATS_TEST_TMPDIR/$1.bg")"
	wait_bg "$1" "${3:-30}"
}

# Kill what start_bg and start_server started in this test, and everything else if it failed.  A file with its own
# teardown calls this there.
kill_all() {
	local file
	for file in "$BATS_TEST_TMPDIR"/*.pid; do
		[ ! -e "$file" ] || kill -9 -- "-$(<"$file")" 2>/dev/null || true
	done
	for file in "$BATS_TEST_TMPDIR"/*/server; do
		[ ! -f "$file" ] || "$WEIR_ROOT/tests/servers/$(<"$file")" kill "${file%/*}"
	done
	[ -n "${BATS_TEST_COMPLETED:-}" ] || _kill_rest
}

# What a failed test left, wherever it is: bats waits for whoever holds its descriptors.  After a passed test nothing is
# swept, so that the run can find what left a process behind.  The sleep is bats' own clock.
_kill_rest() {
	local pid
	for pid in $(process_marked "BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR\$"); do
		[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "sleep ${BATS_TEST_TIMEOUT:-} " ] || kill -9 "$pid" || true
	done 2>/dev/null
}

# bats' own function, for a test that takes too long, ends only the children, then waits for grandchildren that hold a
# pipe.
bats_kill_childprocesses_of() { # bats_kill_childprocesses_of PID
	process_kill_children "$1"
	_kill_rest
}

teardown() {
	kill_all
}

# --- servers ---------------------------------------------------------------------------------------

# Start this test's own server, with tests/servers/KIND, in $BATS_TEST_TMPDIR/NAME; sets the variables that its script
# names, as use_server does.
start_server() { # start_server KIND [NAME [ARG...]]
	"$WEIR_ROOT/tests/servers/$1" start "$BATS_TEST_TMPDIR/${2:-$1}" "${@:3}" 3>&- || return
	# shellcheck source=/dev/null
	. "$BATS_TEST_TMPDIR/${2:-$1}/env"
}

# Use the server of this kind that all tests of the run share: sets the variables that its script names.
use_server() { # use_server KIND
	# shellcheck source=/dev/null
	. "${WEIR_TEST_SERVERS:?no servers; tests/run starts those that the tags of a file name}/$1/env"
}

# `python3` is the one that has what tests/lib/requirements.txt lists; $python_home is where it lies.
use_python() {
	# shellcheck source=tests/lib/python.bash
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	export PATH=$python_home/bin:$PATH
}

# Set the rules of the server that start_server faulthttp has started (tests/lib/faulthttp.py); none: no faults.
fault() { # fault RULE...
	printf '%s\n' "$@" | curl -sS --fail-with-body --noproxy '*' -X PUT --data-binary @- "$WEIR_TEST_FAULT/_fault"
}

# What it has seen since then, through jq's FILTER: `{rules: [{…, matched, followed}], seen: [{method, target, did,
# status}]}`.
fault_seen() { # fault_seen FILTER
	curl -sS --noproxy '*' "$WEIR_TEST_FAULT/_fault" | jq -c "$1"
}

# --- Kafka -----------------------------------------------------------------------------------------

# A name that no other test uses.
unique_topic() {
	local file=${BATS_TEST_FILENAME##*/}
	printf 't-%s-%d-%08x\n' "${file%.bats}" "$BATS_TEST_NUMBER" "$SRANDOM"
}

# The same for a consumer group.
unique_group() {
	printf 'g%s\n' "$(unique_topic | cut -c 2-)"
}

# Administer the shared broker: `kadmin VERB OPERAND...` of tests/servers/kadmin.c.
kadmin() {
	"$BUILD/servers/kadmin" "${WEIR_TEST_KAFKA:?no broker; tests/run starts one for files tagged server}" "$@"
}

# Write records there: `kput TOPIC PARTITION RECORD...` of tests/servers/kput.c.
kput() {
	"$BUILD/servers/kput" "$WEIR_TEST_KAFKA" "$@"
}

# Make a topic on the shared broker and print its name.
new_topic() { # new_topic [PARTITIONS [CONFIG=VALUE]...]
	local topic
	topic=$(unique_topic)
	kadmin create "$topic" "${@:-1}" && echo "$topic"
}

# Start this test's own broker in $BATS_TEST_TMPDIR/NAME; $WEIR_TEST_KAFKA and the others name it from then on.
start_kafka() { # start_kafka [NAME]
	start_server kafka "${1:-kafka}" && _set_sasl
}

# Is the tree under test built with AddressSanitizer (which rules out limits on virtual memory)?
sanitized() {
	[[ ${BUILD##*/} == *address* ]]
}

# --- what is left out ------------------------------------------------------------------------------

# A test that cannot run here is skipped visibly, for one of these two reasons; tests/tally accepts no other.

# The first command of a test that only the plain tree can run: kill points, limits on virtual memory.
only_plain() { # only_plain WHY
	! sanitized || skip "in a sanitized tree: $1"
}

# The first command of a test that needs a mount namespace, which many containers forbid; with CI set that is a failure.
needs_mounts() {
	can_mount || skip 'this machine allows no mount namespaces'
}

# The words that put a command into its own mount namespace.
mount_namespace=(unshare -m)
[ "$EUID" = 0 ] || mount_namespace=(unshare -rm)

can_mount() {
	"${mount_namespace[@]}" mount -t tmpfs tmpfs "$BATS_TEST_TMPDIR" 2>/dev/null
}
