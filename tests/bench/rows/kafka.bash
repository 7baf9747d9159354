# kafka.bash: consume and produce beside kcat; read by tests/bench/run.
# $WEIR_BENCH_COPY (600M) is how many bytes a topic that is copied has.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka and work are run's

rows+=(consume consume_json consume_by_time produce topic_to_topic)

# A topic of 6 M records of 100 B in 4 partitions, which is made once per run.
need_topic() {
	need_kafka
	[ ! -e "$work/topic-is-made" ] || return 0
	input lines lines 600M
	say 'filling a topic'
	kadmin create bench 4
	head -c 600000000 "$in" | kcat -P -b "$kafka" -t bench -X queue.buffering.max.messages=1000000 >&2
	touch "$work/topic-is-made"
}

row_consume() {
	need_topic
	local ours="weir consume -b $kafka --to end bench | cat" kcat="kcat -C -e -q -b $kafka -t bench"
	compare "\`consume --to end\`, 6 M records of 100 B, 4 partitions, into a pipe" "\`kcat -C -e -q\`" 2 wall \
		6000000 rec "$ours" "$kcat | cat"
	compare 'the same' "\`kcat -C -e -q -X queued.min.messages=10000000\`" 1.2 wall \
		6000000 rec "$ours" "$kcat -X queued.min.messages=10000000 | cat"
}

row_consume_json() {
	need_topic
	compare "\`consume --format json\`, the same topic" "\`kcat -C -J -e -q -X queued.min.messages=10000000\`" 1.7 wall \
		6000000 rec "weir consume -b $kafka --format json --to end bench | cat" \
		"kcat -C -J -e -q -b $kafka -t bench -X queued.min.messages=10000000 | cat"
}

# The timestamps are the times of producing; thousands of records share a millisecond.
row_consume_by_time() {
	need_kafka
	input lines lines 600M
	say 'filling a topic'
	kadmin create bench-times 16
	for _ in 1 2; do
		head -c 600000000 "$in"
	done | kcat -P -b "$kafka" -t bench-times -X queue.buffering.max.messages=1000000 >&2
	local plain="weir consume -b $kafka --to end bench-times | cat" ours="weir consume -b $kafka --by-time --to end bench-times | cat"
	compare "\`consume --by-time\`, 12 M records of 100 B, 16 partitions, into a pipe" 'without' 0.5 wall \
		12000000 rec "$ours" "$plain"
	awk -v ours="$(resident "$ours")" -v plain="$(resident "$plain")" 'BEGIN {
		printf "| memory of that | `--memory`: 268 MB by default | %d MB | without: %d MB | %.2fx | 1x%s |\n", ours, plain,
			268 / ours, (ours > 268 ? " **missed**" : "") }'
	kadmin delete bench-times
}

empty_topic() { # empty_topic [NAME]
	kadmin delete "${1:-bench-produce}" 2>/dev/null || true # it does not exist the first time
	kadmin create "${1:-bench-produce}" 4
}

empty_copy() {
	empty_topic bench-copy
}

row_produce() {
	need_kafka
	input lines lines 600M
	local prepare=empty_topic
	head -c 200000000 "$in" >"$work/lines"
	compare "\`produce\`, 2 M lines of 100 B, 4 partitions" "\`kcat -P\`" 1 wall \
		2000000 rec "weir produce -b $kafka bench-produce <'$work/lines'" \
		"kcat -P -b $kafka -t bench-produce <'$work/lines'"
	rm "$work/lines"
}

# One copy, by CPU time: the rate is that of a core.  What exactly once costs, and kcat.
copy_topic() { # copy_topic BYTES WHAT: the topic bench-from
	local from="weir consume -b $kafka" prepare=empty_copy
	compare "\`consume -g --batch 1s \\| produce\`, topic to topic, $2, exactly once" "the same without transactions" 0.8 cpu \
		"$1" B "$from -g c\$RANDOM\$RANDOM --batch 1s --to end bench-from | weir produce -b $kafka bench-copy" \
		"$from --to end bench-from | weir produce -b $kafka bench-copy"
	compare 'the same' "\`kcat -C \\| kcat -P\`" 1 cpu \
		"$1" B "$from -g c\$RANDOM\$RANDOM --batch 1s --to end bench-from | weir produce -b $kafka bench-copy" \
		"kcat -C -e -q -b $kafka -t bench-from | kcat -P -b $kafka -t bench-copy"
}

row_topic_to_topic() {
	local bytes
	need_kafka
	input "lines${WEIR_BENCH_COPY:+-$WEIR_BENCH_COPY}" lines "${WEIR_BENCH_COPY:-600M}"
	bytes=$(numfmt --from=si "${WEIR_BENCH_COPY:-600M}")
	empty_topic bench-from
	head -c "$bytes" "$in" | weir produce -b "$kafka" bench-from >&2
	copy_topic "$bytes" 'records of 100 B'
	empty_topic bench-from
	head -c "$bytes" "$in" | paste -d ' ' - - - - - - - - - - | weir produce -b "$kafka" bench-from >&2
	copy_topic "$bytes" 'records of 1 KB'
	kadmin delete bench-from
	kadmin delete bench-copy
}
