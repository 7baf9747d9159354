#!/usr/bin/env bats
# aggregate --window: which windows a record is in, when they close, late records; and neither batches nor crashes
# change the rows.
# bats file_tags=long
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py MARKER=$BUILD/servers/marker WINDOWS=$WEIR_ROOT/tests/lib/windows.py
	cd "$BATS_TEST_TMPDIR" || return
}

# Seconds in $1... as records of one key.
events() {
	local t
	for t in "$@"; do printf '{"t":%s,"k":"a"}\n' "$t"; done
}

# Rows as START-END:COUNT, seconds since 2001-09-09T01:46:40Z (1,000,000,000).
rows() { # rows OPTION... (events on stdin)
	run --separate-stderr weir aggregate --time .t "$@" count
	_show_run
	jq -r '"\((.window_start|fromdate) - 1000000000)-\((.window_end|fromdate) - 1000000000):\(.count)\(if .late then "late" else "" end)\(if .final == false then "?" else "" end)"' <<<"$output" | paste -sd ' ' >rows
	rows=$(cat rows)
}

at() {
	local t
	for t in "$@"; do events $((1000000000 + t)); done
}

@test "window: tumbling" {
	rows --window 'tumbling 10s' < <(at 0 9 10 19 20 35)
	assert_equal "$rows" '0-10:2 10-20:2 20-30:1 30-40:1'
	rows --window 'tumbling 10s' < <(events -1 0 1)
	assert_equal "$rows" '-1000000010--1000000000:1 -1000000000--999999990:2'
}

@test "window: sliding" {
	rows --window 'sliding 20s 10s' < <(at 0 9 10 25)
	assert_equal "$rows" '-10-10:2 0-20:3 10-30:2 20-40:1'
	rows --window 'sliding 10s 4s' < <(at 0 9)
	assert_equal "$rows" '-8-2:1 -4-6:1 0-10:2 4-14:1 8-18:1'
}

@test "window: sessions" {
	rows --window 'session 10s' < <(at 0 5 14 24 25)
	assert_equal "$rows" '0-24:3 24-35:2'
	# a record between two sessions joins them
	rows --window 'session 10s' --lateness 1m < <(at 0 15 8)
	assert_equal "$rows" '0-25:3'
	rows --window 'session 10s' --lateness 1m < <(at 30 0)
	assert_equal "$rows" '0-10:1 30-40:1'
	run --separate-stderr -0 weir aggregate --window 'session 10s' --time .t -g .k count 'sum(.t - 1000000000)' < <(
		at 0 3
		printf '{"t":1000000007,"k":"b"}\n'
		at 12
	)
	[ "${#lines[@]}" = 2 ]
	[[ $output == *'"window_end":"2001-09-09T01:46:57Z","k":"b","count":1'*'"window_end":"2001-09-09T01:47:02Z","k":"a","count":3'* ]]
}

@test "window: rows come as soon as the watermark has passed the end" {
	mkfifo in
	weir aggregate --window 'tumbling 10s' --lateness 0s --time .t count <in >out &
	local pid=$!
	exec 5>in
	at 0 5 10 >&5
	for _ in $(seq 100); do
		[ ! -s out ] || break
		sleep 0.1
	done
	[ "$(jq -c .count out)" = 2 ]
	exec 5>&-
	wait $pid
	[ "$(wc -l <out)" = 2 ]
}

