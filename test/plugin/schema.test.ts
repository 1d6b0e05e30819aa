import { strict as assert } from "node:assert";

import { appSchema } from "../../components/settings/schema/app";
import { backupSchema } from "../../components/settings/schema/backup";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { healthSchema } from "../../components/settings/schema/health";
import { machineSchema } from "../../components/settings/schema/machine";
import { networkSchema } from "../../components/settings/schema/network";
import { nginxSchema } from "../../components/settings/schema/nginx";
import { siteSchema } from "../../components/settings/schema/site";
import { packageSchema, token } from "../../plugin/schema";

interface Schema {
  types: Record<string, { properties: Record<string, { description?: string }>; required: string[] }>;
  resources: Record<
    string,
    { inputProperties: Record<string, { secret?: boolean }>; requiredInputs: string[] }
  >;
}

const schema = packageSchema("1.2.3") as Schema;
const parts = (type: string): string[] =>
  Object.keys(schema.types[`django-server:index:${type}`]?.properties ?? {}).sort();

describe("the schema of the package", () => {
  it("has every setting of a machine, whatever its kind", () => {
    const keys = new Set(machineSchema.options.flatMap(({ shape }) => Object.keys(shape)));
    assert.deepEqual(parts("Machine"), [...keys].sort());
    assert.deepEqual(schema.types["django-server:index:Machine"]?.required, ["kind"]);
  });

  for (const [type, settings] of [
    ["App", appSchema],
    ["Backup", backupSchema],
    ["Gunicorn", gunicornSchema],
    ["Health", healthSchema],
    ["Network", networkSchema],
  ] as const) {
    it(`has every setting of ${type}`, () => {
      assert.deepEqual(parts(type), Object.keys(settings.shape).sort());
    });
  }

  it("has every setting of a site, and of its nginx, but for what is the machine's", () => {
    const site = Object.keys(siteSchema.shape).filter((key) => key !== "packages");
    for (const key of site) assert.ok(parts("Site").includes(key), key);
    assert.deepEqual(
      parts("Nginx"),
      Object.keys(nginxSchema.shape)
        .filter((key) => key !== "refuseUnknownHosts")
        .sort(),
    );
    assert.deepEqual(schema.types["django-server:index:Site"]?.required, ["domains", "app"]);
  });

  it("takes secrets that have parts as such", () => {
    const { properties } = schema.types["django-server:index:Site"] ?? {};
    for (const key of ["secretEnvironment", "superuser"])
      assert.deepEqual(properties?.[key], {
        ...{ type: "object", additionalProperties: { type: "string" }, secret: true },
        description: properties?.[key]?.description,
      });
  });

  it("asks for nothing but the sites", () => {
    assert.deepEqual(schema.resources[token]?.requiredInputs, ["sites"]);
  });

  it("describes settings as the reference does", () => {
    const { properties = {} } = schema.types["django-server:index:Gunicorn"] ?? {};
    for (const [key, { description }] of Object.entries(properties)) assert.ok(description, key);
    assert.match(properties["threads"]?.description ?? "", / Default: 4\./);
  });
});
