#!/usr/bin/env bats
# lake-put when it is killed around writing files beside a log, and while it empties old entries.
# bats file_tags=long
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
	killed=$BUILD/kill/bin/lake-put
	[ -x "$killed" ] || fail "no $killed: make tests-bin"
}

# A table of 512 versions whose next commit, with an id, moves ids into a file, makes an inventory and says where the log
# begins; the one after that empties.  The rows are in all.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	lake=$BATS_FILE_TMPDIR/long
	seq 448 | "$BUILD/servers/marker" -n 1 -f -g g 2>/dev/null | weir lake-put --keep-log 0 --compress none "$lake"
	seq 448 >all
	for i in {1..64}; do
		echo "id $i" >row
		weir lake-put --compress none --keep-log 0 --id "$i" "$lake" row
		cat row >>all
	done
	assert_equal "$(lake_commits "$lake")" 512
}

long_log() { # the table as lake and as long, which a test may change
	cp -r "$BATS_FILE_TMPDIR/long" long
	cp -r long "$lake"
	cp "$BATS_FILE_TMPDIR/all" .
}

# Readers of both kinds see exactly the lines of FILE.
assert_read() { # assert_read FILE
	assert_equal "$(lake_records "$lake")" "$(LC_ALL=C sort "$1")"
	assert_equal "$(weir lake-cat "$lake" | LC_ALL=C sort)" "$(LC_ALL=C sort "$1")"
}

# Check that everything is in order.
assert_all() { # assert_all FILE
	assert_read "$1"
	assert_sound
}

put() { # put ID: a row under this id
	echo "id $1" >row
	weir lake-put --compress none --keep-log 0 --id "$1" "$lake" row 2>/dev/null
}

die_at() { # die_at POINT ID
	echo "id $2" >row
	run env WEIR_KILL_AT="$1" "$killed" --compress none --keep-log 0 --id "$2" "$lake" row
	_command="lake-put killed at $1"
	_show_run
	assert_status 137
}

# A long log, a run that is killed at each POINT, and runs after it: each record is there once.
survives() { # survives POINT...
	long_log
	for point; do
		rm -rf "$lake"
		cp -r long "$lake"
		die_at "$point" b
		{ cat all && echo 'id b'; } >ab
		put b
		assert_all ab
		assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo.weir | [.floor, .next.version]' "$(entry 512)")" '[255,511]'
		put 17 # one of the ids in the file
		put b
		{ cat ab && echo 'id c'; } >abc
		put c
		assert_all abc
	done
}

# Two tests, as each point takes seconds.
@test "killed between a file of ids beside the log and the entry that names it: the second run leaves each record once" {
	survives before-link after-link ids-written before-link:2 after-link:2
}

@test "killed between the inventory and the entry that names it, or later: the second run leaves each record once" {
	survives inventory-written before-link:3 after-link:3 committed published
}

@test "killed between the file of positions and the entry: each partition goes on where it was" {
	partition() { # partition N PROGRAM...: four rows of it
		seq $((10 * $1 + 1)) $((10 * $1 + 4)) | marker -n 2 -f -g g -p "$1" 2>/dev/null | "${@:2}" --compress none "$lake"
	}
	for p in {0..63}; do partition "$p" weir lake-put; done
	files=("$log"/positions-*)
	[ ! -e "${files[0]}" ]
	cp -r "$lake" long
	for point in before-link after-link positions-written before-link:2 after-link:2 committed published; do
		rm -rf "$lake"
		cp -r long "$lake"
		run partition 64 env WEIR_KILL_AT="$point" "$killed"
		partition 64 weir lake-put 2>/dev/null
		for p in 64 3 65; do partition "$p" weir lake-put 2>/dev/null; done
		for p in {0..65}; do seq $((10 * p + 1)) $((10 * p + 4)); done >all
		assert_all all
		assert_equal "$(positions | cut -f 3 | sort | uniq -c | sed 's/^ *//')" '66 4'
		files=("$log"/positions-*)
		[ -e "${files[0]}" ]
	done
}

@test "killed while old entries are emptied: the next run goes on, and no version is free again" {
	long_log
	put b && echo 'id b' >>all
	rm -rf long
	cp -r "$lake" long
	for point in before-retire retiring retiring:2 retiring:100 retiring:255; do
		rm -rf "$lake"
		cp -r long "$lake"
		[ -s "$(entry 0)" ]
		die_at "$point" c
		{ cat all && echo 'id c'; } >abc
		assert_read abc
		put c # committed before: it empties nothing, because it commits nothing
		put d
		{ cat abc && echo 'id d'; } >abcd
		assert_all abcd
		assert_equal "$(find "$log" -name '*.json' -empty | wc -l)" 255
		assert_equal "$(lake_commits "$lake")" 515
		[ -s "$(entry 255)" ] && [ ! -s "$(entry 254)" ]
	done
}

is_stopped() { # is_stopped PID
	[[ $(cut -d ' ' -f 3 "/proc/$1/stat") == T ]]
}

@test "stopped before its put until the version was committed and emptied by others: it commits above the head" {
	long_log
	echo 'id z' >row-z
	WEIR_STOP_AT=before-link "$killed" --compress none --keep-log 0 "$lake" row-z 2>/dev/null &
	pid=$!
	wait_for 30 is_stopped $pid
	seq 520 | marker -n 1 -f -g h 2>/dev/null | weir lake-put --also-group --keep-log 0 --compress none "$lake"
	[ -e "$(entry 512)" ] && [ ! -s "$(entry 512)" ]
	kill -CONT $pid
	wait $pid
	{ cat all row-z && seq 520; } >expected
	assert_equal "$(weir lake-cat "$lake" | LC_ALL=C sort)" "$(LC_ALL=C sort expected)"
	assert_equal "$(lake_records "$lake")" "$(LC_ALL=C sort expected)"
	[ ! -s "$(entry 512)" ]
	run_weir lake-check "$lake"
	assert_success
}
