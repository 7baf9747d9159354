#!/usr/bin/env bats
# run --metrics: what Prometheus reads, /healthz, and the dashboard in packaging/.
# bats file_tags=sample
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return
}

serve() { # serve ARG...: run, with metrics at a port of its own; sets at
	start_bg run weir run --metrics 0 "$@"
	wait_for 10 grep -q 'metrics are at port' "$BATS_TEST_TMPDIR/run.err"
	at=http://127.0.0.1:$(sed -n 's/.*metrics are at port //p' "$BATS_TEST_TMPDIR/run.err")
}

stop() { # stop STATUS
	stop_bg run
	assert_status "$1"
}

page() { # page PATH [CURL_OPTION...]: the status and the type on the first line, then the body
	local path=$1
	shift
	curl -s --max-time 10 -o body -w '%{http_code} %{content_type}\n' "$@" "$at$path"
	cat body
}

has() { # has LINE-REGEX: the metrics have such a line
	curl -s --max-time 10 "$at/metrics" | grep -qE -- "$1"
}

# Each metric once with its head, and no series twice.
well_formed() {
	curl -s --max-time 10 "$at/metrics" >all
	[ -s all ]
	[ -z "$(grep '^# TYPE' all | cut -d' ' -f3 | sort | uniq -d)" ]
	[ -z "$(grep -v '^#' all | sed 's/ [^ ]*$//' | sort | uniq -d)" ]
	run ! grep -vE '^(# (HELP|TYPE) [a-z0-9_]+ .+|[a-z0-9_]+(\{([a-z_]+="[^"]*",?)+\})? -?[0-9.]+)$' all
	# the samples of a metric follow each other
	[ "$(grep -v '^#' all | grep -oE '^[a-z0-9_]+' | uniq | sort | uniq -d)" = '' ]
}

@test "the state of the pipeline, and what no page is" {
	serve -c 'sleep 60'
	has '^weir_run_state\{state="running"\} 1$'
	has '^weir_run_state\{state="waiting"\} 0$'
	has '^weir_run_restarts_total 0$'
	well_formed
	[[ $(page /metrics | head -n 1) == '200 text/plain; version=0.0.4'* ]]
	run_logged page /healthz
	assert_equal "${lines[0]}" '200 application/json'
	jq -e '.state == "running" and .restarts == 0' body
	[[ $(page /nothing | head -n 1) == '404 '* ]]
	[[ $(page / | head -n 1) == '200 '* ]]
	[[ $(page /metrics -X POST -d x=y | head -n 1) == '405 '* ]]
	[[ $(page /metrics -I | head -n 1) == '200 '* ]]
	stop 0
}

@test "what meter and lake-put know, each with its number; nothing of an earlier try; nothing is left" {
	mkfifo data
	export TMPDIR=$PWD XDG_RUNTIME_DIR='' RUNTIME_DIRECTORY=''
	serve -c 'weir meter -i 100ms --name one data | weir meter -i 100ms --name two >out'
	exec 5>data
	printf 'a\nb\n' >&5
	wait_for 10 has '^weir_meter_records_total\{program="meter",number="1",name="one"\} 2$'
	wait_for 10 has '^weir_meter_records_total\{program="meter",number="2",name="two"\} 2$'
	well_formed
	[ "$(stat -c %a weir-run-*)" = 700 ]
	exec 5>&-
	wait_bg run
	assert_status 0
	[ "$(ls)" = "$(printf '%s\n' all data out)" ]
	run ! grep -v 'metrics are at' "$BATS_TEST_TMPDIR/run.err"
}

@test "while it waits for another try /healthz is 503, and the statuses are there" {
	serve --restart -c 'true | (exit 75)'
	wait_for 10 has '^weir_run_last_status\{position="2"\} 75$'
	wait_for 10 has '^weir_run_state\{state="waiting"\} 1$'
	wait_for 20 eval 'page /healthz | head -n 1 | grep -q ^503'
	wait_for 20 has '^weir_run_restarts_total [1-9]'
	well_formed
	stop 75
}

@test "addresses: what cannot be used is said before anything runs" {
	for bad in x : 99999 1.2.3.4.5:80 '[::1' localhost:80 ''; do
		run_weir run --metrics "$bad" -c 'touch made'
		assert_status 2
		assert_stderr_contains "is not PORT"
	done
	run_weir run --metrics 192.0.2.1:0 -c 'touch made'
	assert_status 78
	assert_stderr_contains "cannot listen at '192.0.2.1:0'"
	[ ! -e made ]
	serve -c 'sleep 60'
	run_weir run --metrics "${at#http://}" -c 'touch made'
	assert_status 78
	[ ! -e made ]
	stop 0
}

