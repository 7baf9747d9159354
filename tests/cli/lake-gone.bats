#!/usr/bin/env bats
# Entries of a log that a hand has removed, copied or overwritten: every reader and writer names the version, with 65,
# and nobody waits for it; raw and Delta tables.
# bats file_tags=long
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	local i
	for i in 0 1 2; do
		seq $((i * 10)) $((i * 10 + 9)) | sed 's/.*/{"n":&}/' >"$i"
		weir lake-put raw "$i"
		weir lake-put --table delta delta "$i" 2>/dev/null
	done
}

table() { # table KIND: a fresh copy T, whose log is $log
	rm -rf T
	cp -rp "$1" T
	log=T/_weir_log
	[ "$1" = raw ] || log=T/_delta_log
}

entry() { # entry VERSION
	printf '%s/%020d.json' "$log" "$1"
}

refused() { # refused MESSAGE COMMAND...: it ends with 65, soon
	run --separate-stderr timeout 20 "$BUILD/weir" "${@:2}" </dev/null
	if [ "$status" != 65 ] || [[ ${stderr:?} != *"$1"* ]]; then
		printf '%s\n' "${*:2}: $status" "$stderr"
		return 1
	fi
}

@test "an entry that was removed from a raw table" {
	local gone="the entry of version 1 of 'T' is gone: what that version added can no longer be told" arguments
	table raw
	rm "$(entry 1)"
	while read -r -a arguments; do
		refused "$gone" "${arguments[@]}"
	done <<-'END'
		lake-cat T
		lake-cat --as-of 1 T
		lake-cat --as-of 2 T
		lake-cat --since start T
		lake-cat --since 0 T
		lake-cat --since 0 --follow T
		lake-cat --since 0 --position-file position T
		lake-compact T
		lake-check --against raw T
	END
	run_weir lake-check T
	assert_status 1
	[[ $output == *'the log has no version 1'* ]]
}

@test "an entry that is removed before a follower has read it" {
	table raw
	weir lake-cat --follow --poll 100ms T >out 2>err &
	until [ "$(wc -l <out)" = 30 ]; do sleep 0.1; done
	cp -rp T U
	weir lake-put U 0
	weir lake-put U 1
	cp -p U/part-* T
	cp -p U/_weir_log/00000000000000000004.json T/_weir_log
	wait $! && status=0 || status=$?
	assert_equal "$status" 65
	[[ $(<err) == *"the entry of version 3 of 'T' is gone"* ]]
}

@test "a gap in the log of a Delta table" {
	table delta
	rm "$(entry 1)"
	refused 'has gaps in its log' lake-cat T
	refused 'has gaps in its log' lake-cat --since 0 T
	refused 'has gaps in its log' lake-compact T
}

@test "a copy of an older entry, over the newest one and after it: readers and writers of both kinds" {
	local kind version copy
	for kind in raw delta; do
		for version in 2 3; do
			table "$kind"
			cp "$(entry 1)" "$(entry $version)"
			copy="version $version of the log of 'T' does not follow those before it"
			refused "$copy" lake-cat T
			refused "$copy" lake-cat --since 0 T
			refused "$copy" lake-compact T
			refused 'it is a copy, or entries were overwritten' lake-put --table "$kind" T 0
		done
	done
	table delta
	cp "$(entry 1)" "$(entry 3)"
	refused "version 3 of the log of 'T' does not follow" lake-cat --since 2 T
}

@test "entries of others between those of weir are no copies" {
	table delta
	printf '{"commitInfo":{"timestamp":%d000,"operation":"WRITE"}}\n' "$(date +%s)" >"$(entry 3)"
	weir lake-put --table delta T 0
	printf '{"commitInfo":{"timestamp":%d000,"operation":"WRITE"}}\n' "$(date +%s)" >"$(entry 5)"
	weir lake-put --table delta T 1
	[ "$(weir lake-cat T | wc -l)" = 50 ]
	[ "$(weir lake-cat --since 2 T | wc -l)" = 20 ]
	weir lake-compact T
	[ "$(weir lake-cat T | sort | md5sum)" = "$(cat 0 1 2 0 1 | sort | md5sum)" ]
}

foreign() { # foreign VERSION [ACTION]: an entry of another program
	printf '{"commitInfo":{"timestamp":%d000,"operation":"WRITE"}}\n%s' "$(date +%s)" "${2:+$2$'\n'}" >"$(entry "$1")"
}

has_read() { # has_read LINES
	[ "$(wc -l <follower.out)" = "$1" ]
}

@test "all entries of weir in a Delta table are cleaned away: followers and writers that run go on" {
	log=T/_delta_log
	weir lake-put --table delta T 0
	foreign 1 "$(jq -c 'select(.metaData) | .metaData.configuration["delta.checkpointInterval"] = "1"' "$(entry 0)")"
	start_bg follower weir lake-cat --follow --poll 100ms --since start T
	wait_for 10 has_read 10
	weir lake-put --table delta T 1
	wait_for 10 has_read 20
	mkfifo pipe
	start_bg writer weir lake-put --table delta T pipe
	exec 4>pipe
	foreign 3
	cp "$(entry 1)" "$(entry 0)" "$(entry 2)" .
	rm "$(entry 0)" "$(entry 1)" "$(entry 2)" "$log/_last"
	weir lake-put --table delta T 2
	assert_equal "$(jq 'select(.commitInfo) | .commitInfo.weir | has("after")' "$(entry 4)")" false
	wait_for 10 has_read 30
	echo '{"n":30}' >&4
	exec 4>&-
	wait_bg writer
	assert_status 0
	wait_for 10 has_read 31
	kill_all
	[ "$(sort follower.out | md5sum)" = "$(weir lake-cat T | sort | md5sum)" ]
}