@test "window: lateness, and what comes later still" {
	rows --window 'tumbling 10s' --lateness 0s < <(at 0 12 5 13)
	assert_equal "$rows" '0-10:1 10-20:2'
	assert_equal "$stderr" 'weir aggregate: 1 of 4 records (25 %) came after its windows had been closed (--lateness) and was left out'
	rows --window 'tumbling 10s' --lateness 3s < <(at 0 12 5 13 6)
	assert_equal "$rows" '0-10:2 10-20:2'
	[[ $stderr == *'1 of 5 records (20 %) came after'* ]]
	rows --window 'tumbling 10s' --lateness 0s --late emit < <(at 0 12 5 7 33 14)
	assert_equal "$rows" '0-10:1 10-20:1 0-10:2late 10-20:1late 30-40:1'
	[[ $stderr == *'3 of 6 records (50 %) '*'written as late ones' ]]
	rows --window 'tumbling 10s' --lateness 0s --late aside < <(at 0 12 5)
	assert_equal "$rows" '0-10:1 10-20:1'
	[[ $stderr == *'kept aside' ]]
	assert_equal "$(jq -c '[.reason,.record,.data]' aside)" '["late",3,"{\"t\":1000000005,\"k\":\"a\"}"]'
	# a record that is late for one of its windows is in the others
	rows --window 'sliding 20s 10s' --lateness 0s < <(at 5 12 7)
	assert_equal "$rows" '-10-10:1 0-20:3 10-30:1'
	[ -z "$stderr" ]
	run -78 weir aggregate --window 'tumbling 1m' --lateness 0s --time .t --late /nowhere/x count </dev/null
}

@test "window: a minute of NULs is not a time, also as the first one" {
	local nuls=
	printf -v nuls '\\u0000%.0s' {1..17}
	printf '{"t":"%s59Z"}\n{"t":"%s59.999Z"}\n{"t":"2026-11-22T10:00:59Z"}\n{"t":"%s59Z"}\n' "$nuls" "$nuls" "$nuls" >in
	run -1 --separate-stderr weir aggregate --window 'tumbling 1m' --time .t --lateness 1d count in
	assert_output '{"window_start":"2026-11-22T10:00:00Z","window_end":"2026-11-22T10:01:00Z","count":1}'
	assert_stderr 'weir aggregate: 3 of 4 records (75 %) were without a time that can be read and were left out (--time)'
}

@test "window: a clock that runs backwards" {
	rows --window 'tumbling 10s' --lateness 0s < <(at 50 40 30 20 10 0)
	assert_equal "$rows" '50-60:1'
	[[ $stderr == *'5 of 6 records (83 %) came after'* ]]
	rows --window 'tumbling 10s' --lateness 1m < <(at 50 40 30 20 10 0)
	assert_equal "$rows" '0-10:1 10-20:1 20-30:1 30-40:1 40-50:1 50-60:1'
}

@test "window: first, last and delta go by event time, in windows of all kinds" {
	printf '{"t":"1970-01-01T00:00:%sZ","x":%s}\n' 05 5 02 2 08 8 01 1 >in
	local w rows row
	for w in 'tumbling 10s' 'sliding 10s 5s' 'session 4s'; do
		rows=$(weir aggregate --window "$w" --time .t --lateness 10s 'first(.x)' 'last(.x)' 'delta(.x)' count in)
		row=$(jq -c 'select(.count == 4) | [.first_x, .last_x, .delta_x]' <<<"$rows")
		assert_equal "$row" '[1,8,7]'
	done
	# sessions that are joined only later; in parts; --late emit
	assert_equal "$(weir aggregate --window 'session 5s' --time .t --lateness 10s 'first(.x)' 'last(.x)' 'delta(.x)' <<-'END' | jq -c '[.first_x, .last_x, .delta_x]'
		{"t":"1970-01-01T00:00:08Z","x":8}
		{"t":"1970-01-01T00:00:00Z","x":0}
		{"t":"1970-01-01T00:00:04Z","x":4}
	END
	)" '[0,8,8]'
	for w in 'tumbling 10s' 'sliding 10s 5s' 'session 4s'; do
		local query=(--window "$w" 'first(.x)' 'last(.x)' 'delta(.x)')
		head -n 2 in | weir aggregate --partial --time .t --lateness 10s "${query[@]}" >p
		tail -n 2 in | weir aggregate --partial --time .t --lateness 10s "${query[@]}" >q
		weir aggregate --merge "${query[@]}" q p | cmp - <(weir aggregate --time .t --lateness 10s "${query[@]}" in)
	done
	# equal times: by arrival; parts of a millisecond count
	printf '{"t":"1970-01-01T00:00:%sZ","x":%s}\n' 01 1 01 2 01.0000001 5 01.0000002 6 01.0000001 7 >in
	assert_equal "$(weir aggregate --window 'tumbling 10s' --time .t 'first(.x)' 'last(.x)' in | jq -c '[.first_x, .last_x]')" '[1,6]'
	# without windows: by arrival
	assert_equal "$(weir aggregate 'first(.x)' 'last(.x)' 'delta(.x)' in)" '{"first_x":1,"last_x":7,"delta_x":6}'
}

