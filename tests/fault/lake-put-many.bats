#!/usr/bin/env bats
# Several tables of one stream, and kill -9 between and within their commits: each record once in its table.
load ../lib/weir
load ../lib/lake

setup() {
	export MARKER=$BUILD/servers/marker
	cd "$BATS_TEST_TMPDIR" || return
	killed=$BUILD/kill/bin/lake-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
	. "$WEIR_ROOT/tests/lib/python.bash"
	python_locate
	seq 24 | awk '{ printf "{\"topic\":\"%s\",\"n\":%d}\n", substr("cab", $1 % 3 + 1, 1), $1 }' >in
}

of() { # of TOPIC: its records
	grep -F "\"topic\":\"$1\"" in >"$1.want"
	echo "$1.want"
}

assert_raw() {
	for topic in a b c; do
		assert_lake "lake/$topic" "$(of "$topic")" || return
	done
}

assert_delta() {
	for topic in a b c; do
		"$python_home/bin/python3" "$WEIR_ROOT/tests/lib/deltaread.py" "lake/$topic" || return
	done | jq -c '{topic, n}' | LC_ALL=C sort >rows
	LC_ALL=C sort in >rows.want
	assert_files_equal rows rows.want
}

# The marked stream; the first commit has 12 records, and the second one the others.
go_on() { # go_on LAKE-PUT-OPTIONS
	"$MARKER" -t a,b,c -n 6 <in 2>err | weir lake-put --commit-records 12 "$@" 'lake/{.topic}'
}

at() { # at POINT LAKE-PUT-OPTIONS: kill the first run there, run once more, and say where that began
	local -a options=("${@:2}")
	rm -rf lake
	run_sh "\$MARKER -t a,b,c -n 6 <in 2>err | WEIR_KILL_AT=$1 $killed --commit-records 12 ${options[*]@Q} 'lake/{.topic}'"
	assert_status 137 || return
	go_on "${@:2}" || return
	echo "$1: $(grep ^at err | tr '\n' ' ')"
}

@test "killed at each step of the first and the second commit of three raw tables" {
	for point in locked:2 stage-written:3 staged:{1,2,3,5} before-commit:{1,2,3,5} committed:{1,2,3,4,5} \
		between-tables:{1,2,3,4} before-publish:{1,2,5} after-publish:{1,2,6} published:{1,2,5} before-ack:{1,2,3}; do
		at "$point" || fail "$point"
		assert_raw || fail "$point"
	done
}

@test "between two commits the tables are at different positions, and each goes on from its own" {
	at between-tables:1
	assert_equal "$(grep ^at err)" $'at a 4\nat b -1\nat c -1'
	at between-tables:2
	assert_equal "$(grep ^at err)" $'at a 4\nat b 4\nat c -1'
	at between-tables:3
	assert_equal "$(grep ^at err)" $'at a 8\nat b 4\nat c 4'
	assert_raw
	assert_equal "$(lake_commits lake/a),$(lake_commits lake/c)" 2,2
	weir lake-check lake/a
	weir lake-check lake/c
}

@test "killed at each step of the commits of three Delta tables" {
	for point in staged:2 files-there:3 before-commit:2 committed:{1,5} between-tables:{1,2,3} before-ack:2; do
		at "$point" --table delta --schema 'topic string, n int' || fail "$point"
		assert_delta || fail "$point"
	done
}

@test "killed again and again: the table that is behind catches up" {
	rm -rf lake
	for point in between-tables:1 between-tables:1 staged:1 committed:1 committed:2 between-tables:2 before-publish:1; do
		run_sh "\$MARKER -t a,b,c -n 3 <in 2>err | WEIR_KILL_AT=$point $killed --commit-records 6 'lake/{.topic}'"
		echo "$point: $status $(grep ^at err | tr '\n' ' ')"
	done
	go_on
	assert_raw
}

@test "a plain stream with --id, killed between two tables: a second run stores the others" {
	for point in staged:2 between-tables:1 committed:1 committed:2 between-tables:2 before-publish:1 after-publish:2; do
		rm -rf lake
		run_sh "WEIR_KILL_AT=$point $killed --id i 'lake/{.topic}' in"
		assert_status 137
		run_weir lake-put --id i 'lake/{.topic}' in
		assert_status 0
		assert_raw || fail "$point"
	done
}

is_stopped() { # is_stopped PID
	[[ $(cut -d ' ' -f 3 "/proc/$1/stat") == T ]]
}

@test "a zombie that is stopped between its tables, and wakes up when another run has gone on" {
	head -n 12 in >first
	mkfifo pipe
	for point in before-commit:1 between-tables:1 before-commit:2; do
		rm -rf lake
		"$MARKER" -t a,b,c -n 6 <first >pipe 2>zombie.err &
		local source=$!
		WEIR_STOP_AT=$point "$killed" 'lake/{.topic}' <pipe 2>zombie.say &
		local zombie=$! status=0
		wait_for 30 is_stopped $zombie
		go_on
		kill -CONT $zombie
		wait $zombie || status=$?
		assert_equal $status 75
		grep -q 'another writer has committed past it' zombie.say || fail "$point: $(cat zombie.say)"
		wait $source || true
		assert_raw || fail "$point"
	done
}
