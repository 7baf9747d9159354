#!/usr/bin/env bats
# aggregate --tz: windows of days and hours as clocks in a zone show them, also when these are changed.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf '{"t":"%s"}\n' 2026-03-27T23:30:00Z 2026-03-28T22:59:59Z 2026-03-28T23:00:00Z 2026-03-29T21:59:59Z \
		2026-03-29T22:00:00Z >spring
}

# The windows that `weir aggregate OPTION... count` prints: start, end and count.
windows() { # windows EXPECTED OPTION...
	local expected=$1
	shift
	run_weir aggregate --time .t "$@" count
	assert_status 0
	assert_equal "$(jq -r '[.window_start, .window_end, .count] | map(tostring) | join(" ")' <<<"$output")" "$expected"
}

@test "aggregate zone: random times around changes, beside Python's zoneinfo" {
	"$WEIR_ROOT/tests/lib/zonediff.py" 11
}

@test "aggregate zone: a day of 23 hours, and one of 25" {
	windows $'2026-03-27T23:00:00Z 2026-03-28T23:00:00Z 2\n2026-03-28T23:00:00Z 2026-03-29T22:00:00Z 2\n2026-03-29T22:00:00Z 2026-03-30T22:00:00Z 1' \
		--tz Europe/Berlin --window 'tumbling 1d' <spring
	windows '2026-10-24T22:00:00Z 2026-10-25T23:00:00Z 2' --tz Europe/Berlin --window 'tumbling 1d' \
		< <(printf '{"t":"%s"}\n' 2026-10-24T22:00:00Z 2026-10-25T22:59:59Z)
	# without a zone, and with that of UTC
	windows $'2026-03-27T00:00:00Z 2026-03-28T00:00:00Z 1\n2026-03-28T00:00:00Z 2026-03-29T00:00:00Z 2\n2026-03-29T00:00:00Z 2026-03-30T00:00:00Z 2' \
		--window 'tumbling 1d' <spring
	windows $'2026-03-27T00:00:00Z 2026-03-28T00:00:00Z 1\n2026-03-28T00:00:00Z 2026-03-29T00:00:00Z 2\n2026-03-29T00:00:00Z 2026-03-30T00:00:00Z 2' \
		--tz UTC --window 'tumbling 1d' <spring
}

@test "aggregate zone: hours, six hours, and weeks that slide by days" {
	windows $'2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 1\n2026-10-25T01:00:00Z 2026-10-25T02:00:00Z 1' --tz Europe/Berlin \
		--window 'tumbling 1h' < <(printf '{"t":"%s"}\n' 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z)
	windows $'2026-10-24T22:00:00Z 2026-10-25T05:00:00Z 2\n2026-10-25T05:00:00Z 2026-10-25T11:00:00Z 1' --tz Europe/Berlin \
		--window 'tumbling 6h' < <(printf '{"t":"%s"}\n' 2026-10-25T00:30:00Z 2026-10-25T04:59:59Z 2026-10-25T05:00:00Z)
	windows '2026-01-01T00:30:00Z 2026-01-01T01:30:00Z 1' --tz Asia/Kolkata --window 'tumbling 1h' <<<'{"t":"2026-01-01T01:10:00Z"}'
	windows $'2026-03-27T23:00:00Z 2026-03-29T22:00:00Z 1\n2026-03-28T23:00:00Z 2026-03-30T22:00:00Z 1' --tz Europe/Berlin \
		--window 'sliding 2d 1d' <<<'{"t":"2026-03-29T10:00:00Z"}'
}

@test "aggregate zone: weeks begin on Mondays, also over a change of clocks, and are Python's ISO weeks" {
	# Sunday and Monday around both changes; the week of the change has 167 or 169 hours
	windows $'2026-03-22T23:00:00Z 2026-03-29T22:00:00Z 2\n2026-03-29T22:00:00Z 2026-04-05T22:00:00Z 1' --tz Europe/Berlin \
		--window 'tumbling 7d' < <(printf '{"t":"%s"}\n' 2026-03-22T23:00:00Z 2026-03-29T21:59:59Z 2026-03-29T22:00:00Z)
	windows $'2026-10-18T22:00:00Z 2026-10-25T23:00:00Z 1\n2026-10-25T23:00:00Z 2026-11-01T23:00:00Z 1' --tz Europe/Berlin \
		--window 'tumbling 7d' < <(printf '{"t":"%s"}\n' 2026-10-25T22:59:59Z 2026-10-25T23:00:00Z)
	windows $'2026-03-15T23:00:00Z 2026-03-29T22:00:00Z 1\n2026-03-22T23:00:00Z 2026-04-05T22:00:00Z 1' --tz Europe/Berlin \
		--window 'sliding 14d 7d' <<<'{"t":"2026-03-29T10:00:00Z"}'
	windows '2026-06-29T00:00:00Z 2026-07-06T00:00:00Z 1' --tz UTC --window 'tumbling 7d' <<<'{"t":"2026-07-02T10:00:00Z"}'
	# without a zone as ever: from the weekday of the epoch
	windows '2026-07-02T00:00:00Z 2026-07-09T00:00:00Z 1' --window 'tumbling 7d' <<<'{"t":"2026-07-03T10:00:00Z"}'
	# days that slide are days, whatever their number
	windows $'2026-06-28T22:00:00Z 2026-06-30T22:00:00Z 1\n2026-06-29T22:00:00Z 2026-07-01T22:00:00Z 1' --tz Europe/Berlin \
		--window 'sliding 2d 1d' <<<'{"t":"2026-06-30T10:00:00Z"}'
	python3 -c 'import datetime as d, random, zoneinfo
random.seed(3)
zone = zoneinfo.ZoneInfo("America/New_York")
times = sorted(d.datetime(1960, 1, 1, tzinfo=d.timezone.utc) + d.timedelta(seconds=random.randrange(2 * 10**9)) for _ in range(2000))
weeks = {}
for t in times:
    weeks.setdefault(t.astimezone(zone).isocalendar()[:2], []).append(t)
with open("in", "w") as f, open("expected", "w") as e:
    for t in times: print("{\"t\":\"%s\"}" % t.strftime("%Y-%m-%dT%H:%M:%SZ"), file=f)
    for week, members in weeks.items(): print(d.datetime.fromisocalendar(*week, 1).replace(tzinfo=zone).astimezone(d.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), len(members), file=e)'
	weir aggregate --tz America/New_York --window 'tumbling 7d' --time .t --lateness 0s count in | jq -r '"\(.window_start) \(.count)"' | diff expected -
	weir map '.w = truncate(.t, 7d, "America/New_York")' in | jq -r .w | uniq -c | awk '{ print $2, $1 }' | sed 's/\.000Z/Z/' | diff expected -
}

