import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const root = join(__dirname, "..", "..");
const folderName = "resource-command-v1.2.1";

/** Puts the plugin into a fresh PULUMI_HOME; returns what to put before PATH, or why it can't be had. */
type Install = (home: string) => { path: string } | { missing: string };

/** The real plugin, already installed or as a tarball, and its stand-in. */
export const plugins: Record<"the real plugin" | "the stand-in", Install> = {
  "the real plugin": (home) => {
    const installed = [process.env.PULUMI_HOME, join(root, ".local", "pulumi"), join(homedir(), ".pulumi")]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, "plugins", folderName))
      .find((folder) => existsSync(folder));
    if (installed !== undefined) {
      mkdirSync(join(home, "plugins"), { recursive: true });
      cpSync(installed, join(home, "plugins", folderName), { recursive: true });
      return { path: "" };
    }
    const toolchain = process.env.DJANGO_SERVER_TOOLCHAIN;
    const platform = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
    const tarball = join(toolchain ?? "", `pulumi-resource-command-v1.2.1-${platform}.tar.gz`);
    if (toolchain === undefined || !existsSync(tarball)) {
      return {
        missing: "not installed, and no tarball of it in the folder that DJANGO_SERVER_TOOLCHAIN names",
      };
    }
    execFileSync("pulumi", ["plugin", "install", "resource", "command", "1.2.1", "--file", tarball], {
      env: { ...process.env, PULUMI_HOME: home, PULUMI_BACKEND_URL: `file://${home}` },
      stdio: "pipe",
    });
    return { path: "" };
  },
  "the stand-in": () => ({ path: join(root, "tools", "command-plugin") + delimiter }),
};
