#!/usr/bin/env bats
# A command that does not know marks may change a marked stream so that it looks plain to a sink, or is empty. Sinks
# then find the source that waits for them, up the pipeline, and refuse the input; unrelated plain pipelines are not
# affected.
# bats file_tags=long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	seq 5 >in
}

# A source whose sinks have WAIT ms, COMMAND, and lake-put; sets $codes of the source and of lake-put.
through() { # through COMMAND [WAIT]
	rm -rf T
	run_sh "\$MARKER -w ${2:-1000} <in 2>err | { $1 ; } 2>err.command | weir lake-put T; echo \"\${PIPESTATUS[0]} \${PIPESTATUS[2]}\""
	read -ra codes <<<"$output"
	[ ! -e T ] || assert_equal "$(lake_records T)$(lake_hidden T)" ''
}

no_sink() { # no_sink STATE
	grep -qE "^weir lake-put: standard input is not a marked stream, but the source before it \(process [0-9]+\) $1: " <<<"$stderr"
}

@test "a mark within the first records, with or without its ETB: 65" {
	for command in 'sed -u 1iheader' 'sed -u s/^/x/' "tr -d '\\027'" 'jq --unbuffered -R .' 'cut -c2-' 'cat -v' "tr -d '\\027\"'" \
		"tr -d '\\027' | tr a-z A-Z" 'nl' "tr -d '\\027' | python3 -c 'import json, sys; [print(json.dumps(json.loads(l))) for l in sys.stdin]'" \
		"awk '{print; print}' | tr '\\027' '#'"; do
		through "$command" 3000 # a sink may start slowly, and then nobody would wait any more
		assert_equal "${codes[1]}" 65
		assert_stderr_contains 'weir lake-put: standard input: among the first records is a damaged mark: a command in between changes the stream; run it with `weir each` (--plain takes it as data)'
	done
}

@test "grep that finds nothing, and commands that hold back, shorten or encode: 75, also when nothing comes" {
	for command in 'grep zzz' 'cat >/dev/null' 'gzip -c' 'wc -l' 'base64' 'od -c' 'cut -c20-' "awk '{print length}'" \
		'grep zzz | gzip -c' 'md5sum' 'echo header; grep zzz'; do
		through "$command"
		assert_equal "${codes[*]}" '75 75'
		no_sink '(waits for its sinks|has ended without a sink)'
	done
}

@test "FIFOs with names are pipes, too; a file that is written beside is none" {
	mkfifo one two
	run_sh '$MARKER -w 1500 <in 2>err >one & a=$!
		base64 <one >two & weir lake-put T <two; s=$?; wait $a; echo "$? $s"'
	assert_output '75 75'
	no_sink '(waits for its sinks|has ended without a sink)'
	[ ! -e T ]
	"$MARKER" -w 4000 <in 2>log >one 3>&- & # no sink ever answers this source
	local source=$!
	exec 5<one
	run_sh 'weir lake-put T <log'
	assert_status 0
	run_sh 'seq 9 >two & weir lake-put T2 <two'
	assert_status 0
	kill "$source"
	assert_lake T2 <(seq 9)
}

@test "a filter between: it passes nothing on, and the sink after it takes its end for no end" {
	for command in 'sed -u s/^/x/ | weir split' 'sed -u 1iheader | weir split' 'grep zzz | weir split' 'gzip -c | weir split' \
		'sed -u 1iheader | weir each cat | weir split'; do
		through "$command"
		assert_equal "${codes[1]}" 75
	done
}

@test "ack and produce refuse, too, before they pass anything on" {
	run_sh '$MARKER -w 500 <in 2>err | wc -l | weir ack >out; echo "${PIPESTATUS[2]}"'
	assert_output 75
	assert_files_equal out /dev/null
	weir mock-broker --topic t:1 --port-file port >/dev/null 3>&- &
	broker=$!
	wait_for 10 test -s port
	export WEIR_BROKERS
	WEIR_BROKERS=$(cat port)
	run_sh '$MARKER -w 1000 <in 2>err | wc -l | weir produce t; echo "${PIPESTATUS[2]}"'
	kill $broker
	assert_output 75
	assert_stderr_contains 'weir produce: standard input is not a marked stream, but the source before it'
}

@test "--plain takes what comes" {
	run_sh '$MARKER -w 500 <in 2>err | wc -l | weir lake-put --plain T; echo "${PIPESTATUS[2]}"'
	assert_output 0
	assert_lake T <(echo 1)
	run_sh '$MARKER -w 500 <in 2>err | tr -d "\027" | weir lake-put --plain U; echo "${PIPESTATUS[2]}"'
	assert_output 0
	lake_records U | grep -q '"k":"S"'
}

@test "a plain pipeline beside a marked one in one script, in all ways of the shell, is not refused" {
	# beside, in the background; in one group; after ack; with the marked one's source idle for good
	run_sh '$MARKER -w 3000 <in 2>err | weir lake-put A & seq 9 | weir lake-put B; s=$?; wait; exit $s'
	assert_status 0
	run_sh '{ $MARKER -w 3000 <in 2>err | weir lake-put A2 & seq 9; wait; } | weir lake-put B2'
	assert_status 0
	run_sh '$MARKER -w 3000 <in 2>err | weir ack | sed s/^/x/ | weir lake-put B3'
	assert_status 0
	assert_lake B3 <(sed s/^/x/ in)
	run_sh '$MARKER -w 3000 <in 2>err | { weir ack >acked; seq 9; } | weir lake-put B4'
	assert_status 0
	mkfifo out
	"$MARKER" -w 4000 <in >out 2>err.idle 3>&- & # no sink ever answers this source
	source=$!
	exec 5<out
	run_sh 'seq 9 | weir lake-put B5'
	assert_status 0
	kill $source
	for t in B B2 B4 B5; do
		assert_lake $t <(seq 9)
	done
	assert_lake A in
	assert_lake A2 in
}

@test "ordinary pipelines: text, empty, slow, and a marked stream as it should be" {
	for command in 'seq 9' 'true' 'seq 9 | base64' '(sleep 0.3; seq 9)' 'while read -r a; do echo "$a"; done <in'; do
		rm -rf T
		run_sh "$command | weir lake-put T"
		assert_status 0
		assert_equal "$stderr" ''
	done
	run_sh '$MARKER <in 2>err | weir split | weir lake-put M'
	assert_status 0
	assert_lake M in
}
