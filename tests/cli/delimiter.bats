#!/usr/bin/env bats
# --delimiter: CSV with another separator, in every program that reads it; Python's csv module as the witness.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	printf 'name;n;note\nAnn;1,5;"a;b"\n"B ""b""";2;x,y\n' >in
}

@test "delimiter: filter and clean, and what they write" {
	run_weir filter --header --delimiter ';' '.n == 2' in
	assert_status 0
	assert_output $'name;n;note\n"B ""b""";2;x,y'
	run_weir filter --header --delimiter ';' --fields .note,.n --format csv true in
	assert_output $'note;n\n"a;b";1,5\nx,y;2'
	run_weir filter --header --delimiter ';' --fields .n,.note --format tsv true in
	assert_output $'n\tnote\n1,5\ta;b\n2\tx,y'
	run_weir filter --input json --delimiter '|' --fields .a,.b --format csv true <<<'{"a":"x|y","b":"1,2"}'
	assert_output '"x|y"|1,2'
	run_weir clean --header --delimiter ';' -e 'upper .note' -e 'rename .n .m' in
	assert_status 0
	assert_output $'name;m;note\nAnn;1,5;"A;B"\n"B ""b""";2;X,Y'
}

@test "delimiter: map in each direction, aggregate, detect" {
	run_weir map --header --delimiter ';' --to json '.n = float(replace(.n, ",", "."))' in
	assert_status 0
	assert_output $'{"name":"Ann","n":1.5,"note":"a;b"}\n{"name":"B \\"b\\"","n":2.0,"note":"x,y"}'
	run_weir map --input json --header --delimiter ';' --to csv '.a = .a' <<<$'{"a":"1;2","b":"3,4"}'
	assert_output $'a;b\n"1;2";3,4'
	run_weir map --header --delimiter ';' '.x = .name + ";"; del .name' in
	assert_output $'n;note;x\n1,5;"a;b";"Ann;"\n2;x,y;"B ""b"";"'
	run_weir map --header --delimiter ';' --to tsv 'keep .n' in
	assert_output $'n\n1,5\n2'
	run_weir aggregate --header --delimiter ';' -g .note count in
	assert_output_contains '"a;b"'
	run_weir detect --header --delimiter ';' --value .n 'range 0 1' in
	assert_output $'name;n;note;detect.rule;detect.score;detect.limit;detect.n\n"B ""b""";2;x,y;range 0 1;1;0;0'
}

@test "delimiter: random texts with each separator pass through map as Python reads them" {
	python3 - <<-'END'
		import csv, io, random, subprocess
		r = random.Random(5)
		for sep in ";|:\t \x01^":
		    rows = [["a", "b", "c"]] + [["".join(r.choice('xy,;|:\t "^') for _ in range(r.randrange(6))) for _ in range(3)]
		                                for _ in range(200)]
		    text = io.StringIO()
		    csv.writer(text, delimiter=sep, lineterminator="\n").writerows(rows)
		    out = subprocess.run(["weir", "map", "--header", "--delimiter", sep, '.b = .b + "\\""; .c = .c'], input=text.getvalue(),
		                         capture_output=True, check=True, text=True).stdout
		    want = [rows[0]] + [[a, b + '"', c] for a, b, c in rows[1:]]
		    assert list(csv.reader(io.StringIO(out), delimiter=sep)) == want, sep
	END
}

@test "delimiter: a table and a database, exactly as with commas" {
	tr ';' ',' <<<$'a;b\n1;x\n2;y' >commas
	printf 'a;b\n1;x\n2;y\n' >semicolons
	weir lake-put --table delta --header --input csv --id 1 one <commas
	weir lake-put --table delta --header --delimiter ';' --id 1 two <semicolons
	run_sh 'diff <(weir lake-cat one) <(weir lake-cat two)'
	assert_status 0
	sqlite3 a.db "CREATE TABLE t (a INTEGER, b TEXT)"
	weir db-put --header --delimiter ";" --table t sqlite:a.db <semicolons
	assert_equal "$(sqlite3 a.db "SELECT * FROM t")" $'1|x\n2|y'
	run_weir lake-put --delimiter ';' raw <semicolons
	assert_status 2
	assert_stderr_contains '--delimiter needs --table delta'
}

@test "delimiter: what is refused" {
	local c
	for c in '' ';;' '"' $'\n' 'ä' '\x'; do
		run_weir filter --delimiter "$c" true in
		assert_status 2
		assert_stderr_contains 'is not one character of ASCII other than a quote'
	done
	run_weir filter --input json --delimiter ';' true in
	assert_status 2
	assert_stderr_contains '--delimiter is for CSV'
	run_weir map --delimiter ';' --input tsv '$1 = 2' in
	assert_status 2
	run_weir filter --delimiter ';' true <<<$'"a"b;c'
	assert_status 65
	assert_stderr_contains 'the delimiter of fields or the end of the record was expected after the quote'
	run_weir filter --delimiter '\t' --fields '$2' true <<<$'"a\tb"\tc'
	assert_output 'c'
}
