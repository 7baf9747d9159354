# delta.bash: Delta tables beside DuckDB, Polars, pyarrow, Spark, and themselves in MinIO; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, prepare, fresh, kafka, work and status are run's and others'

rows+=(delta_events delta_events_cpu delta_narrow delta_spark delta_s3 delta_s3_1k delta_memory delta_size delta_compact)

readonly delta_events='ts timestamp, user string, action string, amount double, item string, ip string, ok boolean, v int'
readonly delta_text='id bigint, user string, text string'

# --- from a file: one core --------------------------------------------------------------------------

# The command of another engine.
by_engine() { # by_engine ENGINE KIND CODEC IN
	printf "taskset -c 0 python3 tests/bench/to_parquet.py %s %s %s '%s' '%s'" "$@" "$fresh/file"
}

events_beside() { # events_beside wall|cpu
	local ours rows engine name
	input events events 1G
	rows=$(wc -l <"$in")
	ours="taskset -c 0 weir lake-put --table delta --compress zstd:1 --schema '$delta_events' $fresh/table '$in'"
	for engine in duckdb polars; do
		name=DuckDB
		[ $engine = duckdb ] || name=Polars
		compare "\`lake-put --table delta --compress zstd:1\`, 1 GB of NDJSON of 147 B, 8 columns, one core, start-up in" \
			"$name, zstd:1" 1.5 "$1" "$rows" rec "$ours" "$(by_engine $engine events zstd:1 "$in")"
	done
}

row_delta_events() {
	events_beside wall
}

row_delta_events_cpu() {
	events_beside cpu
}

row_delta_narrow() {
	local narrow=$work/narrow ours engine name count=${WEIR_BENCH_NARROW:-6000000}
	seq "$count" | mawk '{ printf "{\"n\":%d,\"k\":%d,\"x\":%.2f}\n", $1, $1 * 7919 % 100000, $1 % 9973 / 7 }' >"$narrow"
	ours="taskset -c 0 weir lake-put --table delta --compress snappy --schema 'n bigint, k int, x double' $fresh/table '$narrow'"
	for engine in duckdb pyarrow; do
		name=DuckDB
		[ $engine = duckdb ] || name="pyarrow's JSON reader and writer"
		compare "\`lake-put --table delta --compress snappy\`, 3 narrow columns, one core, $((count / 1000000)) M records of 34 B" "$name, snappy" 1.5 wall "$count" rec \
			"$ours" "$(by_engine $engine narrow snappy "$narrow")"
	done
	rm "$narrow"
}

# --- from Kafka -------------------------------------------------------------------------------------

# A topic of COUNT records of JSON in 4 partitions: REPEAT lines of 99 random letters make its text, of which WIDTH remain.
json_topic() { # json_topic NAME COUNT REPEAT WIDTH
	need_kafka
	input lines lines 600M
	say "filling a topic of $2 records"
	kadmin create "$1" 4
	{ cat "$in" "$in" "$in" "$in" || true; } | mawk -v count="$2" -v repeat="$3" -v width="$4" '
		{ text = text $0 }
		NR % repeat == 0 {
			printf "{\"id\":%d,\"user\":\"u%06d\",\"text\":\"%s\"}\n", n, n * 7919 % 100000, substr(text, 1, width)
			text = ""
			if (++n >= count) exit
		}' | kcat -P -b "$kafka" -t "$1" -X queue.buffering.max.messages=1000000 >&2
}

# Sets $seconds: what a command takes beyond what it takes with an empty topic, and $mib: the most memory of its
# processes, each of which adds its own.
beyond_empty() { # beyond_empty COMMAND EMPTY-COMMAND
	local empty
	rm -f "$work"/kib.*
	time_one wall "$2" || return 1
	empty=$seconds
	rm -f "$work"/kib.*
	time_one wall "$1" || return 1
	seconds=$(awk "BEGIN { print $seconds - $empty }")
	mib=$(awk '{ sum += $1 } END { print int(sum / 1024) }' "$work"/kib.*)
}

