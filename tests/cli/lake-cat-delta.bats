#!/usr/bin/env bats
# lake-cat on Delta tables: rows, columns, expressions, older versions; tables of delta-rs.
load ../lib/weir
load ../lib/lake

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# A table of three versions: id 1 to 3000, a partition for each day.
three() {
	local i
	for i in 1 2 3; do
		seq $((i * 1000 - 999)) $((i * 1000)) |
			sed "s/.*/{\"id\":&,\"user\":\"u&\",\"day\":\"2026-11-2$i\",\"geo\":{\"lat\":&.5},\"tags\":[\"t\",null]}/" |
			weir lake-put --table delta --partition-by day \
				--schema 'id bigint, user string, day date, geo struct<lat double>, tags array<string>' T
	done
}

@test "rows as JSON, TSV and CSV; columns; headers; -n" {
	three
	run_weir lake-cat -n 1 T
	assert_success
	assert_output '{"id":1,"user":"u1","day":"2026-11-21","geo":{"lat":1.5},"tags":["t",null]}'
	assert_equal "$(weir lake-cat T | jq -s 'map(.id) | [length, add, min, max] | join(" ")' -r)" '3000 4501500 1 3000'
	run_weir lake-cat -n 2 --columns tags,day,id --format csv --header T
	assert_success
	assert_output $'tags,day,id\n"[""t"",null]",2026-11-21,1\n"[""t"",null]",2026-11-21,2'
	run_weir lake-cat -n 1 --columns '"user",.id' --format tsv T
	assert_output $'u1\t1'
	run_weir lake-cat -n 0 T
	assert_success
	assert_output ''
	assert_equal "$(weir lake-cat -n 2500 T | wc -l)" 2500
}

@test "lake-cat | lake-put gives the same table" {
	three
	weir lake-cat T | weir lake-put --table delta --partition-by day \
		--schema 'id bigint, user string, day date, geo struct<lat double>, tags array<string>' U
	assert_files_equal <(weir lake-cat U | sort) <(weir lake-cat T | sort)
}

@test "every type: the same rows as delta-rs and DuckDB, and the same again through lake-cat | lake-put" {
	schema=$(python3 "$WEIR_ROOT/tests/lib/deltarows.py" schema)
	python3 "$WEIR_ROOT/tests/lib/deltarows.py" make 0 1000 | weir lake-put --table delta --schema "$schema" T
	run_logged python3 "$WEIR_ROOT/tests/lib/lakecatdiff.py" read "$PWD/T"
	assert_status 0
	assert_output ''
	weir lake-cat T | weir lake-put --table delta --schema "$schema" U
	assert_files_equal <(weir lake-cat U) <(weir lake-cat T)
}

@test "--where: partitions and statistics skip files; --stats says so; the short form" {
	three
	run_weir lake-cat --where '.day == "2026-11-22" && .id <= 1002' --columns id --stats T
	assert_status 0
	assert_output $'{"id":1001}\n{"id":1002}'
	assert_stderr 'weir lake-cat: 3 files, 2 of them skipped; 1 row group, 0 of them skipped; 1000 records read, 2 printed'
	run_weir lake-cat --where '.id > 2999' --where day=2026-11-23 --stats T
	assert_equal "$(jq .id <<<"$output")" 3000
	assert_stderr_contains '3 files, 2 of them skipped'
	run_weir lake-cat --where '.id > 3000' --stats T
	assert_status 0
	assert_output ''
	assert_stderr 'weir lake-cat: 3 files, 3 of them skipped; 0 row groups, 0 of them skipped; 0 records read, 0 printed'
	assert_equal "$(weir lake-cat --where '.geo.lat < 3 || .tags[0] == "x"' --columns user T | jq -r .user | tr '\n' ,)" u1,u2,
}

@test "--as-of: a version, a time; none that old, none so new" {
	three
	assert_equal "$(weir lake-cat --as-of 0 T | wc -l)" 1000
	assert_equal "$(weir lake-cat --as-of 1 T | wc -l)" 2000
	assert_equal "$(weir lake-cat --as-of -0s T | wc -l)" 3000
	time=$(jq -r '.commitInfo.timestamp // empty' T/_delta_log/00000000000000000001.json)
	assert_equal "$(weir lake-cat --as-of "@$time" T | wc -l)" 2000
	run_weir lake-cat --as-of 3 T
	assert_status 78
	assert_stderr "weir lake-cat: 'T' has no version 3: the newest is 2"
	run_weir lake-cat --as-of 2020-01-01 T
	assert_status 78
	assert_stderr_contains 'no version that old'
	run_weir lake-cat --as-of yesterday T
	assert_status 2
	seq 3 | weir lake-put raw
	seq 4 6 | weir lake-put raw
	assert_equal "$(weir lake-cat --as-of 0 raw | tr '\n' ' ')" '1 2 3 '
}

