import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ContainerSystem } from "../args";
import { bootstrapDebian } from "./debian";
import { type Engine, runningEngines } from "./engine";
import { lastLines, say } from "./process";

const recipeFolder = join(__dirname, "image");
const repository = "localhost/django-server";
/** Tells our images, also those that lost their name to a newer one. */
const label = "django-server.image";

/** Where a system comes from: its official image, else Debian's packages. */
export const systems: Record<ContainerSystem, { image: string; login: string; suite?: string }> = {
  "debian-13": { image: "docker.io/library/debian:13", login: "debian", suite: "trixie" },
  "debian-12": { image: "docker.io/library/debian:12", login: "debian", suite: "bookworm" },
  "ubuntu-24.04": { image: "docker.io/library/ubuntu:24.04", login: "ubuntu" },
};

/** The name of a system's image, which changes with its recipe. */
export function imageName(system: ContainerSystem): string {
  const hash = createHash("sha256");
  for (const file of ["Containerfile", "prepare.sh"]) hash.update(readFileSync(join(recipeFolder, file)));
  return `${repository}/machine:${system}-${hash.digest("hex").slice(0, 12)}`;
}

/**
 * Builds a system's image unless it is there; returns its name. Two builds at once are harmless: a name is given
 * to a finished image only.
 */
export async function ensureImage(engine: Engine, system: ContainerSystem): Promise<string> {
  const name = imageName(system);
  if ((await engine.attempt(["image", "inspect", name])).code === 0) return name;
  say(`Building the image of a fresh ${system} machine (once, about a minute) …`);
  const base = await ensureBase(engine, system);
  await engine.run(
    [
      "build",
      engine.facts.name === "podman" ? "--pull=never" : "--pull=false",
      ...["--build-arg", `BASE=${base}`, "--build-arg", `LOGIN=${systems[system].login}`],
      ...["--file", join(recipeFolder, "Containerfile"), "--tag", name, recipeFolder],
    ],
    { seconds: 900 },
  );
  return name;
}

/** Removes every image made here; those that a container still uses stay, and so do official ones. */
export async function removeImages(): Promise<void> {
  for (const engine of await runningEngines()) {
    // Newest first, so an image goes before the one that it was built from.
    const ids = await engine.run(["images", "--quiet", "--filter", `label=${label}`]);
    for (const id of ids.split("\n").filter(Boolean)) await engine.attempt(["rmi", id]);
  }
}

async function ensureBase(engine: Engine, system: ContainerSystem): Promise<string> {
  const { image, suite } = systems[system];
  const pulled = await engine.attempt(["pull", "--quiet", image], { seconds: 600 });
  if (pulled.code === 0 || (await engine.attempt(["image", "inspect", image])).code === 0) return image;
  const reason = lastLines(pulled.stderr, 1);
  if (suite === undefined) {
    throw new Error(`${image} can't be pulled, and ${system} can't be built without it: ${reason}`);
  }
  say(`${image} can't be pulled; building ${system} from Debian's packages instead …`);
  return importDebian(engine, suite);
}

async function importDebian(engine: Engine, suite: string): Promise<string> {
  const name = `${repository}/base:${suite}`;
  const folder = mkdtempSync(join(tmpdir(), "django-server-image-"));
  try {
    const archive = join(folder, `${suite}.tar`);
    await bootstrapDebian(suite, archive);
    await engine.run(["import", "--change", `LABEL ${label}=base`, archive, name], { seconds: 300 });
    return name;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
