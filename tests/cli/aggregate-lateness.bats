#!/usr/bin/env bats
# aggregate --window: what closes windows. A plain stream loses nothing unless an option allows it, and records that are
# left out show in the exit status.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# Records of 500 users, ten seconds apart.
records() { # records COUNT
	python3 - "$1" <<'END'
import datetime, json, sys
begin = datetime.datetime(2026, 11, 25, 22, tzinfo=datetime.timezone.utc)
for i in range(int(sys.argv[1])):
    t = begin + datetime.timedelta(seconds=10 * i)
    print(json.dumps({"ts": t.strftime("%Y-%m-%dT%H:%M:%SZ"), "user": f"u{i * 7919 % 500:04}"}, separators=(",", ":")))
END
}

# The same as three partitions by key, one after the other.
by_partition() {
	python3 -c '
import json, sys, zlib
for line in sorted(sys.stdin, key=lambda line: zlib.crc32(json.loads(line)["user"].encode()) % 3):
    sys.stdout.write(line)'
}

@test "lateness: a topic of three partitions, one after the other: every record is in a window" {
	records 20000 >clicks
	by_partition <clicks >clicks3
	run ! cmp clicks clicks3
	weir aggregate --window 'tumbling 1m' --time .ts --max-ahead any count clicks >wanted
	run --separate-stderr -0 bash -c "weir aggregate --window 'tumbling 1m' --time .ts --max-ahead any count <clicks3 | tee rows | jq -s 'map(.count) | add'"
	assert_output 20000
	assert_stderr ''
	cmp wanted rows
	# windows of all kinds; and a pipe is read as completely as a file
	for w in 'tumbling 7m' 'sliding 2m 1m' 'session 1h'; do
		weir aggregate --window "$w" --time .ts --max-ahead any -g .user count clicks >wanted
		weir aggregate --window "$w" --time .ts --max-ahead any -g .user count < <(cat clicks3) 2>err | cmp wanted -
	done
}

@test "lateness: for an input that need not end, it is reported once that its windows stay open" {
	local says='windows stay open, and their rows wait, until it ends; with --lateness they are closed as time goes on'
	records 100 >clicks
	run --separate-stderr -0 bash -c 'cat clicks clicks | weir aggregate --window "tumbling 1m" --time .ts --max-ahead any count'
	assert_stderr "weir aggregate: standard input: $says"
	mkfifo fifo
	cat clicks >fifo &
	local pid=$!
	run --separate-stderr -0 weir aggregate --window 'session 1s' --time .ts --max-ahead any count clicks fifo clicks
	wait $pid
	assert_stderr "weir aggregate: fifo: $says"
	# the message comes when the first window would have been closed, while the input is open
	rm fifo && mkfifo fifo
	weir aggregate --window 'tumbling 1m' --time .ts --max-ahead any count fifo >out 2>err &
	pid=$!
	exec 5>fifo
	head -n 6 clicks >&5
	sed -n 7p clicks >&5
	for _ in $(seq 100); do
		[ ! -s err ] || break
		sleep 0.1
	done
	assert_equal "$(cat err)" "weir aggregate: fifo: $says"
	[ ! -s out ]
	exec 5>&-
	wait $pid
	[ "$(wc -l <out)" = 2 ]
	# not earlier, not with --lateness, and not for a file
	run --separate-stderr -0 bash -c 'head -n 6 clicks | weir aggregate --window "tumbling 1m" --time .ts --max-ahead any count'
	assert_stderr ''
	run --separate-stderr -0 bash -c 'cat clicks | weir aggregate --window "tumbling 1m" --time .ts --max-ahead any --lateness 0s count'
	assert_stderr ''
	run --separate-stderr -0 bash -c 'weir aggregate --window "tumbling 1m" --time .ts --max-ahead any count <clicks'
	assert_stderr ''
}

@test "lateness: what is open counts against --max-groups" {
	records 1000 >clicks
	run -75 weir aggregate --window 'tumbling 1m' --time .ts --max-ahead any --max-groups 50 count clicks
	[[ $output == *'begins one more group than 50 (--max-groups)' ]]
}

@test "lateness: a marked stream has no end, and needs it" {
	printf 'S\nR 0 0:-:0\n{"t":1000000000}\nB 1 0:0:1\nF 1\n' | python3 "$MARKS" >in
	go() { # go OPTION...
		weir aggregate --window 'tumbling 1m' --time .t count "$@" <in | cat >out
		return "${PIPESTATUS[0]}"
	}
	for option in '--state none' '--stats'; do
		# shellcheck disable=SC2086
		run -2 go $option
		run ! grep -aq '"k":"R"' out
	done
	run -2 go --state none
	assert_output "weir aggregate: --window in a marked stream, which has no end, needs --lateness DURATION, such as 10s: how far records may be behind the latest one (try 'weir aggregate --help')"
	run -0 go --state none --lateness 0s
	# partial results of windows that were closed are joined without it
	weir aggregate --window 'tumbling 1m' --time .t --partial count <<<'{"t":1000000000}' >p
	{ printf 'S\nR 0 0:-:0\n' && cat p && printf 'B 1 0:0:1\nF 1\n'; } | python3 "$MARKS" >in
	run -0 bash -c 'weir aggregate --merge --window "tumbling 1m" count <in | grep -av "^.{\"v\""'
	[[ $output == *'"count":1}' ]]
}

