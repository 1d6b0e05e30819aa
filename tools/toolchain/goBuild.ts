import { join } from "node:path";

import { output } from "./process";

/**
 * Builds a program from Go modules: exactly those that go.mod and go.sum in a folder beside this file pin.
 *
 * @param source.folder the folder's name in build/, holding a go.mod with a `tool` directive.
 * @param source.program the program's import path.
 * @param source.version what Pulumi's parts report as their version.
 * @param into the folder that gets the executable, named by the last part of its import path.
 * @throws when Go is missing or what the compiler said last.
 */
export async function goBuild(
  source: { folder: string; program: string; version: string },
  into: string,
): Promise<void> {
  const { folder, program, version } = source;
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  await output(
    "go",
    ["-C", join(__dirname, "build", folder), "build", "-ldflags", stamp, "-o", into, program],
    {
      ...process.env,
      GOFLAGS: "-mod=readonly -trimpath -buildvcs=false",
      GOWORK: "off",
    },
  );
}
