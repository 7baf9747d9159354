#!/usr/bin/env bats
# lake-put and the disk: no space, no permission, the order of fsync, and what it reads. After each case, readers see
# only complete files, and after the next run each record is there exactly once.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	lake=$BATS_TEST_TMPDIR/lake
}

# --- the disk --------------------------------------------------------------------------------------

# Run a script in a namespace of its own with a small tmpfs in $PWD/disk.
on_small_disk() { # on_small_disk OPTIONS SCRIPT
	needs_mounts
	mkdir -p disk
	run --separate-stderr "${mount_namespace[@]}" bash -ec "mount -t tmpfs -o $1 tmpfs disk; $2"
	_command="on a small disk: $2"
	_show_run
}

@test "a full disk while staging: 75, nothing is committed, nothing left over; with room it goes" {
	head -c 3000000 /dev/urandom | base64 >in
	on_small_disk size=1m '
		seq 10 | weir lake-put disk/lake
		for args in "" "--compress none" "--partition-by dt=%F --time now"; do
			status=0
			[ -z "$args" ] || rm -rf disk/lake2
			weir lake-put $args disk/lake2 in || status=$?
			[ $status = 75 ]
			[ ! -e disk/lake2 ]
			[ -z "$args" ] || continue
			weir lake-put disk/lake in || [ $? = 75 ]
		done
		seq 11 20 | weir lake-put disk/lake
		zstd -dcq disk/lake/part-* | sort -n | cmp - <(seq 20)
		find disk -name ".?*" -type f | { ! grep .; }'
	assert_status 0
	assert_stderr_contains 'No space left on device'
}

@test "a full disk at the commit: 75, nothing is committed, nothing left over" {
	# room for the lock and the stage, but no inode for the entry
	on_small_disk size=4m,nr_inodes=8 '
		seq 10 | weir lake-put disk/lake
		touch disk/fill-1
		status=0
		seq 11 20 | weir lake-put disk/lake || status=$?
		[ $status = 75 ]
		find disk -name ".?*" -type f | { ! grep .; }
		rm disk/fill-*
		zstd -dcq disk/lake/part-* | sort -n | cmp - <(seq 10)
		ls disk/lake/_weir_log'
	assert_status 0
	assert_equal "$output" '00000000000000000000.json
_last'
	assert_stderr_contains 'No space left on device'
}

@test "a limit on the size of files: 75" {
	head -c 3000000 /dev/urandom | base64 >in
	run_sh "ulimit -f 100; weir lake-put --compress none '$lake' in"
	assert_status 75
	assert_stderr_contains 'File too large'
	[ ! -e "$lake" ]
}

@test "a file system that is read-only: 78" {
	seq 10 >in
	on_small_disk size=1m '
		mkdir disk/lake
		mount -o remount,ro disk
		status=0
		weir lake-put disk/lake in || status=$?
		[ $status = 78 ]
		status=0
		weir lake-put disk/new in || status=$?
		[ $status = 78 ]'
	assert_status 0
	assert_stderr_contains 'Read-only file system'
}

# Before a command: the permissions of files apply to it, also when we are root.
strictly=()
if [ "$(id -u)" = 0 ]; then
	strictly=(setpriv "--bounding-set=-dac_override,-dac_read_search" "--inh-caps=-dac_override,-dac_read_search" --)
fi

@test "a directory that is not writable, or not readable: 78" {
	seq 10 >in
	mkdir "$lake"
	chmod a-w "$lake"
	run_logged ${strictly[@]+"${strictly[@]}"} "$WEIR_EXEC_PATH/lake-put" "$lake" in
	assert_status 78
	assert_stderr_contains 'Permission denied'
	run_logged ${strictly[@]+"${strictly[@]}"} "$WEIR_EXEC_PATH/lake-put" "$lake/new" in
	assert_status 78
	chmod u=,g=,o= "$lake"
	run_logged ${strictly[@]+"${strictly[@]}"} "$WEIR_EXEC_PATH/lake-put" "$lake" in
	assert_status 78
	chmod 755 "$lake"
	assert_equal "$(ls -A "$lake")" ''
}

@test "a directory that becomes unwritable half way: 78, nothing is committed, the next run cleans up" {
	mkfifo fifo
	mkdir "$lake"
	start_bg put ${strictly[@]+"${strictly[@]}"} "$WEIR_EXEC_PATH/lake-put" --compress none "$lake" fifo
	exec 7>fifo
	seq 100000 >&7
	wait_for 10 eval '[ -n "$(lake_hidden "$lake" | grep part)" ]'
	chmod a-w "$lake"
	exec 7>&-
	wait_bg put
	assert_status 78
	assert_stderr_contains 'Permission denied'
	assert_equal "$(lake_records "$lake")" ''
	chmod u+w "$lake"
	seq 5 >in
	weir lake-put "$lake" in
	assert_lake "$lake" in
}

@test "an input that fails half way, among others that are fine: nothing is committed" {
	seq 10 >in
	mkdir dir
	for bad in /nonexistent dir /proc/self/mem; do
		run_weir lake-put "$lake" in $bad in
		[ "$status" -ge 65 ]
		[ ! -e "$lake" ]
	done
	printf 'aaaa\nbb\n' >long
	run_weir lake-put --max-record 3 "$lake" in long
	assert_status 65
	[ ! -e "$lake" ]
}

