#!/usr/bin/env bats
# Topics of a real Kafka, each into a table of its own.
# bats file_tags=server,long
load ../lib/weir
load ../lib/lake
load ../lib/group

setup() {
	group_setup
	a=$(new_topic 3) b=$(new_topic 2)
}

load_both() { # load_both FROM TO: these numbers into a, and their negatives into b
	seq "$1" "$2" | weir produce "$a"
	seq "$1" "$2" | sed s/^/-/ | weir produce "$b"
}

# Each number from 1 to N is once in a's table, and each negative one in b's; where the group is agrees.
assert_both() { # assert_both N
	assert_files_equal <(weir lake-cat "lake/$a" | jq -r .value | sort -n) <(seq "$1")
	assert_files_equal <(weir lake-cat "lake/$b" | jq -r .value | sort -rn) <(seq "$1" | sed s/^/-/)
	assert_equal "$(weir lake-cat "lake/$a" | jq -r .topic | sort -u)" "$a"
	run_weir lag -g "$group" --max-lag 0 "$a" "$b"
	assert_status 0
	for topic in "$a" "$b"; do
		assert_equal "$(weir lake-cat --positions "lake/$topic" | cut -f 1 | sort -u)" "$topic"
		run_weir lake-check "lake/$topic"
		assert_status 0
	done
}

@test "each record once, over runs that are killed at any time" {
	load_both 1 3000
	local pipeline="weir consume -g $group --batch 50ms,40 --format json --to end $a $b |
		weir lake-put --commit-every 100ms 'lake/{.topic}'"
	for after in 0.5 0.7 0.9; do
		timeout -s KILL $after bash -c "$pipeline" || :
	done
	for _ in 1 2 3; do # a member that was killed while it joined has partitions until its session is over
		run_sh "$pipeline"
		assert_status 0
		! weir lag -g "$group" --max-lag 0 "$a" "$b" || break
	done
	find lake -name '*.json'
	assert_both 3000
}

@test "two pipelines of one group, and one of them ends and comes back during load" {
	member() { # member NAME: runs until its consume gets SIGTERM
		start_bg "$1" bash -c "exec 3>&-; weir consume -g $group --batch 200ms,500 --format json $a $b | weir lake-put --commit-every 500ms 'lake/{.topic}'"
	}
	member one
	member two
	for i in $(seq 6); do
		load_both $((i * 500 - 499)) $((i * 500))
		[ "$i" -ne 2 ] || kill -TERM "$(pgrep -x consume -g "$(<two.pid)")"
		[ "$i" -ne 4 ] || { wait_bg two 60 && member two; }
	done
	wait_for 60 lake_has "lake/$a" 3000
	wait_for 60 lake_has "lake/$b" 3000
	for name in one two; do
		kill -TERM "$(pgrep -x consume -g "$(<$name.pid)")"
		wait_bg $name 60
		assert_status 0
	done
	assert_both 3000
}

@test "a topic that came later is read from its beginning, for the tables know the group" {
	local topics="^$a"
	seq 5 | weir produce "$a"
	run_sh "weir consume -g $group --batch 1s --format json --from end --to end '$topics.*' | weir lake-put 'lake/{.topic}'"
	assert_status 0
	kadmin create "$a-later" 1
	seq 3 | weir produce "$a-later"
	run_sh "weir consume -g $group --batch 1s --format json --from end --to end '$topics.*' | weir lake-put 'lake/{.topic}'"
	assert_status 0
	assert_equal "$(weir lake-cat "lake/$a-later" | jq -r .value | tr '\n' ' ')" '1 2 3 '
	assert_equal "$(weir lake-cat "lake/$a" | wc -l)" 0
}
