#!/usr/bin/env bats
# State that survives a crash: which state a restart uses, what is refused, and the effect of a failing write. The
# program is clean with dedupe; the rules are those of every program with --state.
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/marked

setup() {
	export MARKS=$WEIR_ROOT/tests/lib/marks.py
	cd "$BATS_TEST_TMPDIR" || return
}

# The result of clean for the marked stream of SCRIPT: its exit status and the records.
expect() { # expect STATUS RECORDS SCRIPT [OPTION...]
	marked_run "${@:1:3}" clean --input tsv -e 'dedupe $1 within 1h' --state state "${@:4}"
}

@test "state: a restart gets the state of the offsets from which it starts" {
	expect 1 'a b c ' 'S\nR 0 0:-:0\na\nb\na\nB 1 0:0:3\nc\na\nB 2 0:3:5\nF 2\n'
	[[ $(cat err) == *"'state' holds no state yet; beginning with empty state"* ]]
	# the sink has batch 1 only: c is new again
	expect 1 'c d ' 'S\nR 0 0:3:3\na\nc\nd\nB 1 0:3:6\nF 1\n'
	[[ $(cat err) != *empty* ]]
	# it has both
	expect 1 'e ' 'S\nR 0 0:6:6\na\nc\nd\ne\nB 1 0:6:10\nF 1\n'
	# it has nothing: the empty state of the first start
	expect 0 'a b ' 'S\nR 0 0:-:0\na\nb\nB 1 0:0:2\nF 1\n'
	# offsets that no batch had
	expect 78 '' 'S\nR 0 0:4:4\na\nB 1 0:4:5\nF 1\n'
	[[ $(cat err) == *"'state' has no state for where the run starts (topic 't', partition 0: offset 4 of batch 4 of run 0000000000000001; its newest state: offset "*"); "*--reset-state* ]]
	run ! grep -aq '"k":"R"' marked
	expect 0 'a ' 'S\nR 0 0:4:4\na\nB 1 0:4:5\nF 1\n' --reset-state
	[[ $(cat err) == *'beginning with empty state (--reset-state)'* ]]
	# after that it is a state like any other
	expect 1 'x ' 'S\nR 0 0:5:5\na\nx\nB 1 0:5:7\nF 1\n'
}

@test "state: an empty directory, but a sink that holds offsets" {
	expect 78 '' 'S\nR 0 0:7:7\na\nB 1 0:7:8\nF 1\n'
	[[ $(cat err) == *"(topic 't', partition 0: offset 7 of batch 7 of run 0000000000000001; it holds none of a marked stream); "* ]]
	expect 0 'a ' 'S\nR 0 0:7:7\na\nB 1 0:7:8\nF 1\n' --reset-state
	rm -r state
	# no sink holds positions, but the group has one: it is used
	expect 0 'a ' 'S\nR 0 0:-:7\na\nB 1 0:7:8\nF 1\n'
}

@test "state: two runs have cut at one offset: the state of the run that was committed counts" {
	expect 1 'a b ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\na\nb\nB 2 0:1:3\nF 2\n'
	# the next run cuts at 3, too, but has read other batches before
	expect 1 'x ' 'S\nR 0 0:1:1\na\nx\nB 1 0:1:3:5.1\nF 1\n'
	# the table has the batch of the first run: b is known, x is new
	expect 1 'x ' 'S\nR 0 0:3:3\nb\nx\nB 1 0:3:5\nF 1\n'
	# or that of the second run
	expect 1 'b ' 'S\nR 0 0:3:3:5.1\nb\nx\nB 1 0:3:6\nF 1\n'
	# or that of a third run, or of none
	expect 78 '' 'S\nR 0 0:3:3:5.2\nb\nB 1 0:3:6\nF 1\n'
	[[ $(cat err) == *"offset 3 of batch 2 of run 0000000000000005; its newest state: offset 6 of batch 6 of run 0000000000000001"* ]]
	expect 78 '' 'S\nR 0 0:3:3:-\nb\nB 1 0:3:6\nF 1\n'
	[[ $(cat err) == *"offset 3, which belongs to no run;"*--reset-state* ]]
	expect 0 'b ' 'S\nR 0 0:3:3:-\nb\nB 1 0:3:6\nF 1\n' --reset-state
}

