import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdirSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { checkout, paths, searchPath } from "../../tools/toolchain/environment";

const name = "resource-command-v1.2.1";
const folder = join("plugins", name);
const program = "pulumi-resource-command";

/** Puts the plugin into a PULUMI_HOME of the test's own; returns why it can't be had, or undefined. */
type Install = (home: string) => string | undefined;

/** The real plugin, already installed (a link would be the stand-in) or as a tarball, and its stand-in. */
export const plugins: Record<"the real plugin" | "the stand-in", Install> = {
  "the real plugin": (home) => {
    const installed = [paths.plugins, join(homedir(), ".pulumi", "plugins")]
      .map((plugins) => join(plugins, name))
      .find((place) => existsSync(join(place, program)) && !lstatSync(join(place, program)).isSymbolicLink());
    if (installed !== undefined) {
      cpSync(installed, join(home, folder), { recursive: true });
      return undefined;
    }
    const toolchain = process.env.DJANGO_SERVER_TOOLCHAIN;
    const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
    const tarball = join(toolchain ?? "", `pulumi-resource-command-v1.2.1-${platform}.tar.gz`);
    if (toolchain === undefined || !existsSync(tarball)) {
      return "not installed, and no tarball of it is in the folder that DJANGO_SERVER_TOOLCHAIN names";
    }
    execFileSync("pulumi", ["plugin", "install", "resource", "command", "1.2.1", "--file", tarball], {
      env: { ...process.env, PATH: searchPath(), PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${home}` },
      stdio: "pipe",
    });
    return undefined;
  },
  "the stand-in": (home) => {
    mkdirSync(join(home, folder), { recursive: true });
    symlinkSync(join(checkout, "tools", "command-plugin", program), join(home, folder, program));
    return undefined;
  },
};
