#!/usr/bin/env bats
# lake-check: --undo-head, for a table whose newest commit cannot be used.
load ../lib/weir
load ../lib/lake
load ../lib/lakecheck

setup() {
	lakecheck_setup
}

# The newest commit of a table of three batches (30 records) loses its file.
lose_newest_file() {
	marked 30 10 --commit-every 0s
	rm "$lake/$(jq -r 'select(.add) | .add.path' "$(entry 2)")"
	rm -f "$log/_last"
}

assert_everybody_refuses() { # assert_everybody_refuses TEXT
	local before
	before=$(lake_commits "$lake")
	run_weir lake-cat "$lake"
	assert_status 65
	for command in "lake-put $lake a" "lake-check --repair --clean $lake" "lake-check --set-position t:0=1 $lake"; do
		# shellcheck disable=SC2086
		run_weir $command
		[ "$status" = 65 ] || [ "$status" = 1 ] || { echo "$command: $status" >&2 && return 1; }
	done
	run_weir lake-put "$lake" a
	assert_status 65
	assert_stderr_contains "$1"
	[ "$(lake_commits "$lake")" = "$before" ]
}

@test "a file of the newest commit is gone: 65 everywhere, with files, rows and offsets; --undo-head takes it back" {
	lose_newest_file
	seq 3 >a
	assert_everybody_refuses "version 2 as a whole (1 file, 10 rows; topic 't', partition 0, offsets 20 to 29)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains 'is missing, though version 2 names it (--undo-head)'
	run_weir lake-check --undo-head --reason 'ticket 12' "$lake"
	assert_status 0
	assert_stderr "weir lake-check: version 2 is undone (1 file, 10 rows; topic 't', partition 0, offsets 20 to 29)
weir lake-check: topic 't', partition 0, group 'g': at 20"
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo | [.operation, .undoes, .reason]' "$(entry 3)")" \
		'["UNDO HEAD",[2,2],"ticket 12"]'
	assert_sound
	assert_equal "$(positions)" $'t\t0\t20\tg'
	assert_equal "$(weir lake-cat "$lake" | sort -n | tr '\n' ' ')" "$(seq -s ' ' 20) "
	weir lake-put "$lake" a
	assert_sound
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 23
}

@test "the pipeline, started again after --undo-head, stores the same records once more and each once" {
	lose_newest_file
	weir lake-check --undo-head "$lake" 2>/dev/null
	seq 30 | marker -n 10 -f -g g 2>/dev/null | weir lake-put "$lake"
	assert_sound
	assert_equal "$(weir lake-cat "$lake" | sort -n | tr '\n' ' ')" "$(seq -s ' ' 30) "
	assert_equal "$(positions)" $'t\t0\t30\tg'
}

@test "a newest entry that is cut off, empty or no JSON: --undo-head, once its files are moved away" {
	for damage in 'truncate -s 200' 'truncate -s 0' 'cp b' 'sed -i $d'; do
		rm -rf "$lake" moved
		mkdir moved
		marked 30 10 --commit-every 0s
		seq 3 >a && seq 4 >b
		file=$lake/$(jq -r 'select(.add) | .add.path' "$(entry 2)")
		$damage "$(entry 2)"
		assert_everybody_refuses 'is damaged'
		run_weir lake-check --undo-head "$lake"
		assert_status 65
		assert_stderr_contains 'may belong to the damaged entry: move it out of the table first'
		mv "$file" moved
		run_weir lake-check --undo-head "$lake"
		assert_status 0
		assert_stderr_contains 'version 2 is undone (damaged)'
		assert_sound
		assert_equal "$(positions)" $'t\t0\t20\tg'
		rm -f "$log/_last"
		assert_equal "$(weir lake-cat "$lake" | sort -n | tr '\n' ' ')" "$(seq -s ' ' 20) "
		printf '{"version":2,"published":true}\n' >"$log/_last" # a hint to the damaged one
		weir lake-put "$lake" a
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 23
		assert_sound
	done
}

@test "--undo-head: the entry that undoes is damaged itself" {
	lose_newest_file
	weir lake-check --undo-head "$lake" 2>/dev/null
	truncate -s 100 "$(entry 3)"
	run_weir lake-cat "$lake"
	assert_status 65
	weir lake-check --undo-head "$lake" 2>/dev/null
	assert_equal "$(jq -c 'select(.commitInfo) | .commitInfo.undoes' "$(entry 4)")" '[2,3]'
	assert_sound
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 20
}

