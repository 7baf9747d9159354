#!/usr/bin/env bats
# weir-guarantees(7): the ways to keep a pipeline running, taken from the manual's own text and run.
# bats file_tags=server,long
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/group
load ../lib/cron

setup() {
	group_setup
	topic=$(new_topic 2)
	block '^weir consume -g words' >words
	sed -i "s,-g words,-g $group,; s, lines , $topic ,; s,lake-put /lake/words,lake-put --commit-every 0 lake,; s,--batch 10s,--batch 200ms -X session.timeout.ms=6000," words
	grep -q "$group.* $topic " words
	HOSTNAME=$group
	export HOSTNAME
}

block() { # block REGEX [PAGE]: the literal text of the manual that begins with a line like this
	sed -n "\\,$1,,/^\\.Ed/p" "$WEIR_ROOT/man/${2:-weir-guarantees.7}" | sed '/^\.Ed/,$d; s/\\e/\\/g'
}

unit() { # unit NAME: its value in the systemd unit
	block '^\[Unit\]' | sed -n "s/^$1=//p"
}

# The run that the background command is, or has started.
runner() {
	local pid
	pid=$(<run.pid)
	[ "$(cat "/proc/$pid/comm")" = run ] || pid=$(pgrep -P "$pid" -x run)
	echo "$pid"
}

program() { # program NAME: that program of its pipeline
	local shell
	shell=$(pgrep -P "$(runner)" -x bash) && pgrep -P "$shell" -x "$1"
}

stop_alone() {
	kill -TERM "$(runner)"
}

stop_all() {
	local shell
	shell=$(pgrep -P "$(runner)")
	kill -TERM "$(runner)" "$shell" $(pgrep -P "$shell")
}

kill_member() { # kill_member NAME
	kill -9 "$(program "$1")" || true
}

kill_shell() {
	kill -9 "$(pgrep -P "$(runner)" -x bash)" || true
}

# Once everything has arrived, the lake has exactly 1 to N.
assert_whole() { # assert_whole N
	weir consume -g "$group" --batch 1s --to end "$topic" | weir lake-put lake
	assert_files_equal <(weir lake-cat lake | sort -n) <(seq "$1")
}

# Kill the programs one after the other while records arrive, then end by STOP; the words after STOP keep the pipeline
# running.
survive() { # survive STOP COMMAND...
	local i=0 name stop=$1
	shift
	start_bg run "$@"
	for name in 'kill_member lake-put' 'kill_member split' 'kill_member consume' kill_shell; do
		seq $((i * 1000 + 1)) $(((i + 1) * 1000)) | weir produce "$topic"
		i=$((i + 1))
		wait_for 60 lake_has lake $((i * 1000 - 500))
		$name
	done
	seq 4001 5000 | weir produce "$topic"
	wait_for 90 lake_has lake 5000
	wait_for 20 program consume
	seq 5001 6000 | weir produce "$topic"
	"$stop"
	wait_bg run 60
	assert_status 0
	assert_whole 6000 # the last ones may have come after the signal
	grep -q 'lake-put: killed by SIGKILL.*; again in' run.err
}

@test "the two lines of a script: whatever dies, it goes on, and each record is there once" {
	block '^weir run --restart --lock' | sed 's,/run/lock/words,lock,; s,/etc/weir/words,words,' >script
	grep -q 'lock lock words' script
	survive stop_alone bash script
}

# The command of the unit, with its environment; what systemd does about its end is judged by the test.
service() {
	local variable=WEIR_BROKERS
	[[ $(unit Environment) == "$variable=kafka:9092" ]]
	unit ExecStart | sed "s,^/usr/local/bin/weir,exec $BUILD/weir,; s,/etc/weir/words,words,"
}

@test "the unit: whatever dies, it goes on; stopped as its KillMode says" {
	assert_equal "$(unit KillMode) $(unit Restart) $(unit SuccessExitStatus)" 'mixed on-abnormal 1'
	assert_equal "$(unit After) $(unit Wants) $(unit User)" 'network-online.target network-online.target weir'
	survive stop_alone env PATH=/usr/bin:/bin bash -c "$(service)"
}

@test "the unit: all processes at once, as other supervisors do, ends it when what was read is committed" {
	seq 2500 | weir produce "$topic"
	sed -i 's/--commit-every 0/--commit-every 1h --commit-records 1000/; s/--batch 200ms/--batch 1h,100/' words
	start_bg run bash -c "$(service)"
	wait_for 40 lake_has lake 1000
	stop_all
	wait_bg run 60
	assert_status 0
	rows=$(weir lake-cat lake | wc -l)
	assert_equal "$(weir lake-cat --positions lake | awk '{ n += $3 } END { print n }')" "$rows"
	assert_equal "$(group_committed "$topic")" "$rows"
	assert_whole 2500
}

