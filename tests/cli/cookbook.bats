#!/usr/bin/env bats
# weir-cookbook(7): its recipes, pasted from the page as it is shown, against a Kafka of their own, since they name topics.
# bats file_tags=server
bats_require_minimum_version 1.5.0
load ../lib/weir
load ../lib/recipes

setup_file() {
	recipes_begin
	recipes_clicks 100
}

teardown_file() {
	recipes_end
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "cookbook: the last ten records" {
	cook 'The last ten records'
	assert_status 0
	assert_output "$(sort -n "$BATS_FILE_TMPDIR/all" | tail -n 10 | cut -f 5)"
}

@test "cookbook: the records of a key, and those with a value in a field" {
	cook 'The records of a key'
	values '$4 == "u42"' >wanted
	assert_lines wanted
	cook 'The records in which a field has a value'
	values 1 | jq -c 'select(.action == "buy" and .amount > 90) | .id' >wanted
	output=$(jq .id <<<"$output")
	assert_lines wanted
}

@test "cookbook: an hour in local time" {
	cook 'An hour in local time'
	values "\$1 >= $(milliseconds '2026-03-27T13:00Z') && \$1 < $(milliseconds '2026-03-27T14:00Z')" >wanted
	assert_lines wanted
}

@test "cookbook: the last quarter of an hour" {
	values "\$1 >= $(milliseconds '15 minutes ago')" >wanted
	cook 'The last quarter of an hour'
	assert_lines wanted
}

@test "cookbook: yesterday, in the zone of this machine" {
	export TZ=Asia/Tokyo
	values "\$1 >= $(milliseconds "$(date -d yesterday +%F)") && \$1 < $(milliseconds "$(date +%F)")" >wanted
	cook 'Yesterday, from midnight to midnight'
	assert_lines wanted
}

@test "cookbook: one record" {
	cook 'One record, by topic:partition@offset'
	assert_status 0
	assert_equal "$(jq -r .value <<<"$output")" "$(values '$2 == 2 && $3 == 17')"
	assert_equal "$(jq -r '"\(.topic):\(.partition)@\(.offset)"' <<<"$output")" clicks:2@17
}

@test "cookbook: the records that are not JSON" {
	topic=$(new_topic 2)
	printf '%s\n' '{"a":1}' 'no json' 1 '' null '{"a":' | weir produce -p 1 "$topic"
	weir produce -p 1 -0 "$topic" < <(printf '{"a":\n2}\0\377\0')
	cook 'The records that are not JSON' 1 "s/ clicks / $topic /"
	assert_status 0
	assert_output "$(printf "$topic:1@%s\n" 1 3 5 7)"
}

rows_of() { # rows_of TABLE COLUMNS: of a Delta table of one commit
	python3 -c 'import duckdb, sys; print(duckdb.sql(f"select {sys.argv[2]} from read_parquet(\x27{sys.argv[1]}/*.parquet\x27) order by 1").fetchall())' "$@"
}

@test "cookbook: fields from a file" {
	printf 'user,name\nu1,Ada\nu2,"Eve, x"\n' >users.csv
	cook 'Fields from a file' 1 "$(to_end)"
	assert_status 0
	weir lake-cat lake/enriched | jq -c . | sort >seen
	values 1 | jq -c --argjson names '{"u1":"Ada","u2":"Eve, x"}' \
		'.profile = (if $names[.user] then {user, name: $names[.user]} else null end)' | sort >wanted
	assert_files_equal seen wanted
}

@test "cookbook: the rows of Debezium" {
	topic=$(new_topic 1)
	printf '%s\n' '{"before":null,"after":{"id":1,"at":{"x":2}},"op":"c","ts_ms":5}' '{"before":{"id":1},"after":null,"op":"d","ts_ms":6}' |
		weir produce "$topic"
	cook 'The rows of Debezium' 1 "$(to_end); s/ customers |/ $topic |/"
	assert_status 0
	assert_equal "$(rows_of lake/customers '*')" "[(1, 2, 'c', 5)]"
}

@test "cookbook: an access log as a table" {
	printf '%s\n' 'h - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326' 'h - u [10/Oct/2000:13:55:37 -0700] "GET /b HTTP/1.0" 404 -' >access.log
	cook 'An access log as a table'
	assert_status 0
	assert_equal "$(rows_of lake/access 'path, status, epoch(time)::int')" "[('/a', 200, 971211336), ('/b', 404, 971211337)]"
}

@test "cookbook: a sample" {
	cook 'A sample' 1
	values '$3 % 100 == 0' >wanted
	assert_lines wanted
	cook 'A sample' 2
	assert_status 0
	assert_equal "$(sort -u <<<"$output" | wc -l)" 20
	values 1 >everything
	assert_equal "$(grep -vxFf everything <<<"$output")" ''
}

@test "cookbook: how many records there are" {
	cook 'How many records there are'
	assert_status 0
	assert_output "$(values 1 | wc -l)"
}

# What stands for this broker in the recipes: its address, and what it takes to be let in.
place() {
	echo "s,kafka.example.com:9093,$WEIR_TEST_KAFKA_SASL,; s,alice,$WEIR_TEST_USER,; s,=secret,=$WEIR_TEST_PASSWORD,
		s,/etc/ssl/certs/ca-certificates.crt,$WEIR_TEST_CA,"
}

@test "cookbook: TLS and a password" {
	recipe 'TLS and a password' 1 "$(place)" >client.properties
	grep -q "=$WEIR_TEST_PASSWORD" client.properties
	cook 'TLS and a password' 2 "$(place)"
	assert_status 0
	grep -q '^clicks  *2 ' <<<"$output"
	assert_equal "$(stat -c %a client.properties)" 600
	# the file is what does it
	run_weir topics -b "$WEIR_TEST_KAFKA_SASL" --timeout 2s
	assert_status 75
	sed -i 's/=PLAIN/=SCRAM-SHA-512/' client.properties
	cook 'TLS and a password' 2 "$(place)"
	assert_status 78
}

@test "cookbook: TLS and a certificate" {
	start_kafka own
	printf 'listener.name.secure.ssl.%s\n' client.auth=required truststore.type=PEM "truststore.location=$WEIR_TEST_CA" >>own/server.properties
	sed -i 's/SECURE:SASL_SSL/SECURE:SSL/' own/server.properties
	"$WEIR_ROOT/tests/servers/kafka" stop own
	"$WEIR_ROOT/tests/servers/kafka" restart own 3>&-
	kadmin create certified 1
	cp "$WEIR_TEST_CA" ca.pem
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=client -keyout client.key -out client.csr 2>log
	openssl x509 -req -in client.csr -CA ca.pem -CAkey "${WEIR_TEST_CA%.pem}.key" -set_serial 2 -days 2 -out client.crt 2>log
	recipe 'TLS and a certificate' 1 >client.properties
	cook 'TLS and a certificate' 2 "$(place)"
	assert_status 0
	grep -q '^certified ' <<<"$output"
	sed -i '/certificate\|key/d' client.properties
	cook 'TLS and a certificate' 2 "$(place); s/topics/topics --timeout 3s/"
	[ "$status" != 0 ]
}

@test "cookbook: TLS and a password by the environment" {
	cook 'The same by the environment' 1 "$(place)"
	assert_status 0
	grep -q '^clicks  *2 ' <<<"$output"
}

@test "cookbook: why there is no connection" {
	recipe 'TLS and a password' 1 "$(place)" | sed 's/^sasl.password=.*/sasl.password=wrong/' >client.properties
	cook 'Why there is no connection' 1 "$(place)"
	assert_status 78 # of topics, by pipefail
	grep -q 'certificate verified' <<<"$output"
	grep -q 'FAIL: .*Authentication failed' <<<"$output"
}

@test "cookbook: a count per minute" {
	cook 'A count per minute'
	assert_status 0
	values 1 | jq -r '.ts[:16]' | sort | uniq -c | awk '{ print $2, $1 }' >wanted
	output=$(jq -r '"\(.window_start[:16]) \(.count)"' <<<"$output")
	assert_lines wanted
}

@test "cookbook: the top ten" {
	cook 'The top ten'
	assert_status 0
	assert_output "$(values 1 | jq -sc 'group_by(.page) | map({page: .[0].page, count: length}) |
		sort_by(-.count, .page)[:10][]')"
}

@test "cookbook: sums by day and field" {
	cook 'Sums by day and field'
	assert_status 0
	values 1 | jq -sr 'map(select(.action == "buy")) | group_by([.ts[:10], .page])[] |
		[.[0].ts[:10], .[0].page, length, (map(.amount) | add * 100 | round)] | @tsv' >wanted
	output=$(tail -n +2 <<<"$output" | awk -F '\t' -v OFS='\t' '{ print substr($1, 1, 10), $3, $4, sprintf("%.0f", $5 * 100) }')
	assert_lines wanted
}

@test "cookbook: another key, values and headers as they were" {
	kadmin create pages 4
	cook 'Another key, and so other partitions' 1
	assert_status 0
	moved
	# and as records come
	kadmin delete pages
	kadmin create pages 4
	cook 'Another key, and so other partitions' 2 "$(to_end)"
	assert_status 0
	moved
	run_weir lag -g pages --max-lag 0
	assert_status 0
}

@test "cookbook: a topic into another one, exactly once" {
	kadmin create purchases 2
	kadmin create copy 3
	for _ in 1 2; do # the second time there is nothing new
		cook 'A topic into another one, exactly once' 1 "$(to_end)"
		assert_status 0
		cook 'A topic into another one, exactly once' 2 "$(to_end)"
		assert_status 0
	done
	values '/"action":"buy"/' | jq -r '"\(.ts | fromdate)000 \(.user) \(.id)"' >wanted
	output=$(kcat -C -b "$WEIR_BROKERS" -t purchases -e -q -f '%T %k %s\n' | sed -E 's/ \{.*"id":([0-9]+).*/ \1/')
	assert_lines wanted
	kcat -C -b "$WEIR_BROKERS" -t clicks -e -q -f '%T %k %h %s\n' >wanted
	output=$(kcat -C -b "$WEIR_BROKERS" -t copy -e -q -f '%T %k %h %s\n')
	assert_lines wanted
}

# The topic pages has the values of clicks, each with its page as key, all of a page in one partition.
moved() {
	kcat -C -b "$WEIR_BROKERS" -t pages -e -q -f '%k\t%h\t%s\t%p\n' >moved
	assert_files_equal <(cut -f 3 moved | sort) <(values 1 | sort)
	assert_equal "$(cut -f 2 moved | sort -u)" 'from=test'
	assert_equal "$(cut -f 1,3 moved | awk -F '\t' '{ n += $2 !~ "\"page\":\"" $1 "\"" } END { print n + 0 }')" 0
	assert_equal "$(cut -f 1,4 moved | sort -u | wc -l)" "$(cut -f 1 moved | sort -u | wc -l)"
}

