# weir produce: parts of records out of fields of lines, partitions, tombstones; kcat and kafka-python are the witnesses.
# bats file_tags=server
# shellcheck disable=SC2154,SC2030,SC2031 # the helpers set the variables; each test has a shell of its own
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group

setup() {
	group_setup
	topic=$(new_topic)
}

# What is in a topic, by kcat, sorted: key, value, their lengths (-1: null), headers.
parts() { # parts TOPIC [KCAT-OPTION...]
	kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t "$1" -f '%K:%k|%S:%s|%h\n' "${@:2}"
}

# The partition and the key of every record, by kcat, sorted.
spread() { # spread TOPIC
	kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t "$1" -f '%p %k\n' | sort
}

# The partitions that kafka-python's hash, which is that of Kafka's own clients, gives the keys of standard input.
by_python() { # by_python PARTITIONS
	python3 -c 'import sys
from kafka.partitioner.default import murmur2
for line in sys.stdin.buffer.read().splitlines():
    print((murmur2(line) & 0x7FFFFFFF) % int(sys.argv[1]), line.decode())' "$1" | sort
}

@test "produce: partitions are those of Kafka's own clients, or with --partitioner crc32 those of kcat" {
	topic=$(new_topic 7) other=$(new_topic 7) kcats=$(new_topic 7)
	seq 500 | sed 's/.*/key-&-ä/' >keys
	sed 's/$/:v/' keys >in
	weir produce -K : "$topic" in
	assert_files_equal <(spread "$topic") <(by_python 7 <keys)
	weir produce -K : --partitioner crc32 "$other" in
	kcat -P -b "$WEIR_BROKERS" -t "$kcats" -K : <in
	assert_files_equal <(spread "$other") <(spread "$kcats")
}

@test "produce --partitioner FIELD: the field is hashed as a key is; records without one go anywhere" {
	topic=$(new_topic 5)
	seq 300 | sed 's/.*/{"user":"u&","other":&}/' >in
	weir produce --key-from .user --partitioner .user "$topic" in
	assert_files_equal <(spread "$topic") <(jq -r .user in | by_python 5)
	other=$(new_topic 5)
	weir produce --key-from .other --partitioner .user "$other" in
	assert_files_equal <(spread "$other" | sed 's/ / u/') <(spread "$topic")
	run_sh "echo '{\"a\":1}' | weir produce --partitioner .user $other"
	assert_success
	run_sh "weir consume --to end $other | wc -l"
	assert_output 301
}

@test "produce --partitioner random: one key, several partitions, as with --key and no partitioner it is one" {
	topic=$(new_topic 4) one=$(new_topic 4)
	for _ in 1 2 3 4 5 6 7 8 9 10; do seq 30; done >in
	weir produce -k same --partitioner random -X sticky.partitioning.linger.ms=0 "$topic" in
	[ "$(spread "$topic" | sort -u | wc -l)" -gt 1 ] || fail 'one partition'
	weir produce -k same "$one" in
	assert_equal "$(spread "$one" | sort -u | wc -l)" 1
}

@test "produce --key-from: JSON: strings without quotes, all else as it is written, null and missing are no key" {
	printf '%s\n' '{"k":"a\u00e4\"","v":1}' '{"k":1.50}' '{"k":{"a": [1]}}' '{"k":null}' '{}' '{"k":""}' '{"k":true}' >in
	weir produce --key-from .k "$topic" in
	run_logged parts "$topic"
	assert_output '4:aä"|23:{"k":"a\u00e4\"","v":1}|
4:1.50|10:{"k":1.50}|
10:{"a": [1]}|16:{"k":{"a": [1]}}|
-1:|10:{"k":null}|
-1:|2:{}|
0:|8:{"k":""}|
4:true|10:{"k":true}|'
}

@test "produce: value, headers and time from fields; null values are tombstones" {
	printf '%s\n' '{"u":"a","p":{"x": 1},"t":"2024-05-01T00:00:00.123Z","h":"one"}' \
		'{"u":"b","p":null,"t":1700000000,"h":null}' '{"u":"c","t":1700000000456,"n":5}' >in
	weir produce -H fixed=1 --key-from .u --value-from .p --header-from h=.h --header-from n=.n --timestamp-from .t "$topic" in
	run_logged parts "$topic"
	assert_output '1:a|8:{"x": 1}|fixed=1,h=one
1:b|-1:|fixed=1
1:c|-1:|fixed=1,n=5'
	run_sh "weir consume --to end --format json $topic | jq .timestamp"
	assert_output '1714521600123
1700000000000
1700000000456'
}

