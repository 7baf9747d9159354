#!/usr/bin/env bats
# aggregate --window on a marked stream: windows close at the end of a batch, and wait for the source's slowest partition.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# A record at second $1 from 2001-09-09T01:46:40Z on.
at() {
	local t
	for t in "$@"; do printf '{"t":%s}\n' $((1000000000 + t)); done
}

# The same in milliseconds.
ms() { echo $(((1000000000 + $1) * 1000)); }

# The rows (START-END:COUNT) and the counts of marks that `in` gives, in one line.
emitted() { # emitted OPTION...
	weir aggregate --time .t --state none "$@" count <in 2>err | tr -d '\027' |
		jq -r 'if .k then "\(.k)\(.n)" else "\((.window_start|fromdate) - 1000000000)-\((.window_end|fromdate) - 1000000000):\(.count)" end' |
		paste -sd ' '
}

@test "watermark: windows close at the end of a batch, up to what the slowest partition allows" {
	{
		printf 'S\nR 0 0:-:0 1:-:0\n'
		at 1 12 25 3 # by the records alone 3 would be late, but not before the batch ends
		echo "B 1 0:0:4 1:0:0 wm=$(ms 11) slow=1"
		at 14
		echo "B 2 0:4:4 1:0:1 wm=$(ms 24) slow=1"
		at 31
		echo "B 3 0:4:5 1:1:1" # nothing is left
		at 5 32
		echo "B 4 0:5:6 1:1:2 wm=$(ms 20) slow=1"
		echo 'F 4'
	} | python3 "$MARKS" >in
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 0s)" 'S0 R0 0-10:2 B1 10-20:2 B1 20-30:1 B1 B0 30-40:2 F1'
	assert_equal "$(cat err)" 'weir aggregate: 1 of 8 records (13 %) came after its windows had been closed (--lateness) and was left out'
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 5s)" 'S0 R0 B0 0-10:2 B1 10-20:2 B1 B0 20-30:1 30-40:2 F2'
	assert_equal "$(emitted --window 'session 4s' --lateness 0s)" 'S0 R0 1-7:2 B1 12-18:2 B1 25-29:1 B1 B0 31-36:2 F1'
	assert_equal "$(emitted --window 'sliding 20s 10s' --lateness 0s)" 'S0 R0 -10-10:2 B1 0-20:4 B1 10-30:3 B1 B0 20-40:3 30-50:2 F2'
	# by the records alone, as soon as one has come
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 0s --watermark event)" 'S0 R0 0-10:1 10-20:1 B2 B0 20-30:1 B1 B0 30-40:2 F1'
	assert_equal "$(cat err)" 'weir aggregate: 3 of 8 records (38 %) came after their windows had been closed (--lateness) and were left out'
}

@test "watermark: without one the newest time of a record counts, at the end of the batch" {
	{ printf 'S\nR 0 0:-:0\n' && at 1 12 && echo 'B 1 0:0:2' && at 3 25 && echo 'B 2 0:2:4' && echo 'F 2'; } |
		python3 "$MARKS" >in
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 0s)" 'S0 R0 0-10:1 B1 10-20:1 B1 20-30:1 F1'
	grep -q '^weir aggregate: 1 of 4 records (25 %) came after' err
}

@test "watermark: a batch that moves no position closes nothing, and writes nothing" {
	{
		printf 'S\nR 0 0:-:0\n'
		at 1 15
		echo "B 1 0:0:2 wm=$(ms 5) slow=0"
		echo "B 2 0:2:2 wm=$(ms 15) slow=0"
		echo "B 3 0:2:2"
		echo "B 4 0:2:3" # a transaction's marker
		echo 'F 4'
	} | python3 "$MARKS" >in
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 0s)" 'S0 R0 B0 B0 B0 0-10:1 B1 10-20:1 F1'
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 0s --emit batch)" 'S0 R0 0-10:1 10-20:1 B2 B0 B0 0-10:1 B1 10-20:1 F1'
}

