import type { Problem } from "../../source";
import { backupRules } from "./backups";
import { machineRules } from "./machine";
import type { Given, Parts } from "./rule";
import { serviceRules } from "./services";
import { siteRules } from "./site";

const rules = [...machineRules, ...siteRules, ...serviceRules, ...backupRules];

/**
 * What one key alone cannot show: the mistakes between keys.
 * @param later secrets that are given, and whose values are not known yet
 */
export function acrossKeys(parts: Parts, later: readonly string[] = []): Problem[] {
  const given: Given = (key) => parts[key] !== undefined || later.includes(key);
  return rules.flatMap((rule) => rule(parts, given) ?? []);
}
