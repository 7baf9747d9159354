#!/usr/bin/env bats
# Tables in Azure: the programs of the lake against Azurite.
# bats file_tags=azure,long
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	use_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	key=$AZURE_STORAGE_KEY
	container=$(new_container)
	lake=az://$container/lake/t
}

objects() { azure ls "$container" lake/t/ | cut -f 2 | sed 's|^lake/t/||'; }
object() { azure get "$container" "lake/t/$1"; }

# Nothing was written, and this text is in the message.
assert_refused() { # assert_refused TEXT COMMAND...
	local text=$1
	shift
	run_weir "$@" <<<1
	assert_status 78
	assert_stderr_contains "$text"
	assert_equal "$(AZURE_STORAGE_KEY=$key azure ls "$container")" ''
}

@test "azure: what every store promises" {
	"$BUILD/unit/lake_store_test" "az://$container/a b"
}

@test "azure: records in, records out, by log and by directory" {
	in_and_out
}

@test "azure: lake-cat follows a table, and a second table has each record once" {
	followed
}

@test "azure: partitions, whatever their names, and lake-cat --where" {
	partitions "ü+&=%'\\\"/?#"
}

@test "azure: large files go up in blocks, and come down in ranges" {
	seq -f '%.0f 0123456789012345678901234567890123456789012345678901234567890123456789' 600000 >in # 46 MB
	weir lake-put --compress none --memory 16M --trace trace "$lake" in
	weir lake-cat "$lake" | cmp - in
	assert_equal "$(grep -c 'PUT.*comp=block&blockid=' trace)" 6
	assert_equal "$(grep -c 'PUT.*comp=blocklist' trace)" 1
	assert_equal "$(weir lake-check "$lake")" ''
}

@test "azure: --id: a second run changes nothing" {
	id_twice
}

@test "azure: writers at the same time, each commits once" {
	writers_race
}

@test "azure: the requests of a commit are those that weir-lake(7) names" {
	seq 5 >in
	weir lake-put "$lake" in
	weir lake-put --trace trace "$lake" in
	sed -E 's|[^\t]*\t([A-Z]+)\thttp://[^/]*/[^/]*/[^/]*/lake/t/([^\t]*)\t([0-9]+)\t.*|\1 \2 \3|; s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/; s/0{19}([0-9])/N\1/' \
		trace >did
	diff -u - did <<-'DONE'
		GET _weir_log/_last 200
		GET _weir_log/N0.json 200
		GET _weir_log/N1.json 404
		HEAD part-UUID-00000.txt.zst 200
		PUT _weir_stage/UUID-0 201
		HEAD _weir_stage/UUID-0 200
		PUT _weir_log/N1.json 201
		GET _weir_log/N2.json 404
		PUT part-UUID-00000.txt.zst 202
		DELETE _weir_stage/UUID-0 202
		PUT _weir_log/_last 201
	DONE
}

@test "azure: --dry-run leaves nothing behind" {
	run_weir lake-put --dry-run -v "$lake"
	assert_status 0
	assert_stderr_contains 'all that writing needs is allowed'
	assert_equal "$(azure ls "$container")" ''
}