@test "status 1 is a good end in the script and in the unit; 78 is not tried again" {
	for text in 'echo {} | weir clean -e "require .a" --rejects x' 'weir consume --to end no-such-topic'; do
		echo "$text" >words
		wanted=1
		[[ $text == *clean* ]] || wanted=78
		run_sh "$(service)"
		assert_status "$wanted"
		block '^weir run --restart --lock' | sed 's,/run/lock/words,lock,; s,/etc/weir/words,words,' >script
		run_logged bash script
		[ $wanted != 78 ] || assert_status 1 # that of the last command, which says no
		[ $wanted != 1 ] || assert_status 0
	done
}

@test "a container: process 1, with the lines of its file; TERM to it alone" {
	needs_mounts
	namespace=("${mount_namespace[@]}" --pid --fork --mount-proc)
	entry=$(block '^ENTRYPOINT' | sed -n '/^ENTRYPOINT/,/[^\\]$/p' | sed 's/^ENTRYPOINT //; s/\\$//')
	mapfile -t entry < <(jq -r '.[]' <<<"$entry" | sed "s,/tmp/health,health,; s,/etc/weir/words,words,")
	probe=$(block '^HEALTHCHECK' | sed -n '/^HEALTHCHECK/,$p' | sed 's/^HEALTHCHECK CMD//; s,/tmp/health,health,')
	assert_equal "${entry[*]}" 'weir run --restart --health health words'
	seq 1000 | weir produce "$topic"
	start_bg run "${namespace[@]}" "${entry[@]}"
	wait_for 40 lake_has lake 1000
	sh -c "$probe"
	kill -9 "$(program split)"
	seq 1001 2000 | weir produce "$topic"
	wait_for 60 lake_has lake 2000
	seq 2001 3000 | weir produce "$topic"
	stop_alone
	wait_bg run 60
	assert_status 0
	run sh -c "$probe"
	[ "$status" -ne 0 ]
	assert_whole 3000
}

cron() { # cron REGEX [PAGE]: run the line of the manual's crontab that matches
	block '^PATH=/usr/local' "${2:-}" |
		sed -E "s,/usr/local/bin,$BUILD,; s,/run/lock/,lock-,; s,/etc/weir/,,; s,-g [a-z]*,-g $group,
			s, (lines|clicks) , $topic ,; s,kafka:9092,$WEIR_BROKERS," | cron_run "$1"
}

@test "cron: the nightly pipeline stores each record once, however often it is started" {
	block '^weir consume -g nightly' | sed "s,-g nightly,-g $group,; s, clicks , $topic ,; s,/lake/clicks,lake," >nightly
	grep -q "dt=%F.* lake$" nightly
	seq 1000 | jq -c '{id: ., ts: (1.79e9 + . * 600 | todate)}' >rows
	weir produce "$topic" rows
	run_logged cron nightly
	assert_status 0
	assert_files_equal <(weir lake-cat lake | sort) <(sort rows)
	[ "$(find lake -path '*/dt=2026-*' -name 'part-*' | wc -l)" -ge 7 ]
	run_logged cron nightly
	assert_status 0
	assert_files_equal <(weir lake-cat lake | sort) <(sort rows)
	# a run that takes longer than a night
	start_bg run weir run --lock lock-nightly -c 'touch ready; sleep 60'
	wait_for 10 test -e ready
	run_logged cron nightly
	assert_status 75
	assert_stderr_contains 'is locked by another run'
	stop_bg run
}

@test "cron: a line that mails when a group is behind" {
	seq 20000 | weir produce -p 0 "$topic"
	weir consume -g "$group" --to end -n 1 "$topic"
	run_logged cron 'weir lag'
	assert_status 1
	[ -n "$stderr" ]
	weir consume -g "$group" --to end "$topic" >/dev/null
	run_logged cron 'weir lag'
	assert_success
	run_logged cron 'weir lag' weir-lag.1
	assert_success
	seq 20000 | weir produce -p 0 "$topic"
	run_logged cron 'weir lag' weir-lag.1
	assert_status 1
	[ -n "$stderr" ]
}

@test "a plain pipeline into gzip: Ctrl-C loses nothing" {
	sed -n "/^weir run -c .*gzip/p" "$WEIR_ROOT/man/weir-run.1" |
		sed "s,-g logs logs,-g $group $topic,; s/^/exec /" >line
	grep -q "$group $topic" line
	seq 5000 | weir produce "$topic"
	start_bg run bash line
	wait_for 40 has_committed "$topic" 5000
	kill -INT -- "-$(<run.pid)" # the foreground process group, as a terminal does
	wait_bg run
	assert_status 0
	assert_files_equal <(gzip -dc logs.gz | sort -n) <(seq 5000)
}

@test "two at once with --lock: one is refused, and what the other does is whole" {
	start_bg run weir run --restart --lock lock words
	seq 1000 | weir produce "$topic"
	wait_for 40 lake_has lake 1000
	run_logged weir run --restart --lock lock words
	assert_status 75
	stop_alone
	wait_bg run 60
	assert_status 0
	assert_whole 1000
}
