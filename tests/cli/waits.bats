#!/usr/bin/env bats
# tests/lib/waits.py, which tests/lint runs on doc/waits.md: every call that may wait has a row.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >x.c <<'EOF'
/* poll(a, 1, -1) in a comment, */
static int waits(int fd, const char *text)
{
	log("poll(fd) in a string");
	return poll(&p, 1,
		next(fd)) + rd_kafka_flush(rk, 100);
}

static void asks_databases(void)
{
	PQclear(PQexec(conn, "ROLLBACK"));
	sqlite3_step(stmt);
	sqlite3_finalize(stmt);
}

int poll(struct pollfd *fds, nfds_t n, int ms);

static void asks_only(void)
{
	poll(&p, 1, 0);
	flock(fd, LOCK_EX | LOCK_NB);
	open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	rd_kafka_queue_poll(queue, 0);
	thing->read(thing);
	ready(&it);
}

int locks(struct thing *t,
	const char *path)
{
	while (flock(t->fd, LOCK_EX) < 0)
		;
	return ppoll(fds, n, NULL, unblocked);
}
EOF
	cat >waits.md <<'EOF'
| `x.c: waits` `poll` `rd_kafka_flush` | the broker | --timeout | "no answer" | `tests/cli/waits.bats: every call` |
| `x.c: asks_databases` `PQexec` `sqlite3_step` | the server; the disk | none | nothing | -: nothing to see |
| `x.c: locks` `flock` `ppoll` | another writer | none | nothing | -: nothing to see |
EOF
}

waits() {
	run_logged python3 "$WEIR_ROOT/tests/lib/waits.py" "$@"
}

@test "every call that may wait is named, and no other" {
	waits --list waits.md x.c
	assert_output '| `x.c: waits` `poll` `rd_kafka_flush` |
| `x.c: asks_databases` `PQexec` `sqlite3_step` |
| `x.c: locks` `flock` `ppoll` |'
	waits waits.md x.c
	assert_success
	assert_output ''
}

@test "a wait that the page does not name, and a row without a wait, are found" {
	sed -i 's/ `ppoll`/ `nanosleep`/' waits.md
	waits waits.md x.c
	assert_output 'x.c:33: locks() may wait in ppoll(), and waits.md does not say what for
waits.md: x.c: locks() does not wait in nanosleep()'
}

@test "a row without a limit, or with a test that does not exist, is found" {
	sed -i 's/ --timeout |/ |/; s/-: nothing to see/`tests\/cli\/waits.bats: no such`/' waits.md
	waits waits.md x.c
	assert_output_contains 'waits.md: not five cells: '
	assert_output_contains 'waits.md: `x.c: locks` `flock` `ppoll`: tests/cli/waits.bats has no test "no such"'
	sed -i 's/`tests[^`]*no such`/later/' waits.md
	waits waits.md x.c
	assert_output_contains 'no test is named'
}
