#!/usr/bin/env bats
# The examples of the manuals of section 1, taken from the pages as a terminal shows them, and run.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/page

setup() {
	group_setup
	topic=$(unique_topic)
	mkdir -p bin etc/weir lake metrics run/lock var/lib/node_exporter var/log
	PATH=$PWD/bin:$PATH
}

# --- from the page to the shell --------------------------------------------------------------------

manual() { # manual PROGRAM: its page
	[ "$1" = weir ] && echo weir.1 || echo "weir-$1.1"
}

# An example with the broker, topic and group of the test; sources end when they have read what there is, and absolute
# paths lead to the directory of the test.
example() { # example PROGRAM HEADING N [SED]
	page_shown "$(manual "$1")" | page_block "$2" "$3" "${4:-}" | sed -E "
		s/-b [a-z]+:9092/-b $WEIR_BROKERS/
		s/weir consume -g/weir consume --to end -g/
		s/-g [a-z]+( |$)/-g $group\1/
		s/(weir consume [^|]*) [a-z]+( \||$)/\1 $topic\2/
		s, /([a-z]), \1,g"
}

# Paste it into a shell, with pipefail; sets $status, $output, $stderr. With a broker $stderr is not compared: on a busy
# machine it has messages about waiting.
try() { # try PROGRAM HEADING N [SED]
	local text
	text=$(example "$@") && run_sh "$text"
}

# For sed: a terminal shows the end of the pipeline. Here it is a file, because a pipe would look like a further
# program.
on_terminal='$s/$/ >seen/'

# The same without indentation: the text of a file.
example_file() { # example_file PROGRAM HEADING N [SED]
	example "$@" | sed 's/^ \{11\}//'
}

# Program, heading and number of each literal block there is, and of those that this file runs.
blocks_list() {
	local page
	for page in "$WEIR_ROOT"/man/*.1; do
		page=${page##*/} program=${page%.1}
		page_shown "$page" | page_blocks | sed -n "s/^\([^ ]\)/${program#weir-}\t\1/p"
	done
}

blocks_run() {
	sed -nE "s/.*\<(try|example|example_file) ([a-z-]+) ('([A-Z ]+)'|([A-Z]+)) ([0-9]+).*/\2\t\4\5\t\6/p" "$BATS_TEST_FILENAME"
}

# --- the input of the examples ----------------------------------------------------------------------

# N events of people on pages, one a second.
events() { # events N
	seq "$1" | jq -c '{id: ., ts: (1774620000 + . | todate), user: "u\(. % 13)", action: ["view", "cart", "buy"][. % 3],
		amount: (. * 7 % 400), page: "/\(. % 5)", path: (if . % 5 == 4 then "/\(.)" else "/\(. % 5)" end), ms: .}'
}

# Make the topic, with the records of standard input.
fill() { # fill [PARTITIONS]
	kadmin create "$topic" "${1:-1}" && weir produce "$topic"
}

# What was run last, without a broker, has printed these lines, in any order.
assert_lines() { # assert_lines FILE
	assert_success
	[ -s "$1" ] || fail 'nothing is expected'
	assert_files_equal <(sort <<<"$output") <(sort "$1")
}

# --- programs that read files or a topic -----------------------------------------------------------

@test "ack: each batch is sent to a web service" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>arguments' 'exec cat >>sent' >bin/curl
	chmod +x bin/curl
	events 100 | tee in | fill 2
	try ack EXAMPLES 1
	assert_status 0
	assert_files_equal <(sort sent) <(sort in)
	assert_equal "$(sort -u arguments)" '-fsS --data-binary @- http://localhost:8080/'
	assert_equal "$(group_committed "$topic")" 100
}

