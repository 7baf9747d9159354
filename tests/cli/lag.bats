# weir lag on a real Kafka; where it needs none: lag-mock.bats.
# bats file_tags=server
# shellcheck disable=SC2154 # sasl is set by the helpers
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
}

produce() { # produce TOPIC PARTITION COUNT
	seq "$3" | kcat -P -b "$WEIR_TEST_KAFKA" -t "$1" -p "$2"
}

# The rows of `weir lag ARG...` without group and topic, one array per line.
rows() {
	weir lag --format json "$@" | jq -c '[.partition,.committed,.log_start,.log_end,.lag,.lost,.member]'
}

# Whether the last row of `weir lag ARG...` is ROW.  The members of a group are "-" while its coordinator is too slow to
# answer, as on a busy machine.
sums_are() { # sums_are ROW ARG...
	local row=$1
	shift
	run_weir lag "$@"
	assert_success
	[ "$(tail -1 <<<"$output" | tr -s ' ' | sed 's/^ *//')" = "$row" ]
}

@test "the columns: position, ends, lag, and - where the group has no position" {
	local topic group
	topic=$(new_topic 3) group=$(unique_group)
	produce "$topic" 0 10
	produce "$topic" 1 20
	kadmin commit "$group" "$topic" 0 4
	kadmin commit "$group" "$topic" 1 20
	run_weir lag -g "$group"
	assert_success
	assert_equal "$(tr -s ' ' <<<"$output")" "group topic partition committed log_start log_end lag lost member
$group $topic 0 4 0 10 6 0 -
$group $topic 1 20 0 20 0 0 -
$group $topic 2 - 0 0 - - -

group partitions unknown lag lost members
$group 3 1 6 0 0"
	# aligned: in each part all lines have the same length, and numbers end where their headings do
	[ "$(head -4 <<<"$output" | awk '{ print length }' | sort -u | wc -l)" = 1 ]
	[ "$(tail -2 <<<"$output" | awk '{ print length }' | sort -u | wc -l)" = 1 ]
	assert_equal "$(head -1 <<<"$output" | grep -bo log_end)" "$(head -1 <<<"$output" | grep -bo log_end)"
}

@test "JSON: one object per row with exactly the names, null where there is none" {
	local topic group
	topic=$(new_topic 2) group=$(unique_group)
	produce "$topic" 0 3
	kadmin commit "$group" "$topic" 0 1
	run_weir lag -g "$group" --format json
	assert_success
	assert_output "{\"group\":\"$group\",\"topic\":\"$topic\",\"partition\":0,\"committed\":1,\"log_start\":0,\"log_end\":3,\"lag\":2,\"lost\":0,\"member\":null}
{\"group\":\"$group\",\"topic\":\"$topic\",\"partition\":1,\"committed\":null,\"log_start\":0,\"log_end\":0,\"lag\":null,\"lost\":null,\"member\":null}"
}

@test "records that were deleted before they were read are lost, and lag counts the rest" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	produce "$topic" 0 100
	kadmin commit "$group" "$topic" 0 10
	kadmin delete-records "$topic" 0 70
	assert_equal "$(rows -g "$group")" '[0,10,70,100,30,60,null]'
	kadmin commit "$group" "$topic" 0 70
	assert_equal "$(rows -g "$group")" '[0,70,70,100,30,0,null]'
	kadmin delete-records "$topic" 0 -1
	assert_equal "$(rows -g "$group")" '[0,70,100,100,0,30,null]'
}

@test "TOPIC operands choose, and show also what the group has not begun" {
	local a b group
	a=$(new_topic 2) b=$(new_topic) group=$(unique_group)
	kadmin commit "$group" "$a" 0 0
	assert_equal "$(weir lag -g "$group" --format json | jq -r .topic | uniq)" "$a"
	assert_equal "$(rows -g "$group" "$b")" '[0,null,0,0,null,null,null]'
	assert_equal "$(weir lag -g "$group" --format json "$a" "$b" | jq -r .topic | sort)" \
		"$(printf '%s\n' "$a" "$a" "$b" | sort)"
	assert_equal "$(rows --all-groups "$a")" '[0,0,0,0,0,0,null]
[1,null,0,0,null,null,null]'
}

