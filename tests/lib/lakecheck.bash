# lakecheck.bash: functions with which the tests of lake-check create and damage tables; loaded after weir.bash and
# lake.bash.
# shellcheck shell=bash disable=SC2154,SC2034 # run sets output and lines; tests use uuid

# Sets lake, log and uuid, and goes to the test's own directory.
lakecheck_setup() {
	cd "$BATS_TEST_TMPDIR" || return
	PATH=$BUILD/servers:$PATH
	lake=$BATS_TEST_TMPDIR/lake
	log=$lake/_weir_log
	uuid=01234567-89ab-4cde-8f01-23456789abcd
}

# A table of three commits without positions.
three() {
	seq 100 >a && seq 5000 >b && printf 'x\n' >c
	weir lake-put --compress gzip "$lake" a
	weir lake-put --compress zstd "$lake" b
	weir lake-put --compress none "$lake" c
}

# A table of a marked stream: topic t, partition 0, group g, a commit for each batch.
marked() { # marked LINES PER_BATCH [LAKE_PUT_OPTION...]
	seq "$1" | marker -n "$2" -f -g g 2>/dev/null | weir lake-put "${@:3}" "$lake"
}

entry() { # entry VERSION: its path
	printf '%s/%020d.json\n' "$log" "$1"
}

edit() { # edit VERSION FILTER [JQ_OPTION...]: rewrite an entry by jq
	jq -c "${@:3}" "$2" "$(entry "$1")" >edited
	cp edited "$(entry "$1")"
}

# The findings are exactly these lines.
assert_findings() { # assert_findings LINE...
	run_weir lake-check "$lake"
	assert_status 1
	assert_stderr ''
	assert_equal "$output" "$(printf '%s\n' "$@")"
}

# There is one finding, which contains this text.
assert_finding() { # assert_finding TEXT
	run_weir lake-check "$lake"
	assert_status 1
	assert_stderr ''
	assert_output_contains "$1"
	[ "${#lines[@]}" = 1 ]
}

assert_sound() {
	run_weir lake-check "$lake"
	assert_success
	assert_output ''
}

# The first line of the lock of a writer that has ended: of this machine since its last start, or of another one.
lock_header() { # lock_header [HOST]
	true &
	local boot
	read -r boot </proc/sys/kernel/random/boot_id
	wait $!
	[ "${1-$(uname -n)}" = "$(uname -n)" ] || boot=01234567-89ab-cdef-0123-456789abcdef
	printf '{"weir":1,"host":"%s","machine":"0123456789abcdef","boot":"%s","pidns":%s,"pid":%s,"start":1}\n' \
		"${1-$(uname -n)}" "$boot" "$(stat -Lc %i /proc/self/ns/pid)" $!
}

# The remains of a lake-put that was killed after it had staged: its lock, two stages, the beginning of an entry.
killed() { # killed [HOST]
	mkdir -p "$lake/.writers" "$lake/dt=x"
	lock=.writers/${1-$(uname -n)}-$uuid
	{
		lock_header "$@"
		printf '%s\n' ".part-$uuid-00000.new" "dt=x/.part-$uuid-00001.new"
	} >"$lake/$lock"
	touch "$lake/.part-$uuid-00000.new" "$lake/dt=x/.part-$uuid-00001.new" "$log/.new-$uuid"
}

age() { # make all hidden files two days old
	find "$lake" -path '*/.*' -exec touch -h -d '2 days ago' {} +
}

# The positions of the table.
positions() {
	weir lake-cat --positions "$lake"
}
