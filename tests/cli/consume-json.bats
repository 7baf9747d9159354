# consume: values and keys that are JSON, --envelope, and records that are not.
# bats file_tags=server
# shellcheck disable=SC2154 # stderr and output come from the helpers
load ../lib/weir

setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	topic=$(new_topic 2)
}

consume() { # consume ARG...: up to the end
	run_weir consume --to end "$@" "$topic"
}

# Three records with all forms of values: with many blanks, with none, and a scalar.
put_json() {
	kput "$topic" 0 @1700000000000 key=k header=a=1 \
		'= {\n\x09"s" : "a  b\\n\\u00e4\\"  ,  \\\\",\x0d\n "n": [ 1.50, -0, 1e+400, 12345678901234567890 ], "o":{ } , "e" : [ ]\n}\n' \
		key headers '={"s":"x","n":null}' '= "  " '
}

@test "--value json: blanks outside of strings go, everything else stays byte for byte; alone and with --format json" {
	put_json
	consume --value json
	assert_success
	assert_output '{"s":"a  b\n\u00e4\"  ,  \\","n":[1.50,-0,1e+400,12345678901234567890],"o":{},"e":[]}
{"s":"x","n":null}
"  "'
	consume --format json --value json
	assert_success
	assert_output '{"topic":"'"$topic"'","partition":0,"offset":0,"timestamp":1700000000000,"timestamp_type":"create","key":"k","headers":[["a","1"]],"value":{"s":"a  b\n\u00e4\"  ,  \\","n":[1.50,-0,1e+400,12345678901234567890],"o":{},"e":[]}}
{"topic":"'"$topic"'","partition":0,"offset":1,"timestamp":1700000000000,"timestamp_type":"create","key":null,"headers":[],"value":{"s":"x","n":null}}
{"topic":"'"$topic"'","partition":0,"offset":2,"timestamp":1700000000000,"timestamp_type":"create","key":null,"headers":[],"value":"  "}'
	weir consume --to end -0 --value json "$topic" >out
	assert_equal "$(tr -dc '\0' <out | wc -c)" 3
	weir consume --to end -0 --format json --value json "$topic" | tr '\0' '\n' | diff - <(printf '%s\n' "$output")
}

@test "a tombstone, and the JSON null" {
	kput "$topic" 0 =null null
	consume --value json
	assert_success
	assert_output null # and an empty record
	consume --format json --value json
	assert_success
	assert_equal "$(jq -c .value <<<"$output")" $'null\nnull'
	consume --format json --value json --tombstones skip
	assert_success
	assert_equal "$(jq -c .offset <<<"$output")" 0
}