@test "an unknown topic: named, 78, the others are shown" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	kadmin commit "$group" "$topic" 0 0
	run_weir lag -g "$group" --format json "$topic" "$topic-none"
	assert_status 78
	assert_stderr_contains "weir lag: there is no topic '$topic-none'"
	assert_equal "$(jq .committed <<<"$output")" 0
	run_weir lag -g "$group" "$topic-none"
	assert_status 78
	assert_output ''
	assert_stderr_contains "weir lag: there is no topic '$topic-none'"
}

@test "a group that does not exist: named, 78; with a topic its rows are all -" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	run_weir lag -g "$group"
	assert_status 78
	assert_output ''
	assert_stderr "weir lag: group '$group' does not exist (\`weir lag --all-groups\` lists them)"
	run_weir lag -g "$group" --format json "$topic"
	assert_status 0
	assert_stderr "weir lag: group '$group' does not exist (\`weir lag --all-groups\` lists them)"
	assert_equal "$(jq .committed <<<"$output")" null
	run_weir lag -g "$group" --max-lag 1000 "$topic"
	assert_status 1
	assert_stderr_contains "the group has neither positions nor members"
	run_weir lag -g "$group" --max-lag 1000
	assert_status 78
}

@test "--max-lag: 0 up to N, 1 beyond" {
	local topic group
	topic=$(new_topic 2) group=$(unique_group)
	produce "$topic" 0 10
	kadmin commit "$group" "$topic" 0 4
	kadmin commit "$group" "$topic" 1 0
	run_weir lag -g "$group" --max-lag 6
	assert_success
	run_weir lag -g "$group" --max-lag 5
	assert_status 1
	assert_output_contains "$topic"
	assert_stderr "weir lag: over --max-lag 5: group '$group', ${topic}[0]: 6 records behind"
	kadmin commit "$group" "$topic" 0 9
	run_weir lag -g "$group" --max-lag 0
	assert_status 1
	assert_stderr "weir lag: over --max-lag 0: group '$group', ${topic}[0]: 1 record behind"
	kadmin commit "$group" "$topic" 0 10
	run_weir lag -g "$group" --max-lag 0
	assert_success
	run_weir lag -g "$group" --max-lag 18446744073709551614 "$topic"
	assert_success
}

@test "--max-lag: what is not known is not a success" {
	local topic group
	topic=$(new_topic 2) group=$(unique_group)
	produce "$topic" 0 10
	produce "$topic" 1 5
	kadmin commit "$group" "$topic" 0 10
	# no position: the whole log may have to be read
	run_weir lag -g "$group" --max-lag 5
	assert_success
	run_weir lag -g "$group" --max-lag 4
	assert_status 1
	assert_stderr "weir lag: over --max-lag 4: group '$group', ${topic}[1]: no position, 5 records to read"
	# records are lost
	kadmin commit "$group" "$topic" 1 1
	kadmin delete-records "$topic" 1 3
	run_weir lag -g "$group" --max-lag 1000
	assert_status 1
	assert_stderr "weir lag: over --max-lag 1000: group '$group', ${topic}[1]: 2 records lost"
	# a position beyond the end
	kadmin commit "$group" "$topic" 1 500
	run_weir lag -g "$group"
	assert_status 0
	assert_stderr_contains "position 500 in ${topic}[1] is beyond the end 5"
	run_weir lag -g "$group" --max-lag 1000 --format json
	assert_status 1
	assert_stderr_contains "${topic}[1]: the position is beyond the end"
	assert_equal "$(jq -c '[.lag, .lost]' <<<"$output")" '[0,0]
[null,null]'
}

@test "several groups: sorted, each once, sums of each and of all" {
	local topic group
	topic=$(new_topic 2) group=$(unique_group)
	produce "$topic" 0 10
	for g in b a; do
		kadmin commit "$group-$g" "$topic" 0 4
		kadmin commit "$group-$g" "$topic" 1 0
	done
	run_weir lag -g "$group-b" -g "$group-a" --group="$group-b"
	assert_success
	assert_equal "$(tail -4 <<<"$output" | tr -s ' ' | sed 's/^ *//')" "group partitions unknown lag lost members
$group-a 2 0 6 0 0
$group-b 2 0 6 0 0
- 4 0 12 0 0"
	run_weir lag -g "$group-c" -g "$group-a" --format json
	assert_status 78
	[[ $stderr =~ ^"weir lag: group '$group-c' does not exist; did you mean '$group-"[ab]"'? (\`weir lag --all-groups\` lists them)"$ ]]
	[ "${#lines[@]}" = 2 ]
}

