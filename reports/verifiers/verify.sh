#!/usr/bin/env bash
# 留痕材料包核验程序 / checks a bundle of liuhen, for somebody who trusts nobody.
#
# 用法：bash verify.sh [--roots 根证书.pem]... [--earlier 以前的材料包]... [材料包]
#
# It needs bash 4.3, coreutils and OpenSSL 3, and no network. It shares no code with the program
# that wrote the bundle, nor with verify.py and verify.html beside it; all three follow
# docs/reference/bundle.md. A verifier that comes with a bundle can be a forged one: whoever does
# not trust its sender takes this file from where the program is published.
#
# One line for each item: verdict (INTACT, NOT INTACT or NOT CHECKED), item, what was found:
#   manifests      every file is listed with its SHA-256, and nothing else lies there; size, case
#                  and short code are as bag-info.txt says, where it says them
#   entries        each disclosed entry hashes to its leaf and links to the leaf before
#   root           the RFC 6962 root over all leaves is the checkpoint's
#   signature      the checkpoint is signed by the key that entry 0 names
#   exhibits       each original has the size and SHA-256 that its entry says
#   derived        copies for the reader, if any: cannot be checked without the original
#   timestamp NNN  each RFC 3161 token, judged at its own time, with --roots from outside
#   earlier        each --earlier bundle is the beginning of this one
#
# Exit codes: 0 all INTACT, 10 something NOT INTACT, 11 nothing wrong but something NOT CHECKED,
# 2 wrong usage, 3 not a bundle or not readable, 5 a tool is missing.
#
# Unlike the other two, this one reads JSON with patterns only: it checks the hash of an entry, and
# of its form only what it needs.

set -u
export LC_ALL=C OPENSSL_CONF=/dev/null
umask 077

leaves_txt=data/log/leaves.txt
entries_jsonl=data/log/entries.jsonl
exhibits_json=data/log/exhibits.json
checkpoint=data/anchor/checkpoint
key_pem=data/anchor/key.pem
manifest=manifest-sha256.txt
tag_manifest=tagmanifest-sha256.txt
bagit_text=$'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

max_depth=8
max_files=100000
max_path=200
max_manifest=$((32 << 20))
max_leaves=$((65 * 2000000))
max_line=$((16 << 20))
max_note=4096
max_info=$((64 << 10))
max_token=$((1 << 20))
max_tokens=1000000 # words of JSON that are looked at, in all
zeros=0000000000000000000000000000000000000000000000000000000000000000

hex64='[0-9a-f]{64}'
base64_32='([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)' # 32 bytes, written in the one canonical way
base64_68='([A-Za-z0-9+/]{90}[AEIMQUYcgkosw048]=)'

usage() {
  printf '%s\n' \
    '用法：bash verify.sh [--roots 根证书.pem]... [--earlier 以前的材料包]... [材料包]' \
    '' \
    '核验留痕材料包，不需要联网，不改动任何文件。默认核验本程序所在的材料包。' \
    '  --roots    时间戳机构的根证书（PEM 或 DER），可以给多次' \
    '  --earlier  同一案件以前的材料包，可以给多次' \
    '返回值：0 全部一致，10 有不一致，11 有未核对，2 用法不对，3 不是材料包或不能读，5 缺少工具。'
}

die() { # CODE SENTENCE
  printf '不能核验：%s\n' "$2" >&2
  exit "$1"
}

# --- what is said about each item -------------------------------------------------------------------

items=()
declare -A good problems open_points count