@test "a value that is not JSON: 65 with its place, whatever is wrong" {
	while IFS='|' read -r value said; do
		topic=$(new_topic)
		kput "$topic" 0 '={"a":1}' "=$value" '={"a":2}'
		for form in '' '--format json'; do
			# shellcheck disable=SC2086
			consume $form --value json
			assert_status 65
			assert_equal "$(wc -l <<<"$output")" 1
			assert_stderr "weir consume: topic '$topic', partition 0, offset 1: the value is not JSON: $said"
		done
	done <<-'ROWS'
		|byte 1: a value was expected
		 |byte 2: a value was expected
		{"a":oops}|byte 6: this is not a JSON value
		{"a":1} {"b":2}|byte 9: the record has ended, but more follows
		{"a":1|byte 7: ',' or '}' was expected
		{"a":"x\ny"}|byte 8: a control character in a string must be escaped
		{"a":1}\0|byte 8: the record has ended, but more follows
		"a\xffb"|byte 3: this is not UTF-8
		\xef\xbb\xbf{}|byte 1: a byte order mark does not belong to JSON
		NaN|byte 1: this is not a JSON value
		01|byte 1: this is not a JSON value
		{'a':1}|byte 2: a name in quotes was expected
		{"a":1,}|byte 8: a name in quotes was expected
	ROWS
}

@test "nesting: as deep as other programs read it, in the value's place" {
	local deep
	deep=$(printf '[%.0s' {1..1023})$(printf ']%.0s' {1..1023})
	kput "$topic" 0 "=$deep"
	run_sh "weir consume --to end --format json --value json $topic | weir filter true | wc -l"
	assert_success
	assert_output 1
	kput "$topic" 0 "=[$deep]"
	consume --value json
	assert_success
	consume --format json --value json
	assert_status 65
	assert_stderr_contains 'offset 1: the value is not JSON: byte 1024: nested too deeply'
}

@test "--key json and base64, --value base64" {
	kput "$topic" 0 key= '={}' key '={}' 'key={ "id" : 1 }' '=\xff\n'
	consume --format json --key base64 --value base64
	assert_success
	assert_equal "$(jq -c '[.key,.value]' <<<"$output")" $'["","e30="]\n[null,"e30="]\n["eyAiaWQiIDogMSB9","/wo="]'
	consume --value base64
	assert_success
	assert_output $'e30=\ne30=\n/wo='
	consume --format json --key json --from 1
	assert_success
	assert_output_contains '"key":{"id":1},"headers":[],"value":{"base64":"/wo="}'
	consume --format json --key json
	assert_status 65
	assert_stderr_contains 'offset 0: the key is not JSON: byte 1: a value was expected'
}

@test "--envelope: metadata as the first members, and a tombstone is metadata alone" {
	kput "$topic" 1 @1700000000250 key=k header=a=1 header=a= header=b '={ "amount" : 7 }\n' key headers @-1 '={}' \
		@-62167219200001 '= { } ' @5 key=gone null
	consume --envelope
	assert_success
	assert_output '{"_topic":"'"$topic"'","_partition":1,"_offset":0,"_timestamp":"2023-11-14T22:13:20.250Z","_key":"k","_headers":[{"name":"a","value":"1"},{"name":"a","value":""},{"name":"b","value":null}],"amount":7}
{"_topic":"'"$topic"'","_partition":1,"_offset":1,"_timestamp":null,"_key":null,"_headers":[]}
{"_topic":"'"$topic"'","_partition":1,"_offset":2,"_timestamp":null,"_key":null,"_headers":[]}
{"_topic":"'"$topic"'","_partition":1,"_offset":3,"_timestamp":"1970-01-01T00:00:00.005Z","_key":"gone","_headers":[]}'
	local seen=$output
	consume --format json --value json --envelope
	assert_success
	assert_output "$seen"
}

@test "--envelope: what cannot have the members: 65, each with what helps" {
	while IFS='|' read -r action said; do
		topic=$(new_topic)
		eval "kput $topic 0 $action"
		consume --envelope
		assert_status 65
		assert_output ''
		assert_stderr "weir consume: topic '$topic', partition 0, offset 0: $said"
	done <<-'ROWS'
		=7|the value is not a JSON object, to which --envelope could add members
		=[]|the value is not a JSON object, to which --envelope could add members
		=null|the value is not a JSON object, to which --envelope could add members
		'={"a":1'|the value is not JSON: byte 7: ',' or '}' was expected
		'={"a":{"_offset":1},"_offset":null}'|the value has a member _offset of its own, beside that of --envelope
		'={"\\u005fkey":1}'|the value has a member _key of its own, beside that of --envelope
		'key=\xff' '={}'|the key is not UTF-8, so it cannot be a string (--key base64)
		'header=a=\xff' '={}'|a header is not UTF-8, so it cannot be a string (--value json without --envelope)
	ROWS
	kput "$topic" 0 headers 'key=\xff' '={"a":{"_offset":1}}'
	consume --envelope --key base64 --from 1
	assert_success
	assert_output_contains '"_key":"/w==","_headers":[],"a":{"_offset":1}}'
}

@test "--rejects: what cannot be written is left out, or aside with all its bytes, which produce takes back" {
	kput "$topic" 0 key=k header=a=1 '={"a":1}' '=oops\n' '={"a":2}' 'key=\xff' '=\xff'
	consume --value json --rejects drop
	assert_status 1
	assert_output $'{"a":1}\n{"a":2}'
	assert_stderr 'weir consume: 2 of 4 records (50 %) were rejected and left out'
	consume --envelope --rejects bad
	assert_status 1
	assert_equal "$(wc -l <<<"$output")" 2
	assert_equal "$(head -n 1 bad)" '{"reason":"the value is not JSON: byte 1: this is not a JSON value","input":"'"$topic"'","record":2,"data":'"$(
		weir consume --from 1 -n 1 -p 0 --format json "$topic" | jq -R .
	)"',"run":null,"batch":null,"topic":"'"$topic"'","partition":0,"offset":1}'
	jq -r .data bad >again
	weir produce --format json -p 1 "$topic" <again
	diff <(weir consume -p 1 --to end --format json "$topic" | jq -c '[.key,.headers,.value]') \
		<(jq -c '[.key,.headers,.value]' again)
	consume --value json --rejects drop --max-rejects 1
	assert_status 65
	assert_stderr 'weir consume: 2 of 4 records are rejected, more than --max-rejects allows'
	consume --rejects bad2 # a line feed in a record of lines
	assert_status 1
	assert_equal "$(jq -c '[.offset,.partition]' bad2 | sort | uniq)" '[0,1]
[1,0]'
}

