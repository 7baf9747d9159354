# Every rule at work on JSON, then most of them on the same records as CSV with a header; what is rejected, and why.
cp every.csv "$tmp" || exit
cd "$tmp" || exit
printf 'the key of golden files\n' >key
cat >rules <<'END'
require .id
type    .id int
range   .id 1 100
trim    .name
lower   .name
match   .name ^[a-z ]+$
upper   .country
one-of  .country DE FR "U K" 7
default .amount 0
type    .amount float
time    .at %d.%m.%Y %H:%M %z
rename  .at .when
mask    .card last4
mask    .ip hash
mask    .note redact
mask    .born null
drop    .debug
dedupe  .id within 1h by .when
keep    .id,.name,.country,.amount,.when,.card,.ip,.note,.born
END
weir clean -f rules --key key --rejects rejects
sed 's/,"run":null,"batch":null,"topic":null,"partition":null,"offset":null//' rejects
echo --- CSV
rm rejects
weir clean --input csv --header -f rules --key key --rejects rejects every.csv
sed 's/,"run":null,"batch":null,"topic":null,"partition":null,"offset":null//' rejects
