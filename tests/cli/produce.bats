# weir produce on a real Kafka, with kcat as the witness.
# bats file_tags=server
# shellcheck disable=SC2154,SC2030,SC2031 # sasl is set by the helpers; each test has a shell of its own
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
}

# What is in a topic, by kcat.
dump() { # dump TOPIC [KCAT-OPTION...]
	local topic=$1
	shift
	kcat -C -e -q -b "$WEIR_BROKERS" -X fetch.wait.max.ms=20 -t "$topic" "$@"
}

# The same with everything a record has: partition, time, key, value, lengths (-1: null), headers.
readonly everything='%p|%T|%K:%k|%S:%s|%h\n'

# --- lines -----------------------------------------------------------------------------------------

@test "produce: each line is a record, empty ones and an unterminated last one too" {
	topic=$(new_topic)
	run_sh "printf 'one\n\nthree\n\n\nlast' | weir produce $topic"
	assert_success
	assert_output ''
	run_logged dump "$topic" -f '%o %K %S [%s]\n'
	assert_output '0 -1 3 [one]
1 -1 0 []
2 -1 5 [three]
3 -1 0 []
4 -1 0 []
5 -1 4 [last]'
}

@test "produce: empty input writes nothing and succeeds" {
	topic=$(new_topic)
	run_weir produce "$topic" </dev/null
	assert_success
	assert_equal "$(dump "$topic")" ''
}

@test "produce: any byte but the delimiter is data" {
	topic=$(new_topic)
	printf 'a\0b\r\xff\xfe\x01\n\x10\x17x\n' >in
	weir produce "$topic" in
	dump "$topic" >out
	assert_files_equal out in
}

@test "produce -0: NUL ends a record, line feeds are data" {
	topic=$(new_topic)
	printf 'a\nb\0\0c' | weir produce -0 "$topic"
	run_logged dump "$topic" -f '%S [%s]\n'
	assert_output '3 [a
b]
0 []
1 [c]'
}

@test "produce: files in order, - is standard input, options may follow operands" {
	topic=$(new_topic)
	printf '1\n2' >a
	printf '4\n' >b
	run_sh "echo 3 | weir produce $topic a - b -z gzip"
	assert_success
	assert_equal "$(dump "$topic")" $'1\n2\n3\n4'
}

@test "produce: an unreadable file is named, the others are sent, the status is 78" {
	topic=$(new_topic)
	printf '1\n' >a
	run_weir produce "$topic" a none "$BATS_TEST_TMPDIR" a
	assert_status 78
	assert_stderr "weir produce: cannot open 'none': No such file or directory
weir produce: cannot read $BATS_TEST_TMPDIR: Is a directory"
	assert_equal "$(dump "$topic")" $'1\n1'
}

@test "produce: a hundred thousand records into four partitions, none lost, none doubled, each partition in order" {
	topic=$(new_topic 4)
	seq 100000 >in
	run_weir produce "$topic" in
	assert_success
	dump "$topic" | sort -n >out
	assert_files_equal out in
	for partition in 0 1 2 3; do dump "$topic" -p "$partition" | sort -nc; done
}

# --- keys, headers, partitions, codecs ---------------------------------------------------------------

@test "produce -k: one key for all, also an empty one" {
	topic=$(new_topic)
	printf '1\n2\n' | weir produce -k kä "$topic"
	echo 3 | weir produce --key '' "$topic"
	run_logged dump "$topic" -f '%K <%k> %s\n'
	assert_output '3 <kä> 1
3 <kä> 2
0 <> 3'
}

@test "produce -K: the first delimiter ends the key; a line without it has none" {
	topic=$(new_topic)
	printf 'k:v\nno\n:x\na::b\ny:\n:\n\n' | weir produce -K : "$topic"
	run_logged dump "$topic" -f '%K <%k> %S <%s>\n'
	assert_output '1 <k> 1 <v>
-1 <> 2 <no>
0 <> 1 <x>
1 <a> 2 <:b>
1 <y> 0 <>
0 <> 0 <>
-1 <> 0 <>'
}

