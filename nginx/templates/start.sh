#!/bin/sh
# Starts nginx in a container, instead of `nginx` itself. The script derives variables of the templates from
# the settings, then the entry point of the image renders the templates. Arguments go to nginx: `start.sh -t`.
set -eu

fail() {
  echo "start.sh: $*" >&2
  exit 1
}

# nginx rejects a log format after `off`.
case $SKEIN_NGINX_ACCESS_LOG in
  off) SKEIN_NGINX_ACCESS_LOG_VALUE=off ;;
  *) SKEIN_NGINX_ACCESS_LOG_VALUE="$SKEIN_NGINX_ACCESS_LOG skein" ;;
esac
export SKEIN_NGINX_ACCESS_LOG_VALUE

# SRV records give each node a name of its own, which `hash … consistent` places by. ip_hash places by the
# position of a node in the DNS reply, which differs between nginx replicas and resolves.
SKEIN_NGINX_POLICY_VALUE=$SKEIN_NGINX_POLICY
if [ "$SKEIN_NGINX_NODES_FROM/$SKEIN_NGINX_POLICY" = srv/ip_hash ]; then
  SKEIN_NGINX_POLICY_VALUE='hash $skein_ip_network consistent'
fi
export SKEIN_NGINX_POLICY_VALUE

# `auto`: the name servers of this container; nginx requires brackets around IPv6 addresses.
if [ "$SKEIN_NGINX_RESOLVER" = auto ]; then
  SKEIN_NGINX_RESOLVER=$(awk '$1 == "nameserver" { print ($2 ~ /:/ ? "[" $2 "]" : $2) }' /etc/resolv.conf | xargs)
  [ -n "$SKEIN_NGINX_RESOLVER" ] || fail "/etc/resolv.conf has no name server: set SKEIN_NGINX_RESOLVER"
fi
export SKEIN_NGINX_RESOLVER

# A Service name of Kubernetes ends with `.svc` and lacks the domain of the cluster, which the search list
# has.
name=${SKEIN_NGINX_NODES%:*}
port=${SKEIN_NGINX_NODES#"$name"}
case $name in
  *.svc)
    domain=$(awk '$1 == "search" { for (i = 2; i <= NF; i++) if (sub(/^svc\./, "", $i)) { print $i; exit } }' /etc/resolv.conf)
    [ -n "$domain" ] || fail "/etc/resolv.conf has no svc.DOMAIN: add the domain of the cluster to SKEIN_NGINX_NODES"
    SKEIN_NGINX_NODES=$name.$domain$port
    ;;
esac
export SKEIN_NGINX_NODES

exec /docker-entrypoint.sh nginx -c /etc/nginx/conf.d/skein.conf -g 'daemon off;' "$@"
