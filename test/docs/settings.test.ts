import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { z } from "zod";

import { secretSchema, stackSchema } from "../../components/settings/schema";

interface Leaf {
  key: string;
  /** Undefined where the schema has none. */
  default?: unknown;
}

/** What a schema is made of, as far as this walk goes through it. */
interface Definition {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  options?: z.core.$ZodType[];
  valueType?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
  defaultValue?: unknown;
}

/** Every key of a schema, with dots; NAME stands for a name that a person chooses. */
function leaves(schema: z.core.$ZodType, key = ""): Leaf[] {
  const definition = schema._zod.def as unknown as Definition;
  const { shape, options, valueType, innerType, in: input, out } = definition;
  switch (definition.type) {
    case "object":
      return Object.entries(shape ?? {}).flatMap(([name, inner]) =>
        leaves(inner, key === "" ? name : `${key}.${name}`),
      );
    case "record":
      return valueType ? leaves(valueType, `${key}.NAME`).map((leaf) => ({ key: leaf.key })) : [];
    case "union": {
      const keys = (options ?? []).flatMap((option) => leaves(option, key));
      return [...new Map(keys.map((leaf) => [leaf.key, leaf])).values()];
    }
    case "pipe": {
      // A transform stands on one side, what it feeds or is fed by on the other.
      const sides = [input, out].filter((side) => side && side._zod.def.type !== "transform");
      return sides[0] ? leaves(sides[0], key) : [];
    }
    case "default":
    case "prefault":
    case "optional": {
      const inner = innerType ? leaves(innerType, key) : [];
      const own = inner.length === 1 && inner[0]?.key === key && definition.type === "default";
      return own ? [{ key, default: definition.defaultValue }] : inner;
    }
    default:
      return [{ key }];
  }
}

/** The reference's rows: `| \`key\` | type | default | purpose |`. */
function documented(): { key: string; default: string }[] {
  const text = readFileSync(join(__dirname, "../../docs/settings.md"), "utf8");
  const rows = text.matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$/gm);
  return [...rows].map(([, key = "", standard = ""]) => ({ key, default: standard.replaceAll("`", "") }));
}

describe("docs/settings.md", () => {
  const schema = [...leaves(stackSchema), ...leaves(secretSchema)];

  // Both kinds of machine have an httpPort; each has its own row.
  it("names every setting, and none that does not exist", () => {
    const rows = documented().map(({ key }) => key);
    assert.ok(schema.length > 40, `only ${schema.length} keys were found in the schema`);
    assert.deepEqual([...new Set(rows)].sort(), schema.map(({ key }) => key).sort());
  });

  it("tells the true defaults", () => {
    const rows = new Map(documented().map((row) => [row.key, row.default]));
    const simple = schema.filter(
      ({ default: value }) => ["number", "boolean", "string"].includes(typeof value) && value !== "",
    );
    assert.ok(simple.length > 15, `only ${simple.length} defaults were found in the schema`);
    const told = simple.map(({ key }) => [key, rows.get(key)?.split(" ")[0]]);
    assert.deepEqual(
      told,
      simple.map(({ key, default: value }) => [key, String(value)]),
    );
  });
});
