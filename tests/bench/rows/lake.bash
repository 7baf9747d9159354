# lake.bash: lake-put beside the compressors, and pipelines from a topic to the lake; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's

rows+=(lake_put_gzip lake_put_zstd lake_put_partitions lake_open lake_check marks lake latency follow)

# gzip and zstd at level 1 beside the tools themselves.
lake_put_codec() { # lake_put_codec CODEC
	input events events 1G
	head -c 300000000 "$in" >"$work/events"
	compare "\`lake-put --compress $1:1\`, 300 MB of NDJSON from a file" "\`$1 -1\`" 0.9 cpu \
		300000000 B "weir lake-put --compress $1:1 $fresh/lake '$work/events'" \
		"$1 -1 -c <'$work/events' >$fresh/file"
	rm "$work/events"
}

row_lake_put_gzip() {
	lake_put_codec gzip
}

row_lake_put_zstd() {
	lake_put_codec zstd
}

row_lake_put_partitions() {
	input events events 1G
	compare "\`lake-put --partition-by 'dt=%Y-%m-%d' --time .ts\`, 1 GB of NDJSON" 'the same without partitions' 0.6 wall \
		1073741824 B "weir lake-put --partition-by dt=%Y-%m-%d --time .ts $fresh/lake '$in'" \
		"weir lake-put $fresh/lake '$in'"
}

# Opening a table for writing, a hundred times in a row: only the hint and the head are read. The tables are made here
# and not kept, because an entry takes a block of the disk: 400 MB, for a minute.
row_lake_open() {
	local open="for i in {1..100}; do weir lake-put"
	say 'making a table of 100,000 commits'
	tests/bench/table "$work/long" 100000
	tests/bench/table "$work/short" 10
	compare "\`lake-put\` opens a table of 100,000 commits, 100 times" 'one of 10' 0.9 wall 0 - \
		"$open '$work/long' /dev/null; done" "$open '$work/short' /dev/null; done"
	rm -rf "$work/long" "$work/short"
}

row_lake_check() {
	input events events 1G
	head -c 300000000 "$in" | weir lake-put "$work/checked"
	compare "\`lake-check\`, 300 MB of NDJSON in zstd:3" "\`zstd -t\`" 0.6 cpu 300000000 B \
		"weir lake-check '$work/checked'" "zstd -tq '$work/checked'/part-*"
	rm -rf "$work/checked"
}

# Most of the difference to the first peer is the cost of sending 600 MB through one more pipe, which the second peer
# has, too.
row_marks() {
	need_topic
	# a group of its own for each run
	local ours="weir consume -b $kafka -g m\$RANDOM\$RANDOM --batch 1s --to end bench | weir split | weir ack >/dev/null"
	local plain="weir consume -b $kafka -g p\$RANDOM\$RANDOM --to end bench | weir split"
	compare "\`consume -g --batch 1s \| split \| ack\`: what marks cost" "\`consume -g \| split\`" 0.95 cpu 6000000 rec \
		"$ours" "$plain >/dev/null"
	compare 'the same' "\`consume -g \| split \| cat\`" 0.95 cpu 6000000 rec "$ours" "$plain | cat >/dev/null"
}

# A topic of 5 M records of 70 B in 16 partitions.
need_wide_topic() {
	need_kafka
	[ ! -e "$work/wide-topic-is-made" ] || return 0
	input lines lines 600M
	say 'filling a topic of 16 partitions'
	kadmin create wide 16
	head -n 5000000 "$in" | cut -c 1-69 | kcat -P -b "$kafka" -t wide -X queue.buffering.max.messages=1000000 >&2
	touch "$work/wide-topic-is-made"
}

row_lake() {
	need_wide_topic
	compare "\`consume --batch 1s \| lake-put --compress zstd:1\`, 5 M records of 70 B, 16 partitions, exactly once" \
		"\`kcat \| zstd -1\`, without any guarantee" 1 wall 5000000 rec \
		"weir consume -b $kafka -g l\$RANDOM\$RANDOM --batch 1s --to end wide | weir lake-put --compress zstd:1 $fresh/lake" \
		"kcat -C -e -q -b $kafka -t wide | zstd -q -1 -c >$fresh/file"
}

row_latency() {
	need_kafka
	kadmin create latency 4
	local line
	if line=$(tests/bench/latency "$kafka" latency "$work/latency-lake"); then
		printf '| %s | | %s | | | |\n' "record's timestamp to committed in the lake, \`--batch 1s --commit-every 1s\`" "$line"
	else
		status=1
	fi
}

row_follow() {
	tests/bench/follow_delay "$work/followed" || status=1
	rm -rf "$work/followed"
}
