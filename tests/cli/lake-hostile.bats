#!/usr/bin/env bats
# Tables that somebody has manipulated: nothing in a table leads out of it, and nothing in it makes a program wait.
# bats file_tags=sample
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/refuse

setup_file() {
	refuse_build
}

setup() {
	lakecheck_setup
	mkdir out
	echo top-secret >out/secret
	echo evil >out/src
	echo victim >out/dst
	find out -printf '%p %s %T@\n' | sort >before
}

# The files outside are unchanged, and none of their contents was printed.
assert_untouched() {
	find out -printf '%p %s %T@\n' | sort | cmp - before
	[[ $output$stderr != *top-secret* ]]
}

# A table of one file, the path and the stage of which are replaced; the path is percent-encoded.
forged() { # forged PATH SIZE [STAGE]
	rm -rf "$lake"
	seq 3 | weir lake-put --compress none "$lake"
	local real
	real=$(cd "$lake" && echo part-*)
	rm "$lake/$real"
	edit 0 'if .add then .add.path = $p | .add.size = ($s | tonumber)
		| (if $t != "" then .add.tags["weir.stage"] = $t else del(.add.tags) end) else . end' \
		--arg p "$1" --arg s "$2" --arg t "${3-}"
	rm -f "$log/_last"
}

# No program follows such a path in the log; each ends with 65 and gives the reason.
assert_refused() {
	local command
	for command in 'lake-cat T' 'lake-put T rows' 'lake-check --repair T' 'lake-check --clean --older-than 0 T' \
		'lake-check --undo-head T' 'lake-check --group g --set-position t:0=1 T'; do
		[ "$command" != 'lake-put T rows' ] || [[ $1 == *staged* ]] || continue # it ignores files without a stage
		[[ $command != *--set-position* ]] || [[ $1 == *staged* ]] || continue
		ln -sfn "$lake" T
		echo r >rows
		# shellcheck disable=SC2086
		run_weir $command
		# A file that cannot be reached counts as gone, so the commit may be undone.
		[[ $status = 65 || ($status = 1 && $command == *lake-check*) || ($status = 0 && $command == *--undo-head*) ]] || fail "status $status of $command"
		[[ $output$stderr != *'Bad message'* ]]
		[[ $output$stderr =~ 'not a place in a table'|'leads out of the table'|'not a stage'|'not a regular file' ]] ||
			[[ $command == *--undo-head* ]] || fail "no reason: $output$stderr"
		assert_untouched
	done
}

# --- the log ---------------------------------------------------------------------------------------

@test "an entry's paths that lead out of the table: absolute, .., links, line feeds, empty parts: 65" {
	for path in "$PWD/out/secret" "/$PWD/out/secret" ../out/secret x/../../out/secret ./x x/./y x//y x/ / . .. '' x%0ay; do
		forged "$path" 11
		assert_refused "$path"
	done
	for path in link/secret deep/link/secret file; do
		forged "$path" 11
		ln -s "$PWD/out" "$lake/link"
		mkdir "$lake/deep"
		ln -s ../../out "$lake/deep/link"
		ln -s "$PWD/out/secret" "$lake/file"
		assert_refused "$path"
	done
}

@test "stages that are elsewhere, or no stages: nothing is renamed, nothing removed" {
	stage=.part-$uuid-00000.new
	for tag in "$PWD/out/src" ../out/src link/src "../out/$stage" "$PWD/out/$stage" "link/$stage"; do
		for path in "$PWD/out/dst" ../out/dst link/dst x "part-$uuid-00000"; do
			forged "$path" 5 "$tag"
			ln -s "$PWD/out" "$lake/link"
			assert_refused "staged $path"
		done
	done
	forged "part-$uuid-00000" 5 notes # a file in the table that belongs to somebody
	printf 'evil\n' >"$lake/notes"
	run_weir lake-put "$lake" rows
	assert_status 65
	assert_stderr_contains 'not a stage'
	run_weir lake-check --repair "$lake"
	assert_status 65
	run_weir lake-check --undo-head "$lake"
	[ "$status" != 0 ]
	[ "$(cat "$lake/notes")" = evil ]
}

