#!/usr/bin/env bash
# A real Postfix on loopback that takes every message and lays it into one maildir; nothing leaves the machine.
#
#   postfix.sh start PORT FOLDER   write a configuration into FOLDER, start, return once the port answers
#   postfix.sh stop FOLDER         stop it; the maildir stays
#
# Mail lies in FOLDER/mail/new, one file per delivery, with X-Original-To and Delivered-To on top.
# An address at refuse.test is refused for good (550), one at later.test for now (450).
# Needs root, as Postfix's master does, and Debian's package postfix.
set -euo pipefail

die() { printf 'postfix.sh: %s\n' "$*" >&2; exit 1; }

write_configuration() {
  local port=$1 dir=$2 uid gid
  uid=$(id -u postfix) gid=$(id -g postfix)
  mkdir -p "$dir"/{etc,spool,state,mail}
  # Postfix's own children run as another user and must be able to walk here.
  chmod 755 "$dir"
  chown postfix "$dir/state" "$dir/mail"
  cat > "$dir/etc/main.cf" <<C
compatibility_level = 3.6
config_directory = $dir/etc
queue_directory = $dir/spool
data_directory = $dir/state
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
myhostname = mail.beispiel.test
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access regexp:$dir/etc/recipients
# Every domain is ours, and every address has the one mailbox.
virtual_mailbox_domains = regexp:$dir/etc/domains
virtual_mailbox_maps = regexp:$dir/etc/mailboxes
virtual_mailbox_base = $dir
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
virtual_minimum_uid = 1
virtual_transport = virtual
default_transport = error:5.7.1 this server sends nothing out
alias_maps =
local_recipient_maps =
# Messages are kept as they came: no header is added or changed for a client on loopback.
local_header_rewrite_clients =
always_add_missing_headers = no
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
maximal_queue_lifetime = 1h
notify_classes =
smtputf8_enable = yes
biff = no
C
  printf '%s\n' '/@refuse\.test$/ 550 5.1.1 no such mailbox' '/@later\.test$/ 450 4.2.0 come back later' > "$dir/etc/recipients"
  echo '/./ ok' > "$dir/etc/domains"
  echo '/@/ mail/' > "$dir/etc/mailboxes"
  cat > "$dir/etc/master.cf" <<C
127.0.0.1:$port inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
C
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

case ${1:-} in
  start)
    port=${2:?port} dir=${3:?folder}
    [[ $EUID == 0 ]] || die "must be root"
    command -v postfix >/dev/null || die "postfix is not installed"
    mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
    answers "$port" && die "something listens on port $port already"
    write_configuration "$port" "$dir"
    # The daemon gets its own descriptors, so that a caller reading ours does not wait for it.
    postfix -c "$dir/etc" start </dev/null >>"$dir/start.log" 2>&1 || { cat "$dir/start.log" >&2; die "did not start"; }
    for _ in $(seq 100); do answers "$port" && exit 0; sleep 0.1; done
    cat "$dir/start.log" "$dir/postfix.log" >&2 || true
    die "port $port does not answer"
    ;;
  stop)
    dir=${2:?folder}
    [[ -d $dir/etc ]] || exit 0
    postfix -c "$(cd "$dir" && pwd)/etc" stop </dev/null >>"$dir/start.log" 2>&1 || true
    ;;
  *) die "start PORT FOLDER | stop FOLDER" ;;
esac
