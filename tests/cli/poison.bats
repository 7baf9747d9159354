#!/usr/bin/env bats
# If a filter or sink of a marked stream refuses a record, the pipeline cannot go on; so the message says where the
# record was read, and the command in it prints the record.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
}

# 60 records in each of three partitions, the poison in one of them; sets $topic.
poisoned_topic() { # poisoned_topic POISON
	topic=$(new_topic 3)
	for p in 0 1 2; do
		seq 60 | sed "s/.*/{\"ts\":17000000&,\"p\":$p}/" | if [ $p = 1 ]; then sed "33s/.*/$1/"; else cat; fi |
			weir produce -p $p "$topic"
	done
}

sink() { # sink PROGRAM: the end of the pipeline after it
	[ "${1%% *}" = lake-put ] || echo '| weir ack'
}

commands() { # the commands that standard error names
	sed -n 's/^weir [a-z-]*: topic .*, offsets\{0,1\} .*: \(weir consume .*\)/\1/p' <<<"$stderr"
}

# The printed commands print the poison, once.
assert_found() { # assert_found TEXT
	commands >printed
	[ -s printed ]
	cat printed
	bash -e printed >shown
	assert_equal "$(jq -r .value shown | grep -cF -- "$1")" 1
}

@test "three partitions, a poisoned record: the printed commands show it, and no other batch" {
	poisoned_topic '{"ts":oops'
	for program in "filter '.p >= 0'" "clean --max-rejects 0 -e 'require .ts'" "aggregate 's=sum(.p)'" \
		'lake-put --partition-by d=%F --time .ts lake'; do
		run_sh "weir consume -g $(unique_group) --batch 1h,150 --to end $topic | weir $program $(sink "$program") >out; echo \"\${PIPESTATUS[1]}\""
		assert_output 65
		assert_stderr_contains "weir ${program%% *}: that record begins '{\"ts\":oops'; nothing of its batch is acknowledged"
		assert_found '{"ts":oops'
		[ "$(wc -l <shown)" -le 150 ]
	done
}

@test "--format json: the very offset" {
	topic=$(new_topic 3)
	for p in 0 1 2; do
		seq 60 | sed "s/^/2026-01-01T00:00:00Z\t/" | if [ $p = 2 ]; then sed '33s/^[^\t]*/never/'; else cat; fi |
			weir produce -K '\t' -p $p "$topic"
	done
	run_sh "weir consume -g $(unique_group) --batch 1h,150 --to end --format json $topic |
		weir lake-put --partition-by d=%F --time .key lake; echo \"\${PIPESTATUS[1]}\""
	assert_output 65
	assert_stderr_contains "topic '$topic', partition 2, offset 32: weir consume -p 2 --from 32 --to 33 --format json $topic"
	assert_found 33
	grep -q '"key":"never"' shown
	assert_equal "$(wc -l <shown)" 1
}

@test "every filter and sink says it; a record is shown escaped and cut" {
	printf '1\n2\n{"a\x1b[31m":"%s\n' "$(printf 'x%.0s' {1..200})" >in
	for program in 'filter .a' 'aggregate -g .a count' 'clean --max-rejects 0 -e "require .a"' 'detect --all --strict --state none --value .a zscore' \
		'lake-put --partition-by d=%F --time .a T'; do
		run_sh "\$MARKER -n 10 -w 3000 <in 2>err | weir $program $(sink "$program") >out; echo \"\${PIPESTATUS[1]}\""
		assert_output 65
		assert_stderr_contains "weir ${program%% *}: topic 't', partition 0, offsets 0 to 2: weir consume -p 0 --from 0 --to 3 --format json t"
	done
	run_sh '(head -c 2000000 /dev/zero | tr "\0" "\33"; echo) | $MARKER -w 3000 2>err | weir split --max-record 1M | weir ack >out; echo "${PIPESTATUS[2]}"'
	assert_output 65
	assert_stderr_contains "weir split: that record begins '\\x1b\\x1b"
	assert_stderr_contains "...'; nothing of its batch is acknowledged"
}

@test "the end of the batch does not come: the filter ends without it, after a line that says what it waits for" {
	mkfifo hold
	"$MARKER" -n 10 <hold 2>err 3>&- | { weir filter .a 2>message || echo $? >status; } | weir ack >out 2>err2 3>&- &
	exec 5>hold
	printf '{"a":1}\nno json\n' >&5
	wait_for 10 grep -q 'reading on to the end of the batch, which says where that record came from' message
	wait_for 20 grep -q 'the end of its batch has not come, so where it was read is not known' message
	wait_for 10 test -s status
	assert_equal "$(cat status)" 65
	exec 5>&-
}

@test "a source that dies before the end of the batch: 65 at once" {
	run_sh 'printf "{\"a\":1}\nno json\n" | $MARKER -k -n 10 2>err | weir filter .a 2>message | weir ack >out; echo "${PIPESTATUS[2]}"'
	assert_output 65
	grep -q 'the end of its batch has not come' message
}

@test "the command is one that a shell takes as it is meant: odd names, offsets at the limits" {
	says() { # says TOPIC RECORD FROM TO TEXT: standard error of filter has the line TEXT
		printf '%s\n' S "R 0 0:-:$3" "$2" "B 1 0:$3:$4" 'F 1' | python3 "$WEIR_ROOT/tests/lib/marks.py" --topic "$1" >in
		run_sh 'weir filter .a <in | cat >out; exit "${PIPESTATUS[0]}"'
		assert_status 65
		[ "$(grep -c "topic '" <<<"$stderr")" = 1 ]
		grep -qxF -- "weir filter: topic '$1', partition 0, $5" <<<"$stderr" || fail "$stderr"
	}
	says -t x 3 5 'offsets 3 to 4: weir consume -p 0 --from 3 --to 5 --format json -- -t'
	says t x 3 4 'offset 3: weir consume -p 0 --from 3 --to 4 --format json t'
	says 'a $(id);b' x 3 5 'offsets 3 to 4'
	says "x'y" x 3 4 'offset 3'
	says 'x\u001b\"' x 3 4 'offset 3'
	# a record that claims the highest possible offset, or an offset outside of its batch
	for offset in 9223372036854775807 9223372036854775808 5 -1 '"3"'; do
		says t "{\"topic\":\"t\",\"partition\":0,\"offset\":$offset,x" 3 5 'offsets 3 to 4: weir consume -p 0 --from 3 --to 5 --format json t'
	done
	says t '{"topic":"t","partition":0,"offset":4,x' 3 5 'offset 4: weir consume -p 0 --from 4 --to 5 --format json t'
}