item() { # NAME: the item that the following checks belong to
  items+=("$1")
  it=${#items[@]}
  good[$it]= problems[$it]= open_points[$it]= count[$it]=0
}

bad() { # SENTENCE: something is not as it must be
  count[$it]=$((count[$it] + 1))
  [ "${count[$it]}" -gt 3 ] || problems[$it]+="${problems[$it]:+；}$1"
}

skip() { # SENTENCE: something cannot be checked
  open_points[$it]+="${open_points[$it]:+；}$1"
}

shown() { # TEXT: sets REPLY to what may be printed of something that the bundle says
  REPLY=${1:0:160}
  REPLY=${REPLY//[[:cntrl:]]/?}
  REPLY=${REPLY//$'\xc2'[$'\x80'-$'\x9f']/?}
  REPLY=${REPLY//$'\xe2\x80'[$'\x8b'-$'\x8f'$'\xa8'-$'\xae']/?}
  REPLY=${REPLY//$'\xe2\x81'[$'\xa0'-$'\xaf']/?}
}

# --- reading ----------------------------------------------------------------------------------------

declare -A size digest

is_safe() { # PATH: stays in the bundle, and is the same file on every system
  [ "${#1}" -le "$max_path" ] || return 1
  local path=/${1,,}/
  [[ $path =~ ^(/[a-z0-9._-]+)+/$ && $path != *./* ]] || return 1
  [[ ! $path =~ /(con|prn|aux|nul|com[0-9]|lpt[0-9])[./] ]]
}

paths=() seen=0
declare -A small
walk() { # PREFIX DEPTH: lists plain files in paths; reports everything else under manifests
  local path name
  for path in "$1"*; do
    seen=$((seen + 1))
    [ "$seen" -le "$max_files" ] || die 3 '文件太多'
    if ! is_safe "$path"; then
      printf -v name '%q' "${path:0:160}"
      bad "$name：名称不允许"
    elif [ -L "$path" ]; then
      bad "$path：是链接"
    elif [ -d "$path" ] && [ "$2" -lt "$max_depth" ]; then
      walk "$path/" "$(($2 + 1))"
    elif [ ! -f "$path" ]; then
      bad "$path：不是普通文件"
    else
      [ -z "${small[${path,,}]+x}" ] || bad "$path：另有一个文件的名称只有大小写不同"
      small[${path,,}]=yes
      paths+=("$path")
    fi
  done
}

measure() { # fills size and digest for all paths; two processes for any number of files
  local i sum path
  for ((i = 0; i < ${#paths[@]}; i += 1000)); do
    while read -r sum path; do size[$path]=$sum; done < <(stat -c '%s %n' -- "${paths[@]:i:1000}")
    while read -r sum path; do digest[$path]=$sum; done < <(sha256sum -- "${paths[@]:i:1000}")
  done 2>/dev/null
  for path in "${paths[@]}"; do
    [ -n "${size[$path]-}" ] && [ -n "${digest[$path]-}" ] || die 3 "不能读 $path"
  done
}

has() { [ -n "${size[$1]+x}" ]; }

load() { # FILE LIMIT: sets TEXT to a file without NUL bytes; fails with a reason in REPLY
  TEXT=
  REPLY=太大
  [ "$(stat -c %s -- "$1")" -le "$2" ] || return 1
  REPLY='有 NUL 字节'
  ! IFS= read -r -d '' TEXT <"$1"
}

to_hex() { # standard input in hex, one line
  local line
  line=$(od -An -v -tx1)
  printf '%s' "${line//[ $'\n']/}"
}

from_hex() { # standard input from hex
  if [ "$has_basenc" ]; then
    tr -d '\n' | tr a-f A-F | basenc --base16 -d
  else
    local byte
    while IFS= read -r -n 2 byte; do printf "\\x$byte"; done < <(tr -d '\n')
  fi
}

# --- 1. manifests -----------------------------------------------------------------------------------

declare -A listed

parse_manifest() { # NAME: fills listed; fails after saying why
  local name=$1 line number=0
  listed=()
  load "$name" "$max_manifest" || { bad "$name $REPLY"; return 1; }
  [[ -z $TEXT || $TEXT == *$'\n' ]] || { bad "$name 最后一行没有换行"; return 1; }
  while IFS= read -r line; do
    number=$((number + 1))
    [ "$number" -le "$max_files" ] || { bad "$name 有太多行"; return 1; }
    if [ "${#line}" -gt "$((66 + max_path))" ] || [[ ! ${line:0:66} =~ ^$hex64'  '$ ]]; then
      bad "$name 第 $number 行不是“SHA-256、两个空格、路径”"
      return 1
    fi
    is_safe "${line:66}" || { bad "$name 第 $number 行的路径不允许"; return 1; }
    [ -z "${listed[${line:66}]+x}" ] || { bad "$name 第 $number 行重复"; return 1; }
    listed[${line:66}]=${line:0:64}
  done < <(printf '%s' "$TEXT")
}

compare_manifest() { # NAME PATTERN REQUIRED...: files whose path matches are the manifest's
  local name=$1 pattern=$2 path
  shift 2
  has "$name" || { bad "缺少 $name"; return; }
  parse_manifest "$name" || return
  for path in "${!listed[@]}"; do
    if ! has "$path" || [[ ! $path =~ $pattern ]] || [ "$path" = "$tag_manifest" ]; then
      bad "$name 列出的 $path 不存在或不该列在这里"
    elif [ "${digest[$path]}" != "${listed[$path]}" ]; then
      bad "$path 的 SHA-256 应为 ${listed[$path]}，实为 ${digest[$path]}"
    fi
  done
  for path in "${paths[@]}"; do
    if [[ $path =~ $pattern ]] && [ "$path" != "$tag_manifest" ] && [ -z "${listed[$path]+x}" ]; then
      bad "$path 没有列在 $name 中"
    fi
  done
  for path in "$@"; do
    [ -n "${listed[$path]+x}" ] || bad "$name 应列出 $path"
  done
}

check_manifests() {
  compare_manifest "$manifest" '^data/' data/packet.pdf "$leaves_txt" "$entries_jsonl" \
    "$exhibits_json" "$checkpoint" "$key_pem"
  compare_manifest "$tag_manifest" '^([^d]|d[^a]|da[^t]|dat[^a]|data[^/]|.{1,4}$)' \
    bagit.txt bag-info.txt "$manifest"
  if has bagit.txt; then
    load bagit.txt 1024 && [ "$TEXT" = "$bagit_text" ] || bad 'bagit.txt 不是 BagIt 1.0 的声明'
  fi
  ! has bag-info.txt || check_info
  good[$it]="${#paths[@]} 个文件与清单一致，没有多余的文件"
}

check_info() { # compares what bag-info.txt says of the bundle with the bundle (RFC 8493 2.2.2)
  local line number=0 value wanted path octets=0 n=0 oxum=0 code= id= other= i
  local tab=$'\t' lf=$'\n' cr=$'\r' pattern labels=() values=()
  load bag-info.txt "$max_info" || { bad "bag-info.txt $REPLY"; return; }
  TEXT=${TEXT//$cr$lf/$lf}
  pattern="^([^ $tab:]|[^ $tab:][^:]*[^ $tab:]):[ $tab](.*)\$"
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    if [ "${#labels[@]}" -gt 0 ] && [[ $line == [\ $tab]* ]]; then
      values[-1]=… # goes on; what is compared fits on a line
    elif [[ $line =~ $pattern ]]; then
      labels+=("${BASH_REMATCH[1],,}") values+=("${BASH_REMATCH[2]}")
    else
      bad "bag-info.txt 第 $number 行不是“名称: 内容”"
      return
    fi
  done < <(printf '%s' "${TEXT//$cr/$lf}")
  for path in "${paths[@]}"; do
    [[ $path != data/* ]] || n=$((n + 1)) octets=$((octets + size[$path]))
  done
  if has "$checkpoint"; then
    code=${digest[$checkpoint]:0:16}
    code=${code^^}
    code=${code:0:4}-${code:4:4}-${code:8:4}-${code:12}
    ! parse_note "$checkpoint" || id=$note_id # if not, it is for check_root to say
  fi
  for ((i = 0; i < ${#labels[@]}; i++)); do
    value=${values[i]} wanted=${values[i]}
    case ${labels[i]} in
      payload-oxum) wanted=$octets.$n oxum=$((oxum + 1)) ;;
      liuhen-checkpoint-code) wanted=${code:-$value} ;;
      external-identifier) wanted=${id:-$value} ;;
      liuhen-bundle-version) [ "$value" = 1 ] || other=yes ;;
    esac
    shown "$value"
    [ "$value" = "$wanted" ] || bad "bag-info.txt 的 ${labels[i]} 是 $REPLY，应为 $wanted"
  done
  [ -z "$other" ] || skip 'bag-info.txt 写明这不是第 1 版的材料包，本程序只核对第 1 版'
  [ "$oxum" -le 1 ] || bad 'bag-info.txt 有不止一个 Payload-Oxum'
}

# --- 2. entries -------------------------------------------------------------------------------------

leaf=()
leaves_known= entries_read= disclosed=0 case_id= public_key=
declare -A exhibit_name exhibit_size exhibit_sha256 unread_exhibit

parse_leaves() { # FILE: fills parsed; fails with a reason in REPLY
  local i
  parsed=()
  load "$1" "$max_leaves" || return 1
  REPLY=最后一行没有换行
  [[ -z $TEXT || $TEXT == *$'\n' ]] || return 1
  [ -z "$TEXT" ] || mapfile -t parsed < <(printf '%s' "$TEXT")
  for ((i = 0; i < ${#parsed[@]}; i++)); do
    REPLY="第 $((i + 1)) 行不是 64 位十六进制"
    [ "${#parsed[i]}" -eq 64 ] && [[ ${parsed[i]} != *[!0-9a-f]* ]] || return 1
  done
}

facts() { # BODY: fills fact with the plain values of data, as they are written; fails if too much
  local text=${1#'{"data":'} at=0 rest= more depth=0 token key= last=
  local pattern='^("([^"\]|\\.)*"|[][{}:,]|[^][{}:,"]+)'
  fact=()
  while [ "$((tokens += 1))" -le "$max_tokens" ]; do
    # A pattern takes as long as all that it is given, so it is given no more than it needs.
    more=256
    until [[ $rest =~ $pattern && (${#BASH_REMATCH[0]} -lt ${#rest} || $at -ge ${#text}) ]]; do
      [ "$at" -lt "${#text}" ] || return 0
      rest+=${text:at:more} at=$((at + more)) more=$((more * 2))
    done
    token=${BASH_REMATCH[0]}
    rest=${rest:${#token}}
    case $token in
      '{' | '[') depth=$((depth + 1)) key= ;;
      '}' | ']')
        depth=$((depth - 1)) key=
        [ "$depth" -gt 0 ] || return 0
        ;;
      ':') [ "$depth" -ne 1 ] || key=$last ;;
      ',') key= ;;
      *)
        [ "$depth" -ne 1 ] || [ -z "$key" ] || fact[$key]=$token
        last=$token
        ;;
    esac
  done
  return 1
}

tokens=0

hash_lines() { # fills hashed with SHA-256 of 0x00 and each of lines
  local folder=$tmp/lines i names=() sum _
  mkdir "$folder"
  for ((i = 0; i < ${#lines[@]}; i++)); do
    printf '\0%s' "${lines[i]%$'\n'}" >"$folder/$i" || die 3 '临时文件写不下'
    names+=("$i")
  done
  hashed=()
  for ((i = 0; i < ${#names[@]}; i += 1000)); do
    while read -r sum _; do hashed+=("$sum"); done < <(cd "$folder" && sha256sum "${names[@]:i:1000}")
  done
  rm -rf "$folder"
}

check_entries() {
  local suffix number=0 i line tail seq prev kind last=-1 source=$entries_jsonl from batch=1000
  if has "$leaves_txt"; then
    parse_leaves "$leaves_txt" || { bad "$leaves_txt $REPLY"; return; }
    leaf=("${parsed[@]}")
    leaves_known=yes
  fi
  if [ -z "$leaves_known" ] || ! has "$entries_jsonl"; then
    skip "缺少 $leaves_txt 或 $entries_jsonl"
    return
  fi
  entries_read=yes
  if [ "$(tr -d '\000' <"$source" | wc -c)" -ne "${size[$source]}" ]; then
    bad "$source 有 NUL 字节"
  fi
  if [ "${size[$source]}" -gt "$max_line" ]; then
    # What is longer than any entry is cut down, so that it need not be held.
    head -n "$((${#leaf[@]} + 1))" "$source" | cut -b "1-$((max_line + 1))" >"$tmp/entries"
    source=$tmp/entries batch=$((size[$entries_jsonl] > max_line * 4 ? 4 : 1000))
  fi
  suffix='\},"kind":"([a-z][a-z0-9_]{0,31})","nonce":"[0-9a-f]{32}","prev":"([0-9a-f]{64})",'
  suffix+='"recorded_at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,9})?Z",'
  suffix+='"seq":(0|[1-9][0-9]{0,15}),"v":1\}$'
  exec {from}<"$source"
  while mapfile -u "$from" -n "$batch" lines 2>/dev/null && [ "${#lines[@]}" -gt 0 ]; do
    hash_lines
    for ((i = 0; i < ${#lines[@]}; i++)); do
      number=$((number + 1))
      check_line "${lines[i]%$'\n'}" "${lines[i]}" "${hashed[i]}" || break 2
    done
  done
  exec {from}<&-
  [ -n "$case_id" ] || bad '没有公开第 0 条记录（案件编号和公钥）'
  good[$it]="公开的 $disclosed 条记录的哈希都与 leaves.txt 相符并前后相连"
}

check_line() { # LINE WHOLE-LINE HASH: one line of the entries; fails if none after it is looked at
  local line=$1
  if [ "$number" -gt "${#leaf[@]}" ]; then
    bad "$entries_jsonl 的行数比 leaves.txt 多"
    return 1
  fi
  if [ "$line" = "$2" ] || [ "${#line}" -gt "$max_line" ]; then
    bad "$entries_jsonl 第 $number 行太长或被截断"
    return 1
  fi
  tail=${line:${#line} > 400 ? ${#line} - 400 : 0}
  if [[ $line != '{"data":{'* || ! $tail =~ $suffix ]]; then
    bad "$entries_jsonl 第 $number 行不是规定形式的记录"
    return 0
  fi
  kind=${BASH_REMATCH[1]} prev=${BASH_REMATCH[2]} seq=${BASH_REMATCH[4]}
  if [ "$seq" -ge "${#leaf[@]}" ]; then
    bad "记录 $seq 超出 leaves.txt 的 ${#leaf[@]} 行"
    return 0
  fi
  if [ "$seq" -le "$last" ]; then
    bad "记录 $seq 排在记录 $last 之后：重复或次序不对"
    return 0
  fi
  if [ "$3" != "${leaf[seq]}" ]; then
    bad "记录 $seq 的哈希应为 ${leaf[seq]}，实为 $3"
    return 0
  fi
  last=$seq
  check_entry
  return 0
}

check_entry() { # uses kind, prev, seq and line of an entry whose hash is right
  local before=$zeros
  [ "$seq" -eq 0 ] || before=${leaf[seq - 1]}
  [ "$prev" = "$before" ] || bad "记录 $seq 的 prev 应为 $before，实为 $prev"
  disclosed=$((disclosed + 1))
  if [ "$seq" -eq 0 ] && [ "$kind" != case ] || [ "$seq" -ne 0 ] && [ "$kind" = case ]; then
    bad "记录 $seq 的种类 $kind 不对"
    return
  fi
  case $kind in case | exhibit) ;; *) return ;; esac
  declare -A fact
  if [ "${#line}" -gt 65536 ] || ! facts "$line"; then
    skip "记录 $seq 太长，不能在这里核对"
    unread_exhibit[$seq]=yes
    return
  fi
  if [ "$kind" = case ]; then
    [[ ${fact['"case_id"']-} =~ ^\"[0-9a-f]{32}\"$ ]] || return
    [[ ${fact['"public_key"']-} =~ ^\"$hex64\"$ ]] || return
    case_id=${fact['"case_id"']//\"/} public_key=${fact['"public_key"']//\"/}
    return
  fi
  if [[ ${fact['"name"']-} == \"* && ${fact['"size"']-} =~ ^(0|[1-9][0-9]*)$ &&
    ${fact['"sha256"']-} == \"* ]]; then
    exhibit_name[$seq]=${fact['"name"']}
    exhibit_size[$seq]=${fact['"size"']}
    exhibit_sha256[$seq]=${fact['"sha256"']//\"/}
  else
    bad "记录 $seq：缺少证据的名称、大小或 SHA-256"
  fi
}

# --- 3. root and the checkpoint ---------------------------------------------------------------------

declare -A root_known

root_of() { # NAME LEAVES...: sets REPLY to the RFC 6962 root; a node without a partner moves up
  local level=("${@:2}") folder=$tmp/level i n above sum _ names
  REPLY=${root_known[$1]-}
  [ -z "$REPLY" ] || return 0
  while n=${#level[@]} && [ "$n" -gt 1 ]; do
    mkdir "$folder"
    set -o pipefail
    for ((i = 0; i + 1 < n; i += 2)); do
      printf '01%s%s' "${level[i]}" "${level[i + 1]}"
    done | from_hex | split -b 65 -a 7 -d - "$folder/" || die 3 '临时文件写不下'
    set +o pipefail
    names=("$folder"/*)
    above=()
    for ((i = 0; i < ${#names[@]}; i += 1000)); do
      while read -r sum _; do above+=("$sum"); done < <(sha256sum "${names[@]:i:1000}")
    done
    rm -rf "$folder"
    if [ $((n % 2)) -eq 1 ]; then above+=("${level[n - 1]}"); fi
    level=("${above[@]}")
  done
  REPLY=${level[0]-$(sha256sum </dev/null)}
  REPLY=${REPLY%% *}
  root_known[$1]=$REPLY
}

parse_note() { # FILE: sets note_id, note_size, note_root, note_key and files; fails with REPLY
  local nl=$'\n' dash=$'\xe2\x80\x94' pattern blob
  load "$1" "$max_note" || return 1
  REPLY=不是规定形式的检查点
  pattern="^liuhen/([0-9a-f]{32})$nl(0|[1-9][0-9]{0,15})$nl$base64_32$nl$nl"
  pattern+="$dash liuhen/([0-9a-f]{32}) $base64_68$nl\$"
  [[ $TEXT =~ $pattern ]] && [ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[4]}" ] || return 1
  note_id=${BASH_REMATCH[1]} note_size=${BASH_REMATCH[2]} blob=${BASH_REMATCH[5]}
  note_root=$(base64 -d <<<"${BASH_REMATCH[3]}" | to_hex)
  blob=$(base64 -d <<<"$blob" | to_hex)
  note_key=${blob:0:8}
  printf '%s' "${TEXT%%"$nl$nl"*}$nl" >"$tmp/signed" &&
    from_hex <<<"${blob:8}" >"$tmp/signature" || die 3 '临时文件写不下'
}

check_root() {
  has "$checkpoint" || { skip "缺少 $checkpoint"; return; }
  parse_note "$checkpoint" || { bad "$checkpoint：$REPLY"; return; }
  own_id=$note_id own_note=yes
  [ -n "$leaves_known" ] || { skip "$leaves_txt 缺少或不能读"; return; }
  [ "$note_size" = "${#leaf[@]}" ] ||
    bad "检查点有 $note_size 条记录，leaves.txt 有 ${#leaf[@]} 行"
  root_of "${#leaf[@]}" "${leaf[@]}"
  [ "$REPLY" = "$note_root" ] || bad "根值应为 $note_root（检查点），由 leaves.txt 算得 $REPLY"
  good[$it]="由 ${#leaf[@]} 行 leaves.txt 算得的根值与检查点一致：$REPLY"
}

# --- 4. signature -----------------------------------------------------------------------------------

own_note= own_id= key_hex=

parse_key() { # sets key_hex; fails with a reason in REPLY
  local nl=$'\n' pattern
  load "$key_pem" 1024 || return 1
  REPLY='不是规定形式的 Ed25519 公钥'
  pattern="^-----BEGIN PUBLIC KEY-----${nl}MCowBQYDK2VwAyEA$base64_32$nl"
  pattern+="-----END PUBLIC KEY-----$nl\$"
  [[ $TEXT =~ $pattern ]] || return 1
  base64 -d <<<"${BASH_REMATCH[1]}" >"$tmp/key" || die 3 '临时文件写不下'
  key_hex=$(to_hex <"$tmp/key")
}

check_note_signature() { # checks the note that was parsed last
  local expected
  expected=$({ printf 'liuhen/%s\n\001' "$note_id" && cat "$tmp/key"; } | sha256sum)
  [ "$note_key" = "${expected:0:8}" ] || bad '检查点的密钥编号不是这个公钥的'
  openssl pkeyutl -verify -pubin -inkey "$key_pem" -rawin -in "$tmp/signed" \
    -sigfile "$tmp/signature" >/dev/null 2>&1 || bad '检查点的签名不对'
}

check_signature() {
  if has "$key_pem"; then
    parse_key || { bad "$key_pem：$REPLY"; return; }
  fi
  if [ -z "$key_hex" ] || [ -z "$own_note" ]; then
    skip "$key_pem 或 $checkpoint 缺少或不能读"
    return
  fi
  check_note_signature
  if [ -n "$case_id" ]; then
    [ "$public_key" = "$key_hex" ] || bad "公钥与第 0 条记录中的不同，实为 $key_hex"
    [ "$case_id" = "$note_id" ] || bad "案件编号与第 0 条记录中的不同，实为 $note_id"
  else
    skip '第 0 条记录没有核对成功，不知道案件的公钥'
  fi
  good[$it]="签名由第 0 条记录所列的公钥作出：$key_hex"
}

# --- 5. exhibits, 6. derived ------------------------------------------------------------------------

labels=()
declare -A row_name row_seq row_sha256

parse_index() { # fills the rows; fails with a reason in REPLY
  local lines i last= label name_line='^  "name": ("([^"\]|\\.)*"),$'
  load "$exhibits_json" "$max_manifest" || return 1
  REPLY=不是规定形式的证据列表
  [ "$TEXT" != $'{}\n' ] || return 0
  [[ $TEXT == $'{\n'*$'\n}\n' ]] || return 1
  mapfile -t lines < <(printf '%s' "$TEXT")
  [ $((${#lines[@]} % 5)) -eq 2 ] || return 1
  for ((i = 1; i + 1 < ${#lines[@]}; i += 5)); do
    [[ ${lines[i]:0:20} =~ ^' "'(E[0-9]{3,6})'": {'$ ]] || return 1
    label=${BASH_REMATCH[1]}
    [[ $label > $last ]] || return 1
    last=$label
    [ "${#lines[i + 1]}" -lt 65536 ] && [[ ${lines[i + 1]} =~ $name_line ]] || return 1
    row_name[$label]=${BASH_REMATCH[1]}
    [[ ${lines[i + 2]:0:40} =~ ^'  "seq": '(0|[1-9][0-9]{0,15}),$ ]] || return 1
    row_seq[$label]=${BASH_REMATCH[1]}
    [[ ${lines[i + 3]:0:99} =~ ^'  "sha256": "'($hex64)'"'$ ]] || return 1
    row_sha256[$label]=${BASH_REMATCH[1]}
    if [ $((i + 6)) -lt "${#lines[@]}" ]; then
      [ "${lines[i + 4]}" = ' },' ] || return 1
    else
      [ "${lines[i + 4]}" = ' }' ] || return 1
    fi
    labels+=("$label")
  done
}

present=0 withheld=()

check_exhibits() {
  local label path seq expected
  declare -A files taken
  if ! has "$exhibits_json" || [ -z "$entries_read" ]; then
    skip "$exhibits_json 或记录缺少或不能读"
    return
  fi
  parse_index || { bad "$exhibits_json：$REPLY"; return; }
  for path in "${paths[@]}"; do
    case $path in data/exhibits/*) ;; *) continue ;; esac
    label=
    [[ ! $path =~ ^data/exhibits/(E[0-9]{3,6})\.[a-z0-9]{1,8}$ ]] || label=${BASH_REMATCH[1]}
    if [ -z "$label" ] || [ -z "${row_seq[$label]+x}" ]; then
      bad "$path 不在 exhibits.json 中"
    elif [ -n "${files[$label]+x}" ]; then
      bad "$label 有两个文件"
    else
      files[$label]=$path
    fi
  done
  for label in "${labels[@]}"; do
    seq=${row_seq[$label]}
    [ -z "${taken[$seq]+x}" ] || bad "$label 的记录 $seq 已经有编号"
    taken[$seq]=yes
    path=${files[$label]-}
    if [ -n "$path" ]; then present=$((present + 1)); else withheld+=("$label"); fi
    expected=${exhibit_sha256[$seq]-}
    if [ -n "${unread_exhibit[$seq]-}" ]; then
      skip "$label 的记录 $seq 太长，不能在这里核对"
      continue
    fi
    if [ -z "$expected" ]; then
      bad "$label 对应的记录 $seq 没有公开、没有核对成功或不是证据"
      continue
    fi
    [ "${row_sha256[$label]}" = "$expected" ] || bad "$label 的 SHA-256 与记录中的不同"
    [ "${row_name[$label]}" = "${exhibit_name[$seq]}" ] || bad "$label 的名称与记录不一致"
    [ -n "$path" ] || continue
    [ "${digest[$path]}" = "$expected" ] || bad "$path 的 SHA-256 与记录中的不同，实为 ${digest[$path]}"
    [ "${size[$path]}" = "${exhibit_size[$seq]}" ] ||
      bad "$path 应为 ${exhibit_size[$seq]} 字节，实为 ${size[$path]}"
  done
  for seq in "${!exhibit_sha256[@]}"; do
    [ -n "${taken[$seq]+x}" ] || skip "记录 $seq 的证据没有编号，也没有随附"
  done
  [ "${#withheld[@]}" -eq 0 ] || skip "原件没有随附：${withheld[*]}"
  good[$it]="$present 个证据的原始文件与各自的记录一致"
}

check_derived() {
  local path n=0
  for path in "${paths[@]}"; do
    case $path in data/redacted/*) n=$((n + 1)) ;; esac
  done
  [ "$n" -gt 0 ] || return
  item derived
  skip "$n 个摘录或遮盖的副本只由清单固定；与原件是否一致，要有原件才能核对"
}

# --- 7. timestamps ----------------------------------------------------------------------------------

der_is_whole() { # FILE: nothing follows the DER value that it begins with
  local bytes length
  bytes=$(od -An -v -tx1 -N 6 "$1")
  bytes=${bytes// /}
  [ "${#bytes}" -ge 4 ] || return 1
  length=$((16#${bytes:2:2})) 2>/dev/null || return 1
  case $length in
    129) length=$((3 + 16#${bytes:4:2})) ;;
    130) length=$((4 + 16#${bytes:4:4})) ;;
    131) length=$((5 + 16#${bytes:4:6})) ;;
    *) [ "$length" -lt 128 ] && length=$((2 + length)) || return 1 ;;
  esac 2>/dev/null
  [ "$length" -eq "$(stat -c %s -- "$1")" ]
}

stamp_facts() { # TEXT of openssl ts -text: sets hash, imprint (with its lines) and nonce
  local line in_data=
  hash= imprint= nonce=
  while IFS= read -r line; do
    case $line in
      'Hash Algorithm: '*) [ -n "$hash" ] || hash=${line#*: } ;;
      'Message data:') in_data=yes ;;
      '    '*) [ -z "$in_data" ] || imprint+=${line%%  *([! ])}$'\n' ;;
      *)
        in_data=
        case $line in
          'Nonce: '*) [ -n "$nonce" ] || nonce=${line#*: } ;;
        esac
        ;;
    esac
  done <<<"$1"
}

why() { # what openssl said last, for a sentence
  local line
  REPLY=
  while IFS= read -r line; do
    case $line in *:error:*) REPLY=${line##*routines:} ;; esac
  done <"$tmp/errors"
  shown "$REPLY"
}

stamp_name() { # sets REPLY to the name of the signer
  local line
  while IFS= read -r line; do
    case $line in *CN=*) shown "${line#*CN=}" && return ;; esac
  done < <(openssl x509 -in "$tmp/signer.pem" -noout -subject -nameopt RFC2253,-esc_msb,sep_multiline)
  REPLY='（没有名称）'
}

# openssl knows more algorithms than verify.py and verify.html. What they cannot judge is not judged
# here either, so that all three say the same.

signature_is_known() { # TEXT of asn1parse: digest and signature of the signer are; else in REPLY
  local line names=()
  while IFS= read -r line; do
    case $line in
      *:d=3\ * | *:d=4\ *) names=() ;; # the signer's part is the last
      *:d=6\ *'OBJECT            :'*) names+=("${line##*OBJECT            :}") ;;
    esac
  done <<<"$1"
  shown "${names[*]}"
  [[ ${names[*]} =~ ^sha(256|384|512)' '(rsaEncryption|sha(256|384|512)WithRSAEncryption|ecdsa-with-SHA(256|384|512))$ ]]
}

certificate_is_known() { # FILE root|issued: its key and limits are; if issued, its signature too
  local text
  text=$(openssl x509 -in "$1" -noout -text -certopt no_subject,no_issuer 2>/dev/null) || return 1
  [[ $text =~ 'Public Key Algorithm: rsaEncryption' ||
    $text =~ 'ASN1 OID: '(prime256v1|secp384r1) ]] || return 1
  [[ ! $text =~ ('Name Constraints'|'Policy Constraints'|'Policy Mappings'|'Inhibit Any Policy')': critical' ]] ||
    return 1
  [ "$2" = root ] ||
    [[ $text =~ 'Signature Algorithm: '(sha(256|384|512)WithRSAEncryption|ecdsa-with-SHA(256|384|512)) ]]
}

known_certificates() { # PEM-FILE root|issued: those of a file
  local line
  while IFS= read -r line; do
    case $line in -----BEGIN\ *) : >"$tmp/one.pem" ;; esac
    [ ! -e "$tmp/one.pem" ] || printf '%s\n' "$line" >>"$tmp/one.pem"
    case $line in -----END\ *)
      ! certificate_is_known "$tmp/one.pem" "$2" || cat "$tmp/one.pem"
      rm -f "$tmp/one.pem"
      ;;
    esac
  done <"$1"
}

chain_is_known() { # EPOCH: what was found good is good by what all three can judge alone
  certificate_is_known "$tmp/signer.pem" root || return 1
  [ -s "$tmp/roots.pem" ] || return 0
  certificate_is_known "$tmp/signer.pem" issued || return 1
  openssl pkcs7 -inform DER -in "$tmp/token" -print_certs -out "$tmp/brought.pem" 2>/dev/null
  known_certificates "$tmp/brought.pem" issued >"$tmp/between.pem"
  [ -e "$tmp/known.pem" ] || known_certificates "$tmp/roots.pem" root >"$tmp/known.pem"
  openssl verify -partial_chain -attime "$1" -no-CApath -no-CAstore -CAfile "$tmp/known.pem" \
    -untrusted "$tmp/between.pem" "$tmp/signer.pem" >/dev/null 2>&1
}

check_covered() { # NOTE-FILE: a checkpoint of this log
  parse_note "$1" || { bad "$1：$REPLY"; return 1; }
  [ "$note_id" = "$own_id" ] || bad "检查点属于另一个案件：$note_id"
  check_note_signature
  if [ "$note_size" -lt 1 ] || [ "$note_size" -gt "${#leaf[@]}" ]; then
    bad "检查点有 $note_size 条记录，材料包有 ${#leaf[@]} 条"
    return 0
  fi
  root_of "$note_size" "${leaf[@]:0:note_size}"
  [ "$REPLY" = "$note_root" ] || bad "检查点的根值不是 leaves.txt 前 $note_size 行的根值"
}

check_timestamp() { # NUMBER
  local place=data/anchor/$1 asked_hash asked_imprint asked_nonce text epoch trusted
  local hash imprint nonce moment attribute parsed_token
  has "$place.checkpoint" || { bad "缺少 $place.checkpoint"; return; }
  if [ -z "$own_note" ] || [ -z "$key_hex" ] || [ -z "$leaves_known" ]; then
    skip '检查点、公钥或 leaves.txt 缺少或不能读'
    return
  fi
  check_covered "$place.checkpoint" || return
  if [ "${size[$place.tsr]}" -gt "$max_token" ] || ! der_is_whole "$place.tsr" ||
    ! openssl ts -reply -in "$place.tsr" -token_out -out "$tmp/token" >/dev/null 2>&1 ||
    ! text=$(openssl ts -reply -token_in -in "$tmp/token" -text 2>/dev/null); then
    bad "$place.tsr 不是规定形式的时间戳"
    return
  fi
  stamp_facts "$text"
  asked_hash=$hash asked_imprint=$imprint asked_nonce=$nonce
  case $hash in sha256 | sha384 | sha512) ;; *)
    bad '时间戳的摘要不是 SHA-256/384/512'
    return
    ;;
  esac
  if has "$place.tsq"; then
    if [ "${size[$place.tsq]}" -gt "$max_token" ] || ! der_is_whole "$place.tsq"; then
      bad "$place.tsq 不是规定形式的请求"
    else
      stamp_facts "$(openssl ts -query -in "$place.tsq" -text 2>/dev/null)"
      [ "$hash$imprint" = "$asked_hash$asked_imprint" ] || bad '请求（.tsq）的摘要与时间戳不同'
      [ "${nonce/unspecified/}" = "${asked_nonce/unspecified/}" ] ||
        bad '请求（.tsq）的随机数与时间戳不同'
    fi
  fi
  parsed_token=$(openssl asn1parse -inform DER -in "$tmp/token" 2>/dev/null)
  if ! signature_is_known "$parsed_token"; then
    skip "签名算法（$REPLY）不在本程序能核对之列"
    return
  fi
  if ! openssl cms -verify -noverify -inform DER -in "$tmp/token" -signer "$tmp/signer.pem" \
    -out "$tmp/info" >/dev/null 2>"$tmp/errors"; then
    why
    bad "时间戳的签名不对，或没有签名者的证书（openssl：$REPLY）"
    return
  fi
  text=$(openssl asn1parse -inform DER -in "$tmp/info" 2>/dev/null)
  text=${text#*'GENERALIZEDTIME   :'}
  moment='^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(\.[0-9]{1,9})?Z$'
  [[ ${text%%$'\n'*} =~ $moment ]] &&
    text="${BASH_REMATCH[1]}-${BASH_REMATCH[2]}-${BASH_REMATCH[3]}" &&
    text+=" ${BASH_REMATCH[4]}:${BASH_REMATCH[5]}:${BASH_REMATCH[6]}" &&
    epoch=$(date -u -d "$text" +%s 2>/dev/null) || { bad "$place.tsr 的时间不对"; return; }
  # openssl does not compare the type that the signed attributes name with the content's.
  attribute=$'OBJECT            :contentType\n[^\n]*cons: SET[^\n]*\n[^\n]*'
  attribute+=$'OBJECT            :id-smime-ct-TSTInfo\n'
  [[ $parsed_token =~ $attribute ]] || bad '签名属性中的内容类型不对'
  trusted=$tmp/signer.pem
  [ ! -s "$tmp/roots.pem" ] || trusted=$tmp/roots.pem
  if ! openssl ts -verify -in "$place.tsr" -data "$place.checkpoint" -CAfile "$trusted" \
    -partial_chain -verify_depth "$max_depth" -attime "$epoch" >/dev/null 2>"$tmp/errors"; then
    why
    bad "openssl 不认可这个时间戳或它的证书：$REPLY"
    return
  fi
  stamp_name
  text="$(TZ=CST-8 date -d "@$epoch" '+%Y-%m-%d %H:%M:%S')（北京时间），“$REPLY”"
  if ! chain_is_known "$epoch"; then
    skip "$text：证书的算法或限制不在本程序能核对之列"
  elif [ -s "$tmp/roots.pem" ]; then
    good[$it]="$text，可追溯到所给的根证书"
  else
    skip "$text：没有给出根证书（--roots），不知道签发者是不是可信的机构"
  fi
}

read_roots() { # FILES...: gathers them as PEM
  local file
  : >"$tmp/roots.pem"
  for file in "$@"; do
    [ -f "$file" ] && openssl x509 -in "$file" -noout 2>/dev/null || {
      shown "$file"
      die 3 "不是证书：$REPLY"
    }
    if [ "$(head -c 1 -- "$file" | to_hex)" = 30 ]; then
      openssl x509 -inform DER -in "$file"
    else
      cat -- "$file"
      printf '\n'
    fi >>"$tmp/roots.pem"
  done
}

# --- 8. earlier bundles -----------------------------------------------------------------------------

check_earlier() { # FOLDER
  local i place whole=yes
  for place in data data/log data/anchor; do
    [ -d "$1/$place" ] && [ ! -L "$1/$place" ] || whole=
  done
  for place in "$leaves_txt" "$checkpoint"; do
    [ -f "$1/$place" ] && [ ! -L "$1/$place" ] || whole=
  done
  if [ -z "$whole" ]; then
    shown "$1"
    die 3 "不是材料包：$REPLY"
  fi
  if [ -z "$own_note" ] || [ -z "$key_hex" ] || [ -z "$leaves_known" ]; then
    skip '检查点、公钥或 leaves.txt 缺少或不能读'
    return
  fi
  parse_leaves "$1/$leaves_txt" || { bad "以前的 leaves.txt $REPLY"; return; }
  parse_note "$1/$checkpoint" || { bad "以前的材料包：$REPLY"; return; }
  [ "$note_id" = "$own_id" ] || bad "以前的材料包属于另一个案件：$note_id"
  check_note_signature
  [ "$note_size" = "${#parsed[@]}" ] ||
    bad "以前的检查点有 $note_size 条，leaves.txt 有 ${#parsed[@]} 行"
  root_of "earlier $1" "${parsed[@]}"
  [ "$REPLY" = "$note_root" ] || bad '以前的 leaves.txt 与它的检查点不一致'
  for ((i = 0; i < ${#parsed[@]}; i++)); do
    if [ "${parsed[i]}" != "${leaf[i]-}" ]; then
      bad "从记录 $i 起与以前的材料包不同"
      return
    fi
  done
  good[$it]="以前的 ${#parsed[@]} 条记录原样在前，此后新增 $((${#leaf[@]} - ${#parsed[@]})) 条"
}

# --- the whole --------------------------------------------------------------------------------------

report() { # prints the result; exits
  local i name verdict said result=INTACT code=0
  for ((i = 1; i <= ${#items[@]}; i++)); do
    name=${items[i - 1]} verdict=INTACT said=${good[$i]}
    if [ -n "${problems[$i]}" ]; then
      verdict='NOT INTACT' said=${problems[$i]} result='NOT INTACT' code=10
      [ "${count[$i]}" -le 3 ] || said+="（另有 $((count[$i] - 3)) 处）"
    elif [ -n "${open_points[$i]}" ]; then
      verdict='NOT CHECKED' said=${open_points[$i]}
      [ "$code" -ne 0 ] || { result='INTACT, NOT COMPLETE' code=11; }
    fi
    printf '%s\t%s\t%s\n' "$verdict" "$name" "$said"
  done
  printf '\n案件共有 %d 条记录：公开 %d 条，隐去 %d 条（只隐去内容）。\n' \
    "${#leaf[@]}" "$disclosed" "$((${#leaf[@]} - disclosed))"
  printf '原始文件：随附 %d 个，没有随附 %d 个。\n' "$present" "${#withheld[@]}"
  [ -n "$anchored" ] ||
    printf '没有时间戳，也没有给出以前的材料包：没有外部的东西能固定这份记录的时间。\n'
  printf '%s\n' '这些核对不能说明什么：' \
    '* 不证明通话或消息确实发生、说话人是谁，也不证明导入之前没有剪辑。' \
    '* 不证明所列的形成时间真实；文件名和设备时间可以被改动。' \
    '* packet.pdf、摘录和文字只由清单固定，清单可以连同文件一起换掉；以记录和原始文件为准。' \
    '* bag-info.txt 中的日期、程序版本和说明没有核对；日期是投诉人电脑上的。' \
    '* 记录和密钥由投诉人一方掌握。没有外部时间戳、也没有事先交给他人的检查点时，不能排除整份记录重新制作过。' \
    '* 时间戳只说明文件在该时间之前已经存在，不说明内容真实。' ''
  case $code in
    0) printf '结论：所有项目都一致。\n' ;;
    10) printf '结论：有不一致的项目，见上面标为 NOT INTACT 的行。\n' ;;
    *) printf '结论：核对过的项目都一致；标为 NOT CHECKED 的没有核对，不能当作已通过。\n' ;;
  esac
  printf 'RESULT: %s\n' "$result"
  exit "$code"
}

clean_path() { # tools are not looked for in the folder that this runs in: it will be the bundle
  local part rest=$PATH: kept=
  while [ -n "$rest" ]; do
    part=${rest%%:*} rest=${rest#*:}
    case $part in /*) kept+=${kept:+:}$part ;; esac
  done
  PATH=$kept
}

check_tools() {
  local tool
  if [ "${BASH_VERSINFO[0]}" -lt 4 ] || [ "${BASH_VERSINFO[0]}${BASH_VERSINFO[1]}" -lt 43 ]; then
    die 5 "bash 的版本 $BASH_VERSION 太旧，需要 4.3 或更新"
  fi
  for tool in sha256sum openssl base64 od tr cut split mktemp stat date head cat wc mkdir rm; do
    command -v "$tool" >/dev/null || die 5 "缺少工具 $tool"
  done
  has_basenc=
  ! command -v basenc >/dev/null || has_basenc=yes
}

make_folder() { # sets tmp: in memory unless TMPDIR says otherwise or the entries are many
  local place=${TMPDIR:-} most=$((256 << 20))
  if [ -z "$place" ] && [ -d /dev/shm ] && [ -w /dev/shm ] && [ -f "$entries_jsonl" ] &&
    [ "$(stat -c %s -- "$entries_jsonl")" -lt "$most" ]; then
    place=/dev/shm
  fi
  tmp=$(mktemp -d -p "${place:-/tmp}") || die 3 '不能建立临时文件夹'
}

check_openssl() { # test 2 of RFC 8032 section 7.1
  printf 'r' >"$tmp/signed"
  printf '%s\n' 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da \
    085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00 | from_hex >"$tmp/signature"
  printf '%s\n' '-----BEGIN PUBLIC KEY-----' \
    MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw= \
    '-----END PUBLIC KEY-----' >"$tmp/test.pem"
  openssl pkeyutl -verify -pubin -inkey "$tmp/test.pem" -rawin -in "$tmp/signed" \
    -sigfile "$tmp/signature" >/dev/null 2>&1 ||
    die 5 '这里的 openssl 不能核对 Ed25519 签名，需要 OpenSSL 3'
}

main() {
  local bundle= roots=() earlier=() path
  clean_path
  while [ $# -gt 0 ]; do
    case $1 in
      --roots | --earlier)
        [ $# -gt 1 ] || { usage >&2; exit 2; }
        path=$2
        case $path in /*) ;; *) path=$PWD/$path ;; esac
        if [ "$1" = --roots ]; then roots+=("$path"); else earlier+=("$path"); fi
        shift 2
        ;;
      -h | --help)
        usage
        exit 0
        ;;
      -*)
        usage >&2
        exit 2
        ;;
      *)
        [ -z "$bundle" ] || { usage >&2; exit 2; }
        bundle=$1
        shift
        ;;
    esac
  done
  check_tools
  if [ -z "$bundle" ]; then
    case ${BASH_SOURCE[0]} in */*) bundle=${BASH_SOURCE[0]%/*}/.. ;; *) bundle=.. ;; esac
  fi
  shown "$bundle"
  case $bundle in /*) ;; *) bundle=./$bundle ;; esac
  cd -- "$bundle" 2>/dev/null || die 3 "没有这个文件夹：$REPLY"
  if [ ! -f bagit.txt ] && [ ! -f "$checkpoint" ]; then die 3 "不是材料包：$REPLY"; fi
  shopt -s nullglob dotglob extglob
  make_folder
  trap 'rm -rf -- "$tmp"' EXIT
  trap 'exit 130' INT TERM HUP
  check_openssl
  read_roots "${roots[@]}"
  item manifests
  walk '' 0
  measure
  check_manifests
  item entries && check_entries
  item root && check_root
  item signature && check_signature
  item exhibits && check_exhibits
  check_derived
  anchored=
  for path in "${paths[@]}"; do
    if [[ $path =~ ^data/anchor/([0-9]{3})\.tsr$ ]]; then
      anchored=yes
      item "timestamp ${BASH_REMATCH[1]}" && check_timestamp "${BASH_REMATCH[1]}"
    fi
  done
  for path in "${earlier[@]}"; do
    anchored=yes
    item earlier && check_earlier "$path"
  done
  report
}

main "$@"