@test "window: records from the future" {
	{
		at 0
		printf '{"t":"9999-12-31T23:59:49Z"}\n'
		at 1 2
	} >in
	# it moves the watermark: the next record is late, and this is reported
	run --separate-stderr -1 weir aggregate --window 'tumbling 10s' --lateness 0s --time .t --max-ahead any count <in
	[ "${#lines[@]}" = 2 ]
	[[ $stderr == *'2 of 4 records (50 %) came after'* ]]
	for option in '' '--max-ahead 1d' '--max-ahead=0s'; do
		# shellcheck disable=SC2086
		run --separate-stderr -1 weir aggregate --window 'tumbling 10s' --time .t $option count <in
		[[ $output == *'"count":3}' ]]
		[ "$stderr" = 'weir aggregate: 1 of 4 records (25 %) was from the future and was left out (--max-ahead)' ]
	done
	run --separate-stderr -2 weir aggregate --window 'tumbling 10s' --time .t --max-ahead soon count <in
	[[ $stderr == *"'soon' is not a duration such as 10s, or any"* ]]
}

@test "window: a window that reaches beyond the years 1 to 9999 is none" {
	local w
	for w in 'tumbling 1d' 'sliding 2d 1d' 'session 1m'; do
		printf '{"t":"9999-12-31T23:59:59Z"}\n{"t":"2026-11-22T10:00:00Z"}\n' >in
		run --separate-stderr -1 weir aggregate --window "$w" --time .t --max-ahead any count in
		[[ $output == *'"window_start":"2026-11-2'* && $output != *'"0000-'* && $output != *9999* ]]
		assert_stderr 'weir aggregate: 1 of 2 records (50 %) was in a window that is not within the years 1 to 9999 and was left out'
	done
	# the first and the last possible ones
	printf '{"t":"%s"}\n' 0001-01-01T00:00:00Z 0001-01-03T00:00:00Z 9999-12-30T23:59:59Z >in
	run --separate-stderr -0 weir aggregate --window 'tumbling 1d' --time .t --max-ahead any count in
	assert_equal "$(jq -r '.window_start[:10] + " " + .window_end[:10]' <<<"$output")" '0001-01-01 0001-01-02
0001-01-03 0001-01-04
9999-12-30 9999-12-31'
	run --separate-stderr -1 weir aggregate --window 'sliding 2d 1d' --time .t --max-ahead any count in
	[[ $output == '{"window_start":"0001-01-02'* && $output == *'"window_end":"0001-01-05T00:00:00Z"'* ]]
	assert_stderr 'weir aggregate: 2 of 3 records (67 %) were in windows that are not within the years 1 to 9999 and were left out'
	run -65 weir aggregate --window 'sliding 2d 1d' --time .t --max-ahead any --strict count in
	[[ $output == *'record 1, --window: its window is not within the years 1 to 9999'* ]]
}