@test "the same where the kernel has no openat2(2): no link is followed" {
	for path in link/secret deep/link/secret file; do
		forged "$path" 11
		ln -s "$PWD/out" "$lake/link"
		mkdir "$lake/deep"
		ln -s ../../out "$lake/deep/link"
		ln -s "$PWD/out/secret" "$lake/file"
		run_refused openat2=ENOSYS weir lake-cat "$lake"
		assert_status 65
		assert_output ''
		assert_untouched
	done
	day_lines 1 9 >rows
	run_refused openat2=EPERM weir lake-put "${by_day[@]}" plain rows
	assert_status 0
	run_refused openat2=ENOSYS weir lake-check plain
	assert_success
	run_refused openat2=ENOSYS weir lake-cat plain
	assert_equal "$output" "$(weir lake-cat plain)"
	assert_lake plain rows
	run_refused openat2=ENOSYS "$BUILD/unit/beneath_test"
	assert_status 0
}

@test "sizes that no file has are refused: negative, huge, no numbers" {
	for size in -1 -9223372036854775808 9223372036854775807 9007199254740993 18446744073709551616 1e30 1.5 '"1"' null; do
		forged x 1
		sed -i "s/\"size\":1,/\"size\":$size,/" "$(entry 0)"
		grep -qF "\"size\":$size," "$(entry 0)"
		printf 'x' >"$lake/x"
		run_weir lake-cat "$lake"
		assert_status 65
		assert_output ''
		run_weir lake-check "$lake"
		assert_status 1
	done
}

@test "an entry, a hint or a lock that never ends is not read into memory" {
	only_plain 'a sanitizer reserves more than the limit'
	seq 3 | weir lake-put "$lake"
	truncate -s 1T "$log/_last"
	truncate -s 1T "$(entry 1)"
	mkdir -p "$lake/.writers"
	truncate -s 1T "$lake/.writers/$(uname -n)-$uuid"
	for command in lake-cat lake-put lake-check; do
		run_sh "ulimit -v 1000000; weir $command '$lake' </dev/null"
		[ "$status" = 65 ] || [ "$command $status" = 'lake-check 1' ]
		[[ $output$stderr == *"00000000000000000001.json' has more than 67108864 bytes"* ]]
	done
	rm "$(entry 1)"
	run_sh "ulimit -v 1000000; seq 3 | weir lake-put '$lake'" # the hint is invalid, the lock belongs to nobody
	assert_success
}

@test "a directory of the table that is a link out of it: nothing is written there" {
	day_lines 1 3 >rows
	for name in dt=2026-11-21 _weir_log .writers; do
		rm -rf "$lake"
		mkdir "$lake"
		ln -s "$PWD/out" "$lake/$name"
		run_weir lake-put "${by_day[@]}" "$lake" rows
		assert_status 65
		assert_stderr_contains "/$name"
		assert_stderr_contains 'it leads out of the table'
		assert_untouched
	done
	rm -rf "$lake"
	mkdir -p "$lake/there"
	ln -s there "$lake/dt=2026-11-21" # which stays inside
	weir lake-put "${by_day[@]}" "$lake" rows
	weir lake-cat "$lake" | sort | cmp - <(sort rows)
}

# --- locks -----------------------------------------------------------------------------------------

@test "a lock's paths: nothing goes outside, no directory above the table either" {
	stage=.part-$uuid-00000.new
	echo a | weir lake-put "$lake"
	mkdir -p out/empty "$lake/.writers" "$lake/in/empty"
	touch "out/$stage"
	ln -s "$PWD/out" "$lake/link"
	find out -printf '%p %s %T@\n' | sort >before
	for header in "$(lock_header)" "$(lock_header elsewhere)" ''; do
		{
			echo "$header"
			printf '%s\n' "$PWD/out/empty/.y-$uuid" "$PWD/out/empty/$stage" "../out/empty/$stage" "link/empty/$stage" \
				"link/$stage" "/$stage" "in//empty/$stage" "in/../../out/$stage" ".." "." "/" ""
		} >"$lake/.writers/$(uname -n)-$uuid"
		echo b | weir lake-put "$lake"
		assert_untouched
		run_weir lake-check --clean --older-than 0 "$lake"
		assert_status 0
		assert_untouched
		[ -d out/empty ] && [ ! -e "$lake/.writers/$(uname -n)-$uuid" ]
	done
}

