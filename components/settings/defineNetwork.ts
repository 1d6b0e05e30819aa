import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { NetworkArgs } from "../network";
import { Problems } from "../source/problems";
import { authoritiesIn } from "./certificates";
import { checkConfig } from "./check";
import { defined } from "./defined";
import { refusal } from "./refusal";
import type { StackSecrets, StackSettings } from "./schema";
import { type networkSchema, networkSecrets } from "./schema/network";
import { wheelsArchive } from "./wheels";

/** A machine's network, as a stack's settings describe it: docs/settings.md is the reference. */
export type NetworkSettings = z.input<typeof networkSchema>;

/** What opens the proxy and the package index. */
export interface NetworkCredentials {
  /** USER:PASSWORD. @default none */
  proxyCredentials?: string | undefined;
  /** USER:PASSWORD, or a token. @default none */
  pythonIndexCredentials?: string | undefined;
}

/**
 * Checks the settings of a machine's network and reads the files they name. Nothing is changed anywhere.
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function defineNetwork(
  network: NetworkSettings,
  credentials: NetworkCredentials = {},
): Promise<NetworkArgs | undefined> {
  const isSecret = (key: string): boolean => Object.hasOwn(networkSecrets, key);
  const { parts, problems } = checkConfig({ network, ...credentials }, isSecret, [
    "network",
    ...Object.keys(networkSecrets),
  ]);
  const found = new Problems();
  const { network: checked } = parts;
  const args = checked && (await found.collect(() => networkArgs(checked, parts)));
  problems.push(...found.all);
  if (problems.length > 0) throw refusal("the settings of the network", problems);
  return args;
}

/**
 * The network with what its files hold; undefined for the open internet, which needs nothing.
 * @throws SourceError with every file that can't be used
 */
export async function networkArgs(
  settings: StackSettings["network"],
  secrets: Partial<StackSecrets>,
): Promise<NetworkArgs | undefined> {
  const { caCertificates: files, wheels: folder, ...plain } = settings;
  const problems = new Problems();
  const certificates: string[] = [];
  for (const [index, file] of files.entries()) {
    const key = `network.caCertificates[${index}]`;
    certificates.push(...((await problems.collect(() => authoritiesIn(key, file))) ?? []));
  }
  const wheels = folder === undefined ? undefined : await problems.collect(() => wheelsArchive(folder));
  problems.throwIfAny();
  const given = [...certificates, plain.proxy, plain.aptMirror, plain.pythonIndex, wheels];
  if (given.every((one) => one === undefined)) return undefined;
  return defined({
    ...plain,
    wheels,
    caCertificates: [...new Set(certificates)],
    proxyCredentials: secretly(secrets.proxyCredentials),
    pythonIndexCredentials: secretly(secrets.pythonIndexCredentials),
  });
}

const secretly = (text: string | undefined): pulumi.Output<string> | undefined =>
  text === undefined ? undefined : pulumi.secret(text);