@test "produce: TSV and CSV: columns by number and by name, quotes, a line feed in a field" {
	printf 'a\tx\nb\t\n' | weir produce --key-from '$1' --value-from '$2' --tombstone '' "$topic"
	printf 'user,text\nc,"1,2\n3"\n"d ""e""",plain\n' | weir produce --header-line --key-from .user "$topic"
	printf 'f;g\n' | weir produce --delimiter ';' --key-from '$2' --header-from 'col=$1' "$topic"
	run_logged parts "$topic"
	assert_output '1:a|1:x|
1:b|-1:|
1:c|9:c,"1,2
3"|
5:d "e"|15:"d ""e""",plain|
1:g|3:f;g|col=f'
}

@test "produce --tombstone: with -K, and no other value" {
	printf 'a:\nb:NULL\nc:NULLx\nNULL\n' >in
	weir produce -K : --tombstone NULL "$topic" in
	run_logged parts "$topic"
	assert_output '1:a|0:|
1:b|-1:|
1:c|5:NULLx|
-1:|-1:|'
}

@test "produce: lines that cannot be read, or have no time: 65 with the place, or --rejects" {
	printf '%s\n' '{"k":1}' '{"k":' '{"k":3,"t":"noon"}' '{"k":4,"t":0}' '{"k":5,"t":""}' >in
	run_weir produce --key-from .k --timestamp-from .t "$topic" in
	assert_status 65
	assert_stderr_contains 'weir produce: record 2 of in: byte 6: '
	assert_stderr_contains 'nothing from there on is sent'
	other=$(new_topic)
	run_weir produce --key-from .k --timestamp-from .t --rejects aside "$other" in
	assert_status 1
	assert_stderr_contains "3 of 5 records (60 %) were rejected and are in 'aside'"
	assert_equal "$(parts "$other" | cut -d'|' -f 1 | paste -sd' ')" '1:1 1:5'
	assert_equal "$(jq -r .reason aside | sed -n 2,3p)" 'the field of --timestamp-from is not a time
the timestamps 0 and -1 mean the current time and none, so this time cannot be kept'
}

@test "produce: fields in a marked stream, exactly once" {
	source=$(new_topic 3)
	seq 90 | sed 's/.*/{"u":"u&","v":"&"}/' | weir produce "$source"
	printf '{"u":"gone","v":null}\nno json\n' | weir produce "$source"
	for _ in 1 2; do
		run_sh "weir consume -g $group --batch 1h,10 --to end $source |
			weir produce --key-from .u --value-from .v --header-from v=.v --rejects drop $topic; echo \"\${PIPESTATUS[*]}\""
	done
	assert_equal "$(parts "$topic" | grep -c '^')" 91
	assert_files_equal <(parts "$topic" | sort) <({
		seq 90 | awk '{ print length("u" $1) ":u" $1 "|" length($1) ":" $1 "|v=" $1 }'
		echo '4:gone|-1:|'
	} | sort)
}

@test "produce: fields, wrong options" {
	for options in '--key-from user' '--key-from .a -k x' '--key-from .a -K :' '--value-from .a -K :' '--header-from x' \
		'--header-from =.a' '--partitioner best' '--partitioner murmur2 -p 0' '--input json' '--header-line' \
		'--format json --key-from .a' '--format json --tombstone x' '--key-from .a --input csv' '--key-from $1 --input json'; do
		# shellcheck disable=SC2086 # several words
		run_weir produce $options "$topic" </dev/null
		assert_status 2
	done
	assert_equal "$(parts "$topic")" ''
}

# --- dead letters ----------------------------------------------------------------------------------

# The dead letters, by kcat: value and headers.
letters() { # letters TOPIC
	kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t "$1" -f '%s|%h\n'
}

