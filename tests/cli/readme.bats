#!/usr/bin/env bats
# README: its two examples, run from its own text; its links.
bats_require_minimum_version 1.5.0
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	sed -n '/^## A first pipeline/,/^## /p' "$WEIR_ROOT/README.md" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d' >whole
	sed 's,/var/log/dpkg.log,dpkg.log,' whole >pipeline
	grep -q /var/log/dpkg.log whole
}

# Run the pipeline on ./dpkg.log and compare the table and the rejects with what awk makes of the file.
clean_packages() {
	run_sh '. ./pipeline'
	awk '$3 ~ /^(install|upgrade|remove|purge)$/ && $4 ~ /^[a-z0-9.+-]+:[a-z0-9]+$/ && !seen[$4, $6]++ {
		printf "{\"ts\":\"%sT%sZ\",\"action\":\"%s\",\"package\":\"%s\",\"version\":\"%s\"}\n", $1, $2, $3, $4, $6
	}' dpkg.log >expected
	assert_files_equal <(weir lake-cat packages | sort) <(sort expected)
	assert_equal "$(($(wc -l <expected) + $(wc -l <rejects.json)))" "$(awk '$3 != "status"' dpkg.log | wc -l)"
	jq -es 'all(.reason and .record > 0 and .data)' rejects.json >/dev/null
}

@test "README: the cleaning pipeline, on a log of packages" {
	cat >dpkg.log <<'EOF'
2025-06-30 23:59:59 startup archives unpack
2025-06-30 23:59:59 install jq:amd64 <none> 1.6-2.1
2025-06-30 23:59:59 status half-installed jq:amd64 1.6-2.1
2025-07-01 00:00:01 install libjq1:amd64 <none> 1.6-2.1
2025-07-01 00:00:02 configure jq:amd64 1.6-2.1 <none>
2025-07-01 00:00:03 status installed jq:amd64 1.6-2.1
2025-07-02 10:00:00 upgrade libudev1:amd64 252.36-1~deb12u1 252.38-1~deb12u1
2025-07-02 10:00:00 upgrade libudev1:amd64 252.36-1~deb12u1 252.38-1~deb12u1
2025-07-02 10:00:01 install Odd_Name:amd64 <none> 1
2025-07-03 00:00:00 purge jq:amd64 1.6-2.1 <none>
2025-07-03 00:00:00 conffile /etc/a keep
EOF
	clean_packages
	assert_status 1
	assert_equal "$(weir lake-cat packages | wc -l) $(wc -l <rejects.json)" '4 5'
	assert_equal "$(find packages -name 'part-*' -printf '%P\n' | cut -d / -f 1 | sort | uniq -c | xargs)" '1 month=2025-06 1 month=2025-07'
	assert_equal "$(jq -r .reason rejects.json | sort | uniq -c | sort -n | sed 's/^ *//')" "$(
		cat <<-'EOF'
			1 dedupe .package,.version within 1d
			1 match  .package ^[a-z0-9.+-]+:[a-z0-9]+$
			3 one-of .action install upgrade remove purge
		EOF
	)"
	[[ $stderr == *'clean: total: '*' 4 records, '* ]]
	# The line in README has the right form.
	jq -e 'keys == ["action", "package", "ts", "version"]' >/dev/null \
		< <(grep -o '{"ts":"[^`]*}' "$WEIR_ROOT/README.md")
}

@test "README: the cleaning pipeline, on an empty log, and on that of this machine" {
	: >dpkg.log
	run_sh '. ./pipeline'
	assert_status 0
	assert_equal "$(weir lake-cat packages 2>/dev/null | wc -l)" 0
	rm -rf packages
	cp /var/log/dpkg.log . || true
	[ ! -s dpkg.log ] || clean_packages
}

# bats test_tags=server
@test "README: the first pipeline, exactly once, from a topic of days; two of it share the topic" {
	sed -n '/^## Exactly once/,/^## /p' "$WEIR_ROOT/README.md" | sed -n '/^```sh/,/^```$/p' | sed '/^```/d' >first
	grep -q 'broker:9092 -g clicks .* clicks |$' first
	group=$(unique_group) topic=$(new_topic 2)
	sed -i "s/broker:9092 -g clicks/$WEIR_TEST_KAFKA -g $group --to end/; s/ clicks |/ $topic |/; s,/lake/clicks,lake," first
	for part in 1 2; do
		seq $((part * 1000)) $((part * 1000 + 999)) | jq -c '{id: ., ts: (1.77e9 + . * 600 | todate)}' >>rows
		tail -n 1000 rows | weir produce -b "$WEIR_TEST_KAFKA" "$topic"
		run_sh '. ./first & . ./first && wait $!'
		assert_status 0
		assert_files_equal <(weir lake-cat lake | sort) <(sort rows)
	done
	assert_equal "$(find lake -name 'part-*' -printf '%P\n' | cut -d / -f 1 | sort -u)" "$(jq -r '"dt=" + .ts[:10]' rows | sort -u)"
}

@test "README: its links lead to files, and it has every page of section 7" {
	links=$(grep -oE '\]\([^)]*\)' "$WEIR_ROOT/README.md" | tr -d '[]()')
	for link in $links; do [ -e "$WEIR_ROOT/$link" ]; done
	assert_equal "$(grep '\.7$' <<<"$links" | sort)" "$(cd "$WEIR_ROOT" && printf '%s\n' man/*.7 | sort)"
	assert_equal "$(grep -c '^```sh' "$WEIR_ROOT/README.md")" 4 # the two examples, how to begin, and with the package
}

@test "README: its table of programs is that of weir --help, each in the words of its manual" {
	local kind='' first rest
	while read -r first rest; do
		case $first in
		*:) kind=${first%s:} kind=${kind,} ;;
		*) printf '| %s | [`%s`](man/weir-%s.1) | %s |\n' "$kind" "$first" "$first" "$(sed -n 's/^\.Nd //p' "$WEIR_ROOT/man/weir-$first.1")" ;;
		esac
	done < <(weir --help | sed -n '/^Sources:/,/^Pages/p' | sed '$d') >expected
	assert_equal "$(wc -l <expected)" "$(weir --list | wc -l)"
	assert_files_equal <(sed -n '/^## The programs/,/^## /p' "$WEIR_ROOT/README.md" | grep '^| [a-z]* | \[') expected
}
