import { homedir } from "node:os";
import { join, resolve } from "node:path";

import { paths, searchPath } from "./environment";
import { type Platform, thisPlatform } from "./pins";
import type { Say } from "./ways";

/** Where tools are looked for and put. */
export interface Place {
  platform: Platform;
  /** The folder for programs that are got. */
  bin: string;
  /** The folder for plugins that are got. */
  plugins: string;
  /** Where installed programs are looked for, with `bin` first. */
  searchPath: string;
  /** The person's own plugins, which are only read. */
  ownPlugins: string;
  /** A folder of archives with a SHA256SUMS. @default none */
  archives?: string;
  say: Say;
}

/** This checkout on this computer; DJANGO_SERVER_TOOLCHAIN names the folder of archives. */
export function thisPlace(say: Say): Place {
  const archives = process.env["DJANGO_SERVER_TOOLCHAIN"];
  return {
    platform: thisPlatform(),
    bin: paths.bin,
    plugins: paths.plugins,
    searchPath: searchPath(),
    ownPlugins: join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins"),
    ...(archives && { archives: resolve(archives) }),
    say,
  };
}