@test "azure: every way to name a table, and --endpoint" {
	local host=${WEIR_TEST_AZURE#http://} host_style
	host=${host%%/*}
	host_style=http://$AZURE_STORAGE_ACCOUNT.blob.localhost:${host##*:}
	unset AZURE_STORAGE_SERVICE_ENDPOINT
	weir lake-put --endpoint "$WEIR_TEST_AZURE" "$lake" <<<1
	weir lake-put --endpoint "$WEIR_TEST_AZURE/" "abfss://$container@$AZURE_STORAGE_ACCOUNT.dfs.core.windows.net/lake/t" <<<2
	weir lake-put --endpoint "$WEIR_TEST_AZURE" "https://$AZURE_STORAGE_ACCOUNT.blob.core.windows.net/$container/lake/t" <<<3
	weir lake-put "$host_style/$container/lake/t" <<<4
	weir lake-put --endpoint "$host_style" "$lake" <<<5
	AZURE_STORAGE_CONNECTION_STRING="BlobEndpoint=$WEIR_TEST_AZURE;AccountName=$AZURE_STORAGE_ACCOUNT;AccountKey=$key" \
		AZURE_STORAGE_KEY='' weir lake-put "$lake" <<<6
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	seq 6 >in
	assert_table in
}

@test "azure: no container, a wrong key, no key: 78, which says what" {
	assert_refused 'ContainerNotFound: ' lake-put az://no-such-container/x
	assert_stderr_contains 'make the container first'
	assert_refused 'is not a table' lake-cat "$lake"
	AZURE_STORAGE_KEY=d3Jvbmc= assert_refused 'status 403 Auth' lake-put "$lake"
	[[ $stderr != *d3Jvbmc* ]]
	AZURE_STORAGE_KEY='no base64' assert_refused 'the key is not base64' lake-put "$lake"
	AZURE_STORAGE_KEY='' assert_refused 'it has no TLS' lake-put "$lake"
	assert_refused 'are for s3:// only' lake-put --region x "$lake"
}

@test "azure: a shared access signature gives its rights, and is in no message or trace" {
	local all reader ended secret
	all=$(azure sas "$container" rcwdl 600)
	reader=$(azure sas "$container" rl 600)
	ended=$(azure sas "$container" rcwdl -600)
	seq 5 >in
	start_server faulthttp fault "${WEIR_TEST_AZURE%/*}"
	fault '{"do": "slow", "delay": 0, "header": "(?i)x-ms-copy-source: [^?]*[?].*sig="}' # Azurite would not notice
	AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_FAULT/$AZURE_STORAGE_ACCOUNT AZURE_STORAGE_KEY='' AZURE_STORAGE_SAS_TOKEN="?$all" \
		weir lake-put --trace trace "$lake" in
	assert_equal "$(fault_seen '.rules[0].matched')" 1
	assert_table in
	AZURE_STORAGE_KEY='' AZURE_STORAGE_SAS_TOKEN=$reader weir lake-cat --trace trace "$lake" | cmp - in
	AZURE_STORAGE_KEY='' AZURE_STORAGE_SAS_TOKEN=$reader run_weir lake-put --trace trace "$lake" in
	assert_status 78
	assert_stderr_contains 'AuthorizationPermissionMismatch'
	assert_stderr_contains 'it needs the right w, or the role Storage Blob Data Contributor'
	printf '%s\n' "$stderr" >said
	AZURE_STORAGE_KEY='' AZURE_STORAGE_SAS_TOKEN=$ended run_weir lake-put --trace trace "$lake" in
	assert_status 78
	printf '%s\n' "$stderr" >>said
	for secret in "$all" "$reader" "$ended"; do
		secret=${secret##*sig=} && secret=${secret%%&*}
		[ ${#secret} -gt 40 ]
		run ! grep -qF "$secret" trace said
	done
	assert_table in
}

@test "azure: nobody there, and a server that is not Azure" {
	run_weir lake-put --timeout 1500ms --endpoint http://127.0.0.1:9/account az://container/x <<<1
	assert_status 78 # the key does not belong to that account
	assert_stderr_contains "belongs to the account '$AZURE_STORAGE_ACCOUNT'"
	run_weir lake-put --timeout 1500ms --endpoint "http://127.0.0.1:9/$AZURE_STORAGE_ACCOUNT" az://container/x <<<1
	assert_status 75
	assert_stderr_contains 'http://127.0.0.1:9'
	mkdir web
	start_bg web python3 -um http.server --directory web --bind 127.0.0.1 0
	wait_for 10 grep -q port web.out
	run_weir lake-put --timeout 2s --endpoint "http://127.0.0.1:$(grep -oE 'port [0-9]+' web.out | cut -c 6-)/$AZURE_STORAGE_ACCOUNT" \
		az://container/x <<<1
	assert_status 78
	assert_stderr_contains 'not an answer of Azure Blob'
}

@test "azure: tokens, by a command and of a managed identity; none without TLS" {
	local identity
	start_server azurite azurite tls
	azure mb secure
	unset AZURE_STORAGE_KEY
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE SSL_CERT_FILE=$WEIR_TEST_AZURE_CA
	export WEIR_AZURE_TOKEN_COMMAND="python3 '$WEIR_ROOT/tests/lib/azure.py' token 3600"
	seq 3 >in
	weir lake-put --trace trace az://secure/t in
	weir lake-cat az://secure/t | cmp - in
	WEIR_AZURE_TOKEN_COMMAND="echo asked >>asked; $WEIR_AZURE_TOKEN_COMMAND" weir lake-put az://secure/t in
	assert_equal "$(cat asked)" asked # once
	WEIR_AZURE_TOKEN_COMMAND='echo two words' run_weir lake-put az://secure/t in
	assert_status 78
	assert_stderr_contains 'what the command of WEIR_AZURE_TOKEN_COMMAND gives cannot be used'
	[[ $stderr != *'two words'* ]]
	WEIR_AZURE_TOKEN_COMMAND='exit 3' run_weir lake-put az://secure/t in
	assert_status 78
	unset WEIR_AZURE_TOKEN_COMMAND
	start_server faulthttp identity
	identity="{\"access_token\":\"$(azure token 3600)\",\"expires_in\":\"3599\",\"token_type\":\"Bearer\"}"
	fault "$(jq -cn --arg body "$identity" '{do: "answer", status: 200, body: $body, header: "Metadata: true", method: "GET",
		path: "^/metadata/identity/oauth2/token\\?api-version=2018-02-01&resource=https%3A%2F%2Fstorage.azure.com%2F&client_id=me$"}')" \
		"$(jq -cn --arg body "$identity" '{do: "answer", status: 200, body: $body, header: "X-IDENTITY-HEADER: secret", method: "GET",
		path: "^/msi\\?api-version=2019-08-01&resource=https%3A%2F%2Fstorage.azure.com%2F$"}')"
	AZURE_POD_IDENTITY_AUTHORITY_HOST=$WEIR_TEST_FAULT AZURE_CLIENT_ID=me weir lake-put --trace trace az://secure/t in
	IDENTITY_ENDPOINT=$WEIR_TEST_FAULT/msi IDENTITY_HEADER=secret weir lake-put --trace trace az://secure/t in
	assert_equal "$(weir lake-cat az://secure/t 2>&1 | wc -l)" 1 # there are no credentials: a message
	WEIR_AZURE_TOKEN_COMMAND="python3 '$WEIR_ROOT/tests/lib/azure.py' token 3600" weir lake-cat az://secure/t >all
	cmp all <(cat in in in in)
	run ! grep -q eyJ trace
}

@test "azure: a token for a workload identity, as the Azure SDKs get it" {
	local answer
	start_server azurite azurite tls
	azure mb secure
	unset AZURE_STORAGE_KEY
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE SSL_CERT_FILE=$WEIR_TEST_AZURE_CA
	start_server faulthttp entra
	export AZURE_FEDERATED_TOKEN_FILE=$PWD/projected AZURE_CLIENT_ID=me AZURE_TENANT_ID=our/tenant AZURE_AUTHORITY_HOST=$WEIR_TEST_FAULT
	echo one.two-three >projected
	seq 3 >in
	answer=$(jq -cn --arg token "$(azure token 3600)" '{token_type: "Bearer", expires_in: 3599, access_token: $token}')
	fault "$(jq -cn --arg body "$answer" '{do: "answer", status: 200, body: $body, method: "POST", path: "^/our%2Ftenant/oauth2/v2.0/token$",
		header: "Content-Type: application/x-www-form-urlencoded", text: "&client_id=me&client_assertion=one.two-three$"}')"
	weir lake-put --trace trace az://secure/t in
	weir lake-cat az://secure/t | cmp - in
	assert_equal "$(grep -c oauth2 trace)" 1
	run ! grep -qE 'eyJ|one.two' trace
	echo renewed >projected
	run_weir lake-put az://secure/t in # which this service does not know
	assert_status 78
	fault '{"do": "answer", "status": 400, "body": "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700211: No matching federated identity record\"}"}'
	run_weir lake-put az://secure/t in
	assert_status 78
	assert_stderr_contains "Entra ID gives no token for the identity in '$PWD/projected': POST $WEIR_TEST_FAULT/our%2Ftenant/oauth2/v2.0/token: status 400"
	assert_stderr_contains AADSTS700211
	[[ $stderr != *renewed* ]]
	AZURE_TENANT_ID='' run_weir lake-put az://secure/t in
	assert_status 78
	assert_stderr_contains 'AZURE_FEDERATED_TOKEN_FILE is set, but not AZURE_TENANT_ID'
}

@test "azure: a copy that takes its time is waited for, and one that fails ends the writer with 75" {
	local stage final first
	seq 3 >in
	weir lake-put "$lake" in
	first=$(azure ls "$container" lake/t/part- | sed 's|.*/part-||')
	start_server faulthttp fault "${WEIR_TEST_AZURE%/*}"
	AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_FAULT/$AZURE_STORAGE_ACCOUNT
	fault '{"do": "answer", "method": "PUT", "header": "(?i)x-ms-copy-source:", "status": 202, "fields": {"x-ms-copy-status": "pending"}}' \
		"{\"do\": \"answer\", \"method\": \"HEAD\", \"path\": \"/part-(?!$first)\", \"status\": 200, \"fields\": {\"x-ms-copy-status\": \"pending\"}}"
	start_bg put weir lake-put "$lake" in
	wait_for 20 grep -q "waiting for the copy to '$lake/part-" put.err
	final=$(azure get "$container" lake/t/_weir_log/00000000000000000001.json | jq -r 'select(.add).add.path')
	stage=$(azure ls "$container" lake/t/_weir_stage/ | cut -f 2)
	azure cp "$container" "$stage" "lake/t/$final"
	fault
	wait_bg put
	cat in in >all
	assert_table all
	fault '{"do": "answer", "method": "PUT", "header": "(?i)x-ms-copy-source:", "times": 1, "status": 202, "fields": {"x-ms-copy-status": "failed"}}'
	run_weir lake-put "$lake" in
	assert_status 75
	assert_stderr_contains "the state of the copy is 'failed'"
	weir lake-put "$lake" in # this publishes what the other has left
	cat in in in in >all
	assert_table all
}

@test "azure: a published file names its stage, whatever the server has copied with it" {
	start_server faulthttp fault "${WEIR_TEST_AZURE%/*}"
	fault '{"do": "answer", "header": "(?i)x-ms-copy-source:", "status": 400}'
	names_its_stage azure "$container" x-ms-meta-weirstage \
		"AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_FAULT/$AZURE_STORAGE_ACCOUNT"
}

@test "azure: lost answers, and a server that ignores the condition" {
	seq 3 >in
	start_server faulthttp fault "${WEIR_TEST_AZURE%/*}"
	AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_FAULT/$AZURE_STORAGE_ACCOUNT
	fault '{"do": "lose_answer", "method": "PUT", "nth": 1}' '{"do": "lose_answer", "method": "PUT", "path": "json", "times": 1}' \
		'{"do": "lose_answer", "header": "(?i)x-ms-copy-source", "times": 1}' '{"do": "lose_answer", "method": "DELETE", "times": 2}'
	weir lake-put "$lake" in
	assert_table in
	fault '{"do": "ignore_conditions", "header": "If-None-Match"}'
	run_weir lake-put "az://$container/other" in
	assert_status 78
}

@test "azure: a clock that is off: both times; each body goes with its MD5" {
	start_server faulthttp fault "${WEIR_TEST_AZURE%/*}"
	AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_FAULT/$AZURE_STORAGE_ACCOUNT
	fault '{"do": "date_off", "seconds": -3600}'
	AZURE_STORAGE_KEY=d3Jvbmc= assert_refused '(here it is 2' lake-put "$lake"
	assert_stderr_contains ', there 2'
	fault '{"do": "slow", "delay": 0, "method": "PUT", "header": "(?i)content-md5: .{22}=="}'
	weir lake-put "$lake" <<<1
	assert_equal "$(fault_seen '.rules[0].matched')" 5 # the stage, the proofs, the entry, the hint
}

@test "azure: what an account with directories lists is skipped; an old stage is cleaned away" {
	local sas stage=lake/t/_weir_stage/01234567-89ab-4cde-8f01-23456789abcd-0
	seq 3 >in
	weir lake-put "$lake" in
	sas=$(azure sas "$container" rcwdl 600)
	for name in lake lake/t lake/t/_weir_log lake/t/dir; do
		curl -sS --fail -X PUT -H 'x-ms-version: 2021-12-02' -H 'x-ms-blob-type: BlockBlob' -H 'x-ms-meta-hdi_isfolder: true' \
			-H 'Content-Length: 0' "$WEIR_TEST_AZURE/$container/$name?$sas"
	done
	assert_equal "$(weir lake-check "$lake")" ''
	weir lake-put "$lake" in
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 6
	azure put "$container" "$stage" <<<left
	sleep 2
	weir lake-check --clean --older-than 1s "$lake"
	assert_equal "$(azure ls "$container" lake/t/_weir_stage)" ''
}

@test "azure: a marked stream, and its --stats" {
	seq 9 | "$BUILD/servers/marker" -n 2 2>acks | weir lake-put --commit-records 4 --stats stats.prom "$lake"
	seq 9 >in
	assert_table in
	assert_equal "$(weir lake-cat --positions "$lake")" "$(printf 't\t0\t9\tg')"
	[ "$(sed -n 's/^weir_lake_put_requests_total //p' stats.prom)" -gt 10 ]
	[ "$(sed -n 's/^weir_lake_put_sent_bytes_total //p' stats.prom)" -gt 100 ]
	grep -qx 'weir_lake_put_repeated_requests_total 0' stats.prom
}
