import type { Problem } from "../../source";
import type { Parts, Rule } from "./rule";

export const siteRules: readonly Rule[] = [
  variablesOnce,
  graceOutlastsRequests,
  processesAndTimersApart,
  twoUrlPaths,
  healthHostIsServed,
];

function variablesOnce({ environment = {}, secretEnvironment = {} }: Parts): Problem | undefined {
  const twice = Object.keys(environment).filter((name) => Object.hasOwn(secretEnvironment, name));
  if (twice.length === 0) return undefined;
  return {
    ...{ key: "environment", value: twice.join(", "), expected: "each variable in one place" },
    fix: "Remove it from environment or from secretEnvironment.",
  };
}

function graceOutlastsRequests({ gunicorn }: Parts): Problem | undefined {
  if (!gunicorn || gunicorn.gracefulTimeout >= gunicorn.timeout) return undefined;
  return {
    ...{ key: "gunicorn.gracefulTimeout", value: String(gunicorn.gracefulTimeout) },
    expected: `at least gunicorn.timeout (${gunicorn.timeout}), or a restart cuts slow requests off`,
    fix: `pulumi config set --path gunicorn.gracefulTimeout ${gunicorn.timeout}`,
  };
}

function processesAndTimersApart({ processes = {}, timers = {} }: Parts): Problem | undefined {
  const both = Object.keys(processes).filter((name) => Object.hasOwn(timers, name));
  if (both.length === 0) return undefined;
  return {
    ...{
      key: "timers",
      value: both.join(", "),
      expected: "other names than those of processes: they share logs",
    },
    fix: "Rename it, there or in processes.",
  };
}

function twoUrlPaths({ nginx }: Parts): Problem | undefined {
  if (!nginx || nginx.staticUrl !== nginx.mediaUrl) return undefined;
  return {
    ...{ key: "nginx.mediaUrl", value: nginx.mediaUrl, expected: "another path than nginx.staticUrl" },
    fix: "Set both to the app's own STATIC_URL and MEDIA_URL.",
  };
}

function healthHostIsServed({ site, health }: Parts): Problem | undefined {
  if (!site || health?.host === undefined || site.domains.includes(health.host)) return undefined;
  return {
    ...{ key: "health.host", value: health.host, expected: "one of site.domains, which nginx serves" },
    fix: "Add it to site.domains, or leave it out: then it is the first of them.",
  };
}
