import { strict as assert } from "node:assert";
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { provideCommandPlugin } from "../../tools/toolchain/commandPlugin";
import { checkout } from "../../tools/toolchain/environment";
import { type TestPlace, startTestPlace, writeProgram } from "./toolchainSite";

const program = "pulumi-resource-command";
const archive = `${program}-v1.2.1-linux-amd64.tar.gz`;
const zeros = "0".repeat(64);

describe("the command plugin", () => {
  let place: TestPlace;

  beforeEach(async () => {
    place = await startTestPlace();
  });

  afterEach(() => {
    place.stop();
  });

  /** What the plugin's program says, and that nothing half-made lies about. */
  function content(file: string): string {
    assert.equal(file, join(place.plugins, "resource-command-v1.2.1", program));
    assert.deepEqual(readdirSync(place.plugins), ["resource-command-v1.2.1"]);
    return readFileSync(file, "utf8");
  }

  it("is copied from the person's own plugins, without a download", async () => {
    writeProgram(join(place.ownPlugins, "resource-command-v1.2.1", program), "own");
    const file = await provideCommandPlugin(place, place.pin("1.2.1", zeros));
    assert.equal(content(file), "own");
    assert.deepEqual(place.asked, []);
  });

  it("is not copied while Pulumi has installed only a part of it", async () => {
    writeProgram(join(place.ownPlugins, "resource-command-v1.2.1", program), "own");
    writeFileSync(join(place.ownPlugins, "resource-command-v1.2.1.partial"), "");
    const sha256 = place.pack(`site/${archive}`, { [program]: "downloaded" });
    assert.equal(content(await provideCommandPlugin(place, place.pin("1.2.1", sha256))), "downloaded");
  });

  it("is downloaded from the next site when one does not have it", async () => {
    const sha256 = place.pack(`site/${archive}`, { [program]: "downloaded" });
    assert.equal(content(await provideCommandPlugin(place, place.pin("1.2.1", sha256))), "downloaded");
    assert.deepEqual(place.asked, [`missing/${archive}`, archive]);
    assert.deepEqual(place.said, ["Pulumi's command plugin 1.2.1: Pulumi's download"]);
  });

  it("is taken from the given archive when the downloaded one has another checksum", async () => {
    place.pack(`site/${archive}`, { [program]: "tampered with" });
    const archives = join(place.folder, "given");
    const sha256 = place.pack(`given/${archive}`, { [program]: "given" });
    writeFileSync(join(archives, "SHA256SUMS"), `${zeros}  another.tar.gz\n${sha256}  ${archive}\n`);
    assert.equal(
      content(await provideCommandPlugin({ ...place, archives }, place.pin("1.2.1", zeros))),
      "given",
    );
    assert.match(
      place.said[0] ?? "",
      /not by Pulumi's download: .* has the wrong checksum, .* and is not used/,
    );
  });

  it("has its stand-in, announced, when the given archive is damaged too", async () => {
    const archives = join(place.folder, "given");
    place.pack(`given/${archive}`, { [program]: "given" });
    writeFileSync(join(archives, "SHA256SUMS"), `${zeros}  ${archive}\n`);
    const file = await provideCommandPlugin({ ...place, archives }, place.pin("1.2.1", zeros));
    assert.equal(realpathSync(file), join(checkout, "tools", "command-plugin", program));
    assert.match(place.said[1] ?? "", /DJANGO_SERVER_TOOLCHAIN: .* has the wrong checksum/);
    assert.match(place.said[2] ?? "", /the stand-in of this project/);
  });

  it("takes the stand-in's place as soon as it can be had", async () => {
    await provideCommandPlugin(place, place.pin("1.2.1", zeros));
    const sha256 = place.pack(`site/${archive}`, { [program]: "downloaded" });
    const file = await provideCommandPlugin(place, place.pin("1.2.1", sha256));
    assert.equal(content(file), "downloaded");
    assert.ok(!existsSync(join(place.plugins, "resource-command-v1.2.1", "stand-in")));
  });

  it("is not looked for again when it is there", async () => {
    const sha256 = place.pack(`site/${archive}`, { [program]: "downloaded" });
    await provideCommandPlugin(place, place.pin("1.2.1", sha256));
    place.asked.length = 0;
    await provideCommandPlugin(place, place.pin("1.2.1", sha256));
    assert.deepEqual(place.asked, []);
  });
});
