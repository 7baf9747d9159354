# Where the keys for S3 come from (common/lake/aws_creds.h): each place, their order, renewal, and each kind of failure.
# tests/servers/awskeys asks for them, and tests/servers/metadata.py replaces the services of AWS; no test contacts a
# real one.
load ../lib/weir

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export HOME=$PWD AWS_EC2_METADATA_DISABLED=true
	mkdir .aws
	role=arn:aws:iam::123456789012:role/a-role
}

serve_keys() { # serve_keys [CERTIFICATE KEY]: sets $url
	start_bg service python3 "$WEIR_ROOT/tests/servers/metadata.py" "$PWD" "$@"
	wait_for 30 [ -e port ]
	url=http://127.0.0.1:$(<port)
}

# awskeys answers each word except `later+SECONDS` with a line. The keys given here have secrets such as SECRET/1, which
# must not appear in messages.
ask() { # ask WORD...
	run_sh "printf '%s\n' $* | tr + ' ' | '$BUILD/servers/awskeys' trace"
	[ "$status" = 0 ]
	[[ ! $output$stderr =~ (^|[^_])SECRET($|[^/]) ]]
}

# The same step by step: say WORD..., then close the descriptor 5 and `wait_bg asker`.
start_asking() {
	mkfifo words
	exec 5<>words
	start_bg asker "$BUILD/servers/awskeys" <words 5>&-
}

answers() { # answers TEXT WORD...: what awskeys answers, and nothing on standard error
	local want=$1
	shift
	ask "$@"
	assert_success && assert_output "$want"
}

in_instance() { # the metadata service of an instance is there
	unset AWS_EC2_METADATA_DISABLED
	export AWS_EC2_METADATA_SERVICE_ENDPOINT=$url
}

in_container() {
	export AWS_CONTAINER_CREDENTIALS_FULL_URI=$url/container
}

with_identity() { # a web identity, in the environment
	printf %s "an.identity.SECRET" >identity
	export AWS_WEB_IDENTITY_TOKEN_FILE=$PWD/identity AWS_ROLE_ARN=$role AWS_ENDPOINT_URL_STS=$url
}

prints() { # prints JSON...: a credential_process that prints it
	printf '[default]\ncredential_process = cat "%s"\n' "$PWD/printed" >.aws/config
	printf '%s' "$@" >printed
}

@test "nothing anywhere: the message lists where was looked" {
	answers "EACCES there are no keys to sign with: AWS_ACCESS_KEY_ID (not set); AWS_WEB_IDENTITY_TOKEN_FILE (not set); '$HOME/.aws/credentials' (No such file or directory); '$HOME/.aws/config' (No such file or directory); AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, _FULL_URI (not set); the instance's metadata service (AWS_EC2_METADATA_DISABLED)" get
	printf '[other]\n' >.aws/credentials
	printf '[default]\nregion = x\n' >.aws/config
	ask get
	assert_output_contains "'$HOME/.aws/credentials' (no profile 'default'); '$HOME/.aws/config' (no keys in the profile 'default')"
}

@test "the environment: with and without a token, half of it, and what cannot be a key" {
	export AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=S/1
	answers 'AKID S/1 -' get
	AWS_SESSION_TOKEN=T answers $'AKID S/1 T\nAKID S/1 T' get renew
	AWS_SESSION_TOKEN=$'T\n' answers 'EINVAL the keys of the environment (AWS_ACCESS_KEY_ID …) cannot be used: the session token has a control character' get
	unset AWS_SECRET_ACCESS_KEY
	answers 'EINVAL AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not' get
}