@test "produce -K: several bytes, and escapes" {
	topic=$(new_topic)
	printf 'a=b=>c\na\tb\na\0b\n' >in
	weir produce -K '=>' "$topic" in
	weir produce -K '\t' "$topic" in
	weir produce -K '\x00' "$topic" in
	run_logged dump "$topic" -f '%K %S\n'
	assert_output '3 1
-1 3
-1 3
-1 6
1 1
-1 3
-1 6
-1 3
1 1'
}

@test "produce -K: --partitioner crc32: keys find the partitions that kcat gives them" {
	topic=$(new_topic 5) other=$(new_topic 5)
	seq 1000 | sed 's/.*/key&:value&/' >in
	weir produce -K : --partitioner crc32 "$topic" in
	kcat -P -b "$WEIR_BROKERS" -t "$other" -K : <in
	dump "$topic" -f '%p %k %s\n' | sort >out
	dump "$other" -f '%p %k %s\n' | sort >expected
	assert_files_equal out expected
}

@test "produce -H: headers of every record, in order, also of one name" {
	topic=$(new_topic)
	printf '1\n2\n' | weir produce -H a=1 -H b= -H a==2 -k k "$topic"
	run_logged dump "$topic" -f '%k %s %h\n'
	assert_output 'k 1 a=1,b=,a==2
k 2 a=1,b=,a==2'
}

@test "produce -p: all to one partition; one that is not there is 78" {
	topic=$(new_topic 3)
	seq 10 | weir produce -p 2 "$topic"
	assert_equal "$(dump "$topic" -p 2 | wc -l)" 10
	run_weir produce -p 3 "$topic" </dev/null
	assert_status 78
	assert_stderr "weir produce: topic '$topic' has no partition 3, its last one is 2"
}

@test "produce -z: every codec" {
	topic=$(new_topic)
	for codec in none gzip snappy lz4 zstd; do
		seq 1000 | weir produce -z $codec "$topic"
	done
	for _ in 1 2 3 4 5; do seq 1000; done >expected
	dump "$topic" >out
	assert_files_equal out expected
}

# --- JSON ------------------------------------------------------------------------------------------

# A topic with everything that a record can be, written by kcat.
odd_topic() { # odd_topic PARTITIONS
	local topic
	topic=$(new_topic "$1")
	local k=(kcat -P -b "$WEIR_BROKERS" -t "$topic")
	printf 'plain' | "${k[@]}"
	printf 'k1:value' | "${k[@]}" -K : -H a=1 -H a=2 -H b -H c= -H 'ä=ö'
	printf 'k2:' | "${k[@]}" -K : -Z
	printf '\xff\xfe\x00key:\x80\x81' | "${k[@]}" -K : -H $'bin=\xff\x01' -H $'\xfen=x'
	printf '"quoted\\" \x01\x1f\x7f ��😀 \xed\xa0\x80' | "${k[@]}"
	printf 'line 1\nline 2\r\n' >value
	"${k[@]}" -k file value
	head -c 300000 /dev/urandom >value
	"${k[@]}" -k random value
	yes $'text with \t and "' | head -c 300000 >value
	"${k[@]}" -k text value
	echo "$topic"
}

@test "produce --format json: a copy by consume and produce is the same record for record" {
	topic=$(odd_topic 3) copy=$(new_topic 3)
	run_sh "weir consume --to end --format json $topic | weir produce --format json --keep partition,timestamp $copy"
	assert_success
	for partition in 0 1 2; do
		dump "$topic" -p $partition -f "$everything" >expected
		dump "$copy" -p $partition -f "$everything" >out
		assert_files_equal out expected
	done
	assert_equal "$(dump "$copy" -f . | wc -c)" 8
}

@test "produce --format json: without --keep the records are the same, their times and places are new" {
	topic=$(odd_topic 1) copy=$(new_topic 1)
	run_sh "weir consume --to end --format json $topic | weir produce --format json $copy"
	assert_success
	dump "$topic" -f '%K:%k|%S:%s|%h\n' >expected
	dump "$copy" -f '%K:%k|%S:%s|%h\n' >out
	assert_files_equal out expected
	[ "$(dump "$topic" -c 1 -f %T)" -lt "$(dump "$copy" -c 1 -f %T)" ]
}

