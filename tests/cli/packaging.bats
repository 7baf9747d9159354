#!/usr/bin/env bats
# What packages bring beside the programs: the manuals as a site, the units of systemd, and what a package says of itself.
# shellcheck disable=SC2153 # BUILD is of the run
bats_require_minimum_version 1.5.0
load ../lib/weir

setup_file() {
	export SITE=$BATS_FILE_TMPDIR/site
	"$WEIR_ROOT/packaging/site/make" "$BUILD/weir" "$SITE"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "each manual is a page, the index has all programs, pages and recipes" {
	local page
	for page in "$WEIR_ROOT"/man/*; do [ -s "$SITE/${page##*/}.html" ]; done
	weir --list >programs
	while read -r program; do grep -qF "href=\"weir-$program.1.html\"" "$SITE/index.html"; done <programs
	sed -n 's/^\.Ss //p' "$WEIR_ROOT/man/weir-cookbook.7" | sed 's/^\\&//' >recipes
	while read -r recipe; do grep -qF ">$recipe</a></li>" "$SITE/index.html"; done <recipes
}

@test "every link leads somewhere, also to its place in a page" {
	python3 - "$SITE" <<'EOF'
import glob, html, os, re, sys, urllib.parse
os.chdir(sys.argv[1])
text = {name: open(name).read() for name in glob.glob("*.html")}
places = {name: set(map(html.unescape, re.findall(r'\bid="([^"]*)"', t))) for name, t in text.items()}
count = 0
for name, t in text.items():
    for link in map(html.unescape, re.findall(r'\b(?:href|src)="([^"]*)"', t)):
        if re.match("https?:", link):
            continue
        page, _, place = link.partition("#")
        page = page or name
        assert os.path.exists(page), (name, link)
        assert not place or urllib.parse.unquote(place) in places.get(page, ()) or place in places[page], (name, link)
        count += 1
assert count > 500, count
EOF
}