@test "lateness: what only closed windows have goes with it" {
	run -2 weir aggregate --window 'tumbling 1m' --time .t --late emit count
	assert_output "weir aggregate: --late needs --lateness: without it windows stay open to the end, and no record is late (try 'weir aggregate --help')"
	run -2 weir aggregate --window 'tumbling 1m' --time .t --state state count
	assert_output "weir aggregate: --state needs --lateness: without it no window would ever be closed (try 'weir aggregate --help')"
	[ ! -e state ]
	run -2 weir aggregate --merge --window 'tumbling 1m' --lateness 0s count
	run -2 weir aggregate --lateness 0s count
}

@test "lateness: records that are left out make the status 1, and the line says their share" {
	records 20000 >clicks
	by_partition <clicks >clicks3
	local window=(--window 'tumbling 1m' --time .ts --max-ahead any)
	run --separate-stderr -1 weir aggregate "${window[@]}" --lateness 0s count clicks3
	local kept
	kept=$(jq -s 'map(.count) | add' <<<"$output")
	((kept > 6000 && kept < 8000))
	local share=$(((100 * (20000 - kept) + 10000) / 20000))
	assert_stderr "weir aggregate: $((20000 - kept)) of 20000 records ($share %) came after their windows had been closed (--lateness) and were left out"
	# if --late keeps them, they are not in the rows, either
	run --separate-stderr -1 weir aggregate "${window[@]}" --lateness 0s --late late count clicks3
	assert_stderr "weir aggregate: $((20000 - kept)) of 20000 records ($share %) came after their windows had been closed (--lateness) and were kept aside"
	assert_equal "$(wc -l <late)" $((20000 - kept))
	run --separate-stderr -0 weir aggregate "${window[@]}" --lateness 0s --late emit count clicks3
	assert_equal "$(jq -s 'map(.count) | add' <<<"$output")" 20000
	run -0 weir aggregate "${window[@]}" --lateness 3d count clicks3
	# a field that no record has
	run --separate-stderr -1 weir aggregate --window 'tumbling 1h' --time .tss count clicks
	assert_output ''
	assert_stderr 'weir aggregate: 20000 of 20000 records (100 %) were without a time that can be read and were left out (--time)'
	# bad data is worse
	run --separate-stderr -65 weir aggregate "${window[@]}" --lateness 0s count clicks3 <(echo '{')
}

@test "lateness: in a marked stream what was left out makes the status 1 when all is passed on" {
	printf 'S\nR 0 0:-:0\n{"t":1000000000}\n{"t":1000000020}\nB 1 0:0:2\n{"t":1000000001}\nB 2 0:2:3\nF 2\n' | python3 "$MARKS" >in
	run --separate-stderr bash -c 'weir aggregate --window "tumbling 10s" --time .t --lateness 0s --state none count <in | cat >out; exit ${PIPESTATUS[0]}'
	assert_status 1
	assert_stderr 'weir aggregate: 1 of 3 records (33 %) came after its windows had been closed (--lateness) and was left out'
	assert_equal "$(grep -ac '"k":"F"' out)" 1
}

@test "lateness: no session of a key overlaps another one of it" {
	rows() { jq -r '"\(.window_start | fromdate)-\(.window_end | fromdate) \(.k) \(.count)"'; }
	# the record at 3 is not behind the watermark, but belongs to a session that was already written
	run --separate-stderr -1 weir aggregate --window 'session 5s' --time .t --lateness 0s -g .k count < <(
		printf '{"t":%s,"k":"%s"}\n' 0 a 6 b 3 a)
	assert_equal "$(rows <<<"$output")" $'0-5 a 1\n6-11 b 1'
	assert_stderr 'weir aggregate: 1 of 3 records (33 %) came after its windows had been closed (--lateness) and was left out'
	# an open session does not grow into it, either, however long ago it was closed; 5 itself is not in it
	run --separate-stderr -1 weir aggregate --window 'session 5s' --time .t --lateness 0s -g .k count < <(
		printf '{"t":%s,"k":"%s"}\n' 0 a 9 a 13 a 17 a 21 a 5 a 4 a)
	assert_equal "$(rows <<<"$output")" $'0-5 a 1\n5-26 a 5'
	# beyond --max-groups, too
	run --separate-stderr -1 weir aggregate --window 'session 5s' --time .t --lateness 0s --max-groups 1 --overflow other -g .k count < <(
		printf '{"t":%s,"k":"%s"}\n' 0 b 1 x 6 b 4 y)
	assert_equal "$(rows <<<"$output")" $'0-5 b 1\n1-6 null 1\n6-11 b 1'
}

@test "lateness: sessions of records in bad order, in batches, in pieces with a state, in parts" {
	python3 "$WEIR_ROOT/tests/lib/sessions.py" weir
}