@test "window: records without a time" {
	printf '{"t":1000000000}\n{}\n{"t":"noon"}\n{"t":null}\n{"t":true}\n' >in
	run --separate-stderr -1 weir aggregate --window 'tumbling 10s' --time .t count in
	[[ $output == *'"count":1}' ]]
	[ "$stderr" = 'weir aggregate: 4 of 5 records (80 %) were without a time that can be read and were left out (--time)' ]
	run --separate-stderr -65 weir aggregate --window 'tumbling 10s' --time .t --strict count in
	[[ $stderr == *'in: record 2, --time: this is not a time'* ]]
}

@test "window: times of every kind" {
	printf '%s\n' '{"t":1000000000}' '{"t":1000000000500}' '{"t":"2001-09-09T01:46:41.25Z"}' '{"t":"1000000002"}' '{"t":1000000003.5}' \
		'{"t":"2001-09-09T03:46:44+02:00"}' >in
	run -0 weir aggregate --window 'tumbling 5s' --time .t count in
	is='{"window_start":"2001-09-09T01:46:40Z","window_end":"2001-09-09T01:46:45Z","count":6}'
	assert_equal "$output" "$is"
	run -0 weir aggregate --window 'tumbling 5s' --time 'time(.t, "%d.%m.%Y %H:%M:%S")' count < <(echo '{"t":"09.09.2001 01:46:44"}')
	assert_equal "$output" "${is/count\":6/count\":1}"
	run -0 weir aggregate --window 'tumbling 250ms' --time '$1' --format tsv --no-header count < <(printf '1000000000.3\tx\n')
	assert_equal "$output" $'2001-09-09T01:46:40.250Z\t2001-09-09T01:46:40.500Z\t1'
}

@test "window: the rate is by the window's time" {
	run -0 weir aggregate --window 'tumbling 10s' --time .t rate < <(at 0 1 2 3 4)
	[[ $output == *'"rate":0.5}' ]]
}

@test "window: options that do not fit" {
	run -2 weir aggregate --window 'tumbling 1m' count
	[[ $output == *'--window needs --time'* ]]
	run -2 weir aggregate --time .t count
	run -2 weir aggregate --lateness 1m count
	run -2 weir aggregate --window 'hopping 1m' --time .t count
	[[ $output == *"'tumbling SIZE', 'sliding SIZE STEP' or 'session GAP'"* ]]
	run -2 weir aggregate --window 'sliding 1m 5m' --time .t count
	run -2 weir aggregate --window 'sliding 5m 1m' --time .t 'ewma(.x,0.1)'
	run -2 weir aggregate --window 'session 5m' --time .t 'ewma(.x,0.1)'
	run -0 weir aggregate --window 'tumbling 5m' --time .t 'ewma(.x,0.1)' </dev/null
	run -2 weir aggregate --window 'tumbling 5m' --time .t window_end=count
	run -2 weir aggregate --window 'tumbling 5m' --time '.t +' count
}

@test "window: windows that never close are bounded by --max-groups" {
	at $(seq 0 10 1000) >in
	run -75 weir aggregate --window 'tumbling 10s' --time .t --lateness 1d --max-groups 50 count in
	[[ $output == *'record 51 begins one more group than 50 (--max-groups)' ]]
	run --separate-stderr -0 weir aggregate --window 'tumbling 10s' --lateness 0s --time .t --max-groups 2 count in
	[ "${#lines[@]}" = 101 ]
	run --separate-stderr -0 weir aggregate --window 'session 1s' --time .t --lateness 1d --max-groups 50 --overflow other -g .k count in
	[[ $stderr == *"51 records of groups beyond --max-groups went to 'other'"* ]]
	assert_equal "$(jq -s 'map(select(.other) | .count) | add' <<<"$output")" 51
}

@test "window: the file of --late is neither an input nor the output, and not standard output by name" {
	echo '{"t":1000000000}' >in
	run -2 weir aggregate --window 'tumbling 1m' --lateness 0s --time .t --late in count in
	assert_output "weir aggregate: the file of --late is also an input (try 'weir aggregate --help')"
	run -2 bash -c 'weir aggregate --window "tumbling 1m" --lateness 0s --time .t --late out count in >>out'
	[[ $output == *'the file of --late is also the output'* ]]
	run -2 weir aggregate --window 'tumbling 1m' --lateness 0s --time .t --late - count in
	[[ $output == *'--late needs a file (/dev/stderr is one)'* ]]
	[[ ! -e ./- ]]
}

