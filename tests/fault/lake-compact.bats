#!/usr/bin/env bats
# lake-compact when it is killed at each step, beside readers that poll and writers that go on: a reader of the log sees
# each record once at all times, a reader of the directory at most once, and after the next run both see it once.
# bats file_tags=long
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

POINTS='stage-announced stage-created stage-appended stage-written stage-sealed staged before-commit before-put
before-link after-link committed before-aside before-aside:2 after-aside after-aside:4 set-aside before-publish
before-publish:2 after-publish after-publish:2 published compacted before-unlock'

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	lake=$BATS_TEST_TMPDIR/lake
	killed=$BUILD/kill/bin/lake-compact
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
}

commits() { # commits FROM TO
	for i in $(seq "$1" "$2"); do
		day_lines $((i * 10 - 9)) $((i * 10)) >in
		cat in >>all
		weir lake-put "${by_day[@]}" "$lake" in
	done
}

# No record twice in the directory, and by the log each once.
assert_readers() {
	lake_records "$lake" | uniq -d | { ! grep .; }
	weir lake-cat "$lake" | LC_ALL=C sort | cmp - <(LC_ALL=C sort all)
}

assert_all() {
	LC_ALL=C sort all >expected
	lake_records "$lake" | cmp - expected
	weir lake-cat "$lake" | LC_ALL=C sort | cmp - expected
	run_weir lake-check "$lake"
	assert_success
	assert_output ''
}

@test "killed at each step: readers of the log see all, the next writer finishes it" {
	commits 1 4
	cp -r "$lake" before && cp all all.before
	for point in $POINTS; do
		rm -rf "$lake"
		cp -r before "$lake" && cp all.before all
		run env WEIR_KILL_AT="$point" "$killed" "$lake"
		assert_equal "$point $status" "$point 137"
		assert_readers
		commits 5 5
		assert_readers
		assert_all
		run_weir lake-compact "$lake"
		assert_success
		assert_all
		assert_equal "$(find "$lake" -name 'part-*' | wc -l)" 3
	done
}

@test "killed at each step: lake-check --repair and --clean finish it" {
	commits 1 3
	cp -r "$lake" before
	for point in $POINTS; do
		rm -rf "$lake"
		cp -r before "$lake"
		run env WEIR_KILL_AT="$point" "$killed" "$lake"
		assert_equal "$point $status" "$point 137"
		run_weir lake-check --repair --clean --older-than 0 "$lake"
		assert_status 0
		assert_all
	done
}

@test "stopped at each step while others write, put together and remove: when it goes on nothing is doubled or lost" {
	commits 1 4
	cp -r "$lake" before && cp all all.before
	for point in $POINTS; do
		rm -rf "$lake"
		cp -r before "$lake" && cp all.before all
		WEIR_STOP_AT=$point "$killed" "$lake" 2>err &
		pid=$!
		wait_for 10 is_stopped $pid
		commits 5 6
		weir lake-compact "$lake"
		commits 7 7
		weir lake-compact --vacuum --older-than 0 "$lake"
		assert_readers
		kill -CONT $pid
		wait $pid || [[ $? == 75 ]] || fail "$point: $(<err)"
		assert_readers
		commits 8 8
		assert_all
	done
}

is_stopped() { # is_stopped PID
	[[ $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) == T ]]
}

@test "writers, two compactions and readers at the same time" {
	commits 1 5
	: >stop.not
	(
		for i in $(seq 6 25); do
			day_lines $((i * 10 - 9)) $((i * 10)) >next-lines
			weir lake-put "${by_day[@]}" "$lake" next-lines || exit 1
		done
	) &
	writer=$!
	for _ in 1 2; do
		(
			while [ -e stop.not ]; do
				weir lake-compact "$lake" || [ $? = 75 ] || exit 1
			done
		) &
		compactions+=($!)
	done
	while [ -e "/proc/$writer" ]; do
		weir lake-cat "$lake" | LC_ALL=C sort >seen # whole commits, each once
		uniq -d seen | { ! grep .; }
		[ $(($(wc -l <seen) % 10)) = 0 ]
		lake_seen=$(for file in "$lake"/dt=*/part-*; do zstd -dcq "$file" 2>/dev/null || true; done | sort | uniq -d)
		assert_equal "$lake_seen" ''
	done
	wait $writer
	rm stop.not
	wait "${compactions[@]}"
	day_lines 1 250 >all
	assert_all
}
