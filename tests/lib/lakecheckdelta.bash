# For the tests of lake-check on Delta tables: tables, and what happens to them.  Load lakecheck.bash before.
# shellcheck shell=bash disable=SC2154 # log is of lakecheck_delta_setup, WEIR_ROOT of weir.bash

lakecheck_delta_setup() {
	lakecheck_setup
	use_python
	lake=T log=T/_delta_log
}

put() { # put NUMBER [OPTION...]: a commit of its own with this row
	echo "{\"n\":$1,\"t\":\"2026-11-2$(($1 % 3))T00:00:00Z\"}" >in
	weir lake-put --table delta --schema 'n bigint, t timestamp' --partition-by d=%F --time .t "${@:2}" "$lake" in
}

# A table of a marked stream: topic t, partition 0, group g, a commit for each 10 rows.
rows() { # rows COUNT
	seq "$1" | sed 's/.*/{"n":&}/' | marker -n 10 -f -g g 2>/dev/null |
		weir lake-put --table delta --schema 'n bigint' "$lake"
}

# Python on stdin, with dt, the table by delta-rs, and add(PATH, VERSION, …): that version adds a file by others, which
# is there.
rs() {
	python3 -c 'import json, sys, os, deltalake, pyarrow as pa, pyarrow.parquet as pq
lake = sys.argv[1]
def add(path, version, partition, **more):
    size = os.path.getsize(os.path.join(lake, path))
    action = {"path": path, "partitionValues": partition, "size": size, "dataChange": True, **more}
    with open(os.path.join(lake, "_delta_log", f"{version:020}.json"), "x") as f:
        print(json.dumps({"add": action}), file=f)
dt = deltalake.DeltaTable(lake)
exec(sys.stdin.read())' "$lake"
}

checkpoint() { # checkpoint VERSION: its path
	printf '%s/%020d.checkpoint.parquet\n' "$log" "$1"
}

data() { # the first data file of the table, relative to it
	(cd "$lake" && find . -name 'part-*' | sort | sed -n '1s|./||p')
}

fresh() { # back to what the table was
	rm -rf "$lake"
	cp -r good "$lake"
}
