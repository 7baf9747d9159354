#!/usr/bin/env bats
# The recipes of weir-cookbook(7) for tables in Azure.
# bats file_tags=azure
# shellcheck disable=SC2154 # output comes from the helpers
load ../lib/weir
load ../lib/stores
load ../lib/recipes

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	start_server azurite azurite tls
	export AZURE_STORAGE_SERVICE_ENDPOINT=$WEIR_TEST_AZURE SSL_CERT_FILE=$WEIR_TEST_AZURE_CA
	azure mb data
	# what the command of the Azure tools does, as they document it
	mkdir bin
	cat >bin/az <<-AZ
		#!/bin/sh
		[ "\$*" = "account get-access-token --resource https://storage.azure.com/" ] || exit 2
		printf '{"accessToken": "%s", "expires_on": %d, "tokenType": "Bearer"}\n' "$(azure token 3600)" $(($(date +%s) + 3600))
	AZ
	chmod +x bin/az
	PATH=$PWD/bin:$PATH
	unset AZURE_STORAGE_KEY
}

@test "cookbook: a topic into Azure, exactly once" {
	recipes_mock
	cook 'A topic into Azure, exactly once' 1 "s/ -g azure/ --to end&/; s/ACCOUNT=events/ACCOUNT=$AZURE_STORAGE_ACCOUNT/"
	assert_status 0
	export WEIR_AZURE_TOKEN_COMMAND='az account get-access-token --resource https://storage.azure.com/'
	cmp <(weir lake-cat az://data/clicks | sort) clicks
	cook 'A topic into Azure, exactly once' 2 "s|lake-cat|& --endpoint $WEIR_TEST_AZURE|"
	assert_status 0
	assert_output 3
}
