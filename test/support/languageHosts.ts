import { copyFileSync, chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

import { goBuild } from "../../tools/toolchain/goBuild";
import { paths } from "../../tools/toolchain/environment";
import { languageHostSource } from "../../tools/toolchain/pins";
import { output } from "../../tools/toolchain/process";

/** Where Pulumi's language hosts for YAML and Python are built, with what writes a package's Python SDK. */
export const hosts = join(paths.local, "language-hosts");

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/**
 * Builds from Go modules what runs Pulumi programs in YAML and Python here; the last versions that a registry has.
 * @throws when Go is missing, or what its compiler said last
 */
export async function buildLanguageHosts(): Promise<void> {
  mkdirSync(hosts, { recursive: true });
  const missing = (name: string): boolean => !existsSync(join(hosts, name));
  if (missing("pulumi-language-yaml")) {
    const program = "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml";
    await goBuild({ folder: "yaml-host", program, version: "1.10.0" }, `${hosts}/`);
  }
  if (missing("python-sdk"))
    await goBuild({ folder: "pulumi", program: "pulumi/python-sdk", version: "0.0.0" }, `${hosts}/`);
  if (missing("pulumi-language-python")) {
    const modules = join(__dirname, "../../tools/toolchain/build/language-host");
    // A script that goes with the host.
    const download = ["-C", modules, "mod", "download", "-json", sdk];
    const { Dir: folder } = JSON.parse(await output("go", download, process.env)) as { Dir: string };
    const script = join(hosts, "pulumi-language-python-exec");
    copyFileSync(join(folder, "python/cmd/pulumi-language-python-exec"), script);
    chmodSync(script, 0o755);
    const program = `${sdk}/python/cmd/pulumi-language-python`;
    await goBuild({ folder: "language-host", program, version: languageHostSource }, `${hosts}/`);
  }
}
