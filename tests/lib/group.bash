# group.bash: shared by tests of consumer groups that read topics of the shared broker; loaded after weir.bash.
# shellcheck shell=bash

# For setup: the broker of the run, the test's own directory, and $group, which no other test uses.
group_setup() {
	export WEIR_BROKERS=$WEIR_TEST_KAFKA
	cd "$BATS_TEST_TMPDIR" || return
	group=$(unique_group)
}

# The sum of the offsets that the group has committed.
group_committed() { # group_committed TOPIC
	weir lag -g "$group" --format json "$1" | jq -s 'map(.committed // 0) | add'
}

# The process of the program NAME in the pipeline that start_bg has started as JOB.
member() { # member JOB NAME
	pgrep -x "$2" -g "$(<"$1.pid")"
}

# --- conditions for wait_for -----------------------------------------------------------------------

has_committed() { # has_committed TOPIC SUM
	[ "$(group_committed "$1")" = "$2" ]
}

has_lines() { # has_lines FILE COUNT: or more
	[ "$(wc -l <"$1")" -ge "$2" ]
}

lake_has() { # lake_has DIR COUNT: this many records, or more
	[ "$(weir lake-cat "$1" 2>/dev/null | wc -l)" -ge "$2" ]
}