@test "produce --dead-letter: bad records go to another topic, with the reason, and the others are sent" {
	dead=$(new_topic)
	printf '%s\n' '{"k":1}' no '{"k":3}' '{"k":' '{"k":5}' >in
	run_weir produce --key-from .k --dead-letter "$dead" "$topic" in
	assert_status 1
	assert_stderr "weir produce: 2 of 5 records (40 %) were rejected and go to the topic '$dead'"
	assert_equal "$(parts "$topic" | cut -d'|' -f 1 | paste -sd' ')" '1:1 1:3 1:5'
	run_logged letters "$dead"
	assert_output "no|weir.reason=byte 1: this is not a JSON value,weir.topic=$topic,weir.input=in,weir.record=2
{\"k\":|weir.reason=byte 6: a value was expected,weir.topic=$topic,weir.input=in,weir.record=4"
	run_weir produce --key-from .k --dead-letter "$dead" --max-rejects 1 "$topic" in
	assert_status 65
}

@test "produce --dead-letter: what the topic does not allow: no key for a compacted one, too large" {
	dead=$(new_topic) compacted=$(new_topic 1 cleanup.policy=compact) small=$(new_topic 1 max.message.bytes=1000)
	printf 'a:1\nnone\nb:2\n' >some
	run_weir produce -K : --dead-letter "$dead" "$compacted" some
	assert_status 1
	for n in 900 921 922 923 924 925 926 927 928 929 930 931 932 950; do printf '%0*d\n' "$n" "$n"; done >in
	run_weir produce --dead-letter "$dead" "$small" in
	assert_status 1
	weir consume --to end "$small" >whole
	{
		echo none
		cat in
	} >all
	assert_files_equal <(weir consume --to end "$dead" | cat - whole | sort) <(sort all)
	[ "$(grep -c '' whole)" -gt 1 ] || fail 'too few were sent'
	# it was exact: the largest that was sent is all that the broker takes
	largest=$(tail -n 1 whole)
	kcat -P -b "$WEIR_BROKERS" -t "$small" <<<"$largest"
	run_sh "printf '%s0\\n' $largest | kcat -P -b $WEIR_BROKERS -t $small"
	[ "$status" -ne 0 ] || fail 'the broker takes more'
}

@test "produce --dead-letter: what the topic does not allow: a time too far away, a partition that it does not have" {
	dead=$(new_topic) near=$(new_topic 1 message.timestamp.before.max.ms=3600000 message.timestamp.after.max.ms=3600000)
	now=$(date +%s)
	for t in 1970-01-02T00:00:00Z "$((now - 4000))" "$((now - 3000))" "$now" "$((now + 3000))" "$((now + 4000))" 2999-01-01T00:00:00Z; do
		printf '{"t":"%s"}\n' "$t"
	done >in
	run_weir produce --timestamp-from .t "$near" <<<'{"t":5}' # it is the broker who refuses
	assert_status 65
	run_weir produce --timestamp-from .t --dead-letter "$dead" "$near" in
	assert_status 1
	assert_files_equal <(weir consume --to end "$near") <(sed -n 3,5p in)
	assert_files_equal <(weir consume --to end "$dead") <(sed 3,5d in)
	run_sh "kcat -C -e -q -c 1 -b $WEIR_BROKERS -t $dead -f '%h'"
	assert_output_contains 'weir.reason=its time is further from now than the topic allows'
	printf '{"partition":%d,"value":"%d"}\n' 0 0 1 1 2 2 >in
	run_weir produce --format json --keep partition --rejects bad "$(new_topic 2)" in
	assert_status 1
	assert_equal "$(jq -c '[.reason, .data]' bad)" '["the topic has no such partition","{\"partition\":2,\"value\":\"2\"}"]'
	stamped=$(new_topic 1 message.timestamp.before.max.ms=1000 message.timestamp.type=LogAppendTime)
	run_weir produce --timestamp-from .t --rejects drop "$stamped" <<<'{"t":5}'
	assert_success
}

@test "produce --dead-letter: in a marked stream it is in the transaction, exactly once" {
	dead=$(new_topic) source=$(new_topic 2)
	seq 40 | sed 's/.*/{"k":&}/; s/.*5}$/bad &/' | weir produce -X partitioner=random "$source"
	for _ in 1 2; do
		run_sh "weir consume -g $group --batch 1h,7 --to end $source |
			weir produce --key-from .k --dead-letter $dead $topic; echo \"\${PIPESTATUS[*]}\""
	done
	assert_output '0 0'
	assert_equal "$(python3 "$BATS_TEST_DIRNAME/../lib/committed.py" "$WEIR_BROKERS" "$topic" | wc -l)" 36
	assert_files_equal <(python3 "$BATS_TEST_DIRNAME/../lib/committed.py" "$WEIR_BROKERS" "$dead" | sort) \
		<(printf 'bad {"k":%d}\n' 5 15 25 35 | sort)
}

@test "produce --dead-letter: wrong topics" {
	run_weir produce --dead-letter "$topic" "$topic" </dev/null
	assert_status 2
	run_weir produce --dead-letter other --rejects drop "$topic" </dev/null
	assert_status 2
	run_weir produce --dead-letter 'no topic' "$topic" </dev/null
	assert_status 78
	run_weir produce --timeout 5s --dead-letter not-there "$topic" <<<x
	assert_status 78
	assert_stderr_contains "topic 'not-there'"
	assert_equal "$(parts "$topic")" ''
}

# --- files as records, rate ------------------------------------------------------------------------

@test "produce --format file: a record for each file, whatever it holds; - is standard input; an empty one too" {
	printf 'a\n\0b\n\n' >one
	: >empty
	printf '\x17S' >marked
	run_sh "echo three | weir produce --format file -k k -H h=1 --tombstone '' $topic one - empty"
	assert_success
	run_sh "weir produce --format file --plain $topic marked </dev/null"
	assert_success
	run_sh "weir consume --to end --format json $topic | jq -c '[.key, .value, .headers]'"
	assert_output '["k","a\n\u0000b\n\n",[["h","1"]]]
["k","three\n",[["h","1"]]]
["k",null,[["h","1"]]]
[null,"\u0017S",[]]'
}

@test "produce --format file: what cannot be read, is too long or is a marked stream" {
	printf 12345 >five
	printf '\x17S' >marked
	run_weir produce --format file "$topic" none five "$BATS_TEST_TMPDIR"
	assert_status 78
	assert_stderr "weir produce: cannot read 'none': No such file or directory
weir produce: cannot read '$BATS_TEST_TMPDIR': Is a directory"
	run_weir produce --format file --max-record 4 "$topic" five five
	assert_status 65
	assert_stderr_contains 'five is longer than 4 bytes (--max-record)'
	run_weir produce --format file "$topic" marked
	assert_status 2
	run_weir produce --format file --key-from .a "$topic" five
	assert_status 2
	run_sh "dump=\$(weir consume --to end $topic); echo \"\$dump\""
	assert_output 12345
}

@test "produce --rate: records a second" {
	local began ms
	began=$(date +%s%3N)
	seq 100 | weir produce --rate 50 "$topic"
	ms=$(($(date +%s%3N) - began))
	[ "$ms" -ge 1950 ] || fail "$ms ms"
	assert_equal "$(weir consume --to end "$topic" | wc -l)" 100
	began=$(date +%s%3N)
	seq 100 | timeout 60 weir produce --rate 1000000 "$topic"
	run_weir produce --rate 0 "$topic" </dev/null
	assert_status 2
}

@test "produce --rate: in a marked stream, each record once" {
	local began ms source
	source=$(new_topic 2)
	seq 100 | weir produce -X partitioner=random "$source"
	began=$(date +%s%3N)
	run_sh "weir consume -g $group --batch 1h,30 --to end $source | weir produce --rate 50 $topic; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	ms=$(($(date +%s%3N) - began))
	[ "$ms" -ge 1950 ] || fail "$ms ms"
	assert_files_equal <(python3 "$BATS_TEST_DIRNAME/../lib/committed.py" "$WEIR_BROKERS" "$topic" | sort -n) <(seq 100)
}

@test "produce --format file: a marked stream on standard input is refused, and its source commits nothing" {
	source=$(new_topic)
	seq 10 | weir produce "$source"
	run_sh "weir consume -g $group --batch 1s --to end $source | weir produce --format file $topic; echo \"\${PIPESTATUS[*]}\""
	assert_output '75 2'
	assert_equal "$(parts "$topic")" ''
	assert_equal "$(group_committed "$source")" 0
}

@test "produce: messages about --header-line name it" {
	run_weir produce --key-from .user --input tsv "$topic" <<<x
	assert_status 2
	assert_stderr_contains 'option --key-from: fields of TSV and CSV are $1, $2, …; names like .a need --header-line'
	run_weir produce --key-from .a.b --header-line "$topic" <<<x
	assert_status 2
	assert_stderr_contains 'with --header-line a field is one name'
	run_weir produce --key-from .a --header-line --input json "$topic" <<<x
	assert_status 2
	assert_stderr_contains '--header-line is for TSV and CSV, not for JSON'
	run_weir produce --key-from .a "$topic" <<<'a,b'
	assert_status 65
	assert_stderr_contains 'this is not JSON; CSV whose first line has names is read with --header-line'
}
