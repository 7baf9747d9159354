#!/usr/bin/env python3
"""spark_optimize.py TABLE: put the files of a Delta table together by Spark's OPTIMIZE, into files of 256 MiB."""
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[2]")
    .appName("optimize")
    .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    .config("spark.sql.shuffle.partitions", "2")
    .config("spark.databricks.delta.snapshotPartitions", "2")
    .config("spark.databricks.delta.optimize.maxFileSize", str(256 << 20))
    .config("spark.sql.parquet.compression.codec", "zstd")
    .config("spark.driver.memory", "4g")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
spark.sql(f"OPTIMIZE delta.`{sys.argv[1]}`")

# The JVM is a child that Python does not wait for; whoever measures us wants its time and its memory, too.
jvm = spark.sparkContext._gateway.proc
spark.stop()
jvm.stdin.close()
jvm.wait()