@test "_last is ahead of the entries: a follower waits for what comes" {
	table raw
	echo '{"version":9,"published":true}' >"$log/_last"
	start_bg follower weir lake-cat --follow --poll 100ms --since start T
	wait_for 10 has_read 30
	sleep 0.5
	weir lake-put T 0
	wait_for 10 has_read 40
	kill_all
}

@test "a Parquet file that has become longer" {
	table delta
	local file
	file=$(find T -name '*.parquet' | head -n 1)
	echo >>"$file"
	refused 'is damaged: it has become longer' lake-cat T
	refused 'is damaged: it has become longer' lake-cat --since start T
	refused 'is damaged: it has become longer' lake-compact T
}

@test "URLs in capitals or with one slash are no directories" {
	run_weir lake-put S3://bucket/t 0
	assert_status 78
	[[ $stderr == *'it is written s3://, in small letters' ]]
	run_weir lake-put s3:/bucket/t 0
	assert_status 78
	[[ $stderr == *'the URL of a store begins with s3://, a directory of that name with ./' ]]
	weir lake-put ./s3:t 0
	[ -d s3:t/_weir_log ]
}

@test "what is wrong with keys or a proxy: 78 at once, and no password is shown" {
	export AWS_ACCESS_KEY_ID=key AWS_REGION=here AWS_ENDPOINT_URL=http://127.0.0.1:9
	run_weir lake-cat s3://bucket/t
	assert_status 78
	[[ $stderr == *'AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not' ]]
	export AWS_SECRET_ACCESS_KEY=secret
	local proxy
	for proxy in 'http://user:pa/HIDDEN@proxy.invalid:3128' 'http://user:HIDDEN word@proxy.invalid' 'user:HIDDEN@:99999999'; do
		http_proxy=$proxy run_weir lake-cat --trace trace s3://bucket/t
		assert_status 78
		[[ $stderr == *"unsupported proxy syntax in '***@"* ]]
		! grep HIDDEN trace <(echo "$stderr") || return
	done
	run_weir lake-cat --endpoint 'http://user:HIDDEN@host' s3://bucket/t
	assert_status 78
	[[ $stderr == *"'***@host'"* && $stderr != *HIDDEN* ]]
	AZURE_STORAGE_ACCOUNT=account AZURE_STORAGE_KEY=a2V5 run_weir lake-cat --endpoint 'http://user:HIDDEN@host' az://container/t
	assert_status 78
	[[ $stderr == *"'***@host'"* && $stderr != *HIDDEN* ]]
	local scheme
	for scheme in s3 az abfss https hdfs webhdfs S3 ftp; do
		run_weir lake-cat "$scheme://user:HIDDEN@host/t"
		assert_status 78
		[[ $stderr == *"cannot open '$scheme://***@host/t': keys and passwords are not part of a URL" ]]
	done
	: >empty
	AZURE_STORAGE_ACCOUNT=account AZURE_CLIENT_ID=client AZURE_TENANT_ID=tenant AZURE_FEDERATED_TOKEN_FILE=empty \
		run_weir lake-cat az://container/t
	assert_status 78
	[[ $stderr == *"the workload's token in 'empty' is empty, or has blanks or control characters" ]]
}

@test "a listing whose pages never end is an error, in each kind of store" {
	cat >endless.py <<-'END'
		import http.server
		HDFS = b'{"DirectoryListing":{"partialListing":{"FileStatuses":{"FileStatus":[{"length":1,"modificationTime":1,"pathSuffix":"f","type":"FILE"}]}},"remainingEntries":1}}'
		S3 = b"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a</NextContinuationToken></ListBucketResult>"
		AZURE = b"<EnumerationResults><Blobs/><NextMarker>a</NextMarker></EnumerationResults>"
		class Server(http.server.BaseHTTPRequestHandler):
		    protocol_version = "HTTP/1.1"
		    def do_GET(self):
		        body = S3 if "list-type=2" in self.path else AZURE if "comp=list" in self.path else HDFS if "LISTSTATUS_BATCH" in self.path else b""
		        self.send_response(200 if body else 404)
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def log_message(self, *_):
		        pass
		server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
		print(server.server_port, flush=True)
		server.serve_forever()
	END
	: >address
	python3 endless.py >address &
	local server=$! port url path=() bad=
	until read -r port <address; do sleep 0.1; done
	export AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret AWS_REGION=here
	export AZURE_STORAGE_ACCOUNT=account AZURE_STORAGE_KEY=a2V5
	for url in s3://bucket/t az://container/t "webhdfs://127.0.0.1:$port/t"; do
		path=(--endpoint "http://127.0.0.1:$port")
		[[ $url != az:* ]] || path[1]+=/account
		[[ $url != webhdfs:* ]] || path=()
		run --separate-stderr timeout 20 "$BUILD/weir" lake-cat ${path[@]+"${path[@]}"} "$url"
		if [ "$status" != 78 ] || [[ $stderr != *"the server names the same page again and again" ]]; then
			bad+="$url: $status $stderr"
		fi
	done
	kill "$server"
	[ -z "$bad" ] || { echo "$bad"; return 1; }
}
