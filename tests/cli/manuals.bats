# weir(1) names every program, in the words of its own manual; weir(7) shows nothing that does not run.
# bats file_tags=server
load ../lib/weir

@test "weir(1) lists the programs, in order, each as its own manual does" {
	local program
	for program in $(weir --list); do
		printf '.It Xr weir-%s 1\n' "$program"
		sed -n 's/^\.Nd //p' "$WEIR_ROOT/man/weir-$program.1"
	done >"$BATS_TEST_TMPDIR/expected"
	grep -A1 '^\.It Xr ' "$WEIR_ROOT/man/weir.1" | grep -v '^--$' >"$BATS_TEST_TMPDIR/seen"
	assert_files_equal "$BATS_TEST_TMPDIR/seen" "$BATS_TEST_TMPDIR/expected"
}

@test "the examples of weir(7) run, one after the other, as they stand" {
	local example topic partitions number=0
	start_kafka
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR"
	kadmin create first 1 # and the broker's own topic for groups, which may take it more than a second
	weir consume -g first --to end first 2>/dev/null
	while IFS= read -r -d '' example; do
		if [[ $example == 'weir mock-broker'* ]]; then # the real one has these topics instead
			while IFS=: read -r topic partitions; do
				kadmin create "$topic" "$partitions"
			done < <(grep -oE -- '--topic [a-z]+:[0-9]+' <<<"$example" | cut -d ' ' -f 2)
			continue
		fi
		run_sh "$example"
		assert_success
		number=$((number + 1))
		printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/output-$number"
	done < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/p' "$WEIR_ROOT/man/weir.7" |
		awk '/^\.Ed/ { printf "%c", 0; on = 0 } on { gsub(/\\e/, "\\"); print } /^\.Bd/ { on = 1 }')
	[ "$number" -ge 8 ]
	# some of them do what the text says
	grep -qE '^[0-9]+	the$' "$BATS_TEST_TMPDIR/output-2"
	assert_equal "$(weir consume --to end orders | wc -l)" 1000
	assert_equal "$(cat lake/orders/dt=*/*.zst | zstd -dc | jq -s length)" 1000
	assert_files_equal <(cat lake/words/dt=*/*.zst | zstd -dc | sort) <(weir consume --to end words | sort)
	assert_files_equal <(weir consume --format json --to end copy | jq -c '[.timestamp, .value]' | sort) \
		<(weir consume --format json --to end orders | jq -c '[.timestamp, .value]' | sort)
}

@test "headings are shown as they are written: no word of theirs is taken for a macro" {
	local page
	for page in "$WEIR_ROOT"/man/*.[157]; do
		assert_files_equal <(mandoc -T utf8 -O width=200 "$page" | col -bx | sed -nE 's/^(   )?([^ ].*)$/\2/p' | sed '1d; $d') \
			<(sed -nE 's/^\.S[hs] //p' "$page" | sed 's/\\&//g; s/"//g')
	done
}

# Terminals of 80 columns cut or wrap what is longer: then the example on the screen is not the one that was tested.
@test "no line of a manual is longer than 80 columns, and no command of an example is filled" {
	local page
	for page in "$WEIR_ROOT"/man/*; do
		mandoc -T utf8 -O width=80 "$page" | col -bx | grep -E '.{81}' | sed "s,^,${page##*/}:," || :
		# .Dl fills its text, so longer examples must be in a literal display
		awk -v page="${page##*/}" '/^\.Dl / {
			text = substr($0, 5)
			gsub(/\\\(..|\\./, "x", text)
			if (length(text) > 66) print page ": " $0
		}' "$page"
	done >"$BATS_TEST_TMPDIR/long"
	assert_files_equal "$BATS_TEST_TMPDIR/long" /dev/null
}

@test "quotes are closed before others open, none is empty, no word becomes an option, and no list has columns that do not fit" {
	local page
	for page in "$WEIR_ROOT"/man/*; do
		# shellcheck disable=SC1112 # these quotes are what is looked for
		mandoc -T utf8 -O width=80 "$page" | col -bx | grep -nE '‘’|‘[^’]*‘|“[^”]*“| -(is|are|was|and|or|given)\b' | sed "s,^,${page##*/}:,"
		# mandoc breaks the line where a cell is wider than its column, groff prints into the next one
		mandoc -T utf8 -O width=80 "$page" | col -bx | grep -nE '^ {30,}[a-z]' | grep -f <(
			awk '/^\.Bl -column/ { on = 1 } /^\.El/ { on = 0 }
				on && /^\.It/ { n = split($0, cell, " Ta "); if (n > 2) print "^[0-9]*: *" substr(cell[n], 1, 12) }' "$page"
		) | sed "s,^,${page##*/}:," || :
	done >"$BATS_TEST_TMPDIR/wrong"
	assert_files_equal "$BATS_TEST_TMPDIR/wrong" /dev/null
}