@test "window: on a marked stream it needs --state" {
	printf 'S\nR 0 0:-:0\n{"t":1000000000}\nB 1 0:0:1\nF 1\n' | python3 "$MARKS" >in
	run bash -c 'weir aggregate --window "tumbling 1m" --lateness 0s --time .t count <in | cat >out; exit ${PIPESTATUS[0]}'
	assert_status 2
	assert_output "weir aggregate: --window in a marked stream needs --state DIR, or --state none, which forgets at a restart (try 'weir aggregate --help')"
	run ! grep -aq '"k":"R"' out
	run -0 bash -c 'weir aggregate --window "tumbling 1m" --lateness 0s --time .t --state none count <in | grep -av "^.{\"v\""'
	[[ $output == *'"count":1}' ]]
}

@test "window: --emit update and batch" {
	s=1000000000
	printf '%s\n' S 'R 0 0:-:0' "{\"t\":$s,\"k\":\"a\"}" "{\"t\":$s,\"k\":\"b\"}" 'B 1 0:0:2' "{\"t\":$s,\"k\":\"b\"}" 'B 2 0:2:3' 'B 3 0:3:3' \
		"{\"t\":$((s + 10)),\"k\":\"b\"}" 'B 4 0:3:4' 'F 4' | python3 "$MARKS" >in
	emitted() {
		weir aggregate --window "$2" --lateness 0s --time .t --state none --emit "$1" -g .k count <in 2>err |
			sed -n '/^\x17/{s/.*"k":"\(.\)".*"n":\([0-9]*\),.*/\1\2/p;d};s/.*"k":"\(.\)","count":\(.\),"final":\(.\).*/\1\2\3/p' | paste -sd ' '
	}
	assert_equal "$(emitted update 'tumbling 10s')" 'S0 R0 a1f b1f B2 b2f B1 B0 a1t b2t b1f B3 b1t F1'
	assert_equal "$(emitted batch 'tumbling 10s')" 'S0 R0 a1f b1f B2 a1f b2f B2 B0 a1t b2t b1f B3 b1t F1'
	assert_equal "$(emitted final 'tumbling 10s' | tr -d ' ')" 'S0R0B0B0B0B2F1'
	assert_equal "$(emitted update 'session 5s')" 'S0 R0 a1f b1f B2 b2f B1 B0 a1t b2t b1f B3 b1t F1'
	assert_equal "$(emitted update 'sliding 20s 10s')" 'S0 R0 a1f b1f a1f b1f B4 b2f b2f B2 B0 a1t b2t b3f b1f B4 b3t a1t b1t F3' ||
		assert_equal "$(emitted update 'sliding 20s 10s')" 'S0 R0 a1f b1f a1f b1f B4 b2f b2f B2 B0 a1t b2t b3f b1f B4 a1t b3t b1t F3'
}

@test "window: partial results of two machines are those of one run" {
	for w in 'tumbling 1m' 'sliding 1m 15s' 'session 20s'; do
		python3 "$WINDOWS" events 3000 >in
		split -n r/2 in part.
		local query=(--window "$w" --time .t -g .k count 'sum(.x)' 'quantile(.x,0.5)' 'distinct(.x)')
		weir aggregate --lateness 10m "${query[@]}" in >whole
		for p in part.*; do weir aggregate --lateness 10m --partial "${query[@]}" "$p" >p."$p"; done
		weir aggregate --merge "${query[@]}" p.part.* | cmp - whole
		[ "$(wc -l <whole)" -gt 30 ]
	done
}