@test "aggregate zone: a state of weeks from Thursdays is not continued with weeks from Mondays" {
	local query=(--tz UTC --window 'tumbling 7d' --time .t --lateness 1h --state state count)
	run_weir aggregate "${query[@]}" <<<'{"t":"2026-07-02T10:00:00Z"}'
	assert_status 0
	# the state says which weeks it is of
	grep -aq 'tz UTC from Mondays' state/*
}

@test "aggregate zone: windows close and records are late by the clocks there" {
	run_weir aggregate --tz Europe/Berlin --window 'tumbling 1d' --time .t --lateness 1h --late late count <<-'END'
		{"t":"2026-03-28T23:10:00Z"}
		{"t":"2026-03-29T22:59:59Z"}
		{"t":"2026-03-29T21:59:59Z"}
		{"t":"2026-03-29T23:00:00Z"}
		{"t":"2026-03-29T21:59:59Z"}
	END
	assert_equal "$(jq -c '[.window_end, .count]' <<<"$output")" $'["2026-03-29T22:00:00Z",2]\n["2026-03-30T22:00:00Z",2]'
	assert_equal "$(wc -l <late)" 1
	# sessions are as they were
	windows '2026-03-29T00:00:00Z 2026-03-29T00:10:00Z 1' --tz Europe/Berlin --window 'session 10m' <<<'{"t":"2026-03-29T00:00:00Z"}'
}

@test "aggregate zone: partial results and states belong to their zone" {
	local query=(--window 'tumbling 1d' --time .t)
	head -2 spring >a
	tail -3 spring >b
	run_sh 'q=(--tz Europe/Berlin --window "tumbling 1d" --time .t); cat <(weir aggregate "${q[@]}" --partial count a) <(weir aggregate "${q[@]}" --partial count b) |
		weir aggregate --tz Europe/Berlin --window "tumbling 1d" --merge count'
	assert_status 0
	assert_equal "$(jq -c '[.window_start, .count]' <<<"$output")" \
		$'["2026-03-27T23:00:00Z",2]\n["2026-03-28T23:00:00Z",2]\n["2026-03-29T22:00:00Z",1]'
	run_sh 'weir aggregate --tz Europe/Berlin --window "tumbling 1d" --time .t --partial count a |
		weir aggregate --window "tumbling 1d" --merge count'
	assert_status 65
	assert_stderr_contains 'this is a partial result of another query'
	run_weir aggregate "${query[@]}" --tz Europe/Berlin --lateness 1h --state state count a
	assert_status 0
	assert_output ''
	run_weir aggregate "${query[@]}" --tz Europe/Paris --lateness 1h --state state count b
	assert_status 78
	run_weir aggregate "${query[@]}" --tz Europe/Berlin --lateness 1h --state state count b
	assert_status 0
	assert_equal "$(jq -c '[.window_start, .count]' <<<"$output")" '["2026-03-27T23:00:00Z",2]'
}

@test "aggregate zone: rates are by the hours that a day had; times at the ends of what can be written" {
	run_weir aggregate --tz Europe/Berlin --window 'tumbling 1d' --time .t rate <<<'{"t":"2026-03-29T10:00:00Z"}'
	assert_status 0
	assert_equal "$(jq '.rate * 82800' <<<"$output")" 1
	run_weir aggregate --tz Europe/Berlin --window 'tumbling 1d' --time .t count <<<'{"t":"9999-12-31T12:00:00Z"}'
	assert_status 1
	run_weir aggregate --tz -03:00 --window 'tumbling 1d' --time .t count <<<'{"t":"0001-01-01T01:00:00Z"}'
	assert_status 1
}
