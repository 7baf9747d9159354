#!/usr/bin/env bats
# Configuration: files, profiles, the environment, and which of them counts.  Programs that need no server.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p home/.config/weir
	export HOME=$BATS_TEST_TMPDIR/home
	unset WEIR_CONFIG
	user=home/.config/weir/config
}

# What `weir split ARG...` makes of "A B", in one line: "A B" or, with --lower, "a b".
words() {
	echo 'A B' | weir "$@" | paste -sd ' '
}

@test "without a file nothing changes; a file sets defaults of options, the command line wins" {
	assert_equal "$(words split)" 'A B'
	printf '[split]\nlower = true\nseparators = B\n' >"$user"
	assert_equal "$(words split)" 'a '
	assert_equal "$(words split -d ' ')" 'a b'
	assert_equal "$(words split --separators ' ')" 'a b'
	printf '[wordcount]\nlower = true\n' >"$user" # of another program
	assert_equal "$(words split)" 'A B'
}

@test "the user's file is in XDG_CONFIG_HOME; WEIR_CONFIG is read instead; a relative XDG_CONFIG_HOME does not count" {
	printf '[split]\nlower = true\n' >"$user"
	assert_equal "$(words split)" 'a b'
	assert_equal "$(WEIR_CONFIG=/dev/null words split)" 'A B'
	mkdir -p xdg/weir
	assert_equal "$(XDG_CONFIG_HOME=$PWD/xdg words split)" 'A B'
	cp "$user" xdg/weir/config
	rm "$user"
	assert_equal "$(XDG_CONFIG_HOME=$PWD/xdg words split)" 'a b'
	assert_equal "$(XDG_CONFIG_HOME=xdg words split)" 'A B'
	assert_equal "$(WEIR_CONFIG=xdg/weir/config words split)" 'a b'
	mkfifo "$user" # nobody would ever write into it
	assert_equal "$(words split)" 'A B'
}

@test "a file that is named must be there; the user's file need not be readable" {
	WEIR_CONFIG=none run_weir split
	assert_status 78
	assert_stderr "weir split: cannot read 'none': No such file or directory"
	run_weir split --config none
	assert_status 78
	run_weir split --config home
	assert_status 78
	assert_stderr "weir split: cannot read 'home': Is a directory"
}

@test "the order: command line, -F, environment, profile, files" {
	printf '[split]\nlower = no\nmax-record = 1\n[p:split]\nlower = yes\n' >"$user"
	show() { weir split "$@" --show-config | cut -f 2,3 | paste -sd ' ' | tr '\t' '='; }
	assert_equal "$(show)" 'lower=no max-record=1'
	assert_equal "$(show --profile p)" 'lower=yes max-record=1'
	assert_equal "$(WEIR_PROFILE=p show)" 'lower=yes max-record=1'
	export WEIR_SPLIT_LOWER=off WEIR_SPLIT_MAX_RECORD=2
	assert_equal "$(show --profile p)" 'lower=off max-record=2'
	printf '[split]\nlower = 1\n[p:split]\nmax-record = 3\n' >given
	assert_equal "$(show --config given)" 'lower=1 max-record=2'
	assert_equal "$(show --config given --profile p)" 'lower=1 max-record=3'
	assert_equal "$(show --config given --profile p --lower)" 'max-record=3'
	printf '[split]\nlower = 0\n' >later
	assert_equal "$(show --config given --config later)" 'lower=0 max-record=2'
	assert_equal "$(WEIR_SPLIT_LOWER='' WEIR_SPLIT_MAX_RECORD='' show)" 'lower=no max-record=1'
}

@test "--show-config names the places" {
	printf '\n[split]\nlower = yes\n' >"$user"
	WEIR_SPLIT_MAX_RECORD=7 run_weir split --show-config
	assert_status 0
	assert_output "split	lower	yes	$PWD/$user:3
split	max-record	7	WEIR_SPLIT_MAX_RECORD"
}

