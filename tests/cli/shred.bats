# Shredding, common/parquet/shred.h: whole files, read by pyarrow and compared with a slow reference implementation.
# bats file_tags=sample
load ../lib/weir

@test "random schemas and records: the reference has the same rows, and refuses the same records" {
	for seed in 1 2 $SRANDOM; do
		run_sh "python3 '$WEIR_ROOT/tests/lib/shredcheck.py' '$BUILD/bench/pqshred' $seed 12 150"
		assert_success
		assert_output_contains "seed $seed: 12 schemas, "
	done
}
