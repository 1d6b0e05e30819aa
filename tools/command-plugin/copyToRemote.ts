import { randomBytes } from "node:crypto";
import { opendir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { posix } from "node:path";
import { checkConnection, type Connection } from "./connection";
import { dial } from "./dial";
import { isArchive, isAsset, isUnknown, unwrap } from "./properties";
import type { CheckFailure, Operation, Properties, ResourceType } from "./resource";
import { RemoteFiles } from "./remoteFiles";

/**
 * command:remote:CopyToRemote: a file, a text or a folder, over SFTP. Deleting it leaves the copy where it is; modes
 * are not kept, links are followed, files that left the folder stay on the other side.
 */
export const copyToRemote: ResourceType = {
  inputs: ["connection", "triggers", "source", "remotePath"],
  check(properties) {
    const { inputs, failures } = checkConnection(properties);
    return { inputs, failures: [...failures, ...checkSource(unwrap(properties.source))] };
  },
  async create(inputs, operation) {
    await copy(inputs, operation);
    return { id: randomBytes(4).toString("hex"), outputs: {} };
  },
  async update(old, inputs, operation) {
    if (hashOf(old) !== hashOf(inputs) || old.remotePath !== inputs.remotePath) await copy(inputs, operation);
    return {};
  },
  delete: () => Promise.resolve(),
};

function checkSource(source: unknown): CheckFailure[] {
  if (isUnknown(source)) return [];
  if (isArchive(source)) {
    return source.path
      ? []
      : [{ property: "archive", reason: "archive must be a path to a file or directory" }];
  }
  if (isAsset(source)) {
    const property = "asset";
    return source.path || typeof source.text === "string"
      ? []
      : [{ property, reason: "asset must be a path-based file asset or a text asset" }];
  }
  return [{ property: "asset", reason: "either asset or archive must be set" }];
}

const hashOf = ({ source }: Properties): unknown => (source as Properties).hash;

async function copy(inputs: Properties, operation: Operation): Promise<void> {
  const { path, text } = inputs.source as { path?: string; text?: string };
  const target = inputs.remotePath as string;
  const client = await dial(inputs.connection as Connection, operation);
  try {
    const files = await RemoteFiles.open(client);
    if (path) await copyPath(files, path, target);
    else await copyText(files, text ?? "", target);
  } finally {
    client.end();
  }
}

async function copyText(files: RemoteFiles, text: string, target: string): Promise<void> {
  if ((await files.kind(target)) === "folder") {
    throw new Error(
      `remote path ${target} is a directory; when using a text asset, remotePath must be a file path`,
    );
  }
  await files.makeFolders(posix.dirname(target));
  await files.write(target, text);
}

/**
 * Where a copy goes: a file into an existing folder keeps its name, else it becomes the target; a folder goes into the
 * target as a folder of its own name, or with a trailing slash only its contents do.
 */
async function copyPath(files: RemoteFiles, source: string, target: string): Promise<void> {
  const kind = await files.kind(target);
  if (!(await stat(source)).isDirectory()) {
    if (kind === "none") await files.makeFolders(posix.dirname(target));
    await files.upload(source, kind === "folder" ? posix.join(target, basename(source)) : target);
    return;
  }
  if (kind === "none") await files.makeFolders(target);
  await copyFolder(files, source, source.endsWith("/") ? target : posix.join(target, basename(source)));
}

async function copyFolder(files: RemoteFiles, source: string, target: string): Promise<void> {
  await files.ensureFolder(target);
  for await (const entry of await opendir(source)) {
    const [from, to] = [join(source, entry.name), posix.join(target, entry.name)];
    if (entry.isDirectory()) await copyFolder(files, from, to);
    else await files.upload(from, to);
  }
}
