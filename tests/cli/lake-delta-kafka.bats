#!/usr/bin/env bats
# Kafka to a Delta table, exactly once, beside another writer.
# bats file_tags=server
load ../lib/weir
load ../lib/group

setup() {
	group_setup
	topic=$(new_topic 2)
	use_python
}

numbers() { seq "$@" | sed 's/.*/{"n":&}/'; }

@test "each record once, over runs that are killed, and another writer in between" {
	local put="weir lake-put --table delta --schema 'n bigint' --commit-every 100ms T"
	local pipeline="weir consume -g $group --batch 50ms,40 --to end $topic |"
	numbers 2000 | weir produce "$topic"
	for _ in 1 2 3; do
		bash -c "timeout -s KILL 0.7 bash -c \"$pipeline $put\"" || :
		[ ! -e T/_delta_log ] || python3 -c 'import deltalake, pyarrow as pa
deltalake.write_deltalake("T", pa.table({"n": pa.array([0], pa.int64())}), mode="append")'
	done
	wait_for 60 bash -o pipefail -c "$pipeline $put"
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | grep -v '"n": 0}' | tr -dc '0-9\n' | sort -n | cksum)" \
		"$(seq 2000 | cksum)"
	assert_equal "$(weir lake-cat --positions T | awk '{ n += $3 } END { print n }')" 2000
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}

@test "the schema of a new table is inferred from several batches, up to the first commit" {
	run_sh "weir consume -g $group --from end --batch 1s --to end $topic | weir lake-put --table delta T"
	assert_status 75
	[[ $stderr == *"the new table 'T' has no columns until there is a record"* ]]
	{ numbers 300; echo 'not JSON'; numbers 0.5 100; } | weir produce --partition 0 "$topic"
	run_sh "weir consume -g $group --from start --batch 1s,40 --to end $topic |
		weir lake-put --table delta --rejects aside --commit-every 1h T"
	assert_status 1
	[[ $stderr == *"the new table 'T' has the columns that 400 records show: --schema 'n double'"* ]]
	assert_equal "$(jq -c '[.record, .batch, .partition, .offset]' aside)" '[301,8,0,300]'
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | wc -l)" 400
}

@test "new fields come in several batches of several commits, and each record is there once" {
	for i in 1 2 3 4; do
		seq "${i}00" "${i}99" | sed "s/.*/{\"n\":&,\"f$i\":&}/"
	done | weir produce --partition 0 "$topic"
	local pipeline="weir consume -g $group --from start --batch 1s,40 --to end $topic |
		weir lake-put --table delta --on-new-field add --infer 50 --commit-records 120 T"
	bash -c "timeout -s KILL 0.5 bash -c \"$pipeline\"" || :
	run_sh "$pipeline"
	assert_status 0
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | jq -r 'select(.n == (.f1 // .f2 // .f3 // .f4)) | .n' | sort -n | cksum)" \
		"$(for i in 1 2 3 4; do seq "${i}00" "${i}99"; done | cksum)"
	assert_equal "$(weir lake-cat --positions T | awk '{ n += $3 } END { print n }')" 400
}

@test "a table begins with positions alone, before there is a record" {
	run_sh "weir consume -g $group --from end --batch 1s --to end $topic | weir lake-put --table delta --schema 'n bigint' T"
	assert_status 0
	numbers 5 | weir produce "$topic"
	run_sh "weir consume -g $group --batch 1s --to end $topic | weir lake-put --table delta T"
	assert_status 0
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | wc -l)" 5
}

@test "each record once when others have made a checkpoint and cleaned all entries of ours away" {
	local pipeline="weir consume -g $group --batch 50ms,100 --to end $topic |
		weir lake-put --table delta --schema 'n bigint' --commit-every 100ms T"
	numbers 1000 | weir produce "$topic"
	run_sh "$pipeline"
	assert_success
	python3 -c 'import deltalake, glob, os, pyarrow as pa
deltalake.write_deltalake("T", pa.table({"n": pa.array([0], pa.int64())}), mode="append")
dt = deltalake.DeltaTable("T")
dt.create_checkpoint()
for path in sorted(glob.glob("T/_delta_log/*.json"))[:-1]:
    os.remove(path)'
	numbers 1001 2000 | weir produce "$topic"
	run_sh "$pipeline"
	assert_success
	assert_equal "$(python3 "$WEIR_ROOT/tests/lib/deltaread.py" T | grep -v '"n": 0}' | tr -dc '0-9\n' | sort -n | cksum)" \
		"$(seq 2000 | cksum)"
	run_weir lag -g "$group" --max-lag 0 "$topic"
	assert_status 0
}
