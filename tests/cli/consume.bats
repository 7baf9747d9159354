# consume without a group, on a real Kafka.
# bats file_tags=server
# shellcheck disable=SC2154 # stderr, lines and sasl come from the helpers
load ../lib/weir

consume() { # the records up to the end
	weir consume -b "$WEIR_TEST_KAFKA" --to end "$@"
}

has_lines() { # has_lines FILE COUNT
	[ "$(wc -l <"$BATS_TEST_TMPDIR/$1")" -ge "$2" ]
}

transact() { # transact TOPIC PARTITION ACTION...
	"$BUILD/servers/kput" -X "transactional.id=$SRANDOM" "$WEIR_TEST_KAFKA" "$@" 2>/dev/null
}

@test "all records of all partitions, and the exit status 0" {
	local topic
	topic=$(new_topic 4)
	seq 20000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p -1
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end $topic | sort -n | cmp - <(seq 20000)"
	assert_success
	WEIR_BROKERS=$WEIR_TEST_KAFKA run_weir consume --to end -n 3 "$topic"
	assert_success
	assert_equal "${#lines[@]}" 3
}

@test "several topics, one of them twice" {
	local a b
	a=$(new_topic) b=$(new_topic)
	kput "$a" 0 =1 =2
	kput "$b" 0 =3
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end $a $b $a | sort"
	assert_success
	assert_output $'1\n2\n3'
}

@test "a topic that is named twice is read once, with a group and without" {
	local topic group
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(new_topic) group=$(unique_group)
	seq 3 | weir produce "$topic"
	for options in '' "-g $group" "-g $group-2 -p 0"; do
		# shellcheck disable=SC2086
		run_weir consume $options --to end "$topic" "$topic" "$topic"
		assert_success
		assert_output $'1\n2\n3'
	done
	run_weir consume -g "$group-3" --to end "^$topic" "$topic" "^$topic\$" "^$topic"
	assert_success
	assert_output $'1\n2\n3'
	run_sh "weir consume -g $group-4 --batch 1s --to end $topic $topic | weir ack"
	assert_success
	assert_output $'1\n2\n3'
}

@test "-p given several times: all of these partitions" {
	local topic
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(new_topic 4)
	for i in 0 1 2 3; do echo "$i" | weir produce -p "$i" "$topic"; done
	run_weir consume --to end -p 0 -p 2-3 "$topic"
	assert_success
	assert_equal "$(sort <<<"$output")" $'0\n2\n3'
	run_weir consume -g "$(unique_group)" --to end -p 0,1 --partitions 3 -p 1 "$topic"
	assert_success
	assert_equal "$(sort <<<"$output")" $'0\n1\n3'
}

@test "without -g nothing changes on the brokers: no group is looked for, no topic is made" {
	start_kafka
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	kadmin create t 3
	for i in 0 1 2; do seq 10 | weir produce -p "$i" t; done
	printf 'group.id=from-a-file\n' >"$BATS_TEST_TMPDIR/properties"
	for options in '--to end' '--to end -p 1,2' '--from @-1h --to end' '--from -2 --to end' '-n 3' \
		'-X group.id=x --to end' "-F $BATS_TEST_TMPDIR/properties --to end"; do
		# shellcheck disable=SC2086
		run_weir consume $options t
		assert_success
		[ -n "$output" ]
	done
	start_bg follow weir consume t
	wait_for 10 has_lines follow.out 30
	"$WEIR_ROOT/tests/servers/kafka" kill "$BATS_TEST_TMPDIR/kafka" 3>&-
	wait_for 30 grep -q 'no answer' "$BATS_TEST_TMPDIR/follow.err"
	"$WEIR_ROOT/tests/servers/kafka" restart "$BATS_TEST_TMPDIR/kafka" 3>&-
	wait_for 30 grep -q 'answer again' "$BATS_TEST_TMPDIR/follow.err"
	seq 31 40 | weir produce t
	wait_for 30 has_lines follow.out 40
	stop_bg follow
	assert_status 0
	assert_equal "$(grep -ci coordinator <<<"$stderr" || true)" 0
	assert_equal "$(kcat -L -b "$WEIR_BROKERS" | sed -n 's/^  topic "\(.*\)" with .*/\1/p')" t
}

@test "-p: some partitions; one that is not there" {
	local topic
	topic=$(new_topic 6)
	for p in 0 1 2 3 4 5; do kput "$topic" $p "=$p"; done
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end -p 0,2-4,3 $topic | sort"
	assert_success
	assert_output $'0\n2\n3\n4'
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -p 0,4-7 "$topic"
	assert_status 78
	assert_stderr "weir consume: topic '$topic' has 6 partitions, there is no partition 7"
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -p 0-2147483647 "$topic"
	assert_status 78
}