@test "--rejects in a marked stream: with run and batch, on disk before the mark; 65 stops before it" {
	local group
	group=$(unique_group)
	for i in {1..5}; do kput "$topic" 0 '={"a":1}' =bad "={\"a\":$i}"; done
	run_sh "weir consume -g $group --batch 10s,4 --to end --envelope --rejects bad $topic | weir lake-put lake; echo \${PIPESTATUS[*]}"
	assert_output '1 0'
	assert_equal "$(weir lake-cat lake | jq -c ._offset | tr '\n' ' ')" '0 2 3 5 6 8 9 11 12 14 '
	assert_equal "$(jq -c '.offset' bad | tr '\n' ' ')" '1 4 7 10 13 '
	assert_equal "$(jq -c 'select(.run and .batch and .partition == 0)' bad | wc -l)" 5
	run_sh "weir consume -g $group-2 --batch 10s,4 --to end --envelope $topic | weir lake-put lake2; echo \${PIPESTATUS[*]}"
	assert_output '65 75'
	assert_equal "$(weir lake-cat lake2 2>/dev/null | wc -l)" 0
	[ -w /dev/full ]
	run_sh "weir consume -g $group-3 --batch 10s,4 --to end --envelope --rejects /dev/full $topic | weir lake-put lake3; echo \${PIPESTATUS[*]}"
	assert_output '75 75'
	assert_stderr_contains "weir consume: cannot write '/dev/full': No space left on device"
	assert_equal "$(weir lake-cat lake3 2>/dev/null | wc -l)" 0
}

@test "--rejects FILE that is full, of a plain stream with a group: nothing behind what is lost is committed" {
	local group
	group=$(unique_group)
	kput "$topic" 0 '={"a":1}' =bad
	consume -g "$group" --value json --rejects /dev/full
	assert_status 75
	assert_output '{"a":1}'
	assert_stderr "weir consume: cannot write '/dev/full': No space left on device"
	consume -g "$group" --value json --rejects bad
	assert_status 1
	assert_equal "$(jq .offset bad)" 1
}

@test "a filter that refuses a record of --envelope names its offset" {
	for i in {1..9}; do kput "$topic" 0 "={\"ts\":$i,\"topic\":\"x\",\"partition\":7,\"offset\":8}"; done
	kput "$topic" 0 '={"ts":"never","topic":"x","partition":0,"offset":3}'
	run_sh "weir consume -g $(unique_group) --batch 1h --to end --envelope $topic |
		weir lake-put --partition-by d=%F --time .ts lake; echo \"\${PIPESTATUS[1]}\""
	assert_output 65
	assert_stderr_contains "topic '$topic', partition 0, offset 9: weir consume -p 0 --from 9 --to 10 --format json $topic"
}

@test "options that exclude each other" {
	while IFS='|' read -r options said; do
		# shellcheck disable=SC2086
		consume $options
		assert_status 2
		assert_stderr_contains "$said"
	done <<-'ROWS'
		-f %s --value json|-f excludes --format, --value, --key and --envelope
		-f %s --envelope|-f excludes
		--key json|--key needs --format json or --envelope
		--key text --format raw|--key needs --format json or --envelope
		--envelope --value text|--envelope adds to JSON
		--envelope --format raw|--envelope adds to JSON
		--value yaml|'yaml' is not one of text|json|base64
		--key k1 --format json|'k1' is not one of text|json|base64
		--max-rejects 3|--max-rejects needs --rejects
		--rejects -|--rejects needs a file
	ROWS
}