@test "window: other batches, the same rows" {
	python3 "$WINDOWS" cuts weir
}

@test "window: a crash at every point of the state, and the rows of an uninterrupted run" {
	only_plain 'it has no kill points'
	python3 "$WINDOWS" crashes "$BUILD/kill/bin/aggregate"
}

@test "window: a plain stream in pieces, with a state" {
	python3 "$WINDOWS" events 2000 >in
	split -n l/4 in part.
	local query=(--window 'sliding 1m 30s' --time .t --lateness 5s -g .k count 'sum(.x)' 'top(.x,2)')
	weir aggregate "${query[@]}" in >whole 2>err
	for p in part.*; do weir aggregate --state state "${query[@]}" "$p" 2>>err; done >pieces
	# the windows that are open at the end wait for the next run
	head -n "$(wc -l <pieces)" whole | cmp - pieces
	[ "$(wc -l <pieces)" -gt 50 ]
	# another query, another state
	run -78 weir aggregate --state state --window 'tumbling 1m' --lateness 0s --time .t -g .k count in
	[[ $output == *'state'* ]]
}

@test "window: a state that cannot be written ends the program before the mark is passed on" {
	s=1000000000
	printf '%s\n' S 'R 0 0:-:0' "{\"t\":$s}" 'B 1 0:0:1' "{\"t\":$((s + 60))}" 'B 2 0:1:2' 'F 2' | python3 "$MARKS" >in
	# no file may grow beyond a block: the empty state of the start fits, but not that with open windows
	set +o pipefail
	(
		trap '' XFSZ
		ulimit -f 0
		exec weir aggregate --window 'tumbling 1m' --lateness 0s --time .t --state state count <in 2>err
	) | cat >out
	local is=${PIPESTATUS[0]}
	set -o pipefail
	[ "$is" = 75 ] || fail "status $is: $(cat err)"
	run ! grep -aq '"k":"B"' out
}

@test "window: a state directory of another query, and a damaged state" {
	s=1000000000
	printf '%s\n' S 'R 0 0:-:0' "{\"t\":$s}" 'B 1 0:0:1' 'F 1' | python3 "$MARKS" >in
	go() {
		set -o pipefail
		weir aggregate --window "$1" --lateness 0s --time .t --state state count <"$2" 2>err | cat >out
	}
	go 'tumbling 1m' in
	printf '%s\n' S 'R 0 0:1:1' "{\"t\":$((s + 60))}" 'B 1 0:1:2' 'F 1' | python3 "$MARKS" >next
	run -78 go 'tumbling 2m' next
	go 'tumbling 1m' next
	grep -q '"count":1}' out
	# the newest is cut off: the one before is used, when the run starts there
	local newest
	newest=$(find state -name 'state-*' | sort | tail -n 1)
	truncate -s -3 "$newest"
	go 'tumbling 1m' next
	grep -q '"count":1}' out
}

@test "window: a duration that is out of range is refused with the range in units" {
	local option
	for option in --lateness --max-ahead; do
		run -2 weir aggregate --window 'tumbling 1m' --time .t $option 5000000d count
		[[ $output == *"option $option: '5000000d' is not from 0 to 3650000d"* ]]
	done
	for option in --cooldown --key-ttl; do
		run -2 weir detect $option 99999999999999999d --value .v 'range 0 1'
		[[ $output == *' is not from 0 to 3650000d'* ]]
	done
	run -2 weir meter -i 2d
	[[ $output == *"'2d' is not from 0 to 1d"* ]]
	run -2 weir consume --batch 1s -g g --drain-timeout 0 t
	[[ $output == *"'0' is not from 1ms to 1d"* ]]
	run -2 weir filter --max-record 2000T true
	[[ $output == *"'2000T' is not from 1 to 1T"* ]]
	run -2 weir aggregate --window 'tumbling 5000000d' --time .t count
	[[ $output == *'from 1ms to 3650000d'* ]]
}
