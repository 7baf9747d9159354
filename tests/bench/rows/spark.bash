# spark.bash: counting words by batch, from Kafka, beside Spark; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, cache, kafka and work are run's

rows+=(spark)

# Sets $spark_python, the Python that has Spark, its Kafka source and Delta Lake; they are fetched when they are not there.
need_spark() {
	spark_python=$(tests/servers/spark python)
}

# A topic of 2 M lines of text in 4 partitions.
need_text_topic() {
	need_kafka
	input text text 400M
	kadmin create bench-text 4
	head -n 2000000 "$in" | weir produce -b "$kafka" bench-text
}

forget_group() {
	export group=words-$RANDOM-$RANDOM
}

row_spark() {
	local prepare=forget_group
	need_spark
	need_text_topic
	local peer="'$spark_python' tests/bench/spark_words.py $kafka bench-text >/dev/null"
	compare "\`consume --batch 10s,500000 \| split -d ' ' \| wordcount\`, 2 M lines of text from Kafka" \
		"Spark Structured Streaming, 500,000 records a batch" 10 cpu 2000000 rec \
		"weir consume -b $kafka -g \$group --to end --batch 10s,500000 bench-text | weir split -d ' ' | weir wordcount >/dev/null" "$peer"
	compare "the same without \`split\`" "the same" 15 cpu 2000000 rec \
		"weir consume -b $kafka -g \$group --to end --batch 10s,500000 bench-text | weir wordcount >/dev/null" "$peer"
}