@test "a misspelt group: the one that is nearest, with a topic, too" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	produce "$topic" 0 3
	kadmin commit "$group-clicks" "$topic" 0 2
	run_weir lag -g "$group-clikcs"
	assert_status 78
	assert_stderr_contains "group '$group-clikcs' does not exist; did you mean '$group-clicks'?"
	run_weir lag -g "$group-Clicks" "$topic"
	assert_status 0
	assert_stderr_contains "group '$group-Clicks' does not exist; did you mean '$group-clicks'?"
}

@test "--all-groups: many groups, and none in a topic that nobody reads" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	run_weir lag --all-groups "$topic"
	assert_status 1
	assert_output ''
	assert_stderr 'weir lag: no group has a position in these topics'
	for i in $(seq 30); do
		kadmin commit "$group-$i" "$topic" 0 0
	done
	assert_equal "$(weir lag --all-groups --format json | jq -r .group | grep -cx -- "$group-[0-9]*")" 30
	wait_for 30 sums_are '- 30 0 0 0 0' --all-groups "$topic" --max-lag 0
}

@test "names with blanks, quotes, backslashes and other letters" {
	local topic group=$'a "b"\\c\xc3\xa9 '$RANDOM
	topic=$(new_topic)
	kadmin commit "$group" "$topic" 0 0
	assert_equal "$(weir lag -g "$group" --format json | jq -r .group)" "$group"
	run_weir lag -g "$group"
	assert_success
	[[ "$(sed -n 2p <<<"$output")" == "$group  $topic "* ]]
	assert_equal "$(sed -n 1p <<<"$output" | awk '{ print index($0, "topic") }')" $((${#group} + 3))
	run_weir lag -g "$group" --format prometheus
	assert_success
	assert_output_contains 'kafka_consumergroup_group_lag{group="a \"b\"\\c'$'\xc3\xa9'" ${group##* }\",topic=\"$topic\",partition=\"0\"} 0"
}

@test "groups of others with names that none of ours can have: --all-groups shows them" {
	local topic
	topic=$(new_topic)
	kadmin commit $'a\tb' "$topic" 0 0
	assert_equal "$(weir lag --all-groups --format json "$topic" | jq -c .group)" '"a\tb"'
	assert_equal "$(weir lag --all-groups "$topic" | awk 'NF == 9 { print $1 }')" $'group\na\\x09b'
}

@test "the member that reads a partition" {
	local topic group
	topic=$(new_topic 2) group=$(unique_group)
	produce "$topic" 0 5
	kadmin commit "$group" "$topic" 0 0
	start_bg reader kcat -G "$group" -b "$WEIR_TEST_KAFKA" -X client.id=somebody -X auto.offset.reset=earliest "$topic"
	has_members() {
		[ "$(rows -g "$group" 2>"$BATS_TEST_TMPDIR/err" | grep -c '"somebody-[0-9a-f-]*"\]$')" = 2 ]
	}
	wait_for 20 has_members
	assert_equal "$(weir lag -g "$group" | tail -1 | awk '{ print $2, $6 }')" '2 1'
	stop_bg reader
	members_gone() {
		[ "$(rows -g "$group" | grep -c ',null\]$')" = 2 ]
	}
	wait_for 20 members_gone
}

@test "a deleted topic of a group fails nothing" {
	local a b group
	a=$(new_topic) b=$(new_topic) group=$(unique_group)
	kadmin commit "$group" "$a" 0 0
	kadmin commit "$group" "$b" 0 0
	kadmin delete "$b"
	is_gone() { ! weir topics "$b" 2>/dev/null; } # the broker, too, hears of it only after a moment
	wait_for 20 is_gone
	# Kafka forgets the group's position after a while; until then, the row has no ends
	for _ in 1 2 3 4 5; do
		run_weir lag -g "$group" --format json --max-lag 0
		assert_status 0
		assert_equal "$(jq -c "select(.topic == \"$a\") | [.committed, .lag]" <<<"$output")" '[0,0]'
		assert_equal "$(jq -c "select(.topic == \"$b\" and .lag != null)" <<<"$output")" ''
	done
}

@test "an open transaction: the end is the high watermark; with read_committed it is before the transaction" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	produce "$topic" 0 3
	kadmin commit "$group" "$topic" 0 3
	mkfifo "$BATS_TEST_TMPDIR/in"
	start_bg writer kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p 0 -X "transactional.id=$topic" <>"$BATS_TEST_TMPDIR/in"
	# enough to get out of kcat's buffer
	seq 100000 >"$BATS_TEST_TMPDIR/in"
	grown() {
		[ "$(rows -g "$group" | jq '.[3] > 1000')" = true ]
	}
	wait_for 30 grown
	assert_equal "$(rows -g "$group" | jq -c '[.[1], .[4] == .[3] - 3]')" '[3,true]'
	assert_equal "$(rows -g "$group" -X isolation.level=read_committed)" '[0,3,0,3,0,0,null]'
	stop_bg writer KILL
	# a new writer of the same name ends the transaction; both ends are now after the control records, which count
	echo x | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic" -p 0 -X "transactional.id=$topic"
	closed() {
		[ "$(rows -g "$group" -X isolation.level=read_committed)" = "$(rows -g "$group")" ]
	}
	wait_for 30 closed
	assert_equal "$(rows -g "$group" | jq '.[3] > 1000')" true
}

@test "Prometheus: every line is what the format allows, and the values are right" {
	local topic group
	topic=$(new_topic 3) group=$(unique_group)
	produce "$topic" 0 10
	produce "$topic" 1 20
	kadmin commit "$group" "$topic" 0 4
	kadmin commit "$group" "$topic" 1 5
	kadmin delete-records "$topic" 1 8
	run_weir lag -g "$group" --format prometheus
	assert_success
	awk '
		/^# HELP [a-z_]+ [^\\]+$/ { name = $3; next }
		/^# TYPE [a-z_]+ gauge$/ { if ($3 != name || seen[name]++) { print "bad: " $0; bad = 1 }; next }
		/^[a-z_]+\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\} [0-9]+$/ {
			if (substr($0, 1, length(name) + 1) != name "{") { print "elsewhere: " $0; bad = 1 }
			next
		}
		{ print "bad: " $0; bad = 1 }
		END { exit bad }' <<<"$output"
	metric() { # metric NAME LABEL...: its value
		local name=$1
		shift
		grep -F -- "$name{$*} " <<<"$output" | sed 's/.* //'
	}
	local labels="group=\"$group\",topic=\"$topic\""
	assert_equal "$(metric kafka_partition_latest_offset "topic=\"$topic\",partition=\"1\"")" 20
	assert_equal "$(metric kafka_partition_earliest_offset "topic=\"$topic\",partition=\"1\"")" 8
	assert_equal "$(metric kafka_consumergroup_group_offset "$labels,partition=\"0\"")" 4
	assert_equal "$(metric kafka_consumergroup_group_lag "$labels,partition=\"0\"")" 6
	assert_equal "$(metric kafka_consumergroup_group_lag "$labels,partition=\"1\"")" 12
	assert_equal "$(metric kafka_consumergroup_group_lag "$labels,partition=\"2\"")" ''
	assert_equal "$(metric kafka_consumergroup_group_lost "$labels,partition=\"1\"")" 3
	assert_equal "$(metric kafka_consumergroup_group_topic_sum_lag "$labels")" 18
	assert_equal "$(metric kafka_consumergroup_group_sum_lag "group=\"$group\"")" 18
	assert_equal "$(metric kafka_consumergroup_group_max_lag "group=\"$group\"")" 12
	assert_equal "$(metric kafka_consumergroup_group_unknown_partitions "group=\"$group\"")" 1
}

