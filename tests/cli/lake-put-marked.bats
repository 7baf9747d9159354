#!/usr/bin/env bats
# lake-put on marked streams: when it commits, what it refuses, what it reports. `marker` replaces consume --batch.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/lake

setup() {
	export MARKER=$BUILD/servers/marker REMARK="$WEIR_ROOT/tests/lib/marks.py --change"
	cd "$BATS_TEST_TMPDIR" || return
}

remark() { # remark REGEX REPLACEMENT [COUNT]
	"$WEIR_ROOT/tests/lib/marks.py" --change "$@"
}

# The numbers of records of the table's commits, one per line.
commits() { # commits DIR
	local entry
	for entry in "$1"/_weir_log/*.json; do
		jq -s 'map(.add // empty | .stats | fromjson | .numRecords) | add // 0' "$entry"
	done
}

# Where the table is, as lake-cat tells it: topic, partition, offset, group.
assert_positions() { # assert_positions DIR LINE...
	assert_equal "$(weir lake-cat --positions "$1" | sort)" "$(printf '%s\n' "${@:2}" | sort)"
}

@test "commits at --commit-records, --commit-bytes and --commit-every, at a flush and at F" {
	run_marked() { # run_marked LINES MARKER-OPTIONS LAKE-PUT-OPTIONS
		local -a source sink
		read -ra source <<<"$2"
		read -ra sink <<<"$3"
		rm -rf lake
		seq "$1" | "$MARKER" "${source[@]}" 2>err | weir lake-put "${sink[@]}" lake
		assert_lake lake <(seq "$1")
	}
	run_marked 7 '-n 2' '--commit-every 1h'
	assert_equal "$(commits lake)" 7
	run_marked 7 '-n 2' '--commit-every 1h --commit-records 3'
	assert_equal "$(commits lake)" $'4\n3'
	run_marked 8 '-n 2' '--commit-every 1h --commit-bytes 8' # two bytes a record
	assert_equal "$(commits lake)" $'4\n4'
	run_marked 5 '-n 2' '--commit-every 0'
	assert_equal "$(commits lake)" $'2\n2\n1'
	run_marked 5 '-n 2 -f' '--commit-every 1h'
	assert_equal "$(commits lake)" $'2\n2\n1'
}

@test "restarted, it goes on where the table is; what was acknowledged is committed" {
	seq 5 | "$MARKER" -n 2 2>err | weir lake-put lake
	grep -qx 'at -1' err
	assert_positions lake $'t\t0\t5\tg'
	seq 9 | "$MARKER" -n 2 2>err | weir lake-put lake
	grep -qx 'at 5' err
	assert_positions lake $'t\t0\t9\tg'
	assert_lake lake <(seq 9)
	seq 9 | "$MARKER" -n 2 2>err | weir lake-put lake # nothing is new: no commit
	grep -qx 'at 9' err
	assert_equal "$(lake_commits lake)" 2
}

@test "every group and partition keeps its position, in one entry, also as txn actions" {
	seq 4 | "$MARKER" -g one -t a 2>err | weir lake-put lake
	seq 6 | "$MARKER" -g one -t a -p 12 2>err | weir lake-put lake
	seq 8 | "$MARKER" -g 'two /é' -t b 2>err | weir lake-put lake
	assert_positions lake $'a\t0\t4\tone' $'a\t12\t6\tone' $'b\t0\t8\ttwo /é'
	assert_equal "$(jq -cs 'map(.txn // empty | [.appId, .version])' lake/_weir_log/*1.json)" '[["weir/one/a/12",6]]'
	rm lake/_weir_log/*0.json lake/_weir_log/*1.json # the head has everything
	assert_positions lake $'a\t0\t4\tone' $'a\t12\t6\tone' $'b\t0\t8\ttwo /é'
}

@test "a stream without F: what is committed stays, the rest is dropped, 75; the next run has it all" {
	run_sh 'seq 9 | $MARKER -k -n 2 2>err | weir lake-put --commit-records 4 lake'
	assert_status 75
	# if the source has ended before it gets an acknowledgement, that ends the sink
	[[ $stderr == *"the stream ended without its final mark: something before 'lake-put' died; what is not committed is dropped"* ||
		$stderr == *"cannot acknowledge to consume"* ]]
	assert_equal "$(lake_hidden lake)" ''
	lake_records lake | wc -l | grep -qx '[048]'
	seq 9 | "$MARKER" -n 2 2>err | weir lake-put lake
	assert_lake lake <(seq 9)
}

@test "batches without rows move the positions; the first one of a partition always" {
	seq 6 | "$MARKER" -n 2 2>err | weir each --ok 0,1 grep x | weir lake-put --commit-every 0 lake
	assert_positions lake $'t\t0\t6\tg'
	assert_equal "$(commits lake)" $'0\n0\n0'
	assert_lake lake /dev/null
	"$MARKER" -t empty </dev/null 2>err | weir lake-put lake
	assert_positions lake $'t\t0\t6\tg' $'empty\t0\t0\tg'
	"$MARKER" -t empty </dev/null 2>err | weir lake-put lake
	assert_equal "$(lake_commits lake)" 4
}

@test "a batch that does not begin where the one before it ended: 75, and nothing of it is committed" {
	for off in '{"t":{"0":[3,4]}}' '{"t":{"0":[1,4]}}' '{"t":{"0":[0,4]}}' '{"t":{"1":[2,4]}}' '{"u":{"0":[2,4]}}' '{"t":{"0":[2,4],"1":[0,1]}}'; do
		echo "$off"
		rm -rf lake
		run_sh "seq 6 | \$MARKER -n 2 2>err | \$REMARK '\"off\":..t.:..0.:\[2,4\]..' '\"off\":$off' 2>/dev/null | weir lake-put --commit-every 1h lake"
		assert_status 75
		assert_stderr_contains 'a batch begins at offset'
		[ ! -e lake ]
	done
}

@test "a position that somebody else has moved: 75, nothing is committed or left over; none equals only none" {
	seq 4 | "$MARKER" -n 2 2>err | weir lake-put lake
	for was in null 3 5 0; do
		echo "$was"
		run_sh "seq 6 | \$MARKER -n 2 2>err | \$REMARK '\"was\":..t.:..0.:4' '\"was\":{\"t\":{\"0\":$was' | weir lake-put lake"
		assert_status 75
		assert_stderr_contains "the lake is at offset 4 of t [0] for group g, not at"
		assert_stderr_contains "another writer has committed past it"
		run ! grep -q '^acked [1-9]' err
		assert_lake lake <(seq 4)
	done
	run_sh "seq 6 | \$MARKER -t new -n 2 2>err | \$REMARK '\"was\":..new.:..0.:null' '\"was\":{\"new\":{\"0\":0' | weir lake-put lake"
	assert_status 75
	assert_lake lake <(seq 4)
}

@test "a zombie: stopped while another pipeline takes its partition over, it commits nothing more" {
	mkfifo hold
	bash -o pipefail -c '$MARKER -f -n 2 <hold 2>err | weir lake-put lake 2>err2; echo "$?" >status' 3>&- &
	exec 5>hold
	seq 2 >&5
	wait_for 10 grep -qx 'acked 1' err
	seq 6 | "$MARKER" -n 2 2>err3 | weir lake-put lake # reads from 2 on
	grep -qx 'at 2' err3
	seq 3 4 >&5
	exec 5>&-
	wait_for 10 test -s status
	assert_equal "$(<status)" 75
	grep -q 'the lake is at offset 6 of t \[0\] for group g, not at 2: another writer has committed past it' err2
	assert_lake lake <(seq 6)
}

@test "pipelines with partitions of their own commit into one table at once" {
	local p pids=()
	for p in 0 1 2 3; do
		bash -o pipefail -c "seq $((p * 100 + 1)) $((p * 100 + 100)) | \$MARKER -f -n 5 -p $p 2>err.$p | weir lake-put lake 2>err2.$p" 3>&- &
		pids+=($!)
	done
	status=0
	for p in "${pids[@]}"; do wait "$p" || status=$?; done
	grep -hv '^acked' err.* err2.* || true
	assert_status 0
	assert_lake lake <(seq 400)
	assert_positions lake $'t\t0\t100\tg' $'t\t1\t100\tg' $'t\t2\t100\tg' $'t\t3\t100\tg'
}

@test "records that begin like marks, and with -0" {
	printf '\x17{"v":1,"k":"F"}\n\x10x\n\n\x17\n' >in
	"$MARKER" -n 3 <in 2>err | weir split --max-record 1M | weir lake-put lake
	assert_lake lake <(grep . in)
	rm -rf lake
	"$MARKER" -n 3 <in 2>err | weir lake-put --compress none lake
	cat lake/part-* | cmp - in
	tr '\n' '\0' <in | "$MARKER" -0 -n 3 2>err | weir lake-put -0 --compress none nul
	cat nul/part-* | cmp - <(tr '\n' '\0' <in)
}

@test "partitions by time over several batches: one file a partition and commit" {
	seq 1 60 | awk '{ printf "2026-11-%02d %d\n", 20 + $1 % 3, $1 }' >in
	"$MARKER" -n 10 <in 2>err | weir lake-put --partition-by dt=%F --time %F@1 --commit-records 20 lake
	assert_lake lake in
	assert_equal "$(find lake -name 'part-*' | wc -l)" 9
}

@test "a record without a readable time ends the pipeline before anything of its batch is committed" {
	{ seq 1 4 | sed 's/^/2026-11-22 /'; echo 'no time'; } >in
	run_sh '$MARKER -f -n 2 <in 2>err | weir lake-put --partition-by dt=%F --time %F@1 lake'
	assert_status 65
	assert_stderr_contains "batch 3, record 1: no time '%F@1' in 'no time'"
	assert_lake lake <(head -4 in)
	run ! grep -qx 'acked 3' err
	seq 5 8 | sed 's/^/2026-11-22 /' >>in
	run_sh '$MARKER -f -n 2 <in 2>err | weir lake-put --partition-by dt=%F --time %F@1 --on-bad-time none lake'
	assert_status 0
	assert_stderr "weir lake-put: 1 of 5 records without a readable time went into the partition 'none'"
	assert_lake lake in
}

@test "--stats: positions, commits, conflicts, records, bytes, the age of what is not committed" {
	mkfifo hold
	start_bg run bash -c "\$MARKER -n 2 <hold 2>err | \$REMARK '(\"k\":\"B\".*)' '\\1,\"ts\":[1000,2000]' | weir lake-put --commit-records 4 --commit-every 1h --stats stats.prom --compress none lake"
	exec 5>hold
	seq 1 2 >&5
	figure() { sed -n "s/^weir_lake_put_$1 //p" stats.prom 2>/dev/null; }
	waiting() { [[ $(figure oldest_uncommitted_seconds) -gt 1000000 ]]; } # the timestamps are of 1970
	wait_for 10 waiting
	assert_equal "$(figure commits_total)" 0
	seq 3 6 >&5
	exec 5>&-
	wait_bg run
	assert_status 0
	assert_equal "$(figure oldest_uncommitted_seconds)" 0
	assert_equal "$(figure commits_total) $(figure conflicts_total) $(figure records_total) $(figure bytes_total)" '2 0 6 12'
	grep -qx 'weir_lake_put_committed_position{group="g",topic="t",partition="0"} 6' stats.prom
	[ "$(grep -c '^# TYPE' stats.prom)" -eq 6 ]
	assert_equal "$(ls stats.prom*)" stats.prom
	run_sh "seq 9 | \$MARKER -f -n 2 2>err | \$REMARK '\"was\":..t.:..0.:6' '\"was\":{\"t\":{\"0\":5' | weir lake-put --stats stats.prom lake"
	assert_status 75
	assert_equal "$(figure conflicts_total)" 1
	mkfifo fifo
	run_sh "seq 9 | \$MARKER 2>err | weir lake-put --stats fifo lake2"
	[ "$status" -ne 0 ]
	assert_stderr_contains "cannot write 'fifo': not a regular file"
	[ -p fifo ]
	run_sh "seq 9 | \$MARKER 2>err | weir lake-put --stats /nonexistent/stats lake"
	assert_status 78
	assert_stderr_contains "cannot write '/nonexistent/stats"
}

@test "--id is for plain streams; a stream that is joined with others or names no group is refused" {
	run_sh 'seq 3 | $MARKER -w 1000 2>err | weir lake-put --id x --trust-eof lake'
	assert_status 2
	assert_stderr_contains '--id is for plain streams'
	seq 3 | "$MARKER" 2>err | tee saved | weir ack >/dev/null
	run_weir lake-put lake saved saved
	assert_status 65
	run_sh "seq 3 | \$MARKER -w 1000 2>err | \$REMARK '\"group\"' '\"grope\"' | weir lake-put lake"
	assert_status 65
	assert_stderr_contains 'does not name a group'
	[ ! -e lake ]
}

@test "members of marks that are not known yet change nothing; another version is refused" {
	seq 5 | "$MARKER" -n 2 2>err | remark '$' ',"new":{"a":[1]}' | weir lake-put lake
	assert_lake lake <(seq 5)
	run_sh "seq 5 | \$MARKER -n 2 -w 1000 2>err | \$REMARK '\"v\":2' '\"v\":3' | weir lake-put lake"
	assert_status 65
	assert_stderr_contains 'marks of a version other than 2'
}

@test "SIGTERM and SIGINT are noted: it goes on until F and commits all; a second one, a second later, kills" {
	for signal in TERM INT; do
		rm -rf lake pid err hold
		mkfifo hold
		start_bg "run$signal" bash -c "\$MARKER -f -n 1 <hold 2>err | bash -c 'echo \$\$ >pid; exec weir lake-put lake'"
		exec 5>hold
		echo 1 >&5
		wait_for 10 grep -qx 'acked 1' err
		kill -$signal "$(<pid)"
		kill -TERM "$(<pid)" # as timeout(1) does, which signals its child and then the group
		echo 2 >&5
		wait_for 10 grep -qx 'acked 2' err
		exec 5>&-
		wait_bg "run$signal"
		assert_status 0
		assert_lake lake <(seq 2)
	done
	rm -rf hold lake pid err # earlier messages must not be found again
	mkfifo hold
	bash -c '$MARKER -f -n 1 <hold 2>err | bash -c "echo \$\$ >pid; exec weir lake-put lake"; echo "${PIPESTATUS[@]}" >status' 3>&- &
	exec 5>hold
	seq 3 >&5
	wait_for 10 grep -qx 'acked 3' err
	kill -TERM "$(<pid)"
	sleep 1.1
	kill -TERM "$(<pid)"
	wait_for 10 test -s status
	exec 5>&-
	assert_equal "$(<status)" '75 143'
}

@test "the log says what was read of each partition, and whether a filter has changed the number" {
	what() { jq -c 'select(.commitInfo) | .commitInfo | [.read, .unchanged]' lake/_weir_log/*.json; }
	seq 5 | "$MARKER" -n 2 -f 2>err | weir lake-put lake
	assert_equal "$(what)" '[{"t":{"0":[0,2,2]}},true]
[{"t":{"0":[2,4,2]}},true]
[{"t":{"0":[4,5,1]}},true]'
	rm -rf lake
	seq 6 | "$MARKER" -n 2 -f 2>err | weir each --ok 0,1 grep -v 3 | weir lake-put lake
	assert_equal "$(what)" '[{"t":{"0":[0,2,2]}},true]
[{"t":{"0":[2,4,2]}},null]
[{"t":{"0":[4,6,2]}},true]'
	rm -rf lake
	seq 6 | "$MARKER" -n 2 2>err | weir each --ok 0,1 grep -v 3 | weir lake-put --commit-every 1h lake
	assert_equal "$(what)" '[{"t":{"0":[0,6,6]}},null]'
	seq 3 | weir lake-put lake
	assert_equal "$(what | tail -n 1)" '[null,null]'
	run_weir lake-check lake
	assert_success
}

@test "what a filter prints after the last batch is committed, too" {
	for option in '' -f; do
		rm -rf lake
		# shellcheck disable=SC2086
		seq 4 | "$MARKER" -n 2 $option 2>err | sed -u 's/^\x17{"v":2,"k":"F"/late\n&/' |
			remark '("k":"F".*"n":)0' '\g<1>1' | weir lake-put lake
		assert_lake lake <(seq 4; echo late)
		run_weir lake-check lake
		assert_success
	done
}

@test "a clock that goes back does not put commits off" {
	at() { printf '%s' "(\"k\":\"B\".*\"b\":$1,.*\"t\":).[0-9]+,[0-9]+."; }
	seq 6 | "$MARKER" -n 2 2>err | remark "$(at 1)" '\g<1>[100000,101000]' | remark "$(at 2)" '\g<1>[5000,6000]' |
		remark "$(at 3)" '\g<1>[15000,16000]' | weir lake-put --commit-every 10s lake
	assert_equal "$(commits lake)" 6 # by the third batch, with nothing left for F
	[ "$(lake_commits lake)" = 1 ]
	seq 8 | "$MARKER" -n 1 2>err | remark "$(at 1)" '\g<1>[100000,101000]' | remark "$(at 2)" '\g<1>[1000,12000]' |
		weir lake-put --commit-every 10s lake
	assert_equal "$(commits lake)" $'6\n2'
}

@test "--stats: the temporary file follows no link, and none is left" {
	mkdir pub
	echo precious >victim
	seq 5 | "$BUILD/servers/marker" 2>err | bash -c 'ln -s "$PWD/victim" pub/l.prom.$$; exec weir lake-put --stats pub/l.prom stats-lake'
	assert_equal "$(cat victim)" precious
	grep -q '^weir_lake_put_records_total 5$' pub/l.prom
	assert_equal "$(find pub -type f)" pub/l.prom
}