@test "what is refused: columns that are not there, expressions, options of other tables" {
	three
	run_weir lake-cat --columns id,nothing T
	assert_status 78
	assert_stderr "weir lake-cat: --columns: there is no column 'nothing'"
	run_weir lake-cat --columns id,id T
	assert_status 78
	run_weir lake-cat --where '.User == "u1"' T
	assert_status 78
	assert_stderr "weir lake-cat: --where: there is no column 'User', but 'user'"
	run_weir lake-cat --where '.id ==' T
	assert_status 2
	run_weir lake-cat --where '$1 == 1' T
	assert_status 78
	run_weir lake-cat --positions --where '.id == 1' T
	assert_status 2
}

@test "raw tables: --where sees the records and the partition columns; -n" {
	jq -cn 'range(100) | {id: ., user: "u\(. % 10)"}' >in
	weir lake-put --partition-by 'user={.user}' T in
	assert_files_equal <(weir lake-cat --where '.user == "u3" && .id > 50' T) <(weir filter '.user == "u3" && .id > 50' in)
	run_weir lake-cat --stats --where '.user in ("u3", "u4") && .id < 10' T
	assert_equal "$(sort <<<"$output")" $'{"id":3,"user":"u3"}\n{"id":4,"user":"u4"}'
	assert_stderr_contains '10 files, 8 of them skipped'
	assert_equal "$(weir lake-cat -n 7 T | wc -l)" 7
	printf '%s\n' '{"id":1}' 'no JSON' >bad
	weir lake-put B bad
	run_weir lake-cat --where '.id == 1' B
	assert_status 65
	assert_stderr_contains 'record 2'
}

@test "a file that is damaged, gone, or has other rows than the log says: 65, by its name" {
	three
	file=$(find T -name 'part-*' | sort | head -n 1)
	cp "$file" kept
	truncate -s -20 "$file"
	run_weir lake-cat T
	assert_status 65
	assert_stderr_contains "${file##*/}"
	rm "$file"
	run_weir lake-cat T
	assert_status 65
	assert_stderr_contains "${file##*/}"
	cp kept "$file"
	sed -i 's/\\"numRecords\\":1000/\\"numRecords\\":999/' T/_delta_log/00000000000000000000.json
	run_weir lake-cat T
	assert_status 65
	assert_stderr_contains 'it has 1000 records, but the log says 999'
	run_weir lake-cat --where day=2026-11-22 T
	assert_status 0
}

@test "a table of delta-rs, with checkpoints, rewritten rows and partitions: the same rows as delta-rs and DuckDB" {
	python3 - <<-'END'
		import datetime, decimal, deltalake, pyarrow as pa
		t = lambda n: datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=n * 7919)
		for part in range(4):
		    n = range(part * 500, part * 500 + 500)
		    deltalake.write_deltalake("T", pa.table({
		        "i": pa.array(n, pa.int32()), "s": pa.array([None if i % 7 == 0 else f"é {i}" for i in n]),
		        "t": pa.array([t(i) for i in n], pa.timestamp("us", "UTC")), "f": pa.array([i / 8 for i in n], pa.float32()),
		        "d": pa.array([decimal.Decimal(i).scaleb(-2) for i in n], pa.decimal128(20, 2)),
		        "b": pa.array([bytes([i % 256, 255]) for i in n]), "day": pa.array([datetime.date(2026, 1, 1 + i % 3) for i in n]),
		        "m": pa.array([[("k", i)] for i in n], pa.map_(pa.string(), pa.int64())),
		        "l": pa.array([[{"a": i}, None] if i % 2 else [] for i in n], pa.list_(pa.struct([("a", pa.int64())]))),
		    }), mode="append", partition_by=["day"])
		table = deltalake.DeltaTable("T")
		table.delete("i >= 100 AND i < 300")
		table.create_checkpoint()
		table.update(updates={"s": "'updated'"}, predicate="i = 7")
		deltalake.DeltaTable("T").optimize.compact()
	END
	run_logged python3 "$WEIR_ROOT/tests/lib/lakecatdiff.py" read "$PWD/T"
	assert_status 0
	assert_output ''
	assert_equal "$(weir lake-cat T | wc -l)" 1800
	assert_equal "$(weir lake-cat --as-of 3 T | wc -l)" 2000
}

