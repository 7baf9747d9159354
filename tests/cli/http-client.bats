#!/usr/bin/env bats
# The HTTP client of the stores (common/io/http.h), in a program that puts a file, with a server that misbehaves.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_server faulthttp behind
	behind=$WEIR_TEST_FAULT
	start_server faulthttp front "$behind"
	seq 30000 >body
}

@test "HTTP client: a file arrives, whatever becomes of the first requests and answers" {
	local rule n=0
	while read -r rule; do
		fault "${rule%\}},\"nth\":[1,2]}"
		run_logged "$BUILD/bench/httpput" "$WEIR_TEST_FAULT/x$((++n))" body
		assert_success
		assert_files_equal <(curl -sS --noproxy '*' "$behind/x$n") body
		assert_equal "$(fault_seen '.seen | map(select(.method)) | length')" 3
	done <<-'END'
		{"do":"internal"}
		{"do":"slow_down"}
		{"do":"too_many","after":0}
		{"do":"reset"}
		{"do":"cut_request"}
		{"do":"cut_request","at":"half"}
		{"do":"cut_request","at":"all_but_one"}
		{"do":"lose_answer"}
		{"do":"cut_answer","at":30,"how":"close"}
		{"do":"cut_answer","at":"all_but_one","how":"close"}
		{"do":"late","after":0.1}
	END
}

@test "HTTP client: many parts through faults by chance" {
	fault '{"do":"slow_down","probability":0.1}' '{"do":"lose_answer","probability":0.1}' \
		'{"do":"cut_request","at":"half","probability":0.1}' '{"do":"answer_twice","probability":0.2}'
	run_logged "$BUILD/bench/httpput" "$WEIR_TEST_FAULT/x" body 100 8
	assert_success
	assert_equal "$(fault_seen '.seen | map(select(.did == null or .did == "answer_twice")) | length')" 100
}
