# weir produce at the end of a marked stream: records and positions in one transaction, judged by kafka-python.
# bats file_tags=server
# shellcheck disable=SC2154,SC2030,SC2031 # the helpers set the variables; each test has a shell of its own
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group

setup() {
	group_setup
	topic=$(new_topic 3) target=$(new_topic 2)
	readonly PLACES='%p:%o\n'
}

committed() { # committed [TOPIC]: the values that a reader of committed records gets, sorted
	python3 "$BATS_TEST_DIRNAME/../lib/committed.py" "$WEIR_BROKERS" "${1:-$target}" | sort
}

all_places() { # all_places: what `consume -f $PLACES` writes of the whole topic, sorted
	weir consume --to end -f "$PLACES" "$topic" | sort
}

copy() { # copy [CONSUME-ARG...]: the topic up to its end, to the target
	weir consume -g "$group" --batch 200ms,50 --to end -f "$PLACES" "$@" "$topic" | weir produce "$target"
}

@test "produce: a marked stream goes into a topic exactly once, and a second run goes on where the first ended" {
	seq 500 | weir produce -X partitioner=random "$topic"
	copy
	assert_files_equal <(committed) <(all_places)
	assert_equal "$(committed | wc -l)" 500
	copy
	assert_equal "$(committed | wc -l)" 500
	seq 501 700 | weir produce -X partitioner=random "$topic"
	copy
	assert_files_equal <(committed) <(all_places)
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq -s 'map(.lag) | add')" 0
}

@test "produce: keys, headers, tombstones and timestamps go through, from memory and from a file" {
	printf '%s\n' '{"key":"a","value":"1","timestamp":5,"headers":[["h","x"],["n",null]]}' '{"key":null,"value":"2"}' \
		'{"key":"","value":null}' '{"value":{"base64":"/wA="}}' | weir produce --format json --keep timestamp "$topic"
	run_sh "weir consume -g $group --batch 1s --to end --format json $topic |
		weir produce -H first=1 --format json --keep timestamp $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	run_sh "weir consume --to end --format json $target |
		jq -c '[.key, .value, if .timestamp == 5 then 5 else null end, .headers]' | sort"
	assert_output '["",null,null,[["first","1"]]]
["a","1",5,[["first","1"],["h","x"],["n",null]]]
[null,"2",null,[["first","1"]]]
[null,{"base64":"/wA="},null,[["first","1"]]]'
}

@test "produce: a batch of 100 MB waits in a file, in little memory" {
	head -c 75000000 /dev/urandom | base64 -w 9999 | weir produce -X partitioner=random "$topic"
	# resident: the threads of librdkafka reserve 64 MB of addresses each
	run_sh "weir consume -g $group --batch 1h --to end $topic | env time -f %M -o peak_kb weir produce $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	[ "$(tail -n 1 peak_kb)" -lt 150000 ]
	assert_equal "$(committed | sha256sum)" "$(weir consume --to end "$topic" | sort | sha256sum)"
}

@test "produce: a bad record stops its batch before anything is committed, or goes aside" {
	printf '{"value":"1"}\n{"value":"2"}\nno\n{"value":"4"}\n' | weir produce -p 0 "$topic"
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce --format json $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '75 65'
	assert_stderr_contains 'weir produce: batch 1, record 3: byte 1: '
	assert_equal "$(committed)" ''
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce --format json --rejects aside $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 1'
	assert_equal "$(committed | paste -sd,)" 1,2,4
	assert_equal "$(jq -r .data aside)" no
}

@test "produce: a record that the brokers refuse aborts its transaction" {
	small=$(new_topic 1 max.message.bytes=2000)
	{
		seq 20
		head -c 4000 /dev/zero | tr '\0' x
	} | weir produce -p 0 "$topic"
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce $small; echo \"\${PIPESTATUS[*]}\""
	assert_output '75 65'
	assert_stderr_contains "first of them batch 1, record 21, to $small [0]: Broker: Message size too large"
	assert_stderr_contains 'max.message.bytes of the topic is 2000'
	assert_equal "$(committed "$small")" ''
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq -s 'map(.committed // 0) | add')" 0
}

large() { # a record of 40,000 bytes that cannot be compressed much
	head -c 30000 /dev/urandom | base64 -w 0
	echo
}

some_refused() { # of 400 records the brokers refuse 3, whose size is not known before they are compressed
	small=$(new_topic 2 max.message.bytes=20000)
	{
		seq 100
		large
		seq 101 300
		large
		large
		seq 301 397
	} >in
	weir produce -p 0 "$topic" <in
}

@test "produce --rejects: a record that only the brokers refuse is rejected, and its batch is committed without it" {
	some_refused
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce -z zstd --max-rejects 2 --rejects aside $small; echo \"\${PIPESTATUS[*]}\""
	assert_output '75 65'
	assert_equal "$(committed "$small")" ''
	rm aside
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce -v -z zstd --rejects aside $small; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 1'
	assert_stderr_contains '3 of 400 records (1 %) were rejected'
	assert_files_equal <(committed "$small") <(grep -v '....' in | sort)
	assert_equal "$(jq -c '[.record, .reason]' aside | sort -u | paste -sd' ')" "$(
		printf '[%d,"the brokers refuse it: Broker: Message size too large"] ' 101 302 303 | sed 's/ $//')"
	assert_files_equal <(jq -r .data aside | sort) <(grep '....' in | sort)
	assert_equal "$(weir lag -g "$group" --format json "$topic" | jq -s 'map(.lag) | add')" 0
}

