import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { providePulumi, suits } from "../../tools/toolchain/cli";
import { languageHost, provideLanguageHost } from "../../tools/toolchain/languageHost";
import { type TestPlace, startTestPlace, writeProgram } from "./toolchainSite";

const archive = "pulumi-v3.259.0-linux-x64.tar.gz";
const zeros = "0".repeat(64);

describe("Pulumi's command line", () => {
  let place: TestPlace;

  beforeEach(async () => {
    place = await startTestPlace();
  });

  afterEach(() => {
    place.stop();
  });

  /** Puts a `pulumi` of some version on the search path; returns its path. */
  function install(version: string, { whole = true } = {}): string {
    const folder = join(place.folder, "installed");
    writeProgram(join(folder, "pulumi"), `#!/bin/sh\necho ${version}\n`);
    if (whole) writeProgram(join(folder, languageHost), "");
    place.searchPath = `${place.bin}:${folder}`;
    return join(folder, "pulumi");
  }

  /** Puts Pulumi's archive on the site; returns the release. */
  const publish = () =>
    place.pin(
      "3.259.0",
      place.pack(`site/${archive}`, { "pulumi/pulumi": "downloaded", [`pulumi/${languageHost}`]: "host" }),
    );

  it("is the installed one when that suits, without a download", async () => {
    const installed = install("v3.245.1");
    assert.equal(await providePulumi(place, publish()), installed);
    assert.deepEqual(place.asked, []);
  });

  for (const [what, version, whole] of [
    ["too old", "v3.199.0", true],
    ["of another major version", "v4.0.0", true],
    ["without its language host", "v3.259.0", false],
  ] as const) {
    it(`is downloaded when the installed one is ${what}`, async () => {
      install(version, { whole });
      const program = await providePulumi(place, publish());
      assert.equal(readFileSync(program, "utf8"), "downloaded");
      assert.match(place.said[0] ?? "", new RegExp(`is not used: it is ${version}`));
    });
  }

  it("brings its language host along when it is downloaded", async () => {
    await providePulumi(place, publish());
    assert.equal(readFileSync(await provideLanguageHost(place, place.bin), "utf8"), "host");
  });

  it("is taken from the given archive when the downloaded one has another checksum", async () => {
    publish();
    const name = "pulumi-v3.259.0-linux-amd64.tar.gz";
    const sha256 = place.pack(`given/${name}`, { pulumi: "given" });
    place.archives = join(place.folder, "given");
    writeFileSync(join(place.archives, "SHA256SUMS"), `${sha256} *${name}\n`);
    const program = await providePulumi(place, place.pin("3.259.0", zeros));
    assert.equal(readFileSync(program, "utf8"), "given");
    assert.match(place.said[0] ?? "", /wrong checksum/);
  });

  it("that is given without checksums is not used", async () => {
    const name = `${languageHost}-v3.259.0-linux-amd64.tar.gz`;
    place.pack(`given/${name}`, { [languageHost]: "given" });
    place.archives = join(place.folder, "given");
    const path = process.env["PATH"];
    // Without Go there is no other way.
    process.env["PATH"] = place.bin;
    try {
      await assert.rejects(provideLanguageHost(place, place.bin), /can't be had here\. Install Pulumi/);
    } finally {
      process.env["PATH"] = path;
    }
    assert.match(place.said[0] ?? "", /SHA256SUMS, which would tell .* is missing/);
    assert.match(place.said.at(-1) ?? "", /go is not installed/);
  });

  it("suits from 3.200 on, within version 3", () => {
    const answers = ["v3.200.0", "3.260.1", "v3.259.0-dev", "v3.199.9", "v2.300.0", "v4.0.0", "", "broken"];
    assert.deepEqual(answers.filter(suits), ["v3.200.0", "3.260.1", "v3.259.0-dev"]);
  });
});