@test "the order: environment, web identity, profile, container, instance" {
	serve_keys
	in_instance
	answers 'AKID-instance-1 SECRET/1 TOKEN+1==' get
	in_container
	answers 'AKID-container-2 SECRET/2 TOKEN+2==' get
	printf '[default]\naws_access_key_id = C\naws_secret_access_key = s\n' >.aws/config
	answers 'C s -' get
	printf 'credential_process = cat %s\n' "$PWD/printed" >>.aws/config
	printf '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","SessionToken":"t"}' >printed
	answers 'P s t' get
	printf '[default]\naws_access_key_id = F\naws_secret_access_key = s\naws_session_token = u\n' >.aws/credentials
	answers 'F s u' get
	with_identity
	answers 'AKID-sts-3 SECRET/3 TOKEN+3==' get
	AWS_ACCESS_KEY_ID=E AWS_SECRET_ACCESS_KEY=s answers 'E s -' get
}

@test "a place that is configured and fails ends the search" {
	serve_keys
	in_instance
	in_container
	printf 'close\n' >authorization
	ask get
	[[ $output == 'EACCES the container'\''s service has no keys: GET '* ]]
	prints '{}'
	ask get
	[[ $output == 'EINVAL '* ]]
	AWS_ACCESS_KEY_ID=E ask get
	[[ $output == 'EINVAL '* ]]
	run ! grep -q latest log # the instance was not asked
}

@test "profiles: named, missing, with half a key, and in ways that are not built" {
	printf '[a]\naws_access_key_id = A\naws_secret_access_key = s\n[half]\naws_access_key_id = H\n' >.aws/credentials
	AWS_PROFILE=a answers 'A s -' get
	AWS_PROFILE=b answers "EINVAL AWS_PROFILE names 'b', and there is no such profile: '$HOME/.aws/credentials' (no profile 'b'), '$HOME/.aws/config' (No such file or directory)" get
	AWS_PROFILE=half answers "EINVAL the profile 'half' in '$HOME/.aws/credentials' has aws_access_key_id, but no aws_secret_access_key" get
	printf '[half]\naws_secret_access_key = SECRET\n' >.aws/credentials
	AWS_PROFILE=half answers "EINVAL the profile 'half' in '$HOME/.aws/credentials' has aws_secret_access_key, but no aws_access_key_id" get
	printf '[profile r]\nrole_arn = x\nsource_profile = a\n[profile s]\nsso_session = x\n' >.aws/config
	AWS_PROFILE=r answers "EINVAL the profile 'r' gets its keys by source_profile, which only the AWS tools can; let credential_process of another profile ask them: aws configure export-credentials --profile r" get
	AWS_PROFILE=s ask get
	[[ $output == "EINVAL the profile 's' gets its keys by sso_session, "* ]]
	mkfifo fifo
	AWS_SHARED_CREDENTIALS_FILE=fifo answers "EINVAL 'fifo' is not a regular file" get
	printf '[default]\nSECRET\n' >.aws/config
	answers "EINVAL '$HOME/.aws/config', line 2: it is neither [section] nor 'name = value'" get
}

@test "credential_process: what it prints, its standard error and its exit status" {
	local keys='"Version":1,"AccessKeyId":"P","SecretAccessKey":"SECRET/1"'
	prints "{$keys}"
	answers 'P SECRET/1 -' get
	local it="EINVAL credential_process of the profile 'default' does not print keys:"
	prints "SECRET"
	answers "$it it is not a JSON object" get
	prints '{"AccessKeyId":"P","SecretAccessKey":"SECRET"}'
	answers "$it Version is missing" get
	prints '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"SECRET\n"}'
	answers "$it the secret access key has a control character" get
	prints "{$keys,\"Expiration\":\"2020-01-01T00:00:00Z\"}"
	answers "EINVAL the keys that credential_process of the profile 'default' gives have expired, at 2020-01-01T00:00:00Z by this machine's clock" get
	printf '[default]\ncredential_process = echo why >&2; exit 3\n' >.aws/config
	ask get
	assert_output "EACCES credential_process of the profile 'default' ended with exit status 3"
	assert_stderr why
	printf '[default]\ncredential_process = cat /dev/zero\n' >.aws/config
	answers "EMSGSIZE credential_process of the profile 'default' prints more than 64 KiB" get
}

@test "credential_process: a message after a second; a signal ends the wait" {
	printf '[default]\ncredential_process = exec sleep 100\n' >.aws/config
	start_bg asker "$BUILD/servers/awskeys" <<<get
	wait_for 30 grep -q . asker.err
	stop_bg asker
	assert_output "EINTR cannot wait for credential_process of the profile 'default': Interrupted system call"
	assert_stderr "weir awskeys: waiting for credential_process of the profile 'default'"
}

@test "web identity: by the environment, by the profile; the token is read again" {
	serve_keys
	with_identity
	answers $'AKID-sts-1 SECRET/1 TOKEN+1==\nAKID-sts-1 SECRET/1 TOKEN+1==' get get
	AWS_ROLE_SESSION_NAME=a@b answers 'AKID-sts-2 SECRET/2 TOKEN+2==' get
	unset AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ENDPOINT_URL_STS
	printf '[default]\nweb_identity_token_file = %s\nrole_arn = %s\nservices = x\n[services x]\nsts =\n  endpoint_url = %s/\n' \
		"$PWD/identity" "$role" "$url" >.aws/config
	answers 'AKID-sts-3 SECRET/3 TOKEN+3==' get
	# Somebody writes a new token; from then on STS accepts only this one.
	start_asking
	echo get >&5
	wait_for 30 grep -q sts-4 asker.out
	printf another >identity
	echo renew >&5
	exec 5>&-
	wait_bg asker
	assert_output $'AKID-sts-4 SECRET/4 TOKEN+4==\nAKID-sts-5 SECRET/5 TOKEN+5=='
}

@test "web identity: what can be wrong with it" {
	serve_keys
	with_identity
	AWS_ROLE_ARN='' answers "EINVAL there is a web identity in '$PWD/identity', but no AWS_ROLE_ARN and no role_arn" get
	AWS_ROLE_ARN=x answers "EACCES there are no keys for the role 'x': POST $url/: status 400 ValidationError: 1 validation error detected: RoleArn" get
	printf 'other SECRET' >none
	AWS_WEB_IDENTITY_TOKEN_FILE=none answers "EINVAL the web identity's token in 'none' is empty, or has blanks or control characters" get
	printf 'other.SECRET\n' >none
	AWS_WEB_IDENTITY_TOKEN_FILE=none answers "EACCES there are no keys for the role '$role': POST $url/: status 400 InvalidIdentityToken: The web identity token provided could not be validated" get
	AWS_WEB_IDENTITY_TOKEN_FILE=missing answers "EACCES cannot read the web identity's token from 'missing': No such file or directory" get
	mkfifo fifo
	AWS_WEB_IDENTITY_TOKEN_FILE=fifo answers "EINVAL cannot read the web identity's token from 'fifo': not a regular file" get
	head -c 20001 /dev/zero | tr '\0' x >long
	AWS_WEB_IDENTITY_TOKEN_FILE=long answers "EINVAL cannot read the web identity's token from 'long': too long" get
	printf -- '-5' >life
	ask get
	[[ $output == 'EINVAL the keys that STS gives have expired, at '*" by this machine's clock" ]]
}

@test "web identity: what passes is tried again, answers that are not keys are refused" {
	serve_keys
	with_identity
	cat >rules <<-'RULES'
		1 POST / status 503 busy
		1 POST / status 400 <ErrorResponse><Error><Code>IDPCommunicationError</Code></Error></ErrorResponse>
		1 POST / close
	RULES
	ask get
	assert_output 'AKID-sts-1 SECRET/1 TOKEN+1=='
	[ "$(wc -l <log)" = 4 ]
	local it="EINVAL STS does not answer with keys for the role '$role':"
	echo '1 POST / status 200 <SECRET>' >rules
	answers "$it line 1: no element found" get
	echo '1 POST / status 200 <a>SECRET</a>' >rules
	answers "$it AccessKeyId is missing" get
	echo '1 POST / status 301 moved' >rules
	answers "EACCES there are no keys for the role '$role': POST $url/: status 301: moved" get
}

@test "web identity: STS of the region, by the proxy" {
	serve_keys
	with_identity
	unset AWS_ENDPOINT_URL_STS
	export https_proxy=$url
	AWS_REGION=eu-west-1 ask get
	[[ $output == 'EACCES POST https://sts.eu-west-1.amazonaws.com/: '*403* ]]
	AWS_DEFAULT_REGION=cn-north-1 ask get
	[[ $output == 'EACCES POST https://sts.cn-north-1.amazonaws.com.cn/: '* ]]
	ask get
	[[ $output == 'EACCES POST https://sts.amazonaws.com/: '* ]]
}

@test "a container: with an authorization token, in a variable or a file" {
	serve_keys
	in_container
	export http_proxy=http://127.0.0.1:1 # is not contacted
	answers 'AKID-container-1 SECRET/1 TOKEN+1==' get
	printf 'Bearer.SECRET' >authorization
	answers "EACCES the container's service has no keys: GET $url/container: status 401: {\"code\":\"Unauthorized\",\"message\":\"the token is not known\"}" get
	AWS_CONTAINER_AUTHORIZATION_TOKEN=Bearer.SECRET answers 'AKID-container-2 SECRET/2 TOKEN+2==' get
	printf 'Bearer.SECRET\n' >token
	AWS_CONTAINER_AUTHORIZATION_TOKEN=no AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=token answers 'AKID-container-3 SECRET/3 TOKEN+3==' get
	AWS_CONTAINER_AUTHORIZATION_TOKEN=$'SECRET\r\nX: y' answers 'EINVAL AWS_CONTAINER_AUTHORIZATION_TOKEN has a control character' get
	AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=none answers "EACCES cannot read the container's authorization token from 'none': No such file or directory" get
	AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=x answers "EINVAL AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is 'x', which does not begin with '/'" get
	printf -- '-5' >life
	AWS_CONTAINER_AUTHORIZATION_TOKEN=Bearer.SECRET ask get
	[[ $output == "EINVAL the keys that the container's service gives have expired, at "* ]]
}

@test "a container: only this machine and the services of AWS get the token over plain HTTP" {
	local bad
	export AWS_CONTAINER_AUTHORIZATION_TOKEN=SECRET
	for bad in http://example.com/ http://10.0.0.1/x http://169.254.170.3/ http://127.0.0.1.example.com/ http://localhost.example.com \
		'http://127.0.0.1@example.com/' 'http://localhost:x@example.com/' 'http://[::1]:x@example.com/' 'http://example.com#@127.0.0.1/' 'http://127.0.0.1\@example.com/' http://127.1/ http://2130706433/ \
		'http://[::2]/' 'http://[::1/' 'http://[::1]x/' 'http://::1/' http://0.0.0.0/ http:///x http:/x ftp://127.0.0.1/ 127.0.0.1 'http://127.0.0.1%2e/'; do
		AWS_CONTAINER_CREDENTIALS_FULL_URI=$bad ask get
		[[ $output == "EINVAL AWS_CONTAINER_CREDENTIALS_FULL_URI is '"*"': only https, this machine (127.0.0.1, localhost, [::1]), 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] are asked" ]] || fail "$bad: $output"
	done
	for good in http://localhost:1/x http://127.0.0.1:1 http://127.99.0.1:1/x?y 'http://[::1]:1/x' https://localhost:1/; do
		AWS_CONTAINER_CREDENTIALS_FULL_URI=$good ask get
		[[ $output == 'ECONNREFUSED '* || $output == 'EHOSTUNREACH '* ]] || fail "$good: $output"
	done
}

@test "a container: three tries for what may pass, and each kind of bad answer" {
	serve_keys
	in_container
	printf '1 GET /container status 500 oh\n1 GET /container close\n' >rules
	answers 'AKID-container-1 SECRET/1 TOKEN+1==' get
	printf '%s\n' '3 GET /container status 503 busy\nmore' >rules
	answers "EACCES the container's service has no keys: GET $url/container: status 503: busy" get
	[ "$(grep -c 503 log)" = 3 ]
	echo '1 GET /container status 200 SECRET' >rules
	answers "EINVAL the container's service has no keys: $url/container: it is not a JSON object" get
	echo '1 GET /container status 200 {"Code":"Failed","Message":"no such role"}' >rules
	answers "EACCES the container's service has no keys: $url/container: it says Failed: no such role" get
	echo "1 GET /container status 200 $(head -c 70000 /dev/zero | tr '\0' ' ')" >rules
	ask get
	[[ $output == "EINVAL GET $url/container: "* ]]
	stop_bg service
	answers "ECONNREFUSED GET $url/container: connection refused" get
}

@test "a container: a service that does not answer: a message, and another try" {
	serve_keys
	in_container
	echo '1 GET /container hang' >rules
	ask get
	assert_output 'AKID-container-1 SECRET/1 TOKEN+1=='
	assert_stderr $'weir awskeys: waiting for the container\'s service\nweir awskeys: the container\'s service has answered'
}

@test "a container over TLS: the certificates of AWS_CA_BUNDLE or ca_bundle" {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=localhost \
		-addext subjectAltName=IP:127.0.0.1 2>/dev/null
	serve_keys ca.pem key.pem
	url=https${url#http}
	in_container
	ask get
	[[ $output == "EACCES GET $AWS_CONTAINER_CREDENTIALS_FULL_URI: "* ]]
	AWS_CA_BUNDLE=ca.pem answers 'AKID-container-1 SECRET/1 TOKEN+1==' get
	printf '[default]\nca_bundle = %s\n' "$PWD/ca.pem" >.aws/config
	answers 'AKID-container-2 SECRET/2 TOKEN+2==' get
	AWS_CA_BUNDLE=none ask get
	[[ $output == E*none* ]]
}

@test "an instance: a session, the role, its keys; no proxy" {
	serve_keys
	in_instance
	export http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1
	answers 'AKID-instance-1 SECRET/1 TOKEN+1==' get
	assert_equal "$(<log)" $'PUT /latest/api/token 200\nGET /latest/meta-data/iam/security-credentials/ 200\nGET /latest/meta-data/iam/security-credentials/a_role+=,.@-x 200'
	unset AWS_EC2_METADATA_SERVICE_ENDPOINT
	printf '[default]\nec2_metadata_service_endpoint = %s/\n' "$url" >.aws/config
	answers 'AKID-instance-2 SECRET/2 TOKEN+2==' get
	# The keys that the service hands out while it cannot get new ones.
	printf -- '-5' >life
	answers 'AKID-instance-3 SECRET/3 TOKEN+3==' get
}

@test "an instance: there is no service, or no role: it was looked for" {
	serve_keys
	in_instance
	local base=/latest/meta-data/iam/security-credentials/
	echo '1 PUT /latest/api/token status 403 forbidden' >rules
	ask get
	[[ $output == "EACCES there are no keys to sign with: "*"; the instance's metadata service (PUT $url/latest/api/token: status 403: forbidden)" ]]
	echo "1 GET $base status 404 none" >rules
	ask get
	[[ $output == *"; the instance's metadata service (the instance has no role)" ]]
	printf '1 PUT /latest/api/token close\n2 PUT /latest/api/token status 500 oh\n' >rules
	ask get
	[[ $output == *"; the instance's metadata service (PUT $url/latest/api/token: status 500: oh)" ]]
	stop_bg service
	ask get
	[[ $output == *"; the instance's metadata service (PUT $url/latest/api/token: connection refused)" ]]
}

@test "an instance: each kind of bad answer" {
	serve_keys
	in_instance
	local base=/latest/meta-data/iam/security-credentials/ it="the instance's metadata service"
	printf '1 PUT /latest/api/token status 200\n' >rules
	answers "EINVAL $it does not answer with a token" get
	printf '1 PUT /latest/api/token status 200 a\\nb: c\n' >rules
	answers "EINVAL $it does not answer with a token" get
	printf '1 PUT /latest/api/token status 200 forged\n' >rules
	answers "EACCES $it does not name a role: GET $url$base: status 401: unauthorized" get
	printf '1 GET %s status 200\n' $base >rules
	answers "EINVAL $it does not answer with a name of a role" get
	printf '1 GET %s status 200 ../../x\n' $base >rules
	answers "EINVAL $it does not answer with a name of a role" get
	printf '1 GET %s status 200 gone\\n\n' $base >rules
	answers "EACCES $it has no keys: GET $url${base}gone: status 404: not found" get
	printf '1 GET %s status 200 {"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume it"}\n' "${base}a_role+=,.@-x" >rules
	answers "EACCES $it has no keys: $url${base}a_role+=,.@-x: it says AssumeRoleUnauthorizedAccess: EC2 cannot assume it" get
	printf '1 GET %s status 200 {"AccessKeyId":"SECRET"\n' "${base}a_role+=,.@-x" >rules
	answers "EINVAL $it has no keys: $url${base}a_role+=,.@-x: it is not a JSON object" get
}

@test "keys are renewed five minutes before they expire, and when they are refused" {
	serve_keys
	in_container
	answers $'AKID-container-1 SECRET/1 TOKEN+1==\nAKID-container-1 SECRET/1 TOKEN+1==' get later+3200 get
	answers $'AKID-container-2 SECRET/2 TOKEN+2==\nAKID-container-3 SECRET/3 TOKEN+3==\nAKID-container-4 SECRET/4 TOKEN+4==' get renew later+3500 get
	# Keys with less than that to live are not asked for again with each request.
	printf 200 >life
	answers $'AKID-container-5 SECRET/5 TOKEN+5==\nAKID-container-5 SECRET/5 TOKEN+5==\nAKID-container-6 SECRET/6 TOKEN+6==' get get later+31 get
	# Keys of a file are read again when they are refused, and only then.
	unset AWS_CONTAINER_CREDENTIALS_FULL_URI
	prints '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s"}'
	printf '[default]\ncredential_process = echo x >>%q; cat %q\n' "$PWD/runs" "$PWD/printed" >.aws/config
	answers $'P s -\nP s -\nP s -' get later+100000 get renew
	[ "$(wc -l <runs)" = 2 ]
}

@test "while the old keys are good, new ones that cannot be had are not an error" {
	serve_keys
	in_container
	start_asking
	echo get >&5
	wait_for 30 grep -q . asker.out
	printf '12 GET /container status 500 oh\n' >rules
	printf 7200 >life # the server's clock does not move with that of awskeys
	printf '%s\n' 'later 3400' get get 'later 31' get renew get 'later 300' get get >&5
	exec 5>&-
	wait_bg asker
	local old='AKID-container-1 SECRET/1 TOKEN+1==' error="EACCES the container's service has no keys: GET $url/container: status 500: oh"
	assert_output "$(printf '%s\n' "$old" "$old" "$old" "$old" "$error" "$old" "$error" 'AKID-container-2 SECRET/2 TOKEN+2==')"
}

@test "no secret gets into the trace" {
	serve_keys
	with_identity
	ask get
	in_container
	unset AWS_WEB_IDENTITY_TOKEN_FILE
	AWS_CONTAINER_AUTHORIZATION_TOKEN=SECRET ask get
	[ "$(wc -l <trace)" = 2 ]
	run ! grep -E 'SECRET|TOKEN' trace
}

@test "region, endpoint and certificates" {
	printf '[default]\nregion = r\nendpoint_url = http://e\nca_bundle = c\n' >.aws/config
	answers $'r\nhttp://e\nc' region endpoint ca
	AWS_REGION=s AWS_ENDPOINT_URL_S3=http://f AWS_CA_BUNDLE=d answers $'s\nhttp://f\nd' region endpoint ca
	rm .aws/config
	answers $'-\n-\n-' region endpoint ca
	AWS_PROFILE=x ask region
	[[ $output == "EINVAL AWS_PROFILE names 'x'"* ]]
}