@test "aggregate: rows of files" {
	events 600 >events.ndjson
	try aggregate DESCRIPTION 1
	assert_success
	assert_files_equal <(jq -c . <<<"$output") <(jq -cs 'group_by(.user) | map({user: .[0].user, count: length,
		sum_amount: map(.amount) | add}) | sort_by(-.sum_amount)[:10][]' events.ndjson)
	cp events.ndjson requests.ndjson
	try aggregate DESCRIPTION 2
	assert_success
	assert_equal "$(jq -c '[.path, .p50_ms > 290, .p99_ms > 590]' <<<"$output")" \
		$'["/0",true,true]\n["/1",true,true]\n["/2",true,true]\n["/3",true,true]'
	try aggregate EXAMPLES 2
	assert_success
	assert_equal "$(jq -s 'map(.count) | [length, add]' -c <<<"$output")" '[13,600]'
	assert_equal "$(jq -c 'select(.user == "u2") | [.first_page, .last_page]' <<<"$output")" '["/2","/0"]'
	head -n 200 events.ndjson >monday.ndjson
	tail -n +201 events.ndjson >tuesday.ndjson
	try aggregate EXAMPLES 3
	weir aggregate -g .page count 'distinct(.user)' events.ndjson >whole
	assert_lines whole
	printf 'a\tx\t1\na\ty\t2.5\nb\tx\t\n' >measures.tsv
	try aggregate EXAMPLES 4
	assert_success
	assert_output $'$1\tcount\tmean_$3\na\t2\t1.75\nb\t1\t'
}

@test "aggregate: rows of a topic" {
	topic=$(new_topic 3)
	for p in 0 1 2; do
		events 600 | jq -c "select(.id % 3 == $p)" | weir produce -p "$p" "$topic"
	done
	try aggregate DESCRIPTION 3
	assert_status 0
	weir lake-cat lake >rows
	assert_equal "$(jq -s 'map(.count) | add' rows)" 539 # those of the last minute are in the state
	assert_equal "$(jq -sc 'map(.page) | unique' rows)" '["/0","/1","/2","/3","/4"]'
	test -e state
	group=$(unique_group)
	try aggregate EXAMPLES 1 "$on_terminal"
	assert_status 0
	assert_equal "$(jq -s 'map(.count) | add' seen)" 600
	jq -c '[.users, (.top_page | length)]' seen | grep -qx '\[13,3\]'
}

@test "clean: events by rules, and orders once" {
	example_file clean DESCRIPTION 2 >clicks.rules
	echo 0123456789abcdef0123456789abcdef >hmac.key
	{
		events 99 | jq -c '.user = " U1 " | .ip = "10.0.0.1" | .session = "s"'
		echo '{"user":"","action":"buy"}'
	} | fill
	try clean DESCRIPTION 1
	assert_status 1
	weir lake-cat lake/clicks >rows
	assert_equal "$(jq -c '[.user, .session, (.ip | length > 20)]' rows | sort | uniq -c | sed 's/^ *//')" '99 ["u1",null,true]'
	assert_equal "$(wc -l <rejects.json)" 1
	group=$(unique_group) topic=$(unique_topic)
	events 99 | jq -c '.order = .id' >orders
	cat orders orders | fill 4
	try clean EXAMPLES 1
	assert_status 1 # 99 are rejected
	head -n 1 orders | weir produce "$topic" # the state contains it
	try clean EXAMPLES 1
	assert_status 1
	assert_stderr_contains '1 of 1 record (100 %) was rejected'
	assert_equal "$(weir lake-cat lake/orders | jq .order | sort -n)" "$(seq 99)"
}

