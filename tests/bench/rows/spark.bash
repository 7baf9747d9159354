# spark.bash: counting words by batch, from Kafka, beside Spark; read by tests/bench/run.
# shellcheck shell=bash disable=SC2034,SC2154 # in, cache, kafka and work are run's

rows+=(spark)

# Sets $spark, the directory of Spark and its Kafka source; if they are missing, they are fetched from PyPI and Maven,
# 700 MB.
need_spark() {
	local version=3.5.7
	spark=$cache/spark-$version
	[ ! -e "$spark/done" ] || return 0
	say "fetching Spark $version"
	rm -rf "$spark"
	mkdir -p "$spark"
	python3 -m venv "$spark/venv"
	"$spark/venv/bin/pip" install --quiet --disable-pip-version-check "pyspark==$version" >&2
	cat >"$spark/pom.xml" <<EOD
<project><modelVersion>4.0.0</modelVersion><groupId>weir</groupId><artifactId>spark</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.spark</groupId><artifactId>spark-sql-kafka-0-10_2.12</artifactId>
<version>$version</version></dependency></dependencies></project>
EOD
	mvn -B -q -f "$spark/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$spark/jars" >&2
	touch "$spark/done"
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
	local peer="'$spark/venv/bin/python3' tests/bench/spark_words.py $kafka bench-text '$spark/jars' >/dev/null"
	compare "\`consume --batch 10s,500000 \| split -d ' ' \| wordcount\`, 2 M lines of text from Kafka" \
		"Spark Structured Streaming, 500,000 records a batch" 10 cpu 2000000 rec \
		"weir consume -b $kafka -g \$group --to end --batch 10s,500000 bench-text | weir split -d ' ' | weir wordcount >/dev/null" "$peer"
	compare "the same without \`split\`" "the same" 15 cpu 2000000 rec \
		"weir consume -b $kafka -g \$group --to end --batch 10s,500000 bench-text | weir wordcount >/dev/null" "$peer"
}
