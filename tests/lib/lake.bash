# lake.bash: functions with which tests of lake programs examine a table; loaded after weir.bash.
# shellcheck shell=bash

# The view of a reader of the directory: the records of all data files, sorted.
lake_records() { # lake_records DIR
	find "$1/" -name '.?*' -prune -o -name '_*' -prune -o -type f -print0 | _lake_contents
}

# The view of a reader of the log: the same, of the files that the log names.
lake_logged() { # lake_logged DIR
	local path
	cat "$1"/_weir_log/*.json | jq -r '.add.path // empty' | while IFS= read -r path; do
		printf '%s/%b\0' "$1" "${path//%/\\x}"
	done | _lake_contents
}

# The records of the files whose names are on standard input, sorted.  A process a file would be most of what it takes.
_lake_contents() {
	local path gzip=() zstd=() plain=()
	while IFS= read -r -d '' path; do
		case $path in
		*.gz) gzip+=("$path") ;;
		*.zst) zstd+=("$path") ;;
		*) plain+=("$path") ;;
		esac
	done
	{
		[ ${#gzip[@]} = 0 ] || gzip -dc -- "${gzip[@]}" || echo "unreadable: one of ${gzip[*]}"
		[ ${#zstd[@]} = 0 ] || zstd -dcq -- "${zstd[@]}" || echo "unreadable: one of ${zstd[*]}"
		[ ${#plain[@]} = 0 ] || cat -- "${plain[@]}" || echo "unreadable: one of ${plain[*]}"
	} | LC_ALL=C sort
}

# Hidden files: locks and stages; none after a clean end.
lake_hidden() { # lake_hidden DIR
	find "$1/" -type f \( -name '.?*' -o -path '*/.writers/*' \)
}

# How many commits there are.
lake_commits() { # lake_commits DIR
	find "$1/_weir_log" -name '*.json' | wc -l
}

# No stage or lock is left, and both kinds of readers see exactly the lines of the file EXPECTED, in any order.
assert_lake() { # assert_lake DIR EXPECTED
	local dir=$BATS_TEST_TMPDIR
	LC_ALL=C sort "$2" >"$dir/expected.sorted"
	lake_records "$1" >"$dir/records.sorted"
	lake_logged "$1" >"$dir/logged.sorted"
	assert_files_equal "$dir/records.sorted" "$dir/expected.sorted" &&
		assert_files_equal "$dir/logged.sorted" "$dir/expected.sorted" &&
		assert_equal "$(lake_hidden "$1")" ''
}

# Lines of three days, so that a commit has three files.
day_lines() { # day_lines FROM TO
	seq "$1" "$2" | awk '{ printf "2026-11-%02d %d\n", 20 + $1 % 3, $1 }'
}
# How to put them into a partition a day.
# shellcheck disable=SC2034
by_day=(--partition-by dt=%F --time %F@1)

peak_kb() { # peak_kb COMMAND...: the most memory that it had, in KiB
	python3 -c 'import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)' "$@"
}
