#!/usr/bin/env python3
"""spark_words.py BROKERS TOPIC: the words of a topic, counted batch by batch by Spark Structured Streaming.

Reads what is there now, in batches of 500,000 records, and writes each batch's counts, most frequent first.
"""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, desc, explode, split

brokers, topic = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .appName("words")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
lines = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", brokers)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .option("maxOffsetsPerTrigger", 500000)
    .load()
)


def write(batch, number):
    words = batch.select(explode(split(col("value").cast("string"), " ")).alias("word")).where(col("word") != "")
    counts = words.groupBy("word").count().orderBy(desc("count"), "word")
    for row in counts.toLocalIterator():
        print(row["count"], row["word"], sep="\t")


lines.writeStream.foreachBatch(write).trigger(availableNow=True).start().awaitTermination()

# Python does not wait for the JVM, which is a child; but its time must be measured, too.
jvm = spark.sparkContext._gateway.proc
spark.stop()
jvm.stdin.close()
jvm.wait()
