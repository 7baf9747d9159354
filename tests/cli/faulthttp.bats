#!/usr/bin/env bats
# tests/servers/faulthttp does what it says; seen through curl alone.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_server faulthttp behind
	behind=$WEIR_TEST_FAULT
	start_server faulthttp front "$behind"
	seq 20000 >body
}

# Sets $status (curl's) and prints the status of the answer and its body.
ask() { # ask METHOD PATH [CURL-OPTION...]
	run_logged curl -sS --noproxy '*' -m 10 -X "$1" -w '\n%{http_code}' "${@:3}" "$WEIR_TEST_FAULT$2"
}

put() { # put PATH [CURL-OPTION...]
	run_logged curl -sS --noproxy '*' -m 10 -o out -w '%{http_code}' -T body -H Expect: "${@:2}" "$WEIR_TEST_FAULT$1"
}

# What lies under PATH of the server behind.
stored() { # stored PATH
	curl -sS --noproxy '*' "$behind$1"
}

nothing_stored() { # nothing_stored PATH
	[ "$(curl -s --noproxy '*' -o /dev/null -w '%{http_code}' "$behind$1")" = 404 ]
}

@test "faulthttp: without rules all passes, and the head as it came" {
	put '/a%2Fb?x=1'
	assert_output 200
	assert_files_equal <(stored '/a%2Fb') body
	put '/a%2Fb' -H 'If-None-Match: *'
	assert_output 412
	ask GET '/a%2Fb' -o out
	assert_files_equal out body
	ask HEAD '/a%2Fb' -I
	assert_output_contains $'HTTP/1.1 200'
	assert_output_contains "Content-Length: $(wc -c <body)"
	ask DELETE '/a%2Fb'
	assert_output $'\n204'
	ask GET '/a%2Fb'
	assert_output_contains NoSuchKey
	seq 3 | curl -sS --noproxy '*' -T - -H 'Transfer-Encoding: chunked' "$WEIR_TEST_FAULT/chunked" # curl's, as it came
	assert_equal "$(fault_seen '.seen | map(.method) | join(" ")')" '"PUT PUT GET HEAD DELETE GET PUT"'
	assert_equal "$(fault_seen '.seen[1]')" '{"method":"PUT","target":"/a%2Fb","did":null,"status":412}'
}

@test "faulthttp: a rule that is none is refused, and changes nothing" {
	fault '{"do":"internal"}'
	for rule in '{"do":"nothing"}' '{"do":"slow","raet":1}' '{"do":"reset","path":"("}' '{' '{}' '[]'; do
		run_logged fault "$rule"
		assert_status 22
		assert_output_contains 'no rule'
	done
	ask GET /
	assert_output_contains InternalError
}

@test "faulthttp: which requests a rule is for" {
	fault '{"do":"internal","method":"PUT","path":"^/log/[0-9]+$","header":"^if-none-match: [*]","nth":[2,3],"times":1}'
	local codes=
	for request in /data/1 /log/x /log/1 /log/2 /log/3; do
		put $request -H 'If-None-Match: *'
		codes+=" $output"
	done
	put /log/4
	ask GET /log/1
	assert_equal "$codes" ' 200 200 200 500 200'
	assert_equal "$(fault_seen '.rules[0] | .matched, .followed' | paste -sd ' ')" '3 1'
	fault '{"do":"internal","probability":0}' '{"do":"too_many","after":7}'
	ask GET /log/1 -i
	assert_output_contains $'Retry-After: 7\r'
	fault
	ask GET /log/1 -o out
	assert_output $'\n200'
}

@test "faulthttp: answers that are not the server's" {
	while read -r code rule text; do
		fault "$rule"
		put /x
		assert_output "$code"
		[ -z "$text" ] || grep -q "<Code>$text</Code>" out
		nothing_stored /x
	done <<-'END'
		429 {"do":"too_many"} TooManyRequests
		500 {"do":"internal"} InternalError
		503 {"do":"slow_down"} SlowDown
		401 {"do":"unauthorized"} Unauthorized
		403 {"do":"expired"} ExpiredToken
		200 {"do":"error_in_200"} InternalError
		418 {"do":"answer","status":418,"fields":{"X":"y"},"body":"tea"}
	END
}