@test "--undo-head: the first commit of all, and its --id" {
	seq 5 >a
	weir lake-put --id one --partition-by d=%Y --time now "$lake" a
	rm "$lake"/d=*/part-*
	run_weir lake-put --id one --partition-by d=%Y --time now "$lake" a
	assert_status 65
	weir lake-check --undo-head "$lake" 2>/dev/null
	assert_sound
	run_weir lake-put --id one "$lake" a # the table keeps its columns
	assert_status 78
	weir lake-put --id one --partition-by d=%Y --time now "$lake" a
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 5
	assert_sound
}

@test "--undo-head: what it refuses" {
	marked 30 10 --commit-every 0s
	run_weir lake-check --undo-head "$lake"
	assert_status 1
	assert_stderr "weir lake-check: version 2 of the log of '$lake' is whole: there is nothing to undo"
	for bad in --repair --clean --quick '-b x:1' '--set-position t:0=1' '-g g'; do
		# shellcheck disable=SC2086
		run_weir lake-check --undo-head $bad "$lake"
		assert_status 2
	done
	run_weir lake-check --undo-head "$BATS_TEST_TMPDIR/none"
	assert_status 78
	[ ! -e none ]
	truncate -s 10 "$(entry 1)" # not the newest
	rm "$log/_last"
	run_weir lake-check --undo-head "$lake"
	assert_status 65
	assert_stderr_contains 'version 1 of the log'
	assert_stderr_contains 'is not the newest: version 2 would be lost'
	rm "$(entry 2)" "$(entry 1)"
	truncate -s 10 "$(entry 0)"
	run_weir lake-check --undo-head "$lake"
	assert_status 65
	assert_stderr_contains 'before version 0 can be read'
}

@test "--undo-head: a commit of several files of which one is published, or all can be" {
	day_lines 1 30 >days
	weir lake-put "${by_day[@]}" "$lake" days
	seq 3 >a
	day_lines 31 60 >days
	weir lake-put "${by_day[@]}" "$lake" days
	mapfile -t paths < <(jq -r 'select(.add) | .add.path' "$(entry 1)")
	rm "$lake/${paths[0]}" "$log/_last"
	run_weir lake-check --undo-head "$lake"
	assert_status 65
	assert_stderr_contains "of version 1 is published: move it out of the table first"
	# As after a kill between commit and publishing: two are staged, one is gone.
	for path in "${paths[@]:1}"; do
		tag=$(jq -r --arg p "$path" 'select(.add.path == $p) | .add.tags["weir.stage"]' "$(entry 1)")
		mv "$lake/$path" "$lake/$tag"
	done
	weir lake-check --undo-head "$lake" 2>/dev/null
	assert_sound
	assert_equal "$(lake_hidden "$lake")" ''
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 30
}

@test "--undo-head beside a writer: one of them wins, and nobody loses a row" {
	lose_newest_file
	weir lake-check --undo-head "$lake" 2>a.err &
	weir lake-check --undo-head "$lake" 2>b.err &
	wait -n || true
	wait -n || true
	assert_sound
	[ "$(lake_commits "$lake")" = 4 ]
	assert_equal "$(positions)" $'t\t0\t20\tg'
}

@test "a copy of an old entry under the next number, or a few ahead, is not a commit (65), and can be undone" {
	seq 3 >a
	marked 30 10 --commit-every 0s
	cp "$(entry 1)" "$(entry 3)"
	assert_everybody_refuses 'version 3 of the log'
	assert_everybody_refuses 'does not follow those before it'
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains 'does not follow the entries before it'
	weir lake-check --undo-head "$lake" 2>/dev/null
	assert_sound
	assert_equal "$(positions)" $'t\t0\t30\tg'
	cp "$(entry 0)" "$(entry 6)" # the writer that reaches it notices that, and its own commit is published
	rm -f "$log/_last"
	run_weir lake-cat "$lake"
	assert_status 65
	printf '{"version":4,"published":true}\n' >"$log/_last"
	run_weir lake-put "$lake" a
	[ "$status" != 0 ]
	assert_stderr_contains 'version 6'
	rm "$(entry 6)"
	weir lake-put --id again "$lake" a
	assert_sound
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 36
}

@test "a copy of an entry that undoes undoes nothing" {
	lose_newest_file
	weir lake-check --undo-head "$lake" 2>/dev/null
	seq 3 >a
	weir lake-put "$lake" a
	cp "$(entry 3)" "$(entry 5)"
	run_weir lake-check "$lake"
	assert_status 1
	assert_output_contains 'does not follow the entries before it'
	run_weir lake-cat "$lake"
	assert_status 65
}

