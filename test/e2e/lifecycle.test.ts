import type { ContainerSystem } from "../../components/machine/args";
import { SampleSite } from "../support/sampleSite";
import { crashes } from "./lifecycle/crashes";
import { dayAfter } from "./lifecycle/dayAfter";
import { deploys } from "./lifecycle/deploys";
import { ending } from "./lifecycle/ending";
import { environment } from "./lifecycle/environment";
import { faults } from "./lifecycle/faults";
import { goingBack } from "./lifecycle/goingBack";
import { logs } from "./lifecycle/logs";
import { names } from "./lifecycle/names";
import { online } from "./lifecycle/online";
import { promises } from "./lifecycle/promises";
import { settings } from "./lifecycle/settings";

type Chapter = (site: SampleSite) => void;

/** The chapters build on each other: one site, from its first deploy to its end. */
function life(system: ContainerSystem, chapters: readonly Chapter[]): void {
  describe(`the life of a site on ${system}`, () => {
    const site = new SampleSite();
    before(() => site.prepare({ kind: "container", system }));
    afterEach(async function () {
      if (this.currentTest?.state === "failed") console.log(await site.lastWords().catch(String));
    });
    after(() => site.stack.close());

    for (const chapter of chapters) chapter(site);
  });
}

life("debian-13", [
  online,
  promises,
  settings,
  environment,
  deploys,
  goingBack,
  dayAfter,
  crashes,
  logs,
  faults,
  names,
  ending,
]);
// What another nginx, supervisor, Python and systemd may do otherwise.
life("debian-12", [online, promises, environment, deploys, goingBack, crashes, logs, ending]);