@test "watermark: the partition that has held a window open for an hour is named, once" {
	hold() { # hold SECONDS SLOW: the time of the newest record
		{
			printf 'S\nR 0 0:-:0 1:-:0\n'
			at 1 "$1"
			echo "B 1 0:0:2 1:0:1 $2"
			at "$(($1 + 1))"
			echo "B 2 0:2:3 1:1:1 $2"
			echo 'F 2'
		} | python3 "$MARKS" --topic 't.\"u' >in
	}
	local says='weir aggregate: windows that ended more than an hour ago, by the times of records, are open: '
	local end='(--watermark event does not wait for that)'
	hold 3700 "wm=$(ms 5) slow=1"
	assert_equal "$(emitted --window 'tumbling 10s' --lateness 60s)" 'S0 R0 B0 B0 0-10:1 3700-3710:2 F2'
	assert_equal "$(cat err)" "${says}topic 't.\"u', partition 1 has records left and is at 2001-09-09T01:46:45Z by their timestamps $end"
	hold 3700 'wm=0 slow=1'
	emitted --window 'tumbling 10s' --lateness 60s >/dev/null
	assert_equal "$(cat err)" "${says}topic 't.\"u', partition 1 has records left, and none with a timestamp was read yet $end"
	hold 3700 "wm=$(ms 5)" # a source that does not name the partition
	emitted --window 'tumbling 10s' --lateness 60s >/dev/null
	assert_equal "$(cat err)" "${says}the source has records left and is at 2001-09-09T01:46:45Z by their timestamps $end"
	# not within the hour (not counting the lateness), and not without a wait
	hold 3668 "wm=$(ms 5) slow=1"
	emitted --window 'tumbling 10s' --lateness 60s >/dev/null
	[ ! -s err ]
	hold 3700 "wm=$(ms 5) slow=1"
	emitted --window 'tumbling 10s' --lateness 60s --watermark event >/dev/null
	[ ! -s err ]
	# and not when no partition is behind
	hold 3700 "wm=$(ms 9999) slow=1"
	emitted --window 'tumbling 10s' --lateness 60s >/dev/null
	[ ! -s err ]
}

@test "watermark: partitions of different speed, idle batches, batches of nothing: the rows of a model, with a state, too" {
	python3 "$WEIR_ROOT/tests/lib/watermarks.py" weir
}

@test "watermark: --watermark is of windows, and does nothing to a plain stream" {
	run -2 weir aggregate --watermark event count
	[[ $output == *'are for --window'* ]]
	run -2 weir aggregate --merge --window 'tumbling 10s' --watermark event count
	[[ $output == *'--merge cannot be combined with'*'--watermark'* ]]
	run -2 weir aggregate --watermark wm --window 'tumbling 10s' --time .t count
	at 1 12 3 >plain
	local by
	for by in source event; do
		run --separate-stderr -1 weir aggregate --watermark $by --window 'tumbling 10s' --time .t --lateness 0s count plain
		assert_equal "$(jq -c .count <<<"$output" | paste -sd ' ')" '1 1'
	done
}

@test "idle: batches that move no position have no rows of wordcount, aggregate, detect" {
	printf 'S\nR 0 0:-:0 1:-:7\nB 1 0:0:0 1:7:7\na b a\nB 2 0:0:1 1:7:7\nB 3 0:1:1 1:7:7\nB 4 0:1:2 1:7:7\nB 5 0:2:2 1:7:7\nF 5\n' |
		python3 "$MARKS" >in
	weir wordcount <in | cat -v | sed 's/^\^W.*"k":"\(.\)".*"n":\([0-9]*\),.*/\1\2/' | paste -sd ' ' >is
	assert_equal "$(cat is)" $'S0 R0 B0 2\ta 1\tb B2 B0 B0 B0 F0'
	weir aggregate --input tsv count <in | cat -v | sed 's/^\^W.*"k":"\(.\)".*"n":\([0-9]*\),.*/\1\2/' | paste -sd ' ' >is
	assert_equal "$(cat is)" 'S0 R0 B0 {"count":1} B1 B0 {"count":0} B1 B0 F0'
	# not even for a topic whose name looks as if it did
	printf 'S\nR 0 0:-:0\nB 1 0:0:0\nB 2 0:0:1\nF 2\n' | python3 "$MARKS" --topic 'a[1,2]' >in
	weir aggregate --input tsv count <in | grep -av $'^\x17' >is
	assert_equal "$(cat is)" '{"count":0}'
}
