import type { SiteArgs } from "./args";

/** The name that a site's health is asked under. */
export const healthHost = ({ health, domains }: SiteArgs): string => health.host ?? domains[0] ?? "";