@test "consume: to a terminal, from an hour ago, into a lake, many topics" {
	topic=$(new_topic)
	jq -cn 'range(4) | {key: "k\(.)", value: "be k\(.)", timestamp: ((now - (3 - .) * 1500) * 1000 | floor)}' |
		weir produce --format json --keep timestamp "$topic"
	try consume DESCRIPTION 1
	assert_status 0
	assert_output $'4\tbe\n1\tk0\n1\tk1\n1\tk2\n1\tk3'
	try consume DESCRIPTION 2
	assert_status 0
	assert_output $'k1\tbe k1\nk2\tbe k2\nk3\tbe k3'
	try consume EXAMPLES 1 's/-p 3 --from 1234567/-p 0 --from 1/'
	assert_status 0
	assert_equal "$(jq -c '[.topic, .offset, .key, .value]' <<<"$output")" "[\"$topic\",1,\"k1\",\"be k1\"]"
	try consume DESCRIPTION 3
	assert_status 0
	assert_equal "$(weir lake-cat lake/words | sort | uniq -c | sed 's/^ *//' | tr '\n' ,)" '4 be,1 k0,1 k1,1 k2,1 k3,'
	group=$(unique_group)
	try consume EXAMPLES 2 "s/logs\\\\\\./$topic/"
	assert_status 0
	assert_files_equal <(gzip -dc logs.gz) <(printf 'be k%d\n' 0 1 2 3)
	assert_equal "$(group_committed "$topic")" 4
	topic=$(new_topic)
	printf '{"amount": %s}\n' 99 100 101 | weir produce "$topic"
	try consume 'VALUES THAT ARE JSON' 1 's/consume/consume --to end/'
	assert_status 0
	assert_output '{"amount":101}'
}

@test "detect: what is unusual in files, and in a topic" {
	awk 'BEGIN { for (i = 0; i < 120; i++) printf "{\"device\":\"d7\",\"celsius\":%.1f}\n", 20 + i % 7 / 10
		print "{\"device\":\"d7\",\"celsius\":81.5}" }' >readings.ndjson
	try detect DESCRIPTION 1
	assert_success
	assert_equal "$(jq -c '[paths]' <<<"$output")" "$(example detect DESCRIPTION 2 | jq -c '[paths]')" # what it prints
	assert_equal "$(jq -c '[.device, .celsius, .detect.rule, .detect.n]' <<<"$output")" '["d7",81.5,"zscore 4",120]'
	jq -cn 'range(9) | {card: "c", country: (if . == 7 then "FR" else "DE" end), ts: (1774620000 + . | todate), id: .}' >payments.ndjson
	try detect DESCRIPTION 3
	assert_success
	assert_equal "$(jq .id <<<"$output")" 5
	try detect DESCRIPTION 4
	assert_success
	assert_equal "$(jq -r .country <<<"$output")" FR
	awk 'BEGIN { for (i = 0; i < 99; i++) print "/a\t200\t" 10 + i % 5; print "/a\t200\t900" }' >times.tsv
	try detect EXAMPLES 1
	assert_success
	[[ $output == $'/a\t200\t900\t'* ]]
	kadmin create "$topic" 2
	for part in 'head -n 120' 'tail -n 1'; do # a batch is judged by those before it
		$part readings.ndjson | weir produce -p 1 "$topic"
		try detect EXAMPLES 2
		assert_status 0
	done
	assert_equal "$(weir lake-cat alarms | jq .celsius)" 81.5
}

@test "each: a command for each batch" {
	seq 20 | fill
	try each DESCRIPTION 1 "$on_terminal"
	assert_status 0
	assert_files_equal seen <(seq 20 | sort | head -n 10 | sed 's/^/1\t/')
	group=$(unique_group)
	printf '%s\n' 'an ERROR' good | weir produce "$topic"
	try each EXAMPLES 1
	assert_status 0
	assert_equal "$(weir lake-cat lake/errors)" 'an ERROR'
}

@test "filter: of files and of a topic" {
	events 600 >events.ndjson
	try filter DESCRIPTION 1
	jq -r 'select(.action == "buy" and .amount > 100) | [.user, .amount] | @tsv' events.ndjson >wanted
	assert_lines wanted
	fill <events.ndjson
	try filter DESCRIPTION 2
	assert_status 0
	assert_files_equal <(weir lake-cat lake) <(grep '"buy"' events.ndjson)
	{
		yes often | head -n 100
		echo seldom
	} >book.txt
	try filter DESCRIPTION 3
	assert_success
	assert_output $'100\toften'
	printf '%s\n' name,country Anne,FR Bob,UK Dora,DE >customers.csv
	try filter EXAMPLES 1
	assert_success
	assert_output $'name\nAnne\nDora'
}

