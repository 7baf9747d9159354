/*
 * Private to the store of a container in Azure Blob or ADLS Gen2; the parts that all remote stores share are in
 * remote.h: az.c (opening), az_place.c (where a container is), az_call.c (authorized requests), az_error.c (what a
 * refusal means), az_list.c (listings), az_parts.c (staged files, and copies).
 *
 * Layer: lake (uses remote, az_settings, az_sign, az_token).  Accounts with directories (ADLS Gen2) are reached by the
 * same interface as others; directories in their listings are ignored.
 */
#ifndef WEIR_LAKE_AZ_H
#define WEIR_LAKE_AZ_H

#include "common/lake/az_settings.h"
#include "common/lake/az_token.h"
#include "common/lake/remote.h"

#define AZ_META                                                                                                \
	"x-ms-meta-weirstage"   /* of the blob that was a stage: its tag; a name without '-', by Azure's rules \
				 */
#define AZ_VERSION "2021-12-02" /* of the interface */

/* Where the blobs of a table are.  All strings are owned. */
struct az_place {
	char *base;    /* scheme, host and port: "https://account.blob.core.windows.net" */
	char *root;    /* the beginning of all paths: "", or "/account" when the host is not the account's own */
	char *account; /* the name of the container */
	char *container;
	char *prefix; /* the beginning of all names: "" or "a/b/" */
};

/*
 * The place of URL: az://CONTAINER/PREFIX, abfss://CONTAINER@ACCOUNT.dfs.SUFFIX/PREFIX, or
 * https://ACCOUNT.blob.SUFFIX/CONTAINER/PREFIX (or .dfs., or http: for a server of one's own).  ENDPOINT, if not NULL,
 * replaces the server of the URL: http://HOST:PORT/ACCOUNT, or with ACCOUNT as the first part of the host's name.
 * Otherwise, for az:, SETTINGS name the server.  -EINVAL with ERR.
 */
int az_place_init(struct az_place *place, const char *url, const char *endpoint, const struct az_settings *settings,
	struct strbuf *err) MUST_CHECK;
void az_place_release(struct az_place *place);

struct store_az {
	struct remote base;
	struct az_place place;
	struct az_settings settings;
	struct az_token *token; /* used when the settings have neither a key nor a shared access signature */
};

static inline struct store_az *az_of(struct remote *remote)
{
	return (struct store_az *)remote;
}

static inline const struct store_az *az_of_const(const struct remote *remote)
{
	return (const struct store_az *)remote;
}

/* The contents of the body of a refusal; missing parts are "". */
struct az_error {
	char code[64];
	struct strbuf text; /* the first line */
};
void az_error_read(const struct http_answer *answer, struct az_error *ret);
void az_error_release(struct az_error *error);
/* Whether the error's code in ANSWER, by its header or its body, is CODE. */
bool az_has_code(const struct http_answer *answer, const char *code);

/* The id of block NUMBER, from 0, in base64; all ids have the same length. */
enum { AZ_BLOCK_ID = 16 };
void az_block_id(size_t number, char ret[AZ_BLOCK_ID + 1]);
/* The XML of a Put Block List request. */
void az_block_list(size_t count, struct strbuf *ret);

/* --- for struct remote_ops ---------------------------------------------------------------------------------------- */

void az_path(const struct remote *remote, const char *path, struct strbuf *ret);
void az_url(const struct remote_call *call, struct strbuf *ret);
int az_authorize(struct remote_call *call, bool renew, struct strbuf *fields, struct strbuf *err);
enum http_verdict az_classify(const struct http_answer *answer);
int az_fail(struct remote_call *call, const char *verb, const char *path, struct strbuf *err);
size_t az_fields(const struct remote *remote, const char *tag, struct strbuf *text, const char *ret[REMOTE_FIELDS]);
bool az_exists(struct remote_call *call);
int az_list(struct remote *remote, const char *dir, bool deep, remote_each *each, void *arg, struct strbuf *err);
/* Read a page of a listing of a container's PREFIX, LEN bytes at S; *RET_MARKER gets the marker of the next page. */
int az_list_read(const char *s, size_t len, const char *prefix, remote_each *each, void *arg, struct strbuf *ret_marker,
	struct strbuf *err);
struct remote_stage *az_stage_new(void);
/* The size of a block: 8 MiB, later ones more, at most 2 GiB, so that 50,000 blocks hold 29 TiB. */
uint64_t az_part_size(size_t number);
int az_send_whole(struct remote_stage *stage, struct strbuf *err);
int az_send_part(struct remote_stage *stage, struct strbuf *err);
int az_send_complete(struct remote_stage *stage, struct strbuf *err);
int az_copy(struct remote *remote, struct remote_flight *flight, struct strbuf *err);

#endif
