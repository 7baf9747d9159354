# database.bash: the same tests for SQLite and PostgreSQL, as $kind says; loaded after weir.bash and postgres.bash.
# shellcheck shell=bash disable=SC2154 # kind is the test's, url new_database's

address() { # the URL of the database
	case $kind in
	postgres) echo "$url" ;;
	sqlite) echo sqlite:a.db ;;
	esac
}

run_sql() { # run_sql STATEMENT...
	local statement
	case $kind in
	postgres) sql "$@" ;;
	sqlite) for statement; do sqlite3 -cmd '.timeout 5000' a.db "$statement"; done ;;
	esac
}

new_table() { # new_table COLUMNS: the table t, without positions
	run_sql 'DROP TABLE IF EXISTS t' 'DROP TABLE IF EXISTS weir_positions' "CREATE TABLE t ($1)"
}

put() { # put OPTION... [FILE...]: into the table t
	weir db-put --table t "$@"
}

ends() { # ends STATUS COMMAND...
	run_logged "${@:2}"
	assert_status "$1"
}