@test "map: totals, days, orders with products, and an access log" {
	echo '{"price":2.5,"qty":4,"internal":1}' >events.ndjson
	try map DESCRIPTION 1
	assert_success
	assert_output '{"price":2.5,"qty":4,"total":10.0}'
	printf 'ts,amount\n2026-07-01T22:30Z,5\n2026-07-02T10:00Z,2.5\n2026-07-01T10:00Z,1\n' >sales.csv
	try map EXAMPLES 1
	assert_success
	assert_output $'{"day":"2026-07-01","sum_amount":1}\n{"day":"2026-07-02","sum_amount":7.5}'
	printf 'sku,name,price\na,Apple,1.50\n' >products.csv
	echo '{"order":7,"items":[{"sku":"a","qty":2},{"sku":"x","qty":1}]}' >orders.ndjson
	try map EXAMPLES 2
	assert_success
	assert_output '{"order":7,"product":{"name":"Apple"},"total":3.0}'
	echo '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" 200 2326' >access.log
	try map EXAMPLES 3
	assert_success
	assert_equal "$(jq -c '[.host, .path, .status]' <<<"$output")" '["127.0.0.1","/",200]'
}

@test "meter: the figures of files and of a pipeline" {
	seq 100 >book.txt
	try meter DESCRIPTION 1
	assert_status 0
	assert_files_equal tokens book.txt
	assert_stderr_contains tokens
	printf 'a b\nc d\n' | fill
	try meter EXAMPLES 1
	assert_status 0
	assert_equal "$(weir lake-cat lake/words | tr '\n' ' ')" 'a b c d '
	grep -qE '^weir_.*read.* 2$' metrics/read.prom
	grep -qE '^weir_.*split.* 4$' metrics/split.prom
}

@test "split and wordcount: of texts, of a log, of a topic" {
	printf 'To be, or not to be.\n' | tee a.txt >book.txt
	try split DESCRIPTION 1
	assert_success
	assert_output $'2\tbe\n2\tto\n1\tnot\n1\tor'
	try wordcount DESCRIPTION 1
	assert_success
	assert_output $'4\tbe\n4\tto\n2\tnot\n2\tor'
	try split DESCRIPTION 2
	tr : '\n' <<<"$PATH" | grep . >wanted
	assert_lines wanted
	printf '%s\n' '- - - [d z] "GET /a x"' '- - - [d z] "GET /b x"' '- - - [d z] "GET /a x"' >access.log
	try wordcount DESCRIPTION 2
	assert_success
	assert_output $'2\t/a\n1\t/b'
	mkdir names
	touch $'names/with\nnewline'
	try split EXAMPLES 1 's/find \./find names/'
	assert_output_contains names
	fill <a.txt
	try wordcount EXAMPLES 1
	assert_status 0
	assert_output_contains $'1\tbe,'
	try weir EXAMPLES 1
	assert_status 0
	assert_output_contains $'1\tbe,'
	try weir EXAMPLES 2 '$a wordcount a.txt'
	assert_success
	assert_output_contains $'1\tbe,'
}

# --- databases -------------------------------------------------------------------------------------

@test "db-put: a topic, a file, the newest of each key" {
	seq 5 | jq -c '{user: "u\(. % 2)", n: .}' | fill 2
	for _ in 1 2; do # the second time there is nothing new
		try db-put DESCRIPTION 1
		assert_status 0
		assert_equal "$(sqlite3 clicks.db 'SELECT user, sum(n) FROM clicks GROUP BY user')" $'u0|6\nu1|9'
	done
	rm clicks.db*
	try db-put EXAMPLES 1
	assert_output $'ada|1\nbob|2'
	try db-put EXAMPLES 2
	assert_output 'ada|5'
}