@test "an unknown topic and one with an impossible name: 78" {
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end no-such-topic
	assert_status 78
	assert_stderr_contains "weir consume: there is no topic 'no-such-topic'"
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end $'a b\n'
	assert_status 78
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -g "$(unique_group)" no-such-topic
	assert_status 78
}

@test "--to end of empty topics, also of many partitions" {
	local topic
	topic=$(new_topic 50)
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_success
	assert_output ''
}

@test "places: --from and --to" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 @1700000000000 =0 @1700000001000 =1 @1700000002000 =2 @1700000003000 =3 @1700000004000 =4
	check() { # check WANT OPTION...
		local want=$1
		shift
		run_weir consume -b "$WEIR_TEST_KAFKA" "$@" "$topic"
		assert_success
		assert_equal "${output//$'\n'/ }" "$want"
	}
	check '0 1 2 3 4' --from start --to end
	check '' --from end --to end
	check '3 4' --from 3 --to end
	check '3 4' --from +3 --to end
	check '3 4' --from -2 --to end
	check '0 1 2 3 4' --from -99 --to end
	check '' --from 5 --to end
	check '0 1' --to 2
	check '0 1' --to +2
	check '0 1 2' --to -2
	check '' --to start
	check '' --from 3 --to 1
	check '1 2' --from 1 -n 2
	check '' -n 0
	check '2 3 4' --from @1700000002000 --to end
	check '2 3 4' --from @1700000001001 --to end
	check '2 3 4' --from @2023-11-14T22:13:22Z --to end
	check '2 3 4' --from @1700000002 --to end
	check '' --from @-1m --to end
	check '0 1 2 3 4' --from @-87600h --to end
	check '0 1' --to @1700000002000
	check '1 2' --from @1700000001000 --to @1700000003000
	check '0 1 2 3 4' --to @-0
	check '2' --from 2 --to @1700000003000
}

@test "times before 1970 are the start, of --from and of --to" {
	local topic group
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	topic=$(new_topic) group=$(unique_group)
	printf '{"value":"%s","timestamp":%s}\n' old -86400000 'then' 5 | weir produce --format json --keep timestamp "$topic"
	for time in 1969-12-31T23:59:59.999Z 1969-12-31T23:59:59.998Z 1969-12-31T00:00:00Z -30000d -25000d; do
		run_weir consume --from "@$time" --to end "$topic"
		assert_success
		assert_output $'old\nthen'
		run_weir consume --to "@$time" "$topic"
		assert_success
		assert_output ''
	done
	run_weir consume --from @1970-01-01T00:00:00Z --to end "$topic"
	assert_output 'then'
	run_weir consume -g "$group" --from @-30000d --to end "$topic"
	assert_output $'old\nthen'
}

@test "an offset beyond the end is an error, the end itself is not" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 =0 =1
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 7 --to end "$topic"
	assert_status 65
	assert_stderr "weir consume: topic '$topic', partition 0: offset 7 is out of range, its end is 2"
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 7 "$topic"
	assert_status 65
	run_weir consume -b "$WEIR_TEST_KAFKA" --from +3 --to 9 "$topic"
	assert_status 65
}

@test "deleted records: an error that names what is lost" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 =0 =1 =2 =3 =4
	kadmin delete-records "$topic" 0 3
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_success
	assert_output $'3\n4'
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 1 --to end "$topic"
	assert_status 65
	assert_stderr "weir consume: topic '$topic', partition 0: offsets 1 to 2 are lost, its first is 3"
	run_weir consume -b "$WEIR_TEST_KAFKA" --from +1 --to end "$topic"
	assert_success
	assert_output 4
	run_weir consume -b "$WEIR_TEST_KAFKA" --from -4 --to end "$topic"
	assert_success
	assert_output $'3\n4'
}

# The reader comes late, when the pipe and the queue are full and what comes after them has been deleted.
late_reader() { # late_reader FIRST OPTION...: sets $output to the number of records
	local first=$1
	shift
	run_sh "weir consume -b $WEIR_TEST_KAFKA --memory 1M -X queued.max.messages.kbytes=1024 \
		-X fetch.message.max.bytes=100000 --to end $* |
		{ sleep 1.5; $BUILD/servers/kadmin $WEIR_TEST_KAFKA delete-records $topic 0 $first; wc -l; }"
}

