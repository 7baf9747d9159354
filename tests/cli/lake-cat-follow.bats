#!/usr/bin/env bats
# lake-cat as a source: what later versions of a table have added, in plain and in marked streams.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	seq 10 >a && seq 11 20 >b && seq 21 30 >c
	cat a b >ab && cat a b c >abc
}

# One version a file.
put() { # put TABLE FILE...
	local file
	for file in "${@:2}"; do
		weir lake-put "$1" "$file"
	done
}

# The offsets of the batches that a table has committed, and how many records they had.
batches() { # batches TABLE
	cat "$1"/_weir_log/*.json | jq -c '.commitInfo.read // empty | .[][]'
}

copy() { # copy [OPTION...]: what is new in `from` goes to `to`
	weir lake-cat --batch 100ms -g g "$@" from | weir lake-put --commit-every 0 to
}

# The same with --follow, in the background: follow is lake-cat itself, and the rest ends after it.
follow() { # follow [FILTER '|']
	start_bg follow bash -c 'exec weir lake-cat --follow --batch 100ms -g g from > >('"${1:-}"' weir lake-put --commit-every 0 to)'
}

# --- plain streams ---------------------------------------------------------------------------------

@test "--since VERSION: what later versions have added; end: nothing" {
	put from a b c
	weir lake-cat --since 0 from | cmp - <(cat b c)
	weir lake-cat --since 1 from | cmp - c
	weir lake-cat --since 2 from | cmp - /dev/null
	weir lake-cat --since end from | cmp - /dev/null
	run_weir lake-cat --since 3 from
	assert_status 65
	assert_stderr "weir lake-cat: the newest version of 'from' is 2: there is no version 3 yet"
}

@test "--follow: the whole table, then each version as it is committed, until a signal" {
	put from a
	start_bg follow weir lake-cat --follow from
	wait_for 10 cmp -s follow.out a
	put from b
	wait_for 10 cmp -s follow.out ab
	put from c
	wait_for 10 cmp -s follow.out abc
	stop_bg follow
	assert_status 0
	assert_equal "$stderr" ''
}

@test "--follow --since end: only what is committed from now on" {
	put from a
	start_bg follow weir lake-cat --follow --since end from
	sleep 0.5 # until it has looked
	put from b
	wait_for 10 cmp -s follow.out b
	stop_bg follow
	assert_status 0
}

@test "--position-file: each run goes on where the one before ended" {
	put from a
	weir lake-cat --position-file place from | cmp - a
	weir lake-cat --position-file place from | cmp - /dev/null
	put from b c
	weir lake-cat --position-file place from | cmp - <(cat b c)
	assert_equal "$(jq .next place)" 3
	put other a
	run_weir lake-cat --position-file place other
	assert_status 78
	assert_stderr_contains "'place' is about the table "
	echo x >place
	run_weir lake-cat --position-file place from
	assert_status 65
	assert_stderr "weir lake-cat: 'place' is not a file of positions"
}

@test "--position-file: a version that is another one than before: 65" {
	put from a b
	weir lake-cat --position-file place from | cmp - <(cat a b)
	cp -r from copy && put copy c
	put from b
	weir lake-cat --position-file place from >/dev/null
	rm -r from && mv copy from
	run_weir lake-cat --position-file place from
	assert_status 65
	assert_stderr_contains "version 2 is not the one that was read before"
}

@test "a record that begins with ETB: 65 in a plain stream, --plain prints it; a marked one escapes it" {
	printf '\x17{\n\x10\nx\n' >odd
	weir lake-put --plain from odd
	run_sh 'weir lake-cat --position-file p from | cat'
	assert_status 65
	assert_output ''
	assert_stderr "weir lake-cat: 'from': the stream would start with ETB, as only marked streams do (--plain allows it)"
	weir lake-cat --plain --position-file p from | cmp - odd
	copy
	weir lake-cat --plain to | cmp - odd
}

# --- marked streams --------------------------------------------------------------------------------

@test "--batch: the whole table is one batch, then each version is one" {
	put from a b
	copy
	assert_lake to <(cat a b)
	assert_equal "$(batches to)" '[0,2,20]'
	put from c a b
	copy
	assert_lake to <(cat a b c a b)
	assert_equal "$(batches to)" "$(printf '[0,2,20]\n[2,3,10]\n[3,4,10]\n[4,5,10]')"
	copy
	assert_lake to <(cat a b c a b)
	weir lake-check to
	assert_equal "$(weir lake-cat --positions to | cut -f 2-)" "$(printf '0\t5\tg')"
	table=$(jq -r '.commitInfo.weir.table // empty' from/_weir_log/*0.json)
	assert_equal "$(weir lake-cat --positions to | cut -f 1)" "$table"
}

@test "--batch: a version is not divided, whatever --batch says" {
	seq 300000 >big
	put from big
	weir lake-cat --batch 1ms -g g from | weir each --shell 'sleep 0.1; cat' | weir lake-put --commit-every 0 to
	assert_equal "$(batches to | tail -n 1)" '[0,1,300000]' # perhaps after an empty one
	weir lake-cat to | cmp - big
}

@test "--since with a new sink: where it begins is durable before anything is read" {
	put from a b c
	run_sh 'weir lake-cat --since 1 --batch 100ms -g g from | weir lake-put to'
	assert_status 0
	assert_stderr_contains "what the versions up to 1 have added will not be in the sink's table"
	assert_lake to c
	assert_equal "$(batches to | head -n 1)" '[2,2,0]'
	put from a
	copy --since 0 # the sink's position counts
	assert_lake to <(cat c a)
}

@test "compactions and moves of positions are no data" {
	put from a
	weir lake-check --set-position t:0=5 -g g from
	put from b
	copy
	weir lake-check --set-position t:0=9 -g g from
	copy
	assert_lake to <(cat a b)
	assert_equal "$(weir lake-cat --positions to | cut -f 3)" 4
}

@test "a version that removes records: 65; --on-change skip and adds" {
	put from a b
	copy
	cp -r to to-2
	uri=$(jq -r '.add.path // empty' from/_weir_log/*0.json | head -n 1)
	gzip -c c >from/new.gz
	size=$(stat -c %s from/new.gz)
	printf '{"commitInfo":{"timestamp":1,"operation":"UPDATE"}}\n{"remove":{"path":"%s","dataChange":true}}\n{"add":{"path":"new.gz","partitionValues":{},"size":%d,"dataChange":true}}\n' \
		"$uri" "$size" >from/_weir_log/00000000000000000002.json
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put to'
	assert_status 75
	assert_stderr_contains "version 2 of 'from' removes or replaces records (UPDATE): --on-change adds reads what it adds"
	assert_lake to <(cat a b)
	run_sh 'weir lake-cat --on-change skip --batch 100ms -g g from | weir lake-put to'
	assert_status 0
	assert_stderr_contains "version 2 of 'from' removes or replaces records (UPDATE): it is skipped"
	assert_lake to <(cat a b)
	run_sh 'weir lake-cat --on-change adds --batch 100ms -g g from | weir lake-put to-2'
	assert_status 0
	assert_stderr_contains 'only what it adds is read'
	assert_lake to-2 abc
}

@test "the newest version is not published: it is waited for, which is told; a run that ends by itself ends with 75" {
	put from a b
	file=$(jq -r '.add.path // empty' from/_weir_log/*1.json)
	mv "from/$file" kept
	start_bg follow weir lake-cat --follow from
	wait_for 10 grep -q "waiting: '$file' of version 1 of 'from' is not published yet" follow.err
	assert_equal "$(<follow.out)" ''
	mv kept "from/$file"
	wait_for 10 cmp -s follow.out ab
	stop_bg follow
	assert_status 0
	assert_stderr_contains "version 1 of 'from' is complete"
}

@test "an undone version is no data, neither for a run that waits for it nor for the next one" {
	put from a b
	copy
	put from c
	file=$(jq -r '.add.path // empty' from/_weir_log/*2.json)
	rm "from/$file"
	follow
	wait_for 10 grep -q 'waiting: ' follow.err
	weir lake-check --undo-head from
	put from a
	wait_for 10 eval '[ "$(weir lake-cat to | wc -l)" = 30 ]'
	stop_bg follow
	assert_status 0
	assert_lake to <(cat a b a)
	# it begins at 2 or 4: the undone version and what undoes it may be a batch of their own
	assert_equal "$(batches to | tail -n 1 | jq -c '.[1:]')" '[5,10]'
}

@test "a file of an older version is gone: 65, and the version is named" {
	put from a b c
	rm "from/$(jq -r '.add.path // empty' from/_weir_log/*1.json)"
	run_weir lake-cat --since 0 from
	assert_status 65
	assert_stderr_contains ", which version 1 of 'from' adds, is gone: what that version added cannot be read any more"
	weir lake-cat --since 1 from | cmp - c
}

@test "an entry that was emptied: 65, and the version is named" {
	put from a b c
	: >from/_weir_log/00000000000000000000.json
	weir lake-cat --since 0 from | cmp - <(cat b c)
	put from a
	: >from/_weir_log/00000000000000000001.json
	run_weir lake-cat --since 0 from
	assert_status 65
}

@test "a table created again while it is followed: 65" {
	put from a b
	start_bg follow weir lake-cat --follow --poll 20ms from
	wait_for 10 cmp -s follow.out ab
	cp -r from copy
	weir lake-put copy a
	rm from/_weir_log/*1.json && cp copy/_weir_log/*2.json from/_weir_log/00000000000000000001.json
	wait_bg follow 20
	assert_status 65
	assert_stderr "weir lake-cat: version 1 of 'from' is not the one that was read before: the table was created again, or an old copy was put in its place"
}

@test "a table that is removed while it is followed: 65" {
	put from a b
	start_bg follow weir lake-cat --follow --poll 20ms from
	wait_for 10 cmp -s follow.out ab
	rm -r from
	put from a
	wait_bg follow 20
	assert_status 65
	assert_stderr_contains "the log of 'from' has become shorter: it ends at version "
}

@test "a table that was created again has another id, of which the sink has no position: 78, unless --since" {
	put from a b
	copy
	rm -r from && put from c
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put to'
	assert_stderr_contains "weir lake-cat: the sink has positions of the group 'g', but none of 'from' (table "
	assert_lake to ab
	copy --since start
	assert_lake to abc
	put from a
	copy
	assert_lake to <(cat abc a)
	weir lake-check to
}

@test "a pipeline that reads and writes one table: 78" {
	put from a
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put from'
	assert_status 75
	assert_stderr_contains "weir lake-cat: 'from' is read and written by the same pipeline"
	assert_lake from a
}

@test "a sink without positions: 78, unless --position-file or --since" {
	put from a b
	run_sh 'weir lake-cat --batch 100ms -g g from | weir ack'
	assert_stderr_contains 'weir lake-cat: no sink of the pipeline keeps positions'
	assert_equal "$output" ''
	weir lake-cat --batch 100ms -g g --since 0 from | weir ack | cmp - b
	weir lake-cat --batch 100ms -g g --position-file place from | weir ack | cmp - <(cat a b)
	put from c
	weir lake-cat --batch 100ms -g g --position-file place from | weir ack | cmp - c
	weir lake-cat --batch 100ms -g g --position-file place from | weir ack | cmp - /dev/null
}

@test "--position-file beside a sink with positions is a copy: the sink's position is used" {
	put from a b
	copy --position-file place
	assert_equal "$(jq .next place)" 2
	sed -i 's/"next":2/"next":1/' place
	put from c
	run_sh 'weir lake-cat --batch 100ms -g g --position-file place from | weir lake-put to'
	assert_status 0
	assert_stderr_contains "the sink goes on at version 2, 'place' at version 1; the sink's position is used"
	assert_lake to <(cat a b c)
}

@test "two followers of one table, each with a group of its own, and a third table after the second" {
	put from a b
	copy
	weir lake-cat --batch 100ms -g g from | weir lake-put --commit-every 0 to-2
	weir lake-cat --batch 100ms -g g to | weir lake-put --commit-every 0 third
	put from c
	copy
	weir lake-cat --batch 100ms -g g to | weir lake-put --commit-every 0 third
	assert_lake third <(cat a b c)
	weir lake-check third
}

@test "filters between: batch by batch" {
	put from a b
	pipe='weir lake-cat --batch 100ms -g g from | weir wordcount | weir lake-put --commit-every 0 to'
	run_sh "$pipe"
	put from a
	run_sh "$pipe"
	assert_equal "$(weir lake-cat to | grep -c "^1$(printf '\t')1$")" 2
}

@test "a table of records that end with NUL" {
	printf 'a\nb\0c\0' >nul
	weir lake-put -0 from nul
	weir lake-cat --batch 100ms -g g from | weir lake-put -0 to
	weir lake-cat to | cmp - nul
}

@test "options that contradict each other, and values that are none" {
	put from a
	while read -r words; do
		# shellcheck disable=SC2086
		run_weir lake-cat $words from
		assert_status 2
	done <<-'END'
		--batch 1s
		-g g
		-g g --follow
		--since x
		--since -1
		--since first
		--on-change skip
		--poll 1s
		--poll 1ms --follow
		--follow --positions
		--since 0 --header
		--since 0 --header --format json
		--batch 1s -g g --header --format tsv
		--since 0 -n 3
		--batch 0 -g g
	END
}

@test "no table: 78; one that is not whole: 65" {
	run_weir lake-cat --follow none
	assert_status 78
	put from a
	echo x >from/_weir_log/00000000000000000000.json
	run_weir lake-cat --since 0 from
	assert_status 65
}

@test "no sink: 75 after --sink-timeout" {
	put from a
	run_sh 'weir lake-cat --batch 100ms -g g --sink-timeout 300ms from | cat'
	assert_stderr_contains '0 of 1 sinks connected within 0.3 s'
	assert_equal "$output" "$(grep -a '^' <<<"$output" | head -n 1)"
}

@test "SIGTERM within a version: it is read to its end, and committed" {
	only_plain 'kill points'
	seq 2000000 >big
	put from big
	start_bg follow env WEIR_STOP_AT=after-at bash -c 'exec weir lake-cat --follow --batch 100ms -g g from > >(
		echo $BASHPID >sink
		exec "$BUILD/kill/bin/lake-put" --commit-every 0 to)'
	wait_for 10 eval '[ -s sink ] && grep -q "^State:.T" "/proc/$(<sink)/status"'
	sleep 0.5 # until the pipe is full
	process_signal TERM "$(<follow.bg)"
	wait_for 10 grep -q 'is read to its end first' follow.err
	kill -CONT "$(<sink)"
	wait_bg follow
	assert_status 0
	weir lake-cat to | cmp - big
}

@test "SIGTERM within a version of a plain stream: it ends at once; with --position-file 75" {
	seq 2000000 >big
	put from big
	mkfifo pipe
	for place in '' '--position-file place'; do
		rm -f go
		start_bg reader bash -c '{ read -r line; until [ -e go ]; do sleep 0.05; done; wc -l; } <pipe'
		start_bg follow bash -c "exec weir lake-cat --follow $place from >pipe"
		sleep 0.5 # until the pipe is full
		process_signal TERM "$(<follow.bg)"
		: >go
		wait_bg follow
		[ -z "$place" ] && assert_status 0 || assert_status 75
		[ -z "$place" ] || assert_stderr "weir lake-cat: version 0 of 'from' was not written to its end; the next run writes it again"
		wait_bg reader
		[ "$output" -lt 1000000 ]
	done
	assert_equal "$(jq .next place)" 0
}

# --- compactions -----------------------------------------------------------------------------------

@test "lake-compact is no data, and what it replaced can still be read version by version, until a vacuum" {
	put from a b c
	copy --since 0
	weir lake-compact from
	put from a
	copy
	assert_lake to <(cat b c a)
	weir lake-cat --since 0 from | cmp - <(cat b c a)
	weir lake-cat --position-file place from | sort | cmp - <(cat a b c a | sort)
	weir lake-compact --vacuum --older-than 0s from
	copy
	assert_lake to <(cat b c a)
	run_weir lake-cat --since 0 from
	assert_status 65
	assert_stderr_contains 'is gone: what that version added cannot be read any more'
}

@test "lake-compact --expire removes records: 65, and --on-change adds" {
	put from a
	copy
	sleep 1.1
	weir lake-compact --expire 1s from
	put from b
	run_sh 'weir lake-cat --batch 100ms -g g from | weir lake-put to'
	assert_status 75
	assert_stderr_contains "removes or replaces records"
	weir lake-cat --on-change adds --batch 100ms -g g from | weir lake-put to
	assert_lake to ab
}