# --- the order of things ---------------------------------------------------------------------------

# The numbers of the lines of the trace that match; at least one.
at() { # at PATTERN
	grep -nE -- "$1" trace | cut -d: -f1 | grep .
}

@test "fsync: files and directories before the entry, the entry before it is there, all before it is relied on" {
	day_lines 1 9 >a
	strace -f -y -o raw -e trace=fsync,fdatasync,mkdir,mkdirat,linkat,rename,renameat,renameat2,openat \
		"$WEIR_EXEC_PATH/lake-put" "${by_day[@]}" "$lake" a
	sed "s,$lake,LAKE,g" raw >trace
	link=$(at 'linkat\(.*\.new-.*00000000000000000000.json')
	[ "$(wc -w <<<"$link")" = 1 ]
	first_rename=$(at 'renameat\(.*"\.part-.*"part-' | head -n 1)
	last_rename=$(at 'renameat\(.*"\.part-.*"part-' | tail -n 1)
	[ "$link" -lt "$first_rename" ]
	for day in 20 21 22; do
		file=$(at "fsync\(.*<LAKE/dt=2026-11-$day/\.part-")
		made=$(at "mkdirat\(.*\"dt=2026-11-$day\"")
		dir=$(at "fsync\([0-9]+<LAKE/dt=2026-11-$day>" | head -n 1)
		again=$(at "fsync\([0-9]+<LAKE/dt=2026-11-$day>" | tail -n 1)
		table=$(at 'fsync\([0-9]+<LAKE>' | head -n 1)
		[ "$made" -lt "$file" ] && [ "$file" -lt "$dir" ] && [ "$dir" -lt "$link" ]
		[ "$made" -lt "$table" ] && [ "$table" -lt "$link" ]
		[ "$again" -gt "$last_rename" ]
	done
	# the table in the directory above it, the log in the table, the entry itself, its name
	[ "$(at "mkdir\(\"LAKE\"")" -lt "$(at "fsync\([0-9]+<$BATS_TEST_TMPDIR>")" ]
	log=$(at 'mkdirat\(.*"_weir_log"')
	awk -v a="$log" -v b="$link" 'NR > a && NR < b && /fsync\([0-9]+<LAKE>/ { n++ } END { exit !n }' trace
	entry=$(at 'fsync\([0-9]+<LAKE/_weir_log/\.new-')
	[ "$log" -lt "$entry" ] && [ "$entry" -lt "$link" ]
	named=$(awk -v a="$link" 'NR > a && /fsync\([0-9]+<LAKE\/_weir_log>/ { print NR; exit }' trace)
	[ "$link" -lt "$named" ] && [ "$named" -lt "$first_rename" ]
	# the hint comes last
	[ "$(at 'renameat\(.*<LAKE/_weir_log>, "_last"')" -gt "$last_rename" ]
}

@test "fsync: a batch is acknowledged when its files are there under their names, and these are durable" {
	day_lines 1 9 >a
	"$BUILD/servers/marker" -f -n 9 <a 2>err | strace -f -y -s 100 -o raw -e trace=fsync,linkat,renameat,sendto,sendmsg,write \
		"$WEIR_EXEC_PATH/lake-put" "${by_day[@]}" "$lake"
	sed "s,$lake,LAKE,g" raw >trace
	ack=$(at '"m\\":\\"ack\\",\\"b\\":1[,}]')
	[ "$(at 'linkat\(.*00000000000000000000.json')" -lt "$ack" ]
	for day in 20 21 22; do
		named=$(at "renameat\(.*dt=2026-11-$day.*\.part-.*part-")
		durable=$(at "fsync\([0-9]+<LAKE/dt=2026-11-$day>" | tail -n 1)
		[ "$named" -lt "$durable" ] && [ "$durable" -lt "$ack" ]
	done
}

# --- the history -----------------------------------------------------------------------------------

@test "opening for writing reads the hint and the head, however long the history is" {
	for commits in 5 2000; do
		"$WEIR_ROOT/tests/bench/table" "t$commits" $commits
		strace -f -o trace -e trace=open,openat,openat2,getdents,getdents64,stat,newfstatat,statx \
			"$WEIR_EXEC_PATH/lake-put" "t$commits" /dev/null
		sed -n '/"t[0-9]*"/,$p' trace | sed 's/^[0-9]* *//' >"calls$commits"
		grep -c 'getdents' "calls$commits" >>lists || true
	done
	# the table, the hint, the head, twice the missing entry after it, and the locks, of which there are none
	[ "$(grep -c _weir_log/0 calls5)" = 3 ] && [ "$(grep -c _weir_log/0 calls2000)" = 3 ]
	assert_equal "$(sed -n 2p lists)" "$(sed -n 1p lists)"
	assert_equal "$(wc -l <calls2000)" "$(wc -l <calls5)"
	for _ in 1 2 3; do echo x | weir lake-put t2000; done
	run_weir lake-check t2000
	assert_success
}
