import { existsSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";

import { download, givenArchive, inNewFolder, unpack } from "./archives";
import { goBuild } from "./goBuild";
import { languageHost } from "./languageHost";
import { type Pin, goPlatform, pulumi } from "./pins";
import type { Place } from "./place";
import { findAll, output } from "./process";
import { firstThatWorks } from "./ways";

/** An installed release is used from this one on, within the same major version. */
const oldest = { major: 3, minor: 200 };

/**
 * Gets Pulumi's command line; Pulumi's own download brings the language host along.
 *
 * @returns the path of `pulumi`.
 * @throws one line on how to get it.
 */
export function providePulumi(place: Place, pin: Pin = pulumi): Promise<string> {
  const { bin, platform, archives, say } = place;
  const program = join(bin, "pulumi");
  return firstThatWorks<string>(
    `Pulumi ${pin.version}`,
    [
      { name: "installed already", attempt: () => installed(place) },
      {
        name: "Pulumi's download",
        attempt: () =>
          inNewFolder(bin, async (fresh) => {
            const name = `pulumi-v${pin.version}-${platform}.tar.gz`;
            const archive = await download(pin.sites, name, pin.sha256[platform], fresh);
            await unpack(archive, [languageHost, "pulumi"], bin);
            return program;
          }),
      },
      {
        name: "the archive in DJANGO_SERVER_TOOLCHAIN",
        attempt: async () => {
          if (archives === undefined) return undefined;
          const archive = await givenArchive(
            archives,
            `pulumi-v${pin.version}-${goPlatform(platform)}.tar.gz`,
          );
          if (archive === undefined) return undefined;
          await unpack(archive, ["pulumi"], bin);
          return program;
        },
      },
      {
        name: "a build from Go modules",
        attempt: () =>
          inNewFolder(bin, async (fresh) => {
            say(`Pulumi ${pin.version}: building it with Go; the first time takes some minutes …`);
            const source = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
            await goBuild({ folder: "pulumi", program: source, version: pin.version }, `${fresh}/`);
            renameSync(join(fresh, "pulumi"), program);
            return program;
          }),
      },
    ],
    {
      say,
      remedy:
        "Install it (https://www.pulumi.com/docs/install), or Go 1.26 or newer (https://go.dev/dl) to build it here.",
    },
  );
}

/** The `pulumi` that is first on the search path, if it suits: new enough, its language host beside it. */
async function installed({ bin, searchPath, say }: Place): Promise<string | undefined> {
  const [program] = findAll("pulumi", searchPath);
  if (program === undefined) return undefined;
  // Ours may wait for its language host still.
  const whole = dirname(program) === bin || existsSync(join(dirname(program), languageHost));
  const version = (await output(program, ["version"]).catch(() => "broken")).trim();
  if (whole && suits(version)) return program;
  const lack = whole
    ? `which is not ${oldest.major}.${oldest.minor} or newer`
    : `without ${languageHost} beside it`;
  say(`${program} is not used: it is ${version}, ${lack}`);
  return undefined;
}

/** Whether what `pulumi version` says is new enough and of the same major version. */
export function suits(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) === oldest.major && Number(minor) >= oldest.minor;
}
