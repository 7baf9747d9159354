#!/usr/bin/env bats
# Files that writers leave in a table while they run and when they die: who may read them, who removes them, what is
# missing.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/refuse

setup_file() {
	refuse_build
}

setup() {
	lakecheck_setup
}

# A lake-put that has staged and waits for more on descriptor 7; WITH is put before it.
put_waiting() { # put_waiting NAME [WITH...]
	mkfifo "$1.fifo"
	start_bg "$1" "${@:2}" "$WEIR_EXEC_PATH/lake-put" --compress none "$lake" "$1.fifo"
	exec 7>"$1.fifo"
	seq 100000 >&7
	wait_for 20 eval '[ -n "$(find "$lake" -name ".part-*" 2>/dev/null)" ]'
}

kill_put() { # kill_put NAME
	kill -9 "$(pgrep -x lake-put -g "$(<"$BATS_TEST_TMPDIR/$1.pid")")"
	exec 7>&-
	wait_bg "$1"
}

edit_lock() { # edit_lock FILTER: of the only one
	local file
	file=$(find "$lake/.writers" -type f)
	{ head -n 1 "$file" | jq -c "$1" && tail -n +2 "$file"; } >edited
	cat edited >"$file"
}

# --- names -----------------------------------------------------------------------------------------

@test "stages are matched by no pattern for data, not even where stars match hidden files" {
	for how in zstd gzip none; do
		rm -rf "$lake"
		mkfifo "fifo-$how"
		start_bg "put-$how" weir lake-put --compress $how --memory 16M "${by_day[@]}" "$lake" "fifo-$how"
		exec 7>"fifo-$how"
		day_lines 1 300000 >&7
		wait_for 30 eval '[ "$(find "$lake" -name ".part-*" | wc -l)" = 3 ]'
		found=$(
			shopt -s globstar dotglob nullglob
			cd "$lake"
			echo **/*.zst **/*.gz **/part-* **/*.ndjson* **/*.json* **/*.csv* **/*.parquet **/*-[0-9][0-9][0-9][0-9][0-9]
		)
		kill -9 "$bg_pid"
		exec 7>&-
		wait_bg "put-$how"
		assert_equal "$found" ''
		[ "$(find "$lake" -name '.part-*-0000?.new' | wc -l)" = 3 ]
	done
}

@test "DuckDB sees each record once: beside a writer, after it was killed, when all is done" {
	count() { # count PATTERN
		python3 -c 'import duckdb, sys
print(duckdb.sql("select count(*) from read_json(%r, format=%r)" % (sys.argv[1], "newline_delimited")).fetchall()[0][0])' "$1"
	}
	rows() { seq "$1" "$2" | awk '{ print "{\"ts\":" 1764288000 + $1 % 1000 ",\"id\":" $1 "}" }'; }
	into=(weir lake-put --memory 16M --partition-by dt=%F --time .ts)
	rows 1 1000 | "${into[@]}" "$lake"
	for round in 1 2; do
		mkfifo "fifo$round"
		start_bg "put$round" "${into[@]}" "$lake" "fifo$round"
		exec 7>"fifo$round"
		rows 1 100000 >&7
		wait_for 30 eval '[ -n "$(find "$lake" -name ".part-*" -size +0)" ]'
		[ "$(count "$lake/**/*.zst")" = $((round * 1000)) ] && [ "$(count "$lake/**/part-*.zst")" = $((round * 1000)) ]
		kill -9 "$bg_pid"
		exec 7>&-
		wait_bg "put$round"
		[ "$(count "$lake/**/*.zst")" = $((round * 1000)) ]
		rows 1001 2000 | "${into[@]}" "$lake"
	done
	[ "$(count "$lake/**/*.zst")" = 3000 ]
	assert_equal "$(lake_hidden "$lake")" ''
}

# --- who is dead -----------------------------------------------------------------------------------

