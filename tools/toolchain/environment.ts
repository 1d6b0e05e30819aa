import { spawnSync } from "node:child_process";
import { delimiter, join, resolve } from "node:path";

/** The folder of this checkout. */
export const checkout = resolve(__dirname, "../..");

const local = join(checkout, ".local");
const pulumiHome = join(local, "pulumi-home");

/** Where everything goes that `npm start` and `npm test` make: below the git-ignored .local/ of the checkout. */
export const paths = {
  local,
  /** Programs: pulumi and its language host, shellcheck, shfmt. */
  bin: join(local, "bin"),
  pulumiHome,
  plugins: join(pulumiHome, "plugins"),
  /** The local stack's state, in Pulumi's own layout. */
  state: join(local, "state"),
  /** What the local stack's secrets are encrypted with. */
  passphrase: join(local, "passphrase"),
  /** Which tools were found or got, so that later runs need not look. */
  record: join(local, "toolchain.json"),
};

/** This process's environment without what would lead Pulumi away from the local stack. */
function inherited(): NodeJS.ProcessEnv {
  const unwanted = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_STACK", ...(agentIsDead() ? ["SSH_AUTH_SOCK"] : [])];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !unwanted.includes(name)));
}

/**
 * The environment in which `pulumi` works on the local stack: programs, plugins, state and passphrase of this checkout;
 * nothing of ~/.pulumi is read or changed. Ready for use once `ensureToolchain` is through.
 */
export function pulumiEnvironment(): NodeJS.ProcessEnv {
  return {
    ...inherited(),
    PATH: searchPath(),
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: `file://${paths.state}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
    // The engine would look for the plugin of every @pulumi package in node_modules.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** PATH, with this checkout's programs first. */
export function searchPath(): string {
  return [paths.bin, process.env["PATH"]].filter((part) => part !== undefined).join(delimiter);
}

/** An SSH agent that is gone makes connections fail that do not even need one. */
function agentIsDead(): boolean {
  if (!process.env["SSH_AUTH_SOCK"]) return false;
  const { status, error } = spawnSync("ssh-add", ["-l"], { stdio: "ignore", timeout: 2000 });
  return status === 2 || (error as NodeJS.ErrnoException | undefined)?.code === "ETIMEDOUT";
}
