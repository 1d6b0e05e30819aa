/** A stand-in for Pulumi's `aws` plugin; README.md in this folder says what it is and is not. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Provider } from "@pulumi/pulumi/provider";

import { differs, hasSecret, plain } from "../../../tools/command-plugin/properties";
import type { Properties } from "../../../tools/command-plugin/resource";
import { nameIn, serve, typeIn } from "../../../tools/command-plugin/serve";
import { Account, newId } from "./account";
import { type AwsType, types } from "./types";

const account = new Account(process.env["AWS_STAND_IN"] ?? "");

function typeOf(urn: string): AwsType {
  const type = types[typeIn(urn)];
  if (type === undefined) throw new Error(`${typeIn(urn)} is not in this stand-in for AWS`);
  return type;
}

/** Inputs without the marks that Pulumi's SDK puts among them. */
const given = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !name.startsWith("__")));

/** @throws when something that exists names this resource. */
function refuseWhileNeeded(id: string, { neededBy = [] }: AwsType): void {
  for (const place of neededBy) {
    const [type = "", input = ""] = place.split(".");
    const [user] = account.ofType(type).filter(([, properties]) => properties[input] === id);
    if (user) throw new Error(`DependencyViolation: ${id} is needed by ${user[0]}`);
  }
}

/** How often a newer image was published. */
function publication(): number {
  const file = join(account.folder, "publication");
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 1;
}

function image(parameter: string): string {
  const debian = /^\/aws\/service\/debian\/release\/(\d+)\/latest\/(\w+)$/.exec(parameter);
  const ubuntu =
    /^\/aws\/service\/canonical\/ubuntu\/server\/([\d.]+)\/stable\/current\/(\w+)\/hvm\/ebs-gp3\/ami-id$/.exec(
      parameter,
    );
  const [, release, architecture] = debian ?? ubuntu ?? [];
  if (release === undefined) throw new Error(`ParameterNotFound: ${parameter}`);
  return `ami-${debian ? "debian" : "ubuntu"}-${release}-${architecture ?? ""}-${publication()}`;
}

const functions: Record<string, (inputs: Properties) => Properties> = {
  "aws:ssm/getParameter:getParameter": ({ name }) => ({ insecureValue: image(String(name)) }),
  "aws:index/getRegion:getRegion": () => ({ region: "eu-central-1" }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws" }),
  "aws:ec2/getSubnets:getSubnets": ({ tags = {} }) => ({ ids: subnets(tags as Properties) }),
  "aws:ec2/getSubnet:getSubnet": ({ id }) => {
    const subnet = account.get(String(id));
    if (!subnet) throw new Error(`InvalidSubnetID.NotFound: ${String(id)}`);
    return { id, ...subnet };
  },
};

/** The subnets that have all of these tags. */
function subnets(tags: Properties): string[] {
  return account
    .ofType("aws:ec2/subnet:Subnet")
    .filter(([, subnet]) => {
      const own = (subnet["tags"] ?? {}) as Properties;
      return Object.entries(tags).every(([name, value]) => own[name] === value);
    })
    .map(([id]) => id);
}

const provider: Provider = {
  version: "7.48.0",

  check(urn, old: Properties | undefined, inputs: Properties) {
    const { named } = typeOf(urn);
    const own = given(inputs);
    if (named === undefined || own[named] !== undefined) return Promise.resolve({ inputs: own });
    const madeUp = old?.[named] ?? `${nameIn(urn)}-${newId("").slice(-7)}`;
    return Promise.resolve({ inputs: { ...own, [named]: madeUp } });
  },

  diff(_id, urn, old: Properties, inputs: Properties) {
    const { replaces } = typeOf(urn);
    const names = new Set([...((old["__inputs"] ?? []) as string[]), ...Object.keys(inputs)]);
    const changed = [...names].filter((name) => !name.startsWith("__") && differs(old[name], inputs[name]));
    return Promise.resolve({
      changes: changed.length > 0,
      replaces: changed.filter((name) => replaces.includes(name)),
    });
  },

  // The inputs go back as they came, so that what was secret stays secret in the state.
  async create(urn, inputs: Properties) {
    const type = typeOf(urn);
    const id = newId(type.prefix);
    const own = plain(inputs) as Properties;
    // It exists from here on, whatever becomes of the run.
    account.put(id, { type: typeIn(urn), properties: own });
    try {
      const outputs = (await type.create?.(account, id, own)) ?? {};
      account.put(id, { type: typeIn(urn), properties: { ...own, ...outputs } });
      return { id, outs: { ...inputs, ...outputs, __inputs: Object.keys(inputs) } };
    } catch (error) {
      account.remove(id);
      throw error;
    }
  },

  update(id, urn, old: Properties, inputs: Properties) {
    const before = account.get(id);
    if (!before) throw new Error(`${id} does not exist`);
    const own = plain(inputs) as Properties;
    typeOf(urn).update?.(account, id, before, own);
    account.put(id, { type: typeIn(urn), properties: { ...before, ...own } });
    return Promise.resolve({ outs: { ...old, ...inputs, __inputs: Object.keys(inputs) } });
  },

  read(id, _urn, props: Properties) {
    const found = account.get(id);
    return Promise.resolve(found ? { id, props: { ...props, ...secretsKept(props, found) } } : {});
  },

  async delete(id, urn) {
    const type = typeOf(urn);
    const properties = account.get(id);
    if (!properties) return;
    refuseWhileNeeded(id, type);
    await type.delete?.(account, id, properties);
    account.remove(id);
  },

  invoke(token, inputs: Properties) {
    const call = functions[token];
    if (!call) throw new Error(`${token} is not in this stand-in for AWS`);
    return Promise.resolve({ outputs: { ...inputs, ...call(plain(inputs) as Properties) } });
  },
};

/** What exists, without that which the state keeps as a secret. */
const secretsKept = (props: Properties, found: Properties): Properties =>
  Object.fromEntries(Object.entries(found).filter(([name]) => !hasSecret(props[name])));

serve(provider, "pulumi-resource-aws");