@test "cookbook: a table of CSV as records, a tombstone" {
	kadmin create users 2
	printf '%s\n' user,country u1,FR '"u""2",DE' >users.csv
	cook 'A table of CSV as records'
	assert_status 0
	cook 'A tombstone'
	assert_status 0
	assert_equal "$(kcat -C -b "$WEIR_BROKERS" -t users -e -q -Z -f '%k %s\n' | sort)" "$(
		printf '%s\n' 'u"2 {"user":"u\"2","country":"DE"}' 'u1 {"user":"u1","country":"FR"}' 'u42 NULL' | sort
	)"
}

@test "cookbook: a file as one record" {
	kadmin create documents 1
	seq 1000 >report.txt
	cook 'A file as one record'
	assert_status 0
	assert_files_equal <(kcat -C -b "$WEIR_BROKERS" -t documents -e -q -D '') report.txt
	assert_equal "$(weir topics --format json documents | jq .next)" 1
}

@test "cookbook: the groups that there are" {
	for group in some-b some-a; do weir consume -g $group --to end clicks >/dev/null; done
	cook 'The groups that there are'
	assert_status 0
	assert_equal "$(grep ^some- <<<"$output")" $'some-a\nsome-b'
	assert_equal "$(sort <<<"$output" | uniq -d)" ''
}

@test "cookbook: a group from another place" {
	weir consume -g readers --to end clicks >/dev/null
	cook 'A group from another place'
	values "\$1 >= $(milliseconds '2026-03-27T14:00Z')" >wanted
	assert_lines wanted
	assert_equal "$(weir consume -g readers --to end clicks)" ''
}

@test "cookbook: every recipe is run by a test, and no line is cut at 80 columns" {
	recipes_list >listed
	[ "$(wc -l <listed)" -ge 40 ]
	recipes_run "$WEIR_ROOT"/tests/cli/cookbook*.bats >run
	assert_files_equal run listed
	[ "$(recipes_page mandoc | wc -L)" -le 80 ]
	# man(1) shows the same, and so does weir help where that is not there
	recipes_page mandoc | page_blocks >blocks
	assert_files_equal <(recipes_page man | page_blocks) blocks
	assert_files_equal <(recipes_page help | page_blocks) blocks
}
