#!/usr/bin/env bats
# lake-check on Delta tables: statistics in the log and in footers that are not true of the values.
# shellcheck disable=SC2154 # lake and log are of lakecheck.bash and lakecheckdelta.bash
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck
load ../lib/lakecheckdelta

setup() {
	lakecheck_delta_setup
}

# A table with a file of three rows, one of them null, and what is said of it.
three_rows() {
	printf '%s\n' '{"n":1,"s":"b","x":1.5,"d":12.34,"t":"2026-11-22T00:00:00.123456Z","b":"YWE=","g":{"x":-1}}' \
		'{"n":5,"s":"y","x":"NaN","d":0.01,"t":"2026-11-23T00:00:00Z","b":"YmI=","g":{"x":9}}' '{}' |
		weir lake-put --table delta \
			--schema 'n int, s string, x double, d decimal(10,2), t timestamp, b binary, g struct<x bigint>' "$lake"
	cp -r T good
}

stats() { # stats FILTER: change the statistics of the file by jq
	fresh
	edit 0 "if .add then .add.stats |= (fromjson | $1 | tojson) else . end"
}

wrong() { # wrong COLUMN PLACE WHAT: the only finding
	assert_findings "'$(data)': the statistics of column '$1' in $2 are wrong: $3"
}

@test "wrong statistics in the log: a finding for each column of a file; bounds that are too wide are none" {
	local least='a value is less than the least one' greatest='a value is greater than the greatest one'
	three_rows
	assert_sound
	stats '.minValues.n = 2' && wrong n 'the log' "$least"
	stats '.maxValues.n = 4 | .minValues.n = 2 | .nullCount.n = 0' && wrong n 'the log' "$least"
	stats '.maxValues.s = "x"' && wrong s 'the log' "$greatest"
	stats '.minValues.s = "ba"' && wrong s 'the log' "$least"
	stats '.maxValues.x = 1' && wrong x 'the log' "$greatest"
	stats '.minValues.d = 0.02' && wrong d 'the log' "$least"
	stats '.minValues.t = "2026-11-22T00:00:00.124Z"' && wrong t 'the log' "$least"
	stats '.maxValues.g.x = 8' && wrong g.x 'the log' "$greatest"
	stats '.nullCount.s = 0' && wrong s 'the log' 'the number of nulls is wrong'
	stats '.nullCount.b = 2' && wrong b 'the log' 'the number of nulls is wrong'
	stats '.minValues.n = 0 | .maxValues.n = 9 | .minValues.s = "" | .maxValues.s = "zz" | .maxValues.x = 99
		| .minValues.t = "2026-11-22T00:00:00.123Z" | del(.nullCount) | .maxValues.nothing = 1'
	assert_sound
	stats '.minValues.n = 2 | .maxValues.s = "c"'
	run_weir lake-check T
	assert_status 1
	[ "${#lines[@]}" = 2 ]
	run_weir lake-check --quick T # which reads no file
	assert_success
}

@test "deleted rows do not count for the log; loose numbers of nulls, only where they are 0 or all" {
	three_rows
	stats '.tightBounds = false | .nullCount.n = 2'
	assert_sound
	stats '.tightBounds = false | .nullCount.n = 0' && wrong n 'the log' 'the number of nulls is wrong'
	stats '.tightBounds = false | .nullCount.n = 3' && wrong n 'the log' 'the number of nulls is wrong'
}

@test "wrong bounds in a footer, which others have written" {
	put 1
	rs <<-'END'
		pq.write_table(pa.table({"n": [1111, 7777], "t": pa.array([None, None], pa.timestamp("us", "UTC"))}), "T/by-others.parquet",
		    compression="none", use_dictionary=False)
		with open("T/by-others.parquet", "r+b") as f: # the greatest value is given twice, in the old and the new form
		    data = f.read()
		    at = len(data) - 8 - int.from_bytes(data[-8:-4], "little") # the footer
		    f.seek(0)
		    f.write(data[:at] + data[at:].replace((7777).to_bytes(8, "little"), (7000).to_bytes(8, "little")))
		add("by-others.parquet", 1, {"d": "1"}, stats='{"numRecords":2}')
	END
	assert_findings "'by-others.parquet': the statistics of column 'n' in its footer are wrong: a value is greater than the greatest one"
}

# pages CHANGE: a file of 5,000 rows in pages of a thousand; CHANGE, Python, has its bytes in `data`.
pages() {
	rm -rf T && put 1
	rs <<-END
		n, t = list(range(5000)), pa.array([None] * 5000, pa.timestamp("us", "UTC"))
		pq.write_table(pa.table({"n": n, "t": t}), "T/by-others.parquet", compression="none", use_dictionary=False,
		    write_page_index=True, write_batch_size=1000, data_page_size=1, row_group_size=2500)
		with open("T/by-others.parquet", "r+b") as f:
		    data = f.read()
		    def put(old, new): # in the index, which comes after the values
		        at = data.rindex(old)
		        return data[:at] + new + data[at + len(old):]
		    number = lambda n: n.to_bytes(8, "little")
		    f.seek(0)
		    f.write($1)
		add("by-others.parquet", 1, {"d": "1"})
	END
}

@test "wrong bounds in the index of pages, by which readers skip them" {
	pages data
	assert_sound
	assert_equal "$(weir lake-cat --where '.n >= 3000 && .n < 3003' T | jq -c .n | paste -sd ' ')" '3000 3001 3002'
	local wrong="'by-others.parquet': the statistics of column 'n' in its index of pages are wrong:"
	pages 'put(number(3499), number(3498))'
	assert_findings "$wrong a value is greater than the greatest one"
	pages 'put(number(1000), number(1001))'
	assert_findings "$wrong a value is less than the least one"
	pages 'put(number(4500), number(4400))' # wider than it need be
	assert_sound
	local order='number(4999) + b"\x15\x02"' # of the last row group: ascending
	pages "put($order, number(4999) + b\"\\x15\\x04\")"
	assert_findings "$wrong the bounds are not in the order that it names"
	pages "put($order, number(4999) + b\"\\x15\\x00\")" # none, which is always true
	assert_sound
	pages 'put(b"\x08" + number(4500), b"\x7f" + number(4500))' # the length of a bound
	assert_findings "$wrong it is malformed"
}

@test "a column that does not have the type of the table" {
	put 1
	rs <<-'END'
		pq.write_table(pa.table({"n": ["x"]}), "T/by-others.parquet")
		add("by-others.parquet", 1, {"d": "1"})
	END
	assert_finding "'by-others.parquet': column 'n'"
}
