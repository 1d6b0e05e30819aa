import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineEvent, LocalWorkspace, type PulumiFn } from "@pulumi/pulumi/automation";
import { searchPath } from "../../tools/toolchain/environment";
import { plugins } from "./plugins";

const project = "command-plugin";
const stackName = "cases";

/** What one run of the engine did to one resource. */
export interface Observation {
  op: string;
  /** Errors that the resource ended with, as the user reads them. */
  errors: string[];
  warnings: string[];
  /** The lines shown while it was worked on. */
  status: string[];
}

/** A resource as the state keeps it: secrets are encrypted. */
export interface Kept {
  id: string;
  outputs: Record<string, unknown>;
}

export type CommandStack = Exclude<Awaited<ReturnType<typeof openStack>>, { missing: string }>;

/** A stack on a backend folder (by default its own), run by the real engine with one of the two plugins; or why it is missing. */
export async function openStack(plugin: keyof typeof plugins, backend?: string) {
  const home = mkdtempSync(join(tmpdir(), "command-plugin-"));
  const missing = plugins[plugin](home);
  if (missing !== undefined) {
    rmSync(home, { recursive: true });
    return { missing };
  }
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName: project, program: () => Promise.resolve() },
    {
      pulumiHome: home,
      envVars: {
        PATH: searchPath(),
        PULUMI_BACKEND_URL: `file://${backend ?? home}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // An agent of the person who runs the tests would log in where nobody should get in.
        SSH_AUTH_SOCK: "",
      },
    },
  );
  const stateFile = join(backend ?? home, ".pulumi", "stacks", project, `${stackName}.json`);
  const deployment = () => {
    const { checkpoint } = JSON.parse(readFileSync(stateFile, "utf8")) as {
      checkpoint: { latest: { resources?: (Kept & { urn: string })[] } };
    };
    return new Map((checkpoint.latest.resources ?? []).map((resource) => [nameOf(resource.urn), resource]));
  };
  return {
    /** Goes on after a failed resource; what happened to each is told by its name. */
    async up(program: PulumiFn): Promise<Map<string, Observation>> {
      const seen = observer();
      await stack.up({ program, continueOnError: true, onEvent: seen.event }).catch(seen.failed);
      return seen.observations;
    },
    /** The text of `pulumi preview --diff`, that of a failed one too. */
    async preview(program: PulumiFn): Promise<string> {
      const result = await stack.preview({ program, diff: true, color: "never" }).catch(String);
      return typeof result === "string" ? result : result.stdout;
    },
    async refresh(): Promise<void> {
      await stack.refresh();
    },
    async destroy(): Promise<Map<string, Observation>> {
      const seen = observer();
      await stack.destroy({ continueOnError: true, onEvent: seen.event }).catch(seen.failed);
      return seen.observations;
    },
    state: deployment,
    stateText: () => readFileSync(stateFile, "utf8"),
    close() {
      rmSync(home, { recursive: true });
    },
  };
}

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

function observer() {
  const observations = new Map<string, Observation>();
  const of = (urn: string): Observation => {
    const name = nameOf(urn);
    const known = observations.get(name) ?? { op: "none", errors: [], warnings: [], status: [] };
    observations.set(name, known);
    return known;
  };
  return {
    observations,
    event: (event: EngineEvent) => {
      // Of a replacement's steps the one called so is the one to see.
      const step = event.resourcePreEvent?.metadata;
      if (step && of(step.urn).op !== "replace") of(step.urn).op = step.op;
      const diagnostic = event.diagnosticEvent;
      if (!diagnostic?.urn) return;
      const text = diagnostic.message.replaceAll(/<\{%.*?%\}>/g, "").trimEnd();
      const { errors, warnings, status } = of(diagnostic.urn);
      if (diagnostic.severity === "error") errors.push(text);
      else if (diagnostic.severity === "warning") warnings.push(text);
      else if (diagnostic.ephemeral) status.push(text);
    },
    /** A run in which resources failed also fails itself; anything else must be seen. */
    failed: (error: unknown) => {
      if (![...observations.values()].some(({ errors }) => errors.length > 0)) throw error;
    },
  };
}