@test "what a writer of another host name on this machine has left, the next one removes" {
	unshare=(unshare -u)
	[ "$(id -u)" = 0 ] || unshare=(unshare -ru)
	for pod in a b c; do
		put_waiting "$pod" "${unshare[@]}" bash -c 'hostname pod-'$pod' && "$@"; :' --
		[ -n "$(find "$lake/.writers" -name "pod-$pod-*")" ]
		kill_put "$pod"
		[ "$(lake_hidden "$lake" | wc -l)" = 2 ] # its own, no other's
	done
	seq 5 | weir lake-put "$lake"
	assert_lake "$lake" <(seq 5)
}

@test "this machine before its last start: dead; another machine: only by --clean, by age or by name" {
	seq 5 >in
	put_waiting before
	kill_put before
	edit_lock '.boot = "01234567-89ab-cdef-0123-456789abcdef" | .pid = 1'
	weir lake-put "$lake" in
	if [ ! -s /etc/machine-id ] && [ ! -s /var/lib/dbus/machine-id ]; then # a bare system or a container: it is impossible to know that it is this machine
		[ "$(lake_hidden "$lake" | wc -l)" = 2 ]
		run_weir lake-check --clean --older-than 0 "$lake"
		assert_status 0
	fi
	assert_lake "$lake" in
	put_waiting elsewhere
	kill_put elsewhere
	edit_lock '.boot = "01234567-89ab-cdef-0123-456789abcdef" | .machine = "0123456789abcdef"'
	weir lake-put "$lake" in # the same host name is not a reason
	run_weir lake-check --clean "$lake"
	assert_success
	[ "$(lake_hidden "$lake" | wc -l)" = 2 ]
	run_weir lake-check --clean --older-than 0 "$lake"
	assert_status 0
	assert_equal "$(lake_hidden "$lake")" ''
	put_waiting silent
	kill_put silent
	edit_lock '{}' # and a lock without an owner
	weir lake-put "$lake" in
	[ "$(lake_hidden "$lake" | wc -l)" = 2 ]
	age
	run_weir lake-check --clean "$lake"
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "--host needs --clean and a name" {
	seq 5 | weir lake-put "$lake"
	for options in '--host x' '--clean --host='; do
		# shellcheck disable=SC2086
		run_weir lake-check $options "$lake"
		assert_status 2
		assert_stderr_contains '--host'
	done
}

@test "where each mount has its own locks, a writer of this machine is alive nevertheless" {
	seq 5 >in
	put_waiting slow env LD_PRELOAD="$BATS_FILE_TMPDIR/refuse.so" WEIR_REFUSE=flock=NONE ASAN_OPTIONS=verify_asan_link_order=0
	run_refused flock=NONE "$WEIR_EXEC_PATH/lake-put" "$lake" in
	assert_success
	run_refused flock=NONE "$WEIR_EXEC_PATH/lake-check" --clean --older-than 0 "$lake"
	assert_success
	exec 7>&-
	wait_bg slow
	assert_success
	assert_lake "$lake" <(cat in && seq 100000)
}

@test "a writer that was considered dead commits nothing, ends with 75, and the table is sound" {
	seq 5 >in
	put_waiting taken
	edit_lock '.machine = "0123456789abcdef" | .boot = "01234567-89ab-cdef-0123-456789abcdef"'
	run_weir lake-check --clean --host "$(uname -n)" "$lake" # of a table without a log yet
	weir lake-put "$lake" in
	run_weir lake-check --clean --host "$(uname -n)" "$lake"
	assert_status 0
	assert_equal "$(lake_hidden "$lake")" ''
	exec 7>&-
	wait_bg taken
	assert_status 75
	assert_stderr_contains 'nothing is committed'
	assert_lake "$lake" in
	assert_sound
}

@test "a stage that is gone, cut, or something else before the commit: 75, nothing is committed" {
	seq 5 >in
	weir lake-put "$lake" in
	for how in 'rm -f' 'truncate -s 3'; do
		rm -f ./*.fifo
		put_waiting "put${how%% *}"
		$how "$(find "$lake" -name '.part-*')"
		exec 7>&-
		wait_bg "put${how%% *}"
		assert_status 75
		assert_stderr_contains 'nothing is committed'
		assert_lake "$lake" in
	done
}

# --- others ----------------------------------------------------------------------------------------

@test "a first writer that fails and takes the table away: the other one makes it again" {
	seq 5 >in
	for made_by in two two three; do
		rm -rf "$lake" ./*.fifo
		mkfifo two.fifo
		put_waiting one
		start_bg two "$WEIR_EXEC_PATH/lake-put" --compress none "$lake" two.fifo
		exec 8>two.fifo # it has opened the table by then
		stop_bg one TERM
		exec 7>&-
		[ ! -e "$lake" ]
		[ $made_by = two ] || seq 6 9 | weir lake-put "$lake"
		cat in >&8
		exec 8>&-
		wait_bg two
		assert_success
		[ $made_by = two ] || seq 6 9 >>in
		assert_lake "$lake" in
	done
}

@test "many writers that fail, and others that do not, in a table that is not there: none is disturbed" {
	seq 5 >good
	printf 'x\n' >bad
	pids=()
	for i in $(seq 8); do
		(for _ in $(seq 15); do ! weir lake-put --partition-by dt=%F --time %F@1 "$lake/$((i % 2))" bad || exit 1; done) 2>>bad.err &
		pids+=($!)
	done
	for i in 1 2; do
		for _ in $(seq 10); do
			rm -rf "${lake:?}/$((i % 2))/none"
			weir lake-put --on-bad-time x --partition-by dt=%F --time %F@1 "$lake/$((i % 2))" good 2>>good.err
		done
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
	[ "$(weir lake-cat "$lake/0" | wc -l)" = 50 ] && [ "$(weir lake-cat "$lake/1" | wc -l)" = 50 ]
	run ! grep -v 'no time' bad.err
}

@test "two users and one table of a group, umask 022: both write, and a killed one blocks nobody" {
	seq 5 >in
	day_lines 1 9 >days
	lake=lake # relative: others may not go here from above
	chmod a+rx .
	mkdir -m 2777 lake by-day
	umask 022
	cp "$WEIR_EXEC_PATH/lake-put" "$WEIR_EXEC_PATH/lake-check" .
	if [ "$(id -u)" = 0 ]; then
		one=(setpriv --reuid 1 --regid 100 --clear-groups --)
		two=(setpriv --reuid 65534 --regid 100 --clear-groups --)
	else # locks of other users may not be readable
		one=() two=()
	fi
	mkfifo -m 666 fifo
	start_bg first ${one[@]+"${one[@]}"} ./lake-put --compress none "$lake" fifo
	exec 7>fifo
	seq 100000 >&7
	wait_for 20 eval '[ -n "$(find "$lake" -name ".part-*")" ]'
	run_logged ${two[@]+"${two[@]}"} ./lake-put "$lake" in # beside it
	assert_success
	kill -9 "$bg_pid"
	exec 7>&-
	wait_bg first
	run_logged ${two[@]+"${two[@]}"} ./lake-put "$lake" in
	assert_success
	assert_equal "$(lake_hidden "$lake")" ''
	run_logged ${one[@]+"${one[@]}"} ./lake-put "${by_day[@]}" by-day days
	assert_success
	run_logged ${two[@]+"${two[@]}"} ./lake-put "${by_day[@]}" by-day days
	assert_success
	killed # and one that only its own user may read
	chmod 0 "$lake/$lock"
	run_logged ${two[@]+"${two[@]}"} ./lake-put "$lake" in
	assert_success
	run_logged ${two[@]+"${two[@]}"} ./lake-check --clean "$lake"
	assert_status 0
}

@test "what another user has left and may not be removed is not said to be: 78, and the rest goes" {
	seq 3 >in
	mkdir -p "$lake/d"
	weir lake-put "$lake" in
	killed
	stage=d/.part-$uuid-00009.new # in a directory that cannot be written
	touch "$lake/$stage"
	echo "$stage" >>"$lake/$lock"
	orphan=$lake/.part-fedcba98-89ab-4cde-8f01-23456789abcd-00000.new
	touch -d '2 days ago' "$orphan"
	as=()
	if [ "$(id -u)" = 0 ]; then
		chmod a+rx . && chmod -R a+rwX "$lake"
		as=(setpriv --reuid 65534 --clear-groups --)
	fi
	chmod a-w "$lake/d"
	cp "$WEIR_EXEC_PATH/lake-check" .
	run_logged ${as[@]+"${as[@]}"} ./lake-check --clean --older-than 0 lake
	assert_status 78
	assert_stderr_contains "cannot remove 'lake/$stage': Permission denied"
	assert_stderr_contains "removed '${orphan#"$lake/"}'"
	[[ $stderr != *"removed '$stage'"* && $stderr != *"removed '.writers/"* ]]
	[ -e "$lake/$stage" ] && [ ! -e "$orphan" ]
	chmod 755 "$lake/d"
	weir lake-put "$lake" in
	assert_equal "$(lake_hidden "$lake")" ''
}

@test "a writer killed before the first commit: lake-check says what removes its files, and that does" {
	seq 5 >in
	for kind in raw delta; do
		rm -rf "$lake"
		mkdir -p "$lake/_weir_log"
		killed
		rm -r "$lake/_weir_log"
		for option in '' '--clean --older-than 0'; do
			# shellcheck disable=SC2086
			run_weir lake-check $option "$lake"
			assert_status 78
			assert_output ''
			assert_stderr "weir lake-check: '$lake' is not a table: it has no log; the next lake-put to it on this machine removes what a dead writer has left"
			[ -e "$lake/.part-$uuid-00000.new" ]
		done
		jq -c '{n: .}' in | weir lake-put --table $kind "$lake"
		assert_equal "$(lake_hidden "$lake")" ''
		run_weir lake-check "$lake"
		assert_success
	done
}

# --- ends ------------------------------------------------------------------------------------------

@test "SIGHUP, SIGXCPU, SIGUSR1 and SIGUSR2 end it as SIGTERM does; nohup keeps it" {
	for signal in HUP XCPU USR1 USR2; do
		put_waiting "put$signal"
		stop_bg "put$signal" $signal
		exec 7>&-
		assert_status 75
		assert_stderr_contains 'nothing is committed'
		[ ! -e "$lake" ]
	done
	put_waiting nohup env --ignore-signal=HUP
	kill -HUP "$bg_pid"
	exec 7>&-
	wait_bg nohup
	assert_success
	[ "$(weir lake-cat "$lake" | wc -l)" = 100000 ]
}

@test "a beginning of an entry that cannot be removed at once goes later, by itself or the next writer" {
	seq 5 >in
	run_refused unlink=EIO:1 weir lake-put "$lake" in
	assert_status 0
	assert_lake "$lake" in
	rm -rf "$lake"
	run_refused unlink=EIO weir lake-put "$lake" in
	assert_status 0
	[ "$(lake_hidden "$lake" | wc -l)" = 2 ]
	weir lake-put "$lake" /dev/null
	assert_lake "$lake" in
	seq 30 | "$BUILD/servers/marker" -f -n 1 2>err | run_refused unlink=EIO:1 weir lake-put --commit-every 0 marked
	[ "$(weir lake-cat marked | wc -l)" = 30 ]
	assert_equal "$(lake_hidden marked)" ''
}

# --- file systems ----------------------------------------------------------------------------------

@test "no hard links, no locks, no fsync: 78 with the cause" {
	seq 5 >in
	lacks() { # lacks CALL=ERROR TEXT
		rm -rf "$lake"
		run_refused "$1" weir lake-put "$lake" in
		assert_status 78
		assert_stderr "weir lake-put: the file system of '$lake' has no $2 (weir-lake(7))"
		[ ! -e "$lake" ]
		mkdir "$lake"
		run_refused "$1" weir lake-put "$lake" in
		assert_status 78
		assert_stderr "weir lake-put: the file system of '$lake' has no $2 (weir-lake(7))"
		assert_equal "$(ls -A "$lake")" ''
	}
	for code in EPERM EOPNOTSUPP ENOSYS EXDEV EMLINK; do lacks linkat=$code 'hard links'; done
	for code in ENOSYS EOPNOTSUPP EINVAL ENOLCK; do lacks flock=$code 'locks, flock(2)'; done
	for code in EINVAL ENOSYS EOPNOTSUPP; do lacks fsyncdir=$code 'fsync(2) of directories'; done
	lacks fsync=EINVAL 'fsync(2)'
}