@test "many connections, and one that says nothing, hold up neither the pipeline nor the others" {
	serve -c 'sleep 60'
	local host=${at#http://}
	exec 6<>"/dev/tcp/${host%:*}/${host#*:}"
	for _ in $(seq 30); do
		curl -s --max-time 10 "$at/metrics" >/dev/null
	done
	stop 0
	exec 6>&-
}

@test "sixteen connections that say nothing, or a byte now and then, keep nobody waiting for longer than a scrape" {
	serve -c 'sleep 60'
	cat >hold.py <<-'END'
		import socket, sys, time
		host, port = sys.argv[1].rsplit(":", 1)
		held = []
		for i in range(16):
		    s = socket.create_connection((host, int(port)))
		    s.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
		    held.append(s)
		print("held", flush=True)
		while held:
		    time.sleep(0.5)
		    for s in list(held):
		        try:
		            s.sendall(b"x")
		        except OSError:
		            held.remove(s)
		print("gone", flush=True)
	END
	start_bg hold timeout 60 python3 hold.py "${at#http://}"
	wait_for 10 grep -q held "$BATS_TEST_TMPDIR/hold.out"
	[[ $(page /metrics | head -n 1) == '200 '* ]] # within 10 s
	wait_for 20 grep -q gone "$BATS_TEST_TMPDIR/hold.out"
	[[ $(curl -s --max-time 20 -o /dev/null -o /dev/null -w '%{http_code} ' "$at/metrics" "$at/healthz") == '200 200 ' ]]
	stop 0
}

@test "the dashboard asks only for metrics and labels that there are" {
	mkfifo hold
	start_bg mock weir mock-broker --topic t:2 --port-file "$BATS_TEST_TMPDIR/port"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	WEIR_BROKERS=$(<"$BATS_TEST_TMPDIR/port")
	export WEIR_BROKERS
	seq 100 | weir produce t
	serve -c 'weir consume -g g --batch 100ms t | weir meter -i 100ms --name read | weir lake-put --commit-every 100ms lake'
	wait_for 20 has '^weir_lake_put_records_total\{program="lake-put",number="1"\} 100$'
	wait_for 20 has '^weir_meter_delay_seconds'
	well_formed
	curl -s --max-time 10 "$at/metrics" >all
	stop 0
	serve -c 'weir consume -g d --batch 100ms t | weir db-put --create --schema "a int" --input tsv --table t \
		--commit-every 100ms sqlite:db'
	wait_for 20 has '^weir_db_put_committed_position'
	curl -s --max-time 10 "$at/metrics" >>all
	stop 0
	python3 - "$WEIR_ROOT/packaging/grafana.json" all <<-'END'
		import json, re, sys
		board = json.load(open(sys.argv[1]))
		there = {}
		for line in open(sys.argv[2]):
		    if m := re.match(r'(?:# TYPE )?(weir_\w+)(\{.*\})?', line):
		        there.setdefault(m[1], {'job', 'instance'}).update(re.findall(r'(\w+)="', m[2] or ''))
		there['weir_run_last_status'] = {'job', 'instance', 'position'}  # after an end
		asked = set()
		for panel in board['panels']:
		    for target in panel['targets']:
		        names = re.findall(r'\b(weir_\w+)\{([^}]*)\}', target['expr'])
		        assert names, target['expr']
		        assert len(names) == len(re.findall(r'weir_\w+', target['expr'])), target['expr']
		        for name, matchers in names:
		            asked.add(name)
		            assert name in there, f'{name} is not there'
		            labels = set(re.findall(r'(\w+)=~?"', matchers)) | set(re.findall(r'\{\{(\w+)\}\}', target['legendFormat']))
		            assert labels <= there[name], f'{name} has no {labels - there[name]}'
		assert len(asked) > 8
		ids = [p['id'] for p in board['panels']]
		assert len(ids) == len(set(ids))
	END
}

@test "db-put is there, too" {
	start_bg mock weir mock-broker --topic t:1 --port-file "$BATS_TEST_TMPDIR/port"
	wait_for 10 test -s "$BATS_TEST_TMPDIR/port"
	WEIR_BROKERS=$(<"$BATS_TEST_TMPDIR/port")
	export WEIR_BROKERS
	printf '{"a":%d}\n' 1 2 3 | weir produce t
	serve -c 'weir consume -g g --batch 100ms t |
		weir db-put --create --schema "a int" --table t --commit-every 100ms sqlite:db'
	wait_for 20 has '^weir_db_put_records_total\{program="db-put",number="1"\} 3$'
	well_formed
	stop 0
}