@test "an id of a clock that was not set counts from the next commit on" {
	seq 3 >a
	weir lake-put --id early "$lake" a
	edit 0 'if .commitInfo then .commitInfo.weir.ids.early = 1000 else . end'
	seq 4 >b
	weir lake-put --id later "$lake" b
	run_weir lake-put --id early "$lake" a
	assert_status 0
	assert_equal "$(weir lake-cat "$lake" | wc -l)" 7
}

@test "a newest entry that somebody has overwritten with an old one is not gone on from, hint or not" {
	seq 3 >a
	for old in 0 1; do
		for hint in kept gone; do
			rm -rf "$lake" moved
			marked 30 10 --commit-every 0s
			file=$lake/$(jq -r 'select(.add) | .add.path' "$(entry 2)")
			cp "$(entry $old)" "$(entry 2)"
			[ $hint = kept ] || rm "$log/_last"
			assert_everybody_refuses 'does not follow those before it'
			run_weir lake-cat --positions "$lake" # they would be those of an old commit
			assert_status 65
			mkdir moved
			mv "$file" moved/
			weir lake-check --undo-head "$lake" 2>/dev/null
			assert_sound
			assert_equal "$(positions)" $'t\t0\t20\tg'
		done
	done
	cp "$(entry 0)" "$(entry 1)" # and the one before the newest
	run_weir lake-put "$lake" a
	assert_status 65
	rm "$(entry 1)"
	run_weir lake-put "$lake" a
	assert_status 65
}

@test "a state that this weir does not know is not a state: another version, other types; it can be undone" {
	seq 3 >a
	for change in '.v = 3' '.v = "1"' '.delim = "cr"' '.delim = 10' '.columns = {}' '.columns = [1]' '.table = 7' \
		'.positions = []' '.ids = "x"' '.parts = 3' '.after = null'; do
		rm -rf "$lake" moved
		marked 30 10 --commit-every 0s
		file=$lake/$(jq -r 'select(.add) | .add.path' "$(entry 2)")
		edit 2 "if .commitInfo then .commitInfo.weir |= ($change) else . end"
		assert_everybody_refuses 'is damaged (line 1: '
		mkdir moved
		mv "$file" moved/
		weir lake-check --undo-head "$lake" 2>/dev/null
		assert_sound
		assert_equal "$(positions)" $'t\t0\t20\tg'
	done
	edit 3 'if .commitInfo then .commitInfo.weir = [] else . end'
	run_weir lake-put "$lake" a
	assert_status 65
}

@test "a file of the newest commit that was cut, or is something else: what lake-put says can be done" {
	seq 3 >a
	for damage in 'truncate -s 5' 'truncate -s +5' 'ln -sfn /etc/hostname' 'rm' dir fifo; do
		rm -rf "$lake" moved
		marked 30 10 --commit-every 0s
		file=$lake/$(jq -r 'select(.add) | .add.path' "$(entry 2)")
		case $damage in
		dir) rm "$file" && mkdir "$file" ;;
		fifo) rm "$file" && mkfifo "$file" ;;
		*) $damage "$file" ;;
		esac
		assert_everybody_refuses 'see --undo-head'
		[ "$(grep -o "$file" <<<"$stderr" | wc -l)" = 1 ] # it is reported once
		run_weir lake-check --undo-head "$lake"
		if [[ $damage = truncate* ]]; then
			assert_status 65
			assert_stderr_contains 'move it out of the table first'
			mkdir moved
			mv "$file" moved/
			weir lake-check --undo-head "$lake" 2>/dev/null
		else
			assert_status 0
		fi
		rm -rf "$file"
		assert_sound
		assert_equal "$(positions)" $'t\t0\t20\tg'
	done
}

@test "--undo-head takes for gone nothing that it cannot look at" {
	as=()
	[ "$(id -u)" != 0 ] || as=(setpriv --reuid 65534 --clear-groups) # root may read everything
	day_lines 1 5 >days
	cp "$WEIR_EXEC_PATH/lake-check" . # which may lie where only root gets to
	weir lake-put "${by_day[@]}" "$lake" days
	edit 0 'if .add then del(.add.tags) else . end' # files of another program have no stage that could not be removed
	chmod -R a+rwX "$lake" && chmod a+rx .
	file=$(jq -r 'select(.add) | .add.path' "$(entry 0)" | head -1)
	chmod 0 "$lake/${file%/*}"
	run_logged ${as[@]+"${as[@]}"} ./lake-check --undo-head lake
	assert_status 78
	assert_stderr_contains "cannot look at 'lake/$file': Permission denied"
	[ "$(lake_commits "$lake")" = 1 ]
	chmod 755 "$lake/${file%/*}"
	assert_sound
}
