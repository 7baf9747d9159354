#!/usr/bin/env bats
# aggregate on topics of the real Kafka: batches, windows over partitions and over runs, parts of two machines.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	topic=$(new_topic 4)
	group=$(unique_group)
}

# COUNT events of the half hour from FROM (epoch seconds) on, in any order, to the topic, by user to its partitions, and to
# the file events.
produce_events() { # produce_events SEED FROM COUNT
	python3 - "$@" <<-'END' >now
		import json, random, sys
		seed, begin, count = map(int, sys.argv[1:])
		r = random.Random(seed)
		for _ in range(count):
		    x = r.choice([r.randrange(-50, 50), r.randrange(1000) / 8, None])
		    event = {"t": (begin + r.randrange(1800)) * 1000 + r.randrange(1000), "k": r.choice("abcde"), "u": r.randrange(900), "x": x}
		    print(event["u"], json.dumps(event, separators=(",", ":")), sep="\t")
	END
	cut -f 2 now >>events
	weir produce -K '\t' "$topic" <now
}

@test "aggregate on Kafka: the counts of the batches add up to the topic, and all is acknowledged" {
	seq 50000 | sed 's/.*/&\t&/' | weir produce -K '\t' "$topic"
	weir consume -g "$group" --batch 10s,4000 --to end "$topic" |
		weir aggregate --input tsv --format tsv --no-header count 'sum($1)' | weir ack >rows
	[ "$(wc -l <rows)" -ge 12 ]
	assert_equal "$(awk '{ n += $1; sum += $2 } END { printf "%d %d", n, sum }' rows)" "50000 1250025000"
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

# Windows as rows of the events in the file, by Python: minute, key, count, sum, users.
by_python() {
	python3 - <<-'END'
		import collections, datetime, json
		found = collections.defaultdict(list)
		for line in open("events"):
		    e = json.loads(line)
		    found[e["t"] // 60000, e["k"]].append(e)
		for (minute, k), es in sorted(found.items()):
		    when = datetime.datetime.fromtimestamp(minute * 60, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
		    xs = [e["x"] for e in es if e["x"] is not None]
		    print(when, k, len(es), float(sum(xs)) if xs else None, len({e["u"] for e in es}))
	END
}

@test "aggregate on Kafka: windows over four partitions and several runs, with --lateness, are Python's" {
	local day
	: >rows
	# each run closes the windows of the day before, whichever partition is read first
	for day in 1 2 3; do
		produce_events "$day" $((1000000000 + day * 86400)) 5000
		weir consume -g "$group" -p 0,1,2,3 --batch 10s,700 --to end "$topic" |
			weir aggregate -g .k --window 'tumbling 1m' --time .t --lateness 1h --state state count 'sum(.x)' 'distinct(.u)' |
			weir ack >>rows
	done
	echo '{"t":1000432000000,"k":"end"}' | weir produce "$topic"
	weir consume -g "$group" -p 0,1,2,3 --batch 10s,700 --to end "$topic" |
		weir aggregate -g .k --window 'tumbling 1m' --time .t --lateness 1h --state state count 'sum(.x)' 'distinct(.u)' |
		weir ack >>rows
	python3 -c 'import json, sys
for line in sys.stdin:
    w = json.loads(line)
    x = w["sum_x"]
    print(w["window_start"], w["k"], w["count"], x if x is None else float(x), w["distinct_u"])' <rows >seen
	by_python >wanted
	[ "$(wc -l <wanted)" -gt 400 ]
	assert_files_equal seen wanted
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

# The same for a query, with metrics that give arrays, and with times.
same_merged() { # same_merged OPTION...
	weir consume --to end "$topic" | weir aggregate "$@" "${times[@]}" "${metrics[@]}" >whole
	weir consume -p 0,1 --to end "$topic" | weir aggregate --partial "$@" "${times[@]}" "${metrics[@]}" >one
	weir consume -p 2,3 --to end "$topic" | weir aggregate --partial "$@" "${times[@]}" "${metrics[@]}" >two
	[ -s one ] && [ -s two ]
	weir aggregate --merge "$@" "${metrics[@]}" one two | cmp - whole
	weir aggregate --merge "$@" "${metrics[@]}" two one | cmp - whole
}

@test "aggregate on Kafka: what two machines make of half of the partitions each is, merged, what one makes of all" {
	produce_events 7 1000000000 20000
	local times=()
	local metrics=(count 'sum(.x)' 'mean(.x)' 'var(.x)' 'min(.x)' 'max(.x)' 'quantile(.x,0.5,0.99)' 'distinct(.u)' 'top(.u,3)')
	same_merged -g .k
	same_merged -g .k,.u
	same_merged
	times=(--time .t --lateness 1h)
	same_merged -g .k --window 'tumbling 1m'
	same_merged --window 'tumbling 7m'
}

# A topic of three partitions, read from the beginning; new users once lost two thirds of its records.
@test "aggregate on Kafka: windows wait for the slowest partition: none of 20,000 records is late" {
	python3 - <<-'END' >clicks
		import datetime, json
		begin = datetime.datetime(2026, 11, 25, 22, tzinfo=datetime.timezone.utc)
		for i in range(20000):
		    t = begin + datetime.timedelta(seconds=10 * i)
		    user = f"u{i * 7919 % 500:04}"
		    value = json.dumps({"ts": t.strftime("%Y-%m-%dT%H:%M:%SZ"), "user": user}, separators=(",", ":"))
		    print(json.dumps({"key": user, "value": value, "timestamp": int(t.timestamp()) * 1000}))
	END
	local three
	three=$(new_topic 3)
	weir produce --format json --keep timestamp "$three" <clicks
	go() { # go STATE OPTION...: the records that are in windows
		weir consume -g "$group-$1" -p 0,1,2 --batch 10s,500 --to end "$three" |
			weir aggregate --window 'tumbling 1m' --time .ts --max-ahead any --lateness 0s --state "$@" count 2>err |
			weir ack | jq -s 'map(.count) | add'
		return "${PIPESTATUS[1]}"
	}
	# windows that the very last record does not close are still open, in the state
	run -0 go state
	((output > 19990))
	run ! grep 'came after' err
	grep -q "^weir aggregate: windows that ended more than an hour ago, by the times of records, are open: topic '$three', partition [012] has records left" err
	run -1 go none --watermark event
	((output < 19000))
}