@test "what is not a regular file among the locks, in the log, as data: a finding, and no writer minds" {
	echo a | weir lake-put "$lake"
	mkdir -p "$lake/.writers"
	cd "$lake/.writers"
	mkfifo "$(uname -n)-${uuid%?}1" .new-"${uuid%?}2" fifo ../_weir_log/fifo "../.part-$uuid-00000.new"
	mkdir "$(uname -n)-${uuid%?}3" directory
	ln -s /dev/zero "$(uname -n)-${uuid%?}4"
	ln -s fifo "$(uname -n)-${uuid%?}5"
	python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$(uname -n)-${uuid%?}6"
	[ "$(id -u)" != 0 ] || mknod "$(uname -n)-${uuid%?}7" c 1 5
	odd=$(find . ../_weir_log ! -type f ! -name . ! -path ../_weir_log | wc -l)
	cd ../..
	run_logged timeout -k 2 20 weir lake-check "$lake"
	assert_status 1
	assert_stderr ''
	assert_equal "$(grep -c 'is not a regular file$' <<<"$output")" "$odd"
	for _ in 1 2; do
		echo b | timeout -k 2 20 weir lake-put "$lake"
		run_logged timeout -k 2 20 weir lake-check --clean --older-than 0 "$lake"
		assert_status 1
	done
	[ "$(weir lake-cat "$lake" | wc -l)" = 3 ]
	assert_equal "$(find "$lake/.writers" "$log" ! -type f ! -type d | wc -l)" "$((odd - 2))"
}

@test "an entry, a hint, a data file or a stage that is a pipe, a directory, a socket: 65 at once" {
	for what in 'mkfifo' 'mkdir' 'ln -s /dev/zero' 'ln -s /proc/self/mem'; do
		rm -rf "$lake"
		echo a | weir lake-put "$lake"
		file=$(cd "$lake" && echo part-*)
		rm "$lake/$file"
		$what "$lake/$file"
		run_logged timeout -k 2 20 weir lake-cat "$lake"
		assert_status 65
		run_logged timeout -k 2 20 weir lake-check "$lake"
		assert_status 1
		rm -f "$log/_last"
		run_logged timeout -k 2 20 weir lake-put "$lake" rows
		[ "$status" != 0 ] && [ "$status" -lt 100 ]
		rm "$(entry 0)"
		$what "$(entry 0)"
		run_logged timeout -k 2 20 weir lake-cat "$lake"
		assert_status 65
		run_logged timeout -k 2 20 weir lake-put "$lake" rows
		assert_status 65
	done
}

@test "who holds the flock of a writer's lock, or of all that appear, holds up no writer, and keeps no dead one alive" {
	echo a | weir lake-put "$lake"
	mkdir -p "$lake/.writers"
	chmod 777 "$lake/.writers"
	killed
	for how in shared exclusive; do
		exec 8<"$lake/$lock"
		if [ $how = shared ]; then flock -s 8; else flock -x 8; fi
		echo b | timeout -k 2 20 weir lake-put "$lake"
		[ "$(lake_hidden "$lake" | wc -l)" = 0 ]
		exec 8<&-
		killed
	done
	cat >grab.py <<'EOF'
import fcntl, os, sys, time
held, end = [], time.time() + 60
print("ready", flush=True)
while time.time() < end and len(held) < 500 and not os.path.exists("enough"):
    for name in os.listdir(sys.argv[1]):
        try:
            file = os.open(os.path.join(sys.argv[1], name), os.O_RDONLY)
            held.append(file)
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            pass
EOF
	as=()
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	chmod a+rx . "$lake" # another user's way there
	start_bg grab ${as[@]+"${as[@]}"} /usr/bin/python3 - lake/.writers <grab.py
	wait_for 20 grep -q ready grab.out
	for _ in $(seq 40); do echo c | timeout -k 2 20 weir lake-put "$lake"; done
	touch enough
	wait_bg grab
	assert_success
	[ "$(weir lake-cat "$lake" | wc -l)" = 43 ]
}
