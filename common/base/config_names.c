/* Names: the keys of [store], and what Kubernetes calls its variables: see config.h. */
#include <string.h>

#include "common/base/config.h"

/* What stores read from the environment, and from the section [store]: weir-lake(7). */
static const char *const store_names[] = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
	"AWS_ENDPOINT_URL_STS", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_CA_BUNDLE", "AWS_CONFIG_FILE",
	"AWS_SHARED_CREDENTIALS_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE",
	"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
	"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_DISABLED",
	"AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "AZURE_AUTHORITY_HOST",
	"AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_POD_IDENTITY_AUTHORITY_HOST", "AZURE_STORAGE_ACCOUNT",
	"AZURE_STORAGE_CONNECTION_STRING", "AZURE_STORAGE_KEY", "AZURE_STORAGE_SAS_TOKEN",
	"AZURE_STORAGE_SERVICE_ENDPOINT", "AZURE_TENANT_ID", "HADOOP_USER_NAME", "WEIR_AZURE_TOKEN_COMMAND",
	"WEIR_HDFS_TOKEN", NULL};

const char *config_store_name(size_t i)
{
	return store_names[i];
}

bool config_is_service_variable(const char *name)
{
	for (const char *word = name; word;) {
		size_t len = strcspn(word, "_");
		const char *next = word[len] ? word + len + 1 : NULL;
		if (len == 4 && memcmp(word, "PORT", 4) == 0)
			return true;
		if (strcmp(word, "SERVICE_HOST") == 0)
			return true;
		word = next;
	}
	return false;
}