@test "unknown keys and sections: file, line, and the nearest that there is" {
	refused() { # refused TEXT MESSAGE
		printf '%b' "$1" >conf
		run_weir split --config conf
		assert_status 78
		assert_stderr "weir split: conf:$2"
	}
	refused '[split]\nlowr = true\n' "2: there is no option 'lowr'; did you mean 'lower'?"
	refused '\n\n[splitt]\nlower = true\n' "4: there is no program or section 'splitt'; did you mean 'split'?"
	refused '[kafak]\na = b\n' "2: there is no program or section 'kafak'; did you mean 'kafka'?"
	refused '[store]\nAWS_REGIO = b\n' "2: there is no setting 'AWS_REGIO' of stores; did you mean 'AWS_REGION'?"
	refused '[weir]\nprofil = b\n' "2: there is no option 'profil' of all programs; did you mean 'profile'?"
	refused '[split]\nhelp = true\n' "2: there is no option 'help'"
	refused '[split]\nconfig = x\n' "2: there is no option 'config'"
	refused '[split]\nlower = ja\n' "2: option lower: 'ja' is not true or false"
	refused '[split]\nmax-record = x\n' "2: option max-record: 'x' is not a size such as 64M"
	refused '[split\n' "1: a section has the form [NAME] or [PROFILE:NAME]"
	refused 'geheim\n' "1: a setting has the form KEY=VALUE"
	WEIR_SPLIT_LOWER=ja run_weir split
	assert_status 78
	assert_stderr "weir split: WEIR_SPLIT_LOWER: option lower: 'ja' is not true or false"
	weir split --config conf --help >/dev/null # which helps whatever the file
}

@test "profiles: one that does not exist is an error; [weir] names the usual one" {
	printf '[weir]\nprofile = p\n[p:split]\nlower = true\n[q:split]\nmax-record = 9\n' >"$user"
	assert_equal "$(words split)" 'a b'
	assert_equal "$(words split --profile q)" 'A B'
	assert_equal "$(WEIR_PROFILE=q words split)" 'A B'
	run_weir split --profile pp
	assert_status 78
	assert_stderr "weir split: no configuration file has a profile 'pp'; did you mean 'p'?"
}

@test "commands that each and run start use the profile, too" {
	printf '[p:split]\nlower = true\n' >"$user"
	assert_equal "$(words each --profile p weir split)" 'a b'
	assert_equal "$(words --profile p run -c 'echo A B | weir split')" 'a b'
	assert_equal "$(words run -c 'echo A B | weir split')" 'A B'
}

@test "commands that each and run start read the files of -F, too, which stay stronger than the environment" {
	printf '[split]\nlower = true\nseparators = x\n' >conf
	export WEIR_SPLIT_SEPARATORS=y
	assert_equal "$(weir run -F conf -c 'echo AxB | weir split' | paste -sd ' ')" 'a b'
	assert_equal "$(echo AxB | weir each --config conf weir split | paste -sd ' ')" 'a b'
	mkdir elsewhere # the path is relative
	assert_equal "$(weir run -F conf -c 'cd elsewhere; echo AxB | weir split' | paste -sd ' ')" 'a b'
	printf '[split]\nseparators = z\n' >own # its own file is later
	assert_equal "$(weir run -F conf -c 'echo AzB | weir split --config own' | paste -sd ' ')" 'a b'
	printf '{"a":1,"b":2}\n' >in # the same file twice is read once: else a rule is there twice
	printf '[clean]\nrule = rename .a .c\n' >rules
	assert_equal "$(weir run -F rules -c 'weir clean --config rules in')" '{"c":1,"b":2}'
	run_weir run -F <(cat conf) -c 'weir split --show-config | cut -f 2' # a pipe cannot be read again
	assert_status 0
	assert_output separators
}

