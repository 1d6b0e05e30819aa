import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { download, givenArchive, inNewFolder, unpack } from "./archives";
import { checkout } from "./environment";
import { type Pin, commandPlugin, goPlatform } from "./pins";
import type { Place } from "./place";
import { isProgram } from "./process";
import { firstThatWorks } from "./ways";

const program = "pulumi-resource-command";
/** Marks the folder of the stand-in, so that the real plugin takes its place when there is one. */
const standInMark = "stand-in";

/**
 * Gets the `command` plugin into the folder where the engine looks for it.
 *
 * @returns the path of its program.
 */
export function provideCommandPlugin(place: Place, pin: Pin = commandPlugin): Promise<string> {
  const { archives, ownPlugins, platform, say } = place;
  const name = `resource-command-v${pin.version}`;
  const folder = join(place.plugins, name);
  const archiveName = `${program}-v${pin.version}-${goPlatform(platform)}.tar.gz`;
  const put = (fill: (fresh: string) => Promise<void> | void): Promise<string> => putFolder(folder, fill);

  return firstThatWorks<string>(
    `Pulumi's command plugin ${pin.version}`,
    [
      {
        name: "installed already",
        attempt: async () => {
          if (isReal(folder)) return join(folder, program);
          const own = join(ownPlugins, name);
          return isReal(own)
            ? put((fresh) => {
                copyPlugin(own, fresh);
              })
            : undefined;
        },
      },
      {
        name: "Pulumi's download",
        attempt: () =>
          inNewFolder(place.plugins, async (fresh) => {
            const archive = await download(pin.sites, archiveName, pin.sha256[platform], fresh);
            return put((target) => unpack(archive, [program], target));
          }),
      },
      {
        name: "the archive in DJANGO_SERVER_TOOLCHAIN",
        attempt: async () => {
          const archive = archives === undefined ? undefined : await givenArchive(archives, archiveName);
          return archive === undefined ? undefined : put((target) => unpack(archive, [program], target));
        },
      },
      {
        name: "the stand-in of this project, written in TypeScript (tools/command-plugin)",
        attempt: () =>
          put((target) => {
            symlinkSync(join(checkout, "tools", "command-plugin", program), join(target, program));
            writeFileSync(join(target, standInMark), "");
          }),
      },
    ],
    { say, remedy: `Run: pulumi plugin install resource command ${pin.version}` },
  );
}

/** Whether a folder holds the real plugin, whole. */
function isReal(folder: string): boolean {
  const whole = isProgram(join(folder, program)) && !existsSync(`${folder}.partial`);
  return whole && !existsSync(join(folder, standInMark));
}

function copyPlugin(from: string, to: string): void {
  cpSync(join(from, program), join(to, program));
  chmodSync(join(to, program), 0o755);
}

/** Fills a folder beside its place, then puts it there instead of what was. */
async function putFolder(folder: string, fill: (fresh: string) => Promise<void> | void): Promise<string> {
  return inNewFolder(dirname(folder), async (fresh) => {
    const whole = join(fresh, "whole");
    mkdirSync(whole);
    await fill(whole);
    rmSync(folder, { recursive: true, force: true });
    renameSync(whole, folder);
    return join(folder, program);
  });
}
