import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { siteSecrets, siteSections } from "../components/settings/schema";
import { machineSchema } from "../components/settings/schema/machine";
import { networkSchema } from "../components/settings/schema/network";
import { nginxSchema } from "../components/settings/schema/nginx";
import { siteSchema } from "../components/settings/schema/site";

const packageName = "django-server";

/** The package's one resource. */
export const token = `${packageName}:index:DjangoServer`;

/** What is used here of a JSON Schema, as zod writes it. */
interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | false;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  default?: unknown;
}

/** A type of Pulumi's package schema. */
interface PackageType {
  type?: string;
  $ref?: string;
  items?: PackageType;
  additionalProperties?: PackageType;
  oneOf?: PackageType[];
  description?: string;
  secret?: boolean;
  plain?: boolean;
}

interface ObjectType {
  type: "object";
  description?: string;
  properties: Record<string, PackageType>;
  required: string[];
}

const text: PackageType = { type: "string" };
const list = (items: PackageType): PackageType => ({ type: "array", items });
const textMap: PackageType = { type: "object", additionalProperties: text };

const jsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }) as JsonSchema;

/** What docs/settings.md says of each key. */
function descriptions(): Map<string, string> {
  const reference = readFileSync(join(__dirname, "../docs/settings.md"), "utf8");
  const rows = reference.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm);
  return new Map(
    [...rows].map(([, key = "", standard = "", purpose = ""]) => {
      const sentence = purpose.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1");
      return [key, standard.startsWith("required") ? sentence : `${sentence} Default: ${standard}.`];
    }),
  );
}

/** Turns the schema of the settings into that of the package: the types of a stack's settings, by name. */
class Types {
  readonly all: Record<string, ObjectType> = {};
  private readonly described = descriptions();

  /** A type for a setting; one with parts gets a name of its own. */
  of(schema: JsonSchema, name: string, key: string): PackageType {
    const { type, items, additionalProperties, anyOf, oneOf, properties } = schema;
    if (oneOf) return this.object(name, key, merged(oneOf));
    if (properties) return this.object(name, key, schema);
    if (additionalProperties) return this.map(additionalProperties, name, key);
    if (type === "array" && items) return list(this.of(items, `${name}Item`, key));
    if (anyOf) return oneOfThem(anyOf.map((one) => this.of(one, name, key)));
    return type === undefined ? text : { type };
  }

  /** Values by names that a person chooses: of parts, or of texts. */
  private map(values: JsonSchema, name: string, key: string): PackageType {
    if (!values.properties) return textMap;
    return { type: "object", additionalProperties: this.of(values, `${name}Item`, `${key}.NAME`) };
  }

  /** Sections of the settings; each has its own name for a type. */
  sections(all: Record<string, z.ZodType>): Record<string, PackageType> {
    return Object.fromEntries(
      Object.entries(all).map(([key, schema]) => [
        key,
        this.of(jsonSchema(schema), key.charAt(0).toUpperCase() + key.slice(1), key),
      ]),
    );
  }

  /** Settings whose values are secrets. */
  secrets(all: Record<string, z.ZodType>): Record<string, PackageType> {
    return Object.fromEntries(
      Object.entries(all).map(([key, schema]) => {
        const { type, additionalProperties } = jsonSchema(schema);
        const description = this.described.get(key) ?? this.described.get(`${key}.NAME`);
        const shape = type === "object" && additionalProperties ? textMap : text;
        return [key, { ...shape, secret: true, ...(description !== undefined && { description }) }];
      }),
    );
  }

  /** An object with further parts that no schema of the settings has. */
  object(name: string, key: string, schema: JsonSchema, more: Record<string, PackageType> = {}): PackageType {
    const own = Object.entries(schema.properties ?? {}).map(([part, inner]): [string, PackageType] => {
      const path = key === "" ? part : `${key}.${part}`;
      const description = this.described.get(path);
      const type = this.of(inner, name + part.charAt(0).toUpperCase() + part.slice(1), path);
      return [part, { ...type, ...(description !== undefined && { description }) }];
    });
    const required = (schema.required ?? []).filter(
      (part) => schema.properties?.[part]?.default === undefined,
    );
    const id = `${packageName}:index:${name}`;
    this.all[id] = { type: "object", properties: { ...Object.fromEntries(own), ...more }, required };
    return { $ref: `#/types/${id}` };
  }
}

/** One object with all keys of several; what each of them needs is needed. */
function merged(kinds: JsonSchema[]): JsonSchema {
  const properties = Object.assign({}, ...kinds.map((kind) => kind.properties)) as Record<string, JsonSchema>;
  const required = Object.keys(properties).filter((key) =>
    kinds.every((kind) => kind.required?.includes(key)),
  );
  return { type: "object", properties, required };
}

function oneOfThem(types: PackageType[]): PackageType {
  const different = [...new Map(types.map((type) => [JSON.stringify(type), type])).values()];
  return different.length === 1 && different[0] ? different[0] : { oneOf: different };
}

const without = <T>(all: Record<string, T> = {}, name: string): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));

/** The schema of the package, from that of a stack's settings. */
export function packageSchema(version: string): object {
  const types = new Types();
  // Both are the machine's here: sites share it.
  const ofSite = without(jsonSchema(siteSchema).properties, "packages");
  const ofNginx = without(jsonSchema(nginxSchema).properties, "refuseUnknownHosts");
  const site = types.object(
    "Site",
    "site",
    { properties: ofSite, required: ["domains"] },
    {
      ...types.sections(without(siteSections, "site")),
      nginx: types.object("Nginx", "nginx", { properties: ofNginx }),
      ...types.secrets(siteSecrets),
    },
  );
  types.all[`${packageName}:index:Site`]?.required.push("app");
  return {
    name: packageName,
    version,
    description: "Django sites online on a Linux machine: nginx, gunicorn and supervisor",
    license: "MIT",
    language: { python: { packageName: "pulumi_django_server" } },
    types: types.all,
    resources: {
      [token]: {
        isComponent: true,
        description:
          "Django sites online on one machine: nginx in front of gunicorn, kept alive by supervisor.",
        inputProperties: {
          machine: types.of(jsonSchema(machineSchema), "Machine", "machine"),
          network: types.of(jsonSchema(networkSchema), "Network", "network"),
          sites: { ...list(site), description: "The sites on the machine." },
          packages: { ...list(text), description: "Debian packages that the sites need." },
          refuseUnknownHosts: {
            type: "boolean",
            description: "Answer requests for hosts of no site by closing the connection. Default: true.",
          },
          repair: { ...text, description: "Another text runs every step on the machine again." },
          // Secrets from here on; marked as such, what Pulumi generates for Python is not type-correct.
          sshPrivateKey: { ...text, description: "The text of the private key that opens the machine." },
          bastionPrivateKey: { ...text, description: "The text of the private key that opens the bastion." },
          proxyCredentials: { ...text, description: "USER:PASSWORD for the proxy of the network." },
          pythonIndexCredentials: {
            ...text,
            description: "USER:PASSWORD for its package index, or a token.",
          },
        },
        requiredInputs: ["sites"],
        properties: {
          address: { ...text, description: "What visitors reach the machine by." },
          ssh: { ...text, description: "A ready command for a person." },
          urls: { ...list(text), description: "Of each site." },
          releases: { ...list(text), description: "The release of each site." },
          operations: {
            ...{ $ref: "pulumi.json#/Any", secret: true },
            description: "What the verbs for the day after work from.",
          },
        },
        required: ["address", "ssh", "urls", "releases", "operations"],
      },
    },
  };
}
