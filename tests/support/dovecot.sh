#!/usr/bin/env bash
# A real Dovecot on loopback; every user exists and has the password "geheim", nothing leaves the machine.
#
#   dovecot.sh start PORT TLSPORT FOLDER   write a configuration into FOLDER, start, return once both ports answer
#   dovecot.sh stop FOLDER                 stop it; the mail stays
#
# FOLDER holds beforehand: cert.pem and key.pem (the server's), token.key (with what tokens are signed, HS256).
# On PORT lines begin in clear and may become TLS, on TLSPORT they are TLS. Mail lies in FOLDER/mail/USER.
# Needs root, as Dovecot's master does, and Debian's packages dovecot-core and dovecot-imapd, version 2.3.
set -euo pipefail

die() { printf 'dovecot.sh: %s\n' "$*" >&2; exit 1; }

write_configuration() {
  local port=$1 tls=$2 dir=$3
  mkdir -p "$dir"/{run,state,mail,keys/default/HS256}
  # Dovecot's own children run as other users and must be able to walk here.
  chmod 755 "$dir"
  chown mail:mail "$dir/mail"
  base64 -w0 < "$dir/token.key" > "$dir/keys/default/HS256/default"
  chown -R root:dovecot "$dir/keys"
  chmod -R u=rwX,g=rX,o= "$dir/keys"
  cat > "$dir/oauth.conf" <<C
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dir/keys/
username_attribute = sub
C
  cat > "$dir/dovecot.conf" <<C
base_dir = $dir/run
state_dir = $dir/state
log_path = $dir/dovecot.log
instance_name = rechtzeitig-tests
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$dir/cert.pem
ssl_key = <$dir/key.pem
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:$dir/mail/%u
mail_fsync = never
mail_max_userip_connections = 100
# Others run beside it, and many tests at once.
default_vsz_limit = 1G
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $dir/oauth.conf
}
passdb {
  driver = static
  mechanisms = plain login
  args = password=geheim
}
userdb {
  driver = static
  args = uid=mail gid=mail home=$dir/mail/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
}
# Wrong passwords of some tests must not slow down the others, who come from the same address.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = $port
  }
  inet_listener imaps {
    port = $tls
    ssl = yes
  }
}
C
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

case ${1:-} in
  start)
    port=${2:?port} tls=${3:?port for TLS} dir=${4:?folder}
    [[ $EUID == 0 ]] || die "must be root"
    command -v dovecot >/dev/null || die "dovecot is not installed"
    dir=$(cd "$dir" && pwd)
    for one in "$port" "$tls"; do answers "$one" && die "something listens on port $one already"; done
    write_configuration "$port" "$tls" "$dir"
    # The daemon gets its own descriptors, so that a caller reading ours does not wait for it.
    dovecot -c "$dir/dovecot.conf" </dev/null >>"$dir/start.log" 2>&1 || { cat "$dir/start.log" >&2; die "did not start"; }
    for _ in $(seq 100); do answers "$port" && answers "$tls" && exit 0; sleep 0.1; done
    cat "$dir/start.log" "$dir/dovecot.log" >&2 || true
    die "port $port or $tls does not answer"
    ;;
  stop)
    dir=${2:?folder}
    [[ -f $dir/dovecot.conf ]] || exit 0
    doveadm -c "$(cd "$dir" && pwd)/dovecot.conf" stop </dev/null >>"$dir/start.log" 2>&1 || true
    ;;
  *) die "start PORT TLSPORT FOLDER | stop FOLDER" ;;
esac