@test "produce --format json: what other writers make of it" {
	topic=$(new_topic)
	cat >in <<-'JSON'
		{"value":"v"}
		 { "other" : {"deep":[1,{"value":2}]}, "value" : null , "key" : "" }
		{"key":{"base64":""},"headers":null,"value":{"base64":""}}
		{"value":"\u0000\ud83d\ude00\/\u00e4","headers":[["\u0000",""]],"offset":null}
		{"value":"a","value":"b"}
	JSON
	run_weir produce --format json "$topic" in
	assert_success
	dump "$topic" -f '%K %S:%s\n' >out
	printf -- '-1 1:v\n0 -1:\n0 0:\n-1 8:\0😀/ä\n-1 1:b\n' >expected
	assert_files_equal out expected
}

@test "produce --format json -H: the option's headers come first" {
	topic=$(new_topic)
	echo '{"value":"v","headers":[["a","own"],["n",null]]}' | weir produce --format json -H a=fixed "$topic"
	assert_equal "$(dump "$topic" -f '%h')" 'a=fixed,a=own,n=NULL'
}

@test "produce --format json: a bad record is named, what was before it is sent, nothing after it" {
	topic=$(new_topic)
	count=0
	while IFS='|' read -r record reason; do
		printf '{"value":"before"}\n%s\n{"value":"after"}\n' "$record" >in
		run_weir produce --format json "$topic" in
		assert_status 65
		assert_stderr "weir produce: record 2 of in: $reason; nothing from there on is sent"
		count=$((count + 1))
	done <<-'BAD'
		{}|byte 3: the object has no member 'value'
		|byte 1: a value was expected
		[1]|byte 1: an object was expected
		{"value":1}|byte 10: null, a string or {"base64":"…"} was expected
		{"value":"\ud800"}|byte 10: half of a surrogate pair is in this string
		{"value":"a|byte 10: this string has no end
		{"value":{"base64":"!"}}|byte 21: this is not base64
		{"value":"a","headers":[["a"]]}|byte 25: a header, [name, value], was expected
		{"value":"x"} x|byte 15: the record has ended, but more follows
	BAD
	assert_equal "$(dump "$topic" | sort | uniq -c | tr -s ' ')" " $count before"
}

@test "produce --keep: partition and timestamp, each by itself" {
	topic=$(new_topic 2)
	echo '{"value":"v","partition":1,"timestamp":1600000000123}' >in
	weir produce --format json --keep partition "$topic" in
	weir produce --format json --keep timestamp -p 0 "$topic" in
	assert_equal "$(dump "$topic" -p 0 -f %T)" 1600000000123
	[ "$(dump "$topic" -p 1 -f %T)" -gt 1600000000123 ]
}

@test "times before 1970: consume --format json | produce --format json is a copy, with --keep also of the times" {
	topic=$(new_topic)
	copy=$(new_topic)
	for ms in -86400000 -2 -1 1 -62135596800000; do
		echo "{\"value\":\"v$ms\",\"timestamp\":$ms}"
	done | weir produce --format json --keep timestamp "$topic"
	run_weir consume --to end -f '%s %T\n' "$topic"
	assert_success
	assert_output_contains 'v-86400000 -86400000'
	assert_output_contains 'v-2 -2'
	assert_output_contains 'v1 1'
	assert_output_contains 'v-62135596800000 -62135596800000'
	assert_equal "$(grep -cx 'v-1 -1' <<<"$output" || true)" 0 # Kafka's value for no timestamp: the producer's clock is used
	run_sh "weir consume --to end --format json $topic | weir produce --format json $copy"
	assert_success
	assert_equal "$(dump "$copy" -f '%s')" "$(dump "$topic" -f '%s')"
	copy=$(new_topic)
	run_sh "weir consume --to end --format json $topic | weir produce --format json --keep timestamp $copy"
	assert_success
	assert_equal "$(dump "$copy" -f '%s %T\n')" "$(dump "$topic" -f '%s %T\n')"
}

@test "produce --keep: what cannot be kept is an error" {
	topic=$(new_topic)
	run_sh "echo '{\"value\":\"v\",\"timestamp\":0}' | weir produce --format json --keep timestamp $topic"
	assert_status 65
	assert_stderr_contains 'the timestamp 0'
	run_sh "echo '{\"value\":\"v\",\"partition\":7}' | weir produce --format json --keep partition $topic"
	assert_status 78
	assert_stderr "weir produce: 1 of 1 records not acknowledged, first of them record 1 of standard input: topic '$topic' has no such partition"
	assert_equal "$(dump "$topic")" ''
}

# --- sizes -----------------------------------------------------------------------------------------

@test "produce: records of 1 MiB and of 60 MiB arrive whole" {
	topic=$(new_topic 1 max.message.bytes=100000000)
	{
		head -c 1048576 /dev/urandom | tr '\n\027' x
		echo
		head -c 60M /dev/zero | tr '\0' z
		echo
		echo small
	} >in
	run_weir produce "$topic" in
	assert_success
	dump "$topic" -X receive.message.max.bytes=200000000 -X fetch.message.max.bytes=100000000 >out
	assert_files_equal out in
}

@test "produce: a record larger than the topic allows is named, with 65" {
	topic=$(new_topic 1 max.message.bytes=1048588)
	{
		seq 4
		head -c 2M /dev/zero | tr '\0' x
		echo
	} >in
	run_weir produce "$topic" in
	assert_status 65
	assert_stderr "weir produce: 1 of 5 records not acknowledged, first of them record 5 of in, to $topic [0]: Broker: Message size too large; it has 2097152 bytes, and max.message.bytes of the topic is 1048588"
	assert_equal "$(dump "$topic")" "$(seq 4)"
}

@test "produce: a record larger than message.max.bytes is named, nothing after it is sent" {
	topic=$(new_topic)
	printf '1\n2\n%01001d\n4\n' 0 >in
	seq 7 >before
	run_weir produce -X message.max.bytes=1000 "$topic" before in
	assert_status 65
	assert_stderr 'weir produce: record 3 of in: 1001 bytes are more than can be sent (message.max.bytes, queue.buffering.max.kbytes: 1000); nothing from there on is sent'
	assert_equal "$(dump "$topic")" $'1\n2\n3\n4\n5\n6\n7\n1\n2'
}

@test "produce: a record larger than --max-record ends it, too" {
	topic=$(new_topic)
	run_sh "printf '1\n12345\n3\n' | weir produce --max-record 4 $topic"
	assert_status 65
	assert_stderr 'weir produce: standard input: record at byte 2 is longer than 4 bytes (--max-record)'
	assert_equal "$(dump "$topic")" 1
	run_sh "{ echo 1; head -c 100M /dev/zero; echo; } | weir produce $topic"
	assert_status 65
	assert_stderr 'weir produce: standard input: record at byte 2 is longer than 67108864 bytes (--max-record)'
}

@test "produce: a record larger than the queue may be does not wait for ever" {
	topic=$(new_topic)
	run_sh "{ seq 3; head -c 3000 /dev/zero; echo; } | weir produce -X queue.buffering.max.kbytes=2 $topic"
	assert_status 65
	assert_stderr_contains 'record 4 of standard input: 3000 bytes are more than can be sent'
	assert_equal "$(dump "$topic")" "$(seq 3)"
}

@test "produce: a full queue makes it wait, not fail" {
	topic=$(new_topic 2)
	seq 20000 >in
	run_weir produce -X queue.buffering.max.messages=10 -X linger.ms=0 "$topic" in
	assert_success
	dump "$topic" | sort -n >out
	assert_files_equal out in
	run_weir produce -X queue.buffering.max.messages=10 -X linger.ms=0 -H a=b "$topic" in
	assert_success
	assert_equal "$(dump "$topic" | wc -l)" 40000
}

# --- failures ------------------------------------------------------------------------------------------

@test "produce: bad usage is 2" {
	run_weir produce
	assert_status 2
	run_weir produce -k a -K : t
	assert_status 2
	assert_stderr_contains '--key, --key-delimiter and --key-from exclude each other'
	for options in '-K=' '-K \q' '-H novalue' '-H =v' '-p -1' '-p 99999999999' '-z br' '--format xml' '--keep partition' \
		'--format json --keep offset' '--format json --keep' '--format json -k a' '--format json -K :' \
		'--format json --keep partition -p 1'; do
		# shellcheck disable=SC2086
		run_weir produce t ${options/=/ }
		[ "$options" = '-K=' ] || assert_status 2
	done
	run_weir produce t -K ''
	assert_status 2
	assert_stderr "weir produce: option --key-delimiter: '' is empty (try 'weir produce --help')"
}

@test "produce: no brokers named is 2, an unknown or bad property 78" {
	unset WEIR_BROKERS
	run_weir produce t
	assert_status 2
	assert_stderr_contains 'no brokers'
	run_weir produce -b 127.0.0.1:1 -X no.such=1 t
	assert_status 78
	assert_stderr_contains 'no.such'
	run_weir produce -b 127.0.0.1:1 -X transactional.id=a t
	assert_status 78
	assert_stderr_contains 'transactional.id cannot be used'
	run_weir produce -b 127.0.0.1:1 -X acks=1 t
	assert_status 78
	assert_stderr_contains 'acks'
}

@test "produce: an unknown topic is 78 and is not created" {
	topic=$(unique_topic)
	run_sh "echo 1 | weir produce $topic"
	assert_status 78
	assert_stderr_contains "weir produce: there is no topic '$topic'"
	run_weir produce 'bad topic' </dev/null
	assert_status 78
}

@test "produce: a topic that is not there is created only when that is asked for, also by a broker that would" {
	start_kafka own
	"$WEIR_ROOT/tests/servers/kafka" stop own
	sed -i 's/^auto.create.topics.enable=.*/auto.create.topics.enable=true/' own/server.properties
	"$WEIR_ROOT/tests/servers/kafka" restart own 3>&-
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	run_sh 'echo 1 | weir produce typo'
	assert_status 78
	run_sh 'echo 1 | weir produce -X allow.auto.create.topics=true wanted'
	assert_success
	assert_equal "$(kcat -L -b "$WEIR_BROKERS" | grep -o 'topic "[^"]*"')" 'topic "wanted"'
}

@test "produce: no broker is 75, with the reason" {
	run_weir produce -b 127.0.0.1:1 --timeout 1s t </dev/null
	assert_status 75
	assert_stderr_contains 'connection refused'
}

@test "produce: one of several brokers away does not matter" {
	topic=$(new_topic)
	run_sh "seq 10 | weir produce -b 127.0.0.1:1,$WEIR_BROKERS,127.0.0.1:2 $topic"
	assert_success
	assert_equal "$(dump "$topic" | wc -l)" 10
}

@test "produce: by SASL over TLS; a wrong password is 78" {
	topic=$(new_topic)
	run_sh "seq 10 | weir produce -b $WEIR_TEST_KAFKA_SASL ${sasl[*]} $topic"
	assert_success
	assert_equal "$(dump "$topic" | wc -l)" 10
	run_sh "seq 10 | weir produce -b $WEIR_TEST_KAFKA_SASL ${sasl[*]} -X sasl.password=wrong-one $topic"
	assert_status 78
	assert_stderr_contains 'uthentication'
	[[ $stderr != *wrong-one* ]]
	assert_equal "$(dump "$topic" | wc -l)" 10
}

@test "produce: a file that begins like a marked stream is refused, --plain takes it as data" {
	topic=$(new_topic)
	printf '\x17{"v":1}\nx\n' >in
	run_weir produce "$topic" in
	assert_status 65
	assert_stderr 'weir produce: in begins with ETB, as marked streams do, which come only through a pipe on standard input (--plain takes it as data)'
	run_weir produce --plain "$topic" in
	assert_success
	dump "$topic" >out
	assert_files_equal out in
}

# --- over time ---------------------------------------------------------------------------------------

@test "produce: a record is sent as it comes, long before the input ends" {
	topic=$(new_topic)
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce "$topic" <pipe 4>&-
	echo first >&4
	wait_for 10 seen_in "$topic" first
	echo second >&4
	wait_for 10 seen_in "$topic" $'first\nsecond'
	exec 4>&-
	wait_bg produce
	assert_success
}

holds_something() { # holds_something TOPIC
	[ -n "$(dump "$1" -c 1)" ]
}

seen_in() { # seen_in TOPIC CONTENTS
	[ "$(dump "$1")" = "$2" ]
}

@test "produce: SIGTERM and SIGINT end the input; what was read is acknowledged, the status is 0" {
	for signal in TERM INT; do
		topic=$(new_topic)
		mkfifo pipe.$signal
		exec 4<>pipe.$signal
		start_bg produce.$signal weir produce -X linger.ms=300 "$topic" <pipe.$signal 4>&-
		printf '1\n2\n' >&4
		wait_for 10 holds_something "$topic"
		printf '3\n4\n' >&4
		sleep 0.1 # enough, most of the time, for them to be read
		stop_bg produce.$signal $signal
		assert_success
		exec 4>&-
		[[ $(dump "$topic") =~ ^1$'\n2'($'\n3'($'\n4')?)?$ ]]
	done
}

@test "produce: a broker that is killed and comes back half way: every record once" {
	start_kafka own
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(new_topic 2)
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce "$topic" <pipe 4>&-
	seq 1 30000 >&4
	wait_for 10 holds_something "$topic"
	seq 30001 60000 >&4
	"$WEIR_ROOT/tests/servers/kafka" kill own
	seq 60001 90000 >&4
	"$WEIR_ROOT/tests/servers/kafka" restart own 3>&- 4>&-
	seq 90001 120000 >&4
	exec 4>&-
	wait_bg produce 60
	assert_status 0
	dump "$topic" | sort -n >out
	seq 120000 >expected
	assert_files_equal out expected
}

@test "produce: a broker that dies for good is 75, and says how many are missing" {
	start_kafka own
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(new_topic)
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 2s "$topic" <pipe 4>&-
	seq 10 >&4
	wait_for 10 seen_in "$topic" "$(seq 10)"
	"$WEIR_ROOT/tests/servers/kafka" kill own
	seq 11 15 >&4
	exec 4>&-
	wait_bg produce 30
	assert_status 75
	assert_stderr_contains 'weir produce: 5 of 15 records not acknowledged, first of them record 11 of standard input: no acknowledgement in time ('
}

@test "produce: small records into a topic that allows small batches only" {
	local topic
	topic=$(new_topic 1 max.message.bytes=500)
	seq -f '%050g' 1000 >in
	run_weir produce "$topic" in
	assert_success
	weir consume --to end "$topic" >out
	assert_files_equal out in
	run_weir produce -H name=some-longer-value-than-the-record "$topic" in
	assert_success
	run_weir produce -X batch.size=100000 "$topic" in
	assert_status 65
	assert_stderr_contains 'not the record (50 bytes), but a batch of them is larger than max.message.bytes of the topic (500): set a smaller batch.size (-X)'
	seq -f '%0600g' 2 >in
	run_weir produce "$topic" in
	assert_status 65
	assert_stderr_contains 'it has 600 bytes, and max.message.bytes of the topic is 500'
}

@test "produce: a compacted topic takes no record without a key, and the message says so" {
	local topic
	topic=$(new_topic 1 cleanup.policy=compact)
	run_sh "echo value | weir produce $topic"
	assert_status 65
	assert_stderr_contains 'the topic is compacted and takes no record without a key (-k, -K)'
	run_sh "echo value | weir produce -k key $topic"
	assert_success
}

@test "produce: a topic that is deleted while records come: 78, and the reason" {
	local topic
	topic=$(new_topic)
	mkfifo pipe
	exec 4<>pipe
	start_bg produce weir produce --timeout 20s "$topic" <pipe 4>&-
	echo first >&4
	wait_for 10 seen_in "$topic" first
	kadmin delete "$topic"
	gone() {
		! kcat -L -b "$WEIR_TEST_KAFKA" | grep -q "\"$topic\""
	}
	wait_for 10 gone
	echo second >&4
	exec 4>&-
	wait_bg produce 60
	assert_status 78
	assert_stderr_contains "topic '$topic' or the partition is not there any more (deleted?)"
}

@test "compressed files are decompressed, but with -0 they are bytes" {
	topic=$(new_topic 1)
	seq 1000 | gzip >in.gz
	weir produce "$topic" in.gz
	assert_equal "$(weir consume --to end "$topic" | sort -n)" "$(seq 1000)"
	bytes=$(new_topic 1)
	printf 'ab\0' | zstd -q >in.zst
	weir produce -0 "$bytes" in.zst
	weir consume -0 --to end "$bytes" | head -c "$(stat -c %s in.zst)" | cmp - in.zst
}
