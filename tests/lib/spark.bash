# spark.bash: for the bats files with the tag `spark`; loaded after weir.bash.
# shellcheck shell=bash

# Run the Python program on standard input in the session of Spark that all tests share, where it is `spark`; sets $status
# (22 when it fails) and $output, what it has printed.
run_spark() {
	run_logged curl -sS --fail-with-body --noproxy '*' --max-time 110 --data-binary @- "$WEIR_TEST_SPARK"
}