@test "db-put: changes of another table, and tombstones" {
	sqlite3 copy.db 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)'
	printf '%s\n' '{"before":null,"after":{"id":1,"name":"ada"},"op":"r"}' '{"before":null,"after":{"id":2,"name":"bob"},"op":"c"}' \
		'{"before":null,"after":{"id":1,"name":"eve"},"op":"u"}' '{"before":{"id":2},"after":null,"op":"d"}' '' | fill
	for _ in 1 2; do
		try db-put CHANGES 1
		assert_status 0
		assert_equal "$(sqlite3 copy.db 'SELECT * FROM users')" '1|eve'
	done
	sqlite3 state.db 'CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)' "INSERT INTO users VALUES (3, 'old')"
	topic=$(new_topic)
	kput "$topic" 0 'key={"id":1}' '={"id":1,"name":"ada"}' key=3 null 'key={"id":2}' '={"id":2,"name":"bob"}' 'key={"id":1}' null
	try db-put CHANGES 2
	assert_status 0
	assert_equal "$(sqlite3 state.db 'SELECT * FROM users')" '2|bob'
}

# --- lakes -----------------------------------------------------------------------------------------

@test "lake-put and lake-cat: a topic, a group, a file" {
	events 100 | tee in | fill 2
	try lake-put DESCRIPTION 1
	assert_status 0
	try lake-put EXAMPLES 2
	assert_success
	cat in in | sort >wanted # by each of the two lines once
	assert_files_equal <(sort <<<"$output") wanted
	rm -r lake/clicks
	for _ in 1 2; do # the second time there is nothing new
		try lake-put DESCRIPTION 2
		assert_status 0
		assert_files_equal <(weir lake-cat --where dt=2026-03-27 lake/clicks | sort) <(sort in)
	done
	printf '2025-07-0%d 00:00:02 configure jq:amd64 1.6-2.1 <none>\n' 1 2 2 >var/log/dpkg.log.1
	for _ in 1 2; do
		try lake-put DESCRIPTION 3
		assert_status 0
		assert_files_equal <(weir lake-cat --where dt=2025-07-02 lake/dpkg) <(tail -n 2 var/log/dpkg.log.1)
	done
	try lake-put EXAMPLES 1
	assert_status 0
	assert_files_equal <(cat lake/t/dt=2*/part-*.zst | zstdcat | sort) <(sort in)
	printf '{"region":"%s","ts":"2026-11-2%dT10:00:00Z"}\n' eu 2 us 2 eu 3 >events.ndjson
	try lake-put EXAMPLES 3
	assert_status 0
	assert_files_equal <(cd lake/lines && zstdcat region=eu/dt=2026-11-2?/part-*) <(grep eu events.ndjson)
	assert_equal "$(printf '%s\n' lake/events/region=*/ts_day=*)" "$(printf 'lake/events/%s\n' region=eu/ts_day=2026-11-22 \
		region=eu/ts_day=2026-11-23 region=us/ts_day=2026-11-22)"
	try lake-cat DESCRIPTION 1 's/2026-11-22/2026-03-27/'
	assert_success
	assert_output 100
	try lake-cat VERSIONS 1 's/--follow//'
	assert_status 0
	assert_files_equal <(weir lake-cat lake/buys | sort) <(weir lake-cat lake/clicks | grep '"buy"' | sort)
	start_bg news bash -c "$(example lake-cat EXAMPLES 2)"
	try lake-cat EXAMPLES 3
	assert_success
	assert_files_equal <(zcat new.gz) <(weir lake-cat lake/clicks)
	stop_bg news
	assert_status 0
	try lake-cat EXAMPLES 1
	assert_success
	assert_equal "$(awk -v "topic=$topic" '$1 == topic { n += $3 } END { print n, NR }' <<<"$output")" '100 2'
	jq -cn '("2026-11-22", "2026-11-23") as $day | (50, 150) as $n | {user: "u", amount: $n, day: $day}' |
		weir lake-put --table delta --partition-by day lake/orders
	try lake-cat EXAMPLES 4
	assert_success
	assert_output '{"user":"u","amount":150}'
	try lake-cat EXAMPLES 5
	assert_success
	assert_equal "$(head -n 1 clicks.csv)" ts,user,action
	assert_equal "$(tail -n +2 clicks.csv)" "$(weir lake-cat lake/clicks | jq -r '[.ts, .user, .action] | join(",")')"
	try lake-cat EXAMPLES 6 's/-1d/-0s/'
	assert_success
	assert_output 100
}

