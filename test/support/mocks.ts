import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine would have been asked for it. */
export interface Recorded {
  type: string;
  name: string;
  /** Plain, whether secret or not. */
  inputs: Readonly<Record<string, unknown>>;
  /** The names of the inputs that arrived as secrets. */
  secrets: readonly string[];
  /** The names of the resources it waits for. */
  dependsOn: readonly string[];
  /** The name of the resource whose deletion makes its own needless. */
  deletedWith?: string;
  /** The inputs whose changes count for nothing. */
  ignoreChanges: readonly string[];
  /** The engine refuses to delete it. */
  protect: boolean;
  deleteBeforeReplace: boolean;
}

/** How resources stand to each other, which the engine is told beside their inputs. */
type Standing = Pick<
  Recorded,
  "dependsOn" | "deletedWith" | "ignoreChanges" | "protect" | "deleteBeforeReplace"
>;

/** What a provider answers. */
export interface Answers {
  /** To a call of one of its functions. @default it throws */
  call?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown>;
  /** About a resource, beside its inputs. @default nothing */
  outputs?: (type: string, name: string) => object;
}

const refused: NonNullable<Answers["call"]> = (token) => {
  throw new Error(`unexpected call of ${token}`);
};

/** What a container machine's command answers. */
export const containerFacts = {
  ...{
    id: "c0ffee".repeat(8),
    host: "127.0.0.1",
    port: 2201,
    httpPort: 8081,
    httpsPort: 8444,
    user: "debian",
  },
  ...{ hostKey: "ssh-ed25519 AAAAhost", privateKey: "-container-key-" },
};

/** What a step answers that got this text on its standard input: other for another text. */
export const answer = (stdin: unknown): string =>
  `${createHash("sha256")
    .update(JSON.stringify(stdin ?? ""))
    .digest("hex")}\n`;

/**
 * Runs a program on an engine that only records. Any call of a provider's function throws, unless `answers` has one.
 * @param build makes the resources, with the options it is given
 * @returns what it made, and the recorded resources by `TYPE NAME`
 */
export async function record<T>(
  build: (opts: pulumi.ComponentResourceOptions) => T,
  { call = refused, outputs = () => ({}) }: Answers = {},
): Promise<{ built: T; resources: Map<string, Recorded> }> {
  const resources = new Map<string, Recorded>();
  const options = new Map<string, Promise<Standing>>();
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        const { plain, secrets } = await unwrapped(inputs as Record<string, unknown>);
        resources.set(`${type} ${name}`, {
          type,
          name,
          inputs: plain,
          secrets,
          ...{ dependsOn: [], ignoreChanges: [], protect: false, deleteBeforeReplace: false },
        });
        const stdout =
          type === "command:local:Command" ? JSON.stringify(containerFacts) : answer(plain["stdin"]);
        return { id: `${name}-id`, state: { ...plain, stdout, ...outputs(type, name) } };
      },
      call: ({ token, inputs }) => call(token, inputs as Record<string, unknown>),
    },
    "django-server",
    "local",
  );
  const built = build({
    transformations: [
      ({ type, name, opts }) => {
        options.set(`${type} ${name}`, optionsOf(opts));
        return undefined;
      },
    ],
  });
  await settled(resources, options);
  for (const [key, resource] of resources) resources.set(key, { ...resource, ...(await options.get(key)) });
  return { built, resources };
}

/** The value that an output ends with. */
export const valueOf = <T>(output: pulumi.Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });

async function optionsOf({
  dependsOn = [],
  deletedWith,
  ignoreChanges = [],
  protect = false,
  deleteBeforeReplace = false,
}: pulumi.CustomResourceOptions): Promise<Standing> {
  const after: pulumi.Resource | pulumi.Resource[] = await valueOf(pulumi.output<unknown>(dependsOn));
  return {
    dependsOn: await Promise.all([after].flat().map(nameOf)),
    ...{ ignoreChanges, protect, deleteBeforeReplace },
    ...(deletedWith && { deletedWith: await nameOf(deletedWith) }),
  };
}

const nameOf = async ({ urn }: pulumi.Resource): Promise<string> =>
  (await valueOf(urn)).split("::").at(-1) ?? "";

/** Every resource that was constructed has been registered. */
async function settled(
  resources: ReadonlyMap<string, Recorded>,
  options: ReadonlyMap<string, unknown>,
): Promise<void> {
  for (let turns = 0; [...options.keys()].some((key) => !resources.has(key)); turns++) {
    if (turns > 2000) throw new Error("a resource was constructed but never registered");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** How the engine marks a secret among a resource's inputs. */
const secretMark = "4dabf18193072939515e22adb298388d";

async function unwrapped(
  inputs: Record<string, unknown>,
): Promise<{ plain: Record<string, unknown>; secrets: string[] }> {
  const plain: Record<string, unknown> = {};
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(inputs)) {
    const secret = isSecret(value);
    if (secret) secrets.push(key);
    const inner = secret ? value.value : value;
    plain[key] = inner instanceof pulumi.asset.FileAsset ? { file: await inner.path } : inner;
  }
  return { plain, secrets };
}

const isSecret = (value: unknown): value is { value: unknown } =>
  typeof value === "object" && value !== null && secretMark in value;