@test "a single file, and directories without a log: Parquet and raw records, partitions in their paths" {
	three
	file=$(find T -name 'part-*' | sort | head -n 1)
	cp "$file" one.parquet
	assert_files_equal <(weir lake-cat one.parquet) <(weir lake-cat --where day=2026-11-21 T)
	assert_files_equal <(weir lake-cat "$PWD/one.parquet" --columns id -n 3) <(printf '{"id":%d}\n' 1 2 3)
	mv T/_delta_log .
	assert_files_equal <(weir lake-cat T | sort) <(mv _delta_log T; weir lake-cat T | sort)
	mkdir -p 'D/dt=2026-11-22/x=a%20b' D/dt=__HIVE_DEFAULT_PARTITION__/x=c D/_tmp
	cp one.parquet 'D/dt=2026-11-22/x=a%20b/1.parquet'
	cp one.parquet D/dt=__HIVE_DEFAULT_PARTITION__/x=c/2.parquet
	cp one.parquet D/_tmp/3.parquet
	run_weir lake-cat --columns id,dt,x --where '.id == 7' D
	assert_equal "$(sort <<<"$output")" $'{"id":7,"dt":"2026-11-22","x":"a b"}\n{"id":7,"dt":null,"x":"c"}'
	mkdir -p R/dt=2026-11-22 R/dt=2026-11-23
	printf '{"id":1}\n{"id":2}' | gzip >R/dt=2026-11-22/a.gz
	printf '{"id":3}\n' >R/dt=2026-11-23/b.ndjson
	run_weir lake-cat R
	assert_output $'{"id":1}\n{"id":2}\n{"id":3}'
	run_weir lake-cat --stats --where '.dt == "2026-11-22" && .id > 1' R
	assert_output '{"id":2}'
	assert_stderr_contains '2 files, 1 of them skipped'
	for limit in '' 9; do
		run_weir lake-cat --stats ${limit:+"--limit=$limit"} --where '.dt == "2026-11-22"' R
		assert_output $'{"id":1}\n{"id":2}'
		assert_equal "$(weir lake-cat ${limit:+"--limit=$limit"} --where '.dt == "2026-11-22"' R | wc -l)" 2 # no empty line
		assert_stderr_contains '2 files, 1 of them skipped'
		assert_stderr_contains '2 records read, 2 printed'
	done
	run_weir lake-cat --stats R
	assert_stderr_contains '3 records read, 3 printed'
	assert_equal "$(weir lake-cat R/dt=2026-11-22/a.gz | wc -l)" 2
	run_weir lake-cat --as-of 1 one.parquet
	assert_status 78
	: >empty.parquet
	run_weir lake-cat empty.parquet
	assert_status 65
	run_weir lake-cat none.parquet
	assert_status 78
}

@test "columns whose types were widened: values, statistics and partitions of older files" {
	python3 "$WEIR_ROOT/tests/lib/widened.py" W
	assert_equal "$(weir lake-cat --columns i,x,d,day,p W | sort)" \
		'{"i":1,"x":-1.0,"d":0.2500,"day":"2026-11-21T00:00:00","p":1}
{"i":2,"x":-2.0,"d":0.5000,"day":"2026-11-22T00:00:00","p":2}'
	for where in '.f > 0.1' '.f < 0.7' '.f == 0.1' '.i >= 2' '.x <= -2' '.d == 0.25' '.p == 2' '.day < "2026-11-21T09"' \
		'.day >= "2026-11-22"'; do
		weir lake-cat W | weir filter "$where" >expected || true
		weir lake-cat --where "$where" W | cmp - expected
	done
	assert_equal "$(weir lake-cat --columns i --where '.f > 0.1 && .f < 0.11' W)" '{"i":1}' # the float 0.1 is more than 0.1
	run_weir lake-cat --stats --where '.i > 1' W
	assert_stderr_contains '2 files, 1 of them skipped'
}

@test "--where equals filter: 150 random expressions over random tables, with the same seed each time" {
	run_logged python3 "$WEIR_ROOT/tests/lib/lakecatdiff.py" where . 16 150
	assert_status 0
	assert_output ''
}