@test "lake-check: a table that is whole, and one that is not; positions, groups and the newest commit" {
	printf '%s\n' '#!/bin/sh' 'echo "$*" >mailed' 'exec cat >>mailed' >bin/mail
	chmod +x bin/mail
	seq 100 | fill 4
	for _ in 1 2; do
		weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake/clicks
		seq 101 200 | weir produce -p 3 "$topic"
	done
	try lake-check DESCRIPTION 1
	assert_status 0
	test ! -e mailed
	try lake-check EXAMPLES 2
	assert_success
	assert_equal "$(awk '{ n += $3 } END { print n, NR, $4 }' <<<"$output")" "200 4 $group"
	try lake-check DESCRIPTION 2 "s/clicks:3=120000/$topic:3=120/"
	assert_status 0
	try lake-check EXAMPLES 2
	assert_equal "$(awk '$2 == 3 { print $3 }' <<<"$output")" 120
	try lake-check DESCRIPTION 3 "s/clicks-test clicks/$group clicks/"
	assert_status 0
	try lake-check EXAMPLES 2
	assert_equal "$(cut -f 4 <<<"$output" | sort -u)" clicks
	find lake/clicks -name 'part-*' | sort >before
	seq 3 | weir lake-put lake/clicks
	rm "$(find lake/clicks -name 'part-*' | sort | comm -13 before -)"
	try lake-check DESCRIPTION 1
	assert_equal "$(head -n 1 mailed)" '-s lake ops'
	grep -q missing mailed
	try lake-check EXAMPLES 1
	assert_status 0
	try lake-check DESCRIPTION 1
	assert_status 0
}

# --- brokers ---------------------------------------------------------------------------------------

@test "produce: a log that grows, keys, copies" {
	topic=$(new_topic)
	seq 3 >var/log/syslog
	start_bg syslog bash -c "$(example produce DESCRIPTION 1 "s/ syslog$/ $topic/")"
	wait_for 30 eval '[ "$(weir consume --to end "$topic" | wc -l)" = 3 ]'
	echo 4 >>var/log/syslog
	wait_for 30 eval '[ "$(weir consume --to end "$topic" | wc -l)" = 4 ]'
	kill "$(pgrep -P "$(<syslog.pid)" -x tail)"
	wait_bg syslog
	assert_status 0
	assert_equal "$(weir consume --to end "$topic")" "$(seq 4)"

	topic=$(new_topic 2)
	printf 'u%d\tname %d\n' 1 1 2 2 3 3 >users.tsv
	try produce DESCRIPTION 2 "s/ users / $topic /"
	assert_status 0
	assert_files_equal <(weir consume --to end -f '%k\t%s\n' "$topic" | sort) users.tsv
	copy=$(new_topic 2)
	try produce 'JSON FORMAT' 1 "s/ b$/ $copy/"
	assert_status 0
	assert_files_equal <(weir consume --to end -f '%k\t%s\n' "$copy" | sort) users.tsv
	copy=$(new_topic 2)
	try produce EXAMPLES 1 "s/timestamp t$/timestamp $copy/"
	assert_status 0
	assert_files_equal <(kcat -C -e -q -b "$WEIR_BROKERS" -f '%T %p %k %s\n' -t "$copy" | sort) \
		<(kcat -C -e -q -b "$WEIR_BROKERS" -f '%T %p %k %s\n' -t "$topic" | sort)
}

