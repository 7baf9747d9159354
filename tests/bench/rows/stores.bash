# stores.bash: tables in S3, Azure and HDFS beside curl, the AWS tools and a local table; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka, work, kib and status are run's and records.bash's

rows+=(s3_lake s3_put s3_cat s3_partitions s3_commit s3_open azure_put hdfs_put)

# --- servers and peers ------------------------------------------------------------------------------

s3() {
	python3 tests/lib/s3.py "$@"
}

# An S3 server of this kind with the bucket `bench`.
need_s3() { # need_s3 minio|versitygw
	need_server "$1"
	export AWS_ENDPOINT_URL=$WEIR_TEST_S3
	[ -n "$(s3 ls bench 2>&1 >/dev/null)" ] || return 0
	s3 mb bench
}

# Each run begins with an empty bucket, because old objects would fill the disk.
empty_bucket() {
	local keys
	mapfile -t keys < <(s3 ls bench | cut -f 2)
	[ ${#keys[@]} = 0 ] || printf '%s\0' "${keys[@]}" | xargs -0 -n 500 python3 tests/lib/s3.py rm bench
}

# Sets $aws, the AWS tools from PyPI; they are fetched if they are missing, 110 MB.
need_aws() {
	local version=1.46.3
	aws=$cache/awscli-$version
	if [ ! -e "$aws/done" ]; then
		say "fetching awscli $version"
		rm -rf "$aws"
		python3 -m venv "$aws"
		"$aws/bin/pip" install --quiet --disable-pip-version-check "awscli==$version" >&2
		touch "$aws/done"
	fi
	aws="'$aws/bin/python3' '$aws/bin/aws'"
}

# The command by which curl puts FILE; the URL is valid for an hour.
curl_put() { # curl_put FILE URL
	printf "curl -fsS --noproxy '*' -H Expect: -T '%s' '%s'" "$1" "$2"
}

# --- S3 ---------------------------------------------------------------------------------------------

# Kafka and MinIO share the cores with weir, as Kafka does with the peer.
row_s3_lake() {
	local prepare=empty_bucket what ours url=s3://bench/l\$RANDOM\$RANDOM
	need_wide_topic
	need_s3 minio
	what="\`consume --batch 1s \| lake-put --compress zstd:1\` to MinIO, 5 M records of 70 B, 16 partitions, exactly once"
	ours="weir consume -b $kafka -g s\$RANDOM\$RANDOM --batch 1s --to end wide | weir lake-put --compress zstd:1"
	compare "$what" 'the same to a local table' 0.7 wall 5000000 rec "$ours $url" "$ours $fresh/lake"
	weir consume -b "$kafka" --to end wide | zstd -q -1 -c >"$work/wide.zst"
	compare 'the same' "what \`curl -T\` puts of these bytes, compressed" - wall 5000000 rec "$ours $url" \
		"$(curl_put "$work/wide.zst" "$(s3 url PUT bench curl)")"
	rm "$work/wide.zst"
	s3_lake_memory
	end_servers minio
}

# Prints the sum of the peak memory of consume and lake-put.
s3_lake_memory() {
	local sum mark=''
	empty_bucket
	env time -f %M -o "$work/kib" weir consume -b "$kafka" -g "m$RANDOM$RANDOM" --batch 1s --to end wide 2>"$work/err" |
		env time -f %M -o "$work/kib2" weir lake-put --compress zstd:1 s3://bench/memory
	sum=$(($(<"$work/kib") + $(<"$work/kib2")))
	[ $sum -lt 204800 ] || mark=' **missed**'
	printf '| memory of both | | %s MB | | | under 200 MB%s |\n' $((sum / 1024)) "$mark"
}

# Both use four connections, and share two cores with the server, which has to do one more copy for weir.
row_s3_put() {
	local prepare=empty_bucket what="\`lake-put --compress none\` of 1 GB from a file to MinIO" ours four='' i aws
	need_s3 minio
	need_aws
	input events events 1G
	split -n 4 -d "$in" "$work/quarter."
	for i in 0 1 2 3; do
		four+=" -T '$work/quarter.0$i' '$(s3 url PUT bench "curl$i")'"
	done
	ours="weir lake-put --compress none s3://bench/p\$RANDOM '$in'"
	compare "$what" "\`curl -Z\`, four objects at once" 0.9 wall 1073741824 B "$ours" \
		"curl -fsS --noproxy '*' -H Expect: -Z --parallel-max 4 $four"
	rm "$work"/quarter.*
	compare 'the same' "\`aws s3 cp\`" 2 cpu 1073741824 B "$ours" "$aws s3 cp --quiet '$in' s3://bench/aws"
	compare 'the same' "\`aws s3 cp\`" - wall 1073741824 B "$ours" "$aws s3 cp --quiet '$in' s3://bench/aws"
	compare 'the same' "\`curl -T\`, one object" - wall 1073741824 B "$ours" "$(curl_put "$in" "$(s3 url PUT bench curl)")"
	end_servers minio
}

row_s3_cat() {
	local key aws
	need_s3 minio
	need_aws
	input events events 1G
	weir lake-put --compress zstd:1 s3://bench/cat "$in"
	key=$(s3 ls bench cat/part- | cut -f 2)
	compare "\`lake-cat\` of one file of 1 GB in zstd:1 in MinIO" "\`aws s3 cp … - \| zstdcat\`" 1.5 wall 1073741824 B \
		"weir lake-cat s3://bench/cat" "$aws s3 cp --quiet 's3://bench/$key' - | zstdcat"
	end_servers minio
}

# 500 days in turn, 1 MB of each.
many_days() {
	awk 'BEGIN {
		for (i = 0; i < 1000; i++) pad = pad sprintf("%d", i * 7919 % 10)
		for (i = 0; i < 500000; i++) printf "{\"ts\":%d,\"pad\":\"%s%d\"}\n", 1700000000 + 86400 * (i % 500), pad, i
	}'
}

row_s3_partitions() {
	local codec most
	need_s3 minio
	for codec in none zstd; do
		most=$(many_days | env time -f %M -o /dev/fd/3 weir lake-put --memory 128M --compress $codec \
			--partition-by dt=%F --time .ts "s3://bench/days-$codec" 3>&1 >/dev/null 2>"$work/err") || most=0
		awk -v kib="$most" -v codec="$codec" 'BEGIN {
			ratio = kib ? 131072 / kib : 0
			mark = (ratio < 0.8) ? " **missed**" : ""
			printf "| memory of `lake-put --compress %s --memory 128M`, 500 partitions at once in MinIO | 128 MB | %.0f MB | | %.2fx | 0.8x%s |\n",
				codec, kib / 1024, ratio, mark }'
		[ "$most" != 0 ] || { head -n 3 "$work/err" >&2 && status=1; }
	done
	end_servers minio
}

