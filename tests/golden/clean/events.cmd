cd "$tmp" || exit
printf 'the key of golden files\n' >key
cat >rules <<'EOF'
# who did what, and when
require .user
trim    .user
lower   .user
match   .user ^[a-z0-9._-]+$
one-of  .action buy view cart
default .amount 0
type    .amount float
range   .amount 0 1e6
time    .ts
dedupe  .user,.action,.amount within 1h
mask    .ip hash
drop    .session,.debug
rename  .ts .time
EOF
weir clean -f rules --key key --rejects rejects
status=$?
cat rejects
exit $status
