#!/usr/bin/env bats
# Tables in S3: what lake-check does beside checking: --repair, --clean, --undo-head, --set-position, -b.
# bats file_tags=server,s3
# shellcheck disable=SC2154,SC2030,SC2031 # stderr comes from the helpers; each server in a subshell of its own
load ../lib/weir
load ../lib/stores

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	only_plain 'kill points'
	killed=$BUILD/kill/bin/lake-put
}

# The table gets the batches of `seq COUNT`, 10 records each; lake-put is killed at POINT, the PASSAGE-th time.
killed_at() { # killed_at POINT PASSAGE COUNT
	seq "$3" | "$BUILD/servers/marker" -n 10 -g g 2>/dev/null |
		run env WEIR_KILL_AT="$1:$2" "$killed" --commit-every 0s "$lake"
}

stages() {
	s3 ls "$bucket" lake/t/_weir_stage/ | cut -f 2
}

positions() {
	weir lake-cat --positions "$lake"
}

@test "s3: --repair publishes what a killed writer has committed" {
	repair() {
		killed_at committed 3 30
		[ "$(stages | wc -l)" = 1 ]
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 30
		weir lake-check --repair "$lake"
		assert_equal "$(stages)" ''
		assert_equal "$(weir lake-check "$lake")" ''
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 30
	}
	on_each_s3 repair
}

@test "s3: --clean removes what a killed writer has staged, by its age, and nothing that the head names" {
	clean() {
		killed_at staged 3 30
		[ "$(stages | wc -l)" = 1 ]
		run_weir lake-check --clean "$lake"
		assert_status 0
		[ "$(stages | wc -l)" = 1 ]
		sleep 1.1 # the server's clock has whole seconds
		run_weir lake-check --clean --older-than 0s "$lake"
		assert_status 0
		assert_stderr_contains "_weir_stage/"
		assert_equal "$(stages)" ''
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 20
		killed_at committed 1 30
		[ "$(stages | wc -l)" = 1 ]
		sleep 1.1
		run_weir lake-check --clean --older-than 0s "$lake"
		assert_output_contains '--repair'
		assert_equal "$(weir lake-cat "$lake" | wc -l)" 30
		weir lake-check --repair "$lake"
		assert_equal "$(weir lake-check "$lake")" ''
	}
	on_each_s3 clean
}

@test "s3: a Delta table: --clean removes what a killed writer has put in place, by its age" {
	clean_delta() {
		echo '{"n":1}' >in
		weir lake-put --table delta --schema 'n bigint' "$lake" in
		run env WEIR_KILL_AT=files-there "$killed" --table delta "$lake" in
		[ "$(s3 ls "$bucket" lake/t/part- | wc -l)" = 2 ]
		run_weir lake-check --clean "$lake" # it is young
		assert_status 0
		[ "$(s3 ls "$bucket" lake/t/part- | wc -l)" = 2 ]
		sleep 1.1 # the server's clock has whole seconds
		run_weir lake-check --clean --older-than 0s "$lake"
		assert_status 0
		assert_stderr_contains "removed 'part-"
		[ "$(s3 ls "$bucket" lake/t/part- | wc -l)" = 1 ]
		assert_equal "$(weir lake-check "$lake")" ''
	}
	on_each_s3 clean_delta
}

@test "s3: --undo-head takes back a commit whose stage is gone, and no other" {
	undo() {
		killed_at committed 3 30
		s3 rm "$bucket" "$(stages)"
		for program in 'lake-put' 'lake-cat' 'lake-check --set-position t:0=1'; do
			# shellcheck disable=SC2086 # words
			run_weir $program "$lake" <<<1
			assert_status 65
		done
		run_weir lake-check "$lake"
		assert_status 1
		assert_output_contains '--undo-head'
		run_weir lake-check --undo-head --reason 'ticket 12' "$lake"
		assert_status 0
		assert_stderr_contains "version 2 is undone (1 file, 10 rows; topic 't', partition 0, offsets 20 to 29)"
		assert_equal "$(positions)" $'t\t0\t20\tg'
		assert_equal "$(weir lake-check "$lake")" ''
		run_weir lake-check --undo-head "$lake"
		assert_status 1
		seq 30 | "$BUILD/servers/marker" -n 10 -g g 2>/dev/null | weir lake-put "$lake"
		assert_equal "$(weir lake-cat "$lake" | sort -n)" "$(seq 30)"
		assert_equal "$(weir lake-check "$lake")" ''
	}
	on_each_s3 undo
}

@test "s3: --undo-head refuses what readers may have seen" {
	seen() {
		seq 5 | "$BUILD/servers/marker" -n 5 -g g 2>/dev/null | weir lake-put --partition-by m=%S --time s@1 "$lake"
		s3 rm "$bucket" "$(s3 ls "$bucket" lake/t/m=03/ | cut -f 2)"
		run_weir lake-check --undo-head "$lake"
		assert_status 65
		assert_stderr_contains 'm=0'
		[ "$(s3 ls "$bucket" lake/t/m= | wc -l)" = 4 ]
	}
	on_each_s3 seen
}

@test "s3: --set-position and --rename-group are commits like any other" {
	move() {
		seq 30 | "$BUILD/servers/marker" -n 10 -g g 2>/dev/null | weir lake-put "$lake"
		weir lake-check --set-position t:0=10 "$lake"
		assert_equal "$(positions)" $'t\t0\t10\tg'
		weir lake-check --rename-group g h "$lake"
		assert_equal "$(positions)" $'t\t0\t10\th'
		run_weir lake-check --set-position t:0=10 --timeout 1500ms --endpoint http://127.0.0.1:9 "$lake"
		assert_status 75
		assert_equal "$(s3 ls "$bucket" lake/t/_weir_log/0 | wc -l)" 3
	}
	on_each_s3 move
}

@test "s3: -b compares the table with its topic" {
	compare() {
		local topic
		topic=$(new_topic 2)
		seq 200 | kcat -P -b "$WEIR_TEST_KAFKA" -t "$topic"
		weir consume -b "$WEIR_TEST_KAFKA" -g "g-$topic" --batch 1s --to end "$topic" | weir lake-put "$lake"
		assert_equal "$(weir lake-check -b "$WEIR_TEST_KAFKA" "$lake")" ''
		weir lake-check --set-position "$topic:0=1000" "$lake"
		run_weir lake-check -b "$WEIR_TEST_KAFKA" "$lake"
		assert_status 1
		assert_output_contains "$topic"
	}
	use_server kafka
	on_each_s3 compare
}
