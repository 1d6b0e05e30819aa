import { header } from "./header";

/**
 * `/etc/redis/redis-SITE.conf`, as far as it is not made on the machine: that part, with the port, the password and the
 * memory, is included at its end. Every write reaches the disk within a second
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/), so that a crash costs a second of a
 * queue; snapshots beside would only take memory.
 */
export const renderRedis = (site: string, eviction: string): string => `${header("#")}
bind 127.0.0.1
protected-mode yes
dir /var/lib/redis/${site}
pidfile /run/redis-${site}/redis-server.pid
logfile /var/log/redis/redis-server-${site}.log

appendonly yes
appendfsync everysec
save ""

maxmemory-policy ${eviction}
include /etc/redis/redis-${site}-machine.conf
`;
