import { renameSync } from "node:fs";
import { join } from "node:path";

import { givenArchive, inNewFolder, unpack } from "./archives";
import { goBuild } from "./goBuild";
import { goPlatform, languageHostSource, pulumi } from "./pins";
import type { Place } from "./place";
import { isProgram } from "./process";
import { firstThatWorks } from "./ways";

/** The program that runs Node.js programs for Pulumi. */
export const languageHost = "pulumi-language-nodejs";

/**
 * Gets the Node.js language host. Pulumi's own download, which comes first, has put it beside `pulumi` already; the
 * engine warns about one that lies elsewhere.
 *
 * @param folder where `pulumi` is.
 * @throws one line on how to get it.
 */
export function provideLanguageHost(place: Place, folder: string): Promise<string> {
  const { platform, archives, say } = place;
  const program = join(folder, languageHost);
  return firstThatWorks<string>(
    "Pulumi's Node.js language host",
    [
      {
        name: "beside pulumi already",
        attempt: () => Promise.resolve(isProgram(program) ? program : undefined),
      },
      {
        name: "the archive in DJANGO_SERVER_TOOLCHAIN",
        attempt: async () => {
          if (archives === undefined) return undefined;
          const name = `${languageHost}-v${pulumi.version}-${goPlatform(platform)}.tar.gz`;
          const archive = await givenArchive(archives, name);
          if (archive === undefined) return undefined;
          await unpack(archive, [languageHost], folder);
          return program;
        },
      },
      {
        name: `a build from Go modules, ${languageHostSource}`,
        attempt: () =>
          inNewFolder(folder, async (fresh) => {
            say("Pulumi's Node.js language host: building it with Go, about a minute …");
            const source = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";
            await goBuild(
              { folder: "language-host", program: source, version: languageHostSource },
              `${fresh}/`,
            );
            renameSync(join(fresh, languageHost), program);
            return program;
          }),
      },
    ],
    { say, remedy: "Install Pulumi, which has it: https://www.pulumi.com/docs/install" },
  );
}
