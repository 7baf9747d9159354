#!/usr/bin/env python3
"""spark_delta.py BROKERS TOPIC TABLE: a topic of JSON into a Delta table by Spark Structured Streaming.

Reads what is there now, in batches of 1,000,000 records; the positions are in TABLE.checkpoint.
"""
import sys

from pyspark.sql import SparkSession
from pyspark.sql.functions import col, from_json

brokers, topic, table = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .appName("delta")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.sql.parquet.compression.codec", "zstd")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
records = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", brokers)
    .option("subscribe", topic)
    .option("startingOffsets", "earliest")
    .option("maxOffsetsPerTrigger", 1000000)
    .load()
)
rows = records.select(from_json(col("value").cast("string"), "id bigint, user string, text string").alias("r")).select("r.*")
stream = rows.writeStream.format("delta").option("checkpointLocation", table + ".checkpoint").trigger(availableNow=True)
stream.start(table).awaitTermination()

# The JVM is a child that Python does not wait for; whoever measures us wants its time and its memory, too.
jvm = spark.sparkContext._gateway.proc
spark.stop()
jvm.stdin.close()
jvm.wait()
