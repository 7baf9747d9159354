# postgres.bash: databases of PostgreSQL for tests; loaded after weir.bash.
# shellcheck shell=bash

# Make a database of this test's own; $url is its URL.
new_database() {
	use_server postgres
	database=weir_${BATS_TEST_NUMBER}_$SRANDOM
	psql -qX "$WEIR_TEST_POSTGRES" -c "CREATE DATABASE $database"
	url=${WEIR_TEST_POSTGRES%/*}/$database
	export url
}

sql() { # sql STATEMENT...: rows as lines, columns separated by |
	local statement
	for statement; do
		psql -qAtX -v ON_ERROR_STOP=1 "$url" -c "$statement" || return
	done
}