@test "hundreds of partitions" {
	local topic group
	topic=$(new_topic 300) group=$(unique_group)
	kadmin commit "$group" "$topic" 299 0
	run_weir lag -g "$group" --format json
	assert_success
	[ "${#lines[@]}" = 300 ]
	assert_equal "$(jq -r 'select(.log_end == 0) | .partition' <<<"$output")" "$(seq 0 299)"
}

@test "by SASL over TLS; a wrong password is 78" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	produce "$topic" 0 2
	kadmin commit "$group" "$topic" 0 1
	run_weir lag -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -g "$group" --format json
	assert_success
	assert_equal "$(jq .lag <<<"$output")" 1
	run_weir lag -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X sasl.password=Geheim -g "$group"
	assert_status 78
	assert_output ''
	[[ $stderr != *Geheim* ]]
	assert_stderr_contains 'uthentication'
}

@test "properties from a file that can be read once only" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	kadmin commit "$group" "$topic" 0 0
	run_sh "env -u WEIR_BROKERS weir lag -F <(echo bootstrap.servers=$WEIR_TEST_KAFKA) -g $group --format json"
	assert_success
	assert_equal "$(jq .lag <<<"$output")" 0
}

@test "a full device, and a reader that is gone" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	kadmin commit "$group" "$topic" 0 0
	for format in table json prometheus; do
		run_sh "weir lag -g $group --format $format >/dev/full"
		assert_status 75
		assert_stderr 'weir lag: cannot write standard output: No space left on device'
	done
	run_sh "weir lag -g $group --max-lag 0 >/dev/full"
	assert_status 75
	run_sh "weir lag -g $group | :"
	[ "$status" = 141 ] || [ "$status" = 0 ]
	assert_stderr ''
}

