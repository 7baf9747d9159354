# s3server.bash: shared by tests/servers/minio and versitygw, which are used with server.bash.
# shellcheck shell=bash

readonly s3_user=weir s3_password=weir-secret s3_region=us-east-1

# A port, an empty directory of data, and DIR/env.
s3_prepare() { # s3_prepare DIR [tls]
	local port scheme=http
	port=$(free_port)
	[ "${2:-}" != tls ] || scheme=https
	rm -rf "$1/data"
	mkdir "$1/data"
	echo "$port" >"$1/ports"
	cat >"$1/env" <<-ENV
		export WEIR_TEST_S3=$scheme://127.0.0.1:$port
		export AWS_ACCESS_KEY_ID=$s3_user
		export AWS_SECRET_ACCESS_KEY=$s3_password
		export AWS_REGION=$s3_region
	ENV
	if [ "$scheme" = https ]; then
		: >"$1/tls"
		echo "export AWS_CA_BUNDLE=$(printf %q "${home:?}/ca.pem")" >>"$1/env"
	fi
}

# Does the server give a good answer to GET PATH?
s3_answers() { # s3_answers DIR PATH
	local AWS_CA_BUNDLE=
	# shellcheck source=/dev/null
	. "$1/env"
	curl -sf --noproxy '*' -m 5 -o /dev/null ${AWS_CA_BUNDLE:+--cacert "$AWS_CA_BUNDLE"} "$WEIR_TEST_S3$2"
}