@test "faulthttp: conditions are ignored" {
	put /x
	fault '{"do":"ignore_conditions"}'
	put /x -H 'If-None-Match: *'
	assert_output 200
}

@test "faulthttp: a request is cut, and the server behind gets that part" {
	fault '{"do":"cut_request","at":"half"}'
	put /x
	assert_status 55 || assert_status 56
	nothing_stored /x
	fault '{"do":"cut_request"}' && put /x
	[ "$status" != 0 ]
	fault '{"do":"cut_request","at":"all_but_one"}' && put /x
	[ "$status" != 0 ]
	fault '{"do":"reset"}' && put /x
	[ "$status" != 0 ]
	nothing_stored /x
}

@test "faulthttp: an answer is cut, though all is done" {
	for at in 0 '"half"' '"all_but_one"' 17; do
		fault "{\"do\":\"cut_answer\",\"at\":$at,\"how\":\"close\",\"method\":\"PUT|GET\"}"
		put "/x$at"
		case $at in
		0 | 17) assert_status 52 ;; # nothing came, or not the first line
		*) assert_status 0 ;;       # a head that ends within is a head to curl
		esac
		assert_files_equal <(stored "/x$at") body
	done
	fault '{"do":"cut_answer","at":"half","how":"close"}'
	ask GET '/x0' -o out
	assert_status 18
	[ "$(wc -c <out)" -gt 40000 ] && [ "$(wc -c <out)" -lt 70000 ]
	fault '{"do":"lose_answer"}'
	put /y
	assert_status 56
	assert_files_equal <(stored /y) body
}

@test "faulthttp: answers and requests twice" {
	put /x
	fault '{"do":"answer_twice"}'
	printf 'GET /x HTTP/1.1\r\n\r\n' >request
	exec {socket}<>"/dev/tcp/127.0.0.1/${WEIR_TEST_FAULT##*:}"
	cat request >&"$socket"
	timeout 10 head -c "$((2 * $(wc -c <body)))" <&"$socket" >twice
	exec {socket}>&-
	assert_equal "$(grep -c HTTP/1.1 twice)" 2
	fault '{"do":"deliver_twice"}'
	put /new -H 'If-None-Match: *'
	assert_output 412
	assert_files_equal <(stored /new) body
}

@test "faulthttp: a date that is off" {
	fault '{"do":"date_off","seconds":-3600}'
	ask GET /x -i
	local date
	date=$(sed -n 's/^Date: \(.*\)\r$/\1/p' <<<"$output")
	local off=$(($(date -d "$date" +%s) - EPOCHSECONDS))
	[ $off -le -3600 ] && [ $off -ge -3660 ]
}

@test "faulthttp: slow answers, and none" {
	fault '{"do":"slow","delay":0.2,"rate":400000}'
	put /x
	ask GET /x -o out -w '%{time_total} %{time_starttransfer}'
	assert_files_equal out body
	awk '{ exit !($1 >= 0.4 && $2 >= 0.2) }' <<<"$output"
	fault '{"do":"hang"}'
	run_logged curl -sS --noproxy '*' -m 0.5 "$WEIR_TEST_FAULT/x"
	assert_status 28
}

@test "faulthttp: a request that arrives late" {
	fault '{"do":"late","after":0.5}'
	put /x
	assert_status 56
	nothing_stored /x
	wait_for 10 has_come
	assert_equal "$(fault_seen '.seen[1]')" '{"late":"/x","status":200}'
	assert_files_equal <(stored /x) body
}

has_come() {
	[ "$(fault_seen '.seen | length')" = 2 ]
}

@test "faulthttp: it is gone when its owner is" {
	env -u WEIR_TEST_OWNER bash -c 'exec 3>&-; "$WEIR_ROOT/tests/servers/faulthttp" start "$PWD/own"; :'
	local id
	id=$(<own/pid)
	process_wait 10 "$id"
}