@test "a share group is there, but is not a consumer group: 78, and not that it does not exist" {
	local topic group
	topic=$(new_topic) group=$(unique_group)
	start_bg share java -Xshare:auto -XX:TieredStopAtLevel=1 -cp "${WEIR_TEST_CA%/*}/libs/*" \
		org.apache.kafka.tools.consumer.ConsoleShareConsumer \
		--bootstrap-server "$WEIR_TEST_KAFKA" --topic "$topic" --group "$group"
	told() {
		weir lag -g "$group" 2>&1 | grep -q 'is not a consumer group'
	}
	wait_for 60 told
	run_weir lag -g "$group"
	assert_status 78
	assert_output ''
	assert_stderr "weir lag: group '$group' is not a consumer group (a share group?): it has no positions"
	run_weir consume -g "$group" "$topic"
	assert_status 78
}

@test "a wrong password with --all-groups: 78 before --timeout, with the reason" {
	run_weir lag -b "$WEIR_TEST_KAFKA_SASL" "${sasl[@]}" -X sasl.password=wrong --all-groups --timeout 60s
	assert_status 78
	assert_stderr_contains 'Authentication failed'
}

@test "on a terminal the names are bold and the partition that is furthest behind is red, in a pipe nothing is" {
	local topic group red=$'\e[1;31m' bold=$'\e[1m' end=$'\e[0m' plain
	unset NO_COLOR
	export TERM=xterm
	topic=$(new_topic 3) group=$(unique_group)
	produce "$topic" 0 3
	produce "$topic" 1 9
	produce "$topic" 2 5
	kadmin commit "$group" "$topic" 0 1
	kadmin commit "$group" "$topic" 1 2
	kadmin commit "$group" "$topic" 2 1
	plain=$(weir lag -g "$group")
	assert_equal "$(on_terminal "weir lag -g $group")" \
		"$(sed -E "1s/.*/$bold&$end/; s/^group +partitions.*/$bold&$end/; 3s/.*/$red&$end/" <<<"$plain")"
	assert_equal "$(on_terminal "weir lag -g $group | cat")" "$plain"
	assert_equal "$(NO_COLOR=1 on_terminal "weir lag -g $group")" "$plain"
	kadmin commit "$group" "$topic" 0 3
	kadmin commit "$group" "$topic" 1 9
	kadmin commit "$group" "$topic" 2 5
	assert_equal "$(on_terminal "weir lag -g $group" | grep -cF "$red")" 0 # nothing is behind
}
