#!/usr/bin/env bats
# weir-examples(7): its pipelines, taken from the text of the page, run on the real Kafka; they must find what they
# promise.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
	topic=$(new_topic 4)
}

# The literal text that begins like this, with our topic and group; the pipeline ends by itself if $3 is --to.
example() { # example REGEX TOPIC [--to]
	sed -n "/$1/,/^\\.Ed/p" "$WEIR_ROOT/man/weir-examples.7" | sed '/^\.Ed/,$d' |
		sed "s/\\\\(aq/'/g; s/\\\\e\$/\\\\/; s/-g [a-z_]* /-g $group /; s/ $2 | / $topic | /; s/ $2 |\$/ $topic |/" |
		sed "${3:+s/^weir consume /weir consume --to end /}" >pipeline
	[ -s pipeline ] || fail "no pipeline begins like '$1'"
	cat pipeline
}

# Fill the topic, run the pipeline in two goes, with a part of the records each, and gather the alarms.
run_demo() { # run_demo KIND
	local half
	python3 "$WEIR_ROOT/tests/demo/events.py" "$1" 7 labels >events
	half=$(($(wc -l <events) * 2 / 3))
	head -n $half events | weir produce -K '\t' "$topic"
	run_sh "$(<pipeline)"
	assert_status 0
	tail -n +$((half + 1)) events | weir produce -K '\t' "$topic"
	run_sh "$(<pipeline)"
	assert_status 0
	weir lake-cat alarms >found
	cut -f 2 events >everything
	run -0 weir lag -g "$group" --format json "$topic"
	[ "$(jq -s 'map(.lag) | add' <<<"$output")" = 0 ]
}

@test "examples: words of each batch on a terminal, below its time, as Spark's example does" {
	example '^weir consume -g my_group' my_topic
	sed -i 's/--batch 10s/--batch 1s/' pipeline
	cat >terminal.py <<'EOD'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp("bash", ["bash", "-o", "pipefail", "-c", open("pipeline").read() + " 2>err"])
with open("seen", "wb", buffering=0) as seen:
    while True:
        try:
            data = os.read(fd, 65536)
        except OSError: # the other end is closed
            break
        if not data:
            break
        seen.write(data.replace(b"\r", b""))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOD
	start_bg words python3 terminal.py
	printf 'to be or not\nto be\n' | weir produce "$topic"
	wait_for 30 grep -qs '	to$' seen
	printf 'to  see\n' | weir produce "$topic"
	wait_for 30 grep -qs '	see$' seen
	local pid
	for pid in $(pgrep -x consume); do
		! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF -- "-g $group " || kill -TERM "$pid"
	done
	wait_bg words 30
	assert_status 0
	grep -qE '^-- 20[0-9-]{8}T[0-9:]{8}Z --$' seen
	# the counts of each batch are below its own line
	awk '/^weir consume: / { next } /^-- / { b++; next } { print b "\t" $0 }' seen >batches # without progress messages
	first=$(awk '$3 == "or" { print $1 }' batches) second=$(awk '$3 == "see" { print $1 }' batches)
	[ "$second" -gt "$first" ]
	assert_equal "$(awk -v b="$first" '$1 == b { print $2, $3 }' batches)" $'2 be\n2 to\n1 not\n1 or'
	assert_equal "$(awk -v b="$second" '$1 == b { print $2, $3 }' batches)" $'1 see\n1 to'
}

# Fill the topic, of one partition, with an hour or more of clicks.
fill_clicks() {
	topic=$(new_topic 1)
	python3 "$WEIR_ROOT/tests/demo/events.py" clicks 7 labels | cut -f 2 >events
	weir produce "$topic" <events
	echo '{"ts":1741000000000,"user":"nobody","action":"none"}' | weir produce "$topic" # closes the windows before it
}

@test "examples: users: the pages of each batch that are looked at most" {
	fill_clicks
	example '^weir consume -g top' clicks --to
	sed -i 's/--batch 10s/--batch 5m,1000/' pipeline
	truncate -s -1 pipeline
	echo ' >seen' >>pipeline # on a pipe it would wait for another program
	run_sh "$(<pipeline)"
	assert_success
	python3 - >expected <<'EOD'
import collections, itertools, json
events = iter([json.loads(line) for line in open("events")])
while batch := list(itertools.islice(events, 1000)):
    pages = collections.Counter(e["page"] for e in batch if e["action"] == "view")
    for page, n in sorted(pages.items(), key=lambda p: (-p[1], p[0]))[:5]:
        print('{"page":"%s","count":%d}' % (page, n))
EOD
	assert_files_equal seen expected
}

@test "examples: users: how many different ones there were in each minute" {
	fill_clicks
	example '^weir consume -g minutes' clicks --to
	run_sh "$(<pipeline)"
	assert_status 0
	python3 - >expected <<'EOD'
import collections, json
users = collections.defaultdict(set)
for line in open("events"):
    e = json.loads(line)
    users[e["ts"] // 60000].add(e["user"])
for minute in sorted(users):
    print(minute * 60, len(users[minute]))
EOD
	weir lake-cat users | jq -r '[(.window_start | fromdate), .users] | @tsv' | tr '\t' ' ' >seen
	assert_files_equal seen expected
}

@test "examples: users: sessions are those that there were, and so is the way from looking to buying" {
	fill_clicks
	example '^weir consume -g sessions' clicks --to
	run_sh "$(<pipeline)"
	assert_status 0
	assert_files_equal <(weir lake-cat visits | jq -r '[.user, .events] | @tsv' | tr '\t' ' ' | sort) <(cut -d ' ' -f 2,3 labels | sort)
	example '^weir lake-cat visits' -
	run_sh "$(<pipeline)"
	assert_success
	assert_output "$(awk '{ n++; carts += $4 != "view"; buys += $4 == "buy" }
		END { printf "{\"sessions\":%d,\"carts\":%d,\"buys\":%d}", n, carts, buys }' labels)"
	printf '# %s\n' "${lines[@]}" >&3
}

@test "examples: payments: at least 95 % of what was planted is found, and of the alarms are right" {
	example '^weir consume -g fraud' payments --to
	run_demo payments
	run_logged python3 "$WEIR_ROOT/tests/demo/answers.py" payments labels found
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}

@test "examples: sensors: faults are found, with a tenth of the false alarms of three standard deviations" {
	example '^weir consume -g watch' readings --to
	run_demo readings
	run_logged python3 "$WEIR_ROOT/tests/demo/answers.py" readings labels found everything
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}