@test "misspelt variables: an option of the program that runs is an error, what is nearly another gets a warning" {
	WEIR_SPLIT_LOWR=true run_weir split </dev/null
	assert_status 78
	assert_stderr 'weir split: WEIR_SPLIT_LOWR names no option of split that can be set; did you mean WEIR_SPLIT_LOWER?'
	WEIR_SPLIT_QWERTY=true run_weir split </dev/null
	assert_status 78
	assert_stderr 'weir split: WEIR_SPLIT_QWERTY names no option of split that can be set'
	nearly() { # nearly VARIABLE RIGHT
		env "$1=warn" weir split </dev/null 2>err
		assert_equal "$(<err)" "weir split: $1 is not read; did you mean $2?"
	}
	nearly WEIR_SPILT_LOWER WEIR_SPLIT_LOWER
	nearly WEIR_PROFIL WEIR_PROFILE
	nearly WEIR_LOG_FORMT WEIR_LOG_FORMAT
	nearly WEIR_BROKER WEIR_BROKERS
	nearly WEIR_KAFAK_CLIENT_ID WEIR_KAFKA_…
	# of other programs, of Kubernetes, of the user, and an empty one
	WEIR_LAKE_PUT_MAX_RECORD=1 WEIR_MAP_LOWER=true WEIR_SPLIT_PORT=tcp://10.0.0.1:80 WEIR_SPLIT_SERVICE_HOST=10.0.0.1 \
		WEIR_SPLIT_PORT_80_TCP=tcp://10.0.0.1:80 WEIR_HOME=/x WEIR_KAFKA_CLIENT_IDD=x WEIR_SPLIT_LOWR='' run_weir split </dev/null
	assert_status 0
	assert_stderr ''
}

@test "options that are called key, or take a field of that name, are no secrets" {
	printf '[db-put]\nkey = token\n[produce]\nkey-from = .password\n[map]\nstatement = .secret = .key\n' >"$user"
	chmod 644 "$user"
	run_weir config --format json db-put produce map
	assert_status 0
	assert_stderr ''
	assert_equal "$(jq -r .value <<<"$output" | paste -sd ,)" 'token,.secret = .key,.password'
	run_weir split </dev/null
	assert_stderr ''
}

@test "the options of all programs may stand before the name of the program" {
	printf '[p:split]\nlower = true\n' >conf
	assert_equal "$(words --config conf --profile p split)" 'a b'
	assert_equal "$(words -F conf --profile=p split -d ' ')" 'a b'
	run_weir --profile p split --profile q
	assert_status 2
	assert_stderr_contains 'option --profile is given twice'
}

@test "values of an option that adds up are those of one place" {
	printf '{"a":1,"b":2}\n' >in
	printf '[clean]\nrule = rename .a .c\nrule = rename .b .d\n' >"$user"
	assert_equal "$(weir clean in)" '{"c":1,"d":2}'
	assert_equal "$(weir clean -e 'rename .a .e' in)" '{"e":1,"b":2}'
	assert_equal "$(WEIR_CLEAN_RULE='rename .b .f' weir clean in)" '{"a":1,"f":2}'
}

@test "Kafka: files, then the environment, then -F, then -b and -X" {
	printf 'bootstrap.servers = localhost:1\n[p:kafka]\nbootstrap.servers = localhost:2\n' >"$user"
	printf 'bootstrap.servers = localhost:4\n' >given
	tried() { # tried BROKER [ARG...]: that is the broker which is asked
		local broker=$1
		shift
		run_weir topics --timeout 100ms "$@"
		assert_status 75
		assert_stderr_contains "localhost:$broker"
	}
	tried 1
	tried 2 --profile p
	export WEIR_KAFKA_BOOTSTRAP_SERVERS=localhost:3
	tried 3 --profile p
	tried 4 -F given
	tried 5 -F given -b localhost:5
	printf '[kafka]\nclient.idd = x\n' >given
	run_weir topics -F given
	assert_status 78
	assert_stderr_contains 'given:2: No such configuration property: "client.idd"'
}

@test "stores take what they read from the environment from [store]; the environment wins, but not over -F" {
	printf '[store]\nAZURE_STORAGE_ACCOUNT = user\nAZURE_STORAGE_KEY = !\n' >"$user"
	chmod 600 "$user"
	run_weir lake-cat az://container/table
	assert_status 78
	assert_stderr_contains AZURE_STORAGE_KEY
	[[ $stderr != *!* ]]
}

@test "secrets: a file that others can read is named, values are not shown" {
	printf '[kafka]\nbootstrap.servers = localhost:1\nsasl.password = geheim\n' >"$user"
	chmod 644 "$user"
	run_weir split </dev/null
	assert_status 0
	assert_stderr "weir split: others can read '$PWD/$user', which has secrets (sasl.password): chmod o-r"
	chmod 640 "$user"
	run_weir split </dev/null
	assert_stderr ''
	printf '[topics]\nproperty = sasl.password=geheim\n' >"$user"
	run_weir topics --show-config
	assert_output "topics	property	***	$PWD/$user:2"
}