row_s3_commit() {
	local line
	need_s3 minio
	if line=$(tests/bench/commit_delay "$BUILD" s3://bench/commit "$work/trace"); then
		printf '%s\n' "$line"
	else
		status=1
	fi
	end_servers minio
}

# How many requests a run without records needs.
requests_of() { # requests_of URL
	rm -f "$work/trace"
	weir lake-put --trace "$work/trace" "$1" /dev/null && wc -l <"$work/trace"
}

# The objects of versitygw are files, so the table can be written directly as files; in MinIO it would take 200,000
# requests.
row_s3_open() {
	local long short
	need_s3 versitygw
	say 'making a table of 100,000 commits'
	tests/bench/table "$work/versitygw/data/bench/long" 100000
	tests/bench/table "$work/versitygw/data/bench/short" 10
	long=$(requests_of s3://bench/long) && short=$(requests_of s3://bench/short) || status=1
	printf "| requests by which \`lake-put\` opens a table of 100,000 commits in versitygw | one of 10 | %s | %s | | the same%s |\n" \
		"$long" "$short" "$([ "$long" = "$short" ] || echo ' **missed**')"
	compare "\`lake-put\` opens it, 20 times" 'one of 10' - wall 0 - "for i in {1..20}; do weir lake-put s3://bench/long /dev/null; done" \
		"for i in {1..20}; do weir lake-put s3://bench/short /dev/null; done"
	end_servers versitygw
}

# --- Azure and HDFS ---------------------------------------------------------------------------------

# Sets $in: 300 MB of events, for servers with a tenth of MinIO's speed.
need_some_events() {
	input events events 1G
	head -c 300000000 "$in" | sed '$d' >"$work/some"
	in=$work/some
}

row_azure_put() {
	local size
	need_server azurite
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE
	python3 tests/lib/azure.py mb bench
	need_some_events
	size=$(stat -c %s "$in")
	compare "\`lake-put --compress none\` of 300 MB to Azurite" "\`curl -T\`" 0.8 wall "$size" B \
		"weir lake-put --compress none az://bench/p\$RANDOM '$in'" \
		"$(curl_put "$in" "$WEIR_TEST_AZURE/bench/curl?$(python3 tests/lib/azure.py sas bench rcwdl 3600)") -H 'x-ms-blob-type: BlockBlob'"
	rm "$in"
	end_servers azurite
}

# In both cases the data node syncs each block.
row_hdfs_put() {
	local size base
	need_server hdfs
	base=${WEIR_TEST_HDFS#http://}
	python3 tests/lib/hdfs.py mb /bench
	need_some_events
	size=$(stat -c %s "$in")
	compare "\`lake-put --compress none\` of 300 MB to HDFS through WebHDFS" "\`curl -T\`" 0.8 wall "$size" B \
		"weir lake-put --compress none hdfs://$base/bench/p\$RANDOM '$in'" \
		"curl -fsS --noproxy '*' -L -H 'Expect: 100-continue' -T '$in' \
			'$WEIR_TEST_HDFS/webhdfs/v1/bench/curl?op=CREATE&overwrite=true&createflag=CREATE,SYNC_BLOCK&user.name=$HADOOP_USER_NAME'"
	rm "$in"
	end_servers hdfs
}
