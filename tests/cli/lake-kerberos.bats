#!/usr/bin/env bats
# Tables in HDFS whose gateway requires tickets of Kerberos: HttpFS with Debian's KDC.
# bats file_tags=hdfs
# shellcheck disable=SC2154 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores

setup_file() {
	local dir=$BATS_FILE_TMPDIR
	export WEIR_TEST_OWNER=$$
	"$WEIR_ROOT/tests/servers/kerberos" start "$dir/kerberos" 3>&-
	"$WEIR_ROOT/tests/servers/hdfs" start "$dir/hdfs" "$dir/kerberos" 3>&-
}

teardown_file() {
	"$WEIR_ROOT/tests/servers/hdfs" kill "$BATS_FILE_TMPDIR/hdfs"
	"$WEIR_ROOT/tests/servers/kerberos" kill "$BATS_FILE_TMPDIR/kerberos"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	realm=$BATS_FILE_TMPDIR/kerberos
	# shellcheck source=/dev/null
	. "$realm/env"
	# shellcheck source=/dev/null
	. "$BATS_FILE_TMPDIR/hdfs/env"
	export KRB5CCNAME=FILE:$BATS_TEST_TMPDIR/tickets
	unset HADOOP_USER_NAME # the ticket has a name
	server=${WEIR_TEST_HTTPFS#http://}
	lake=hdfs://$server/$(unique_topic)/t
}

get_ticket() { # get_ticket [KINIT-OPTION...]
	kinit "$@" -k -t "$realm/weir.keytab" weir
}

# The table behind the gateway, through WebHDFS, which trusts anybody.
objects() { HADOOP_USER_NAME=weir hdfs ls "${lake#hdfs://"$server"}" | cut -f 2; }
object() { HADOOP_USER_NAME=weir hdfs get "${lake#hdfs://"$server"}/$1"; }

# Whether no ticket in the cache is valid any more; klist does not use the same clock as the programs that use tickets.
expired() {
	! kvno -q HTTP/127.0.0.1
}

@test "kerberos: writers at the same time, and files that come down in ranges" {
	get_ticket
	writers_race
	seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 300000 >in # 23 MB
	weir lake-put --compress none --memory 16M "$lake-2" in
	weir lake-cat "$lake-2" | cmp - in
}

@test "kerberos: records in, records out; the one of the ticket owns the files, whatever HADOOP_USER_NAME says" {
	get_ticket
	seq 100000 >in
	HADOOP_USER_NAME=root weir lake-put --trace trace "$lake" in
	assert_table in
	assert_equal "$(HADOOP_USER_NAME=weir hdfs head "${lake#hdfs://"$server"}/_weir_log" | jq -r .owner)" weir
	assert_equal "$(cut -f 4 trace | grep -c 401)" 1 # after that it is known that tickets are required
	run ! grep -qi negotiate trace
}

@test "kerberos: no ticket, one that has expired: 78; no KDC: 75" {
	local kdc=$WEIR_ROOT/tests/servers/kerberos
	run_weir lake-put "$lake" <<<1
	assert_status 78
	assert_stderr_contains "no ticket of Kerberos for '127.0.0.1': No Kerberos credentials available (default cache: $KRB5CCNAME); check with klist, and get one with kinit"
	assert_equal "$(wc -l <<<"$stderr")" 1
	get_ticket -l 1s
	wait_for 10 expired
	run_weir lake-put "$lake" <<<1
	assert_status 78
	assert_stderr_contains "no ticket of Kerberos for '127.0.0.1': Ticket expired; check"
	run_weir lake-put --dry-run "$lake"
	assert_status 78
	assert_stderr_contains 'Ticket expired'
	get_ticket
	"$kdc" stop "$realm"
	run_weir lake-put "$lake" <<<1
	assert_status 75
	assert_stderr_contains "Cannot contact any KDC for realm 'WEIR.TEST'"
	"$kdc" restart "$realm" 3>&-
	weir lake-put "$lake" <<<1
	"$kdc" stop "$realm" # tickets in the cache need no KDC
	run_weir lake-cat "$lake"
	"$kdc" restart "$realm" 3>&-
	assert_output 1
}

@test "kerberos: tickets by a keytab, without kinit" {
	export KRB5_CLIENT_KTNAME=$realm/weir.keytab
	seq 5 >in
	weir lake-put "$lake" in
	assert_table in
	klist -s
}

@test "kerberos: a server that refuses the ticket, and one that wants something else" {
	get_ticket
	start_server faulthttp refuser "$WEIR_TEST_HTTPFS"
	fault '{"do": "answer", "status": 401, "fields": {"WWW-Authenticate": "Negotiate", "Content-Type": "text/html"}, "body": "<html>no"}'
	run_weir lake-put "hdfs://${WEIR_TEST_FAULT#http://}/a/t" <<<1
	assert_status 78
	assert_stderr_contains 'status 401: <html>no; check HADOOP_USER_NAME, WEIR_HDFS_TOKEN or, with klist, the ticket of Kerberos'
	fault '{"do": "answer", "status": 401, "fields": {"WWW-Authenticate": "Basic realm=x"}}'
	run_weir lake-put "hdfs://${WEIR_TEST_FAULT#http://}/a/t" <<<1
	assert_status 78
	assert_stderr_contains 'status 401; check HADOOP_USER_NAME'
	run ! grep -q Negotiate <(fault_seen .)
}

# A pipeline that reads lines from the FIFO `lines`, and commits each.
start_pipeline() {
	mkfifo lines
	export MARKER=$BUILD/servers/marker
	# shellcheck disable=SC2016
	start_bg pipeline bash -c 'set -o pipefail; "$MARKER" -n 1 -f <lines 2>acks | weir lake-put "$1"' - "$lake"
	exec 9>lines
}

committed() { # committed LINES
	[ "$(grep -c '^acked' acks)" = "$1" ]
}

@test "kerberos: a ticket ends during a run, and is renewed beside it: the run goes on" {
	get_ticket -l 6s
	start_pipeline
	echo 1 >&9
	wait_for 20 committed 1
	wait_for 20 expired
	get_ticket -l 6s
	echo 2 >&9
	wait_for 20 committed 2
	wait_for 20 expired
	get_ticket
	echo 3 >&9
	wait_for 20 committed 3
	exec 9>&-
	wait_bg pipeline
	assert_status 0
	printf '%s\n' 1 2 3 >in
	assert_table in
}

@test "kerberos: a ticket ends during a run, and nobody renews it: 78; with a new one the next run goes on" {
	get_ticket -l 6s
	start_pipeline
	echo 1 >&9
	wait_for 20 committed 1
	wait_for 20 expired
	echo 2 >&9
	exec 9>&-
	wait_bg pipeline
	assert_status 78
	assert_stderr_contains 'Ticket expired'
	get_ticket
	seq 3 | "$MARKER" -n 1 -f 2>acks | weir lake-put "$lake"
	grep -q '^at 1' acks
	printf '%s\n' 1 2 3 >in
	assert_table in
}