@test "weir config: what counts, of all programs, and where it is from" {
	cat >"$user" <<-END
		bootstrap.servers = kafka:9092
		sasl.password = geheim
		[weir]
		color = never
		[split]
		lower = yes
		[lake-put]
		commit-every = 10s
		[store]
		AWS_REGION = a
		[p:store]
		AWS_REGION = b
	END
	chmod 600 "$user"
	export WEIR_KAFKA_CLIENT_ID=me WEIR_LAKE_PUT_COMMIT_EVERY=20s
	run_weir config --format json --profile p
	assert_status 0
	assert_stderr ''
	assert_equal "$(jq -r '[.section, .key, .value, (.from | sub(".*/config"; "F"))] | join(" ")' <<<"$output")" "kafka bootstrap.servers kafka:9092 F:1
kafka sasl.password *** F:2
kafka client.id me WEIR_KAFKA_CLIENT_ID
store AWS_REGION b F:12
weir color never F:4
lake-put commit-every 20s WEIR_LAKE_PUT_COMMIT_EVERY
split lower yes F:6"
	WEIR_BROKERS=other:1 run_weir config kafka split
	assert_equal "$(tr -s ' ' <<<"$output" | cut -d ' ' -f 1-3)" "section key value
kafka bootstrap.servers other:1
kafka sasl.password ***
kafka client.id me
split lower yes"
	[[ $output != *geheim* ]]
}

@test "weir config: errors are those of the programs; a section that does not exist" {
	printf '[split]\nlowr = yes\n[lake-put]\ncommit-every = 10s\n' >"$user"
	run_weir config
	assert_status 78
	assert_stderr "weir config: split cannot print its settings: weir split: $PWD/$user:2: there is no option 'lowr'; did you mean 'lower'?"
	assert_equal "$(tail -n 1 <<<"$output" | cut -d ' ' -f 1)" lake-put
	WEIR_SPLIT_LOWR=1 WEIR_CONFIG=/dev/null run_weir config split # and those of variables
	assert_status 78
	assert_stderr_contains 'did you mean WEIR_SPLIT_LOWER?'
	run_weir config splitt
	assert_status 2
	assert_stderr_contains "there is no section 'splitt'"
}

@test "weir config: whatever is in a value or a message, and however long it is, all of it is read" {
	local long tab=$'a\tb\nc'
	long=$(head -c 200000 /dev/zero | tr '\0' x)
	printf '[split]\nseparators = %s\n' "$long" >"$user"
	assert_equal "$(weir config --format json split | jq -r .value | wc -c)" 200001
	WEIR_SPLIT_SEPARATORS=$tab WEIR_CONFIG=/dev/null run_weir config --format json split
	assert_equal "$(jq -c '[.value, .from]' <<<"$output")" '["a\\x09b\\x0ac","WEIR_SPLIT_SEPARATORS"]'
	# a program that says more than a pipe holds, and one that says nothing
	mkdir bin
	cp "$(weir --exec-path)/config" bin/config
	cat >bin/loud <<-'END'
		#!/bin/sh
		head -c 300000 /dev/zero | tr '\0' x >&2
		printf 'loud\tkey\tvalue\tplace\n'
	END
	printf '#!/bin/sh\nexit 78\n' >bin/mute
	chmod +x bin/loud bin/mute
	export WEIR_CONFIG=/dev/null
	run bin/config loud
	assert_equal "${lines[1]}" 'loud     key  value  place'
	run bin/config mute
	assert_equal "$status" 78
	[[ $output == *'mute cannot print its settings: it ended without a message'* ]]
}

@test "weir config: a program that does not answer is named after a second, and given up" {
	mkdir bin
	cp "$(weir --exec-path)/config" bin/config
	printf '#!/bin/sh\nexec sleep 60\n' >bin/deaf
	chmod +x bin/deaf
	run bin/config deaf
	assert_equal "$status" 75
	assert_equal "${lines[0]}" 'weir config: waiting for deaf to print its settings'
	assert_equal "${lines[1]}" 'weir config: deaf cannot print its settings: Connection timed out'
}