@test "records that retention takes away while they wait to be read are an error, unless --from start" {
	local topic
	topic=$(new_topic 1 segment.bytes=1048576)
	head -c 30000000 /dev/zero | tr '\0' x | fold -w 1000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	late_reader 20000 --from +0 "$topic"
	assert_status 65
	assert_stderr_contains "to 19999 are lost, its first is 20000"
	[ "$output" -lt 19999 ]
	late_reader 29000 --from start "$topic"
	assert_status 0
	assert_stderr_contains "to 28999 are lost, going on at 29000"
	[ "$output" -ge 1000 ] && [ "$output" -lt 10000 ]
}

@test "transactions: aborted records are not read, markers do not keep --to end from ending" {
	local topic
	topic=$(new_topic)
	transact "$topic" 0 begin =a =b commit begin =x =y abort begin =c commit begin =z abort
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -f '%o %s\n' "$topic"
	assert_success
	assert_output $'0 a\n1 b\n6 c'
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -X isolation.level=read_uncommitted "$topic"
	assert_success
	assert_output $'a\nb\nx\ny\nc\nz'
	topic=$(new_topic)
	transact "$topic" 0 begin =x abort
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_success
	assert_output ''
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 1 --to 2 "$topic"
	assert_success
	assert_output ''
}

@test "an open transaction: --to end stops before it" {
	local topic
	topic=$(new_topic)
	mkfifo "$BATS_TEST_TMPDIR/hold"
	start_bg kput "$BUILD/servers/kput" -X transactional.id="$topic" "$WEIR_TEST_KAFKA" "$topic" 0 \
		begin =a commit begin =b hold commit <>"$BATS_TEST_TMPDIR/hold"
	wait_for 10 grep -q holding "$BATS_TEST_TMPDIR/kput.out"
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_success
	assert_output a
}

@test "a compacted topic whose last records are gone" {
	local topic
	topic=$(new_topic 1 cleanup.policy=compact segment.ms=200 min.cleanable.dirty.ratio=0.01 \
		max.compaction.lag.ms=200 delete.retention.ms=0)
	kput "$topic" 0 key=a =1 =2 =3 key=b =1 =2 null
	gone() {
		sleep 0.3
		kput "$topic" 0 key=tick =x # a segment is rolled by the next record
		[ "$(weir consume -b "$WEIR_TEST_KAFKA" -f '%o ' -p 0 --to 6 "$topic")" = '2 ' ]
	}
	wait_for 30 gone
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 3 --to 6 "$topic"
	assert_success
	assert_output ''
}

@test "raw output: tombstones, empty values, every byte but LF" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 = null '=a\0b' '=\xff\xfe' '=\x17x' '=\x0d' '=é'
	consume "$topic" >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" <(printf '\n\na\0b\n\xff\xfe\n\x17x\n\r\né\n')
	consume -0 "$topic" -n 2 >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" <(printf '\0\0')
}

@test "--newline: error (with what was before it written), space, escape; -0" {
	local topic out=$BATS_TEST_TMPDIR/out
	topic=$(new_topic)
	kput "$topic" 0 =first '=a\nb\n' '=x\0y'
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_status 65
	assert_output first
	assert_stderr "weir consume: topic '$topic', partition 0, offset 1: a line feed in it would end the record (--newline, -0 or --format json)"
	consume --newline space "$topic" >"$out"
	assert_files_equal "$out" <(printf 'first\na b \nx\0y\n')
	consume --newline escape "$topic" >"$out"
	assert_files_equal "$out" <(printf 'first\na\\nb\\n\nx\0y\n')
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end -0 $topic >$out"
	assert_status 65
	assert_stderr_contains 'offset 2: a NUL in it would end the record'
	assert_files_equal "$out" <(printf 'first\0a\nb\n\0')
	consume -0 --newline space "$topic" >"$out"
	assert_files_equal "$out" <(printf 'first\0a\nb\n\0x y\0')
	consume -0 --newline escape "$topic" >"$out"
	assert_files_equal "$out" <(printf 'first\0a\nb\n\0x\\0y\0')
}

@test "a stream does not begin with ETB, unless --plain" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 '=\x17{"v":1}' =b
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end "$topic"
	assert_status 65
	assert_output ''
	assert_stderr_contains "topic '$topic', partition 0, offset 0: the stream would start with ETB"
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -f '%s\n' "$topic"
	assert_status 65
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -f '\x17%s\n' --from 1 "$topic"
	assert_status 65
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end --from 1 "$topic"
	assert_success
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end --format json "$topic"
	assert_success
	consume --plain "$topic" >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" <(printf '\x17{"v":1}\nb\n')
}