@test "produce: parts from fields, and from topic to topic" {
	local clicks
	clicks=$(new_topic 2) copy=$(new_topic 2)
	events 60 | jq -c '.time = .ts' | tee clicks.json | fill 3
	try produce DESCRIPTION 3 "s/ clicks clicks/ $clicks clicks/"
	assert_status 0
	assert_files_equal <(kcat -C -e -q -b "$WEIR_BROKERS" -f '%T %k %s\n' -t "$clicks" | sort) \
		<(jq -r '"\(.ms + 1774620000)000 \(.user) \(tojson)"' clicks.json | sort)
	for _ in 1 2; do
		try produce 'TOPIC TO TOPIC' 1 "s/ buys$/ $copy/"
		assert_status 0
	done
	assert_files_equal <(weir consume --to end "$copy" | sort) <(jq -c 'select(.action == "buy")' clicks.json | sort)
}

@test "mock-broker: an address of one's own choice, and a script" {
	port=$(python3 -c 'import random
import socket
while True:
    port = random.randrange(10000, 30000)
    try:
        with socket.socket() as s:
            s.bind(("127.0.0.1", port))
        break
    except OSError:
        pass
print(port)')
	local text
	text=$(example mock-broker DESCRIPTION 1 "s/9092/$port/")
	run_sh "$text"'
		trap "kill $!" EXIT
		seq 10 | weir produce words && weir consume --to end words'
	assert_status 0
	assert_equal "$(grep -v : <<<"$output" | sort -n)" "$(seq 10)"
	assert_equal "$(grep : <<<"$output")" "127.0.0.1:$port"
	topic=words # its broker has no other topic
	try mock-broker EXAMPLES 1
	assert_status 0
	assert_output 1000
}

@test "run: with an option, from a file, with a health file" {
	printf 'to be\n' | fill
	try run DESCRIPTION 1
	assert_status 0
	assert_equal "$(weir lake-cat lake/words | tr '\n' ' ')" 'to be '
	echo 'seq 3 >ran' | tee etc/weir/words >etc/weir/nightly
	try run EXAMPLES 1
	assert_status 0
	assert_files_equal ran <(seq 3)
	assert_equal "$(jq -r .state run/words.json)" ended
	rm ran
	try run EXAMPLES 4
	assert_status 0
	assert_files_equal ran <(seq 3)
	echo 'weir filter ".a >" in' >etc/weir/words
	try run EXAMPLES 5
	assert_status 2
	assert_output_contains 'etc/weir/words:1: weir filter: '
	printf '%s\n' 'touch running' 'sleep 60' >etc/weir/words
	start_bg run bash -c "$(example run DESCRIPTION 2)"
	wait_for 30 test -e running
	try run DESCRIPTION 2
	assert_status 75
	stop_bg run
	assert_status 0
	start_bg run bash -c "$(example run EXAMPLES 6 's/:9100/0/')"
	wait_for 30 grep -q 'metrics are at port' "$BATS_TEST_TMPDIR/run.err"
	curl -fsS "http://127.0.0.1:$(sed -n 's/.*metrics are at port //p' "$BATS_TEST_TMPDIR/run.err")/metrics" | grep -q '^weir_run_state{state="running"} 1$'
	stop_bg run
	assert_status 0
}

@test "config: where the brokers are, and how often to commit" {
	printf 'bootstrap.servers = usual:1\n[prod:kafka]\nbootstrap.servers = other:1\n[lake-put]\ncommit-every = 10s\n' >conf
	export WEIR_CONFIG=$PWD/conf
	unset WEIR_BROKERS
	try config EXAMPLES 1
	assert_status 0
	assert_equal "$(tr -s ' ' <<<"$output" | cut -d ' ' -f 1-3)" "section key value
kafka bootstrap.servers other:1
lake-put commit-every 10s"
}

@test "topics and lag: all of a cluster" {
	start_kafka
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	kadmin create "$topic" 2
	seq 20 | weir produce -p 0 "$topic"
	kadmin create other 1
	weir consume -g "$group" -n 5 --to end "$topic" >/dev/null
	weir consume -g all --to end "$topic" >/dev/null
	try topics DESCRIPTION 1
	assert_status 0
	assert_equal "$(awk 'NR > 1 { print $1 }' <<<"$output" | grep -v ^__ | sort | uniq -c | sed 's/^ *//')" \
		$'1 other\n'"2 $topic"
	try topics DESCRIPTION 2
	assert_status 0
	assert_equal "$(grep -v ^__ <<<"$output")" $'other\n'"$topic"
	try topics EXAMPLES 1
	assert_status 0
	assert_output ''
	try topics EXAMPLES 1 "s/json |/json | jq -c '.in_sync = []' |/"
	assert_status 0
	assert_equal "$(jq -r .topic <<<"$output" | grep -cx "$topic")" 2
	try lag DESCRIPTION 1
	assert_status 0
	assert_output_contains "$group"
	try lag DESCRIPTION 2
	assert_status 0
	assert_equal "$(jq -c '[.group, .lag]' <<<"$output" | head -n 1)" "[\"$group\",15]"
	assert_equal "$(jq -s length <<<"$output")" 4 # all partitions with a lag, even zero
	try lag EXAMPLES 2
	assert_status 0
	grep -qE "lag.*\"$group\".* 15\$" var/lib/node_exporter/lag.prom
}

@test "weir-lake-compact(1): rows of the same user next to each other" {
	for n in 1 2 3; do
		printf '{"ts":%d,"user":"%s"}\n' "$n" b "$n" a >in
		weir lake-put --table delta lake/clicks in
	done
	try lake-compact EXAMPLES 3
	assert_status 0
	assert_equal "$(weir lake-cat lake/clicks | jq -r '"\(.user)\(.ts)"' | paste -sd ' ')" 'a1 a2 a3 b1 b2 b3'
}

@test "weir-lake-compact(1): every night, what would be done, and a year in large files" {
	for day in 1 2 3; do
		printf '{"ts":"%s","n":%d}\n' "$(date -u -d "$((day * 200 - 200)) days ago" +%FT%TZ)" $day >in
		weir lake-put --partition-by dt=%F --time .ts lake/clicks in
		weir lake-put --partition-by dt=%F --time .ts lake/clicks in
	done
	try lake-compact EXAMPLES 1
	assert_status 0
	assert_output_contains 'would put 6 files together in 3'
	try lake-compact DESCRIPTION 1
	assert_status 0
	assert_equal "$(find lake/clicks -name 'part-*' | wc -l)" 3
	try lake-compact EXAMPLES 2
	assert_status 0
	assert_equal "$(weir lake-cat lake/clicks | jq .n | sort | paste -sd ' ')" '1 1 2 2'
}

@test "every example of section 1 is run here, or by the file that is named here" {
	local program heading number file
	blocks_list >listed
	[ "$(wc -l <listed)" -ge 72 ]
	# the pages have no others (.Dl below .Dl is the same block), and what is not indented, as data is, has no command
	for page in "$WEIR_ROOT"/man/*.1; do
		awk -v page="${page##*/}" '/^\.Bd -literal -offset/ || (/^\.Dl/ && last !~ /^\.Dl/) { n++ } !/^\.Pp/ { last = $0 }
			/^\.Bd/ { data = !/-offset/ } /^\.Ed/ { data = 0 } data && /weir / { n++ }
			END { print n " " page }' "$page"
	done >counted
	while read -r number page; do
		program=${page%.1}
		assert_equal "$page $(grep -c "^${program#weir-}	" listed)" "$page $number"
	done <counted
	{
		blocks_run
		while IFS=, read -r program heading number file; do
			grep -q "$(manual "$program")" "$WEIR_ROOT/tests/cli/$file"
			printf '%s\t%s\t%s\n' "$program" "$heading" "$number"
		done <<-END
			lag,EXAMPLES,1,guarantees.bats
			run,EXAMPLES,2,run.bats
			run,EXAMPLES,3,guarantees.bats
		END
	} | sort -u >found
	assert_files_equal found <(sort listed)
}