@test "produce --dead-letter: so it is with a record that only the brokers refuse, in the same transaction" {
	some_refused
	dead=$(new_topic)
	run_sh "weir consume -g $group --batch 1h --to end $topic | weir produce -z zstd --dead-letter $dead $small; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 1'
	assert_files_equal <(committed "$small") <(grep -v '....' in | sort)
	assert_files_equal <(committed "$dead") <(grep '....' in | sort)
	assert_equal "$(weir consume --to end --format json "$dead" | jq -c '.headers | map({(.[0]): .[1]}) | add | [."weir.topic", ."weir.record", ."weir.reason"]' |
		sort | head -n 1)" "[\"$small\",\"101\",\"the brokers refuse it: Broker: Message size too large\"]"
	dead=$(new_topic 1 max.message.bytes=20000) # it takes none of them either
	run_sh "weir consume -g $group-2 --batch 1h --to end $topic | weir produce -z zstd --dead-letter $dead $small; echo \"\${PIPESTATUS[*]}\""
	assert_output '75 65'
	assert_stderr_contains ", to $dead [0]: Broker: Message size too large"
	assert_equal "$(committed "$dead")" ''
}

@test "produce: --commit-every gathers batches; each commit is one transaction" {
	seq 100 | weir produce -p 0 "$topic"
	run_sh "weir consume -g $group --batch 1h,10 --to end $topic | weir produce -v --commit-every 1h $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	assert_stderr_contains 'done: 100 records in 1 commit'
	run_sh "weir consume -g $group-2 --batch 1h,10 --to end $topic | weir produce -v --commit-records 20 $target; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	assert_stderr_contains 'done: 100 records in 5 commits'
	assert_equal "$(committed | wc -l)" 200
}

@test "produce: where a group begins: at --from, whatever it has read for others, and nowhere if it has another target" {
	seq 10 | weir produce -p 0 "$topic"
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir ack >/dev/null" # a trial
	assert_equal "$(group_committed "$topic")" 10
	copy -p 0
	assert_equal "$(committed | wc -l)" 10
	other=$(new_topic)
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir produce $other; echo \"\${PIPESTATUS[*]}\""
	assert_output '78 75'
	assert_stderr_contains "the group '$group' belongs to table topic:$target, not to topic:$other"
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put lake; echo \"\${PIPESTATUS[*]}\""
	assert_output '78 75'
	run_sh "weir consume -g $group --adopt --batch 1s --to end $topic | weir produce $other; echo \"\${PIPESTATUS[*]}\""
	assert_output '0 0'
	assert_equal "$(committed "$other" | wc -l)" 10
}

@test "produce: it is the only sink of its source" {
	seq 10 | weir produce "$topic"
	mkfifo branch
	start_bg lake bash -c "exec weir lake-put lake <branch"
	run_sh "weir consume -g $group --sinks 2 --batch 1s --to end $topic | tee branch | weir produce $target; echo \"\${PIPESTATUS[*]}\""
	assert_equal "${output%% *}" 78
	assert_stderr_contains 'cannot have another sink beside it (--sinks)'
	wait_bg lake
	assert_equal "$(committed)" ''
	assert_equal "$(group_committed "$topic")" 0
}

@test "produce: a source that is not a topic of the same cluster is refused" {
	seq 10 | weir produce "$topic"
	start_bg other weir mock-broker --topic t:1
	wait_for 10 has_lines other.out 1
	run_sh "weir consume -b $WEIR_BROKERS -g $group --batch 1s --to end $topic | weir produce -b $(head -n 1 other.out) t; echo \"\${PIPESTATUS[*]}\""
	assert_equal "${output##* }" 78
	assert_stderr_contains 'the stream comes from another Kafka cluster'
	seq 10 | weir lake-put lake
	run_sh "weir lake-cat --batch 1s -g $group lake | weir produce $target; echo \"\${PIPESTATUS[*]}\""
	assert_equal "${output##* }" 78
	assert_stderr_contains 'run produce by `weir each`, with `weir ack` after it'
}

@test "produce: the properties isolation.level and transactional.id are not free" {
	seq 10 | weir produce "$topic"
	run_sh "weir consume -X isolation.level=read_uncommitted -g $group --batch 1s --to end $topic | weir produce $target; echo \"\${PIPESTATUS[*]}\""
	assert_equal "${output%% *}" 2
	assert_stderr_contains 'isolation.level can be read_committed only'
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir produce -X transactional.id=mine $target; echo \"\${PIPESTATUS[*]}\""
	assert_equal "${output##* }" 78
	assert_equal "$(committed)" ''
}

@test "produce: members come and go, and transactions of others lie between the records" {
	seq 3000 | weir produce -X partitioner=random "$topic"
	"$BUILD/servers/kput" -X "transactional.id=$topic" "$WEIR_BROKERS" "$topic" 0 begin =a commit begin =b abort
	for i in 1 2 3; do
		start_bg "m$i" bash -c "weir consume -g $group --batch 100ms,40 -f '$PLACES' $topic | weir produce $target; exit \${PIPESTATUS[1]}"
	done
	sleep 4
	kill "$(member m2 consume)"
	wait_bg m2
	assert_equal "$status" 0
	seq 3001 4000 | weir produce -X partitioner=random "$topic"
	wait_for 60 has_committed "$topic" "$(weir topics --format json "$topic" | jq -s 'map(.next) | add')"
	for i in 1 3; do
		kill "$(member "m$i" consume)"
		wait_bg "m$i"
		assert_equal "$status" 0
	done
	assert_files_equal <(committed) <(all_places)
}