measured() { # measured NAME: words before a command that write its memory into a file
	printf 'env time -f %%M -o %s/kib.%s' "$work" "$1"
}

ours_to_delta() { # ours_to_delta TOPIC
	printf "%s weir consume -b %s -g d\$RANDOM\$RANDOM --batch 1s --to end %s | %s weir lake-put --table delta --compress zstd:3 --schema '%s' %s/table" \
		"$(measured consume)" "$kafka" "$1" "$(measured put)" "$delta_text" "$fresh"
}

spark_to_delta() { # spark_to_delta TOPIC
	printf "%s '%s' tests/bench/spark_delta.py %s %s %s/table" "$(measured spark)" "$spark_python" "$kafka" "$1" "$fresh"
}

# Spark gets a tenth of the records, or it would take minutes.  Each runs once: the ratio is far from the floor.
row_delta_spark() {
	local ours count=${WEIR_BENCH_RECORDS:-20000000} part ours_mib mark='' memory_mark=''
	part=$((count / 10))
	need_spark
	json_topic delta-many "$count" 1 60
	json_topic delta-part "$part" 1 60
	kadmin create delta-none 4
	if ! beyond_empty "$(ours_to_delta delta-many)" "$(ours_to_delta delta-none)" || ! ours=$seconds ours_mib=$mib ||
		! beyond_empty "$(spark_to_delta delta-part)" "$(spark_to_delta delta-none)"; then
		echo '| Kafka to a local Delta table | Spark | could not be measured | | | 5x |'
		status=1
		return
	fi
	awk -v ours="$ours" -v peer="$seconds" 'BEGIN { exit peer * 10 / ours >= 5 }' && mark=' **missed**'
	[ "$ours_mib" -lt 200 ] || memory_mark=' **missed**'
	printf '| %s | Spark Structured Streaming, a tenth of them | %s | %s | %.2fx | 5x%s |\n' \
		"\`consume --batch 1s \\| lake-put --table delta\`, $((count / 1000000)) M records of 100 B, 4 partitions, its empty run subtracted" \
		"$(with_rate "$ours" "$count" rec)" "$(with_rate "$seconds" "$part" rec)" \
		"$(awk "BEGIN { print $seconds * 10 / $ours }")" "$mark"
	printf '| memory of both programs, their sum | the JVM | %d MB | %d MB | %.2fx | under 200 MB%s |\n' \
		"$ours_mib" "$mib" "$(awk "BEGIN { print $mib / $ours_mib }")" "$memory_mark"
	kadmin delete delta-many
	kadmin delete delta-part
}

# Kafka and MinIO share the cores with weir, as Kafka does with the peer.
to_minio() { # to_minio COUNT REPEAT WIDTH SIZE-NAME
	local prepare=empty_bucket ours
	json_topic "delta-$3" "$1" "$2" "$3"
	need_s3 minio
	ours="weir consume -b $kafka -g d\$RANDOM\$RANDOM --batch 1s --to end delta-$3 |
		weir lake-put --table delta --compress zstd:1 --schema '$delta_text'"
	compare "\`consume --batch 1s \| lake-put --table delta\` to MinIO, $1 records of $4, 4 partitions, exactly once" \
		'the same to a local table' 0.7 wall "$1" rec "$ours s3://bench/d\$RANDOM\$RANDOM" "$ours $fresh/table"
	end_servers minio
	kadmin delete "delta-$3"
}

row_delta_s3() {
	to_minio "${WEIR_BENCH_RECORDS:-3000000}" 1 60 '100 B'
}

row_delta_s3_1k() {
	to_minio "$((${WEIR_BENCH_RECORDS:-4000000} / 10))" 10 960 '1 KB'
}

# --- memory and size --------------------------------------------------------------------------------