@test "the search finds options, recipes and words of the text, best first" {
	cat "$SITE/words.js" "$SITE/search.js" - >run.js <<'EOF'
function first(query) { var s = search(words, query, 5)[0]; return s ? s[0] + '#' + s[2] : 'none'; }
['lake-put --commit-every', 'dead letters', 'no such word anywhere', '  ', 'tumbling session'].forEach(function (q) { print(first(q)); });
print(search(words, 'lake', 5).length, excerpt(Array(40).join('long ') + 'text', 'TEXT').length < 60);
EOF
	run_sh 'duk run.js'
	assert_status 0
	assert_equal "${lines[0]}" 'weir-lake-put.1.html#commit-every'
	assert_equal "${lines[1]}" 'weir-cookbook.7.html#Dead_letters'
	assert_equal "${lines[2]} ${lines[3]}" 'none none'
	[[ ${lines[4]} == weir-aggregate.1.html#* ]]
	assert_equal "${lines[5]}" '5 true'
}

@test "the package is built from what the build needs, and has this version" {
	local build
	build=$(sed -n '/^build=(/,/)$/p' "$WEIR_ROOT/tests/deps" | sed 's/^build=//' | tr -s '() \t\n' '\n' | grep -- '-dev$' | sort)
	assert_equal "$(sed -n '/^Build-Depends/,/^Standards/s/^ \([a-z0-9.-]*-dev\),*$/\1/p' "$WEIR_ROOT/packaging/debian/control" | sort)" \
		"$build"
	assert_equal "$(sed -n '1s/.*(\(.*\)).*/\1/p' "$WEIR_ROOT/packaging/debian/changelog")" \
		"$(weir --version | sed -n '1s/.* \([0-9.]*\)$/\1/p')"
}

@test "the units: nothing for systemd to complain of, and little that they may do" {
	local unit
	for unit in service timer; do
		sed "s,/usr/bin/weir,$BUILD/weir," "$WEIR_ROOT/packaging/weir@.$unit" >"weir@.$unit"
	done
	run_sh 'systemd-analyze verify --man=no ./weir@x.service ./weir@x.timer'
	assert_success
	assert_output ''
	run_sh 'systemd-analyze security --offline=yes --threshold=30 ./weir@.service >/dev/null'
	assert_success
}

@test "a program whose memory cannot be made executable, as under the unit, matches regular expressions" {
	cat >mdwe.py <<'EOF'
import ctypes, os, sys
assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0 # PR_SET_MDWE
os.execv(sys.argv[1], sys.argv[1:])
EOF
	run_sh "echo '{\"a\":\"fox\"}' | python3 mdwe.py $BUILD/bin/filter '.a =~ \"^f.x\"'"
	assert_success
	assert_output '{"a":"fox"}'
}

@test "the image has the libraries that programs are linked with, and the HEALTHCHECK of the manual" {
	only_plain 'sanitizers are libraries, too'
	local program file
	for program in "$BUILD"/weir "$BUILD"/bin/*; do
		objdump -p "$program" | sed -n 's/^ *NEEDED *//p' | grep -v '^ld-linux' | sort -u >needed
		ldd "$program" | grep -F -f needed | awk '{ print $3 }' >>files
	done
	# /lib is a link to /usr/lib, and packages may have either name
	sort -u files | while read -r file; do printf '%s\n' "$file" "${file#/usr}" "/usr$file" "$(realpath "$file")"; done |
		xargs dpkg -S 2>/dev/null | cut -d : -f 1 | sort -u | grep -v '^libc6$' >packages || :
	sed -n '/^FROM debian:12-slim$/,$s/.*no-install-recommends \(.*\) && rm .*/\1/p' "$WEIR_ROOT/packaging/Containerfile" | tr ' ' '\n' |
		grep -vxE 'bash|ca-certificates' | sort >listed
	assert_equal "$(<listed)" "$(<packages)"
	sed -n 's/^HEALTHCHECK CMD //p' "$WEIR_ROOT/packaging/Containerfile" >probe
	MANWIDTH=200 man -l "$WEIR_ROOT/man/weir-guarantees.7" 2>/dev/null | col -b | grep -A 1 'HEALTHCHECK CMD' | tr -d '\\\n' | tr -s ' ' | grep -qF "$(<probe)"
}

@test "the SBOM has each library that a program names, with its package and version, and is the same each time" {
	only_plain 'sanitizers are libraries, too'
	"$WEIR_ROOT/packaging/sbom" "${BUILD#"$WEIR_ROOT"/}" >one
	"$WEIR_ROOT/packaging/sbom" "${BUILD#"$WEIR_ROOT"/}" >two
	cmp one two
	jq -e '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and (.creationInfo.created | test("^[0-9T:-]+Z$"))' one
	# each reference leads to an element, and each element is named once
	jq -e '([.packages[].SPDXID] + [.SPDXID]) as $ids | ($ids | length) == ($ids | unique | length) and
		all(.relationships[]; (.spdxElementId | IN($ids[])) and (.relatedSpdxElement | IN($ids[])))' one
	jq -e 'all(.packages[]; .versionInfo != "" and .downloadLocation != null)' one
	sed -n '/^FROM debian:12-slim$/,$s/.*no-install-recommends \(.*\) && rm .*/\1/p' "$WEIR_ROOT/packaging/Containerfile" | tr ' ' '\n' |
		grep -vxE 'bash|ca-certificates' | sort >listed
	assert_equal "$(jq -r '.packages[1:][].name' one | grep -vx libc6 | sort)" "$(<listed)"
}

@test "make dist: the archive has the tree and nothing that is built, and its bytes depend on the commit alone" {
	make -s -C "$WEIR_ROOT" dist >/dev/null
	local archive
	archive=$(echo "$WEIR_ROOT"/build/weir-*.tar.gz)
	cp "$archive" first
	make -s -C "$WEIR_ROOT" dist >/dev/null
	cmp first "$archive"
	tar -tzf first >names
	for name in Makefile LICENSE README.md cmd/weir.c man/weir.1 completions/weir.bash packaging/debian/control; do
		grep -qE "^weir-[0-9.]+/$name$" names
	done
	run ! grep -qE '/build/|/\.git/' names
}

@test "doc/friendliness.md: 25 points, tests that exist, and the counts of the table" {
	python3 - "$WEIR_ROOT" <<'EOF'
import os, re, sys
root = sys.argv[1]
text = open(root + "/doc/friendliness.md").read()
rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
rank = {"-": 0, "~": 1, "+": 2}
points = [row for row in rows if len(row) == 9 and row[1] in rank]
assert len(points) == 25, len(points)
def count(better):
    return [str(sum(p[i] in rank and better(rank[p[1]], rank[p[i]]) for p in points)) for i in range(2, 8)]
told = {row[0]: row[1:] for row in rows if len(row) == 7}
assert told["ahead"] == count(lambda own, peer: own > peer), count(lambda own, peer: own > peer)
assert told["behind"] == count(lambda own, peer: own < peer), count(lambda own, peer: own < peer)
for name in re.findall(r"`(tests/cli/[^`]*)`", text):
    assert os.path.exists(os.path.join(root, name)), name
assert all(".bats" in p[8] for p in points if p[1] == "+"), points
EOF
}