# Store up to LINES lines in the table, in batches of two; the status of clean must be STATUS.
feed() { # feed STATUS LINES [OPTION...]
	set +o pipefail
	seq "$2" | "$BUILD/servers/marker" -n 2 -f 2>/dev/null |
		weir clean --input tsv -e 'dedupe $1 within 1h' --state state "${@:3}" 2>err | { weir lake-put lake 2>/dev/null || :; }
	local is=${PIPESTATUS[2]}
	set -o pipefail
	[ "$is" = "$1" ] || fail "status $is, not $1: $(cat err)"
}

@test "state: a position that a user has set belongs to no run, one that was taken back is that of the run before" {
	feed 0 4
	feed 0 8
	weir lake-check --set-position t:0=4 lake 2>/dev/null # a position for which there was a state
	feed 78 10
	[[ $(cat err) == *"partition 0: offset 4, which belongs to no run; its newest state: offset 8 of batch "*--reset-state* ]]
	feed 0 10 --reset-state
	feed 0 12 # from now on the cut is this run's
	[ ! -s err ]
	local head
	head=$(printf '%s\n' lake/_weir_log/*.json | tail -n 1)
	mkdir moved
	mv "lake/$(jq -r 'select(.add) | .add.path' "$head")" moved/
	weir lake-check --undo-head lake 2>/dev/null
	feed 0 12
	[ ! -s err ]
	assert_equal "$(weir lake-cat lake | sort -n | tr '\n' ' ')" '1 2 3 4 5 5 6 6 7 7 8 8 9 10 11 12 '
}

@test "state: a crash before the mark is passed on, and after it" {
	# no F: the batches that had their mark are there, the open one is not
	expect 75 'a b ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nb\n'
	expect 1 'b ' 'S\nR 0 0:1:1\nb\na\nB 1 0:1:3\nF 1\n'
}

@test "state: partitions that come are fine, those that go are not" {
	expect 1 'a b c d ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nR 1 0:1:1 1:-:0\na\nb\nc\nB 2 0:1:2 1:0:3\nR 2 0:2:2 1:3:3\nd\nB 3 0:2:3 1:3:3\nF 3\n'
	# the same, but a sink holds positions of the new one
	expect 78 'x ' 'S\nR 0 0:3:3 1:3:3\nx\nB 1 0:3:4 1:3:3\nR 1 0:4:4 1:3:3 2:9:9\na\nB 2 0:4:5\nF 2\n'
	[[ $(cat err) == *'the assignment of partitions has changed'*'consume -p'* ]]
	expect 78 'y ' 'S\nR 0 0:3:3 1:3:3\ny\nB 1 0:3:4 1:3:3\nR 1 0:4:4\na\nB 2 0:4:5\nF 2\n'
	# nothing at all is assigned for a while
	expect 0 'y z ' 'S\nR 0 0:3:3 1:3:3\ny\nB 1 0:3:4 1:3:3\nR 1\nB 2\nR 2 0:4:4 1:3:3\nz\nB 3 0:4:5 1:3:3\nF 3\n'
	# at the start one is missing
	expect 78 '' 'S\nR 0 0:5:5\na\nB 1 0:5:6\nF 1\n'
	# retention has removed some records, and an option allows that
	expect 1 'n ' 'S\nR 0 0:5:50 1:3:3\nz\nn\nB 1 0:50:52 1:3:3\nF 1\n'
}

@test "state: no batch before R" {
	expect 65 'a ' 'S\nB 0\na\nB 1 0:0:1\nF 1\n'
}

@test "state: what no restart can ask for goes" {
	local script='S\nR 0 0:0:0\n' b
	expect 0 'k0 ' 'S\nR 0 0:-:0\nk0\nB 1 0:0:1\nF 1\n'
	# a rule that sees each record: full states only would be many files
	for b in $(seq 1 9); do script+="k$b\nB $b 0:$b:$((b + 1)) done=$((b - 1))\n"; done
	expect 0 'k1 k2 k3 k4 k5 k6 k7 k8 k9 ' "${script/0:0:0/0:1:1}F 9\n"
	expect 0 'x ' 'S\nR 0 0:9:9\nx\nB 1 0:9:10\nF 1\n' # the state before the last is there
	[ "$(find state -name 'state-*' | wc -l)" -le 4 ]
}

@test "state: other rules, another program, another process, no directory" {
	expect 0 'a ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nF 1\n'
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 2h" --state state'
	assert_status 78
	[[ $stderr == *"'state' holds state of another program or of other options"*'within 1h'*'within 2h'* ]]
	run_sh 'echo a | weir clean --input tsv -e "lower \$1" -e "dedupe \$1 within 1h" --state state'
	assert_status 78
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" -e "lower \$2" --state state --reset-state 2>&1'
	assert_status 0
	rm -r state
	printf 'the first of two keys' >key
	run_sh 'echo a | weir clean --input tsv --key key -e "mask \$1 hash" -e "dedupe \$1 within 1h" --state state'
	assert_status 0
	printf 'the second of two keys' >key
	run_sh 'echo a | weir clean --input tsv --key key -e "mask \$1 hash" -e "dedupe \$1 within 1h" --state state'
	assert_status 78
	mkdir taken
	exec 9<taken
	flock 9
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state taken'
	assert_status 75
	assert_stderr "weir clean: another process uses the state directory 'taken'"
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state no/where'
	assert_status 78
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state key'
	assert_status 78
}

@test "state: a disk that is full ends the program before the mark is passed on" {
	python3 - >script <<'EOD'
print("S\nR 0 0:-:0\na\nB 1 0:0:1")
for i in range(40000): print(f"k{i}")
print("B 2 0:1:40001\nF 2")
EOD
	python3 "$MARKS" <script >in
	run_sh '(ulimit -f 100; weir clean --input tsv -e "dedupe \$1 within 1h" --state state <in) | cat >marked; exit ${PIPESTATUS[0]}'
	assert_status 75
	assert_equal "$stderr" "weir clean: 'state' holds no state yet; beginning with empty state
weir clean: cannot write state in 'state': File too large"
	[ "$(grep -ac '"k":"B"' marked)" = 1 ]
	# the state before is what the sink asks for
	expect 1 'b ' 'S\nR 0 0:1:1\na\nb\nB 1 0:1:3\nF 1\n'
}

@test "state: what is damaged is skipped, and the state before it counts" {
	expect 0 'a b ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nb\nB 2 0:1:2\nF 2\n'
	truncate -s -3 state/state-00000000
	expect 78 '' 'S\nR 0 0:2:2\na\nB 1 0:2:3\nF 1\n'
	[[ $(cat err) == *"'state/state-00000000' is damaged or half written from byte "*"; the rest is skipped"* ]]
	expect 1 'b ' 'S\nR 0 0:1:1\na\nb\nB 1 0:1:3\nF 1\n'
	printf 'rubbish' >state/state-00000000
	expect 1 'c ' 'S\nR 0 0:3:3\na\nc\nB 1 0:3:5\nF 1\n'
	[[ $(cat err) == *'state-00000000'*'from byte 0;'* ]]
}

@test "state: a plain stream goes on where the last run has ended well" {
	expect_plain() { # expect_plain STATUS RECORDS INPUT
		run_sh "printf '$3' | weir clean --input tsv -e 'dedupe \$1 within 1h' --state state"
		assert_status "$1"
		assert_equal "$(tr '\n' ' ' <<<"$output")" "$2 "
	}
	expect_plain 0 'a b' 'a\nb\n'
	expect_plain 1 'c' 'a\nc\n'
	expect_plain 1 '' 'a\nb\nc\n'
	[ "$(find state -type f | wc -l)" = 1 ]
	expect_plain 0 '' ''
	# empty input may be a marked stream whose source has died, so it does not show the kind of state
	run_sh 'weir clean --input tsv -e "dedupe \$1 within 1h" --state none-yet </dev/null'
	assert_status 0
	[ -z "$(ls none-yet)" ]
	# a run that fails changes nothing
	run_sh 'weir clean --input tsv -e "dedupe \$1 within 1h" --state state <(echo d) nowhere'
	assert_status 78
	run_sh 'echo d | weir clean --input tsv -e "dedupe \$1 within 1h" --state state >/dev/full'
	assert_status 75
	expect_plain 0 'd' 'd\n'
	# the two kinds of state cannot be mixed, either
	expect 78 '' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nF 1\n'
	rm -r state
	expect 0 'a ' 'S\nR 0 0:-:0\na\nB 1 0:0:1\nF 1\n'
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state state'
	assert_status 78
	[[ $stderr == *'the input is a plain one'* ]]
}

@test "state: synced before the mark is passed on, renamed when it is whole" {
	printf 'S\nR 0 0:-:0\na\nB 1 0:0:1\nb\nB 2 0:1:2\nF 2\n' | python3 "$MARKS" >in
	strace -f -y -o raw -e trace=fsync,fdatasync,mkdir,renameat,renameat2,write,pwrite64 \
		"$WEIR_EXEC_PATH/clean" --input tsv -e 'dedupe $1 within 1h' --state "$PWD/state" <in 2>err | cat >marked
	at() { grep -nE -- "$1" raw | cut -d: -f1 | grep .; }
	made=$(at 'mkdir\(.*/state"')
	parent=$(at "fsync\([0-9]+<$BATS_TEST_TMPDIR>")
	data=$(at 'fdatasync\([0-9]+<.*state-00000000.new>')
	rename=$(at 'renameat.*"state-00000000.new".*"state-00000000"')
	dir=$(at 'fsync\([0-9]+<.*/state>')
	resume=$(at 'write\(1<.*k.":."R' | head -n 1)
	[ "$made" -lt "$parent" ] && [ "$parent" -lt "$data" ] && [ "$data" -lt "$rename" ] && [ "$rename" -lt "$dir" ]
	[ "$dir" -lt "$resume" ]
	mapfile -t syncs < <(at 'fdatasync\([0-9]+<.*state-00000000>')
	mapfile -t marks < <(at 'write\(1<.*k.":."B')
	[ "${#syncs[@]}" = 2 ] && [ "${#marks[@]}" = 2 ]
	[ "${syncs[0]}" -lt "${marks[0]}" ] && [ "${marks[0]}" -lt "${syncs[1]}" ] && [ "${syncs[1]}" -lt "${marks[1]}" ]
	# the head of a frame is written last
	last=$(grep -nE 'pwrite64\([0-9]+<.*state-00000000>, "weirst2' raw | cut -d: -f1 | head -n 1)
	[ "$last" -lt "${syncs[0]}" ]
}

@test "state: a plain stream does not start over because its state cannot be read" {
	run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state sound'
	assert_status 0
	export sound=sound/state-00000000
	# no head, half a head, a head that is damaged, data that are damaged
	for damage in ': >' 'head -c 20 $sound >' 'sed "1s/weirst2/weirst9/" $sound >' \
		'sed "s/clean/cleam/" $sound >' '{ head -c -1 $sound; printf "\\377"; } >'; do
		rm -rf state && mkdir state
		bash -c "$damage state/state-00000000"
		run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state state'
		assert_status 78
		assert_output ''
		assert_stderr_contains "'state' holds states, but none that can be read (--reset-state begins with empty state)"
		run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state state --reset-state'
		assert_status 0
		run_sh 'echo a | weir clean --input tsv -e "dedupe \$1 within 1h" --state state'
		assert_status 1
		[ -e state/state-00000002 ]
	done
}

@test "state: what is not a regular file makes nobody wait, and the last of all numbers is none" {
	clean() {
		run_sh 'echo a | timeout -k 1 20 weir clean --input tsv -e "dedupe \$1 within 1h" --state state'
	}
	clean
	assert_status 0
	mkfifo state/state-00000007
	clean
	assert_status 78
	assert_stderr_contains "cannot open 'state/state-00000007': not a regular file"
	rm state/state-00000007
	ln -s state-00000000 state/state-00000007
	clean
	assert_status 78
	assert_stderr_contains "cannot open 'state/state-00000007': "
	rm state/state-00000007
	cp state/state-00000000 state/state-18446744073709551615
	for _ in 1 2 3; do
		clean
		assert_status 1
	done
	[ -e state/state-00000003 ] && [ -e state/state-18446744073709551615 ]
}