# 500 days in turn: each row group has some rows of each.
row_delta_memory() {
	local most codec
	for codec in zstd snappy; do
		most=$(many_days | env time -f %M -o /dev/fd/3 weir lake-put --table delta --memory 256M --compress $codec \
			--schema 'ts bigint, pad string' --partition-by dt=%F --time .ts "$work/days-$codec" 3>&1 >/dev/null 2>"$work/err") || most=0
		awk -v kib="$most" -v codec="$codec" 'BEGIN {
			ratio = kib ? 262144 / kib : 0
			mark = (ratio < 0.8) ? " **missed**" : ""
			printf "| memory of `lake-put --table delta --compress %s --memory 256M`, 500 partitions at once | 256 MB | %.0f MB | | %.2fx | 0.8x%s |\n",
				codec, kib / 1024, ratio, mark }'
		[ "$most" != 0 ] || { head -n 3 "$work/err" >&2 && status=1; }
		rm -rf "$work/days-$codec"
	done
}

# The same codec, level, rows, types and order; one row group, dictionaries of up to 2 MiB, no Bloom filters.  By their
# defaults the peers would make 2 or 17 row groups, each with dictionaries of its own or none, and files that are larger
# by up to a half.  The ratio is the peer's size by ours: over 1, ours is the smaller one.
row_delta_size() {
	local codec engine ours rows
	input events events 1G
	head -c 300000000 "$in" | sed '$d' >"$work/some"
	rows=$(wc -l <"$work/some")
	for codec in zstd:3 snappy; do
		rm -rf "$work/sized"
		weir lake-put --table delta --compress $codec --schema "$delta_events" "$work/sized" "$work/some"
		ours=$(find "$work/sized" -name 'part-*' -printf '%s\n')
		for engine in duckdb pyarrow; do
			python3 tests/bench/to_parquet.py $engine events $codec "$work/some" "$work/peer.parquet" "$rows"
			awk -v ours="$ours" -v peer="$(stat -c %s "$work/peer.parquet")" -v codec=$codec -v engine=$engine 'BEGIN {
				printf "| size of the file of one partition, 300 MB of events in one row group, %s | %s | %.1f MB | %.1f MB | %.2fx | 0.95x%s |\n",
					codec, engine, ours / 1e6, peer / 1e6, peer / ours, (ours > peer * 1.05 ? " **missed**" : "") }'
		done
	done
	rm -rf "$work/sized" "$work/some" "$work/peer.parquet"
}

# --- many small files -------------------------------------------------------------------------------

prepare_small_files() {
	cp -rl "$work/small" "$fresh/table"
}

row_delta_compact() {
	local files=${WEIR_BENCH_SMALL_FILES:-10000} prepare=prepare_small_files
	python3 tests/bench/small_files.py make "$work/small" "$files" 5800
	compare "\`lake-compact\`, a Delta table of $files files of 100 kB, 6 columns, two cores, start-up in" \
		"delta-rs's optimize" 1.5 wall $((files * 100000)) B "taskset -c 0,1 weir lake-compact '$fresh/table'" \
		"taskset -c 0,1 python3 tests/bench/small_files.py compact '$fresh/table'"
	compact_by_spark "$files"
	rm -rf "$work/small" "$work/one"
}

# Each runs once: the ratio is far from the floor.  What Spark takes for a table of two files is subtracted.
compact_by_spark() { # compact_by_spark FILES
	local ours mark='' optimize
	need_spark
	optimize="$(measured spark) '$spark_python' tests/bench/spark_optimize.py"
	python3 tests/bench/small_files.py make "$work/one" 2 5800
	if ! time_one wall "weir lake-compact '$fresh/table'" || ! ours=$seconds ||
		! beyond_empty "$optimize '$fresh/table'" "$optimize '$work/one'"; then
		echo '| the same | Spark OPTIMIZE | could not be measured | | | 3x |'
		status=1
		return
	fi
	awk -v ours="$ours" -v peer="$seconds" 'BEGIN { exit peer / ours >= 3 }' && mark=' **missed**'
	printf '| the same | Spark OPTIMIZE, its start-up subtracted | %s | %s | %.2fx | 3x%s |\n' \
		"$(with_rate "$ours" $(($1 * 100000)) B)" "$(with_rate "$seconds" $(($1 * 100000)) B)" \
		"$(awk "BEGIN { print $seconds / $ours }")" "$mark"
}
