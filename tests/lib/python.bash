# python.bash: where the Python of the tests is, a virtual environment in the cache with what requirements.txt lists.
#
# It is named after the contents of that list, so trees with different lists keep out of each other's way.
# shellcheck shell=bash

# Sets $python_home; its bin/ is the head of a test's PATH, so `python3` is this one.
python_locate() {
	local cache=${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-test} sum
	python_list=$(dirname "${BASH_SOURCE[0]}")/requirements.txt
	sum=$(cksum <"$python_list")
	python_home=$cache/python-${sum%% *}
}

# Make it, unless it is there and still works (the Python that it was made with may be gone).
python_install() {
	local lock
	python_locate
	[ ! -e "$python_home/done" ] || ! "$python_home/bin/python3" -c '' 2>/dev/null || return 0
	mkdir -p "${python_home%/*}"
	exec {lock}>"$python_home.lock"
	flock "$lock"
	if [ ! -e "$python_home/done" ] || ! "$python_home/bin/python3" -c '' 2>/dev/null; then
		printf 'deps: installing %s from PyPI\n' "$(grep -v '^#' "$python_list" | paste -sd ' ')" >&2
		rm -rf "$python_home"
		python3 -m venv "$python_home" &&
			"$python_home/bin/python3" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
				-r "$python_list" >&2 && : >"$python_home/done" || return 1
	fi
	exec {lock}>&-
}