@test "JSON: every part, byte for byte" {
	local topic
	topic=$(new_topic 2)
	kput "$topic" 1 @1700000000000 'key=k"\n' header=a=1 'header=a=\xff' header=n header=e= 'header=\xff=é' \
		'=say "\0" \\\x01é' key headers @5 null 'key=\xc0\x80' =
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end --format json "$topic"
	assert_success
	assert_output "$(
		cat <<-JSON
			{"topic":"$topic","partition":1,"offset":0,"timestamp":1700000000000,"timestamp_type":"create","key":"k\"\n","headers":[["a","1"],["a",{"base64":"/w=="}],["n",null],["e",""],[{"base64":"/w=="},"é"]],"value":"say \"\u0000\" \\\\\u0001é"}
			{"topic":"$topic","partition":1,"offset":1,"timestamp":5,"timestamp_type":"create","key":null,"headers":[],"value":null}
			{"topic":"$topic","partition":1,"offset":2,"timestamp":5,"timestamp_type":"create","key":{"base64":"wIA="},"headers":[],"value":""}
		JSON
	)"
	consume --format json -0 -n 1 "$topic" | tail -c 2 >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" <(printf '}\0')
}

@test "JSON: the broker's timestamps" {
	local topic
	topic=$(new_topic 1 message.timestamp.type=LogAppendTime)
	kput "$topic" 0 @5 =x
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end --format json "$topic"
	assert_success
	assert_output_contains '"timestamp_type":"append"'
	[[ $output =~ \"timestamp\":1[0-9]{12}, ]]
}

@test "-f: verbs, modifiers, framing" {
	local topic out=$BATS_TEST_TMPDIR/out
	topic=$(new_topic)
	kput "$topic" 0 @1700000000123 key=k header=a=1 header=b =v key headers null
	run_weir consume -b "$WEIR_TEST_KAFKA" --to end -f '%t|%p|%o|%T|%d|%k|%K|%s|%S|%h|%%\n' "$topic"
	assert_success
	assert_output "$topic|0|0|1700000000123|2023-11-14T22:13:20.123Z|k|1|v|1|a=1,b=|%
$topic|0|1|1700000000123|2023-11-14T22:13:20.123Z||-1||-1||%"
	consume -f '%d{dt=%Y-%m-%d/%H}\t%k{hex}\t%s{base64}\0' "$topic" >"$out"
	assert_files_equal "$out" <(printf 'dt=2023-11-14/22\t6b\tdg==\0dt=2023-11-14/22\t\t\0')
	consume -f '%K{big32}%k%S{big32}%s' "$topic" >"$out"
	assert_files_equal "$out" <(printf '\0\0\0\1k\0\0\0\1v\xff\xff\xff\xff\xff\xff\xff\xff')
	consume -f '' "$topic" >"$out"
	assert_files_equal "$out" /dev/null
}

@test "records of 1 MiB, and of 20 MiB in a topic that allows them" {
	local topic size
	topic=$(new_topic 1 max.message.bytes=100000000)
	for size in 1048576 20000000; do
		head -c $size /dev/urandom | tr '\n\027' x >"$BATS_TEST_TMPDIR/$size"
		kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -X message.max.bytes=100000000 "$BATS_TEST_TMPDIR/$size"
	done
	cat "$BATS_TEST_TMPDIR/1048576" <(echo) "$BATS_TEST_TMPDIR/20000000" <(echo) >"$BATS_TEST_TMPDIR/want"
	consume "$topic" >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/want"
	consume --memory 16M "$topic" | cat >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/want"
	consume --format json "$topic" | jq -r '.value.base64' | base64 -d >"$BATS_TEST_TMPDIR/out"
	assert_files_equal "$BATS_TEST_TMPDIR/out" <(cat "$BATS_TEST_TMPDIR/1048576" "$BATS_TEST_TMPDIR/20000000")
}

@test "SASL over TLS: right and wrong password, wrong authority" {
	local topic conf=$BATS_TEST_TMPDIR/conf
	topic=$(new_topic)
	kput "$topic" 0 =secret
	run_weir consume -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" --to end "$topic"
	assert_success
	assert_output secret
	printf '%s\n' security.protocol=SASL_SSL sasl.mechanisms=PLAIN "sasl.username=$WEIR_TEST_USER" \
		"ssl.ca.location=$WEIR_TEST_CA" >"$conf"
	WEIR_KAFKA_SASL_PASSWORD=$WEIR_TEST_PASSWORD run_weir consume -b "$WEIR_TEST_KAFKA_SASL" -F "$conf" --to end "$topic"
	assert_success
	assert_output secret
	run_weir consume -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X sasl.password=geheim --to end "$topic"
	assert_status 78
	assert_stderr_contains 'Authentication failed'
	[[ $stderr != *geheim* ]]
	run_weir consume -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X ssl.ca.location=/etc/ssl/certs --to end "$topic"
	assert_status 78
	assert_stderr_contains 'certificate'
	run_weir consume -g "$(unique_group)" -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X sasl.password=geheim --to end "$topic"
	assert_status 78
}

@test "one of several brokers is away" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 =x
	run_weir consume -b "127.0.0.1:1,$WEIR_TEST_KAFKA" --to end "$topic"
	assert_success
	assert_output x
}

@test "new records are written at once, and SIGTERM ends it with 0" {
	local topic
	topic=$(new_topic)
	start_bg consume weir consume -b "$WEIR_TEST_KAFKA" "$topic"
	sleep 0.5
	kput "$topic" 0 =a
	wait_for 20 grep -q a "$BATS_TEST_TMPDIR/consume.out"
	kput "$topic" 0 =b
	wait_for 20 grep -q b "$BATS_TEST_TMPDIR/consume.out"
	stop_bg consume
	assert_status 0
	assert_equal "$output$stderr" $'a\nb'
	start_bg consume weir consume -b "$WEIR_TEST_KAFKA" "$topic"
	sleep 0.5
	stop_bg consume INT
	assert_status 0
}

@test "--to an offset that does not exist yet: one partition that is named waits for it, all others end at their ends" {
	local topic
	topic=$(new_topic 3)
	kput "$topic" 0 =x =y
	kput "$topic" 2 =z =zz =zzz
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 0 --to 2 "$topic"
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'x y z zz '
	run_weir consume -b "$WEIR_TEST_KAFKA" -g "$(unique_group)" --to 1000 "$topic"
	assert_success
	[ "${#lines[@]}" = 5 ]
	run_weir consume -b "$WEIR_TEST_KAFKA" --from 1 --to end "$topic" # partition 1 is empty
	assert_success
	assert_equal "$(sort <<<"$output" | tr '\n' ' ')" 'y zz zzz '
	run_weir consume -b "$WEIR_TEST_KAFKA" -p 1,2 --from 1 --to 2 "$topic"
	assert_success
	assert_output zz
	topic=$(new_topic)
	kput "$topic" 0 =a
	start_bg consume weir consume -b "$WEIR_TEST_KAFKA" -p 0 --to 3 "$topic"
	sleep 0.5
	kput "$topic" 0 =b =c =d
	wait_bg consume
	assert_status 0
	assert_equal "$output" $'a\nb\nc'
}

@test "the reader goes away: 75 without a word, at once even when there is nothing to write" {
	local topic
	topic=$(new_topic)
	seq 100000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end $topic | head -n 1; echo \${PIPESTATUS[0]}"
	assert_stderr ''
	assert_output $'1\n75'
	run_sh "weir consume -b $WEIR_TEST_KAFKA --from -1 $topic | head -n 1; echo \${PIPESTATUS[0]}"
	assert_stderr ''
	assert_output $'100000\n75'
}

@test "a full disk" {
	local topic
	topic=$(new_topic)
	seq 100 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end $topic >/dev/full"
	assert_status 75
	assert_stderr 'weir consume: cannot write standard output: No space left on device'
	run_sh "weir consume -b $WEIR_TEST_KAFKA --to end $topic >&-"
	assert_status 78
}

@test "the pipe of others stays blocking" {
	local topic
	topic=$(new_topic)
	kput "$topic" 0 =a
	run_sh "{ weir consume -b $WEIR_TEST_KAFKA --to end $topic; grep ^flags: /proc/self/fdinfo/1 >&2; } | cat"
	assert_output a
	(((8#${stderr##*[!0-7]} & 8#4000) == 0))
}

@test "a topic larger than the queue, with little memory, through a slow reader" {
	local topic
	topic=$(new_topic 4)
	seq 1000000 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p -1 -X queue.buffering.max.messages=1000000
	run_sh "weir consume -b $WEIR_TEST_KAFKA --memory 24M --to end $topic | sort -n | cmp - <(seq 1000000)"
	assert_success
}
